"""Write an SSTable's rows to a new one, unchanged but for its name: DATA.db."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from serve import serve

from cqlite.sstable import SSTable
from cqlite.sstable.write import rewrite, settings_of

path = Path(sys.argv[1])


def write() -> dict[str, int]:
    """The bytes of Data.db before compression."""
    with SSTable(path) as source, tempfile.TemporaryDirectory(dir=path.parent.parent) as folder:
        own = source.descriptor
        rewrite(source, Path(folder), own.version, "2", settings_of(source))
        return {"rows": 0, "bytes": source.data_length}


serve(write)
