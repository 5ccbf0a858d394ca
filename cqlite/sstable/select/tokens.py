"""Tokens, and ranges of them as parts of the order of partitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cqlite.errors import InvalidValueError, UnsupportedFeatureError
from cqlite.sstable.select.plan import PositionRange
from cqlite.types import (
    ByteOrderedPartitioner,
    CqlType,
    LocalPartitioner,
    Murmur3Partitioner,
    OrderPreservingPartitioner,
    Partitioner,
    RandomPartitioner,
    Token,
    parse_type,
)
from cqlite.types import byte_comparable as bc

TokenRange = tuple[Any, Any]
"""The tokens above the first one up to and with the second; ``None`` for no bound."""

_TYPES: dict[type[Partitioner], str] = {
    Murmur3Partitioner: "LongType",
    RandomPartitioner: "IntegerType",
    ByteOrderedPartitioner: "BytesType",
    OrderPreservingPartitioner: "UTF8Type",
}


def token_type(partitioner: Partitioner) -> CqlType:
    """The CQL type of tokens (``IPartitioner.getTokenValidator``)."""
    if isinstance(partitioner, LocalPartitioner):
        return partitioner.key_type
    return parse_type(_TYPES[type(partitioner)])


def before(token: Token) -> bytes:
    """The position before all keys with a token."""
    return bc.token_bound(token.comparable)


def after(token: Token) -> bytes:
    """The position after all keys with a token."""
    return bc.token_bound(token.comparable, after=True)


def positions_of(partitioner: Partitioner, token_range: TokenRange) -> PositionRange:
    """The partitions with tokens above the first one up to and with the second.

    Raises:
        InvalidValueError: the range has not two tokens, or wraps around.
    """
    if not isinstance(token_range, tuple | list) or len(token_range) != 2:
        raise InvalidValueError(f"token_range is {token_range!r}; it has a start and an end")
    start, end = (_token(partitioner, value) for value in token_range)
    if start is not None and end is not None and end < start:
        raise InvalidValueError(f"token_range ends at {end}, before its start {start}")
    return PositionRange(
        b"" if start is None else after(start),
        None if end is None else after(end),
    )


def _token(partitioner: Partitioner, value: Any) -> Token | None:
    if value is None or isinstance(value, Token):
        return value
    try:
        kind = token_type(partitioner)
        kind.validate(value if isinstance(partitioner, LocalPartitioner) else kind.encode(value))
        return Token(partitioner, value)
    except (InvalidValueError, TypeError) as error:
        raise InvalidValueError(f"{value!r} is no token of {partitioner.class_name}") from error


def intersection(left: PositionRange, right: PositionRange) -> PositionRange:
    """What is in both ranges."""
    ends = [end for end in (left.end, right.end) if end is not None]
    return PositionRange(max(left.start, right.start), min(ends, default=None))


def split_tokens(
    partitioner: Partitioner, first: Token, last: Token, parts: int
) -> Iterator[TokenRange]:
    """Ranges of about as many tokens each, that together have all tokens.

    Args:
        partitioner: whose tokens; they must be numbers.
        first: the first token that there is.
        last: the last one.
        parts: how many ranges.

    Raises:
        UnsupportedFeatureError: tokens are no numbers.
    """
    if not isinstance(partitioner, Murmur3Partitioner | RandomPartitioner):
        raise UnsupportedFeatureError(
            f"tokens of {partitioner.class_name} are no numbers, and cannot be split evenly"
        )
    width = last.value - first.value
    bounds = [first.value + width * part // parts for part in range(1, parts)]
    yield from zip([None, *bounds], [*bounds, None], strict=True)
