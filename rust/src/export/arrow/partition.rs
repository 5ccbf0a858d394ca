//! What a partition's rows have in common.

use super::column::Cells;
use crate::rows::{DeletionTime, PartitionStart};
use crate::sstable::{deletions, split_key};
use crate::types::values::Refusal;

/// A value of a static column.
#[derive(Default)]
pub(super) struct StaticValue {
    pub is_there: bool,
    /// The number of the SSTable that it is from, and the row's position there.
    pub origin: (usize, u64),
    pub value: Vec<u8>,
    pub cells: Cells,
}

/// The partition that is being read.
#[derive(Default)]
pub(super) struct Partition {
    pub is_open: bool,
    pub position: u64,
    /// The number of the SSTable that is the first to have it.
    pub sstable: usize,
    /// Microseconds up to which all of it is deleted.
    pub deleted: i64,
    /// The range deletion that is open.
    pub open: Option<DeletionTime>,
    /// Serialized values of the key's columns.
    pub key: Vec<Vec<u8>>,
    /// Why the key has no such values.
    pub key_fault: Option<Refusal>,
    /// Whether any static cell counts.
    pub is_static_live: bool,
    /// One for each output, of which those of static columns are used.
    pub statics: Vec<StaticValue>,
    /// Whether any of its rows came, and whether any is in the batch at hand.
    pub has_rows: bool,
    pub is_in_batch: bool,
    /// Bytes that its key and static values take in each row.
    pub size: usize,
}

impl Partition {
    /// Begins another one, whose key has `num_keys` columns.
    pub fn begin(&mut self, start: &PartitionStart<'_>, num_keys: usize) {
        self.is_open = true;
        self.position = start.position;
        self.deleted = deletions::up_to(start.deletion);
        self.open = None;
        self.is_static_live = false;
        self.has_rows = false;
        self.is_in_batch = false;
        for value in &mut self.statics {
            value.is_there = false;
        }
        self.key_fault = split_key(start.key, num_keys, &mut self.key).err();
        self.size = start.key.len();
    }
}
