//! From what the layouts have to what is told: times, checks, and columns that don't count.

use super::events::{Cell, DeletionTime, Events, Flow, LivenessInfo, Marker, RowStart};
use super::format::{Projection, RowFormat};
use super::times::{DATA, corrupt};
use crate::errors::Error;
use crate::layouts::generated::clustering::{self, BlockHead, Kind, ValueType, ValuesHead};
use crate::layouts::generated::data::{
    self, CellHeader, ColumnHead, ColumnsSubset, ComplexCell, ComplexColumnHead, DeletionDelta,
    MarkerBody, RangeTombstoneMarkerHead, RowBodyHead, RowHead, UnfilteredHead,
};
use crate::layouts::prelude::{self, Cursor, Failure, Fault};
use crate::layouts::walk::Walking;

/// What can end a walk.
#[derive(Debug)]
pub enum Ended<E> {
    /// A fault where the cursor is.
    Fault(Fault),
    /// A fault in a part of a stated size.
    Inside(prelude::Error),
    /// What was told led to this.
    Told(Box<E>),
}

impl<E> From<Fault> for Ended<E> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<E: From<Error>> From<Error> for Ended<E> {
    #[cold]
    fn from(error: Error) -> Self {
        Self::Told(Box::new(error.into()))
    }
}

impl<E> Failure for Ended<E> {
    #[inline(always)]
    fn located(self, cur: &Cursor<'_>) -> Self {
        match self {
            Self::Fault(fault) => Self::Inside(cur.error(fault)),
            other => other,
        }
    }
}

impl<E: From<Error>> Ended<E> {
    /// The error of a walk that was at `cur`.
    #[inline(always)]
    pub fn error(self, cur: &Cursor<'_>) -> E {
        self.at(cur.error(Fault::Truncated))
    }

    #[cold]
    fn at(self, place: prelude::Error) -> E {
        match self {
            Self::Fault(fault) => Error::layout(DATA, prelude::Error { fault, ..place }).into(),
            Self::Inside(error) => Error::inside(DATA, error).into(),
            Self::Told(error) => *error,
        }
    }
}

/// Makes events of what a walk through an unfiltered tells.
pub struct Teller<'r, 'a, E> {
    format: &'r RowFormat,
    projection: &'r Projection,
    pub events: &'r mut E,
    /// Whether a static row is expected, and no other.
    pub wants_static: bool,
    /// Position of the unfiltered in the stream.
    pub position: u64,
    /// How many bytes it has, where that is known.
    pub size: usize,
    /// What was said of it.
    pub flow: Flow,
    is_shadowable: bool,
    is_static: bool,
    dropped: &'r [i64],
    wanted: &'r [bool],
    num_wanted: usize,
    nums_wanted: (usize, usize),
    column: usize,
    is_told: bool,
    liveness: Option<LivenessInfo>,
    deletion: Option<DeletionTime>,
    previous_size: u64,
    values: Vec<Option<&'a [u8]>>,
    cells: Vec<(&'a [u8], Cell<'a>)>,
}

impl<'r, 'a, E: Events> Teller<'r, 'a, E> {
    pub fn new(format: &'r RowFormat, projection: &'r Projection, events: &'r mut E) -> Self {
        Self {
            format,
            projection,
            events,
            wants_static: false,
            position: 0,
            size: 0,
            flow: Flow::Go,
            is_shadowable: false,
            is_static: false,
            dropped: &[],
            nums_wanted: (up_to_last(&projection.statics), up_to_last(&projection.regulars)),
            wanted: &projection.regulars,
            num_wanted: 0,
            column: 0,
            is_told: false,
            liveness: None,
            deletion: None,
            previous_size: 0,
            values: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Before the unfiltered at `position`.
    #[inline]
    pub fn start(&mut self, position: u64, wants_static: bool) {
        self.position = position;
        self.wants_static = wants_static;
        self.size = 0;
        self.flow = Flow::Go;
        self.values.clear();
    }

    /// Checks what stands at the unfiltered's place.
    #[inline]
    pub fn check(&self, is_static_row: bool) -> Result<(), Ended<E::Error>> {
        if is_static_row == self.wants_static {
            return Ok(());
        }
        let message =
            if is_static_row { "a static row among the others" } else { "expected the static row" };
        Err(corrupt(message, self.position, "flags").into())
    }

    fn delta(&self, (timestamp, seconds): (u64, u64)) -> Result<Option<DeletionTime>, Error> {
        self.format.deletion(timestamp, seconds, self.position)
    }

    /// Tells of the row, once it is known to say something.
    #[inline]
    fn tell_row(&mut self, has_deletion: bool) -> Result<(), Ended<E::Error>> {
        self.is_told = true;
        let row = RowStart {
            clustering: &self.values,
            liveness: self.liveness,
            deletion: self.deletion,
            is_static: self.is_static,
            is_shadowable: has_deletion && self.is_shadowable,
            position: self.position,
            size: wide(self.size),
            previous_size: self.previous_size,
        };
        self.flow = self.events.row(&row).map_err(told)?;
        if self.flow != Flow::Go {
            self.num_wanted = 0;
        }
        Ok(())
    }

    #[inline(always)]
    fn dropped_at(&self) -> i64 {
        self.dropped.get(self.column).copied().unwrap_or(i64::MIN)
    }

    /// Whether the column being walked is asked for.
    #[inline(always)]
    fn is_wanted(&self) -> bool {
        self.wanted.get(self.column).copied().unwrap_or(false)
    }

    /// When a row that may say nothing turns out to say something: whether to tell what.
    #[inline(never)]
    fn tell_late(&mut self) -> Result<bool, Ended<E::Error>> {
        self.tell_row(false)?;
        Ok(self.num_wanted > 0 && self.is_wanted())
    }

    /// A complex column whose cells have been collected.
    #[inline(never)]
    fn complex(&mut self, deletion: Option<(u64, u64)>) -> Result<(), Ended<E::Error>> {
        let dropped_at = self.dropped_at();
        let deletion = match deletion {
            None => None,
            Some(delta) => self.delta(delta)?.filter(|d| d.marked_for_delete_at > dropped_at),
        };
        if (deletion.is_none() && self.cells.is_empty()) || !(self.is_told || self.tell_late()?) {
            return Ok(());
        }
        let column = self.column;
        self.events.complex(column, deletion, wide(self.cells.len())).map_err(told)?;
        for (path, cell) in &self.cells {
            self.events.complex_cell(column, path, cell).map_err(told)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn cell(
        &self,
        header: &CellHeader<'_>,
        value: Option<&'a [u8]>,
    ) -> Result<Cell<'a>, Ended<E::Error>> {
        let value = value.unwrap_or_default();
        let is_tombstone = header.is_deleted();
        let uses_ttl = header.uses_row_ttl();
        let timestamp = match (&header.timestamp, &self.liveness) {
            (Some(delta), _) => self.format.timestamp(delta.value()),
            (None, Some(row)) => row.timestamp,
            (None, None) => return Err(self.lacks_liveness()),
        };
        let (ttl, local_deletion_time) = match (&self.liveness, &header.local_deletion_time) {
            (None, _) if uses_ttl => return Err(self.lacks_liveness()),
            (Some(row), _) if uses_ttl => (row.ttl, row.local_expiration_time),
            (_, Some(time)) => self.expiry(time.value(), header.ttl.map(|ttl| ttl.value()))?,
            (_, None) => (None, None),
        };
        Ok(Cell { value, timestamp, ttl, local_deletion_time, is_tombstone })
    }

    /// Time to live and local deletion time of a cell's own.
    #[inline(never)]
    fn expiry(&self, time: u64, ttl: Option<u64>) -> Result<(Option<i64>, Option<i64>), Error> {
        let ttl = ttl.map(|ttl| self.format.ttl(ttl, self.position)).transpose()?;
        let time = self.format.end(time, ttl.unwrap_or_default(), self.position)?;
        Ok((ttl, Some(time)))
    }

    #[cold]
    fn lacks_liveness(&self) -> Ended<E::Error> {
        let message = "a cell refers to liveness info that the row lacks";
        corrupt(message, self.position, "row.body.columns").into()
    }

    #[inline]
    fn head(&mut self, body: &RowBodyHead<'_>) -> Result<(), Ended<E::Error>> {
        self.is_told = false;
        check_subset(&body.columns_subset, self.position)?;
        self.previous_size = body.len_previous_unfiltered.value();
        self.liveness = match &body.liveness_info {
            None => None,
            Some(info) => {
                let (ttl, end) = (&info.ttl, &info.local_expiration_time);
                let expiry = ttl.zip(*end).map(|(ttl, end)| (ttl.value(), end.value()));
                Some(self.format.liveness(info.timestamp.value(), expiry, self.position)?)
            }
        };
        self.deletion = match &body.deletion {
            None => None,
            Some(found) => self.delta(both(found))?,
        };
        if self.liveness.is_some() || self.deletion.is_some() {
            self.tell_row(body.deletion.is_some())?;
        }
        Ok(())
    }
}

impl<E: Events> Walking for Teller<'_, '_, E> {
    type Error = Ended<E::Error>;
}

impl<'a, E: Events> clustering::Walk<'a> for Teller<'_, 'a, E> {
    #[inline(always)]
    fn values_blocks(&mut self, _: &ValuesHead<'a>) -> Result<Flow, Self::Error> {
        Ok(Flow::Go)
    }

    #[inline(always)]
    fn block_items(&mut self, _: &BlockHead<'a>) -> Result<Flow, Self::Error> {
        Ok(Flow::Go)
    }

    #[inline(always)]
    fn block_items_item(
        &mut self,
        _: &BlockHead<'a>,
        item: &ValueType<'a>,
    ) -> Result<(), Self::Error> {
        let value = match item.value {
            None if item.is_empty()? => Some([].as_slice()),
            found => found,
        };
        self.values.push(value);
        Ok(())
    }
}

impl<'a, E: Events> data::Walk<'a> for Teller<'_, 'a, E> {
    #[inline(always)]
    fn unfiltered_row(&mut self, of: &UnfilteredHead<'a>) -> Result<(), Self::Error> {
        self.is_static = of.is_static()?;
        self.is_shadowable = of.has_shadowable_deletion()?;
        self.check(self.is_static)?;
        let (columns, wanted) = if self.is_static {
            (&self.format.statics, &self.projection.statics)
        } else {
            (&self.format.regulars, &self.projection.regulars)
        };
        self.dropped = &columns.dropped;
        self.wanted = wanted;
        let (num_statics, num_regulars) = self.nums_wanted;
        self.num_wanted = if self.is_static { num_statics } else { num_regulars };
        Ok(())
    }

    #[inline(always)]
    fn unfiltered_marker(&mut self, _: &UnfilteredHead<'a>) -> Result<(), Self::Error> {
        self.check(false)
    }

    #[inline(always)]
    fn row_body(
        &mut self,
        _: &RowHead<'a>,
        size: usize,
        position: usize,
    ) -> Result<Flow, Self::Error> {
        self.size = position.saturating_add(size);
        Ok(Flow::Go)
    }

    #[inline(always)]
    fn row_body_columns(&mut self, of: &RowBodyHead<'a>) -> Result<Flow, Self::Error> {
        self.head(of)?;
        Ok(if self.flow == Flow::Go { Flow::Go } else { Flow::Stop })
    }

    #[inline(always)]
    fn row_body_columns_next(
        &mut self,
        _: &RowBodyHead<'a>,
        index: i64,
    ) -> Result<Flow, Self::Error> {
        self.column = usize::try_from(index).unwrap_or(usize::MAX);
        if !self.is_told {
            return Ok(Flow::Go);
        }
        if self.column >= self.num_wanted {
            return Ok(Flow::Stop);
        }
        Ok(if self.is_wanted() { Flow::Go } else { Flow::Skip })
    }

    #[inline(always)]
    fn row_body_columns_item(
        &mut self,
        _: &RowBodyHead<'a>,
        item: &ColumnHead<'_, 'a>,
    ) -> Result<(), Self::Error> {
        if let Some(found) = &item.cell {
            let cell = self.cell(&found.header, found.value)?;
            if cell.timestamp > self.dropped_at() && (self.is_told || self.tell_late()?) {
                self.events.cell(self.column, &cell).map_err(told)?;
            }
            return Ok(());
        }
        match &item.complex {
            None => Ok(()),
            Some(found) => self.complex(found.deletion.as_ref().map(both)),
        }
    }

    #[inline(always)]
    fn row_body_end(
        &mut self,
        _: &RowHead<'a>,
        _: &RowBodyHead<'a>,
        done: bool,
        num_unread: usize,
    ) -> Result<(), Self::Error> {
        if self.is_told && self.flow == Flow::Go {
            let num_unread = if done { wide(num_unread) } else { 0 };
            self.flow = self.events.row_end(num_unread).map_err(told)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn complex_column_cells(&mut self, _: &ComplexColumnHead<'a>) -> Result<Flow, Self::Error> {
        self.cells.clear();
        Ok(Flow::Go)
    }

    #[inline(always)]
    fn complex_column_cells_item(
        &mut self,
        _: &ComplexColumnHead<'a>,
        item: &ComplexCell<'a>,
    ) -> Result<(), Self::Error> {
        let cell = self.cell(&item.header, item.value)?;
        if cell.timestamp > self.dropped_at() {
            self.cells.push((item.path, cell));
        }
        Ok(())
    }

    fn range_tombstone_marker_body(
        &mut self,
        _: &RangeTombstoneMarkerHead<'a>,
        size: usize,
        position: usize,
    ) -> Result<Flow, Self::Error> {
        self.size = position.saturating_add(size);
        Ok(Flow::Go)
    }

    fn range_tombstone_marker_body_end(
        &mut self,
        of: &RangeTombstoneMarkerHead<'a>,
        part: &MarkerBody<'a>,
        _: bool,
        num_unread: usize,
    ) -> Result<(), Self::Error> {
        let first = self.delta(both(&part.deletion))?;
        let kind = of.bound.kind;
        let is_start = kind == Kind::INCL_START_BOUND || kind == Kind::EXCL_START_BOUND;
        let (close, open) = match &part.start_deletion {
            Some(second) => (first, self.delta(both(second))?),
            None if is_start => (None, first),
            None => (first, None),
        };
        let marker = Marker {
            kind,
            values: &self.values,
            close,
            open,
            position: self.position,
            size: wide(self.size),
            previous_size: part.len_previous_unfiltered.value(),
            num_unread: wide(num_unread),
        };
        self.flow = self.events.marker(&marker).map_err(told)?;
        Ok(())
    }
}

#[inline(always)]
fn both(delta: &DeletionDelta<'_>) -> (u64, u64) {
    (delta.marked_for_delete_at.value(), delta.local_deletion_time.value())
}

/// What the layout alone does not tell: a bitmap or indexes beyond the columns.
#[inline]
fn check_subset(subset: &ColumnsSubset<'_>, position: u64) -> Result<(), Error> {
    let Some(missing) = &subset.missing else { return Ok(()) };
    let missing = missing.value();
    let num_columns = u32::try_from(subset.num_columns).unwrap_or(u32::MAX);
    let beyond = missing.checked_shr(num_columns).unwrap_or(0) != 0;
    let message = if subset.is_small() && !beyond {
        return Ok(());
    } else if subset.is_small() {
        "bitmap of missing columns has too many bits"
    } else if missing > u64::from(num_columns) {
        "more columns are missing than there are"
    } else if !ascend(subset, u64::from(num_columns)) {
        "column indexes are not ascending or too high"
    } else {
        return Ok(());
    };
    Err(corrupt(message, position, "row.body.columns_subset"))
}

/// Whether a subset's indexes are below `num_columns` and in order.
fn ascend(subset: &ColumnsSubset<'_>, num_columns: u64) -> bool {
    let mut lowest = 0_u64;
    subset.indexes.iter().flat_map(|found| found.iter()).all(|index| {
        let fits = index.value() >= lowest && index.value() < num_columns;
        lowest = index.value().saturating_add(1);
        fits
    })
}

/// The number of columns up to the last that is asked for.
fn up_to_last(wanted: &[bool]) -> usize {
    wanted.iter().rposition(|is_wanted| *is_wanted).map_or(0, |last| last.saturating_add(1))
}

#[cold]
fn told<E>(error: E) -> Ended<E> {
    Ended::Told(Box::new(error))
}

pub fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
