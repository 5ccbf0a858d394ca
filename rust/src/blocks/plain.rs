//! A Data.db that is not compressed, and CRC.db, which has checksums of its blocks.

use std::sync::Arc;

use crate::errors::{Error, Kind};
use crate::io::Component;
use crate::layouts::generated::crc::Body;
use crate::layouts::prelude::Cursor;

use super::{CRC, DATA};

/// What CRC.db says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksums {
    block_length: u64,
    checksums: Arc<[u32]>,
}

impl Checksums {
    /// What the bytes of a CRC.db say.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] or [`Kind::Truncated`] where they break the layout.
    pub fn decode(bytes: &[u8], version: u8) -> Result<Self, Error> {
        let body = Body::decode(bytes, 0, version).map_err(|_| {
            let again = |cur: &mut Cursor<'_>| Body::read(cur, version).map(drop);
            Error::traced(CRC, "crc.body", (bytes, 0), again)
        })?;
        let checksums = body.checksums.iter().collect();
        Ok(Self { block_length: u64::from(body.chunk_size), checksums })
    }

    /// Bytes in every block but the last.
    #[must_use]
    pub const fn block_length(&self) -> u64 {
        self.block_length
    }

    pub(super) fn check(&self, index: u64, offset: u64, data: &[u8]) -> Result<(), Error> {
        let found = usize::try_from(index).ok().and_then(|index| self.checksums.get(index));
        let Some(stored) = found else {
            let message = format!("CRC.db has no checksum for block {index}");
            return Err(Error::new(Kind::Checksum, DATA, message).at(offset, ""));
        };
        let computed = crc32fast::hash(data);
        if computed == *stored {
            return Ok(());
        }
        let message = format!("block's CRC-32 is {computed:#010x}, CRC.db has {stored:#010x}");
        Err(Error::new(Kind::Checksum, DATA, message).at(offset, ""))
    }

    /// Checks that there are no checksums for more than `num_blocks`.
    pub(super) fn check_end(&self, num_blocks: u64, length: u64) -> Result<(), Error> {
        let expected = usize::try_from(num_blocks).unwrap_or(usize::MAX);
        // A file that was synced before its end has the checksum of an empty block last.
        if self.checksums.iter().skip(expected).all(|checksum| *checksum == 0) {
            return Ok(());
        }
        let message = format!(
            "the file ends after {num_blocks} blocks, CRC.db has checksums of {}",
            self.checksums.len()
        );
        Err(Error::new(Kind::Truncated, DATA, message).at(length, ""))
    }
}

/// The block `index` at `offset` into `out`.
pub(super) fn read(
    data: &Component,
    checksums: Option<&Checksums>,
    offset: u64,
    index: u64,
    out: &mut [u8],
) -> Result<(), Error> {
    if data.read(offset, out)? < out.len() {
        let message = "the file ends before the block does";
        return Err(Error::new(Kind::Truncated, data.name(), message).at(offset, ""));
    }
    match checksums {
        Some(checksums) if !out.is_empty() => checksums.check(index, offset, out),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_further_blocks_are_noticed() {
        let with = |checksums: &[u32]| Checksums { block_length: 4, checksums: checksums.into() };
        assert!(with(&[1, 2]).check_end(2, 8).is_ok());
        assert!(with(&[1, 2, 0]).check_end(2, 8).is_ok());
        let error = with(&[1, 2, 3]).check_end(2, 8).map_err(|error| (error.kind, error.offset));
        assert_eq!(error, Err((Kind::Truncated, Some(8))));
    }
}
