//! Byte-comparable encodings: byte strings whose unsigned order is the order of the values.
//!
//! Follows `org.apache.cassandra.utils.bytecomparable.ByteSource` in the version that BTI
//! indexes use (`ByteComparable.Version.OSS50`). Functions append to `out`.

/// Precedes a component that has bytes.
pub const NEXT_COMPONENT: u8 = 0x40;
/// Stands for a clustering value without bytes whose type has no encoding for it.
pub const NEXT_COMPONENT_EMPTY: u8 = 0x3f;
/// The same where the clustering column is in descending order.
pub const NEXT_COMPONENT_EMPTY_REVERSED: u8 = 0x41;
/// Stands for a component that is null.
pub const NEXT_COMPONENT_NULL: u8 = 0x3e;
/// Ends a sequence, a decorated key and a full clustering.
pub const TERMINATOR: u8 = 0x38;
/// Ends a bound that sorts before everything that its values are a prefix of.
pub const LT_NEXT_COMPONENT: u8 = 0x20;
/// Ends a bound that sorts after everything that its values are a prefix of.
pub const GT_NEXT_COMPONENT: u8 = 0x60;
/// Stands for the static row's clustering.
pub const EXCLUDED: u8 = 0x18;

const SIGN: u8 = 0x80;
const FULL_FORM_THRESHOLD: usize = 7;

/// Bytes of any length, so that a shorter value sorts before its continuations.
///
/// A run of zeros becomes one zero, 0xFE for each further one, and 0xFF; the value ends in a
/// zero, or where it ends in zeros itself, in 0xFE instead of the run's 0xFF. Follows
/// `ByteSource.AbstractEscaper`.
pub fn escaped(data: &[u8], out: &mut Vec<u8>) {
    let mut in_zeros = false;
    for byte in data {
        match (in_zeros, *byte) {
            (true, 0) => out.push(0xfe),
            (true, other) => out.extend_from_slice(&[0xff, other]),
            (false, other) => out.push(other),
        }
        in_zeros = *byte == 0;
    }
    out.push(if in_zeros { 0xfe } else { 0 });
}

/// A two's complement integer of fixed length: its sign bit inverted.
///
/// Follows `ByteSource.SignedFixedLengthNumber`.
pub fn signed_fixed(data: &[u8], out: &mut Vec<u8>) {
    if let Some((first, rest)) = data.split_first() {
        out.push(first ^ SIGN);
        out.extend_from_slice(rest);
    }
}

/// An IEEE float: all bits inverted if negative, else the sign bit set.
///
/// Follows `ByteSource.SignedFixedLengthFloat`.
pub fn signed_float(data: &[u8], out: &mut Vec<u8>) {
    match data.split_first() {
        Some((first, _)) if first & SIGN != 0 => out.extend(data.iter().map(|byte| !byte)),
        Some((first, rest)) => {
            out.push(first | SIGN);
            out.extend_from_slice(rest);
        }
        None => {}
    }
}

/// An arbitrary-length two's complement integer of at least one byte.
///
/// Follows `IntegerType.asComparableBytes`: below seven bytes without sign bytes a signed
/// 64-bit integer of variable length, else a sign byte, the length and the bytes.
pub fn varint(data: &[u8], out: &mut Vec<u8>) {
    let sign = data.first().copied().unwrap_or(0);
    let num_signs = match sign {
        0 | 0xff => data.iter().take_while(|byte| **byte == sign).count(),
        _ => 0,
    };
    let significant = data.get(num_signs..).unwrap_or_default();
    let significant = match (significant.is_empty(), data.split_last()) {
        (true, Some((last, _))) => std::slice::from_ref(last),
        _ => significant,
    };
    if significant.len() < FULL_FORM_THRESHOLD {
        signed_varint(small(sign, significant), out);
        return;
    }
    let length = significant.len().saturating_sub(FULL_FORM_THRESHOLD);
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let is_negative = sign & SIGN != 0;
    out.push(if is_negative { 0 } else { 0xff });
    let start = out.len();
    unsigned_varint(length, out);
    if is_negative {
        for byte in out.iter_mut().skip(start) {
            *byte = !*byte;
        }
    }
    out.extend_from_slice(significant);
}

fn small(sign: u8, significant: &[u8]) -> i64 {
    let start = if sign & SIGN != 0 { -1_i64 } else { 0 };
    significant.iter().fold(start, |value, byte| value.wrapping_shl(8) | i64::from(*byte))
}

/// A signed 64-bit integer in one to nine bytes, see `ByteSource.VariableLengthInteger`.
pub fn signed_varint(value: i64, out: &mut Vec<u8>) {
    let (number, length) = signed_varint_number(value);
    last_bytes(number, length, out);
}

/// The same as a number, whose last bytes they are, and how many.
pub fn signed_varint_number(value: i64) -> (u128, u32) {
    let mask = if value < 0 { u128::MAX } else { 0 };
    let magnitude = u128::try_from(value ^ (value >> 63)).unwrap_or(0);
    let num_bits = 128_u32.saturating_sub(magnitude.leading_zeros());
    let length = num_bits.div_euclid(7).saturating_add(1).min(9);
    // One bit for the sign and one for each byte after the first; of nine bytes all in the
    // first one and the eighth of them in the second.
    let ones = 1_u128.wrapping_shl(length).wrapping_sub(1);
    let prefix = ones.wrapping_shl(length.saturating_mul(7));
    let all = 1_u128.wrapping_shl(length.saturating_mul(8)).wrapping_sub(1);
    (((magnitude | prefix) ^ mask) & all, length)
}

/// An unsigned 63-bit integer in one to nine bytes, longer ones greater.
///
/// Follows `ByteSource.VariableLengthUnsignedInteger`.
pub fn unsigned_varint(value: u64, out: &mut Vec<u8>) {
    let num_bits = 64_u32.saturating_sub(value.max(1).leading_zeros());
    let extra = num_bits.saturating_sub(1).div_euclid(7);
    let prefix = u128::from(0xff00_u32.wrapping_shr(extra) & 0xff);
    let value = u128::from(value) | prefix.wrapping_shl(extra.saturating_mul(8));
    last_bytes(value, extra.saturating_add(1), out);
}

/// The last bytes of a number, so many.
pub fn last_bytes(value: u128, number: u32, out: &mut Vec<u8>) {
    let bytes = value.to_be_bytes();
    let skipped = bytes.len().saturating_sub(usize::try_from(number).unwrap_or(16));
    out.extend_from_slice(bytes.get(skipped..).unwrap_or_default());
}

/// Replaces what is in `out` by the shortest string above `previous` and not above `following`:
/// the common beginning and one byte more, which is one higher than that of `previous`. Says
/// `false` where `previous` is not below `following`.
///
/// Follows `ByteSource.separatorGt`.
pub fn separator_above(previous: &[u8], following: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    for (low, high) in previous.iter().zip(following) {
        if low > high {
            return false;
        }
        if low < high {
            out.push(low.saturating_add(1));
            return true;
        }
        out.push(*low);
    }
    false
}
