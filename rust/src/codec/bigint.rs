//! Integers of any size in two's complement, most significant byte first (Java's
//! `BigInteger.toByteArray`).

/// The integer, where 128 bits hold it; no bytes give 0.
#[must_use]
pub fn to_i128(data: &[u8]) -> Option<i128> {
    let data = trimmed(data);
    let fill = if is_negative(data) { 0xff } else { 0 };
    let mut bytes = [fill; 16];
    let start = bytes.len().checked_sub(data.len())?;
    bytes.get_mut(start..)?.copy_from_slice(data);
    Some(i128::from_be_bytes(bytes))
}

/// Whether it is below 0.
#[must_use]
pub fn is_negative(data: &[u8]) -> bool {
    data.first().is_some_and(|first| *first >= 0x80)
}

/// The bytes without those at the start that only repeat the sign.
fn trimmed(mut data: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = data {
        let repeats = rest
            .first()
            .is_some_and(|next| (*first == 0 && *next < 0x80) || (*first == 0xff && *next >= 0x80));
        if !repeats {
            break;
        }
        data = rest;
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_sixteen_bytes() {
        assert_eq!(to_i128(&[]), Some(0));
        assert_eq!(to_i128(&[0x80]), Some(-128));
        assert_eq!(to_i128(&[0, 0x80]), Some(128));
        assert_eq!(to_i128(&[0xff; 40]), Some(-1));
        assert_eq!(to_i128(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Some(i128::MIN));
        assert_eq!(to_i128(&[1; 17]), None);
    }
}
