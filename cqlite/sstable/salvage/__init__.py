"""Reads what can still be read of a damaged SSTable, and says what cannot.

Checksums decide what is damaged: a chunk or block whose checksum does not fit is lost
as a whole. Where there are none (an uncompressed Data.db without CRC.db), what breaks
the layout, the order of rows or the positions in the index is damage.

After damage reading goes on where the index says that something starts: the next
block of rows of a large partition, or the next partition. Without an index nothing
tells, and the rest is lost.
"""

from cqlite.sstable.salvage.losses import Loss
from cqlite.sstable.salvage.salvage import Salvage
from cqlite.sstable.sstable import SSTable

__all__ = ["Loss", "Salvage", "salvage"]


def salvage(sstable: SSTable) -> Salvage:
    """Everything of ``sstable`` that can still be read; see :class:`Salvage`.

    Raises:
        MissingComponentError: there is no Data.db or no Statistics.db.
        CorruptSSTableError: Statistics.db's header is damaged, without which no row can
            be read; or no chunk of a compressed Data.db can be found.
    """
    return Salvage(sstable)
