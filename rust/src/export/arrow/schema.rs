//! The Arrow type of every CQL type.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Fields, IntervalUnit, Schema, TimeUnit};

use super::plan::{OutputColumn, Plan};
use crate::errors::{Error, Kind};
use crate::types::CqlType;

/// The most digits of an Arrow decimal of 128 bits.
const MAX_DECIMAL128: u8 = 38;

/// The Arrow type of values of `cql`; UUIDs are marked as such by their field.
#[must_use]
pub fn arrow_type(cql: &CqlType) -> DataType {
    match cql.unwrap_reversed() {
        CqlType::Ascii | CqlType::Decimal | CqlType::Inet | CqlType::Text | CqlType::Varint => {
            DataType::Utf8
        }
        CqlType::BigInt | CqlType::Counter => DataType::Int64,
        CqlType::Boolean => DataType::Boolean,
        CqlType::Date => DataType::Date32,
        CqlType::Double => DataType::Float64,
        CqlType::Duration => DataType::Interval(IntervalUnit::MonthDayNano),
        CqlType::Empty => DataType::Null,
        CqlType::Float => DataType::Float32,
        CqlType::Int => DataType::Int32,
        CqlType::LegacyTimestamp | CqlType::Timestamp => utc(TimeUnit::Millisecond),
        CqlType::LegacyTimeUuid | CqlType::LexicalUuid | CqlType::TimeUuid | CqlType::Uuid => {
            DataType::FixedSizeBinary(16)
        }
        CqlType::SmallInt => DataType::Int16,
        CqlType::Time => DataType::Time64(TimeUnit::Nanosecond),
        CqlType::TinyInt => DataType::Int8,
        CqlType::List(elements) | CqlType::Set(elements) => {
            DataType::List(field("item", &elements.element))
        }
        CqlType::Map(entries) => {
            let key = field("key", &entries.key).as_ref().clone().with_nullable(false);
            let pair = Fields::from(vec![Arc::new(key), field("value", &entries.value)]);
            DataType::Map(Arc::new(Field::new("entries", DataType::Struct(pair), false)), false)
        }
        CqlType::Tuple(fields) => DataType::Struct(
            fields
                .iter()
                .enumerate()
                .map(|(index, kind)| field(&index.to_string(), kind))
                .collect(),
        ),
        CqlType::User(user) => {
            DataType::Struct(user.fields.iter().map(|(name, kind)| field(name, kind)).collect())
        }
        CqlType::Vector(element, dimension) => {
            DataType::FixedSizeList(field("item", element), *dimension)
        }
        _ => DataType::Binary,
    }
}

/// Points in time in UTC.
pub(super) fn utc(unit: TimeUnit) -> DataType {
    DataType::Timestamp(unit, Some("UTC".into()))
}

/// A field that may be null, with values of `cql`.
fn field(name: &str, cql: &CqlType) -> FieldRef {
    Arc::new(marked(Field::new(name, arrow_type(cql), true), cql))
}

fn marked(field: Field, cql: &CqlType) -> Field {
    if arrow_type(cql) != DataType::FixedSizeBinary(16) {
        return field;
    }
    let name = ("ARROW:extension:name".to_owned(), "arrow.uuid".to_owned());
    let metadata = ("ARROW:extension:metadata".to_owned(), String::new());
    field.with_metadata([name, metadata].into())
}

/// The Arrow type of an output column.
#[must_use]
pub(super) fn column_type(column: &OutputColumn) -> DataType {
    match column.decimal {
        None => arrow_type(&column.cql),
        Some((precision, scale)) if precision <= MAX_DECIMAL128 => {
            DataType::Decimal128(precision, scale)
        }
        Some((precision, scale)) => DataType::Decimal256(precision, scale),
    }
}

/// The schema of the answer to `plan`.
///
/// # Errors
/// [`Kind::Unsupported`]: a column has the name of one that metadata adds.
pub fn schema(plan: &Plan) -> Result<Schema, Error> {
    let columns = plan.columns.iter().map(|column| {
        let field = Field::new(&column.name, column_type(column), true);
        if column.decimal.is_some() { field } else { marked(field, &column.cql) }
    });
    let mut fields: Vec<Field> = columns.collect();
    if plan.metadata {
        for added in super::metadata::fields(&plan.columns) {
            if fields.iter().any(|field| field.name() == added.name()) {
                let name = added.name();
                let message =
                    format!("the table has a column '{name}', which metadata adds itself");
                return Err(Error::new(Kind::Unsupported, "", message));
            }
            fields.push(added);
        }
    }
    Ok(Schema::new(fields))
}
