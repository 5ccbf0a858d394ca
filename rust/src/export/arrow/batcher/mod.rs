//! Fills record batches with the rows that are told.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::metadata::{Metadata, RowInfo};
use super::outputs::Outputs;
use super::partition::{Partition, StaticValue};
use super::plan::Plan;
use crate::blocks::DATA;
use crate::errors::{Error, Kind};
use crate::io::wide;
use crate::layouts::generated::clustering;
use crate::rows::{
    Cell, DeletionTime, Events, Flow, Marker, PartitionStart, PlainRows, PlainWish, RowStart,
};
use crate::sstable::{ColumnKind, Place, Slices, deletions, wrong_key};
use crate::types::partitioner::Partitioner;
use crate::types::values::Refusal;

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The batch is full.
    Full,
    /// The answer is complete.
    Limit,
    /// The partition is behind those that are wanted.
    Behind,
    /// What is left of the partition is behind what is wanted.
    Past,
    /// Rows up to this slice may be left out.
    Jump(usize),
    /// Whether the row at this position is there depends on columns that were not asked for.
    NeedsAll(u64),
}

/// Where partitions that are wanted end.
pub(super) struct End {
    pub partitioner: Partitioner,
    pub position: Vec<u8>,
}

/// The row that is being read.
#[derive(Default)]
struct Row {
    is_static: bool,
    is_live: bool,
    /// Microseconds up to which its cells are deleted, and those of the column at hand.
    deleted: i64,
    column_deleted: i64,
    complex: Option<usize>,
    fault: Option<(usize, Refusal)>,
    /// Where the value is from that cannot be shown.
    fault_at: (usize, u64),
    size: usize,
}

/// Takes rows and makes batches of them.
pub(super) struct Batcher {
    plan: Arc<Plan>,
    schema: SchemaRef,
    pub outputs: Outputs,
    metadata: Option<Metadata>,
    num_keys: usize,
    pub slices: Option<Slices>,
    /// Whether to stop rather than to skip what is behind the slices.
    pub stops_past: bool,
    pub end: Option<End>,
    /// Whether all columns are told, so that every row is known to be there or not.
    pub has_all: bool,
    /// Whether only some of the rows are told, so that there being none says nothing.
    pub is_part: bool,
    /// Where what is told is from: the number of the SSTable, and the row's position there.
    origin: (usize, u64),
    /// Whether there is an index to go to a slice's start by.
    pub jumps: bool,
    /// The key that the next partition must have.
    pub expected: Option<Vec<u8>>,
    /// The last partition's key, if it is to be kept.
    pub keeps_key: bool,
    pub last_key: Option<Vec<u8>>,
    pub partition: Partition,
    /// Batches that are complete.
    pub ready: VecDeque<RecordBatch>,
    /// What reading ended by, which is told once the batches have been taken.
    pub error: Option<Error>,
    /// Why reading stopped last.
    pub stop: Option<Stop>,
    row: Row,
    rows: usize,
    size: usize,
    width: usize,
    left: u64,
    scratch: Vec<u8>,
}

impl Batcher {
    pub fn new(plan: Arc<Plan>, schema: SchemaRef, num_keys: usize) -> Self {
        let outputs = Outputs::new(&plan);
        let metadata = plan.metadata.then(|| Metadata::new(&plan.columns));
        let width = metadata.as_ref().map_or(0, Metadata::width).saturating_add(outputs.width());
        let mut partition = Partition::default();
        partition.statics.resize_with(outputs.all.len(), StaticValue::default);
        let left = plan.limit.unwrap_or(u64::MAX);
        Self {
            plan,
            schema,
            outputs,
            metadata,
            num_keys,
            slices: None,
            stops_past: false,
            end: None,
            has_all: false,
            is_part: false,
            origin: (0, 0),
            jumps: false,
            expected: None,
            keeps_key: false,
            last_key: None,
            partition,
            ready: VecDeque::new(),
            error: None,
            stop: None,
            row: Row::default(),
            rows: 0,
            size: 0,
            width,
            left,
            scratch: Vec::new(),
        }
    }

    /// Makes a batch of the rows so far, if there are any.
    pub fn flush(&mut self) -> Result<(), Error> {
        if self.rows == 0 {
            self.outputs.truncate(0);
            return Ok(());
        }
        self.repeat().map_err(|(output, refusal)| self.located(output, &refusal))?;
        let rows = std::mem::take(&mut self.rows);
        self.size = 0;
        self.partition.is_in_batch = false;
        let batch = self.batch(rows).map_err(|error| {
            Error::new(Kind::Unsupported, DATA, format!("no record batch: {error}"))
        })?;
        self.ready.push_back(batch);
        Ok(())
    }

    /// Leaves the partition where it is not read to its end.
    pub fn close_partition(&mut self) -> Result<(), Error> {
        self.partition.is_open = false;
        self.repeat().map_err(|(output, refusal)| self.located(output, &refusal))?;
        self.partition.is_in_batch = false;
        Ok(())
    }

    /// Says which range deletion is open where reading goes on.
    pub fn set_open(&mut self, deletion: Option<(i64, i64)>) {
        self.partition.open = deletion.map(|(marked_for_delete_at, local_deletion_time)| {
            DeletionTime { marked_for_delete_at, local_deletion_time }
        });
    }

    fn batch(&mut self, rows: usize) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let mut arrays = Vec::with_capacity(self.schema.fields().len());
        for output in &mut self.outputs.all {
            output.column.truncate(rows);
            output.column.pad(rows);
            arrays.push(output.column.finish()?);
        }
        if let Some(metadata) = &mut self.metadata {
            metadata.finish(rows, &mut arrays)?;
        }
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }

    fn stop(&mut self, why: Stop) -> Flow {
        self.stop = Some(why);
        Flow::Stop
    }

    #[cold]
    fn located(&self, output: usize, refusal: &Refusal) -> Error {
        let column = output.checked_sub(1).and_then(|index| self.plan.columns.get(index));
        let name = column.map_or("partition key", |column| column.name.as_str());
        let kind = column.map_or(ColumnKind::PartitionKey, |column| column.kind);
        let stashed = output.checked_sub(1).filter(|_| self.metadata.is_none());
        let stashed = stashed.and_then(|index| self.partition.statics.get(index));
        let (sstable, position) = match (kind, stashed) {
            (ColumnKind::PartitionKey, _) => (self.partition.sstable, self.partition.position),
            (ColumnKind::Static, Some(value)) => value.origin,
            _ => self.row.fault_at,
        };
        let of = column.map(|column| column.cql.cql_name());
        let message = match of {
            Some(of) => format!("no value of {of}: {refusal}"),
            None => refusal.to_string(),
        };
        Error::new(Kind::InvalidValue, DATA, message).at(position, name).of(sstable)
    }

    /// Remembers why a value of the row cannot be shown; the first column's reason counts.
    /// Outputs are numbered from 1, 0 is the partition key as a whole.
    #[cold]
    fn fault(&mut self, output: usize, refusal: Refusal) {
        let number = output.saturating_add(1);
        if self.row.fault.as_ref().is_none_or(|(first, _)| number < *first) {
            self.row.fault = Some((number, refusal));
            self.row.fault_at = self.origin;
        }
    }

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

    /// Counts the row, unless a value of it cannot be shown.
    fn commit(&mut self) -> Result<Flow, Error> {
        if !self.partition.is_in_batch {
            self.lead()?;
        }
        if let Some((output, refusal)) = self.row.fault.take() {
            return Err(self.located(output, &refusal));
        }
        Ok(self.count(1, self.row.size))
    }

    /// Counts rows that are complete, whose own values have `size` bytes.
    fn count(&mut self, rows: usize, size: usize) -> Flow {
        self.partition.has_rows = true;
        self.rows = self.rows.saturating_add(rows);
        self.left = self.left.saturating_sub(wide(rows));
        let shared = self.partition.size.saturating_add(self.width);
        self.size = self.size.saturating_add(size).saturating_add(shared.saturating_mul(rows));
        if self.left == 0 {
            return self.stop(Stop::Limit);
        }
        if self.rows >= self.plan.batch_rows || self.size >= self.plan.batch_bytes {
            return self.stop(Stop::Full);
        }
        Flow::Go
    }

    /// How many plain rows there is room for: no more than that the batch's size in bytes is
    /// exceeded by no more than a window has.
    #[inline]
    fn wish(&self) -> PlainWish {
        let newer_than = self.partition.deleted.max(deletions::up_to(self.partition.open));
        if self.metadata.is_some() || self.slices.is_some() || self.partition.key_fault.is_some() {
            return PlainWish { rows: 0, newer_than };
        }
        let each = self.partition.size.saturating_add(self.width).max(1);
        let bytes = self.plan.batch_bytes.saturating_sub(self.size);
        let rows = bytes.checked_div(each).unwrap_or(0);
        let rows = rows.min(self.plan.batch_rows.saturating_sub(self.rows));
        PlainWish { rows: rows.min(usize::try_from(self.left).unwrap_or(usize::MAX)), newer_than }
    }

    /// Takes plain rows, unless a value cannot be shown.
    fn take(&mut self, rows: &PlainRows<'_>) -> Option<Flow> {
        let was_in_batch = self.partition.is_in_batch;
        let size = self.outputs.append_plain(self.rows, rows);
        if size.is_some() && (was_in_batch || self.lead().is_ok()) {
            return Some(self.count(rows.len(), size.unwrap_or(0)));
        }
        self.partition.is_in_batch = was_in_batch;
        self.outputs.truncate(self.rows);
        None
    }

    /// Adds the key's and the static columns' values of the partition's first row in the batch;
    /// `repeat` adds those of the others.
    #[inline(never)]
    fn lead(&mut self) -> Result<(), Error> {
        if let Some(refusal) = &self.partition.key_fault {
            return Err(self.located(0, refusal));
        }
        let rows = self.rows.saturating_add(1);
        for output in &mut self.outputs.all {
            output.column.pad(self.rows.min(rows));
        }
        self.partition.is_in_batch = true;
        if let Err((output, refusal)) = self.fill(rows) {
            let first = self.row.fault.take();
            let (output, refusal) = match first {
                Some((earlier, refusal)) if earlier < output => (earlier, refusal),
                _ => (output, refusal),
            };
            return Err(self.located(output, &refusal));
        }
        Ok(())
    }

    fn fill(&mut self, rows: usize) -> Result<(), (usize, Refusal)> {
        let numbered = |output: usize| move |refusal: Refusal| (output.saturating_add(1), refusal);
        for (component, index) in &self.outputs.keys {
            let value = self.partition.key.get(*component).map(Vec::as_slice);
            if let Some(output) = self.outputs.all.get_mut(*index) {
                output.column.fill(rows, value).map_err(numbered(*index))?;
            }
        }
        if self.metadata.is_some() {
            return Ok(());
        }
        let statics: Vec<usize> = self.outputs.statics().collect();
        for index in statics {
            let Some(value) = self.partition.statics.get(index) else { continue };
            let Some(output) = self.outputs.all.get_mut(index) else { continue };
            let column = &mut output.column;
            if !value.is_there {
                column.pad(rows);
            } else if value.cells.is_empty() {
                column.fill(rows, Some(&value.value)).map_err(numbered(index))?;
            } else {
                while column.len() < rows {
                    column.append_cells(&value.cells).map_err(numbered(index))?;
                }
            }
        }
        Ok(())
    }

    /// Adds the key's and the static columns' values of all of the partition's rows.
    fn repeat(&mut self) -> Result<(), (usize, Refusal)> {
        if self.partition.is_in_batch { self.fill(self.rows) } else { Ok(()) }
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

type Placed = Result<Place, Error>;

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
