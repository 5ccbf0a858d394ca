"""Arrow arrays from serialized values, one builder for each Arrow type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from cqlite.codec import be
from cqlite.errors import InvalidValueError
from cqlite.sstable.select.arrow_types import arrow_type, column_type, pyarrow
from cqlite.sstable.select.plan import Empty, OutputColumn
from cqlite.types import (
    CqlType,
    ListType,
    MapType,
    SetType,
    TupleType,
    UserType,
    VectorType,
    parse_type,
)
from cqlite.types.text import decimal_text, integer_text

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = _EPOCH.date().toordinal()
_MILLISECOND: Final = timedelta(milliseconds=1)


class Builder(ABC):
    """Collects values of one type.

    Args:
        cql: the values' type.
        empty: what becomes of values without bytes.
    """

    has_empty = False
    """Whether a value without bytes is an ordinary one."""

    def __init__(self, cql: CqlType, empty: Empty) -> None:
        self.cql = cql
        self.empty = empty

    def append(self, data: bytes | None) -> None:
        """Adds a serialized value, ``None`` for null.

        Raises:
            InvalidValueError: it is no value of the type, or one that Arrow doesn't have.
        """
        if data is None:
            self.append_null()
        elif data or self.has_empty:
            self.append_value(data)
        elif self.empty == "null":
            self.append_null()
        else:
            raise InvalidValueError(
                f"a {self.cql.cql_name} without bytes, which Arrow has no value for; "
                "it becomes null where empty values are asked to"
            )

    @abstractmethod
    def append_null(self) -> None:
        """Adds a null."""

    @abstractmethod
    def append_value(self, data: bytes) -> None:
        """Adds a value that Arrow has; see ``append``."""

    @abstractmethod
    def finish(self, length: int) -> pa.Array:
        """The first ``length`` values; what follows them is of a row that failed."""


class _Scalars(Builder):
    """Values without parts, each converted to what pyarrow takes for ``storage``."""

    def __init__(
        self,
        cql: CqlType,
        empty: Empty,
        convert: Callable[[bytes], Any],
        type: pa.DataType,
        storage: pa.DataType | None = None,
    ) -> None:
        super().__init__(cql, empty)
        self._convert = convert
        self._type = type
        self._storage = storage
        self._values: list[Any] = []

    def append_null(self) -> None:
        self._values.append(None)

    def append_value(self, data: bytes) -> None:
        self._values.append(self._convert(data))

    def finish(self, length: int) -> pa.Array:
        pa = pyarrow()
        values = pa.array(self._values[:length], self._storage or self._type)
        if isinstance(self._type, pa.BaseExtensionType):
            return pa.ExtensionArray.from_storage(self._type, values)
        return values if self._storage is None else values.view(self._type)


class _Bytes(_Scalars):
    """Text and bytes, which may be empty."""

    has_empty = True


class _Nothing(Builder):
    """Values of ``empty``, all of which are null in Arrow."""

    has_empty = True

    def append_null(self) -> None:
        """Nothing to keep."""

    def append_value(self, data: bytes) -> None:
        if data:
            self.cql.decode(data)

    def finish(self, length: int) -> pa.Array:
        return pyarrow().nulls(length)


class _Lists(Builder):
    """Lists and sets."""

    def __init__(self, cql: ListType | SetType, empty: Empty, type: pa.DataType) -> None:
        super().__init__(cql, empty)
        self._split = cql.split
        self._type = type
        self._takes_null = isinstance(cql, ListType)
        self._items = builder_of(cql.elements, empty)
        self._offsets = [0]
        self._nulls: list[bool] = []

    def append_null(self) -> None:
        self._offsets.append(self._offsets[-1])
        self._nulls.append(True)

    def append_value(self, data: bytes) -> None:
        elements = self._split(data)
        for (part,) in elements:
            if part is None and not self._takes_null:
                raise InvalidValueError(f"a null in a {self.cql.cql_name}")
            self._items.append(part)
        self._offsets.append(self._offsets[-1] + len(elements))
        self._nulls.append(False)

    def finish(self, length: int) -> pa.Array:
        pa = pyarrow()
        items = self._items.finish(self._offsets[length])
        offsets = pa.array(self._offsets[: length + 1], pa.int32())
        mask = pa.array(self._nulls[:length], pa.bool_())
        return pa.ListArray.from_arrays(offsets, items, type=self._type, mask=mask)


class _Maps(Builder):
    def __init__(self, cql: MapType, empty: Empty, type: pa.DataType) -> None:
        super().__init__(cql, empty)
        self._split = cql.split
        self._type = type
        self._keys = builder_of(cql.keys, "error")
        self._values = builder_of(cql.values, empty)
        self._offsets = [0]
        self._nulls: list[bool] = []

    def append_null(self) -> None:
        self._offsets.append(self._offsets[-1])
        self._nulls.append(True)

    def append_value(self, data: bytes) -> None:
        entries = self._split(data)
        for key, value in entries:
            if key is None or value is None:
                raise InvalidValueError(f"a null in a {self.cql.cql_name}")
            self._keys.append(key)
            self._values.append(value)
        self._offsets.append(self._offsets[-1] + len(entries))
        self._nulls.append(False)

    def finish(self, length: int) -> pa.Array:
        pa = pyarrow()
        count = self._offsets[length]
        offsets = pa.array(self._offsets[: length + 1], pa.int32())
        mask = pa.array(self._nulls[:length], pa.bool_())
        keys, values = self._keys.finish(count), self._values.finish(count)
        return pa.MapArray.from_arrays(offsets, keys, values, type=self._type, mask=mask)


class _Structs(Builder):
    """Tuples and user-defined types."""

    def __init__(self, cql: TupleType | UserType, empty: Empty, type: pa.DataType) -> None:
        super().__init__(cql, empty)
        self._split = cql.split
        self._type = type
        self._fields = [builder_of(field, empty) for field in cql.fields]
        self._nulls: list[bool] = []

    def append_null(self) -> None:
        for field in self._fields:
            field.append_null()
        self._nulls.append(True)

    def append_value(self, data: bytes) -> None:
        parts = self._split(data)
        parts += [None] * (len(self._fields) - len(parts))
        for field, part in zip(self._fields, parts, strict=True):
            field.append(part)
        self._nulls.append(False)

    def finish(self, length: int) -> pa.Array:
        pa = pyarrow()
        fields = [field.finish(length) for field in self._fields]
        mask = pa.array(self._nulls[:length], pa.bool_())
        return pa.StructArray.from_arrays(fields, fields=list(self._type), mask=mask)


class _Vectors(Builder):
    def __init__(self, cql: VectorType, empty: Empty, type: pa.DataType) -> None:
        super().__init__(cql, empty)
        self._split = cql.split
        self._type = type
        self._dimension = cql.dimension
        self._items = builder_of(cql.elements, empty)
        self._nulls: list[bool] = []

    def append_null(self) -> None:
        for _ in range(self._dimension):
            self._items.append_null()
        self._nulls.append(True)

    def append_value(self, data: bytes) -> None:
        for part in self._split(data):
            self._items.append(part)
        self._nulls.append(False)

    def finish(self, length: int) -> pa.Array:
        pa = pyarrow()
        items = self._items.finish(length * self._dimension)
        mask = pa.array(self._nulls[:length], pa.bool_())
        return pa.FixedSizeListArray.from_arrays(items, type=self._type, mask=mask)


def column_builder(column: OutputColumn, empty: Empty) -> Builder:
    """The builder of an output column; values of many cells come in their frozen form."""
    cql = parse_type(column.type).unwrap().freeze()
    if column.decimal is None:
        return builder_of(cql, empty)
    precision, scale = column.decimal

    def convert(data: bytes) -> Decimal:
        return _exactly(cql, data, precision, scale)

    return _Scalars(cql, empty, convert, column_type(column))


def builder_of(cql: CqlType, empty: Empty) -> Builder:
    """The builder of a type's values."""
    cql = cql.unwrap()
    type = arrow_type(cql)
    if isinstance(cql, ListType | SetType):
        return _Lists(cql, empty, type)
    if isinstance(cql, MapType):
        return _Maps(cql, empty, type)
    if isinstance(cql, VectorType):
        return _Vectors(cql, empty, type)
    if isinstance(cql, UserType | TupleType):
        return _Structs(cql, empty, type)
    return _scalar_builder(cql, empty, type)


def _scalar_builder(cql: CqlType, empty: Empty, type: pa.DataType) -> Builder:
    pa = pyarrow()
    name = cql.class_name
    if name == "EmptyType":
        return _Nothing(cql, empty)
    if type == pa.binary():
        return _Bytes(cql, empty, bytes, type)
    if name in ("AsciiType", "UTF8Type"):
        return _Bytes(cql, empty, cql.decode, type)
    if name == "DecimalType":
        # Its own text would take a scale without any digits.
        return _Scalars(cql, empty, lambda data: decimal_text(cql.decode(data)), type)
    if type == pa.string():
        return _Scalars(cql, empty, cql.to_string, type)
    if isinstance(type, pa.BaseExtensionType):
        return _Scalars(cql, empty, lambda data: cql.decode(data).bytes, type, type.storage_type)
    if name == "DurationType":
        return _Scalars(cql, empty, lambda data: tuple(cql.decode(data)), type)
    if name in _INTEGERS:
        bits, convert = _INTEGERS[name]
        return _Scalars(cql, empty, partial(convert, cql), type, pa.type_for_alias(bits))
    return _Scalars(cql, empty, cql.decode, type)


def _bits(cql: CqlType, data: bytes) -> int:
    """A floating-point number's bits: all of them, also those of a NaN."""
    cql.validate(data)
    return be.unpack_signed(data, len(data))


def _days(cql: CqlType, data: bytes) -> int:
    value = cql.decode(data)
    return value.toordinal() - _EPOCH_DAY if isinstance(value, date) else int(value)


def _millis(cql: CqlType, data: bytes) -> int:
    value = cql.decode(data)
    return (value - _EPOCH) // _MILLISECOND if isinstance(value, datetime) else int(value)


def _nanoseconds(cql: CqlType, data: bytes) -> int:
    # Its text is only there of a time within the day.
    cql.to_string(data)
    return int(cql.decode(data))


_INTEGERS: Final[dict[str, tuple[str, Callable[[CqlType, bytes], int]]]] = {
    "DateType": ("int64", _millis),
    "DoubleType": ("int64", _bits),
    "FloatType": ("int32", _bits),
    "SimpleDateType": ("int32", _days),
    "TimeType": ("int64", _nanoseconds),
    "TimestampType": ("int64", _millis),
}
"""Types whose values are integers to Arrow, too: of how many bits, and which."""


def _exactly(cql: CqlType, data: bytes, precision: int, scale: int) -> Decimal:
    """A decimal or varint as one with ``scale`` digits after the point.

    Raises:
        InvalidValueError: it has more digits, before or after the point.
    """
    value = cql.decode(data)
    if not isinstance(value, Decimal):
        value = Decimal(integer_text(value))
    sign, digits, exponent = value.as_tuple()
    if not any(digits):
        return Decimal((0, (0,), -scale))
    assert isinstance(exponent, int)
    text = "".join(map(str, digits)).lstrip("0")
    shift = exponent + scale
    if 0 < -shift < len(text) and text.endswith("0" * -shift):
        text, shift = text[:shift], 0
    if shift < 0 or len(text) + shift > precision:
        raise InvalidValueError(
            f"{cql.to_string(data)} is no decimal of {precision} digits, {scale} after the point"
        )
    return Decimal((sign, tuple(map(int, text + "0" * shift)), -scale))
