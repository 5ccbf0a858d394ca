//! Walks windows of the uncompressed stream and tells what is in them.

use super::LivenessInfo;
use super::events::{Cell, DeletionTime, Events, Flow, Marker, PartitionStart, RowStart};
use super::format::{Columns, Projection, RowFormat};
use super::times::{DATA, corrupt, decode_expiration};
use crate::errors::{Error, Kind};
use crate::layouts::generated::clustering::{Kind as ClusteringKind, Values};
use crate::layouts::generated::data::{
    CellHeader, ColumnsSubset, ComplexColumn, DeletionDelta, PartitionHeader, RangeTombstoneMarker,
    Row, RowBody, Unfiltered,
};
use crate::layouts::generated::deletion_time::Deletion;
use crate::layouts::generated::vint::Vint;
use crate::layouts::prelude::{self, Cursor, Fault};

/// A part of the uncompressed stream that is in memory.
#[derive(Clone, Copy, Debug)]
pub struct Window<'w> {
    /// The bytes, at most up to `end`.
    pub bytes: &'w [u8],
    /// Position of the first one in the stream.
    pub position: u64,
    /// Where the stream ends, or the part of it that is to be read.
    pub end: u64,
}

/// What a reader wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A window that starts at [`Progress::position`] and has this many bytes, or reaches the
    /// end.
    More(usize),
    /// Nothing: it was told to stop. It can go on at [`Progress::position`].
    Stopped,
    /// Nothing: all has been read.
    Ended,
}

/// How far a reader has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The position of the first byte that has not been dealt with.
    pub position: u64,
    /// What it wants there.
    pub next: Next,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Partition,
    StaticRow,
    Unfiltered,
}

/// How a unit (a partition's head, a row, a marker, a partition's end) was left.
enum Step {
    /// This many bytes were dealt with.
    Done(usize),
    /// The same, and that is enough.
    Stop(usize),
    /// The window ends within the unit.
    Short,
}

impl Step {
    const fn of(flow: Flow, size: usize) -> Self {
        match flow {
            Flow::Stop => Self::Stop(size),
            Flow::Go | Flow::Skip => Self::Done(size),
        }
    }
}

/// Reads partitions one after another. After an error it can be used again from a position
/// that is known to be good.
#[derive(Debug)]
pub struct RowReader<'f> {
    format: &'f RowFormat,
    projection: &'f Projection,
    expected: Expected,
    skipping: bool,
}

impl<'f> RowReader<'f> {
    /// A reader that stands at the start of a partition.
    #[must_use]
    pub const fn new(format: &'f RowFormat, projection: &'f Projection) -> Self {
        Self { format, projection, expected: Expected::Partition, skipping: false }
    }

    /// Goes on at the start of a partition.
    pub const fn at_partition(&mut self) {
        self.expected = Expected::Partition;
        self.skipping = false;
    }

    /// Goes on at a row or marker inside a partition, such as the first of an index block.
    pub const fn at_unfiltered(&mut self) {
        self.expected = Expected::Unfiltered;
        self.skipping = false;
    }

    /// Tells `events` what is in `window`, which starts where the reader stands.
    pub fn read<E: Events>(
        &mut self,
        window: Window<'_>,
        events: &mut E,
    ) -> Result<Progress, E::Error> {
        let mut done = 0_usize;
        loop {
            let position = window.position.saturating_add(wide(done));
            let bytes = window.bytes.get(done..).unwrap_or_default();
            if position >= window.end && self.expected == Expected::Partition {
                return Ok(Progress { position, next: Next::Ended });
            }
            match self.unit(bytes, position, events)? {
                Step::Done(size) => done = done.saturating_add(size),
                Step::Stop(size) => {
                    let position = position.saturating_add(wide(size));
                    return Ok(Progress { position, next: Next::Stopped });
                }
                Step::Short if position.saturating_add(wide(bytes.len())) >= window.end => {
                    return Err(self.truncated(bytes, position).into());
                }
                Step::Short => {
                    let wanted = bytes.len().saturating_mul(2).max(4096);
                    return Ok(Progress { position, next: Next::More(wanted) });
                }
            }
        }
    }

    fn unit<E: Events>(
        &mut self,
        bytes: &[u8],
        position: u64,
        events: &mut E,
    ) -> Result<Step, E::Error> {
        if self.expected == Expected::Partition {
            return self.partition(bytes, position, events);
        }
        let format = self.format;
        let mut cur = Cursor::new(bytes, position);
        let read = Unfiltered::read(
            &mut cur,
            &format.clustering_shapes,
            &format.statics.shapes,
            &format.regulars.shapes,
        );
        let Some(unfiltered) = whole(&cur, read)? else { return Ok(Step::Short) };
        let size = cur.position();
        self.check_kind(&unfiltered, position)?;
        let is_static = self.expected == Expected::StaticRow;
        self.expected = Expected::Unfiltered;
        if unfiltered.is_end_of_partition() {
            return self.end(position.saturating_add(wide(size)), size, events);
        }
        if self.skipping {
            return Ok(Step::Done(size));
        }
        let flow = match (&unfiltered.row, &unfiltered.marker) {
            (Some(row), _) => {
                let place = Place { position, size: wide(size) };
                self.row(&unfiltered, row, place, events)?
            }
            (_, Some(marker)) => self.marker(marker, position, size, events)?,
            _ => Flow::Go,
        };
        if is_static {
            events.rows(position.saturating_add(wide(size)))?;
        }
        Ok(Step::of(flow, size))
    }

    fn partition<E: Events>(
        &mut self,
        bytes: &[u8],
        position: u64,
        events: &mut E,
    ) -> Result<Step, E::Error> {
        let mut cur = Cursor::new(bytes, position);
        let read = PartitionHeader::read(&mut cur, self.format.version);
        let Some(header) = whole(&cur, read)? else { return Ok(Step::Short) };
        let deletion = partition_deletion(&header.deletion).map_err(|fault| at(&cur, fault))?;
        let flow = events.partition(&PartitionStart { key: header.key, deletion, position })?;
        let has_static = !self.format.statics.shapes.is_empty();
        self.expected = if has_static { Expected::StaticRow } else { Expected::Unfiltered };
        self.skipping = flow == Flow::Skip;
        let size = cur.position();
        if !has_static && flow != Flow::Skip {
            events.rows(position.saturating_add(wide(size)))?;
        }
        Ok(Step::of(flow, size))
    }

    fn check_kind(&self, unfiltered: &Unfiltered<'_>, position: u64) -> Result<(), Error> {
        let is_static = unfiltered.is_row() && unfiltered.is_static().unwrap_or(false);
        match self.expected {
            Expected::StaticRow if !is_static => {
                Err(corrupt("expected the static row", position, "flags"))
            }
            Expected::Unfiltered if is_static => {
                Err(corrupt("a static row among the others", position, "flags"))
            }
            _ => Ok(()),
        }
    }

    fn end<E: Events>(&mut self, end: u64, size: usize, events: &mut E) -> Result<Step, E::Error> {
        self.expected = Expected::Partition;
        if std::mem::take(&mut self.skipping) {
            return Ok(Step::Done(size));
        }
        Ok(Step::of(events.partition_end(end)?, size))
    }

    fn row<E: Events>(
        &self,
        unfiltered: &Unfiltered<'_>,
        row: &Row<'_>,
        place: Place,
        events: &mut E,
    ) -> Result<Flow, E::Error> {
        let mut cur = row.body.cursor();
        let shapes = if row.is_static { row.static_shapes } else { row.regular_shapes };
        let body = RowBody::read(&mut cur, row.flags, shapes);
        let body = body.map_err(|fault| Error::inside(DATA, cur.error(fault)))?;
        let num_unread = wide(row.body.bytes.len().saturating_sub(cur.position()));
        let inner = |fault| at(&cur, fault);
        check_subset(&body.columns_subset, place.position)?;
        let walk = Walk {
            format: self.format,
            columns: if row.is_static { &self.format.statics } else { &self.format.regulars },
            wanted: if row.is_static {
                &self.projection.statics
            } else {
                &self.projection.regulars
            },
            liveness: self.liveness(&body, place.position)?,
            position: place.position,
        };
        let deletion = match &body.deletion {
            None => None,
            Some(found) => walk.deletion(found)?,
        };
        let is_deletion = deletion.is_some() || walk.liveness.is_some();
        if !is_deletion && !walk.any(&body)? {
            return Ok(Flow::Go);
        }
        let values = match &row.clustering {
            None => Vec::new(),
            Some(values) => clustering_values(values).map_err(inner)?,
        };
        let shadowable = unfiltered.has_shadowable_deletion().map_err(inner)?;
        let flow = events.row(&RowStart {
            clustering: &values,
            liveness: walk.liveness,
            deletion,
            is_static: row.is_static,
            is_shadowable: body.deletion.is_some() && shadowable,
            position: place.position,
            size: place.size,
            previous_size: value(&body.len_previous_unfiltered)?,
        })?;
        if flow != Flow::Go {
            return Ok(if flow == Flow::Stop { Flow::Stop } else { Flow::Go });
        }
        walk.columns(&body, events)?;
        events.row_end(num_unread)
    }

    fn liveness(&self, body: &RowBody<'_>, position: u64) -> Result<Option<LivenessInfo>, Error> {
        let Some(info) = &body.liveness_info else { return Ok(None) };
        let expiry = match (&info.ttl, &info.local_expiration_time) {
            (Some(ttl), Some(expiration)) => Some((value(ttl)?, value(expiration)?)),
            _ => None,
        };
        self.format.liveness(value(&info.timestamp)?, expiry, position).map(Some)
    }

    fn marker<E: Events>(
        &self,
        marker: &RangeTombstoneMarker<'_>,
        position: u64,
        size: usize,
        events: &mut E,
    ) -> Result<Flow, E::Error> {
        let body = marker.body().map_err(|error| Error::inside(DATA, error))?;
        let delta = |found: &DeletionDelta<'_>| -> Result<Option<DeletionTime>, Error> {
            let times = (value(&found.marked_for_delete_at)?, value(&found.local_deletion_time)?);
            self.format.deletion(times.0, times.1, position)
        };
        let first = delta(&body.deletion)?;
        let kind = marker.bound.kind;
        let is_start =
            kind == ClusteringKind::INCL_START_BOUND || kind == ClusteringKind::EXCL_START_BOUND;
        let (close, open) = match &body.start_deletion {
            Some(second) => (first, delta(second)?),
            None if is_start => (None, first),
            None => (first, None),
        };
        let values = clustering_values(&marker.bound.values);
        let values = values.map_err(|fault| at(&marker.body.cursor(), fault))?;
        let mut sink = crate::layouts::sink::Sink::new();
        let _ = crate::layouts::visit::Layout::encode(&body, &mut sink);
        let num_unread = wide(marker.body.bytes.len().saturating_sub(sink.finish().len()));
        events.marker(&Marker {
            kind,
            values: &values,
            close,
            open,
            position,
            size: wide(size),
            previous_size: value(&body.len_previous_unfiltered)?,
            num_unread,
        })
    }

    /// Where exactly the stream ends too early.
    #[cold]
    fn truncated(&self, bytes: &[u8], position: u64) -> Error {
        let mut cur = Cursor::new(bytes, position);
        let format = self.format;
        let fault = match self.expected {
            Expected::Partition => PartitionHeader::read(&mut cur, format.version).err(),
            _ => Unfiltered::read(
                &mut cur,
                &format.clustering_shapes,
                &format.statics.shapes,
                &format.regulars.shapes,
            )
            .err(),
        };
        Error::layout(DATA, cur.error(fault.unwrap_or(Fault::Truncated)))
    }
}

#[derive(Clone, Copy)]
struct Place {
    position: u64,
    size: u64,
}

/// What the columns of one row need.
struct Walk<'w> {
    format: &'w RowFormat,
    columns: &'w Columns,
    wanted: &'w [bool],
    liveness: Option<LivenessInfo>,
    position: u64,
}

impl Walk<'_> {
    fn deletion(&self, found: &DeletionDelta<'_>) -> Result<Option<DeletionTime>, Error> {
        let times = (value(&found.marked_for_delete_at)?, value(&found.local_deletion_time)?);
        self.format.deletion(times.0, times.1, self.position)
    }

    /// Whether any column says something.
    fn any(&self, body: &RowBody<'_>) -> Result<bool, Error> {
        for (index, column) in body.columns.iter().enumerate() {
            let dropped_at = self.columns.dropped_at(index);
            if let Some(cell) = &column.cell {
                if self.cell(&cell.header, cell.value)?.timestamp > dropped_at {
                    return Ok(true);
                }
            }
            if let Some(complex) = &column.complex {
                let (deletion, num_cells) = self.complex(complex, dropped_at)?;
                if deletion.is_some() || num_cells > 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn columns<E: Events>(&self, body: &RowBody<'_>, events: &mut E) -> Result<(), E::Error> {
        for (index, column) in body.columns.iter().enumerate() {
            if !self.wanted.get(index).copied().unwrap_or(false) {
                continue;
            }
            let dropped_at = self.columns.dropped_at(index);
            if let Some(found) = &column.cell {
                let cell = self.cell(&found.header, found.value)?;
                if cell.timestamp > dropped_at {
                    events.cell(index, &cell)?;
                }
            }
            let Some(complex) = &column.complex else { continue };
            let (deletion, num_cells) = self.complex(complex, dropped_at)?;
            if deletion.is_none() && num_cells == 0 {
                continue;
            }
            events.complex(index, deletion, num_cells)?;
            for found in complex.cells.iter() {
                let cell = self.cell(&found.header, found.value)?;
                if cell.timestamp > dropped_at {
                    events.complex_cell(index, found.path, &cell)?;
                }
            }
        }
        Ok(())
    }

    /// The deletion that counts, and how many cells do.
    fn complex(
        &self,
        complex: &ComplexColumn<'_>,
        dropped_at: i64,
    ) -> Result<(Option<DeletionTime>, u64), Error> {
        let deletion = match &complex.deletion {
            None => None,
            Some(found) => self.deletion(found)?,
        };
        let mut num_cells = 0_u64;
        for found in complex.cells.iter() {
            if self.cell(&found.header, found.value)?.timestamp > dropped_at {
                num_cells = num_cells.saturating_add(1);
            }
        }
        Ok((deletion.filter(|found| found.marked_for_delete_at > dropped_at), num_cells))
    }

    fn cell<'a>(&self, header: &CellHeader<'_>, raw: Option<&'a [u8]>) -> Result<Cell<'a>, Error> {
        let is_tombstone = header.is_deleted();
        let (uses_timestamp, uses_ttl) = (header.uses_row_timestamp(), header.uses_row_ttl());
        if self.liveness.is_none() && (uses_timestamp || uses_ttl) {
            let message = "a cell refers to liveness info that the row lacks";
            return Err(corrupt(message, self.position, "row.body.columns"));
        }
        let row = self.liveness.unwrap_or(LivenessInfo {
            timestamp: 0,
            ttl: None,
            local_expiration_time: None,
        });
        let (ttl, local_deletion_time) =
            if uses_ttl { (row.ttl, row.local_expiration_time) } else { self.expiry(header)? };
        let timestamp = match &header.timestamp {
            Some(delta) if !uses_timestamp => self.format.timestamp(value(delta)?),
            _ => row.timestamp,
        };
        let value = raw.unwrap_or_default();
        Ok(Cell { value, timestamp, ttl, local_deletion_time, is_tombstone })
    }

    /// Time to live and local deletion time of a cell's own.
    fn expiry(&self, header: &CellHeader<'_>) -> Result<(Option<i64>, Option<i64>), Error> {
        let Some(delta) = &header.local_deletion_time else { return Ok((None, None)) };
        let time = self.format.local_deletion_time(value(delta)?, self.position)?;
        let Some(delta) = &header.ttl else { return Ok((None, Some(time))) };
        let ttl = self.format.ttl(value(delta)?, self.position)?;
        Ok((Some(ttl), Some(decode_expiration(time, ttl))))
    }
}

/// What the layout alone does not tell: a bitmap or indexes beyond the columns.
fn check_subset(subset: &ColumnsSubset<'_>, position: u64) -> Result<(), Error> {
    let field = "row.body.columns_subset";
    let Some(missing) = &subset.missing else { return Ok(()) };
    let missing = value(missing)?;
    let num_columns = u32::try_from(subset.num_columns).unwrap_or(u32::MAX);
    if subset.is_small() {
        let beyond = missing.checked_shr(num_columns).unwrap_or(0) != 0;
        let message = "bitmap of missing columns has too many bits";
        return if beyond { Err(corrupt(message, position, field)) } else { Ok(()) };
    }
    if missing > u64::from(num_columns) {
        return Err(corrupt("more columns are missing than there are", position, field));
    }
    let mut lowest = 0_u64;
    for index in subset.indexes.iter().flat_map(|found| found.iter()) {
        let index = value(index)?;
        if index < lowest || index >= u64::from(num_columns) {
            let message = "column indexes are not ascending or too high";
            return Err(corrupt(message, position, field));
        }
        lowest = index.saturating_add(1);
    }
    Ok(())
}

fn clustering_values<'a>(values: &Values<'a>) -> Result<Vec<Option<&'a [u8]>>, Fault> {
    let mut found = Vec::new();
    for item in values.blocks.iter().flat_map(|block| block.items.iter()) {
        let is_empty = item.is_empty()?;
        found.push(item.value.or(if is_empty { Some(&[]) } else { None }));
    }
    Ok(found)
}

fn partition_deletion(parsed: &Deletion) -> Result<Option<DeletionTime>, Fault> {
    if parsed.is_live()? {
        return Ok(None);
    }
    let times = match (&parsed.modern, &parsed.legacy) {
        (Some(modern), _) => {
            let timestamp = modern.marked_for_delete_at()?.ok_or(Fault::Absent)?;
            let seconds = modern.local_deletion_time.ok_or(Fault::Absent)?;
            (prelude::fit(timestamp)?, i64::from(seconds))
        }
        (_, Some(legacy)) => (legacy.marked_for_delete_at, i64::from(legacy.local_deletion_time)),
        _ => return Err(Fault::Absent),
    };
    Ok(Some(DeletionTime { marked_for_delete_at: times.0, local_deletion_time: times.1 }))
}

fn value(number: &Vint<'_>) -> Result<u64, Error> {
    number.value().map_err(|fault| Error::layout(DATA, prelude::Error::from(fault)))
}

/// What was read; nothing if the bytes end within it.
fn whole<T>(cur: &Cursor<'_>, read: Result<T, Fault>) -> Result<Option<T>, Error> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(Fault::Truncated) => Ok(None),
        Err(fault) => Err(at(cur, fault)),
    }
}

#[cold]
fn at(cur: &Cursor<'_>, fault: Fault) -> Error {
    let error = Error::layout(DATA, cur.error(fault));
    Error { kind: Kind::Corrupt, ..error }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
