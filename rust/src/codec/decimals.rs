//! Integers of any size and decimals as text.

use num_bigint::BigInt;

use super::{bigint, text};

/// `BigInteger.toString` of the two's complement in `data`; zero of no bytes.
pub fn varint(data: &[u8], out: &mut Vec<u8>) {
    match bigint::to_i128(data) {
        Some(value) => text::integer(value, out),
        None => out.extend_from_slice(BigInt::from_signed_bytes_be(data).to_string().as_bytes()),
    }
}

/// `BigDecimal.toString` of the two's complement in `unscaled` and a scale.
pub fn decimal(unscaled: &[u8], scale: i32, out: &mut Vec<u8>) {
    let start = out.len();
    varint(unscaled, out);
    if scale == 0 {
        return;
    }
    let first_digit = start.saturating_add(usize::from(out.get(start) == Some(&b'-')));
    let num_digits = out.len().saturating_sub(first_digit);
    let scale = i64::from(scale);
    let point = i64::try_from(num_digits).unwrap_or(i64::MAX).saturating_sub(scale);
    if scale > 0 && point > -6 {
        plain(first_digit, point, out);
        return;
    }
    if num_digits > 1 {
        out.insert(first_digit.saturating_add(1), b'.');
    }
    let exponent = point.saturating_sub(1);
    if exponent != 0 {
        out.extend_from_slice(if exponent > 0 { b"E+" } else { b"E" });
        text::integer(exponent, out);
    }
}

/// Puts the point behind the first `point` digits, or zeros before them.
fn plain(first_digit: usize, point: i64, out: &mut Vec<u8>) {
    if let Ok(whole @ 1..) = usize::try_from(point) {
        out.insert(first_digit.saturating_add(whole), b'.');
        return;
    }
    let zeros = usize::try_from(point.unsigned_abs()).unwrap_or(0);
    let inserted = b"0.".iter().copied().chain(std::iter::repeat_n(b'0', zeros));
    out.splice(first_digit..first_digit, inserted);
}
