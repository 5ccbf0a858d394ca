"""The parts that the generated Construct schemas are made of, bar types and lists."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from construct import (
    ConstError,
    Construct,
    IntegerError,
    RangeError,
    StreamError,
    StringError,
    Subconstruct,
    ValidationError,
)

from cqlite.codec import be, ieee
from cqlite.layouts.construct_records import (
    Expression,
    Scope,
    Sink,
    Source,
    UnknownError,
    reason_of,
    scope_of,
)


def to_enum(enum: type[IntEnum], value: int) -> int:
    """The member of ``enum`` with that number, or the number if there is none."""
    return enum._value2member_map_.get(value, value)  # type: ignore[return-value]


def substring(text: str, start: int, end: int) -> str:
    """Characters ``start`` up to, without, ``end``; the spec has to keep inside the text."""
    if not 0 <= start <= end <= len(text):
        raise IndexError(f"characters {start} to {end} of {len(text)}")
    return text[start:end]


def evaluate(value: Any, scope: Scope) -> Any:
    return value(scope) if callable(value) else value


def expected(value: Any, scope: Scope, given: int) -> int:
    """What an expression gives while building, or ``given`` where that cannot be told."""
    try:
        return int(evaluate(value, scope))
    except UnknownError:
        return given


class Leaf(Construct):  # type: ignore[misc]
    """A construct without subconstructs.

    Attributes:
        goes_on: whether what it reads may go on inside the byte where bits ended.
    """

    goes_on = False


class Wrapper(Subconstruct):  # type: ignore[misc]
    """A construct around another; ``goes_on`` as in :class:`Leaf`."""

    @property
    def goes_on(self) -> bool:
        return bool(self.subcon.goes_on)


class Integer(Leaf):
    """``width`` bytes in two's complement or unsigned."""

    def __init__(self, width: int, signed: bool, little: bool = False) -> None:
        super().__init__()
        self.width = width
        self.unpack = be.unpack_signed if signed else be.unpack_unsigned
        self.pack = be.pack_signed if signed else be.pack_unsigned
        self.step = -1 if little else 1

    def _parse(self, stream: Source, context: Scope, path: Any) -> int:
        data = stream.take(self.width)
        return self.unpack(data[:: self.step], self.width)

    def _build(self, obj: int, stream: Sink, context: Scope, path: Any) -> int:
        try:
            stream.write(self.pack(obj, self.width)[:: self.step])
        except (ValueError, AttributeError) as error:
            raise IntegerError(reason_of(error)) from error
        return obj


class Float(Leaf):
    """A number of IEEE 754 of 4 or 8 bytes."""

    def __init__(self, width: int, little: bool = False) -> None:
        super().__init__()
        self.width = width
        self.unpack = ieee.unpack_f4 if width == 4 else ieee.unpack_f8
        self.pack = ieee.pack_f4 if width == 4 else ieee.pack_f8
        self.step = -1 if little else 1

    def _parse(self, stream: Source, context: Scope, path: Any) -> float:
        return self.unpack(stream.take(self.width)[:: self.step])

    def _build(self, obj: float, stream: Sink, context: Scope, path: Any) -> float:
        stream.write(self.pack(obj)[:: self.step])
        return obj


class Byte(Integer):
    """One unsigned byte, the most frequent number by far."""

    def _parse(self, stream: Source, context: Scope, path: Any) -> int:
        data = stream.read(1)
        if not data:
            raise StreamError("1 bytes needed, 0 left")
        return data[0]


Int8ub = Byte(1, signed=False)
Int8sb = Integer(1, signed=True)
Int16ub = Integer(2, signed=False)
Int16sb = Integer(2, signed=True)
Int32ub = Integer(4, signed=False)
Int32sb = Integer(4, signed=True)
Int64ub = Integer(8, signed=False)
Int64sb = Integer(8, signed=True)
Int16ul = Integer(2, signed=False, little=True)
Int16sl = Integer(2, signed=True, little=True)
Int32ul = Integer(4, signed=False, little=True)
Int32sl = Integer(4, signed=True, little=True)
Int64ul = Integer(8, signed=False, little=True)
Int64sl = Integer(8, signed=True, little=True)
Float32b = Float(4)
Float64b = Float(8)
Float32l = Float(4, little=True)
Float64l = Float(8, little=True)


class Bits(Leaf):
    """``width`` bits; a boolean if ``flag``. Goes on in the byte where the bits before ended."""

    goes_on = True

    def __init__(self, width: int, flag: bool = False) -> None:
        super().__init__()
        self.width = width
        self.flag = flag

    def _parse(self, stream: Source, context: Scope, path: Any) -> int:
        value = stream.take_bits(self.width)
        return bool(value) if self.flag else value

    def _build(self, obj: int, stream: Sink, context: Scope, path: Any) -> int:
        stream.put_bits(int(obj), self.width)
        return obj


class Data(Leaf):
    """``size`` bytes (a number or an expression), or all up to the end if ``None``."""

    def __init__(self, size: Any = None) -> None:
        super().__init__()
        self.size = size

    def _parse(self, stream: Source, context: Scope, path: Any) -> bytes:
        if self.size is None:
            return stream.read()
        return stream.take(self.size(context) if callable(self.size) else self.size)

    def _build(self, obj: bytes, stream: Sink, context: Scope, path: Any) -> bytes:
        if not isinstance(obj, bytes | bytearray | memoryview):
            raise ValidationError(f"{type(obj).__name__} given for bytes")
        size = len(obj) if self.size is None else expected(self.size, context, len(obj))
        if size != len(obj):
            raise RangeError(f"{len(obj)} bytes given, the size is {size}")
        stream.write(obj)
        return obj


class Text(Data):
    """Text in ``encoding`` of ``size`` bytes, or up to the end if ``None``."""

    def __init__(self, encoding: str, size: Any = None) -> None:
        super().__init__(size)
        self.encoding = encoding

    def _parse(self, stream: Source, context: Scope, path: Any) -> str:  # type: ignore[override]
        return _decode(super()._parse(stream, context, path), self.encoding)

    def _build(self, obj: Any, stream: Sink, context: Scope, path: Any) -> Any:
        super()._build(_encode(obj, self.encoding), stream, context, path)
        return obj


class OpenLine(str):
    """A line that the end of the stream ended, not a terminator."""

    __slots__ = ()


class Line(Leaf):
    """Text up to a ``terminator`` byte, which may be missing at the end if ``open_end``."""

    def __init__(self, encoding: str, terminator: int, open_end: bool) -> None:
        super().__init__()
        self.encoding = encoding
        self.terminator = bytes((terminator,))
        self.open_end = open_end

    def _parse(self, stream: Source, context: Scope, path: Any) -> str:
        data = bytearray()
        while byte := stream.read(1):
            if byte == self.terminator:
                return _decode(bytes(data), self.encoding)
            data += byte
        if not self.open_end:
            raise StreamError(f"no terminator {self.terminator!r}")
        return OpenLine(_decode(bytes(data), self.encoding))

    def _build(self, obj: Any, stream: Sink, context: Scope, path: Any) -> Any:
        data = _encode(obj, self.encoding)
        if self.terminator in data:
            raise ValidationError(f"text with the terminator {self.terminator!r} in it")
        stream.write(data if isinstance(obj, OpenLine) else data + self.terminator)
        return obj


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise StringError(reason_of(error)) from error


def _encode(text: Any, encoding: str) -> bytes:
    try:
        encoded: bytes = text.encode(encoding)
    except (AttributeError, UnicodeEncodeError) as error:
        raise StringError(reason_of(error)) from error
    return encoded


class Contents(Leaf):
    """These very bytes."""

    def __init__(self, contents: bytes) -> None:
        super().__init__()
        self.contents = contents

    def _parse(self, stream: Source, context: Scope, path: Any) -> bytes:
        return self._same(stream.take(len(self.contents)))

    def _same(self, data: bytes) -> bytes:
        if data != self.contents:
            raise ConstError(f"{self.contents!r} expected, found {data!r}")
        return data

    def _build(self, obj: bytes, stream: Sink, context: Scope, path: Any) -> bytes:
        stream.write(self._same(bytes(obj)))
        return obj


class Sized(Wrapper):
    """A sub-stream of ``size`` bytes, or up to the end if ``None``, in which the rest stands.

    Bytes that are left over in it are kept with the object, and built again.
    """

    goes_on = False

    def __init__(self, subcon: Construct, size: Any = None) -> None:
        super().__init__(subcon)
        self.size = size

    def _parse(self, stream: Source, context: Scope, path: Any) -> Any:
        start = stream.base + stream.tell()
        size = self.size
        data = stream.read() if size is None else stream.take(evaluate(size, context))
        inner = Source(io.BytesIO(data), start, inner=True)
        value = self.subcon._parse(inner, context, path)
        scope = scope_of(value)
        if scope is not None:
            scope.rest = inner.read()
        return value

    def _build(self, obj: Any, stream: Sink, context: Scope, path: Any) -> Any:
        origin = scope_of(obj)
        size = origin["_io"].size if origin else None
        if self.size is not None:
            size = expected(self.size, context, -1 if size is None else size)
        inner = Sink(None if size == -1 else size)
        value = self.subcon._build(obj, inner, context, path)
        data = inner.getvalue() + (origin.rest if origin else b"")
        if self.size is not None and size not in (-1, len(data)):
            raise RangeError(f"{len(data)} bytes built, the size is {size}")
        stream.write(data)
        return value


class Choice(Wrapper):
    """An integer as a member of ``enum``, or as it is where the enum has no such member."""

    def __init__(self, subcon: Construct, enum: type[IntEnum]) -> None:
        super().__init__(subcon)
        self.members: Mapping[Any, Any] = enum._value2member_map_

    def _parse(self, stream: Source, context: Scope, path: Any) -> int:
        value: int = self.subcon._parse(stream, context, path)
        member: int = self.members.get(value, value)
        return member

    def _build(self, obj: int, stream: Sink, context: Scope, path: Any) -> int:
        self.subcon._build(int(obj), stream, context, path)
        member: int = self.members.get(int(obj), int(obj))
        return member


class Valid(Wrapper):
    """A value that has to pass a ``check`` of scope and value; ``rule`` is its text."""

    def __init__(self, subcon: Construct, check: Callable[[Scope, Any], bool], rule: str) -> None:
        super().__init__(subcon)
        self.check = check
        self.rule = rule

    def _parse(self, stream: Source, context: Scope, path: Any) -> Any:
        value = self.subcon._parse(stream, context, path)
        if not self.check(context, value):
            raise ValidationError(f"{value!r} is not valid: {self.rule}")
        return value

    def _build(self, obj: Any, stream: Sink, context: Scope, path: Any) -> Any:
        value = self.subcon._build(obj, stream, context, path)
        if not self.check(context, value):
            raise ValidationError(f"{value!r} is not valid: {self.rule}")
        return value


class Switch(Leaf):
    """The case for the value of ``on``, else ``default``; nothing if that is ``None``."""

    goes_on = True

    def __init__(
        self, on: Expression, cases: Mapping[Any, Construct], default: Construct | None = None
    ) -> None:
        super().__init__()
        self.on = on
        self.cases = cases
        self.default = default

    def _parse(self, stream: Source, context: Scope, path: Any) -> Any:
        case = self.cases.get(self.on(context), self.default)
        if case is None:
            return None
        if not case.goes_on:
            stream.bits_left = 0
        return case._parse(stream, context, path)

    def _build(self, obj: Any, stream: Sink, context: Scope, path: Any) -> Any:
        case = self.cases.get(self.on(context), self.default)
        if (case is None) != (obj is None):
            what = "a value is given where no case applies" if obj else "no value is given"
            raise ValidationError(what)
        if case is None:
            return None
        if not case.goes_on:
            stream.align()
        return case._build(obj, stream, context, path)
