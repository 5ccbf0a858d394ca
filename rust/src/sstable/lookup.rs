//! Partitions by key and by place in the order of partitions.

use super::facts::Facts;
use crate::blocks::BlockCache;
use crate::errors::{Error, Kind};
use crate::index::{BloomFilter, DataKeys, IndexEntry, PartitionIndex, RowIndexBlock};
use crate::layouts::generated::clustering;
use crate::types::clusterings::ClusteringTypes;

/// An SSTable's index, its Bloom filter and the blocks of Data.db that were used lately.
pub struct Lookup {
    filter: Option<BloomFilter>,
    index: PartitionIndex,
    keys: DataKeys,
    clustering: ClusteringTypes,
}

impl Lookup {
    pub(super) fn new(
        filter: Option<BloomFilter>,
        index: PartitionIndex,
        keys: DataKeys,
        facts: &Facts,
    ) -> Self {
        Self { filter, index, keys, clustering: facts.clustering_types() }
    }

    /// Whether a partition of `key` can be there; `false` is certain.
    ///
    /// # Errors
    /// [`Kind::Io`] and [`Kind::Truncated`]: Filter.db cannot be read any more.
    pub fn might_contain(&mut self, key: &[u8]) -> Result<bool, Error> {
        self.filter.as_mut().map_or(Ok(true), |filter| filter.might_contain(key))
    }

    /// The partition of `key`, if there is one.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: the index is damaged, or does not fit Data.db.
    pub fn find(&mut self, key: &[u8]) -> Result<Option<IndexEntry>, Error> {
        if !self.might_contain(key)? {
            return Ok(None);
        }
        let found = self.index.find(key, &mut self.keys)?;
        if let Some(entry) = &found {
            self.keys.check(entry.position)?;
        }
        Ok(found)
    }

    /// Where the first partition starts that is not before the byte-comparable position
    /// `start`.
    ///
    /// # Errors
    /// As [`Lookup::find`].
    pub fn first_from(&mut self, start: &[u8]) -> Result<Option<u64>, Error> {
        let entry = self.index.first_from(start, &mut self.keys)?;
        Ok(entry.map(|entry| entry.position))
    }

    /// The block of a partition with a row index to start reading at for what is not before a
    /// bound with these serialized values: `Ok(None)` where all rows are before.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: the index is damaged; [`Kind::InvalidValue`]: a value
    /// that its column's type does not allow.
    pub fn block_for<'v>(
        &mut self,
        entry: &IndexEntry,
        values: impl IntoIterator<Item = Option<&'v [u8]>>,
        kind: clustering::Kind,
    ) -> Result<Option<RowIndexBlock>, Error> {
        let Some(row_index) = entry.row_index else { return Ok(None) };
        let mut position = Vec::new();
        self.clustering.position(values, kind, &mut position).map_err(|refusal| {
            Error::new(Kind::InvalidValue, "", format!("a clustering: {refusal}"))
        })?;
        self.index.block_for(row_index, &self.clustering, &position)
    }

    /// The types of the clustering columns.
    #[must_use]
    pub const fn clustering_types(&self) -> &ClusteringTypes {
        &self.clustering
    }

    /// The length in bytes of the uncompressed Data.db.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.keys.length()
    }

    /// The blocks of Data.db.
    pub const fn blocks(&mut self) -> &mut BlockCache {
        self.keys.blocks()
    }
}
