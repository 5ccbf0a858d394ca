//! The rows of a partition that count once its own deletions are applied.

use std::sync::Arc;

use super::deletions;
use super::keys::{split_key, wrong_key};
use super::selection::Selection;
use super::slices::{Place, Slices};
use crate::blocks::DATA;
use crate::errors::{Error, Kind};
use crate::layouts::generated::clustering;
use crate::rows::{Cell, DeletionTime, Events, Flow, Marker, PartitionStart, RowStart};
use crate::types::pack::PathAndValue;
use crate::types::values::Refusal;

/// A row's values in serialized form, of a column that is not frozen in its frozen form.
pub type RawRow = Vec<Option<Vec<u8>>>;

/// When a cell was written, and until when it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellTimes {
    /// Microseconds.
    pub timestamp: i64,
    /// Seconds; none where it does not expire.
    pub ttl: Option<i64>,
    /// Seconds since 1970; none where it does not expire.
    pub expires_at: Option<i64>,
}

impl CellTimes {
    fn of(cell: &Cell<'_>) -> Self {
        let expires_at = cell.ttl.and(cell.local_deletion_time);
        Self { timestamp: cell.timestamp, ttl: cell.ttl, expires_at }
    }
}

/// When the cells of a value were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// There are none: null, or a value of the key.
    #[default]
    Nothing,
    /// That of a column that has one.
    One(CellTimes),
    /// Those of a column that is not frozen, in the order of its elements.
    Many(Vec<CellTimes>),
}

/// Of each of a row's values.
pub type RowTimes = Vec<Times>;

/// Bytes of values that are kept before reading stops.
const BATCH_BYTES: usize = 1 << 22;

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// There are as many rows as were asked for at once.
    Full,
    /// Nothing that follows is wanted.
    Done,
    /// The row or marker at this position is before the slice of this number, which may be
    /// far behind.
    Jump(u64, usize),
}

/// Why a value cannot be given: the output that it is of, and where it is (the number of the
/// SSTable, and the row's position).
type Refused = (usize, (usize, u64), Refusal);

/// Values of the row, or of the static row, that is being read.
#[derive(Default)]
struct Reading {
    is_live: bool,
    /// Microseconds up to which its cells are deleted.
    deleted: i64,
    values: RawRow,
    /// When the values were written; empty where that is not asked for.
    times: RowTimes,
    refused: Option<Refused>,
}

impl Reading {
    fn clear(&mut self) {
        self.is_live = false;
        self.refused = None;
        self.values.fill(None);
        self.times.fill(Times::Nothing);
    }
}

/// A complex column whose cells are being read.
struct Complex {
    column: usize,
    origin: (usize, u64),
    deleted: i64,
    cells: Vec<PathAndValue>,
    times: Vec<CellTimes>,
}

/// Takes what is told of a partition, or of several, and keeps the values of live rows.
pub(super) struct LiveRows {
    /// The key that the only partition must have; none where any may come, one after another.
    key: Option<Vec<u8>>,
    /// Seconds since 1970; none where nothing expires.
    pub now: Option<i64>,
    /// Whether only some of the rows are told, so that there being none says nothing.
    pub is_part: bool,
    /// Where what is told is from.
    origin: (usize, u64),
    selection: Arc<Selection>,
    slices: Option<Slices>,
    /// Rows that may still come.
    left: u64,
    /// Rows that are kept before reading stops.
    pub batch: usize,
    pub rows: Vec<RawRow>,
    /// When the rows' values were written; none where that is not asked for.
    pub times: Option<Vec<RowTimes>>,
    size: usize,
    pub stop: Option<Stop>,
    position: u64,
    key_values: Vec<Vec<u8>>,
    key_refused: Option<Refusal>,
    deleted: i64,
    pub open: Option<DeletionTime>,
    has_rows: bool,
    is_static: bool,
    static_row: Reading,
    row: Reading,
    complex: Option<Complex>,
}

impl LiveRows {
    /// Those of the partition of `key`, if there is one, or of all that are told of.
    pub fn new(
        key: Option<&[u8]>,
        selection: Arc<Selection>,
        slices: Option<Slices>,
        limit: Option<u64>,
    ) -> Self {
        let values = vec![None; selection.num_outputs];
        Self {
            key: key.map(<[u8]>::to_vec),
            now: None,
            is_part: slices.is_some(),
            origin: (0, 0),
            selection,
            slices,
            left: limit.unwrap_or(u64::MAX),
            batch: 1,
            rows: Vec::new(),
            times: None,
            size: 0,
            stop: None,
            position: 0,
            key_values: Vec::new(),
            key_refused: None,
            deleted: i64::MIN,
            open: None,
            has_rows: false,
            is_static: false,
            static_row: Reading { values: values.clone(), ..Reading::default() },
            row: Reading { values, ..Reading::default() },
            complex: None,
        }
    }

    /// Tells of all rows when their values were written, too.
    pub fn tell_times(&mut self) {
        self.times = Some(Vec::new());
        for reading in [&mut self.static_row, &mut self.row] {
            reading.times = vec![Times::Nothing; reading.values.len()];
        }
    }

    /// The rows that are kept, which then are kept no more, and when they were written.
    pub fn take(&mut self) -> (Vec<RawRow>, Option<Vec<RowTimes>>) {
        (std::mem::take(&mut self.rows), self.times.as_mut().map(std::mem::take))
    }

    /// Whether there is nothing more to come.
    pub fn is_done(&self) -> bool {
        self.stop == Some(Stop::Done)
    }

    fn stop(&mut self, why: Stop) -> Flow {
        self.stop = Some(why);
        Flow::Stop
    }

    const fn reading(&mut self) -> &mut Reading {
        if self.is_static { &mut self.static_row } else { &mut self.row }
    }

    /// Whether a cell is there for a reader.
    fn counts(&mut self, cell: &Cell<'_>, deleted: i64) -> bool {
        let counts = cell.timestamp > deleted && cell.is_live(self.now);
        if counts {
            self.reading().is_live = true;
        }
        counts
    }

    fn put(&mut self, output: usize, value: Vec<u8>, times: Times) {
        if !self.is_static {
            self.size = self.size.saturating_add(value.len());
        }
        let reading = self.reading();
        if let Some(place) = reading.values.get_mut(output) {
            *place = Some(value);
        }
        if let Some(place) = reading.times.get_mut(output) {
            *place = times;
        }
    }

    /// Puts the cells of a column together.
    fn end_complex(&mut self) {
        let Some(complex) = self.complex.take() else { return };
        let Some(output) = self.selection.output(self.is_static, complex.column) else { return };
        let Some(of) = self.selection.type_of(self.is_static, complex.column) else { return };
        if complex.cells.is_empty() {
            return;
        }
        match of.pack(&complex.cells) {
            Ok(packed) => self.put(output, packed, Times::Many(complex.times)),
            Err(refusal) => {
                let reading = self.reading();
                if reading.refused.as_ref().is_none_or(|(first, ..)| output < *first) {
                    reading.refused = Some((output, complex.origin, refusal));
                }
            }
        }
    }

    /// Why the row cannot be given, if that is so.
    fn check(&mut self) -> Result<(), Error> {
        if let Some(refusal) = &self.key_refused {
            let error = Error::new(Kind::InvalidValue, DATA, refusal.to_string());
            return Err(error.at(self.position, "partition key").of(self.origin.0));
        }
        let both = [self.static_row.refused.as_ref(), self.row.refused.as_ref()];
        let first = both.into_iter().flatten().min_by_key(|(output, ..)| *output);
        match first {
            None => Ok(()),
            Some((_, (sstable, position), refusal)) => {
                let error = Error::new(Kind::InvalidValue, DATA, refusal.to_string());
                Err(error.at(*position, "").of(*sstable))
            }
        }
    }

    /// Adds the row that has been read to those that are kept.
    fn keep(&mut self) -> Result<Flow, Error> {
        self.check()?;
        let fresh = vec![None; self.selection.num_outputs];
        let mut row = std::mem::replace(&mut self.row.values, fresh);
        for (component, output) in &self.selection.keys {
            if let Some(place) = row.get_mut(*output) {
                *place = self.key_values.get(*component).cloned();
            }
        }
        for (place, value) in row.iter_mut().zip(&self.static_row.values) {
            if value.is_some() {
                place.clone_from(value);
            }
        }
        if let Some(kept) = &mut self.times {
            let fresh = vec![Times::Nothing; self.selection.num_outputs];
            let mut times = std::mem::replace(&mut self.row.times, fresh);
            for (place, found) in times.iter_mut().zip(&self.static_row.times) {
                if *found != Times::Nothing {
                    place.clone_from(found);
                }
            }
            kept.push(times);
        }
        self.rows.push(row);
        self.has_rows = true;
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Ok(self.stop(Stop::Done));
        }
        if self.rows.len() >= self.batch || self.size >= BATCH_BYTES {
            self.size = 0;
            return Ok(self.stop(Stop::Full));
        }
        Ok(Flow::Go)
    }

    /// How to go on if a row or marker is in none of the slices.
    fn beside(
        &mut self,
        values: &[Option<&[u8]>],
        kind: clustering::Kind,
        position: u64,
    ) -> Result<Option<Flow>, Error> {
        let Some(slices) = &mut self.slices else { return Ok(None) };
        Ok(match slices.place(values, kind, position, true)? {
            Place::In => None,
            Place::Past => Some(self.stop(Stop::Done)),
            Place::Before(slice) => Some(self.stop(Stop::Jump(position, slice))),
            Place::Out => Some(Flow::Skip),
        })
    }

    /// Begins a row that is wanted.
    fn begin(&mut self, row: &RowStart<'_>) {
        self.is_static = row.is_static;
        let deleted = deletions::of_row(row, self.deleted, self.open);
        self.origin.1 = row.position;
        let is_live = deletions::is_inserted(row, deleted, self.now);
        let reading = self.reading();
        reading.clear();
        reading.deleted = deleted;
        reading.is_live = is_live;
        for (column, output) in &self.selection.clusterings {
            let value = row.clustering.get(*column).copied().flatten();
            if let (Some(value), Some(place)) = (value, self.row.values.get_mut(*output)) {
                *place = Some(value.to_vec());
            }
        }
    }
}

impl Events for LiveRows {
    type Error = Error;

    #[inline]
    fn origin(&mut self, sstable: usize, position: u64) {
        self.origin = (sstable, position);
    }

    fn partition(&mut self, start: &PartitionStart<'_>) -> Result<Flow, Error> {
        if let Some(key) = self.key.as_ref().filter(|key| key.as_slice() != start.key) {
            return Err(wrong_key(key, start));
        }
        self.has_rows = false;
        self.static_row.clear();
        self.position = start.position;
        self.deleted = deletions::up_to(start.deletion);
        self.key_refused =
            split_key(start.key, self.selection.num_keys, &mut self.key_values).err();
        Ok(Flow::Go)
    }

    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        if !row.is_static {
            let kind = clustering::Kind::CLUSTERING;
            if let Some(flow) = self.beside(row.clustering, kind, row.position)? {
                return Ok(flow);
            }
        }
        self.begin(row);
        Ok(Flow::Go)
    }

    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        self.end_complex();
        let deleted = self.reading().deleted;
        if self.counts(cell, deleted) {
            if let Some(output) = self.selection.output(self.is_static, column) {
                self.put(output, cell.value.to_vec(), Times::One(CellTimes::of(cell)));
            }
        }
        Ok(())
    }

    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        _: u64,
    ) -> Result<(), Error> {
        self.end_complex();
        let deleted = self.reading().deleted.max(deletions::up_to(deletion));
        let origin = self.origin;
        let (cells, times) = (Vec::new(), Vec::new());
        self.complex = Some(Complex { column, origin, deleted, cells, times });
        Ok(())
    }

    fn complex_cell(&mut self, column: usize, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        let deleted = self.complex.as_ref().map_or(i64::MIN, |complex| complex.deleted);
        if self.counts(cell, deleted) && self.selection.output(self.is_static, column).is_some() {
            if let Some(complex) = &mut self.complex {
                complex.cells.push((path.to_vec(), cell.value.to_vec()));
                if self.times.is_some() {
                    complex.times.push(CellTimes::of(cell));
                }
            }
        }
        Ok(())
    }

    fn row_end(&mut self, _: u64) -> Result<Flow, Error> {
        self.end_complex();
        if !self.is_static && self.row.is_live { self.keep() } else { Ok(Flow::Go) }
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        let flow = self.beside(marker.values, marker.kind, marker.position)?;
        // Before a jump the marker has not been passed by.
        if !matches!(self.stop, Some(Stop::Jump(..))) {
            self.open = marker.open;
        }
        Ok(flow.unwrap_or(Flow::Go))
    }

    fn partition_end(&mut self, _: u64) -> Result<Flow, Error> {
        let mut flow = Flow::Go;
        if !self.has_rows && !self.is_part && self.static_row.is_live {
            self.row.clear();
            flow = self.keep()?;
        }
        Ok(if self.key.is_some() { self.stop(Stop::Done) } else { flow })
    }
}
