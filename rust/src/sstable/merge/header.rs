//! The columns of several SSTables as those of one table.

use crate::errors::{Error, Kind};
use crate::rows::Projection;
use crate::rows::merge::Column;
use crate::sstable::{ColumnFacts, ColumnKind, Facts};
use crate::types::CqlType;
use crate::types::clusterings::ClusteringTypes;
use crate::types::partitioner::Partitioner;

/// Up to when cells don't count of columns that the table does not have, in microseconds.
const NEVER: i64 = i64::MAX;

/// What the answer's rows consist of: the columns of the table.
#[derive(Clone, Debug)]
pub struct Header {
    /// The table's columns, each kind in its order.
    pub columns: Vec<ColumnFacts>,
    /// What partitions are ordered by.
    pub partitioner: Partitioner,
    /// What rows are ordered by.
    pub clustering: ClusteringTypes,
}

impl Header {
    /// A table of `columns` with a partitioner of this class.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: no such partitioner.
    pub fn new(columns: Vec<ColumnFacts>, partitioner: &str) -> Result<Self, Error> {
        let of = |kind| -> Vec<CqlType> {
            let found = columns.iter().filter(|column| column.kind == kind);
            found.map(|column| column.of.clone()).collect()
        };
        let mut key = of(ColumnKind::PartitionKey);
        let single = if key.len() == 1 { key.pop() } else { Some(CqlType::Composite(key)) };
        let partitioner = Partitioner::parse(partitioner, single.as_ref())?;
        let clustering = ClusteringTypes::new(of(ColumnKind::Clustering));
        Ok(Self { columns, partitioner, clustering })
    }

    /// The columns of a kind.
    pub fn columns_of(&self, kind: ColumnKind) -> impl Iterator<Item = &ColumnFacts> {
        self.columns.iter().filter(move |column| column.kind == kind)
    }

    /// What merging needs to know of the columns of a kind.
    #[must_use]
    pub fn rules(&self, kind: ColumnKind) -> Vec<Column> {
        let columns = self.columns_of(kind);
        columns.map(|column| Column::new(column.name.clone(), &column.of)).collect()
    }
}

/// Which of the table's columns those of an SSTable are.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    statics: Vec<Option<usize>>,
    regulars: Vec<Option<usize>>,
    /// Whether regular columns have the same numbers in both.
    pub is_same: bool,
    /// Regular columns whose values are wanted: their numbers in the SSTable, and in the table.
    pub wanted: (Vec<usize>, Vec<usize>),
    /// Whether these are all that are wanted of the table, so that of plain rows with the same
    /// clustering the newest one counts.
    pub is_complete: bool,
}

impl Mapping {
    /// How the columns of an SSTable are found in `header`.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: a column has one cell in the one and many in the other.
    pub fn new(facts: &Facts, header: &Header) -> Result<Self, Error> {
        let places = |kind| -> Result<Vec<Option<usize>>, Error> {
            facts.columns_of(kind).map(|column| place(facts, column, header)).collect()
        };
        let (statics, regulars) = (places(ColumnKind::Static)?, places(ColumnKind::Regular)?);
        let number = header.columns_of(ColumnKind::Regular).count();
        let is_same = regulars.len() <= number
            && regulars.iter().enumerate().all(|(index, found)| *found == Some(index));
        let mut mapping = Self { statics, regulars, is_same, ..Self::default() };
        mapping.want(&header.rules(ColumnKind::Regular));
        Ok(mapping)
    }

    /// Says which of the table's regular columns are wanted.
    pub fn want(&mut self, columns: &[Column]) {
        let wants = |place: usize| columns.get(place).is_some_and(|column| column.is_wanted);
        let pairs = self.regulars.iter().enumerate();
        let pairs = pairs.filter_map(|(from, to)| Some((from, (*to).filter(|to| wants(*to))?)));
        let mut pairs: Vec<(usize, usize)> = pairs.collect();
        pairs.sort_by_key(|(_, to)| *to);
        self.wanted = pairs.into_iter().unzip();
        let mut wanted = columns.iter().filter(|column| column.is_wanted);
        let number = columns.iter().filter(|column| column.is_wanted).count();
        self.is_complete =
            self.wanted.1.len() == number && wanted.all(|column| !column.is_counter());
    }

    /// The number in the table of a column of the SSTable.
    #[inline]
    #[must_use]
    pub fn of(&self, is_static: bool, column: usize) -> Option<usize> {
        let places = if is_static { &self.statics } else { &self.regulars };
        places.get(column).copied().flatten()
    }

    /// What is to be read of an SSTable: all columns that the table has.
    #[must_use]
    pub fn projection(&self) -> Projection {
        let are_there =
            |places: &[Option<usize>]| places.iter().map(Option::is_some).collect::<Vec<bool>>();
        Projection { statics: are_there(&self.statics), regulars: are_there(&self.regulars) }
    }
}

fn place(facts: &Facts, column: &ColumnFacts, header: &Header) -> Result<Option<usize>, Error> {
    if facts.dropped.get(&column.name) == Some(&NEVER) {
        return Ok(None);
    }
    let mut of_kind = header.columns_of(column.kind).enumerate();
    let Some((index, found)) = of_kind.find(|(_, other)| other.name == column.name) else {
        return Ok(None);
    };
    if found.of.is_multi_cell() == column.of.is_multi_cell() {
        return Ok(Some(index));
    }
    if facts.dropped.contains_key(&column.name) {
        // It was dropped, and has come back as something else.
        return Ok(None);
    }
    let message = format!(
        "column {} is a {} here and a {} in the table, which has cells of another kind",
        column.name,
        column.of.cql_name(),
        found.of.cql_name()
    );
    Err(Error::new(Kind::Unsupported, "Statistics.db", message))
}
