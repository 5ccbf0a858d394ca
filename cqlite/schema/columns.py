"""Columns of a table: ``org.apache.cassandra.schema.ColumnMetadata``."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from cqlite.records import record
from cqlite.types import CqlType
from cqlite.types.text import maybe_quote

_COMPARED_BYTES: Final = 6


class ColumnKind(StrEnum):
    """What a column is for; the names are those of ``system_schema.columns``."""

    PARTITION_KEY = "partition_key"
    CLUSTERING = "clustering"
    REGULAR = "regular"
    STATIC = "static"


@record
class ColumnMetadata:
    """A column.

    Attributes:
        name: as it is, not quoted; bytes that are not UTF-8 stand as surrogates.
        type: a clustering column in descending order has a ``ReversedType``.
        kind: what it is for.
        position: index among the partition key's or the clustering columns, else -1.
        mask: the masking function, as in CQL after ``MASKED WITH``, else ``None``.
    """

    name: str
    type: CqlType
    kind: ColumnKind
    position: int = -1
    mask: str | None = None

    @property
    def cql_name(self) -> str:
        """The name as CQL takes it, quoted where it must be."""
        return maybe_quote(self.name)

    @property
    def name_bytes(self) -> bytes:
        """The name as SSTables hold it."""
        return self.name.encode("utf-8", "surrogateescape")

    @property
    def is_complex(self) -> bool:
        """Whether it has many cells, each with a path."""
        is_key = self.kind in (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING)
        return self.type.is_multi_cell and not is_key

    @property
    def is_static(self) -> bool:
        """Whether the partition has one value of it."""
        return self.kind is ColumnKind.STATIC

    @property
    def is_descending(self) -> bool:
        """Whether it is a clustering column in descending order."""
        return self.type.is_reversed

    def sort_key(self) -> tuple[Any, ...]:
        """The order of static and of regular columns in rows: complex ones last, by name.

        Follows ``ColumnMetadata.compareTo``, which has the first of a name's bytes
        wrong by its sign, so that a name that starts with no ASCII letter is first.
        """
        name = self.name_bytes
        start = name[:_COMPARED_BYTES].ljust(_COMPARED_BYTES, b"\0")
        return self.is_complex, (start[0] ^ 0x80, start[1:]), name


@record
class DroppedColumn:
    """A column that the table had: ``org.apache.cassandra.schema.DroppedColumn``.

    ``dropped_time`` is in microseconds; what was written up to then does not count.
    """

    column: ColumnMetadata
    dropped_time: int

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name
