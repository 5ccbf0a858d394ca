//! Batches without what the rest of the room does not know: dictionaries, days in milliseconds.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Date64Type};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use arrow_select::take::take;

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// The batch with its values themselves in place of dictionaries' keys, and days as numbers of
/// days. What arrays are allowed to be has to be checked before.
///
/// # Errors
/// The library cannot.
pub(super) fn plain(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let is_plain = |field: &Arc<Field>| {
        !matches!(field.data_type(), DataType::Dictionary(..) | DataType::Date64)
    };
    if batch.schema_ref().fields().iter().all(is_plain) {
        return Ok(batch.clone());
    }
    let columns = batch.columns().iter().map(plain_array);
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let fields = batch.schema_ref().fields().iter().zip(&columns);
    let fields = fields.map(|(field, column)| {
        Field::new(field.name(), column.data_type().clone(), field.is_nullable())
    });
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns)
}

fn plain_array(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if let Some(found) = array.as_any_dictionary_opt() {
        return plain_array(&take(found.values().as_ref(), found.keys(), None)?);
    }
    if let Some(found) = array.as_primitive_opt::<Date64Type>() {
        let day = |time: i64| time.checked_div_euclid(MILLISECONDS_PER_DAY).unwrap_or(0);
        let days = found.try_unary::<_, Date32Type, ArrowError>(|time| {
            i32::try_from(day(time)).map_err(|error| ArrowError::CastError(error.to_string()))
        })?;
        return Ok(Arc::new(days));
    }
    Ok(Arc::clone(array))
}
