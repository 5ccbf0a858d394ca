//! Partition index of the BIG format: Index.db, sampled in Summary.db.

use std::ops::Range;

use super::model::{IndexEntry, RowIndex, RowIndexBlock};
use super::promoted::{PromotedIndex, smaller};
use super::summary::Summary;
use crate::errors::{Error, Kind};
use crate::io::{Component, wide};
use crate::layouts::generated::index::Entry;
use crate::layouts::prelude::{Cursor, Fault};
use crate::types::clusterings::ClusteringTypes;
use crate::types::partitioner::Partitioner;

/// The component's name.
pub const INDEX: &str = "Index.db";

/// Bytes of Index.db that are read at once at the least.
const AHEAD: u64 = 1 << 12;

/// The same where entries are looked through for long.
const FAR_AHEAD: u64 = 1 << 16;

/// Index.db with Summary.db (Cassandra's `BigTableReader`).
pub struct BigIndex {
    index: Component,
    summary: Option<Component>,
    samples: Option<Summary>,
    partitioner: Partitioner,
    version: u8,
    sought: Vec<u8>,
    order: Vec<u8>,
    buffer: Vec<u8>,
    held: Range<u64>,
    /// The promoted index that was used last, and where it starts.
    promoted: Option<(u64, Vec<u8>)>,
}

/// Bytes of a promoted index that is kept for the next lookup in the same partition.
const MAX_KEPT: u64 = 1 << 22;

/// An entry that was read, and where the next one starts.
struct Read {
    entry: IndexEntry,
    next: u64,
}

impl BigIndex {
    /// The index in `index`; without a `summary`, which Cassandra makes anew, it is read from
    /// its start.
    #[must_use]
    pub fn new(
        index: Component,
        summary: Option<Component>,
        partitioner: Partitioner,
        version: u8,
    ) -> Self {
        Self {
            index,
            summary,
            samples: None,
            partitioner,
            version,
            sought: Vec::new(),
            order: Vec::new(),
            buffer: Vec::new(),
            held: 0..0,
            promoted: None,
        }
    }

    /// The partition of `key`, if there is one.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] and its like: Index.db or Summary.db are damaged.
    pub fn find(&mut self, key: &[u8]) -> Result<Option<IndexEntry>, Error> {
        let mut sought = std::mem::take(&mut self.sought);
        self.partitioner.position(key, &mut sought)?;
        let found = self.interval(&sought);
        self.sought = sought;
        let interval = found?;
        self.search(interval, |_, found| Ok(found == key))
    }

    /// The first partition that is not before the byte-comparable position `start`.
    ///
    /// # Errors
    /// As [`BigIndex::find`].
    pub fn first_from(&mut self, start: &[u8]) -> Result<Option<IndexEntry>, Error> {
        let from = if start.is_empty() { 0 } else { self.interval(start)?.start };
        let range = from..self.index.len();
        self.search(range, |index, key| Ok(start.is_empty() || index.order_of(key)? >= start))
    }

    fn order_of(&mut self, key: &[u8]) -> Result<&[u8], Error> {
        self.partitioner.position(key, &mut self.order)?;
        Ok(&self.order)
    }

    /// Where in Index.db a byte-comparable position is: from one sample to the next.
    fn interval(&mut self, position: &[u8]) -> Result<Range<u64>, Error> {
        let samples = match self.samples.take() {
            Some(samples) => samples,
            None => self.read_samples()?,
        };
        let found = self.interval_in(&samples, position);
        self.samples = Some(samples);
        found
    }

    fn read_samples(&self) -> Result<Summary, Error> {
        match &self.summary {
            Some(summary) => Summary::decode(&summary.read_all()?, self.version),
            None => Ok(Summary::default()),
        }
    }

    fn interval_in(&mut self, samples: &Summary, position: &[u8]) -> Result<Range<u64>, Error> {
        let size = self.index.len();
        let index = samples.count_before(|key| Ok::<_, Error>(self.order_of(key)? <= position))?;
        let end = samples.sample(index).map_or(size, |(_, end)| end);
        let Some(before) = index.checked_sub(1) else { return Ok(0..end) };
        let Some((key, start)) = samples.sample(before) else { return Ok(0..end) };
        let fits = start < end && end <= size && self.has_key(start, end, key)?;
        if fits {
            return Ok(start..end);
        }
        let message = format!("entry {before} of Summary.db does not lead to its key");
        Err(Error::new(Kind::Corrupt, INDEX, message).at(start.min(size), ""))
    }

    fn has_key(&mut self, position: u64, end: u64, key: &[u8]) -> Result<bool, Error> {
        self.entry(position, end, |_, found| Ok(found == key)).map(|(_, is_it)| is_it)
    }

    /// The first entry in `range` that is `wanted`.
    fn search(
        &mut self,
        range: Range<u64>,
        mut wanted: impl FnMut(&mut Self, &[u8]) -> Result<bool, Error>,
    ) -> Result<Option<IndexEntry>, Error> {
        let mut position = range.start;
        let mut previous = None;
        while position < range.end {
            let (read, is_it) = self.entry(position, range.end, &mut wanted)?;
            let found = read.entry.position;
            if let Some(before) = previous.filter(|before| found <= *before) {
                let message = format!("position {found} in Data.db after {before}");
                let error = Error::new(Kind::Corrupt, INDEX, message);
                return Err(error.at(position, "index.entry.position"));
            }
            if is_it {
                return Ok(Some(read.entry));
            }
            previous = Some(found);
            position = read.next;
        }
        Ok(None)
    }

    /// The entry at `position`, and what `look` makes of its key; what is before `end` may be
    /// read along with it.
    fn entry<T>(
        &mut self,
        position: u64,
        end: u64,
        look: impl FnOnce(&mut Self, &[u8]) -> Result<T, Error>,
    ) -> Result<(Read, T), Error> {
        let mut wanted = 1;
        let mut look = Some(look);
        loop {
            self.fill(position, end, wanted)?;
            let buffer = std::mem::take(&mut self.buffer);
            let bytes = held(&buffer, &self.held, position);
            let mut entry = Entry::new();
            let mut cur = Cursor::new(bytes, position);
            let read = entry.fill(&mut cur);
            let at_end = self.held.end >= self.index.len();
            let done = match skim(&entry, read, &cur, self.index.len()) {
                Err(Fault::Truncated) if !at_end => None,
                Err(_) => Some(Err(no_entry(bytes, position, self.index.len()))),
                Ok(found) => {
                    let look = look.take();
                    look.map(|look| look(self, entry.key).map(|looked| (found, looked)))
                }
            };
            let size = bytes.len();
            self.buffer = buffer;
            if let Some(done) = done {
                return done;
            }
            wanted = size.saturating_mul(2).max(1);
        }
    }

    /// Has the bytes from `position` on in the buffer: `wanted` of them, as far as there are.
    fn fill(&mut self, position: u64, end: u64, wanted: usize) -> Result<(), Error> {
        let target = position.saturating_add(wide(wanted)).min(self.index.len());
        if self.held.start <= position && target <= self.held.end {
            return Ok(());
        }
        // The second time it is clear that one page is not enough.
        let ahead = if position == self.held.end { FAR_AHEAD } else { AHEAD };
        let ahead = end.min(self.index.len()).saturating_sub(position).min(ahead);
        let size = target.saturating_sub(position).max(ahead);
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        self.held = 0..0;
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        let room = self.buffer.get_mut(..size).unwrap_or_default();
        let found = self.index.read(position, room)?;
        if found < size {
            return Err(shorter(position.saturating_add(wide(found))));
        }
        self.held = position..position.saturating_add(wide(found));
        Ok(())
    }

    /// The block to start reading at for what is not before the byte-comparable `clustering`,
    /// in the promoted index of `length` bytes at `offset`; none where all rows are before.
    ///
    /// # Errors
    /// As [`BigIndex::find`].
    pub fn block_for(
        &mut self,
        offset: u64,
        length: u64,
        types: &ClusteringTypes,
        clustering: &[u8],
    ) -> Result<Option<RowIndexBlock>, Error> {
        let bytes = match self.promoted.take() {
            Some((from, bytes)) if from == offset && wide(bytes.len()) == length => bytes,
            _ => self.read_promoted(offset, length)?,
        };
        let index = PromotedIndex::decode(&bytes, offset, self.version, types);
        let found = index.and_then(|index| index.block_for(clustering));
        if length <= MAX_KEPT {
            self.promoted = Some((offset, bytes));
        }
        found
    }

    /// The length in bytes of the smallest block of any partition that another block follows;
    /// none where there is no such.
    ///
    /// # Errors
    /// As [`BigIndex::find`].
    pub fn smallest_block(&mut self, types: &ClusteringTypes) -> Result<Option<u64>, Error> {
        let (mut position, end, mut smallest) = (0, self.index.len(), None);
        while position < end {
            let (read, ()) = self.entry(position, end, |_, _| Ok(()))?;
            if let Some(RowIndex::Promoted { offset, length }) = read.entry.row_index {
                let bytes = self.read_promoted(offset, length)?;
                let index = PromotedIndex::decode(&bytes, offset, self.version, types)?;
                smallest = smaller(smallest, index.smallest_block()?);
            }
            position = read.next;
        }
        Ok(smallest)
    }

    fn read_promoted(&self, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let size = usize::try_from(length)
            .map_err(|_| Error::new(Kind::Unsupported, INDEX, "an index of rows is too large"))?;
        let mut bytes = vec![0; size];
        if self.index.read(offset, &mut bytes)? < size {
            return Err(shorter(offset));
        }
        Ok(bytes)
    }
}

#[cold]
fn shorter(offset: u64) -> Error {
    let message = "the file has become shorter while it was read";
    Error::new(Kind::Truncated, INDEX, message).at(offset, "")
}

/// The part of `buffer`, which has the bytes of `range`, from `position` on.
fn held<'b>(buffer: &'b [u8], range: &Range<u64>, position: u64) -> &'b [u8] {
    let from = usize::try_from(position.saturating_sub(range.start)).unwrap_or(usize::MAX);
    let size = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
    buffer.get(..size).and_then(|held| held.get(from..)).unwrap_or_default()
}

/// Why no entry starts with `bytes`, in a file of `size` bytes.
#[cold]
fn no_entry(bytes: &[u8], position: u64, size: u64) -> Error {
    Error::traced(INDEX, "index.entry", (bytes, position), |cur| {
        let mut entry = Entry::new();
        let read = entry.fill(cur);
        skim(&entry, read, cur, size).map(drop)
    })
}

/// An entry of which the promoted index, if any, need not be in memory.
fn skim(
    entry: &Entry<'_>,
    read: Result<(), Fault>,
    cur: &Cursor<'_>,
    size: u64,
) -> Result<Read, Fault> {
    let here = cur.error(Fault::Truncated);
    let length = match read {
        Ok(()) => wide(entry.promoted_index.len()),
        Err(Fault::Truncated) if here.field == "index::entry.promoted_index" => {
            entry.len_promoted_index.value()
        }
        Err(fault) => return Err(fault),
    };
    let offset = if read.is_ok() { here.offset.saturating_sub(length) } else { here.offset };
    let next = offset.checked_add(length).filter(|next| *next <= size);
    let next = next.ok_or(Fault::Truncated)?;
    let row_index = if length > 0 { Some(RowIndex::Promoted { offset, length }) } else { None };
    let entry = IndexEntry { position: entry.position.value(), row_index };
    Ok(Read { entry, next })
}
