//! Values whose serialized forms are computed: numbers of any size, addresses, durations,
//! vectors, tuples and user-defined types.

use std::net::{Ipv4Addr, Ipv6Addr};

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Decimal256Type, IntervalMonthDayNanoType};
use arrow_array::{Array, FixedSizeListArray};
use arrow_buffer::IntervalMonthDayNano;
use arrow_buffer::i256;
use num_bigint::BigInt;

use super::arrays::{Integers, Texts, Values, integers, item, texts};
use crate::codec::vint::{signed, unsigned};
use crate::layouts::generated::values::{
    DecimalValue, DurationValue, FixedVectorValue, InetValue, NullableValue, TupleValue,
    VariableVectorValue, VarintValue, VectorElement,
};
use crate::layouts::make::vint;
use crate::layouts::prelude::{List, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::types::CqlType;
use crate::types::values::{Refusal, duration};

/// Numbers that are integers or decimals of any size.
pub(super) enum Numbers<'b> {
    Integer(Integers<'b>),
    Text(Texts<'b>),
    Narrow(&'b [i128], i32),
    Wide(&'b [i256], i32),
}

/// A number without its decimal point, and how many of its digits are behind that.
type Number = (BigInt, i32);

impl<'b> Numbers<'b> {
    /// The numbers of `array`; none where it has other values.
    pub(super) fn new(array: &'b dyn Array) -> Option<Self> {
        if let Some(found) = array.as_primitive_opt::<Decimal128Type>() {
            return Some(Self::Narrow(found.values(), found.scale().into()));
        }
        if let Some(found) = array.as_primitive_opt::<Decimal256Type>() {
            return Some(Self::Wide(found.values(), found.scale().into()));
        }
        integers(array).map(Self::Integer).or_else(|| texts(array).map(Self::Text))
    }

    /// Appends a `decimal`.
    ///
    /// # Errors
    /// A text is none.
    pub(super) fn put_decimal(&self, row: usize, out: &mut Sink) -> Result<(), Refusal> {
        let (unscaled, scale) = self.get(row)?;
        let magnitude = unscaled.to_signed_bytes_be();
        let unscaled = VarintValue { magnitude: &magnitude };
        Ok(DecimalValue { scale, unscaled }.encode(out)?)
    }

    /// Appends a `varint`.
    ///
    /// # Errors
    /// It is no integer.
    pub(super) fn put_varint(&self, row: usize, out: &mut Sink) -> Result<(), Refusal> {
        let whole = match self {
            Self::Text(values) => {
                let text = values.get(row);
                digits(text).ok_or_else(|| refused(text, "varint"))?
            }
            _ => whole(self.get(row)?)?,
        };
        let magnitude = whole.to_signed_bytes_be();
        Ok(VarintValue { magnitude: &magnitude }.encode(out)?)
    }

    fn get(&self, row: usize) -> Result<Number, Refusal> {
        Ok(match self {
            Self::Integer(values) => (BigInt::from(item(values.get(row))?), 0),
            Self::Narrow(values, scale) => (item(values.get(row).copied())?.into(), *scale),
            Self::Wide(values, scale) => {
                let bytes = item(values.get(row).copied())?.to_be_bytes();
                (BigInt::from_signed_bytes_be(&bytes), *scale)
            }
            Self::Text(values) => {
                let text = values.get(row);
                decimal(text).ok_or_else(|| refused(text, "decimal"))?
            }
        })
    }
}

fn refused(text: &str, kind: &str) -> Refusal {
    let mut shown: String = text.chars().take(100).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    Refusal::new(format!("'{shown}' is no {kind}"))
}

/// The integer that a number is.
fn whole((unscaled, scale): Number) -> Result<BigInt, Refusal> {
    let factor = BigInt::from(10).pow(scale.unsigned_abs());
    if scale <= 0 {
        return Ok(product(&unscaled, &factor));
    }
    let divided = unscaled.checked_div(&factor).unwrap_or_default();
    if product(&divided, &factor) != unscaled {
        return Err(Refusal::new("the number is no integer"));
    }
    Ok(divided)
}

fn product(left: &BigInt, right: &BigInt) -> BigInt {
    left.checked_mul(right).unwrap_or_default()
}

/// The integer of a text that has digits alone, and maybe a sign before them.
fn digits(text: &str) -> Option<BigInt> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { BigInt::parse_bytes(text.as_bytes(), 10) } else { None }
}

/// The number of a text with digits, maybe a sign before them, a point within and an exponent.
fn decimal(text: &str) -> Option<Number> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => {
            digits(exponent)?;
            (mantissa, exponent.parse::<i64>().ok()?)
        }
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !after.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let unscaled = digits(&format!("{before}{after}"))?;
    let scale = i64::try_from(after.len()).ok()?.checked_sub(exponent)?;
    Some((unscaled, i32::try_from(scale).ok()?))
}

/// Appends the `inet` of a text.
///
/// # Errors
/// It is no address.
pub(super) fn put_inet(text: &str, out: &mut Sink) -> Result<(), Refusal> {
    let found = if text.contains(':') { ipv6(text) } else { ipv4(text) };
    let address = found.ok_or_else(|| refused(text, "inet"))?;
    Ok(InetValue { address: &address }.encode(out)?)
}

/// An address of up to four numbers, the last of which is all of the bytes that are left.
fn ipv4(text: &str) -> Option<Vec<u8>> {
    const LONGEST: usize = 15;
    let parts: Vec<&str> = text.split('.').collect();
    let (last, first) = parts.split_last()?;
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() > LONGEST || !parts.iter().all(is_number) {
        return None;
    }
    let mut address: u32 = 0;
    for part in first {
        address = address.checked_mul(256)?.checked_add(part.parse::<u8>().ok()?.into())?;
    }
    let left = 4_u32.checked_sub(u32::try_from(first.len()).ok()?).filter(|left| *left > 0)?;
    // Nothing comes before a number that is all four bytes.
    let room = 256_u32.checked_pow(left).unwrap_or(0);
    let last = last.parse::<u32>().ok().filter(|last| room == 0 || *last < room)?;
    let address = address.checked_mul(room)?.checked_add(last)?;
    Some(Ipv4Addr::from(address).octets().to_vec())
}

/// An address with colons, as Java takes it: in brackets or not, with a number of an interface
/// or not, groups with any zeros before them. One that maps an IPv4 address is that.
fn ipv6(text: &str) -> Option<Vec<u8>> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let bare = match bare.split_once('%') {
        None => bare,
        Some((address, interface)) => {
            let is_number =
                !interface.is_empty() && interface.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then_some(address)?
        }
    };
    let address = without_zeros(bare).parse::<Ipv6Addr>().ok()?;
    Some(match address.to_ipv4_mapped() {
        Some(mapped) => mapped.octets().to_vec(),
        None => address.octets().to_vec(),
    })
}

/// Groups without the zeros before their digits, of which Rust takes few.
fn without_zeros(text: &str) -> String {
    let groups = text.split(':').map(|group| {
        let short = group.trim_start_matches('0');
        let needs_zero = !group.is_empty() && !short.starts_with(|c: char| c.is_ascii_hexdigit());
        if needs_zero { format!("0{short}") } else { short.to_owned() }
    });
    groups.collect::<Vec<String>>().join(":")
}

/// The durations of `array`; none where it has other values.
pub(super) fn durations(array: &dyn Array) -> Option<&[IntervalMonthDayNano]> {
    Some(array.as_primitive_opt::<IntervalMonthDayNanoType>()?.values())
}

/// Appends a `duration`.
///
/// # Errors
/// Its parts have different signs.
pub(super) fn put_duration(value: IntervalMonthDayNano, out: &mut Sink) -> Result<(), Refusal> {
    let start = out.as_slice().len();
    let (months, days) = (signed(value.months.into()), signed(value.days.into()));
    let nanoseconds = signed(value.nanoseconds);
    let (months, days, nanoseconds) = (vint(&months)?, vint(&days)?, vint(&nanoseconds)?);
    DurationValue { months, days, nanoseconds }.encode(out)?;
    duration(out.as_slice().get(start..).unwrap_or_default()).map(|_| ())
}

/// What a column of vectors holds.
pub(super) struct Vectors<'b> {
    array: &'b FixedSizeListArray,
    elements: Values<'b>,
    /// Bytes of an element, below 0 if they differ.
    length: i32,
    dimension: i32,
}

impl<'b> Vectors<'b> {
    /// The vectors of `array`; none where types or lengths do not go together.
    pub(super) fn new(array: &'b dyn Array, element: &CqlType, dimension: i32) -> Option<Self> {
        let array = array.as_fixed_size_list_opt()?;
        if array.value_length() != dimension {
            return None;
        }
        let elements = Values::new(array.values().as_ref(), element)?;
        Some(Self { array, elements, length: element.value_length_if_fixed(), dimension })
    }

    /// Appends the vector in `row`.
    ///
    /// # Errors
    /// An element is null or none of its type.
    pub(super) fn put(&self, row: usize, out: &mut Sink) -> Result<(), Refusal> {
        let start = usize::try_from(self.array.value_offset(row)).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(self.dimension).unwrap_or(0));
        let mut values = Vec::new();
        for at in start..end {
            if self.elements.is_null(at) {
                return Err(Refusal::new("there are no nulls in vectors"));
            }
            let mut value = Sink::new();
            self.elements.put(at, &mut value)?;
            values.push(value.finish());
        }
        let num_elements = self.dimension;
        if self.length >= 0 {
            let elements: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
            let (len_elements, elements) = (self.length, List::from(elements));
            return Ok(FixedVectorValue { len_elements, num_elements, elements }.encode(out)?);
        }
        let mut lengths = Vec::with_capacity(values.len());
        for value in &values {
            lengths.push(unsigned(fit(value.len())?));
        }
        let mut elements = Vec::with_capacity(values.len());
        for (value, length) in values.iter().zip(&lengths) {
            elements.push(VectorElement { len_value: vint(length)?, value });
        }
        Ok(VariableVectorValue { num_elements, elements: List::from(elements) }.encode(out)?)
    }
}

/// What a column of tuples or of frozen user-defined types holds.
pub(super) struct Fields<'b> {
    fields: Vec<Option<Values<'b>>>,
}

impl<'b> Fields<'b> {
    /// The structs of `array`, whose fields may be fewer, by the names and types of all; none
    /// where types do not go together.
    pub(super) fn new<'t>(
        array: &'b dyn Array,
        all: impl Iterator<Item = (String, &'t CqlType)>,
    ) -> Option<Self> {
        let array = array.as_struct_opt()?;
        let mut fields = Vec::new();
        for (name, kind) in all {
            fields.push(match array.column_by_name(&name) {
                Some(found) => Some(Values::new(found.as_ref(), kind)?),
                None => None,
            });
        }
        let num_known = fields.iter().flatten().count();
        (num_known == array.num_columns()).then_some(Self { fields })
    }

    /// Appends the value in `row`.
    ///
    /// # Errors
    /// A field's value is none of its type.
    pub(super) fn put(&self, row: usize, out: &mut Sink) -> Result<(), Refusal> {
        let mut values = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let found = field.as_ref().filter(|field| !field.is_null(row));
            let value = found.map(|field| -> Result<Vec<u8>, Refusal> {
                let mut value = Sink::new();
                field.put(row, &mut value)?;
                Ok(value.finish())
            });
            values.push(value.transpose()?);
        }
        let mut fields = Vec::with_capacity(values.len());
        for value in &values {
            let len_value = value.as_ref().map_or(Ok(-1), |value| fit(value.len()))?;
            fields.push(NullableValue { len_value, value: value.as_deref() });
        }
        Ok(TupleValue { fields: List::from(fields) }.encode(out)?)
    }
}
