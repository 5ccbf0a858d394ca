//! Writes Partitions.db and Rows.db.
//!
//! Follows `PartitionIndexBuilder`, `RowIndexWriter` and `BtiTableWriter.IndexWriter`.

use super::blocks::{ClusteringPrefix, WrittenBlock};
use super::nodes::{size_of_int, sized_int};
use super::parts::deletion_time;
use super::trie::{PayloadFormat, TrieWriter};
use super::{IndexedPartition, no_partitions};
use crate::codec::vint;
use crate::errors::{Error, Kind};
use crate::index::ROWS;
use crate::index::model::Deletion;
use crate::io::{Output, wide};
use crate::layouts::generated::{partitions, rows, trie};
use crate::layouts::make::vint as number;
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::types::byte_comparable::separator_above;
use crate::types::clusterings::ClusteringTypes;
use crate::types::partitioner::Partitioner;

const HAS_HASH: u8 = 8;
const HAS_OPEN_DELETION: u8 = 8;
const LENGTH_OF_LENGTH: u64 = 2;

/// Payloads of Partitions.db (`PartitionIndexSerializer`): the byte of the hash, and the
/// position or its inverse.
struct PartitionFormat;

impl PayloadFormat for PartitionFormat {
    type Payload = (u8, i64);

    fn size(&self, (_, position): &Self::Payload) -> u64 {
        u64::from(size_of_int(*position)).saturating_add(1)
    }

    fn bits(&self, (_, position): &Self::Payload) -> u8 {
        HAS_HASH.saturating_add(size_of_int(*position)).saturating_sub(1)
    }

    fn encode(
        &self,
        node: trie::Node<'_>,
        payload: Option<&Self::Payload>,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        let mut bytes = Vec::new();
        let payload = payload.map(|payload| {
            let mut made = partitions::Payload::new(self.bits(payload));
            made.hash_byte = Some(payload.0);
            made.position_or_inverse = sized_int(payload.1, &mut bytes);
            made
        });
        partitions::Node { node, payload }.encode(out)
    }
}

/// Payloads of Rows.db (`RowIndexReader.getSerializer`): the offset in the partition, and the
/// deletion that is open there.
struct BlockFormat {
    version: u8,
}

impl PayloadFormat for BlockFormat {
    type Payload = (i64, Option<Deletion>);

    fn size(&self, (offset, opened): &Self::Payload) -> u64 {
        let mut out = Sink::new();
        if opened.is_some() {
            // What cannot be encoded fails where it is written.
            let made = deletion_time(self.version, *opened);
            let _ = made.and_then(|made| made.encode(&mut out));
        }
        u64::from(size_of_int(*offset)).saturating_add(wide(out.as_slice().len()))
    }

    fn bits(&self, (offset, opened): &Self::Payload) -> u8 {
        let bits = if opened.is_some() { HAS_OPEN_DELETION } else { 0 };
        bits | size_of_int(*offset)
    }

    fn encode(
        &self,
        node: trie::Node<'_>,
        payload: Option<&Self::Payload>,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        let mut bytes = Vec::new();
        let mut made = rows::Node { node, ..rows::Node::new(self.version) };
        if let Some(payload) = payload {
            let mut found = rows::Payload::new(self.version, self.bits(payload));
            found.offset = sized_int(payload.0, &mut bytes);
            if payload.1.is_some() {
                found.open_deletion = Some(deletion_time(self.version, payload.1)?);
            }
            made.payload = Some(found);
        }
        made.encode(out)
    }
}

/// Partitions.db and Rows.db of one SSTable.
pub struct BtiIndexWriter {
    partitioner: Partitioner,
    partitions: Output,
    trie: TrieWriter<PartitionFormat>,
    rows: RowIndexWriter,
    first: Option<Vec<u8>>,
    last: Last,
    path: Vec<u8>,
}

/// The last key, which is not in the trie before the next one tells how much of it is needed.
#[derive(Default)]
struct Last {
    key: Vec<u8>,
    path: Vec<u8>,
    payload: (u8, i64),
    /// How much of it tells it from the key before.
    length: usize,
}

impl BtiIndexWriter {
    /// An index of partitions in such an order, with such clustering columns.
    #[must_use]
    pub fn new(
        version: u8,
        types: ClusteringTypes,
        partitioner: Partitioner,
        partitions: Output,
        rows: Output,
    ) -> Self {
        Self {
            partitioner,
            partitions,
            trie: TrieWriter::new(PartitionFormat),
            rows: RowIndexWriter::new(version, types, rows),
            first: None,
            last: Last::default(),
            path: Vec::new(),
        }
    }

    /// Writes the next partition's row index if it has one, and takes note of its key.
    ///
    /// # Errors
    /// [`Kind::Output`] where the system cannot write, or [`Kind::InvalidValue`]: the key is not
    /// above the one before, or what is to be written has no place in the format.
    pub fn add(&mut self, partition: &IndexedPartition<'_>) -> Result<(), Error> {
        let position = if partition.blocks.is_empty() {
            !self.signed(partition.position)?
        } else {
            let position = self.rows.add(partition)?;
            self.signed(position)?
        };
        self.partitioner.position(partition.key, &mut self.path)?;
        if self.first.is_none() {
            self.first = Some(partition.key.to_vec());
        } else {
            let length = length_of_difference(&self.last.path, &self.path);
            self.add_last(length.max(self.last.length))?;
            self.last.length = length;
        }
        self.last.key.clear();
        self.last.key.extend_from_slice(partition.key);
        std::mem::swap(&mut self.last.path, &mut self.path);
        let hash_byte = partition.hash.1.to_le_bytes().first().copied().unwrap_or(0);
        self.last.payload = (hash_byte, position);
        Ok(())
    }

    fn signed(&self, position: u64) -> Result<i64, Error> {
        fit(position).map_err(|fault| self.partitions.refused(fault))
    }

    /// As much of the last key as tells it from those before and after it.
    fn add_last(&mut self, length: usize) -> Result<(), Error> {
        let path = self.last.path.get(..length).unwrap_or(&self.last.path);
        self.trie.add(&mut self.partitions, path, self.last.payload)
    }

    /// Writes what is left of the trie, the first and last key and the footer.
    ///
    /// # Errors
    /// As [`BtiIndexWriter::add`], or there was no partition.
    pub fn finish(mut self) -> Result<(), Error> {
        let Some(first) = self.first.take() else { return Err(no_partitions()) };
        self.add_last(self.last.length)?;
        let num_keys = self.trie.count();
        let ofs_root = self.trie.finish(&mut self.partitions)?;
        let ofs_keys = self.partitions.position();
        let mut keys = partitions::Keys::new();
        let refused = |fault| self.partitions.refused(fault);
        keys.len_first = fit(first.len()).map_err(refused)?;
        keys.first = &first;
        keys.len_last = fit(self.last.key.len()).map_err(refused)?;
        keys.last = &self.last.key;
        self.partitions.encode(&keys)?;
        self.partitions.encode(&partitions::Footer { ofs_keys, num_keys, ofs_root })?;
        self.partitions.finish()?;
        self.rows.file.finish()?;
        Ok(())
    }
}

/// Rows.db.
struct RowIndexWriter {
    version: u8,
    types: ClusteringTypes,
    file: Output,
    trie: TrieWriter<BlockFormat>,
}

impl RowIndexWriter {
    fn new(version: u8, types: ClusteringTypes, file: Output) -> Self {
        Self { version, types, file, trie: TrieWriter::new(BlockFormat { version }) }
    }

    /// Writes a partition's trie and entry; the entry's position.
    fn add(&mut self, partition: &IndexedPartition<'_>) -> Result<u64, Error> {
        let root = self.blocks(partition.blocks, partition.end)?;
        let position = self.file.position();
        let refused = |fault| self.file.refused(fault);
        let length = wide(partition.key.len());
        let before = position.saturating_add(LENGTH_OF_LENGTH).saturating_add(length);
        let delta = i64::try_from(before.saturating_sub(root)).unwrap_or(i64::MAX);
        let (data_position, root_delta) =
            (vint::unsigned(partition.position), vint::signed(delta.saturating_neg()));
        let num_blocks = vint::unsigned(wide(partition.blocks.len()));
        let mut entry = rows::Entry::new(self.version, fit(position).map_err(refused)?);
        entry.len_key = fit(partition.key.len()).map_err(refused)?;
        entry.key = partition.key;
        entry.data_position = number(&data_position).map_err(refused)?;
        entry.root_delta = number(&root_delta).map_err(refused)?;
        entry.num_blocks = number(&num_blocks).map_err(refused)?;
        entry.deletion = deletion_time(self.version, partition.deletion).map_err(refused)?;
        self.file.encode(&entry)?;
        Ok(position)
    }

    /// Writes the trie of separators between blocks; its root's position.
    fn blocks(&mut self, blocks: &[WrittenBlock], end: u64) -> Result<u64, Error> {
        let (mut previous, mut first) = (Vec::new(), Vec::new());
        let mut separator = Vec::new();
        for block in blocks {
            if !previous.is_empty() {
                self.place(&block.first, &mut first)?;
                if !separator_above(&previous, &first, &mut separator) {
                    let message = "the rows of a partition have to ascend";
                    return Err(Error::new(Kind::InvalidValue, ROWS, message));
                }
            }
            self.separate(&separator, block.offset, block.open_before)?;
            self.place(&block.last, &mut previous)?;
        }
        nudge(&mut previous, &separator);
        self.separate(&previous, end, None)?;
        self.trie.finish(&mut self.file)
    }

    fn separate(
        &mut self,
        separator: &[u8],
        offset: u64,
        opened: Option<Deletion>,
    ) -> Result<(), Error> {
        let offset = fit(offset).map_err(|fault| self.file.refused(fault))?;
        self.trie.add(&mut self.file, separator, (offset, opened))
    }

    /// Replaces what is in `out` by the byte-comparable form of a clustering or bound.
    fn place(&self, prefix: &ClusteringPrefix, out: &mut Vec<u8>) -> Result<(), Error> {
        self.types.position(prefix.values(), prefix.kind, out).map_err(|refusal| {
            Error::new(Kind::InvalidValue, ROWS, format!("a clustering value: {refusal}"))
        })
    }
}

/// Length of the shortest beginning of `right` that `left` does not have.
fn length_of_difference(left: &[u8], right: &[u8]) -> usize {
    let common = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    common.saturating_add(1)
}

/// Makes of the last clustering a short string just above it, which is above `separator`.
fn nudge(last: &mut Vec<u8>, separator: &[u8]) {
    let mut at = last.iter().zip(separator).take_while(|(a, b)| a == b).count();
    while last.get(at) == Some(&u8::MAX) {
        at = at.saturating_add(1);
    }
    let following = last.get(at).map_or(0, |byte| byte.saturating_add(1));
    last.truncate(at);
    last.push(following);
}
