"""The generated Rust decodes what the Kaitai parsers do, and encodes it to the same bytes."""

from __future__ import annotations

import struct
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest

from cqlite import layouts
from cqlite.io import SPEC_OF_COMPONENT
from cqlite.sstable import SSTable
from tests.codegen.compare import FAILURES, fields_of, instances_of
from tests.parts import Part, parts
from tests.rust import objects, run
from tests.shared import SSTableFixture

pytestmark = pytest.mark.rust

# Computed without a condition although they have a meaning only with enough bytes;
# with fewer, Python's indexes count from the end.
UNGUARDED = {"low4", "low3"}


def _whole_files(opened: SSTable) -> list[Part]:
    """The index files of BTI at one go too, beside their parts."""
    number = (opened.descriptor.version.number,)
    wanted = {"Partitions.db": "partitions.body", "Rows.db": "rows.body"}
    names = [component for component in opened.components if component in wanted]
    return [(wanted[name], number, opened.components.read(name)) for name in names]


def test_fields_and_bytes(sstable: SSTableFixture, tmp_path: Path) -> None:
    with SSTable(sstable.data_path) as opened:
        components = [name for name in opened.components if name in SPEC_OF_COMPONENT]
        jobs = [part for name in components for part in parts(opened, name)]
        jobs += _whole_files(opened)
    answers = list(objects(run(tmp_path, "dump", jobs)))
    assert len(answers) == len(jobs)
    for (path, params, data), (status, fields) in zip(jobs, answers, strict=True):
        assert status == f"object {len(data)} identical", path
        parsed = layouts.parse(path, data, *params)
        assert _differences(parsed, fields, path) == []


def _differences(kaitai: Any, rust: Any, path: str) -> list[str]:
    """Where a Kaitai object and the dump of a Rust object differ."""
    if kaitai is None:
        absent = isinstance(rust, str) and rust[0] in "-!?"
        return [] if absent else [f"{path}: nothing != {rust}"]
    if hasattr(kaitai, "SEQ_FIELDS"):
        return _object(kaitai, rust, path)
    if isinstance(kaitai, list):
        if not isinstance(rust, list) or len(kaitai) != len(rust):
            return [f"{path}: {len(kaitai)} items != {rust}"]
        pairs = enumerate(zip(kaitai, rust, strict=True))
        return [d for i, (a, b) in pairs for d in _differences(a, b, f"{path}[{i}]")]
    return [] if _shown(kaitai) == rust else [f"{path}: {_shown(kaitai)} != {rust}"]


def _object(kaitai: Any, rust: Any, path: str) -> list[str]:
    if not isinstance(rust, dict):
        return [f"{path}: an object != {rust}"]
    found = []
    names = set()
    for name in fields_of(kaitai):
        names.add(name)
        value = getattr(kaitai, name, None)
        found += _differences(value, rust.get(name, "missing"), f"{path}.{name}")
    for name in instances_of(kaitai):
        names.add(name)
        value = _computed(kaitai, name)
        if isinstance(value, list) or hasattr(value, "SEQ_FIELDS"):
            # At a position: these lead elsewhere, so they are not part of the dump.
            continue
        shown = rust.get(name)
        unguarded = name in UNGUARDED and shown == "!Range"
        if shown is not None and not unguarded:
            found += _differences(value, shown, f"{path}.{name}")
        elif value is not None and not unguarded:
            found.append(f"{path}.{name}: {value!r} is not computed")
    return found + [f"{path}.{name}: only in Rust" for name in rust.keys() - names]


def _computed(parsed: Any, name: str) -> Any:
    try:
        return getattr(parsed, name)
    except FAILURES:
        return None


def _shown(value: Any) -> str:
    """A value as the dump has it."""
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, IntEnum):
        return f"e{int(value)}:{value.name}"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return "f" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "t" + value.encode().hex()
    return "x" + bytes(value).hex()
