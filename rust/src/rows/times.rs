//! Times as the rows have them: differences from the serialization header's minimums.

use super::events::{DeletionTime, LivenessInfo};
use super::format::RowFormat;
use crate::codec::vint::{Encoded, unsigned};
use crate::errors::{Error, Kind};

const MAX_INT: u64 = 0x7fff_ffff;
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
        seconds(delta, self.min_ttl, position, "ttl")
    }

    pub(super) fn local_deletion_time(&self, delta: u64, position: u64) -> Result<i64, Error> {
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
        Ok(Some(DeletionTime { marked_for_delete_at, local_deletion_time }))
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
        let expiration = self.local_deletion_time(expiration, position)?;
        let expiration = decode_expiration(expiration, ttl);
        Ok(LivenessInfo { timestamp, ttl: Some(ttl), local_expiration_time: Some(expiration) })
    }
}

/// A difference of at most 31 bits.
fn seconds(delta: u64, minimum: i64, position: u64, field: &str) -> Result<i64, Error> {
    if delta > MAX_INT {
        return Err(corrupt(format!("{field} {delta} exceeds 31 bits"), position, field));
    }
    Ok(minimum.wrapping_add_unsigned(delta))
}

/// Nothing expires before its time to live.
pub const fn decode_expiration(local_deletion_time: i64, ttl: i64) -> i64 {
    if local_deletion_time >= ttl || ttl == EXPIRED_LIVENESS_TTL {
        local_deletion_time
    } else {
        INVALID_DELETION_TIME
    }
}

/// What the layout alone does not tell, about the unfiltered at `position`.
#[cold]
pub fn corrupt(message: impl Into<String>, position: u64, field: &str) -> Error {
    Error::new(Kind::Corrupt, DATA, message).at(position, &format!("data.unfiltered.{field}"))
}
