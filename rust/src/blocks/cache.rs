//! Blocks anywhere in the stream, those kept that were used lately.

use std::collections::HashMap;
use std::sync::Arc;

use crate::errors::Error;
use crate::io::wide;

use super::{Blocks, Scratch};

/// Blocks of one stream in memory, up to a number of bytes.
///
/// The one to give up is found as a clock's hand goes round: it passes by those that were used
/// since it last came, which keeps nearly the same blocks as an order of use would, and makes
/// a block that is there cost no more than to look it up.
pub struct BlockCache {
    blocks: Arc<Blocks>,
    scratch: Scratch,
    limit: u64,
    held: u64,
    places: HashMap<u64, usize>,
    slots: Vec<Slot>,
    free: Vec<usize>,
    hand: usize,
    joined: Vec<u8>,
    short_of: Option<u64>,
}

struct Slot {
    index: u64,
    bytes: Vec<u8>,
    is_used: bool,
}

impl BlockCache {
    /// A cache that keeps at most `limit` bytes, but always the block that was asked for last.
    #[must_use]
    pub fn new(blocks: Arc<Blocks>, limit: u64) -> Self {
        Self {
            blocks,
            scratch: Scratch::random(),
            limit,
            held: 0,
            places: HashMap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            hand: 0,
            joined: Vec::new(),
            short_of: None,
        }
    }

    /// The stream that it is of.
    #[must_use]
    pub const fn blocks(&self) -> &Arc<Blocks> {
        &self.blocks
    }

    /// How many bytes are kept.
    #[must_use]
    pub const fn held(&self) -> u64 {
        self.held
    }

    /// Begins to read somewhere else, so that bytes before damage are handed out once more.
    pub const fn begin(&mut self) {
        self.short_of = None;
    }

    /// The bytes from `position` on, `wanted` of them or more, fewer only before the end or
    /// before damage, of which asking again for more tells.
    ///
    /// # Errors
    /// As [`Blocks::read`], where not one byte more than before can be had.
    pub fn bytes(&mut self, position: u64, wanted: usize) -> Result<&[u8], Error> {
        if position >= self.blocks.length() {
            return Ok(&[]);
        }
        let index = self.blocks.block_of(position);
        let from = near(position.saturating_sub(self.blocks.start_of(index)));
        let place = self.place(index)?;
        let size = self.slots.get(place).map_or(0, |slot| slot.bytes.len());
        let is_last = index.saturating_add(1) >= self.blocks.num_blocks();
        if is_last || size.saturating_sub(from) >= wanted {
            let slot = self.slots.get(place).map(|slot| slot.bytes.as_slice()).unwrap_or_default();
            return Ok(slot.get(from..).unwrap_or_default());
        }
        self.join(index, from, wanted)?;
        Ok(&self.joined)
    }

    /// Puts the bytes of several blocks side by side.
    fn join(&mut self, first: u64, from: usize, wanted: usize) -> Result<(), Error> {
        self.joined.clear();
        for index in first..self.blocks.num_blocks() {
            let place = match self.place(index) {
                Ok(place) => place,
                Err(error) => return self.stopped(index, error),
            };
            let from = if index == first { from } else { 0 };
            if let Some(slot) = self.slots.get(place) {
                self.joined.extend_from_slice(slot.bytes.get(from..).unwrap_or_default());
            }
            if self.joined.len() >= wanted {
                break;
            }
        }
        Ok(())
    }

    /// The first time, what is before the damaged block comes; the second time, the error.
    fn stopped(&mut self, index: u64, error: Error) -> Result<(), Error> {
        if self.short_of.replace(index) == Some(index) {
            return Err(error);
        }
        Ok(())
    }

    /// Where in `slots` the block is, once it is there.
    fn place(&mut self, index: u64) -> Result<usize, Error> {
        if let Some(place) = self.places.get(&index) {
            if let Some(slot) = self.slots.get_mut(*place) {
                slot.is_used = true;
            }
            return Ok(*place);
        }
        let size = self.blocks.size_of(index)?;
        let mut bytes = super::zeros(wide(size))?;
        self.blocks.read(index, &mut self.scratch, &mut bytes)?;
        let place = self.free_place(wide(size));
        let slot = Slot { index, bytes, is_used: true };
        self.held = self.held.saturating_add(wide(size));
        self.places.insert(index, place);
        match self.slots.get_mut(place) {
            Some(free) => *free = slot,
            None => self.slots.push(slot),
        }
        Ok(place)
    }

    /// A slot for another `size` bytes: a new one while there is room.
    fn free_place(&mut self, size: u64) -> usize {
        while self.held > 0 && self.held.saturating_add(size) > self.limit {
            self.give_up();
        }
        self.free.pop().unwrap_or(self.slots.len())
    }

    /// Goes round to the next block that was not used lately, and gives it up.
    fn give_up(&mut self) {
        loop {
            let place = self.hand.checked_rem(self.slots.len()).unwrap_or(0);
            self.hand = place.saturating_add(1);
            let Some(slot) = self.slots.get_mut(place) else { return };
            if !slot.bytes.is_empty() && !std::mem::take(&mut slot.is_used) {
                self.held = self.held.saturating_sub(wide(slot.bytes.len()));
                self.places.remove(&slot.index);
                slot.bytes = Vec::new();
                self.free.push(place);
                return;
            }
        }
    }
}

fn near(distance: u64) -> usize {
    usize::try_from(distance).unwrap_or(usize::MAX)
}
