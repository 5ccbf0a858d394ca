"""Restrictions of the partition key's token: ``TokenRestriction`` and ``TokenFilter``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cqlite.errors import QueryError
from cqlite.sstable.select.plan import PositionRange
from cqlite.sstable.select.tokens import after, before, token_type
from cqlite.sstable.select.where.relations import TokenRelation
from cqlite.types import LocalPartitioner, Murmur3Partitioner, Partitioner, RandomPartitioner, Token

_MINIMUM: Final = {Murmur3Partitioner: -(1 << 63), RandomPartitioner: -1}
_NOTHING: Final = PositionRange(b"", b"")


class TokenRange:
    """The tokens that relations let through.

    Args:
        partitioner: whose tokens they are.
        names: of the partition key's columns, for errors.
    """

    def __init__(self, partitioner: Partitioner, names: Sequence[str]) -> None:
        self._partitioner = partitioner
        self._names = ", ".join(names)
        self._start: tuple[bytes | None, bool] | None = None
        self._end: tuple[bytes | None, bool] | None = None
        self._is_equal = False

    def add(self, relation: TokenRelation) -> None:
        """Takes a relation.

        Raises:
            QueryError: it does not go with the others.
        """
        operator = relation.operator
        is_empty = self._start is None and self._end is None
        if self._is_equal:
            raise QueryError(
                f"{self._names} cannot be restricted by more than one relation if it includes "
                "an Equal"
            )
        if operator == "=" and not is_empty:
            raise QueryError(
                f'Columns "{self._names}" cannot be restricted by both an equality and an '
                "inequality relation"
            )
        bound = relation.value, "=" in operator
        self._is_equal = operator == "="
        if operator != "=" and (self._start if ">" in operator else self._end) is not None:
            side = "start" if ">" in operator else "end"
            raise QueryError(
                f"More than one restriction was found for the {side} bound on {self._names}"
            )
        if "<" not in operator:
            self._start = bound
        if ">" not in operator:
            self._end = bound

    def _bounds(self) -> tuple[tuple[Token, bool] | None, tuple[Token, bool] | None]:
        """Where the tokens start and end, and whether these are among them.

        Raises:
            QueryError: a relation is with null.
        """
        start, end = (
            None if bound is None else (self._token(bound[0]), bound[1])
            for bound in (self._start, self._end)
        )
        return start, end

    def _token(self, value: bytes | None) -> Token:
        if value is None:
            raise QueryError("Invalid null token value")
        if isinstance(self._partitioner, LocalPartitioner):
            return Token(self._partitioner, value)
        return Token(self._partitioner, token_type(self._partitioner).decode(value))

    def _is_minimum(self, token: Token) -> bool:
        """Whether it is the token before all others, which stands for no bound."""
        return bool(token.value == _MINIMUM.get(type(self._partitioner)))

    def positions(self) -> PositionRange:
        """The part of the order of partitions that it is.

        Raises:
            QueryError: a relation is with null.
        """
        start, end = self._bounds()
        if end is not None and self._is_minimum(end[0]):
            end = None
        if start is not None and self._is_minimum(start[0]):
            start = None
        if start is not None and end is not None:
            is_point = start[0] == end[0]
            if end[0] < start[0] or (is_point and not (start[1] and end[1])):
                return _NOTHING
        return PositionRange(
            b"" if start is None else (before if start[1] else after)(start[0]),
            None if end is None else (after if end[1] else before)(end[0]),
        )

    def including(self, keys: Sequence[bytes]) -> list[bytes]:
        """The keys whose tokens are in; bounds in the wrong order are those of the rest.

        Raises:
            QueryError: a relation is with null.
        """
        start, end = self._bounds()
        is_rest = start is not None and end is not None and end[0] < start[0]
        found = []
        for key in keys:
            token = self._partitioner.token(key)
            above = start is None or _is_above(token, *start)
            below = end is None or _is_above(end[0], token, end[1])
            if (above or below) if is_rest else (above and below):
                found.append(key)
        return found


def _is_above(token: Token, other: Token, or_equal: bool) -> bool:
    return other < token or (or_equal and other == token)
