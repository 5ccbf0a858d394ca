//! Filter.db: tells quickly of most keys that they are not in the SSTable.

use crate::codec::murmur3::hash128;
use crate::errors::{Error, Kind};
use crate::io::Component;
use crate::layouts::generated::filter::Body;
use crate::layouts::prelude::Cursor;

/// The component's name.
pub const FILTER: &str = "Filter.db";

/// Bytes of a word of bits.
const WORD: u64 = 8;

/// As many as Cassandra's `BloomFilter` has room for.
const MAX_HASHES: i32 = 21;

/// As many bytes have all of a Filter.db but for its bits, and more.
const HEAD: usize = 256;

/// After so many keys the bits are read as a whole: a few are found sooner where they are.
const FEW: u32 = 16;

/// A Bloom filter of partition keys (Cassandra's `BloomFilter`).
pub struct BloomFilter {
    bits: Bits,
    capacity: u64,
    num_hashes: i32,
    byte_flip: u64,
}

enum Bits {
    /// In memory.
    Held(Vec<u8>),
    /// In the file from `start` on; so many keys were looked for there.
    Stored { file: Component, start: u64, size: usize, num_keys: u32 },
}

impl BloomFilter {
    /// The filter that a Filter.db holds.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] or [`Kind::Truncated`] where it is damaged.
    pub fn open(file: &Component, version: u8) -> Result<Self, Error> {
        let mut head = vec![0; HEAD];
        let size = file.read(0, &mut head)?;
        head.truncate(size);
        let mut cursor = Cursor::new(&head, 0);
        let mut body = Body::new(version);
        let lacks = body.fill(&mut cursor).map_err(|fault| cursor.error(fault));
        // Bits in the order of old versions, small filters and damaged ones are read at once.
        let start = match lacks {
            Err(error) if error.field == "filter::body.bits" => error.offset,
            _ => return Self::decode(&file.read_all()?, version),
        };
        let size = u64::from(body.num_words).saturating_mul(WORD);
        if start.saturating_add(size) > file.len() {
            return Self::decode(&file.read_all()?, version);
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let bits = Bits::Stored { file: file.clone(), start, size, num_keys: 0 };
        Self::new(bits, size, body.num_hashes, 0)
    }

    fn decode(bytes: &[u8], version: u8) -> Result<Self, Error> {
        let body = Body::decode(bytes, 0, version).map_err(|_| {
            let again = |cur: &mut Cursor<'_>| Body::read(cur, version).map(drop);
            Error::traced(FILTER, "filter.body", (bytes, 0), again)
        })?;
        let bits = body.legacy_bits.or(body.bits).unwrap_or_default();
        // The bytes of each word are the other way round in the order of `ma` to `me`.
        let byte_flip = if body.legacy_bits.is_some() { 7 } else { 0 };
        Self::new(Bits::Held(bits.to_vec()), bits.len(), body.num_hashes, byte_flip)
    }

    fn new(bits: Bits, size: usize, num_hashes: i32, byte_flip: u64) -> Result<Self, Error> {
        if !(1..=MAX_HASHES).contains(&num_hashes) {
            let message = format!("a Bloom filter cannot have {num_hashes} hashes");
            let error = Error::new(Kind::Corrupt, FILTER, message);
            return Err(error.at(0, "filter.body.num_hashes"));
        }
        if size == 0 {
            let error = Error::new(Kind::Corrupt, FILTER, "a Bloom filter cannot be empty");
            return Err(Error { field: "filter.body.num_words".to_owned(), ..error });
        }
        let capacity = crate::io::wide(size).saturating_mul(8);
        Ok(Self { bits, capacity, num_hashes, byte_flip })
    }

    /// Whether a partition of `key` can be there; `false` is certain.
    ///
    /// # Errors
    /// [`Kind::Io`], or [`Kind::Truncated`] where the file has become shorter.
    pub fn might_contain(&mut self, key: &[u8]) -> Result<bool, Error> {
        self.bits.count()?;
        let (increment, base) = hash128(key);
        let mut next = base;
        for _ in 0..self.num_hashes {
            if !self.is_set(magnitude(next))? {
                return Ok(false);
            }
            next = next.wrapping_add(increment);
        }
        Ok(true)
    }

    fn is_set(&self, hash: u64) -> Result<bool, Error> {
        let bit = hash.checked_rem(self.capacity).unwrap_or(0);
        let byte = self.bits.byte(bit.wrapping_shr(3) ^ self.byte_flip)?;
        Ok(byte.wrapping_shr(u32::try_from(bit & 7).unwrap_or(0)) & 1 == 1)
    }
}

impl Bits {
    /// Counts a key, and reads all bits if there were more than a few.
    fn count(&mut self) -> Result<(), Error> {
        let Self::Stored { file, start, size, num_keys } = self else { return Ok(()) };
        *num_keys = num_keys.saturating_add(1);
        if *num_keys > FEW {
            let mut bytes = vec![0; *size];
            fill(file, *start, &mut bytes)?;
            *self = Self::Held(bytes);
        }
        Ok(())
    }

    fn byte(&self, at: u64) -> Result<u8, Error> {
        match self {
            Self::Held(bytes) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                Ok(bytes.get(at).copied().unwrap_or(u8::MAX))
            }
            Self::Stored { file, start, .. } => {
                let mut bytes = [0];
                fill(file, start.saturating_add(at), &mut bytes)?;
                let [byte] = bytes;
                Ok(byte)
            }
        }
    }
}

/// Reads all of `bytes`, which the file had when it was opened.
fn fill(file: &Component, start: u64, bytes: &mut [u8]) -> Result<(), Error> {
    if file.read(start, bytes)? < bytes.len() {
        let message = "the file has become shorter while it was read";
        return Err(Error::new(Kind::Truncated, FILTER, message).at(start, ""));
    }
    Ok(())
}

/// The number without the sign that its bits have in Java.
pub(super) const fn magnitude(value: u64) -> u64 {
    if value.leading_zeros() == 0 { value.wrapping_neg() } else { value }
}

/// The byte of a key's hash that BTI indexes store (`filterHashLowerBits`).
#[must_use]
pub fn filter_hash_byte(key: &[u8]) -> u8 {
    hash128(key).1.to_le_bytes().first().copied().unwrap_or(0)
}
