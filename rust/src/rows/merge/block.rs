//! Rows that have been read and wait for what other SSTables say of them.

use crate::codec::be;
use crate::layouts::generated::clustering::Kind;
use crate::rows::PlainRows;
use crate::rows::events::{Cell, DeletionTime, LivenessInfo};

/// Columns of a clustering that are few.
const FEW: usize = 8;

/// Bytes within a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    start: usize,
    end: usize,
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

/// A partition's head or end, a row or a marker. The key is the only value of a partition.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// What it is.
    pub what: What,
    /// Its place in the order of partitions, or of rows: bytes that are compared unsigned.
    pub place: Span,
    /// The first bytes of its place.
    prefix: u128,
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
    /// Whether it is a plain row, whose values are all as old as it is.
    pub is_plain: bool,
    /// Which of the block's spans are its values, if it is plain.
    plain: Span,
    /// Its place in the SSTable's uncompressed Data.db.
    pub position: u64,
}

impl Unit {
    /// A unit of which only that is known.
    #[must_use]
    pub fn new(what: What, position: u64) -> Self {
        Self {
            what,
            place: Span::default(),
            prefix: 0,
            values: Span::default(),
            cells: Span::default(),
            liveness: None,
            deletion: None,
            is_shadowable: false,
            kind: Kind::CLUSTERING,
            is_plain: false,
            plain: Span::default(),
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
    plain: Vec<Span>,
    units: Vec<Unit>,
    /// Units that are complete.
    complete: usize,
}

impl Block {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.values.clear();
        self.cells.clear();
        self.plain.clear();
        self.units.clear();
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

    /// Adds a unit; one that was not complete is forgotten.
    pub fn begin(&mut self, mut unit: Unit, place: &[u8]) {
        self.units.truncate(self.complete);
        unit.place = self.keep(place);
        unit.prefix = prefix(place);
        unit.values = Span { start: self.values.len(), end: self.values.len() };
        unit.cells = Span { start: self.cells.len(), end: self.cells.len() };
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

    /// Keeps plain rows that `columns` of are wanted, each of which `place` is the place of in
    /// the order of rows; it is given the serialized clustering.
    ///
    /// # Errors
    /// Those of `place`: the rows before are kept.
    pub fn add_plain<E>(
        &mut self,
        rows: &PlainRows<'_>,
        columns: &[usize],
        num_clusterings: usize,
        mut place: impl FnMut(&[Option<&[u8]>], u64, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let all = self.keep(rows.bytes());
        let from = rows.bytes().as_ptr().addr();
        let span = |value: &[u8]| {
            let start = all.start.saturating_add(value.as_ptr().addr().saturating_sub(from));
            Span { start, end: start.saturating_add(value.len()) }
        };
        let clusterings: Vec<_> =
            (0..num_clusterings).map(|index| rows.clustering(index)).collect();
        let values: Vec<_> = columns.iter().map(|column| rows.column(*column)).collect();
        let mut clustering: Vec<Option<&[u8]>> = Vec::with_capacity(num_clusterings);
        for (row, (timestamp, position)) in rows.places().enumerate() {
            let mut unit = Unit::new(What::Row, position);
            unit.is_plain = true;
            unit.liveness =
                Some(LivenessInfo { timestamp, ttl: None, local_expiration_time: None });
            unit.values.start = self.values.len();
            clustering.clear();
            for column in &clusterings {
                let value = column.get(row).copied().unwrap_or_default();
                clustering.push(Some(value));
                self.values.push(Some(span(value)));
            }
            unit.values.end = self.values.len();
            unit.plain.start = self.plain.len();
            for column in &values {
                self.plain.push(span(column.get(row).copied().unwrap_or_default()));
            }
            unit.plain.end = self.plain.len();
            let start = self.bytes.len();
            place(&clustering, position, &mut self.bytes)?;
            unit.place = Span { start, end: self.bytes.len() };
            unit.prefix = prefix(self.bytes(unit.place));
            self.units.push(unit);
            self.complete = self.units.len();
        }
        Ok(())
    }

    /// The values of a plain row: those of the clustering columns, then the others.
    pub fn plain_values(&self, unit: &Unit) -> impl Iterator<Item = &[u8]> {
        let first = self.values.get(unit.values.start..unit.values.end).unwrap_or_default();
        let first = first.iter().flatten().map(|span| self.bytes(*span));
        first.chain(self.plain_cells(unit))
    }

    /// The values of a plain row's regular columns.
    pub fn plain_cells(&self, unit: &Unit) -> impl Iterator<Item = &[u8]> {
        let values = self.plain.get(unit.plain.start..unit.plain.end).unwrap_or_default();
        values.iter().map(|span| self.bytes(*span))
    }

    /// Makes cells of what a plain row has in `columns`, to be merged one by one.
    pub fn spread(&mut self, index: usize, columns: &[usize]) {
        let Some(unit) = self.units.get_mut(index).filter(|unit| unit.is_plain) else { return };
        let start = self.cells.len();
        let values = self.plain.get(unit.plain.start..unit.plain.end).unwrap_or_default();
        for (column, value) in columns.iter().zip(values) {
            self.cells.push(Stored {
                column: *column,
                part: Part::Simple,
                is_tombstone: false,
                timestamp: unit.liveness.map_or(i64::MIN, |liveness| liveness.timestamp),
                ttl: None,
                local_deletion_time: None,
                path: Span::default(),
                value: *value,
            });
        }
        unit.cells = Span { start, end: self.cells.len() };
        unit.is_plain = false;
    }

    /// Whether the row that is not complete is there at all: by itself, or by any cell.
    #[must_use]
    pub fn says_anything(&self) -> bool {
        let Some(unit) = self.units.last() else { return false };
        let cells = self.cells.get(unit.cells.start..).unwrap_or_default();
        let says = |cell: &Stored| cell.part != Part::Head || cell.is_tombstone;
        unit.liveness.is_some() || unit.deletion.is_some() || cells.iter().any(says)
    }

    /// Forgets the unit that is not complete, and what was kept of it.
    pub fn forget(&mut self) {
        if let Some(unit) = self.units.get(self.complete) {
            self.bytes.truncate(unit.place.start);
            self.values.truncate(unit.values.start);
            self.cells.truncate(unit.cells.start);
        }
        self.units.truncate(self.complete);
    }

    /// The unit is complete.
    pub fn finish(&mut self) {
        if let Some(unit) = self.units.last_mut() {
            unit.cells.end = self.cells.len();
        }
        self.complete = self.units.len();
    }

    /// A unit that is complete.
    #[inline]
    #[must_use]
    pub fn unit(&self, index: usize) -> Option<&Unit> {
        self.units.get(..self.complete)?.get(index)
    }

    /// Bytes that were kept.
    #[inline]
    #[must_use]
    pub fn bytes(&self, span: Span) -> &[u8] {
        self.bytes.get(span.start..span.end).unwrap_or_default()
    }

    /// The first bytes of a unit's place, as many as a number has, and how many there are.
    #[inline]
    #[must_use]
    pub const fn place(&self, unit: &Unit) -> (u128, usize) {
        (unit.prefix, unit.place.end.saturating_sub(unit.place.start))
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

/// The first bytes as a number that sorts as they do.
fn prefix(place: &[u8]) -> u128 {
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(place) {
        *to = *from;
    }
    be::u128(&first).unwrap_or(0)
}
