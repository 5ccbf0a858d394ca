//! Partition and row index of the BTI format: the tries of Partitions.db and Rows.db.

use std::sync::Arc;

use super::bloom::filter_hash_byte;
use super::data_keys::DataKeys;
use super::model::{Deletion, IndexEntry, RowIndex, RowIndexBlock, deletion};
use super::promoted::smaller;
use super::trie::{Node, Nodes, Payload};
use crate::errors::{Error, Kind};
use crate::io::Component;
use crate::layouts::generated::{partitions, rows, trie};
use crate::layouts::prelude::{Cursor, Fault, fit};
use crate::types::partitioner::Partitioner;

/// The component's name.
pub const PARTITIONS: &str = "Partitions.db";

/// The component's name.
pub const ROWS: &str = "Rows.db";

/// Length of Partitions.db's footer in bytes.
const FOOTER_LENGTH: u64 = 24;

/// Where a partition is.
#[derive(Clone, Copy, Debug)]
struct Place {
    hash_byte: Option<u8>,
    is_in_rows: bool,
    position: u64,
}

impl Payload for Place {
    const LAYOUT: &'static str = "partitions.node";

    fn read<'a>(cur: &mut Cursor<'a>, _: u8) -> Result<(trie::Node<'a>, Option<Self>), Fault> {
        let node = partitions::Node::read(cur)?;
        let place = match &node.payload {
            None => None,
            Some(payload) => Some(Self {
                hash_byte: payload.hash_byte,
                is_in_rows: payload.is_in_rows()?,
                position: fit(payload.position()?)?,
            }),
        };
        Ok((node.node, place))
    }
}

/// Where a block of rows starts.
#[derive(Clone, Copy, Debug)]
struct BlockStart {
    offset: i128,
    open_deletion: Option<Deletion>,
}

impl Payload for BlockStart {
    const LAYOUT: &'static str = "rows.node";

    fn read<'a>(
        cur: &mut Cursor<'a>,
        version: u8,
    ) -> Result<(trie::Node<'a>, Option<Self>), Fault> {
        let node = rows::Node::read(cur, version)?;
        let start = match &node.payload {
            None => None,
            Some(payload) => {
                let opened = payload.open_deletion.as_ref().map(deletion).transpose()?;
                let offset = payload.offset.value()?;
                Some(Self { offset, open_deletion: opened.flatten() })
            }
        };
        Ok((node.node, start))
    }
}

/// What an entry in Rows.db says.
struct RowsEntry {
    key: Vec<u8>,
    position: u64,
    root: i128,
}

/// Partitions.db with Rows.db (Cassandra's `PartitionIndex`).
pub struct BtiIndex {
    partitions: Nodes<Place>,
    rows: Option<Nodes<BlockStart>>,
    root: u64,
    partitioner: Partitioner,
    version: u8,
    sought: Vec<u8>,
}

impl BtiIndex {
    /// The index in `partitions`, with `rows` if that is there.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] or [`Kind::Truncated`]: the footer is not what it should be.
    pub fn open(
        partitions: Component,
        rows: Option<Component>,
        partitioner: Partitioner,
        version: u8,
    ) -> Result<Self, Error> {
        let mut partitions = Nodes::new(partitions, version);
        let root = read_footer(&mut partitions)?;
        let rows = rows.map(|rows| Nodes::new(rows, version));
        Ok(Self { partitions, rows, root, partitioner, version, sought: Vec::new() })
    }

    /// The partition of `key`, if there is one; `data` tells whether it is that of `key`.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: index or Data.db are damaged.
    pub fn find(&mut self, key: &[u8], data: &mut DataKeys) -> Result<Option<IndexEntry>, Error> {
        self.partitioner.position(key, &mut self.sought)?;
        let found = self.partitions.candidate(self.root, &self.sought)?;
        let Some((node, place)) = found.and_then(with_place) else { return Ok(None) };
        if place.hash_byte.is_some_and(|byte| byte != filter_hash_byte(key)) {
            return Ok(None);
        }
        let (entry, found) = self.entry(node.position, place)?;
        let is_it = match found {
            Some(found) => found == key,
            None => data.with_key(entry.position, |found| found == key)?,
        };
        Ok(if is_it { Some(entry) } else { None })
    }

    /// The first partition that is not before the byte-comparable position `start`.
    ///
    /// # Errors
    /// As [`BtiIndex::find`].
    pub fn first_from(
        &mut self,
        start: &[u8],
        data: &mut DataKeys,
    ) -> Result<Option<IndexEntry>, Error> {
        let mut walk = self.partitions.walk(self.root, start)?;
        let mut previous = None;
        while let Some((path, node)) = walk.next(&mut self.partitions)? {
            let Some((node, place)) = with_place(node) else { continue };
            let (entry, key) = self.entry(node.position, place)?;
            if previous.is_some_and(|previous| entry.position <= previous) {
                let message = format!("position {} in Data.db is not behind", entry.position);
                return Err(self.partitions.corrupt(message, node.position));
            }
            previous = Some(entry.position);
            // Only the first path can be a prefix of the start, and its key before it.
            if start.is_empty() || !start.starts_with(&path) {
                return Ok(Some(entry));
            }
            let sought = &mut self.sought;
            let partitioner = &self.partitioner;
            let compared = match key {
                Some(key) => partitioner.position(&key, sought),
                None => data.with_key(entry.position, |key| partitioner.position(key, sought))?,
            };
            compared?;
            if self.sought.as_slice() >= start {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// The length in bytes of the smallest block of any partition that another block follows;
    /// none where there is no such.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: the index is damaged.
    pub fn smallest_block(&mut self) -> Result<Option<u64>, Error> {
        if self.rows.as_ref().is_none_or(|rows| rows.length() == 0) {
            return Ok(None);
        }
        let mut smallest = None;
        let mut walk = self.partitions.walk(self.root, &[])?;
        while let Some((_, node)) = walk.next(&mut self.partitions)? {
            let Some((node, place)) = with_place(node) else { continue };
            let (entry, _) = self.entry(node.position, place)?;
            if let (Some(RowIndex::Trie { root }), Some(rows)) = (entry.row_index, &mut self.rows) {
                smallest = smaller(smallest, smallest_gap(rows, root)?);
            }
        }
        Ok(smallest)
    }

    /// The entry that a payload leads to, and its key if it is in Rows.db.
    fn entry(&mut self, node: u64, place: Place) -> Result<(IndexEntry, Option<Vec<u8>>), Error> {
        let position = place.position;
        if !place.is_in_rows {
            return Ok((IndexEntry { position, row_index: None }, None));
        }
        let Some(rows) = self.rows.as_mut() else {
            return Err(Error::new(Kind::Missing, ROWS, "the file is missing"));
        };
        if position >= rows.length() {
            let message = format!("position {position} is after the end of Rows.db");
            return Err(self.partitions.corrupt(message, node));
        }
        let entry = read_entry(rows, position, self.version)?;
        let root = u64::try_from(entry.root).ok().filter(|root| *root < position);
        let Some(root) = root else {
            let message = format!("the root at {} is not before the entry", entry.root);
            let error = Error::new(Kind::Corrupt, ROWS, message);
            return Err(error.at(position, "rows.entry.root_delta"));
        };
        let row_index = Some(RowIndex::Trie { root });
        Ok((IndexEntry { position: entry.position, row_index }, Some(entry.key)))
    }

    /// The block to start reading at for what is not before the byte-comparable `clustering`;
    /// none where all rows are before.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: Rows.db is damaged.
    pub fn block_for(
        &mut self,
        root: u64,
        clustering: &[u8],
    ) -> Result<Option<RowIndexBlock>, Error> {
        let Some(rows) = self.rows.as_mut() else {
            return Err(Error::new(Kind::Missing, ROWS, "the file is missing"));
        };
        let floor = rows.floor(root, clustering)?.and_then(with_payload);
        let Some((node, start)) = floor else {
            return Err(rows.corrupt("the first block is missing", root));
        };
        let mut walk = rows.walk(root, clustering)?;
        while let Some((_, following)) = walk.next(rows)? {
            if following.position == node.position {
                continue;
            }
            let Some((following, next)) = with_payload(following) else { continue };
            let (offset, width) = match (
                u64::try_from(start.offset),
                u64::try_from(next.offset.saturating_sub(start.offset)),
            ) {
                (Ok(offset), Ok(width)) if width > 0 => (offset, width),
                _ => {
                    let message = format!(
                        "a block from {} to {}, which are not in order",
                        start.offset, next.offset
                    );
                    return Err(rows.corrupt(message, following.position));
                }
            };
            let open_deletion = start.open_deletion;
            return Ok(Some(RowIndexBlock { offset, width, open_deletion }));
        }
        // What is left is the separator that follows the last block.
        Ok(None)
    }
}

/// The least number of bytes between the starts of two blocks under `root`.
fn smallest_gap(rows: &mut Nodes<BlockStart>, root: u64) -> Result<Option<u64>, Error> {
    let mut walk = rows.walk(root, &[])?;
    let mut offsets = Vec::new();
    while let Some((_, node)) = walk.next(rows)? {
        offsets.extend(with_payload(node).map(|(_, start)| start.offset));
    }
    // The last one is not a block's, but where the partition ends.
    offsets.pop();
    let gaps = offsets.iter().zip(offsets.iter().skip(1));
    let gap = |(before, after): (&i128, &i128)| u64::try_from(after.saturating_sub(*before)).ok();
    Ok(gaps.filter_map(gap).min())
}

fn with_place(node: Arc<Node<Place>>) -> Option<(Arc<Node<Place>>, Place)> {
    with_payload(node)
}

fn with_payload<P: Copy>(node: Arc<Node<P>>) -> Option<(Arc<Node<P>>, P)> {
    let payload = node.payload?;
    Some((node, payload))
}

fn read_entry(
    rows: &mut Nodes<BlockStart>,
    position: u64,
    version: u8,
) -> Result<RowsEntry, Error> {
    rows.decode(position, "rows.entry", |cur| {
        let entry = rows::Entry::read(cur, version, fit(position)?)?;
        Ok(RowsEntry {
            key: entry.key.to_vec(),
            position: entry.data_position.value(),
            root: entry.ofs_root(),
        })
    })
}

/// The position of the root, once the footer fits the file.
fn read_footer(partitions: &mut Nodes<Place>) -> Result<u64, Error> {
    let size = partitions.length();
    let Some(start) = size.checked_sub(FOOTER_LENGTH) else {
        let error = Error::new(Kind::Truncated, PARTITIONS, "the file is shorter than its footer");
        return Err(error.at(size, "footer"));
    };
    let (root, keys) = partitions.decode(start, "partitions.footer", |cur| {
        let footer = partitions::Footer::read(cur)?;
        Ok((footer.ofs_root, footer.ofs_keys))
    })?;
    if root < keys && keys < start {
        partitions.decode(keys, "partitions.keys", |cur| partitions::Keys::read(cur).map(drop))?;
        return Ok(root);
    }
    let message = format!("keys at {keys} and root at {root} do not fit a footer at {start}");
    Err(Error::new(Kind::Corrupt, PARTITIONS, message).at(start, "partitions.footer"))
}
