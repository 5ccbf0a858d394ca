//! New SSTables: all components but Statistics.db and TOC.txt, which Python makes of what the
//! rows add up to.

use cqlite_core::blocks::Compression;
use cqlite_core::errors::Kind;
use cqlite_core::index::write::ClusteringPrefix;
use cqlite_core::sstable::write::{
    Buckets, Cardinality, Outputs, Range, Rewrite, Settings, TableWriter, Written,
};
use cqlite_core::sstable::{Facts, Table};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use super::errors::{Paths, exception};
use super::facts::extract;

/// `cqlite.blocks.write.Compression`, the options as pairs.
#[derive(FromPyObject)]
struct PyCompression {
    compressor: String,
    options: Vec<(String, String)>,
    chunk_length: u32,
    max_compressed_length: u32,
}

/// `cqlite.sstable.write.native.WriteSettings`.
#[derive(FromPyObject)]
pub struct PySettings {
    version: u8,
    format: String,
    compression: Option<PyCompression>,
    bloom_fp_chance: f64,
    expected_partitions: Option<u64>,
    block_size: u64,
    min_index_interval: u32,
    synced_before_end: bool,
    size_offsets: Vec<u64>,
    cell_offsets: Vec<u64>,
}

impl PySettings {
    /// The core's, and `facts` as those of the new SSTable.
    pub fn apply(self, facts: &Facts) -> (Settings, Facts) {
        let facts = Facts {
            version: self.version,
            is_bti: self.format == "bti",
            is_compressed: self.compression.is_some(),
            ..facts.clone()
        };
        let compression = self.compression.map(|found| Compression {
            compressor: found.compressor,
            options: found.options,
            chunk_length: found.chunk_length,
            max_compressed_length: found.max_compressed_length,
        });
        let settings = Settings {
            compression,
            bloom_fp_chance: self.bloom_fp_chance,
            expected_partitions: self.expected_partitions,
            block_size: self.block_size,
            min_index_interval: self.min_index_interval,
            synced_before_end: self.synced_before_end,
            size_offsets: self.size_offsets,
            cell_offsets: self.cell_offsets,
        };
        (settings, facts)
    }
}

/// Writes the rows of an SSTable to another one.
///
/// Args:
///     facts: the `cqlite.sstable.select.facts.Facts` of the SSTable that is read.
///     settings: a `cqlite.sstable.write.native.WriteSettings`.
///     outputs: paths of the components to write, by their names.
///     progress: is told now and then, and in the end, how many bytes of the uncompressed stream were read.
///
/// Returns:
///     What the rows add up to, as `cqlite.sstable.write.native` takes it.
///
/// Raises:
///     CorruptSSTableError: the SSTable that is read is damaged.
///     UnsupportedFeatureError: compressor or partitioner are not Cassandra's.
///     OSError: the system cannot write.
#[pyfunction]
pub fn rewrite<'py>(
    py: Python<'py>,
    facts: &Bound<'py, PyAny>,
    settings: PySettings,
    outputs: Paths,
    progress: Py<PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let (facts, files) = extract(facts)?;
    let (settings, target) = settings.apply(&facts);
    let outputs = Outputs(outputs);
    let tell = |position: u64| {
        Python::attach(|py| {
            progress.call1(py, (position,))?;
            py.check_signals()
        })
        .map_err(Stop::Python)
    };
    let written = py.detach(|| -> Result<Written, Stop> {
        let source = Table::open(facts, &files)?;
        let writer = TableWriter::new(&target, &settings, &outputs)?;
        Rewrite::new(writer).run(&source, tell)
    });
    match written {
        Ok(written) => described(py, &written),
        Err(Stop::Python(error)) => Err(error),
        Err(Stop::Core(error)) if error.kind == Kind::Output => {
            Err(exception(py, &error, &outputs.0))
        }
        Err(Stop::Core(error)) => Err(files.exception(py, &error)),
    }
}

/// The length in bytes of the smallest block in an SSTable's row indexes that another block of
/// the same partition follows, `None` where there is no such.
///
/// Raises:
///     CorruptSSTableError: the index is damaged.
#[pyfunction]
pub fn smallest_block(py: Python<'_>, facts: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    let (facts, files) = extract(facts)?;
    let found = py.detach(|| Table::open(facts, &files)?.smallest_block(&files));
    found.map_err(|error| files.exception(py, &error))
}

/// What ends it before its time.
enum Stop {
    Core(cqlite_core::errors::Error),
    Python(PyErr),
}

impl From<cqlite_core::errors::Error> for Stop {
    fn from(error: cqlite_core::errors::Error) -> Self {
        Self::Core(error)
    }
}

pub fn described<'py>(py: Python<'py>, written: &Written) -> PyResult<Bound<'py, PyDict>> {
    let found = &written.collected;
    let made = PyDict::new(py);
    let range = |name: &str, range: &Range| made.set_item(name, range.bounds());
    range("timestamps", &found.timestamps)?;
    range("local_deletion_times", &found.local_deletion_times)?;
    range("ttls", &found.ttls)?;
    range("encoded_deletion_times", &found.encoded_deletion_times)?;
    let counts = |buckets: &Buckets| buckets.counts.clone();
    made.set_item("partition_sizes", counts(&found.partition_sizes))?;
    made.set_item("cell_counts", counts(&found.cell_counts))?;
    made.set_item("drop_times", found.drop_times.clone().finish())?;
    made.set_item("total_rows", found.total_rows)?;
    made.set_item("total_columns_set", found.total_columns_set)?;
    made.set_item("has_partition_level_deletions", found.has_partition_level_deletions)?;
    made.set_item("has_legacy_counter_shards", found.has_legacy_counter_shards)?;
    made.set_item("first_key", found.first_key.as_deref().map(|key| PyBytes::new(py, key)))?;
    made.set_item("last_key", PyBytes::new(py, &found.last_key))?;
    made.set_item("least", found.least().map(|it| prefix(py, it)))?;
    made.set_item("greatest", found.greatest().map(|it| prefix(py, it)))?;
    match &found.cardinality {
        Cardinality::Sparse { sorted, .. } => made.set_item("sparse", sorted.clone())?,
        Cardinality::Normal(registers) => {
            made.set_item("registers", PyBytes::new(py, registers))?
        }
    }
    made.set_item("compression_ratio", written.compression_ratio)?;
    Ok(made)
}

/// Number of the kind and serialized values.
type Prefix<'py> = (i64, Vec<Option<Bound<'py, PyBytes>>>);

fn prefix<'py>(py: Python<'py>, prefix: &ClusteringPrefix) -> Prefix<'py> {
    let values = prefix.values().map(|value| Some(PyBytes::new(py, value?)));
    (prefix.kind.0, values.collect())
}
