//! What reading blocks needs besides a place for them: compressed bytes, read some way ahead.

use crate::errors::{Error, Kind};
use crate::io::{Component, wide};
use crate::layouts::generated::chunk::CompressedChunk;

use super::compressors::Decompressor;
use super::info::{Chunk, CompressionInfo};
use super::{DATA, at_chunk};

/// Bytes that a reader from front to back reads from the file at once.
const AHEAD: u64 = 1 << 18;

/// What is used for block after block: memory for compressed bytes, and what decompresses them.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) compressed: Compressed,
    pub(super) decompressor: Decompressor,
}

impl Scratch {
    /// For single blocks anywhere.
    #[must_use]
    pub fn random() -> Self {
        Self::default()
    }

    /// For blocks one after another, several of which are read from the file at once.
    #[must_use]
    pub fn sequential() -> Self {
        Self { compressed: Compressed::sequential(), decompressor: Decompressor::default() }
    }
}

/// Part of a compressed file.
#[derive(Debug, Default)]
pub(super) struct Compressed {
    buffer: Vec<u8>,
    start: u64,
    filled: usize,
    ahead: u64,
}

impl Compressed {
    /// For chunks one after another.
    pub(super) fn sequential() -> Self {
        Self { ahead: AHEAD, ..Self::default() }
    }

    /// The bytes of `chunk` as they stand in the file.
    pub(super) fn chunk(
        &mut self,
        data: &Component,
        info: &CompressionInfo,
        chunk: &Chunk,
    ) -> Result<&[u8], Error> {
        if !chunk.is_within(info.file_length) {
            return Err(ends_early(chunk));
        }
        self.fill(data, chunk)?;
        let start = usize::try_from(chunk.offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let size = usize::try_from(chunk.end.saturating_sub(chunk.offset)).unwrap_or(usize::MAX);
        let held = self.buffer.get(..self.filled).unwrap_or_default();
        let bytes = held.get(start..).and_then(|rest| rest.get(..size));
        bytes.ok_or_else(|| ends_early(chunk))
    }

    /// What was read from the file last, and where it starts.
    pub(super) fn held(&self) -> (u64, &[u8]) {
        (self.start, self.buffer.get(..self.filled).unwrap_or_default())
    }

    /// Has the whole chunk in the buffer, as far as the file has it.
    fn fill(&mut self, data: &Component, chunk: &Chunk) -> Result<(), Error> {
        let held = self.start.saturating_add(wide(self.filled));
        if self.start <= chunk.offset && chunk.end <= held {
            return Ok(());
        }
        let left = data.len().saturating_sub(chunk.offset);
        let size = chunk.end.saturating_sub(chunk.offset).max(self.ahead.min(left));
        self.filled = 0;
        if wide(self.buffer.len()) < size {
            self.buffer = super::zeros(size)?;
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let room = self.buffer.get_mut(..size).unwrap_or_default();
        self.filled = data.read(chunk.offset, room)?;
        self.start = chunk.offset;
        Ok(())
    }
}

/// The compressed bytes in what stands in the file, if their checksum is right.
pub(super) fn check<'a>(bytes: &'a [u8], chunk: &Chunk) -> Result<&'a [u8], Error> {
    let Ok(length) = i32::try_from(chunk.length()) else {
        return Err(at_chunk(chunk, Kind::Corrupt, "the chunk is too long"));
    };
    let parsed = CompressedChunk::decode(bytes, chunk.offset, length)
        .map_err(|error| Error::layout(DATA, error))?;
    let computed = crc32fast::hash(parsed.data);
    if computed == parsed.crc32 {
        return Ok(parsed.data);
    }
    let stored = parsed.crc32;
    let message = format!("chunk's CRC-32 is {computed:#010x}, stored is {stored:#010x}");
    Err(at_chunk(chunk, Kind::Checksum, message))
}

#[cold]
pub(super) fn ends_early(chunk: &Chunk) -> Error {
    at_chunk(chunk, Kind::Truncated, "the file ends before the chunk does")
}
