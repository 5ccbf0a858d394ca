"""What a WHERE clause says of clustering columns, and the slices that this is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cqlite._cql.CqlParser import CqlParser as Cql
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema
from cqlite.sstable.select.clusterings import Range, SliceMaker, Values
from cqlite.sstable.select.plan import Slice
from cqlite.sstable.select.terms import Terms


@dataclass(slots=True)
class _Group:
    """What relations that begin with the same column say of it, and of those after it.

    ``values`` are what the columns may have, or else ``above`` and ``below`` the limits.
    """

    first: ColumnMetadata
    width: int
    context: Any
    values: list[Values] | None = None
    above: Range | None = None
    below: Range | None = None

    @property
    def positions(self) -> range:
        """The clustering columns by their positions."""
        return range(self.first.position, self.first.position + self.width)


class ClusteringRelations:
    """Collects relations on clustering columns of ``schema``."""

    def __init__(self, terms: Terms, schema: TableSchema) -> None:
        self._terms = terms
        self._schema = schema
        self._groups: dict[int, _Group] = {}

    def add_single(self, relation: Any, column: ColumnMetadata) -> None:
        """A comparison or IN of one column."""
        operator = self._terms.operator(relation)
        values: list[Values] = [(value,) for value in self._terms.values(relation, column)]
        self._add(relation, [column], operator, values)

    def add_tuple(self, relation: Any) -> None:
        """A comparison or IN of several columns at once."""
        columns = self._columns(relation)
        self._add(
            relation, columns, self._terms.operator(relation), self._tuples(relation, columns)
        )

    def _columns(self, relation: Any) -> list[ColumnMetadata]:
        columns: list[ColumnMetadata] = []
        for name in relation.columnNames().columnName():
            column = self._terms.column(name, self._schema)
            if column.kind is not ColumnKind.CLUSTERING:
                self._terms.fail(
                    name,
                    "Multi-column relations can only be applied to clustering columns "
                    f"but was applied to: {column.name}",
                )
            if column in columns:
                written = self._terms.written(relation)
                self._terms.fail(
                    name, f'Column "{column.name}" appeared twice in a relation: {written}'
                )
            if columns and column.position != columns[-1].position + 1:
                self._terms.fail(
                    name,
                    "Clustering columns must appear in the PRIMARY KEY order in multi-column "
                    f"relations: {self._terms.written(relation)}",
                )
            columns.append(column)
        return columns

    def _tuples(self, relation: Any, columns: Sequence[ColumnMetadata]) -> list[Values]:
        if isinstance(relation, Cql.RelationTupleInContext):
            literals = relation.inTuples().tupleLiteral()
            if relation.inTuples().bindMarker():
                self._terms.fail(relation, "there is nothing to bind to a marker")
        else:
            if relation.tupleLiteral() is None:
                self._terms.fail(relation, "there is nothing to bind to a marker")
            literals = [relation.tupleLiteral()]
        return [self._tuple(literal, columns) for literal in literals]

    def _tuple(self, literal: Any, columns: Sequence[ColumnMetadata]) -> Values:
        terms = literal.term()
        if len(terms) != len(columns):
            self._terms.fail(
                literal,
                f"Expected {len(columns)} elements in value tuple, but got {len(terms)}: "
                f"{self._terms.written(literal)}",
            )
        return tuple(
            self._terms.value(term, column.name, column.type)
            for term, column in zip(terms, columns, strict=True)
        )

    def _add(
        self, relation: Any, columns: list[ColumnMetadata], operator: str, values: list[Values]
    ) -> None:
        self._check_order(relation, columns, operator)
        first = columns[0]
        known = self._groups.get(first.position)
        is_equal = operator in ("=", "IN")
        if known is None:
            known = _Group(first, len(columns), relation)
            self._check_overlap(relation, known, operator)
            self._groups[first.position] = known
        elif is_equal or known.values is not None:
            self._both(relation, first, operator, known)
        known.width = max(known.width, len(columns))
        if is_equal:
            known.values = values
        else:
            self._limit(relation, known, operator, values[0])

    def _check_order(self, relation: Any, columns: Sequence[ColumnMetadata], operator: str) -> None:
        """Nothing is compared that has no order to speak of."""
        if operator in ("=", "IN"):
            return
        for column in columns:
            if "duration" in column.type.cql_name.replace(">", " ").replace("<", " ").split():
                self._terms.fail(
                    relation, "Slice restrictions are not supported on duration columns"
                )

    def _check_overlap(self, relation: Any, added: _Group, operator: str) -> None:
        for group in self._groups.values():
            common = sorted(set(group.positions) & set(added.positions))
            if not common:
                continue
            if group.values is None and operator not in ("=", "IN"):
                later = max(group.first, added.first, key=lambda column: column.position)
                self._terms.fail(
                    relation,
                    f'Column "{later.name}" cannot be restricted by two inequalities not '
                    "starting with the same column",
                )
            column = self._schema.clustering_columns[common[0]]
            self._both(relation, column, operator, group)

    def _both(self, relation: Any, column: ColumnMetadata, operator: str, group: _Group) -> None:
        """Two relations, one of them = or IN, that share a column."""
        if operator in ("=", "IN"):
            what = "an Equal" if operator == "=" else "a IN"
            self._terms.fail(
                relation,
                f"{column.name} cannot be restricted by more than one relation "
                f"if it includes {what}",
            )
        self._terms.fail(
            relation,
            f'Column "{column.name}" cannot be restricted by both an equality and an '
            "inequality relation",
        )

    def _limit(self, relation: Any, group: _Group, operator: str, values: Values) -> None:
        limit = Range(values, "=" in operator)
        side = "start" if ">" in operator else "end"
        if (group.above if side == "start" else group.below) is not None:
            self._terms.fail(
                relation,
                f"More than one restriction was found for the {side} bound on {group.first.name}",
            )
        if side == "start":
            group.above = limit
        else:
            group.below = limit

    def slices(self) -> tuple[Slice, ...] | None:
        """The slices, ``None`` where nothing was said.

        Raises:
            SchemaError: columns before others are not restricted, or not by = or IN.
        """
        if not self._groups:
            return None
        groups = [self._groups[position] for position in sorted(self._groups)]
        self._check_prefix(groups)
        equal = [group.values for group in groups if group.values is not None]
        last = groups[-1]
        types = [column.type for column in self._schema.clustering_columns]
        return SliceMaker(types).slices(equal, last.above, last.below)

    def _check_prefix(self, groups: Sequence[_Group]) -> None:
        expected = 0
        before: _Group | None = None
        for group in groups:
            if before is not None and before.values is None:
                self._terms.fail(
                    group.context,
                    f'Clustering column "{group.first.name}" cannot be restricted (preceding '
                    f'column "{before.first.name}" is restricted by a non-EQ relation)',
                )
            if group.first.position != expected:
                missing = self._schema.clustering_columns[expected]
                self._terms.fail(
                    group.context,
                    f'PRIMARY KEY column "{group.first.name}" cannot be restricted as '
                    f'preceding column "{missing.name}" is not restricted',
                )
            expected += group.width
            before = group
