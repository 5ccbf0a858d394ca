//! The core's errors as those of `cqlite.errors`, with the files that they are about.

use std::collections::HashMap;
use std::path::PathBuf;

use cqlite_core::errors::{Error, Kind};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

/// Paths of components by their names.
pub type Paths = HashMap<String, PathBuf>;

/// The exception that `error` is in Python.
pub fn exception(py: Python<'_>, error: &Error, paths: &Paths) -> PyErr {
    make(py, error, paths).unwrap_or_else(|failure| failure)
}

/// A path in Python, also of what is behind a URL.
fn path_of<'py>(py: Python<'py>, path: &PathBuf) -> PyResult<Bound<'py, PyAny>> {
    if path.to_str().is_some_and(|path| path.contains("://")) {
        return py.import("cqlite.io")?.getattr("as_path")?.call1((path.to_str(),));
    }
    path.into_pyobject(py)
}

fn make(py: Python<'_>, error: &Error, paths: &Paths) -> PyResult<PyErr> {
    let class = match error.kind {
        Kind::Corrupt => "CorruptSSTableError",
        Kind::Truncated => "TruncatedError",
        Kind::Checksum => "ChecksumError",
        Kind::InvalidValue => "InvalidValueError",
        Kind::Unsupported => "UnsupportedFeatureError",
        Kind::Missing => "MissingComponentError",
        Kind::Output => "OutputError",
        Kind::Io => return Ok(PyOSError::new_err(error.to_string())),
    };
    let module = py.import("cqlite.errors")?;
    let some = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    let path = paths.get(error.component).map(|path| path_of(py, path)).transpose()?;
    let place = module.getattr("Where")?.call1((
        path,
        some(error.component),
        error.offset,
        some(&error.field),
    ))?;
    Ok(PyErr::from_value(module.getattr(class)?.call1((&error.message, place))?))
}
