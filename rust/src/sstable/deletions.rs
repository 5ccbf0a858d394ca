//! What deletes what, and what of it has expired where there is a clock.

use crate::rows::{DeletionTime, RowStart};

/// The time to live by which materialized views mark rows as expired (`LivenessInfo`).
const EXPIRED_LIVENESS_TTL: i64 = 0x7fff_ffff;

/// Microseconds up to which a deletion deletes.
#[inline]
#[must_use]
pub fn up_to(deletion: Option<DeletionTime>) -> i64 {
    deletion.map_or(i64::MIN, |found| found.marked_for_delete_at)
}

/// Microseconds up to which a row's cells are deleted, in a partition that is deleted up to
/// `partition` and where the range deletion `open` is open.
#[inline]
#[must_use]
pub fn of_row(row: &RowStart<'_>, partition: i64, open: Option<DeletionTime>) -> i64 {
    let around = if row.is_static { partition } else { partition.max(up_to(open)) };
    let own = up_to(row.deletion);
    let is_newer = row.liveness.is_some_and(|liveness| liveness.timestamp > own);
    if row.is_shadowable && is_newer { around } else { around.max(own) }
}

/// Whether a row is there even if none of its cells is, at `now` in seconds since 1970.
#[inline]
#[must_use]
pub fn is_inserted(row: &RowStart<'_>, deleted: i64, now: Option<i64>) -> bool {
    !row.is_static
        && row.liveness.is_some_and(|liveness| {
            liveness.ttl != Some(EXPIRED_LIVENESS_TTL)
                && liveness.timestamp > deleted
                && liveness.is_live(now)
        })
}
