//! Rows of one partition as tuples of serialized values.

use std::sync::{Arc, Mutex, PoisonError};

use cqlite_core::errors::Error;
use cqlite_core::sstable::{
    CellTimes, PartitionRows, RawRow, RowTimes, Rows, Selection, Times, Wanted,
};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
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
        self.reader.get().files().exception(py, error)
    }
}

/// A list of the rows if these are all, else an iterator that goes on behind them.
pub fn answer<'py>(
    py: Python<'py>,
    first: Rows,
    mut form: Form,
    source: impl FnOnce() -> Box<dyn Source>,
) -> PyResult<Bound<'py, PyAny>> {
    let rows = form.tuples(py, &first)?;
    if !first.has_more && first.error.is_none() {
        return Ok(rows.into_any());
    }
    let state = State {
        source: source(),
        has_more: first.has_more,
        rows: rows.unbind(),
        next: 0,
        error: first.error,
        form,
    };
    Ok(Bound::new(py, RowIterator { state: Mutex::new(state) })?.into_any())
}

/// What rows are in Python.
#[derive(Default)]
pub struct Form {
    /// What makes the times of cells, if these are told.
    times: Option<Py<PyAny>>,
    /// The latest ones: most cells of a row, and of many rows, were written at once.
    latest: Option<(CellTimes, Py<PyAny>)>,
}

impl Form {
    /// Rows with `times` made by that.
    pub const fn new(times: Option<Py<PyAny>>) -> Self {
        Self { times, latest: None }
    }

    fn tuples<'py>(&mut self, py: Python<'py>, found: &Rows) -> PyResult<Bound<'py, PyList>> {
        let Some(times) = &found.times else {
            let rows: PyResult<Vec<_>> =
                found.rows.iter().map(|row| PyTuple::new(py, values(py, row))).collect();
            return PyList::new(py, rows?);
        };
        let pairs = found.rows.iter().zip(times);
        let rows: PyResult<Vec<_>> = pairs
            .map(|(row, times)| {
                let told = self.times(py, times)?.into_any();
                let values = values(py, row).map(|value| value.into_pyobject(py));
                let all: Result<Vec<_>, _> = values.chain(std::iter::once(Ok(told))).collect();
                PyTuple::new(py, all?)
            })
            .collect();
        PyList::new(py, rows?)
    }

    fn times<'py>(&mut self, py: Python<'py>, found: &RowTimes) -> PyResult<Bound<'py, PyTuple>> {
        let mut told = Vec::with_capacity(found.len());
        for times in found {
            told.push(match times {
                Times::Nothing => py.None().into_bound(py),
                Times::One(cell) => self.cell(py, *cell)?,
                Times::Many(cells) => {
                    let cells: PyResult<Vec<_>> =
                        cells.iter().map(|cell| self.cell(py, *cell)).collect();
                    PyTuple::new(py, cells?)?.into_any()
                }
            });
        }
        PyTuple::new(py, told)
    }

    fn cell<'py>(&mut self, py: Python<'py>, cell: CellTimes) -> PyResult<Bound<'py, PyAny>> {
        if let Some((_, made)) = self.latest.as_ref().filter(|(latest, _)| *latest == cell) {
            return Ok(made.bind(py).clone());
        }
        let Some(make) = &self.times else { return Ok(py.None().into_bound(py)) };
        let made = make.bind(py).call1((cell.timestamp, cell.ttl, cell.expires_at))?;
        self.latest = Some((cell, made.clone().unbind()));
        Ok(made)
    }
}

fn values<'py>(
    py: Python<'py>,
    row: &RawRow,
) -> impl ExactSizeIterator<Item = Option<Bound<'py, PyBytes>>> {
    row.iter().map(move |value| value.as_ref().map(|data| PyBytes::new(py, data)))
}

struct State {
    source: Box<dyn Source>,
    has_more: bool,
    rows: Py<PyList>,
    next: usize,
    error: Option<Error>,
    form: Form,
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
        // Who waits must let the one who reads have the interpreter.
        let mut state = self.state.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
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
            state.rows = state.form.tuples(py, &rows)?.unbind();
            state.next = 0;
            state.has_more = rows.has_more;
            state.error = rows.error;
        }
    }
}
