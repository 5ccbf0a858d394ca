"""Damage of every kind, and the finding about it, with its offset."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from cqlite.io import Components, read_toc
from cqlite.sstable.verify import Finding, Severity
from tests.corrupt.damage import Copy, fixture

PLAIN = ("oa", "wide")
"""Not compressed, with a static row, row index and a range tombstone across blocks."""
TRIES = ("da", "wide")
CHUNKS = ("oa", "deletions")


@pytest.fixture
def plain(tmp_path: Path) -> Copy:
    return Copy(fixture(*PLAIN), tmp_path)


@pytest.fixture
def tries(tmp_path: Path) -> Copy:
    return Copy(fixture(*TRIES), tmp_path)


@pytest.fixture
def chunks(tmp_path: Path) -> Copy:
    return Copy(fixture(*CHUNKS), tmp_path)


def errors(copy: Copy, *, quick: bool = False) -> list[Finding]:
    return [f for f in copy.findings(quick=quick) if f.severity == Severity.ERROR]


def places(findings: list[Finding]) -> set[tuple[str, str | None, int | None]]:
    return {(f.check, f.where.component, f.where.offset) for f in findings}


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, [str(f) for f in findings]
    return findings[0]


def test_nothing_is_wrong_with_the_copies(tmp_path: Path) -> None:
    for number, case in enumerate((PLAIN, TRIES, CHUNKS)):
        directory = tmp_path / str(number)
        directory.mkdir()
        assert Copy(fixture(*case), directory).findings() == []


# Checksums.


def test_a_byte_of_a_chunk(chunks: Copy) -> None:
    chunks.flip("Data.db", 30)
    assert places(errors(chunks, quick=True)) == {("digest", "Data.db", 0), ("chunk", "Data.db", 0)}
    assert places(errors(chunks)) == {
        ("digest", "Data.db", 0),
        ("chunk", "Data.db", 0),
        ("data", "Data.db", 0),
    }


def test_a_byte_of_a_block(plain: Copy) -> None:
    plain.flip("Data.db", 1000)
    assert places(errors(plain, quick=True)) == {("digest", "Data.db", 0), ("crc", "Data.db", 0)}


def test_checksums_that_are_wrong_themselves(plain: Copy) -> None:
    offset = plain.set("CRC.db", "body.checksums[0]", b"\0\0\0\0")
    plain.write("Digest.crc32", b"1")
    found = errors(plain, quick=True)
    assert places(found) == {("digest", "Data.db", 0), ("crc", "Data.db", 0)}
    assert offset == 4


def test_a_digest_that_is_no_number(plain: Copy) -> None:
    plain.write("Digest.crc32", b"12x")
    assert places(errors(plain)) == {("digest", "Digest.crc32", 0)}


def test_a_part_of_statistics(plain: Copy) -> None:
    start, _ = plain.find("Statistics.db", "body.components[2].content.total_rows")
    plain.flip("Statistics.db", start)
    found = only(errors(plain, quick=True))
    assert found.check == "statistics"
    assert "CRC32" in found.message


# Which files there are.


def test_a_component_that_is_missing(plain: Copy) -> None:
    plain.remove("Index.db")
    found = errors(plain)
    assert ("missing", "Index.db", None) in places(found)
    listed = plain.read("TOC.txt").index(b"Index.db")
    assert ("toc", "TOC.txt", listed) in places(found)


def test_a_summary_that_is_missing_is_made_anew_by_cassandra(plain: Copy) -> None:
    plain.remove("Summary.db")
    plain.write("TOC.txt", plain.read("TOC.txt").replace(b"Summary.db\n", b""))
    found = only(plain.findings())
    assert (found.severity, found.check) == (Severity.WARNING, "missing")


def test_a_component_that_is_not_listed(plain: Copy) -> None:
    plain.write("TOC.txt", plain.read("TOC.txt").replace(b"CRC.db\n", b""))
    found = only(plain.findings())
    assert (found.severity, found.check) == (Severity.WARNING, "toc")
    assert "CRC.db" in found.message


def test_a_component_that_is_listed_twice(plain: Copy) -> None:
    toc = plain.read("TOC.txt")
    plain.write("TOC.txt", toc + b"Data.db\n")
    found = only(plain.findings())
    assert (found.severity, found.where.offset) == (Severity.WARNING, len(toc))


def test_an_index_in_which_no_row_is_has_no_files_but_one(plain: Copy) -> None:
    names = [f"SAI+aa+t_v_idx+{name}.db" for name in ("ColumnComplete", "Meta", "TermsData")]
    plain.write("TOC.txt", plain.read("TOC.txt") + "".join(f"{n}\n" for n in names).encode())
    plain.write(names[0], b"")
    assert plain.findings() == []
    plain.write(names[1], b"")
    assert [f.message for f in errors(plain)] == [f"{names[2]} is listed but the file is missing"]


def test_an_index_of_a_table_without_clusterings_has_a_file_that_is_not_listed(
    plain: Copy,
) -> None:
    plain.write("SAI+aa+PartitionToSize.db", b"")
    assert only(plain.findings()).severity == Severity.WARNING
    plain.write("SAI+aa+GroupComplete.db", b"")
    plain.write("TOC.txt", plain.read("TOC.txt") + b"SAI+aa+GroupComplete.db\n")
    assert plain.findings() == []


def test_no_data_at_all(plain: Copy) -> None:
    for component in list(plain.components):
        if component not in ("TOC.txt", "Statistics.db"):
            plain.remove(component)
    assert ("missing", "Data.db", None) in places(errors(plain))


def test_compression_info_is_missing(chunks: Copy) -> None:
    chunks.remove("CompressionInfo.db")
    found = places(errors(chunks))
    assert ("toc", "TOC.txt", chunks.read("TOC.txt").index(b"CompressionInfo.db")) in found


# CompressionInfo.db and Filter.db.


def test_a_chunk_offset(chunks: Copy) -> None:
    chunks.set("CompressionInfo.db", "body.chunk_offsets[0]", b"\0\0\0\0\0\0\0\x05")
    found = [f for f in errors(chunks) if f.check == "compression-info"]
    assert found
    assert found[0].where.field == "compression_info.body.chunk_offsets[0]"


def test_the_length_of_the_stream(chunks: Copy) -> None:
    chunks.set("CompressionInfo.db", "body.data_length", b"\0\0\0\0\0\x0f\xff\xff")
    found = [f for f in errors(chunks) if f.check == "compression-info"]
    assert found[0].where.field == "compression_info.body.data_length"


def test_bytes_after_the_end(plain: Copy) -> None:
    data = plain.read("Filter.db")
    plain.write("Filter.db", data + b"\0")
    found = only(errors(plain))
    assert (found.check, found.where.component, found.where.offset) == (
        "length",
        "Filter.db",
        len(data),
    )


def test_a_filter_without_a_key(plain: Copy) -> None:
    start, end = plain.find("Filter.db", "body.bits")
    plain.put("Filter.db", start, bytes(end - start))
    found = errors(plain)
    assert {f.check for f in found} == {"filter"}
    assert len(found) == 3


# Index.db and Summary.db.

BLOCK = "body.entries[0].promoted_index.blocks[1]"
HEADER = "body.entries[0].promoted_index.header"


@pytest.mark.parametrize(
    ("path", "new", "message"),
    [
        ("body.entries[1].key", b"\0\0\0\x09", "where the partition has"),
        (f"{HEADER}.header_length.extra", b"\x85", "header length is 133"),
        (f"{HEADER}.partition_deletion.modern.head", b"\x00", ""),
        (f"{BLOCK}.first_name.values.blocks[0].items[0].value", b"\0\0\0\x63", "starts with"),
        (f"{BLOCK}.last_name.values.blocks[0].items[0].value", b"\0\0\0\x63", "ends with"),
        (f"{BLOCK}.width_delta.extra", b"\xf0\xf1", "ends at"),
        ("body.entries[0].promoted_index.blocks[0].has_end_open_marker", b"\x00", ""),
        (
            "body.entries[0].promoted_index.blocks[0].end_open_marker.modern.local_deletion_time",
            b"\0\0\0\x01",
            "starts in range deletion",
        ),
    ],
)
def test_a_field_of_the_index(plain: Copy, path: str, new: bytes, message: str) -> None:
    entry = int(path.split("[")[1].split("]")[0])
    start, _ = plain.find("Index.db", f"body.entries[{entry}].len_key")
    end, _ = plain.find("Index.db", f"body.entries[{entry + 1}].len_key")
    plain.set("Index.db", path, new)
    found = errors(plain)
    assert found
    assert {f.check for f in found} <= {"index", "row-index", "summary"}
    assert any(message in f.message for f in found)
    assert any(start <= (f.where.offset or 0) < end for f in found)


def test_an_entry_that_leads_into_a_partition(plain: Copy) -> None:
    start, end = plain.find("Index.db", "body.entries[1].position.extra")
    position = plain.read("Index.db")[start:end]
    plain.put("Index.db", start, bytes((position[0] - 1,)))
    entry, _ = plain.find("Index.db", "body.entries[1].len_key")
    assert places(errors(plain)) == {("index", "Index.db", entry), ("index", "Index.db", None)}


def test_an_entry_that_is_left_out(plain: Copy) -> None:
    start, _ = plain.find("Index.db", "body.entries[1].len_key")
    end, _ = plain.find("Index.db", "body.entries[2].len_key")
    data = plain.read("Index.db")
    plain.write("Index.db", data[:start] + data[end:])
    assert "has no entry" in only(errors(plain)).message


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("entries[0].key", b"\0\0\0\x63"),
        ("entries[0].position", struct.pack("<Q", 7)),
        ("first_key", b"\0\0\0\x63"),
        ("last_key", b"\0\0\0\x63"),
        ("size_at_full_sampling", b"\0\0\0\x02"),
    ],
)
def test_a_field_of_the_summary(plain: Copy, field: str, new: bytes) -> None:
    offset = plain.set("Summary.db", f"body.{field}", new)
    found = [f for f in errors(plain) if f.check == "summary"]
    assert found
    start = plain.find("Summary.db", "body.entries[0].key")[0]
    expected = start if field.startswith("entries") else offset
    assert expected in {f.where.offset for f in found}


# Partitions.db and Rows.db.


def test_number_and_ends_of_the_keys(tries: Copy) -> None:
    tries.set("Partitions.db", "body.footer.num_keys", b"\0\0\0\0\0\0\0\x09")
    tries.set("Partitions.db", "body.keys.first", b"\0\0\0\x63")
    tries.set("Partitions.db", "body.keys.last", b"\0\0\0\x63")
    fields = {f.where.field for f in errors(tries)}
    assert fields == {
        "partitions.footer.num_keys",
        "partitions.keys.first",
        "partitions.keys.last",
    }


def test_a_hash_byte(tries: Copy) -> None:
    start, _ = tries.find("Partitions.db", "body.parts[0].node.payload.hash_byte")
    tries.flip("Partitions.db", start)
    assert "leads nowhere" in only(errors(tries)).message


def test_a_transition_to_another_key(tries: Copy) -> None:
    start, _ = tries.find("Partitions.db", "body.parts[3].node.node.transitions[1]")
    tries.put("Partitions.db", start, bytes((tries.read("Partitions.db")[start] + 1,)))
    assert {f.check for f in errors(tries)} == {"index"}


def test_an_offset_of_a_block_of_rows(tries: Copy) -> None:
    start, end = tries.find("Rows.db", "body.parts[0].node.payload.offset.bytes")
    value = int.from_bytes(tries.read("Rows.db")[start:end], "big") - 1
    tries.put("Rows.db", start, value.to_bytes(end - start, "big"))
    found = errors(tries)
    assert {f.check for f in found} == {"row-index"}
    entry = tries.find("Rows.db", "body.parts[8].entry.len_key")[0]
    assert {(f.where.component, f.where.offset) for f in found} == {("Rows.db", entry)}


def test_an_open_deletion_of_a_block_of_rows(tries: Copy) -> None:
    path = "body.parts[0].node.payload.open_deletion.modern.local_deletion_time"
    tries.set("Rows.db", path, b"\0\0\0\x01")
    assert "starts in range deletion" in only(errors(tries)).message


# Order and values, in a Data.db whose checksums are right.

ROW = "partitions[0].unfiltereds"


def test_a_clustering_out_of_order(plain: Copy) -> None:
    plain.set_data(f"{ROW}[3].row.clustering.blocks[0].items[0].value", b"\x7f\xff\xff\xff")
    found = [f for f in errors(plain) if f.check == "clustering-order"]
    row, _ = plain.find("Data.db", f"{ROW}[3].flags")
    assert only(found).where.offset == row


def test_text_that_is_not_utf8(plain: Copy) -> None:
    start, end = plain.find("Data.db", f"{ROW}[2].row.body.columns[0].cell.value")
    plain.set_data(f"{ROW}[2].row.body.columns[0].cell.value", b"\xff" * (end - start))
    found = only(errors(plain))
    row, _ = plain.find("Data.db", f"{ROW}[2].flags")
    assert (found.check, found.where.offset) == ("value", row)
    assert "cell of v" in found.message


def test_another_key(plain: Copy) -> None:
    plain.set_data("partitions[1].header.key", b"\0\0\0\x63")
    entry, _ = plain.find("Index.db", "body.entries[1].len_key")
    found = errors(plain)
    assert {"index", "filter", "statistics"} <= {f.check for f in found}
    assert ("index", "Index.db", entry) in places(found)


def test_keys_out_of_order(tmp_path: Path) -> None:
    copy = Copy(fixture("oa", "columns_8"), tmp_path)
    first, second = (copy.find("Data.db", f"partitions[{n}].header.key") for n in (0, 1))
    data = copy.read("Data.db")
    copy.set_data("partitions[0].header.key", data[slice(*second)])
    copy.set_data("partitions[1].header.key", data[slice(*first)])
    found = only([f for f in errors(copy) if f.check == "key-order"])
    assert found.where.offset == second[0] - 2


def test_a_range_deletion_without_a_start(tmp_path: Path) -> None:
    copy = Copy(fixture("oa", "wide"), tmp_path)
    marker = next(n for n in range(200) if _has(copy, f"{ROW}[{n}].marker.bound.kind"))
    start, _ = copy.find("Data.db", f"{ROW}[{marker}].marker.bound.kind")
    kind = copy.read("Data.db")[start]
    # A start becomes an end of the same place: 1 and 0, or 7 and 6.
    copy.set_data(f"{ROW}[{marker}].marker.bound.kind", bytes((kind ^ 1,)))
    found = [f for f in errors(copy) if f.check == "range-tombstone"]
    first, _ = copy.find("Data.db", f"{ROW}[{marker}].flags")
    assert first in {f.where.offset for f in found}


def _has(copy: Copy, path: str) -> bool:
    try:
        copy.find("Data.db", path)
    except StopIteration:
        return False
    return True


# Statistics, with checksums that fit.


@pytest.mark.parametrize(
    "field",
    [
        "min_timestamp",
        "max_timestamp",
        "min_local_deletion_time",
        "max_local_deletion_time",
        "min_ttl",
        "max_ttl",
        "compression_ratio",
        "has_legacy_counter_shards",
        "total_columns_set",
        "total_rows",
        "has_partition_level_deletions",
    ],
)
def test_a_statistic(chunks: Copy, field: str) -> None:
    path = f"body.components[2].content.{field}"
    start, end = chunks.find("Statistics.db", path)
    last = chunks.read("Statistics.db")[end - 1] ^ 1
    new = chunks.read("Statistics.db")[start : end - 1] + bytes((last,))
    chunks.set_statistic(path, new)
    found = only(errors(chunks))
    assert (found.check, found.where.offset) == ("statistics", start)
    assert found.where.field == f"statistics.stats_metadata.{field}"


@pytest.mark.parametrize(
    "field", ["estimated_partition_size", "estimated_cell_per_partition_count"]
)
def test_a_histogram(chunks: Copy, field: str) -> None:
    path = f"body.components[2].content.{field}"
    chunks.set_statistic(f"{path}.buckets[3].count", b"\0\0\0\0\0\0\0\x63")
    found = only(errors(chunks))
    start, _ = chunks.find("Statistics.db", f"{path}.num_buckets")
    assert (found.where.offset, found.where.field) == (start, f"statistics.stats_metadata.{field}")
    assert "99 not" in found.message


def test_the_histogram_of_deletion_times(chunks: Copy) -> None:
    path = "body.components[2].content.estimated_tombstone_drop_time"
    chunks.set_statistic(f"{path}.points[0].local_deletion_time", b"\0\0\0\0\0\0\0\x3c")
    assert "points" in only(errors(chunks)).message


def test_the_number_of_deletion_times(chunks: Copy) -> None:
    path = "body.components[2].content.estimated_tombstone_drop_time"
    chunks.set_statistic(f"{path}.points[0].count", b"\0\0\0\x63")
    assert "deletions and expirations" in only(errors(chunks)).message


def test_what_scrub_took_back_is_counted(chunks: Copy) -> None:
    path = "body.components[2].content."
    more = {"total_rows": 99_999, "total_columns_set": 99_999, "max_timestamp": 1 << 62}
    for field, value in more.items():
        chunks.set_statistic(f"{path}{field}", value.to_bytes(8))
    found = only(chunks.findings())
    assert (found.severity, found.check) == (Severity.WARNING, "statistics")
    assert "as by scrub" in found.message
    # Where one says less than there is, or counts what is whole, none of them is from scrub.
    for field, value in {
        "total_columns_set": 1,
        "estimated_partition_size.buckets[3].count": 99,
    }.items():
        chunks.set_statistic(f"{path}{field}", value.to_bytes(8))
        assert len(errors(chunks)) > 2


@pytest.mark.parametrize("name", ["first_key", "last_key"])
def test_the_outer_keys(chunks: Copy, name: str) -> None:
    path = f"body.components[2].content.{name}.value"
    chunks.set_statistic(path, b"\0\0\0\x63")
    assert only(errors(chunks)).where.field == f"statistics.stats_metadata.{name}"


def test_covered_clusterings(plain: Copy) -> None:
    path = "body.components[2].content.covered_clustering.start.blocks[0].items[0].value"
    plain.set_statistic(path, b"\0\0\0\x63")
    found = only(errors(plain))
    assert found.where.field == "statistics.stats_metadata.covered_clustering"


def test_the_sketch_of_keys(chunks: Copy) -> None:
    path = "body.components[1].content.cardinality.sparse[0].groups[0]"
    start, _ = chunks.find("Statistics.db", path)
    chunks.set_statistic(path, bytes((chunks.read("Statistics.db")[start] ^ 2,)))
    found = only(errors(chunks))
    assert found.where.field == "statistics.compaction_metadata.cardinality"


def test_clustering_values_before_they_were_accurate(tmp_path: Path) -> None:
    for version, severity in (("mc", Severity.WARNING), ("me", Severity.ERROR)):
        directory = tmp_path / version
        directory.mkdir()
        copy = Copy(fixture(version, "wide"), directory)
        path = "body.components[2].content.max_clustering_values.values[0].value"
        # In descending order, so that a large value comes before all others.
        copy.set_statistic(path, b"\x7f\xff\xff\xff")
        found = [f for f in copy.findings() if f.check == "statistics"]
        assert [f.severity for f in found] == [severity]


def test_toc_of_every_copy_is_complete(chunks: Copy) -> None:
    assert set(read_toc(chunks.components)) == set(Components(chunks.descriptor))
