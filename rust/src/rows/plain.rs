//! Many rows at once, where there is nothing to be said of them but their values.
//!
//! Most rows of most tables are plain: inserted as a whole and not deleted, each column there
//! with the row's own time. Of such rows only the values' places are noted, block by block, so
//! that who takes them can go through them column by column. Any other row, and any fault, ends
//! a block; it is then told as all rows are.

use super::format::{Projection, RowFormat};
use super::teller::wide;
use crate::layouts::generated::data::{UsualUnfiltered, usual_unfiltered};
use crate::layouts::prelude::{Cursor, Fault};

/// Rows of a block at most: their values' places stay in the processor's nearest cache.
const BLOCK: usize = 256;

/// Places for the values of a column: some more than there are rows, since that many bytes are
/// a page, and what is at the same place of many pages has to share a few lines of that cache.
const STRIDE: usize = BLOCK + 4;

/// After how many failures in a row no more than every so many rows is tried.
const MOST_PATIENCE: u32 = 64;

/// Which plain rows would be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainWish {
    /// How many; none are told if this is 0.
    pub rows: usize,
    /// Microseconds: the rows must be newer than this.
    pub newer_than: i64,
}

/// Plain rows of one partition, one after another in the file.
#[derive(Debug)]
pub struct PlainRows<'a> {
    rows: usize,
    num_clusterings: usize,
    /// For each regular column which of the wanted ones it is.
    slots: Vec<Option<usize>>,
    /// `stride` values for each clustering column, then for each wanted regular column.
    values: Vec<&'a [u8]>,
    stride: usize,
    /// Microseconds, of each row.
    timestamps: Vec<i64>,
    /// Where each row ends in `bytes`.
    ends: Vec<usize>,
    /// All of the rows as they stand in the file, and where that is in the stream.
    bytes: &'a [u8],
    position: u64,
}

impl<'a> PlainRows<'a> {
    fn new(num_clusterings: usize, wanted: &[bool]) -> Self {
        let mut num_wanted = 0_usize;
        let slots = wanted.iter().map(|is_wanted| {
            let slot = num_wanted;
            num_wanted = num_wanted.saturating_add(usize::from(*is_wanted));
            is_wanted.then_some(slot)
        });
        let slots = slots.collect();
        let num_slots = num_clusterings.saturating_add(num_wanted);
        let values = vec![[].as_slice(); num_slots.saturating_mul(STRIDE)];
        let (timestamps, ends) = (vec![0; BLOCK], vec![0; BLOCK]);
        Self {
            rows: 0,
            num_clusterings,
            slots,
            values,
            stride: STRIDE,
            timestamps,
            ends,
            bytes: &[],
            position: 0,
        }
    }

    /// The most rows that there are at once.
    pub const MOST: usize = BLOCK;

    /// Rows that were put together: when each was written, and the values of all, first those
    /// of each clustering column, then those of each regular column that has a slot.
    #[must_use]
    pub fn of(
        num_clusterings: usize,
        slots: Vec<Option<usize>>,
        timestamps: Vec<i64>,
        values: Vec<&'a [u8]>,
    ) -> Self {
        let rows = timestamps.len();
        Self {
            rows,
            num_clusterings,
            slots,
            values,
            stride: rows,
            timestamps,
            ends: Vec::new(),
            bytes: &[],
            position: 0,
        }
    }

    /// All of the rows as they stand in the file, where they are from one.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// When each row was inserted, in microseconds, and where it is in the stream.
    pub fn places(&self) -> impl Iterator<Item = (i64, u64)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let starts = starts.map(|start| self.position.saturating_add(wide(start)));
        self.timestamps.iter().copied().zip(starts).take(self.rows)
    }

    /// How many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The serialized values of a clustering column, one for each row.
    #[must_use]
    pub fn clustering(&self, index: usize) -> &[&'a [u8]] {
        if index < self.num_clusterings { self.slot(index) } else { &[] }
    }

    /// The serialized values of a regular column that is asked for, one for each row.
    #[must_use]
    pub fn column(&self, index: usize) -> &[&'a [u8]] {
        let slot = self.slots.get(index).copied().flatten();
        slot.map_or(&[], |slot| self.slot(self.num_clusterings.saturating_add(slot)))
    }

    /// When the rows were inserted, in microseconds.
    #[must_use]
    pub fn timestamps(&self) -> &[i64] {
        self.timestamps.get(..self.rows).unwrap_or_default()
    }

    /// How many columns each row has, of those that are asked for.
    #[must_use]
    pub fn num_columns(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    /// The serialized values of one row: of the clustering columns, then of the regular columns
    /// that are asked for.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &'a [u8]> {
        self.values.iter().skip(row).step_by(self.stride.max(1)).copied()
    }

    /// The serialized values of one row's clustering columns.
    pub fn clustering_of(&self, row: usize) -> impl Iterator<Item = &'a [u8]> {
        self.row(row).take(self.num_clusterings)
    }

    /// Whether any value has no bytes.
    #[must_use]
    pub fn has_empty_values(&self) -> bool {
        let rows = |slot: &[&[u8]]| slot.iter().take(self.rows).any(|value| value.is_empty());
        self.values.chunks(self.stride.max(1)).any(rows)
    }

    fn slot(&self, slot: usize) -> &[&'a [u8]] {
        let values = self.values.get(slot.saturating_mul(self.stride)..).unwrap_or_default();
        values.get(..self.rows).unwrap_or_default()
    }
}

/// Looks for plain rows in one window.
pub struct Gatherer<'r, 'a> {
    format: &'r RowFormat,
    wanted: &'r [bool],
    num_wanted: usize,
    /// Microseconds up to which cells of a wanted column don't count, since it was dropped.
    dropped_at: i64,
    rows: Option<PlainRows<'a>>,
    failures: u32,
    patience: u32,
}

impl<'r, 'a> Gatherer<'r, 'a>
where
    'r: 'a,
{
    pub fn new(format: &'r RowFormat, projection: &'r Projection) -> Self {
        let wanted = projection.regulars.as_slice();
        let num_wanted = wanted.iter().rposition(|is_wanted| *is_wanted);
        let num_wanted = num_wanted.map_or(0, |last| last.saturating_add(1));
        let times = wanted.iter().zip(&format.regulars.dropped);
        let dropped = times.filter(|(is_wanted, _)| **is_wanted).map(|(_, time)| *time);
        let dropped_at = dropped.max().unwrap_or(i64::MIN);
        Self { format, wanted, num_wanted, dropped_at, rows: None, failures: 0, patience: 0 }
    }

    /// Collects plain rows from the start of `bytes` on; how many bytes they take.
    pub fn gather(
        &mut self,
        bytes: &'a [u8],
        position: u64,
        wish: PlainWish,
    ) -> Option<(&PlainRows<'a>, usize)> {
        if wish.rows == 0 {
            return None;
        }
        if self.patience > 0 {
            self.patience = self.patience.saturating_sub(1);
            return None;
        }
        let format = self.format;
        let wanted = self.wanted;
        let rows =
            self.rows.get_or_insert_with(|| PlainRows::new(format.clustering_shapes.len(), wanted));
        rows.rows = 0;
        let minimum = format.min_timestamp;
        let mut walk = Gathering {
            values: &mut rows.values,
            timestamps: &mut rows.timestamps,
            row: 0,
            place: 0,
            wanted: self.wanted,
            is_wanted: false,
            minimum,
            newer_than: wish.newer_than.max(self.dropped_at),
        };
        let (clustering, statics) = (&format.clustering_shapes, &format.statics.shapes);
        let regulars = &format.regulars.shapes;
        // A row is left behind the last column that is wanted.
        let regulars = regulars.get(..self.num_wanted).unwrap_or(regulars);
        let mut rest = bytes;
        let most = wish.rows.min(BLOCK);
        while walk.row < most {
            let mut cur = Cursor::new(rest, 0);
            walk.place = walk.row;
            if usual_unfiltered(&mut cur, clustering, statics, regulars, &mut walk).is_err() {
                break;
            }
            rest = rest.get(cur.position()..).unwrap_or_default();
            if let Some(end) = rows.ends.get_mut(walk.row) {
                *end = bytes.len().saturating_sub(rest.len());
            }
            walk.row = walk.row.saturating_add(1);
        }
        rows.rows = walk.row;
        if rows.rows == 0 {
            self.failures = self.failures.saturating_mul(2).clamp(1, MOST_PATIENCE);
            self.patience = self.failures;
            return None;
        }
        self.failures = 0;
        let size = bytes.len().saturating_sub(rest.len());
        rows.bytes = bytes.get(..size).unwrap_or_default();
        rows.position = position;
        Some((rows, size))
    }
}

/// Notes where a row's values are.
struct Gathering<'r, 'a> {
    values: &'r mut [&'a [u8]],
    timestamps: &'r mut [i64],
    row: usize,
    /// Of the next value.
    place: usize,
    wanted: &'r [bool],
    is_wanted: bool,
    minimum: i64,
    newer_than: i64,
}

impl<'a> Gathering<'_, 'a> {
    #[inline(always)]
    fn note(&mut self, value: &'a [u8]) -> Result<(), Fault> {
        *self.values.get_mut(self.place).ok_or(Fault::Range)? = value;
        self.place = self.place.wrapping_add(STRIDE);
        Ok(())
    }
}

impl<'a> UsualUnfiltered<'a> for Gathering<'_, 'a> {
    #[inline(always)]
    fn value_value(&mut self, value: &'a [u8]) -> Result<(), Fault> {
        self.note(value)
    }

    #[inline(always)]
    fn liveness_info_timestamp(&mut self, value: u64) -> Result<(), Fault> {
        let timestamp = self.minimum.wrapping_add_unsigned(value);
        *self.timestamps.get_mut(self.row).ok_or(Fault::Range)? = timestamp;
        if timestamp > self.newer_than { Ok(()) } else { Err(Fault::Invalid) }
    }

    #[inline(always)]
    fn row_body_columns(&mut self, index: i64) -> bool {
        let column = usize::try_from(index).unwrap_or(usize::MAX);
        self.is_wanted = self.wanted.get(column).copied().unwrap_or(false);
        true
    }

    #[inline(always)]
    fn cell_value(&mut self, value: &'a [u8]) -> Result<(), Fault> {
        if self.is_wanted { self.note(value) } else { Ok(()) }
    }
}
