//! `cqlite.sstable.select.plan.ScanPlan` as the core's.

use cqlite_core::errors::{Error, Kind};
use cqlite_core::export::arrow::{Empty, OutputColumn, Plan, Restriction};
use cqlite_core::sstable::merge::{Part, Span, Telling};
use cqlite_core::sstable::{Bound as SliceBound, ColumnKind, Slice};
use cqlite_core::types::parse_type;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::errors::{Paths, exception};

/// The most bytes of values that a batch may have, so that offsets of 32 bits reach its end.
const MAX_BATCH_BYTES: usize = 1 << 25;

#[derive(FromPyObject)]
struct PyOutput<'py> {
    name: Bound<'py, PyString>,
    r#type: String,
    kind: String,
    position: Option<usize>,
    decimal: Option<(u8, i8)>,
}

/// A `SliceBound` in Python.
#[derive(FromPyObject)]
struct PySliceBound {
    values: Vec<Vec<u8>>,
    inclusive: bool,
}

/// A `Slice` in Python.
#[derive(FromPyObject)]
pub struct PySlice {
    start: PySliceBound,
    end: PySliceBound,
}

impl From<PySlice> for Slice {
    fn from(slice: PySlice) -> Self {
        let bound =
            |bound: PySliceBound| SliceBound { values: bound.values, inclusive: bound.inclusive };
        Self { start: bound(slice.start), end: bound(slice.end) }
    }
}

#[derive(FromPyObject)]
struct PyPositions {
    start: Vec<u8>,
    end: Option<Vec<u8>>,
}

#[derive(FromPyObject)]
struct PyRestriction {
    keys: Option<Vec<Vec<u8>>>,
    positions: PyPositions,
    slices: Option<Vec<PySlice>>,
}

#[derive(FromPyObject)]
struct PyPlan<'py> {
    columns: Vec<PyOutput<'py>>,
    restriction: PyRestriction,
    limit: Option<u64>,
    batch_rows: usize,
    batch_bytes: usize,
    metadata: bool,
    empty: String,
    threads: usize,
}

#[derive(FromPyObject)]
struct PyRowRestriction {
    positions: PyPositions,
    slices: Option<Vec<PySlice>>,
}

/// A `cqlite.table.plan.TablePlan` in Python, as far as it says which rows are wanted and when.
#[derive(FromPyObject)]
pub struct PyTablePlan {
    restriction: PyRowRestriction,
    limit: Option<u64>,
    reverse: bool,
    now: i64,
    as_of: Option<i64>,
}

impl PyTablePlan {
    /// Rows that are wanted at most. The last ones of a partition are only known at its end.
    const fn most(&self) -> Option<u64> {
        if self.reverse { None } else { self.limit }
    }

    fn telling(&self, times: bool) -> Telling {
        Telling { now: Some(self.now), as_of: self.as_of, times }
    }

    /// The partition of `key`, with `times` if it is told when values were written.
    pub fn part(self, key: &[u8], times: bool) -> Part {
        let (limit, telling) = (self.most(), self.telling(times));
        Part { key: key.to_vec(), slices: slices(self.restriction.slices), limit, telling }
    }

    /// The partitions that are wanted, as [`PyTablePlan::part`].
    pub fn span(self, times: bool) -> Span {
        let (limit, telling) = (self.most(), self.telling(times));
        let PyRowRestriction { positions, slices: found } = self.restriction;
        let (start, end) = (positions.start, positions.end);
        Span { start, end, slices: slices(found), limit, telling }
    }
}

fn slices(found: Option<Vec<PySlice>>) -> Option<Vec<Slice>> {
    found.map(|slices| slices.into_iter().map(Slice::from).collect())
}

/// What is asked for.
#[derive(Clone)]
pub struct Asked {
    /// Which columns, and how they are cut into batches.
    pub plan: Plan,
    /// Which partitions and rows.
    pub restriction: Restriction,
    /// How many threads may work.
    pub threads: usize,
}

/// What `plan` says.
pub fn extract(plan: &Bound<'_, PyAny>, paths: &Paths) -> PyResult<Asked> {
    let found: PyPlan<'_> = plan.extract()?;
    let columns: PyResult<Vec<OutputColumn>> =
        found.columns.into_iter().map(|column| output(column, paths)).collect();
    let restriction = found.restriction;
    Ok(Asked {
        plan: Plan {
            columns: columns?,
            limit: found.limit,
            batch_rows: found.batch_rows,
            batch_bytes: found.batch_bytes.min(MAX_BATCH_BYTES),
            metadata: found.metadata,
            empty: if found.empty == "null" { Empty::Null } else { Empty::Error },
            now: None,
            as_of: None,
        },
        restriction: Restriction {
            keys: restriction.keys,
            start: restriction.positions.start,
            end: restriction.positions.end,
            slices: slices(restriction.slices),
        },
        threads: found.threads,
    })
}

/// The kind of column that is called `name`.
pub fn kind(name: &str) -> Result<ColumnKind, Error> {
    ColumnKind::named(name).ok_or_else(|| {
        let message = format!("no kind of column is called '{name}'");
        Error::new(Kind::Unsupported, "", message)
    })
}

fn output(column: PyOutput<'_>, paths: &Paths) -> PyResult<OutputColumn> {
    let failed = |error: &Error| exception(column.name.py(), error, paths);
    let kind = kind(&column.kind).map_err(|error| failed(&error))?;
    // Names may have bytes that are not UTF-8, which Arrow's cannot.
    let bytes = column.name.call_method1("encode", ("utf-8", "surrogateescape"))?;
    let name = bytes.call_method1("decode", ("utf-8", "backslashreplace"))?.extract()?;
    let cql = parse_type(&column.r#type).map_err(|error| failed(&error))?;
    Ok(OutputColumn { name, cql, kind, position: column.position, decimal: column.decimal })
}
