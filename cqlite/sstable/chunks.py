"""What CompressionInfo.db says in short, without a Python object for each chunk.

An SSTable of a gigabyte has some 60,000 chunks, which take a tenth of a second and megabytes.
"""

from __future__ import annotations

from typing import NamedTuple

from cqlite.errors import CqliteError
from cqlite.io import Components
from cqlite.io.native import native_function


class ChunksSummary(NamedTuple):
    """A CompressionInfo.db whose layout and numbers are right.

    Attributes:
        length: how many of its bytes are explained.
        last: where the last chunk starts in Data.db, ``None`` where there is no chunk.
        data_length: length of the uncompressed stream in bytes.
    """

    length: int
    last: int | None
    data_length: int


def summarised_natively(components: Components) -> ChunksSummary | None:
    """The native engine's summary of CompressionInfo.db, which must be there.

    ``None`` without that engine, for files behind a URL, or where the reference engine is
    to say what is wrong.
    """
    function = native_function("compression_info")
    if function is None or components.is_remote:
        return None
    paths = {name: components.path(name) for name in components}
    try:
        return ChunksSummary(*function(paths, components.descriptor.version.number))
    except CqliteError:
        return None
