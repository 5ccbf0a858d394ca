//! Scans as Arrow streams by the PyCapsule protocol.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use cqlite_core::errors::{Error, Kind};
use cqlite_core::export::arrow::{self, MergeScan, Plan, Scan, schema, stretches};
use cqlite_core::sstable::merge::Header;
use cqlite_core::sstable::{Files, Table};
use pyo3::exceptions::{PyBaseException, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3::{PyTraverseError, PyVisit};

use super::components::Components;
use super::errors::{Paths, exception};
use super::parallel::{PARTS_PER_THREAD, Parallel, Part, pieces};
use super::plan::Asked;

/// Bytes of uncompressed blocks that a scan keeps for lookups.
const CACHE_LIMIT: u64 = 1 << 24;

/// After how long Python is asked again about signals.
const INTERVAL: Duration = Duration::from_millis(50);

/// What stands for a panic, which would end the process of some libraries.
pub const BUG: &str = "the engine failed, which is a bug of it";

/// What a stream needs of an SSTable.
#[derive(Clone)]
pub struct Opened {
    /// The SSTable.
    pub table: Arc<Table>,
    /// Its components.
    pub files: Arc<Components>,
    /// Whether it was closed.
    pub is_closed: Arc<AtomicBool>,
}

/// What a stream reads.
pub enum Input {
    /// One SSTable.
    One(Opened),
    /// Several, merged to a table of these columns.
    Several(Arc<Vec<Opened>>, Arc<Header>),
}

impl Input {
    fn all(&self) -> &[Opened] {
        match self {
            Self::One(opened) => std::slice::from_ref(opened),
            Self::Several(opened, _) => opened,
        }
    }

    fn is_closed(&self) -> bool {
        self.all().iter().any(|opened| opened.is_closed.load(Ordering::Relaxed))
    }

    fn exception(&self, py: Python<'_>, error: &Error) -> PyErr {
        exception_of(py, error, self.all())
    }
}

/// What is asked now and then whether to go on: not once a signal's handler has raised what is
/// put into `interruption`. `asked` is when Python was last asked.
pub fn signals(
    asked: &mut Option<Instant>,
    interruption: &mut Option<PyErr>,
) -> impl FnMut() -> bool {
    || {
        if asked.is_some_and(|at| at.elapsed() < INTERVAL) {
            return true;
        }
        *asked = Some(Instant::now());
        *interruption = Python::attach(|py| py.check_signals()).err();
        interruption.is_none()
    }
}

/// The exception that `error`, about one of `all`, is in Python.
pub fn exception_of(py: Python<'_>, error: &Error, all: &[Opened]) -> PyErr {
    match all.get(error.sstable) {
        Some(opened) => opened.files.exception(py, error),
        None => exception(py, error, &Paths::new()),
    }
}

/// The components of all.
pub fn files(all: &[Opened]) -> Vec<&dyn Files> {
    all.iter().map(|opened| -> &dyn Files { opened.files.as_ref() }).collect()
}

/// A scan of several SSTables, by as many threads as may work.
fn merge(opened: &[Opened], header: &Arc<Header>, asked: Asked) -> Result<State, Error> {
    let tables: Vec<Arc<Table>> = opened.iter().map(|each| Arc::clone(&each.table)).collect();
    let files = files(opened);
    let opened = arrow::Opened { tables: &tables, files: &files };
    let (plan, restriction) = (Arc::new(asked.plan), asked.restriction);
    if asked.threads > 1 && plan.limit.is_none() {
        let number = asked.threads.saturating_mul(PARTS_PER_THREAD);
        // Without indexes that work, one thread reads from front to back.
        let found = stretches(&opened, header, &restriction, number).unwrap_or_default();
        if found.len() > 1 {
            let part = |stretch| -> Part {
                let (tables, slices) = (tables.clone(), restriction.slices.clone());
                let (header, plan) = (Arc::clone(header), Arc::clone(&plan));
                Box::new(move || {
                    let scan = MergeScan::stretch(&tables, &header, &plan, slices, stretch)?;
                    Ok(Box::new(scan))
                })
            };
            let parts = found.into_iter().map(part).collect();
            return Ok(State::Several(Parallel::start(parts, asked.threads)));
        }
    }
    Ok(State::One(Box::new(MergeScan::new(&opened, header, &plan, restriction)?)))
}

#[derive(Default)]
struct Shared {
    error: Mutex<Option<Py<PyBaseException>>>,
    position: AtomicU64,
}

impl Shared {
    fn fail(&self, error: PyErr) -> ArrowError {
        let (text, error) =
            Python::attach(|py| (error.value(py).to_string(), error.into_value(py)));
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        ArrowError::ExternalError(text.into())
    }
}

enum State {
    New(Asked),
    One(Box<dyn arrow::Batches + Send>),
    Several(Parallel),
    Ended,
}

/// The batches of a scan, read where they are asked for.
struct Batches {
    input: Input,
    schema: SchemaRef,
    state: State,
    shared: Arc<Shared>,
    /// When Python was last asked about signals.
    asked: Option<Instant>,
    /// What a signal's handler raised, until the rows before it have been given.
    interruption: Option<PyErr>,
}

impl Batches {
    fn begin(&self, asked: Asked) -> Result<State, Error> {
        let Opened { table, files, .. } = match &self.input {
            Input::One(opened) => opened,
            Input::Several(opened, header) => return merge(opened, header, asked),
        };
        let plan: Arc<Plan> = Arc::new(asked.plan);
        let restriction = asked.restriction;
        let is_restricted = restriction.keys.is_some() || !restriction.start.is_empty();
        let is_whole = !is_restricted && restriction.end.is_none() && restriction.slices.is_none();
        let files = files.as_ref();
        if asked.threads > 1 && is_whole && plan.limit.is_none() {
            // Without an index that works, one thread reads from front to back.
            let found = table.lookup(files, CACHE_LIMIT);
            let found = found.and_then(|mut lookup| pieces(table, &mut lookup, asked.threads));
            if let Ok(found) = found {
                if found.len() > 1 {
                    let part = |piece| -> Part {
                        let (table, plan) = (Arc::clone(table), Arc::clone(&plan));
                        Box::new(move || Ok(Box::new(Scan::piece(table, plan, piece)?)))
                    };
                    let parts = found.into_iter().map(part).collect();
                    return Ok(State::Several(Parallel::start(parts, asked.threads)));
                }
            }
        }
        let lookup = if is_restricted { Some(table.lookup(files, CACHE_LIMIT)?) } else { None };
        let scan = Scan::new(Arc::clone(table), lookup, plan, restriction)?;
        Ok(State::One(Box::new(scan)))
    }

    fn read(&mut self, go_on: &mut dyn FnMut() -> bool) -> Result<Option<RecordBatch>, Error> {
        if let State::New(_) = self.state {
            if let State::New(asked) = std::mem::replace(&mut self.state, State::Ended) {
                self.state = self.begin(asked)?;
            }
        }
        let found = match &mut self.state {
            State::One(scan) => scan.next_batch(go_on)?.map(|batch| (batch, scan.position())),
            State::Several(parallel) => parallel.next_batch(go_on)?,
            State::New(_) | State::Ended => None,
        };
        let Some((batch, position)) = found else { return Ok(None) };
        self.shared.position.store(position, Ordering::Relaxed);
        Ok(Some(batch))
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.input.is_closed() {
            self.state = State::Ended;
            return Some(Err(self.shared.fail(PyValueError::new_err("the SSTable is closed"))));
        }
        let mut interruption = self.interruption.take();
        let mut asked = self.asked;
        // A panic must not get to the library that takes the stream: it would end the process.
        let result = catch_unwind(AssertUnwindSafe(|| {
            self.read(&mut signals(&mut asked, &mut interruption))
        }));
        self.asked = asked;
        let error = match result {
            Ok(Ok(found)) => {
                self.interruption = interruption;
                return found.map(Ok);
            }
            Ok(Err(error)) => error,
            Err(_) => Error::new(Kind::Unsupported, "", BUG),
        };
        self.state = State::Ended;
        let error =
            interruption.unwrap_or_else(|| Python::attach(|py| self.input.exception(py, &error)));
        Some(Err(self.shared.fail(error)))
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// The answer to a plan, which can be taken once.
#[pyclass(module = "cqlite._native", frozen)]
pub struct ArrowStream {
    schema: SchemaRef,
    batches: Mutex<Option<Batches>>,
    shared: Arc<Shared>,
}

impl ArrowStream {
    /// The answer to what is `asked`.
    pub fn new(py: Python<'_>, input: Input, asked: Asked) -> PyResult<Self> {
        let schema = schema(&asked.plan).map_err(|error| input.exception(py, &error))?;
        // Damage can have put a null byte into a name, which ends it for Arrow's interface.
        FFI_ArrowSchema::try_from(&schema).map_err(|error| {
            let message = format!("Arrow cannot have these columns: {error}");
            input.exception(py, &Error::new(Kind::Unsupported, "", message))
        })?;
        let (schema, shared) = (Arc::new(schema), Arc::new(Shared::default()));
        let state = State::New(asked);
        let batches = Batches {
            input,
            schema: Arc::clone(&schema),
            state,
            shared: Arc::clone(&shared),
            asked: None,
            interruption: None,
        };
        Ok(Self { schema, batches: Mutex::new(Some(batches)), shared })
    }
}

#[pymethods]
impl ArrowStream {
    /// Why the stream ended before its time, else `None`.
    #[getter]
    fn error(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        let held = self.shared.error.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|error| error.clone_ref(py).into_any())
    }

    /// An error that is raised leads, by its traceback, to those who hold the stream.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.shared.error.try_lock() {
            Ok(held) => visit.call(held.as_ref()),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        // What the error held on to may ask for it while it goes, so that the lock goes first.
        let error = self.shared.error.try_lock().ok().and_then(|mut held| held.take());
        drop(error);
    }

    /// How many bytes of the uncompressed Data.db are done with.
    #[getter]
    fn position(&self) -> u64 {
        self.shared.position.load(Ordering::Relaxed)
    }

    /// A PyCapsule `arrow_schema`.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let made = FFI_ArrowSchema::try_from(self.schema.as_ref());
        let made = made.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        PyCapsule::new_with_value(py, made, c"arrow_schema")
    }

    /// A PyCapsule `arrow_array_stream`; `requested_schema` is not followed.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner).take();
        let batches = batches.ok_or_else(|| PyValueError::new_err("the stream was taken"))?;
        let made = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, made, c"arrow_array_stream")
    }
}
