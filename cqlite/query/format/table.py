"""Results as tables of text, as cqlsh prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Final

from cqlite.query.format.values import TERMINAL, column_texts
from cqlite.query.result import ResultColumn, ResultSet
from cqlite.records import record

SCREEN_ROWS: Final = 100
"""Rows that are shown before the terminal waits, as in cqlsh."""

_FILE_ROWS: Final = 10_000
_RESET: Final = "\x1b[0m"
_TITLE: Final = "\x1b[0;1;35m"
_NULL: Final = "\x1b[0;1;31m"
_STRING: Final = "\x1b[0;1;33m"
_OTHER: Final = "\x1b[0;1;32m"
_NESTED: Final = "\x1b[0;1;34m"


@record
class Look:
    """How tables are shown.

    Attributes:
        is_colored: whether there are colours, for terminals.
        is_expanded: whether each row is shown as lines of columns and values.
        page_rows: rows whose widths are taken together.
        ask_for_more: called between pages; false ends the table. None for no pages.
    """

    is_colored: bool = False
    is_expanded: bool = False
    page_rows: int = _FILE_ROWS
    ask_for_more: Callable[[], bool] | None = None


@record
class _Cell:
    text: str
    width: int
    color: str

    def left(self, width: int, *, is_colored: bool) -> str:
        return self._shown(is_colored) + " " * (width - self.width)

    def right(self, width: int, *, is_colored: bool) -> str:
        return " " * (width - self.width) + self._shown(is_colored)

    def _shown(self, is_colored: bool) -> str:
        return f"{self.color}{self.text}{_RESET}" if is_colored else self.text


def write_table(result: ResultSet, stream: IO[str], look: Look) -> int:
    """Write a result as a table, page by page as it is read; how many rows it has.

    Raises:
        CqliteError: while the rows are read; what was shown before stays.
    """
    stream.write("\n")
    try:
        shown = _write_pages(result, stream, look)
    except BaseException:
        # An end in the middle of a cell would leave its colour on the terminal.
        stream.write(_RESET if look.is_colored else "")
        raise
    # Each row that is expanded has a blank line after it.
    stream.write("" if look.is_expanded and shown else "\n")
    stream.write(f"({shown} rows)\n")
    return shown


def _write_pages(result: ResultSet, stream: IO[str], look: Look) -> int:
    titles = [_cell(name, _TITLE) for name in result.names]
    cells = _cells(result)
    page = list(islice(cells, look.page_rows))
    shown = 0
    while True:
        is_first = not shown or look.ask_for_more is not None
        for line in _page(titles, page, look, shown, with_titles=is_first):
            stream.write(line + "\n")
        shown += len(page)
        stream.flush()
        following = list(islice(cells, 1)) if len(page) == look.page_rows else []
        if not following or (look.ask_for_more is not None and not look.ask_for_more()):
            return shown
        page = following + list(islice(cells, look.page_rows - 1))


def _cells(result: ResultSet) -> Iterator[list[_Cell]]:
    texts = column_texts(result.columns, TERMINAL)
    colors = list(map(_color, result.columns))
    for row in result:
        made = []
        for show, color, data in zip(texts, colors, row, strict=True):
            text = show(data)
            made.append(_cell("null", _NULL) if text is None else _cell(text, color))
        yield made


def _color(column: ResultColumn) -> str:
    kind = column.value_type
    if kind.class_name in ("UTF8Type", "AsciiType"):
        return _STRING
    return _NESTED if kind.subtypes else _OTHER


def _cell(text: str, color: str) -> _Cell:
    return _Cell(text, display_width(text), color)


def display_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    from unicodedata import combining, east_asian_width

    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _page(
    titles: Sequence[_Cell],
    rows: Sequence[Sequence[_Cell]],
    look: Look,
    shown: int,
    *,
    with_titles: bool,
) -> Iterable[str]:
    if look.is_expanded:
        return _expanded(titles, rows, look, shown)
    return _lines(titles, rows, look, with_titles=with_titles)


def _lines(
    titles: Sequence[_Cell],
    rows: Sequence[Sequence[_Cell]],
    look: Look,
    *,
    with_titles: bool,
) -> Iterator[str]:
    widths = [title.width for title in titles]
    for row in rows:
        widths = [max(width, cell.width) for width, cell in zip(widths, row, strict=True)]
    is_colored = look.is_colored
    if with_titles:
        pairs = zip(titles, widths, strict=True)
        shown = " | ".join(title.left(width, is_colored=is_colored) for title, width in pairs)
        yield " " + shown.rstrip()
        yield "-" + "-+-".join("-" * width for width in widths) + "-"
    for row in rows:
        pairs = zip(row, widths, strict=True)
        yield " " + " | ".join(cell.right(width, is_colored=is_colored) for cell, width in pairs)


def _expanded(
    titles: Sequence[_Cell], rows: Sequence[Sequence[_Cell]], look: Look, shown: int
) -> Iterator[str]:
    name_width = max(title.width for title in titles)
    value_width = max((cell.width for row in rows for cell in row), default=0)
    for number, row in enumerate(rows, shown + 1):
        yield f"@ Row {number}"
        yield f"-{'-' * name_width}-+-{'-' * value_width}-"
        for title, cell in zip(titles, row, strict=True):
            name = title.left(name_width, is_colored=look.is_colored)
            yield f" {name} | {cell.left(cell.width, is_colored=look.is_colored)}"
        yield ""
