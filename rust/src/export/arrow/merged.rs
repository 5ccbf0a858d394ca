//! Answers a plan from several SSTables of one table, batch by batch.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::batcher::{Batcher, Stop};
use super::plan::Plan;
use super::scan::Restriction;
use super::schema::schema;
use crate::blocks::Stream;
use crate::errors::{Error, Kind};
use crate::sstable::merge::{Header, Merger, Outcome, lookups, starts, streams};
use crate::sstable::{ColumnKind, Files, Lookup, Table};

/// Bytes of uncompressed blocks that are kept for lookups, of all SSTables together.
const CACHE_LIMIT: u64 = 1 << 26;

/// SSTables that are open, and where the components of each are.
pub struct Opened<'o> {
    /// The SSTables.
    pub tables: &'o [Arc<Table>],
    /// Their components, in the same order.
    pub files: &'o [&'o dyn Files],
}

/// What is read.
enum Work {
    /// All from front to back.
    Streams(Vec<Stream>),
    /// Partitions by their keys, which are left to be read.
    Keys(Vec<Lookup>, VecDeque<Vec<u8>>),
    Nothing,
}

/// A scan of several SSTables.
pub struct MergeScan {
    schema: SchemaRef,
    batcher: Batcher,
    merger: Merger,
    work: Work,
    error: Option<Error>,
}

impl MergeScan {
    /// A scan for `plan`, whose columns' positions are those in `header`, with what
    /// `restriction` lets through.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: a column has cells of different kinds, or metadata is asked for;
    /// [`Kind::InvalidValue`]: a bound has a value that is none of its type; what the indexes
    /// are damaged by, where they are needed.
    pub fn new(
        opened: &Opened<'_>,
        header: &Arc<Header>,
        plan: &Arc<Plan>,
        restriction: Restriction,
    ) -> Result<Self, Error> {
        if plan.metadata {
            let message = "metadata of several SSTables are not merged";
            return Err(Error::new(Kind::Unsupported, "", message));
        }
        let schema = Arc::new(schema(plan)?);
        let num_keys = header.columns_of(ColumnKind::PartitionKey).count();
        let mut batcher = Batcher::new(Arc::clone(plan), Arc::clone(&schema), num_keys);
        batcher.has_all = true;
        batcher.is_part = restriction.slices.is_some();
        let is_none =
            plan.limit == Some(0) || restriction.slices.as_ref().is_some_and(Vec::is_empty);
        let mut merger = Merger::new(opened.tables, header, restriction.slices)?;
        merger.set_as_of(plan.as_of);
        merger.want(|kind, column| {
            kind == ColumnKind::Static && batcher.outputs.of(true, column).is_some()
                || kind == ColumnKind::Regular && batcher.outputs.of(false, column).is_some()
        });
        let mut scan = Self { schema, batcher, merger, work: Work::Nothing, error: None };
        if is_none {
            return Ok(scan);
        }
        scan.work = match restriction.keys {
            Some(mut keys) => {
                within(&mut keys, header, &restriction.start, restriction.end.as_deref())?;
                Work::Keys(lookups(opened.tables, opened.files, CACHE_LIMIT)?, keys.into())
            }
            None => {
                let starts = starts(opened.tables, opened.files, &restriction.start)?;
                scan.merger.begin(&starts, restriction.end);
                Work::Streams(streams(opened.tables, &starts))
            }
        };
        Ok(scan)
    }

    /// The schema of all batches.
    #[must_use]
    pub const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// How many bytes of all uncompressed Data.db are done with.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.merger.position()
    }

    /// The next batch, which has at least one row; none at the end. `go_on` is asked now and
    /// then.
    ///
    /// # Errors
    /// What an SSTable or a value in it is damaged by, once all rows before have been given;
    /// [`Kind::Io`] where `go_on` says no.
    pub fn next_batch(
        &mut self,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<RecordBatch>, Error> {
        loop {
            if let Some(batch) = self.batcher.ready.pop_front() {
                return Ok(Some(batch));
            }
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            if matches!(self.work, Work::Nothing) {
                self.batcher.flush()?;
                if self.batcher.ready.is_empty() {
                    return Ok(None);
                }
                continue;
            }
            if let Err(error) = self.advance(go_on) {
                self.work = Work::Nothing;
                self.error = Some(error);
                if let Err(error) = self.batcher.flush() {
                    self.error = Some(error);
                }
            }
        }
    }

    fn advance(&mut self, go_on: &mut dyn FnMut() -> bool) -> Result<(), Error> {
        let Self { batcher, merger, .. } = self;
        let outcome = match &mut self.work {
            Work::Nothing => return Ok(()),
            Work::Streams(streams) => merger.run(streams, batcher, go_on)?,
            Work::Keys(lookups, keys) => match merger.run(lookups, batcher, go_on)? {
                Outcome::Stopped => Outcome::Stopped,
                Outcome::Ended => match keys.pop_front() {
                    None => Outcome::Ended,
                    Some(key) => {
                        merger.begin_key(lookups, &key)?;
                        return Ok(());
                    }
                },
            },
        };
        let is_complete = self.batcher.stop.take() == Some(Stop::Limit);
        if outcome == Outcome::Ended || is_complete {
            self.work = Work::Nothing;
        }
        self.batcher.flush()
    }
}

/// Keeps the keys whose places are from `start` to before `end`.
fn within(
    keys: &mut Vec<Vec<u8>>,
    header: &Header,
    start: &[u8],
    end: Option<&[u8]>,
) -> Result<(), Error> {
    let mut place = Vec::new();
    let mut kept = Vec::new();
    for key in keys.drain(..) {
        header.partitioner.position(&key, &mut place)?;
        if place.as_slice() >= start && end.is_none_or(|end| place.as_slice() < end) {
            kept.push(key);
        }
    }
    *keys = kept;
    Ok(())
}
