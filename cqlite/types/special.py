"""Counters, reversed types, the order of partitions, and types of unknown classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cqlite.codec import be
from cqlite.types import byte_comparable as bc
from cqlite.types import layout
from cqlite.types.base import EMPTY, PACKAGE, CqlType
from cqlite.types.partitioner import Partitioner
from cqlite.types.scalars import BytesType
from cqlite.types.text import from_hex
from cqlite.types.values import CounterShard

_GLOBAL: Final = -0x8000


class CounterColumnType(CqlType):
    """``counter``: int, the sum of what all replicas contributed.

    Values are counter contexts, as cells hold them. ``encode`` takes shards, since a sum
    does not tell them; ``shards`` gives them. Counters have no order.
    """

    class_name = "CounterColumnType"
    is_counter = True

    @property
    def cql_name(self) -> str:
        return "counter"

    def shards(self, data: bytes) -> list[CounterShard]:
        """The shards in the order of their counter ids, see ``CounterContext.ContextState``.

        Raises:
            InvalidValueError: ``data`` is no counter context.
        """
        parsed = layout.parse(self, "counter_value", data)
        header = list(parsed.header_elements)
        shards = []
        for index, shard in enumerate(parsed.shards):
            kind = "remote"
            if header and header[0] in (index, index + _GLOBAL):
                kind = "global" if header.pop(0) < 0 else "local"
            shards.append(CounterShard(shard.counter_id, shard.clock, shard.count, kind))
        return shards

    def has_locals_to_clear(self, data: bytes) -> bool:
        """Whether local shards are to be taken for remote ones (``shouldClearLocal``)."""
        return bool(layout.parse(self, "counter_value", data).num_header_elements < 0)

    def decode(self, data: bytes) -> Any:
        if not data:
            return EMPTY
        return be.wrap_s64(sum(shard.count for shard in self.shards(data)))

    def encode(self, value: Any) -> bytes:
        if isinstance(value, int) or not isinstance(value, Iterable):
            self._refuse_value(value, "a counter is made of shards")
        shards: list[CounterShard] = list(value)
        header = [
            index + (_GLOBAL if shard.kind == "global" else 0)
            for index, shard in enumerate(shards)
            if shard.kind != "remote"
        ]
        parts = [
            layout.part("counter_shard", counter_id=s.counter_id, clock=s.clock, count=s.count)
            for s in shards
        ]
        return layout.build(
            "counter_value",
            num_header_elements=len(header),
            header_elements=header,
            shards=parts,
        )

    def validate(self, data: bytes) -> None:
        """Check that it is a context, see ``CounterColumnType.validateCellValue``."""
        if data:
            layout.parse(self, "counter_value", data)

    def to_json(self, data: bytes) -> str:
        """The sum, as sstabledump prints it."""
        return str(self.decode(data)) if data else '""'

    def to_string(self, data: bytes) -> str:
        return data.hex()

    def from_string(self, text: str) -> bytes:
        try:
            return from_hex(text)
        except ValueError as error:
            self._refuse_value(text, str(error))

    def to_cql_literal(self, data: bytes) -> str:
        return str(self.decode(data)) if data else "null"

    def compare(self, left: bytes, right: bytes) -> int:
        self._no_order()

    def byte_comparable(self, data: bytes) -> bytes | None:
        self._no_order()


class _Delegating(CqlType):
    """A type whose values are those of another one."""

    base: CqlType

    @property
    def cql_name(self) -> str:
        return self.base.cql_name

    @property
    def value_length_if_fixed(self) -> int:
        return self.base.value_length_if_fixed

    @property
    def subtypes(self) -> tuple[CqlType, ...]:
        return (self.base,)

    def decode(self, data: bytes) -> Any:
        return self.base.decode(data)

    def encode(self, value: Any) -> bytes:
        return self.base.encode(value)

    def validate(self, data: bytes) -> None:
        self.base.validate(data)

    def to_json(self, data: bytes) -> str:
        return self.base.to_json(data)

    def to_string(self, data: bytes) -> str:
        return self.base.to_string(data)

    def from_string(self, text: str) -> bytes:
        return self.base.from_string(text)

    def to_cql_literal(self, data: bytes) -> str:
        return self.base.to_cql_literal(data)


class ReversedType(_Delegating):
    """Values of another type in descending order: a clustering column with ``DESC``."""

    class_name = "ReversedType"
    is_reversed = True

    def __init__(self, base: CqlType) -> None:
        self.base = base

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        return f"{PACKAGE}{self.class_name}({self.base.marshal_name})"

    def unwrap(self) -> CqlType:
        return self.base.unwrap()

    def compare(self, left: bytes, right: bytes) -> int:
        return self.base.compare(right, left)

    def byte_comparable(self, data: bytes) -> bytes | None:
        encoded = self.base.byte_comparable(data)
        return None if encoded is None else bc.inverted(encoded)


class PartitionerDefinedOrder(_Delegating):
    """Partition keys in the order of their tokens: what tables of secondary indexes cluster by.

    ``key_type`` is the type of the indexed table's partition key, if the class string
    tells it; else values are ``bytes``.
    """

    class_name = "PartitionerDefinedOrder"

    def __init__(self, partitioner: Partitioner, key_type: CqlType | None = None) -> None:
        self.partitioner = partitioner
        self.key_type = key_type
        self.base = key_type if key_type is not None else BytesType()

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        key_type = f":{self.key_type.marshal_name}" if self.key_type is not None else ""
        return f"{PACKAGE}{self.class_name}({self.partitioner.name}{key_type})"

    @property
    def cql_name(self) -> str:
        return f"'{self.marshal_name}'"

    @property
    def value_length_if_fixed(self) -> int:
        return -1

    def to_string(self, data: bytes) -> str:
        return data.hex()

    def from_string(self, text: str) -> bytes:
        return BytesType().from_string(text)

    def to_cql_literal(self, data: bytes) -> str:
        return f"0x{data.hex()}"

    def compare(self, left: bytes, right: bytes) -> int:
        if not left or not right:
            return bool(left) - bool(right)
        return self.partitioner.compare(left, right)

    def byte_comparable(self, data: bytes) -> bytes | None:
        return self.partitioner.byte_comparable(data) if data else None


class CustomType(BytesType):
    """A class that is not Cassandra's own: bytes, in an order that only it knows."""

    class_name = ""

    def __init__(self, name: str) -> None:
        self._name = name

    def marshal_string(self, *, ignore_freezing: bool = False) -> str:
        return self._name

    @property
    def cql_name(self) -> str:
        return f"'{self._name}'"

    def compare(self, left: bytes, right: bytes) -> int:
        return 0 if left == right else self._no_order()

    def byte_comparable(self, data: bytes) -> bytes | None:
        self._no_order()
