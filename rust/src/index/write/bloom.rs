//! Sizes, fills and writes Filter.db.
//!
//! Follows `FilterFactory`, `BloomCalculations` and `BloomFilterSerializer`.

use crate::errors::{Error, Kind};
use crate::index::bloom::{FILTER, magnitude};
use crate::io::Output;
use crate::layouts::generated::filter::Body;
use crate::layouts::prelude::fit;

/// `bloom_filter_fp_chance` of tables that don't say otherwise.
pub const DEFAULT_FP_CHANCE: f64 = 0.01;

/// Up to how many hashes Cassandra considers for each number of bits a key from 2 on.
const MAX_HASHES: [u32; 19] = [2, 3, 4, 5, 6, 6, 7, 8, 8, 8, 8, 9, 10, 10, 11, 12, 12, 13, 14];
const MIN_BUCKETS: u32 = 2;
const MAX_BUCKETS: u32 = 20;
const EXCESS_BITS: u64 = 20;
const WORD: u64 = 64;

/// Number of hashes, and of bits for each key, of a filter with a chance of false positives.
///
/// # Errors
/// [`Kind::Unsupported`]: Cassandra has no filter for so small a chance.
pub fn specification(fp_chance: f64) -> Result<(u32, u32), Error> {
    if fp_chance >= chance(MIN_BUCKETS, 1) {
        return Ok((2, best_hashes(MIN_BUCKETS)));
    }
    let smallest = chance(MAX_BUCKETS, max_hashes(MAX_BUCKETS));
    if fp_chance.is_nan() || fp_chance < smallest {
        let message = format!(
            "a Bloom filter with a false positive chance of {fp_chance}; the smallest possible \
             is {smallest}"
        );
        return Err(Error::new(Kind::Unsupported, FILTER, message));
    }
    let fits = |buckets: &u32| chance(*buckets, best_hashes(*buckets)) <= fp_chance;
    let buckets = (MIN_BUCKETS..MAX_BUCKETS).find(fits).unwrap_or(MAX_BUCKETS);
    let mut hashes = best_hashes(buckets);
    while let Some(fewer) = hashes.checked_sub(1).filter(|n| chance(buckets, *n) <= fp_chance) {
        hashes = fewer;
    }
    Ok((hashes, buckets))
}

/// The chance of a false positive, to the three digits that Cassandra's table has.
fn chance(buckets: u32, hashes: u32) -> f64 {
    match (buckets, hashes) {
        (_, 0) => 1.0,
        // Where that table has fewer.
        (5, 3) => 0.092,
        _ => {
            let (buckets, hashes) = (f64::from(buckets), f64::from(hashes));
            let exact = (1.0 - (-hashes / buckets).exp()).powf(hashes);
            format!("{exact:.2e}").parse().unwrap_or(exact)
        }
    }
}

fn max_hashes(buckets: u32) -> u32 {
    let index = usize::try_from(buckets.saturating_sub(MIN_BUCKETS)).unwrap_or(usize::MAX);
    MAX_HASHES.get(index).copied().unwrap_or(1)
}

fn best_hashes(buckets: u32) -> u32 {
    let (mut best, mut smallest) = (1, chance(buckets, 1));
    for hashes in 2..=max_hashes(buckets) {
        let found = chance(buckets, hashes);
        if found < smallest {
            (best, smallest) = (hashes, found);
        }
    }
    best
}

/// A Bloom filter that takes keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BloomFilterWriter {
    num_hashes: u32,
    num_words: u64,
    capacity: u64,
    bits: Vec<u8>,
}

impl BloomFilterWriter {
    /// A filter for as many keys as are expected; `fp_chance` is the chance of a false positive
    /// that is wanted, below 1.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: Cassandra has no filter for so small a chance, or for so many keys.
    pub fn new(num_keys: u64, fp_chance: f64) -> Result<Self, Error> {
        let (num_hashes, buckets) = specification(fp_chance)?;
        let num_bits = num_keys.saturating_mul(u64::from(buckets)).saturating_add(EXCESS_BITS);
        let num_words = num_bits.div_ceil(WORD);
        let size = usize::try_from(num_words.saturating_mul(8));
        let Some(size) = size.ok().filter(|_| i32::try_from(num_words).is_ok()) else {
            let message = format!("a Bloom filter for {num_keys} keys is too large");
            return Err(Error::new(Kind::Unsupported, FILTER, message));
        };
        let capacity = num_words.saturating_mul(WORD);
        Ok(Self { num_hashes, num_words, capacity, bits: vec![0; size] })
    }

    /// Sets a key's bits by its hash, see [`crate::codec::murmur3::hash128`].
    #[inline]
    pub fn add(&mut self, (increment, base): (u64, u64)) {
        let mut next = base;
        for _ in 0..self.num_hashes {
            let bit = magnitude(next).checked_rem(self.capacity).unwrap_or(0);
            let at = usize::try_from(bit.wrapping_shr(3)).unwrap_or(usize::MAX);
            if let Some(byte) = self.bits.get_mut(at) {
                *byte |= 1_u8.wrapping_shl(u32::try_from(bit & 7).unwrap_or(0));
            }
            next = next.wrapping_add(increment);
        }
    }

    /// Writes Filter.db, in the form of `na` and later.
    ///
    /// # Errors
    /// [`Kind::Output`] where the system cannot write.
    pub fn finish(self, version: u8, mut output: Output) -> Result<(), Error> {
        let mut body = Body::new(version);
        body.num_hashes = fit(self.num_hashes).map_err(|fault| output.refused(fault))?;
        body.num_words = fit(self.num_words).map_err(|fault| output.refused(fault))?;
        body.bits = Some(&self.bits);
        output.encode(&body)?;
        output.finish()?;
        Ok(())
    }
}
