//! Writes one SSTable, partition by partition.
//!
//! Follows `SortedTableWriter` with `BigTableWriter` and `BtiTableWriter`.

use super::collector::{Buckets, Collector};
use super::settings::{Outputs, Settings};
use crate::blocks::{DATA, DIGEST, DataWriter};
use crate::codec::murmur3::hash128;
use crate::errors::{Error, Kind};
use crate::index::write::{
    BigIndexWriter, BlockCutter, BloomFilterWriter, BtiIndexWriter, IndexWriter, IndexedPartition,
    KeyHashes, check_deletion,
};
use crate::index::{FILTER, INDEX, PARTITIONS, ROWS, SUMMARY};
use crate::io::Output;
use crate::rows::{Block, Cell, DeletionTime, Marker, PlainRows, RowStart, RowWriter};
use crate::sstable::facts::{ColumnKind, Facts};
use crate::types::partitioner::Partitioner;
use crate::types::{CqlType, values};

/// Writes all of an SSTable but Statistics.db and TOC.txt. A partition is begun, given its
/// static row if it has one, then its rows and markers in order, and ended.
pub struct TableWriter {
    data: DataWriter,
    rows: RowWriter,
    index: IndexWriter,
    cutter: BlockCutter,
    filter: Option<(Filter, Output)>,
    order: Order,
    collected: Collector,
    digest: Output,
    beside: Output,
    version: u8,
    synced_before_end: bool,
    counters: Counters,
    partition: Open,
}

/// What is known when all is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// What the rows add up to.
    pub collected: Collector,
    /// Compressed over uncompressed length, -1 if not compressed.
    pub compression_ratio: f64,
}

/// Which columns are counters, static and regular ones.
#[derive(Clone, Debug)]
struct Counters {
    statics: Vec<bool>,
    regulars: Vec<bool>,
    any: bool,
}

/// The partition that is being written.
#[derive(Clone, Debug, Default)]
struct Open {
    key: Vec<u8>,
    deletion: Option<DeletionTime>,
    /// Where it starts in the stream.
    start: u64,
    header_length: u64,
    has_static: bool,
    in_static: bool,
    /// Where the row or marker before the next one starts, from the partition's start.
    previous: u64,
    /// Where the row that was begun starts.
    position: u64,
}

/// Checks that partitions come in order.
struct Order {
    partitioner: Partitioner,
    last: Vec<u8>,
    next: Vec<u8>,
}

impl TableWriter {
    /// A writer of the table that `facts` describe to files.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: compressor, partitioner or Bloom filter are not Cassandra's;
    /// [`Kind::Missing`] or [`Kind::Output`]: a file has no path or cannot be created.
    pub fn new(facts: &Facts, settings: &Settings, outputs: &Outputs) -> Result<Self, Error> {
        let version = facts.version;
        let types = facts.clustering_types();
        let beside = if settings.compression.is_some() {
            crate::blocks::COMPRESSION_INFO
        } else {
            crate::blocks::CRC
        };
        let filter = if settings.bloom_fp_chance < 1.0 {
            Some((Filter::new(settings, outputs)?, outputs.create(FILTER)?))
        } else {
            None
        };
        let (sizes, cells) = (settings.size_offsets.clone(), settings.cell_offsets.clone());
        let collected = Collector::new(types, Buckets::new(sizes), Buckets::new(cells));
        let data = outputs.create(DATA)?;
        let partitioner = facts.parse_partitioner()?;
        Ok(Self {
            data: DataWriter::new(data, settings.compression.clone(), version)?,
            rows: RowWriter::new(facts.row_format()),
            index: open_index(facts, settings, outputs)?,
            cutter: BlockCutter::new(settings.block_size),
            filter,
            order: Order { partitioner, last: Vec::new(), next: Vec::new() },
            collected,
            digest: outputs.create(DIGEST)?,
            beside: outputs.create(beside)?,
            version,
            synced_before_end: settings.synced_before_end,
            counters: Counters::of(facts),
            partition: Open::default(),
        })
    }

    /// How many bytes the uncompressed stream has up to now.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.data.position()
    }

    /// Begins a partition.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: its key is not above that of the partition before it, or too
    /// long; [`Kind::Output`]: the system cannot write.
    pub fn partition(&mut self, key: &[u8], deletion: Option<DeletionTime>) -> Result<(), Error> {
        self.order.check(key)?;
        let open = &mut self.partition;
        open.key.clear();
        open.key.extend_from_slice(key);
        open.deletion = deletion;
        open.start = self.data.position();
        open.has_static = false;
        open.previous = 0;
        self.collected.partition(key, deletion);
        self.cutter.start();
        self.rows.partition(key, deletion, self.data.stream())
    }

    /// Ends the partition's header; to be called before its first row or marker, after its
    /// static row.
    ///
    /// # Errors
    /// None that a partition can give cause for.
    pub fn end_header(&mut self) -> Result<(), Error> {
        let has_statics = !self.rows.format().statics.shapes.is_empty();
        if has_statics && !self.partition.has_static {
            self.rows.empty_static_row(self.data.stream())?;
        }
        self.partition.header_length = self.offset();
        Ok(())
    }

    /// Begins a row, static or not.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the clustering does not fit the columns.
    #[inline]
    pub fn row(&mut self, row: &RowStart<'_>) -> Result<(), Error> {
        self.partition.position = self.offset();
        self.partition.in_static = row.is_static;
        self.partition.has_static |= row.is_static;
        if !row.is_static {
            self.cutter.begin_row(row.clustering);
        }
        self.collected.row(row);
        self.rows.row(row)
    }

    /// Adds the cell of a simple column.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the value has not the length that the column's type fixes.
    #[inline]
    pub fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        self.collected.cell(cell);
        if self.counters.any && !cell.is_tombstone {
            self.counter(column, cell);
        }
        self.rows.cell(column, cell)
    }

    /// Adds a complex column, of which `num_cells` cells follow.
    pub fn complex(&mut self, column: usize, deletion: Option<DeletionTime>, num_cells: u64) {
        self.collected.complex(deletion, num_cells);
        self.rows.complex(column, deletion, num_cells);
    }

    /// Adds a cell to the complex column.
    ///
    /// # Errors
    /// None that a cell can give cause for.
    pub fn complex_cell(&mut self, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        self.collected.complex_cell(cell);
        self.rows.complex_cell(path, cell)
    }

    /// Ends the row.
    ///
    /// # Errors
    /// [`Kind::Output`]: the system cannot write.
    #[inline]
    pub fn end_row(&mut self) -> Result<(), Error> {
        let start = self.partition.position;
        if self.partition.in_static {
            return self.rows.end_row(0, self.data.stream());
        }
        let previous = start.saturating_sub(self.partition.previous);
        self.rows.end_row(previous, self.data.stream())?;
        self.partition.previous = start;
        self.cutter.end_row(start, self.offset());
        self.data.flush_full()
    }

    /// Whether rows can be added as plain ones.
    #[must_use]
    pub const fn takes_plain_rows(&self) -> bool {
        // Counters' values are looked at one by one.
        !self.counters.any
    }

    /// Adds plain rows, with all columns and without empty values.
    ///
    /// # Errors
    /// As [`TableWriter::row`] and [`TableWriter::end_row`].
    pub fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<(), Error> {
        for row in 0..rows.len() {
            let start = self.offset();
            let previous = start.saturating_sub(self.partition.previous);
            self.rows.plain_row(rows, row, previous, self.data.stream())?;
            self.partition.previous = start;
            let end = self.offset();
            self.cutter.pass_row(start, end, |prefix| {
                prefix.set_clustering(rows.clustering_of(row));
            });
            self.data.flush_full()?;
        }
        let last = rows.len().saturating_sub(1);
        self.cutter.end_rows(|prefix| prefix.set_clustering(rows.clustering_of(last)));
        self.collected.plain_rows(rows);
        Ok(())
    }

    /// Adds rows. For those that INSERT makes; others are begun and ended one by one.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: columns are not those of the SSTable; [`Kind::Output`]: the system
    /// cannot write.
    pub fn block(&mut self, block: &Block) -> Result<(), Error> {
        let Some(last) = block.len().checked_sub(1) else { return Ok(()) };
        self.rows.begin_block(block)?;
        let mut clustering = Vec::new();
        for row in 0..=last {
            let start = self.offset();
            let previous = start.saturating_sub(self.partition.previous);
            self.rows.block_row(block, row, previous, self.data.stream())?;
            self.partition.previous = start;
            let end = self.offset();
            if row == last || self.cutter.needs_clustering(start, end) {
                block.clustering_of(row, &mut clustering);
                self.cutter.begin_row(&clustering);
            }
            self.cutter.end_row(start, end);
        }
        self.partition.in_static = false;
        self.collected.block(block);
        self.data.flush_full()
    }

    /// Adds a range tombstone marker.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the bound does not fit the columns; [`Kind::Output`]: the system
    /// cannot write.
    pub fn marker(&mut self, marker: &Marker<'_>) -> Result<(), Error> {
        let start = self.offset();
        let previous = start.saturating_sub(self.partition.previous);
        self.rows.marker(marker, previous, self.data.stream())?;
        self.partition.previous = start;
        self.collected.marker(marker);
        let open = marker.open.map(times);
        self.cutter.add_marker(marker.kind, marker.values, start, self.offset(), open);
        self.data.flush_full()
    }

    /// Ends the partition.
    ///
    /// # Errors
    /// [`Kind::Output`]: the system cannot write; [`Kind::InvalidValue`]: a clustering's value is
    /// none of its column's type.
    pub fn end_partition(&mut self) -> Result<(), Error> {
        let end = self.offset();
        self.rows.end_partition(self.data.stream())?;
        let size = self.offset();
        let key = self.partition.key.as_slice();
        let hash = hash128(key);
        let blocks = self.cutter.finish(size);
        for block in blocks {
            check_deletion(self.version, block.open_after)?;
        }
        self.index.add(&IndexedPartition {
            key,
            hash,
            position: self.partition.start,
            deletion: self.partition.deletion.map(times),
            header_length: self.partition.header_length,
            end,
            blocks,
        })?;
        if let Some((filter, _)) = &mut self.filter {
            filter.add(hash)?;
        }
        self.collected.end_partition(size)?;
        self.data.flush_full()
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// [`Kind::Output`]: the system cannot write; [`Kind::Unsupported`]: no partition was written.
    pub fn finish(mut self) -> Result<Written, Error> {
        self.index.finish()?;
        let end = self.data.finish(self.synced_before_end)?;
        if let Some((filter, output)) = self.filter {
            filter.finish()?.finish(self.version, output)?;
        }
        self.digest.write(&end.digest)?;
        self.digest.finish()?;
        self.beside.write(&end.beside)?;
        self.beside.finish()?;
        self.collected.cardinality.settle();
        Ok(Written { collected: self.collected, compression_ratio: end.compression_ratio })
    }

    /// How many bytes of the partition are written.
    #[inline]
    fn offset(&self) -> u64 {
        self.data.position().saturating_sub(self.partition.start)
    }

    fn counter(&mut self, column: usize, cell: &Cell<'_>) {
        let Counters { statics, regulars, .. } = &self.counters;
        let kinds = if self.partition.in_static { statics } else { regulars };
        if kinds.get(column) == Some(&true) {
            // What is no counter context is found where values are checked.
            let is_legacy = values::has_legacy_shards(cell.value).unwrap_or(false);
            self.collected.has_legacy_counter_shards |= is_legacy;
        }
    }
}

/// A Bloom filter, or what it will be of once the number of keys is known.
enum Filter {
    Sized(BloomFilterWriter),
    Counting(KeyHashes),
}

impl Filter {
    fn new(settings: &Settings, outputs: &Outputs) -> Result<Self, Error> {
        let chance = settings.bloom_fp_chance;
        Ok(match settings.expected_partitions {
            Some(number) => Self::Sized(BloomFilterWriter::new(number, chance)?),
            None => Self::Counting(KeyHashes::new(outputs.beside(FILTER, "hashes")?, chance)?),
        })
    }

    #[inline]
    fn add(&mut self, hash: (u64, u64)) -> Result<(), Error> {
        match self {
            Self::Sized(filter) => {
                filter.add(hash);
                Ok(())
            }
            Self::Counting(hashes) => hashes.add(hash),
        }
    }

    fn finish(self) -> Result<BloomFilterWriter, Error> {
        match self {
            Self::Sized(filter) => Ok(filter),
            Self::Counting(hashes) => hashes.finish(),
        }
    }
}

impl Counters {
    fn of(facts: &Facts) -> Self {
        let which = |kind| -> Vec<bool> {
            facts.columns_of(kind).map(|column| column.of == CqlType::Counter).collect()
        };
        let (statics, regulars) = (which(ColumnKind::Static), which(ColumnKind::Regular));
        let any = statics.iter().chain(&regulars).any(|is_counter| *is_counter);
        Self { statics, regulars, any }
    }
}

impl Order {
    fn check(&mut self, key: &[u8]) -> Result<(), Error> {
        self.partitioner.position(key, &mut self.next)?;
        if !self.last.is_empty() && self.next <= self.last {
            let message = "partitions have to be in the order of their tokens, each once";
            return Err(Error::new(Kind::InvalidValue, DATA, message));
        }
        std::mem::swap(&mut self.last, &mut self.next);
        Ok(())
    }
}

fn open_index(facts: &Facts, settings: &Settings, out: &Outputs) -> Result<IndexWriter, Error> {
    let (version, types) = (facts.version, facts.clustering_types());
    if facts.is_bti {
        let (partitions, rows) = (out.create(PARTITIONS)?, out.create(ROWS)?);
        let partitioner = facts.parse_partitioner()?;
        return Ok(BtiIndexWriter::new(version, types, partitioner, partitions, rows).into());
    }
    let (index, summary) = (out.create(INDEX)?, out.create(SUMMARY)?);
    let interval = settings.min_index_interval;
    Ok(BigIndexWriter::new(version, types, interval, index, summary).into())
}

const fn times(deletion: DeletionTime) -> (i64, i64) {
    (deletion.marked_for_delete_at, deletion.local_deletion_time)
}
