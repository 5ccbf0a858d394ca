//! Rows that have been read and wait for what other SSTables say of them.

use super::head::Head;
use super::plain::Plain;
use crate::layouts::generated::clustering::Kind;
use crate::rows::PlainRows;
use crate::rows::events::{Cell, DeletionTime, LivenessInfo};

/// Columns of a clustering that are few.
const FEW: usize = 8;

/// Bytes within a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a cell is of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The only one.
    Simple,
    /// None: what deletes older cells of a complex column, before its cells.
    Head,
    /// One of many, with a path.
    Element,
}

/// A cell that was kept, or the head of a complex column.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    /// The column's number in the answer's header.
    pub column: usize,
    /// What it is of the column.
    pub part: Part,
    /// Whether it is a deletion; of a head, whether there is one.
    pub is_tombstone: bool,
    /// Microseconds; of a head, up to when it deletes.
    pub timestamp: i64,
    /// Seconds; none where it does not expire.
    pub ttl: Option<i64>,
    /// Seconds since 1970 when it was deleted or expires.
    pub local_deletion_time: Option<i64>,
    /// Which cell of a complex column.
    pub path: Span,
    /// The serialized value.
    pub value: Span,
}

impl Stored {
    /// What a head says.
    #[must_use]
    pub fn deletion(&self) -> Option<DeletionTime> {
        let local_deletion_time = self.local_deletion_time.filter(|_| self.is_tombstone)?;
        Some(DeletionTime { marked_for_delete_at: self.timestamp, local_deletion_time })
    }
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The head of a partition.
    Partition,
    /// Its static row.
    Static,
    /// A row.
    Row,
    /// A range tombstone marker.
    Marker,
    /// The end of a partition.
    End,
}

/// Where a unit stands, and what of it decides which one is told next.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its place in the order of partitions, or of rows.
    pub head: Head,
    /// Where the place's bytes are, if they are kept.
    place: usize,
    /// When a plain row was written, in microseconds.
    pub timestamp: i64,
    /// Which of the block's plain rows it is, or of its units.
    index: usize,
    /// What it is.
    pub what: What,
    /// Whether it is a plain row, whose values are all as old as it is.
    pub is_plain: bool,
}

/// A partition's head or end, a row or a marker. The key is the only value of a partition.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// What it is.
    pub what: What,
    /// Which of the block's values are its clustering, or the partition's key.
    values: Span,
    /// Which of the block's cells are its own.
    cells: Span,
    /// When a row itself was inserted.
    pub liveness: Option<LivenessInfo>,
    /// What deletes the partition or row, or is opened by a marker.
    pub deletion: Option<DeletionTime>,
    /// Whether the row's deletion yields to newer liveness.
    pub is_shadowable: bool,
    /// What kind of marker it is.
    pub kind: Kind,
    /// Its place in the SSTable's uncompressed Data.db.
    pub position: u64,
}

impl Unit {
    /// A unit of which only that is known.
    #[must_use]
    pub fn new(what: What, position: u64) -> Self {
        Self {
            what,
            values: Span::default(),
            cells: Span::default(),
            liveness: None,
            deletion: None,
            is_shadowable: false,
            kind: Kind::CLUSTERING,
            position,
        }
    }
}

/// Units in the order of their SSTable, with all that they refer to.
#[derive(Clone, Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    values: Vec<Option<Span>>,
    cells: Vec<Stored>,
    entries: Vec<Entry>,
    units: Vec<Unit>,
    plain: Plain,
    /// Entries that are complete.
    complete: usize,
}

impl Block {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.values.clear();
        self.cells.clear();
        self.entries.clear();
        self.units.clear();
        self.plain.clear();
        self.complete = 0;
    }

    /// How many units are complete.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.complete
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.complete == 0
    }

    /// Bytes that it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Adds a unit; one that was not complete is forgotten. Of its place, whose head is `head`,
    /// these bytes are kept: none are needed of a row's if the head is all.
    pub fn begin(&mut self, mut unit: Unit, head: Head, place: &[u8]) {
        self.forget();
        unit.values = Span { start: self.values.len(), end: self.values.len() };
        unit.cells = Span { start: self.cells.len(), end: self.cells.len() };
        let place = self.keep(place).start;
        self.entries.push(Entry {
            head,
            place,
            timestamp: i64::MIN,
            index: self.units.len(),
            what: unit.what,
            is_plain: false,
        });
        self.units.push(unit);
    }

    /// Keeps the values of the unit's clustering.
    pub fn add_values(&mut self, values: &[Option<&[u8]>]) {
        for value in values {
            let kept = value.map(|value| self.keep(value));
            self.values.push(kept);
        }
        if let Some(unit) = self.units.last_mut() {
            unit.values.end = self.values.len();
        }
    }

    /// Keeps the head of a complex column.
    pub fn add_head(&mut self, column: usize, deletion: Option<DeletionTime>) {
        self.cells.push(Stored {
            column,
            part: Part::Head,
            is_tombstone: deletion.is_some(),
            timestamp: deletion.map_or(i64::MIN, |found| found.marked_for_delete_at),
            ttl: None,
            local_deletion_time: deletion.map(|found| found.local_deletion_time),
            path: Span::default(),
            value: Span::default(),
        });
    }

    /// Keeps a cell, with a path if it is of a complex column, and its value if that is wanted.
    pub fn add_cell(&mut self, column: usize, path: Option<&[u8]>, cell: &Cell<'_>, wanted: bool) {
        let part = if path.is_some() { Part::Element } else { Part::Simple };
        let path = path.map_or_else(Span::default, |path| self.keep(path));
        let value = if wanted { self.keep(cell.value) } else { Span::default() };
        self.cells.push(Stored {
            column,
            part,
            is_tombstone: cell.is_tombstone,
            timestamp: cell.timestamp,
            ttl: cell.ttl,
            local_deletion_time: cell.local_deletion_time,
            path,
            value,
        });
    }

    /// Keeps plain rows that `columns` of are wanted. `place` tells of each row the head of its
    /// place, from its serialized clustering and position, and appends the place's bytes unless
    /// the head is all.
    ///
    /// # Errors
    /// Those of `place`: the rows before are kept.
    pub fn add_plain<E>(
        &mut self,
        rows: &PlainRows<'_>,
        columns: &[usize],
        num_clusterings: usize,
        mut place: impl FnMut(&[Option<&[u8]>], u64, &mut Vec<u8>) -> Result<Head, E>,
    ) -> Result<(), E> {
        self.forget();
        let kept = self.keep(rows.bytes());
        let clusterings: Vec<_> =
            (0..num_clusterings).map(|index| rows.clustering(index)).collect();
        let first = self.plain.add(rows, kept, &clusterings, columns);
        let mut clustering: Vec<Option<&[u8]>> = Vec::with_capacity(num_clusterings);
        for (row, (timestamp, position)) in rows.places().enumerate() {
            clustering.clear();
            clustering.extend(clusterings.iter().map(|column| column.get(row).copied()));
            let start = self.bytes.len();
            let head = place(&clustering, position, &mut self.bytes)?;
            self.entries.push(Entry {
                head,
                place: start,
                timestamp,
                index: first.saturating_add(row),
                what: What::Row,
                is_plain: true,
            });
            self.complete = self.entries.len();
        }
        Ok(())
    }

    /// Where the values of a plain row are: those of the clustering columns, then the others.
    #[inline]
    #[must_use]
    pub fn plain_spans(&self, entry: &Entry) -> &[Span] {
        self.plain.row(entry.index)
    }

    /// Makes a unit with cells of a plain row, to be merged one by one. `columns` are those that
    /// its values behind the clustering are of.
    pub fn spread(&mut self, index: usize, columns: &[usize]) {
        let found = self.entries.get_mut(..self.complete).and_then(|all| all.get_mut(index));
        let Some(entry) = found.filter(|entry| entry.is_plain) else { return };
        let timestamp = entry.timestamp;
        let mut unit = Unit::new(What::Row, self.plain.position(entry.index));
        unit.liveness = Some(LivenessInfo { timestamp, ttl: None, local_expiration_time: None });
        let spans = self.plain.row(entry.index);
        let num_clusterings = spans.len().saturating_sub(columns.len());
        let (clustering, values) = spans.split_at_checked(num_clusterings).unwrap_or_default();
        unit.values.start = self.values.len();
        self.values.extend(clustering.iter().map(|span| Some(*span)));
        unit.values.end = self.values.len();
        unit.cells.start = self.cells.len();
        self.cells.extend(columns.iter().zip(values).map(|(column, value)| Stored {
            column: *column,
            part: Part::Simple,
            is_tombstone: false,
            timestamp,
            ttl: None,
            local_deletion_time: None,
            path: Span::default(),
            value: *value,
        }));
        unit.cells.end = self.cells.len();
        entry.is_plain = false;
        entry.index = self.units.len();
        self.units.push(unit);
    }

    /// Whether the row that is not complete is there at all: by itself, or by any cell.
    #[must_use]
    pub fn says_anything(&self) -> bool {
        let Some(unit) = self.units.last() else { return false };
        let cells = self.cells.get(unit.cells.start..).unwrap_or_default();
        let says = |cell: &Stored| cell.part != Part::Head || cell.is_tombstone;
        unit.liveness.is_some() || unit.deletion.is_some() || cells.iter().any(says)
    }

    /// Forgets the unit that is not complete, if there is one, and what was kept of it.
    pub fn forget(&mut self) {
        let Some(entry) = self.entries.get(self.complete) else { return };
        self.bytes.truncate(entry.place);
        if let Some(unit) = self.units.pop() {
            self.values.truncate(unit.values.start);
            self.cells.truncate(unit.cells.start);
        }
        self.entries.truncate(self.complete);
    }

    /// The unit is complete.
    pub fn finish(&mut self) {
        if let Some(unit) = self.units.last_mut() {
            unit.cells.end = self.cells.len();
        }
        self.complete = self.entries.len();
    }

    /// Where something complete stands: a unit, or a plain row.
    #[inline]
    #[must_use]
    pub fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(..self.complete)?.get(index)
    }

    /// The unit of an entry, unless that is a plain row.
    #[inline]
    #[must_use]
    pub fn unit(&self, entry: &Entry) -> Option<&Unit> {
        if entry.is_plain { None } else { self.units.get(entry.index) }
    }

    /// The bytes of an entry's place, if they were kept.
    #[must_use]
    pub fn place(&self, entry: &Entry) -> &[u8] {
        let end = entry.place.saturating_add(entry.head.size);
        self.bytes(Span { start: entry.place, end })
    }

    /// Bytes that were kept.
    #[inline]
    #[must_use]
    pub fn bytes(&self, span: Span) -> &[u8] {
        self.bytes.get(span.start..span.end).unwrap_or_default()
    }

    /// Does something with the values of a unit's clustering.
    pub fn with_values<T>(&self, unit: &Unit, act: impl FnOnce(&[Option<&[u8]>]) -> T) -> T {
        let spans = self.values.get(unit.values.start..unit.values.end).unwrap_or_default();
        let values = spans.iter().map(|value| value.map(|span| self.bytes(span)));
        // Most clusterings have few columns, and need no memory of their own.
        let mut few = [None; FEW];
        if let Some(places) = few.get_mut(..spans.len()) {
            for (place, value) in places.iter_mut().zip(values) {
                *place = value;
            }
            return act(places);
        }
        act(&values.collect::<Vec<_>>())
    }

    /// The cells of a row, and which the first one of the block's is.
    #[inline]
    #[must_use]
    pub fn cells(&self, unit: &Unit) -> (usize, &[Stored]) {
        let cells = self.cells.get(unit.cells.start..unit.cells.end).unwrap_or_default();
        (unit.cells.start, cells)
    }

    /// One of the block's cells.
    #[inline]
    #[must_use]
    pub fn cell(&self, index: usize) -> Option<&Stored> {
        self.cells.get(index)
    }

    /// A cell as it is told.
    #[inline]
    #[must_use]
    pub fn told(&self, stored: &Stored) -> Cell<'_> {
        Cell {
            value: self.bytes(stored.value),
            timestamp: stored.timestamp,
            ttl: stored.ttl,
            local_deletion_time: stored.local_deletion_time,
            is_tombstone: stored.is_tombstone,
        }
    }

    /// Keeps bytes.
    pub fn keep(&mut self, bytes: &[u8]) -> Span {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        Span { start, end: self.bytes.len() }
    }
}
