//! What a dump has to be told, and what ends it.

use std::collections::HashSet;

use crate::errors::Error;
use crate::types::CqlType;
use crate::types::values::Refusal;

/// A column whose cells are shown.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name as a CQL identifier, as a JSON string.
    pub name: Vec<u8>,
    /// Its type.
    pub kind: CqlType,
}

/// What is to be known of a table.
#[derive(Clone, Debug)]
pub struct Table {
    /// What sstabledump calls its kind.
    pub kind: String,
    /// The type of the whole partition key.
    pub key: CqlType,
    /// The types of the partition key's columns.
    pub key_columns: Vec<CqlType>,
    /// The types of the clustering columns.
    pub clustering: Vec<CqlType>,
    /// The static columns, as rows number them.
    pub statics: Vec<Column>,
    /// The regular columns, as rows number them.
    pub regulars: Vec<Column>,
}

/// How it is to be shown.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Seconds since 1970, what `expired` is judged by.
    pub now: i64,
    /// Times as numbers in strings instead of dates.
    pub raw_timestamps: bool,
    /// Texts of partition keys that are left out.
    pub excluded: HashSet<Vec<u8>>,
}

/// What a value belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The partition key.
    Key,
    /// A clustering column, by its number.
    Clustering(usize),
    /// A cell of a static column, by its number, with its path.
    Static(usize, Option<Vec<u8>>),
    /// A cell of a regular column, by its number, with its path.
    Regular(usize, Option<Vec<u8>>),
}

/// A value that its type does not allow, so that it cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What it belongs to.
    pub part: Part,
    /// Its bytes.
    pub value: Vec<u8>,
    /// Whether it is a tombstone's, so that only its path counts.
    pub is_tombstone: bool,
    /// What is wrong about it.
    pub refusal: Refusal,
}

/// Why the dump ends before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Rows cannot be read.
    Read(Error),
    /// A value cannot be shown.
    Value(Box<Invalid>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Read(error)
    }
}
