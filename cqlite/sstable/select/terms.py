"""Literals of CQL as serialized values: Cassandra's ``Constants.Literal`` and its kin."""

from __future__ import annotations

from typing import Any, Final, NoReturn

from cqlite._cql.CqlParser import CqlParser as Cql
from cqlite.cql import place
from cqlite.errors import CqliteError, InvalidValueError, SchemaError, UnsupportedFeatureError
from cqlite.schema import ColumnMetadata, TableSchema
from cqlite.schema.cql_parser import name_of, string_of
from cqlite.types import CqlType, ListType, MapType, SetType, TupleType, UserType, VectorType
from cqlite.types.collections import hashable

_KINDS: Final = {
    Cql.STRING_LITERAL: "STRING",
    Cql.INTEGER: "INTEGER",
    Cql.FLOAT: "FLOAT",
    Cql.K_NAN: "FLOAT",
    Cql.K_NEGATIVE_NAN: "FLOAT",
    Cql.K_INFINITY: "FLOAT",
    Cql.K_NEGATIVE_INFINITY: "FLOAT",
    Cql.BOOLEAN: "BOOLEAN",
    Cql.DURATION: "DURATION",
    Cql.UUID: "UUID",
    Cql.HEXNUMBER: "HEX",
}
_TAKEN_BY: Final = {
    "STRING": {"ascii", "text", "inet", "date", "time", "timestamp"},
    "INTEGER": {
        "bigint", "date", "decimal", "double", "duration", "float", "int", "smallint", "time",
        "timestamp", "tinyint", "varint",
    },
    "FLOAT": {"decimal", "double", "float"},
    "BOOLEAN": {"boolean"},
    "DURATION": {"duration"},
    "UUID": {"uuid", "timeuuid"},
    "HEX": {"blob"},
}  # fmt: skip
_NATIVE: Final = {name for names in _TAKEN_BY.values() for name in names}

_ELEMENTS: Final[dict[int, tuple[type[CqlType], ...]]] = {
    Cql.RULE_listLiteral: (ListType, VectorType),
    Cql.RULE_setLiteral: (SetType,),
}
_LITERALS: Final = {
    Cql.RULE_listLiteral: "list",
    Cql.RULE_setLiteral: "set",
    Cql.RULE_mapLiteral: "map",
}


class Terms:
    """Reads the terms of one text.

    Args:
        text: what the trees were parsed from, for errors.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    # Places in the text.

    def place(self, token: Any) -> str:
        """Where a token is, for a message."""
        return place(self._text, token.start)

    def at(self, context: Any) -> str:
        """Where something is, for a message."""
        return self.place(context.start)

    def written(self, context: Any) -> str:
        """Something as it is written."""
        return self._text[context.start.start : context.stop.stop + 1]

    def fail(self, context: Any, message: str) -> NoReturn:
        """Raises a SchemaError about something in the text."""
        raise SchemaError(f"{self.at(context)}: {message}")

    def unsupported(self, context: Any, what: str) -> NoReturn:
        """Raises an UnsupportedFeatureError about something in the text."""
        raise UnsupportedFeatureError(
            f"{self.at(context)}: {what} are not supported here: {self.written(context)}"
        )

    def _invalid(self, context: Any, message: str) -> NoReturn:
        raise InvalidValueError(f"{self.at(context)}: {message}")

    # Relations.

    def column(self, context: Any, schema: TableSchema) -> ColumnMetadata:
        """The column that a ``columnName`` names.

        Raises:
            SchemaError: there is none.
        """
        name = name_of(context)
        column = schema.column(name)
        if column is None:
            table = f"{schema.keyspace}.{schema.name}"
            self.fail(context, f"Undefined column name {context.getText()} in table {table}")
        return column

    def operator(self, relation: Any) -> str:
        """The operator of a comparison or IN.

        Raises:
            SchemaError: it is ``!=``.
        """
        if isinstance(relation, Cql.RelationInContext | Cql.RelationTupleInContext):
            return "IN"
        operator = str(relation.comparison().getText())
        if operator == "!=":
            self.fail(relation, f'Unsupported "!=" relation: {self.written(relation)}')
        return operator

    def values(self, relation: Any, column: ColumnMetadata) -> list[bytes]:
        """The values that a comparison or IN of one column has."""
        if not isinstance(relation, Cql.RelationInContext):
            return [self.value(relation.term(), column.name, column.type)]
        if relation.inValues().bindMarker() is not None:
            self.fail(relation, "there is nothing to bind to a marker")
        terms = relation.inValues().term()
        return [self.value(term, column.name, column.type) for term in terms]

    def arguments(self, term: Any, function: str) -> list[Any] | None:
        """The arguments of a term that is a call of ``function``, ``None`` if it is none."""
        products = term.termProduct()
        if len(products) > 1 or len(products[0].termUnary()) > 1:
            return None
        simple = products[0].termUnary()[0].simpleTerm()
        if not isinstance(simple, Cql.TermFunctionContext):
            return None
        if name_of(simple.functionName()) != function:
            return None
        return list(simple.term())

    # Values.

    def value(self, context: Any, name: str, cql: CqlType) -> bytes:
        """The serialized value of a ``term``.

        Args:
            context: its tree.
            name: the column it is for, for messages.
            cql: the column's type.

        Raises:
            InvalidValueError: it is no value of the type.
            SchemaError: it is null or a bind marker.
            UnsupportedFeatureError: it is a call of a function, or another expression.
        """
        cql = cql.unwrap()
        simple, sign = self._simple(context)
        if isinstance(simple, Cql.TermCollectionContext):
            return self._collection(simple.collectionLiteral().getChild(0), name, cql)
        if isinstance(simple, Cql.TermTupleContext):
            return self._tuple(simple.tupleLiteral(), name, cql)
        if not isinstance(simple, Cql.TermLiteralContext):
            self.unsupported(simple, "functions, casts and type hints")
        literal = simple.literal()
        if literal.K_NULL() is not None:
            self.fail(literal, f"Invalid null value in condition for column {name}")
        if literal.bindMarker() is not None:
            self.fail(literal, "there is nothing to bind to a marker")
        return self._constant(literal.constant(), sign, name, cql)

    def _simple(self, context: Any) -> tuple[Any, str]:
        """The one ``simpleTerm`` of a term, and its sign."""
        products = context.termProduct()
        if len(products) > 1 or len(products[0].termUnary()) > 1:
            self.unsupported(context, "calculations")
        unary = products[0].termUnary()[0]
        return unary.simpleTerm(), "-" if len(unary.children) > 1 else ""

    def _constant(self, context: Any, sign: str, name: str, cql: CqlType) -> bytes:
        kind = _KINDS[context.start.type]
        text = context.getText()
        if kind == "STRING":
            text = string_of(text)
        if sign and kind not in ("INTEGER", "FLOAT", "DURATION"):
            self.unsupported(context, "calculations")
        if not _takes(cql, kind):
            self._invalid(
                context,
                f'Invalid {kind} constant ({text}) for "{name}" of type {cql.cql_name}',
            )
        if kind == "HEX":
            return bytes.fromhex(text[2:]) if len(text) % 2 == 0 else self._odd(context, text)
        try:
            value = cql.from_string(sign + text)
            cql.validate(value)
        except CqliteError as error:
            self._invalid(context, error.message)
        return value

    def _odd(self, context: Any, text: str) -> NoReturn:
        self._invalid(context, f"{text} has an odd number of digits")

    def _collection(self, context: Any, name: str, cql: CqlType) -> bytes:
        try:
            return cql.encode(self._elements(context, name, cql))
        except CqliteError as error:
            if error.message.startswith("line "):
                raise
            self._invalid(context, error.message)

    def _elements(self, context: Any, name: str, cql: CqlType) -> Any:
        """A collection's or UDT's value in Python."""
        rule = context.getRuleIndex()
        if rule == Cql.RULE_userTypeLiteral and isinstance(cql, UserType):
            return self._fields(context, name, cql)
        if rule == Cql.RULE_mapLiteral and isinstance(cql, MapType):
            terms = context.term()
            return [
                (hashable(self._decoded(k, name, cql.keys)), self._decoded(v, name, cql.values))
                for k, v in zip(terms[::2], terms[1::2], strict=True)
            ]
        kinds = _ELEMENTS.get(rule, ())
        is_empty_set = rule == Cql.RULE_mapLiteral and not context.term()
        if not isinstance(cql, (SetType,) if is_empty_set else kinds):
            what = _LITERALS.get(rule, "user type")
            self._invalid(context, f"Invalid {what} literal for {name} of type {cql.cql_name}")
        assert isinstance(cql, ListType | VectorType | SetType)
        return [self._decoded(term, name, cql.elements) for term in context.term()]

    def _fields(self, context: Any, name: str, cql: UserType) -> dict[str, Any]:
        fields = {}
        for field_name, term in zip(context.name(), context.term(), strict=True):
            field = name_of(field_name)
            if field not in cql.field_names:
                message = f"Unknown field '{field}' in value of user defined type {cql.name}"
                self._invalid(context, message)
            kind = cql.fields[cql.field_names.index(field)]
            fields[field] = self._decoded(term, name, kind)
        return fields

    def _tuple(self, context: Any, name: str, cql: CqlType) -> bytes:
        terms = context.term()
        if not isinstance(cql, TupleType) or isinstance(cql, UserType):
            if len(terms) == 1:
                return self.value(terms[0], name, cql)
            self._invalid(context, f"Invalid tuple type literal for {name} of type {cql.cql_name}")
        if len(terms) > len(cql.fields):
            self._invalid(
                context,
                f"Invalid tuple literal for {name}: too many elements. Type {cql.cql_name} "
                f"expects {len(cql.fields)} but got {len(terms)}",
            )
        fields = zip(terms, cql.fields, strict=False)
        return cql.encode([self._decoded(term, name, field) for term, field in fields])

    def _decoded(self, context: Any, name: str, cql: CqlType) -> Any:
        return cql.decode(self.value(context, name, cql))


def _takes(cql: CqlType, kind: str) -> bool:
    """Whether a constant may be meant for a type; any may be for one that has no name in CQL."""
    if cql.is_collection or isinstance(cql, TupleType | UserType | VectorType):
        return False
    return cql.cql_name not in _NATIVE or cql.cql_name in _TAKEN_BY[kind]
