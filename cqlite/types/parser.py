"""Types from the class strings that SSTables hold: Cassandra's ``TypeParser``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from cqlite.errors import InvalidTypeError
from cqlite.types.base import PACKAGE, CqlType
from cqlite.types.partitioner import PACKAGE as PARTITIONERS
from cqlite.types.partitioner import parse_partitioner
from cqlite.types.text import from_hex

_BLANKS: Final = " \t\n"
_IDENTIFIER: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+._&"
)
_DEEPEST: Final = 64
_DEFAULT_PARTITIONER: Final = PARTITIONERS + "Murmur3Partitioner"

_SIMPLE: Final = {
    **dict.fromkeys(("CounterColumnType",), "special"),
    **dict.fromkeys(("ByteType", "Int32Type", "IntegerType", "LongType", "ShortType"), "numbers"),
    **dict.fromkeys(("DoubleType", "FloatType"), "floats"),
    **dict.fromkeys(("DecimalType",), "decimals"),
    **dict.fromkeys(
        ("DateType", "DurationType", "SimpleDateType", "TimeType", "TimestampType"), "temporal"
    ),
    **dict.fromkeys(
        (
            *("AsciiType", "BooleanType", "BytesType", "EmptyType", "InetAddressType"),
            *("LegacyTimeUUIDType", "LexicalUUIDType", "TimeUUIDType", "UTF8Type", "UUIDType"),
        ),
        "scalars",
    ),
}
"""Classes without parameters, and the modules that have them: few tables need all."""


@cache
def _simple(name: str) -> CqlType:
    kind: CqlType = getattr(import_module(f"cqlite.types.{_SIMPLE[name]}"), name)()
    return kind


@lru_cache(maxsize=4096)
def parse_type(text: str) -> CqlType:
    """The type that a class string says, such as ``org.apache.cassandra.db.marshal.Int32Type``.

    Classes of Cassandra's package may stand without it. A class that is not Cassandra's
    gives a :class:`~cqlite.types.special.CustomType`. No text is ``BytesType``.

    Raises:
        InvalidTypeError: the text is malformed, or a class has other parameters than it takes.
    """
    return _Parser(text, allow_unknown=True).parse_all()


@lru_cache(maxsize=4096)
def parse_known_type(text: str) -> CqlType:
    """As ``parse_type``, but a class that is not Cassandra's is an error as well."""
    return _Parser(text, allow_unknown=False).parse_all()


def _reversed(base: CqlType) -> CqlType:
    from cqlite.types.special import ReversedType

    return ReversedType(base)


class _Parser:
    def __init__(self, text: str, *, allow_unknown: bool) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.allow_unknown = allow_unknown

    # Characters.

    def fail(self, message: str) -> InvalidTypeError:
        return InvalidTypeError(f"type {self.text!r}, at character {self.at}: {message}")

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip_blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _BLANKS:
            self.at += 1

    def skip_comma(self) -> None:
        self.skip_blanks()
        if self.peek() == ",":
            self.at += 1
            self.skip_blanks()

    def expect(self, token: str) -> None:
        self.skip_blanks()
        if not self.text.startswith(token, self.at):
            raise self.fail(f"expected {token!r}")
        self.at += len(token)
        self.skip_blanks()

    def identifier(self) -> str:
        self.skip_blanks()
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in _IDENTIFIER:
            self.at += 1
        return self.text[start : self.at]

    def hex_name(self) -> str:
        digits = self.identifier()
        try:
            return from_hex(digits).decode()
        except ValueError:
            raise self.fail(f"{digits!r} is no name in hexadecimal") from None

    def has_parameters(self) -> bool:
        self.skip_blanks()
        return self.peek() == "("

    def open(self) -> None:
        if not self.has_parameters():
            raise self.fail("expected parameters")
        self.at += 1

    def closes(self) -> bool:
        """Whether the parameters end here; skips the parenthesis, or else a comma."""
        self.skip_comma()
        if not self.peek():
            raise self.fail("the text ends within parameters")
        if self.peek() == ")":
            self.at += 1
            return True
        return False

    # Types.

    def parse_all(self) -> CqlType:
        parsed = self.parse()
        self.skip_blanks()
        if self.at != len(self.text):
            raise self.fail("text after the end of the type")
        return parsed

    def parse(self) -> CqlType:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.fail(f"more than {_DEEPEST} types within one another")
        self.skip_blanks()
        start = self.at
        name = self.identifier()
        if not name:
            if self.peek() and self.peek() not in ",)":
                raise self.fail(f"unexpected character {self.peek()!r}")
            return _simple("BytesType")
        parsed = self.of_class(name, start)
        self.depth -= 1
        return parsed

    def of_class(self, name: str, start: int) -> CqlType:
        simple = name.removeprefix(PACKAGE)
        if simple in _SIMPLE:
            return self.default_parameters(_simple(simple))
        if simple in _PARAMETRIC:
            return _PARAMETRIC[simple](self)
        if not self.allow_unknown:
            raise self.fail(f"unknown class {name}")
        self.skip_parameters()
        from cqlite.types.special import CustomType

        return CustomType(self.text[start : self.at].rstrip(_BLANKS))

    def skip_parameters(self) -> None:
        """Skip what is in parentheses, whatever it is."""
        end = self.at
        if not self.has_parameters():
            self.at = end
            return
        level = 0
        while self.peek():
            level += (self.peek() == "(") - (self.peek() == ")")
            self.at += 1
            if not level:
                return
        raise self.fail("the text ends within parameters")

    def default_parameters(self, base: CqlType) -> CqlType:
        """``reversed=true`` in parentheses, which any simple type takes."""
        if not self.has_parameters():
            return base
        self.open()
        parameters = {}
        while not self.closes():
            key = self.identifier()
            if not key:
                raise self.fail(f"unexpected character {self.peek()!r}")
            self.skip_blanks()
            value = ""
            if self.peek() == "=":
                self.at += 1
                value = self.identifier()
            parameters[key] = value
        return _reversed(base) if parameters.get("reversed") in ("", "true") else base

    def types(self, number: int | None = None) -> tuple[CqlType, ...]:
        """Types in parentheses: as many as told, or any number."""
        found: list[CqlType] = []
        if self.has_parameters():
            self.open()
            while not self.closes():
                found.append(self.parse())
        if number is not None and len(found) != number:
            raise self.fail(f"{len(found)} type parameters where {number} are needed")
        return tuple(found)

    def frozen(self) -> CqlType:
        return self.types(1)[0].freeze()

    def reversed(self) -> CqlType:
        return _reversed(self.types(1)[0])

    def list(self) -> CqlType:
        from cqlite.types.collections import ListType

        elements = self.types(1)[0].freeze()
        return ListType((elements,), is_multi_cell=True)

    def set(self) -> CqlType:
        from cqlite.types.collections import SetType

        elements = self.types(1)[0].freeze()
        return SetType((elements,), is_multi_cell=True)

    def map(self) -> CqlType:
        from cqlite.types.collections import MapType

        keys, values = self.types(2)
        return MapType((keys.freeze(), values.freeze()), is_multi_cell=True)

    def tuple(self) -> CqlType:
        from cqlite.types.tuples import TupleType

        return TupleType(self.types())

    def composite(self) -> CqlType:
        from cqlite.types.composites import CompositeType

        return CompositeType(self.types())

    def dynamic_composite(self) -> CqlType:
        from cqlite.types.composites import DynamicCompositeType

        aliases: dict[str, CqlType] = {}
        if self.has_parameters():
            self.open()
            while not self.closes():
                alias = self.identifier()
                if len(alias) != 1:
                    raise self.fail(f"an alias has one character, not {alias!r}")
                self.expect("=>")
                aliases[alias] = self.parse()
        return DynamicCompositeType(aliases)

    def user_type(self) -> CqlType:
        from cqlite.types.tuples import UserType

        self.open()
        keyspace = self.identifier()
        self.skip_comma()
        name = self.hex_name()
        names: list[str] = []
        fields: list[CqlType] = []
        while not self.closes():
            names.append(self.hex_name())
            self.expect(":")
            fields.append(self.parse())
        return UserType(keyspace, name, names, fields, is_multi_cell=True)

    def vector(self) -> CqlType:
        from cqlite.types.tuples import VectorType

        self.open()
        elements = self.parse()
        self.skip_comma()
        dimension = self.identifier()
        if not dimension.isdecimal():
            raise self.fail("a vector needs a number of elements")
        self.expect(")")
        return VectorType(elements, int(dimension))

    def partitioner_defined_order(self) -> CqlType:
        if not self.has_parameters():
            return parse_partitioner(_DEFAULT_PARTITIONER).ordering(None)
        self.open()
        name = self.identifier()
        self.skip_blanks()
        key_type = None
        if self.peek() == ":":
            self.at += 1
            key_type = self.parse()
        self.expect(")")
        return parse_partitioner(name, key_type).ordering(key_type)


_PARAMETRIC: Final[dict[str, Callable[[_Parser], CqlType]]] = {
    "CompositeType": _Parser.composite,
    "DynamicCompositeType": _Parser.dynamic_composite,
    "FrozenType": _Parser.frozen,
    "ListType": _Parser.list,
    "MapType": _Parser.map,
    "PartitionerDefinedOrder": _Parser.partitioner_defined_order,
    "ReversedType": _Parser.reversed,
    "SetType": _Parser.set,
    "TupleType": _Parser.tuple,
    "UserType": _Parser.user_type,
    "VectorType": _Parser.vector,
}
