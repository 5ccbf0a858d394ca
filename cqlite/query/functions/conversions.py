"""``CAST``, and functions from and to blobs: ``CastFcts`` and ``BytesConversionFcts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cqlite.errors import InvalidValueError, QueryError
from cqlite.query.functions import numeric, times
from cqlite.query.functions.base import ScalarFunction
from cqlite.query.functions.clock import Conversion
from cqlite.query.functions.nulls import is_null
from cqlite.schema.resolve import NATIVE_TYPES
from cqlite.terms.names import cast_name
from cqlite.types import CqlType, parse_type

_OLD_CAST: Final = "castAs"

# Types by the names that functions are called after.
_NATIVE: Final = {
    name: parse_type(class_name) for name, class_name in NATIVE_TYPES.items() if name != "blob"
}
_BLOB: Final = parse_type("BytesType")
_TEXTS: Final = (_NATIVE["ascii"], _NATIVE["text"])


def functions() -> Iterator[ScalarFunction]:
    """All casts and all conversions of blobs, those with older names too."""
    for old in (False, True):
        yield from _casts(old=old)
        for name, kind in _NATIVE.items():
            yield _ToBlob(f"{name}asblob" if old else f"{name}_as_blob", kind)
            yield _FromBlob(f"blobas{name}" if old else f"blob_as_{name}", kind, name)


def _casts(*, old: bool) -> Iterator[ScalarFunction]:
    for source in numeric.NUMERIC:
        for target in numeric.NUMERIC:
            if target not in (source, numeric.COUNTER):
                yield _NumericCast(source, target, old=old)
        for text in _TEXTS:
            yield _TextCast(source.type, text, old=old)
    yield _AsciiCast(old=old)
    for name in ("inet", "boolean", "timeuuid", "timestamp", "date", "time", "uuid"):
        for text in _TEXTS:
            yield _TextCast(_NATIVE[name], text, old=old)
    for origin, result in (
        (times.TIMEUUID, times.DATE),
        (times.TIMEUUID, times.TIMESTAMP),
        (times.TIMESTAMP, times.DATE),
        (times.DATE, times.TIMESTAMP),
    ):
        yield _TemporalCast(_name(result.type, old=old), origin, result)


def _name(target: CqlType, *, old: bool) -> str:
    return _OLD_CAST + target.cql_name.capitalize() if old else cast_name(target.cql_name)


def _cast_title(function: ScalarFunction, names: Sequence[str]) -> str:
    return f"cast({names[0]} as {function.return_type.cql_name})"


class _Cast(ScalarFunction):
    def __init__(self, source: CqlType, target: CqlType, *, old: bool) -> None:
        super().__init__(_name(target, old=old), target, (source,))

    def column_name(self, names: Sequence[str]) -> str:
        return _cast_title(self, names)


class _TemporalCast(Conversion):
    def column_name(self, names: Sequence[str]) -> str:
        return _cast_title(self, names)


class _NumericCast(_Cast):
    def __init__(
        self, source: numeric.NumericType, target: numeric.NumericType, *, old: bool
    ) -> None:
        super().__init__(source.type, target.type, old=old)
        self.source, self.target = source, target
        self.convert = self._converter()

    def _converter(self) -> Callable[[Any], Any]:
        if self.target is numeric.DECIMAL:
            return self._decimal
        if self.target is numeric.VARINT:
            return numeric.LONG.of
        return self.target.of

    def _decimal(self, number: Any) -> Decimal:
        if not isinstance(number, float):
            return Decimal(number)
        text = self.source.type.to_json(self.source.dump(number))
        try:
            return Decimal(text)
        except InvalidOperation:
            # What Java's constructor says of Infinity and NaN.
            raise QueryError(
                f"Character {'N' if number != number else 'I'} is neither a decimal digit number, "
                'decimal point, nor "e" notation exponential mark.'
            ) from None

    def call(self, *arguments: bytes | None) -> bytes | None:
        number = self.source.load(arguments[0])
        return None if number is None else self.target.dump(self.convert(number))


class _TextCast(_Cast):
    """A value's CQL literal without quotes."""

    def call(self, *arguments: bytes | None) -> bytes | None:
        (data,) = arguments
        kind = self.argument_types[0]
        if data is None or is_null(kind, data):
            return None
        # Counters come as the bigint of their sum.
        kind = _NATIVE["bigint"] if kind.is_counter else kind
        return kind.to_cql_literal(data).strip("'").encode()


class _AsciiCast(_Cast):
    def __init__(self, *, old: bool) -> None:
        super().__init__(*_TEXTS, old=old)

    def call(self, *arguments: bytes | None) -> bytes | None:
        return arguments[0]


class _ToBlob(ScalarFunction):
    def __init__(self, name: str, source: CqlType) -> None:
        super().__init__(name, _BLOB, (source,))

    def call(self, *arguments: bytes | None) -> bytes | None:
        return arguments[0]


class _FromBlob(ScalarFunction):
    def __init__(self, name: str, target: CqlType, shown: str) -> None:
        super().__init__(name, target, (_BLOB,))
        self.shown = shown

    def call(self, *arguments: bytes | None) -> bytes | None:
        (data,) = arguments
        if data is not None:
            try:
                # A counter's value is the bigint of its sum here.
                kind = self.return_type
                (_NATIVE["bigint"] if kind.is_counter else kind).validate(data)
            except InvalidValueError:
                raise QueryError(
                    f"In call to function {self.full_name}, value 0x{data.hex()} is not a valid "
                    f"binary representation for type {self.shown}"
                ) from None
        return data
