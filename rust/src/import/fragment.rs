//! Rows as they wait to be sorted.
//!
//! Nobody else reads these bytes. All numbers are of variable length: the key after its length,
//! the timestamp, the local deletion time of what is deleted, the time to live plus one; then each
//! clustering value after its length; then each cell: its column and whether it is deleted, and if
//! not, the value after its length.

use crate::codec::vint;
use crate::io::wide;
use crate::layouts::generated::vint::Vint;
use crate::layouts::prelude::{Cursor, Fault, fit};
use crate::layouts::sink::Sink;

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

/// A column and its value, none where it is deleted.
pub(super) type CellOf<'r> = (usize, Option<&'r [u8]>);

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

    /// The next cell.
    #[inline]
    pub(super) fn next_cell(&mut self) -> Result<Option<CellOf<'r>>, Fault> {
        if self.cells.eof() {
            return Ok(None);
        }
        let mark = Vint::read(&mut self.cells)?.value();
        let value = if mark & 1 == 1 { None } else { Some(part(&mut self.cells)?) };
        Ok(Some((fit(mark.wrapping_shr(1))?, value)))
    }
}

#[inline]
fn part<'r>(cur: &mut Cursor<'r>) -> Result<&'r [u8], Fault> {
    let length = Vint::read(cur)?.value();
    cur.bytes(length)
}
