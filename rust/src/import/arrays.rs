//! Values of Arrow arrays in the serialized form of CQL types.
//!
//! Types are those of `docs/arrow.md` whose values have a form of their own; integers of any
//! width and times of any unit will do, if the value fits.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{
    Array, BinaryArray, BooleanArray, FixedSizeBinaryArray, LargeBinaryArray, LargeStringArray,
    StringArray,
};
use arrow_buffer::IntervalMonthDayNano;
use arrow_schema::{DataType, TimeUnit};

use super::collections::Collection;
use super::unusual::{Fields, Numbers, Vectors, durations, put_duration, put_inet};
use crate::layouts::generated::values::{
    BigintValue, BlobValue, BooleanValue, DateValue, DoubleValue, FloatValue, IntValue,
    SmallintValue, TextValue, TimeValue, TimestampValue, TinyintValue, UuidValue,
};
use crate::layouts::prelude::fit;
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::types::CqlType;
use crate::types::values::Refusal;

pub(super) const NANOS_PER_DAY: i64 = 86_400_000_000_000;
/// The day from which days are counted, 1970-01-01.
pub(super) const DATE_EPOCH: i64 = 1 << 31;
const UUID_LENGTH: i32 = 16;
const VERSION_BYTE: usize = 6;

/// An array whose values are values of a CQL type.
pub(super) struct Values<'b> {
    pub(super) array: &'b dyn Array,
    pub(super) typed: Typed<'b>,
}

pub(super) enum Typed<'b> {
    Boolean(&'b BooleanArray),
    Integer(Integers<'b>, Width),
    Float(&'b [f32]),
    Double(&'b [f64]),
    DoubleOfFloat(&'b [f32]),
    Text(Texts<'b>, bool),
    Blob(Blobs<'b>),
    Uuid(&'b FixedSizeBinaryArray, bool),
    Date(Integers<'b>),
    Time(Integers<'b>, i64),
    Timestamp(Integers<'b>, i64, i64),
    Decimal(Numbers<'b>),
    Varint(Numbers<'b>),
    Inet(Texts<'b>),
    Duration(&'b [IntervalMonthDayNano]),
    Vector(Box<Vectors<'b>>),
    Fields(Fields<'b>),
    Collection(Box<Collection<'b>>),
}

/// A CQL type of integers.
#[derive(Clone, Copy)]
pub(super) enum Width {
    Tiny,
    Small,
    Int,
    Big,
}

pub(super) enum Integers<'b> {
    I8(&'b [i8]),
    I16(&'b [i16]),
    I32(&'b [i32]),
    I64(&'b [i64]),
    U8(&'b [u8]),
    U16(&'b [u16]),
    U32(&'b [u32]),
}

impl Integers<'_> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<i64> {
        Some(match self {
            Self::I8(values) => i64::from(*values.get(row)?),
            Self::I16(values) => i64::from(*values.get(row)?),
            Self::I32(values) => i64::from(*values.get(row)?),
            Self::I64(values) => *values.get(row)?,
            Self::U8(values) => i64::from(*values.get(row)?),
            Self::U16(values) => i64::from(*values.get(row)?),
            Self::U32(values) => i64::from(*values.get(row)?),
        })
    }
}

pub(super) enum Texts<'b> {
    Small(&'b StringArray),
    Large(&'b LargeStringArray),
}

pub(super) enum Blobs<'b> {
    Small(&'b BinaryArray),
    Large(&'b LargeBinaryArray),
    Fixed(&'b FixedSizeBinaryArray),
}

impl<'b> Values<'b> {
    /// The values of `array` as those of `cql`; none where the types do not go together here.
    pub(super) fn new(array: &'b dyn Array, cql: &CqlType) -> Option<Self> {
        let typed = match cql.unwrap_reversed() {
            CqlType::Boolean => Typed::Boolean(array.as_boolean_opt()?),
            CqlType::TinyInt => Typed::Integer(integers(array)?, Width::Tiny),
            CqlType::SmallInt => Typed::Integer(integers(array)?, Width::Small),
            CqlType::Int => Typed::Integer(integers(array)?, Width::Int),
            CqlType::BigInt => Typed::Integer(integers(array)?, Width::Big),
            CqlType::Float => Typed::Float(array.as_primitive_opt::<Float32Type>()?.values()),
            CqlType::Double => match array.as_primitive_opt::<Float32Type>() {
                Some(found) => Typed::DoubleOfFloat(found.values()),
                None => Typed::Double(array.as_primitive_opt::<Float64Type>()?.values()),
            },
            CqlType::Text => Typed::Text(texts(array)?, false),
            CqlType::Ascii => Typed::Text(texts(array)?, true),
            CqlType::Blob => Typed::Blob(blobs(array)?),
            CqlType::Uuid => Typed::Uuid(uuids(array)?, false),
            CqlType::TimeUuid => Typed::Uuid(uuids(array)?, true),
            CqlType::Date => {
                Typed::Date(Integers::I32(array.as_primitive_opt::<Date32Type>()?.values()))
            }
            CqlType::Time => times(array)?,
            CqlType::Timestamp => timestamps(array)?,
            CqlType::Decimal => Typed::Decimal(Numbers::new(array)?),
            CqlType::Varint => Typed::Varint(Numbers::new(array)?),
            CqlType::Inet => Typed::Inet(texts(array)?),
            CqlType::Duration => Typed::Duration(durations(array)?),
            CqlType::Vector(element, dimension) => {
                Typed::Vector(Box::new(Vectors::new(array, element, *dimension)?))
            }
            CqlType::Tuple(types) => {
                let names = (0..types.len()).map(|index| index.to_string());
                Typed::Fields(Fields::new(array, names.zip(types))?)
            }
            CqlType::User(user) if !user.is_multi_cell => {
                let fields = user.fields.iter().map(|(name, kind)| (name.clone(), kind));
                Typed::Fields(Fields::new(array, fields)?)
            }
            CqlType::List(_) | CqlType::Set(_) | CqlType::Map(_) => {
                Typed::Collection(Box::new(Collection::new(array, cql)?))
            }
            _ => return None,
        };
        Some(Self { array, typed })
    }

    /// Whether there is no value in `row`.
    #[inline]
    pub(super) fn is_null(&self, row: usize) -> bool {
        self.array.is_null(row)
    }

    /// Appends the value in `row`, which is not null.
    ///
    /// # Errors
    /// It is none of the CQL type.
    #[inline]
    pub(super) fn put(&self, row: usize, out: &mut Sink) -> Result<(), Refusal> {
        match &self.typed {
            Typed::Boolean(values) => {
                BooleanValue { value: u8::from(values.value(row)) }.encode(out)?
            }
            Typed::Integer(values, width) => integer(item(values.get(row))?, *width, out)?,
            Typed::Float(values) => {
                FloatValue { value: item(values.get(row).copied())? }.encode(out)?
            }
            Typed::Double(values) => {
                DoubleValue { value: item(values.get(row).copied())? }.encode(out)?
            }
            Typed::DoubleOfFloat(values) => {
                DoubleValue { value: f64::from(item(values.get(row).copied())?) }.encode(out)?;
            }
            Typed::Text(values, is_ascii) => text(values.get(row), *is_ascii, out)?,
            Typed::Blob(values) => BlobValue { value: values.get(row) }.encode(out)?,
            Typed::Uuid(values, is_time) => uuid(values.value(row), *is_time, out)?,
            Typed::Date(values) => {
                let days = item(values.get(row))?.saturating_add(DATE_EPOCH);
                DateValue { days: fit(days)? }.encode(out)?;
            }
            Typed::Time(values, unit) => {
                let nanoseconds = item(values.get(row))?.saturating_mul(*unit);
                if !(0..NANOS_PER_DAY).contains(&nanoseconds) {
                    return Err(Refusal::new(format!("{nanoseconds} ns: not within a day")));
                }
                TimeValue { nanoseconds }.encode(out)?;
            }
            Typed::Collection(values) => values.put(row, out)?,
            Typed::Decimal(values) => values.put_decimal(row, out)?,
            Typed::Varint(values) => values.put_varint(row, out)?,
            Typed::Inet(values) => put_inet(values.get(row), out)?,
            Typed::Duration(values) => put_duration(item(values.get(row).copied())?, out)?,
            Typed::Vector(values) => values.put(row, out)?,
            Typed::Fields(values) => values.put(row, out)?,
            Typed::Timestamp(values, factor, divisor) => {
                timestamp(item(values.get(row))?, *factor, *divisor, out)?;
            }
        }
        Ok(())
    }
}

pub(super) fn item<T>(found: Option<T>) -> Result<T, Refusal> {
    found.ok_or_else(|| Refusal::new("the array ends before the row"))
}

fn integer(value: i64, width: Width, out: &mut Sink) -> Result<(), Refusal> {
    let refused = |_| {
        let name = match width {
            Width::Tiny => "tinyint",
            Width::Small => "smallint",
            Width::Int | Width::Big => "int",
        };
        Refusal::new(format!("{value} is out of the range of {name}"))
    };
    match width {
        Width::Tiny => TinyintValue { value: fit(value).map_err(refused)? }.encode(out)?,
        Width::Small => SmallintValue { value: fit(value).map_err(refused)? }.encode(out)?,
        Width::Int => IntValue { value: fit(value).map_err(refused)? }.encode(out)?,
        Width::Big => BigintValue { value }.encode(out)?,
    }
    Ok(())
}

fn text(value: &str, is_ascii: bool, out: &mut Sink) -> Result<(), Refusal> {
    if is_ascii && !value.is_ascii() {
        return Err(Refusal::new("the text is not ASCII"));
    }
    Ok(TextValue { value }.encode(out)?)
}

fn uuid(value: &[u8], is_time: bool, out: &mut Sink) -> Result<(), Refusal> {
    let version = value.get(VERSION_BYTE).map_or(0, |byte| byte.wrapping_shr(4));
    if is_time && version != 1 {
        return Err(Refusal::new(format!("a UUID of version {version}")));
    }
    Ok(UuidValue { value }.encode(out)?)
}

fn timestamp(value: i64, factor: i64, divisor: i64, out: &mut Sink) -> Result<(), Refusal> {
    let Some(scaled) = value.checked_mul(factor) else {
        return Err(Refusal::new(format!("{value} seconds are too many for a timestamp")));
    };
    if scaled.checked_rem_euclid(divisor) != Some(0) {
        return Err(Refusal::new("the timestamp is between two milliseconds"));
    }
    let milliseconds = scaled.checked_div_euclid(divisor).unwrap_or(0);
    Ok(TimestampValue { milliseconds }.encode(out)?)
}

impl Texts<'_> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> &str {
        match self {
            Self::Small(values) => values.value(row),
            Self::Large(values) => values.value(row),
        }
    }
}

impl Blobs<'_> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> &[u8] {
        match self {
            Self::Small(values) => values.value(row),
            Self::Large(values) => values.value(row),
            Self::Fixed(values) => values.value(row),
        }
    }
}

pub(super) fn integers(array: &dyn Array) -> Option<Integers<'_>> {
    Some(match array.data_type() {
        DataType::Int8 => Integers::I8(array.as_primitive_opt::<Int8Type>()?.values()),
        DataType::Int16 => Integers::I16(array.as_primitive_opt::<Int16Type>()?.values()),
        DataType::Int32 => Integers::I32(array.as_primitive_opt::<Int32Type>()?.values()),
        DataType::Int64 => Integers::I64(array.as_primitive_opt::<Int64Type>()?.values()),
        DataType::UInt8 => Integers::U8(array.as_primitive_opt::<UInt8Type>()?.values()),
        DataType::UInt16 => Integers::U16(array.as_primitive_opt::<UInt16Type>()?.values()),
        DataType::UInt32 => Integers::U32(array.as_primitive_opt::<UInt32Type>()?.values()),
        _ => return None,
    })
}

pub(super) fn texts(array: &dyn Array) -> Option<Texts<'_>> {
    let small = || array.as_string_opt().map(Texts::Small);
    small().or_else(|| array.as_string_opt().map(Texts::Large))
}

fn blobs(array: &dyn Array) -> Option<Blobs<'_>> {
    let small = || array.as_binary_opt().map(Blobs::Small);
    let large = || array.as_binary_opt().map(Blobs::Large);
    small().or_else(large).or_else(|| array.as_fixed_size_binary_opt().map(Blobs::Fixed))
}

fn uuids(array: &dyn Array) -> Option<&FixedSizeBinaryArray> {
    array.as_fixed_size_binary_opt().filter(|array| array.value_length() == UUID_LENGTH)
}

fn times(array: &dyn Array) -> Option<Typed<'_>> {
    Some(match array.data_type() {
        DataType::Time32(TimeUnit::Second) => {
            let values = array.as_primitive_opt::<Time32SecondType>()?.values();
            Typed::Time(Integers::I32(values), 1_000_000_000)
        }
        DataType::Time32(TimeUnit::Millisecond) => {
            let values = array.as_primitive_opt::<Time32MillisecondType>()?.values();
            Typed::Time(Integers::I32(values), 1_000_000)
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            let values = array.as_primitive_opt::<Time64MicrosecondType>()?.values();
            Typed::Time(Integers::I64(values), 1000)
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            let values = array.as_primitive_opt::<Time64NanosecondType>()?.values();
            Typed::Time(Integers::I64(values), 1)
        }
        _ => return None,
    })
}

fn timestamps(array: &dyn Array) -> Option<Typed<'_>> {
    let DataType::Timestamp(unit, _) = array.data_type() else { return None };
    Some(match unit {
        TimeUnit::Second => {
            let values = array.as_primitive_opt::<TimestampSecondType>()?.values();
            Typed::Timestamp(Integers::I64(values), 1000, 1)
        }
        TimeUnit::Millisecond => {
            let values = array.as_primitive_opt::<TimestampMillisecondType>()?.values();
            Typed::Timestamp(Integers::I64(values), 1, 1)
        }
        TimeUnit::Microsecond => {
            let values = array.as_primitive_opt::<TimestampMicrosecondType>()?.values();
            Typed::Timestamp(Integers::I64(values), 1, 1000)
        }
        TimeUnit::Nanosecond => {
            let values = array.as_primitive_opt::<TimestampNanosecondType>()?.values();
            Typed::Timestamp(Integers::I64(values), 1, 1_000_000)
        }
    })
}
