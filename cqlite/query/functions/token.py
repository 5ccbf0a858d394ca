"""Functions of a table's key and of nothing: ``TokenFct`` and ``UuidFcts``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from cqlite.query.functions.base import Argument, Function, FunctionContext, ScalarFunction
from cqlite.query.functions.factory import Factory
from cqlite.types import CompositeType, CqlType, Partitioner, parse_type

_LONG, _VARINT, _BLOB, _TEXT, _UUID = (
    parse_type(name) for name in ("LongType", "IntegerType", "BytesType", "UTF8Type", "UUIDType")
)
_TOKEN_TYPES: Final = {
    "Murmur3Partitioner": _LONG,
    "RandomPartitioner": _VARINT,
    "OrderPreservingPartitioner": _TEXT,
}


def token_type(partitioner: Partitioner) -> CqlType:
    """The type of a partitioner's tokens (``IPartitioner.getTokenValidator``)."""
    return _TOKEN_TYPES.get(partitioner.name.rpartition(".")[2], _BLOB)


class TokenFactory(Factory):
    """Makes ``token`` for the table that is asked."""

    def __init__(self) -> None:
        super().__init__("token", _never)

    def create(
        self, arguments: Sequence[Argument], receiver: CqlType | None, context: FunctionContext
    ) -> Function:
        return TokenFunction(context)


def _never(name: str, types: Sequence[CqlType], receiver: CqlType | None) -> Function:
    raise AssertionError("a token depends on the table")


class TokenFunction(ScalarFunction):
    """The token of a partition key's values; null if one of them is."""

    def __init__(self, context: FunctionContext) -> None:
        self.partitioner = context.partitioner
        types = context.partition_key_types
        super().__init__("token", token_type(self.partitioner), types)
        self.join: Callable[[Sequence[Any]], bytes] | None = None
        if len(types) > 1:
            self.join = CompositeType(types).join

    def call(self, *arguments: bytes | None) -> bytes | None:
        if any(value is None for value in arguments):
            return None
        key = self.join(arguments) if self.join is not None else arguments[0]
        token = self.partitioner.token(key or b"").value
        return token if isinstance(token, bytes) else self.return_type.encode(token)


class UuidFunction(ScalarFunction):
    """A random UUID, another one at each call."""

    is_pure = False

    def __init__(self) -> None:
        super().__init__("uuid", _UUID)

    def call(self, *arguments: bytes | None) -> bytes | None:
        from uuid import uuid4

        return uuid4().bytes
