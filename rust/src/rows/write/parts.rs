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

/// Which fields a cell has.
#[inline(always)]
pub(super) fn cell_flags(cell: &Cell<'_>, liveness: Option<&LivenessInfo>) -> u8 {
    let is_expiring = cell.ttl.is_some() && !cell.is_tombstone;
    let flags = when(cell.value.is_empty(), HAS_EMPTY_VALUE)
        | when(cell.is_tombstone, IS_DELETED)
        | when(is_expiring, IS_EXPIRING);
    let Some(info) = liveness else { return flags };
    let same = (cell.ttl, cell.local_deletion_time) == (info.ttl, info.local_expiration_time);
    flags
        | when(cell.timestamp == info.timestamp, USE_ROW_TIMESTAMP)
        | when(is_expiring && same, USE_ROW_TTL)
}

/// Hands a cell's header to `put`. The numbers stay where they are coded: moving them costs
/// more than coding them.
#[inline(always)]
pub(super) fn with_header(
    format: &RowFormat,
    cell: &Cell<'_>,
    flags: u8,
    put: impl FnOnce(data::CellHeader<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let has_timestamp = flags & USE_ROW_TIMESTAMP == 0;
    let has_time = flags & (IS_DELETED | IS_EXPIRING) != 0 && flags & USE_ROW_TTL == 0;
    if !has_time {
        if !has_timestamp {
            return put(data::CellHeader { flags, ..data::CellHeader::default() });
        }
        let timestamp = format.timestamp_delta(cell.timestamp);
        let timestamp = Some(vint(&timestamp)?);
        return put(data::CellHeader { flags, timestamp, ..data::CellHeader::default() });
    }
    let timestamp = format.timestamp_delta(cell.timestamp);
    let time = format.seconds_delta(cell.local_deletion_time.unwrap_or(0));
    let ttl = format.ttl_delta(cell.ttl.unwrap_or(0));
    put(data::CellHeader {
        flags,
        timestamp: if has_timestamp { Some(vint(&timestamp)?) } else { None },
        local_deletion_time: Some(vint(&time)?),
        ttl: if flags & IS_EXPIRING != 0 { Some(vint(&ttl)?) } else { None },
    })
}

/// Hands the layout of a row's liveness info to `put`.
#[inline(always)]
pub(super) fn with_liveness(
    format: &RowFormat,
    liveness: Option<&LivenessInfo>,
    put: impl FnOnce(Option<data::LivenessInfo<'_>>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Some(info) = liveness else { return put(None) };
    let timestamp = format.timestamp_delta(info.timestamp);
    let timestamp = vint(&timestamp)?;
    let mut made = data::LivenessInfo { timestamp, ..data::LivenessInfo::default() };
    let Some(ttl) = info.ttl else { return put(Some(made)) };
    let end = format.seconds_delta(info.local_expiration_time.unwrap_or(0));
    let ttl = format.ttl_delta(ttl);
    made.has_ttl = true;
    made.ttl = Some(vint(&ttl)?);
    made.local_expiration_time = Some(vint(&end)?);
    put(Some(made))
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

    pub(super) fn layout(&self) -> Result<data::ColumnsSubset<'_>, Fault> {
        let mut made = data::ColumnsSubset::new(fit(self.num_columns)?, false);
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
