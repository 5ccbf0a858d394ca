//! What a serialization header says of rows (`EncodingStats`).

/// The least times of all rows, and the columns that they have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Microseconds, none if there was no row.
    pub timestamp: Option<i64>,
    /// Seconds, none if nothing is deleted or expires.
    pub local_deletion_time: Option<i64>,
    /// Seconds, none if nothing expires.
    pub ttl: Option<i64>,
    /// For each regular column whether any row has it.
    pub columns: Vec<bool>,
}

impl Stats {
    /// Takes times into account.
    pub(super) fn add(&mut self, timestamp: i64, seconds: Option<i64>, ttl: Option<i64>) {
        lower(&mut self.timestamp, Some(timestamp));
        lower(&mut self.local_deletion_time, seconds);
        lower(&mut self.ttl, ttl);
    }

    /// Takes note of a column.
    #[inline]
    pub(super) fn has(&mut self, column: usize) {
        if let Some(seen) = self.columns.get_mut(column) {
            *seen = true;
        }
    }
}

fn lower(known: &mut Option<i64>, value: Option<i64>) {
    if let Some(value) = value {
        *known = Some(known.map_or(value, |known| known.min(value)));
    }
}
