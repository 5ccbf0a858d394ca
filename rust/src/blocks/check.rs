//! All checksums of Data.db in one pass over the file.

use std::ops::ControlFlow;

use super::plain::Checksums;
use super::scratch::{self, Compressed};
use super::{CompressionInfo, DATA};
use crate::errors::{Error, Kind};
use crate::io::{Component, wide};

/// Bytes that are read at once where blocks don't say.
const READ_LENGTH: u64 = 1 << 18;

/// What cuts Data.db into parts with checksums of their own.
#[derive(Clone, Copy, Debug)]
pub enum Parts<'a> {
    /// Compressed chunks.
    Chunks(&'a CompressionInfo),
    /// Blocks whose checksums are in CRC.db.
    Blocks(&'a Checksums),
    /// Nothing.
    None,
}

/// What came of checking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// CRC-32 of the whole file.
    pub crc32: u32,
    /// What is wrong with parts, in the order of the file.
    pub errors: Vec<Error>,
}

/// Checks the parts of `data` and computes its CRC-32, or gives up when `progress`, which is
/// told how many bytes have been read, says so.
///
/// # Errors
/// [`Kind::Io`] where the system cannot read.
pub fn check(
    data: &Component,
    parts: Parts<'_>,
    mut progress: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Option<Checked>, Error> {
    let mut pass = Pass { data, whole: crc32fast::Hasher::new(), read_to: 0, errors: Vec::new() };
    let flow = match parts {
        Parts::Chunks(info) => pass.chunks(info, &mut progress)?,
        Parts::Blocks(checksums) => pass.blocks(checksums, &mut progress)?,
        Parts::None => ControlFlow::Continue(()),
    };
    if flow.is_break() || pass.rest(&mut progress)?.is_break() {
        return Ok(None);
    }
    Ok(Some(Checked { crc32: pass.whole.finalize(), errors: pass.errors }))
}

type Progress<'p> = &'p mut dyn FnMut(u64) -> ControlFlow<()>;

struct Pass<'a> {
    data: &'a Component,
    whole: crc32fast::Hasher,
    read_to: u64,
    errors: Vec<Error>,
}

impl Pass<'_> {
    /// Takes bytes that start at `position`, of which those before `read_to` are known.
    fn take(&mut self, position: u64, bytes: &[u8]) {
        let known = usize::try_from(self.read_to.saturating_sub(position)).unwrap_or(usize::MAX);
        if let Some(new) = bytes.get(known..) {
            self.whole.update(new);
            self.read_to = self.read_to.saturating_add(wide(new.len()));
        }
    }

    fn chunks(
        &mut self,
        info: &CompressionInfo,
        progress: Progress<'_>,
    ) -> Result<ControlFlow<()>, Error> {
        let mut compressed = Compressed::sequential();
        for index in 0..info.num_chunks() {
            let Some(chunk) = info.chunk(index) else { break };
            let bytes = compressed.chunk(self.data, info, &chunk);
            let bytes = match bytes {
                Ok(bytes) => bytes,
                Err(error) if error.kind == Kind::Io => return Err(error),
                Err(error) => {
                    self.errors.push(error);
                    continue;
                }
            };
            self.errors.extend(scratch::check(bytes, &chunk).err());
            let (position, held) = compressed.held();
            if position.saturating_add(wide(held.len())) > self.read_to {
                self.take(position, held);
                if progress(self.read_to).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn blocks(
        &mut self,
        checksums: &Checksums,
        progress: Progress<'_>,
    ) -> Result<ControlFlow<()>, Error> {
        let length = self.data.len();
        let block_length = checksums.block_length();
        let num_blocks = length.div_ceil(block_length.max(1));
        let mut buffer = super::zeros(block_length.min(length))?;
        for index in 0..num_blocks {
            let offset = index.saturating_mul(block_length);
            let size = length.saturating_sub(offset).min(block_length);
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            let block = buffer.get_mut(..size).unwrap_or_default();
            let found = self.data.read(offset, block)?;
            self.take(offset, block.get(..found).unwrap_or_default());
            if found < size {
                let message = "the file ends before the block does";
                self.errors.push(Error::new(Kind::Truncated, DATA, message).at(offset, ""));
            } else {
                self.errors.extend(checksums.check(index, offset, block).err());
            }
            if progress(self.read_to).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        self.errors.extend(checksums.check_end(num_blocks, length).err());
        Ok(ControlFlow::Continue(()))
    }

    /// What no part has.
    fn rest(&mut self, progress: Progress<'_>) -> Result<ControlFlow<()>, Error> {
        let mut buffer = super::zeros(READ_LENGTH.min(self.data.len()))?;
        while self.read_to < self.data.len() {
            let found = self.data.read(self.read_to, &mut buffer)?;
            if found == 0 {
                break;
            }
            self.take(self.read_to, buffer.get(..found).unwrap_or_default());
            if progress(self.read_to).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
