//! The rows of one partition, some at a time.

use std::sync::Arc;

use super::live::{LiveRows, RawRow, RowTimes, Stop};
use super::lookup::Lookup;
use super::selection::Selection;
use super::slices::{Slice, Slices};
use super::table::Table;
use super::windows::read_rows;
use crate::errors::Error;
use crate::index::IndexEntry;
use crate::rows::{DeletionTime, RowReader};

/// Rows, and what went wrong behind them.
#[derive(Debug, Default)]
pub struct Rows {
    /// Rows that were read.
    pub rows: Vec<RawRow>,
    /// When each row's values were written; none where that was not asked for.
    pub times: Option<Vec<RowTimes>>,
    /// Why there are no more of them, if that is not the end.
    pub error: Option<Error>,
    /// Whether there may be more.
    pub has_more: bool,
}

/// What of one partition is there for a reader, once the SSTable's own deletions are applied.
pub struct PartitionRows {
    entry: IndexEntry,
    slices: Vec<Slice>,
    live: LiveRows,
    selection: Arc<Selection>,
    /// Where to go on, unless at the partition's start.
    position: Option<u64>,
}

impl PartitionRows {
    /// The rows of the partition with serialized `key` that are in `slices`, if these are
    /// given; at most `limit`. None where there is no such partition.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Corrupt`] and its like: the index is damaged;
    /// [`crate::errors::Kind::InvalidValue`]: a slice's value is none of its column's type.
    pub fn find(
        lookup: &mut Lookup,
        key: &[u8],
        selection: &Arc<Selection>,
        slices: Option<Vec<Slice>>,
        limit: Option<u64>,
    ) -> Result<Option<Self>, Error> {
        let Some(entry) = lookup.find(key)? else { return Ok(None) };
        if limit == Some(0) {
            return Ok(None);
        }
        let places = match &slices {
            Some(slices) => Some(Slices::new(lookup.clustering_types().clone(), slices)?),
            None => None,
        };
        let live = LiveRows::new(Some(key), Arc::clone(selection), places, limit);
        let selection = Arc::clone(selection);
        let slices = slices.unwrap_or_default();
        Ok(Some(Self { entry, slices, live, selection, position: None }))
    }

    /// The next rows, about `number` of them.
    pub fn next(&mut self, table: &Table, lookup: &mut Lookup, number: usize) -> Rows {
        self.live.batch = number.max(1);
        lookup.blocks().begin();
        let outcome = self.read(table, lookup);
        let (rows, times) = self.live.take();
        match outcome {
            Ok(has_more) => Rows { rows, times, error: None, has_more },
            Err(error) => Rows { rows, times, error: Some(error), has_more: false },
        }
    }

    /// Reads until there are enough rows; whether there may be more.
    fn read(&mut self, table: &Table, lookup: &mut Lookup) -> Result<bool, Error> {
        loop {
            let mut reader = RowReader::new(table.format(), &self.selection.projection);
            if self.position.is_some() {
                reader.at_unfiltered();
            }
            let position = self.position.unwrap_or(self.entry.position);
            self.live.stop = None;
            let progress = read_rows(lookup.blocks(), &mut reader, position, &mut self.live)?;
            match self.live.stop {
                Some(Stop::Full) => {
                    self.position = Some(progress.position);
                    return Ok(true);
                }
                Some(Stop::Jump(at, slice)) => {
                    if !self.jump(lookup, at, slice)? {
                        return Ok(false);
                    }
                }
                Some(Stop::Done) | None => return Ok(false),
            }
        }
    }

    /// Goes to where the slice may start, from `at` on; whether there is such a place.
    fn jump(&mut self, lookup: &mut Lookup, at: u64, slice: usize) -> Result<bool, Error> {
        self.position = Some(at);
        let start = self.slices.get(slice).map(|slice| &slice.start);
        let Some(start) = start.filter(|start| !start.values.is_empty()) else { return Ok(true) };
        if self.entry.row_index.is_none() {
            return Ok(true);
        }
        let block = lookup.block_for(&self.entry, start.parts(), start.start_kind())?;
        let Some(block) = block else { return Ok(false) };
        let target = self.entry.position.saturating_add(block.offset);
        if target > at {
            self.position = Some(target);
            self.live.open = block.open_deletion.map(|(marked_for_delete_at, local)| {
                DeletionTime { marked_for_delete_at, local_deletion_time: local }
            });
        }
        Ok(true)
    }
}
