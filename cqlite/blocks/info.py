"""CompressionInfo.db: how Data.db is cut into chunks (Cassandra's ``CompressionMetadata``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from cqlite import layouts
from cqlite.errors import CorruptSSTableError
from cqlite.io import COMPRESSION_INFO, DATA, Components

CHECKSUM_LENGTH = 4
COMPRESSOR_PACKAGE = "org.apache.cassandra.io.compress."


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk of a compressed Data.db.

    Attributes:
        index: its number, from 0.
        offset: where it starts in the file.
        length: of its bytes in the file, without the checksum.
        position: where its content starts in the uncompressed stream.
        uncompressed_length: of its content.
        is_raw: whether its bytes are stored as they are.
    """

    index: int
    offset: int
    length: int
    position: int
    uncompressed_length: int
    is_raw: bool

    @property
    def end(self) -> int:
        """Where its checksum ends in the file."""
        return self.offset + self.length + CHECKSUM_LENGTH


@dataclass(frozen=True, slots=True)
class CompressionParameters:
    """What CompressionInfo.db says.

    Attributes:
        compressor: class name, as a rule without its package.
        options: the compressor's options.
        chunk_length: uncompressed bytes in every chunk but the last.
        max_compressed_length: from this length on chunks are stored raw; ``None``
            before ``na``.
        data_length: length of the uncompressed stream in bytes.
        offsets: where each chunk starts in Data.db.
    """

    compressor: str
    options: dict[str, str]
    chunk_length: int
    max_compressed_length: int | None
    data_length: int
    offsets: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.offsets)

    @property
    def compressor_class(self) -> str:
        """The compressor's class name with its package."""
        name = self.compressor
        return name if "." in name else COMPRESSOR_PACKAGE + name


@dataclass(frozen=True, slots=True)
class CompressionInfo(CompressionParameters):
    """The same, checked, together with the file that it is about.

    Attributes:
        file_length: length of Data.db in bytes.
    """

    file_length: int

    def chunk(self, index: int) -> Chunk:
        """The chunk number ``index``."""
        offset = self.offsets[index]
        last = index + 1 == len(self.offsets)
        end = self.file_length if last else self.offsets[index + 1]
        length = end - offset - CHECKSUM_LENGTH
        position = index * self.chunk_length
        limit = self.max_compressed_length
        return Chunk(
            index=index,
            offset=offset,
            length=length,
            position=position,
            uncompressed_length=max(0, min(self.chunk_length, self.data_length - position)),
            is_raw=limit is not None and length >= limit,
        )

    def chunks(self) -> Iterator[Chunk]:
        """All chunks in file order."""
        return (self.chunk(index) for index in range(len(self.offsets)))


def read_compression_parameters(components: Components) -> CompressionParameters | None:
    """CompressionInfo.db alone, without asking Data.db, which may be damaged or away.

    Gives ``None`` where the SSTable is not compressed.

    Raises:
        CorruptSSTableError: it breaks the layout.
    """
    if COMPRESSION_INFO not in components:
        return None
    return _parameters(components)[0]


def _parameters(components: Components) -> tuple[CompressionParameters, int]:
    """What the file says, and how many bytes that takes."""
    with components.open(COMPRESSION_INFO) as file:
        body = layouts.parse(
            "compression_info.body",
            file,
            components.descriptor.version.number,
            where=components.where(COMPRESSION_INFO),
        )
        length = file.tell()
    parameters = CompressionParameters(
        compressor=body.compressor_name.value,
        options={option.key.value: option.value.value for option in body.options},
        chunk_length=body.chunk_length,
        max_compressed_length=getattr(body, "max_compressed_length", None),
        data_length=body.data_length,
        offsets=tuple(body.chunk_offsets),
    )
    return parameters, length


def read_compression_info(components: Components) -> CompressionInfo | None:
    """CompressionInfo.db's content, ``None`` where the SSTable is not compressed.

    Raises:
        CorruptSSTableError: it breaks the layout, or its numbers contradict each other.
    """
    if COMPRESSION_INFO not in components:
        return None
    return measured_compression_info(components)[0]


def measured_compression_info(components: Components) -> tuple[CompressionInfo, int]:
    """CompressionInfo.db's content and how many bytes that takes; the file must be there.

    Raises:
        CorruptSSTableError: as from :func:`read_compression_info`.
    """
    found, length = _parameters(components)
    values = {field.name: getattr(found, field.name) for field in fields(found)}
    info = CompressionInfo(**values, file_length=components.size(DATA))
    _check(info, components)
    return info, length


def _check(info: CompressionInfo, components: Components) -> None:
    where = components.where(COMPRESSION_INFO)
    if info.chunk_length <= 0 or info.chunk_length & (info.chunk_length - 1):
        raise CorruptSSTableError(
            f"chunk length {info.chunk_length} is not a power of two",
            where.at(field="compression_info.body.chunk_length"),
        )
    expected = -(-info.data_length // info.chunk_length)
    # A file that was synced before its end has an empty chunk last.
    if info.data_length < 0 or len(info) not in (expected, expected + 1):
        raise CorruptSSTableError(
            f"{len(info)} chunks of {info.chunk_length} bytes "
            f"do not make a stream of {info.data_length} bytes",
            where.at(field="compression_info.body.data_length"),
        )
    previous = -CHECKSUM_LENGTH - 1
    for index, offset in enumerate(info.offsets):
        if offset <= previous + CHECKSUM_LENGTH or (index == 0 and offset != 0):
            raise CorruptSSTableError(
                f"chunk {index} starts at {offset}, within the chunk before it or after a gap",
                where.at(field=f"compression_info.body.chunk_offsets[{index}]"),
            )
        previous = offset
