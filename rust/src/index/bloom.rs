//! Filter.db: tells quickly of most keys that they are not in the SSTable.

use crate::codec::murmur3::hash128;
use crate::errors::{Error, Kind};
use crate::layouts::generated::filter::Body;
use crate::layouts::prelude::Cursor;

/// The component's name.
pub const FILTER: &str = "Filter.db";

/// As many as Cassandra's `BloomFilter` has room for.
const MAX_HASHES: i32 = 21;

/// A Bloom filter of partition keys (Cassandra's `BloomFilter`).
#[derive(Clone, Debug)]
pub struct BloomFilter {
    bits: Vec<u8>,
    capacity: u64,
    num_hashes: i32,
    byte_flip: u64,
}

impl BloomFilter {
    /// The filter that the bytes of a Filter.db hold.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] or [`Kind::Truncated`] where they are damaged.
    pub fn decode(bytes: &[u8], version: u8) -> Result<Self, Error> {
        let body = Body::decode(bytes, 0, version).map_err(|_| {
            let again = |cur: &mut Cursor<'_>| Body::read(cur, version).map(drop);
            Error::traced(FILTER, "filter.body", (bytes, 0), again)
        })?;
        if !(1..=MAX_HASHES).contains(&body.num_hashes) {
            let message = format!("a Bloom filter cannot have {} hashes", body.num_hashes);
            let error = Error::new(Kind::Corrupt, FILTER, message);
            return Err(error.at(0, "filter.body.num_hashes"));
        }
        let bits = body.legacy_bits.or(body.bits).unwrap_or_default();
        if bits.is_empty() {
            let error = Error::new(Kind::Corrupt, FILTER, "a Bloom filter cannot be empty");
            return Err(Error { field: "filter.body.num_words".to_owned(), ..error });
        }
        Ok(Self {
            bits: bits.to_vec(),
            capacity: crate::io::wide(bits.len()).saturating_mul(8),
            num_hashes: body.num_hashes,
            // The bytes of each word are the other way round in the order of `ma` to `me`.
            byte_flip: if body.legacy_bits.is_some() { 7 } else { 0 },
        })
    }

    /// Whether a partition of `key` can be there; `false` is certain.
    #[must_use]
    pub fn might_contain(&self, key: &[u8]) -> bool {
        let (increment, base) = hash128(key);
        let mut next = base;
        for _ in 0..self.num_hashes {
            if !self.is_set(magnitude(next)) {
                return false;
            }
            next = next.wrapping_add(increment);
        }
        true
    }

    fn is_set(&self, hash: u64) -> bool {
        let bit = hash.checked_rem(self.capacity).unwrap_or(0);
        let at = usize::try_from(bit.wrapping_shr(3) ^ self.byte_flip).unwrap_or(usize::MAX);
        let byte = u64::from(self.bits.get(at).copied().unwrap_or(u8::MAX));
        byte.wrapping_shr(u32::try_from(bit & 7).unwrap_or(0)) & 1 == 1
    }
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
