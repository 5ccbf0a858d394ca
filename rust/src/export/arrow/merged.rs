//! Answers a plan from several SSTables of one table, batch by batch.

use std::collections::VecDeque;
use std::sync::Arc;

use super::batcher::{Batcher, Stop};
use super::batches::Steps;
use super::plan::Plan;
use super::scan::Restriction;
use super::schema::schema;
use crate::blocks::Stream;
use crate::errors::Error;
use crate::sstable::merge::{Header, Merger, Outcome, first_from, lookups, starts, streams};
use crate::sstable::{ColumnKind, Files, Lookup, Slice, Slices, Table};

/// Bytes of uncompressed blocks that are kept for lookups, of all SSTables together.
const CACHE_LIMIT: u64 = 1 << 26;

/// SSTables that are open, and where the components of each are.
pub struct Opened<'o> {
    /// The SSTables.
    pub tables: &'o [Arc<Table>],
    /// Their components, in the same order.
    pub files: &'o [&'o dyn Files],
}

/// A part of the order of partitions, which can be read by itself.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Where its first partition is in each SSTable; none where there is none in one.
    starts: Vec<Option<u64>>,
    /// The place before which its last partition is; none for all.
    end: Option<Vec<u8>>,
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
    batcher: Batcher,
    merger: Merger,
    work: Work,
}

impl MergeScan {
    /// A scan for `plan`, whose columns' positions are those in `header`, with what
    /// `restriction` lets through.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Unsupported`]: a column has cells of different kinds;
    /// [`crate::errors::Kind::InvalidValue`]: a bound has a value that is none of its type; what
    /// the indexes are damaged by, where they are needed.
    pub fn new(
        opened: &Opened<'_>,
        header: &Arc<Header>,
        plan: &Arc<Plan>,
        restriction: Restriction,
    ) -> Result<Self, Error> {
        let Restriction { keys, start, end, slices } = restriction;
        let is_nothing = plan.limit == Some(0) || slices.as_ref().is_some_and(Vec::is_empty);
        let mut scan = Self::of(opened.tables, header, plan, slices)?;
        if is_nothing {
            return Ok(scan);
        }
        if let Some(mut keys) = keys {
            within(&mut keys, header, &start, end.as_deref())?;
            let lookups = lookups(opened.tables, opened.files, CACHE_LIMIT)?;
            scan.work = Work::Keys(lookups, keys.into());
        } else {
            let starts = starts(opened.tables, opened.files, &start)?;
            scan.read(opened.tables, Stretch { starts, end });
        }
        Ok(scan)
    }

    /// A scan of one stretch, of whose rows those in `slices` are wanted; see [`MergeScan::new`].
    ///
    /// # Errors
    /// [`crate::errors::Kind::Unsupported`] and [`crate::errors::Kind::InvalidValue`] as of
    /// [`MergeScan::new`].
    pub fn stretch(
        tables: &[Arc<Table>],
        header: &Arc<Header>,
        plan: &Arc<Plan>,
        slices: Option<Vec<Slice>>,
        stretch: Stretch,
    ) -> Result<Self, Error> {
        let mut scan = Self::of(tables, header, plan, slices)?;
        scan.read(tables, stretch);
        Ok(scan)
    }

    /// A scan that reads nothing so far.
    fn of(
        tables: &[Arc<Table>],
        header: &Arc<Header>,
        plan: &Arc<Plan>,
        mut slices: Option<Vec<Slice>>,
    ) -> Result<Self, Error> {
        let schema = Arc::new(schema(plan)?);
        let num_keys = header.columns_of(ColumnKind::PartitionKey).count();
        let mut batcher = Batcher::new(Arc::clone(plan), schema, num_keys);
        batcher.has_all = true;
        batcher.is_part = slices.is_some();
        if plan.metadata {
            // Of ranges their starts and ends are told, wherever slices begin.
            let slices = slices.take();
            let slices = slices.map(|slices| Slices::new(header.clustering.clone(), &slices));
            batcher.slices = slices.transpose()?;
        }
        let mut merger = Merger::new(tables, header, slices)?;
        merger.set_as_of(plan.as_of);
        if plan.metadata {
            merger.merge_all();
        }
        merger.want(|kind, column| {
            kind == ColumnKind::Static && batcher.outputs.of(true, column).is_some()
                || kind == ColumnKind::Regular && batcher.outputs.of(false, column).is_some()
        });
        Ok(Self { batcher, merger, work: Work::Nothing })
    }

    /// Takes up a stretch.
    fn read(&mut self, tables: &[Arc<Table>], stretch: Stretch) {
        let Stretch { starts, end } = stretch;
        self.work = Work::Streams(streams(tables, &starts));
        self.merger.begin(&starts, end);
    }
}

impl Steps for MergeScan {
    fn batcher(&mut self) -> &mut Batcher {
        &mut self.batcher
    }

    fn position(&self) -> u64 {
        self.merger.position()
    }

    fn is_done(&self) -> bool {
        matches!(self.work, Work::Nothing)
    }

    fn finish(&mut self) {
        self.work = Work::Nothing;
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
            self.finish();
        }
        self.batcher.flush()
    }
}

/// Parts of about the same size of what `restriction` lets through, about `number` of them, in
/// their order; none where it cannot be parted: keys are asked for, or tokens are not spread
/// evenly.
///
/// # Errors
/// What the indexes are damaged by.
pub fn stretches(
    opened: &Opened<'_>,
    header: &Header,
    restriction: &Restriction,
    number: usize,
) -> Result<Vec<Stretch>, Error> {
    let Restriction { keys, start, end, .. } = restriction;
    if keys.is_some() {
        return Ok(Vec::new());
    }
    let mut cuts = header.partitioner.splits(number);
    cuts.retain(|cut| cut > start && end.as_ref().is_none_or(|end| cut < end));
    if cuts.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = lookups(opened.tables, opened.files, 0)?;
    let mut firsts = vec![first_from(&mut found, start)?];
    for cut in &cuts {
        firsts.push(first_from(&mut found, cut)?);
    }
    let ends = cuts.into_iter().map(Some).chain([end.clone()]);
    let stretches = firsts.into_iter().zip(ends).map(|(starts, end)| Stretch { starts, end });
    Ok(stretches.filter(|found| found.starts.iter().any(Option::is_some)).collect())
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
