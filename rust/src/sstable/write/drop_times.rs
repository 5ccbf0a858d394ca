//! Builds the histogram of local deletion times, down to Cassandra's way of merging points.
//!
//! Follows `org.apache.cassandra.utils.streamhist.StreamingTombstoneHistogramBuilder` as
//! `MetadataCollector` sets it up.

use std::collections::HashMap;

const MAX_POINTS: usize = 100;
const ROUND_SECONDS: i64 = 60;
const MAX_DELETION_TIME: i64 = 0xffff_fffd;
const MAX_COUNT: i64 = 0x7fff_ffff;
const SPOOL_CAPACITY: i64 = 1 << 17;
const SPOOL_CELLS: i64 = 1 << 18;
const SPOOL_ATTEMPTS: i64 = 100;
const PRIME: i64 = 948_701_839;

/// Takes local deletion times one by one.
#[derive(Clone, Debug, Default)]
pub struct DropTimes {
    /// The last point, and how often it came in a row.
    last: Option<(i64, i64)>,
    /// Points and counts by their cell of the hash table in front.
    spool: HashMap<i64, (i64, i64)>,
    points: Vec<(i64, i64)>,
}

impl DropTimes {
    /// Counts a local deletion time, in seconds since 1970.
    #[inline]
    pub fn add(&mut self, time: i64) {
        self.add_many(time, 1);
    }

    /// Counts a local deletion time so many times.
    #[inline]
    pub fn add_many(&mut self, time: i64, number: i64) {
        let point = rounded(time);
        match &mut self.last {
            Some((last, count)) if *last == point => *count = count.saturating_add(number),
            last => {
                let before = last.replace((point, number));
                self.take(before);
            }
        }
    }

    /// Points in seconds since 1970 and how many times are near each, ascending.
    pub fn finish(mut self) -> Vec<(i64, i64)> {
        let last = self.last.take();
        self.take(last);
        self.flush();
        self.points
    }

    fn take(&mut self, run: Option<(i64, i64)>) {
        let Some((point, count)) = run else { return };
        if !self.try_spool(point, count) {
            self.flush();
            self.try_spool(point, count);
        }
    }

    /// Counts `point` in the hash table in front, unless that is too full.
    fn try_spool(&mut self, point: i64, count: i64) -> bool {
        if self.spool.len() > usize::try_from(SPOOL_CAPACITY).unwrap_or(usize::MAX) {
            return false;
        }
        // The lower bits of the product are those of Java's.
        let start = point.wrapping_mul(PRIME) & SPOOL_CAPACITY.saturating_sub(1);
        for attempt in 0..SPOOL_ATTEMPTS {
            let cell = start.saturating_add(attempt).rem_euclid(SPOOL_CELLS);
            let found = self.spool.entry(cell).or_insert((point, 0));
            if found.0 == point {
                found.1 = found.1.saturating_add(count).min(MAX_COUNT);
                return true;
            }
        }
        false
    }

    /// Moves what is in the hash table to the points, in the order of the table.
    fn flush(&mut self) {
        let mut cells: Vec<_> = self.spool.drain().collect();
        cells.sort_unstable();
        for (_, (point, count)) in cells {
            match self.points.binary_search_by_key(&point, |(point, _)| *point) {
                Ok(index) => {
                    if let Some((_, held)) = self.points.get_mut(index) {
                        *held = held.saturating_add(count).min(MAX_COUNT);
                    }
                }
                Err(index) => {
                    self.points.insert(index, (point, count));
                    if self.points.len() > MAX_POINTS {
                        self.merge_nearest();
                    }
                }
            }
        }
    }

    /// Makes one point of the two that are nearest, at their weighted mean.
    fn merge_nearest(&mut self) {
        let gap = |pair: &[(i64, i64)]| match pair {
            [(before, _), (after, _)] => after.saturating_sub(*before),
            _ => i64::MAX,
        };
        let gaps = self.points.windows(2).map(gap).enumerate();
        let Some((index, _)) = gaps.min_by_key(|(_, gap)| *gap) else { return };
        let next = index.saturating_add(1);
        let (Some(&first), Some(&second)) = (self.points.get(index), self.points.get(next)) else {
            return;
        };
        let total = first.1.saturating_add(second.1);
        if let Some(point) = self.points.get_mut(index) {
            *point = (rounded(mean(first, second, total)), total.min(MAX_COUNT));
        }
        self.points.remove(next);
    }
}

fn mean(first: (i64, i64), second: (i64, i64), total: i64) -> i64 {
    let weight = |(point, count): (i64, i64)| i128::from(point).saturating_mul(count.into());
    let sum = weight(first).saturating_add(weight(second));
    let mean = sum.checked_div_euclid(total.into()).unwrap_or(0);
    let mean = i64::try_from(mean).unwrap_or(i64::MAX);
    mean.max(first.0.saturating_add(1)).min(second.0)
}

fn rounded(time: i64) -> i64 {
    match time.rem_euclid(ROUND_SECONDS) {
        0 => time,
        rest => time.saturating_add(ROUND_SECONDS).saturating_sub(rest).min(MAX_DELETION_TIME),
    }
}
