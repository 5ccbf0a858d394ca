"""Write an SSTable's rows as Parquet with LZ4: DATA.db SCHEMA.cql FILE."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq

from cqlite.schema import parse_cql
from cqlite.sstable import SSTable

source, schema, target = map(Path, sys.argv[1:])
draft = target.with_suffix(".draft")
# The names of the key's columns are only in the CREATE TABLE.
(table,) = parse_cql(schema.read_text(encoding="utf-8")).tables()
with SSTable(source, schema=table) as sstable:
    pq.write_table(sstable.to_arrow(), draft, compression="lz4")
draft.rename(target)
