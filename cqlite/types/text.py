"""Text as Cassandra writes it: JSON strings, quoted identifiers, Java's numbers."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from decimal import Decimal

RESERVED: Final = frozenset(
    """
    ADD ALLOW ALTER AND APPLY ASC AUTHORIZE BATCH BEGIN BY COLUMNFAMILY CREATE DELETE DESC
    DESCRIBE DROP ENTRIES EXECUTE FROM FULL GRANT IF IN INDEX INFINITY INSERT INTO IS KEYSPACE
    LIMIT MATERIALIZED MODIFY NAN NORECURSIVE NOT NULL OF ON OR ORDER PRIMARY RENAME REVOKE
    SCHEMA SELECT SET TABLE TO TOKEN TRUNCATE UNLOGGED UPDATE USE USING VIEW WHERE WITH
    """.lower().split()
)
"""Words that are no identifiers unless quoted, see ``ReservedKeywords`` of Cassandra."""

_UNQUOTED: Final = re.compile("[a-z][a-z0-9_]*")
_ESCAPES: Final = {
    **{code: f"\\u{code:04X}" for code in range(0x20)},
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    ord("\b"): "\\b",
    ord("\t"): "\\t",
    ord("\n"): "\\n",
    ord("\f"): "\\f",
    ord("\r"): "\\r",
}


def escape_json(text: str) -> str:
    """``text`` as it stands between the quotes of a JSON string, see ``JsonUtils``."""
    return text.translate(_ESCAPES)


def quote_json(text: str) -> str:
    """``text`` as a JSON string with its quotes."""
    return f'"{text.translate(_ESCAPES)}"'


def maybe_quote(name: str) -> str:
    """``name`` as a CQL identifier, quoted where it must be (``ColumnIdentifier.maybeQuote``)."""
    if _UNQUOTED.fullmatch(name) and name not in RESERVED:
        return name
    return quote_identifier(name)


def quote_identifier(name: str) -> str:
    """``name`` as a quoted CQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    """``text`` as a CQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def plain_number(text: str) -> str:
    """``text``, unless it has the underscores that Python alone takes within numbers.

    Raises:
        ValueError: it has.
    """
    if "_" in text:
        raise ValueError("not a number")
    return text


def parse_decimal(text: str) -> Decimal:
    """A decimal as it is written.

    Raises:
        ValueError: it is none.
    """
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(plain_number(text))
    except InvalidOperation:
        raise ValueError("not a number") from None


def integer_text(value: int) -> str:
    """Decimal digits of an integer of any size, which ``str`` refuses above some thousands."""
    if value.bit_length() <= 1024:
        return str(value)
    from decimal import Decimal

    return decimal_text(Decimal(value))


def decimal_text(value: Decimal) -> str:
    """A decimal as Java's ``BigDecimal.toString`` writes it, exact at any precision."""
    text: str = _context().to_sci_string(value)
    return text


@cache
def _context() -> Any:
    # Here, since most queries have no decimals.
    from decimal import Context

    return Context(prec=1, capitals=1)


def from_hex(text: str) -> bytes:
    """The bytes that hexadecimal digits stand for, nothing else allowed.

    Raises:
        ValueError: an odd number of digits, or another character.
    """
    if not re.fullmatch("(?:[0-9a-fA-F]{2})*", text):
        raise ValueError(f"{text!r} is not hexadecimal")
    return bytes.fromhex(text)
