"""What SQL answers, as text for people and as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from cqlite.export.text_forms import json_texts, plain_texts
from cqlite.sstable.select.arrow_types import pyarrow

if TYPE_CHECKING:
    import pyarrow as pa

_CONTROLS: Final = {number: f"\\x{number:02x}" for number in (*range(32), 127)} | {10: "\\n"}


def supported(schema: pa.Schema) -> pa.Schema:
    """``schema`` with the types of this package where DuckDB has several for one thing."""
    pa = pyarrow()
    return pa.schema([pa.field(field.name, _supported(field.type)) for field in schema])


def _supported(kind: pa.DataType) -> pa.DataType:
    pa = pyarrow()
    if pa.types.is_dictionary(kind):
        return _supported(kind.value_type)
    if pa.types.is_string_view(kind) or pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_binary_view(kind) or pa.types.is_large_binary(kind):
        return pa.binary()
    return kind


def json_lines(batch: pa.RecordBatch) -> list[str]:
    """Each row as a JSON object; decimals, as which DuckDB gives sums, are numbers."""
    names = [encode_basestring(name) for name in batch.schema.names]
    columns = [_json(column) for column in batch.columns]
    return [
        "{" + ", ".join(f"{n}: {v}" for n, v in zip(names, row, strict=True)) + "}"
        for row in zip(*columns, strict=True)
    ]


def _json(column: pa.Array) -> list[str]:
    if pyarrow().types.is_decimal(column.type):
        return ["null" if text is None else text for text in plain_texts(column)]
    return json_texts(column)


def table_lines(batch: pa.RecordBatch) -> Iterator[str]:
    """Rows below a line of names, as cqlsh prints them."""
    columns = [
        ["null" if text is None else text.translate(_CONTROLS) for text in plain_texts(column)]
        for column in batch.columns
    ]
    names = list(batch.schema.names)
    widths = [max(map(_width, (name, *texts))) for name, texts in zip(names, columns, strict=True)]
    is_right = [_is_number(field.type) for field in batch.schema]
    yield _line(names, widths, [False] * len(names))
    yield "+".join("-" * (width + 2) for width in widths)
    for row in zip(*columns, strict=True):
        yield _line(row, widths, is_right)


def _is_number(kind: pa.DataType) -> bool:
    types = pyarrow().types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def _line(texts: Sequence[str], widths: Sequence[int], is_right: Sequence[bool]) -> str:
    cells = []
    for text, width, right in zip(texts, widths, is_right, strict=True):
        space = " " * (width - _width(text))
        cells.append(f" {space}{text} " if right else f" {text}{space} ")
    return "|".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
