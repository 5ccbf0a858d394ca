"""Values of keys, clusterings and cells by their types, which includes that text is UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite.errors import CqliteError, Where, shown
from cqlite.index.model import INVALID_DELETION_TIME
from cqlite.io import DATA, STATISTICS
from cqlite.rows import Cell, ComplexColumn, Row
from cqlite.sstable.sstable import SSTable
from cqlite.sstable.verify.findings import Finding, error, warning
from cqlite.types import CqlType, parse_type

CHECK = "value"


class ValueCheck:
    """Validates what one SSTable holds."""

    def __init__(self, sstable: SSTable) -> None:
        self._sstable = sstable
        self._where = sstable.components.where(DATA)
        self._key_type = parse_type(sstable.metadata.header.key_type)
        self._clustering = [c.type for c in sstable.header_schema.clustering_columns]

    def names(self) -> Iterator[Finding]:
        """That the names of columns are UTF-8."""
        header = self._sstable.metadata.header
        where = self._sstable.components.where(STATISTICS)
        for name in (*header.static_columns, *header.regular_columns):
            try:
                name.encode("utf-8")
            except UnicodeEncodeError:
                message = f"column name {name!r} is not UTF-8, as only tables of Thrift have"
                field = "statistics.serialization_header"
                yield warning("name", message, where.at(field=field))

    def key(self, key: bytes, where: Where) -> Iterator[Finding]:
        """The partition key at ``where``."""
        yield from _validate(self._key_type, key, where, "partition key")

    def clustering(self, values: tuple[bytes | None, ...], where: Where) -> Iterator[Finding]:
        """The values of a row's clustering, or of a bound, at ``where``."""
        for index, (kind, value) in enumerate(zip(self._clustering, values, strict=False)):
            if value is not None:
                yield from _validate(kind, value, where, f"clustering value {index}")

    def row(self, row: Row) -> Iterator[Finding]:
        """The clustering and all cells of a row."""
        where = self._where.at(row.position, "data.unfiltered.row")
        if not row.is_static:
            yield from self.clustering(row.clustering, where)
        if row.liveness is not None:
            yield from _expiration(row.liveness.local_expiration_time, where, "the row")
        for column in row.columns:
            if isinstance(column, ComplexColumn):
                yield from self._complex(column, where)
            else:
                yield from self._cell(column, where)

    def _complex(self, column: ComplexColumn, where: Where) -> Iterator[Finding]:
        comparator = column.column.type.name_comparator
        previous: bytes | None = None
        for cell in column.cells:
            path = cell.path or b""
            if comparator is not None:
                what = f"path of a cell of {column.column.name}"
                yield from _validate(comparator, path, where, what)
                yield from _path_order(comparator, previous, path, where, column.column.name)
            previous = path
            yield from self._cell(cell, where)

    def _cell(self, cell: Cell, where: Where) -> Iterator[Finding]:
        name = cell.column.name
        yield from _expiration(cell.local_deletion_time, where, name)
        if cell.is_tombstone:
            if cell.raw:
                yield error(CHECK, f"deleted cell of {name} has a value", where)
            return
        try:
            kind = cell.column.type.cell_type(cell.path)
        except CqliteError as exception:
            yield error(CHECK, f"cell of {name}: {exception.message}", where)
            return
        yield from _validate(kind, cell.raw, where, f"cell of {name}")


def _validate(kind: CqlType, value: bytes, where: Where, what: str) -> Iterator[Finding]:
    try:
        kind.validate(value)
    except CqliteError as exception:
        yield error(CHECK, f"{what}: {exception.message}", where)


def _path_order(
    comparator: CqlType, previous: bytes | None, path: bytes, where: Where, name: str
) -> Iterator[Finding]:
    if previous is None:
        return
    try:
        in_order = comparator.compare(previous, path) < 0
    except CqliteError:
        # Reported as a value that is not valid.
        return
    if not in_order:
        message = f"cells of {name} are not in order: {shown(path)} follows {shown(previous)}"
        yield error("cell-order", message, where)


def _expiration(time: int | None, where: Where, what: str) -> Iterator[Finding]:
    if time == INVALID_DELETION_TIME:
        message = f"{what} expires before its time to live could have passed"
        yield warning("expiration", message, where)
