//! What a partition's rows have in common.

use super::column::Cells;
use crate::layouts::generated::values::CompositeValue;
use crate::layouts::prelude::{Cursor, Failure};
use crate::rows::{DeletionTime, PartitionStart};
use crate::types::values::Refusal;

/// A value of a static column.
#[derive(Default)]
pub(super) struct StaticValue {
    pub is_there: bool,
    pub value: Vec<u8>,
    pub cells: Cells,
}

/// The partition that is being read.
#[derive(Default)]
pub(super) struct Partition {
    pub is_open: bool,
    pub position: u64,
    pub static_position: Option<u64>,
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

/// The time in microseconds up to which a deletion deletes.
pub(super) fn deleted_up_to(deletion: Option<DeletionTime>) -> i64 {
    deletion.map_or(i64::MIN, |found| found.marked_for_delete_at)
}

impl Partition {
    /// Begins another one, whose key has `num_keys` columns.
    pub fn begin(&mut self, start: &PartitionStart<'_>, num_keys: usize) {
        self.is_open = true;
        self.position = start.position;
        self.static_position = None;
        self.deleted = deleted_up_to(start.deletion);
        self.open = None;
        self.is_static_live = false;
        self.has_rows = false;
        self.is_in_batch = false;
        for value in &mut self.statics {
            value.is_there = false;
        }
        self.key_fault = self.split(start.key, num_keys).err();
        self.size = start.key.len();
    }

    fn split(&mut self, key: &[u8], num_keys: usize) -> Result<(), Refusal> {
        self.key.resize_with(num_keys, Vec::new);
        if let [only] = self.key.as_mut_slice() {
            only.clear();
            only.extend_from_slice(key);
            return Ok(());
        }
        let mut values = self.key.iter_mut();
        let mut num_values = 0_usize;
        let mut cur = Cursor::new(key, 0);
        CompositeValue::visit_components(&mut cur, |_, component| {
            if component.is_static_mark() {
                return Ok(());
            }
            num_values = num_values.saturating_add(1);
            if let Some(value) = values.next() {
                value.clear();
                value.extend_from_slice(component.value.unwrap_or_default());
            }
            Ok(())
        })
        .map_err(|refusal: Refusal| refusal.located(&cur))?;
        if num_values == num_keys {
            return Ok(());
        }
        Err(Refusal::new(format!("{num_values} values where there are {num_keys}")))
    }
}
