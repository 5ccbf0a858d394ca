//! The compressors that Cassandra ships, by the class name in CompressionInfo.db.
//!
//! Follows `org.apache.cassandra.io.compress`.

use std::fmt;

use flate2::{FlushDecompress, Status};
use zstd::zstd_safe;

use crate::errors::{Error, Kind};
use crate::layouts::generated::chunk::Lz4Block;

use super::COMPRESSION_INFO;

/// A compressor of Cassandra's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compressor {
    /// `LZ4Compressor`.
    Lz4,
    /// `SnappyCompressor`.
    Snappy,
    /// `DeflateCompressor`.
    Deflate,
    /// `ZstdCompressor`.
    Zstd,
    /// `NoopCompressor`, which stores bytes as they are.
    Noop,
}

const PACKAGE: &str = "org.apache.cassandra.io.compress.";

impl Compressor {
    /// The compressor of a class name, with or without Cassandra's package.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] for any other class.
    pub fn named(name: &str) -> Result<Self, Error> {
        match name.strip_prefix(PACKAGE).unwrap_or(name) {
            "LZ4Compressor" => Ok(Self::Lz4),
            "SnappyCompressor" => Ok(Self::Snappy),
            "DeflateCompressor" => Ok(Self::Deflate),
            "ZstdCompressor" => Ok(Self::Zstd),
            "NoopCompressor" => Ok(Self::Noop),
            _ => {
                let message = format!(
                    "compressor '{name}' is not one of LZ4Compressor, SnappyCompressor, \
                     DeflateCompressor, ZstdCompressor, NoopCompressor"
                );
                Err(Error::new(Kind::Unsupported, COMPRESSION_INFO, message))
            }
        }
    }
}

/// Decompresses chunks one after another and keeps what that needs.
#[derive(Default)]
pub struct Decompressor {
    zstd: Option<zstd::bulk::Decompressor<'static>>,
}

impl fmt::Debug for Decompressor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Decompressor").finish_non_exhaustive()
    }
}

impl Decompressor {
    /// Decompresses `data` to the start of `out`; how many bytes that made.
    ///
    /// # Errors
    /// The reason why the data is invalid, or that there is more than `out` holds.
    pub fn decompress(
        &mut self,
        compressor: Compressor,
        data: &[u8],
        out: &mut [u8],
    ) -> Result<usize, String> {
        match compressor {
            Compressor::Lz4 => lz4(data, out),
            Compressor::Snappy => snappy(data, out),
            Compressor::Deflate => deflate(data, out),
            Compressor::Zstd => self.zstd(data, out),
            Compressor::Noop => stored(data, out),
        }
    }

    fn zstd(&mut self, data: &[u8], out: &mut [u8]) -> Result<usize, String> {
        // Only the first frame counts, as with the library that Cassandra uses.
        let size = zstd_safe::find_frame_compressed_size(data)
            .map_err(|code| zstd_safe::get_error_name(code).to_owned())?;
        let frame = data.get(..size).unwrap_or(data);
        if self.zstd.is_none() {
            let made = zstd::bulk::Decompressor::new().map_err(|error| error.to_string())?;
            self.zstd = Some(made);
        }
        match &mut self.zstd {
            Some(zstd) => zstd.decompress_to_buffer(frame, out).map_err(|error| error.to_string()),
            None => Ok(0),
        }
    }
}

fn lz4(data: &[u8], out: &mut [u8]) -> Result<usize, String> {
    let block = Lz4Block::decode(data, 0).map_err(|error| error.to_string())?;
    let size = usize::try_from(block.len_decompressed).unwrap_or(usize::MAX);
    let limit = out.len();
    let Some(wanted) = out.get_mut(..size) else {
        return Err(too_long(size, limit));
    };
    let size = i32::try_from(size).map_err(|error| error.to_string())?;
    lz4::block::decompress_to_buffer(block.block, Some(size), wanted)
        .map_err(|error| error.to_string())
}

fn snappy(data: &[u8], out: &mut [u8]) -> Result<usize, String> {
    let size = snap::raw::decompress_len(data).map_err(|error| error.to_string())?;
    if size > out.len() {
        return Err(too_long(size, out.len()));
    }
    snap::raw::Decoder::new().decompress(data, out).map_err(|error| error.to_string())
}

fn deflate(data: &[u8], out: &mut [u8]) -> Result<usize, String> {
    let mut inflater = flate2::Decompress::new(true);
    let status = inflater.decompress(data, out, FlushDecompress::Finish);
    let made = usize::try_from(inflater.total_out()).unwrap_or(usize::MAX);
    if status.map_err(|error| error.to_string())? == Status::StreamEnd {
        return Ok(made);
    }
    // What is left may be no more than the mark of the end.
    let taken = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
    let rest = data.get(taken..).unwrap_or_default();
    let status = inflater.decompress(rest, &mut [0], FlushDecompress::Finish);
    if inflater.total_out() > crate::io::wide(made) {
        return Err(format!("more than the chunk length {}", out.len()));
    }
    match status {
        Ok(Status::StreamEnd) => Ok(made),
        Ok(_) => Err("the stream is incomplete".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn stored(data: &[u8], out: &mut [u8]) -> Result<usize, String> {
    let limit = out.len();
    let to = out.get_mut(..data.len()).ok_or_else(|| too_long(data.len(), limit))?;
    to.copy_from_slice(data);
    Ok(data.len())
}

fn too_long(size: usize, limit: usize) -> String {
    format!("decompressed length {size} exceeds the chunk length {limit}")
}
