//! Where a batch's rows are in order: rows of one partition, one after another, that ascend.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::arrays::Values;
use super::columns::{Arrays, Columns};
use super::record::Recorder;
use super::rows::{Failure, RowFailure};
use crate::errors::Error;
use crate::layouts::generated::clustering;
use crate::layouts::prelude::fit;
use crate::layouts::sink::Sink;
use crate::sstable::ColumnFacts;
use crate::types::clusterings::ClusteringTypes;
use crate::types::values::Refusal;

/// For each row of a batch whether it starts a partition, or else whether it is not above the row
/// before it.
pub(super) struct Cuts {
    pub(super) partition: Vec<bool>,
    pub(super) row: Vec<bool>,
}

impl Cuts {
    /// Those of a batch with so many rows.
    ///
    /// # Errors
    /// A value is none of its column's type.
    pub(super) fn new(
        rows: usize,
        arrays: &Arrays<'_>,
        columns: &Columns,
        types: &ClusteringTypes,
    ) -> Result<Self, Failure> {
        let mut partition = vec![false; rows];
        for (column, values) in columns.partition.iter().zip(&arrays.partition) {
            values.changes(&mut partition).map_err(|refusal| wrong(column, &refusal))?;
        }
        if let Some(first) = partition.first_mut() {
            *first = true;
        }
        let row = match falls(rows, &arrays.clustering, types) {
            Some(found) => found,
            None => {
                let column = columns.clustering.first().or_else(|| columns.partition.first());
                let found = falls_by_place(rows, &arrays.clustering, types);
                found.map_err(|refusal| {
                    column.map_or_else(
                        || Failure::Row(RowFailure::default()),
                        |column| wrong(column, &refusal),
                    )
                })?
            }
        };
        Ok(Self { partition, row })
    }
}

fn wrong(column: &ColumnFacts, refusal: &Refusal) -> Failure {
    let (column, reason) = (column.name.clone(), refusal.to_string());
    Failure::Row(RowFailure { row: 0, column, reason })
}

/// For each row whether it is not above the one before it; none where arrays don't tell.
fn falls(rows: usize, clustering: &[Values<'_>], types: &ClusteringTypes) -> Option<Vec<bool>> {
    let mut orders = vec![Ordering::Equal; rows];
    for (values, kind) in clustering.iter().zip(types.types()) {
        let mut found = vec![Ordering::Equal; rows];
        if !values.orders(&mut found) {
            return None;
        }
        for (order, mut next) in orders.iter_mut().zip(found) {
            if kind.is_reversed() {
                next = next.reverse();
            }
            *order = order.then(next);
        }
    }
    Some(orders.into_iter().map(|order| order != Ordering::Less).collect())
}

fn falls_by_place(
    rows: usize,
    clustering: &[Values<'_>],
    types: &ClusteringTypes,
) -> Result<Vec<bool>, Refusal> {
    let (mut before, mut place, mut scratch) = (Vec::new(), Vec::new(), Vec::new());
    let mut falls = Vec::with_capacity(rows);
    for row in 0..rows {
        std::mem::swap(&mut before, &mut place);
        place_of(row, clustering, types, &mut scratch, &mut place)?;
        falls.push(before >= place);
    }
    Ok(falls)
}

/// Replaces what is in `out` by the place of a row in its partition.
pub(super) fn place_of(
    row: usize,
    clustering: &[Values<'_>],
    types: &ClusteringTypes,
    scratch: &mut Vec<Sink>,
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    scratch.resize_with(clustering.len(), Sink::new);
    for (values, value) in clustering.iter().zip(scratch.iter_mut()) {
        value.clear();
        values.put(row, value)?;
    }
    let values = scratch.iter().map(|value| Some(value.as_slice()));
    types.position(values, clustering::Kind::CLUSTERING, out)
}

/// Where a key starts among all keys, and its length.
pub(super) type Place = (u32, u16);

/// Keys up to this number are kept once each.
const MOST_KNOWN: usize = 1 << 16;

/// The keys of partitions.
#[derive(Default)]
pub(super) struct Keys {
    bytes: Vec<u8>,
    known: HashMap<Vec<u8>, Place>,
}

impl Keys {
    /// How many bytes they have.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The key at a place.
    pub(super) fn get(&self, (start, length): Place) -> &[u8] {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        self.bytes.get(start..start.saturating_add(length.into())).unwrap_or_default()
    }

    /// The place of a key, which is added where it is not known.
    fn place(&mut self, key: &[u8]) -> Result<Place, Error> {
        if let Some(place) = self.known.get(key) {
            return Ok(*place);
        }
        let refused = |fault| Error::unwritable("", fault);
        let start = fit(self.bytes.len()).map_err(refused)?;
        let place = (start, fit(key.len()).map_err(refused)?);
        self.bytes.extend_from_slice(key);
        if self.known.len() < MOST_KNOWN {
            self.known.insert(key.to_vec(), place);
        }
        Ok(place)
    }
}

/// Rows of one partition, one after another in a batch, that ascend.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// How the place of the partition among all begins.
    pub(super) prefix: u64,
    /// Where the partition's key starts among all keys, and its length.
    pub(super) key: Place,
    /// The number of the batch.
    pub(super) batch: u32,
    pub(super) row: u32,
    pub(super) rows: u32,
}

/// Appends the runs of a batch, and their keys.
///
/// # Errors
/// A key that cannot be written.
pub(super) fn find(
    batch: u32,
    arrays: &Arrays<'_>,
    columns: &Columns,
    cuts: &Cuts,
    recorder: &mut Recorder,
    runs: &mut Vec<Run>,
    keys: &mut Keys,
) -> Result<(), Failure> {
    let mut current: Option<Run> = None;
    for ((row, new_partition), falls) in (0_u32..).zip(&cuts.partition).zip(&cuts.row) {
        if let Some(run) = &mut current {
            if !new_partition && !falls {
                run.rows = run.rows.saturating_add(1);
                continue;
            }
            runs.push(*run);
        }
        let (prefix, key) = match &current {
            Some(run) if !new_partition => (run.prefix, run.key),
            _ => key_of(row, arrays, columns, recorder, keys)?,
        };
        current = Some(Run { prefix, key, batch, row, rows: 1 });
    }
    runs.extend(current);
    Ok(())
}

/// The start of a row's partition's place, and where its key is among all, to which it is added.
fn key_of(
    row: u32,
    arrays: &Arrays<'_>,
    columns: &Columns,
    recorder: &mut Recorder,
    keys: &mut Keys,
) -> Result<(u64, Place), Failure> {
    let row = usize::try_from(row).unwrap_or(usize::MAX);
    let at = |column: &ColumnFacts, reason: String| {
        Failure::Row(RowFailure { row, column: column.name.clone(), reason })
    };
    recorder.key(row, arrays, columns, &at)?;
    let prefix = recorder.partition.iter().chain(std::iter::repeat(&0)).take(8);
    let prefix = prefix.fold(0_u64, |all, byte| all.wrapping_shl(8) | u64::from(*byte));
    let place = keys.place(recorder.key.as_slice())?;
    Ok((prefix, place))
}
