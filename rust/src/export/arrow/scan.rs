//! Answers a plan batch by batch.

use std::collections::VecDeque;
use std::sync::Arc;

use super::batcher::{Batcher, End, Stop};
use super::batches::Steps;
use super::plan::Plan;
use super::schema::schema;
use crate::blocks::{DATA, Stream};
use crate::errors::{Error, Kind};
use crate::index::IndexEntry;
use crate::rows::{Next, Projection, RowReader, Window};
use crate::sstable::{ColumnKind, Lookup, Slice, Slices, Table};

/// Which partitions and rows are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restriction {
    /// Serialized partition keys in the partitioner's order; none for all.
    pub keys: Option<Vec<Vec<u8>>>,
    /// Byte-comparable position of the first partition; empty for the first of all.
    pub start: Vec<u8>,
    /// Before which the last one is; none for the last of all.
    pub end: Option<Vec<u8>>,
    /// Rows that are wanted, in their order; none for all.
    pub slices: Option<Vec<Slice>>,
}

/// Part of Data.db, whose partitions are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where its first partition starts.
    pub start: u64,
    /// Where its last one ends.
    pub end: u64,
}

/// What is to be read next.
enum Work {
    Piece(Piece),
    From(Vec<u8>),
    Key(Vec<u8>),
}

/// Where reading stands.
struct Cursor {
    stream: Stream,
    position: u64,
    is_to_the_end: bool,
    entry: Option<IndexEntry>,
}

/// A scan of one SSTable.
pub struct Scan {
    table: Arc<Table>,
    lookup: Option<Lookup>,
    slices: Vec<Slice>,
    projection: Projection,
    all: Projection,
    batcher: Batcher,
    work: VecDeque<Work>,
    cursor: Option<Cursor>,
    position: u64,
}

impl Scan {
    /// A scan of `table` for `plan` with what `restriction` lets through. `lookup` is needed
    /// for keys and for a start.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: a column has the name of one that metadata adds, or rows of the
    /// table have no order that is known; [`Kind::InvalidValue`]: a bound has a value that is
    /// none of its type.
    pub fn new(
        table: Arc<Table>,
        lookup: Option<Lookup>,
        plan: Arc<Plan>,
        restriction: Restriction,
    ) -> Result<Self, Error> {
        let length = table.blocks().length();
        let work = match restriction.keys {
            Some(keys) => keys.into_iter().map(Work::Key).collect(),
            None if !restriction.start.is_empty() => [Work::From(restriction.start.clone())].into(),
            None => [Work::Piece(Piece { start: 0, end: length })].into(),
        };
        let mut scan = Self::of(table, lookup, plan, work)?;
        let facts = scan.table.facts();
        if let Some(position) = restriction.end {
            let partitioner = facts.parse_partitioner()?;
            scan.batcher.end = Some(End { partitioner, position });
        }
        if let Some(slices) = restriction.slices {
            if slices.is_empty() {
                scan.work.clear();
            }
            scan.batcher.slices = Some(Slices::new(facts.clustering_types(), &slices)?);
            scan.slices = slices;
        }
        Ok(scan)
    }

    /// A scan of one piece of `table`.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: a column has the name of one that metadata adds.
    pub fn piece(table: Arc<Table>, plan: Arc<Plan>, piece: Piece) -> Result<Self, Error> {
        Self::of(table, None, plan, [Work::Piece(piece)].into())
    }

    fn of(
        table: Arc<Table>,
        lookup: Option<Lookup>,
        plan: Arc<Plan>,
        work: VecDeque<Work>,
    ) -> Result<Self, Error> {
        let schema = Arc::new(schema(&plan)?);
        let facts = table.facts();
        let num_keys = facts.columns_of(ColumnKind::PartitionKey).count();
        let all = Projection::all(table.format());
        let mut batcher = Batcher::new(Arc::clone(&plan), schema, num_keys);
        batcher.keeps_key = facts.last_key.is_some();
        let regulars = batcher.outputs.wanted_regulars(all.regulars.len());
        let projection = Projection { regulars, ..all.clone() };
        let mut scan = Self {
            table,
            lookup,
            slices: Vec::new(),
            projection,
            all,
            batcher,
            work,
            cursor: None,
            position: 0,
        };
        if plan.limit == Some(0) {
            scan.work.clear();
        }
        scan.settle();
        Ok(scan)
    }

    /// Tells again only the columns that are asked for.
    fn settle(&mut self) {
        self.batcher.has_all = self.projection == self.all;
    }

    fn open(&mut self) -> Result<Option<Cursor>, Error> {
        let length = self.table.blocks().length();
        let Some(work) = self.work.pop_front() else { return Ok(None) };
        self.batcher.partition.is_open = false;
        let (piece, key) = match work {
            Work::Piece(piece) => (Some(piece), None),
            Work::From(start) => {
                let first = self.index()?.first_from(&start)?;
                (first.map(|start| Piece { start, end: length }), None)
            }
            Work::Key(key) => {
                let found = self.index()?.find(&key)?;
                let piece = found.as_ref().map(|e| Piece { start: e.position, end: length });
                (piece, found.map(|entry| (entry, key)))
            }
        };
        let Some(piece) = piece else { return Ok(None) };
        let is_key = key.is_some();
        let (entry, expected) = key.map_or((None, None), |(entry, key)| (Some(entry), Some(key)));
        let has_blocks = entry.as_ref().is_some_and(|entry| entry.row_index.is_some());
        self.batcher.jumps = has_blocks && self.batcher.slices.is_some();
        self.batcher.stops_past = is_key;
        self.batcher.expected = expected;
        Ok(Some(Cursor {
            stream: self.table.stream(piece.start, piece.end),
            position: piece.start,
            is_to_the_end: !is_key && piece.end >= length,
            entry,
        }))
    }

    fn index(&mut self) -> Result<&mut Lookup, Error> {
        self.lookup.as_mut().ok_or_else(|| Error::new(Kind::Missing, "", "the index is missing"))
    }

    fn read(
        &mut self,
        cursor: &mut Cursor,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Next, Error> {
        let projection = if self.batcher.has_all { &self.all } else { &self.projection };
        let mut reader = RowReader::new(self.table.format(), projection);
        if self.batcher.partition.is_open {
            reader.at_unfiltered();
        }
        let end = cursor.stream.end();
        let mut wanted = 1;
        loop {
            if !go_on() {
                return Err(Error::new(Kind::Io, DATA, "reading was interrupted"));
            }
            let bytes = cursor.stream.bytes(cursor.position, wanted)?;
            let window = Window { bytes, position: cursor.position, end };
            let progress = reader.read(window, &mut self.batcher)?;
            cursor.position = progress.position;
            match progress.next {
                Next::More(more) => wanted = more,
                next => return Ok(next),
            }
        }
    }

    /// Checks that there is nothing more where all has been read.
    fn ended(&mut self, mut cursor: Cursor) -> Result<(), Error> {
        if !cursor.is_to_the_end {
            return Ok(());
        }
        cursor.stream.check_end()?;
        match &self.table.facts().last_key {
            Some(expected) if self.batcher.last_key.as_ref() != Some(expected) => {
                let message = "the file ends without the last partition";
                let length = self.table.blocks().length();
                Err(Error::new(Kind::Truncated, DATA, message).at(length, ""))
            }
            _ => Ok(()),
        }
    }

    /// Goes to the block of rows where the slice may start; false if all rows are before it.
    fn jump(&mut self, cursor: &mut Cursor, slice: usize) -> Result<bool, Error> {
        let (Some(entry), Some(slice)) = (&cursor.entry, self.slices.get(slice)) else {
            return Ok(true);
        };
        let lookup = self.lookup.as_mut();
        let Some(lookup) = lookup else { return Ok(true) };
        let start = &slice.start;
        let Some(block) = lookup.block_for(entry, start.parts(), start.start_kind())? else {
            return Ok(false);
        };
        let position = entry.position.saturating_add(block.offset);
        if position > cursor.position {
            cursor.position = position;
            self.batcher.set_open(block.open_deletion);
        }
        Ok(true)
    }
}

impl Steps for Scan {
    fn batcher(&mut self) -> &mut Batcher {
        &mut self.batcher
    }

    fn position(&self) -> u64 {
        self.position
    }

    fn is_done(&self) -> bool {
        self.cursor.is_none() && self.work.is_empty()
    }

    fn finish(&mut self) {
        self.work.clear();
        self.cursor = None;
    }

    fn advance(&mut self, go_on: &mut dyn FnMut() -> bool) -> Result<(), Error> {
        let mut cursor = match self.cursor.take() {
            Some(cursor) => cursor,
            None => match self.open()? {
                Some(cursor) => cursor,
                None => return Ok(()),
            },
        };
        let next = self.read(&mut cursor, go_on)?;
        self.position = cursor.position;
        if next == Next::Ended {
            return self.ended(cursor);
        }
        match self.batcher.stop.take() {
            Some(Stop::Full) | None => {
                self.batcher.flush()?;
                self.settle();
            }
            Some(Stop::Limit) => {
                self.finish();
                return self.batcher.flush();
            }
            Some(Stop::Behind | Stop::Past) => {
                self.batcher.partition.is_open = false;
                return self.batcher.close_partition();
            }
            Some(Stop::NeedsAll(position)) => {
                self.batcher.has_all = true;
                cursor.position = position;
            }
            Some(Stop::Jump(slice)) => {
                if !self.jump(&mut cursor, slice)? {
                    self.batcher.partition.is_open = false;
                    return self.batcher.close_partition();
                }
            }
        }
        self.cursor = Some(cursor);
        Ok(())
    }
}
