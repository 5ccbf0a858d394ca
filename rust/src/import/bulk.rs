//! Many values of an array at once: whether they fit, how they compare with the ones before
//! them, and their serialized forms.

use std::cmp::Ordering;
use std::ops::Range;

use arrow_array::GenericByteArray;
use arrow_array::types::ByteArrayType;
use arrow_buffer::ArrowNativeType;

use super::arrays::{Blobs, DATE_EPOCH, Integers, NANOS_PER_DAY, Texts, Typed, Values, Width};
use crate::codec::be;
use crate::layouts::sink::Sink;
use crate::rows::Packed;
use crate::types::values::Refusal;

/// Does something with the numbers of a range of rows as `i64`.
macro_rules! each {
    ($integers:expr, $rows:expr, $numbers:ident => $do:expr) => {
        match $integers {
            Integers::I8(all) => each!(@ all, $rows, $numbers => $do),
            Integers::I16(all) => each!(@ all, $rows, $numbers => $do),
            Integers::I32(all) => each!(@ all, $rows, $numbers => $do),
            Integers::I64(all) => each!(@ all, $rows, $numbers => $do),
            Integers::U8(all) => each!(@ all, $rows, $numbers => $do),
            Integers::U16(all) => each!(@ all, $rows, $numbers => $do),
            Integers::U32(all) => each!(@ all, $rows, $numbers => $do),
        }
    };
    (@ $all:ident, $rows:expr, $numbers:ident => $do:expr) => {{
        let $numbers = $all.get($rows).unwrap_or_default().iter().map(|it| i64::from(*it));
        $do
    }};
}

impl Values<'_> {
    /// Whether any row has none.
    pub(super) fn has_nulls(&self) -> bool {
        self.array.null_count() > 0
    }

    /// Whether all rows have none.
    pub(super) fn are_nulls(&self) -> bool {
        self.array.null_count() == self.array.len()
    }

    /// Whether it is certain that all values are of the CQL type.
    pub(super) fn all_fit(&self) -> bool {
        let all = 0..self.array.len();
        let within = |values: &Integers<'_>, least: i64, most: i64| {
            each!(values, all.clone(), numbers => {
                numbers.fold(true, |fits, number| fits & (least <= number) & (number <= most))
            })
        };
        match &self.typed {
            Typed::Integer(values, Width::Tiny) => within(values, i8::MIN.into(), i8::MAX.into()),
            Typed::Integer(values, Width::Small) => {
                within(values, i16::MIN.into(), i16::MAX.into())
            }
            Typed::Integer(values, Width::Int) => within(values, i32::MIN.into(), i32::MAX.into()),
            Typed::Time(values, unit) => {
                let most = NANOS_PER_DAY.saturating_sub(1).checked_div(*unit).unwrap_or(0);
                within(values, 0, most)
            }
            Typed::Timestamp(_, 1, 1)
            | Typed::Integer(_, Width::Big)
            | Typed::Boolean(_)
            | Typed::Float(_)
            | Typed::Double(_)
            | Typed::DoubleOfFloat(_)
            | Typed::Text(_, false)
            | Typed::Blob(_)
            | Typed::Uuid(_, false)
            | Typed::Date(_) => true,
            _ => false,
        }
    }

    /// The first row before `end` whose value is longer than `most` bytes, and its length. There
    /// are no nulls before `end`.
    pub(super) fn first_longer(&self, most: usize, end: usize) -> Option<(usize, usize)> {
        let longer = |length: usize| length > most;
        let find = |length: &dyn Fn(usize) -> usize| {
            (0..end).map(|row| (row, length(row))).find(|(_, found)| longer(*found))
        };
        match &self.typed {
            Typed::Text(Texts::Small(array), _) => find(&|row| array.value_length(row).as_usize()),
            Typed::Text(values, _) => find(&|row| values.get(row).len()),
            Typed::Blob(values) => find(&|row| values.get(row).len()),
            Typed::Collection(_)
            | Typed::Vector(_)
            | Typed::Fields(_)
            | Typed::Decimal(_)
            | Typed::Varint(_) => {
                let mut scratch = Sink::new();
                (0..end).find_map(|row| {
                    scratch.clear();
                    self.put(row, &mut scratch).ok()?;
                    let length = scratch.as_slice().len();
                    longer(length).then_some((row, length))
                })
            }
            _ => None,
        }
    }

    /// Says in `changed` of each row whether its value is another than that before it, if that
    /// is not said yet. There are no nulls.
    ///
    /// # Errors
    /// A value is none of the CQL type.
    pub(super) fn changes(&self, changed: &mut [bool]) -> Result<(), Refusal> {
        let all = 0..self.array.len();
        match &self.typed {
            Typed::Integer(values, _) | Typed::Date(values) | Typed::Timestamp(values, ..) => {
                each!(values, all, numbers => mark(changed, numbers));
            }
            Typed::Text(Texts::Small(array), _) => mark(changed, all.map(|row| array.value(row))),
            Typed::Text(values, _) => mark(changed, all.map(|row| values.get(row))),
            Typed::Blob(values) => mark(changed, all.map(|row| values.get(row))),
            Typed::Uuid(values, _) => mark(changed, all.map(|row| values.value(row))),
            _ => {
                let (mut scratch, mut before) = (Sink::new(), Sink::new());
                for (row, flag) in changed.iter_mut().enumerate() {
                    std::mem::swap(&mut scratch, &mut before);
                    scratch.clear();
                    self.put(row, &mut scratch)?;
                    *flag |= scratch.as_slice() != before.as_slice();
                }
            }
        }
        Ok(())
    }

    /// Says in `orders` of each row how the value before it compares with its own, where nothing
    /// is said yet; `false` where arrays don't tell. There are no nulls.
    pub(super) fn orders(&self, orders: &mut [Ordering]) -> bool {
        let all = 0..self.array.len();
        match &self.typed {
            Typed::Integer(values, _)
            | Typed::Date(values)
            | Typed::Time(values, _)
            | Typed::Timestamp(values, ..) => {
                each!(values, all, numbers => compare(orders, numbers));
            }
            Typed::Text(Texts::Small(array), _) => {
                compare(orders, all.map(|row| array.value(row).as_bytes()));
            }
            Typed::Text(values, _) => compare(orders, all.map(|row| values.get(row).as_bytes())),
            Typed::Blob(values) => compare(orders, all.map(|row| values.get(row))),
            _ => return false,
        }
        true
    }

    /// Appends the values of a range of rows.
    ///
    /// # Errors
    /// One is none of the CQL type.
    pub(super) fn pack(&self, rows: Range<usize>, out: &mut Packed) -> Result<(), Refusal> {
        let start = out.len();
        if !self.pack_all(rows.clone(), out) {
            return self.pack_each(rows, out);
        }
        if self.has_nulls() {
            let first = rows.start;
            out.set_nulls(start, |number| self.is_null(first.saturating_add(number)));
        }
        Ok(())
    }

    /// Appends the values of a range of rows, and something for those that are null; `false` where
    /// that is to be done one by one.
    fn pack_all(&self, rows: Range<usize>, out: &mut Packed) -> bool {
        match &self.typed {
            Typed::Integer(values, width) => each!(values, rows, numbers => match width {
                Width::Tiny => out.ones(|out| be::put_i8s(numbers.map(narrow), out)),
                Width::Small => out.twos(|out| be::put_i16s(numbers.map(narrow), out)),
                Width::Int => out.fours(|out| be::put_i32s(numbers.map(narrow), out)),
                Width::Big => out.eights(|out| be::put_i64s(numbers, out)),
            }),
            Typed::Date(values) => each!(values, rows, numbers => {
                let days = numbers.map(|day| narrow::<u32>(day.wrapping_add(DATE_EPOCH)));
                out.fours(|out| be::put_u32s(days, out))
            }),
            Typed::Time(values, unit) => each!(values, rows, numbers => {
                out.eights(|out| be::put_i64s(numbers.map(|time| time.wrapping_mul(*unit)), out))
            }),
            Typed::Timestamp(values, factor, divisor) => each!(values, rows, numbers => {
                let scaled = numbers.map(|time| {
                    time.wrapping_mul(*factor).checked_div_euclid(*divisor).unwrap_or(0)
                });
                out.eights(|out| be::put_i64s(scaled, out))
            }),
            Typed::Float(all) => {
                let values = all.get(rows).unwrap_or_default().iter().copied();
                out.fours(|out| be::put_f32s(values, out))
            }
            Typed::Double(all) => {
                let values = all.get(rows).unwrap_or_default().iter().copied();
                out.eights(|out| be::put_f64s(values, out))
            }
            Typed::DoubleOfFloat(all) => {
                let values = all.get(rows).unwrap_or_default().iter().map(|it| f64::from(*it));
                out.eights(|out| be::put_f64s(values, out))
            }
            Typed::Text(Texts::Small(array), _) => spans(array, rows, out),
            Typed::Text(Texts::Large(array), _) => spans(array, rows, out),
            Typed::Blob(Blobs::Small(array)) => spans(array, rows, out),
            Typed::Blob(Blobs::Large(array)) => spans(array, rows, out),
            _ => false,
        }
    }

    fn pack_each(&self, rows: Range<usize>, out: &mut Packed) -> Result<(), Refusal> {
        let mut scratch = Sink::new();
        for row in rows {
            if self.is_null(row) {
                out.push_null();
                continue;
            }
            scratch.clear();
            self.put(row, &mut scratch)?;
            out.push(scratch.as_slice())?;
        }
        Ok(())
    }
}

/// A number of which it is known that it fits, unless there is a null in its place.
fn narrow<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

fn spans<T: ByteArrayType>(
    array: &GenericByteArray<T>,
    rows: Range<usize>,
    out: &mut Packed,
) -> bool {
    let offsets = array.value_offsets().get(rows.start..).unwrap_or_default();
    let mut offsets = offsets.iter().map(|offset| offset.as_usize());
    let Some(start) = offsets.next() else { return false };
    let ends = offsets.clone().take(rows.len());
    let Some(end) = ends.clone().last() else { return true };
    let bytes = array.value_data().get(start..end).unwrap_or_default();
    out.all(bytes, ends.map(|end| end.saturating_sub(start)))
}

fn mark<T: PartialEq>(changed: &mut [bool], values: impl Iterator<Item = T>) {
    let mut before = None;
    for (flag, value) in changed.iter_mut().zip(values) {
        let value = Some(value);
        *flag |= value != before;
        before = value;
    }
}

fn compare<T: Ord>(orders: &mut [Ordering], values: impl Iterator<Item = T>) {
    let mut before = None;
    for (order, value) in orders.iter_mut().zip(values) {
        let value = Some(value);
        if *order == Ordering::Equal {
            *order = before.cmp(&value);
        }
        before = value;
    }
}
