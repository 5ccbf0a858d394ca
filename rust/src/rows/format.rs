//! What must be known to read an SSTable's rows, and which of its columns are asked for.

/// The columns of one kind, in the serialization header's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// One number for each column, see `specs/data.ksy`.
    pub shapes: Vec<i32>,
    /// For each column the time in microseconds up to which its cells don't count any more
    /// since it was dropped; `i64::MIN` where it was not.
    pub dropped: Vec<i64>,
}

impl Columns {
    /// Columns of these shapes, none of them dropped.
    #[must_use]
    pub fn new(shapes: Vec<i32>) -> Self {
        let dropped = vec![i64::MIN; shapes.len()];
        Self { shapes, dropped }
    }
}

/// What must be known to read an SSTable's rows (Cassandra's `SerializationHeader`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFormat {
    /// The number of the format version.
    pub version: u8,
    /// One number for each clustering column, see `specs/data.ksy`.
    pub clustering_shapes: Vec<i32>,
    /// The static columns; where there are any, every partition has a static row.
    pub statics: Columns,
    /// The regular columns.
    pub regulars: Columns,
    /// Microseconds.
    pub min_timestamp: i64,
    /// Seconds since 1970.
    pub min_local_deletion_time: i64,
    /// Seconds.
    pub min_ttl: i64,
}

/// Which columns' cells are asked for. The others are not decoded, so that damage in them is
/// not noticed, and a row is left behind the last one that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// For each static column whether it is.
    pub statics: Vec<bool>,
    /// For each regular column whether it is.
    pub regulars: Vec<bool>,
}

impl Projection {
    /// All columns of `format`.
    #[must_use]
    pub fn all(format: &RowFormat) -> Self {
        Self {
            statics: vec![true; format.statics.shapes.len()],
            regulars: vec![true; format.regulars.shapes.len()],
        }
    }

    /// None of the columns of `format`.
    #[must_use]
    pub fn none(format: &RowFormat) -> Self {
        Self {
            statics: vec![false; format.statics.shapes.len()],
            regulars: vec![false; format.regulars.shapes.len()],
        }
    }
}
