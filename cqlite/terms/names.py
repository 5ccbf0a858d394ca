"""Names of functions that statements have other words for."""

from __future__ import annotations

from typing import Final

from cqlite.records import record
from cqlite.types.text import maybe_quote

SYSTEM: Final = "system"
"""The keyspace of native functions."""
OPERATORS: Final = {
    "+": "_add",
    "-": "_substract",
    "*": "_multiply",
    "/": "_divide",
    "%": "_modulo",
}
"""The functions that operators stand for; Cassandra spells them like that."""

NEGATION: Final = "_negate"
"""The function that a minus before a term stands for."""

SYMBOLS: Final = {name: symbol for symbol, name in OPERATORS.items()}
"""The operators by those functions."""


def symbol_of(name: str) -> str | None:
    """The operator that a function's name stands for, if it does for one."""
    return SYMBOLS.get(name)


def cast_name(target: str) -> str:
    """The function that ``CAST(… AS target)`` calls; there is none for ``varchar``."""
    return f"cast_as_{target.lower()}"


@record
class FunctionName:
    """A function's name as it is called; ``keyspace`` is None where it isn't written."""

    name: str
    keyspace: str | None = None

    def __str__(self) -> str:
        return self.name if self.keyspace is None else f"{self.keyspace}.{self.name}"

    @property
    def cql(self) -> str:
        """The name as CQL has it: in quotes where it needs them (``appendCqlTo``)."""
        name = maybe_quote(self.name)
        return name if self.keyspace is None else f"{maybe_quote(self.keyspace)}.{name}"
