//! Indexes and Bloom filters that are made anew.

use std::path::PathBuf;

use cqlite_core::io::Output;
use cqlite_core::sstable::{self, IndexSettings, Table};
use pyo3::prelude::*;

use super::facts;

/// Reads Data.db and writes its index and Bloom filter.
///
/// Args:
///     facts: a `cqlite.sstable.select.facts.Facts`.
///     folder: where the files go, named as the components.
///     block_size: from this length on, in bytes, a block of a row index is complete.
///     min_index_interval: partitions from one entry of Summary.db to the next.
///     bloom: how many partitions the Bloom filter is sized for and its false positive rate,
///         `None` for no filter.
///
/// Raises:
///     CorruptSSTableError: Data.db is damaged, or its partitions or rows are not in order.
///     UnsupportedFeatureError: Cassandra has no Bloom filter for so small a rate, or there is
///         no partition.
///     OSError: a file cannot be written.
#[pyfunction]
pub fn reindex(
    py: Python<'_>,
    facts: &Bound<'_, PyAny>,
    folder: PathBuf,
    block_size: u64,
    min_index_interval: u32,
    bloom: Option<(u64, f64)>,
) -> PyResult<()> {
    let (facts, files) = facts::extract(facts)?;
    let settings = IndexSettings { block_size, min_index_interval, bloom };
    let done = py.detach(|| {
        let table = Table::open(facts, &files)?;
        let mut create = |name: &'static str| Output::create(&folder.join(name), name);
        sstable::reindex(&table, &settings, &mut create)
    });
    done.map_err(|error| files.exception(py, &error))
}
