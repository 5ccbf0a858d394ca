"""Which source shows which component."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cqlite.errors import UnsupportedFeatureError
from cqlite.inspect.data import DataSource
from cqlite.inspect.notes import TableNotes
from cqlite.inspect.sources import (
    IndexSource,
    PartitionsSource,
    RowsSource,
    Source,
    WholeSource,
    chunks_source,
)
from cqlite.inspect.tree import Walker
from cqlite.io import DATA, INDEX, PARTITIONS, ROWS, SPEC_OF_COMPONENT, Components

if TYPE_CHECKING:
    from cqlite.schema import TableSchema


def component_source(
    components: Components,
    component: str,
    *,
    raw: bool = False,
    tries: bool = False,
    instances: bool = False,
    schema: TableSchema | None = None,
) -> Source:
    """The source of ``component``, such as ``Statistics.db``, to be closed after use.

    Args:
        components: the SSTable.
        component: which of its files.
        raw: show a compressed Data.db as the chunks on disk, not as the stream in them.
        tries: show the tries of Partitions.db and Rows.db also from their roots.
        instances: show computed values among the fields.
        schema: real names of the key columns; without it those of Statistics.db.

    Raises:
        MissingComponentError: the component, or Statistics.db where it is needed, is
            not there.
        UnsupportedFeatureError: there is no spec of the component; or ``raw`` and Data.db
            is not compressed.
        CorruptSSTableError: what is needed to read the component is damaged.
    """
    if component not in SPEC_OF_COMPONENT:
        raise UnsupportedFeatureError(
            f"there is no spec of {component}", components.where(component)
        )
    walker = Walker(components.where(component), instances=instances)
    if component == DATA and raw:
        return chunks_source(components, walker)
    if component in (DATA, INDEX):
        return _table_source(components, component, walker, schema)
    if component == PARTITIONS:
        return PartitionsSource(components, walker, tries=tries)
    if component == ROWS:
        return RowsSource(components, walker, tries=tries)
    return WholeSource(components, component, walker)


def _table_source(
    components: Components, component: str, walker: Walker, schema: TableSchema | None
) -> Source:
    from cqlite.sstable import SSTable

    components.size(component)
    path: Path = components.path(component)
    with SSTable(path, schema=schema) as sstable:
        notes = TableNotes(sstable.schema, sstable.row_format)
    walker.notes = notes
    if component == DATA:
        return DataSource(components, walker, notes)
    return IndexSource(components, walker, list(notes.format.clustering_shapes))


def other_components(components: Components) -> list[str]:
    """Files of the SSTable that no spec describes, such as those of secondary indexes."""
    return [name for name in components if name not in SPEC_OF_COMPONENT]
