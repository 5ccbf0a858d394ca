//! The promoted index of an entry in Index.db (Cassandra's `IndexedEntry`).

use super::big::INDEX;
use super::model::{Deletion, RowIndexBlock, deletion};
use crate::errors::{Error, Kind};
use crate::io::wide;
use crate::layouts::generated::clustering::Prefix;
use crate::layouts::generated::index::{Block, PromotedIndexHeader, PromotedIndexOffsets};
use crate::layouts::prelude::{self, Cursor, Numbers, fit};
use crate::layouts::trace::Trace;
use crate::types::clusterings::ClusteringTypes;

/// The blocks of a large partition.
pub(super) struct PromotedIndex<'a> {
    bytes: &'a [u8],
    base: u64,
    version: u8,
    types: &'a ClusteringTypes,
    first_block: usize,
    offsets: Numbers<'a, u32, true>,
}

impl<'a> PromotedIndex<'a> {
    /// The index in `bytes`, which start at `base` in Index.db.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] or [`Kind::Truncated`]: header or offsets do not fit their layout.
    pub(super) fn decode(
        bytes: &'a [u8],
        base: u64,
        version: u8,
        types: &'a ClusteringTypes,
    ) -> Result<Self, Error> {
        let mut cur = Cursor::new(bytes, base);
        let header = PromotedIndexHeader::read(&mut cur, version);
        let header = header.map_err(|_| {
            let again = |cur: &mut Cursor<'_>| PromotedIndexHeader::read(cur, version).map(drop);
            Error::traced(INDEX, "index.promoted_index_header", (bytes, base), again)
        })?;
        let first_block = cur.position();
        let offsets = fit(header.num_blocks.value())
            .and_then(|number| PromotedIndexOffsets::read(&mut Cursor::new(bytes, base), number))
            .map_err(|fault| at(fault, base, "index.promoted_index_offsets.before"))?;
        Ok(Self { bytes, base, version, types, first_block, offsets: offsets.offsets })
    }

    /// The block to start reading at for what is not before the byte-comparable `clustering`;
    /// none where all rows are before.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: a block that had to be looked at is damaged.
    pub(super) fn block_for(&self, clustering: &[u8]) -> Result<Option<RowIndexBlock>, Error> {
        let mut order = Vec::new();
        let (mut low, mut high) = (0_usize, self.offsets.len());
        while low < high {
            let middle = low.midpoint(high);
            let is_before = self.with_block(middle, |block| {
                self.order_of(&block.last_name, &mut order)?;
                Ok(order.as_slice() < clustering)
            })?;
            if is_before {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        if low == self.offsets.len() {
            return Ok(None);
        }
        let open_deletion = match low.checked_sub(1) {
            Some(before) => self.with_block(before, open_at_end)?,
            None => None,
        };
        self.with_block(low, |block| {
            let offset = block.offset.value();
            let width = fit(block.width()).map_err(fault)?;
            Ok(Some(RowIndexBlock { offset, width, open_deletion }))
        })
    }

    /// The least number of bytes from where a block starts to where the next one does; none
    /// where there is only one.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: a block is damaged.
    pub(super) fn smallest_block(&self) -> Result<Option<u64>, Error> {
        let (mut smallest, mut previous) = (None, None);
        for index in 0..self.offsets.len() {
            let offset = self.with_block(index, |block| Ok(block.offset.value()))?;
            smallest = smaller(smallest, previous.map(|before| offset.saturating_sub(before)));
            previous = Some(offset);
        }
        Ok(smallest)
    }

    fn with_block<T>(
        &self,
        index: usize,
        look: impl FnOnce(&Block<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let offset = self.offsets.item(prelude::count(index)).map_err(fault)?;
        let start = self.first_block.saturating_add(usize::try_from(offset).unwrap_or(usize::MAX));
        let base = self.base.saturating_add(wide(start));
        let Some(bytes) = self.bytes.get(start..).filter(|bytes| !bytes.is_empty()) else {
            let message = format!("block {index} starts after the end of the index");
            let error = Error::new(Kind::Corrupt, INDEX, message);
            return Err(error.at(base, "index.promoted_index"));
        };
        let (version, shapes) = (self.version, self.types.shapes());
        look(&Block::decode(bytes, base, version, shapes).map_err(|error| {
            let trace = Trace::default();
            let mut cur = Cursor::traced(bytes, base, &trace);
            let fault = Block::read(&mut cur, version, shapes).err().unwrap_or(error.fault);
            Error::along(INDEX, "index.block", &trace, cur.error(fault))
        })?)
    }

    fn order_of(&self, name: &Prefix<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut values = Vec::new();
        for item in name.values.blocks.iter().flat_map(|block| block.items.iter()) {
            let is_empty = item.is_empty().map_err(fault)?;
            values.push(item.value.or(if is_empty { Some(&[]) } else { None }));
        }
        self.types.position(values, name.kind, out).map_err(|refusal| {
            Error::new(Kind::InvalidValue, INDEX, refusal.to_string()).at(self.base, "")
        })
    }
}

/// The smaller one of two, if there is any.
pub(super) fn smaller(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    one.into_iter().chain(other).min()
}

fn open_at_end(block: &Block<'_>) -> Result<Option<Deletion>, Error> {
    let opened = block.end_open_marker.as_ref().map(deletion).transpose();
    opened.map(Option::flatten).map_err(fault)
}

#[cold]
fn at(fault: prelude::Fault, offset: u64, field: &'static str) -> Error {
    Error::layout(INDEX, prelude::Error { fault, offset, field })
}

#[cold]
fn fault(fault: prelude::Fault) -> Error {
    Error { offset: None, ..Error::layout(INDEX, prelude::Error::from(fault)) }
}
