"""Files by the official compiler, with this project's opening line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from codegen import python_enums
from codegen.compiler import compile_specs
from codegen.output import Output, opening
from codegen.plan import Plan, Target

FIRST_LINE = re.compile(r"\A(#|//) This is a generated file![^\n]*\n")
PYTHON_BASE = (
    "from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO\n",
    "from kaitaistruct import KaitaiStream, BytesIO\n"
    "from cqlite.layouts.kaitai_prelude import ReadWriteKaitaiStruct\n",
)
PYTHON_IMPORTS = re.compile(r"(?<=, BytesIO\n)(?:(?:from|import) [^\n]*\n)+")
JAVASCRIPT_DEFINE = re.compile(r"'kaitai-struct/KaitaiStream', './([^\]]*)'\]")
# The four forms in which a module lists those that it imports.
JAVASCRIPT_FORMS = ("'./{0}'", "require('./{0}')", "root.{0} || (root.{0} = {{}})", "{0}_")


def emit(plan: Plan, target: Target, specs: Sequence[Path]) -> Output:
    """Compiles ``specs`` for ``target``; what the compiler says is a complaint."""
    output = Output()
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        output.complaints += compile_specs(
            plan.compiler, specs, out, target.language, target.options
        )
        origins = {_key(spec.stem): spec for spec in specs}
        for path in sorted(out.rglob(f"*{target.suffix}")):
            spec = origins[_key(path.stem)]
            first = opening(target.comment, spec.name)
            text = path.read_text(encoding="utf-8")
            text = in_stable_order(FIRST_LINE.sub("", text).replace(*PYTHON_BASE))
            output.files[path.relative_to(out).as_posix()] = first + text
    if target.language == "python":
        # The package is what the last option says.
        output.files = python_enums.apart(output.files, target.options[-1])
    return output


def in_stable_order(text: str) -> str:
    """``text`` with its imports sorted; the compiler's order depends on what it loads first."""
    imports = PYTHON_IMPORTS.search(text)
    if imports is not None:
        lines = sorted(imports[0].splitlines(keepends=True))
        return text.replace(imports[0], "".join(lines), 1)
    define = JAVASCRIPT_DEFINE.search(text)
    if define is None:
        return text
    names = define[1].rstrip("'").split("', './")
    for form in JAVASCRIPT_FORMS:
        old, new = (", ".join(form.format(n) for n in order) for order in (names, sorted(names)))
        text = text.replace(old, new, 1)
    return text


def _key(stem: str) -> str:
    """What a spec's file and the file made from it have in common."""
    return stem.replace("_", "").lower()
