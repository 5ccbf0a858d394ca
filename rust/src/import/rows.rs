//! Takes record batches and puts their rows in order.

use std::ops::Range;
use std::path::Path;

use arrow_array::RecordBatch;

use super::arrays::Values;
use super::collections::{Collection, Items};
use super::fragment::{self, Written};
use super::stats::Stats;
use crate::errors::{Error, Kind};
use crate::io::{Sorted, Sorter, wide};
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
const MAX_KEY: usize = 0xffff;

/// When rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Microseconds, of the first row.
    pub timestamp: i64,
    /// How much later each further row is, in microseconds.
    pub step: i64,
    /// Seconds since 1970.
    pub now: i64,
    /// Seconds; none for what does not expire.
    pub ttl: Option<i64>,
    /// Whether null deletes what there was; else it is as if it weren't there.
    pub null_deletes: bool,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFailure {
    /// Its number in the batch, from 0 on.
    pub row: usize,
    /// The column's name, empty if it is about none.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

/// Why rows cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// One of them.
    Row(RowFailure),
    /// Nothing that they can do about it.
    Engine(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

/// Which columns of a table are columns of a batch.
#[derive(Clone, Debug)]
pub struct Columns {
    partition: Vec<ColumnFacts>,
    clustering: Vec<ColumnFacts>,
    regular: Vec<(usize, ColumnFacts)>,
}

impl Columns {
    /// Those of the table that `facts` describe; `names` are the batch's columns, static ones not
    /// among them.
    #[must_use]
    pub fn new(facts: &Facts, names: &[&str]) -> Self {
        let all = |kind| facts.columns_of(kind).cloned();
        let regular = (0..).zip(all(ColumnKind::Regular));
        let is_there = |(_, column): &(usize, ColumnFacts)| names.contains(&column.name.as_str());
        Self {
            partition: all(ColumnKind::PartitionKey).collect(),
            clustering: all(ColumnKind::Clustering).collect(),
            regular: regular.filter(is_there).collect(),
        }
    }

    /// Whether all can be read from `batch`.
    #[must_use]
    pub fn fit(&self, batch: &RecordBatch) -> bool {
        let regular = self.regular.iter().map(|(_, column)| column);
        let mut all = self.partition.iter().chain(&self.clustering).chain(regular);
        all.all(|column| open(batch, column).is_some())
    }
}

/// The values of a column.
enum Array<'b> {
    Simple(Values<'b>),
    Complex(Collection<'b>),
}

fn open<'b>(batch: &'b RecordBatch, column: &ColumnFacts) -> Option<Array<'b>> {
    let array = batch.column_by_name(&column.name)?.as_ref();
    if column.of.is_multi_cell() {
        return Collection::new(array, &column.of).map(Array::Complex);
    }
    Values::new(array, &column.of).map(Array::Simple)
}

fn need<'b>(batch: &'b RecordBatch, column: &ColumnFacts) -> Result<Array<'b>, Error> {
    open(batch, column).ok_or_else(|| {
        let message = format!("column {} is of another type", column.name);
        Error::new(Kind::Unsupported, "", message)
    })
}

/// The values of a column of the primary key.
fn simple(array: Array<'_>) -> Result<Values<'_>, Error> {
    match array {
        Array::Simple(values) => Ok(values),
        Array::Complex(_) => {
            Err(Error::new(Kind::Unsupported, "", "a key of collections that are not frozen"))
        }
    }
}

/// A batch's arrays by what they are.
struct Arrays<'b> {
    partition: Vec<Values<'b>>,
    clustering: Vec<Values<'b>>,
    regular: Vec<Array<'b>>,
}

/// Collects rows of a table and sorts them.
pub struct Importer {
    partitioner: Partitioner,
    types: ClusteringTypes,
    sorter: Sorter,
    stats: Stats,
    key: Sink,
    /// The place of `placed` among the partitions.
    partition: Vec<u8>,
    placed: Vec<u8>,
    values: Sink,
    ranges: Vec<Range<usize>>,
    order: Vec<u8>,
    place: Vec<u8>,
    items: Items,
    record: Sink,
}

impl Importer {
    /// A collector for the table that `facts` describe; `folder` is for temporary files, made when
    /// about `memory` bytes are held.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Unsupported`]: no such partitioner.
    pub fn new(facts: &Facts, folder: &Path, memory: usize) -> Result<Self, Error> {
        let columns = vec![false; facts.columns_of(ColumnKind::Regular).count()];
        Ok(Self {
            partitioner: facts.parse_partitioner()?,
            types: facts.clustering_types(),
            sorter: Sorter::new(folder, memory),
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

    /// What the header of rows like these says.
    #[must_use]
    pub const fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Takes the rows of a batch.
    ///
    /// # Errors
    /// A row that cannot be written, before which all are taken; or the system cannot write.
    pub fn add(
        &mut self,
        batch: &RecordBatch,
        columns: &Columns,
        times: &Times,
    ) -> Result<(), Failure> {
        let all = |columns: &[ColumnFacts]| -> Result<Vec<_>, Error> {
            let found = columns.iter().map(|column| need(batch, column));
            found.map(|found| simple(found?)).collect()
        };
        let regular = columns.regular.iter().map(|(_, column)| need(batch, column));
        let arrays = Arrays {
            partition: all(&columns.partition)?,
            clustering: all(&columns.clustering)?,
            regular: regular.collect::<Result<_, _>>()?,
        };
        let mut written = Written { timestamp: times.timestamp, now: times.now, ttl: times.ttl };
        if batch.num_rows() > 0 {
            self.stats.add(written.timestamp, written.expiration(), written.ttl);
        }
        for row in 0..batch.num_rows() {
            self.row(row, &arrays, columns, &written, times.null_deletes)?;
            written.timestamp = written.timestamp.saturating_add(times.step);
        }
        Ok(())
    }

    fn row(
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
        Ok(self.sorter.add(&self.place, self.record.as_slice())?)
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
    fn key(
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

    /// All rows, in the order of the table; see [`super::Merge`].
    ///
    /// # Errors
    /// [`crate::errors::Kind::Io`] where the system cannot read.
    pub fn finish(self) -> Result<Sorted, Error> {
        self.sorter.finish()
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
