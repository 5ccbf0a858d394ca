//! Clusterings and deletion times as layouts, for writers.

use crate::codec::vint::unsigned;
use crate::errors::{Error, Kind};
use crate::index::model::Deletion;
use crate::layouts::generated::clustering::{BlockHead, ValueType};
use crate::layouts::generated::deletion_time::{self, Legacy, Modern};
use crate::layouts::generated::version::Id;
use crate::layouts::make::vint;
use crate::layouts::prelude::{Fault, fit, item};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

/// Values in a block of a clustering.
const BLOCK: usize = 32;
/// The latest local deletion time that versions before `oa` have, in seconds since 1970.
const MAX_LEGACY_SECONDS: i64 = 0x7fff_fffe;
/// The first byte of a live deletion time since `oa`.
const LIVE: u8 = 0x80;

/// Writes the values of the first clustering columns, serialized, none for null; `shapes` are
/// those of all clustering columns.
///
/// # Errors
/// A value has not the length that its column's type fixes, or there are more values than
/// columns.
pub fn clustering_values(
    shapes: &[i32],
    values: &[Option<&[u8]>],
    out: &mut Sink,
) -> Result<(), Fault> {
    let num_values = fit(values.len())?;
    let mut first = 0_usize;
    for block in values.chunks(BLOCK) {
        let coded = unsigned(marks(block));
        let header = vint(&coded)?;
        BlockHead { shapes, first: fit(first)?, num_values, header }.encode_until_items(out)?;
        let shapes = shapes.get(first..).ok_or(Fault::Range)?;
        for (index, value) in (0_i32..).zip(block) {
            let shape = *item(shapes, index.into())?;
            let mut made = ValueType::new(shape, header, index);
            let length = unsigned(fit(value.map_or(0, <[u8]>::len))?);
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                made.value = Some(value);
                made.len_value = if shape < 0 { Some(vint(&length)?) } else { None };
            }
            made.encode(out)?;
        }
        first = first.saturating_add(BLOCK);
    }
    Ok(())
}

/// Two bits for each value: whether it is empty, and whether it is null.
fn marks(block: &[Option<&[u8]>]) -> u64 {
    block.iter().rev().fold(0, |bits, value| {
        let mark = match value {
            None => 2,
            Some([]) => 1,
            Some(_) => 0,
        };
        bits.wrapping_shl(2) | mark
    })
}

/// Refuses a deletion that the version has no layout for: since `oa` the sign of its microseconds
/// tells that nothing is deleted.
///
/// # Errors
/// [`Kind::InvalidValue`]: that sign is set.
pub fn check_deletion(version: u8, deletion: Option<Deletion>) -> Result<(), Error> {
    match deletion {
        Some((timestamp, _)) if timestamp < 0 && i64::from(version) >= Id::OA.0 => {
            let message = format!(
                "a deletion of a partition or range at {timestamp} microseconds; oa and later \
                 have no deletions before 1970"
            );
            Err(Error::new(Kind::InvalidValue, "", message))
        }
        _ => Ok(()),
    }
}

/// The layout of a deletion time, none where nothing is deleted. `version` is the number of
/// the format version.
///
/// # Errors
/// What [`check_deletion`] refuses, or seconds that the version has no room for.
pub fn deletion_time(
    version: u8,
    deletion: Option<Deletion>,
) -> Result<deletion_time::Deletion, Fault> {
    let mut made = deletion_time::Deletion::new(version);
    if i64::from(version) < Id::OA.0 {
        let (marked_for_delete_at, local_deletion_time) = match deletion {
            None => (i64::MIN, i32::MAX),
            Some((timestamp, seconds)) => (timestamp, fit(seconds.min(MAX_LEGACY_SECONDS))?),
        };
        made.legacy = Some(Legacy { local_deletion_time, marked_for_delete_at });
        return Ok(made);
    }
    made.modern = Some(match deletion {
        None => Modern { head: LIVE, ..Modern::default() },
        Some((timestamp, seconds)) => {
            if timestamp < 0 {
                return Err(Fault::Invalid);
            }
            let bits = 0_u64.wrapping_add_signed(timestamp);
            Modern {
                head: fit(bits.wrapping_shr(56))?,
                second: Some(fit(bits.wrapping_shr(48) & 0xff)?),
                third: Some(fit(bits.wrapping_shr(32) & 0xffff)?),
                low: Some(fit(bits & 0xffff_ffff)?),
                local_deletion_time: Some(fit(seconds)?),
            }
        }
    });
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::{clustering_values, deletion_time};
    use crate::index::model;
    use crate::layouts::generated::clustering::Values;
    use crate::layouts::generated::deletion_time::Deletion;
    use crate::layouts::prelude::Error;
    use crate::layouts::sink::Sink;
    use crate::layouts::visit::Layout;

    #[test]
    fn clusterings_of_several_blocks_come_back() -> Result<(), Error> {
        let value = |index: u8| match index.rem_euclid(4) {
            0 => None,
            1 => Some([].as_slice()),
            _ => Some([7, 1, 2, 3].as_slice()),
        };
        let values: Vec<_> = (0..40).map(value).collect();
        let shapes: Vec<_> = (0..40).map(|index: i32| if index < 20 { 4 } else { -1 }).collect();
        let mut out = Sink::new();
        clustering_values(&shapes, &values, &mut out)?;
        let bytes = out.finish();
        let found = Values::decode(&bytes, 0, &shapes, 40)?;
        let items = found.blocks.iter().flat_map(|block| block.items.iter());
        let found: Vec<_> = items.map(|item| (item.is_null(), item.value)).collect();
        let expected = values
            .iter()
            .map(|value| (Ok(value.is_none()), value.filter(|value| !value.is_empty())));
        assert_eq!(found, expected.collect::<Vec<_>>());
        Ok(())
    }

    #[test]
    fn deletions_of_all_versions_come_back() -> Result<(), Error> {
        for version in [7, 8] {
            for deletion in [None, Some((1_700_000_000_000_001, 1_700_000_000)), Some((0, 0))] {
                let mut out = Sink::new();
                deletion_time(version, deletion)?.encode(&mut out)?;
                let found = Deletion::decode(&out.finish(), 0, version)?;
                assert_eq!(model::deletion(&found), Ok(deletion));
            }
        }
        Ok(())
    }
}
