//! Several SSTables of one table, merged.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use cqlite_core::errors::Error;
use cqlite_core::sstable::merge::{Header, MergedRows, ScannedRows};
use cqlite_core::sstable::{Lookup, Rows, Selection, Table};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::errors::{Paths, exception};
use super::facts;
use super::plan::{self, PyTablePlan};
use super::reader::Reader;
use super::rows::{self, Form, Selections};
use super::scan::{self, ArrowStream, Input, Opened, exception_of, signals};

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
        self.check_open()?;
        py.detach(|| {
            let mut held = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
            if held.is_empty() {
                *held = self.open_lookups()?;
            }
            act(&mut held)
        })
        .map_err(|error| exception_of(py, &error, &self.opened))
    }

    fn check_open(&self) -> PyResult<()> {
        if self.opened.iter().any(|opened| opened.is_closed.load(Ordering::Relaxed)) {
            return Err(PyValueError::new_err("the SSTable is closed"));
        }
        Ok(())
    }

    fn open_lookups(&self) -> Result<Vec<Lookup>, Error> {
        let limit = CACHE_LIMIT.checked_div(self.opened.len()).unwrap_or(CACHE_LIMIT);
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let open = |(number, opened): (usize, &Opened)| {
            opened.table.lookup(opened.files.as_ref(), limit).map_err(|error| error.of(number))
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

    /// The answer to `plan`, a `cqlite.table.plan.TablePlan`.
    ///
    /// Raises:
    ///     UnsupportedFeatureError: see docs/arrow.md.
    fn scan(&self, py: Python<'_>, plan: &Bound<'_, PyAny>) -> PyResult<ArrowStream> {
        let mut asked = plan::extract(plan, &Paths::new())?;
        asked.plan.now = Some(plan.getattr("now")?.extract()?);
        asked.plan.as_of = plan.getattr("as_of")?.extract()?;
        let input = Input::Several(Arc::clone(&self.opened), Arc::clone(&self.header));
        ArrowStream::new(py, input, asked)
    }

    /// The rows that `plan`, a `cqlite.table.plan.TablePlan`, wants of the partition with
    /// serialized `key`, as those of `Reader.rows`. With `times`, a class, each has a tuple
    /// behind its values: for each of them `None`, what `times` makes of a cell's timestamp,
    /// time to live and expiration, or a tuple of such.
    ///
    /// Raises:
    ///     CorruptSSTableError: an index is damaged, or Data.db before the first row.
    ///     MissingComponentError: there is no index.
    #[pyo3(signature = (key, columns, plan, times = None))]
    fn rows<'py>(
        slf: &Bound<'py, Self>,
        key: &[u8],
        columns: &Bound<'py, PyTuple>,
        plan: PyTablePlan,
        times: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        let make = |wanted: &[_]| Selection::merged(&this.header, wanted);
        let selection = this.selections.of(columns, &Paths::new(), make)?;
        let part = plan.part(key, times.is_some());
        let found = this.with_lookups(py, |lookups| {
            let found = MergedRows::find(&this.tables, lookups, &this.header, &selection, part)?;
            Ok(found.map(|mut partition| {
                let first = partition.next(lookups, rows::BATCH);
                (partition, first)
            }))
        })?;
        match found {
            Some((partition, first)) => rows::answer(py, first, Form::new(times), || {
                Box::new(Merged { reader: slf.clone().unbind(), rows: partition })
            }),
            None => Ok(PyList::empty(py).into_any()),
        }
    }

    /// The rows of all partitions that `plan` wants by their positions, as those of `rows`, in
    /// the order of partitions and then of clusterings.
    ///
    /// Raises:
    ///     CorruptSSTableError: an index is damaged.
    ///     MissingComponentError: there is no index, which is needed for a start.
    #[pyo3(signature = (columns, plan, times = None))]
    fn scan_rows<'py>(
        slf: &Bound<'py, Self>,
        columns: &Bound<'py, PyTuple>,
        plan: PyTablePlan,
        times: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        let make = |wanted: &[_]| Selection::merged(&this.header, wanted);
        let selection = this.selections.of(columns, &Paths::new(), make)?;
        let span = plan.span(times.is_some());
        let has_more = span.limit != Some(0);
        this.check_open()?;
        let made = py.detach(|| {
            let files = scan::files(&this.opened);
            ScannedRows::new(&this.tables, &files, &this.header, &selection, span)
        });
        let scanned = made.map_err(|error| exception_of(py, &error, &this.opened))?;
        let nothing_yet = Rows { has_more, ..Rows::default() };
        rows::answer(py, nothing_yet, Form::new(times), || {
            Box::new(Scanned { reader: slf.clone().unbind(), rows: scanned })
        })
    }
}

/// All partitions of several SSTables, or a part of their order.
struct Scanned {
    reader: Py<TableReader>,
    rows: ScannedRows,
}

impl rows::Source for Scanned {
    fn next(&mut self, py: Python<'_>, number: usize) -> PyResult<Rows> {
        let Self { reader, rows } = self;
        reader.get().check_open()?;
        let (mut asked, mut interruption) = (None, None);
        let found = py.detach(|| rows.next(number, &mut signals(&mut asked, &mut interruption)));
        interruption.map_or(Ok(found), Err)
    }

    fn exception(&self, py: Python<'_>, error: &Error) -> PyErr {
        exception_of(py, error, &self.reader.get().opened)
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
