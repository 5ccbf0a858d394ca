//! What compresses chunks, as Cassandra's compressors do.
//!
//! Follows `org.apache.cassandra.io.compress`. LZ4 and zlib are those that Cassandra has,
//! since others make other bytes.

use std::fmt;

use flate2::{Compress, Compression, FlushCompress, Status};
use lz4::block::{CompressionMode, compress_bound, compress_to_buffer};
use zstd::zstd_safe::CParameter;

use super::COMPRESSION_INFO;
use super::compressors::Compressor;
use crate::errors::{Error, Kind};
use crate::layouts::generated::chunk::Lz4Block;
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

const DEFAULT_ZSTD_LEVEL: i32 = 3;
const DEFAULT_LZ4_HIGH_LEVEL: i32 = 9;

/// Compresses chunks one after another.
pub(super) struct ChunkCompressor {
    method: Method,
    scratch: Vec<u8>,
}

enum Method {
    Lz4(CompressionMode),
    Snappy(Box<snap::raw::Encoder>),
    Deflate(Compress),
    Zstd(zstd::bulk::Compressor<'static>),
    Noop,
}

impl fmt::Debug for ChunkCompressor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ChunkCompressor").finish_non_exhaustive()
    }
}

impl ChunkCompressor {
    /// The compressor with the options of CompressionInfo.db.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: an option's value is none.
    pub fn new(compressor: Compressor, options: &[(String, String)]) -> Result<Self, Error> {
        let method = match compressor {
            Compressor::Lz4 => Method::Lz4(lz4_mode(options)?),
            Compressor::Snappy => Method::Snappy(Box::new(snap::raw::Encoder::new())),
            Compressor::Deflate => Method::Deflate(Compress::new(Compression::default(), true)),
            Compressor::Zstd => Method::Zstd(zstd_compressor(options)?),
            Compressor::Noop => Method::Noop,
        };
        Ok(Self { method, scratch: Vec::new() })
    }

    /// Replaces what is in `out` by what becomes of `data`.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: the compressor refuses it.
    pub fn compress(&mut self, data: &[u8], out: &mut Sink) -> Result<(), Error> {
        out.clear();
        self.put(data, out).map_err(|reason| {
            let message = format!("a chunk of {} bytes cannot be compressed: {reason}", data.len());
            Error::new(Kind::Unsupported, super::DATA, message)
        })
    }

    fn put(&mut self, data: &[u8], out: &mut Sink) -> Result<(), String> {
        let scratch = &mut self.scratch;
        let made = match &mut self.method {
            Method::Noop => {
                out.put(data);
                return Ok(());
            }
            Method::Lz4(mode) => return put_lz4(*mode, data, scratch, out),
            Method::Snappy(encoder) => {
                enlarge(scratch, snap::raw::max_compress_len(data.len()));
                encoder.compress(data, scratch).map_err(|error| error.to_string())?
            }
            // Of nothing Cassandra makes nothing, not a stream without content.
            Method::Deflate(_) if data.is_empty() => 0,
            Method::Deflate(deflater) => deflate(deflater, data, scratch)?,
            Method::Zstd(compressor) => {
                enlarge(scratch, zstd::zstd_safe::compress_bound(data.len()));
                let made = compressor.compress_to_buffer(data, scratch.as_mut_slice());
                made.map_err(|error| error.to_string())?
            }
        };
        out.put(scratch.get(..made).unwrap_or_default());
        Ok(())
    }
}

fn put_lz4(
    mode: CompressionMode,
    data: &[u8],
    scratch: &mut Vec<u8>,
    out: &mut Sink,
) -> Result<(), String> {
    let bound = compress_bound(data.len()).map_err(|error| error.to_string())?;
    enlarge(scratch, bound);
    let made = compress_to_buffer(data, Some(mode), false, scratch);
    let made = made.map_err(|error| error.to_string())?;
    let len_decompressed = u32::try_from(data.len()).map_err(|error| error.to_string())?;
    let block = scratch.get(..made).unwrap_or_default();
    Lz4Block { len_decompressed, block }.encode(out).map_err(|fault| format!("{fault:?}"))
}

fn deflate(deflater: &mut Compress, data: &[u8], scratch: &mut Vec<u8>) -> Result<usize, String> {
    deflater.reset();
    // What the worst case needs: blocks that are stored, and what frames them.
    let bound = data.len().saturating_add(data.len().div_euclid(1000)).saturating_add(64);
    enlarge(scratch, bound);
    let status = deflater.compress(data, scratch, FlushCompress::Finish);
    match status.map_err(|error| error.to_string())? {
        Status::StreamEnd => usize::try_from(deflater.total_out()).map_err(|e| e.to_string()),
        Status::Ok | Status::BufError => Err("it takes more room than it may".to_owned()),
    }
}

fn enlarge(scratch: &mut Vec<u8>, size: usize) {
    if scratch.len() < size {
        scratch.resize(size, 0);
    }
}

fn lz4_mode(options: &[(String, String)]) -> Result<CompressionMode, Error> {
    if option(options, "lz4_compressor_type") == Some("high") {
        let level = number(options, "lz4_high_compressor_level")?;
        return Ok(CompressionMode::HIGHCOMPRESSION(level.unwrap_or(DEFAULT_LZ4_HIGH_LEVEL)));
    }
    Ok(CompressionMode::DEFAULT)
}

fn zstd_compressor(options: &[(String, String)]) -> Result<zstd::bulk::Compressor<'static>, Error> {
    let level = number(options, "compression_level")?.unwrap_or(DEFAULT_ZSTD_LEVEL);
    let refused = |error: std::io::Error| {
        Error::new(Kind::Unsupported, COMPRESSION_INFO, format!("Zstd: {error}"))
    };
    let mut made = zstd::bulk::Compressor::new(level).map_err(refused)?;
    made.set_parameter(CParameter::ChecksumFlag(true)).map_err(refused)?;
    Ok(made)
}

fn option<'o>(options: &'o [(String, String)], name: &str) -> Option<&'o str> {
    options.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn number(options: &[(String, String)], name: &str) -> Result<Option<i32>, Error> {
    let Some(text) = option(options, name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        let message = format!("compressor option {name}: '{text}' is no number");
        Error::new(Kind::Unsupported, COMPRESSION_INFO, message)
    })
}
