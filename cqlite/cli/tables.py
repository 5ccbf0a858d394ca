"""The schema that commands show names from: what is at hand, without insisting on it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqlite.schema import TableSchema


def schema_at_hand(path: Path, schema_file: Path | None) -> TableSchema | None:
    """The schema with the real names of key columns, ``None`` where none is found.

    One that is found beside the SSTable and does not fit it is passed over, with a word
    on standard error.

    Raises:
        SchemaError: ``schema_file`` was given and does not fit.
        CorruptSSTableError: Statistics.db is damaged.
    """
    from cqlite.errors import SchemaError
    from cqlite.sstable import SSTable
    from cqlite.sstable.schema_source import schema_of

    with SSTable(path) as sstable:
        try:
            return schema_of(sstable, schema_file).schema
        except SchemaError as error:
            if schema_file is not None:
                raise
            print(f"cqlite: passed over a schema: {error}", file=sys.stderr)
            return None
