"""sstabledump's JSON, an array or a line for each partition: with all times and deletions.

The reverse of ``export.sstabledump``. What the JSON does not tell is taken from the row: a
cell without a time of writing has the row's, and one without a time to live expires as
its row does if it has its time of writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cqlite.errors import CqliteError, InvalidValueError, RowError, SchemaError, Where
from cqlite.importing.compressed import open_compressed
from cqlite.importing.convert import from_json
from cqlite.importing.inputs import InputRow
from cqlite.importing.json_objects import json_objects
from cqlite.index import ClusteringKind, ClusteringPrefix
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.sstable.write.fragments import (
    OF_CLUSTERING,
    OF_PARTITION,
    OF_STATIC_ROW,
    BoundFragment,
    CellFragment,
    ColumnFragment,
    Fragment,
    PartitionFragment,
    RowFragment,
    Times,
)
from cqlite.sstable.write.mutations import Mutation
from cqlite.types import CqlType, UserType

_MICROSECONDS = 1_000_000
_MAX_TIMESTAMP = (1 << 63) - 1
_MAX_TTL = (1 << 31) - 1
_UNTOLD = (
    "whether it expires is not told: sstabledump leaves out times to live "
    "that are the row's, though the time of writing is another"
)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{3}|\d{6}))?Z", re.ASCII)
_NUMBER = re.compile(r"-?\d+", re.ASCII)
_MISSING = "*"
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
"""What comes of JSON of another form than sstabledump's."""
_Placed = tuple[bytes, Fragment]


class DumpInput:
    """What sstabledump printed, see ``Input``; a row is a partition, row, or bound there."""

    def __init__(self, path: Path, schema: TableSchema) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._schema = schema
        self._types = [column.type for column in schema.clustering_columns]
        first = next(self._partitions(), None)
        if first is not None and not (isinstance(first[0], dict) and "partition" in first[0]):
            raise SchemaError("not what sstabledump prints", Where(path))

    def _partitions(self) -> Iterator[tuple[Any, int]]:
        """Each partition's JSON, and how many bytes of the file have been read."""
        with open_compressed(self.path) as (file, position):
            for parsed in json_objects(file, Where(self.path)):
                yield parsed, position()

    def rows(self) -> Iterator[InputRow]:
        number = 0
        for parsed, position in self._partitions():
            for content in self._contents(parsed):
                number += 1
                yield InputRow(number, content, position)

    def _contents(self, parsed: Any) -> Iterator[Mutation | RowError]:
        try:
            partition = parsed["partition"]
            key = self._key(partition["key"])
            rows = iter(parsed["rows"])
            if "deletion_info" in partition:
                deletion = PartitionFragment(_deletion(partition["deletion_info"]))
                yield Mutation(key, [(OF_PARTITION, deletion)])
        except (CqliteError, *_MALFORMED) as error:
            yield RowError(_reason(error))
            return
        for row in rows:
            try:
                yield Mutation(key, self._unfiltered(row))
            except RowError as error:
                yield error
            except (CqliteError, *_MALFORMED) as error:
                yield RowError(_reason(error))

    def _key(self, texts: list[str]) -> bytes:
        columns = self._schema.partition_key
        if len(texts) != len(columns):
            raise RowError(f"a key of {len(texts)} values, the table's has {len(columns)}")
        values = [c.type.from_string(text) for c, text in zip(columns, texts, strict=True)]
        return self._schema.join_key(values)

    def _unfiltered(self, row: Mapping[str, Any]) -> list[_Placed]:
        kind = row["type"]
        if kind == "static_block":
            return [(OF_STATIC_ROW, self._row((), row, self._schema.static_columns))]
        if kind == "row":
            clustering = self._clustering(row.get("clustering", []))
            if len(clustering) != len(self._types):
                raise RowError("a clustering column is missing")
            place = ClusteringPrefix(clustering).byte_comparable(self._types)
            columns = self._schema.regular_columns
            return [(OF_CLUSTERING + place, self._row(clustering, row, columns))]
        if kind not in ("range_tombstone_bound", "range_tombstone_boundary"):
            raise RowError(f"what {kind!r} is, is not known")
        return [self._bound(row[side], side == "start") for side in ("start", "end") if side in row]

    def _bound(self, bound: Mapping[str, Any], is_start: bool) -> _Placed:
        shown = bound.get("clustering", [])
        # What a bound does not have shows as asterisks at its end.
        while shown and shown[-1] == _MISSING:
            shown = shown[:-1]
        values = self._clustering(shown)
        inclusive = bound["type"] == "inclusive"
        kind = f"{'incl' if inclusive else 'excl'}_{'start' if is_start else 'end'}_bound"
        place = ClusteringPrefix(values, ClusteringKind[kind]).byte_comparable(self._types)
        deletion = _deletion(bound["deletion_info"])
        fragment = BoundFragment(is_start, is_start == inclusive, values, deletion)
        return OF_CLUSTERING + place, fragment

    def _clustering(self, values: list[Any]) -> tuple[bytes, ...]:
        if len(values) > len(self._types):
            raise RowError(f"{len(values)} clustering columns where there are {len(self._types)}")
        pairs = zip(self._schema.clustering_columns, values, strict=False)
        return tuple(_value(column.type, column.name, value) for column, value in pairs)

    def _row(
        self,
        clustering: tuple[bytes, ...],
        row: Mapping[str, Any],
        columns: tuple[ColumnMetadata, ...],
    ) -> RowFragment:
        liveness = _liveness(row["liveness_info"]) if "liveness_info" in row else None
        deletion = _deletion(row["deletion_info"]) if "deletion_info" in row else None
        by_name = {column.cql_name: index for index, column in enumerate(columns)}
        found: dict[int, tuple[Times | None, list[CellFragment]]] = {}
        for cell in row["cells"]:
            index = by_name.get(cell["name"])
            if index is None:
                raise RowError("the table has no such column", column=cell["name"])
            before, cells = found.get(index, (None, []))
            if _is_of_column(cell, columns[index]):
                found[index] = _deletion(cell["deletion_info"]), cells
            else:
                found[index] = before, [*cells, _cell(cell, columns[index], liveness)]
        made = (ColumnFragment(index, of, tuple(cells)) for index, (of, cells) in found.items())
        return RowFragment(clustering, liveness, deletion, tuple(sorted(made)))


def _reason(error: Exception) -> str:
    if isinstance(error, CqliteError):
        return error.message
    return f"not what sstabledump prints ({type(error).__name__}: {error})"


def _is_of_column(cell: Mapping[str, Any], column: ColumnMetadata) -> bool:
    """Whether it is the deletion of a column of many cells."""
    return column.is_complex and "path" not in cell


def _cell(
    cell: Mapping[str, Any],
    column: ColumnMetadata,
    liveness: tuple[int, int | None, int | None] | None,
) -> CellFragment:
    path = _path(column, cell["path"]) if column.is_complex else None
    if "tstamp" in cell:
        timestamp = _microseconds(cell["tstamp"])
    elif liveness is not None:
        timestamp = liveness[0]
    else:
        raise RowError("a cell has no time of writing", column=column.name)
    if "deletion_info" in cell:
        deleted = _seconds(cell["deletion_info"]["local_delete_time"])
        return CellFragment(path, timestamp, b"", None, deleted, True)
    raw = _value(column.type.cell_type(path), column.name, cell["value"])
    ttl, expiration = None, None
    if "ttl" in cell:
        ttl, expiration = _expiry(cell)
    elif liveness is not None:
        _, ttl, expiration = liveness
        if ttl is not None and timestamp != liveness[0]:
            raise RowError(_UNTOLD, column=column.name)
    return CellFragment(path, timestamp, raw, ttl, expiration, False)


def _path(column: ColumnMetadata, texts: list[str]) -> bytes:
    (text,) = texts
    kind = column.type
    comparator = kind.name_comparator
    assert comparator is not None
    if isinstance(kind, UserType):
        return comparator.encode(kind.field_names.index(text))
    return comparator.from_string(text)


def _value(kind: CqlType, column: str, value: Any) -> bytes:
    kind = kind.unwrap()
    if not kind.subtypes and kind.cql_name == "empty":
        return b""
    if value is None:
        raise RowError("null, which sstabledump also prints for NaN and infinity", column=column)
    try:
        data = kind.encode(from_json(kind, value, of_dump=True))
        kind.validate(data)
    except InvalidValueError as error:
        raise RowError(error.message, column=column) from error
    return data


def _liveness(info: Mapping[str, Any]) -> tuple[int, int | None, int | None]:
    timestamp = _microseconds(info["tstamp"])
    if "ttl" not in info:
        return timestamp, None, None
    return timestamp, *_expiry(info)


def _expiry(info: Mapping[str, Any]) -> tuple[int, int]:
    ttl = info["ttl"]
    if type(ttl) is not int or not 0 < ttl <= _MAX_TTL:
        raise RowError(f"{ttl!r} is no time to live")
    return ttl, _seconds(info["expires_at"])


def _deletion(info: Mapping[str, Any]) -> Times:
    return _microseconds(info["marked_deleted"]), _seconds(info["local_delete_time"])


def _microseconds(text: str) -> int:
    if _NUMBER.fullmatch(text):
        micros = int(text)
        if not -_MAX_TIMESTAMP <= micros <= _MAX_TIMESTAMP:
            raise RowError(f"{text} is no time of 64 bits")
        return micros
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise RowError(f"time {text!r} is not exact; sstabledump -t prints those that are")
    seconds = _since_1970(match[1])
    if seconds < 0:
        raise RowError(f"time {text!r} before 1970 is not exact; sstabledump -t prints those")
    return seconds * _MICROSECONDS + int((match[2] or "").ljust(6, "0"))


def _seconds(text: str) -> int:
    match = _INSTANT.fullmatch(text)
    if match is not None and match[2] is None:
        return _since_1970(match[1])
    if _NUMBER.fullmatch(text) and int(text) >= 0:
        return int(text)
    raise RowError(f"{text!r} is no time in seconds")


def _since_1970(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise RowError(f"{text!r} is no time") from None
