//! The checksums of Data.db.

use std::ops::ControlFlow;

use cqlite_core::blocks::{COMPRESSION_INFO, CRC, Checksums, CompressionInfo, DATA, Parts, check};
use cqlite_core::errors::Error;
use cqlite_core::sstable::{self, Files};
use pyo3::prelude::*;

use super::errors::{Paths, exception};

/// Bytes after which Python is asked whether to go on.
const INTERVAL: u64 = 1 << 25;

/// Checks chunks or blocks of Data.db and computes its CRC-32 in one pass.
///
/// Args:
///     components: paths of the components by their names.
///     version: number of the format version.
///     progress: is told now and then how many bytes of Data.db have been read.
///
/// Returns:
///     The CRC-32 of the file, and an error for each chunk or block that is damaged.
///
/// Raises:
///     CorruptSSTableError: CompressionInfo.db or CRC.db break their layouts.
///     UnsupportedFeatureError: a compressor that is not Cassandra's own.
#[pyfunction]
pub fn checksums(
    py: Python<'_>,
    components: Paths,
    version: u8,
    progress: Py<PyAny>,
) -> PyResult<(u32, Vec<Py<PyAny>>)> {
    let mut interruption = None;
    let mut told = 0_u64;
    let result = py.detach(|| {
        run(&components, version, |position| {
            if position.saturating_sub(told) < INTERVAL {
                return ControlFlow::Continue(());
            }
            told = position;
            let asked = Python::attach(|py| {
                progress.call1(py, (position,))?;
                py.check_signals()
            });
            match asked {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    interruption = Some(error);
                    ControlFlow::Break(())
                }
            }
        })
    });
    if let Some(error) = interruption {
        return Err(error);
    }
    let found = result.map_err(|error| exception(py, &error, &components))?;
    let found = found.unwrap_or(cqlite_core::blocks::Checked { crc32: 0, errors: Vec::new() });
    let errors = found.errors.iter().map(|error| exception(py, error, &components).into_value(py));
    Ok((found.crc32, errors.map(Py::into_any).collect()))
}

/// Checks CompressionInfo.db by itself.
///
/// Args:
///     components: paths of the components by their names.
///     version: number of the format version.
///
/// Returns:
///     How many bytes its content takes, where the last chunk starts in Data.db, and the length
///     of the uncompressed stream in bytes.
///
/// Raises:
///     MissingComponentError: it or Data.db is not there.
///     CorruptSSTableError: it breaks its layout, or its numbers contradict each other.
///     UnsupportedFeatureError: a compressor that is not Cassandra's own.
#[pyfunction]
pub fn compression_info(
    py: Python<'_>,
    components: Paths,
    version: u8,
) -> PyResult<(u64, Option<u64>, u64)> {
    let measure = || {
        let files = sstable::Paths(components.clone());
        let bytes = files.need(COMPRESSION_INFO)?.read_all()?;
        let (info, length) = CompressionInfo::measured(&bytes, version, files.need(DATA)?.len())?;
        let last = info.num_chunks().checked_sub(1).and_then(|last| info.chunk(last));
        Ok((length, last.map(|chunk| chunk.offset), info.data_length))
    };
    py.detach(measure).map_err(|error: Error| exception(py, &error, &components))
}

fn run(
    paths: &Paths,
    version: u8,
    progress: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Option<cqlite_core::blocks::Checked>, Error> {
    let files = sstable::Paths(paths.clone());
    let data = files.need(DATA)?;
    if let Some(info) = files.open(COMPRESSION_INFO)? {
        let info = CompressionInfo::decode(&info.read_all()?, version, data.len())?;
        return check(&data, Parts::Chunks(&info), progress);
    }
    if let Some(crc) = files.open(CRC)? {
        let found = Checksums::decode(&crc.read_all()?, version)?;
        return check(&data, Parts::Blocks(&found), progress);
    }
    check(&data, Parts::None, progress)
}
