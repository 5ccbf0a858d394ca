"""Every byte of the small components is read by a field, and written back as it was.

For all SSTables at hand: Statistics.db, CompressionInfo.db, Summary.db, Index.db with its
promoted indexes, Filter.db, CRC.db, the digest and the TOC.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from kaitaistruct import KaitaiStream

from cqlite import layouts
from cqlite.io import parse_path
from tests.shared import SSTableFixture, sstables

SPECS = {
    "Statistics.db": "statistics.body",
    "CompressionInfo.db": "compression_info.body",
    "Summary.db": "summary.body",
    "Index.db": "index.body",
    "Filter.db": "filter.body",
    "CRC.db": "crc.body",
    "Digest.crc32": "digest.body",
    "TOC.txt": "toc.body",
}

PACKAGE = "org.apache.cassandra.db.marshal."


def read_all(path: str, data: bytes, *params: Any) -> Any:
    """`data` as type `path`, which must be all of it and must write back the same."""
    stream = io.BytesIO(data)
    parsed = layouts.parse(path, stream, *params)
    assert stream.tell() == len(data)
    target = KaitaiStream(io.BytesIO(bytes(len(data))))
    parsed._check()
    parsed._write(target)
    assert target.to_byte_array() == data
    return parsed


def version_of(case: SSTableFixture) -> int:
    return parse_path(case.data_path)[0].version.number


def length_of(type_name: str) -> int:
    length: int = layouts.parse("statistics.value_length", b"", type_name).value
    return length


@pytest.mark.parametrize("component", SPECS)
def test_every_byte_is_claimed_and_written_back(component: str) -> None:
    cases = sstables(component=component)
    for case in cases:
        data = case.component(component).read_bytes()
        try:
            read_all(SPECS[component], data, version_of(case))
        except Exception as error:
            error.add_note(f"in {component} of {case}")
            raise
    assert cases


def test_the_parts_of_statistics_are_read_to_their_ends(sstable: SSTableFixture) -> None:
    version = version_of(sstable)
    data = sstable.component("Statistics.db").read_bytes()
    body = layouts.parse("statistics.body", data, version)
    kinds = [component.kind.name for component in body.components]
    assert kinds == ["validation", "compaction", "stats", "header"]
    for component in body.components:
        assert component.content._io.is_eof()
    stats = body.components[2].content
    if sstable.version in ("oa", "da"):
        assert stats.padding == bytes(4 * len(stats.estimated_tombstone_drop_time.points))


def test_promoted_indexes() -> None:
    blocks = 0
    for case in sstables(component="Index.db"):
        version = version_of(case)
        statistics = layouts.parse(
            "statistics.body", case.component("Statistics.db").read_bytes(), version
        )
        header = statistics.components[3].content
        shapes = [length_of(name.value) for name in header.clustering_types.types]
        index = layouts.parse("index.body", case.component("Index.db").read_bytes(), version)
        for entry in index.entries:
            if entry.promoted_index:
                promoted = read_all("index.promoted_index", entry.promoted_index, version, shapes)
                assert len(promoted.blocks) > 1
                blocks += len(promoted.blocks)
    assert blocks


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [
        ("Int32Type", 4),
        ("FloatType", 4),
        ("LongType", 8),
        ("DoubleType", 8),
        ("TimestampType", 8),
        ("DateType", 8),
        ("BooleanType", 1),
        ("EmptyType", 0),
        ("UUIDType", 16),
        ("TimeUUIDType", 16),
        ("LexicalUUIDType", 16),
        ("UTF8Type", -1),
        ("ByteType", -1),
        ("SimpleDateType", -1),
        ("FrozenType(org.apache.cassandra.db.marshal.ListType(X))", -1),
        (f"ReversedType({PACKAGE}Int32Type)", 4),
        (f"ReversedType({PACKAGE}UTF8Type)", -1),
        (f"VectorType({PACKAGE}FloatType , 3)", 12),
        (f"VectorType({PACKAGE}UTF8Type , 3)", -1),
        (f"VectorType({PACKAGE}VectorType({PACKAGE}UUIDType , 20) , 1024)", 16 * 20 * 1024),
        (f"ReversedType({PACKAGE}VectorType({PACKAGE}DoubleType , 8192))", 8 * 8192),
    ],
)
def test_length_of_values_from_the_type_s_name(type_name: str, expected: int) -> None:
    assert length_of(PACKAGE + type_name) == expected


def test_a_class_outside_of_cassandra_s_package_has_no_fixed_length() -> None:
    assert length_of("com.example.Int32Type") == -1
    assert length_of("Int32Type") == 4
