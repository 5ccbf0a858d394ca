"""Rows of one partition as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cqlite.errors import InvalidValueError
from cqlite.io import DATA
from cqlite.sstable.select.arguments import encode_clustering, encode_key, output_columns
from cqlite.sstable.select.plan import Slice, SliceBound
from cqlite.types import parse_type

if TYPE_CHECKING:
    from cqlite.sstable.sstable import SSTable

Decode = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Lookups:
    """What lookups of the same columns have in common.

    Attributes:
        wanted: kinds and positions, for the engine.
        decoders: names of columns, and what decodes their values in the frozen form.
    """

    wanted: tuple[tuple[str, int | None], ...]
    decoders: tuple[tuple[str, Decode], ...]


def lookups(sstable: SSTable, columns: Sequence[str] | None) -> Lookups:
    """Lookups of ``columns``, of all by default.

    Raises:
        SchemaError: there is no such column.
    """
    found = output_columns(sstable, columns, {})
    return Lookups(
        tuple((column.kind, column.position) for column in found),
        tuple((c.name, parse_type(c.type).freeze().decode) for c in found),
    )


def lookup(
    sstable: SSTable, of: Lookups, key: Any, start: Any, end: Any, limit: int | None
) -> Iterator[dict[str, Any]]:
    """What ``SSTable.slice`` gives, with its arguments."""
    slices = None if start is None and end is None else (_slice(sstable, start, end),)
    rows = sstable.engine.rows(encode_key(sstable.schema, key), of.wanted, slices, limit)
    for row in rows:
        yield {
            name: None if data is None else _decoded(sstable, name, decode, data)
            for (name, decode), data in zip(of.decoders, row, strict=True)
        }


def _decoded(sstable: SSTable, name: str, decode: Decode, data: bytes) -> Any:
    try:
        return decode(data)
    except InvalidValueError as error:
        where = sstable.components.where(DATA).at(field=name)
        raise InvalidValueError(error.message, where) from error


def _slice(sstable: SSTable, start: Any, end: Any) -> Slice:
    """From ``start`` to ``end``, each in the order of the file."""
    bounds = [
        SliceBound() if values is None else SliceBound(encode_clustering(sstable.schema, values))
        for values in (start, end)
    ]
    return Slice(*bounds)
