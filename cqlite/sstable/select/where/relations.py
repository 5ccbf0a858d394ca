"""Parse trees of relations as restrictions: ``cql3.Relation`` and its kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cqlite.cql.tree import Cql
from cqlite.errors import QueryError
from cqlite.records import record
from cqlite.schema import ColumnKind, ColumnMetadata
from cqlite.sstable.select.plan import Range
from cqlite.sstable.select.where.filters import ContainsFilter
from cqlite.sstable.select.where.restriction import ColumnsRestriction, Kind, Values
from cqlite.terms.assignable import Receiver
from cqlite.terms.reader import Reader
from cqlite.terms.term import Term
from cqlite.types import CqlType, Partitioner


@record
class TokenRelation:
    """A comparison of the partition key's token with a serialized one, or with null."""

    operator: str
    value: bytes | None


class RelationReader:
    """Reads relations of a WHERE clause."""

    def __init__(self, reader: Reader, partitioner: Partitioner) -> None:
        self._reader = reader
        self._source = reader.source
        self._partitioner = partitioner

    def relation(self, context: Any) -> ColumnsRestriction | TokenRelation:
        """What a ``relation`` says.

        Raises:
            QueryError: Cassandra would refuse it, whatever the others say.
        """
        while isinstance(context, Cql.RelationNestedContext):
            context = context.relation()
        with self._source.placing(context):
            if isinstance(context, Cql.RelationTokenContext):
                return self._token(context)
            if isinstance(context, Cql.RelationTupleContext | Cql.RelationTupleInContext):
                return self._tuple(context)
            if isinstance(context, Cql.RelationExpressionContext):
                raise QueryError(
                    f"Invalid index expression, index {context.indexName().getText()} not found "
                    f"for {self._reader.schema.keyspace}.{self._reader.schema.name}"
                )
            return self._single(context)

    # One column.

    def _single(self, context: Any) -> ColumnsRestriction:
        column = self._reader.column(context.columnName())
        if isinstance(context, Cql.RelationNotNullContext):
            raise QueryError(f"Unsupported restriction: {column.cql_name} IS NOT NULL")
        if isinstance(context, Cql.RelationContainsContext):
            return self._contains(context, column)
        if isinstance(context, Cql.RelationInContext):
            return self._in(context, column)
        if isinstance(context, Cql.RelationLikeContext):
            return self._like(context, column)
        if isinstance(context, Cql.RelationElementContext):
            return self._element(context, column)
        return self._compare(context, column)

    def _compare(self, context: Any, column: ColumnMetadata) -> ColumnsRestriction:
        operator = context.comparison().getText()
        term = self._reader.term(context.term())
        if operator == "!=":
            raise QueryError(f'Unsupported "!=" relation: {column.cql_name} != {term}')
        if operator != "=":
            check_no_duration(column.type)
        self._check(column, operator)
        value = self._value(context.term(), term, Receiver(column.name, column.type))
        return compared((column,), operator, (value,))

    def _in(self, context: Any, column: ColumnMetadata) -> ColumnsRestriction:
        self._check(column, "IN")
        self._reader.refuse_marker(context.inValues())
        receiver = Receiver(column.name, column.type)
        contexts = context.inValues().term()
        values = [self._value(term, self._reader.term(term), receiver) for term in contexts]
        return among((column,), [(value,) for value in values])

    def _like(self, context: Any, column: ColumnMetadata) -> ColumnsRestriction:
        from cqlite.schema.index import indexes_on
        from cqlite.sstable.select.where.like import like

        self._check(column, "LIKE")
        term = self._reader.term(context.term())
        value = self._value(context.term(), term, Receiver(column.name, column.type))
        indexes = indexes_on(self._reader.schema, column.name)
        found, refusal = like(column, value, f"{column.cql_name} LIKE {term}", indexes)
        return ColumnsRestriction((column,), Kind.LIKE, filters=(found,), refusal=refusal)

    def _contains(self, context: Any, column: ColumnMetadata) -> ColumnsRestriction:
        from cqlite.types import CollectionType, MapType

        is_key = context.contains().K_KEY() is not None
        # Not unwrapped: Cassandra takes a descending collection for none.
        kind = column.type
        if is_key and not isinstance(kind, MapType):
            raise QueryError(f"Cannot use CONTAINS KEY on non-map column {column.name}")
        if not isinstance(kind, CollectionType):
            raise QueryError(f"Cannot use CONTAINS on non-collection column {column.name}")
        term = self._reader.term(context.term())
        element = kind.subtypes[0 if is_key else -1]
        receiver = Receiver(f"{'key' if is_key else 'value'}({column.name})", element)
        value = self._value(context.term(), term, receiver)
        if value is None:
            raise QueryError(f"Unsupported null value for column {column.name}")
        found = ContainsFilter(column, value) if is_key else ContainsFilter(column, None, value)
        return ColumnsRestriction((column,), Kind.CONTAINS, filters=(found,))

    def _element(self, context: Any, column: ColumnMetadata) -> ColumnsRestriction:
        from cqlite.types import ListType, MapType

        operator = context.comparison().getText()
        terms = [self._reader.term(term) for term in context.term()]
        if operator == "!=":
            raise QueryError(
                f'Unsupported "!=" relation: {column.cql_name}[{terms[0]}] != {terms[1]}'
            )
        kind = column.type
        if isinstance(kind, ListType):
            raise QueryError(
                f"Indexes on list entries ({column.name}[index] = value) are not currently "
                "supported."
            )
        if not isinstance(kind, MapType):
            raise QueryError(f"Column {column.name} cannot be used as a map")
        if not kind.is_multi_cell:
            raise QueryError(
                f"Map-entry equality predicates on frozen map column {column.name} are not "
                "supported"
            )
        if operator != "=":
            raise QueryError("Only EQ relations are supported on map entries")
        receivers = (
            Receiver(f"key({column.name})", kind.keys),
            Receiver(f"value({column.name})", kind.values),
        )
        triples = zip(context.term(), terms, receivers, strict=True)
        values = [self._value(at, term, receiver) for at, term, receiver in triples]
        for part, value in zip(("key", "value"), values, strict=True):
            if value is None:
                raise QueryError(f"Unsupported null map {part} for column {column.name}")
        found = ContainsFilter(column, *values)
        return ColumnsRestriction((column,), Kind.CONTAINS, filters=(found,))

    def _check(self, column: ColumnMetadata, operator: str) -> None:
        """What no relation may be about (``SingleColumnRelation.toReceivers``)."""
        kind = column.type.unwrap()
        if kind.is_udt and kind.is_multi_cell:
            raise QueryError(
                f"Non-frozen UDT column '{column.name}' ({kind.cql_name}) cannot be "
                "restricted by any relation"
            )
        if kind.is_collection and kind.is_multi_cell:
            raise QueryError(
                f"Collection column '{column.name}' ({kind.cql_name}) cannot be restricted "
                f"by a '{operator}' relation"
            )

    def _value(self, context: Any, term: Term, receiver: Receiver) -> bytes | None:
        with self._source.placing(context):
            return term.value(receiver)

    # Several columns.

    def _tuple(self, context: Any) -> ColumnsRestriction:
        columns = self._columns(context)
        if isinstance(context, Cql.RelationTupleInContext):
            tuples = context.inTuples()
            self._reader.refuse_marker(tuples)
            values = [self._values(literal, columns) for literal in tuples.tupleLiteral()]
            return among(columns, values, is_multi_column=True)
        self._reader.refuse_marker(context)
        operator = context.comparison().getText()
        if operator == "!=":
            raise QueryError(f'Unsupported "!=" relation: {self._source.written(context)}')
        values = [self._values(context.tupleLiteral(), columns)]
        return compared(columns, operator, values[0], is_multi_column=True)

    def _columns(self, context: Any) -> tuple[ColumnMetadata, ...]:
        columns: list[ColumnMetadata] = []
        for name in context.columnNames().columnName():
            column = self._reader.column(name)
            if column.kind is not ColumnKind.CLUSTERING:
                self._source.fail(
                    name,
                    "Multi-column relations can only be applied to clustering columns but was "
                    f"applied to: {column.name}",
                )
            if column in columns:
                written = self._source.written(context)
                self._source.fail(
                    name, f'Column "{column.name}" appeared twice in a relation: {written}'
                )
            if columns and column.position != columns[-1].position + 1:
                self._source.fail(
                    name,
                    "Clustering columns must appear in the PRIMARY KEY order in multi-column "
                    f"relations: {self._source.written(context)}",
                )
            columns.append(column)
        return tuple(columns)

    def _values(self, context: Any, columns: Sequence[ColumnMetadata]) -> Values:
        literal = self._reader.tuple(context)
        if len(literal.items) != len(columns):
            self._source.fail(
                context,
                f"Expected {len(columns)} elements in value tuple, but got "
                f"{len(literal.items)}: {literal}",
            )
        return tuple(
            self._value(at, term, Receiver(column.name, column.type))
            for at, term, column in zip(context.term(), literal.items, columns, strict=True)
        )

    # Tokens.

    def _token(self, context: Any) -> TokenRelation:
        from cqlite.sstable.select.tokens import token_type

        operator = context.comparison().getText()
        term = self._reader.term(context.term())
        if operator == "!=":
            raise QueryError(f'Unsupported "!=" relation: {self._source.written(context)}')
        self._check_token([self._reader.column(c) for c in context.columnNames().columnName()])
        receiver = Receiver("partition key token", token_type(self._partitioner))
        return TokenRelation(operator, self._value(context.term(), term, receiver))

    def _check_token(self, columns: Sequence[ColumnMetadata]) -> None:
        key = self._reader.schema.partition_key
        if tuple(columns) == key:
            return
        if not set(key) <= set(columns):
            message = (
                "The token() function must be applied to all partition key components or none "
                "of them"
            )
        elif len(set(columns)) < len(columns):
            message = "The token() function contains duplicate partition key components"
        elif set(columns) > set(key):
            message = "The token() function must contains only partition key components"
        else:
            names = ", ".join(column.name for column in key)
            message = f"The token function arguments must be in the partition key order: {names}"
        raise QueryError(message)


def compared(
    columns: tuple[ColumnMetadata, ...],
    operator: str,
    values: Values,
    *,
    is_multi_column: bool = False,
) -> ColumnsRestriction:
    """A comparison of columns with values, as one."""
    if operator == "=":
        return ColumnsRestriction(columns, Kind.EQ, (values,), is_multi_column=is_multi_column)
    bound = Range(values, "=" in operator)  # type: ignore[arg-type]
    above, below = (bound, None) if ">" in operator else (None, bound)
    return ColumnsRestriction(
        columns, Kind.SLICE, above=above, below=below, is_multi_column=is_multi_column
    )


def among(
    columns: tuple[ColumnMetadata, ...], values: Sequence[Values], *, is_multi_column: bool = False
) -> ColumnsRestriction:
    """IN, which with one value is =."""
    kind = Kind.EQ if len(values) == 1 else Kind.IN
    return ColumnsRestriction(columns, kind, tuple(values), is_multi_column=is_multi_column)


def check_no_duration(kind: CqlType) -> None:
    """Raises a QueryError if a type has durations, of which none is greater than another."""
    kind = kind.unwrap()
    if not _has_duration(kind):
        return
    if kind.is_collection:
        what = "collections containing durations"
    elif kind.class_name == "TupleType":
        what = "tuples containing durations"
    elif kind.is_udt:
        what = "UDTs containing durations"
    else:
        what = "duration columns"
    raise QueryError(f"Slice restrictions are not supported on {what}")


def _has_duration(kind: CqlType) -> bool:
    return kind.cql_name == "duration" or any(map(_has_duration, kind.subtypes))
