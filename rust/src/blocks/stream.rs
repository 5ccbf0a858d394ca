//! The uncompressed stream from front to back, through a window that is used again and again.

use std::sync::Arc;

use crate::errors::Error;
use crate::io::wide;

use super::{Blocks, Scratch, zeros};

/// Bytes of the stream that are in memory, unless a unit needs more.
const WINDOW: u64 = 1 << 18;

/// The most bytes that may have to be in memory at once: no row is larger in Cassandra.
pub(super) const LARGEST: u64 = 1 << 31;

/// A part of the uncompressed stream, read in order. What is in memory is what was asked for
/// and not what is before it.
pub struct Stream {
    blocks: Arc<Blocks>,
    scratch: Scratch,
    buffer: Vec<u8>,
    start: u64,
    filled: usize,
    end: u64,
}

impl Stream {
    /// All of the stream.
    #[must_use]
    pub fn new(blocks: Arc<Blocks>) -> Self {
        let end = blocks.length();
        Self::range(blocks, 0, end)
    }

    /// The stream from `start` to before `end`.
    #[must_use]
    pub fn range(blocks: Arc<Blocks>, start: u64, end: u64) -> Self {
        let end = end.min(blocks.length());
        let start = blocks.start_of(blocks.block_of(start));
        let scratch = Scratch::sequential();
        Self { blocks, scratch, buffer: Vec::new(), start, filled: 0, end }
    }

    /// Where it ends.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// The bytes from `position` on: `wanted` of them or more, fewer only before the end or
    /// before damage, of which asking again for more tells. What is before `position` is
    /// forgotten.
    ///
    /// # Errors
    /// As [`Blocks::read`], where not one byte more than before can be had;
    /// [`crate::errors::Kind::Unsupported`] where more bytes are wanted than should be in memory.
    pub fn bytes(&mut self, position: u64, wanted: usize) -> Result<&[u8], Error> {
        if position < self.start || position > self.filled_to() {
            self.start = self.blocks.start_of(self.blocks.block_of(position));
            self.filled = 0;
        }
        let target = position.saturating_add(wide(wanted.max(1))).min(self.end);
        if self.filled_to() < target {
            self.forget(position);
            self.make_room(target)?;
            self.fill()?;
        }
        let size = near(self.end.saturating_sub(self.start)).min(self.filled);
        let held = self.buffer.get(..size).unwrap_or_default();
        Ok(held.get(near(position.saturating_sub(self.start))..).unwrap_or_default())
    }

    /// Checks, if this goes to the end of the whole stream, that there is nothing more.
    ///
    /// # Errors
    /// As [`Blocks::check_end`].
    pub fn check_end(&mut self) -> Result<(), Error> {
        if self.end < self.blocks.length() {
            return Ok(());
        }
        self.blocks.check_end(&mut self.scratch)
    }

    /// Where the next block starts.
    fn filled_to(&self) -> u64 {
        self.start.saturating_add(wide(self.filled))
    }

    /// Moves what is from `position` on to the front.
    fn forget(&mut self, position: u64) {
        let from = near(position.saturating_sub(self.start)).min(self.filled);
        self.buffer.copy_within(from..self.filled, 0);
        self.start = self.start.saturating_add(wide(from));
        self.filled = self.filled.saturating_sub(from);
    }

    fn make_room(&mut self, target: u64) -> Result<(), Error> {
        let wanted = target.max(self.start.saturating_add(WINDOW)).min(self.end);
        // The block that has the last byte is read as a whole.
        let size = wanted.saturating_sub(self.start).saturating_add(self.blocks.block_length());
        let size = size.min(self.blocks.length().saturating_sub(self.start));
        if size <= wide(self.buffer.len()) {
            return Ok(());
        }
        let mut larger = zeros(size)?;
        let held = self.buffer.get(..self.filled).unwrap_or_default();
        if let Some(to) = larger.get_mut(..held.len()) {
            to.copy_from_slice(held);
        }
        self.buffer = larger;
        Ok(())
    }

    /// Reads as many blocks as there is room for.
    fn fill(&mut self) -> Result<(), Error> {
        let before = self.filled;
        while self.filled_to() < self.end {
            let index = self.blocks.block_of(self.filled_to());
            let size = self.blocks.size_of(index)?;
            let room = self.buffer.get_mut(self.filled..).and_then(|room| room.get_mut(..size));
            let Some(room) = room else { break };
            if let Err(error) = self.blocks.read(index, &mut self.scratch, room) {
                // What is before the damage comes first.
                return if self.filled > before { Ok(()) } else { Err(error) };
            }
            self.filled = self.filled.saturating_add(size);
        }
        Ok(())
    }
}

fn near(distance: u64) -> usize {
    usize::try_from(distance).unwrap_or(usize::MAX)
}
