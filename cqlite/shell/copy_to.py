"""``COPY … TO``: a table's rows as CSV, with cqlsh's options."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from cqlite.errors import QueryError
from cqlite.query.format.lines import CsvDialect, csv_lines
from cqlite.query.session import Session
from cqlite.shell.words import Text, words_of

_COPY: Final = re.compile(
    r"COPY\s+(?P<table>[^\s(]+)\s*(?:\((?P<columns>[^)]*)\))?\s*(?P<direction>TO|FROM)\s+"
    r"(?P<target>'(?:[^']|'')*'|STDOUT|STDIN)(?:\s+WITH\s+(?P<options>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_OPTION: Final = re.compile(
    r"\s*(\w+)\s*=\s*('(?:[^']|'')*'|-?[\w.]+)\s*(?:AND\b|\Z)", re.IGNORECASE | re.DOTALL
)

_IGNORED: Final = frozenset(
    {
        *("numprocesses", "maxattempts", "reportfrequency", "ratefile", "pagesize"),
        *("pagetimeout", "maxrequests", "floatprecision", "doubleprecision"),
    }
)
"""Options of cqlsh that change no value here, where all digits are written."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A COPY that was understood.

    Attributes:
        table: as it was written.
        columns: as they were written, empty for all.
        target: the file, None for standard output.
        dialect: how CSV is written.
        tokens: from which token and to which one, where that was said.
    """

    table: str
    columns: str
    target: Path | None
    dialect: CsvDialect
    tokens: tuple[str | None, str | None]


def parse_copy(text: str) -> Copy:
    """Understand a ``COPY … TO``.

    Raises:
        QueryError: it is none, or has options that there are not.
    """
    match = _COPY.fullmatch(text.strip())
    if match is None:
        raise QueryError("expected COPY table (columns) TO 'file' WITH option = value AND …")
    if match["direction"].upper() == "FROM":
        raise QueryError("SSTables are not written here; `cqlite import` takes CSV")
    target = match["target"]
    if target.upper() == "STDIN":
        raise QueryError("COPY … TO writes to STDOUT, or to a file")
    options = _options(match["options"] or "")
    return Copy(
        table=match["table"],
        columns=(match["columns"] or "").strip(),
        target=None if target.upper() == "STDOUT" else Path(words_of(target)[0]).expanduser(),
        dialect=_dialect(options),
        tokens=(options.get("begintoken") or None, options.get("endtoken") or None),
    )


def run_copy(session: Session, copy: Copy, stream: IO[str]) -> int:
    """Write the rows; how many there are.

    Raises:
        QueryError: the table or a column is not there.
        CqliteError: the rows cannot be read.
    """
    result = session.execute(_statement(session, copy))
    count = 0
    for line in csv_lines(result, copy.dialect):
        stream.write(line)
        count += 1
    return count - copy.dialect.header


def _statement(session: Session, copy: Copy) -> str:
    columns = copy.columns or "*"
    text = f"SELECT {columns} FROM {copy.table}"
    if copy.tokens == (None, None):
        return text
    keyspace, _, name = words_of(copy.table)[0].rpartition(".")
    key = session.table(keyspace or None, name).schema.partition_key
    token = f"token({', '.join(column.cql_name for column in key)})"
    bounds = zip((f"{token} >= ", f"{token} < "), copy.tokens, strict=True)
    return f"{text} WHERE " + " AND ".join(head + end for head, end in bounds if end)


def _options(text: str) -> dict[str, str]:
    options = {}
    at = 0
    while at < len(text.rstrip()):
        match = _OPTION.match(text, at)
        if match is None:
            raise QueryError(f"expected an option and its value: {text[at:].strip()[:60]}")
        options[match[1].lower()] = _value(words_of(match[2]), match[2])
        at = match.end()
    return options


def _value(words: Sequence[str], written: str) -> str:
    return words[0] if len(words) == 1 and isinstance(words[0], Text) else written


def _dialect(options: Mapping[str, str]) -> CsvDialect:
    """cqlsh escapes with a backslash and writes no line of names unless asked."""
    dialect = CsvDialect(escape="\\", header=False)
    for name, value in options.items():
        if name in ("begintoken", "endtoken") or name in _IGNORED:
            continue
        change = _CHANGES.get(name)
        if change is None:
            raise QueryError(f"COPY … TO has no option {name.upper()}")
        dialect = change(dialect, value)
    return dialect


def _character(name: str, value: str) -> str:
    text = "\t" if value == "\\t" else value
    if len(text) != 1:
        raise QueryError(f"{name} is one character, not {value!r}")
    return text


def _check_encoding(dialect: CsvDialect, value: str) -> CsvDialect:
    if value.lower().replace("-", "") != "utf8":
        raise QueryError(f"COPY … TO writes UTF-8, not {value}")
    return dialect


def _truth(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise QueryError(f"HEADER is true or false, not {value!r}")
    return value.lower() == "true"


def _booleans(value: str) -> tuple[str, str]:
    yes, comma, no = value.partition(",")
    if not comma:
        raise QueryError(f"BOOLSTYLE is two words with a comma between, not {value!r}")
    return yes.strip(), no.strip()


_Change = Callable[[CsvDialect, str], CsvDialect]
_CHANGES: Final[dict[str, _Change]] = {
    "encoding": _check_encoding,
    "header": lambda d, v: replace(d, header=_truth(v)),
    "delimiter": lambda d, v: replace(d, delimiter=_character("DELIMITER", v)),
    "quote": lambda d, v: replace(d, quote=_character("QUOTE", v)),
    "escape": lambda d, v: replace(d, escape=_character("ESCAPE", v)),
    "null": lambda d, v: replace(d, forms=replace(d.forms, null=v)),
    "nullval": lambda d, v: replace(d, forms=replace(d.forms, null=v)),
    "datetimeformat": lambda d, v: replace(d, forms=replace(d.forms, timestamp=v)),
    "boolstyle": lambda d, v: replace(d, forms=replace(d.forms, booleans=_booleans(v))),
    "decimalsep": lambda d, v: replace(d, forms=replace(d.forms, decimal_separator=v)),
    "thousandssep": lambda d, v: replace(d, forms=replace(d.forms, thousands_separator=v)),
}
