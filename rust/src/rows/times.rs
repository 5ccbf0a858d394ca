//! Times as the rows have them: differences from the serialization header's minimums.

use super::events::{DeletionTime, LivenessInfo};
use super::format::RowFormat;
use crate::codec::vint::{Encoded, unsigned};
use crate::errors::{Error, Kind};
use crate::layouts::generated::version::Id;

const MAX_UINT: i64 = 0xffff_ffff;
const NO_DELETION_TIME: i64 = i64::MAX;
const EXPIRED_LIVENESS_TTL: i64 = 0x7fff_ffff;
/// Local deletion time, in seconds, that stands for one that no valid write can have.
pub const INVALID_DELETION_TIME: i64 = 0xffff_fffe;

/// The name of the component that rows are in.
pub const DATA: &str = "Data.db";

impl RowFormat {
    #[inline]
    pub(super) const fn timestamp(&self, delta: u64) -> i64 {
        self.min_timestamp.wrapping_add_unsigned(delta)
    }

    pub(super) fn ttl(&self, delta: u64, position: u64) -> Result<i64, Error> {
        let ttl = seconds(delta, self.min_ttl, position, "ttl")?;
        if ttl < 0 {
            return Err(corrupt(format!("ttl {ttl} is below zero"), position, "ttl"));
        }
        Ok(ttl)
    }

    fn local_deletion_time(&self, delta: u64, position: u64) -> Result<i64, Error> {
        seconds(delta, self.min_local_deletion_time, position, "local_deletion_time")
    }

    #[inline]
    pub(super) fn timestamp_delta(&self, timestamp: i64) -> Encoded {
        unsigned(self.timestamp_difference(timestamp))
    }

    #[inline]
    pub(super) const fn timestamp_difference(&self, timestamp: i64) -> u64 {
        0_u64.wrapping_add_signed(timestamp.wrapping_sub(self.min_timestamp))
    }

    /// Computed in 32 bits, as Cassandra does.
    #[inline]
    pub(super) fn seconds_delta(&self, time: i64) -> Encoded {
        let delta = time.wrapping_sub(self.min_local_deletion_time) & 0xffff_ffff;
        let low = u32::try_from(delta).unwrap_or(0);
        let signed = 0_i32.wrapping_add_unsigned(low);
        unsigned(0_u64.wrapping_add_signed(signed.into()))
    }

    #[inline]
    pub(super) fn ttl_delta(&self, ttl: i64) -> Encoded {
        unsigned(0_u64.wrapping_add_signed(ttl.wrapping_sub(self.min_ttl)))
    }

    /// Nothing if it is live: written so since another column of the row has a deletion.
    pub(super) fn deletion(
        &self,
        marked_for_delete_at: u64,
        local_deletion_time: u64,
        position: u64,
    ) -> Result<Option<DeletionTime>, Error> {
        let marked_for_delete_at = self.timestamp(marked_for_delete_at);
        if marked_for_delete_at == i64::MIN {
            return Ok(None);
        }
        let local_deletion_time = self.local_deletion_time(local_deletion_time, position)?;
        let local_deletion_time = valid_deletion_time(local_deletion_time);
        Ok(Some(DeletionTime { marked_for_delete_at, local_deletion_time }))
    }

    /// When a cell or row ends or ended (`Cell.decodeLocalDeletionTime`).
    ///
    /// Nothing expires before its time to live, which is 0 for tombstones.
    pub(super) fn end(&self, delta: u64, ttl: i64, position: u64) -> Result<i64, Error> {
        let time = self.local_deletion_time(delta, position)?;
        if time > MAX_UINT {
            let message = format!("local_deletion_time {time} exceeds 32 bits");
            return Err(corrupt(message, position, "local_deletion_time"));
        }
        if time < 0 && i64::from(self.version) >= Id::OA.0 {
            // Written in 32 bits, of which the first is no sign.
            let time = time & MAX_UINT;
            return Ok(if time == MAX_UINT { NO_DELETION_TIME } else { time });
        }
        if time >= ttl || (time >= 0 && ttl == EXPIRED_LIVENESS_TTL) {
            return Ok(time);
        }
        Ok(INVALID_DELETION_TIME)
    }

    /// `expiry`: time to live and local expiration time.
    pub(super) fn liveness(
        &self,
        timestamp: u64,
        expiry: Option<(u64, u64)>,
        position: u64,
    ) -> Result<LivenessInfo, Error> {
        let timestamp = self.timestamp(timestamp);
        let Some((ttl, expiration)) = expiry else {
            return Ok(LivenessInfo { timestamp, ttl: None, local_expiration_time: None });
        };
        let ttl = self.ttl(ttl, position)?;
        let expiration = self.end(expiration, ttl, position)?;
        Ok(LivenessInfo { timestamp, ttl: Some(ttl), local_expiration_time: Some(expiration) })
    }
}

/// A difference in 32 bits (`readUnsignedVInt32`), which can be below zero.
///
/// What has expired is compacted to a tombstone of when it was written, which is earlier than
/// the minimum of the SSTables that are compacted.
fn seconds(delta: u64, minimum: i64, position: u64, field: &str) -> Result<i64, Error> {
    let delta = 0_i64.wrapping_add_unsigned(delta);
    if i32::try_from(delta).is_err() {
        let message = format!("{field} {delta} does not fit in 32 bits");
        return Err(corrupt(message, position, field));
    }
    Ok(minimum.wrapping_add(delta))
}

/// `seconds` if a deletion can have it as local deletion time (`DeletionTime.build`).
pub(super) fn valid_deletion_time(seconds: i64) -> i64 {
    if (0..INVALID_DELETION_TIME).contains(&seconds) { seconds } else { INVALID_DELETION_TIME }
}

/// What the layout alone does not tell, about the unfiltered at `position`.
#[cold]
pub fn corrupt(message: impl Into<String>, position: u64, field: &str) -> Error {
    Error::new(Kind::Corrupt, DATA, message).at(position, &format!("data.unfiltered.{field}"))
}
