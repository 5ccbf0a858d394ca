"""Which source shows which component."""

from __future__ import annotations

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
    annotate: bool = True,
    schema: TableSchema | None = None,
) -> Source:
    """The source of ``component``, such as ``Statistics.db``, to be closed after use.

    Args:
        components: the SSTable.
        component: which of its files.
        raw: show a compressed Data.db as the chunks on disk, not as the stream in them.
        tries: show the tries of Partitions.db and Rows.db also from their roots.
        instances: show computed values among the fields.
        annotate: say of values in Data.db and Index.db what they are.
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
        notes = _table_notes(components, component, schema)
        walker.notes = notes if annotate else walker.notes
        if component == DATA:
            return DataSource(components, walker, notes)
        return IndexSource(components, walker, list(notes.format.clustering_shapes))
    if component == PARTITIONS:
        return PartitionsSource(components, walker, tries=tries)
    if component == ROWS:
        return RowsSource(components, walker, tries=tries)
    return WholeSource(components, component, walker)


def _table_notes(components: Components, component: str, schema: TableSchema | None) -> TableNotes:
    from cqlite.sstable import SSTable

    components.size(component)
    with SSTable(components.path(component), schema=schema) as sstable:
        return TableNotes(sstable.schema, sstable.row_format)


def other_components(components: Components) -> list[str]:
    """Files of the SSTable that no spec describes, such as those of secondary indexes."""
    return [name for name in components if name not in SPEC_OF_COMPONENT]
