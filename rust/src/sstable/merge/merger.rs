//! A streaming merge of sources by partitions, then by rows (`UnfilteredPartitionIterators`,
//! `UnfilteredRowIterators.merge`).

use std::cmp::Ordering;
use std::sync::Arc;

use super::access::Access;
use super::flush::Waiting;
use super::header::Header;
use super::order::Order;
use super::source::{Shared, Source};
use crate::errors::{Error, Kind};
use crate::rows::merge::{Merging, Ranges, What};
use crate::rows::{Events, Flow};
use crate::sstable::facts::ColumnKind;
use crate::sstable::lookup::Lookup;
use crate::sstable::slices::{Slice, Slices};
use crate::sstable::table::Table;

/// Why a merger came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was told to stop, and can go on.
    Stopped,
    /// All has been told.
    Ended,
}

/// Where merging stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing has been read.
    Fresh,
    /// Before a partition.
    Between,
    /// In a partition, behind its static row.
    Within,
    /// In or behind a partition that only this source has.
    Direct(usize),
}

/// Several SSTables of one table.
pub struct Merger {
    pub(super) shared: Shared,
    pub(super) sources: Vec<Source>,
    pub(super) places: Option<Slices>,
    pub(super) state: State,
    /// Sources that stand before a partition, and those within the one at hand.
    pub(super) between: Order,
    pub(super) within: Order,
    /// Sources that stand at the same place, and whether they have been taken.
    pub(super) group: Vec<usize>,
    pub(super) is_taken: bool,
    /// Plain rows that are to be told.
    pub(super) pending: Vec<Waiting>,
    pub(super) ranges: Ranges,
    pub(super) merging: Merging,
    /// Place before which the last partition is.
    pub(super) end: Option<Vec<u8>>,
    /// Partitions so far, the source that alone had the last ones, and since which one.
    pub(super) num_partitions: u64,
    /// The source to be told directly once the partition's end has been told.
    pub(super) then: Option<usize>,
    pub(super) lone: Option<usize>,
    pub(super) lone_since: u64,
    /// Whether what only one source has is merged too, rather than told as it stands.
    merges_all: bool,
}

/// What reading needs besides the merger itself.
pub(super) struct Run<'r, W, E> {
    pub windows: &'r mut [W],
    pub events: &'r mut E,
    pub go_on: &'r mut dyn FnMut() -> bool,
}

impl Merger {
    /// A merger of `tables` into rows of `header`, of whose rows those in `slices` are wanted.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: a column has one cell in the one SSTable and many in another;
    /// [`Kind::InvalidValue`]: a slice's value is none of its column's type.
    pub fn new(
        tables: &[Arc<Table>],
        header: &Arc<Header>,
        slices: Option<Vec<Slice>>,
    ) -> Result<Self, Error> {
        let sources: Result<Vec<Source>, Error> = tables
            .iter()
            .enumerate()
            .map(|(number, table)| Source::new(number, Arc::clone(table), header))
            .collect();
        let places = match &slices {
            Some(slices) => Some(Slices::new(header.clustering.clone(), slices)?),
            None => None,
        };
        Ok(Self {
            shared: Shared {
                statics: header.rules(ColumnKind::Static),
                regulars: header.rules(ColumnKind::Regular),
                header: Arc::clone(header),
                slices: slices.unwrap_or_default(),
                as_of: i64::MAX,
            },
            sources: sources?,
            places,
            state: State::Fresh,
            between: Order::default(),
            within: Order::default(),
            group: Vec::new(),
            is_taken: false,
            pending: Vec::new(),
            ranges: Ranges::default(),
            merging: Merging::default(),
            end: None,
            num_partitions: 0,
            then: None,
            lone: None,
            lone_since: 0,
            merges_all: false,
        })
    }

    /// Says of which columns the values are wanted: of the others only whether there are any.
    pub fn want(&mut self, is_wanted: impl Fn(ColumnKind, usize) -> bool) {
        let Shared { statics, regulars, .. } = &mut self.shared;
        for (kind, columns) in [(ColumnKind::Static, statics), (ColumnKind::Regular, regulars)] {
            for (index, column) in columns.iter_mut().enumerate() {
                column.is_wanted = is_wanted(kind, index);
            }
        }
        for source in &mut self.sources {
            source.mapping.want(&self.shared.regulars);
        }
    }

    /// Leaves out what was written after a timestamp, in microseconds, if there is one.
    pub fn set_as_of(&mut self, timestamp: Option<i64>) {
        self.shared.as_of = timestamp.unwrap_or(i64::MAX);
        self.merges_all = self.merges_all || timestamp.is_some();
    }

    /// Leaves out what is shadowed also of what only one SSTable has.
    pub const fn merge_all(&mut self) {
        self.merges_all = true;
    }

    fn restart(&mut self) {
        self.state = State::Fresh;
        self.between.clear(self.sources.len());
        self.within.clear(self.sources.len());
        (self.lone, self.then) = (None, None);
        self.is_taken = false;
        self.pending.clear();
    }

    /// Begins at these positions in the SSTables, none where there is nothing in one; up to
    /// the partition whose place is `end`, if there is one.
    pub fn begin(&mut self, positions: &[Option<u64>], end: Option<Vec<u8>>) {
        self.restart();
        let is_to_the_end = end.is_none();
        for (source, position) in self.sources.iter_mut().zip(positions) {
            match position {
                Some(position) => source.begin(*position, is_to_the_end, self.places.clone()),
                None => source.pass(),
            }
        }
        self.end = end;
    }

    /// Begins with the partition of `key`; whether any SSTable has it.
    ///
    /// # Errors
    /// Those of the indexes.
    pub fn begin_key(&mut self, lookups: &mut [Lookup], key: &[u8]) -> Result<bool, Error> {
        self.restart();
        self.end = None;
        let mut is_there = false;
        for (number, (source, lookup)) in self.sources.iter_mut().zip(lookups).enumerate() {
            source.end();
            if let Some(entry) = lookup.find(key).map_err(|error| error.of(number))? {
                is_there = true;
                lookup.blocks().begin();
                source.begin_single(entry, key, self.places.clone());
            }
        }
        Ok(is_there)
    }

    /// How many bytes of the uncompressed Data.db of all are done with.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.sources.iter().fold(0, |sum, source| sum.saturating_add(source.position))
    }

    /// Tells `events` partitions and rows until they say stop, or to the end. `windows` are of
    /// the SSTables in their order; `go_on` is asked now and then.
    ///
    /// # Errors
    /// What an SSTable is damaged by, and what `events` say; [`Kind::Io`] where `go_on` says
    /// no. Merging cannot go on then.
    pub fn run<W: Access, E: Events<Error = Error>>(
        &mut self,
        windows: &mut [W],
        events: &mut E,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Outcome, Error> {
        let mut run = Run { windows, events, go_on };
        if self.state == State::Fresh {
            self.state = State::Between;
            for source in 0..self.sources.len() {
                self.enter(source, &mut run)?;
            }
        }
        loop {
            let flow = match self.state {
                State::Fresh | State::Between => match self.partition(&mut run)? {
                    Some(flow) => flow,
                    None => return Ok(Outcome::Ended),
                },
                State::Within => self.unfiltered(&mut run)?,
                State::Direct(source) => self.direct(source, &mut run)?,
            };
            if flow == Flow::Stop {
                return Ok(Outcome::Stopped);
            }
        }
    }

    /// Takes a source to where its next unit belongs.
    pub(super) fn enter<W: Access, E: Events<Error = Error>>(
        &mut self,
        number: usize,
        run: &mut Run<'_, W, E>,
    ) -> Result<(), Error> {
        let mut is_behind = false;
        loop {
            let Some(source) = self.sources.get_mut(number) else { return Ok(()) };
            if source.is_drained() {
                let alone = self.lone == Some(number) && self.lone_since <= source.filled_at;
                let is_whole = self.places.is_none() && !self.merges_all;
                if alone && is_whole && !source.standing.is_single {
                    if is_behind {
                        self.then = Some(number);
                    } else {
                        self.state = State::Direct(number);
                    }
                    return Ok(());
                }
                source.filled_at = self.num_partitions;
            }
            if source.is_exhausted() && self.pending.iter().any(|(other, _)| *other == number) {
                // What waits to be told must not be forgotten.
                let message = "rows that were not told would be lost, which is a bug";
                return Err(Error::new(Kind::Unsupported, "", message));
            }
            let Some(windows) = run.windows.get_mut(number) else { return Ok(()) };
            if !source.ensure(windows, &self.shared, run.go_on)? {
                return Ok(());
            }
            let what = source.what();
            if what != Some(What::End) {
                let is_before = what == Some(What::Partition);
                let order = if is_before { &mut self.between } else { &mut self.within };
                if let Some(entry) = source.entry() {
                    order.set(number, entry.head);
                }
                return Ok(());
            }
            is_behind = true;
            if let Some(source) = self.sources.get_mut(number) {
                source.advance();
            }
        }
    }

    /// Takes all sources that stand at the least place of those within the partition at hand, or
    /// before one.
    #[inline]
    pub(super) fn take_group(&mut self, is_within: bool) {
        let sources = self.sources.as_slice();
        let order = if is_within { &mut self.within } else { &mut self.between };
        order.take(&mut self.group, |one, two| compare(sources, one, two));
    }
}

/// The order of the places of two sources.
#[inline(never)]
pub(super) fn compare(sources: &[Source], one: usize, two: usize) -> Ordering {
    let place = |number: usize| sources.get(number).map(Source::place_bytes);
    place(one).cmp(&place(two))
}
