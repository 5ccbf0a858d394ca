//! Where partitions and blocks of rows are: BIG and BTI indexes, Bloom filters.

mod big;
mod bloom;
mod bti;
mod data_keys;
mod model;
mod promoted;
mod summary;
mod trie;
pub mod write;

pub use big::{BigIndex, INDEX};
pub use bloom::{BloomFilter, FILTER, filter_hash_byte};
pub use bti::{BtiIndex, PARTITIONS, ROWS};
pub use data_keys::DataKeys;
pub use model::{Deletion, IndexEntry, RowIndex, RowIndexBlock};
pub use summary::{SUMMARY, Summary};

use crate::errors::Error;
use crate::types::clusterings::ClusteringTypes;

/// The index of an SSTable's partitions.
pub enum PartitionIndex {
    /// Index.db with Summary.db.
    Big(Box<BigIndex>),
    /// Partitions.db with Rows.db.
    Bti(Box<BtiIndex>),
}

impl PartitionIndex {
    /// The partition of `key`, if there is one.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Corrupt`] and its like: the index is damaged.
    pub fn find(&mut self, key: &[u8], data: &mut DataKeys) -> Result<Option<IndexEntry>, Error> {
        match self {
            Self::Big(index) => index.find(key),
            Self::Bti(index) => index.find(key, data),
        }
    }

    /// The block of a partition to start reading at for what is not before the byte-comparable
    /// `clustering`; none where all its rows are before.
    ///
    /// # Errors
    /// As [`PartitionIndex::find`].
    pub fn block_for(
        &mut self,
        row_index: RowIndex,
        types: &ClusteringTypes,
        clustering: &[u8],
    ) -> Result<Option<RowIndexBlock>, Error> {
        match (self, row_index) {
            (Self::Big(index), RowIndex::Promoted { offset, length }) => {
                index.block_for(offset, length, types, clustering)
            }
            (Self::Bti(index), RowIndex::Trie { root }) => index.block_for(root, clustering),
            _ => Ok(None),
        }
    }

    /// The length in bytes of the smallest block of rows that another block of the same
    /// partition follows; none where there is no such.
    ///
    /// # Errors
    /// As [`PartitionIndex::find`].
    pub fn smallest_block(&mut self, types: &ClusteringTypes) -> Result<Option<u64>, Error> {
        match self {
            Self::Big(index) => index.smallest_block(types),
            Self::Bti(index) => index.smallest_block(),
        }
    }

    /// The first partition that is not before the byte-comparable position `start`.
    ///
    /// # Errors
    /// As [`PartitionIndex::find`].
    pub fn first_from(
        &mut self,
        start: &[u8],
        data: &mut DataKeys,
    ) -> Result<Option<IndexEntry>, Error> {
        match self {
            Self::Big(index) => index.first_from(start),
            Self::Bti(index) => index.first_from(start, data),
        }
    }
}
