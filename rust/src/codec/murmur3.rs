//! Cassandra's variant of MurmurHash3, which tokens and Bloom filters use.
//!
//! It sign-extends the bytes of the tail where the published algorithm does not; follows
//! `MurmurHash.hash3_x64_128`.

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// The two halves of the hash of `data`.
#[must_use]
pub fn hash128(data: &[u8]) -> (u64, u64) {
    let (mut h1, mut h2) = (0_u64, 0_u64);
    let mut blocks = data.chunks_exact(16);
    for block in &mut blocks {
        let (low, high) = block.split_at(8);
        h1 ^= first(word(low));
        h1 = h1.rotate_left(27).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 ^= second(word(high));
        h2 = h2.rotate_left(31).wrapping_add(h1).wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let rest = blocks.remainder();
    let (low, high) = rest.split_at(rest.len().min(8));
    h2 ^= second(tail(high));
    h1 ^= first(tail(low));
    let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
    h1 ^= length;
    h2 ^= length;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = finalize(h1);
    h2 = finalize(h2);
    h1 = h1.wrapping_add(h2);
    (h1, h2.wrapping_add(h1))
}

const fn first(word: u64) -> u64 {
    word.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

const fn second(word: u64) -> u64 {
    word.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

fn word(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(*bytes.first_chunk().unwrap_or(&[0; 8]))
}

/// At most eight bytes little-endian, each sign-extended before it is placed.
fn tail(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value: u64, byte| {
        let sign = if *byte > 0x7f { !0xff } else { 0 };
        value.wrapping_shl(8) ^ (sign | u64::from(*byte))
    })
}

const fn finalize(value: u64) -> u64 {
    let value = (value ^ value >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let value = (value ^ value >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ value >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_cassandra() {
        assert_eq!(hash128(&[]), (0, 0));
        assert_eq!(hash128(&[0, 0, 0, 1]).0.wrapping_neg(), 4_069_959_284_402_364_209);
        assert_eq!(hash128(&[0xff; 15]).0.wrapping_neg(), 2_195_530_867_418_009_455);
        assert_eq!(hash128(&[0xff; 15]).1, 6_140_322_291_922_612_768);
    }
}
