//! The variant of MurmurHash2 that Cassandra feeds its cardinality sketches with.
//!
//! It sign-extends the bytes of the tail; follows `MurmurHash.hash2_64`.

const M: u64 = 0xc6a4_a793_5bd1_e995;

/// The hash of `data` with the seed 0.
#[must_use]
pub fn hash64(data: &[u8]) -> u64 {
    let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
    let mut value = M.wrapping_mul(length);
    let mut blocks = data.chunks_exact(8);
    for block in &mut blocks {
        let block = u64::from_le_bytes(*block.first_chunk().unwrap_or(&[0; 8])).wrapping_mul(M);
        let block = (block ^ block >> 47).wrapping_mul(M);
        value = (value ^ block).wrapping_mul(M);
    }
    let rest = blocks.remainder();
    if !rest.is_empty() {
        for (place, byte) in (0_u32..).step_by(8).zip(rest) {
            let sign = if *byte > 0x7f { !0xff } else { 0 };
            value ^= (sign | u64::from(*byte)).wrapping_shl(place);
        }
        value = value.wrapping_mul(M);
    }
    value = (value ^ value >> 47).wrapping_mul(M);
    value ^ value >> 47
}

#[cfg(test)]
mod tests {
    use super::hash64;

    #[test]
    fn hashes_are_those_of_cassandra() {
        assert_eq!(hash64(&[]), 0);
        assert_eq!(hash64(&[0, 0, 0, 1]), 0x4fb1_a8c3_fb9e_da53);
        assert_eq!(hash64(&[0xff; 15]), 0x614e_aeea_8b0b_575a);
        assert_eq!(hash64(&(120..136).collect::<Vec<_>>()), 0x854e_b74a_e789_519a);
    }
}
