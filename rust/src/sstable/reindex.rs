//! Makes what leads into Data.db anew from Data.db: index, summary and Bloom filter.

use super::table::Table;
use super::windows::read_rows;
use crate::codec::murmur3::hash128;
use crate::errors::Error;
use crate::index::write::{
    BigIndexWriter, BlockCutter, BloomFilterWriter, BtiIndexWriter, IndexWriter, IndexedPartition,
};
use crate::index::{Deletion, FILTER, INDEX, PARTITIONS, ROWS, SUMMARY};
use crate::io::Output;
use crate::rows::{
    DeletionTime, Events, Flow, Marker, PartitionStart, Projection, RowReader, RowStart,
};

/// How indexes are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexSettings {
    /// From this length on, in bytes, a block of a row index is complete.
    pub block_size: u64,
    /// Partitions from one entry of Summary.db to the next.
    pub min_index_interval: u32,
    /// How many partitions the Bloom filter is sized for, and its false positive rate; none for
    /// no filter.
    pub bloom: Option<(u64, f64)>,
}

/// Reads Data.db of `table` and writes its index and filter to what `create` gives for the
/// components' names.
///
/// # Errors
/// Those of Data.db and of the outputs.
pub fn reindex(
    table: &Table,
    settings: &IndexSettings,
    create: &mut dyn FnMut(&'static str) -> Result<Output, Error>,
) -> Result<(), Error> {
    let facts = table.facts();
    let (version, types) = (facts.version, facts.clustering_types());
    let index = if facts.is_bti {
        let partitioner = facts.parse_partitioner()?;
        let (partitions, rows) = (create(PARTITIONS)?, create(ROWS)?);
        IndexWriter::from(BtiIndexWriter::new(version, types, partitioner, partitions, rows))
    } else {
        let (index, summary) = (create(INDEX)?, create(SUMMARY)?);
        let interval = settings.min_index_interval;
        IndexWriter::from(BigIndexWriter::new(version, types, interval, index, summary))
    };
    let bloom = settings.bloom.map(|(number, chance)| BloomFilterWriter::new(number, chance));
    let mut indexer = Indexer {
        index,
        bloom: bloom.transpose()?,
        cutter: BlockCutter::new(settings.block_size),
        key: Vec::new(),
        start: 0,
        deletion: None,
        header_length: 0,
        end: 0,
    };
    let projection = Projection::none(table.format());
    let mut reader = RowReader::new(table.format(), &projection);
    let mut stream = table.stream(0, table.blocks().length());
    read_rows(&mut stream, &mut reader, 0, &mut indexer)?;
    indexer.index.finish()?;
    match indexer.bloom {
        Some(bloom) => bloom.finish(version, create(FILTER)?),
        None => Ok(()),
    }
}

/// Takes note of where partitions and rows are.
struct Indexer {
    index: IndexWriter,
    bloom: Option<BloomFilterWriter>,
    cutter: BlockCutter,
    key: Vec<u8>,
    start: u64,
    deletion: Option<Deletion>,
    header_length: u64,
    end: u64,
}

impl Indexer {
    /// A position in Data.db from the partition's start.
    const fn inside(&self, position: u64) -> u64 {
        position.saturating_sub(self.start)
    }
}

impl Events for Indexer {
    type Error = Error;

    fn partition(&mut self, partition: &PartitionStart<'_>) -> Result<Flow, Error> {
        self.key.clear();
        self.key.extend_from_slice(partition.key);
        self.start = partition.position;
        self.deletion = partition.deletion.map(times);
        self.cutter.start();
        Ok(Flow::Go)
    }

    fn rows(&mut self, position: u64) -> Result<(), Error> {
        self.header_length = self.inside(position);
        self.end = self.header_length;
        Ok(())
    }

    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        if !row.is_static {
            let start = self.inside(row.position);
            self.end = start.saturating_add(row.size);
            self.cutter.add_row(row.clustering, start, self.end);
        }
        Ok(Flow::Skip)
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        let start = self.inside(marker.position);
        self.end = start.saturating_add(marker.size);
        let opened = marker.open.map(times);
        self.cutter.add_marker(marker.kind, marker.values, start, self.end, opened);
        Ok(Flow::Go)
    }

    fn partition_end(&mut self, end: u64) -> Result<Flow, Error> {
        let hash = hash128(&self.key);
        let size = self.inside(end);
        self.index.add(&IndexedPartition {
            key: &self.key,
            hash,
            position: self.start,
            deletion: self.deletion,
            header_length: self.header_length,
            end: self.end,
            blocks: self.cutter.finish(size),
        })?;
        if let Some(bloom) = &mut self.bloom {
            bloom.add(hash);
        }
        Ok(Flow::Go)
    }
}

const fn times(deletion: DeletionTime) -> Deletion {
    (deletion.marked_for_delete_at, deletion.local_deletion_time)
}
