//! `cqlite dump`: an SSTable's rows as JSON, written without Python having a part in it.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cqlite_core::blocks::{
    Blocks, COMPRESSION_INFO, CRC, Checksums, CompressionInfo, DATA, Stream,
};
use cqlite_core::errors::{Error, Kind};
use cqlite_core::export::json::{Column, Failure, Invalid, JsonDump, Options, Part, Table};
use cqlite_core::io::{Component, FileSource};
use cqlite_core::rows::{Columns, Next, Projection, RowFormat, RowReader, Window};
use cqlite_core::types::{CqlType, parse_type};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};

use super::errors::{Paths, exception};

/// What Python knows of the SSTable, and how it is to be shown: `cqlite.export.native.Plan`.
#[derive(FromPyObject)]
pub(crate) struct Plan {
    data: PathBuf,
    compression_info: Option<PathBuf>,
    crc: Option<PathBuf>,
    version: u8,
    min_timestamp: i64,
    min_local_deletion_time: i64,
    min_ttl: i64,
    table_kind: String,
    key_type: String,
    key_columns: Vec<String>,
    clustering: Vec<String>,
    statics: Vec<(Vec<u8>, String)>,
    regulars: Vec<(Vec<u8>, String)>,
    now: i64,
    raw_timestamps: bool,
    lines: bool,
    excluded: Vec<Vec<u8>>,
}

/// Where the text goes: standard output's file, or a Python object.
enum Out {
    Standard(File),
    Object(Py<PyAny>),
}

impl Out {
    fn new(object: Option<Py<PyAny>>) -> io::Result<Self> {
        if let Some(object) = object {
            return Ok(Self::Object(object));
        }
        #[cfg(unix)]
        let standard = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned()?;
        #[cfg(windows)]
        let standard =
            std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned()?;
        Ok(Self::Standard(File::from(standard)))
    }

    fn write(&mut self, py: Python<'_>, text: &[u8]) -> PyResult<()> {
        match self {
            Self::Standard(file) => Ok(py.detach(|| file.write_all(text))?),
            Self::Object(object) => {
                object.call_method1(py, "write", (PyBytes::new(py, text),)).map(|_| ())
            }
        }
    }
}

/// What ends a dump before its time.
enum Stop {
    Failure(Failure),
    Python(PyErr),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failure(Failure::Read(error))
    }
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

/// The value that could not be shown, and the last key.
type Outcome<'py> = (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyBytes>>);

/// Writes the partitions at `positions`, or all, and tells `progress` how far it has come.
///
/// Returns the value that could not be shown, as `cqlite.export.native` takes it, and the last
/// partition's key.
#[pyfunction]
pub(crate) fn dump_json<'py>(
    py: Python<'py>,
    plan: Plan,
    positions: Option<Bound<'py, PyIterator>>,
    out: Option<Py<PyAny>>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Outcome<'py>> {
    let table = plan.table().map_err(|error| PyValueError::new_err(error.to_string()))?;
    let options = plan.options();
    let run = Run { plan: &plan, table: &table, options: &options, positions, progress };
    let mut out = Out::new(out)?;
    let (done, last_key) =
        if plan.lines { run.all::<true>(py, &mut out) } else { run.all::<false>(py, &mut out) };
    let problem = match done {
        Ok(()) => None,
        Err(Stop::Python(error)) => return Err(error),
        Err(Stop::Failure(Failure::Read(error))) => {
            return Err(exception(py, &error, &plan.paths()));
        }
        Err(Stop::Failure(Failure::Value(invalid))) => Some(described(py, *invalid)?),
    };
    Ok((problem, last_key.map(|key| PyBytes::new(py, &key))))
}

struct Run<'r, 'py> {
    plan: &'r Plan,
    table: &'r Table,
    options: &'r Options,
    positions: Option<Bound<'py, PyIterator>>,
    progress: Option<Py<PyAny>>,
}

impl Run<'_, '_> {
    fn all<const LINES: bool>(
        &self,
        py: Python<'_>,
        out: &mut Out,
    ) -> (Result<(), Stop>, Option<Vec<u8>>) {
        let mut dump = JsonDump::<LINES>::new(self.table, self.options);
        let done = self.partitions(py, &mut dump, out);
        dump.finish();
        let written = out.write(py, dump.text()).map_err(Stop::from);
        let last_key = dump.last_key().map(<[u8]>::to_vec);
        (if matches!(done, Err(Stop::Python(_))) { done } else { written.and(done) }, last_key)
    }

    fn partitions<const LINES: bool>(
        &self,
        py: Python<'_>,
        dump: &mut JsonDump<'_, LINES>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let format = self.plan.format(self.table);
        let projection = Projection::all(&format);
        let mut reader = RowReader::new(&format, &projection);
        let Some(positions) = &self.positions else {
            let mut stream = self.plan.stream()?;
            self.read(py, &mut stream, &mut reader, 0, dump, out)?;
            return Ok(stream.check_end()?);
        };
        let mut stream = None;
        for position in positions.clone() {
            let position = position?.extract()?;
            let stream = match &mut stream {
                Some(stream) => stream,
                None => stream.insert(self.plan.stream()?),
            };
            reader.at_partition();
            dump.stop_after_partition();
            self.read(py, stream, &mut reader, position, dump, out)?;
        }
        Ok(())
    }

    /// Reads from the partition at `position` on until the dump or the stream ends.
    fn read<const LINES: bool>(
        &self,
        py: Python<'_>,
        stream: &mut Stream,
        reader: &mut RowReader<'_>,
        position: u64,
        dump: &mut JsonDump<'_, LINES>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let (mut position, mut wanted) = (position, 1);
        loop {
            let end = stream.end();
            let progress = py.detach(|| -> Result<_, Failure> {
                let bytes = stream.bytes(position, wanted)?;
                reader.read(Window { bytes, position, end }, dump)
            })?;
            out.write(py, dump.text())?;
            dump.taken();
            py.check_signals()?;
            position = progress.position;
            if let Some(tell) = &self.progress {
                tell.call1(py, (position,))?;
            }
            match progress.next {
                Next::More(more) => wanted = more,
                Next::Stopped | Next::Ended => return Ok(()),
            }
        }
    }
}

impl Plan {
    fn paths(&self) -> Paths {
        let parts = [
            (DATA, Some(&self.data)),
            (COMPRESSION_INFO, self.compression_info.as_ref()),
            (CRC, self.crc.as_ref()),
        ];
        parts
            .into_iter()
            .filter_map(|(name, path)| Some((name.to_owned(), path?.clone())))
            .collect()
    }

    fn table(&self) -> Result<Table, Error> {
        let kinds = |names: &[String]| -> Result<Vec<CqlType>, Error> {
            names.iter().map(|name| parse_type(name)).collect()
        };
        let columns = |columns: &[(Vec<u8>, String)]| -> Result<Vec<Column>, Error> {
            let column = |(name, kind): &(Vec<u8>, String)| {
                Ok(Column { name: name.clone(), kind: parse_type(kind)? })
            };
            columns.iter().map(column).collect()
        };
        Ok(Table {
            kind: self.table_kind.clone(),
            key: parse_type(&self.key_type)?,
            key_columns: kinds(&self.key_columns)?,
            clustering: kinds(&self.clustering)?,
            statics: columns(&self.statics)?,
            regulars: columns(&self.regulars)?,
        })
    }

    fn options(&self) -> Options {
        Options {
            now: self.now,
            raw_timestamps: self.raw_timestamps,
            excluded: self.excluded.iter().cloned().collect(),
        }
    }

    fn format(&self, table: &Table) -> RowFormat {
        let columns = |columns: &[Column]| {
            Columns::new(columns.iter().map(|column| column.kind.shape()).collect())
        };
        RowFormat {
            version: self.version,
            clustering_shapes: table.clustering.iter().map(CqlType::shape).collect(),
            statics: columns(&table.statics),
            regulars: columns(&table.regulars),
            min_timestamp: self.min_timestamp,
            min_local_deletion_time: self.min_local_deletion_time,
            min_ttl: self.min_ttl,
        }
    }

    fn stream(&self) -> Result<Stream, Error> {
        let data = component(&self.data, DATA)?;
        let blocks = if let Some(path) = &self.compression_info {
            let bytes = component(path, COMPRESSION_INFO)?.read_all()?;
            let info = CompressionInfo::decode(&bytes, self.version, data.len())?;
            Blocks::compressed(data, info)
        } else {
            let checksums = match &self.crc {
                Some(path) => {
                    let bytes = component(path, CRC)?.read_all()?;
                    Some(Checksums::decode(&bytes, self.version)?)
                }
                None => None,
            };
            Blocks::plain(data, checksums)
        };
        Ok(Stream::new(Arc::new(blocks)))
    }
}

fn component(path: &Path, name: &'static str) -> Result<Component, Error> {
    let source = FileSource::open(path).map_err(|error| {
        Error::new(Kind::Io, name, format!("the file cannot be opened: {error}"))
    })?;
    Ok(Component::new(Arc::new(source), name))
}

/// A value that cannot be shown, as `cqlite.export.native` takes it.
fn described(py: Python<'_>, invalid: Invalid) -> PyResult<Bound<'_, PyAny>> {
    let (kind, index, path) = match invalid.part {
        Part::Key => ("key", 0, None),
        Part::Clustering(index) => ("clustering", index, None),
        Part::Static(index, path) => ("static", index, path),
        Part::Regular(index, path) => ("regular", index, path),
    };
    let path = path.map(|path| PyBytes::new(py, &path));
    let value = PyBytes::new(py, &invalid.value);
    let reason = invalid.refusal.to_string();
    (kind, index, path, value, invalid.is_tombstone, reason).into_pyobject(py).map(Bound::into_any)
}
