//! How values sort: the order that clusterings and cell paths are in.

use std::cmp::Ordering;

use super::CqlType;
use super::values::{
    Part, Refusal, decimal_parts, each_element, each_entry, each_field, each_vector_element,
};
use crate::codec::{be, bigint, decimals};

impl CqlType {
    /// The order of two serialized values (`AbstractType.compare`).
    ///
    /// # Errors
    /// One of them is no value of this type, or values of this type have no order that is
    /// known here: `counter`, composites, orders of partitioners, custom classes.
    pub fn compare(&self, left: &[u8], right: &[u8]) -> Result<Ordering, Refusal> {
        if left == right && !matches!(self, Self::Counter) {
            return Ok(Ordering::Equal);
        }
        match self {
            Self::Reversed(base) => return base.compare(right, left),
            Self::Empty => return Ok(Ordering::Equal),
            Self::Vector(element, dimension) => {
                return vectors(element, *dimension, left, right);
            }
            Self::Counter | Self::Custom(_) => return Err(no_order(self)),
            _ => {}
        }
        if left.is_empty() || right.is_empty() {
            return Ok(left.len().cmp(&right.len()));
        }
        match self {
            Self::Ascii | Self::Blob | Self::Duration | Self::Inet | Self::Text => {
                Ok(left.cmp(right))
            }
            Self::TinyInt => by(be::i8, left, right, Ord::cmp),
            Self::SmallInt => by(be::i16, left, right, Ord::cmp),
            Self::Int => by(be::i32, left, right, Ord::cmp),
            Self::BigInt | Self::Timestamp => by(be::i64, left, right, Ord::cmp),
            Self::LegacyTimestamp | Self::Time => by(be::u64, left, right, Ord::cmp),
            Self::Date => by(be::u32, left, right, Ord::cmp),
            Self::Boolean => by(boolean, left, right, Ord::cmp),
            Self::Float => by(be::f32, left, right, |a, b| floats(f64::from(*a), f64::from(*b))),
            Self::Double => by(be::f64, left, right, |a, b| floats(*a, *b)),
            Self::Varint => Ok(integers(left, right)),
            Self::Decimal => decimal_numbers(left, right),
            Self::Uuid => by(be::u128, left, right, |a, b| swizzled(*a).cmp(&swizzled(*b))),
            Self::LexicalUuid => by(be::u128, left, right, |a, b| halves(*a).cmp(&halves(*b))),
            Self::TimeUuid | Self::LegacyTimeUuid => {
                let keys = (time_key(left)?, time_key(right)?);
                Ok(keys.0.cmp(&keys.1))
            }
            Self::List(elements) | Self::Set(elements) => {
                let types = [elements.element.as_ref()];
                let mut parts = (Vec::new(), Vec::new());
                each_element(left, |part| present(part, &mut parts.0))?;
                each_element(right, |part| present(part, &mut parts.1))?;
                sequences(&types, &parts.0, &parts.1)
            }
            Self::Map(entries) => {
                let types = [&entries.key, &entries.value];
                let mut parts = (Vec::new(), Vec::new());
                each_entry(left, |k, v| present(k, &mut parts.0).and(present(v, &mut parts.0)))?;
                each_entry(right, |k, v| present(k, &mut parts.1).and(present(v, &mut parts.1)))?;
                sequences(&types, &parts.0, &parts.1)
            }
            Self::Tuple(fields) => structs(&fields.iter().collect::<Vec<_>>(), left, right),
            Self::User(user) => {
                let fields: Vec<&Self> = user.fields.iter().map(|(_, field)| field).collect();
                structs(&fields, left, right)
            }
            _ => Err(no_order(self)),
        }
    }
}

#[cold]
fn no_order(of: &CqlType) -> Refusal {
    Refusal::new(format!("values of {} have no order that is known here", of.cql_name()))
}

fn length() -> Refusal {
    Refusal::new("a value of another length than its type's")
}

fn by<T>(
    read: impl Fn(&[u8]) -> Option<T>,
    left: &[u8],
    right: &[u8],
    order: impl Fn(&T, &T) -> Ordering,
) -> Result<Ordering, Refusal> {
    let values = (read(left).ok_or_else(length)?, read(right).ok_or_else(length)?);
    Ok(order(&values.0, &values.1))
}

fn boolean(data: &[u8]) -> Option<bool> {
    be::i8(data).map(|byte| byte != 0)
}

/// As `Double.compare`: -0.0 below 0.0, NaN above all and equal to itself.
fn floats(left: f64, right: f64) -> Ordering {
    match (left.is_nan(), right.is_nan()) {
        (false, false) => left.total_cmp(&right),
        (left, right) => left.cmp(&right),
    }
}

fn integers(left: &[u8], right: &[u8]) -> Ordering {
    if let (Some(left), Some(right)) = (bigint::to_i128(left), bigint::to_i128(right)) {
        return left.cmp(&right);
    }
    let negative = (bigint::is_negative(left), bigint::is_negative(right));
    if negative.0 != negative.1 {
        return negative.1.cmp(&negative.0);
    }
    let width = left.len().max(right.len());
    let fill = if negative.0 { 0xff } else { 0 };
    let padded = |data: &[u8]| {
        let mut bytes = vec![fill; width.saturating_sub(data.len())];
        bytes.extend_from_slice(data);
        bytes
    };
    padded(left).cmp(&padded(right))
}

fn decimal_numbers(left: &[u8], right: &[u8]) -> Result<Ordering, Refusal> {
    let keys = (decimal_key(left)?, decimal_key(right)?);
    let order = keys.0.0.cmp(&keys.1.0);
    if order != Ordering::Equal || keys.0.0 == 0 {
        return Ok(order);
    }
    let order = keys.0.1.cmp(&keys.1.1).then_with(|| keys.0.2.cmp(&keys.1.2));
    Ok(if keys.0.0 < 0 { order.reverse() } else { order })
}

/// A decimal's sign, how many digits are before its point, and its digits up to the last
/// that is not 0.
fn decimal_key(data: &[u8]) -> Result<(i8, i64, Vec<u8>), Refusal> {
    let (unscaled, scale) = decimal_parts(data)?;
    let mut digits = Vec::new();
    decimals::varint(unscaled, &mut digits);
    digits.retain(|digit| *digit != b'-');
    let num_digits = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    let sign = match (digits.is_empty(), bigint::is_negative(unscaled)) {
        (true, _) => 0,
        (_, true) => -1,
        _ => 1,
    };
    Ok((sign, num_digits.saturating_sub(i64::from(scale)), digits))
}

const VERSION_SHIFT: u32 = 76;

const fn version(uuid: u128) -> u128 {
    (uuid >> VERSION_SHIFT) & 0xf
}

/// The first half of a UUID of version 1 with its time's highest bits first.
const fn by_time(uuid: u128) -> u64 {
    let (low, mid, high) = (uuid >> 96, (uuid >> 80) & 0xffff, (uuid >> 64) & 0xffff);
    u64_of((high << 48) | (mid << 32) | low)
}

const fn u64_of(value: u128) -> u64 {
    let [_, _, _, _, _, _, _, _, a, b, c, d, e, f, g, h] = value.to_be_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// By version, of version 1 by time, else by bytes.
const fn swizzled(uuid: u128) -> (u128, u64, u128) {
    let version = version(uuid);
    (version, if version == 1 { by_time(uuid) } else { 0 }, uuid)
}

/// Two signed integers, shifted such that they sort as unsigned ones.
const fn halves(uuid: u128) -> (u64, u64) {
    (u64_of(uuid >> 64) ^ (1 << 63), u64_of(uuid) ^ (1 << 63))
}

/// By time, then by the signed bytes of the rest.
fn time_key(data: &[u8]) -> Result<(u64, u64), Refusal> {
    let uuid = be::u128(data).ok_or_else(length)?;
    if version(uuid) != 1 {
        return Err(Refusal::new(format!("a UUID of version {}", version(uuid))));
    }
    Ok((by_time(uuid), u64_of(uuid) ^ 0x8080_8080_8080_8080))
}

fn present<'a>(part: Part<'a>, parts: &mut Vec<&'a [u8]>) -> Result<(), Refusal> {
    parts.push(part.ok_or_else(|| Refusal::new("a null inside"))?);
    Ok(())
}

fn sequences(types: &[&CqlType], left: &[&[u8]], right: &[&[u8]]) -> Result<Ordering, Refusal> {
    for ((kind, a), b) in types.iter().cycle().zip(left).zip(right) {
        let order = kind.compare(a, b)?;
        if order != Ordering::Equal {
            return Ok(order);
        }
    }
    Ok(left.len().cmp(&right.len()))
}

fn structs(fields: &[&CqlType], left: &[u8], right: &[u8]) -> Result<Ordering, Refusal> {
    let mut parts: (Vec<Part<'_>>, Vec<Part<'_>>) = (Vec::new(), Vec::new());
    for (data, parts) in [(left, &mut parts.0), (right, &mut parts.1)] {
        each_field(data, fields.len(), |_, part| {
            parts.push(part);
            Ok(())
        })?;
        parts.resize(fields.len(), None);
    }
    for ((field, a), b) in fields.iter().zip(&parts.0).zip(&parts.1) {
        let order = match (a, b) {
            (Some(a), Some(b)) => field.compare(a, b)?,
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order != Ordering::Equal {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}

fn vectors(
    element: &CqlType,
    dimension: i32,
    left: &[u8],
    right: &[u8],
) -> Result<Ordering, Refusal> {
    let mut parts: (Vec<&[u8]>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    for (data, parts) in [(left, &mut parts.0), (right, &mut parts.1)] {
        each_vector_element(element, dimension, data, |part| {
            parts.push(part);
            Ok(())
        })?;
    }
    sequences(&[element], &parts.0, &parts.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(of: &CqlType, left: &[u8], right: &[u8]) -> Ordering {
        let found = of.compare(left, right);
        assert!(found.is_ok(), "{found:?}");
        found.unwrap_or(Ordering::Equal)
    }

    #[test]
    fn numbers() {
        assert_eq!(order(&CqlType::Int, &[0xff; 4], &[0, 0, 0, 1]), Ordering::Less);
        assert_eq!(order(&CqlType::Int, &[], &[0xff; 4]), Ordering::Less);
        assert_eq!(order(&CqlType::Varint, &[0xff; 20], &[0, 0]), Ordering::Less);
        assert_eq!(order(&CqlType::Varint, &[1; 20], &[1; 19]), Ordering::Greater);
        let negative = f64::NAN.to_bits() | (1 << 63);
        let nan = negative.to_be_bytes();
        assert_eq!(order(&CqlType::Double, &nan, &1e300_f64.to_be_bytes()), Ordering::Greater);
        let minus = (-0.0_f64).to_be_bytes();
        assert_eq!(order(&CqlType::Double, &minus, &[0; 8]), Ordering::Less);
        assert!(CqlType::Int.compare(&[1], &[2]).is_err());
    }

    #[test]
    fn points() {
        let decimal =
            |scale: i32, unscaled: i8| [&scale.to_be_bytes()[..], &unscaled.to_be_bytes()].concat();
        let equal = |a: Vec<u8>, b: Vec<u8>| order(&CqlType::Decimal, &a, &b);
        assert_eq!(equal(decimal(1, 10), decimal(0, 1)), Ordering::Equal);
        assert_eq!(equal(decimal(0, -2), decimal(0, -1)), Ordering::Less);
        assert_eq!(equal(decimal(-1, 1), decimal(0, 9)), Ordering::Greater);
        assert_eq!(equal(decimal(5, 0), decimal(0, 0)), Ordering::Equal);
    }

    #[test]
    fn reversed() {
        let kind = CqlType::Reversed(Box::new(CqlType::Text));
        assert_eq!(order(&kind, b"a", b"b"), Ordering::Greater);
    }
}
