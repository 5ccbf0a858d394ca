//! Partition keys from Data.db, for an index that does not have them.

use crate::blocks::{BlockCache, DATA};
use crate::errors::Error;
use crate::io::wide;
use crate::layouts::generated::data::PartitionHeader;
use crate::layouts::prelude::{Cursor, Fault};

/// Reads keys where partitions start in Data.db.
pub struct DataKeys {
    blocks: BlockCache,
    version: u8,
}

impl DataKeys {
    /// The keys in the stream of `blocks`.
    #[must_use]
    pub const fn new(blocks: BlockCache, version: u8) -> Self {
        Self { blocks, version }
    }

    /// The blocks, for what is read besides keys.
    pub const fn blocks(&mut self) -> &mut BlockCache {
        &mut self.blocks
    }

    /// The length of the stream in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.blocks.blocks().length()
    }

    /// Whether a partition can start at `position`.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Truncated`]: that is not within the stream.
    pub fn check(&self, position: u64) -> Result<(), Error> {
        let length = self.blocks.blocks().length();
        if position < length {
            return Ok(());
        }
        Err(no_key(&[], position, self.version))
    }

    /// What `look` makes of the key of the partition that starts at `position`.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Corrupt`] and its like: none can start there, or the stream is damaged.
    pub fn with_key<T>(
        &mut self,
        position: u64,
        look: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Error> {
        let length = self.blocks.blocks().length();
        self.blocks.begin();
        let mut wanted = 64;
        loop {
            let bytes = self.blocks.bytes(position, wanted)?;
            let mut cur = Cursor::new(bytes, position);
            let end = position.saturating_add(wide(bytes.len()));
            match PartitionHeader::read(&mut cur, self.version) {
                Ok(header) => return Ok(look(header.key)),
                Err(Fault::Truncated) if end < length => wanted = bytes.len().saturating_mul(2),
                Err(_) => return Err(no_key(bytes, position, self.version)),
            }
        }
    }
}

/// Why no partition starts with `bytes`.
#[cold]
fn no_key(bytes: &[u8], position: u64, version: u8) -> Error {
    let again = |cur: &mut Cursor<'_>| PartitionHeader::read(cur, version).map(drop);
    Error::traced(DATA, "data.partition_header", (bytes, position), again)
}
