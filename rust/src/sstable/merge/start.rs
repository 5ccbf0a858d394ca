//! Where reading several SSTables starts.

use std::sync::Arc;

use crate::blocks::Stream;
use crate::errors::Error;
use crate::sstable::files::Files;
use crate::sstable::lookup::Lookup;
use crate::sstable::table::Table;

/// The indexes of all, which together keep up to `limit` bytes of uncompressed blocks.
///
/// # Errors
/// Those of the indexes.
pub fn lookups(
    tables: &[Arc<Table>],
    files: &[&dyn Files],
    limit: u64,
) -> Result<Vec<Lookup>, Error> {
    let number = u64::try_from(tables.len()).unwrap_or(u64::MAX).max(1);
    let limit = limit.checked_div(number).unwrap_or(0);
    let pairs = tables.iter().zip(files).enumerate();
    pairs
        .map(|(number, (table, files))| {
            table.lookup(*files, limit).map_err(|error| error.of(number))
        })
        .collect()
}

/// Where the first partition is in each SSTable that is not before the place `start`.
///
/// # Errors
/// Those of the indexes, which are needed for all places but the first.
pub fn starts(
    tables: &[Arc<Table>],
    files: &[&dyn Files],
    start: &[u8],
) -> Result<Vec<Option<u64>>, Error> {
    if start.is_empty() {
        return Ok(tables.iter().map(|_| Some(0)).collect());
    }
    first_from(&mut lookups(tables, files, 0)?, start)
}

/// Where the first partition is in the SSTable of each of the indexes that is not before the
/// place `start`.
///
/// # Errors
/// Those of the indexes.
pub fn first_from(lookups: &mut [Lookup], start: &[u8]) -> Result<Vec<Option<u64>>, Error> {
    if start.is_empty() {
        return Ok(lookups.iter().map(|_| Some(0)).collect());
    }
    let first = |(number, lookup): (usize, &mut Lookup)| {
        lookup.first_from(start).map_err(|error| error.of(number))
    };
    lookups.iter_mut().enumerate().map(first).collect()
}

/// All SSTables from these places on.
#[must_use]
pub fn streams(tables: &[Arc<Table>], starts: &[Option<u64>]) -> Vec<Stream> {
    let stream = |(table, start): (&Arc<Table>, &Option<u64>)| {
        table.stream(start.unwrap_or(0), table.blocks().length())
    };
    tables.iter().zip(starts).map(stream).collect()
}
