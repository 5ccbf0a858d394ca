"""The command line of `cqlite query`, read without typer, which takes longer than most answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from cqlite.cli.query_run import Request

_FARTHEST: Final = 1 << 62


def time_of(value: int | str) -> int:
    """A time that an option says, in seconds or microseconds.

    Raises:
        ValueError: it is no number, or so far away that sums with it have more than 64 bits.
    """
    time = int(value)
    if not -_FARTHEST < time < _FARTHEST:
        raise ValueError(f"{time} is no time of 64 bits.")
    return time


_VALUES: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "--data": ("data", str),
    "-d": ("data", str),
    "--keyspace": ("keyspace", str),
    "-k": ("keyspace", str),
    "--schema": ("schema", Path),
    "--now": ("now", time_of),
    "--format": ("format", str),
    "--output": ("output", Path),
    "-o": ("output", Path),
    "--file": ("file", Path),
    "-f": ("file", Path),
}
"""Options with values: the field of a request, and what makes its value."""

_FLAGS: Final = {"--force": "force", "--explain": "explain", "--salvage": "salvage"}


def quick_request(arguments: Sequence[str]) -> Request | None:
    """What a command line asks for; None for one that typer has to read.

    That is one with nothing, or with anything unusual: an option that is not known, lacks its
    value or has a wrong one, ``--help``, a second statement.
    """
    if not arguments:
        return None
    fields: dict[str, Any] = {"statement": None, "data": ()}
    rest = iter(arguments)
    try:
        for argument in rest:
            _take(argument, rest, fields)
    except (KeyError, StopIteration, ValueError):
        return None
    return Request(**fields)


def _take(argument: str, rest: Iterator[str], fields: dict[str, Any]) -> None:
    if argument in _FLAGS:
        fields[_FLAGS[argument]] = True
    elif argument.startswith("-") and argument != "-":
        name, sign, value = (
            argument.partition("=") if argument.startswith("--") else (argument, "", "")
        )
        field, convert = _VALUES[name]
        made = convert(value if sign else next(rest))
        fields[field] = (*fields["data"], made) if field == "data" else made
    elif fields["statement"] is None:
        fields["statement"] = argument
    else:
        raise ValueError(argument)
