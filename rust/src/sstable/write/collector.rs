//! Collects from rows what Statistics.db says of them.
//!
//! Follows `MetadataCollector`, `Rows.collectStats` and `Cells.collectStats`.

use super::cardinality::Cardinality;
use super::drop_times::DropTimes;
use crate::codec::murmur2::hash64;
use crate::errors::{Error, Kind};
use crate::index::write::ClusteringPrefix;
use crate::io::wide;
use crate::layouts::generated::clustering;
use crate::rows::{Block, Cell, DeletionTime, LivenessInfo, Marker, PlainRows, RowStart};
use crate::types::clusterings::ClusteringTypes;

/// The local deletion time, in seconds, of what is not deleted.
const NO_DELETION_TIME: i64 = i64::MAX;

/// The least and the greatest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    min: i64,
    max: i64,
}

impl Default for Range {
    fn default() -> Self {
        Self { min: i64::MAX, max: i64::MIN }
    }
}

impl Range {
    #[inline]
    fn add(&mut self, value: i64) {
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Both, none where there was no number.
    #[must_use]
    pub fn bounds(&self) -> Option<(i64, i64)> {
        (self.min <= self.max).then_some((self.min, self.max))
    }
}

/// Counts of numbers in buckets, as `EstimatedHistogram` has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    offsets: Vec<u64>,
    /// How many numbers were above the offset before and up to the bucket's own; the last
    /// bucket is for those above all offsets.
    pub counts: Vec<u64>,
}

impl Buckets {
    /// Empty ones; `offsets` are the largest number of each but the last, ascending.
    #[must_use]
    pub fn new(offsets: Vec<u64>) -> Self {
        let counts = vec![0; offsets.len().saturating_add(1)];
        Self { offsets, counts }
    }

    fn add(&mut self, value: u64) {
        let index = self.offsets.partition_point(|offset| *offset < value);
        if let Some(count) = self.counts.get_mut(index) {
            *count = count.saturating_add(1);
        }
    }
}

/// A clustering or bound and its place in their order.
#[derive(Clone, Debug, Default)]
struct Placed {
    prefix: Option<ClusteringPrefix>,
    position: Vec<u8>,
}

impl Placed {
    /// Takes what is at `position` if that is on the other `side` of its own.
    fn improve(&mut self, prefix: &ClusteringPrefix, position: &[u8], side: std::cmp::Ordering) {
        if self.prefix.is_none() || position.cmp(self.position.as_slice()) == side {
            self.prefix = Some(prefix.clone());
            self.position.clear();
            self.position.extend_from_slice(position);
        }
    }
}

/// The first start and the last end of a partition, and of all partitions.
#[derive(Clone, Debug)]
struct Covered {
    types: ClusteringTypes,
    first: ClusteringPrefix,
    has_first: bool,
    last: ClusteringPrefix,
    has_last: bool,
    min: Placed,
    max: Placed,
    scratch: Vec<u8>,
}

/// What the rows of an SSTable add up to.
#[derive(Clone, Debug)]
pub struct Collector {
    /// Of cells, liveness infos and deletions, in microseconds.
    pub timestamps: Range,
    /// Seconds, `i64::MAX` of what is not deleted.
    pub local_deletion_times: Range,
    /// Seconds, 0 of what has none.
    pub ttls: Range,
    /// Local deletion times of what is deleted or expires.
    pub encoded_deletion_times: Range,
    /// Partitions by their size in bytes.
    pub partition_sizes: Buckets,
    /// Partitions by their number of cells.
    pub cell_counts: Buckets,
    /// The histogram of local deletion times.
    pub drop_times: DropTimes,
    /// Sketch of the keys.
    pub cardinality: Cardinality,
    /// Number of rows, static ones included.
    pub total_rows: u64,
    /// Number of columns in them that have cells.
    pub total_columns_set: u64,
    /// Whether any partition is deleted as a whole.
    pub has_partition_level_deletions: bool,
    /// Whether any counter has local or remote shards.
    pub has_legacy_counter_shards: bool,
    /// Key of the first partition.
    pub first_key: Option<Vec<u8>>,
    /// Key of the last partition.
    pub last_key: Vec<u8>,
    covered: Covered,
    partition_cells: u64,
}

impl Collector {
    /// A collector that has seen nothing, with buckets for partition sizes and cell counts.
    #[must_use]
    pub fn new(types: ClusteringTypes, sizes: Buckets, cells: Buckets) -> Self {
        Self {
            timestamps: Range::default(),
            local_deletion_times: Range::default(),
            ttls: Range::default(),
            encoded_deletion_times: Range::default(),
            partition_sizes: sizes,
            cell_counts: cells,
            drop_times: DropTimes::default(),
            cardinality: Cardinality::default(),
            total_rows: 0,
            total_columns_set: 0,
            has_partition_level_deletions: false,
            has_legacy_counter_shards: false,
            first_key: None,
            last_key: Vec::new(),
            covered: Covered::new(types),
            partition_cells: 0,
        }
    }

    /// Counts a partition's key and deletion.
    pub fn partition(&mut self, key: &[u8], deletion: Option<DeletionTime>) {
        self.partition_cells = 0;
        if self.first_key.is_none() {
            self.first_key = Some(key.to_vec());
        }
        self.last_key.clear();
        self.last_key.extend_from_slice(key);
        self.cardinality.offer(hash64(key));
        self.has_partition_level_deletions |= deletion.is_some();
        self.deletion(deletion);
    }

    /// Counts a row.
    #[inline]
    pub fn row(&mut self, row: &RowStart<'_>) {
        self.total_rows = self.total_rows.saturating_add(1);
        if !row.is_static {
            self.covered.add(clustering::Kind::CLUSTERING, row.clustering);
        }
        self.liveness(row.liveness);
        self.deletion(row.deletion);
    }

    /// Counts plain rows.
    pub fn plain_rows(&mut self, rows: &PlainRows<'_>) {
        let (num_rows, num_columns) = (wide(rows.len()), wide(rows.num_columns()));
        let num_cells = num_rows.saturating_mul(num_columns);
        self.total_rows = self.total_rows.saturating_add(num_rows);
        self.total_columns_set = self.total_columns_set.saturating_add(num_cells);
        self.partition_cells = self.partition_cells.saturating_add(num_cells);
        for timestamp in rows.timestamps() {
            self.timestamps.add(*timestamp);
        }
        self.expiration(None, None);
        self.covered.add_rows(rows);
    }

    /// Counts the cell of a simple column.
    #[inline]
    pub fn cell(&mut self, cell: &Cell<'_>) {
        self.total_columns_set = self.total_columns_set.saturating_add(1);
        self.complex_cell(cell);
    }

    /// Counts a complex column.
    pub fn complex(&mut self, deletion: Option<DeletionTime>, num_cells: u64) {
        let has_cells = u64::from(num_cells > 0);
        self.total_columns_set = self.total_columns_set.saturating_add(has_cells);
        self.deletion(deletion);
    }

    /// Counts a complex column's cell.
    #[inline]
    pub fn complex_cell(&mut self, cell: &Cell<'_>) {
        self.partition_cells = self.partition_cells.saturating_add(1);
        self.timestamps.add(cell.timestamp);
        self.expiration(cell.ttl, cell.local_deletion_time);
    }

    /// Counts the rows of a block.
    pub fn block(&mut self, block: &Block) {
        let Some(last) = block.len().checked_sub(1) else { return };
        let mut clustering = Vec::new();
        for row in [0, last] {
            block.clustering_of(row, &mut clustering);
            self.covered.add(clustering::Kind::CLUSTERING, &clustering);
        }
        let rows = u64::try_from(block.len()).unwrap_or(u64::MAX);
        let (values, tombstones) = block.num_cells();
        let cells = values.saturating_add(tombstones);
        self.total_rows = self.total_rows.saturating_add(rows);
        self.total_columns_set = self.total_columns_set.saturating_add(cells);
        self.partition_cells = self.partition_cells.saturating_add(cells);
        for timestamp in &block.timestamps {
            self.timestamps.add(*timestamp);
        }
        let info = block.liveness(0);
        self.expirations(info.ttl, info.local_expiration_time, rows.saturating_add(values));
        if tombstones > 0 {
            let cell = block.cell(0, None);
            self.expirations(cell.ttl, cell.local_deletion_time, tombstones);
        }
    }

    /// Counts a range tombstone marker.
    pub fn marker(&mut self, marker: &Marker<'_>) {
        self.covered.add(marker.kind, marker.values);
        self.deletion(marker.close);
        self.deletion(marker.open);
    }

    /// Counts the partition that was begun last, of `size` bytes.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: a clustering's value is none of its column's type.
    pub fn end_partition(&mut self, size: u64) -> Result<(), Error> {
        self.partition_sizes.add(size);
        self.cell_counts.add(self.partition_cells);
        self.covered.end_partition()
    }

    /// The least clustering or start, none where there was none.
    #[must_use]
    pub const fn least(&self) -> Option<&ClusteringPrefix> {
        self.covered.min.prefix.as_ref()
    }

    /// The greatest clustering or end, none where there was none.
    #[must_use]
    pub const fn greatest(&self) -> Option<&ClusteringPrefix> {
        self.covered.max.prefix.as_ref()
    }

    #[inline]
    fn liveness(&mut self, liveness: Option<LivenessInfo>) {
        if let Some(info) = liveness {
            self.timestamps.add(info.timestamp);
            self.expiration(info.ttl, info.local_expiration_time);
        }
    }

    #[inline]
    fn expiration(&mut self, ttl: Option<i64>, local_deletion_time: Option<i64>) {
        self.ttls.add(ttl.unwrap_or(0));
        match local_deletion_time {
            None => self.local_deletion_times.add(NO_DELETION_TIME),
            Some(time) => self.local_deletion_time(time),
        }
    }

    /// The same expiration so many times.
    fn expirations(&mut self, ttl: Option<i64>, local_deletion_time: Option<i64>, number: u64) {
        self.expiration(ttl, local_deletion_time);
        let (Some(time), Some(more)) = (local_deletion_time, number.checked_sub(1)) else { return };
        if more > 0 {
            self.drop_times.add_many(time, i64::try_from(more).unwrap_or(i64::MAX));
        }
    }

    fn deletion(&mut self, deletion: Option<DeletionTime>) {
        if let Some(deletion) = deletion {
            self.timestamps.add(deletion.marked_for_delete_at);
            self.local_deletion_time(deletion.local_deletion_time);
        }
    }

    fn local_deletion_time(&mut self, time: i64) {
        self.local_deletion_times.add(time);
        self.encoded_deletion_times.add(time);
        self.drop_times.add(time);
    }
}

impl Covered {
    fn new(types: ClusteringTypes) -> Self {
        Self {
            types,
            first: ClusteringPrefix::default(),
            has_first: false,
            last: ClusteringPrefix::default(),
            has_last: false,
            min: Placed::default(),
            max: Placed::default(),
            scratch: Vec::new(),
        }
    }

    /// Takes a row's clustering or a marker's bound, which come in order; boundaries don't
    /// count.
    #[inline]
    fn add(&mut self, kind: clustering::Kind, values: &[Option<&[u8]>]) {
        let (may_start, may_end) = ends(kind);
        if may_start && !self.has_first {
            self.first.set(kind, values);
            self.has_first = true;
        }
        if may_end {
            self.last.set(kind, values);
            self.has_last = true;
        }
    }

    /// Takes the clusterings of plain rows, of which there is one at least.
    fn add_rows(&mut self, rows: &PlainRows<'_>) {
        if !self.has_first {
            self.first.set_clustering(rows.clustering_of(0));
            self.has_first = true;
        }
        self.last.set_clustering(rows.clustering_of(rows.len().saturating_sub(1)));
        self.has_last = true;
    }

    fn end_partition(&mut self) -> Result<(), Error> {
        if self.has_first {
            place(&self.types, &self.first, &mut self.scratch)?;
            self.min.improve(&self.first, &self.scratch, std::cmp::Ordering::Less);
            self.has_first = false;
        }
        if self.has_last {
            place(&self.types, &self.last, &mut self.scratch)?;
            self.max.improve(&self.last, &self.scratch, std::cmp::Ordering::Greater);
            self.has_last = false;
        }
        Ok(())
    }
}

/// Whether a prefix can be where a range starts, and whether it can be where one ends.
const fn ends(kind: clustering::Kind) -> (bool, bool) {
    match kind {
        clustering::Kind::INCL_START_BOUND | clustering::Kind::EXCL_START_BOUND => (true, false),
        clustering::Kind::INCL_END_BOUND | clustering::Kind::EXCL_END_BOUND => (false, true),
        clustering::Kind::CLUSTERING => (true, true),
        _ => (false, false),
    }
}

fn place(
    types: &ClusteringTypes,
    prefix: &ClusteringPrefix,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    types
        .position(prefix.values(), prefix.kind, out)
        .map_err(|refusal| Error::new(Kind::InvalidValue, "", format!("a clustering: {refusal}")))
}
