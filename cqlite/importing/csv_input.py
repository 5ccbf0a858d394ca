"""CSV, with the columns' names in its first line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cqlite.errors import InvalidValueError, RowError, SchemaError, Where
from cqlite.importing.compressed import open_compressed
from cqlite.importing.convert import from_text
from cqlite.importing.inputs import InputRow, check_columns
from cqlite.schema import TableSchema

_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n?\Z)')
_BOM = b"\xef\xbb\xbf"
_MAX_RECORD = 1 << 30


class CsvInput:
    """A CSV file in UTF-8, see ``Input``.

    Nothing between two commas is null; an empty text is ``""``, as in all that
    ``cqlite export`` writes.
    """

    def __init__(self, path: Path, schema: TableSchema) -> None:
        self.path = path
        self.size = path.stat().st_size
        with open_compressed(path) as (file, _):
            head = file.readline()
        try:
            fields = _head(head.removeprefix(_BOM).decode())
        except (InvalidValueError, UnicodeDecodeError) as error:
            raise SchemaError(
                f"no names of columns in the first line: {error}", Where(path)
            ) from error
        self._names = [name or "" for name in fields]
        check_columns(self._names, schema, path)
        self._types = [column.type for name in self._names if (column := schema.column(name))]

    def rows(self) -> Iterator[InputRow]:
        with open_compressed(self.path) as (file, position):
            records = _records(file)
            next(records, None)
            for number, record in enumerate(records, 1):
                yield InputRow(number, self._content(record), position())

    def _content(self, record: bytes) -> dict[str, Any] | RowError:
        try:
            fields = _fields(record.decode())
        except UnicodeDecodeError as error:
            return RowError(f"not UTF-8 at byte {error.start} of the line")
        except InvalidValueError as error:
            return RowError(error.message)
        if len(fields) != len(self._names):
            return RowError(f"{len(fields)} fields where there are {len(self._names)} columns")
        row = {}
        for name, kind, text in zip(self._names, self._types, fields, strict=True):
            try:
                row[name] = None if text is None else from_text(kind, text)
            except InvalidValueError as error:
                return RowError(error.message, column=name)
        return row


def _records(file: BinaryIO) -> Iterator[bytes]:
    """Lines, several together where an end of line is between quotes; none that is empty."""
    lines: list[bytes] = []
    quotes = length = 0
    for line in file:
        lines.append(line)
        quotes += line.count(b'"')
        length += len(line)
        if quotes % 2 and length < _MAX_RECORD:
            continue
        if line.strip(b"\r\n") or len(lines) > 1:
            yield b"".join(lines)
        lines.clear()
        quotes = length = 0
    if lines:
        yield b"".join(lines)


def _head(line: str) -> list[str | None]:
    if not line.strip("\r\n"):
        raise InvalidValueError("it is empty")
    return _fields(line)


def _fields(record: str) -> list[str | None]:
    """The fields of a record, ``None`` where there is nothing at all."""
    found: list[str | None] = []
    position = 0
    while True:
        match = _FIELD.match(record, position)
        if match is None:
            raise InvalidValueError(f"not CSV at character {position} of the line")
        quoted, plain, end = match.groups()
        found.append(plain or None if quoted is None else quoted.replace('""', '"'))
        position = match.end()
        if end != ",":
            return found
