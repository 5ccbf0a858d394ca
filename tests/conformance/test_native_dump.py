"""`cqlite dump` by the native engine against the reference engine, character for character."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cqlite.errors import CqliteError
from cqlite.export.native import NativeDump
from cqlite.export.sstabledump import SSTableDump
from cqlite.sstable import SSTable
from tests.corrupt.damage import Copy
from tests.corrupt.fuzz.mutations import MUTATORS
from tests.shared import SSTableFixture, sstables

pytestmark = pytest.mark.rust

FORMS: list[dict[str, Any]] = [{"lines": on, "raw_timestamps": on} for on in (False, True)]

# A date at which some of the fixtures' cells have expired.
NOW = 1_500_000_000

LONGEST_NUMBER = 9
"""Bytes."""

Answer = tuple[str, tuple[Any, ...] | None]


def native(path: Path, excluded: list[str] | None = None, **form: Any) -> Answer:
    out = io.StringIO()
    try:
        with SSTable(path) as sstable:
            NativeDump(out, sstable, NOW, excluded=excluded or [], **form).write()
    except CqliteError as error:
        return out.getvalue(), _described(error)
    return out.getvalue(), None


def reference(path: Path, excluded: list[str] | None = None, **form: Any) -> Answer:
    out = io.StringIO()
    try:
        with SSTable(path) as sstable:
            schema = sstable.header_schema
            partitions = sstable.partitions()
            if excluded:
                partitions = (p for p in partitions if schema.key_string(p.key) not in excluded)
            SSTableDump(out, schema, NOW, **form).write(partitions)
    except CqliteError as error:
        return out.getvalue(), _described(error)
    return out.getvalue(), None


def _described(error: CqliteError) -> tuple[Any, ...]:
    """What both engines tell of damage; each names fields as its decoders do."""
    return type(error), error.where.component, error.where.offset


def _keys(path: Path) -> Iterator[str]:
    with SSTable(path) as sstable:
        for partition in sstable:
            yield sstable.header_schema.key_string(partition.key)


def test_every_sstable_in_every_form(sstable: SSTableFixture) -> None:
    for form in FORMS:
        assert native(sstable.data_path, **form) == reference(sstable.data_path, **form)


@pytest.mark.parametrize("case", sstables(own_only=True), ids=str)
def test_excluded_keys(case: SSTableFixture) -> None:
    excluded = list(_keys(case.data_path))[::2]
    for form in FORMS:
        expected = reference(case.data_path, excluded, **form)
        assert native(case.data_path, excluded, **form) == expected


@pytest.mark.parametrize("case", sstables(versions={"da", "oa"}, own_only=True), ids=str)
def test_partitions_at_positions(case: SSTableFixture) -> None:
    with SSTable(case.data_path) as sstable:
        positions = [partition.position for partition in sstable][::-2]
        ours, theirs = io.StringIO(), io.StringIO()
        NativeDump(ours, sstable, NOW).write_at(iter(positions))
        partitions = map(sstable.reader.read_partition, positions)
        SSTableDump(theirs, sstable.header_schema, NOW).write(partitions)
    assert ours.getvalue() == theirs.getvalue()


def test_an_error_of_the_positions_goes_on() -> None:
    case = sstables(versions={"oa"}, own_only=True)[0]

    def positions() -> Iterator[int]:
        yield 0
        raise KeyboardInterrupt

    out = io.StringIO()
    with SSTable(case.data_path) as sstable, pytest.raises(KeyboardInterrupt):
        NativeDump(out, sstable, NOW).write_at(positions())
    assert out.getvalue().endswith("\n]\n")


@pytest.mark.parametrize("component", ["Data.db", "CompressionInfo.db", "CRC.db"])
@pytest.mark.parametrize("case", sstables(versions={"mc", "oa", "da"}, own_only=True), ids=str)
def test_damage(case: SSTableFixture, component: str, tmp_path: Path) -> None:
    """What was before is printed alike, and the error is at the same byte."""
    copy = Copy(case, tmp_path)
    if component not in copy.components:
        return
    data = copy.read(component)
    if component == "Data.db" and "CRC.db" in copy.components:
        # Without checksums damage gets as far as the rows.
        copy.remove("CRC.db")
    rng = random.Random(f"{case} {component}")
    for number in range(12):
        mutator = MUTATORS[number % len(MUTATORS)]
        copy.write(component, mutator(rng, data, []) or b"\0")
        form = FORMS[number % len(FORMS)]
        (ours, error), (theirs, expected) = native(copy.path, **form), reference(copy.path, **form)
        assert ours == theirs
        assert alike(error, expected)


def alike(left: tuple[Any, ...] | None, right: tuple[Any, ...] | None) -> bool:
    """An error of the same class, in the same place or in the same row before it.

    The reference engine judges a row once it has read all of it, and the place of an invalid
    number may be before or behind it.
    """
    if left is None or right is None:
        return left is right
    (*kind, offset), (*expected, place) = left, right
    is_placed = (offset is None) == (place is None)
    return kind == expected and is_placed and (offset or 0) <= (place or 0) + LONGEST_NUMBER
