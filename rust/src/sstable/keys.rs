//! Partition keys as a partition's head has them.

use crate::blocks::DATA;
use crate::errors::{Error, Kind};
use crate::layouts::generated::values::CompositeValue;
use crate::layouts::prelude::{Cursor, Failure};
use crate::rows::PartitionStart;
use crate::types::values::Refusal;

/// Bytes of a key that errors show.
const SHOWN_BYTES: usize = 32;

/// Puts the serialized values of a key's `num_keys` columns into `values`.
///
/// # Errors
/// It is no composite value, or has not so many.
pub fn split_key(key: &[u8], num_keys: usize, values: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
    values.resize_with(num_keys, Vec::new);
    if let [only] = values.as_mut_slice() {
        only.clear();
        only.extend_from_slice(key);
        return Ok(());
    }
    let mut places = values.iter_mut();
    let mut num_values = 0_usize;
    let mut cur = Cursor::new(key, 0);
    CompositeValue::visit_components(&mut cur, |_, component| {
        if component.is_static_mark() {
            return Ok(());
        }
        num_values = num_values.saturating_add(1);
        if let Some(place) = places.next() {
            place.clear();
            place.extend_from_slice(component.value.unwrap_or_default());
        }
        Ok(())
    })
    .map_err(|refusal: Refusal| refusal.located(&cur))?;
    if num_values == num_keys {
        return Ok(());
    }
    Err(Refusal::new(format!("{num_values} values where there are {num_keys}")))
}

/// The error that another partition is where the index says that that of `expected` starts.
#[cold]
#[must_use]
pub fn wrong_key(expected: &[u8], found: &PartitionStart<'_>) -> Error {
    let message = format!(
        "the index says that the partition of {} is here, but it is that of {}",
        shown(expected),
        shown(found.key)
    );
    Error::new(Kind::Corrupt, DATA, message).at(found.position, "data.partition_header.key")
}

/// Bytes in hexadecimal for a message, cut off if they are many.
fn shown(data: &[u8]) -> String {
    let mut text = "0x".to_owned();
    for byte in data.iter().take(SHOWN_BYTES) {
        text.push_str(&format!("{byte:02x}"));
    }
    if data.len() > SHOWN_BYTES {
        text.push_str("...");
    }
    text
}
