"""Types that CQL names: ``org.apache.cassandra.cql3.CQL3Type``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from cqlite.errors import SchemaError, UnknownTypeError
from cqlite.schema.cql_ast import TypeExpr
from cqlite.types import CqlType, parse_type

if TYPE_CHECKING:
    from cqlite.types import UserType

NATIVE_TYPES: Final = {
    "ascii": "AsciiType",
    "bigint": "LongType",
    "blob": "BytesType",
    "boolean": "BooleanType",
    "counter": "CounterColumnType",
    "date": "SimpleDateType",
    "decimal": "DecimalType",
    "double": "DoubleType",
    "duration": "DurationType",
    "empty": "EmptyType",
    "float": "FloatType",
    "inet": "InetAddressType",
    "int": "Int32Type",
    "smallint": "ShortType",
    "text": "UTF8Type",
    "time": "TimeType",
    "timestamp": "TimestampType",
    "timeuuid": "TimeUUIDType",
    "tinyint": "ByteType",
    "uuid": "UUIDType",
    "varchar": "UTF8Type",
    "varint": "IntegerType",
}
"""Cassandra's classes of types by their names in CQL."""

_PARAMETERS: Final = {"frozen": 1, "list": 1, "set": 1, "vector": 1, "map": 2}

FindType = Callable[[str | None, str], "UserType | None"]
"""Finds a user-defined type by its keyspace, if that is written, and its name."""


def resolve_type(expr: TypeExpr, find: FindType) -> CqlType:
    """The type that ``expr`` says.

    Raises:
        SchemaError: it names a type that there is not, or has wrong parameters.
    """
    if expr.class_name is not None:
        return parse_type(expr.class_name)
    if expr.parameters:
        return _parametric(expr, find)
    if expr.keyspace is None and not expr.is_quoted and expr.name in NATIVE_TYPES:
        return parse_type(NATIVE_TYPES[expr.name])
    found = find(expr.keyspace, expr.name)
    if found is None:
        name = f"{expr.keyspace}.{expr.name}" if expr.keyspace else expr.name
        raise UnknownTypeError(f"there is no type {name}")
    return found


def _parametric(expr: TypeExpr, find: FindType) -> CqlType:
    wanted = _PARAMETERS.get(expr.name)
    if (expr.name == "vector") != (expr.dimension is not None) or (
        wanted is None and expr.name != "tuple"
    ):
        raise SchemaError(f"there is no type {expr.name} with such parameters")
    if wanted is not None and len(expr.parameters) != wanted:
        raise SchemaError(f"{expr.name} takes {wanted} types, not {len(expr.parameters)}")
    from cqlite.types import ListType, MapType, SetType, TupleType, VectorType

    inner = tuple(resolve_type(parameter, find) for parameter in expr.parameters)
    match expr.name:
        case "frozen":
            return inner[0].freeze()
        case "tuple":
            return TupleType(inner)
        case "vector":
            return VectorType(inner[0], expr.dimension or 0)
    frozen = tuple(parameter.freeze() for parameter in inner)
    kinds: dict[str, type[ListType] | type[SetType] | type[MapType]] = {
        "list": ListType,
        "set": SetType,
        "map": MapType,
    }
    return kinds[expr.name](frozen, is_multi_cell=True)


class TypeRegistry:
    """The user-defined types of keyspaces, which may be defined in any order.

    ``None`` is the keyspace of statements that do not tell theirs.
    """

    def __init__(self) -> None:
        self._fields: dict[tuple[str | None, str], dict[str, TypeExpr]] = {}
        self._resolved: dict[tuple[str | None, str], UserType] = {}
        self._resolving: set[tuple[str | None, str]] = set()

    def define(self, keyspace: str | None, name: str, fields: Mapping[str, TypeExpr]) -> None:
        """Define a type, or define it anew."""
        self._fields[keyspace, name] = dict(fields)
        self._resolved.clear()

    def fields(self, keyspace: str | None, name: str) -> dict[str, TypeExpr]:
        """The fields of a type, to be changed and defined anew.

        Raises:
            SchemaError: there is no such type.
        """
        try:
            return dict(self._fields[keyspace, name])
        except KeyError:
            raise SchemaError(f"there is no type {name}") from None

    def drop(self, keyspace: str | None, name: str | None = None) -> None:
        """Forget a type, or all of a keyspace."""
        for key in list(self._fields):
            if key[0] == keyspace and name in (None, key[1]):
                del self._fields[key]
        self._resolved.clear()

    def finder(self, keyspace: str | None) -> FindType:
        """Finds types for what is in ``keyspace``."""
        return lambda written, name: self.find(written or keyspace, name)

    def find(self, keyspace: str | None, name: str) -> UserType | None:
        """The type, not frozen; None if there is none.

        Raises:
            SchemaError: it is part of itself, or a field has a type that there is not.
        """
        key = (keyspace, name)
        if key not in self._fields:
            return None
        if key not in self._resolved:
            if key in self._resolving:
                raise SchemaError(f"type {name} is part of itself")
            self._resolving.add(key)
            try:
                self._resolved[key] = self._resolve(keyspace, name)
            finally:
                self._resolving.discard(key)
        return self._resolved[key]

    def _resolve(self, keyspace: str | None, name: str) -> UserType:
        from cqlite.types import UserType

        fields = self._fields[keyspace, name]
        find = self.finder(keyspace)
        types = [resolve_type(expr, find) for expr in fields.values()]
        return UserType(keyspace or "", name, list(fields), types, is_multi_cell=True)

    def of_keyspace(self, keyspace: str | None) -> dict[str, UserType]:
        """All types of a keyspace by name."""
        found = {}
        for owner, name in self._fields:
            resolved = self.find(owner, name) if owner == keyspace else None
            if resolved is not None:
                found[name] = resolved
        return found
