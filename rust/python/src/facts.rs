//! `cqlite.sstable.select.facts.Facts` as the core's.

use std::collections::HashMap;

use cqlite_core::errors::Error;
use cqlite_core::sstable::{ColumnFacts, Facts};
use pyo3::prelude::*;

use super::components::Components;
use super::errors::{Paths, exception};
use super::plan;

/// A `ColumnFacts` in Python.
#[derive(FromPyObject)]
struct PyColumn {
    name: String,
    r#type: String,
    kind: String,
}

/// A `Facts` in Python.
#[derive(FromPyObject)]
struct PyFacts {
    components: Paths,
    open: Option<Py<PyAny>>,
    version: u8,
    format: String,
    is_compressed: bool,
    min_timestamp: i64,
    min_local_deletion_time: i64,
    min_ttl: i64,
    columns: Vec<PyColumn>,
    dropped: HashMap<String, i64>,
    partitioner: String,
    last_key: Option<Vec<u8>>,
}

/// What `facts` say, and the components.
pub fn extract(facts: &Bound<'_, PyAny>) -> PyResult<(Facts, Components)> {
    let found: PyFacts = facts.extract()?;
    let columns: Result<Vec<ColumnFacts>, Error> = found.columns.into_iter().map(column).collect();
    let columns = columns.map_err(|error| exception(facts.py(), &error, &found.components))?;
    let facts = Facts {
        version: found.version,
        is_bti: found.format == "bti",
        is_compressed: found.is_compressed,
        min_timestamp: found.min_timestamp,
        min_local_deletion_time: found.min_local_deletion_time,
        min_ttl: found.min_ttl,
        columns,
        dropped: found.dropped,
        partitioner: found.partitioner,
        last_key: found.last_key,
    };
    Ok((facts, Components::new(found.components, found.open)))
}

/// The columns that a list of `ColumnFacts` describes.
pub fn columns(found: &Bound<'_, PyAny>) -> PyResult<Vec<ColumnFacts>> {
    let described: Vec<PyColumn> = found.extract()?;
    let columns: Result<Vec<ColumnFacts>, Error> = described.into_iter().map(column).collect();
    columns.map_err(|error| exception(found.py(), &error, &Paths::new()))
}

fn column(found: PyColumn) -> Result<ColumnFacts, Error> {
    ColumnFacts::new(found.name, &found.r#type, plan::kind(&found.kind)?)
}
