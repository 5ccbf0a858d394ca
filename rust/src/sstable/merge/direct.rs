//! Partitions that only one SSTable has: told as they are read.

use super::collector::Standing;
use super::header::{Header, Mapping};
use crate::errors::Error;
use crate::rows::{
    Cell, DeletionTime, Events, Flow, Marker, PartitionStart, PlainRows, PlainWish, RowStart,
};

/// Tells of one SSTable what is before the next partition of the others.
pub struct Direct<'d, E> {
    pub events: &'d mut E,
    pub number: usize,
    pub mapping: &'d Mapping,
    pub header: &'d Header,
    pub standing: &'d mut Standing,
    /// The place before which partitions are to be told.
    pub bound: Option<&'d [u8]>,
    /// Where the partition starts that is at or behind it.
    pub stopped_at: Option<u64>,
    pub is_static: bool,
}

impl<E: Events<Error = Error>> Events for Direct<'_, E> {
    type Error = Error;

    fn partition(&mut self, start: &PartitionStart<'_>) -> Result<Flow, Error> {
        let standing = &mut *self.standing;
        self.header.partitioner.position(start.key, &mut standing.scratch)?;
        if standing.scratch <= standing.partition && !standing.partition.is_empty() {
            return Err(super::collector::disordered_partition(start.position));
        }
        if self.bound.is_some_and(|bound| standing.scratch.as_slice() >= bound) {
            self.stopped_at = Some(start.position);
            return Ok(Flow::Stop);
        }
        std::mem::swap(&mut standing.scratch, &mut standing.partition);
        if standing.keeps_key {
            standing.last_key = Some(start.key.to_vec());
        }
        self.events.origin(self.number, start.position);
        self.events.partition(start)
    }

    fn rows(&mut self, position: u64) -> Result<(), Error> {
        self.events.rows(position)
    }

    #[inline]
    fn plain(&self) -> PlainWish {
        let wish = self.events.plain();
        if self.mapping.is_same { wish } else { PlainWish { rows: 0, ..wish } }
    }

    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Error> {
        self.events.plain_rows(rows)
    }

    #[inline]
    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        self.is_static = row.is_static;
        self.events.origin(self.number, row.position);
        self.events.row(row)
    }

    #[inline]
    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        match self.mapping.of(self.is_static, column) {
            Some(column) => self.events.cell(column, cell),
            None => Ok(()),
        }
    }

    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        num_cells: u64,
    ) -> Result<(), Error> {
        match self.mapping.of(self.is_static, column) {
            Some(column) => self.events.complex(column, deletion, num_cells),
            None => Ok(()),
        }
    }

    fn complex_cell(&mut self, column: usize, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        match self.mapping.of(self.is_static, column) {
            Some(column) => self.events.complex_cell(column, path, cell),
            None => Ok(()),
        }
    }

    fn row_end(&mut self, num_unread: u64) -> Result<Flow, Error> {
        self.events.row_end(num_unread)
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        self.events.marker(marker)
    }

    fn partition_end(&mut self, end: u64) -> Result<Flow, Error> {
        self.events.partition_end(end)
    }
}
