//! Values that have parts, and what else their bytes say.

use std::fmt;

use super::CqlType;
use crate::codec::be;
use crate::layouts::generated::values::{
    CollectionValue, CounterValue, DecimalValue, DurationValue, FixedVectorValue, MapValue,
    NullableValue, TupleValue, VariableVectorValue,
};
use crate::layouts::prelude::{self, Cursor, Failure, Fault};

/// Nanoseconds that a `time` is below.
pub const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// Why bytes are no value of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(Reason);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Text(String),
    Layout(prelude::Error),
}

impl Refusal {
    /// A refusal for this reason.
    #[cold]
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(Reason::Text(reason.into()))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Text(text) => out.write_str(text),
            Reason::Layout(error) => write!(out, "{error}"),
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self(Reason::Layout(prelude::Error::from(fault)))
    }
}

impl From<prelude::Error> for Refusal {
    fn from(error: prelude::Error) -> Self {
        Self(Reason::Layout(error))
    }
}

impl Failure for Refusal {
    fn located(self, cur: &Cursor<'_>) -> Self {
        match self.0 {
            Reason::Layout(error) => Self(Reason::Layout(error.located(cur))),
            Reason::Text(_) => self,
        }
    }
}

/// A part of a value, none for null.
pub type Part<'a> = Option<&'a [u8]>;

fn part<'a>(value: &NullableValue<'a>) -> Part<'a> {
    value.value
}

fn at_end(cur: &Cursor<'_>) -> Result<(), Refusal> {
    if cur.eof() { Ok(()) } else { Err(Refusal::new("bytes after the end of the value")) }
}

/// Hands the elements of a list's or set's frozen form to `each`.
///
/// # Errors
/// It is no such form, or `each` refuses.
pub fn each_element<'a>(
    data: &'a [u8],
    mut each: impl FnMut(Part<'a>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut cur = Cursor::new(data, 0);
    CollectionValue::visit_elements(&mut cur, |_, value| each(part(value)))
        .map_err(|refusal: Refusal| refusal.located(&cur))?;
    at_end(&cur)
}

/// Hands the keys and values of a map's frozen form to `each`.
///
/// # Errors
/// It is no such form, or `each` refuses.
pub fn each_entry<'a>(
    data: &'a [u8],
    mut each: impl FnMut(Part<'a>, Part<'a>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut cur = Cursor::new(data, 0);
    MapValue::visit_entries(&mut cur, |_, entry| each(part(&entry.key), part(&entry.value)))
        .map_err(|refusal: Refusal| refusal.located(&cur))?;
    at_end(&cur)
}

/// Hands the fields of a tuple or UDT to `each`, with their positions; not those that are
/// missing at the end.
///
/// # Errors
/// It is no such value or has more than `num_fields`, or `each` refuses.
pub fn each_field<'a>(
    data: &'a [u8],
    num_fields: usize,
    mut each: impl FnMut(usize, Part<'a>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut cur = Cursor::new(data, 0);
    let mut index = 0_usize;
    TupleValue::visit_fields(&mut cur, |_, value| {
        if index >= num_fields {
            return Err(Refusal::new("more fields than the type has"));
        }
        let position = index;
        index = index.saturating_add(1);
        each(position, part(value))
    })
    .map_err(|refusal: Refusal| refusal.located(&cur))?;
    Ok(())
}

/// Hands the elements of a vector to `each`.
///
/// # Errors
/// It is no such value, or `each` refuses.
pub fn each_vector_element<'a>(
    element: &CqlType,
    dimension: i32,
    data: &'a [u8],
    mut each: impl FnMut(&'a [u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if data.is_empty() {
        return Err(Refusal::new("a value without bytes"));
    }
    let length = element.value_length_if_fixed();
    let mut cur = Cursor::new(data, 0);
    if length >= 0 {
        let found = FixedVectorValue::read(&mut cur, length, dimension);
        let found = found.map_err(|fault| cur.error(fault))?;
        for value in found.elements.iter() {
            each(value)?;
        }
    } else {
        VariableVectorValue::visit_elements(&mut cur, dimension, |_, found| each(found.value))
            .map_err(|refusal: Refusal| refusal.located(&cur))?;
    }
    at_end(&cur)
}

/// A counter's value: the sum of its shards, as Java's `long` adds up.
///
/// # Errors
/// It is no counter context.
pub fn counter_total(data: &[u8]) -> Result<i64, Refusal> {
    let mut cur = Cursor::new(data, 0);
    let mut total = 0_i64;
    CounterValue::visit_shards(&mut cur, |_, shard| {
        total = total.wrapping_add(shard.count);
        Ok(())
    })
    .map_err(|refusal: Refusal| refusal.located(&cur))?;
    Ok(total)
}

/// Whether a counter's value has shards that are local or remote, not global
/// (`CounterContext.hasLegacyShards`).
///
/// # Errors
/// It is no counter context.
pub fn has_legacy_shards(data: &[u8]) -> Result<bool, Refusal> {
    let mut cur = Cursor::new(data, 0);
    let (mut is_legacy, mut index) = (false, 0_i64);
    CounterValue::visit_shards(&mut cur, |head, _| {
        // An element for each that is global or local, here for this one and all before it.
        let element = head.header_elements.item(index).ok();
        is_legacy |= element.map(i64::from) != Some(index.saturating_sub(0x8000));
        index = index.saturating_add(1);
        Ok(())
    })
    .map_err(|refusal: Refusal| refusal.located(&cur))?;
    Ok(is_legacy)
}

/// Months, days and nanoseconds of a duration.
///
/// # Errors
/// It is none: out of range, or not of one sign.
pub fn duration(data: &[u8]) -> Result<(i32, i32, i64), Refusal> {
    // Cassandra does not mind bytes after the third number.
    let parsed = DurationValue::decode(data, 0)?;
    let narrow = |number: i64| {
        i32::try_from(number).map_err(|_| Refusal::new("months and days have 32 bits"))
    };
    let months = narrow(parsed.months.signed())?;
    let days = narrow(parsed.days.signed())?;
    let nanos = parsed.nanoseconds.signed();
    if (months < 0 || days < 0 || nanos < 0) && (months > 0 || days > 0 || nanos > 0) {
        return Err(Refusal::new("months, days and nanoseconds are not of one sign"));
    }
    Ok((months, days, nanos))
}

/// The two's complement and the scale of a decimal.
///
/// # Errors
/// No digits after the scale.
pub fn decimal_parts(data: &[u8]) -> Result<(&[u8], i32), Refusal> {
    let parsed = DecimalValue::decode(data, 0)?;
    if parsed.unscaled.magnitude.is_empty() {
        return Err(Refusal::new("no digits after the scale"));
    }
    Ok((parsed.unscaled.magnitude, parsed.scale))
}

/// A time's nanoseconds since midnight.
///
/// # Errors
/// Not eight bytes, or not within a day.
pub fn time(data: &[u8]) -> Result<i64, Refusal> {
    let nanos = be::i64(data).ok_or_else(|| Refusal::new("not 8 bytes"))?;
    if (0..NANOS_PER_DAY).contains(&nanos) {
        Ok(nanos)
    } else {
        Err(Refusal::new("not within a day"))
    }
}

/// A date's days since 1970.
///
/// # Errors
/// Not four bytes.
pub fn date(data: &[u8]) -> Result<i32, Refusal> {
    // The day 0 of 1970 is 2^31.
    let days = be::i32(data).ok_or_else(|| Refusal::new("not 4 bytes"))?;
    Ok(days ^ i32::MIN)
}
