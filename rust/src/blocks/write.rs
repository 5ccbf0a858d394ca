//! Data.db from a stream: compressed in chunks, or as it is with checksums beside it.
//!
//! Follows `CompressedSequentialWriter`, `ChecksummedSequentialWriter` and
//! `CompressionMetadata.Writer`.

use crc32fast::Hasher;

use super::COMPRESSION_INFO;
use super::compress::ChunkCompressor;
use super::compressors::Compressor;
use super::{CRC, DATA};
use crate::errors::Error;
use crate::io::{Output, wide};
use crate::layouts::generated::chunk::CompressedChunk;
use crate::layouts::generated::{compression_info, crc, digest};
use crate::layouts::items::Numbers;
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

/// The component's name.
pub const DIGEST: &str = "Digest.crc32";
/// Bytes for each checksum of an uncompressed Data.db.
const PLAIN_BLOCK_LENGTH: u32 = 64 * 1024;

/// How a table's Data.db is compressed (Cassandra's `CompressionParams`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compression {
    /// One of Cassandra's classes, such as `LZ4Compressor`, as it is to be named.
    pub compressor: String,
    /// The compressor's options.
    pub options: Vec<(String, String)>,
    /// Uncompressed bytes in each chunk.
    pub chunk_length: u32,
    /// From this length on chunks are stored as they are.
    pub max_compressed_length: u32,
}

/// Takes the uncompressed stream and writes Data.db.
pub struct DataWriter {
    out: Output,
    pending: Sink,
    taken: u64,
    chunk_length: usize,
    digest: Hasher,
    version: u8,
    form: Form,
}

enum Form {
    Compressed(Box<Chunks>),
    Plain(Vec<u32>),
}

/// What is known of the chunks so far.
struct Chunks {
    compression: Compression,
    compressor: ChunkCompressor,
    compressed: Sink,
    stored: Sink,
    offsets: Vec<u64>,
    offset: u64,
    compressed_length: u64,
}

/// What belongs to a Data.db that is complete.
#[derive(Clone, Debug, PartialEq)]
pub struct DataEnd {
    /// Compressed over uncompressed length, -1 if not compressed.
    pub compression_ratio: f64,
    /// Digest.crc32.
    pub digest: Vec<u8>,
    /// CompressionInfo.db, or CRC.db if not compressed.
    pub beside: Vec<u8>,
}

impl DataWriter {
    /// Writes to `out`; `version` is the number of the format version.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Unsupported`]: the compressor is not one of Cassandra's.
    pub fn new(out: Output, compression: Option<Compression>, version: u8) -> Result<Self, Error> {
        let length = compression.as_ref().map_or(PLAIN_BLOCK_LENGTH, |it| it.chunk_length);
        let form = match compression {
            None => Form::Plain(Vec::new()),
            Some(compression) => Form::Compressed(Box::new(Chunks::new(compression)?)),
        };
        let chunk_length = usize::try_from(length.max(1)).unwrap_or(usize::MAX);
        let (pending, digest) = (Sink::new(), Hasher::new());
        Ok(Self { out, pending, taken: 0, chunk_length, digest, version, form })
    }

    /// Length of the stream up to now, in bytes.
    #[inline]
    #[must_use]
    pub fn position(&self) -> u64 {
        self.taken.saturating_add(wide(self.pending.as_slice().len()))
    }

    /// Where the next bytes of the stream go.
    #[inline]
    pub const fn stream(&mut self) -> &mut Sink {
        &mut self.pending
    }

    /// Writes the chunks that are complete. To be called now and then.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Output`]: the system cannot write; [`crate::errors::Kind::Unsupported`]: a chunk cannot be
    /// compressed.
    #[inline]
    pub fn flush_full(&mut self) -> Result<(), Error> {
        // A full one waits, since at the stream's end it is the last.
        if self.pending.as_slice().len() > self.chunk_length { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let mut pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        while rest.len() > self.chunk_length {
            let (chunk, after) = rest.split_at_checked(self.chunk_length).unwrap_or((rest, &[]));
            self.put(chunk)?;
            rest = after;
        }
        let size = pending.as_slice().len().saturating_sub(rest.len());
        self.taken = self.taken.saturating_add(wide(size));
        pending.remove_front(size);
        self.pending = pending;
        Ok(())
    }

    fn put(&mut self, data: &[u8]) -> Result<(), Error> {
        let stored = match &mut self.form {
            Form::Plain(checksums) => {
                checksums.push(crc32fast::hash(data));
                data
            }
            Form::Compressed(chunks) => chunks.put(data)?,
        };
        self.digest.update(stored);
        self.out.write(stored)
    }

    /// Writes what is left. With `synced_before` an empty chunk follows at the end, as there is
    /// where Cassandra opened the SSTable before it was done (after compaction).
    ///
    /// # Errors
    /// As [`DataWriter::flush_full`].
    pub fn finish(mut self, synced_before: bool) -> Result<DataEnd, Error> {
        self.flush()?;
        let length = self.position();
        let last = std::mem::take(&mut self.pending);
        self.put(last.as_slice())?;
        if synced_before {
            self.put(&[])?;
        }
        let version = self.version;
        let checksum = self.digest.finalize().to_string();
        let digest = encoded(DIGEST, &digest::Body { version, checksum: &checksum })?;
        self.out.finish()?;
        let (compression_ratio, beside) = match self.form {
            Form::Plain(checksums) => (-1.0, checksums_file(version, &checksums)?),
            Form::Compressed(chunks) => chunks.finish(version, length)?,
        };
        Ok(DataEnd { compression_ratio, digest, beside })
    }
}

impl Chunks {
    fn new(compression: Compression) -> Result<Self, Error> {
        let method = Compressor::named(&compression.compressor)?;
        let compressor = ChunkCompressor::new(method, &compression.options)?;
        let (compressed, stored) = (Sink::new(), Sink::new());
        let offsets = Vec::new();
        Ok(Self {
            compression,
            compressor,
            compressed,
            stored,
            offsets,
            offset: 0,
            compressed_length: 0,
        })
    }

    /// The bytes that are stored for a chunk.
    fn put(&mut self, data: &[u8]) -> Result<&[u8], Error> {
        self.compressor.compress(data, &mut self.compressed)?;
        let limit = usize::try_from(self.compression.max_compressed_length).unwrap_or(usize::MAX);
        if self.compressed.as_slice().len() >= limit {
            self.compressed.clear();
            self.compressed.put(data);
            self.compressed.put_zeros(limit.saturating_sub(data.len()));
        }
        let data = self.compressed.as_slice();
        self.offsets.push(self.offset);
        self.stored.clear();
        let put = |out: &mut Sink| -> Result<(), Fault> {
            CompressedChunk { len_data: fit(data.len())?, data, crc32: crc32fast::hash(data) }
                .encode(out)
        };
        put(&mut self.stored).map_err(|fault| Error::unwritable(DATA, fault))?;
        self.compressed_length = self.compressed_length.saturating_add(wide(data.len()));
        self.offset = self.offset.saturating_add(wide(self.stored.as_slice().len()));
        Ok(self.stored.as_slice())
    }

    /// The ratio, and CompressionInfo.db for a stream of `length` bytes.
    fn finish(&self, version: u8, length: u64) -> Result<(f64, Vec<u8>), Error> {
        let ratio = ratio(self.compressed_length, length);
        let info = &self.compression;
        let offsets = Numbers::<u64, true>::pack(&self.offsets);
        let make = || -> Result<Vec<u8>, Fault> {
            let options: Result<Vec<_>, Fault> = info.options.iter().map(option).collect();
            let body = compression_info::Body {
                version,
                compressor_name: short(&info.compressor)?,
                num_options: fit(info.options.len())?,
                options: options?.into(),
                chunk_length: info.chunk_length,
                max_compressed_length: Some(info.max_compressed_length),
                data_length: length,
                num_chunk_offsets: fit(self.offsets.len())?,
                chunk_offsets: Numbers::over(&offsets)?,
            };
            let mut out = Sink::new();
            body.encode(&mut out)?;
            Ok(out.finish())
        };
        let bytes = make().map_err(|fault| Error::unwritable(COMPRESSION_INFO, fault))?;
        Ok((ratio, bytes))
    }
}

/// One length over another, as a double.
fn ratio(part: u64, whole: u64) -> f64 {
    let double = |number: u64| {
        let (high, low) = (number.wrapping_shr(32), number & 0xffff_ffff);
        let half = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        half(high) * 4_294_967_296.0 + half(low)
    };
    double(part) / double(whole)
}

fn option((key, value): &(String, String)) -> Result<compression_info::OptionType<'_>, Fault> {
    Ok(compression_info::OptionType { key: short(key)?, value: short(value)? })
}

fn short(value: &str) -> Result<compression_info::ShortString<'_>, Fault> {
    Ok(compression_info::ShortString { len_value: fit(value.len())?, value })
}

fn checksums_file(version: u8, checksums: &[u32]) -> Result<Vec<u8>, Error> {
    let packed = Numbers::<u32, true>::pack(checksums);
    let checksums = Numbers::over(&packed).map_err(|fault| Error::unwritable(CRC, fault))?;
    encoded(CRC, &crc::Body { version, chunk_size: PLAIN_BLOCK_LENGTH, checksums })
}

fn encoded(component: &'static str, object: &impl Layout) -> Result<Vec<u8>, Error> {
    let mut out = Sink::new();
    object.encode(&mut out).map_err(|fault| Error::unwritable(component, fault))?;
    Ok(out.finish())
}
