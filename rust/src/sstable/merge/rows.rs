//! Rows of several SSTables, some at a time.

use std::sync::Arc;

use super::header::Header;
use super::merger::{Merger, Outcome};
use super::start::{starts, streams};
use crate::blocks::Stream;
use crate::errors::Error;
use crate::sstable::files::Files;
use crate::sstable::live::LiveRows;
use crate::sstable::lookup::Lookup;
use crate::sstable::partition_rows::Rows;
use crate::sstable::selection::Selection;
use crate::sstable::slices::Slice;
use crate::sstable::table::Table;

/// What of one partition is there for a reader.
pub struct MergedRows {
    merger: Merger,
    live: LiveRows,
}

/// Which rows of a partition are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The serialized partition key.
    pub key: Vec<u8>,
    /// Parts of the partition, in their order; none for all.
    pub slices: Option<Vec<Slice>>,
    /// Rows that are wanted at most.
    pub limit: Option<u64>,
    /// What is told of them.
    pub telling: Telling,
}

/// At which time rows are told, and what of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// Seconds since 1970 at which the answer is to be true; none where nothing expires.
    pub now: Option<i64>,
    /// Microseconds: what was written later is not there; none for all.
    pub as_of: Option<i64>,
    /// Whether it is told when values were written.
    pub times: bool,
}

impl Telling {
    fn apply(self, live: &mut LiveRows) {
        live.now = self.now;
        if self.times {
            live.tell_times();
        }
    }
}

impl MergedRows {
    /// The rows of `part`. None where there is no such partition.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Corrupt`] and its like: an index is damaged;
    /// [`crate::errors::Kind::InvalidValue`]: a slice's value is none of its column's type.
    pub fn find(
        tables: &[Arc<Table>],
        lookups: &mut [Lookup],
        header: &Arc<Header>,
        selection: &Arc<Selection>,
        part: Part,
    ) -> Result<Option<Self>, Error> {
        if part.limit == Some(0) {
            return Ok(None);
        }
        let is_part = part.slices.is_some();
        let mut merger = Merger::new(tables, header, part.slices)?;
        merger.want(|kind, column| selection.wants(kind, column));
        merger.set_as_of(part.telling.as_of);
        if !merger.begin_key(lookups, &part.key)? {
            return Ok(None);
        }
        let mut live = LiveRows::new(Some(&part.key), Arc::clone(selection), None, part.limit);
        part.telling.apply(&mut live);
        live.is_part = is_part;
        Ok(Some(Self { merger, live }))
    }

    /// The next rows, about `number` of them.
    pub fn next(&mut self, lookups: &mut [Lookup], number: usize) -> Rows {
        self.live.batch = number.max(1);
        for lookup in lookups.iter_mut() {
            lookup.blocks().begin();
        }
        let outcome = self.merger.run(lookups, &mut self.live, &mut || true);
        rows_of(&mut self.live, outcome)
    }
}

/// What is there for a reader of all partitions, or of a part of their order.
pub struct ScannedRows {
    merger: Merger,
    live: LiveRows,
    streams: Vec<Stream>,
}

/// Which rows of which partitions are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first partition's place at least.
    pub start: Vec<u8>,
    /// The place before which the last partition is; none for all.
    pub end: Option<Vec<u8>>,
    /// Parts of each partition, in their order; none for all.
    pub slices: Option<Vec<Slice>>,
    /// Rows that are wanted at most.
    pub limit: Option<u64>,
    /// What is told of them.
    pub telling: Telling,
}

impl ScannedRows {
    /// The rows of `span`.
    ///
    /// # Errors
    /// As those of [`MergedRows::find`], of the indexes only where the span has a start.
    pub fn new(
        tables: &[Arc<Table>],
        files: &[&dyn Files],
        header: &Arc<Header>,
        selection: &Arc<Selection>,
        span: Span,
    ) -> Result<Self, Error> {
        let is_part = span.slices.is_some();
        let mut merger = Merger::new(tables, header, span.slices)?;
        merger.want(|kind, column| selection.wants(kind, column));
        merger.set_as_of(span.telling.as_of);
        let starts = starts(tables, files, &span.start)?;
        let streams = streams(tables, &starts);
        merger.begin(&starts, span.end);
        let mut live = LiveRows::new(None, Arc::clone(selection), None, span.limit);
        span.telling.apply(&mut live);
        live.is_part = is_part;
        Ok(Self { merger, live, streams })
    }

    /// The next rows, about `number` of them. `go_on` is asked now and then.
    pub fn next(&mut self, number: usize, go_on: &mut dyn FnMut() -> bool) -> Rows {
        self.live.batch = number.max(1);
        let outcome = self.merger.run(&mut self.streams, &mut self.live, go_on);
        rows_of(&mut self.live, outcome)
    }
}

fn rows_of(live: &mut LiveRows, outcome: Result<Outcome, Error>) -> Rows {
    let (rows, times) = live.take();
    match outcome {
        Ok(outcome) => {
            let has_more = outcome == Outcome::Stopped && !live.is_done();
            Rows { rows, times, error: None, has_more }
        }
        Err(error) => Rows { rows, times, error: Some(error), has_more: false },
    }
}
