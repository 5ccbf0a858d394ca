//! What a writer has to be told, since rows do not say it.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::blocks::Compression;
use crate::errors::{Error, Kind};
use crate::io::Output;

/// How an SSTable is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// None for none.
    pub compression: Option<Compression>,
    /// The false positive rate for Filter.db; with 1 there is no such file.
    pub bloom_fp_chance: f64,
    /// How many partitions the Bloom filter is sized for; none for those that there are.
    pub expected_partitions: Option<u64>,
    /// From this length on, in bytes, a block of a row index is complete.
    pub block_size: u64,
    /// Partitions from one entry of Summary.db to the next.
    pub min_index_interval: u32,
    /// Whether Data.db has an empty chunk at its end; see [`crate::blocks::DataWriter::finish`].
    pub synced_before_end: bool,
    /// The buckets to sort partition sizes into, see [`super::Buckets`].
    pub size_offsets: Vec<u64>,
    /// The buckets to sort numbers of cells into.
    pub cell_offsets: Vec<u64>,
}

/// The files to write, by the components' names.
#[derive(Clone, Debug, Default)]
pub struct Outputs(pub HashMap<String, PathBuf>);

impl Outputs {
    /// The component `name`.
    ///
    /// # Errors
    /// [`Kind::Missing`]: it has no path; [`Kind::Output`]: it cannot be created.
    pub fn create(&self, name: &'static str) -> Result<Output, Error> {
        match self.0.get(name) {
            Some(path) => Output::create(path, name),
            None => Err(missing(name)),
        }
    }

    /// A path beside the component `name`, for a temporary file.
    ///
    /// # Errors
    /// [`Kind::Missing`]: the component has no path.
    pub fn beside(&self, name: &'static str, extension: &str) -> Result<PathBuf, Error> {
        self.0.get(name).map(|path| path.with_extension(extension)).ok_or_else(|| missing(name))
    }
}

#[cold]
fn missing(name: &'static str) -> Error {
    Error::new(Kind::Missing, name, "there is no path to write it to")
}
