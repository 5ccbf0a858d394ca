"""Results as lines of JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring
from typing import Final

from cqlite.query.format.values import CSV, Forms, column_texts
from cqlite.query.functions.nulls import json_of
from cqlite.query.result import ResultSet
from cqlite.records import record


def json_lines(result: ResultSet) -> Iterator[str]:
    """Each row as a JSON object, with values as SELECT JSON has them.

    The row of a SELECT JSON is ``{"[json]": "{…}"}``.

    Raises:
        CqliteError: while the rows are read.
    """
    heads = [f"{encode_basestring(name)}: " for name in result.names]
    types = [column.type for column in result.columns]
    for row in result:
        parts = zip(heads, types, row, strict=True)
        yield "{" + ", ".join(head + json_of(kind, data) for head, kind, data in parts) + "}\n"


@record
class CsvDialect:
    """How CSV is written; quotes in values are doubled unless ``escape`` is another character.

    A string that looks as null does is in quotes, so that both can be told apart.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    forms: Forms = CSV
    header: bool = True


def csv_lines(result: ResultSet, dialect: CsvDialect) -> Iterator[str]:
    """A line of names if the dialect wants it, and one for each row.

    Raises:
        CqliteError: while the rows are read.
    """
    if dialect.header:
        yield _line(result.names, dialect)
    texts = column_texts(result.columns, dialect.forms)
    for row in result:
        yield _line([show(data) for show, data in zip(texts, row, strict=True)], dialect)


def _line(texts: Sequence[str | None], dialect: CsvDialect) -> str:
    return dialect.delimiter.join(_field(text, dialect) for text in texts) + _END


_END: Final = "\r\n"


def _field(text: str | None, dialect: CsvDialect) -> str:
    if text is None:
        return dialect.forms.null
    special = (dialect.delimiter, dialect.quote, dialect.escape, "\r", "\n")
    if text != dialect.forms.null and not any(character in text for character in special):
        return text
    if dialect.escape != dialect.quote:
        text = text.replace(dialect.escape, dialect.escape * 2)
    text = text.replace(dialect.quote, dialect.escape + dialect.quote)
    return f"{dialect.quote}{text}{dialect.quote}"
