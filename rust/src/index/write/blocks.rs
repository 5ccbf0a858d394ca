//! Cuts a partition that is being written into the blocks of its row index.
//!
//! Follows `SortedTablePartitionWriter`, `BigFormatPartitionWriter` and
//! `BtiFormatPartitionWriter`.

use crate::index::model::Deletion;
use crate::layouts::generated::clustering::Kind;

/// A clustering, or a bound of clusterings, that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusteringPrefix {
    /// What it is.
    pub kind: Kind,
    bytes: Vec<u8>,
    lengths: Vec<Option<usize>>,
}

impl ClusteringPrefix {
    /// A prefix of `values`, serialized, none for null.
    #[must_use]
    pub fn new(kind: Kind, values: &[Option<&[u8]>]) -> Self {
        let mut made = Self::default();
        made.set(kind, values);
        made
    }

    /// Takes other values in place of its own.
    #[inline]
    pub fn set(&mut self, kind: Kind, values: &[Option<&[u8]>]) {
        self.begin(kind);
        for value in values {
            self.lengths.push(value.map(<[u8]>::len));
            self.bytes.extend_from_slice(value.unwrap_or_default());
        }
    }

    /// Takes a row's clustering, no value of which is null, in place of its own values.
    pub fn set_clustering<'v>(&mut self, values: impl Iterator<Item = &'v [u8]>) {
        self.begin(Kind::CLUSTERING);
        for value in values {
            self.lengths.push(Some(value.len()));
            self.bytes.extend_from_slice(value);
        }
    }

    #[inline]
    fn begin(&mut self, kind: Kind) {
        self.kind = kind;
        self.bytes.clear();
        self.lengths.clear();
    }

    /// Its values, serialized, none for null.
    pub fn values(&self) -> impl ExactSizeIterator<Item = Option<&[u8]>> {
        let mut rest = self.bytes.as_slice();
        self.lengths.iter().map(move |length| {
            let (value, after) = rest.split_at_checked((*length)?).unwrap_or_default();
            rest = after;
            Some(value)
        })
    }
}

/// A block of rows and markers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenBlock {
    /// Clustering or bound of its first row or marker.
    pub first: ClusteringPrefix,
    /// Clustering or bound of its last one.
    pub last: ClusteringPrefix,
    /// Where it starts, in bytes from the partition's start.
    pub offset: u64,
    /// Its length in bytes; of the last one with the partition's end.
    pub width: u64,
    /// Deletion of the range tombstone that is open where it starts.
    pub open_before: Option<Deletion>,
    /// The same where it ends.
    pub open_after: Option<Deletion>,
}

/// Takes a partition's rows and markers one by one.
#[derive(Clone, Debug)]
pub struct BlockCutter {
    block_size: u64,
    blocks: Vec<WrittenBlock>,
    first: ClusteringPrefix,
    last: ClusteringPrefix,
    num_taken: u64,
    start: u64,
    open_before: Option<Deletion>,
    open: Option<Deletion>,
}

impl BlockCutter {
    /// From `block_size` bytes on a block is complete (`column_index_size`).
    #[must_use]
    pub fn new(block_size: u64) -> Self {
        Self {
            block_size,
            blocks: Vec::new(),
            first: ClusteringPrefix::default(),
            last: ClusteringPrefix::default(),
            num_taken: 0,
            start: 0,
            open_before: None,
            open: None,
        }
    }

    /// A partition begins.
    pub fn start(&mut self) {
        self.blocks.clear();
        self.num_taken = 0;
        (self.open_before, self.open) = (None, None);
    }

    /// Takes a row that stands from byte `start` to `end` of the partition.
    #[inline]
    pub fn add_row(&mut self, clustering: &[Option<&[u8]>], start: u64, end: u64) {
        self.begin_row(clustering);
        self.end_row(start, end);
    }

    /// Whether the clustering of a row that stands from byte `start` to `end` of the partition
    /// matters; if not, and more rows follow, [`BlockCutter::end_row`] is enough.
    #[inline]
    #[must_use]
    pub const fn needs_clustering(&self, start: u64, end: u64) -> bool {
        let first = if self.num_taken == 0 { start } else { self.start };
        self.num_taken == 0 || end.saturating_sub(first) >= self.block_size
    }

    /// Takes the clustering of a row whose end is not known yet.
    #[inline]
    pub fn begin_row(&mut self, clustering: &[Option<&[u8]>]) {
        self.begin(Kind::CLUSTERING, clustering);
    }

    /// Takes where the row stands that was begun, from byte `start` to `end` of the partition.
    #[inline]
    pub fn end_row(&mut self, start: u64, end: u64) {
        self.end(start, end, self.open);
    }

    /// Takes a row without its clustering, which `set` puts where it is needed. Before a row or
    /// marker that is taken in another way, and at the end, [`BlockCutter::end_rows`] has to be
    /// told of the last one.
    #[inline]
    pub fn pass_row(&mut self, start: u64, end: u64, set: impl Fn(&mut ClusteringPrefix)) {
        if self.num_taken == 0 {
            set(&mut self.first);
        } else if self.is_complete(end) {
            set(&mut self.last);
        }
        self.end(start, end, self.open);
    }

    /// Takes the clustering of the row that was passed last.
    pub fn end_rows(&mut self, set: impl Fn(&mut ClusteringPrefix)) {
        if self.num_taken > 1 {
            set(&mut self.last);
        }
    }

    /// Takes a range tombstone marker, after which `opened` is open.
    pub fn add_marker(
        &mut self,
        kind: Kind,
        values: &[Option<&[u8]>],
        start: u64,
        end: u64,
        opened: Option<Deletion>,
    ) {
        self.begin(kind, values);
        self.end(start, end, opened);
    }

    #[inline]
    fn begin(&mut self, kind: Kind, values: &[Option<&[u8]>]) {
        let prefix = if self.num_taken == 0 { &mut self.first } else { &mut self.last };
        prefix.set(kind, values);
    }

    #[inline]
    fn end(&mut self, start: u64, end: u64, opened: Option<Deletion>) {
        if self.num_taken == 0 {
            self.start = start;
            self.open_before = self.open;
        }
        self.num_taken = self.num_taken.saturating_add(1);
        self.open = opened;
        if self.is_complete(end) {
            self.cut(end);
        }
    }

    #[inline]
    const fn is_complete(&self, end: u64) -> bool {
        end.saturating_sub(self.start) >= self.block_size
    }

    fn cut(&mut self, end: u64) {
        let first = std::mem::take(&mut self.first);
        let last = match self.num_taken {
            0 => return,
            1 => first.clone(),
            _ => std::mem::take(&mut self.last),
        };
        self.blocks.push(WrittenBlock {
            first,
            last,
            offset: self.start,
            width: end.saturating_sub(self.start),
            open_before: self.open_before,
            open_after: self.open,
        });
        self.num_taken = 0;
    }

    /// The partition's blocks, of which an index needs more than one; `end` is the partition's
    /// length in bytes, its end included.
    pub fn finish(&mut self, end: u64) -> &[WrittenBlock] {
        if self.blocks.is_empty() {
            return &[];
        }
        self.cut(end);
        if self.blocks.len() > 1 { &self.blocks } else { &[] }
    }
}
