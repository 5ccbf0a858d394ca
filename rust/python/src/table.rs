//! Several SSTables of one table, merged.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use cqlite_core::errors::Error;
use cqlite_core::sstable::merge::{Header, MergedRows, Part};
use cqlite_core::sstable::{self, Lookup, Rows, Selection, Slice, Table};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::errors::{Paths, exception};
use super::facts;
use super::plan::{self, PySlice};
use super::reader::Reader;
use super::rows::{self, Selections};
use super::scan::{ArrowStream, Input, Opened, exception_of};

/// Bytes of uncompressed blocks that all SSTables together keep for lookups.
const CACHE_LIMIT: usize = 1 << 28;

/// SSTables of one table that the native engine reads as one.
#[pyclass(module = "cqlite._native", frozen)]
pub struct TableReader {
    opened: Arc<Vec<Opened>>,
    tables: Vec<Arc<Table>>,
    header: Arc<Header>,
    lookups: Mutex<Vec<Lookup>>,
    selections: Selections,
}

impl TableReader {
    /// Does something with the indexes, which are opened the first time.
    fn with_lookups<T: Send>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&mut [Lookup]) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        if self.opened.iter().any(|opened| opened.is_closed.load(Ordering::Relaxed)) {
            return Err(PyValueError::new_err("the SSTable is closed"));
        }
        py.detach(|| {
            let mut held = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
            if held.is_empty() {
                *held = self.open_lookups()?;
            }
            act(&mut held)
        })
        .map_err(|error| exception_of(py, &error, &self.opened))
    }

    fn open_lookups(&self) -> Result<Vec<Lookup>, Error> {
        let limit = CACHE_LIMIT.checked_div(self.opened.len()).unwrap_or(CACHE_LIMIT);
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let open = |(number, opened): (usize, &Opened)| {
            let files = sstable::Paths(opened.paths.as_ref().clone());
            opened.table.lookup(&files, limit).map_err(|error| error.of(number))
        };
        self.opened.iter().enumerate().map(open).collect()
    }
}

#[pymethods]
impl TableReader {
    /// The SSTables of `readers` as a table of `columns`, a list of
    /// `cqlite.sstable.select.facts.ColumnFacts`, with the class string of its partitioner.
    ///
    /// Raises:
    ///     UnsupportedFeatureError: no such partitioner or type.
    #[new]
    fn new(
        py: Python<'_>,
        readers: Vec<Bound<'_, Reader>>,
        columns: &Bound<'_, PyAny>,
        partitioner: &str,
    ) -> PyResult<Self> {
        let opened: Vec<Opened> = readers.iter().map(|reader| reader.get().opened()).collect();
        let tables = opened.iter().map(|opened| Arc::clone(&opened.table)).collect();
        let header = Header::new(facts::columns(columns)?, partitioner)
            .map_err(|error| exception(py, &error, &Paths::new()))?;
        Ok(Self {
            opened: Arc::new(opened),
            tables,
            header: Arc::new(header),
            lookups: Mutex::new(Vec::new()),
            selections: Selections::default(),
        })
    }

    /// The answer to `plan`, a `cqlite.sstable.select.plan.ScanPlan` whose columns' positions
    /// are those in the table, as of `now` in seconds since 1970.
    ///
    /// Raises:
    ///     UnsupportedFeatureError: see docs/arrow.md.
    #[pyo3(signature = (plan, now = None))]
    fn scan(
        &self,
        py: Python<'_>,
        plan: &Bound<'_, PyAny>,
        now: Option<i64>,
    ) -> PyResult<ArrowStream> {
        let mut asked = plan::extract(plan, &Paths::new())?;
        asked.plan.now = now;
        let input = Input::Several(Arc::clone(&self.opened), Arc::clone(&self.header));
        ArrowStream::new(py, input, asked)
    }

    /// The rows of the partition with serialized `key`, as those of `Reader.rows`, as of `now`
    /// in seconds since 1970.
    ///
    /// Raises:
    ///     CorruptSSTableError: an index is damaged, or Data.db before the first row.
    ///     MissingComponentError: there is no index.
    #[pyo3(signature = (key, columns, slices, limit, now = None))]
    fn rows<'py>(
        slf: &Bound<'py, Self>,
        key: &[u8],
        columns: &Bound<'py, PyTuple>,
        slices: Option<Vec<PySlice>>,
        limit: Option<u64>,
        now: Option<i64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        let make = |wanted: &[_]| Selection::merged(&this.header, wanted);
        let selection = this.selections.of(columns, &Paths::new(), make)?;
        let slices = slices.map(|slices| slices.into_iter().map(Slice::from).collect());
        let part = Part { key: key.to_vec(), slices, limit, now };
        let found = this.with_lookups(py, |lookups| {
            let found = MergedRows::find(&this.tables, lookups, &this.header, &selection, part)?;
            Ok(found.map(|mut partition| {
                let first = partition.next(lookups, rows::BATCH);
                (partition, first)
            }))
        })?;
        match found {
            Some((partition, first)) => rows::answer(py, first, || {
                Box::new(Merged { reader: slf.clone().unbind(), rows: partition })
            }),
            None => Ok(PyList::empty(py).into_any()),
        }
    }
}

/// A partition of several SSTables.
struct Merged {
    reader: Py<TableReader>,
    rows: MergedRows,
}

impl rows::Source for Merged {
    fn next(&mut self, py: Python<'_>, number: usize) -> PyResult<Rows> {
        let Self { reader, rows } = self;
        reader.get().with_lookups(py, |lookups| Ok(rows.next(lookups, number)))
    }

    fn exception(&self, py: Python<'_>, error: &Error) -> PyErr {
        exception_of(py, error, &self.reader.get().opened)
    }
}
