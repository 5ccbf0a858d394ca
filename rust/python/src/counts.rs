//! Counts of partitions, some at a time.

use std::sync::{Arc, Mutex, PoisonError};

use cqlite_core::sstable::{Clock, CountScan, NUM_KINDS, PartitionCounts, Table};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::components::Components;
use super::facts;

/// Key, size, rows, cells, tombstones by kind, and those that can be dropped.
type Counts<'py> = (Bound<'py, PyBytes>, u64, u64, u64, [u64; NUM_KINDS], [u64; NUM_KINDS]);

/// Counts the partitions of an SSTable from front to back.
#[pyclass(module = "cqlite._native", frozen)]
pub struct PartitionCounter {
    files: Components,
    scan: Mutex<CountScan>,
}

#[pymethods]
impl PartitionCounter {
    /// Opens the SSTable that `facts`, a `cqlite.sstable.select.facts.Facts`, are about.
    ///
    /// Args:
    ///     facts: see there.
    ///     now: seconds since 1970; what expires up to then has expired.
    ///     gc_before: seconds since 1970; what was deleted before can be dropped.
    ///
    /// Raises:
    ///     CorruptSSTableError: CompressionInfo.db or CRC.db break their layouts.
    ///     MissingComponentError: a component is not there any more.
    #[new]
    fn new(py: Python<'_>, facts: &Bound<'_, PyAny>, now: i64, gc_before: i64) -> PyResult<Self> {
        let (facts, files) = facts::extract(facts)?;
        let table = py.detach(|| Table::open(facts, &files));
        let table = Arc::new(table.map_err(|error| files.exception(py, &error))?);
        let scan = Mutex::new(CountScan::new(table, Clock { now, gc_before }));
        Ok(Self { files, scan })
    }

    /// The next partitions, at most `number` of them and none at the end: key, size in bytes,
    /// rows, cells, tombstones by kind and those of them that can be dropped.
    ///
    /// Raises:
    ///     CorruptSSTableError: Data.db is damaged; all partitions before have been given.
    fn next<'py>(&self, py: Python<'py>, number: usize) -> PyResult<Vec<Counts<'py>>> {
        let found =
            py.detach(|| self.scan.lock().unwrap_or_else(PoisonError::into_inner).next(number));
        let found = found.map_err(|error| self.files.exception(py, &error))?;
        Ok(found.into_iter().map(|counts| tuple(py, counts)).collect())
    }
}

fn tuple(py: Python<'_>, counts: PartitionCounts) -> Counts<'_> {
    let PartitionCounts { key, size, rows, cells, tombstones, droppable } = counts;
    (PyBytes::new(py, &key), size, rows, cells, tombstones, droppable)
}
