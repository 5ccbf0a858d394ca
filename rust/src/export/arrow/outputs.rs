//! The columns of the answer, found by their places in the SSTable.

use super::column::{Cells, Column};
use super::plan::Plan;
use crate::rows::PlainRows;
use crate::sstable::ColumnKind;

/// A column of the answer while a batch is filled.
pub(super) struct Output {
    pub column: Column,
    /// Of a column that is not frozen, the cells of the row at hand.
    pub cells: Cells,
}

/// Where the columns of each kind are among the outputs.
pub(super) struct Outputs {
    pub all: Vec<Output>,
    pub keys: Vec<(usize, usize)>,
    clusterings: Vec<Option<usize>>,
    statics: Vec<Option<usize>>,
    regulars: Vec<Option<usize>>,
}

impl Outputs {
    pub fn new(plan: &Plan) -> Self {
        let made = plan.columns.iter().map(|column| Output {
            column: Column::new(column, plan.empty),
            cells: Cells::default(),
        });
        let places = |kind| {
            let mut found = Vec::new();
            for (index, column) in plan.columns.iter().enumerate() {
                let Some(position) = column.position.filter(|_| column.kind == kind) else {
                    continue;
                };
                if found.len() <= position {
                    found.resize(position.saturating_add(1), None);
                }
                if let Some(place) = found.get_mut(position) {
                    *place = Some(index);
                }
            }
            found
        };
        let keys = places(ColumnKind::PartitionKey);
        let keys = keys.iter().enumerate().filter_map(|(at, found)| Some((at, (*found)?)));
        Self {
            all: made.collect(),
            keys: keys.collect(),
            clusterings: places(ColumnKind::Clustering),
            statics: places(ColumnKind::Static),
            regulars: places(ColumnKind::Regular),
        }
    }

    /// Which output a clustering column is.
    pub fn clustering(&self, position: usize) -> Option<usize> {
        self.clusterings.get(position).copied().flatten()
    }

    /// Which output a static or regular column is.
    #[inline]
    pub fn of(&self, is_static: bool, position: usize) -> Option<usize> {
        let places = if is_static { &self.statics } else { &self.regulars };
        places.get(position).copied().flatten()
    }

    /// Which regular columns are asked for.
    pub fn wanted_regulars(&self, number: usize) -> Vec<bool> {
        (0..number).map(|position| self.of(false, position).is_some()).collect()
    }

    /// The outputs that are static columns.
    pub fn statics(&self) -> impl Iterator<Item = usize> {
        self.statics.iter().copied().flatten()
    }

    /// Bytes that each row takes besides its values' own.
    pub fn width(&self) -> usize {
        self.all.iter().fold(0, |sum, output| output.column.width().saturating_add(sum))
    }

    /// Appends all values of plain rows, which come after `before` rows; how many bytes they
    /// have. None if one of them cannot be shown: then some may have been appended.
    pub fn append_plain(&mut self, before: usize, rows: &PlainRows<'_>) -> Option<usize> {
        let clusterings = self.clusterings.iter().enumerate();
        let clusterings = clusterings.map(|(place, found)| (found, rows.clustering(place)));
        let regulars = self.regulars.iter().enumerate();
        let regulars = regulars.map(|(place, found)| (found, rows.column(place)));
        let mut size = 0_usize;
        for (found, values) in clusterings.chain(regulars) {
            let Some(output) = found.and_then(|index| self.all.get_mut(index)) else { continue };
            output.column.pad(before);
            size = size.saturating_add(output.column.append_all(values)?);
        }
        Some(size)
    }

    /// Makes room for the next batch, if there is none.
    pub fn make_room(&mut self) {
        self.all.iter_mut().for_each(|output| output.column.make_room());
    }

    /// Takes back what is of no row before the row `rows`.
    pub fn truncate(&mut self, rows: usize) {
        self.all.iter_mut().for_each(|output| output.column.truncate(rows));
    }
}
