//! Sorted rows to partitions of an SSTable, each row once.
//!
//! What several say of one row is reconciled by Cassandra's rules, as in a memtable.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::fragment::{Content, Fragment, Written};
use crate::errors::{Error, Kind};
use crate::io::{Sorted, wide};
use crate::layouts::prelude::Fault;
use crate::rows::{Cell, DeletionTime, LivenessInfo, RowStart};
use crate::sstable::write::TableWriter;
use crate::sstable::{ColumnFacts, ColumnKind, Facts};
use crate::types::CqlType;

/// Bytes of the stream that are written before the caller is asked whether to go on.
pub(super) const STEP: u64 = 1 << 22;

/// The time to live of liveness that has expired.
const EXPIRED_TTL: i64 = 0x7fff_ffff;

/// Rows that were sorted, and how far they are written.
pub(super) struct Merge {
    sorted: Sorted,
    num_clustering: usize,
    /// For each regular column the type of its cells' paths, none if it is simple.
    paths: Vec<Option<CqlType>>,
    /// Rows of the same place, and how many of the buffers they are in.
    group: Vec<Vec<u8>>,
    num_grouped: usize,
    place: Vec<u8>,
    next: Option<(Vec<u8>, Vec<u8>)>,
    spare: (Vec<u8>, Vec<u8>),
}

impl Merge {
    /// The rows of [`crate::io::Sorter::finish`], of the table that `facts` describe.
    ///
    /// # Errors
    /// [`Kind::Io`] where the system cannot read.
    pub(super) fn new(sorted: Sorted, facts: &Facts) -> Result<Self, Error> {
        let mut made = Self {
            sorted,
            num_clustering: facts.columns_of(ColumnKind::Clustering).count(),
            paths: facts.columns_of(ColumnKind::Regular).map(path_type).collect(),
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
    pub(super) const fn has_more(&self) -> bool {
        self.num_grouped > 0
    }

    /// Writes partitions until the stream of `writer` has `max_size` bytes, or all. `columns` has
    /// for each of the table's regular columns its place among those of the SSTable. `progress`
    /// is told now and then how many bytes the stream has, and can end it by an error.
    ///
    /// # Errors
    /// Those of the writer, of temporary files, and of `progress`.
    pub(super) fn write<E: From<Error>>(
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
                write_row(first, &self.paths, columns, writer)?;
            } else {
                let group = self.group.get(..self.num_grouped).unwrap_or_default();
                reconcile(group, self.num_clustering, &self.paths, columns, writer)?;
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
}

/// Writes what several records say of one row. `paths` has for each regular column the type of its
/// cells' paths, none if it is simple.
pub(super) fn reconcile(
    group: &[Vec<u8>],
    num_clustering: usize,
    paths: &[Option<CqlType>],
    columns: &[Option<usize>],
    writer: &mut TableWriter,
) -> Result<(), Error> {
    let mut liveness: Option<Written> = None;
    let mut found: BTreeMap<usize, Versions<'_>> = BTreeMap::new();
    let mut clustering = Vec::new();
    for record in group {
        let mut fragment = Fragment::read(record, num_clustering).map_err(damaged)?;
        let written = fragment.written;
        liveness = Some(match liveness {
            Some(known) if liveness_rank(&known) >= liveness_rank(&written) => known,
            _ => written,
        });
        while let Some((column, content)) = next_column(&mut fragment, paths)? {
            let versions = found.entry(column).or_default();
            match content {
                Content::Deleted => versions.simple(cell(&written, None)),
                Content::Value(value) => versions.simple(cell(&written, Some(value))),
                Content::Cells(number) => {
                    versions.overwrite(written.overwriting());
                    let path_type = paths.get(column).and_then(Option::as_ref);
                    for _ in 0..number {
                        let (path, value) = fragment.next_item().map_err(damaged)?;
                        versions.complex(path_type, path, cell(&written, Some(value)))?;
                    }
                }
            }
        }
        clustering = fragment.clustering;
    }
    writer.row(&row_start(&clustering, &liveness.unwrap_or_default()))?;
    for (column, versions) in &found {
        versions.write(place(*column, columns)?, writer)?;
    }
    writer.end_row()
}

/// What several rows say of a column, as far as it counts.
#[derive(Default)]
struct Versions<'r> {
    simple: Option<Cell<'r>>,
    deletion: Option<DeletionTime>,
    /// By the paths' place in their order.
    cells: BTreeMap<Vec<u8>, (&'r [u8], Cell<'r>)>,
}

impl<'r> Versions<'r> {
    fn simple(&mut self, cell: Cell<'r>) {
        if self.simple.is_none_or(|known| cell_rank(&cell) > cell_rank(&known)) {
            self.simple = Some(cell);
        }
    }

    fn overwrite(&mut self, deletion: Option<DeletionTime>) {
        let times = |it: DeletionTime| (it.marked_for_delete_at, it.local_deletion_time);
        if deletion.map(times) > self.deletion.map(times) {
            self.deletion = deletion;
        }
    }

    fn complex(
        &mut self,
        path_type: Option<&CqlType>,
        path: &'r [u8],
        cell: Cell<'r>,
    ) -> Result<(), Error> {
        let mut order = Vec::new();
        let ordered = path_type.map(|kind| kind.byte_comparable(path, &mut order)).transpose();
        ordered.map_err(|refusal| Error::new(Kind::InvalidValue, "", refusal.to_string()))?;
        let known = self.cells.entry(order).or_insert((path, cell));
        if cell_rank(&cell) > cell_rank(&known.1) {
            *known = (path, cell);
        }
        Ok(())
    }

    fn write(&self, column: usize, writer: &mut TableWriter) -> Result<(), Error> {
        if let Some(cell) = &self.simple {
            return writer.cell(column, cell);
        }
        let last = self.deletion.map(|deletion| deletion.marked_for_delete_at);
        let counts = |cell: &Cell<'_>| last.is_none_or(|last| cell.timestamp > last);
        let number = self.cells.values().filter(|(_, cell)| counts(cell)).count();
        writer.complex(column, self.deletion, wide(number));
        for (path, cell) in self.cells.values().filter(|(_, cell)| counts(cell)) {
            writer.complex_cell(path, cell)?;
        }
        Ok(())
    }
}

/// The type of the paths of a column's cells.
pub(super) fn path_type(column: &ColumnFacts) -> Option<CqlType> {
    match &column.of {
        CqlType::List(elements) if elements.is_multi_cell => Some(CqlType::TimeUuid),
        CqlType::Set(elements) if elements.is_multi_cell => Some((*elements.element).clone()),
        CqlType::Map(entries) if entries.is_multi_cell => Some(entries.key.clone()),
        _ => None,
    }
}

#[inline]
fn next_column<'r>(
    fragment: &mut Fragment<'r>,
    paths: &[Option<CqlType>],
) -> Result<Option<(usize, Content<'r>)>, Error> {
    let is_complex = |column| paths.get(column).is_some_and(Option::is_some);
    fragment.next_column(is_complex).map_err(damaged)
}

/// Writes a row of which nothing else is said.
fn write_row(
    mut fragment: Fragment<'_>,
    paths: &[Option<CqlType>],
    columns: &[Option<usize>],
    writer: &mut TableWriter,
) -> Result<(), Error> {
    let written = fragment.written;
    writer.row(&row_start(&fragment.clustering, &written))?;
    while let Some((column, content)) = next_column(&mut fragment, paths)? {
        let column = place(column, columns)?;
        match content {
            Content::Deleted => writer.cell(column, &cell(&written, None))?,
            Content::Value(value) => writer.cell(column, &cell(&written, Some(value)))?,
            Content::Cells(number) => {
                writer.complex(column, written.overwriting(), number);
                for _ in 0..number {
                    let (path, value) = fragment.next_item().map_err(damaged)?;
                    writer.complex_cell(path, &cell(&written, Some(value)))?;
                }
            }
        }
    }
    writer.end_row()
}

/// The place of a table's column among those of the SSTable.
fn place(column: usize, columns: &[Option<usize>]) -> Result<usize, Error> {
    columns.get(column).copied().flatten().ok_or_else(|| damaged(Fault::Range))
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
