//! What sources read from: a stream from front to back, or an index and its blocks.

use crate::blocks::Stream;
use crate::errors::Error;
use crate::index::{IndexEntry, RowIndexBlock};
use crate::sstable::lookup::Lookup;
use crate::sstable::slices::Bound;
use crate::sstable::windows::Windows;

/// Rows that can be looked at window by window, and perhaps by an index.
pub trait Access: Windows {
    /// The block of the partition's rows to go to for what is not before `start`; none where
    /// all rows are before. Asked only of those who found the entry.
    ///
    /// # Errors
    /// Those of the index.
    fn block_for(
        &mut self,
        entry: &IndexEntry,
        start: &Bound,
    ) -> Result<Option<RowIndexBlock>, Error>;

    /// Checks that there is nothing more behind the end.
    ///
    /// # Errors
    /// There is.
    fn check_end(&mut self) -> Result<(), Error>;
}

impl Access for Stream {
    fn block_for(&mut self, _: &IndexEntry, _: &Bound) -> Result<Option<RowIndexBlock>, Error> {
        Ok(None)
    }

    fn check_end(&mut self) -> Result<(), Error> {
        Self::check_end(self)
    }
}

impl Windows for Lookup {
    fn bytes(&mut self, position: u64, wanted: usize) -> Result<&[u8], Error> {
        self.blocks().bytes(position, wanted)
    }

    fn end(&self) -> u64 {
        self.length()
    }
}

impl Access for Lookup {
    fn block_for(
        &mut self,
        entry: &IndexEntry,
        start: &Bound,
    ) -> Result<Option<RowIndexBlock>, Error> {
        Self::block_for(self, entry, start.parts(), start.start_kind())
    }

    fn check_end(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
