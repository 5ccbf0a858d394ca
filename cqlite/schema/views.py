"""Materialized views as statements make them: ``CreateViewStatement``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cqlite.errors import SchemaError
from cqlite.records import replace
from cqlite.schema.columns import ColumnMetadata
from cqlite.schema.cql_ast import ColumnDef, CreateView
from cqlite.schema.table import TableSchema

KIND = "VIEW"


def columns_of_view(view: CreateView, base: Mapping[str, ColumnDef]) -> dict[str, ColumnDef]:
    """The columns of a view by name, of which those of ``base`` tell the types.

    Raises:
        SchemaError: the base table lacks one.
    """
    names = view.columns
    if names is None:
        names = tuple(name for name, column in base.items() if not column.is_static)
    for name in (*names, *view.partition_key, *view.clustering):
        if name not in base:
            raise SchemaError(
                f"view {view.name.name}: there is no column {name} in {view.base.name}"
            )
    return {name: base[name] for name in names}


def is_strict(keys: Collection[str], base_keys: Collection[str]) -> bool:
    """Whether a view's key has columns that are none of its base table's key.

    Then only a live primary key makes a row (``View.enforceStrictLiveness``).
    """
    return any(name not in base_keys for name in keys)


def view_of_header(view: CreateView, header: TableSchema) -> TableSchema:
    """A view whose base table is not known: names from its statement, types from the SSTables.

    Raises:
        SchemaError: the SSTables have keys of another number of columns.
    """
    return replace(
        header,
        name=view.name.name,
        partition_key=_named(view, view.partition_key, header.partition_key),
        clustering_columns=_named(view, view.clustering, header.clustering_columns),
        options={name: value for name, value in view.options.items() if name != "id"},
        kind=KIND,
        names_are_known=True,
    )


def _named(
    view: CreateView, names: Sequence[str], columns: Sequence[ColumnMetadata]
) -> tuple[ColumnMetadata, ...]:
    if len(names) != len(columns):
        raise SchemaError(
            f"view {view.name.name} has the key columns {', '.join(names)} by the schema "
            f"and {len(columns)} of them by Statistics.db"
        )
    return tuple(replace(c, name=name) for c, name in zip(columns, names, strict=True))
