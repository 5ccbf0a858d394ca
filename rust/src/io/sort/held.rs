//! Records in memory.

use super::{Record, Records};
use crate::errors::Error;
use crate::layouts::prelude::{Fault, fit};

/// A record's part of the memory.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The key's first bytes, which decide most comparisons.
    prefix: u128,
    start: usize,
    key_length: u32,
    length: u32,
}

/// Records in memory.
pub(super) struct Held {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    is_sorted: bool,
}

impl Held {
    /// Room for about `memory` bytes, which are not touched before they are needed.
    pub(super) fn new(memory: usize) -> Self {
        let for_entries = memory.div_ceil(4);
        let number = for_entries.checked_div(size_of::<Entry>()).unwrap_or(0);
        Self {
            bytes: Vec::with_capacity(memory.saturating_sub(for_entries)),
            entries: Vec::with_capacity(number),
            is_sorted: true,
        }
    }

    /// Whether another record of this size makes it grow.
    pub(super) fn is_full(&self, size: usize) -> bool {
        self.bytes.len().saturating_add(size) > self.bytes.capacity()
            || self.entries.len() >= self.entries.capacity()
    }

    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        let size = key.len().saturating_add(value.len());
        let entry = Entry {
            prefix: prefix(key),
            start: self.bytes.len(),
            key_length: fit(key.len())?,
            length: fit(size)?,
        };
        if let Some(last) = self.entries.last() {
            self.is_sorted = self.is_sorted && self.record(last).0 <= key;
        }
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.entries.push(entry);
        Ok(())
    }

    pub(super) fn sort(&mut self) {
        if std::mem::replace(&mut self.is_sorted, true) {
            return;
        }
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_unstable_by(|left, right| {
            let by_key = || self.record(left).0.cmp(self.record(right).0);
            let by_place = || left.start.cmp(&right.start);
            left.prefix.cmp(&right.prefix).then_with(by_key).then_with(by_place)
        });
        self.entries = entries;
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes that it can have without growing.
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// The record `index`, none after the last.
    pub(super) fn get(&self, index: usize) -> Option<Record<'_>> {
        self.entries.get(index).map(|entry| self.record(entry))
    }

    /// A record's key and value.
    fn record(&self, entry: &Entry) -> Record<'_> {
        let length = usize::try_from(entry.length).unwrap_or(usize::MAX);
        let end = entry.start.saturating_add(length);
        let bytes = self.bytes.get(entry.start..end).unwrap_or_default();
        let key_length = usize::try_from(entry.key_length).unwrap_or(usize::MAX);
        bytes.split_at_checked(key_length).unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
        self.is_sorted = true;
    }
}

/// The first bytes of a key, in whose order keys are.
pub(super) fn prefix(key: &[u8]) -> u128 {
    let first = key.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; 16];
        for (to, from) in padded.iter_mut().zip(key) {
            *to = *from;
        }
        padded
    });
    u128::from_be_bytes(first)
}

/// Those in memory, in order.
pub(super) struct HeldRecords<'h> {
    pub(super) held: &'h Held,
    pub(super) next: usize,
}

impl Records for HeldRecords<'_> {
    fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        let record = self.held.get(self.next);
        self.next = self.next.saturating_add(1);
        Ok(record)
    }
}
