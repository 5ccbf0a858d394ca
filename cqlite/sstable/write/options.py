"""What to write and how, from what was asked for and what the table says."""

from __future__ import annotations

from cqlite.blocks.write import Compression
from cqlite.errors import SchemaError, UnsupportedFeatureError
from cqlite.io import Version
from cqlite.schema import TableSchema, parse_cql
from cqlite.sstable.write.settings import Settings
from cqlite.sstable.write.writer import WRITTEN_VERSIONS


def table(schema: TableSchema | str) -> TableSchema:
    """The table to write.

    Args:
        schema: the table, or CQL that creates it and no other.

    Raises:
        SchemaError: the CQL is malformed, or has no table or several.
        UnsupportedFeatureError: rows of such a table cannot be made.
    """
    if isinstance(schema, str):
        found = list(parse_cql(schema).tables())
        if len(found) != 1:
            names = ", ".join(each.name for each in found) or "none"
            raise SchemaError(f"one CREATE TABLE is needed; the CQL has {names}")
        schema = found[0]
    if schema.is_compact:
        raise UnsupportedFeatureError(f"table {schema.name} is one WITH COMPACT STORAGE")
    if schema.kind != "REGULAR":
        raise UnsupportedFeatureError(f"{schema.name} is no table of its own ({schema.kind})")
    return schema


def refuse_counters(schema: TableSchema) -> None:
    """Raises UnsupportedFeatureError for a table of counters, with the reason."""
    if schema.is_counter:
        raise UnsupportedFeatureError(
            f"table {schema.name} has counters. A counter is the sum of shards, one for each "
            "replica, that only that replica may change: a shard from elsewhere would be "
            "counted twice or be overwritten. Shards can only be copied from an SSTable, as "
            "`cqlite rewrite` does"
        )


def settings(
    schema: TableSchema,
    version: Version,
    compression: Compression | str | None,
    chunk_length: int | None,
    bloom_fp_chance: float | None,
    column_index_size: int | None,
) -> Settings:
    """How to write: what was asked for, else what the table's options say, else defaults.

    Raises:
        UnsupportedFeatureError: no such version, compressor, chunk length, Bloom filter or
            row index.
    """
    if version.name not in WRITTEN_VERSIONS:
        raise UnsupportedFeatureError(
            f"version {version}; {', '.join(WRITTEN_VERSIONS)} can be written"
        )
    settings = Settings.of_table(schema)
    return settings.changed(compression, chunk_length, bloom_fp_chance, column_index_size)
