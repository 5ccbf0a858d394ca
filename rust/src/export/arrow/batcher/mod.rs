//! Fills record batches with the rows that are told.

mod events;

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::metadata::Metadata;
use super::outputs::Outputs;
use super::partition::{Partition, StaticValue};
use super::plan::Plan;
use crate::blocks::DATA;
use crate::errors::{Error, Kind};
use crate::io::wide;
use crate::rows::{DeletionTime, Flow, PlainRows, PlainWish};
use crate::sstable::{ColumnKind, Slices, deletions};
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
}
