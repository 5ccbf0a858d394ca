//! Rows as they wait to be sorted.
//!
//! Nobody else reads these bytes. All numbers are of variable length: the key after its length,
//! the timestamp, the local deletion time of what is deleted, the time to live; then each
//! clustering value after its length; then each column: its index and whether it is deleted, and
//! if not, the value after its length, or of a collection how many cells there are, and the path
//! and value of each, both after their lengths. A collection takes the place of what there was.

use crate::codec::vint;
use crate::io::wide;
use crate::layouts::generated::vint::Vint;
use crate::layouts::prelude::{Cursor, Fault, fit};
use crate::layouts::sink::Sink;
use crate::rows::DeletionTime;

/// When a row was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Microseconds.
    pub(super) timestamp: i64,
    /// Seconds since 1970.
    pub(super) now: i64,
    /// Seconds; none where it does not expire.
    pub(super) ttl: Option<i64>,
}

impl Written {
    /// What deletes the elements that a collection takes the place of: microseconds and seconds.
    pub(super) fn overwriting(&self) -> Option<DeletionTime> {
        let marked_for_delete_at = self.timestamp.checked_sub(1).filter(|at| *at > i64::MIN)?;
        Some(DeletionTime { marked_for_delete_at, local_deletion_time: self.now })
    }

    /// Seconds since 1970 when what is written expires.
    pub(super) fn expiration(&self) -> Option<i64> {
        self.ttl.map(|ttl| self.now.saturating_add(ttl))
    }
}

/// Starts a row's bytes.
pub(super) fn begin(key: &[u8], written: &Written, out: &mut Sink) {
    out.clear();
    put(key, out);
    out.put(vint::signed(written.timestamp).bytes());
    out.put(vint::signed(written.now).bytes());
    out.put(vint::signed(written.ttl.unwrap_or(-1)).bytes());
}

/// Appends bytes after their length.
#[inline]
pub(super) fn put(bytes: &[u8], out: &mut Sink) {
    out.put(vint::unsigned(wide(bytes.len())).bytes());
    out.put(bytes);
}

/// Starts a cell, whose value follows unless it is deleted.
#[inline]
pub(super) fn put_column(column: usize, is_deleted: bool, out: &mut Sink) {
    let mark = wide(column).saturating_mul(2).saturating_add(u64::from(is_deleted));
    out.put(vint::unsigned(mark).bytes());
}

/// Starts the cells of a collection.
pub(super) fn put_number(number: usize, out: &mut Sink) {
    out.put(vint::unsigned(wide(number)).bytes());
}

/// A column of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content<'r> {
    /// It is deleted.
    Deleted,
    /// Its value.
    Value(&'r [u8]),
    /// So many cells of a collection follow.
    Cells(u64),
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Fragment<'r> {
    pub(super) key: &'r [u8],
    pub(super) written: Written,
    pub(super) clustering: Vec<Option<&'r [u8]>>,
    cells: Cursor<'r>,
}

impl<'r> Fragment<'r> {
    /// The row in `bytes`, of a table with so many clustering columns.
    pub(super) fn read(bytes: &'r [u8], num_clustering: usize) -> Result<Self, Fault> {
        let mut cur = Cursor::new(bytes, 0);
        let key = part(&mut cur)?;
        let timestamp = Vint::read(&mut cur)?.signed();
        let now = Vint::read(&mut cur)?.signed();
        let ttl = Some(Vint::read(&mut cur)?.signed()).filter(|ttl| *ttl >= 0);
        let mut clustering = Vec::with_capacity(num_clustering);
        for _ in 0..num_clustering {
            clustering.push(Some(part(&mut cur)?));
        }
        Ok(Self { key, written: Written { timestamp, now, ttl }, clustering, cells: cur })
    }

    /// The next column and what it holds; `is_complex` says of its index whether that is a
    /// collection with a cell for each element.
    #[inline]
    pub(super) fn next_column(
        &mut self,
        is_complex: impl Fn(usize) -> bool,
    ) -> Result<Option<(usize, Content<'r>)>, Fault> {
        if self.cells.eof() {
            return Ok(None);
        }
        let mark = Vint::read(&mut self.cells)?.value();
        let column = fit(mark.wrapping_shr(1))?;
        let content = if mark & 1 == 1 {
            Content::Deleted
        } else if is_complex(column) {
            Content::Cells(Vint::read(&mut self.cells)?.value())
        } else {
            Content::Value(part(&mut self.cells)?)
        };
        Ok(Some((column, content)))
    }

    /// Path and value of the next cell of a collection.
    pub(super) fn next_item(&mut self) -> Result<(&'r [u8], &'r [u8]), Fault> {
        Ok((part(&mut self.cells)?, part(&mut self.cells)?))
    }
}

#[inline]
fn part<'r>(cur: &mut Cursor<'r>) -> Result<&'r [u8], Fault> {
    let length = Vint::read(cur)?.value();
    cur.bytes(length)
}
