//! What is asked for: columns are positions in the header, no names are looked up.

use super::column::Empty;
use crate::sstable::ColumnKind;
use crate::types::CqlType;

/// A column that the answer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// What it is called in the answer.
    pub name: String,
    /// The type that its values are read as.
    pub cql: CqlType,
    /// What it is.
    pub kind: ColumnKind,
    /// Its index among the header's columns of this kind; none if the SSTable lacks it.
    pub position: Option<usize>,
    /// Precision and scale of an Arrow decimal.
    pub decimal: Option<(u8, i8)>,
}

impl OutputColumn {
    /// Whether it is part of the primary key.
    #[must_use]
    pub const fn is_key(&self) -> bool {
        matches!(self.kind, ColumnKind::PartitionKey | ColumnKind::Clustering)
    }

    /// Whether each element of its values has a cell of its own.
    #[must_use]
    pub fn is_complex(&self) -> bool {
        !self.is_key() && self.cql.is_multi_cell()
    }
}

/// Which columns and rows the answer has, and how it is cut into batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the answer: partition key, clustering, static, regular.
    pub columns: Vec<OutputColumn>,
    /// Rows that the answer has at most.
    pub limit: Option<u64>,
    /// Rows that a batch has at most.
    pub batch_rows: usize,
    /// Bytes of values after which a batch ends early.
    pub batch_bytes: usize,
    /// Whether deletions are rows, and times are columns.
    pub metadata: bool,
    /// What becomes of values without bytes that Arrow's types don't have.
    pub empty: Empty,
    /// Seconds since 1970 at which the answer is to be true; none where nothing expires.
    pub now: Option<i64>,
    /// Microseconds: what was written later is not there; none for all.
    pub as_of: Option<i64>,
}
