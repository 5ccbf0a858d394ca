//! Columns whose values are wanted, for many lookups of the same.

use super::facts::ColumnKind;
use super::merge::Header;
use super::table::Table;
use crate::rows::Projection;
use crate::types::CqlType;

/// A column whose values are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its kind.
    pub kind: ColumnKind,
    /// Its index among the header's columns of this kind (of a partition key, the component);
    /// none if the SSTable does not have it, so that all its values are null.
    pub position: Option<usize>,
}

/// Columns of a kind as they are read: their types, and which output each is.
struct Columns {
    types: Vec<CqlType>,
    outputs: Vec<Option<usize>>,
}

/// What of each row is wanted.
pub struct Selection {
    pub(super) num_keys: usize,
    /// Component of the key, or clustering column, and which output it is.
    pub(super) keys: Vec<(usize, usize)>,
    pub(super) clusterings: Vec<(usize, usize)>,
    pub(super) num_outputs: usize,
    /// All cells: whether a row is there depends on each of them.
    pub(super) projection: Projection,
    statics: Columns,
    regulars: Columns,
}

impl Selection {
    /// Prepares `wanted` columns of `table`.
    #[must_use]
    pub fn new(table: &Table, wanted: &[Wanted]) -> Self {
        let facts = table.facts();
        let of_kind = |kind| facts.columns_of(kind).map(|column| column.of.clone()).collect();
        Self::of(of_kind, Projection::all(table.format()), wanted)
    }

    /// Prepares `wanted` columns of the table that several SSTables are merged to.
    #[must_use]
    pub fn merged(header: &Header, wanted: &[Wanted]) -> Self {
        let of_kind = |kind| header.columns_of(kind).map(|column| column.of.clone()).collect();
        Self::of(of_kind, Projection { statics: Vec::new(), regulars: Vec::new() }, wanted)
    }

    fn of(
        of_kind: impl Fn(ColumnKind) -> Vec<CqlType>,
        projection: Projection,
        wanted: &[Wanted],
    ) -> Self {
        let of = |kind| -> Vec<(usize, usize)> {
            let outputs = wanted.iter().enumerate().filter(|(_, column)| column.kind == kind);
            outputs.filter_map(|(output, column)| Some((column.position?, output))).collect()
        };
        let columns = |kind| -> Columns {
            let places = of(kind);
            let types = of_kind(kind);
            let output = |index: usize| {
                places.iter().find(|(position, _)| *position == index).map(|(_, output)| *output)
            };
            Columns { outputs: (0..types.len()).map(output).collect(), types }
        };
        Self {
            num_keys: of_kind(ColumnKind::PartitionKey).len(),
            keys: of(ColumnKind::PartitionKey),
            clusterings: of(ColumnKind::Clustering),
            num_outputs: wanted.len(),
            projection,
            statics: columns(ColumnKind::Static),
            regulars: columns(ColumnKind::Regular),
        }
    }

    const fn columns(&self, is_static: bool) -> &Columns {
        if is_static { &self.statics } else { &self.regulars }
    }

    /// Whether values of such a column are wanted.
    pub(super) fn wants(&self, kind: ColumnKind, column: usize) -> bool {
        match kind {
            ColumnKind::Static => self.output(true, column).is_some(),
            ColumnKind::Regular => self.output(false, column).is_some(),
            _ => true,
        }
    }

    /// Which output a static or regular column of the header is.
    pub(super) fn output(&self, is_static: bool, column: usize) -> Option<usize> {
        self.columns(is_static).outputs.get(column).copied().flatten()
    }

    /// The type of such a column.
    pub(super) fn type_of(&self, is_static: bool, column: usize) -> Option<&CqlType> {
        self.columns(is_static).types.get(column)
    }
}
