//! Arrow arrays of filled columns. Columns are empty after that, and have no room.

use std::mem::take;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, IntervalMonthDayNanoType, Time64NanosecondType,
    TimestampMillisecondType, TimestampSecondType,
};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, FixedSizeBinaryArray, FixedSizeListArray, ListArray,
    MapArray, NullArray, PrimitiveArray, StringArray, StructArray,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, TimeUnit};

use super::column::{Column, Store, Strings};
use super::handed::Handed;

impl Column {
    /// What has been appended, as an array of the column's type.
    ///
    /// # Errors
    /// Never, unless appending was wrong.
    pub fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let len = self.len();
        let nulls = self.validity.finish();
        let [handed, handed_ends] = &mut self.handed;
        Ok(match (&mut self.store, &self.data_type) {
            (Store::Boolean(values), _) => Arc::new(BooleanArray::new(values.finish(), nulls)),
            (Store::TinyInt(values), _) => primitive::<Int8Type>(take(values).into(), nulls),
            (Store::SmallInt(values), _) => primitive::<Int16Type>(take(values).into(), nulls),
            (Store::Four(values, _), kind) => four(handed.hand(values).into(), nulls, kind),
            (Store::Eight(values, _), kind) => eight(handed.hand(values).into(), nulls, kind),
            (Store::Decimal128(values, _), kind) => {
                let values = PrimitiveArray::<Decimal128Type>::new(take(values).into(), nulls);
                Arc::new(values.with_data_type(kind.clone()))
            }
            (Store::Decimal256(values, _), kind) => {
                let values = PrimitiveArray::<Decimal256Type>::new(take(values).into(), nulls);
                Arc::new(values.with_data_type(kind.clone()))
            }
            (Store::Duration(values), _) => {
                primitive::<IntervalMonthDayNanoType>(take(values).into(), nulls)
            }
            (Store::Uuid(bytes), _) => {
                let bytes = Buffer::from_vec(take(bytes));
                Arc::new(FixedSizeBinaryArray::try_new_with_len(16, bytes, nulls, len)?)
            }
            (Store::Nothing, _) => Arc::new(NullArray::new(len)),
            (Store::Text(strings, _), _) => {
                let (offsets, bytes) = strings.finish(handed, handed_ends);
                Arc::new(StringArray::try_new(offsets, bytes, nulls)?)
            }
            (Store::Binary(strings), _) => {
                let (offsets, bytes) = strings.finish(handed, handed_ends);
                Arc::new(BinaryArray::try_new(offsets, bytes, nulls)?)
            }
            _ => return self.finish_nested(len, nulls),
        })
    }

    fn finish_nested(
        &mut self,
        len: usize,
        nulls: Option<NullBuffer>,
    ) -> Result<ArrayRef, ArrowError> {
        let [_, handed] = &mut self.handed;
        let made: ArrayRef = match (&mut self.store, &self.data_type) {
            (Store::List(ends, item), DataType::List(field)) => {
                let offsets = offsets(ends, handed);
                Arc::new(ListArray::try_new(field.clone(), offsets, item.finish()?, nulls)?)
            }
            (Store::Map(ends, key, value), DataType::Map(field, ordered)) => {
                let offsets = offsets(ends, handed);
                let DataType::Struct(pair) = field.data_type() else {
                    return Err(wrong());
                };
                let pairs = vec![key.finish()?, value.finish()?];
                let entries = StructArray::try_new(pair.clone(), pairs, None)?;
                Arc::new(MapArray::try_new(field.clone(), offsets, entries, nulls, *ordered)?)
            }
            (Store::Struct(columns), DataType::Struct(fields)) => {
                let arrays: Result<Vec<ArrayRef>, ArrowError> =
                    columns.iter_mut().map(Self::finish).collect();
                Arc::new(StructArray::try_new_with_length(fields.clone(), arrays?, nulls, len)?)
            }
            (Store::Vector(_, item), DataType::FixedSizeList(field, size)) => {
                Arc::new(FixedSizeListArray::try_new(field.clone(), *size, item.finish()?, nulls)?)
            }
            _ => return Err(wrong()),
        };
        Ok(made)
    }
}

#[cold]
fn wrong() -> ArrowError {
    ArrowError::InvalidArgumentError("a column of another type than its values".to_owned())
}

fn primitive<T: ArrowPrimitiveType>(
    values: ScalarBuffer<T::Native>,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(values, nulls))
}

type Buffer4 = ScalarBuffer<i32>;

fn four(values: Buffer4, nulls: Option<NullBuffer>, kind: &DataType) -> ArrayRef {
    match kind {
        DataType::Float32 => primitive::<Float32Type>(values.into_inner().into(), nulls),
        DataType::Date32 => primitive::<Date32Type>(values, nulls),
        _ => primitive::<Int32Type>(values, nulls),
    }
}

fn eight(values: ScalarBuffer<i64>, nulls: Option<NullBuffer>, kind: &DataType) -> ArrayRef {
    match kind {
        DataType::Float64 => primitive::<Float64Type>(values.into_inner().into(), nulls),
        DataType::Time64(_) => primitive::<Time64NanosecondType>(values, nulls),
        DataType::Timestamp(TimeUnit::Second, zone) => {
            let made = PrimitiveArray::<TimestampSecondType>::new(values, nulls);
            Arc::new(made.with_timezone_opt(zone.clone()))
        }
        DataType::Timestamp(_, zone) => {
            let made = PrimitiveArray::<TimestampMillisecondType>::new(values, nulls);
            Arc::new(made.with_timezone_opt(zone.clone()))
        }
        _ => primitive::<Int64Type>(values, nulls),
    }
}

impl Strings {
    fn finish(&mut self, bytes: &mut Handed, ends: &mut Handed) -> (OffsetBuffer<i32>, Buffer) {
        (offsets(&mut self.ends, ends), bytes.hand(&mut self.bytes))
    }
}

fn offsets(ends: &mut Vec<i32>, handed: &mut Handed) -> OffsetBuffer<i32> {
    ends.insert(0, 0);
    OffsetBuffer::new(handed.hand(ends).into())
}
