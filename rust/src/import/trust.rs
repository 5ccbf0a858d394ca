//! What arrays from elsewhere have to be before anything reads them.
//!
//! They come in by Arrow's C interface, which promises what nobody has checked: that texts are
//! UTF-8, and that offsets ascend and end within the values.

use arrow_array::cast::AsArray;
use arrow_array::types::ByteArrayType;
use arrow_array::{Array, GenericByteArray, RecordBatch};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;

use super::columns::Columns;
use super::rows::{Failure, RowFailure};

/// A row and what is wrong with it.
type Wrong = (usize, String);

/// Checks the arrays of a batch's columns.
///
/// # Errors
/// A row whose value is not what its array's type says.
pub(super) fn trust(batch: &RecordBatch, columns: &Columns) -> Result<(), Failure> {
    for name in columns.names() {
        let Some(array) = batch.column_by_name(name) else { continue };
        check(array.as_ref()).map_err(|(row, reason)| {
            Failure::Row(RowFailure { row, column: name.to_owned(), reason })
        })?;
    }
    Ok(())
}

fn check(array: &dyn Array) -> Result<(), Wrong> {
    match array.data_type() {
        DataType::Utf8 => texts(array.as_string::<i32>()),
        DataType::LargeUtf8 => texts(array.as_string::<i64>()),
        DataType::Binary => spans(array.as_binary::<i32>()).map(|_| ()),
        DataType::LargeBinary => spans(array.as_binary::<i64>()).map(|_| ()),
        kind if kind.is_primitive() => Ok(()),
        DataType::Boolean | DataType::FixedSizeBinary(_) | DataType::Null => Ok(()),
        _ => array.to_data().validate_full().map_err(|error| (0, error.to_string())),
    }
}

fn texts<T: ByteArrayType>(array: &GenericByteArray<T>) -> Result<(), Wrong> {
    let bytes = spans(array)?;
    if bytes.is_ascii() {
        return Ok(());
    }
    for row in (0..array.len()).filter(|row| array.is_valid(*row)) {
        let value = span(array, row).and_then(|(start, end)| array.value_data().get(start..end));
        if value.is_none_or(|value| std::str::from_utf8(value).is_err()) {
            return Err((row, "the text is not UTF-8".to_owned()));
        }
    }
    Ok(())
}

/// All of an array's bytes, once its offsets are what they have to be.
fn spans<T: ByteArrayType>(array: &GenericByteArray<T>) -> Result<&[u8], Wrong> {
    let offsets = array.value_offsets();
    let wrong = |row| (row, "the array's offsets are damaged".to_owned());
    let (Some(first), Some(last)) = (offsets.first(), offsets.last()) else {
        return Ok(&[]);
    };
    if let Some(row) = offsets.windows(2).position(|pair| pair.first() > pair.last()) {
        return Err(wrong(row));
    }
    if first.to_usize().is_none() {
        return Err(wrong(0));
    }
    array.value_data().get(first.as_usize()..last.as_usize()).ok_or_else(|| wrong(0))
}

fn span<T: ByteArrayType>(array: &GenericByteArray<T>, row: usize) -> Option<(usize, usize)> {
    let offsets = array.value_offsets();
    Some((offsets.get(row)?.as_usize(), offsets.get(row.checked_add(1)?)?.as_usize()))
}
