//! Which range deletions of several SSTables are open (`RangeTombstoneMarker.Merger`).

use crate::layouts::generated::clustering::Kind;
use crate::rows::events::DeletionTime;

/// What deletions are compared by; none is the least.
#[must_use]
pub fn times(deletion: Option<DeletionTime>) -> (i64, i64) {
    deletion.map_or((i64::MIN, 0), |found| (found.marked_for_delete_at, found.local_deletion_time))
}

/// The deletions of one partition that are open in each of its SSTables.
#[derive(Clone, Debug, Default)]
pub struct Ranges {
    partition: Option<DeletionTime>,
    by_source: Vec<Option<DeletionTime>>,
    opened: Option<DeletionTime>,
}

impl Ranges {
    /// Begins a partition that is deleted by `partition`.
    pub fn begin(&mut self, partition: Option<DeletionTime>, num_sources: usize) {
        self.partition = partition;
        self.opened = None;
        self.by_source.clear();
        self.by_source.resize(num_sources, None);
    }

    /// The newest of those that are open or of the partition.
    #[must_use]
    pub fn active(&self) -> Option<DeletionTime> {
        self.opened.or(self.partition)
    }

    /// What is open in the SSTable `source` from here on.
    pub fn set(&mut self, source: usize, open: Option<DeletionTime>) {
        if let Some(place) = self.by_source.get_mut(source) {
            *place = open;
        }
    }

    /// After all markers at one place: what closes and opens, if that changes anything.
    pub fn turn(&mut self) -> Option<(Option<DeletionTime>, Option<DeletionTime>)> {
        let before = self.opened;
        let newest = self.by_source.iter().copied().max_by_key(|open| times(*open)).flatten();
        self.opened = newest.filter(|_| times(newest) > times(self.partition));
        (before != self.opened).then_some((before, self.opened))
    }
}

/// The kind of a marker that stands where one of `kind` does.
#[must_use]
pub const fn marker_kind(
    kind: Kind,
    close: Option<DeletionTime>,
    open: Option<DeletionTime>,
) -> Kind {
    let is_before = matches!(
        kind,
        Kind::INCL_START_BOUND | Kind::EXCL_END_BOUND | Kind::EXCL_END_INCL_START_BOUNDARY
    );
    match (close.is_some(), open.is_some(), is_before) {
        (false, _, true) => Kind::INCL_START_BOUND,
        (false, _, false) => Kind::EXCL_START_BOUND,
        (true, false, true) => Kind::EXCL_END_BOUND,
        (true, false, false) => Kind::INCL_END_BOUND,
        (true, true, true) => Kind::EXCL_END_INCL_START_BOUNDARY,
        (true, true, false) => Kind::INCL_END_EXCL_START_BOUNDARY,
    }
}
