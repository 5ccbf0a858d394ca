"""Copies of SSTables in which single fields are changed."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

from cqlite.blocks import read_compression_info
from cqlite.inspect import claims
from cqlite.io import Components, parse_path
from cqlite.sstable import SSTable
from cqlite.sstable.verify import Finding, verify
from tests.corrupt.fuzz.mutations import reseal_statistics
from tests.shared import SSTableFixture, sstables


def fixture(version: str, table: str) -> SSTableFixture:
    """The own fixture of this version and table."""
    return sstables(versions={version}, own_only=True, containing=f"/{table}/")[0]


class Copy:
    """A copy of an SSTable."""

    def __init__(self, case: SSTableFixture, directory: Path) -> None:
        for source in case.components().values():
            shutil.copyfile(source, directory / source.name)
        self.path = directory / case.data_path.name
        self.descriptor = parse_path(self.path)[0]
        self.components = Components(self.descriptor)

    def read(self, component: str) -> bytes:
        return self.components.read(component)

    def write(self, component: str, data: bytes) -> None:
        self.components.path(component).write_bytes(data)

    def remove(self, component: str) -> None:
        self.components.path(component).unlink()

    def find(self, component: str, path: str) -> tuple[int, int]:
        """Start and end of a field."""
        return next((c.start, c.end) for c in claims(self.components, component) if c.path == path)

    def put(self, component: str, offset: int, new: bytes) -> None:
        """Bytes from `offset` on become `new`."""
        data = self.read(component)
        self.write(component, data[:offset] + new + data[offset + len(new) :])

    def set(self, component: str, path: str, new: bytes) -> int:
        """A field becomes `new`, of the same length; gives where it is."""
        start, end = self.find(component, path)
        assert len(new) == end - start, f"{path} has {end - start} bytes"
        assert self.read(component)[start:end] != new
        self.put(component, start, new)
        return start

    def flip(self, component: str, offset: int) -> None:
        """The byte at `offset` changes."""
        self.put(component, offset, bytes((self.read(component)[offset] ^ 0xFF,)))

    def set_statistic(self, path: str, new: bytes) -> int:
        """A field of Statistics.db becomes `new`, with checksums that fit."""
        before = self.read("Statistics.db")
        offset = self.set("Statistics.db", path, new)
        after = reseal_statistics(
            before, self.read("Statistics.db"), self.descriptor.version.number
        )
        self.write("Statistics.db", after)
        return offset

    def set_data(self, path: str, new: bytes) -> int:
        """A field of an uncompressed Data.db becomes `new`, with checksums that fit."""
        assert read_compression_info(self.components) is None
        offset = self.set("Data.db", path, new)
        self.seal_data()
        return offset

    def seal_data(self) -> None:
        """The checksums of an uncompressed Data.db of one block are made right."""
        checksum = zlib.crc32(self.read("Data.db"))
        self.set_checksums(checksum)

    def set_checksums(self, checksum: int) -> None:
        """Digest and the only block's checksum."""
        self.write("CRC.db", self.read("CRC.db")[:4] + checksum.to_bytes(4, "big"))
        self.write("Digest.crc32", str(checksum).encode())

    def findings(self, *, quick: bool = False) -> list[Finding]:
        """What verify finds."""
        with SSTable(next(iter(self.components.path(c) for c in self.components))) as sstable:
            return list(verify(sstable, quick=quick))
