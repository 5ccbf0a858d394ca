//! Writes Index.db with its promoted indexes, and Summary.db.
//!
//! Follows `BigTableWriter.IndexWriter`, `RowIndexEntry` and `IndexSummaryBuilder`.

use super::blocks::{ClusteringPrefix, WrittenBlock};
use super::parts::{clustering_values, deletion_time};
use super::{IndexedPartition, no_partitions};
use crate::codec::vint;
use crate::errors::Error;
use crate::io::{Output, wide};
use crate::layouts::generated::clustering::{Kind, Prefix, Values};
use crate::layouts::generated::index::{self, PromotedIndexHeader};
use crate::layouts::generated::summary;
use crate::layouts::make::vint as number;
use crate::layouts::prelude::{Cursor, Fault, List, Numbers, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::types::clusterings::ClusteringTypes;

/// `min_index_interval` of tables that don't say otherwise.
pub const DEFAULT_MIN_INDEX_INTERVAL: u32 = 128;

/// What widths of blocks are stored as differences from.
const WIDTH_BASE: i64 = 64 * 1024;
const FULL_SAMPLING: i32 = 128;
const LENGTH_OF_POSITION: usize = 8;
const LENGTH_OF_OFFSET: usize = 4;

/// Index.db and Summary.db of one SSTable.
pub struct BigIndexWriter {
    index: Output,
    summary: Output,
    version: u8,
    types: ClusteringTypes,
    samples: Samples,
    promoted: Sink,
}

impl BigIndexWriter {
    /// An index of partitions with such clustering columns. The summary has every
    /// `min_index_interval`-th of them.
    #[must_use]
    pub fn new(
        version: u8,
        types: ClusteringTypes,
        min_index_interval: u32,
        index: Output,
        summary: Output,
    ) -> Self {
        let samples = Samples::new(min_index_interval);
        Self { index, summary, version, types, samples, promoted: Sink::new() }
    }

    /// Writes the entry of the next partition.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Output`] where the system cannot write, or
    /// [`crate::errors::Kind::InvalidValue`]: the version has no place for what is to be written.
    pub fn add(&mut self, partition: &IndexedPartition<'_>) -> Result<(), Error> {
        self.promoted.clear();
        if !partition.blocks.is_empty() {
            self.promote(partition).map_err(|fault| self.index.refused(fault))?;
        }
        self.samples.add(partition.key, self.index.position());
        let position = vint::unsigned(partition.position);
        let length = vint::unsigned(wide(self.promoted.as_slice().len()));
        let mut entry = index::Entry::new();
        let refused = |fault| self.index.refused(fault);
        entry.len_key = fit(partition.key.len()).map_err(refused)?;
        entry.key = partition.key;
        entry.position = number(&position).map_err(refused)?;
        entry.len_promoted_index = number(&length).map_err(refused)?;
        entry.promoted_index = self.promoted.as_slice();
        self.index.encode(&entry)
    }

    /// Writes the summary, and what is left of the index.
    ///
    /// # Errors
    /// As [`BigIndexWriter::add`], or there was no partition.
    pub fn finish(mut self) -> Result<(), Error> {
        self.samples.write(self.version, &mut self.summary)?;
        self.summary.finish()?;
        self.index.finish()?;
        Ok(())
    }

    fn promote(&mut self, partition: &IndexedPartition<'_>) -> Result<(), Fault> {
        let header_length = vint::unsigned(partition.header_length);
        let num_blocks = vint::unsigned(wide(partition.blocks.len()));
        let mut header = PromotedIndexHeader::new(self.version);
        header.header_length = number(&header_length)?;
        header.partition_deletion = deletion_time(self.version, partition.deletion)?;
        header.num_blocks = number(&num_blocks)?;
        header.encode(&mut self.promoted)?;
        let first = self.promoted.as_slice().len();
        let mut offsets = Vec::with_capacity(partition.blocks.len());
        for block in partition.blocks {
            let offset = self.promoted.as_slice().len().saturating_sub(first);
            offsets.push(fit::<u32, _>(offset)?);
            self.block(block)?;
        }
        self.promoted.put(&Numbers::<u32, true>::pack(&offsets));
        Ok(())
    }

    fn block(&mut self, block: &WrittenBlock) -> Result<(), Fault> {
        let shapes = self.types.shapes();
        let first = values(shapes, &block.first)?;
        let last = values(shapes, &block.last)?;
        let offset = vint::unsigned(block.offset);
        let width = fit::<i64, _>(block.width)?.checked_sub(WIDTH_BASE).ok_or(Fault::Overflow)?;
        let width = vint::signed(width);
        let mut made = index::Block::new(self.version, shapes);
        made.first_name = prefix(shapes, &block.first, &first)?;
        made.last_name = prefix(shapes, &block.last, &last)?;
        made.offset = number(&offset)?;
        made.width_delta = number(&width)?;
        if block.open_after.is_some() {
            made.has_end_open_marker = 1;
            made.end_open_marker = Some(deletion_time(self.version, block.open_after)?);
        }
        made.encode(&mut self.promoted)
    }
}

/// The bytes of a clustering's or bound's values.
fn values(shapes: &[i32], prefix: &ClusteringPrefix) -> Result<Vec<u8>, Fault> {
    let values: Vec<_> = prefix.values().collect();
    let mut out = Sink::new();
    clustering_values(shapes, &values, &mut out)?;
    Ok(out.finish())
}

/// The clustering or bound with such values.
fn prefix<'a>(
    shapes: &'a [i32],
    prefix: &ClusteringPrefix,
    values: &'a [u8],
) -> Result<Prefix<'a>, Fault> {
    let mut made = Prefix::new(shapes);
    made.kind = prefix.kind;
    let number = prefix.values().len();
    if prefix.kind != Kind::CLUSTERING {
        made.num_bound_values = Some(fit(number)?);
    }
    made.values = Values::read(&mut Cursor::new(values, 0), shapes, fit(number)?)?;
    Ok(made)
}

/// A sample of the index at full sampling, as every writer of Cassandra's makes it.
struct Samples {
    interval: u64,
    num_keys: u64,
    keys: Vec<u8>,
    /// For each sample where its key ends in `keys`, and its entry's position.
    samples: Vec<(usize, u64)>,
    last: Vec<u8>,
}

impl Samples {
    fn new(interval: u32) -> Self {
        Self {
            interval: u64::from(interval.max(1)),
            num_keys: 0,
            keys: Vec::new(),
            samples: Vec::new(),
            last: Vec::new(),
        }
    }

    /// Takes a key and its entry's position in Index.db.
    fn add(&mut self, key: &[u8], position: u64) {
        if self.num_keys.checked_rem(self.interval) == Some(0) {
            self.keys.extend_from_slice(key);
            self.samples.push((self.keys.len(), position));
        }
        self.num_keys = self.num_keys.saturating_add(1);
        self.last.clear();
        self.last.extend_from_slice(key);
    }

    /// Writes Summary.db.
    fn write(&self, version: u8, output: &mut Output) -> Result<(), Error> {
        if self.samples.is_empty() {
            return Err(no_partitions());
        }
        let mut offsets = Vec::with_capacity(self.samples.len());
        let body = self.body(version, &mut offsets);
        let packed = Numbers::<u32, false>::pack(&offsets);
        let made = body.and_then(|mut body| {
            body.offsets = Numbers::over(&packed)?;
            Ok(body)
        });
        output.encode(&made.map_err(|fault| output.refused(fault))?)
    }

    /// All but the offsets, which go to `offsets`.
    fn body(&self, version: u8, offsets: &mut Vec<u32>) -> Result<summary::Body<'_>, Fault> {
        let mut entries = Vec::with_capacity(self.samples.len());
        let table = self.samples.len().checked_mul(LENGTH_OF_OFFSET).ok_or(Fault::Overflow)?;
        let (mut offset, mut start) = (table, 0);
        for (end, position) in &self.samples {
            let key = self.keys.get(start..*end).unwrap_or_default();
            let length = key.len().saturating_add(LENGTH_OF_POSITION);
            let mut entry = summary::Entry::new(fit(length)?);
            (entry.key, entry.position) = (key, *position);
            entries.push(entry);
            offsets.push(fit(offset)?);
            offset = offset.checked_add(length).ok_or(Fault::Overflow)?;
            start = *end;
        }
        let mut body = summary::Body::new(version);
        body.min_index_interval = fit(self.interval)?;
        body.num_offsets = fit(entries.len())?;
        body.len_table = fit(offset)?;
        body.sampling_level = FULL_SAMPLING;
        body.size_at_full_sampling = fit(self.num_keys.div_ceil(self.interval))?;
        body.first_key = entries.first().map_or(&[], |entry| entry.key);
        body.len_first_key = fit(body.first_key.len())?;
        body.last_key = &self.last;
        body.len_last_key = fit(self.last.len())?;
        body.entries = List::from(entries);
        Ok(body)
    }
}
