//! Rows of one partition as tuples of serialized values.

use std::sync::{Arc, Mutex, PoisonError};

use cqlite_core::errors::Error;
use cqlite_core::sstable::{PartitionRows, RawRow, Rows, Selection, Wanted};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};

use super::errors::{Paths, exception};
use super::plan;
use super::reader::Reader;

/// Rows that are read at once.
pub const BATCH: usize = 1024;

/// How many selections of columns are kept.
const MAX_SELECTIONS: usize = 8;

/// Selections of columns that were asked for, by the tuples that describe them.
///
/// A tuple that is the same object is not looked into again: it cannot have changed.
#[derive(Default)]
pub struct Selections(Mutex<Vec<(Py<PyTuple>, Arc<Selection>)>>);

impl Selections {
    /// The selection that `columns`, pairs of a kind and a position, describe.
    pub fn of(
        &self,
        columns: &Bound<'_, PyTuple>,
        paths: &Paths,
        make: impl FnOnce(&[Wanted]) -> Selection,
    ) -> PyResult<Arc<Selection>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, selection)) = held.iter().find(|(known, _)| known.is(columns)) {
            return Ok(Arc::clone(selection));
        }
        let described: Vec<(String, Option<usize>)> = columns.extract()?;
        let wanted: Result<Vec<Wanted>, Error> = described
            .into_iter()
            .map(|(kind, position)| Ok(Wanted { kind: plan::kind(&kind)?, position }))
            .collect();
        let wanted = wanted.map_err(|error| exception(columns.py(), &error, paths))?;
        let selection = Arc::new(make(&wanted));
        if held.len() >= MAX_SELECTIONS {
            held.remove(0);
        }
        held.push((columns.clone().unbind(), Arc::clone(&selection)));
        Ok(selection)
    }
}

/// Where rows come from, some at a time.
pub trait Source: Send {
    /// About `number` more rows.
    fn next(&mut self, py: Python<'_>, number: usize) -> PyResult<Rows>;

    /// The exception that `error` is in Python.
    fn exception(&self, py: Python<'_>, error: &Error) -> PyErr;
}

/// A partition of one SSTable.
pub struct Partition {
    /// The SSTable.
    pub reader: Py<Reader>,
    /// Its rows.
    pub rows: PartitionRows,
}

impl Source for Partition {
    fn next(&mut self, py: Python<'_>, number: usize) -> PyResult<Rows> {
        self.reader.get().next_rows(py, &mut self.rows, number)
    }

    fn exception(&self, py: Python<'_>, error: &Error) -> PyErr {
        exception(py, error, self.reader.get().paths())
    }
}

/// A list of the rows if these are all, else an iterator that goes on behind them.
pub fn answer<'py>(
    py: Python<'py>,
    first: Rows,
    source: impl FnOnce() -> Box<dyn Source>,
) -> PyResult<Bound<'py, PyAny>> {
    let rows = tuples(py, &first.rows)?;
    if !first.has_more && first.error.is_none() {
        return Ok(rows.into_any());
    }
    let state = State {
        source: source(),
        has_more: first.has_more,
        rows: rows.unbind(),
        next: 0,
        error: first.error,
    };
    Ok(Bound::new(py, RowIterator { state: Mutex::new(state) })?.into_any())
}

fn tuples<'py>(py: Python<'py>, rows: &[RawRow]) -> PyResult<Bound<'py, PyList>> {
    let tuple = |row: &RawRow| {
        PyTuple::new(py, row.iter().map(|value| value.as_ref().map(|data| PyBytes::new(py, data))))
    };
    let rows: PyResult<Vec<_>> = rows.iter().map(tuple).collect();
    PyList::new(py, rows?)
}

struct State {
    source: Box<dyn Source>,
    has_more: bool,
    rows: Py<PyList>,
    next: usize,
    error: Option<Error>,
}

/// The rows of a large partition, read as they are asked for.
#[pyclass(module = "cqlite._native", frozen)]
pub struct RowIterator {
    state: Mutex<State>,
}

#[pymethods]
impl RowIterator {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Ok(row) = state.rows.bind(py).get_item(state.next) {
                state.next = state.next.saturating_add(1);
                return Ok(Some(row.unbind()));
            }
            if let Some(error) = state.error.take() {
                state.has_more = false;
                return Err(state.source.exception(py, &error));
            }
            if !state.has_more {
                return Ok(None);
            }
            py.check_signals()?;
            let rows = state.source.next(py, BATCH)?;
            state.rows = tuples(py, &rows.rows)?.unbind();
            state.next = 0;
            state.has_more = rows.has_more;
            state.error = rows.error;
        }
    }
}
