//! Sorted rows to partitions of an SSTable, each row once.
//!
//! What several say of one row is reconciled by Cassandra's rules, as in a memtable.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::fragment::{Fragment, Written};
use crate::errors::{Error, Kind};
use crate::io::Sorted;
use crate::layouts::prelude::Fault;
use crate::rows::{Cell, LivenessInfo, RowStart};
use crate::sstable::write::TableWriter;

/// Bytes of the stream that are written before the caller is asked whether to go on.
const STEP: u64 = 1 << 22;

/// The time to live of liveness that has expired.
const EXPIRED_TTL: i64 = 0x7fff_ffff;

/// Rows that were sorted, and how far they are written.
pub struct Merge {
    sorted: Sorted,
    num_clustering: usize,
    /// Rows of the same place, and how many of the buffers they are in.
    group: Vec<Vec<u8>>,
    num_grouped: usize,
    place: Vec<u8>,
    next: Option<(Vec<u8>, Vec<u8>)>,
    spare: (Vec<u8>, Vec<u8>),
}

impl Merge {
    /// The rows of [`super::Importer::finish`], of a table with so many clustering columns.
    ///
    /// # Errors
    /// [`Kind::Io`] where the system cannot read.
    pub fn new(sorted: Sorted, num_clustering: usize) -> Result<Self, Error> {
        let mut made = Self {
            sorted,
            num_clustering,
            group: Vec::new(),
            num_grouped: 0,
            place: Vec::new(),
            next: None,
            spare: (Vec::new(), Vec::new()),
        };
        made.read_on()?;
        made.load()?;
        Ok(made)
    }

    /// Whether there are rows that have not been written.
    #[must_use]
    pub const fn has_more(&self) -> bool {
        self.num_grouped > 0
    }

    /// Writes partitions until the stream of `writer` has `max_size` bytes, or all. `columns` has
    /// for each of the table's regular columns its place among those of the SSTable. `progress`
    /// is told now and then how many bytes the stream has, and can end it by an error.
    ///
    /// # Errors
    /// Those of the writer, of temporary files, and of `progress`.
    pub fn write<E: From<Error>>(
        &mut self,
        writer: &mut TableWriter,
        columns: &[Option<usize>],
        max_size: u64,
        mut progress: impl FnMut(u64) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut open: Option<Vec<u8>> = None;
        let mut told = 0_u64;
        while self.has_more() {
            let position = writer.position();
            if position >= told {
                progress(position)?;
                told = position.saturating_add(STEP);
            }
            let first = self.fragment(0)?;
            if open.as_deref() != Some(first.key) {
                if open.is_some() {
                    writer.end_partition()?;
                    if writer.position() >= max_size {
                        return Ok(());
                    }
                }
                writer.partition(first.key, None)?;
                writer.end_header()?;
                let mut key = open.take().unwrap_or_default();
                key.clear();
                key.extend_from_slice(first.key);
                open = Some(key);
            }
            if self.num_grouped == 1 {
                write_row(first, columns, writer)?;
            } else {
                self.reconcile(columns, writer)?;
            }
            self.load()?;
        }
        if open.is_some() {
            writer.end_partition()?;
        }
        Ok(())
    }

    fn fragment(&self, index: usize) -> Result<Fragment<'_>, Error> {
        let bytes = self.group.get(index).map_or([].as_slice(), Vec::as_slice);
        Fragment::read(bytes, self.num_clustering).map_err(damaged)
    }

    /// Reads the next record behind the group.
    fn read_on(&mut self) -> Result<(), Error> {
        let (mut place, mut value) = match self.next.take() {
            Some(found) => found,
            None => std::mem::take(&mut self.spare),
        };
        match self.sorted.next()? {
            None => self.spare = (place, value),
            Some((found_place, found_value)) => {
                place.clear();
                place.extend_from_slice(found_place);
                value.clear();
                value.extend_from_slice(found_value);
                self.next = Some((place, value));
            }
        }
        Ok(())
    }

    /// Loads the next rows that have one place.
    fn load(&mut self) -> Result<(), Error> {
        self.num_grouped = 0;
        while let Some((place, value)) = &mut self.next {
            if self.num_grouped == 0 {
                std::mem::swap(&mut self.place, place);
            } else if self.place != *place {
                break;
            }
            if self.group.len() == self.num_grouped {
                self.group.push(Vec::new());
            }
            if let Some(buffer) = self.group.get_mut(self.num_grouped) {
                std::mem::swap(buffer, value);
            }
            self.num_grouped = self.num_grouped.saturating_add(1);
            self.read_on()?;
        }
        Ok(())
    }

    /// Writes the group as one row.
    fn reconcile(&self, columns: &[Option<usize>], writer: &mut TableWriter) -> Result<(), Error> {
        let mut liveness: Option<Written> = None;
        let mut cells: BTreeMap<usize, Cell<'_>> = BTreeMap::new();
        let mut clustering = Vec::new();
        for index in 0..self.num_grouped {
            let mut fragment = self.fragment(index)?;
            let written = fragment.written;
            liveness = Some(match liveness {
                Some(known) if liveness_rank(&known) >= liveness_rank(&written) => known,
                _ => written,
            });
            while let Some((column, value)) = fragment.next_cell().map_err(damaged)? {
                let cell = cell(&written, value);
                let known = cells.entry(column).or_insert(cell);
                if cell_rank(&cell) > cell_rank(known) {
                    *known = cell;
                }
            }
            clustering = fragment.clustering;
        }
        writer.row(&row_start(&clustering, &liveness.unwrap_or_default()))?;
        for (column, cell) in &cells {
            write_cell(*column, cell, columns, writer)?;
        }
        writer.end_row()
    }
}

/// Writes a row of which nothing else is said.
fn write_row(
    mut fragment: Fragment<'_>,
    columns: &[Option<usize>],
    writer: &mut TableWriter,
) -> Result<(), Error> {
    let written = fragment.written;
    writer.row(&row_start(&fragment.clustering, &written))?;
    while let Some((column, value)) = fragment.next_cell().map_err(damaged)? {
        write_cell(column, &cell(&written, value), columns, writer)?;
    }
    writer.end_row()
}

fn write_cell(
    column: usize,
    cell: &Cell<'_>,
    columns: &[Option<usize>],
    writer: &mut TableWriter,
) -> Result<(), Error> {
    let column = columns.get(column).copied().flatten().ok_or_else(|| damaged(Fault::Range))?;
    writer.cell(column, cell)
}

fn row_start<'r>(clustering: &'r [Option<&'r [u8]>], written: &Written) -> RowStart<'r> {
    RowStart {
        clustering,
        liveness: Some(LivenessInfo {
            timestamp: written.timestamp,
            ttl: written.ttl,
            local_expiration_time: written.expiration(),
        }),
        deletion: None,
        is_static: false,
        is_shadowable: false,
        position: 0,
        size: 0,
        previous_size: 0,
    }
}

fn cell<'r>(written: &Written, value: Option<&'r [u8]>) -> Cell<'r> {
    let timestamp = written.timestamp;
    match value {
        Some(value) => {
            let local_deletion_time = written.expiration();
            Cell { value, timestamp, ttl: written.ttl, local_deletion_time, is_tombstone: false }
        }
        None => Cell {
            value: &[],
            timestamp,
            ttl: None,
            local_deletion_time: Some(written.now),
            is_tombstone: true,
        },
    }
}

/// Newer first; at the same time a deletion, then what expires later, then the value
/// (`Cells.reconcile`).
fn cell_rank<'r>(cell: &Cell<'r>) -> (i64, bool, bool, i64, Reverse<i64>, &'r [u8]) {
    (
        cell.timestamp,
        cell.local_deletion_time.is_some(),
        cell.is_tombstone,
        cell.local_deletion_time.unwrap_or(0),
        Reverse(cell.ttl.unwrap_or(0)),
        cell.value,
    )
}

/// What `LivenessInfo.supersedes` compares.
fn liveness_rank(written: &Written) -> (i64, bool, bool, i64, Reverse<i64>) {
    (
        written.timestamp,
        written.ttl == Some(EXPIRED_TTL),
        written.ttl.is_some(),
        written.expiration().unwrap_or(0),
        Reverse(written.ttl.unwrap_or(0)),
    )
}

#[cold]
fn damaged(fault: Fault) -> Error {
    Error { kind: Kind::Corrupt, ..Error::unwritable("temporary file", fault) }
}
