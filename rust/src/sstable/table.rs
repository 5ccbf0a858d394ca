//! An SSTable that is open.

use std::sync::Arc;

use super::facts::{Facts, missing};
use super::files::Files;
use super::lookup::Lookup;
use crate::blocks::{
    BlockCache, Blocks, COMPRESSION_INFO, CRC, Checksums, CompressionInfo, DATA, Stream,
};
use crate::errors::Error;
use crate::index::{
    BigIndex, BloomFilter, BtiIndex, DataKeys, FILTER, INDEX, PARTITIONS, PartitionIndex, ROWS,
    SUMMARY,
};
use crate::rows::RowFormat;

/// An SSTable's facts and its Data.db.
pub struct Table {
    facts: Facts,
    format: RowFormat,
    blocks: Arc<Blocks>,
}

impl Table {
    /// Opens Data.db and reads what belongs to it.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Missing`] or [`crate::errors::Kind::Corrupt`] and its like:
    /// Data.db, CompressionInfo.db or CRC.db are not there or damaged.
    pub fn open(facts: Facts, files: &dyn Files) -> Result<Self, Error> {
        let blocks = Arc::new(open_blocks(&facts, files)?);
        let format = facts.row_format();
        Ok(Self { facts, format, blocks })
    }

    /// What is known of it.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What its rows are read with.
    #[must_use]
    pub const fn format(&self) -> &RowFormat {
        &self.format
    }

    /// Its Data.db.
    #[must_use]
    pub const fn blocks(&self) -> &Arc<Blocks> {
        &self.blocks
    }

    /// Data.db from `start` to before `end`, uncompressed.
    #[must_use]
    pub fn stream(&self, start: u64, end: u64) -> Stream {
        Stream::range(Arc::clone(&self.blocks), start, end)
    }

    /// Its index and Bloom filter, with a cache of at most `limit` bytes of blocks.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Missing`]: there is no index;
    /// [`crate::errors::Kind::Corrupt`] and its like: Filter.db or Partitions.db are damaged.
    pub fn lookup(&self, files: &dyn Files, limit: u64) -> Result<Lookup, Error> {
        let version = self.facts.version;
        let filter = match files.open(FILTER)? {
            Some(filter) => Some(BloomFilter::open(&filter, version)?),
            None => None,
        };
        let index = self.open_index(files)?;
        let cache = BlockCache::new(Arc::clone(&self.blocks), limit);
        Ok(Lookup::new(filter, index, DataKeys::new(cache, version), &self.facts))
    }

    /// The length in bytes of the smallest block in its row indexes that another one follows;
    /// none where there is no such.
    ///
    /// # Errors
    /// As [`Table::lookup`], or an index is damaged.
    pub fn smallest_block(&self, files: &dyn Files) -> Result<Option<u64>, Error> {
        self.open_index(files)?.smallest_block(&self.facts.clustering_types())
    }

    fn open_index(&self, files: &dyn Files) -> Result<PartitionIndex, Error> {
        let (partitioner, version) = (self.facts.parse_partitioner()?, self.facts.version);
        if self.facts.is_bti {
            let (partitions, rows) = (files.need(PARTITIONS)?, files.open(ROWS)?);
            let index = BtiIndex::open(partitions, rows, partitioner, version)?;
            return Ok(PartitionIndex::Bti(Box::new(index)));
        }
        let (index, summary) = (files.need(INDEX)?, files.open(SUMMARY)?);
        let index = BigIndex::new(index, summary, partitioner, version);
        Ok(PartitionIndex::Big(Box::new(index)))
    }
}

fn open_blocks(facts: &Facts, files: &dyn Files) -> Result<Blocks, Error> {
    let data = files.need(DATA)?;
    if facts.is_compressed {
        let info = files.open(COMPRESSION_INFO)?.ok_or_else(|| missing(COMPRESSION_INFO))?;
        let info = CompressionInfo::decode(&info.read_all()?, facts.version, data.len())?;
        return Ok(Blocks::compressed(data, info));
    }
    let checksums = match files.open(CRC)? {
        Some(crc) => Some(Checksums::decode(&crc.read_all()?, facts.version)?),
        None => None,
    };
    Ok(Blocks::plain(data, checksums))
}
