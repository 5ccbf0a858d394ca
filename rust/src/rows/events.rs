//! What is told of an SSTable's rows, and who is told.
//!
//! Names follow `org.apache.cassandra.db.rows`. Timestamps are microseconds, times to live and
//! local deletion times seconds, both since 1970 where they are points in time. Values are the
//! serialized form of their types. What is lent is lent for the call alone.

use super::plain::{PlainRows, PlainWish};
use crate::errors::Error;
use crate::layouts::generated::clustering::Kind;
pub use crate::layouts::walk::Flow;

/// When something was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeletionTime {
    /// Microseconds; shadows everything written up to then.
    pub marked_for_delete_at: i64,
    /// Seconds, from which the tombstone's age counts.
    pub local_deletion_time: i64,
}

/// When a row itself was inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LivenessInfo {
    /// Microseconds.
    pub timestamp: i64,
    /// Seconds; none where it does not expire.
    pub ttl: Option<i64>,
    /// Seconds since 1970; none where it does not expire.
    pub local_expiration_time: Option<i64>,
}

impl LivenessInfo {
    /// Whether it counts at `now`, seconds since 1970; where there is no clock, nothing expires.
    #[inline]
    #[must_use]
    pub fn is_live(&self, now: Option<i64>) -> bool {
        now.zip(self.local_expiration_time).is_none_or(|(now, end)| now < end)
    }
}

/// The head of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionStart<'a> {
    /// The serialized partition key.
    pub key: &'a [u8],
    /// What deletes the whole partition.
    pub deletion: Option<DeletionTime>,
    /// Offset of its first byte in the uncompressed stream.
    pub position: u64,
}

/// The head of a row or static row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowStart<'a> {
    /// A serialized value for each clustering column, none for null; empty for a static row.
    pub clustering: &'a [Option<&'a [u8]>],
    /// When the row itself was inserted; none if only columns were set.
    pub liveness: Option<LivenessInfo>,
    /// What deletes the row.
    pub deletion: Option<DeletionTime>,
    /// Whether it is the partition's static row.
    pub is_static: bool,
    /// Whether the deletion yields to newer liveness (materialized views).
    pub is_shadowable: bool,
    /// Offset of its first byte in the uncompressed stream.
    pub position: u64,
    /// Its length in bytes.
    pub size: u64,
    /// The length of what is before it, as it says itself.
    pub previous_size: u64,
}

/// One value of a column, or its deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The serialized value; empty for a tombstone.
    pub value: &'a [u8],
    /// Microseconds.
    pub timestamp: i64,
    /// Seconds; none where it does not expire.
    pub ttl: Option<i64>,
    /// Seconds since 1970 when it was deleted or expires; else none.
    pub local_deletion_time: Option<i64>,
    /// Whether it is a deletion.
    pub is_tombstone: bool,
}

impl Cell<'_> {
    /// Whether it counts at `now`, seconds since 1970; where there is no clock, nothing expires.
    #[inline]
    #[must_use]
    pub fn is_live(&self, now: Option<i64>) -> bool {
        !self.is_tombstone && now.zip(self.local_deletion_time).is_none_or(|(now, end)| now < end)
    }
}

/// Where deletions of ranges of rows end and start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker<'a> {
    /// Whether it is a start, an end or both, and includes the values or not.
    pub kind: Kind,
    /// Serialized values of the first clustering columns, none for null.
    pub values: &'a [Option<&'a [u8]>],
    /// The deletion that ends here.
    pub close: Option<DeletionTime>,
    /// The deletion that starts here.
    pub open: Option<DeletionTime>,
    /// Offset of its first byte in the uncompressed stream.
    pub position: u64,
    /// Its length in bytes.
    pub size: u64,
    /// The length of what is before it, as it says itself.
    pub previous_size: u64,
    /// Bytes in it that nothing explains.
    pub num_unread: u64,
}

/// Who is told of partitions, rows and cells, in the order of the file.
///
/// A row is told by `row`, then for each of its columns that is asked for `cell`, or `complex`
/// and as many `complex_cell`, then `row_end`. A row without its `row_end` was left by an error.
/// Columns are numbered as in the header, static ones by themselves. Cells of dropped columns
/// that don't count any more are left out, as are rows that say nothing.
#[allow(unused_variables)]
pub trait Events {
    /// What can go wrong: the reader's errors, and what is added to them.
    type Error: From<Error>;

    /// Where what follows is from, if there are several SSTables: the number of one, and the
    /// place of a row, marker or partition in it.
    #[inline]
    fn origin(&mut self, sstable: usize, position: u64) {}

    /// A partition begins.
    fn partition(&mut self, partition: &PartitionStart<'_>) -> Result<Flow, Self::Error> {
        Ok(Flow::Go)
    }

    /// The partition's header and static row are complete; what follows them begins at
    /// `position`. Not told of a partition that is skipped.
    fn rows(&mut self, position: u64) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Which plain rows would be taken at once, rather than told one by one.
    #[inline]
    fn plain(&self) -> PlainWish {
        PlainWish { rows: 0, newer_than: i64::MIN }
    }

    /// Plain rows come. None if they are to be told one by one after all: then nothing of them
    /// may have been kept.
    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Self::Error> {
        Ok(None)
    }

    /// A row begins.
    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Self::Error> {
        Ok(Flow::Go)
    }

    /// The cell of a simple column.
    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Self::Error> {
        Ok(())
    }

    /// A complex column with what deletes its older cells; `num_cells` cells follow.
    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        num_cells: u64,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    /// One of a complex column's cells.
    fn complex_cell(
        &mut self,
        column: usize,
        path: &[u8],
        cell: &Cell<'_>,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    /// The row is complete; `num_unread` bytes in it are explained by nothing (none are
    /// counted where columns were not asked for).
    fn row_end(&mut self, num_unread: u64) -> Result<Flow, Self::Error> {
        Ok(Flow::Go)
    }

    /// A range tombstone marker.
    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Self::Error> {
        Ok(Flow::Go)
    }

    /// The partition is complete; `end` is the offset behind it.
    fn partition_end(&mut self, end: u64) -> Result<Flow, Self::Error> {
        Ok(Flow::Go)
    }
}
