"""WHERE clauses on keys as restrictions of a scan.

What needs ALLOW FILTERING, an index or functions is refused: a scan reads by keys alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from cqlite.cql import parse_rule, place, tokenize
from cqlite.cql.tree import Cql
from cqlite.errors import (
    CqliteError,
    InvalidValueError,
    QueryError,
    SchemaError,
    UnsupportedFeatureError,
)
from cqlite.schema import ColumnKind, TableSchema
from cqlite.sstable.select.plan import Restriction
from cqlite.sstable.select.tokens import token_type
from cqlite.sstable.select.where.relations import RelationReader
from cqlite.sstable.select.where.restriction import ColumnsRestriction, Kind
from cqlite.sstable.select.where.restrictions import Restrictions
from cqlite.terms.assignable import Receiver, TermError
from cqlite.terms.assignment import Assignment
from cqlite.terms.names import FunctionName
from cqlite.terms.reader import Reader
from cqlite.terms.source import Source
from cqlite.terms.term import Term
from cqlite.types import CqlType, LocalPartitioner, Partitioner

_SELECT: Final = "SELECT * FROM t WHERE "
_FILTERING: Final = (
    "Cannot execute this query as it might involve data filtering and thus may have "
    "unpredictable performance"
)
_KEY_RELATIONS: Final = (
    "Only EQ and IN relation are supported on the partition key (unless you use the token() "
    "function)"
)


class _UnsupportedError(QueryError):
    """Something that a SELECT may have and a scan does not."""


def compile_where(text: str, schema: TableSchema, partitioner: Partitioner) -> Restriction:
    """The restriction that a WHERE clause, without the word, is.

    Raises:
        SchemaError: Cassandra would refuse it, in its words; the message has line and column.
        InvalidValueError: a literal is no value of its column's type.
        UnsupportedFeatureError: it would need ALLOW FILTERING or an index, has functions, or
            is on columns that are no key.
    """
    source = Source(text)
    try:
        restrictions = _restrictions(source, schema, partitioner)
    except QueryError as error:
        at = "" if error.at is None else f"{place(text, error.at)}: "
        raise _kind(error)(at + error.message) from None
    keys = restrictions.keys
    if keys is not None:
        keys = tuple(sorted(keys, key=partitioner.sort_key))
    return Restriction(keys, restrictions.positions, restrictions.slices)


def _kind(error: QueryError) -> type[CqliteError]:
    """The class of the error that a scan raises."""
    if isinstance(error, TermError):
        return InvalidValueError
    return UnsupportedFeatureError if isinstance(error, _UnsupportedError) else SchemaError


def _restrictions(source: Source, schema: TableSchema, partitioner: Partitioner) -> Restrictions:
    relations = _parse(source)
    terms = Reader(source, schema, partial(_call, schema, partitioner))
    reader = RelationReader(terms, partitioner)
    restrictions = Restrictions(schema, partitioner)
    contexts: dict[str, Any] = {}
    for context in relations:
        with source.placing(context):
            relation = reader.relation(context)
            if isinstance(relation, ColumnsRestriction):
                _check(relation)
                contexts |= {column.name: context for column in relation.columns}
            restrictions.add(relation)
    with source.placing(relations[0]):
        restrictions.bind()
        if restrictions.is_key_range and not _has_whole_key(schema, contexts):
            missing = [c.name for c in schema.partition_key if c.name not in contexts]
            raise _UnsupportedError(
                f"{_FILTERING}; restrict {', '.join(missing)} too, or nothing of the key"
            )
    if restrictions.filters:
        note = restrictions.notes[0]
        source.fail(contexts[note.column], note.text)
    return restrictions


def _has_whole_key(schema: TableSchema, contexts: dict[str, Any]) -> bool:
    """Whether the partition key's columns are restricted all or not at all."""
    return len({column.name in contexts for column in schema.partition_key}) == 1


def _parse(source: Source) -> Sequence[Any]:
    """The relations' trees; the text is read as the end of a SELECT statement."""
    tokens = tokenize(source.text)
    tree = parse_rule("query", source.text, [*tokenize(_SELECT)[:-1], *tokens])
    where = tree.statement().select().where()
    following = tokens[tokens.index(where.stop) + 1]
    if following.type != Cql.EOF:
        raise QueryError(
            f"expected AND or the end, found {following.text!r}",
            statement=source.text,
            at=following.start,
        )
    relations: Sequence[Any] = where.relation()
    return relations


def _check(relation: ColumnsRestriction) -> None:
    kind = relation.columns[0].kind
    if relation.kind is Kind.LIKE:
        raise _UnsupportedError("LIKE is not supported here")
    if kind not in (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING):
        raise _UnsupportedError(
            "restrictions of columns outside of the primary key are not supported here"
        )
    if kind is ColumnKind.PARTITION_KEY and not relation.is_equality:
        raise QueryError(_KEY_RELATIONS)


def _call(
    schema: TableSchema, partitioner: Partitioner, name: FunctionName, arguments: Sequence[Term]
) -> Term:
    if name.name != "token":
        raise _UnsupportedError("calculations, functions and casts are not supported here")
    return _TokenTerm(schema, partitioner, arguments)


class _TokenTerm(Term):
    """The token of the values of a partition key."""

    def __init__(
        self, schema: TableSchema, partitioner: Partitioner, arguments: Sequence[Term]
    ) -> None:
        if len(arguments) != len(schema.partition_key):
            raise QueryError(
                f"token() needs {len(schema.partition_key)} arguments, not {len(arguments)}"
            )
        self._schema, self._partitioner, self._arguments = schema, partitioner, arguments

    def __str__(self) -> str:
        return f"token({', '.join(map(str, self._arguments))})"

    def exact_type(self) -> CqlType:
        return token_type(self._partitioner)

    def test_assignment(self, receiver: CqlType) -> Assignment:
        is_token = receiver == token_type(self._partitioner)
        return Assignment.EXACT_MATCH if is_token else Assignment.NOT_ASSIGNABLE

    def value(self, receiver: Receiver) -> bytes:
        values = []
        for term, column in zip(self._arguments, self._schema.partition_key, strict=True):
            value = term.value(Receiver(column.name, column.type))
            if value is None:
                raise QueryError(f"Invalid null value in condition for column {column.name}")
            values.append(value)
        token = self._partitioner.token(self._schema.join_key(values)).value
        is_bytes = isinstance(self._partitioner, LocalPartitioner)
        data: bytes = token if is_bytes else token_type(self._partitioner).encode(token)
        return data
