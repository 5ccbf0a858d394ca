//! A Bloom filter for as many keys as there turn out to be.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::bloom::BloomFilterWriter;
use crate::codec::be;
use crate::errors::{Error, Kind};
use crate::index::bloom::FILTER;
use crate::io::{Component, FileSource, Output, wide};

/// How many hashes are held in memory, each of [`SIZE`] bytes.
const HELD: usize = 1 << 20;
/// Bytes of a hash.
const SIZE: usize = 16;

/// Keeps keys' hashes until their number is known, in a file where they are many.
pub struct KeyHashes {
    path: PathBuf,
    held: Vec<(u64, u64)>,
    spilled: Option<Output>,
    count: u64,
    fp_chance: f64,
}

impl KeyHashes {
    /// For a filter with a chance of false positives; the file at `path` is made if need be, and
    /// removed.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: Cassandra has no filter for so small a chance.
    pub fn new(path: PathBuf, fp_chance: f64) -> Result<Self, Error> {
        super::bloom::specification(fp_chance)?;
        Ok(Self { path, held: Vec::new(), spilled: None, count: 0, fp_chance })
    }

    /// Takes a key's hash.
    ///
    /// # Errors
    /// The file cannot be written.
    #[inline]
    pub fn add(&mut self, hash: (u64, u64)) -> Result<(), Error> {
        if self.held.len() >= HELD {
            self.spill()?;
        }
        self.held.push(hash);
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    fn spill(&mut self) -> Result<(), Error> {
        let mut output = match self.spilled.take() {
            Some(output) => output,
            None => Output::create(&self.path, FILTER)?,
        };
        for (first, second) in self.held.drain(..) {
            output.write(&first.to_be_bytes())?;
            output.write(&second.to_be_bytes())?;
        }
        self.spilled = Some(output);
        Ok(())
    }

    /// The filter of all keys.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: too many keys for a filter; [`Kind::Io`]: the file cannot be read.
    pub fn finish(mut self) -> Result<BloomFilterWriter, Error> {
        let mut filter = BloomFilterWriter::new(self.count, self.fp_chance)?;
        if let Some(output) = self.spilled.take() {
            output.finish()?;
            self.read(&mut filter)?;
        }
        for hash in &self.held {
            filter.add(*hash);
        }
        Ok(filter)
    }

    fn read(&self, filter: &mut BloomFilterWriter) -> Result<(), Error> {
        let file = FileSource::open(&self.path).map_err(|error| {
            Error::new(Kind::Io, FILTER, format!("the keys' hashes cannot be read: {error}"))
        })?;
        let file = Component::new(Arc::new(file), FILTER);
        let mut buffer = vec![0; HELD.saturating_mul(SIZE).div_ceil(16)];
        let mut position = 0_u64;
        loop {
            let size = file.read(position, &mut buffer)?;
            position = position.saturating_add(wide(size));
            for bytes in buffer.get(..size).unwrap_or_default().chunks_exact(SIZE) {
                let (first, second) = bytes.split_at_checked(SIZE / 2).unwrap_or_default();
                if let (Some(first), Some(second)) = (be::u64(first), be::u64(second)) {
                    filter.add((first, second));
                }
            }
            if size < buffer.len() {
                return Ok(());
            }
        }
    }
}

impl Drop for KeyHashes {
    fn drop(&mut self) {
        // Mostly it is not there; what is left is removed with its folder.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::{HELD, KeyHashes};
    use crate::codec::murmur3::hash128;
    use crate::errors::Error;
    use crate::index::write::BloomFilterWriter;
    use crate::io::wide;

    #[test]
    fn many_keys_make_the_filter_of_their_number() -> Result<(), Error> {
        let path = std::env::temp_dir().join(format!("cqlite-hashes-{}", std::process::id()));
        let number = wide(HELD).saturating_mul(2).saturating_add(7);
        let mut hashes = KeyHashes::new(path.clone(), 0.01)?;
        let mut expected = BloomFilterWriter::new(number, 0.01)?;
        for index in 0..number {
            let hash = hash128(&index.to_be_bytes());
            hashes.add(hash)?;
            expected.add(hash);
        }
        assert!(path.exists());
        assert_eq!(hashes.finish()?, expected);
        assert!(!path.exists());
        Ok(())
    }
}
