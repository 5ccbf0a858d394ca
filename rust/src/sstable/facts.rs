//! What is known of an SSTable when it is opened: what its Statistics.db and its table's
//! schema say. All else is read from the components.

use std::collections::HashMap;

use crate::errors::{Error, Kind};
use crate::rows::{Columns, RowFormat};
use crate::types::clusterings::ClusteringTypes;
use crate::types::partitioner::Partitioner;
use crate::types::{CqlType, parse_type};

/// Of what kind a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A component of the partition key.
    PartitionKey,
    /// A clustering column.
    Clustering,
    /// A static column.
    Static,
    /// Any other.
    Regular,
}

impl ColumnKind {
    /// The kind that is called so: `partition_key`, `clustering`, `static` or `regular`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "partition_key" => Self::PartitionKey,
            "clustering" => Self::Clustering,
            "static" => Self::Static,
            "regular" => Self::Regular,
            _ => return None,
        })
    }
}

/// A column of the SSTable's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFacts {
    /// The table's name for it.
    pub name: String,
    /// The type by which its values are laid out.
    pub of: CqlType,
    /// Its kind.
    pub kind: ColumnKind,
}

impl ColumnFacts {
    /// A column whose type is the class string `of`.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: the class string cannot be parsed.
    pub fn new(name: String, of: &str, kind: ColumnKind) -> Result<Self, Error> {
        Ok(Self { name, of: parse_type(of)?, kind })
    }
}

/// An SSTable as its opener describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Number of the format version (`version::id` in specs/version.ksy).
    pub version: u8,
    /// Whether the index is that of the BTI format.
    pub is_bti: bool,
    /// Whether Data.db is compressed.
    pub is_compressed: bool,
    /// Microseconds, what timestamps are differences to.
    pub min_timestamp: i64,
    /// Seconds since 1970, the same.
    pub min_local_deletion_time: i64,
    /// Seconds, the same.
    pub min_ttl: i64,
    /// Partition key (a column for each component), clustering, static and regular columns,
    /// each kind in the header's order.
    pub columns: Vec<ColumnFacts>,
    /// For a column's name the time in microseconds up to which its cells don't count.
    pub dropped: HashMap<String, i64>,
    /// Class string of the partitioner.
    pub partitioner: String,
    /// The last partition's key where nothing else would tell that Data.db was cut off after
    /// a partition.
    pub last_key: Option<Vec<u8>>,
}

impl Facts {
    /// The columns of a kind.
    pub fn columns_of(&self, kind: ColumnKind) -> impl Iterator<Item = &ColumnFacts> {
        self.columns.iter().filter(move |column| column.kind == kind)
    }

    /// What rows are read with.
    #[must_use]
    pub fn row_format(&self) -> RowFormat {
        RowFormat {
            version: self.version,
            clustering_shapes: self.clustering_types().shapes().to_vec(),
            statics: self.row_columns(ColumnKind::Static),
            regulars: self.row_columns(ColumnKind::Regular),
            min_timestamp: self.min_timestamp,
            min_local_deletion_time: self.min_local_deletion_time,
            min_ttl: self.min_ttl,
        }
    }

    fn row_columns(&self, kind: ColumnKind) -> Columns {
        let dropped = |name: &String| self.dropped.get(name).copied().unwrap_or(i64::MIN);
        Columns {
            shapes: self.columns_of(kind).map(|column| column.of.shape()).collect(),
            dropped: self.columns_of(kind).map(|column| dropped(&column.name)).collect(),
        }
    }

    /// What rows are ordered by.
    #[must_use]
    pub fn clustering_types(&self) -> ClusteringTypes {
        let columns = self.columns_of(ColumnKind::Clustering);
        ClusteringTypes::new(columns.map(|column| column.of.clone()).collect())
    }

    /// What partitions are ordered by.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: no such partitioner.
    pub fn parse_partitioner(&self) -> Result<Partitioner, Error> {
        let mut key: Vec<CqlType> =
            self.columns_of(ColumnKind::PartitionKey).map(|column| column.of.clone()).collect();
        let single = if key.len() == 1 { key.pop() } else { Some(CqlType::Composite(key)) };
        Partitioner::parse(&self.partitioner, single.as_ref())
    }
}

/// The error that a component which is needed is not there.
#[cold]
pub(super) fn missing(component: &'static str) -> Error {
    Error::new(Kind::Missing, component, "the file is missing")
}
