//! A column of a batch while it is being filled, one store for each Arrow type.
//!
//! What is appended to a column may fail half-way; [`Column::truncate`] takes it back.

use arrow_buffer::{BooleanBufferBuilder, IntervalMonthDayNano, NullBufferBuilder, i256};
use arrow_schema::DataType;

use super::decimals::{self, Form};
use super::handed::Handed;
use super::plan::OutputColumn;
use super::schema::{arrow_type, column_type};
use crate::codec::{be, decimals as texts, text};
use crate::types::CqlType;
use crate::types::values::{
    self, Part, Refusal, each_element, each_entry, each_field, each_vector_element,
};

/// What becomes of values without bytes that Arrow's types don't have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// They are refused.
    Error,
    /// They are null.
    Null,
}

/// Values of one type.
pub struct Column {
    pub(super) cql: CqlType,
    pub(super) data_type: DataType,
    pub(super) store: Store,
    pub(super) validity: NullBufferBuilder,
    pub(super) empty: Empty,
    /// Whether a value without bytes is an ordinary one.
    pub(super) has_empty: bool,
    /// Of values and of offsets.
    pub(super) handed: [Handed; 2],
}

/// How strings come from bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Ascii,
    Decimal,
    Inet,
    Utf8,
    Varint,
}

/// How eight bytes come from a value's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    Counter,
    Plain,
    Time,
}

/// Strings or bytes one after another.
#[derive(Default)]
pub(super) struct Strings {
    pub ends: Vec<i32>,
    pub bytes: Vec<u8>,
}

pub(super) enum Store {
    Binary(Strings),
    Boolean(BooleanBufferBuilder),
    Decimal128(Vec<i128>, Form),
    Decimal256(Vec<i256>, Form),
    Duration(Vec<IntervalMonthDayNano>),
    /// The number is added to each without a carry.
    Four(Vec<i32>, i32),
    Eight(Vec<i64>, Wide),
    List(Vec<i32>, Box<Column>),
    Map(Vec<i32>, Box<Column>, Box<Column>),
    Nothing,
    SmallInt(Vec<i16>),
    Struct(Vec<Column>),
    Text(Strings, Text),
    TinyInt(Vec<i8>),
    Uuid(Vec<u8>),
    Vector(i32, Box<Column>),
}

impl Column {
    /// The column for values of an output column, in their frozen form.
    #[must_use]
    pub fn new(column: &OutputColumn, empty: Empty) -> Self {
        let cql = column.cql.unwrap_reversed().clone().freeze();
        let mut made = Self::of(&cql, empty);
        if let Some((precision, scale)) = column.decimal {
            let form = Form { precision, scale, is_varint: cql == CqlType::Varint };
            made.data_type = column_type(column);
            made.store = match made.data_type {
                DataType::Decimal128(..) => Store::Decimal128(Vec::new(), form),
                _ => Store::Decimal256(Vec::new(), form),
            };
        }
        made
    }

    /// The column for values of `cql`.
    #[must_use]
    pub fn of(cql: &CqlType, empty: Empty) -> Self {
        let cql = cql.unwrap_reversed().clone();
        let store = Store::of(&cql, empty);
        let has_empty = match &store {
            Store::Text(_, text) => matches!(text, Text::Ascii | Text::Utf8),
            Store::Binary(_) | Store::Nothing => true,
            _ => false,
        };
        let data_type = arrow_type(&cql);
        let validity = NullBufferBuilder::new(0);
        Self { cql, data_type, store, validity, empty, has_empty, handed: Default::default() }
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.validity.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that each value takes, null or not, besides those of its own.
    #[must_use]
    pub fn width(&self) -> usize {
        match &self.store {
            Store::Boolean(_) | Store::Nothing | Store::TinyInt(_) => 1,
            Store::SmallInt(_) => 2,
            Store::Four(..) | Store::Binary(_) | Store::Text(..) => 4,
            Store::Eight(..) => 8,
            Store::Decimal128(..) | Store::Duration(_) | Store::Uuid(_) => 16,
            Store::Decimal256(..) => 32,
            Store::List(..) | Store::Map(..) => 4,
            Store::Struct(fields) => {
                fields.iter().fold(0, |sum, field| field.width().saturating_add(sum))
            }
            Store::Vector(dimension, item) => size(*dimension).saturating_mul(item.width()),
        }
    }

    /// Adds a serialized value, none for null.
    ///
    /// # Errors
    /// It is no value of the type, or one that Arrow doesn't have.
    #[inline]
    pub fn append(&mut self, data: Part<'_>) -> Result<(), Refusal> {
        match data {
            Some(data) if !data.is_empty() || self.has_empty => self.append_value(data),
            Some(_) if self.empty == Empty::Error => Err(self.refuse_empty()),
            _ => {
                self.append_nulls(1);
                Ok(())
            }
        }
    }

    #[cold]
    fn refuse_empty(&self) -> Refusal {
        Refusal::new(format!(
            "a {} without bytes, which Arrow has no value for; it becomes null where empty \
             values are asked to",
            self.cql.cql_name()
        ))
    }

    #[inline]
    fn append_value(&mut self, data: &[u8]) -> Result<(), Refusal> {
        match &mut self.store {
            Store::Four(values, offset) => {
                values.push(be::i32(data).ok_or_else(|| length(data, 4))? ^ *offset);
            }
            Store::Eight(values, Wide::Plain) => {
                values.push(be::i64(data).ok_or_else(|| length(data, 8))?);
            }
            Store::Text(strings, Text::Utf8) => {
                if !data.is_ascii() && std::str::from_utf8(data).is_err() {
                    return Err(Refusal::new("not utf-8"));
                }
                strings.push(data)?;
            }
            _ => return self.append_other(data),
        }
        self.validity.append_non_null();
        Ok(())
    }

    fn append_other(&mut self, data: &[u8]) -> Result<(), Refusal> {
        match &mut self.store {
            Store::Eight(values, Wide::Counter) => values.push(values::counter_total(data)?),
            Store::Eight(values, _) => values.push(values::time(data)?),
            Store::Binary(strings) => strings.push(data)?,
            Store::Boolean(values) => {
                values.append(be::i8(data).ok_or_else(|| length(data, 1))? != 0);
            }
            Store::TinyInt(values) => values.push(be::i8(data).ok_or_else(|| length(data, 1))?),
            Store::SmallInt(values) => values.push(be::i16(data).ok_or_else(|| length(data, 2))?),
            Store::Decimal128(values, form) => values.push(form.i128(data)?),
            Store::Decimal256(values, form) => values.push(form.i256(data)?),
            Store::Duration(values) => {
                let (months, days, nanos) = values::duration(data)?;
                values.push(IntervalMonthDayNano::new(months, days, nanos));
            }
            Store::Uuid(bytes) if data.len() == 16 => bytes.extend_from_slice(data),
            Store::Uuid(_) => return Err(length(data, 16)),
            Store::Text(strings, text) => strings.write(data, *text)?,
            Store::Nothing if data.is_empty() => {}
            Store::Nothing => return Err(Refusal::new("it only has the value without bytes")),
            _ => self.append_nested(data)?,
        }
        self.validity.append_non_null();
        Ok(())
    }

    fn append_nested(&mut self, data: &[u8]) -> Result<(), Refusal> {
        match (&mut self.store, &self.cql) {
            (Store::List(ends, item), cql) => {
                let takes_null = matches!(cql, CqlType::List(_));
                each_element(data, |part| {
                    if part.is_none() && !takes_null {
                        return Err(Refusal::new("a null in a set"));
                    }
                    item.append(part)
                })?;
                ends.push(offset(item.len())?);
            }
            (Store::Map(ends, key, value), _) => {
                each_entry(data, |k, v| {
                    if k.is_none() || v.is_none() {
                        return Err(Refusal::new("a null in a map"));
                    }
                    key.append(k).and(value.append(v))
                })?;
                ends.push(offset(key.len())?);
            }
            (Store::Struct(fields), _) => {
                let start = self.validity.len();
                let num_fields = fields.len();
                each_field(data, num_fields, |index, part| {
                    fields.get_mut(index).map_or(Ok(()), |field| field.append(part))
                })?;
                for field in fields {
                    field.pad(start.saturating_add(1));
                }
            }
            (Store::Vector(_, item), CqlType::Vector(element, dimension)) => {
                each_vector_element(element, *dimension, data, |part| item.append(Some(part)))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds the value of cells that are not frozen, none for null; see [`Cells`].
    ///
    /// # Errors
    /// A cell is no part of a value of the type.
    pub fn append_cells(&mut self, cells: &Cells) -> Result<(), Refusal> {
        let start = self.validity.len();
        match (&mut self.store, &self.cql) {
            (Store::List(ends, item), CqlType::Set(_)) => {
                cells.each(|path, _| item.append(Some(path)))?;
                ends.push(offset(item.len())?);
            }
            (Store::List(ends, item), _) => {
                cells.each(|_, value| item.append(Some(value)))?;
                ends.push(offset(item.len())?);
            }
            (Store::Map(ends, key, item), _) => {
                cells.each(|path, value| key.append(Some(path)).and(item.append(Some(value))))?;
                ends.push(offset(key.len())?);
            }
            (Store::Struct(fields), _) => {
                cells.each(|path, value| {
                    let position =
                        be::i16(path).and_then(|position| usize::try_from(position).ok());
                    let field = position.and_then(|position| fields.get_mut(position));
                    let field = field.ok_or_else(|| Refusal::new("no such field"))?;
                    field.truncate(start);
                    field.append(Some(value))
                })?;
                for field in fields {
                    field.pad(start.saturating_add(1));
                }
            }
            _ => return Err(Refusal::new("a value of many cells where the type has one")),
        }
        self.validity.append_non_null();
        Ok(())
    }

    /// Adds nulls up to `len` values.
    #[inline]
    pub fn pad(&mut self, len: usize) {
        let missing = len.saturating_sub(self.len());
        if missing > 0 {
            self.append_nulls(missing);
        }
    }

    /// Adds as many nulls.
    pub fn append_nulls(&mut self, number: usize) {
        let len = self.len().saturating_add(number);
        match &mut self.store {
            Store::Binary(strings) | Store::Text(strings, _) => strings.pad(len),
            Store::Boolean(values) => values.append_n(number, false),
            Store::Decimal128(values, _) => values.resize(len, 0),
            Store::Decimal256(values, _) => values.resize(len, i256::ZERO),
            Store::Duration(values) => values.resize(len, IntervalMonthDayNano::ZERO),
            Store::Four(values, _) => values.resize(len, 0),
            Store::Eight(values, _) => values.resize(len, 0),
            Store::List(ends, _) | Store::Map(ends, ..) => {
                ends.resize(len, ends.last().copied().unwrap_or(0));
            }
            Store::Nothing => {}
            Store::SmallInt(values) => values.resize(len, 0),
            Store::Struct(fields) => fields.iter_mut().for_each(|field| field.pad(len)),
            Store::TinyInt(values) => values.resize(len, 0),
            Store::Uuid(bytes) => bytes.resize(len.saturating_mul(16), 0),
            Store::Vector(dimension, item) => item.pad(size(*dimension).saturating_mul(len)),
        }
        self.validity.append_n_nulls(number);
    }

    /// Takes back what is after the first `len` values, and what failed half-way.
    pub fn truncate(&mut self, len: usize) {
        match &mut self.store {
            Store::Binary(strings) | Store::Text(strings, _) => strings.truncate(len),
            Store::Boolean(values) => values.truncate(len.min(values.len())),
            Store::Decimal128(values, _) => values.truncate(len),
            Store::Decimal256(values, _) => values.truncate(len),
            Store::Duration(values) => values.truncate(len),
            Store::Four(values, _) => values.truncate(len),
            Store::Eight(values, _) => values.truncate(len),
            Store::List(ends, item) => {
                ends.truncate(len);
                item.truncate(end_of(ends));
            }
            Store::Map(ends, key, value) => {
                ends.truncate(len);
                key.truncate(end_of(ends));
                value.truncate(end_of(ends));
            }
            Store::Nothing => {}
            Store::SmallInt(values) => values.truncate(len),
            Store::Struct(fields) => fields.iter_mut().for_each(|field| field.truncate(len)),
            Store::TinyInt(values) => values.truncate(len),
            Store::Uuid(bytes) => bytes.truncate(len.saturating_mul(16)),
            Store::Vector(dimension, item) => item.truncate(size(*dimension).saturating_mul(len)),
        }
        if len < self.validity.len() {
            self.validity.truncate(len);
        }
    }
}

impl Store {
    fn of(cql: &CqlType, empty: Empty) -> Self {
        let boxed = |cql: &CqlType, empty| Box::new(Column::of(cql, empty));
        match cql {
            CqlType::List(elements) | CqlType::Set(elements) => {
                Self::List(Vec::new(), boxed(&elements.element, empty))
            }
            CqlType::Map(entries) => {
                let key = boxed(&entries.key, Empty::Error);
                Self::Map(Vec::new(), key, boxed(&entries.value, empty))
            }
            CqlType::Tuple(fields) => {
                Self::Struct(fields.iter().map(|field| Column::of(field, empty)).collect())
            }
            CqlType::User(user) => Self::Struct(
                user.fields.iter().map(|(_, field)| Column::of(field, empty)).collect(),
            ),
            CqlType::Vector(element, dimension) => Self::Vector(*dimension, boxed(element, empty)),
            _ => Self::of_scalar(cql),
        }
    }

    fn of_scalar(cql: &CqlType) -> Self {
        let text = |text| Self::Text(Strings::default(), text);
        match cql {
            CqlType::Ascii => text(Text::Ascii),
            CqlType::Text => text(Text::Utf8),
            CqlType::Decimal => text(Text::Decimal),
            CqlType::Inet => text(Text::Inet),
            CqlType::Varint => text(Text::Varint),
            CqlType::Boolean => Self::Boolean(BooleanBufferBuilder::new(0)),
            CqlType::TinyInt => Self::TinyInt(Vec::new()),
            CqlType::SmallInt => Self::SmallInt(Vec::new()),
            CqlType::Int | CqlType::Float => Self::Four(Vec::new(), 0),
            // Days count from 2^31 there.
            CqlType::Date => Self::Four(Vec::new(), i32::MIN),
            CqlType::BigInt | CqlType::Double | CqlType::LegacyTimestamp | CqlType::Timestamp => {
                Self::Eight(Vec::new(), Wide::Plain)
            }
            CqlType::Counter => Self::Eight(Vec::new(), Wide::Counter),
            CqlType::Time => Self::Eight(Vec::new(), Wide::Time),
            CqlType::Duration => Self::Duration(Vec::new()),
            CqlType::LegacyTimeUuid | CqlType::LexicalUuid | CqlType::TimeUuid | CqlType::Uuid => {
                Self::Uuid(Vec::new())
            }
            CqlType::Empty => Self::Nothing,
            _ => Self::Binary(Strings::default()),
        }
    }
}

impl Strings {
    #[inline]
    pub fn push(&mut self, data: &[u8]) -> Result<(), Refusal> {
        self.bytes.extend_from_slice(data);
        self.ends.push(offset(self.bytes.len())?);
        Ok(())
    }

    fn write(&mut self, data: &[u8], text: Text) -> Result<(), Refusal> {
        match text {
            Text::Ascii | Text::Utf8 if !data.is_ascii() => return Err(Refusal::new("not ascii")),
            Text::Ascii | Text::Utf8 => self.bytes.extend_from_slice(data),
            Text::Decimal => decimals::write(data, &mut self.bytes)?,
            Text::Varint => texts::varint(data, &mut self.bytes),
            Text::Inet => match (data.try_into(), data.try_into()) {
                (Ok(address), _) => text::ipv4(address, &mut self.bytes),
                (_, Ok(address)) => text::ipv6(address, &mut self.bytes),
                _ => return Err(Refusal::new(format!("{} bytes, not 4 or 16", data.len()))),
            },
        }
        self.ends.push(offset(self.bytes.len())?);
        Ok(())
    }

    pub fn pad(&mut self, len: usize) {
        self.ends.resize(len, self.ends.last().copied().unwrap_or(0));
    }

    pub fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.bytes.truncate(end_of(&self.ends));
    }
}

/// The cells of a value that is not frozen, in their order: paths and values.
#[derive(Default)]
pub struct Cells {
    bytes: Vec<u8>,
    ends: Vec<(usize, usize)>,
}

impl Cells {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of paths and values.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Adds a cell.
    pub fn push(&mut self, path: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(path);
        let end = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push((end, self.bytes.len()));
    }

    fn each(
        &self,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut start = 0;
        for (middle, end) in &self.ends {
            let path = self.bytes.get(start..*middle).unwrap_or_default();
            each(path, self.bytes.get(*middle..*end).unwrap_or_default())?;
            start = *end;
        }
        Ok(())
    }
}

#[cold]
fn length(data: &[u8], wanted: usize) -> Refusal {
    Refusal::new(format!("expected {wanted} bytes, got {}", data.len()))
}

#[inline]
pub(super) fn offset(len: usize) -> Result<i32, Refusal> {
    i32::try_from(len).map_err(|_| Refusal::new("more than 2 GiB of values in one batch"))
}

fn end_of(ends: &[i32]) -> usize {
    size(ends.last().copied().unwrap_or(0))
}

/// A size or an offset of Arrow's, which are not negative.
pub(super) fn size(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}
