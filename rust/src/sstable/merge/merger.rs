//! A streaming merge of sources by partitions, then by rows (`UnfilteredPartitionIterators`,
//! `UnfilteredRowIterators.merge`).

use std::cmp::Ordering;
use std::sync::Arc;

use super::access::Access;
use super::direct;
use super::flush;
use super::header::Header;
use super::order::Order;
use super::source::{Shared, Source};
use crate::errors::{Error, Kind};
use crate::rows::merge::{Merging, Ranges, Version, What, marker_kind, times};
use crate::rows::{DeletionTime, Events, Flow, Marker, PartitionStart, PlainRows};
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
enum State {
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
    shared: Shared,
    sources: Vec<Source>,
    places: Option<Slices>,
    state: State,
    /// Sources that stand before a partition, and those within the one at hand.
    between: Order,
    within: Order,
    /// Sources that stand at the same place, and whether they have been taken.
    group: Vec<usize>,
    is_taken: bool,
    /// Plain rows that are to be told: sources, and numbers of units.
    pending: Vec<(usize, usize)>,
    ranges: Ranges,
    merging: Merging,
    /// Place before which the last partition is.
    end: Option<Vec<u8>>,
    /// Partitions so far, the source that alone had the last ones, and since which one.
    num_partitions: u64,
    /// The source to be told directly once the partition's end has been told.
    then: Option<usize>,
    lone: Option<usize>,
    lone_since: u64,
}

/// What reading needs besides the merger itself.
struct Run<'r, W, E> {
    windows: &'r mut [W],
    events: &'r mut E,
    go_on: &'r mut dyn FnMut() -> bool,
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
    }

    fn restart(&mut self) {
        self.state = State::Fresh;
        self.between.clear();
        self.within.clear();
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
                None => source.end(),
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
    fn enter<W: Access, E: Events<Error = Error>>(
        &mut self,
        number: usize,
        run: &mut Run<'_, W, E>,
    ) -> Result<(), Error> {
        let mut is_behind = false;
        loop {
            let Some(source) = self.sources.get_mut(number) else { return Ok(()) };
            if source.is_drained() {
                let alone = self.lone == Some(number) && self.lone_since <= source.filled_at;
                let is_whole = self.places.is_none() && self.shared.as_of == i64::MAX;
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
                let sources = self.sources.as_slice();
                let is_before = what == Some(What::Partition);
                let order = if is_before { &mut self.between } else { &mut self.within };
                if let Some(entry) = sources.get(number).and_then(|source| source.entry_of(number))
                {
                    order.push(entry, |one, two| compare(sources, one, two));
                }
                return Ok(());
            }
            is_behind = true;
            if let Some(source) = self.sources.get_mut(number) {
                source.advance();
            }
        }
    }

    /// Takes all sources whose unit is the least of those in `order`.
    fn take_group(&mut self, is_within: bool) {
        let sources = self.sources.as_slice();
        let order = if is_within { &mut self.within } else { &mut self.between };
        let compare = |one, two| compare(sources, one, two);
        self.group.clear();
        let Some(first) = order.pop(compare) else { return };
        self.group.push(first.source);
        while order.first().is_some_and(|next| first.compare(next, compare) == Ordering::Equal) {
            self.group.extend(order.pop(compare).map(|entry| entry.source));
        }
    }

    fn note_lone(&mut self) {
        self.num_partitions = self.num_partitions.saturating_add(1);
        let only = if let [only] = self.group.as_slice() { Some(*only) } else { None };
        if only.is_none() || only != self.lone {
            self.lone_since = self.num_partitions;
        }
        self.lone = only;
    }

    /// Tells of the head of the next partition and of its static row; none at the end.
    fn partition<W: Access, E: Events<Error = Error>>(
        &mut self,
        run: &mut Run<'_, W, E>,
    ) -> Result<Option<Flow>, Error> {
        self.take_group(false);
        let Some(first) = self.group.first().and_then(|first| self.sources.get(*first)) else {
            return Ok(None);
        };
        let Some(unit) = first.unit() else { return Ok(None) };
        if self.end.as_ref().is_some_and(|end| first.block.bytes(unit.place) >= end.as_slice()) {
            return Ok(None);
        }
        let mut deletion: Option<DeletionTime> = None;
        for number in &self.group {
            let found = self.sources.get(*number).and_then(Source::unit);
            let found = found.and_then(|unit| unit.deletion);
            if times(found) > times(deletion) {
                deletion = found;
            }
        }
        run.events.origin(self.group.first().copied().unwrap_or(0), unit.position);
        let position = unit.position;
        let flow = first.block.with_values(unit, |key| {
            let key = key.first().copied().flatten().unwrap_or_default();
            run.events.partition(&PartitionStart { key, deletion, position })
        })?;
        self.note_lone();
        self.ranges.begin(deletion, self.sources.len());
        self.state = State::Within;
        self.statics(deletion, run)?;
        Ok(Some(flow))
    }

    /// Goes behind the heads of the partition's versions, and tells of its static row.
    fn statics<W: Access, E: Events<Error = Error>>(
        &mut self,
        deletion: Option<DeletionTime>,
        run: &mut Run<'_, W, E>,
    ) -> Result<(), Error> {
        let group = std::mem::take(&mut self.group);
        for number in &group {
            let pair = self.sources.get_mut(*number).zip(run.windows.get_mut(*number));
            let Some((source, windows)) = pair else { continue };
            source.advance();
            source.ensure(windows, &self.shared, run.go_on)?;
        }
        let is_static = |number: &&usize| {
            self.sources.get(**number).and_then(Source::what) == Some(What::Static)
        };
        let versions = versions(&self.sources, group.iter().filter(is_static));
        if !versions.is_empty() {
            self.merging.tell(&versions, deletion, &self.shared.statics, run.events)?;
        }
        let position = versions.first().map_or(0, |version| version.unit.position);
        run.events.rows(position)?;
        drop(versions);
        for number in &group {
            let source = self.sources.get_mut(*number);
            if let Some(source) = source.filter(|source| source.what() == Some(What::Static)) {
                source.advance();
            }
            self.enter(*number, run)?;
        }
        self.group = group;
        Ok(())
    }

    /// Tells of the next row or marker, or of the partition's end.
    fn unfiltered<W: Access, E: Events<Error = Error>>(
        &mut self,
        run: &mut Run<'_, W, E>,
    ) -> Result<Flow, Error> {
        if !self.is_taken {
            self.take_group(true);
            self.is_taken = true;
        }
        let winner = self.winner();
        let refills = self.group.iter().any(|n| self.sources.get(*n).is_none_or(Source::is_last));
        let is_full = self.pending.len() >= PlainRows::MOST;
        if (winner.is_none() || refills || is_full) && self.flush(run.events)? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        self.is_taken = false;
        let group = std::mem::take(&mut self.group);
        let Some(first) = group.first().and_then(|first| self.sources.get(*first)) else {
            self.state = self.then.take().map_or(State::Between, State::Direct);
            return run.events.partition_end(0);
        };
        let mut flow = Flow::Go;
        if let Some(winner) = winner {
            self.pending.push(winner);
            if refills {
                flow = self.flush(run.events)?;
            }
        } else if first.what() == Some(What::Row) {
            for number in &group {
                if let Some(source) = self.sources.get_mut(*number) {
                    source.spread();
                }
            }
            let versions = versions(&self.sources, group.iter());
            let active = self.ranges.active();
            flow = self.merging.tell(&versions, active, &self.shared.regulars, run.events)?;
        } else {
            flow = self.markers(&group, run.events)?;
        }
        for number in &group {
            if !self.step(*number) {
                self.enter(*number, run)?;
            }
        }
        self.group = group;
        Ok(flow)
    }

    /// Takes a source behind its row or marker; whether another one is there, in its place.
    #[inline]
    fn step(&mut self, number: usize) -> bool {
        let Some(source) = self.sources.get_mut(number) else { return true };
        source.advance();
        if !matches!(source.what(), Some(What::Row | What::Marker)) {
            return false;
        }
        let Some(entry) = source.entry_of(number) else { return false };
        let sources = self.sources.as_slice();
        self.within.push(entry, |one, two| compare(sources, one, two));
        true
    }

    /// Of rows that are all plain the one that counts, where that is one as a whole: the
    /// source, and the number of the unit.
    fn winner(&self) -> Option<(usize, usize)> {
        let deleted = self.ranges.active().map(|active| active.marked_for_delete_at);
        let mut newest = deleted.unwrap_or(i64::MIN);
        let mut found = None;
        for number in &self.group {
            let source = self.sources.get(*number)?;
            let unit = source.unit().filter(|unit| unit.is_plain)?;
            let timestamp = unit.liveness?.timestamp;
            if timestamp > newest {
                newest = timestamp;
                found = Some((*number, source));
            } else if timestamp == newest {
                // Each column counts by itself.
                return None;
            }
        }
        let (number, source) = found.filter(|(_, source)| source.mapping.is_complete)?;
        Some((number, source.place()))
    }

    /// Tells of the plain rows that wait, as far as `events` take them.
    fn flush<E: Events<Error = Error>>(&mut self, events: &mut E) -> Result<Flow, Error> {
        let mut flow = Flow::Go;
        while flow == Flow::Go && !self.pending.is_empty() {
            let taken = flush::plain(&self.sources, &self.pending, &self.shared, events)?;
            let (number, said) = match taken {
                Some(taken) => taken,
                None => (1, flush::single(&self.sources, &self.pending, events)?),
            };
            self.pending.drain(..number.min(self.pending.len()));
            flow = said;
        }
        Ok(flow)
    }

    /// Passes by the markers at one place.
    fn markers<E: Events<Error = Error>>(
        &mut self,
        group: &[usize],
        events: &mut E,
    ) -> Result<Flow, Error> {
        for number in group {
            if let Some(unit) = self.sources.get(*number).and_then(Source::unit) {
                self.ranges.set(*number, unit.deletion);
            }
        }
        let Some((close, open)) = self.ranges.turn() else { return Ok(Flow::Go) };
        let Some(number) = group.first() else { return Ok(Flow::Go) };
        let Some(source) = self.sources.get(*number) else { return Ok(Flow::Go) };
        let Some(unit) = source.unit() else { return Ok(Flow::Go) };
        events.origin(*number, unit.position);
        source.block.with_values(unit, |values| {
            events.marker(&Marker {
                kind: marker_kind(unit.kind, close, open),
                values,
                close,
                open,
                position: unit.position,
                size: 0,
                previous_size: 0,
                num_unread: 0,
            })
        })
    }

    /// Tells of one source all that is before the next partition of the others.
    fn direct<W: Access, E: Events<Error = Error>>(
        &mut self,
        number: usize,
        run: &mut Run<'_, W, E>,
    ) -> Result<Flow, Error> {
        let other = self.between.first().and_then(|other| self.sources.get(other.source));
        let other = other.and_then(|other| Some(other.block.bytes(other.unit()?.place)));
        let bound = match (other, self.end.as_deref()) {
            (Some(other), Some(end)) => Some(other.min(end)),
            (other, end) => other.or(end),
        };
        let bound = bound.map(<[u8]>::to_vec);
        let Some(source) = self.sources.get_mut(number) else { return Ok(Flow::Go) };
        let Some(windows) = run.windows.get_mut(number) else { return Ok(Flow::Go) };
        let header = &self.shared.header;
        let bound = bound.as_deref();
        let read = direct::read(number, source, header, bound, windows, run.events, run.go_on);
        if read.map_err(|error| error.of(number))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        self.lone = None;
        self.state = State::Between;
        self.enter(number, run)?;
        Ok(Flow::Go)
    }
}

/// The order of the places of two sources.
#[inline(never)]
fn compare(sources: &[Source], one: usize, two: usize) -> Ordering {
    let place = |number: usize| sources.get(number).map(Source::bytes_of_place);
    place(one).cmp(&place(two))
}

/// The units that the sources of these numbers stand at.
fn versions<'s, 'n>(
    sources: &'s [Source],
    numbers: impl Iterator<Item = &'n usize>,
) -> Vec<Version<'s>> {
    let version = |number: &usize| {
        let source = sources.get(*number)?;
        Some(Version { sstable: *number, block: &source.block, unit: source.unit()? })
    };
    numbers.filter_map(version).collect()
}
