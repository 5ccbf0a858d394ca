//! A streaming merge of sources by partitions, then by rows (`UnfilteredPartitionIterators`,
//! `UnfilteredRowIterators.merge`).

use std::cmp::Ordering;
use std::sync::Arc;

use super::access::Access;
use super::direct::Direct;
use super::header::Header;
use super::order::Order;
use super::source::{Shared, Source};
use crate::blocks::DATA;
use crate::errors::{Error, Kind};
use crate::rows::merge::{Merging, Ranges, Version, What, marker_kind, times};
use crate::rows::{
    DeletionTime, Events, Expected, Flow, Marker, Next, PartitionStart, RowReader, Window,
};
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
    group: Vec<usize>,
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
            },
            sources: sources?,
            places,
            state: State::Fresh,
            between: Order::default(),
            within: Order::default(),
            group: Vec::new(),
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
    }

    fn restart(&mut self) {
        self.state = State::Fresh;
        self.between.clear();
        self.within.clear();
        (self.lone, self.then) = (None, None);
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
                if alone && self.places.is_none() && !source.standing.is_single {
                    if is_behind {
                        self.then = Some(number);
                    } else {
                        self.state = State::Direct(number);
                    }
                    return Ok(());
                }
                source.filled_at = self.num_partitions;
            }
            let Some(windows) = run.windows.get_mut(number) else { return Ok(()) };
            if !source.ensure(windows, &self.shared, run.go_on)? {
                return Ok(());
            }
            let what = source.what();
            let sources = &self.sources;
            let less = |one, two| compare(sources, one, two) == Ordering::Less;
            match what {
                Some(What::End) => is_behind = true,
                Some(What::Partition) => {
                    self.between.push(number, less);
                    return Ok(());
                }
                _ => {
                    self.within.push(number, less);
                    return Ok(());
                }
            }
            if let Some(source) = self.sources.get_mut(number) {
                source.advance();
            }
        }
    }

    /// Takes all sources whose unit is the least of those in `order`.
    fn take_group(&mut self, is_within: bool) {
        let sources = &self.sources;
        let order = if is_within { &mut self.within } else { &mut self.between };
        let less = |one, two| compare(sources, one, two) == Ordering::Less;
        self.group.clear();
        while let Some(next) = order.first() {
            let first = self.group.first().copied().unwrap_or(next);
            if first != next && compare_places(sources, first, next) != Ordering::Equal {
                break;
            }
            order.pop(less);
            self.group.push(next);
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
        self.take_group(true);
        let group = std::mem::take(&mut self.group);
        let Some(first) = group.first().and_then(|first| self.sources.get(*first)) else {
            self.state = self.then.take().map_or(State::Between, State::Direct);
            return run.events.partition_end(0);
        };
        let flow = if first.what() == Some(What::Row) {
            let versions = versions(&self.sources, group.iter());
            let active = self.ranges.active();
            self.merging.tell(&versions, active, &self.shared.regulars, run.events)?
        } else {
            self.markers(&group, run.events)?
        };
        for number in &group {
            if let Some(source) = self.sources.get_mut(*number) {
                source.advance();
            }
            self.enter(*number, run)?;
        }
        self.group = group;
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
        let other = self.between.first().and_then(|other| self.sources.get(other));
        let other = other.and_then(|other| Some(other.block.bytes(other.unit()?.place)));
        let bound = match (other, self.end.as_deref()) {
            (Some(other), Some(end)) => Some(other.min(end)),
            (other, end) => other.or(end),
        };
        let bound = bound.map(<[u8]>::to_vec);
        let Some(source) = self.sources.get_mut(number) else { return Ok(Flow::Go) };
        let read = read_direct(number, source, &self.shared.header, bound.as_deref(), run);
        if read.map_err(|error| error.of(number))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        self.lone = None;
        self.state = State::Between;
        self.enter(number, run)?;
        Ok(Flow::Go)
    }
}

/// Reads a source up to `bound` or its end; whether it was told to stop before.
fn read_direct<W: Access, E: Events<Error = Error>>(
    number: usize,
    source: &mut Source,
    header: &Header,
    bound: Option<&[u8]>,
    run: &mut Run<'_, W, E>,
) -> Result<Flow, Error> {
    let Some(windows) = run.windows.get_mut(number) else { return Ok(Flow::Go) };
    let mut direct = Direct {
        events: &mut *run.events,
        number,
        mapping: &source.mapping,
        header,
        standing: &mut source.standing,
        bound,
        stopped_at: None,
        is_static: false,
    };
    let mut reader = RowReader::resume(source.table.format(), &source.projection, source.expected);
    let end = windows.end();
    let mut wanted = 1;
    let next = loop {
        if !(run.go_on)() {
            return Err(Error::new(Kind::Io, DATA, "reading was interrupted"));
        }
        let bytes = windows.bytes(source.position, wanted)?;
        let window = Window { bytes, position: source.position, end };
        let progress = reader.read(window, &mut direct)?;
        source.position = progress.position;
        source.expected = reader.expected();
        match progress.next {
            Next::More(more) => wanted = more,
            next => break next,
        }
    };
    if let Some(position) = direct.stopped_at {
        source.position = position;
        source.expected = Expected::Partition;
    } else if next == Next::Stopped {
        return Ok(Flow::Stop);
    } else {
        source.end();
        source.check_end(windows)?;
    }
    Ok(Flow::Go)
}

/// The order of two sources' units, the first source being first where these are equal.
fn compare(sources: &[Source], one: usize, two: usize) -> Ordering {
    compare_places(sources, one, two).then(one.cmp(&two))
}

#[inline]
fn compare_places(sources: &[Source], one: usize, two: usize) -> Ordering {
    let (Some(one), Some(two)) = (sources.get(one), sources.get(two)) else {
        return Ordering::Equal;
    };
    match (one.unit(), two.unit()) {
        (Some(first), Some(second)) => one.block.compare(first, &two.block, second),
        (first, second) => first.is_some().cmp(&second.is_some()),
    }
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
