"""The specs are where the layout is: change one, and the engine no longer gives the answers.

Each mutation is a small change in a spec. Parsers are generated anew from the changed specs, in
a temporary folder, and the engine reads SSTables with them. It has to fail or to answer
otherwise for at least one of them, else nobody uses what the spec says there.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cqlite import layouts
from cqlite.errors import CqliteError, Where
from cqlite.export.sstabledump import SSTableDump
from cqlite.index.bloom import BloomFilter
from cqlite.io import DATA, SPEC_OF_COMPONENT
from cqlite.layouts import construct, kaitai
from cqlite.sstable import SSTable
from tests.codegen.workshop import Workshop
from tests.shared import ROOT, SSTableFixture, sstables

SPECS = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "specs").glob("*.ksy"))}
CASES = (
    "da/types/", "da/keys/", "da/wide/", "da/many/", "oa/types/", "oa/wide/", "nb/deletions/",
    "nb/columns_70/", "nb/clusterings/", "me/chunks_lz4/", "me/wide/", "mc/ttl/",
)  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """In ``spec``, the first ``old`` after the text ``after`` becomes ``new``."""

    spec: str
    after: str
    old: str
    new: str

    def apply(self) -> dict[str, str]:
        """The texts of all specs with this one changed."""
        text = SPECS[self.spec]
        start = text.index(self.old, text.index(self.after))
        changed = text[:start] + self.new + text[start + len(self.old) :]
        return {**SPECS, self.spec: changed}

    def __str__(self) -> str:
        return f"{self.spec}: {self.old} -> {self.new}"


# fmt: off
MUTATIONS = (
    Mutation("vint", "len_extra:", "first < 0xc0 ? 1", "first < 0xd0 ? 1"),
    Mutation("vint", "value:", "0x3f", "0x00"),
    Mutation("vint", "signed:", "value % 2 == 0", "value % 2 == 1"),
    Mutation("deletion_time", "modern:", "head == 0x80", "head == 0x40"),
    Mutation("deletion_time", "\ntypes:", "version < version::id::oa",
             "version < version::id::na"),
    Mutation("deletion_time", "legacy:\n", "type: s4", "type: s8"),
    Mutation("clustering", "  values:", "(num_values + 31) / 32", "(num_values + 32) / 32"),
    Mutation("clustering", "is_empty:", "& 1 == 1", "& 2 == 2"),
    Mutation("clustering", "\nenums:", "    4:\n", "    14:\n"),
    Mutation("data", "has_ttl:", "flags & 0x08", "flags & 0x10"),
    Mutation("data", "is_marker:", "flags & 0x02", "flags & 0x08"),
    Mutation("data", "  columns_subset:", "num_columns < 64", "num_columns < 16"),
    Mutation("data", "has_empty_value:", "flags & 0x04 != 0", "flags & 0x04 == 0"),
    Mutation("data", "  partition_header:", "type: u2", "type: u1"),
    Mutation("statistics", "  validation_metadata:", "type: f8", "type: u8"),
    Mutation("statistics", "  cardinality:", "valid: -2", "valid: -1"),
    Mutation("statistics", "  stats_metadata:", "version::id::mc.to_i", "version::id::oa.to_i"),
    Mutation("compression_info", "max_compressed_length", "version::id::na", "version::id::oa"),
    Mutation("compression_info", "data_length", "type: u8", "type: s4"),
    Mutation("chunk", "lz4_block:", "u4le", "u4be"),
    Mutation("filter", "  body:", "type: s4", "type: s2"),
    Mutation("filter", "  body:", "version < version::id::na", "version < version::id::oa"),
    Mutation("crc", "  body:", "type: u4", "type: u2"),
    Mutation("digest", "  body:", "size-eos: true", "size: 1"),
    Mutation("toc", "  body:", "0x0a", "0x2e"),
    Mutation("summary", "id: offsets", "u4le", "u4be"),
    Mutation("summary", "  entry:", "len_entry - 8", "len_entry - 4"),
    Mutation("index", "  entry:", "type: u2", "type: u1"),
    Mutation("index", "  block:", "65536", "65535"),
    Mutation("partitions", "  footer:", "type: u8", "type: u4"),
    Mutation("rows", "  entry:", "id: num_blocks\n        type: vint",
             "id: num_blocks\n        type: u2"),
    Mutation("trie", "len_pointer:", "kind == kind::sparse_8 ? 1", "kind == kind::sparse_8 ? 2"),
    Mutation("trie", "num_pointers:", "? num_transitions", "? 1"),
    Mutation("values", "  nullable_value:", "type: s4", "type: s2"),
    Mutation("values", "  decimal_value:", "type: s4", "type: u4le"),
)
# fmt: on


def _cases() -> list[SSTableFixture]:
    found = [case for case in sstables(own_only=True) if any(part in case.id for part in CASES)]
    assert len(found) >= len(CASES)
    return found


def _dump(opened: SSTable) -> str:
    out = io.StringIO()
    SSTableDump(out, opened.header_schema, now=0).write(opened)
    return out.getvalue()


def _index(opened: SSTable) -> str:
    bloom = BloomFilter.read(opened.components)
    keys = list(opened.keys())
    found = [opened.index.find(key) for key in keys]
    blocks = [list(e.row_index.blocks()) for e in opened.index if e.row_index is not None]
    return repr((found, blocks, [bloom.might_contain(key) for key in keys]))


def _tree(record: Any) -> Any:
    """A record's fields and computed values, nested."""
    if isinstance(record, list):
        return [_tree(item) for item in record]
    if not hasattr(record, "_scope"):
        return repr(record)
    return {name: _tree(record[name]) for name in record._scope.kind.names}


def _components(opened: SSTable) -> dict[str, Any]:
    found = {}
    for name in opened.components:
        if name != DATA:
            data = io.BytesIO(opened.components.read(name))
            path = f"{SPEC_OF_COMPONENT[name]}.body"
            params = (opened.descriptor.version.number,)
            found[name] = _tree(construct.parse(path, data, params, Where(), 0))
    return found


def _answers(case: SSTableFixture, backend: str = "construct") -> dict[str, Any]:
    """What the engine says of an SSTable with the parsers that are in place."""
    answers: dict[str, Any] = {}
    for name, question in (("dump", _dump), ("index", _index), ("components", _components)):
        try:
            with layouts.use(backend), SSTable(case.data_path) as opened:
                answers[name] = question(opened)
        except CqliteError as error:
            answers[name] = f"{type(error).__name__}: {error}"
        except Exception as error:
            # A value of another kind than the engine reckons with is a difference too.
            answers[name] = repr(error)
    return answers


@cache
def _right_answers() -> Mapping[str, dict[str, Any]]:
    return {case.id: _answers(case) for case in _cases()}


def test_the_engine_answers_with_unchanged_specs() -> None:
    for case in _cases():
        answers = _right_answers()[case.id]
        assert answers["dump"].strip() == case.golden_dump.read_text("utf-8").strip()
        assert not isinstance(answers["components"], str), answers["components"]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_changed_spec_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutation: Mutation
) -> None:
    right = _right_answers()
    workshop = Workshop(tmp_path, mutation.apply(), kaitai=False)

    def changed(path: str) -> Any:
        spec, _, name = path.partition(".")
        return workshop.construct(spec, name)

    monkeypatch.setattr(construct, "type_of", changed)
    assert any(_answers(case) != right[case.id] for case in _cases())


@pytest.mark.java
def test_a_changed_spec_is_seen_with_kaitai_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation = next(m for m in MUTATIONS if m.spec == "data")
    workshop = Workshop(tmp_path, mutation.apply())

    def changed(path: str) -> Any:
        spec, _, name = path.partition(".")
        return workshop.kaitai_class(spec, name)

    [case] = [case for case in _cases() if "mc/ttl/" in case.id]
    right = _answers(case, "kaitai")
    monkeypatch.setattr(kaitai, "type_class", changed)
    changed_answers = _answers(case, "kaitai")
    assert changed_answers["dump"] != right["dump"]
    assert changed_answers["components"] == right["components"]


def test_every_component_and_shared_type_is_changed() -> None:
    assert {mutation.spec for mutation in MUTATIONS} == set(SPECS) - {"version"}
