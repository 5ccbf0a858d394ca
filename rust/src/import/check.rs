//! Whether all values of a batch are values of the table's columns.

use super::arrays::Values;
use super::columns::{Array, Arrays, Columns};
use super::record::MAX_KEY;
use super::rows::{Failure, RowFailure};
use crate::layouts::sink::Sink;
use crate::sstable::ColumnFacts;

/// Looks at all rows.
///
/// # Errors
/// The first row that cannot be written.
pub(super) fn check(rows: usize, arrays: &Arrays<'_>, columns: &Columns) -> Result<(), Failure> {
    let mut found: Option<RowFailure> = None;
    // Further columns are of interest up to the row that was found.
    let mut end = rows;
    let mut look = |column: &ColumnFacts, wrong: &dyn Fn(usize) -> Option<(usize, String)>| {
        if let Some((row, reason)) = wrong(end) {
            end = row;
            found = Some(RowFailure { row, column: column.name.clone(), reason });
        }
    };
    let keys = columns.partition.iter().zip(&arrays.partition);
    for (column, values) in keys.chain(columns.clustering.iter().zip(&arrays.clustering)) {
        look(column, &|end| wrong_key(values, end));
    }
    for ((_, column), array) in columns.regular.iter().zip(&arrays.regular) {
        if let Array::Simple(values) = array {
            look(column, &|end| wrong_value(values, end));
        }
    }
    found.map_or(Ok(()), |failure| Err(Failure::Row(failure)))
}

/// The first row before `end` whose value cannot be in a primary key.
fn wrong_key(values: &Values<'_>, end: usize) -> Option<(usize, String)> {
    let null = if values.has_nulls() { (0..end).find(|row| values.is_null(*row)) } else { None };
    let end = null.unwrap_or(end);
    let wrong = wrong_value(values, end);
    let before = wrong.as_ref().map_or(end, |(row, _)| *row);
    let too_long = values.first_longer(MAX_KEY, before).map(|(row, length)| {
        (row, format!("a value of {length} bytes, in a key at most {MAX_KEY} are possible"))
    });
    let absent = || null.map(|row| (row, "a column of the primary key has no value".to_owned()));
    too_long.or(wrong).or_else(absent)
}

/// The first row before `end` whose value is none of the column's type.
fn wrong_value(values: &Values<'_>, end: usize) -> Option<(usize, String)> {
    if values.all_fit() {
        return None;
    }
    let mut scratch = Sink::new();
    (0..end).filter(|row| !values.is_null(*row)).find_map(|row| {
        scratch.clear();
        values.put(row, &mut scratch).err().map(|refusal| (row, refusal.to_string()))
    })
}
