"""Compiles specs in a temporary folder with both generators and imports the results."""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from codegen import emit_construct, emit_kaitai, plan
from codegen.output import Output, write
from kaitaistruct import KaitaiStream

PLAN = plan.load()
TARGETS = {target.name: target for target in PLAN.targets}
_numbers = itertools.count()


class Workshop:
    """Parsers of a set of specs, imported under names of their own.

    Args:
        folder: an empty folder.
        specs: the specs' texts by name.
        kaitai: whether to run the official compiler too.
    """

    def __init__(self, folder: Path, specs: Mapping[str, str], kaitai: bool = True) -> None:
        number = next(_numbers)
        self.kaitai_package = f"workshop_kaitai_{number}"
        self.construct_package = f"workshop_construct_{number}"
        sources = folder / "specs"
        sources.mkdir()
        for name, text in specs.items():
            (sources / f"{name}.ksy").write_text(text, encoding="utf-8")
        self.specs = sorted(sources.glob("*.ksy"))
        sys.path.insert(0, str(folder))
        if kaitai:
            options = ("-w", "--read-pos", "--python-package", self.kaitai_package)
            target = replace(TARGETS["python"], options=options)
            self._install(folder / self.kaitai_package, emit_kaitai.emit(PLAN, target, self.specs))
        target = replace(TARGETS["construct"], module=self.construct_package)
        made = emit_construct.emit(PLAN, target, self.specs)
        if made.complaints:
            raise AssertionError(made.complaints)
        self._install(folder / self.construct_package, made)

    @staticmethod
    def _install(folder: Path, output: Output) -> None:
        # Warnings are about style, which small specs for tests need not have.
        if any(line.startswith("error:") for line in output.complaints):
            raise AssertionError("\n".join(output.complaints))
        output.files["__init__.py"] = ""
        write(folder, output)

    def construct(self, spec: str, name: str = "") -> Any:
        """The Construct type ``name`` of ``spec``."""
        return import_module(f"{self.construct_package}.{spec}").TYPES[name]

    def kaitai(self, spec: str, name: str, data: bytes, *params: Any) -> Any:
        """``data`` parsed by the official compiler's class of type ``name`` of ``spec``."""
        parsed = self.kaitai_class(spec, name)(*params, KaitaiStream(io.BytesIO(data)))
        parsed._read()
        return parsed

    def kaitai_class(self, spec: str, name: str) -> Any:
        """The official compiler's class of type ``name`` of ``spec``."""
        found = getattr(import_module(f"{self.kaitai_package}.{spec}"), _camel(spec))
        for part in filter(None, name.split(".")):
            found = getattr(found, _camel(part))
        return found


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
