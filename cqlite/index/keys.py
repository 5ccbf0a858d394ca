"""Partition keys from Data.db, for an index that does not have them."""

from __future__ import annotations

import os
from typing import BinaryIO

from cqlite import layouts
from cqlite.blocks import open_data
from cqlite.errors import CorruptSSTableError
from cqlite.io import DATA, Components


class DataKeys:
    """Reads keys where partitions start in Data.db, which it opens when first asked."""

    def __init__(self, components: Components) -> None:
        """The keys of the SSTable of these components."""
        self._components = components
        self._file: BinaryIO | None = None
        self._length = 0

    def key_at(self, position: int) -> bytes:
        """The key of the partition that starts at ``position`` of the uncompressed stream.

        Raises:
            CorruptSSTableError: none can start there, or the stream is damaged.
        """
        where = self._components.where(DATA)
        if self._file is None:
            self._file = open_data(self._components)
            self._length = self._file.seek(0, os.SEEK_END)
        if position >= self._length:
            raise CorruptSSTableError(
                f"a partition is said to start at {position}", where.at(self._length)
            )
        self._file.seek(position)
        version = self._components.descriptor.version.number
        key: bytes = layouts.parse("data.partition_header", self._file, version, where=where).key
        return key

    def close(self) -> None:
        """Closes Data.db."""
        if self._file is not None:
            self._file.close()
            self._file = None
