//! A batch's columns as those of a table.

use arrow_array::RecordBatch;

use super::arrays::Values;
use super::collections::Collection;
use super::plain::plain;
use crate::errors::{Error, Kind};
use crate::sstable::{ColumnFacts, ColumnKind, Facts};

/// Which columns of a table are columns of a batch.
#[derive(Clone, Debug)]
pub struct Columns {
    pub(super) partition: Vec<ColumnFacts>,
    pub(super) clustering: Vec<ColumnFacts>,
    /// With their places among the table's regular columns.
    pub(super) regular: Vec<(usize, ColumnFacts)>,
}

impl Columns {
    /// Those of the table that `facts` describe; `names` are the batch's columns, static ones not
    /// among them.
    #[must_use]
    pub fn new(facts: &Facts, names: &[&str]) -> Self {
        let all = |kind| facts.columns_of(kind).cloned();
        let regular = (0..).zip(all(ColumnKind::Regular));
        let is_there = |(_, column): &(usize, ColumnFacts)| names.contains(&column.name.as_str());
        Self {
            partition: all(ColumnKind::PartitionKey).collect(),
            clustering: all(ColumnKind::Clustering).collect(),
            regular: regular.filter(is_there).collect(),
        }
    }

    /// Their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let regular = self.regular.iter().map(|(_, column)| column);
        let all = self.partition.iter().chain(&self.clustering).chain(regular);
        all.map(|column| column.name.as_str())
    }

    /// Whether all can be read from `batch`.
    #[must_use]
    pub fn fit(&self, batch: &RecordBatch) -> bool {
        let regular = self.regular.iter().map(|(_, column)| column);
        let mut all = self.partition.iter().chain(&self.clustering).chain(regular);
        plain(batch).is_ok_and(|batch| all.all(|column| open(&batch, column).is_some()))
    }
}

/// The values of a column.
pub(super) enum Array<'b> {
    Simple(Values<'b>),
    Complex(Collection<'b>),
}

fn open<'b>(batch: &'b RecordBatch, column: &ColumnFacts) -> Option<Array<'b>> {
    let array = batch.column_by_name(&column.name)?.as_ref();
    if column.of.is_multi_cell() {
        return Collection::new(array, &column.of).map(Array::Complex);
    }
    Values::new(array, &column.of).map(Array::Simple)
}

fn need<'b>(batch: &'b RecordBatch, column: &ColumnFacts) -> Result<Array<'b>, Error> {
    open(batch, column).ok_or_else(|| {
        let message = format!("column {} is of another type", column.name);
        Error::new(Kind::Unsupported, "", message)
    })
}

/// The values of a column of the primary key.
fn simple(array: Array<'_>) -> Result<Values<'_>, Error> {
    match array {
        Array::Simple(values) => Ok(values),
        Array::Complex(_) => {
            Err(Error::new(Kind::Unsupported, "", "a key of collections that are not frozen"))
        }
    }
}

/// A batch's arrays by what they are.
pub(super) struct Arrays<'b> {
    pub(super) partition: Vec<Values<'b>>,
    pub(super) clustering: Vec<Values<'b>>,
    pub(super) regular: Vec<Array<'b>>,
}

impl<'b> Arrays<'b> {
    /// Those of `batch`.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: they do not fit the columns.
    pub(super) fn new(batch: &'b RecordBatch, columns: &Columns) -> Result<Self, Error> {
        let all = |columns: &[ColumnFacts]| -> Result<Vec<_>, Error> {
            let found = columns.iter().map(|column| need(batch, column));
            found.map(|found| simple(found?)).collect()
        };
        let regular = columns.regular.iter().map(|(_, column)| need(batch, column));
        Ok(Self {
            partition: all(&columns.partition)?,
            clustering: all(&columns.clustering)?,
            regular: regular.collect::<Result<_, _>>()?,
        })
    }

    /// The regular columns if all of them have one cell at most.
    pub(super) fn simple(&self) -> Option<Vec<&Values<'b>>> {
        let simple = |array: &'_ Array<'b>| matches!(array, Array::Simple(_));
        if !self.regular.iter().all(simple) {
            return None;
        }
        let values = self.regular.iter().filter_map(|array| match array {
            Array::Simple(values) => Some(values),
            Array::Complex(_) => None,
        });
        Some(values.collect())
    }
}
