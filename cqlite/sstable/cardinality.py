"""The sketch from which Cassandra estimates how many partitions an SSTable has.

Follows ``com.clearspring.analytics.stream.cardinality.HyperLogLogPlus``, the library
that Cassandra uses, down to its rounding. Hashes are unsigned 64-bit integers;
Cassandra's are :func:`cqlite.codec.murmur2.hash64` of the partition keys.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from cqlite.errors import CorruptSSTableError, UnsupportedFeatureError, Where
from cqlite.sstable import hll_bias

PRECISION = 13
SPARSE_PRECISION = 25
_REGISTERS_PER_WORD = 6
_REGISTER_BITS = 5
_THRESHOLD = 6500
"""Up to this estimate counting empty registers is better, for the precision of 13."""

_LONG = 0xFFFFFFFFFFFFFFFF
_INT = 0xFFFFFFFF


class HyperLogLogPlus:
    """A HyperLogLog++ sketch, sparse as long as it is small.

    Attributes:
        precision: two to the power of this is the number of registers.
        sparse_precision: bits of a hash that the sparse form keeps as its index.
    """

    def __init__(
        self,
        precision: int = PRECISION,
        sparse_precision: int = SPARSE_PRECISION,
        *,
        registers: Sequence[int] | None = None,
        sparse: Iterable[int] = (),
    ) -> None:
        """An empty sketch; or one in normal form from its ``registers``, or in sparse form.

        Args:
            precision: see the class.
            sparse_precision: see the class.
            registers: the normal form's registers, 0 to 31 each.
            sparse: the sparse form's encoded hashes.
        """
        self.precision = precision
        self.sparse_precision = sparse_precision
        self._count = 1 << precision
        self._registers = None if registers is None else list(registers)
        self._sparse = list(sparse)
        self._pending: list[int] = []
        self._sparse_threshold = self._count * 3 // 4
        self._sort_threshold = self._sparse_threshold // 4

    @property
    def registers(self) -> tuple[int, ...] | None:
        """The registers, or ``None`` while the sketch is sparse."""
        return None if self._registers is None else tuple(self._registers)

    @property
    def sparse(self) -> tuple[int, ...] | None:
        """The sparse form's encoded hashes, or ``None`` once the sketch is normal."""
        if self._registers is not None:
            return None
        self._merge_pending()
        return tuple(self._sparse)

    def offer(self, hashed: int) -> None:
        """Counts a value by its hash."""
        if self._registers is not None:
            self._update(hashed >> 64 - self.precision, self._run_length(hashed))
            return
        self._pending.append(self._encode(hashed))
        if len(self._pending) > self._sort_threshold:
            self._merge_pending()
            if len(self._sparse) > self._sparse_threshold:
                self._become_normal()

    def merge(self, other: HyperLogLogPlus) -> None:
        """Counts all values that ``other`` has counted.

        Raises:
            UnsupportedFeatureError: the two are not of the same precisions.
        """
        mine, others = ((s.precision, s.sparse_precision) for s in (self, other))
        if mine != others:
            raise UnsupportedFeatureError(f"cardinality sketches of precisions {mine} and {others}")
        sparse = other.sparse
        if sparse is None:
            self._merge_pending()
            self._become_normal()
            self._registers = list(map(max, self._registers or [], other.registers or ()))
        elif self._registers is not None:
            self._update_all(sparse)
        else:
            self._pending.extend(sparse)
            self._merge_pending()
            if len(self._sparse) > self._sparse_threshold:
                self._become_normal()

    def cardinality(self) -> int:
        """The estimated number of distinct values.

        Raises:
            UnsupportedFeatureError: a normal form of another precision than Cassandra's.
        """
        sparse = self.sparse
        if sparse is not None:
            size = 1 << self.sparse_precision
            return _round(size * math.log(size / (size - len(sparse))))
        return self._normal_cardinality(self._registers or [])

    def _normal_cardinality(self, registers: list[int]) -> int:
        if self.precision != PRECISION:
            raise UnsupportedFeatureError(
                f"cardinality sketch of precision {self.precision}; Cassandra writes {PRECISION}"
            )
        count = self._count
        alpha = 0.7213 / (1 + 1.079 / count) * count * count
        estimate = alpha * (1 / sum(1.0 / (1 << register) for register in registers))
        corrected = estimate
        if estimate <= 5 * count:
            corrected -= _bias(estimate)
        empty = registers.count(0)
        linear = count * math.log(count / empty) if empty else corrected
        return _round(linear if linear < _THRESHOLD else corrected)

    def _run_length(self, hashed: int) -> int:
        rest = hashed << self.precision & _LONG | 1 << self.precision - 1
        return 64 - rest.bit_length() + 1

    def _update(self, index: int, run_length: int) -> None:
        registers = self._registers
        if registers is not None:
            registers[index] = max(registers[index], run_length)

    def _encode(self, hashed: int) -> int:
        """The sparse form's integer for a hash: its first bits, and the run length if it
        cannot be told from them."""
        index = hashed >> 64 - self.sparse_precision
        if index & (1 << self.sparse_precision - self.precision) - 1:
            return index << 1
        return (index << 6 | self._run_length(hashed) ^ 63) << 1 | 1

    def _sparse_index(self, encoded: int) -> int:
        return encoded >> 7 if encoded & 1 else encoded >> 1

    def _merge_pending(self) -> None:
        """Brings what was offered since into the sparse form, the way the library does.

        It goes by the encoded integers where it should go by their indexes, and so may
        keep an index twice; the estimate depends on it.
        """
        if not self._pending:
            return
        index_of = self._sparse_index
        first: dict[int, int] = {}
        for encoded in sorted(self._pending, key=lambda k: (index_of(k), k)):
            first.setdefault(index_of(encoded), encoded)
        pending = list(first.values())
        merged: list[int] = []
        old = new = 0
        while old < len(self._sparse) and new < len(pending):
            left, right = self._sparse[old], pending[new]
            same = index_of(left) == index_of(right)
            merged.append(min(left, right))
            old += same or left < right
            new += same or left > right
        self._sparse = merged + self._sparse[old:] + pending[new:]
        self._pending = []

    def _become_normal(self) -> None:
        if self._registers is None:
            self._registers = [0] * self._count
            self._update_all(self._sparse)
            self._sparse = []

    def _update_all(self, sparse: Iterable[int]) -> None:
        for encoded in sparse:
            index = self._sparse_index(encoded) >> self.sparse_precision - self.precision
            self._update(index, self._decode_run_length(encoded))

    def _decode_run_length(self, encoded: int) -> int:
        if encoded & 1:
            return encoded >> 1 & 63 ^ 63
        rest = encoded << self.precision + 31 - self.sparse_precision & _INT
        return 32 - rest.bit_length() + 1


def union(sketches: Iterable[HyperLogLogPlus]) -> HyperLogLogPlus:
    """A new sketch of all values that any of ``sketches`` has counted; an empty one of none.

    Raises:
        UnsupportedFeatureError: they are of different precisions.
    """
    merged: HyperLogLogPlus | None = None
    for sketch in sketches:
        if merged is None:
            merged = HyperLogLogPlus(sketch.precision, sketch.sparse_precision)
        merged.merge(sketch)
    return HyperLogLogPlus() if merged is None else merged


def unpack_registers(words: Iterable[int], precision: int, where: Where) -> list[int]:
    """The registers in ``words``, unsigned 32-bit integers of six registers each.

    Raises:
        CorruptSSTableError: ``words`` are too few for 2^precision registers.
    """
    mask = (1 << _REGISTER_BITS) - 1
    registers = [
        word >> _REGISTER_BITS * place & mask
        for word in words
        for place in range(_REGISTERS_PER_WORD)
    ]
    if len(registers) < 1 << precision:
        raise CorruptSSTableError(
            f"{len(registers)} registers where precision {precision} needs {1 << precision}", where
        )
    return registers[: 1 << precision]


def pack_registers(registers: Sequence[int]) -> list[int]:
    """The inverse of :func:`unpack_registers`: always one word more than needed in full."""
    words = [0] * (len(registers) // _REGISTERS_PER_WORD + 1)
    for index, register in enumerate(registers):
        word, place = divmod(index, _REGISTERS_PER_WORD)
        words[word] |= register << _REGISTER_BITS * place
    return words


def _bias(estimate: float) -> float:
    """Mean bias of the six measured estimates that are nearest."""
    distances = {(estimate - raw) ** 2: index for index, raw in enumerate(hll_bias.RAW_ESTIMATES)}
    nearest = [distances[distance] for distance in sorted(distances)[:6]]
    return sum(hll_bias.BIASES[index] for index in nearest) / len(nearest)


def _round(value: float) -> int:
    """To the nearest integer, halves up, as ``Math.round``."""
    return math.floor(value + 0.5)
