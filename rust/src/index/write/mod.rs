//! Writing partition and row indexes, BIG and BTI, and Bloom filters.

mod big;
mod blocks;
mod bloom;
mod bti;
mod hashes;
mod nodes;
mod parts;
mod trie;

pub use big::{BigIndexWriter, DEFAULT_MIN_INDEX_INTERVAL};
pub use blocks::{BlockCutter, ClusteringPrefix, WrittenBlock};
pub use bloom::{BloomFilterWriter, DEFAULT_FP_CHANCE};
pub use bti::BtiIndexWriter;
pub use hashes::KeyHashes;
pub use parts::{check_deletion, clustering_values, deletion_time};

use super::model::Deletion;
use crate::errors::{Error, Kind};

/// `column_index_size` of BIG SSTables where cassandra.yaml doesn't say otherwise, in bytes.
pub const BIG_BLOCK_SIZE: u64 = 64 * 1024;
/// The same of BTI SSTables.
pub const BTI_BLOCK_SIZE: u64 = 16 * 1024;

/// A partition as it was written, for its index entry.
#[derive(Clone, Copy, Debug)]
pub struct IndexedPartition<'a> {
    /// The serialized partition key.
    pub key: &'a [u8],
    /// The key's hash, see [`crate::codec::murmur3::hash128`].
    pub hash: (u64, u64),
    /// Where it starts in Data.db, in bytes before compression.
    pub position: u64,
    /// What deletes the whole partition.
    pub deletion: Option<Deletion>,
    /// Length of key, deletion and static row in bytes.
    pub header_length: u64,
    /// Where the last row or marker ends, in bytes from the partition's start.
    pub end: u64,
    /// All blocks, or none where there would be just one.
    pub blocks: &'a [WrittenBlock],
}

/// The index of partitions that are being written.
pub enum IndexWriter {
    /// Index.db with Summary.db.
    Big(Box<BigIndexWriter>),
    /// Partitions.db with Rows.db.
    Bti(Box<BtiIndexWriter>),
}

impl IndexWriter {
    /// Writes the entry of the next partition.
    ///
    /// # Errors
    /// [`Kind::Output`] where the system cannot write, or [`Kind::InvalidValue`]: partitions are not
    /// in order, or what is to be written has no place in the format.
    pub fn add(&mut self, partition: &IndexedPartition<'_>) -> Result<(), Error> {
        match self {
            Self::Big(writer) => writer.add(partition),
            Self::Bti(writer) => writer.add(partition),
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// As [`IndexWriter::add`], or there was no partition.
    pub fn finish(self) -> Result<(), Error> {
        match self {
            Self::Big(writer) => writer.finish(),
            Self::Bti(writer) => writer.finish(),
        }
    }
}

impl From<BigIndexWriter> for IndexWriter {
    fn from(writer: BigIndexWriter) -> Self {
        Self::Big(Box::new(writer))
    }
}

impl From<BtiIndexWriter> for IndexWriter {
    fn from(writer: BtiIndexWriter) -> Self {
        Self::Bti(Box::new(writer))
    }
}

/// The error that there is nothing to write an index of.
#[cold]
fn no_partitions() -> Error {
    Error::new(Kind::Unsupported, "", "an SSTable without partitions cannot be written")
}
