"""A WHERE clause as what is read and what is left out then: ``StatementRestrictions``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cmp_to_key
from itertools import product
from typing import TYPE_CHECKING

from cqlite.errors import QueryError
from cqlite.records import record
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema
from cqlite.sstable.select.plan import PositionRange, Slice
from cqlite.sstable.select.where.filters import Filter
from cqlite.sstable.select.where.relations import TokenRelation
from cqlite.sstable.select.where.restriction import ColumnsRestriction, Kind, RestrictionSet
from cqlite.types import Partitioner

if TYPE_CHECKING:
    from cqlite.sstable.select.where.tokens import TokenRange


@record
class Note:
    """Why Cassandra would want ALLOW FILTERING: the first column it is about, and its words."""

    column: str
    text: str


class Restrictions:
    """All that a statement's relations say.

    Attributes:
        keys: serialized partition keys in the order that results have, ``None`` where
            partitions are read by their position.
        positions: the part of the order of partitions that is read.
        slices: the rows of partitions that are read, ``None`` for all.
        filters: conditions on what has been read, those on the partition first.
        notes: why Cassandra would want ALLOW FILTERING.
    """

    def __init__(self, schema: TableSchema, partitioner: Partitioner) -> None:
        self._schema = schema
        self._partitioner = partitioner
        self._key = RestrictionSet()
        self._clustering = RestrictionSet()
        self._others = RestrictionSet()
        self._token: TokenRange | None = None
        self.keys: tuple[bytes, ...] | None = None
        self.positions = PositionRange()
        self.slices: tuple[Slice, ...] | None = None
        self.filters: tuple[Filter, ...] = ()
        self.notes: list[Note] = []

    # What there is.

    @property
    def is_key_range(self) -> bool:
        """Whether partitions are read by their position."""
        return self._needs_key_filter or not len(self._key)

    @property
    def has_key_in(self) -> bool:
        """Whether columns of the partition key have IN."""
        return not self._is_on_token and Kind.IN in self._key.kinds

    @property
    def has_clustering(self) -> bool:
        """Whether clustering columns are restricted."""
        return len(self._clustering) > 0

    @property
    def others(self) -> list[ColumnMetadata]:
        """The columns restricted that are in no key."""
        return [column for one in self._others for column in one.columns]

    @property
    def keeps_static_rows(self) -> bool:
        """Whether partitions that have static columns alone are answers."""
        has_regular = any(column.kind is ColumnKind.REGULAR for column in self.others)
        return not self.has_clustering and not has_regular

    def is_restricted_by_eq(self, column: ColumnMetadata) -> bool:
        """Whether a column of the primary key has one value."""
        found = (self._key if column.kind is ColumnKind.PARTITION_KEY else self._clustering).of(
            column
        )
        return found is not None and found.kind is Kind.EQ

    # Relations.

    def add(self, relation: ColumnsRestriction | TokenRelation) -> None:
        """Takes a relation.

        Raises:
            QueryError: it does not go with the others.
        """
        if isinstance(relation, TokenRelation):
            self._add_token(relation)
            return
        match relation.columns[0].kind:
            case ColumnKind.PARTITION_KEY:
                self._key.add(relation)
            case ColumnKind.CLUSTERING:
                self._clustering.add(relation)
            case _:
                self._others.add(relation)

    def _add_token(self, relation: TokenRelation) -> None:
        from cqlite.sstable.select.where.tokens import TokenRange

        names = [column.name for column in self._schema.partition_key]
        self._token = self._token or TokenRange(self._partitioner, names)
        self._token.add(relation)

    # What it comes to.

    def check(self, *, selects_only_static: bool) -> None:
        """Whether the relations together are a query, whatever their values.

        Raises:
            QueryError: they are none, as Cassandra says it.
        """
        if selects_only_static and self.has_clustering:
            raise QueryError(
                "Cannot restrict clustering columns when selecting only static columns"
            )

    def bind(self, *, reads_static: bool = True) -> None:
        """Makes what is read of the relations, once all of the statement has been checked.

        Args:
            reads_static: whether static columns are asked for.

        Raises:
            QueryError: their values are none to ask for, or to filter by.
        """
        if self._is_on_token:
            rows = list(self._read_rows())
            # As in Cassandra, where nobody looks at tokens if no row can be an answer.
            if self._token is not None and (self.slices != () or reads_static):
                self.positions = self._token.positions()
            partitions = list(self._read_partitions())
        else:
            partitions, rows = list(self._read_partitions()), list(self._read_rows())
        self.filters = (*partitions, *rows, *self._filtered(self._others))
        if (
            self.is_key_range
            and self.has_clustering
            and not any(one.has_index for one in self._clustering)
        ):
            name = next(iter(self._clustering)).columns[0].name
            self._note(name, "clustering columns are restricted, and not the partition key")

    def _note(self, column: str, text: str) -> None:
        self.notes.append(Note(column, text))

    def _filtered(self, restrictions: RestrictionSet) -> Iterator[Filter]:
        for one in restrictions:
            name = one.columns[0].name
            if not one.has_index:
                because = f"{name} is restricted, which is no column of the primary key"
                self._note(name, one.refusal or because)
            yield from one.as_filters()

    @property
    def _needs_key_filter(self) -> bool:
        if not len(self._key):
            return False
        is_whole = len(self._key) == len(self._schema.partition_key)
        return not is_whole or not self._key.kinds <= {Kind.EQ, Kind.IN}

    @property
    def _is_on_token(self) -> bool:
        return self._token is not None and (self._needs_key_filter or not len(self._key))

    def _read_partitions(self) -> Iterator[Filter]:
        if self._needs_key_filter or not len(self._key):
            if len(self._key):
                name = next(iter(self._key)).columns[0].name
                self._note(name, "the partition key is restricted in part, or not by = or IN")
            for one in self._key:
                yield from one.as_filters()
            return
        keys = self._keys()
        if self._token is not None:
            keys = self._token.including(keys)
        if b"" in keys:
            raise QueryError("Key may not be empty")
        self.keys = tuple(keys)

    def _keys(self) -> list[bytes]:
        """All keys in the order of their columns' values, the first one of equal values."""
        columns = self._schema.partition_key
        choices = product(*([values for (values,) in one.checked_values()] for one in self._key))

        def compare(left: Sequence[bytes], right: Sequence[bytes]) -> int:
            orders = (c.type.compare(a, b) for c, a, b in zip(columns, left, right, strict=True))
            return next((order for order in orders if order), 0)

        distinct: list[tuple[bytes, ...]] = []
        # Decimals may be equal with other bytes.
        for values in sorted(choices, key=cmp_to_key(compare)):
            if not distinct or compare(distinct[-1], values):
                distinct.append(values)
        return [self._schema.join_key(values) for values in distinct]

    def _read_rows(self) -> Iterator[Filter]:
        """Sets the slices; restrictions that don't follow each other from the start filter."""
        if not self.has_clustering:
            return
        equal: list[list[tuple[bytes, ...]]] = []
        last: ColumnsRestriction | None = None
        position = 0
        filtered: list[ColumnsRestriction] = []
        for one in self._clustering:
            follows = one.kind not in (Kind.CONTAINS, Kind.LIKE) and one.first == position
            if not follows or last is not None:
                if not one.has_index:
                    self._note(one.columns[0].name, self._refusal(one, last, position))
                filtered.append(one)
            elif one.kind is Kind.SLICE:
                last = one
            else:
                equal.append(one.checked_values())
                position = one.last + 1
        if equal or last is not None:
            self.slices = self._slices(equal, last)
        for one in filtered:
            yield from one.as_filters()

    def _slices(
        self, equal: list[list[tuple[bytes, ...]]], last: ColumnsRestriction | None
    ) -> tuple[Slice, ...]:
        from cqlite.sstable.select.clusterings import SliceMaker

        bounds = (None, None) if last is None else last.checked_bounds()
        types = [column.type for column in self._schema.clustering_columns]
        return () if bounds is None else SliceMaker(types).slices(equal, *bounds)

    def _refusal(
        self, one: ColumnsRestriction, last: ColumnsRestriction | None, position: int
    ) -> str:
        """What Cassandra says, without ALLOW FILTERING, of what is no part of a slice."""
        if one.kind is Kind.CONTAINS:
            return (
                "Clustering columns can only be restricted with CONTAINS with a secondary index "
                "or filtering"
            )
        name = one.columns[0].name
        if one.refusal is not None:
            return one.refusal
        if last is not None:
            return (
                f'Clustering column "{name}" cannot be restricted (preceding column '
                f'"{last.columns[0].name}" is restricted by a non-EQ relation)'
            )
        before = self._schema.clustering_columns[position].name
        return (
            f'PRIMARY KEY column "{name}" cannot be restricted as preceding column "{before}" '
            "is not restricted"
        )
