//! Decimals and integers of any size as decimals with a fixed number of digits.

use arrow_buffer::i256;

use crate::codec::decimals;
use crate::layouts::generated::values::DecimalValue;
use crate::types::values::{Refusal, decimal_parts};

/// What an Arrow decimal can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Digits at most.
    pub precision: u8,
    /// Digits after the point.
    pub scale: i8,
    /// Whether values are integers rather than decimals.
    pub is_varint: bool,
}

impl Form {
    /// The digits of `data` with `scale` of them after the point, and a sign.
    fn digits(self, data: &[u8]) -> Result<String, Refusal> {
        let (unscaled, scale) = if self.is_varint { (data, 0) } else { decimal_parts(data)? };
        let mut text = Vec::new();
        decimals::varint(unscaled, &mut text);
        let mut text = String::from_utf8(text).unwrap_or_default();
        let is_negative = text.starts_with('-');
        if is_negative {
            text.remove(0);
        }
        let shift = i64::from(self.scale).saturating_sub(i64::from(scale));
        if text.bytes().all(|digit| digit == b'0') {
            return Ok("0".to_owned());
        }
        let zeros = text.len().saturating_sub(text.trim_end_matches('0').len());
        if let Ok(added) = usize::try_from(shift) {
            if text.len().saturating_add(added) > usize::from(self.precision) {
                return Err(self.refuse(data));
            }
            text.extend(std::iter::repeat_n('0', added));
        } else {
            let removed = usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX);
            let left = text.len().saturating_sub(removed);
            if removed > zeros || left > usize::from(self.precision) {
                return Err(self.refuse(data));
            }
            text.truncate(left);
        }
        if is_negative {
            text.insert(0, '-');
        }
        Ok(text)
    }

    pub(super) fn i128(self, data: &[u8]) -> Result<i128, Refusal> {
        self.digits(data)?.parse().map_err(|_| self.refuse(data))
    }

    pub(super) fn i256(self, data: &[u8]) -> Result<i256, Refusal> {
        i256::from_string(&self.digits(data)?).ok_or_else(|| self.refuse(data))
    }

    #[cold]
    fn refuse(self, data: &[u8]) -> Refusal {
        let mut text = Vec::new();
        if self.is_varint {
            decimals::varint(data, &mut text);
        } else if let Ok((unscaled, scale)) = decimal_parts(data) {
            decimals::decimal(unscaled, scale, &mut text);
        }
        let text = String::from_utf8_lossy(&text);
        let Self { precision, scale, .. } = self;
        Refusal::new(format!("{text} is no decimal of {precision} digits, {scale} after the point"))
    }
}

/// Appends a decimal in Java's form.
pub(super) fn write(data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
    let parsed = DecimalValue::decode(data, 0)?;
    decimals::decimal(parsed.unscaled.magnitude, parsed.scale, out);
    Ok(())
}
