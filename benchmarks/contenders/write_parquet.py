"""Write an SSTable's rows as Parquet with LZ4: DATA.db FILE."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq

from cqlite.sstable import SSTable

source, target = map(Path, sys.argv[1:])
draft = target.with_suffix(".draft")
with SSTable(source) as sstable:
    pq.write_table(sstable.to_arrow(), draft, compression="lz4")
draft.rename(target)
