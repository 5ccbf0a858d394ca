//! Values in byte-comparable form, as BTI's indexes hold them (`AbstractType.asComparableBytes`).

use super::CqlType;
use super::byte_comparable as bc;
use super::partitioner::Partitioner;
use super::values::{
    Part, Refusal, decimal_parts, each_element, each_entry, each_field, each_vector_element,
};
use crate::codec::{be, bigint, decimals};

impl CqlType {
    /// Appends bytes whose unsigned order is that of the values, in the version `OSS50`.
    /// Says `false` and appends nothing for a value that has no such form, in most types the
    /// empty one; what holds the value marks that.
    ///
    /// # Errors
    /// `data` is no value of this type, or the type has no order (`counter`, custom classes).
    pub fn byte_comparable(&self, data: &[u8], out: &mut Vec<u8>) -> Result<bool, Refusal> {
        match self {
            Self::Counter | Self::Custom(_) | Self::Composite(_) | Self::DynamicComposite(_) => {
                let message = format!("{} has no order that is known here", self.cql_name());
                return Err(Refusal::new(message));
            }
            Self::Ascii | Self::Blob | Self::Duration | Self::Inet | Self::Text => {
                bc::escaped(data, out);
                return Ok(true);
            }
            Self::Reversed(base) => return inverted(base, data, out),
            Self::Vector(element, dimension) => {
                return vector(element, *dimension, data, out).map(|()| true);
            }
            Self::Empty => return Ok(false),
            _ if data.is_empty() => return Ok(false),
            _ => {}
        }
        self.with_bytes(data, out)?;
        Ok(true)
    }

    /// The form of a value that has bytes, of a type whose values without bytes have none.
    fn with_bytes(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match self {
            Self::TinyInt => bc::signed_fixed(&sized::<1>(data)?, out),
            Self::SmallInt => bc::signed_fixed(&sized::<2>(data)?, out),
            Self::Int | Self::Date => self.put_number(&sized::<4>(data)?, out),
            Self::BigInt | Self::LegacyTimestamp | Self::Time | Self::Timestamp => {
                self.put_number(&sized::<8>(data)?, out);
            }
            Self::Boolean => out.push(u8::from(sized::<1>(data)? != [0])),
            Self::Float => bc::signed_float(&sized::<4>(data)?, out),
            Self::Double => bc::signed_float(&sized::<8>(data)?, out),
            Self::Varint => bc::varint(data, out),
            Self::Decimal => decimal(data, out)?,
            Self::Uuid => swizzled(sized::<16>(data)?, out),
            Self::LexicalUuid => {
                let uuid = u128::from_be_bytes(sized::<16>(data)?);
                out.extend((uuid ^ ((1 << 127) | (1 << 63))).to_be_bytes());
            }
            Self::TimeUuid | Self::LegacyTimeUuid => time_uuid(sized::<16>(data)?, out)?,
            Self::PartitionerOrder(order) => {
                let partitioner = Partitioner::parse(&order.partitioner, order.key.as_ref());
                let partitioner = partitioner.map_err(|error| Refusal::new(error.message))?;
                let mut position = Vec::new();
                let done = partitioner.position(data, &mut position);
                done.map_err(|error| Refusal::new(error.message))?;
                out.append(&mut position);
            }
            _ => self.parts(data, out)?,
        }
        Ok(())
    }

    /// The form of a value of at most eight bytes as a number, whose last bytes it is, and how
    /// many; none for other types, and for what is no value.
    #[inline]
    pub(super) fn comparable_number(&self, data: &[u8]) -> Option<(u128, u32)> {
        Some(match self {
            Self::Int => (u128::from(be::u32(data)? ^ (1 << 31)), 4),
            Self::Date => (u128::from(be::u32(data)?), 4),
            Self::Timestamp => (u128::from(be::u64(data)? ^ (1 << 63)), 8),
            Self::LegacyTimestamp | Self::Time => (u128::from(be::u64(data)?), 8),
            Self::BigInt => bc::signed_varint_number(be::i64(data)?),
            Self::Reversed(base) => {
                let (number, size) = base.comparable_number(data)?;
                (number ^ 1_u128.wrapping_shl(size.wrapping_mul(8)).wrapping_sub(1), size)
            }
            _ => return None,
        })
    }

    fn put_number(&self, data: &[u8], out: &mut Vec<u8>) {
        if let Some((number, size)) = self.comparable_number(data) {
            bc::last_bytes(number, size, out);
        }
    }

    fn parts(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match self {
            Self::List(elements) | Self::Set(elements) => {
                each_element(data, |part| component(&elements.element, Some(present(part)?), out))?;
            }
            Self::Map(entries) => each_entry(data, |key, value| {
                component(&entries.key, Some(present(key)?), out)?;
                component(&entries.value, Some(present(value)?), out)
            })?,
            Self::Tuple(fields) => structure(&fields.iter().collect::<Vec<_>>(), data, out)?,
            Self::User(user) => {
                let fields: Vec<&Self> = user.fields.iter().map(|(_, field)| field).collect();
                structure(&fields, data, out)?;
            }
            _ => {}
        }
        out.push(bc::TERMINATOR);
        Ok(())
    }
}

/// Exactly as many bytes as values of a type have.
fn sized<const N: usize>(data: &[u8]) -> Result<[u8; N], Refusal> {
    data.try_into().map_err(|_| Refusal::new(format!("{} bytes instead of {N}", data.len())))
}

fn inverted(base: &CqlType, data: &[u8], out: &mut Vec<u8>) -> Result<bool, Refusal> {
    let start = out.len();
    let has_form = base.byte_comparable(data, out)?;
    for byte in out.iter_mut().skip(start) {
        *byte = !*byte;
    }
    Ok(has_form)
}

fn present(part: Part<'_>) -> Result<&[u8], Refusal> {
    part.ok_or_else(|| Refusal::new("a null inside"))
}

/// A part of a sequence.
fn component(of: &CqlType, part: Part<'_>, out: &mut Vec<u8>) -> Result<(), Refusal> {
    let start = out.len();
    out.push(bc::NEXT_COMPONENT);
    let has_form = match part {
        Some(part) => of.byte_comparable(part, out)?,
        None => false,
    };
    if !has_form {
        out.truncate(start);
        out.push(bc::NEXT_COMPONENT_NULL);
    }
    Ok(())
}

fn structure(fields: &[&CqlType], data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    each_field(data, fields.len(), |_, part| {
        parts.push(part);
        Ok(())
    })?;
    while parts.last().is_some_and(Option::is_none) {
        parts.pop();
    }
    for (field, part) in fields.iter().zip(parts) {
        component(field, part, out)?;
    }
    Ok(())
}

fn vector(
    element: &CqlType,
    dimension: i32,
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    each_vector_element(element, dimension, data, |part| component(element, Some(part), out))?;
    out.push(bc::TERMINATOR);
    Ok(())
}

/// The version's four bits first, of version 1 as part of the time; what was before them follows.
fn swizzled(data: [u8; 16], out: &mut Vec<u8>) {
    let uuid = u128::from_be_bytes(data);
    let version = (uuid >> 76) & 0xf;
    if version == 1 {
        out.extend(by_time(uuid).to_be_bytes());
        return;
    }
    let (before, after) = (uuid >> 80, uuid & ((1 << 76) - 1));
    out.extend(((version << 124) | (before << 76) | after).to_be_bytes());
}

/// By time, then by the signed bytes of the rest.
fn time_uuid(data: [u8; 16], out: &mut Vec<u8>) -> Result<(), Refusal> {
    let uuid = u128::from_be_bytes(data);
    let version = (uuid >> 76) & 0xf;
    if version != 1 {
        return Err(Refusal::new(format!("a UUID of version {version}")));
    }
    out.extend((by_time(uuid) ^ 0x8080_8080_8080_8080).to_be_bytes());
    Ok(())
}

/// A UUID of version 1 with its time's highest bits first.
const fn by_time(uuid: u128) -> u128 {
    let (low, mid, high) = (uuid >> 96, (uuid >> 80) & 0xffff, (uuid >> 64) & 0xffff);
    (high << 112) | (mid << 96) | (low << 64) | (uuid & ((1 << 64) - 1))
}

/// A decimal as sign, exponent to the base 100 and digits to the base 100.
///
/// Follows `DecimalType.asComparableBytes`. A negative number's first digit is rounded down,
/// so that all further digits are positive.
fn decimal(data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
    let (unscaled, scale) = decimal_parts(data)?;
    let mut digits = Vec::new();
    decimals::varint(unscaled, &mut digits);
    digits.retain(u8::is_ascii_digit);
    if digits.iter().all(|digit| *digit == b'0') {
        out.push(0x80);
        return Ok(());
    }
    let is_negative = bigint::is_negative(unscaled);
    let precision = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let even_scale = i64::from(scale).saturating_sub(precision) & !1;
    let exponent = even_scale.saturating_neg() >> 1;
    // As a fraction between 1/100 and 1, with an even number of digits after the point.
    if i64::from(scale).saturating_sub(even_scale) > precision {
        digits.insert(0, b'0');
    }
    if digits.len() % 2 == 1 {
        digits.push(b'0');
    }
    let value = |digit: u8| i16::from(digit).saturating_sub(i16::from(b'0'));
    let mut pairs: Vec<i16> = digits
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [tens, ones] => Some(value(*tens).saturating_mul(10).saturating_add(value(*ones))),
            _ => None,
        })
        .collect();
    while pairs.last() == Some(&0) {
        pairs.pop();
    }
    if is_negative {
        negate(&mut pairs);
    }
    exponent_bytes(
        if is_negative { exponent.saturating_neg() } else { exponent },
        is_negative,
        out,
    );
    for pair in pairs {
        out.push(u8::try_from(pair.saturating_add(0x80)).unwrap_or(0));
    }
    out.push(0);
    Ok(())
}

/// The negative number in digits to the base 100 of which only the first is negative.
fn negate(pairs: &mut [i16]) {
    let Some((first, rest)) = pairs.split_first_mut() else { return };
    *first = first.saturating_neg();
    // The last one is not 0.
    let Some((last, middle)) = rest.split_last_mut() else { return };
    *first = first.saturating_sub(1);
    *last = 100_i16.saturating_sub(*last);
    for pair in middle {
        *pair = 99_i16.saturating_sub(*pair);
    }
}

/// A byte with the number's sign and the exponent's sign and length, then the exponent.
fn exponent_bytes(exponent: i64, is_negative: bool, out: &mut Vec<u8>) {
    let bytes = exponent.to_be_bytes();
    let num_bits = 64_u32.saturating_sub(exponent.unsigned_abs().leading_zeros());
    let length = num_bits.div_ceil(8);
    let signed = i64::from(length).saturating_mul(exponent.signum());
    let head = signed.saturating_add(if is_negative { 0x40 } else { 0xc0 });
    out.push(u8::try_from(head).unwrap_or(0));
    let skipped = bytes.len().saturating_sub(usize::try_from(length).unwrap_or(8));
    out.extend_from_slice(bytes.get(skipped..).unwrap_or_default());
}
