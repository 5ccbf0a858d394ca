//! What is told of partitions, rows and cells, to the columns.

use super::super::metadata::RowInfo;
use super::{Batcher, Stop};
use crate::errors::Error;
use crate::layouts::generated::clustering;
use crate::rows::{
    Cell, DeletionTime, Events, Flow, Marker, PartitionStart, PlainRows, PlainWish, RowStart,
};
use crate::sstable::{Place, deletions, wrong_key};

type Placed = Result<Place, Error>;

impl Batcher {
    fn begin_row(&mut self, position: u64, is_static: bool) {
        self.origin.1 = position;
        self.row.is_static = is_static;
        self.row.fault = None;
        self.row.size = 0;
        self.row.complex = None;
    }

    fn clustering(&mut self, values: &[Option<&[u8]>]) {
        for (position, value) in values.iter().enumerate() {
            let Some(index) = self.outputs.clustering(position) else { continue };
            let Some(output) = self.outputs.all.get_mut(index) else { continue };
            output.column.pad(self.rows);
            self.row.size = self.row.size.saturating_add(value.map_or(0, <[u8]>::len));
            if let Err(refusal) = output.column.append(*value) {
                self.fault(index, refusal);
            }
        }
    }

    fn describe(&mut self, info: &RowInfo) {
        if let Some(metadata) = &mut self.metadata {
            if let Err(refusal) = metadata.row(self.rows, info) {
                self.fault(usize::MAX.saturating_sub(1), refusal);
            }
        }
    }

    fn end_complex(&mut self) {
        let Some(index) = self.row.complex.take() else { return };
        if let Some(metadata) = &mut self.metadata {
            if let Err(refusal) = metadata.complex_end(index) {
                self.fault(index, refusal);
            }
        }
        let stashes = self.row.is_static && self.metadata.is_none();
        let Some(output) = self.outputs.all.get_mut(index) else { return };
        if output.cells.is_empty() {
            return;
        }
        if stashes {
            self.partition.size = self.partition.size.saturating_add(output.cells.size());
            if let Some(value) = self.partition.statics.get_mut(index) {
                value.is_there = true;
                value.origin = self.origin;
                std::mem::swap(&mut value.cells, &mut output.cells);
            }
            return;
        }
        output.column.pad(self.rows);
        self.row.size = self.row.size.saturating_add(output.cells.size());
        if let Err(refusal) = output.column.append_cells(&output.cells) {
            self.fault(index, refusal);
        }
    }

    /// Whether a cell is to be shown.
    #[inline]
    fn counts(&mut self, cell: &Cell<'_>, deleted: i64) -> bool {
        if self.metadata.is_some() {
            return !cell.is_tombstone;
        }
        let counts = cell.timestamp > deleted && cell.is_live(self.plan.now);
        if counts {
            self.row.is_live = true;
        }
        counts
    }

    fn place(&mut self, values: &[Option<&[u8]>], kind: clustering::Kind, at: u64) -> Placed {
        match &mut self.slices {
            None => Ok(Place::In),
            Some(slices) => slices.place(values, kind, at, self.jumps),
        }
    }

    fn beside(&mut self, place: Place) -> Flow {
        match place {
            Place::Past if self.stops_past => self.stop(Stop::Past),
            Place::Before(slice) => self.stop(Stop::Jump(slice)),
            _ => Flow::Skip,
        }
    }
}

impl Events for Batcher {
    type Error = Error;

    #[inline]
    fn origin(&mut self, sstable: usize, position: u64) {
        self.origin = (sstable, position);
    }

    fn partition(&mut self, start: &PartitionStart<'_>) -> Result<Flow, Error> {
        if let Some(end) = &self.end {
            end.partitioner.position(start.key, &mut self.scratch)?;
            if self.scratch >= end.position {
                return Ok(self.stop(Stop::Behind));
            }
        }
        if let Some(expected) = self.expected.take() {
            if expected != start.key {
                return Err(wrong_key(&expected, start));
            }
        }
        if self.keeps_key {
            self.last_key = Some(start.key.to_vec());
        }
        self.partition.begin(start, self.num_keys);
        self.partition.sstable = self.origin.0;
        if let Some(slices) = &mut self.slices {
            slices.restart();
        }
        if self.metadata.is_some() && start.deletion.is_some() {
            self.begin_row(start.position, false);
            self.describe(&RowInfo {
                kind: "partition",
                deletion: start.deletion,
                ..RowInfo::default()
            });
            // Reading can go on inside of a partition only behind its first row.
            if self.commit()? == Flow::Stop {
                if self.left == 0 {
                    return Ok(Flow::Stop);
                }
                self.stop = None;
                self.flush()?;
            }
        }
        Ok(Flow::Go)
    }

    #[inline]
    fn plain(&self) -> PlainWish {
        self.wish()
    }

    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Error> {
        Ok(self.take(rows))
    }

    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        if !row.is_static {
            let kind = clustering::Kind::CLUSTERING;
            let place = self.place(row.clustering, kind, row.position)?;
            if place != Place::In {
                return Ok(self.beside(place));
            }
        }
        let deleted = deletions::of_row(row, self.partition.deleted, self.partition.open);
        self.row.is_live = deletions::is_inserted(row, deleted, self.plan.now);
        self.row.deleted = deleted;
        if self.metadata.is_some() {
            if self.left == 0 {
                return Ok(self.stop(Stop::Limit));
            }
            self.row.is_live = true;
        } else if !self.row.is_live && !row.is_static && !self.has_all {
            return Ok(self.stop(Stop::NeedsAll(row.position)));
        }
        self.begin_row(row.position, row.is_static);
        if !row.is_static {
            self.clustering(row.clustering);
        }
        if self.metadata.is_some() {
            self.describe(&RowInfo {
                kind: if row.is_static { "static" } else { "row" },
                liveness: row.liveness,
                deletion: row.deletion,
                shadowable: row.deletion.map(|_| row.is_shadowable),
                open: if row.is_static { None } else { self.partition.open },
                ..RowInfo::default()
            });
        }
        Ok(Flow::Go)
    }

    #[inline]
    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        let counts = self.counts(cell, self.row.deleted);
        let Some(index) = self.outputs.of(self.row.is_static, column) else { return Ok(()) };
        if let Some(metadata) = &mut self.metadata {
            metadata.cell(index, self.rows, cell);
        }
        if !counts {
            return Ok(());
        }
        if self.row.is_static && self.metadata.is_none() {
            self.partition.size = self.partition.size.saturating_add(cell.value.len());
            if let Some(value) = self.partition.statics.get_mut(index) {
                value.is_there = true;
                value.origin = self.origin;
                value.cells.clear();
                value.value.clear();
                value.value.extend_from_slice(cell.value);
            }
            return Ok(());
        }
        let Some(output) = self.outputs.all.get_mut(index) else { return Ok(()) };
        output.column.pad(self.rows);
        self.row.size = self.row.size.saturating_add(cell.value.len());
        if let Err(refusal) = output.column.append(Some(cell.value)) {
            self.fault(index, refusal);
        }
        Ok(())
    }

    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        _: u64,
    ) -> Result<(), Error> {
        self.end_complex();
        self.row.column_deleted = self.row.deleted.max(deletions::up_to(deletion));
        let Some(index) = self.outputs.of(self.row.is_static, column) else { return Ok(()) };
        self.row.complex = Some(index);
        if let Some(output) = self.outputs.all.get_mut(index) {
            output.cells.clear();
        }
        if let Some(metadata) = &mut self.metadata {
            if let Err(refusal) = metadata.complex(index, self.rows, deletion) {
                self.fault(index, refusal);
            }
        }
        Ok(())
    }

    fn complex_cell(&mut self, _: usize, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        let counts = self.counts(cell, self.row.column_deleted);
        let Some(index) = self.row.complex else { return Ok(()) };
        if let Some(metadata) = &mut self.metadata {
            self.row.size = self.row.size.saturating_add(path.len());
            if let Err(refusal) = metadata.complex_cell(index, path, cell) {
                self.fault(index, refusal);
            }
        }
        if let Some(output) = self.outputs.all.get_mut(index).filter(|_| counts) {
            output.cells.push(path, cell.value);
        }
        Ok(())
    }

    fn row_end(&mut self, _: u64) -> Result<Flow, Error> {
        self.end_complex();
        if self.row.is_static && self.metadata.is_none() {
            self.partition.is_static_live = self.row.is_live;
            return Ok(Flow::Go);
        }
        if self.row.is_live {
            return self.commit();
        }
        self.outputs.truncate(self.rows);
        Ok(Flow::Go)
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        self.partition.open = marker.open;
        if self.metadata.is_none() {
            return Ok(Flow::Go);
        }
        let place = self.place(marker.values, marker.kind, marker.position)?;
        if place != Place::In {
            return Ok(self.beside(place));
        }
        self.begin_row(marker.position, false);
        self.clustering(marker.values);
        self.describe(&RowInfo::of_marker(marker));
        self.commit()
    }

    fn partition_end(&mut self, _: u64) -> Result<Flow, Error> {
        let mut flow = Flow::Go;
        let alone = !self.partition.has_rows && self.partition.is_static_live;
        if alone && self.slices.is_none() && !self.is_part && self.metadata.is_none() {
            self.begin_row(self.partition.position, false);
            flow = self.commit()?;
        }
        self.close_partition()?;
        if !self.stops_past || self.left == 0 {
            return Ok(flow);
        }
        // A partition that was looked up is all that there is to read.
        if flow == Flow::Stop {
            self.flush()?;
        }
        Ok(self.stop(Stop::Past))
    }
}
