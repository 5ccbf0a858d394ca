//! Rows, cells and tombstones of partitions, counted as `cqlite.report.count` does.

use std::sync::Arc;

use super::table::Table;
use super::windows::read_rows;
use crate::blocks::Stream;
use crate::errors::Error;
use crate::io::wide;
use crate::rows::{
    Cell, DeletionTime, Events, Flow, LivenessInfo, Marker, Next, PartitionStart, PlainRows,
    PlainWish, Projection, RowReader, RowStart,
};

/// How many kinds of tombstones there are, in the order of `cqlite.report.model.KINDS`.
pub const NUM_KINDS: usize = 7;

const PARTITION: usize = 0;
const ROW: usize = 1;
const RANGE: usize = 2;
const COMPLEX: usize = 3;
const CELL: usize = 4;
const EXPIRED_ROW: usize = 5;
const EXPIRED_CELL: usize = 6;

/// The time that tombstones are counted for, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What expires up to then has expired.
    pub now: i64,
    /// What was deleted before can be dropped.
    pub gc_before: i64,
}

/// What one partition adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionCounts {
    /// The serialized partition key.
    pub key: Vec<u8>,
    /// Bytes in the uncompressed stream.
    pub size: u64,
    /// Rows, the static row aside.
    pub rows: u64,
    /// Cells, deleted ones too.
    pub cells: u64,
    /// Tombstones by kind.
    pub tombstones: [u64; NUM_KINDS],
    /// Those of them that can be dropped.
    pub droppable: [u64; NUM_KINDS],
}

/// Counts the partitions of an SSTable from front to back.
pub struct CountScan {
    table: Arc<Table>,
    stream: Stream,
    clock: Clock,
    position: u64,
    is_ended: bool,
    error: Option<Error>,
}

impl CountScan {
    /// A scan of all of `table`.
    #[must_use]
    pub fn new(table: Arc<Table>, clock: Clock) -> Self {
        let stream = table.stream(0, table.blocks().length());
        Self { table, stream, clock, position: 0, is_ended: false, error: None }
    }

    /// The counts of the next partitions, at most `number` of them; none at the end.
    ///
    /// # Errors
    /// Those of Data.db, once all partitions before it have been given.
    pub fn next(&mut self, number: usize) -> Result<Vec<PartitionCounts>, Error> {
        if let Some(error) = self.error.take() {
            self.is_ended = true;
            return Err(error);
        }
        if self.is_ended || number == 0 {
            return Ok(Vec::new());
        }
        let mut counter = Counter::new(self.clock, number);
        let done = self.read(&mut counter);
        let found = counter.done;
        match done {
            Ok(()) => Ok(found),
            Err(error) if found.is_empty() => {
                self.is_ended = true;
                Err(error)
            }
            Err(error) => {
                self.error = Some(error);
                Ok(found)
            }
        }
    }

    fn read(&mut self, counter: &mut Counter) -> Result<(), Error> {
        let projection = Projection::all(self.table.format());
        let mut reader = RowReader::new(self.table.format(), &projection);
        let progress = read_rows(&mut self.stream, &mut reader, self.position, counter)?;
        self.position = progress.position;
        if progress.next == Next::Ended {
            self.is_ended = true;
            self.stream.check_end()?;
        }
        Ok(())
    }
}

/// Adds up partitions until there are enough.
struct Counter {
    clock: Clock,
    number: usize,
    done: Vec<PartitionCounts>,
    current: PartitionCounts,
    start: u64,
    liveness: Option<LivenessInfo>,
}

impl Counter {
    fn new(clock: Clock, number: usize) -> Self {
        Self {
            clock,
            number,
            done: Vec::new(),
            current: PartitionCounts::default(),
            start: 0,
            liveness: None,
        }
    }

    /// A tombstone whose age counts from `deleted_at`.
    fn add(&mut self, kind: usize, deleted_at: i64) {
        let is_droppable = u64::from(deleted_at < self.clock.gc_before);
        if let Some(count) = self.current.tombstones.get_mut(kind) {
            *count = count.saturating_add(1);
        }
        if let Some(count) = self.current.droppable.get_mut(kind) {
            *count = count.saturating_add(is_droppable);
        }
    }

    fn delete(&mut self, kind: usize, deletion: Option<DeletionTime>) {
        if let Some(deletion) = deletion {
            self.add(kind, deletion.local_deletion_time);
        }
    }

    fn add_cell(&mut self, cell: &Cell<'_>) {
        self.current.cells = self.current.cells.saturating_add(1);
        let Some(deleted_at) = cell.local_deletion_time else {
            return;
        };
        let Some(ttl) = cell.ttl else {
            return self.add(CELL, deleted_at);
        };
        let of_row = self.liveness.and_then(|liveness| liveness.ttl);
        if deleted_at <= self.clock.now && of_row != Some(ttl) {
            // Compaction makes it a deletion of the time at which it was written.
            self.add(EXPIRED_CELL, deleted_at.saturating_sub(ttl));
        }
    }
}

impl Events for Counter {
    type Error = Error;

    fn partition(&mut self, partition: &PartitionStart<'_>) -> Result<Flow, Error> {
        self.current = PartitionCounts { key: partition.key.to_vec(), ..Default::default() };
        self.start = partition.position;
        self.delete(PARTITION, partition.deletion);
        Ok(Flow::Go)
    }

    fn plain(&self) -> PlainWish {
        PlainWish { rows: usize::MAX, newer_than: i64::MIN }
    }

    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Error> {
        let number = wide(rows.len());
        let cells = number.saturating_mul(wide(rows.num_columns()));
        self.current.rows = self.current.rows.saturating_add(number);
        self.current.cells = self.current.cells.saturating_add(cells);
        Ok(Some(Flow::Go))
    }

    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        self.current.rows = self.current.rows.saturating_add(u64::from(!row.is_static));
        self.liveness = row.liveness;
        self.delete(ROW, row.deletion);
        let expires = row.liveness.and_then(|liveness| liveness.local_expiration_time);
        if let Some(expires) = expires.filter(|expires| *expires <= self.clock.now) {
            self.add(EXPIRED_ROW, expires);
        }
        Ok(Flow::Go)
    }

    fn cell(&mut self, _column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        self.add_cell(cell);
        Ok(())
    }

    fn complex(
        &mut self,
        _column: usize,
        deletion: Option<DeletionTime>,
        _num_cells: u64,
    ) -> Result<(), Error> {
        self.delete(COMPLEX, deletion);
        Ok(())
    }

    fn complex_cell(&mut self, _column: usize, _path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        self.add_cell(cell);
        Ok(())
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        let times = [marker.close, marker.open];
        let newest = times.iter().flatten().map(|deletion| deletion.local_deletion_time).max();
        if let Some(newest) = newest {
            self.add(RANGE, newest);
        }
        Ok(Flow::Go)
    }

    fn partition_end(&mut self, end: u64) -> Result<Flow, Error> {
        self.current.size = end.saturating_sub(self.start);
        self.done.push(std::mem::take(&mut self.current));
        Ok(if self.done.len() < self.number { Flow::Go } else { Flow::Stop })
    }
}
