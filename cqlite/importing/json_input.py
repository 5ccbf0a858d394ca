"""JSON lines: one object a line, with values by column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cqlite.errors import InvalidValueError, RowError
from cqlite.importing.compressed import open_compressed
from cqlite.importing.convert import from_json, parse_json
from cqlite.importing.inputs import InputRow, check_columns
from cqlite.schema import TableSchema


class JsonLinesInput:
    """A file of JSON lines, see ``Input``; the first line tells its columns beforehand."""

    def __init__(self, path: Path, schema: TableSchema) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._types = {column.name: column.type for column in schema.columns()}
        with open_compressed(path) as (file, _):
            head = next((line for line in file if line.strip()), b"")
        try:
            first = parse_json(head.decode())
        except (InvalidValueError, UnicodeDecodeError):
            # Reported with the rows, among which it may be passed over.
            return
        if isinstance(first, dict):
            check_columns(list(first), schema, path)

    def rows(self) -> Iterator[InputRow]:
        with open_compressed(self.path) as (file, position):
            for number, line in enumerate(filter(bytes.strip, file), 1):
                yield InputRow(number, self._content(line), position())

    def _content(self, line: bytes) -> dict[str, Any] | RowError:
        try:
            parsed = parse_json(line.decode())
        except UnicodeDecodeError as error:
            return RowError(f"not UTF-8 at byte {error.start} of the line")
        except InvalidValueError as error:
            return RowError(error.message)
        if not isinstance(parsed, dict):
            return RowError("not a JSON object")
        row = {}
        for name, value in parsed.items():
            if name not in self._types:
                return RowError("the table has no such column", column=name)
            try:
                row[name] = from_json(self._types[name], value)
            except InvalidValueError as error:
                return RowError(error.message, column=name)
        return row
