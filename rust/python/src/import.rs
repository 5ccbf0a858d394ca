//! Rows of Arrow's record batches to new SSTables.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::ArrowError;
use cqlite_core::errors::Error;
use cqlite_core::import::{Columns, Failure, Importer, RowFailure, Rows, Times};
use cqlite_core::sstable::write::{Outputs, TableWriter, Written};
use cqlite_core::sstable::{ColumnKind, Facts};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::errors::{Paths, exception};
use super::facts::extract;
use super::write::{PySettings, described};

/// A row's number in what was given, from 0 on, the column's name, and what is wrong.
type Rejected = (usize, String, String);

/// `cqlite.sstable.write.native_arrow.RowTimes`.
#[derive(FromPyObject)]
pub struct PyTimes {
    timestamp: i64,
    step: i64,
    now: i64,
    ttl: Option<i64>,
    null_deletes: bool,
}

impl PyTimes {
    /// The core's.
    const fn given(&self) -> Times {
        Times {
            timestamp: self.timestamp,
            step: self.step,
            now: self.now,
            ttl: self.ttl,
            null_deletes: self.null_deletes,
        }
    }
}

/// Rows of a table that are to be written; they may come in any order.
#[pyclass(module = "cqlite._native", frozen)]
pub struct ArrowImporter {
    facts: Facts,
    state: Mutex<State>,
}

/// What it does.
enum State {
    Taking(Box<Importer>),
    Writing(Box<Rows>),
    Ended,
}

/// Why an SSTable is not written.
enum Stop {
    Engine(Error),
    Python(PyErr),
    Ended,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

#[pymethods]
impl ArrowImporter {
    /// An importer for the table that `facts`, a `cqlite.sstable.select.facts.Facts`, describe.
    ///
    /// Args:
    ///     facts: all of the table's columns.
    ///     folder: for temporary files.
    ///     memory: about how many bytes of rows are held in memory.
    ///
    /// Raises:
    ///     UnsupportedFeatureError: a partitioner that is not Cassandra's.
    #[new]
    fn new(facts: &Bound<'_, PyAny>, folder: PathBuf, memory: usize) -> PyResult<Self> {
        let py = facts.py();
        let (facts, files) = extract(facts)?;
        let importer = Importer::new(&facts, &folder, memory);
        let importer = importer.map_err(|error| files.exception(py, &error))?;
        Ok(Self { facts, state: Mutex::new(State::Taking(Box::new(importer))) })
    }

    /// Whether it can take batches like those of `reader`, a `pyarrow.RecordBatchReader`.
    ///
    /// Raises:
    ///     ValueError: the library cannot read them.
    fn fits(&self, reader: &Bound<'_, PyAny>) -> PyResult<bool> {
        let batch = RecordBatch::new_empty(imported(reader)?.schema());
        Ok(self.columns(&batch).fit(&batch))
    }

    /// Takes the rows of batches.
    ///
    /// Args:
    ///     reader: a `pyarrow.RecordBatchReader` of batches, which are not copied.
    ///     times: a `cqlite.sstable.write.native_arrow.RowTimes`.
    ///
    /// Returns:
    ///     `None`, or the row that cannot be written; nothing of its batch is taken then.
    ///
    /// Raises:
    ///     ValueError: the library cannot read them, or rows are being written already.
    ///     OSError: a temporary file cannot be written.
    fn add(&self, reader: &Bound<'_, PyAny>, times: PyTimes) -> PyResult<Option<Rejected>> {
        let py = reader.py();
        let mut state = self.locked();
        let State::Taking(importer) = &mut *state else { return Err(ended()) };
        let mut times = times.given();
        let mut num_taken = 0_usize;
        for batch in imported(reader)? {
            let batch = batch.map_err(broken)?;
            let columns = self.columns(&batch);
            match py.detach(|| importer.add(&batch, &columns, &times)) {
                Ok(()) => {}
                Err(Failure::Row(RowFailure { row, column, reason })) => {
                    return Ok(Some((num_taken.saturating_add(row), column, reason)));
                }
                Err(Failure::Engine(error)) => {
                    return Err(exception(py, &error, &Paths::default()));
                }
            }
            num_taken = num_taken.saturating_add(batch.num_rows());
            let number = i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
            times.timestamp = times.timestamp.saturating_add(times.step.saturating_mul(number));
        }
        Ok(None)
    }

    /// What a header of the rows says: the least `timestamp`, `local_deletion_time` and `ttl`,
    /// `None` where there are none, and by their indexes the `columns`.
    ///
    /// Raises:
    ///     ValueError: the rows are being written already.
    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let State::Taking(importer) = &*self.locked() else { return Err(ended()) };
        let stats = importer.stats();
        let made = PyDict::new(py);
        made.set_item("timestamp", stats.timestamp)?;
        made.set_item("local_deletion_time", stats.local_deletion_time)?;
        made.set_item("ttl", stats.ttl)?;
        let columns = (0_usize..).zip(&stats.columns).filter(|(_, has)| **has);
        made.set_item("columns", columns.map(|(index, _)| index).collect::<Vec<_>>())?;
        Ok(made)
    }

    /// Puts all rows in order, and says whether there are any. Nothing more can be added.
    ///
    /// Raises:
    ///     ValueError: they are in order already.
    ///     OSError: a temporary file cannot be read.
    fn sort(&self, py: Python<'_>) -> PyResult<bool> {
        let mut state = self.locked();
        let State::Taking(importer) = std::mem::replace(&mut *state, State::Ended) else {
            return Err(ended());
        };
        let rows = py.detach(|| importer.finish());
        let rows = rows.map_err(|error: Error| exception(py, &error, &Paths::default()))?;
        let has_more = rows.has_more();
        *state = State::Writing(Box::new(rows));
        Ok(has_more)
    }

    /// Writes an SSTable.
    ///
    /// Args:
    ///     facts: the `Facts` of the new SSTable, its columns those that rows have.
    ///     settings: a `cqlite.sstable.write.native.WriteSettings`.
    ///     outputs: paths of the components to write, by their names.
    ///     max_size: bytes of uncompressed rows after which it ends with the partition.
    ///
    /// Returns:
    ///     What its rows add up to, as `cqlite.sstable.write.native` takes it, and whether there
    ///     are more rows.
    ///
    /// Raises:
    ///     ValueError: rows are not sorted, or all are written.
    ///     UnsupportedFeatureError: a compressor that is not Cassandra's.
    ///     OSError: the system cannot write.
    fn write<'py>(
        &self,
        py: Python<'py>,
        facts: &Bound<'py, PyAny>,
        settings: PySettings,
        outputs: Paths,
        max_size: u64,
    ) -> PyResult<(Bound<'py, PyDict>, bool)> {
        let (given, _) = extract(facts)?;
        let (settings, facts) = settings.apply(&given);
        let columns = self.places(&facts);
        let mut state = self.locked();
        let State::Writing(rows) = &mut *state else { return Err(ended()) };
        let paths = outputs.clone();
        let done = py.detach(|| -> Result<(Written, bool), Stop> {
            if !rows.has_more() {
                return Err(Stop::Ended);
            }
            let mut writer = TableWriter::new(&facts, &settings, &Outputs(outputs))?;
            rows.write(&mut writer, &columns, max_size, |_| {
                Python::attach(|py| py.check_signals()).map_err(Stop::Python)
            })?;
            Ok((writer.finish()?, rows.has_more()))
        });
        match done {
            Ok((written, has_more)) => Ok((described(py, &written)?, has_more)),
            Err(Stop::Engine(error)) => Err(exception(py, &error, &paths)),
            Err(Stop::Python(error)) => Err(error),
            Err(Stop::Ended) => Err(ended()),
        }
    }
}

impl ArrowImporter {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn columns(&self, batch: &RecordBatch) -> Columns {
        let schema = batch.schema_ref();
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        Columns::new(&self.facts, &names)
    }

    /// For each of the table's regular columns its place among those of an SSTable.
    fn places(&self, facts: &Facts) -> Vec<Option<usize>> {
        let wanted = |name: &str| {
            facts.columns_of(ColumnKind::Regular).position(|column| column.name == name)
        };
        self.facts.columns_of(ColumnKind::Regular).map(|column| wanted(&column.name)).collect()
    }
}

/// The batches of a `pyarrow.RecordBatchReader`, where they are.
fn imported(reader: &Bound<'_, PyAny>) -> PyResult<ArrowArrayStreamReader> {
    let mut stream = Box::new(FFI_ArrowArrayStream::empty());
    let address = std::ptr::from_mut(stream.as_mut()).expose_provenance();
    reader.call_method1("_export_to_c", (address,))?;
    ArrowArrayStreamReader::try_new(*stream).map_err(broken)
}

fn broken(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn ended() -> PyErr {
    PyValueError::new_err("the importer is past that")
}
