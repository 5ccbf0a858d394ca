//! An SSTable's components: files of the system, or what Python reads.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use cqlite_core::errors::{Error, Kind};
use cqlite_core::io::{Component, Source};
use cqlite_core::sstable::{self, Files};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::errors::{Paths, exception};

/// What Python raised while it read, until it is raised again.
type Raised = Arc<Mutex<Option<PyErr>>>;

/// Components of an SSTable by their names.
pub struct Components {
    files: sstable::Paths,
    /// What opens a component of a name, where these are no files of the system: a
    /// `cqlite.io.remote.SharedFile`.
    open: Option<Py<PyAny>>,
    raised: Raised,
}

impl Components {
    /// Those at `paths`, which are shown in messages, and opened unless `open` does that.
    pub fn new(paths: Paths, open: Option<Py<PyAny>>) -> Self {
        Self { files: sstable::Paths(paths), open, raised: Raised::default() }
    }

    /// Paths of the components by their names.
    pub const fn paths(&self) -> &Paths {
        &self.files.0
    }

    /// The exception that `error`, about one of them, is in Python.
    pub fn exception(&self, py: Python<'_>, error: &Error) -> PyErr {
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner).take();
        match raised {
            Some(raised) if error.kind == Kind::Io => raised,
            _ => exception(py, error, self.paths()),
        }
    }
}

impl Files for Components {
    fn open(&self, name: &'static str) -> Result<Option<Component>, Error> {
        let Some(open) = &self.open else { return self.files.open(name) };
        if !self.files.0.contains_key(name) {
            return Ok(None);
        }
        let opened = Python::attach(|py| {
            let file = open.call1(py, (name,))?;
            let length = file.getattr(py, "size")?.extract(py)?;
            Ok(Remote { file, length, raised: Arc::clone(&self.raised) })
        });
        match opened {
            Ok(file) => Ok(Some(Component::new(Arc::new(file), name))),
            Err(error) => Err(Error::new(Kind::Io, name, keep(&self.raised, error))),
        }
    }
}

/// A file that Python reads.
struct Remote {
    file: Py<PyAny>,
    length: u64,
    raised: Raised,
}

impl Source for Remote {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let read = Python::attach(|py| {
            let found = self.file.call_method1(py, "read_at", (offset, buffer.len()))?;
            let found = found.bind(py).cast::<PyBytes>()?.as_bytes();
            let size = found.len().min(buffer.len());
            if let (Some(to), Some(from)) = (buffer.get_mut(..size), found.get(..size)) {
                to.copy_from_slice(from);
            }
            Ok(size)
        });
        read.map_err(|error| io::Error::other(keep(&self.raised, error)))
    }
}

/// Keeps what was raised, and says what it is.
fn keep(raised: &Raised, error: PyErr) -> String {
    let text = error.to_string();
    *raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    text
}
