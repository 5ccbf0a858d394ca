//! Fields of rows and cells, coded: which there are, and their numbers as differences from the
//! serialization header's minimums.

use super::when;
use crate::codec::vint::{Encoded, unsigned};
use crate::layouts::generated::data;
use crate::layouts::make::vint;
use crate::layouts::prelude::{Fault, fit};
use crate::rows::events::{Cell, DeletionTime, LivenessInfo};
use crate::rows::format::RowFormat;

const LARGE_SUBSET: usize = 64;

// Flags of a cell.
const IS_DELETED: u8 = 0x01;
const IS_EXPIRING: u8 = 0x02;
const HAS_EMPTY_VALUE: u8 = 0x04;
const USE_ROW_TIMESTAMP: u8 = 0x08;
const USE_ROW_TTL: u8 = 0x10;

/// What stands before a cell's value.
pub(super) struct CellTimes {
    flags: u8,
    timestamp: Option<Encoded>,
    local_deletion_time: Option<Encoded>,
    ttl: Option<Encoded>,
}

impl CellTimes {
    #[inline]
    pub(super) fn new(format: &RowFormat, cell: &Cell<'_>, liveness: Option<LivenessInfo>) -> Self {
        let is_expiring = cell.ttl.is_some() && !cell.is_tombstone;
        let mut flags = when(cell.value.is_empty(), HAS_EMPTY_VALUE)
            | when(cell.is_tombstone, IS_DELETED)
            | when(is_expiring, IS_EXPIRING);
        if let Some(info) = liveness {
            let same =
                (cell.ttl, cell.local_deletion_time) == (info.ttl, info.local_expiration_time);
            flags |= when(cell.timestamp == info.timestamp, USE_ROW_TIMESTAMP)
                | when(is_expiring && same, USE_ROW_TTL);
        }
        let has_own = flags & USE_ROW_TTL == 0;
        let of_own =
            |holds: bool, value: Option<i64>| (has_own && holds).then(|| value.unwrap_or(0));
        Self {
            flags,
            timestamp: (flags & USE_ROW_TIMESTAMP == 0)
                .then(|| format.timestamp_delta(cell.timestamp)),
            local_deletion_time: of_own(
                flags & (IS_DELETED | IS_EXPIRING) != 0,
                cell.local_deletion_time,
            )
            .map(|time| format.seconds_delta(time)),
            ttl: of_own(is_expiring, cell.ttl).map(|ttl| format.ttl_delta(ttl)),
        }
    }

    #[inline]
    pub(super) fn header(&self) -> Result<data::CellHeader<'_>, Fault> {
        Ok(data::CellHeader {
            flags: self.flags,
            timestamp: self.timestamp.as_ref().map(vint).transpose()?,
            local_deletion_time: self.local_deletion_time.as_ref().map(vint).transpose()?,
            ttl: self.ttl.as_ref().map(vint).transpose()?,
        })
    }
}

pub(super) struct LivenessTimes {
    timestamp: Encoded,
    expiry: Option<(Encoded, Encoded)>,
}

impl LivenessTimes {
    pub(super) fn new(format: &RowFormat, info: LivenessInfo) -> Self {
        let expiry = info.ttl.map(|ttl| {
            let end = info.local_expiration_time.unwrap_or(0);
            (format.ttl_delta(ttl), format.seconds_delta(end))
        });
        Self { timestamp: format.timestamp_delta(info.timestamp), expiry }
    }

    pub(super) fn layout(&self) -> Result<data::LivenessInfo<'_>, Fault> {
        let (ttl, end) = match &self.expiry {
            None => (None, None),
            Some((ttl, end)) => (Some(vint(ttl)?), Some(vint(end)?)),
        };
        Ok(data::LivenessInfo {
            has_ttl: self.expiry.is_some(),
            timestamp: vint(&self.timestamp)?,
            ttl,
            local_expiration_time: end,
        })
    }
}

/// A deletion as differences to the header's minimums.
pub(super) struct Delta {
    timestamp: Encoded,
    seconds: Encoded,
}

impl Delta {
    pub(super) fn new(format: &RowFormat, deletion: DeletionTime) -> Self {
        Self {
            timestamp: format.timestamp_delta(deletion.marked_for_delete_at),
            seconds: format.seconds_delta(deletion.local_deletion_time),
        }
    }

    pub(super) fn layout(&self) -> Result<data::DeletionDelta<'_>, Fault> {
        Ok(data::DeletionDelta {
            marked_for_delete_at: vint(&self.timestamp)?,
            local_deletion_time: vint(&self.seconds)?,
        })
    }
}

/// Which columns a row has.
pub(super) struct Subset {
    num_columns: usize,
    missing: Encoded,
    indexes: Vec<Encoded>,
}

impl Subset {
    pub(super) fn new(present: &[usize], num_columns: usize) -> Self {
        let num_missing = num_columns.saturating_sub(present.len());
        if num_missing == 0 || num_columns < LARGE_SUBSET {
            let all = u64::MAX.checked_shr(64_u32.saturating_sub(small(num_columns))).unwrap_or(0);
            let missing =
                present.iter().fold(all, |bits, column| bits & !1_u64.wrapping_shl(small(*column)));
            let missing = unsigned(if num_missing == 0 { 0 } else { missing });
            return Self { num_columns, missing, indexes: Vec::new() };
        }
        let lists_present = present.len() < num_columns.div_euclid(2);
        let is_listed = |column: &usize| present.binary_search(column).is_ok() == lists_present;
        let coded = |column: usize| unsigned(u64::try_from(column).unwrap_or(u64::MAX));
        let indexes = (0..num_columns).filter(is_listed).map(coded).collect();
        Self { num_columns, missing: coded(num_missing), indexes }
    }

    pub(super) fn layout(&self, has_all_columns: bool) -> Result<data::ColumnsSubset<'_>, Fault> {
        let mut made = data::ColumnsSubset::new(fit(self.num_columns)?, has_all_columns);
        if has_all_columns {
            return Ok(made);
        }
        made.missing = Some(vint(&self.missing)?);
        if made.is_large()? {
            let indexes: Result<Vec<_>, Fault> = self.indexes.iter().map(vint).collect();
            made.indexes = Some(indexes?.into());
        }
        Ok(made)
    }
}

/// A number of columns or one of them, below 64.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
