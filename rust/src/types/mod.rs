//! CQL types: what their class strings say and what the bytes of their values mean.

pub mod byte_comparable;
pub mod clusterings;
mod comparable;
pub mod composites;
mod names;
pub mod pack;
pub mod parser;
pub mod partitioner;
mod text;
pub mod values;

pub use parser::parse_type;

/// `shape` of a type whose values are spread over many cells, each with a path.
pub const MULTI_CELL_SHAPE: i32 = -2;

/// A type of values in SSTables (`org.apache.cassandra.db.marshal.AbstractType`).
///
/// Type parameters of collections and vectors are frozen, as are those of frozen types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CqlType {
    /// `ascii`
    Ascii,
    /// `bigint`
    BigInt,
    /// `blob`
    Blob,
    /// `boolean`
    Boolean,
    /// `counter`
    Counter,
    /// `date`, `SimpleDateType`
    Date,
    /// `decimal`
    Decimal,
    /// `double`
    Double,
    /// `duration`
    Duration,
    /// `empty`, which has no value but the one without bytes
    Empty,
    /// `float`
    Float,
    /// `inet`
    Inet,
    /// `int`
    Int,
    /// `timestamp` of old tables, `DateType`
    LegacyTimestamp,
    /// `timeuuid` as functions see it, `LegacyTimeUUIDType`
    LegacyTimeUuid,
    /// `LexicalUUIDType`, which CQL has no name for
    LexicalUuid,
    /// `smallint`
    SmallInt,
    /// `text`
    Text,
    /// `time`
    Time,
    /// `timestamp`
    Timestamp,
    /// `timeuuid`
    TimeUuid,
    /// `tinyint`
    TinyInt,
    /// `uuid`
    Uuid,
    /// `varint`
    Varint,
    /// `list`
    List(Elements),
    /// `set`
    Set(Elements),
    /// `map`
    Map(Box<Entries>),
    /// `tuple`, always frozen
    Tuple(Vec<CqlType>),
    /// A user-defined type.
    User(Box<UserType>),
    /// `vector`
    Vector(Box<CqlType>, i32),
    /// `CompositeType`, of components of these types
    Composite(Vec<CqlType>),
    /// `DynamicCompositeType`, with the aliases of types
    DynamicComposite(Vec<(u8, CqlType)>),
    /// Values of another type in descending order.
    Reversed(Box<CqlType>),
    /// Partition keys in the order of their tokens.
    PartitionerOrder(Box<PartitionerOrder>),
    /// A class that is not Cassandra's own, with its parameters.
    Custom(String),
}

/// What a list or set consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elements {
    /// The elements' type.
    pub element: Box<CqlType>,
    /// Whether each element has a cell of its own.
    pub is_multi_cell: bool,
}

/// What a map consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// The keys' type.
    pub key: CqlType,
    /// The values' type.
    pub value: CqlType,
    /// Whether each entry has a cell of its own.
    pub is_multi_cell: bool,
}

/// A user-defined type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserType {
    /// Where it is defined.
    pub keyspace: String,
    /// What it is called.
    pub name: String,
    /// Names and types of its fields.
    pub fields: Vec<(String, CqlType)>,
    /// Whether each field has a cell of its own.
    pub is_multi_cell: bool,
}

/// What tables of secondary indexes are clustered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionerOrder {
    /// The partitioner's class.
    pub partitioner: String,
    /// The type of the indexed table's partition key, where that is told.
    pub key: Option<CqlType>,
}

impl CqlType {
    /// The type without `ReversedType`.
    #[must_use]
    pub fn unwrap_reversed(&self) -> &Self {
        match self {
            Self::Reversed(base) => base.unwrap_reversed(),
            _ => self,
        }
    }

    /// Whether values sort in descending order.
    #[must_use]
    pub const fn is_reversed(&self) -> bool {
        matches!(self, Self::Reversed(_))
    }

    /// Whether each element has a cell of its own: collections and UDTs that are not frozen.
    #[must_use]
    pub fn is_multi_cell(&self) -> bool {
        match self {
            Self::List(elements) | Self::Set(elements) => elements.is_multi_cell,
            Self::Map(entries) => entries.is_multi_cell,
            Self::User(user) => user.is_multi_cell,
            _ => false,
        }
    }

    /// The same type with all of a value in one cell.
    #[must_use]
    pub fn freeze(self) -> Self {
        let frozen = |elements: Elements| Elements {
            element: Box::new(elements.element.freeze()),
            is_multi_cell: false,
        };
        match self {
            Self::List(elements) => Self::List(frozen(elements)),
            Self::Set(elements) => Self::Set(frozen(elements)),
            Self::Map(entries) => Self::Map(Box::new(Entries {
                key: entries.key.freeze(),
                value: entries.value.freeze(),
                is_multi_cell: false,
            })),
            Self::User(user) => Self::User(Box::new(UserType { is_multi_cell: false, ..*user })),
            other => other,
        }
    }

    /// Length of every value in bytes, -1 where lengths differ
    /// (`AbstractType.valueLengthIfFixed`).
    #[must_use]
    pub fn value_length_if_fixed(&self) -> i32 {
        match self {
            Self::Empty => 0,
            Self::Boolean => 1,
            Self::Float | Self::Int => 4,
            Self::BigInt | Self::Double | Self::LegacyTimestamp | Self::Timestamp => 8,
            Self::LegacyTimeUuid | Self::LexicalUuid | Self::TimeUuid | Self::Uuid => 16,
            Self::Vector(element, dimension) => match element.value_length_if_fixed() {
                // The parser refuses vectors whose length is out of range.
                length @ 0.. => length.saturating_mul(*dimension),
                _ => -1,
            },
            Self::Reversed(base) => base.value_length_if_fixed(),
            _ => -1,
        }
    }

    /// What the layouts take: -2 if multi-cell, else `value_length_if_fixed`.
    #[must_use]
    pub fn shape(&self) -> i32 {
        if self.is_multi_cell() { MULTI_CELL_SHAPE } else { self.value_length_if_fixed() }
    }
}
