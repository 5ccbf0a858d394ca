"""LIKE: on whole values, by what SASI's index of the column makes of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from cqlite.errors import QueryError
from cqlite.schema import ColumnMetadata
from cqlite.schema.index import TableIndex
from cqlite.sstable.select.where.filters import Filter

_PROPERLY_INDEXED: Final = "LIKE restriction is only supported on properly indexed columns."
_SHAPES: Final = {
    "PREFIX": {(False, False), (False, True)},
    "CONTAINS": {(False, False), (False, True), (True, False), (True, True)},
    "SPARSE": set[tuple[bool, bool]](),
}
"""For the modes of indexes where per cent signs may be: before, after (``Mode.supports``)."""

_WHOLE: Final = "NonTokenizingAnalyzer"
_ON: Final = "true"
Normalize = Callable[[bytes], bytes]


class LikeFilter(Filter):
    """LIKE with per cent signs before or after a text, as SASI's indexes take it.

    Args:
        value: the serialized pattern.
        normalize: what the column's index makes of texts before it compares them.
    """

    def __init__(
        self, column: ColumnMetadata, value: bytes | None, normalize: Normalize = bytes
    ) -> None:
        super().__init__(column)
        if value is None:
            raise QueryError(f"Unsupported null value for column {column.name}")
        self._pattern = value
        self._normalize = normalize
        starts, ends = value.startswith(b"%"), value.endswith(b"%")
        self.term = value[starts : len(value) - ends]
        if not self.term:
            raise QueryError("LIKE value can't be empty.")
        self._wanted = normalize(self.term)
        self.open = starts, ends

    def __str__(self) -> str:
        shown = self.column.type.unwrap().to_cql_literal(self._pattern)
        return f"{self.column.cql_name} LIKE {shown}"

    def accepts(self, value: bytes) -> bool:
        value = self._normalize(value)
        match self.open:
            case (True, True):
                return self._wanted in value
            case (True, False):
                return value.endswith(self._wanted)
            case (False, True):
                return value.startswith(self._wanted)
        return value == self._wanted


def like(
    column: ColumnMetadata, value: bytes | None, written: str, indexes: Iterable[TableIndex]
) -> tuple[LikeFilter, str | None]:
    """The condition that a LIKE is, and why Cassandra would not answer it alike.

    Args:
        value: the serialized pattern.
        written: the relation, for errors.
        indexes: those of the column.

    Raises:
        QueryError: the column has no texts, or the pattern is null or only per cent signs.
    """
    if column.type.unwrap().cql_name not in ("text", "ascii"):
        raise QueryError(f"{_PROPERLY_INDEXED} {written} is not valid.")
    index = next((index for index in indexes if _is_literal(index)), None)
    if index is None and value is None:
        raise QueryError(f"{_PROPERLY_INDEXED} {written} is not valid.")
    if index is None:
        return LikeFilter(column, value), f"{_PROPERLY_INDEXED} {written} is not valid."
    analyzer = _analyzer(index)
    normalize = _normalizer(index) if analyzer == _WHOLE else bytes
    found = LikeFilter(column, value, normalize)
    if found.open not in _SHAPES.get(index.options.get("mode", "PREFIX").upper(), set()):
        starts, ends = ("%" * is_open for is_open in found.open)
        shape = f"'{starts}<term>{ends}'"
        text = column.type.to_string(found.term)
        refusal = f"{column.name} LIKE {shape} {text} is only supported on properly indexed columns"
        return found, refusal
    if analyzer not in (None, _WHOLE):
        return found, f"{column.name}'s index has words by its {analyzer}; here are whole values"
    return found, None


def _is_literal(index: TableIndex) -> bool:
    return index.is_sasi and index.options.get("is_literal", _ON).lower() == _ON


def _analyzer(index: TableIndex) -> str | None:
    """The analyzer's class without its package, None for none (``IndexMode.getMode``)."""
    name = index.options.get("analyzer_class", "").rpartition(".")[2]
    is_on = index.options.get("analyzed", _ON if name else "").lower() == _ON
    return (name or "StandardAnalyzer") if is_on else None


def _normalizer(index: TableIndex) -> Normalize:
    """What a ``NonTokenizingAnalyzer`` makes of texts: their case, and their normal form."""

    def has(option: str, default: str) -> bool:
        return index.options.get(option, default).lower() == _ON

    to_lower = has("normalize_lowercase", "") or not has("case_sensitive", _ON)
    to_upper = has("normalize_uppercase", "")

    def normalize(data: bytes) -> bytes:
        text = data.decode("utf-8", "replace")
        text = text.lower() if to_lower else text
        text = text.upper() if to_upper else text
        return unicodedata.normalize("NFC", text).encode()

    return normalize
