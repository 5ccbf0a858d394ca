"""The one tree of errors that cqlite raises.

Every error that concerns a file says which file, which component, at which byte
offset and at which field of the layout. Offsets count from the start of the
component; for a compressed Data.db they count in the uncompressed stream, unless
the error is about a compressed chunk itself.
"""

from __future__ import annotations

from pathlib import Path

from cqlite.records import record


@record
class Where:
    """A place in an SSTable: ``file`` and ``component`` as far as they are known."""

    file: str | Path | None = None
    component: str | None = None
    offset: int | None = None
    field: str | None = None

    def at(self, offset: int | None = None, field: str | None = None) -> Where:
        """The same file and component at another ``offset`` (bytes) and ``field``."""
        return Where(
            self.file,
            self.component,
            self.offset if offset is None else offset,
            self.field if field is None else field,
        )

    def __str__(self) -> str:
        parts = []
        if self.file is not None:
            parts.append(str(self.file))
        elif self.component is not None:
            parts.append(self.component)
        if self.offset is not None:
            parts.append(f"byte {self.offset}")
        if self.field is not None:
            parts.append(f"field {self.field}")
        return ", ".join(parts)


_SHOWN_BYTES = 32


def shown(data: bytes) -> str:
    """``data`` in hexadecimal for a message, cut off if it is long."""
    return f"0x{data[:_SHOWN_BYTES].hex()}" + ("..." if len(data) > _SHOWN_BYTES else "")


class CqliteError(Exception):
    """Base of all errors of this package.

    Attributes:
        message: what is wrong, without the place.
        where: the place, a :class:`Where` (all of its parts may be ``None``).
    """

    def __init__(self, message: str, where: Where | None = None) -> None:
        self.message = message
        self.where = where or Where()
        place = str(self.where)
        super().__init__(f"{place}: {message}" if place else message)


def reason_of(error: CqliteError | OSError) -> str:
    """What a user is told of an error: the place as far as it is known, and what is wrong."""
    if isinstance(error, CqliteError):
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


class NotAnSSTableError(CqliteError):
    """The path names no SSTable component (Cassandra's ``Descriptor`` cannot parse it)."""


class UnsupportedVersionError(CqliteError):
    """A version of the format that is older than ``ma``, or that is not known."""


class UnsupportedFeatureError(CqliteError):
    """Something valid that cqlite does not read or cannot do; it says what."""


class MissingComponentError(CqliteError):
    """A component that is needed for the operation is not there."""


class CorruptSSTableError(CqliteError):
    """Bytes that break the format (Cassandra's ``CorruptSSTableException``)."""


class TruncatedError(CorruptSSTableError):
    """The component ends before the field does."""


class ChecksumError(CorruptSSTableError):
    """Stored and computed checksums differ."""


class InvalidValueError(CqliteError):
    """A value that its CQL type does not allow (Cassandra's ``MarshalException``)."""


class RowError(InvalidValueError):
    """A row or a deletion that cannot be written.

    Attributes:
        row: its number, counted from 1; ``None`` if it has none.
        column: the column that is wrong, ``None`` if it is the row as a whole.
        reason: what is wrong with it.
    """

    def __init__(
        self,
        reason: str,
        *,
        row: int | None = None,
        column: str | None = None,
        where: Where | None = None,
    ) -> None:
        self.reason = reason
        self.row = row
        self.column = column
        place = [] if row is None else [f"row {row}"]
        place += [] if column is None else [f"column {column}"]
        super().__init__(": ".join([*place, reason]), where)


class SchemaError(CqliteError):
    """A schema that is missing, malformed, or does not fit the SSTable."""


class InvalidTypeError(SchemaError):
    """A type string that cannot be parsed (Cassandra's ``ConfigurationException``)."""


class UnknownTypeError(SchemaError):
    """A user-defined type that is used and not defined."""


class OutputError(CqliteError):
    """What was to be written could not be: the disk is full, or the file exists."""


class QueryError(CqliteError):
    """A statement that cannot be parsed or answered.

    Cassandra's ``SyntaxException`` and ``InvalidRequestException``, in its words where it
    has any.

    Attributes:
        statement: the text, ``None`` where who raised it didn't have it.
        at: the place in ``statement`` that it is about, in characters, if one is known.
        length: how many characters it is about, at least 1.
    """

    def __init__(
        self,
        message: str,
        *,
        statement: str | None = None,
        at: int | None = None,
        length: int = 1,
    ) -> None:
        super().__init__(message)
        self.statement = statement
        self.at = at
        self.length = max(1, length)

    def placed(self, statement: str, at: int, length: int = 1) -> QueryError:
        """The same error with its place, unless it has one."""
        if self.at is None:
            self.statement, self.at, self.length = statement, at, max(1, length)
        return self
