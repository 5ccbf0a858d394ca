//! Rows of batches as they wait to be sorted, see [`super::fragment`].

use std::ops::Range;

use super::arrays::Values;
use super::collections::{Collection, Items};
use super::columns::{Array, Arrays, Columns};
use super::fragment::{self, Written};
use super::rows::{Failure, RowFailure, Times};
use super::stats::Stats;
use crate::errors::Error;
use crate::io::wide;
use crate::layouts::generated::clustering;
use crate::layouts::generated::values::CompositeComponent;
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::sstable::{ColumnFacts, ColumnKind, Facts};
use crate::types::clusterings::ClusteringTypes;
use crate::types::partitioner::Partitioner;
use crate::types::values::Refusal;

/// Bytes that a partition key, or a clustering column's value, can have.
pub(super) const MAX_KEY: usize = 0xffff;

/// Makes records of rows.
pub(super) struct Recorder {
    pub(super) partitioner: Partitioner,
    pub(super) types: ClusteringTypes,
    pub(super) stats: Stats,
    pub(super) key: Sink,
    /// The place of `placed` among the partitions.
    pub(super) partition: Vec<u8>,
    placed: Vec<u8>,
    values: Sink,
    ranges: Vec<Range<usize>>,
    order: Vec<u8>,
    pub(super) place: Vec<u8>,
    items: Items,
    pub(super) record: Sink,
}

impl Recorder {
    /// For rows of the table that `facts` describe.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Unsupported`]: no such partitioner.
    pub(super) fn new(facts: &Facts) -> Result<Self, Error> {
        let columns = vec![false; facts.columns_of(ColumnKind::Regular).count()];
        Ok(Self {
            partitioner: facts.parse_partitioner()?,
            types: facts.clustering_types(),
            stats: Stats { columns, ..Stats::default() },
            key: Sink::new(),
            partition: Vec::new(),
            placed: Vec::new(),
            values: Sink::new(),
            ranges: Vec::new(),
            order: Vec::new(),
            place: Vec::new(),
            items: Items::default(),
            record: Sink::new(),
        })
    }

    /// Takes note of a batch's values of a simple column.
    pub(super) fn note(&mut self, column: usize, values: &Values<'_>, times: &Times) {
        if !values.are_nulls() || times.null_deletes {
            self.stats.has(column);
        }
        if times.null_deletes && values.has_nulls() {
            self.stats.add(times.timestamp, Some(times.now), None);
        }
    }

    /// Makes the record of a row, and its place.
    ///
    /// # Errors
    /// The row cannot be written.
    pub(super) fn row(
        &mut self,
        row: usize,
        arrays: &Arrays<'_>,
        columns: &Columns,
        written: &Written,
        null_deletes: bool,
    ) -> Result<(), Failure> {
        let at = |column: &ColumnFacts, reason: String| {
            Failure::Row(RowFailure { row, column: column.name.clone(), reason })
        };
        self.key(row, arrays, columns, &at)?;
        self.place.clear();
        self.place.extend_from_slice(&self.partition);
        fragment::begin(self.key.as_slice(), written, &mut self.record);
        self.clustering(row, arrays, columns, &at)?;
        for ((index, column), values) in columns.regular.iter().zip(&arrays.regular) {
            let done = match values {
                Array::Simple(values) => self.cell(row, *index, values, written, null_deletes),
                Array::Complex(values) => self.cells(row, *index, values, written, null_deletes),
            };
            done.map_err(|refusal| at(column, refusal.to_string()))?;
        }
        Ok(())
    }

    /// Adds the cell of a simple column.
    #[inline]
    fn cell(
        &mut self,
        row: usize,
        column: usize,
        values: &Values<'_>,
        written: &Written,
        null_deletes: bool,
    ) -> Result<(), Refusal> {
        let is_null = values.is_null(row);
        if is_null && !null_deletes {
            return Ok(());
        }
        self.stats.has(column);
        fragment::put_column(column, is_null, &mut self.record);
        if is_null {
            self.stats.add(written.timestamp, Some(written.now), None);
            return Ok(());
        }
        self.values.clear();
        values.put(row, &mut self.values)?;
        fragment::put(self.values.as_slice(), &mut self.record);
        Ok(())
    }

    /// Adds the cells of a collection.
    fn cells(
        &mut self,
        row: usize,
        column: usize,
        values: &Collection<'_>,
        written: &Written,
        null_deletes: bool,
    ) -> Result<(), Refusal> {
        let is_null = values.is_null(row);
        if is_null && !null_deletes {
            return Ok(());
        }
        if is_null {
            self.items = Items::default();
        } else {
            values.cells(row, written.timestamp, &mut self.items)?;
        }
        let deletion = written.overwriting();
        if deletion.is_none() && self.items.len() == 0 {
            return Ok(());
        }
        self.stats.has(column);
        if let Some(deletion) = deletion {
            let seconds = Some(deletion.local_deletion_time);
            self.stats.add(deletion.marked_for_delete_at, seconds, None);
        }
        fragment::put_column(column, false, &mut self.record);
        fragment::put_number(self.items.len(), &mut self.record);
        for (path, value) in self.items.cells() {
            fragment::put(path, &mut self.record);
            fragment::put(value, &mut self.record);
        }
        Ok(())
    }

    /// Makes the partition key, and its place if it is not that of the row before.
    pub(super) fn key(
        &mut self,
        row: usize,
        arrays: &Arrays<'_>,
        columns: &Columns,
        at: &impl Fn(&ColumnFacts, String) -> Failure,
    ) -> Result<(), Failure> {
        self.key.clear();
        let is_composite = columns.partition.len() > 1;
        for ((column, values), index) in columns.partition.iter().zip(&arrays.partition).zip(0..) {
            self.values.clear();
            key_value(values, row, &mut self.values).map_err(|reason| at(column, reason))?;
            let value = self.values.as_slice();
            if is_composite {
                component(index, value, &mut self.key)
                    .map_err(|_| at(column, "the value is too long for a key".to_owned()))?;
            } else {
                if value.is_empty() {
                    return Err(at(column, "a partition key without bytes".to_owned()));
                }
                self.key.put(value);
            }
        }
        let key = self.key.as_slice();
        if let Some(column) = columns.partition.first().filter(|_| key.len() > MAX_KEY) {
            let length = key.len();
            let reason =
                format!("a partition key of {length} bytes, at most {MAX_KEY} are possible");
            return Err(at(column, reason));
        }
        if self.placed != key {
            self.partitioner.position(key, &mut self.partition)?;
            self.placed.clear();
            self.placed.extend_from_slice(key);
        }
        Ok(())
    }

    /// Adds the clustering to the record and to its place.
    fn clustering(
        &mut self,
        row: usize,
        arrays: &Arrays<'_>,
        columns: &Columns,
        at: &impl Fn(&ColumnFacts, String) -> Failure,
    ) -> Result<(), Failure> {
        self.values.clear();
        self.ranges.clear();
        for (column, values) in columns.clustering.iter().zip(&arrays.clustering) {
            let start = self.values.as_slice().len();
            key_value(values, row, &mut self.values).map_err(|reason| at(column, reason))?;
            self.ranges.push(start..self.values.as_slice().len());
        }
        let bytes = self.values.as_slice();
        let parts = || self.ranges.iter().map(|range| bytes.get(range.clone()));
        for part in parts().flatten() {
            fragment::put(part, &mut self.record);
        }
        let ordered = self.types.position(parts(), clustering::Kind::CLUSTERING, &mut self.order);
        ordered.map_err(|refusal: Refusal| {
            let column = columns.clustering.first().map_or("", |column| &column.name);
            let reason = refusal.to_string();
            Failure::Row(RowFailure { row, column: column.to_owned(), reason })
        })?;
        self.place.extend_from_slice(&self.order);
        Ok(())
    }
}

/// Appends the value of a column of the primary key.
fn key_value(values: &Values<'_>, row: usize, out: &mut Sink) -> Result<(), String> {
    if values.is_null(row) {
        return Err("a column of the primary key has no value".to_owned());
    }
    let start = out.as_slice().len();
    values.put(row, out).map_err(|refusal| refusal.to_string())?;
    let length = out.as_slice().len().saturating_sub(start);
    if length > MAX_KEY {
        return Err(format!("a value of {length} bytes, in a key at most {MAX_KEY} are possible"));
    }
    Ok(())
}

/// Appends a component of a partition key.
fn component(index: i32, value: &[u8], out: &mut Sink) -> Result<(), Fault> {
    let mut made = CompositeComponent::new(index);
    made.len_value = fit(wide(value.len()))?;
    made.value = Some(value);
    made.end_of_component = Some(0);
    made.encode(out)
}
