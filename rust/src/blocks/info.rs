//! CompressionInfo.db: how Data.db is cut into chunks (Cassandra's `CompressionMetadata`).

use crate::errors::{Error, Kind};
use crate::io::wide;
use crate::layouts::generated::compression_info::Body;
use crate::layouts::prelude::Cursor;

use super::COMPRESSION_INFO;
use super::compressors::Compressor;

const CHECKSUM_LENGTH: u64 = 4;

/// What CompressionInfo.db says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompressionInfo {
    /// What the chunks are compressed with.
    pub compressor: Compressor,
    /// Uncompressed bytes in every chunk but the last.
    pub chunk_length: u64,
    /// From this length on chunks are stored raw; none before `na`.
    pub max_compressed_length: Option<u64>,
    /// Length of the uncompressed stream in bytes.
    pub data_length: u64,
    /// Length of Data.db in bytes.
    pub file_length: u64,
    offsets: Vec<u64>,
}

/// One chunk of a compressed Data.db.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its number, from 0.
    pub index: u64,
    /// Where it starts in the file.
    pub offset: u64,
    /// Where its checksum ends in the file.
    pub end: u64,
    /// Length of its content.
    pub uncompressed_length: u64,
    /// Whether its bytes are stored as they are.
    pub is_raw: bool,
}

impl Chunk {
    /// Length of its bytes in the file, without the checksum.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.end.saturating_sub(self.offset).saturating_sub(CHECKSUM_LENGTH)
    }

    /// Whether the file has all of it.
    #[must_use]
    pub const fn is_within(&self, file_length: u64) -> bool {
        self.offset.saturating_add(CHECKSUM_LENGTH) <= self.end && self.end <= file_length
    }
}

impl CompressionInfo {
    /// What `bytes` of a version say of a Data.db of `file_length` bytes.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] where the layout is broken or numbers contradict each other,
    /// [`Kind::Unsupported`] for a compressor that is not Cassandra's own.
    pub fn decode(bytes: &[u8], version: u8, file_length: u64) -> Result<Self, Error> {
        Ok(Self::measured(bytes, version, file_length)?.0)
    }

    /// The same, and how many of the bytes that takes.
    ///
    /// # Errors
    /// As [`CompressionInfo::decode`].
    pub fn measured(bytes: &[u8], version: u8, file_length: u64) -> Result<(Self, u64), Error> {
        let mut cur = Cursor::new(bytes, 0);
        let body = Body::read(&mut cur, version).map_err(|_| {
            let again = |cur: &mut Cursor<'_>| Body::read(cur, version).map(drop);
            Error::traced(COMPRESSION_INFO, "compression_info.body", (bytes, 0), again)
        })?;
        let length = wide(cur.position());
        let chunk_length = u64::from(body.chunk_length);
        if !chunk_length.is_power_of_two() {
            let message = format!("chunk length {chunk_length} is not a power of two");
            return Err(corrupt(message, "compression_info.body.chunk_length"));
        }
        let info = Self {
            compressor: Compressor::Noop,
            chunk_length,
            max_compressed_length: body.max_compressed_length.map(u64::from),
            data_length: body.data_length,
            file_length,
            offsets: body.chunk_offsets.iter().collect(),
        };
        info.check()?;
        let compressor = Compressor::named(body.compressor_name.value)?;
        Ok((Self { compressor, ..info }, length))
    }

    /// What a CompressionInfo.db with these numbers would say.
    #[cfg(test)]
    pub(super) fn of(
        compressor: Compressor,
        chunk_length: u64,
        data_length: u64,
        file_length: u64,
        offsets: Vec<u64>,
    ) -> Self {
        let max_compressed_length = None;
        Self { compressor, chunk_length, max_compressed_length, data_length, file_length, offsets }
    }

    fn check(&self) -> Result<(), Error> {
        let expected = self.data_length.div_ceil(self.chunk_length);
        // A file that was synced before its end has an empty chunk last.
        if self.num_chunks() != expected && self.num_chunks() != expected.saturating_add(1) {
            let message = format!(
                "{} chunks of {} bytes do not make a stream of {} bytes",
                self.num_chunks(),
                self.chunk_length,
                self.data_length
            );
            return Err(corrupt(message, "compression_info.body.data_length"));
        }
        // None: behind all that there can be.
        let mut earliest = Some(0);
        for (index, offset) in self.offsets.iter().enumerate() {
            if earliest.is_none_or(|earliest| *offset < earliest) || (index == 0 && *offset != 0) {
                let message = format!(
                    "chunk {index} starts at {offset}, within the chunk before it or after a gap"
                );
                let field = format!("compression_info.body.chunk_offsets[{index}]");
                return Err(corrupt(message, &field));
            }
            earliest = offset.checked_add(CHECKSUM_LENGTH).and_then(|end| end.checked_add(1));
        }
        Ok(())
    }

    /// How many chunks there are.
    #[must_use]
    pub fn num_chunks(&self) -> u64 {
        wide(self.offsets.len())
    }

    /// The chunk number `index`, if there is one.
    #[must_use]
    pub fn chunk(&self, index: u64) -> Option<Chunk> {
        let number = usize::try_from(index).ok()?;
        let offset = *self.offsets.get(number)?;
        let next = self.offsets.get(number.saturating_add(1));
        let position = index.saturating_mul(self.chunk_length);
        let chunk = Chunk {
            index,
            offset,
            end: next.copied().unwrap_or(self.file_length),
            uncompressed_length: self.data_length.saturating_sub(position).min(self.chunk_length),
            is_raw: false,
        };
        let is_raw = self
            .max_compressed_length
            .is_some_and(|limit| chunk.is_within(u64::MAX) && chunk.length() >= limit);
        Some(Chunk { is_raw, ..chunk })
    }
}

fn corrupt(message: String, field: &str) -> Error {
    Error { field: field.to_owned(), ..Error::new(Kind::Corrupt, COMPRESSION_INFO, message) }
}
