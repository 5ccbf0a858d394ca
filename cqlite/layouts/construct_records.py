"""Streams, scopes and records: what the generated Construct schemas work on."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from construct import ConstructError, StreamError
from construct.lib import Container, ListContainer

if TYPE_CHECKING:
    from cqlite.layouts.construct_types import Type

# Reads of more bytes than this first look at how many there are.
LARGE = 1 << 16


class ExpressionError(ConstructError):  # type: ignore[misc]
    """An expression of the spec has no answer for these bytes, or nesting is too deep."""


class UnknownError(ExpressionError):
    """While building: something that only the stream that was parsed could tell."""


# What evaluating a spec's expression raises where it has no answer: an index outside
# an array, a field that is absent, text that is no number, and the like.
FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


Expression = Callable[["Scope"], Any]


class Source:
    """A stream that is parsed, and the bits left of the byte that was read last.

    Attributes:
        stream: the seekable binary stream.
        base: offset of the stream's position 0 in the outermost stream.
        inner: whether it is a sub-stream, whose size another field tells.
    """

    __slots__ = ("_size", "base", "bits", "bits_left", "inner", "read", "seek", "stream", "tell")

    def __init__(self, stream: BinaryIO, base: int = 0, inner: bool = False) -> None:
        self.stream = stream
        self.base = base
        self.inner = inner
        self.read = stream.read
        self.seek = stream.seek
        self.tell = stream.tell
        self.bits = 0
        self.bits_left = 0
        self._size = -1

    @property
    def size(self) -> int:
        """Size of the stream in bytes (Kaitai's ``_io.size``)."""
        if self._size < 0:
            here = self.tell()
            self._size = self.seek(0, io.SEEK_END)
            self.seek(here)
        return self._size

    @property
    def pos(self) -> int:
        """Position in the stream (``_io.pos``)."""
        return self.tell()

    @property
    def eof(self) -> bool:
        """Whether nothing is left, not even bits (``_io.eof``)."""
        return self.bits_left == 0 and self.tell() >= self.size

    def take(self, size: int) -> bytes:
        """Exactly ``size`` bytes.

        Raises:
            StreamError: there are fewer, or ``size`` is negative.
        """
        if size < 0:
            raise StreamError(f"a length of {size} bytes")
        left = self.size - self.tell() if size > LARGE else size
        data = self.read(size) if size <= left else b""
        if len(data) != size:
            left = max(self.size - self.tell(), 0) + len(data)
            raise StreamError(f"{size} bytes needed, {left} left")
        return data

    def take_bits(self, count: int) -> int:
        """The next ``count`` bits, most significant first."""
        missing = count - self.bits_left
        bits = self.bits
        if missing > 0:
            width = (missing + 7) // 8
            for byte in self.take(width):
                bits = bits << 8 | byte
            missing -= width * 8
        self.bits_left = -missing
        self.bits = bits & ((1 << self.bits_left) - 1)
        return bits >> self.bits_left


class Sink:
    """A stream that is built, starting where the object was in what it was parsed from.

    Attributes:
        start: position that the first byte has in the object's own stream.
    """

    __slots__ = ("_size", "bits", "bits_left", "start", "stream", "write")

    def __init__(self, size: int | None = None, start: int = 0) -> None:
        self.stream = io.BytesIO()
        self.write = self.stream.write
        self.start = start
        self._size = size
        self.bits = 0
        self.bits_left = 0

    @property
    def size(self) -> int:
        """Size that the stream had or will have.

        Raises:
            UnknownError: the object is new, so nothing tells.
        """
        if self._size is None:
            raise UnknownError("the size of the stream is not known while building")
        return self._size

    @property
    def pos(self) -> int:
        """Position of the next byte."""
        return self.start + self.stream.tell() + (self.bits_left > 0)

    @property
    def eof(self) -> bool:
        """Whether the stream is as long as it was."""
        return self.pos >= self.size

    def tell(self) -> int:
        """Position of the next byte."""
        return self.pos

    def put_bits(self, value: int, count: int) -> None:
        """Appends ``count`` bits, most significant first."""
        if value < 0 or value >> count:
            raise ExpressionError(f"{value} does not fit in {count} bits")
        bits = self.bits << count | value
        left = self.bits_left + count
        while left >= 8:
            left -= 8
            self.write(bytes((bits >> left & 0xFF,)))
        self.bits = bits & ((1 << left) - 1)
        self.bits_left = left

    def align(self) -> None:
        """Fills the last byte up with zero bits."""
        if self.bits_left:
            self.write(bytes((self.bits << 8 - self.bits_left,)))
            self.bits = self.bits_left = 0

    def getvalue(self) -> bytes:
        """All that was written."""
        self.align()
        return self.stream.getvalue()


class Scope(dict[str, Any]):
    """What expressions of one object see: parameters, fields so far, instances on demand.

    Attributes:
        kind: the object's type.
        marks: stream positions before the first field and after each one.
        rest: bytes of the object's sub-stream after its last field.
        origin: while building, the scope of the object that was parsed, if it was.
    """

    __slots__ = ("kind", "marks", "origin", "rest")

    kind: Type
    marks: list[int]
    origin: Scope | None
    rest: bytes

    def __missing__(self, key: str) -> Any:
        compute = self.kind.computed.get(key)
        if compute is None:
            raise KeyError(key)
        value = self[key] = compute(self)
        return value


class Record(Container):  # type: ignore[misc]
    """A parsed object: the fields as items, everything else of the spec on demand.

    Items and attributes have the same names, and parameters and instances can be read
    like fields. Instances show what was parsed: they do not follow later changes of
    fields, while building computes them anew.
    """

    __slots__ = ("_scope",)
    __hash__ = None  # type: ignore[assignment]

    _scope: Scope

    def __missing__(self, key: str) -> Any:
        scope = self._scope
        if key not in scope and key not in scope.kind.computed:
            raise KeyError(key)
        try:
            return scope[key]
        except FAILURES as error:
            raise ExpressionError(f"{key}: {reason_of(error)}") from error

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and dict.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        return repr(plain(self))

    def __str__(self) -> str:
        return str(plain(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return Container, (dict(self),)

    def __copy__(self) -> Any:
        return Container(self)


set_scope: Callable[[Record, Scope], None] = Record.__dict__["_scope"].__set__


def plain(record: Mapping[str, Any]) -> Any:
    """A copy that is an ordinary Construct container all the way down."""
    result = Container()
    stored: Iterable[tuple[str, Any]] = dict.items(record)  # type: ignore[arg-type]
    for name, value in stored:
        if isinstance(value, Record):
            value = plain(value)
        elif isinstance(value, list):
            value = ListContainer(plain(i) if isinstance(i, Record) else i for i in value)
        result[name] = value
    return result


def record_class(name: str, members: tuple[str, ...]) -> type[Record]:
    """A class of records whose ``members`` are properties.

    They hide the methods of ``dict`` that have the same names, such as ``values``.
    """
    body: dict[str, Any] = {member: property(itemgetter(member)) for member in members}
    return type(name, (Record,), {"__slots__": (), **body})


def scope_of(value: object) -> Scope | None:
    """The scope of a parsed object; ``None`` for anything else."""
    return value._scope if isinstance(value, Record) else None


def span_of(record: Record, field: str) -> tuple[int, int]:
    """Start and end of a field as offsets in the outermost stream; equal if it is absent."""
    scope = record._scope
    index = scope.kind.names.index(field)
    base: int = scope["_io"].base
    return base + scope.marks[index], base + scope.marks[index + 1]


def size_of(record: Record) -> int:
    """Number of bytes that the record's fields take."""
    marks = record._scope.marks
    return marks[-1] - marks[0]


def reason_of(error: BaseException) -> str:
    """What a failure of an expression says, in one line."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return " ".join(str(error).split()) or type(error).__name__


def fail(error: BaseException, field: str, source: Source | None = None, at: int = 0) -> NoReturn:
    """Raises ``error`` as a ConstructError that knows its place.

    Args:
        field: the field or item that failed, of what is around.
        source: what was parsed, if it was parsing.
        at: where in it the field starts.
    """
    if not isinstance(error, ConstructError):
        wrapped = ExpressionError(reason_of(error))
        wrapped.__cause__ = error
        error = wrapped
    if not hasattr(error, "trail"):
        error.trail = []
        error.offset = source.base + at if source is not None else None
        error.inner = source is not None and source.inner
    error.trail.append(field)
    raise error


def finish(error: ConstructError, name: str) -> NoReturn:
    """Gives ``error`` its path and raises it."""
    trail = getattr(error, "trail", [])
    error.reason = " ".join(str(error).split())
    error.path = ".".join(reversed(trail)).replace(".[", "[")
    if not hasattr(error, "offset"):
        error.offset = None
        error.inner = False
    error.args = (f"{name}.{error.path}: {error.reason}",)
    raise error
