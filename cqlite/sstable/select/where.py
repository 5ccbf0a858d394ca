"""WHERE clauses of CQL as restrictions.

Follows ``org.apache.cassandra.cql3.restrictions.StatementRestrictions``: what needs
ALLOW FILTERING or an index there is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

from cqlite._cql.CqlParser import CqlParser as Cql
from cqlite.cql import parse_rule, tokenize
from cqlite.errors import SchemaError, UnsupportedFeatureError
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema
from cqlite.schema.cql_parser import name_of
from cqlite.sstable.select.clustering_relations import ClusteringRelations
from cqlite.sstable.select.plan import PositionRange, Restriction
from cqlite.sstable.select.terms import Terms
from cqlite.sstable.select.tokens import after, before, intersection, token_type
from cqlite.types import LocalPartitioner, Partitioner, Token

_SELECT: Final = "SELECT * FROM t WHERE "
_FILTERING: Final = (
    "Cannot execute this query as it might involve data filtering and thus may have "
    "unpredictable performance"
)


def compile_where(text: str, schema: TableSchema, partitioner: Partitioner) -> Restriction:
    """The restriction that a WHERE clause, without the word, is.

    Raises:
        SchemaError: it is malformed, names no column of the table, or is nothing that CQL
            allows; the message has line and column.
        InvalidValueError: a literal is no value of its column's type.
        UnsupportedFeatureError: it would need ALLOW FILTERING or an index, or is on
            columns that are no key.
    """
    compiler = _Compiler(text, schema, partitioner)
    for relation in _parse(text, compiler.terms):
        compiler.add(relation)
    return compiler.restriction()


def _parse(text: str, terms: Terms) -> Sequence[Any]:
    """The relations' trees; the text is read as the end of a SELECT statement."""
    tokens = tokenize(text)
    tree = parse_rule("query", text, [*tokenize(_SELECT)[:-1], *tokens])
    where = tree.statement().select().where()
    following = tokens[tokens.index(where.stop) + 1]
    if following.type != Cql.EOF:
        raise SchemaError(
            f"{terms.place(following)}: expected AND or the end, found {following.text!r}"
        )
    relations: Sequence[Any] = where.relation()
    return relations


class _Compiler:
    """Takes relations one by one and says what they restrict."""

    def __init__(self, text: str, schema: TableSchema, partitioner: Partitioner) -> None:
        self.terms = Terms(text)
        self._schema = schema
        self._partitioner = partitioner
        self._key: dict[int, list[bytes]] = {}
        self._positions = PositionRange()
        self._token_bounds: set[str] = set()
        self._clustering = ClusteringRelations(self.terms, schema)

    # Relations.

    def add(self, relation: Any) -> None:
        """Takes a relation into account; raises what ``compile_where`` does."""
        while isinstance(relation, Cql.RelationNestedContext):
            relation = relation.relation()
        if isinstance(relation, Cql.RelationTokenContext):
            self._add_token(relation)
        elif isinstance(relation, Cql.RelationTupleContext | Cql.RelationTupleInContext):
            self._clustering.add_tuple(relation)
        elif isinstance(relation, Cql.RelationCompareContext | Cql.RelationInContext):
            self._add_single(relation)
        else:
            self.terms.unsupported(relation, "other relations than comparisons and IN")

    def _add_single(self, relation: Any) -> None:
        column = self.terms.column(relation.columnName(), self._schema)
        if column.kind is ColumnKind.CLUSTERING:
            self._clustering.add_single(relation, column)
        elif column.kind is ColumnKind.PARTITION_KEY:
            self._add_key(relation, column)
        else:
            self.terms.unsupported(relation, "restrictions of columns outside of the primary key")

    def _add_key(self, relation: Any, column: ColumnMetadata) -> None:
        operator = self.terms.operator(relation)
        if operator not in ("=", "IN"):
            self.terms.fail(
                relation,
                "Only EQ and IN relation are supported on the partition key "
                "(unless you use the token() function)",
            )
        if column.position in self._key:
            what = "an Equal" if operator == "=" else "a IN"
            self.terms.fail(
                relation,
                f"{column.name} cannot be restricted by more than one relation "
                f"if it includes {what}",
            )
        self._key[column.position] = self.terms.values(relation, column)

    def _add_token(self, relation: Any) -> None:
        operator = relation.comparison().getText()
        if operator == "!=":
            self.terms.fail(relation, "!= cannot be used with the token function")
        self._check_token_columns(relation)
        token = self._token(relation.term())
        sides = {"start", "end"} if operator == "=" else {"start" if ">" in operator else "end"}
        names = ", ".join(column.name for column in self._schema.partition_key)
        for side in sorted(sides & self._token_bounds):
            self.terms.fail(
                relation,
                f"More than one restriction was found for the {side} bound on {names}",
            )
        self._token_bounds |= sides
        start = after(token) if operator == ">" else before(token)
        end = before(token) if operator == "<" else after(token)
        wanted = PositionRange(
            start if "start" in sides else b"",
            end if "end" in sides else None,
        )
        self._positions = intersection(self._positions, wanted)

    def _check_token_columns(self, relation: Any) -> None:
        names = [name_of(name) for name in relation.columnNames().columnName()]
        key = [column.name for column in self._schema.partition_key]
        if names == key:
            return
        if not set(key) <= set(names):
            message = (
                "The token() function must be applied to all partition key components "
                "or none of them"
            )
        elif set(names) > set(key):
            message = "The token() function must contains only partition key components"
        elif len(names) > len(key):
            message = "The token() function contains duplicate partition key components"
        else:
            message = (
                "The token function arguments must be in the partition key order: " + ", ".join(key)
            )
        self.terms.fail(relation, message)

    def _token(self, term: Any) -> Token:
        arguments = self.terms.arguments(term, "token")
        if arguments is None:
            kind = token_type(self._partitioner)
            data = self.terms.value(term, "partition key token", kind)
            is_bytes = isinstance(self._partitioner, LocalPartitioner)
            return Token(self._partitioner, data if is_bytes else kind.decode(data))
        columns = self._schema.partition_key
        if len(arguments) != len(columns):
            self.terms.fail(term, f"token() needs {len(columns)} arguments, not {len(arguments)}")
        values = [
            self.terms.value(argument, column.name, column.type)
            for argument, column in zip(arguments, columns, strict=True)
        ]
        return self._partitioner.token(self._schema.join_key(values))

    # The result.

    def restriction(self) -> Restriction:
        """What all relations together let through."""
        return Restriction(self._keys(), self._positions, self._clustering.slices())

    def _keys(self) -> tuple[bytes, ...] | None:
        if not self._key:
            return None
        columns = self._schema.partition_key
        missing = [column.name for column in columns if column.position not in self._key]
        if missing:
            raise UnsupportedFeatureError(
                f"{_FILTERING}; restrict {', '.join(missing)} too, or nothing of the key"
            )
        choices = product(*(self._key[column.position] for column in columns))
        keys = {self._schema.join_key(values) for values in choices}
        return tuple(sorted(keys, key=self._partitioner.sort_key))
