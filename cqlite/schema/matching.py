"""Whether an SSTable can be of a table: its header's columns against the schema's."""

from __future__ import annotations

from collections.abc import Sequence

from cqlite.errors import SchemaError
from cqlite.schema.columns import ColumnMetadata
from cqlite.schema.table import TableSchema
from cqlite.types import CqlType


def check_match(schema: TableSchema, header: TableSchema) -> None:
    """Check that ``header``, of Statistics.db, can be of the table ``schema``.

    Raises:
        SchemaError: it cannot; the message has both sides.
    """
    table = f"{schema.keyspace}.{schema.name}"
    ours, theirs = schema.partition_key_type, header.partition_key_type
    if not reads_alike(ours, theirs):
        raise _mismatch(table, "the partition key", ours, theirs)
    _check_clusterings(table, schema.clustering_columns, header.clustering_columns)
    for column in (*header.static_columns, *header.regular_columns):
        _check_column(table, schema, column)


def _check_clusterings(
    table: str, ours: Sequence[ColumnMetadata], theirs: Sequence[ColumnMetadata]
) -> None:
    if len(ours) != len(theirs):
        raise SchemaError(
            f"{table} has {len(ours)} clustering columns by the schema "
            f"and {len(theirs)} by Statistics.db"
        )
    for a, b in zip(ours, theirs, strict=True):
        if a.is_descending != b.is_descending or not reads_alike(a.type, b.type):
            raise _mismatch(table, f"clustering column {a.cql_name}", a.type, b.type)


def _check_column(table: str, schema: TableSchema, theirs: ColumnMetadata) -> None:
    kind = "static" if theirs.is_static else "regular"
    ours = schema.column(theirs.name)
    if any(dropped.name == theirs.name for dropped in schema.dropped_columns):
        return
    if ours is None or ours.kind is not theirs.kind:
        has = "no column" if ours is None else f"a {ours.kind.value} column"
        raise SchemaError(
            f"{table} has {has} {theirs.cql_name} by the schema "
            f"and a {kind} one of type {theirs.type.cql_name} by Statistics.db"
        )
    if not reads_alike(ours.type, theirs.type):
        raise _mismatch(table, f"column {theirs.cql_name}", ours.type, theirs.type)


def _mismatch(table: str, what: str, ours: CqlType, theirs: CqlType) -> SchemaError:
    return SchemaError(
        f"{what} of {table} is {_shown(ours)} by the schema and {_shown(theirs)} by Statistics.db"
    )


def _shown(kind: CqlType) -> str:
    return f"{kind.cql_name} in descending order" if kind.is_reversed else kind.cql_name


# Types that Cassandra lets a column be altered from and to, or that are of one layout.
_READ_AS = {
    "AsciiType": {"UTF8Type", "BytesType"},
    "DateType": {"TimestampType", "LongType"},
    "TimeUUIDType": {"UUIDType", "LegacyTimeUUIDType"},
    "Int32Type": {"IntegerType"},
    "LongType": {"IntegerType", "TimestampType", "DateType"},
    "TimestampType": {"DateType", "LongType", "IntegerType"},
}


def reads_alike(ours: CqlType, theirs: CqlType) -> bool:
    """Whether values that an SSTable holds as ``theirs`` are values of ``ours``.

    Follows ``AbstractType.isValueCompatibleWith``, but that user-defined types may have
    got further fields since, and that multi-cell types must have cells as before.
    """
    ours, theirs = ours.unwrap(), theirs.unwrap()
    if ours == theirs or (ours.class_name == "BytesType" and not theirs.is_multi_cell):
        return True
    if ours.is_multi_cell != theirs.is_multi_cell:
        return False
    if ours.class_name in _READ_AS.get(theirs.class_name, ()):
        return True
    if ours.class_name != theirs.class_name or not ours.subtypes:
        return False
    return _parts_read_alike(ours, theirs)


def _parts_read_alike(ours: CqlType, theirs: CqlType) -> bool:
    from cqlite.types import UserType, VectorType

    if isinstance(ours, UserType) and isinstance(theirs, UserType):
        if ours.name != theirs.name:
            return False
    elif len(ours.subtypes) != len(theirs.subtypes):
        return False
    if isinstance(ours, VectorType) and isinstance(theirs, VectorType):
        return ours.dimension == theirs.dimension and ours.elements == theirs.elements
    pairs = zip(ours.subtypes, theirs.subtypes, strict=False)
    # Inside of something frozen, all is frozen.
    return all(reads_alike(a.freeze(), b.freeze()) for a, b in pairs)
