//! Keeps what one SSTable tells, until the others' turn has come.

use std::cmp::Ordering;

use super::header::{Header, Mapping};
use crate::errors::{Error, Kind};
use crate::layouts::generated::clustering;
use crate::rows::merge::{Block, Column, Head, Unit, What};
use crate::rows::{
    Cell, DeletionTime, Events, Flow, Marker, PartitionStart, PlainRows, PlainWish, RowStart,
};
use crate::sstable::keys::wrong_key;
use crate::sstable::slices::{Place, Slices};
use crate::types::values::Refusal;

/// Why a collector stopped, other than that its block is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The partition's rows that are left are behind what is wanted.
    Past,
    /// The row or marker at this position is before the slice of this number.
    Jump(u64, usize),
}

/// What is known of where an SSTable's rows stand, from block to block.
#[derive(Default)]
pub struct Standing {
    /// The key that the next partition must have.
    pub expected: Option<Vec<u8>>,
    /// The parts of partitions that are wanted.
    pub slices: Option<Slices>,
    /// Whether to stop rather than to skip what is behind the slices, and whether to jump.
    pub is_single: bool,
    /// The last partition's place.
    pub partition: Vec<u8>,
    /// How the last row's or marker's place begins, and its bytes unless that is all.
    pub row: Head,
    pub row_place: Vec<u8>,
    pub scratch: Vec<u8>,
    /// Whether the last partition's key is kept.
    pub keeps_key: bool,
    /// The last partition's key.
    pub last_key: Option<Vec<u8>>,
}

/// Takes what is told and keeps it in a block.
pub struct Collector<'c> {
    pub block: &'c mut Block,
    pub standing: &'c mut Standing,
    pub mapping: &'c Mapping,
    pub header: &'c Header,
    pub statics: &'c [Column],
    pub regulars: &'c [Column],
    /// Microseconds: what was written later is not kept.
    pub as_of: i64,
    /// Units and bytes after which the block is full.
    pub num_units: usize,
    pub num_bytes: usize,
    /// Columns of the SSTable whose values are kept of plain rows; none where plain rows are
    /// told one by one.
    pub plain: Option<&'c [usize]>,
    pub is_static: bool,
    pub stop: Option<Stop>,
}

impl Standing {
    /// Finds the place of a row or marker, and checks that it is behind what was before.
    fn place(
        &mut self,
        header: &Header,
        values: &[Option<&[u8]>],
        kind: clustering::Kind,
        position: u64,
    ) -> Result<(), Error> {
        self.scratch.clear();
        let is_row = kind == clustering::Kind::CLUSTERING;
        let short = if is_row { header.clustering.short_position(values) } else { None };
        let head = match short {
            Some((prefix, size)) => Head { prefix, size },
            None => {
                let values = values.iter().copied();
                let found = header.clustering.position(values, kind, &mut self.scratch);
                found.map_err(|refusal| invalid(&refusal, position))?;
                Head::of(&self.scratch)
            }
        };
        if head.compare(self.row, || self.scratch.cmp(&self.row_place)) == Ordering::Less {
            return Err(disordered("the row is before the one that precedes it", position));
        }
        self.row = head;
        std::mem::swap(&mut self.scratch, &mut self.row_place);
        Ok(())
    }

    /// The bytes of the last row's or marker's place, none if its head is all.
    fn row_bytes(&self) -> &[u8] {
        if self.row.is_all() { &[] } else { &self.row_place }
    }
}

impl Collector<'_> {
    fn finish(&mut self) -> Flow {
        self.block.finish();
        self.flow()
    }

    fn flow(&self) -> Flow {
        let is_full = self.block.len() >= self.num_units || self.block.size() >= self.num_bytes;
        if is_full { Flow::Stop } else { Flow::Go }
    }

    /// A deletion, unless it was made too late to be kept.
    fn in_time(&self, deletion: Option<DeletionTime>) -> Option<DeletionTime> {
        deletion.filter(|found| found.marked_for_delete_at <= self.as_of)
    }

    fn column(&self, column: usize) -> Option<(usize, bool)> {
        let place = self.mapping.of(self.is_static, column)?;
        let columns = if self.is_static { self.statics } else { self.regulars };
        Some((place, columns.get(place).is_some_and(|column| column.is_wanted)))
    }

    /// How to go on if a row or marker is in none of the slices.
    fn beside(
        &mut self,
        values: &[Option<&[u8]>],
        kind: clustering::Kind,
        position: u64,
    ) -> Result<Option<Flow>, Error> {
        let standing = &mut *self.standing;
        let Some(slices) = &mut standing.slices else { return Ok(None) };
        Ok(match slices.place(values, kind, position, standing.is_single)? {
            Place::In => None,
            Place::Past if standing.is_single => {
                self.stop = Some(Stop::Past);
                Some(Flow::Stop)
            }
            Place::Before(slice) => {
                self.stop = Some(Stop::Jump(position, slice));
                Some(Flow::Stop)
            }
            Place::Out | Place::Past => Some(Flow::Skip),
        })
    }
}

impl Events for Collector<'_> {
    type Error = Error;

    fn partition(&mut self, start: &PartitionStart<'_>) -> Result<Flow, Error> {
        let standing = &mut *self.standing;
        if let Some(expected) = standing.expected.take() {
            if expected != start.key {
                return Err(wrong_key(&expected, start));
            }
        }
        standing.row = Head::default();
        if let Some(slices) = &mut standing.slices {
            slices.restart();
        }
        self.header.partitioner.position(start.key, &mut standing.scratch)?;
        if standing.scratch <= standing.partition && !standing.partition.is_empty() {
            return Err(disordered_partition(start.position));
        }
        std::mem::swap(&mut standing.scratch, &mut standing.partition);
        if standing.keeps_key {
            standing.last_key = Some(start.key.to_vec());
        }
        let mut unit = Unit::new(What::Partition, start.position);
        unit.deletion = self.in_time(start.deletion);
        let place = &self.standing.partition;
        self.block.begin(unit, Head::of(place), place);
        self.block.add_values(&[Some(start.key)]);
        Ok(self.finish())
    }

    #[inline]
    fn plain(&self) -> PlainWish {
        let room = self.num_units.saturating_sub(self.block.len());
        PlainWish { rows: self.plain.map_or(0, |_| room), newer_than: i64::MIN }
    }

    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Error> {
        let Some(columns) = self.plain else { return Ok(None) };
        if rows.timestamps().iter().any(|timestamp| *timestamp > self.as_of) {
            return Ok(None);
        }
        let (standing, header) = (&mut *self.standing, self.header);
        let num_clusterings = header.clustering.types().len();
        self.block.add_plain(rows, columns, num_clusterings, |values, position, out| {
            standing.place(header, values, clustering::Kind::CLUSTERING, position)?;
            out.extend_from_slice(standing.row_bytes());
            Ok::<Head, Error>(standing.row)
        })?;
        Ok(Some(self.flow()))
    }

    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        let what = if row.is_static { What::Static } else { What::Row };
        if !row.is_static {
            let kind = clustering::Kind::CLUSTERING;
            if let Some(flow) = self.beside(row.clustering, kind, row.position)? {
                return Ok(flow);
            }
            self.standing.place(self.header, row.clustering, kind, row.position)?;
        }
        self.is_static = row.is_static;
        let mut unit = Unit::new(what, row.position);
        unit.liveness = row.liveness.filter(|liveness| liveness.timestamp <= self.as_of);
        unit.deletion = self.in_time(row.deletion);
        unit.is_shadowable = row.is_shadowable;
        self.block.begin(unit, self.standing.row, self.standing.row_bytes());
        self.block.add_values(row.clustering);
        Ok(Flow::Go)
    }

    #[inline]
    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        if cell.timestamp > self.as_of {
            return Ok(());
        }
        if let Some((column, is_wanted)) = self.column(column) {
            self.block.add_cell(column, None, cell, is_wanted);
        }
        Ok(())
    }

    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        _: u64,
    ) -> Result<(), Error> {
        if let Some((column, _)) = self.column(column) {
            self.block.add_head(column, self.in_time(deletion));
        }
        Ok(())
    }

    fn complex_cell(&mut self, column: usize, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        if cell.timestamp > self.as_of {
            return Ok(());
        }
        if let Some((column, is_wanted)) = self.column(column) {
            self.block.add_cell(column, Some(path), cell, is_wanted);
        }
        Ok(())
    }

    fn row_end(&mut self, _: u64) -> Result<Flow, Error> {
        if self.as_of != i64::MAX && !self.block.says_anything() {
            self.block.forget();
            return Ok(Flow::Go);
        }
        Ok(self.finish())
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        // What it opens may reach into a slice that it is not in itself.
        if self.beside(marker.values, marker.kind, marker.position)? == Some(Flow::Stop) {
            return Ok(Flow::Stop);
        }
        self.standing.place(self.header, marker.values, marker.kind, marker.position)?;
        let mut unit = Unit::new(What::Marker, marker.position);
        unit.deletion = self.in_time(marker.open);
        unit.kind = marker.kind;
        self.block.begin(unit, self.standing.row, self.standing.row_bytes());
        self.block.add_values(marker.values);
        Ok(self.finish())
    }

    fn partition_end(&mut self, end: u64) -> Result<Flow, Error> {
        self.block.begin(Unit::new(What::End, end), Head::default(), &[]);
        let flow = self.finish();
        Ok(if self.standing.is_single { Flow::Stop } else { flow })
    }
}

#[cold]
fn invalid(refusal: &Refusal, position: u64) -> Error {
    let message = format!("a clustering: {refusal}");
    Error::new(Kind::InvalidValue, "Data.db", message).at(position, "clustering")
}

/// The error that partitions are not in their order.
#[cold]
pub fn disordered_partition(position: u64) -> Error {
    disordered("the partition is not behind the one that precedes it", position)
}

#[cold]
fn disordered(message: &str, position: u64) -> Error {
    Error::new(Kind::Corrupt, "Data.db", message).at(position, "")
}
