//! An SSTable that is held open.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cqlite_core::blocks::Scratch;
use cqlite_core::errors::Error;
use cqlite_core::sstable::{Lookup, PartitionRows, Rows, Selection, Slice, Table};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};

use super::components::Components;
use super::facts;
use super::plan::{self, PySlice};
use super::rows::{self, Form, Selections};
use super::scan::{ArrowStream, Input, Opened};

/// Bytes of uncompressed blocks that each SSTable keeps for lookups.
const CACHE_LIMIT: u64 = 1 << 26;

/// An SSTable that the native engine reads.
#[pyclass(module = "cqlite._native", frozen)]
pub struct Reader {
    files: Arc<Components>,
    table: Arc<Table>,
    is_closed: Arc<AtomicBool>,
    lookup: Mutex<Option<Lookup>>,
    selections: Selections,
}

impl Reader {
    /// What others need to read it.
    pub fn opened(&self) -> Opened {
        Opened {
            table: Arc::clone(&self.table),
            files: Arc::clone(&self.files),
            is_closed: Arc::clone(&self.is_closed),
        }
    }

    /// Its components.
    pub fn files(&self) -> &Components {
        &self.files
    }

    /// The next rows of a partition, about `number` of them.
    pub fn next_rows(
        &self,
        py: Python<'_>,
        partition: &mut PartitionRows,
        number: usize,
    ) -> PyResult<Rows> {
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(PyValueError::new_err("the SSTable is closed"));
        }
        self.with_lookup(py, |lookup| Ok(partition.next(&self.table, lookup, number)))
    }

    /// Does something with the index, which is opened the first time.
    fn with_lookup<T: Send>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&mut Lookup) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        py.detach(|| {
            let mut held: MutexGuard<'_, Option<Lookup>> =
                self.lookup.lock().unwrap_or_else(PoisonError::into_inner);
            let lookup = match held.take() {
                Some(lookup) => lookup,
                None => self.table.lookup(self.files.as_ref(), CACHE_LIMIT)?,
            };
            act(held.insert(lookup))
        })
        .map_err(|error| self.files.exception(py, &error))
    }
}

#[pymethods]
impl Reader {
    /// Opens the SSTable that `facts`, a `cqlite.sstable.select.facts.Facts`, are about.
    ///
    /// Raises:
    ///     CorruptSSTableError: CompressionInfo.db or CRC.db break their layouts.
    ///     MissingComponentError: a component is not there any more.
    #[new]
    fn new(py: Python<'_>, facts: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (facts, files) = facts::extract(facts)?;
        let table = py.detach(|| Table::open(facts, &files));
        let table = table.map_err(|error| files.exception(py, &error))?;
        Ok(Self {
            files: Arc::new(files),
            table: Arc::new(table),
            is_closed: Arc::new(AtomicBool::new(false)),
            lookup: Mutex::new(None),
            selections: Selections::default(),
        })
    }

    /// The answer to `plan`, a `cqlite.sstable.select.plan.ScanPlan`.
    ///
    /// Raises:
    ///     UnsupportedFeatureError: a column has the name of one that `metadata` adds.
    fn scan(&self, py: Python<'_>, plan: &Bound<'_, PyAny>) -> PyResult<ArrowStream> {
        ArrowStream::new(py, Input::One(self.opened()), plan::extract(plan, self.files.paths())?)
    }

    /// Ends all streams and iterators; files are closed once nothing reads them any more.
    fn close(&self, py: Python<'_>) {
        self.is_closed.store(true, Ordering::Relaxed);
        let held = py.detach(|| self.lookup.lock().unwrap_or_else(PoisonError::into_inner).take());
        drop(held);
    }

    /// Whether a partition of `key` can be there; `False` is certain.
    ///
    /// Raises:
    ///     CorruptSSTableError: Filter.db is damaged.
    fn might_contain(&self, py: Python<'_>, key: &[u8]) -> PyResult<bool> {
        self.with_lookup(py, |lookup| lookup.might_contain(key))
    }

    /// Where the partition of `key` starts in the uncompressed Data.db, `None` without one.
    ///
    /// Raises:
    ///     CorruptSSTableError: the index is damaged.
    ///     MissingComponentError: there is no index.
    fn find(&self, py: Python<'_>, key: &[u8]) -> PyResult<Option<u64>> {
        let entry = self.with_lookup(py, |lookup| lookup.find(key))?;
        Ok(entry.map(|entry| entry.position))
    }

    /// Where the first partition starts that is not before a byte-comparable position, `None`
    /// if there is none.
    ///
    /// Raises:
    ///     CorruptSSTableError: the index is damaged.
    ///     MissingComponentError: there is no index.
    fn first_from(&self, py: Python<'_>, start: &[u8]) -> PyResult<Option<u64>> {
        self.with_lookup(py, |lookup| lookup.first_from(start))
    }

    /// The rows of the partition with serialized `key`; see `engine.Reader.rows`.
    ///
    /// Raises:
    ///     CorruptSSTableError: the index is damaged, or Data.db before the first row.
    ///     MissingComponentError: there is no index.
    fn rows<'py>(
        slf: &Bound<'py, Self>,
        key: &[u8],
        columns: &Bound<'py, PyTuple>,
        slices: Option<Vec<PySlice>>,
        limit: Option<u64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        let selection = this
            .selections
            .of(columns, this.files.paths(), |wanted| Selection::new(&this.table, wanted))?;
        let slices = slices.map(|slices| slices.into_iter().map(Slice::from).collect());
        let found = this.with_lookup(py, |lookup| {
            let found = PartitionRows::find(lookup, key, &selection, slices, limit)?;
            Ok(found.map(|mut partition| {
                let first = partition.next(&this.table, lookup, rows::BATCH);
                (partition, first)
            }))
        })?;
        match found {
            Some((partition, first)) => rows::answer(py, first, Form::default(), || {
                Box::new(rows::Partition { reader: slf.clone().unbind(), rows: partition })
            }),
            None => Ok(PyList::empty(py).into_any()),
        }
    }

    /// How many blocks of Data.db there are.
    #[getter]
    fn num_blocks(&self) -> u64 {
        self.table.blocks().num_blocks()
    }

    /// The uncompressed bytes of a block of Data.db.
    ///
    /// Raises:
    ///     CorruptSSTableError: the block is damaged.
    fn block<'py>(&self, py: Python<'py>, index: u64) -> PyResult<Bound<'py, PyBytes>> {
        let blocks = self.table.blocks();
        let read = || {
            let mut bytes = vec![0; blocks.size_of(index)?];
            blocks.read(index, &mut Scratch::random(), &mut bytes)?;
            Ok(bytes)
        };
        let bytes = py.detach(read).map_err(|error: Error| self.files.exception(py, &error))?;
        Ok(PyBytes::new(py, &bytes))
    }
}
