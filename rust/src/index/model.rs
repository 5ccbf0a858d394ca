//! What a partition index says, the same for BIG and BTI.

use crate::layouts::generated::deletion_time;
use crate::layouts::prelude::{Fault, fit};

/// Microseconds up to which is deleted, and the tombstone's local deletion time in seconds.
pub type Deletion = (i64, i64);

/// A partition as the index knows it (Cassandra's `AbstractRowIndexEntry`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// Where the partition starts in Data.db, in bytes before compression.
    pub position: u64,
    /// Where the index of its blocks is, if it has one.
    pub row_index: Option<RowIndex>,
}

/// Where the index of a large partition's blocks is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowIndex {
    /// BIG: a promoted index in Index.db.
    Promoted {
        /// Where it starts.
        offset: u64,
        /// Its length in bytes.
        length: u64,
    },
    /// BTI: a trie in Rows.db.
    Trie {
        /// The position of its root.
        root: u64,
    },
}

/// A block of a partition's rows (Cassandra's `IndexInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowIndexBlock {
    /// Where the block starts, in bytes from the partition's start.
    pub offset: u64,
    /// Its length in bytes.
    pub width: u64,
    /// Deletion of the range tombstone that is open where it starts.
    pub open_deletion: Option<Deletion>,
}

/// What a deletion in an index says; none for a live one.
pub(super) fn deletion(parsed: &deletion_time::Deletion) -> Result<Option<Deletion>, Fault> {
    if parsed.is_live()? {
        return Ok(None);
    }
    if let Some(modern) = &parsed.modern {
        let timestamp = modern.marked_for_delete_at()?.ok_or(Fault::Absent)?;
        let seconds = modern.local_deletion_time.ok_or(Fault::Absent)?;
        return Ok(Some((fit(timestamp)?, i64::from(seconds))));
    }
    let legacy = parsed.legacy.as_ref().ok_or(Fault::Absent)?;
    Ok(Some((legacy.marked_for_delete_at, i64::from(legacy.local_deletion_time))))
}
