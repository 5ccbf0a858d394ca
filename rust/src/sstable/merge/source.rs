//! One of the SSTables that are merged, block by block.

use std::sync::Arc;

use super::access::Access;
use super::collector::{Collector, Standing, Stop};
use super::header::{Header, Mapping};
use crate::blocks::DATA;
use crate::errors::{Error, Kind};
use crate::index::IndexEntry;
use crate::layouts::generated::clustering;
use crate::rows::merge::{Block, Column, Entry, Head, Unit, What};
use crate::rows::{DeletionTime, Expected, Next, Projection, RowReader, Window};
use crate::sstable::slices::{Slice, Slices};
use crate::sstable::table::Table;

/// Units of the first block, and of any.
const FIRST_UNITS: usize = 16;
const MOST_UNITS: usize = 512;

/// Bytes after which a block is full.
const BLOCK_BYTES: usize = 1 << 16;

/// What all sources have in common.
pub struct Shared {
    pub header: Arc<Header>,
    pub statics: Vec<Column>,
    pub regulars: Vec<Column>,
    pub slices: Vec<Slice>,
    /// Microseconds: what was written later is not there; the greatest number for all.
    pub as_of: i64,
}

/// An SSTable, and where reading it stands.
pub struct Source {
    number: usize,
    pub table: Arc<Table>,
    pub mapping: Mapping,
    pub projection: Projection,
    entry: Option<IndexEntry>,
    /// Where reading goes on, and what is there.
    pub position: u64,
    pub expected: Expected,
    pub standing: Standing,
    pub block: Block,
    next: usize,
    num_units: usize,
    is_to_the_end: bool,
    is_ended: bool,
    error: Option<Error>,
    /// The number of the partition that was merged when the block was filled.
    pub filled_at: u64,
}

impl Source {
    /// The SSTable of this number, of which nothing is wanted so far.
    ///
    /// # Errors
    /// As [`Mapping::new`].
    pub fn new(number: usize, table: Arc<Table>, header: &Header) -> Result<Self, Error> {
        let mapping = Mapping::new(table.facts(), header).map_err(|error| error.of(number))?;
        Ok(Self {
            number,
            projection: mapping.projection(),
            mapping,
            table,
            entry: None,
            position: 0,
            expected: Expected::Partition,
            standing: Standing::default(),
            block: Block::default(),
            next: 0,
            num_units: FIRST_UNITS,
            is_to_the_end: false,
            is_ended: true,
            error: None,
            filled_at: 0,
        })
    }

    /// Begins with the partition at `position`.
    pub fn begin(&mut self, position: u64, is_to_the_end: bool, slices: Option<Slices>) {
        self.end();
        self.entry = None;
        self.position = position;
        self.expected = Expected::Partition;
        self.standing = Standing {
            slices,
            keeps_key: self.table.facts().last_key.is_some(),
            ..Standing::default()
        };
        self.num_units = FIRST_UNITS;
        self.is_to_the_end = is_to_the_end;
        self.is_ended = false;
    }

    /// Begins with the partition of `key` alone.
    pub fn begin_single(&mut self, entry: IndexEntry, key: &[u8], slices: Option<Slices>) {
        self.begin(entry.position, false, slices);
        self.standing.expected = Some(key.to_vec());
        self.standing.is_single = true;
        self.entry = Some(entry);
    }

    /// Nothing more is wanted.
    pub fn end(&mut self) {
        self.block.clear();
        self.next = 0;
        self.error = None;
        self.is_ended = true;
    }

    /// Nothing is wanted, since all of it is before what is.
    pub fn pass(&mut self) {
        self.end();
        self.position = self.table.blocks().length();
    }

    /// Where the source stands, at what is next of what is there.
    #[inline]
    pub fn entry(&self) -> Option<&Entry> {
        self.block.entry(self.next)
    }

    /// The unit that is next, unless that is a plain row.
    #[inline]
    pub fn unit(&self) -> Option<&Unit> {
        self.block.unit(self.entry()?)
    }

    /// What the unit is that is next.
    #[inline]
    pub fn what(&self) -> Option<What> {
        self.entry().map(|entry| entry.what)
    }

    /// Whether behind what is next the block has no other row or marker of the partition.
    #[inline]
    pub fn is_last(&self) -> bool {
        let second = self.block.entry(self.next.saturating_add(1));
        !second.is_some_and(|entry| matches!(entry.what, What::Row | What::Marker))
    }

    /// Whether the block has no more units.
    #[inline]
    pub fn is_exhausted(&self) -> bool {
        self.next >= self.block.len()
    }

    /// The bytes of the place where it stands, if they were kept.
    pub fn place_bytes(&self) -> &[u8] {
        self.entry().map_or(&[], |entry| self.block.place(entry))
    }

    /// The number of the unit that is next.
    #[inline]
    pub const fn place(&self) -> usize {
        self.next
    }

    /// Makes a unit of the entry of this number if that is a plain row.
    pub fn spread(&mut self, index: usize) {
        self.block.spread(index, &self.mapping.wanted.1);
    }

    /// Goes on behind the unit.
    #[inline]
    pub const fn advance(&mut self) {
        self.next = self.next.saturating_add(1);
    }

    /// Whether what comes next has not been read.
    #[inline]
    pub fn is_drained(&self) -> bool {
        self.is_exhausted() && !self.is_ended && self.error.is_none()
    }

    /// Sees to it that the next unit is there, if there is one; whether there is.
    ///
    /// # Errors
    /// What is wrong with the SSTable behind the units that were there.
    pub fn ensure<W: Access>(
        &mut self,
        windows: &mut W,
        shared: &Shared,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<bool, Error> {
        if !self.is_exhausted() {
            return Ok(true);
        }
        self.block.clear();
        self.next = 0;
        if let Some(error) = self.error.take() {
            self.is_ended = true;
            return Err(error);
        }
        while self.block.is_empty() && !self.is_ended {
            if let Err(error) = self.fill(windows, shared, go_on) {
                let error = error.of(self.number);
                if self.block.is_empty() {
                    self.is_ended = true;
                    return Err(error);
                }
                self.error = Some(error);
            }
        }
        self.num_units = self.num_units.saturating_mul(2).min(MOST_UNITS);
        Ok(!self.block.is_empty())
    }

    fn fill<W: Access>(
        &mut self,
        windows: &mut W,
        shared: &Shared,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<(), Error> {
        let (next, stop) = self.read(windows, shared, go_on)?;
        match stop {
            Some(Stop::Past) => self.leave(),
            Some(Stop::Jump(position, slice)) => self.jump(windows, shared, position, slice)?,
            None if next == Next::Ended => {
                self.is_ended = true;
                self.check_end(windows)?;
            }
            None => {
                self.is_ended = self.standing.is_single && self.expected == Expected::Partition;
            }
        }
        Ok(())
    }

    fn read<W: Access>(
        &mut self,
        windows: &mut W,
        shared: &Shared,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<(Next, Option<Stop>), Error> {
        let mut reader = RowReader::resume(self.table.format(), &self.projection, self.expected);
        let takes_plain = self.num_units > FIRST_UNITS && self.standing.slices.is_none();
        let mut collector = Collector {
            block: &mut self.block,
            standing: &mut self.standing,
            mapping: &self.mapping,
            header: &shared.header,
            statics: &shared.statics,
            regulars: &shared.regulars,
            as_of: shared.as_of,
            num_units: self.num_units,
            num_bytes: BLOCK_BYTES,
            plain: takes_plain.then_some(self.mapping.wanted.0.as_slice()),
            is_static: false,
            stop: None,
        };
        let end = windows.end();
        let mut wanted = 1;
        loop {
            if !go_on() {
                return Err(Error::new(Kind::Io, DATA, "reading was interrupted"));
            }
            let bytes = windows.bytes(self.position, wanted)?;
            let window = Window { bytes, position: self.position, end };
            let progress = reader.read(window, &mut collector)?;
            self.position = progress.position;
            self.expected = reader.expected();
            match progress.next {
                Next::More(more) => wanted = more,
                next => return Ok((next, collector.stop)),
            }
        }
    }

    /// Leaves the only partition.
    fn leave(&mut self) {
        self.block.begin(Unit::new(What::End, self.position), Head::default(), &[]);
        self.block.finish();
        self.is_ended = true;
    }

    /// Goes to where the slice may start, from `at` on.
    fn jump<W: Access>(
        &mut self,
        windows: &mut W,
        shared: &Shared,
        at: u64,
        slice: usize,
    ) -> Result<(), Error> {
        self.position = at;
        self.expected = Expected::Unfiltered;
        let start = shared.slices.get(slice).map(|slice| &slice.start);
        let Some(start) = start.filter(|start| !start.values.is_empty()) else { return Ok(()) };
        let Some(entry) = self.entry.as_ref().filter(|entry| entry.row_index.is_some()) else {
            return Ok(());
        };
        let Some(block) = windows.block_for(entry, start)? else {
            self.leave();
            return Ok(());
        };
        let target = entry.position.saturating_add(block.offset);
        if target <= at {
            return Ok(());
        }
        self.position = target;
        // What is open there is open in the slice, however far before it that was opened.
        let mut unit = Unit::new(What::Marker, target);
        unit.kind = clustering::Kind::INCL_START_BOUND;
        let open = block.open_deletion.map(|(marked_for_delete_at, local)| DeletionTime {
            marked_for_delete_at,
            local_deletion_time: local,
        });
        unit.deletion = open.filter(|open| open.marked_for_delete_at <= shared.as_of);
        let values: Vec<_> = start.parts().collect();
        let place = self.standing.slices.as_ref().and_then(|slices| slices.start_of(slice));
        let place = place.unwrap_or_default();
        self.block.begin(unit, Head::of(place), place);
        self.block.add_values(&values);
        self.block.finish();
        Ok(())
    }

    /// Checks that there is nothing more where all has been read.
    pub fn check_end<W: Access>(&mut self, windows: &mut W) -> Result<(), Error> {
        if !self.is_to_the_end {
            return Ok(());
        }
        windows.check_end()?;
        match &self.table.facts().last_key {
            Some(expected) if self.standing.last_key.as_ref() != Some(expected) => {
                let message = "the file ends without the last partition";
                let length = self.table.blocks().length();
                Err(Error::new(Kind::Truncated, DATA, message).at(length, ""))
            }
            _ => Ok(()),
        }
    }
}
