//! Variable-length integers as bytes (`VIntCoding`), for those who write them, or want nothing
//! of them but what they are. The layout is that of `specs/vint.ksy`.

/// The one to nine bytes of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// Right-aligned. Not cut to the nine that can be used, since copying them out of the
    /// registers' sixteen is what takes the time.
    bytes: [u8; 16],
    skipped: u8,
}

impl Encoded {
    /// The bytes.
    #[inline(always)]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(usize::from(self.skipped)..).unwrap_or_default()
    }
}

impl Encoded {
    /// An array that begins with the bytes, and how many they are.
    #[inline(always)]
    #[must_use]
    pub fn start(&self) -> ([u8; 16], usize) {
        let all = u128::from_be_bytes(self.bytes);
        let skipped = u32::from(self.skipped);
        let bytes = all.wrapping_shl(skipped.wrapping_mul(8)).to_be_bytes();
        (bytes, 16_usize.saturating_sub(self.skipped.into()))
    }
}

/// The unsigned integer at the start of `bytes`, and what is behind it; none if they end before.
#[inline(always)]
#[must_use]
pub fn read(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    if *first < 0x80 {
        return Some((u64::from(*first), rest));
    }
    let extra = first.leading_ones();
    let behind = rest.get(usize::try_from(extra).ok()?..)?;
    let next = rest.first_chunk().map_or_else(|| padded(rest), |next| u64::from_be_bytes(*next));
    let bits = extra.wrapping_mul(8);
    let high = u64::from(*first) & 0xff_u64.wrapping_shr(extra);
    let low = next.wrapping_shr(64_u32.wrapping_sub(bits));
    Some((high.wrapping_shl(bits) | low, behind))
}

/// The first eight bytes of fewer.
#[cold]
fn padded(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().copied().chain(std::iter::repeat(0)).take(8);
    bytes.fold(0, |sum: u64, byte| sum.wrapping_shl(8) | u64::from(byte))
}

/// The shortest form of an unsigned integer.
#[inline(always)]
#[must_use]
pub fn unsigned(value: u64) -> Encoded {
    let num_bits = 64_u32.saturating_sub((value | 1).leading_zeros());
    let extra = num_bits.saturating_sub(1).div_euclid(7).min(8);
    let prefix = u128::from(0xff00_u32.wrapping_shr(extra) & 0xff);
    let all = u128::from(value) | prefix.wrapping_shl(extra.saturating_mul(8));
    let skipped = u8::try_from(15_u32.saturating_sub(extra)).unwrap_or(0);
    Encoded { bytes: all.to_be_bytes(), skipped }
}

/// A signed integer in zigzag form.
#[inline]
#[must_use]
pub fn signed(value: i64) -> Encoded {
    unsigned(u64::from_ne_bytes((value.wrapping_shl(1) ^ (value >> 63)).to_ne_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{read, signed, unsigned};
    use crate::layouts::generated::vint::Vint;

    #[test]
    fn decoders_read_it() {
        for place in 0..64_u32 {
            let power = 1_u64.wrapping_shl(place);
            for value in [power.wrapping_sub(1), power, power.wrapping_neg()] {
                let coded = unsigned(value);
                let found = Vint::decode(coded.bytes(), 0);
                assert_eq!(found.map(|vint| vint.value()), Ok(value));
                let (bytes, length) = coded.start();
                let behind = bytes.get(length..).unwrap_or_default();
                assert_eq!(read(&bytes), Some((value, behind)));
                assert_eq!(read(coded.bytes()), Some((value, [].as_slice())));
                assert_eq!(read(coded.bytes().split_last().map_or(&[], |(_, all)| all)), None);
                assert_eq!(bytes.get(..length), Some(coded.bytes()));
                let number = i64::from_ne_bytes(value.to_ne_bytes());
                let coded = signed(number);
                let found = Vint::decode(coded.bytes(), 0);
                assert_eq!(found.map(|vint| vint.signed()), Ok(number));
            }
        }
        assert_eq!(unsigned(127).bytes(), [127]);
        assert_eq!(unsigned(128).bytes(), [0x80, 128]);
        assert_eq!(unsigned(u64::MAX).bytes(), [0xff; 9]);
    }
}
