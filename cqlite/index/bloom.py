"""Filter.db: tells quickly of most keys that they are not in the SSTable."""

from __future__ import annotations

from cqlite import layouts
from cqlite.codec import be
from cqlite.codec.murmur3 import hash128
from cqlite.errors import CorruptSSTableError
from cqlite.io import FILTER, Components

_MAX_HASHES = 21
"""As many as Cassandra's ``BloomFilter`` has room for."""


class BloomFilter:
    """A Bloom filter of partition keys (Cassandra's ``BloomFilter``).

    Attributes:
        num_hashes: number of bits that each key sets.
        capacity: number of bits.
    """

    def __init__(self, bits: bytes, num_hashes: int, *, is_legacy: bool = False) -> None:
        """A filter of given bits.

        Args:
            bits: the bits as in Filter.db, a multiple of eight bytes.
            num_hashes: number of bits that each key sets.
            is_legacy: whether the bytes of each 64-bit word are in the order of ``ma``
                to ``me``.
        """
        self._bits = bits
        self._byte_flip = 7 if is_legacy else 0
        self.num_hashes = num_hashes
        self.capacity = len(bits) * 8

    @classmethod
    def read(cls, components: Components) -> BloomFilter:
        """The filter that Filter.db holds.

        Raises:
            MissingComponentError: there is no Filter.db.
            CorruptSSTableError: it is damaged.
        """
        where = components.where(FILTER)
        version = components.descriptor.version.number
        with components.open(FILTER) as file:
            parsed = layouts.parse("filter.body", file, version, where=where)
        if not 0 < parsed.num_hashes <= _MAX_HASHES:
            raise CorruptSSTableError(
                f"a Bloom filter cannot have {parsed.num_hashes} hashes",
                where.at(0, "filter.body.num_hashes"),
            )
        legacy = getattr(parsed, "legacy_bits", None)
        bits = parsed.bits if legacy is None else legacy
        if not bits:
            raise CorruptSSTableError(
                "a Bloom filter cannot be empty", where.at(field="filter.body.num_words")
            )
        return cls(bits, parsed.num_hashes, is_legacy=legacy is not None)

    def might_contain(self, key: bytes) -> bool:
        """Whether a partition of ``key`` can be there; ``False`` is certain."""
        increment, base = map(be.wrap_s64, hash128(key))
        return all(self._is_set(base, increment, index) for index in range(self.num_hashes))

    def _is_set(self, base: int, increment: int, index: int) -> bool:
        # The remainder takes the sign of the dividend in Java, then its sign is dropped.
        bit = abs(be.wrap_s64(base + index * increment)) % self.capacity
        return bool(self._bits[bit // 8 ^ self._byte_flip] >> bit % 8 & 1)


def filter_hash_byte(key: bytes) -> int:
    """The byte of a key's hash that BTI indexes store (``filterHashLowerBits``)."""
    return hash128(key)[1] & 0xFF
