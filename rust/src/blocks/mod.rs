//! Data.db as one uncompressed stream, every byte checked before it is handed out.
//!
//! Follows `CompressedChunkReader` and `ChecksummedRandomAccessReader`.

mod cache;
mod check;
mod compress;
mod compressors;
mod info;
mod plain;
mod scratch;
mod stream;
mod write;

pub use cache::BlockCache;
pub use check::{Checked, Parts, check};
pub use compressors::{Compressor, Decompressor};
pub use info::{Chunk, CompressionInfo};
pub use plain::Checksums;
pub use scratch::Scratch;
pub use stream::Stream;
pub use write::{Compression, DIGEST, DataEnd, DataWriter};

use crate::errors::{Error, Kind};
use crate::io::{Component, wide};

/// The component's name.
pub const DATA: &str = "Data.db";

/// The component's name.
pub const CRC: &str = "CRC.db";

/// The component's name.
pub const COMPRESSION_INFO: &str = "CompressionInfo.db";

/// Bytes of an uncompressed Data.db without checksums that are read at once.
const UNCHECKED_BLOCK: u64 = 1 << 16;

/// Data.db cut into blocks that are read and checked one by one: compressed chunks, or as many
/// bytes as CRC.db has a checksum for.
#[derive(Clone)]
pub struct Blocks {
    data: Component,
    form: Form,
    length: u64,
    block_length: u64,
}

#[derive(Clone)]
enum Form {
    Compressed(CompressionInfo),
    Plain(Option<Checksums>),
}

impl Blocks {
    /// A compressed Data.db.
    #[must_use]
    pub fn compressed(data: Component, info: CompressionInfo) -> Self {
        let (length, block_length) = (info.data_length, info.chunk_length);
        Self { data, form: Form::Compressed(info), length, block_length }
    }

    /// A Data.db that is not compressed, with the checksums of CRC.db if it is there.
    #[must_use]
    pub fn plain(data: Component, checksums: Option<Checksums>) -> Self {
        let length = data.len();
        let block_length = checksums.as_ref().map_or(UNCHECKED_BLOCK, Checksums::block_length);
        Self { data, form: Form::Plain(checksums), length, block_length }
    }

    /// A component without checksums, read `block_length` bytes at once.
    #[must_use]
    pub fn unchecked(data: Component, block_length: u64) -> Self {
        let length = data.len();
        Self { data, form: Form::Plain(None), length, block_length }
    }

    /// Length of the uncompressed stream in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Uncompressed bytes in every block but the last.
    #[must_use]
    pub const fn block_length(&self) -> u64 {
        self.block_length
    }

    /// How many blocks the stream has. A chunk that is empty, as may follow, does not count.
    #[must_use]
    pub fn num_blocks(&self) -> u64 {
        self.length.div_ceil(self.block_length.max(1))
    }

    /// The number of the block that has the byte at `position`.
    #[must_use]
    pub fn block_of(&self, position: u64) -> u64 {
        position.checked_div(self.block_length).unwrap_or(0)
    }

    /// Where the block `index` starts in the stream.
    #[must_use]
    pub const fn start_of(&self, index: u64) -> u64 {
        index.saturating_mul(self.block_length)
    }

    /// How many bytes the block `index` has.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] where memory could not hold it.
    pub fn size_of(&self, index: u64) -> Result<usize, Error> {
        let size = self.length.saturating_sub(self.start_of(index)).min(self.block_length);
        usize::try_from(size)
            .map_err(|_| Error::new(Kind::Unsupported, DATA, "a block is too large to be read"))
    }

    /// The bytes of the block `index` into `out`, which is as long as it.
    ///
    /// # Errors
    /// [`Kind::Checksum`] where stored and computed checksum differ, [`Kind::Corrupt`] where
    /// it cannot be decompressed, [`Kind::Truncated`] where the file ends within it.
    pub fn read(&self, index: u64, scratch: &mut Scratch, out: &mut [u8]) -> Result<(), Error> {
        match &self.form {
            Form::Compressed(info) => self.unpack(info, index, scratch, out),
            Form::Plain(checksums) => {
                plain::read(&self.data, checksums.as_ref(), self.start_of(index), index, out)
            }
        }
    }

    /// Checks, where the stream ends, that there is nothing more.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] or [`Kind::Truncated`] where there are further blocks, or checksums
    /// of such.
    pub fn check_end(&self, scratch: &mut Scratch) -> Result<(), Error> {
        match &self.form {
            Form::Compressed(info) => {
                for index in self.num_blocks()..info.num_chunks() {
                    self.unpack(info, index, scratch, &mut [])?;
                }
                Ok(())
            }
            Form::Plain(Some(checksums)) => checksums.check_end(self.num_blocks(), self.length),
            Form::Plain(None) => Ok(()),
        }
    }

    fn unpack(
        &self,
        info: &CompressionInfo,
        index: u64,
        scratch: &mut Scratch,
        out: &mut [u8],
    ) -> Result<(), Error> {
        let Some(chunk) = info.chunk(index) else {
            return Err(Error::new(Kind::Corrupt, DATA, "there is no such chunk"));
        };
        let Scratch { compressed, decompressor } = scratch;
        let data = scratch::check(compressed.chunk(&self.data, info, &chunk)?, &chunk)?;
        let size = if chunk.is_raw {
            without_padding(data, out)
        } else if data.is_empty() && out.is_empty() {
            0
        } else {
            decompressor.decompress(info.compressor, data, out).map_err(|reason| {
                at_chunk(&chunk, Kind::Corrupt, format!("chunk cannot be decompressed: {reason}"))
            })?
        };
        if size == out.len() {
            return Ok(());
        }
        let message = format!("chunk has {size} uncompressed bytes instead of {}", out.len());
        Err(at_chunk(&chunk, Kind::Corrupt, message))
    }
}

/// Copies a chunk that is stored raw; the last one is padded to the maximum compressed length.
/// Says how many bytes it has.
fn without_padding(data: &[u8], out: &mut [u8]) -> usize {
    let (content, padding) = data.split_at(out.len().min(data.len()));
    if padding.iter().any(|byte| *byte != 0) {
        return data.len();
    }
    if let Some(to) = out.get_mut(..content.len()) {
        to.copy_from_slice(content);
    }
    content.len()
}

#[cold]
fn at_chunk(chunk: &Chunk, kind: Kind, message: impl Into<String>) -> Error {
    Error::new(kind, DATA, message).at(chunk.offset, &format!("chunk[{}]", chunk.index))
}

/// Bytes in a new place, zeros at first.
fn zeros(size: u64) -> Result<Vec<u8>, Error> {
    match usize::try_from(size) {
        Ok(size) if wide(size) <= stream::LARGEST => Ok(vec![0; size]),
        _ => {
            let message = format!("{size} bytes would have to be in memory at once");
            Err(Error::new(Kind::Unsupported, DATA, message))
        }
    }
}

#[cfg(test)]
mod tests;
