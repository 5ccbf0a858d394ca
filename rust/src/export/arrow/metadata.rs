//! The columns that metadata adds: what rows are, and when things were written and deleted.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_buffer::{BooleanBufferBuilder, NullBufferBuilder};
use arrow_schema::{ArrowError, DataType, Field, Fields, TimeUnit};

use super::column::{Column, Empty, Store, Strings, Text, Wide, offset};
use super::plan::OutputColumn;
use super::schema::utc;
use crate::layouts::generated::clustering::Kind;
use crate::rows::{Cell, DeletionTime, LivenessInfo, Marker};
use crate::types::CqlType;
use crate::types::values::Refusal;

/// What a row of the answer is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowInfo {
    pub kind: &'static str,
    pub liveness: Option<LivenessInfo>,
    pub deletion: Option<DeletionTime>,
    pub shadowable: Option<bool>,
    pub open: Option<DeletionTime>,
    pub inclusive: Option<bool>,
    pub num_columns: Option<usize>,
}

impl RowInfo {
    /// A range's start, end or boundary.
    pub fn of_marker(marker: &Marker<'_>) -> Self {
        let kind = match (marker.close, marker.open) {
            (Some(_), Some(_)) => "range_tombstone_boundary",
            (_, Some(_)) => "range_tombstone_start",
            _ => "range_tombstone_end",
        };
        let inclusive =
            [Kind::INCL_START_BOUND, Kind::INCL_END_BOUND, Kind::INCL_END_EXCL_START_BOUNDARY];
        Self {
            kind,
            deletion: marker.close,
            open: marker.open,
            inclusive: Some(inclusive.contains(&marker.kind)),
            num_columns: Some(marker.values.len()),
            ..Self::default()
        }
    }
}

fn deletion_type() -> DataType {
    DataType::Struct(Fields::from(vec![
        Field::new("marked_for_delete_at", DataType::Int64, true),
        Field::new("local_deletion_time", utc(TimeUnit::Second), true),
    ]))
}

fn times() -> [(&'static str, DataType); 4] {
    [
        ("writetime", DataType::Int64),
        ("ttl", DataType::Int32),
        ("expires_at", utc(TimeUnit::Second)),
        ("deletion_time", utc(TimeUnit::Second)),
    ]
}

fn cells_type() -> DataType {
    let mut fields = vec![
        Field::new("path", DataType::Binary, true),
        Field::new("value", DataType::Binary, true),
    ];
    fields.extend(times().map(|(name, kind)| Field::new(name, kind, true)));
    let item = Field::new("item", DataType::Struct(Fields::from(fields)), true);
    DataType::List(Arc::new(item))
}

/// The fields that are added to those of `columns`.
pub(super) fn fields(columns: &[OutputColumn]) -> Vec<Field> {
    let of_rows = [
        ("row_kind", DataType::Utf8),
        ("row_writetime", DataType::Int64),
        ("row_ttl", DataType::Int32),
        ("row_expires_at", utc(TimeUnit::Second)),
        ("row_deletion", deletion_type()),
        ("row_deletion_shadowable", DataType::Boolean),
        ("range_open_deletion", deletion_type()),
        ("range_inclusive", DataType::Boolean),
        ("range_columns", DataType::Int32),
    ];
    let mut found: Vec<Field> =
        of_rows.into_iter().map(|(name, kind)| Field::new(name, kind, true)).collect();
    for column in columns.iter().filter(|column| !column.is_key()) {
        let name = &column.name;
        if column.is_complex() {
            found.push(Field::new(format!("deletion({name})"), deletion_type(), true));
            found.push(Field::new(format!("cells({name})"), cells_type(), true));
        } else {
            found.extend(
                times().map(|(what, kind)| Field::new(format!("{what}({name})"), kind, true)),
            );
        }
    }
    found
}

/// A column of a type that is Arrow's rather than CQL's.
fn column(data_type: DataType) -> Column {
    let of_fields = |fields: &Fields| {
        fields.iter().map(|field| column(field.data_type().clone())).collect::<Vec<_>>()
    };
    let store = match &data_type {
        DataType::Utf8 => Store::Text(Strings::default(), Text::Utf8),
        DataType::Binary => Store::Binary(Strings::default()),
        DataType::Int32 => Store::Four(Vec::new(), 0),
        DataType::Boolean => Store::Boolean(BooleanBufferBuilder::new(0)),
        DataType::Struct(fields) => Store::Struct(of_fields(fields)),
        DataType::List(item) => Store::List(Vec::new(), Box::new(column(item.data_type().clone()))),
        _ => Store::Eight(Vec::new(), Wide::Plain),
    };
    let validity = NullBufferBuilder::new(0);
    let handed = Default::default();
    let (cql, empty) = (CqlType::Blob, Empty::Null);
    Column { cql, data_type, store, validity, empty, has_empty: true, handed }
}

impl Column {
    fn push_number(&mut self, number: Option<i64>) {
        match (&mut self.store, number) {
            (Store::Eight(values, _), Some(number)) => values.push(number),
            (Store::Four(values, _), Some(number)) => {
                values.push(i32::try_from(number).unwrap_or(i32::MAX));
            }
            (Store::Boolean(values), Some(number)) => values.append(number != 0),
            _ => return self.append_nulls(1),
        }
        self.validity.append_non_null();
    }

    fn push_struct(&mut self, act: impl FnOnce(&mut [Self]) -> Result<(), Refusal>) -> Done {
        if let Store::Struct(fields) = &mut self.store {
            act(fields)?;
        }
        self.validity.append_non_null();
        Ok(())
    }

    fn push_deletion(&mut self, deletion: Option<DeletionTime>) -> Done {
        let Some(found) = deletion else {
            self.append_nulls(1);
            return Ok(());
        };
        self.push_struct(|fields| {
            numbers(fields, &[Some(found.marked_for_delete_at), Some(found.local_deletion_time)]);
            Ok(())
        })
    }
}

type Done = Result<(), Refusal>;

fn numbers(columns: &mut [Column], values: &[Option<i64>]) {
    for (column, value) in columns.iter_mut().zip(values) {
        column.push_number(*value);
    }
}

fn times_of(cell: &Cell<'_>) -> [Option<i64>; 4] {
    let seconds = cell.local_deletion_time;
    [
        Some(cell.timestamp),
        cell.ttl,
        cell.ttl.and(seconds),
        if cell.is_tombstone { seconds } else { None },
    ]
}

/// The added columns of a batch.
pub(super) struct Metadata {
    columns: Vec<Column>,
    /// Of each output column, the first that belongs to it.
    starts: Vec<usize>,
}

const NUM_ROW_COLUMNS: usize = 9;

impl Metadata {
    pub fn new(columns: &[OutputColumn]) -> Self {
        let mut next = NUM_ROW_COLUMNS;
        let starts = columns.iter().map(|column| {
            let start = next;
            let number = if column.is_key() {
                0
            } else if column.is_complex() {
                2
            } else {
                4
            };
            next = next.saturating_add(number);
            start
        });
        let starts = starts.collect();
        let made = fields(columns).iter().map(|field| column(field.data_type().clone())).collect();
        Self { columns: made, starts }
    }

    /// Bytes that each row takes.
    pub fn width(&self) -> usize {
        self.columns.iter().fold(0, |sum, column| column.width().saturating_add(sum))
    }

    /// Says what the row `row` is.
    pub fn row(&mut self, row: usize, info: &RowInfo) -> Done {
        self.columns.iter_mut().take(NUM_ROW_COLUMNS).for_each(|column| column.pad(row));
        if let [kind, writetime, ttl, expires, deletion, shadowable, open, inclusive, number, ..] =
            self.columns.as_mut_slice()
        {
            kind.append(Some(info.kind.as_bytes()))?;
            writetime.push_number(info.liveness.map(|found| found.timestamp));
            ttl.push_number(info.liveness.and_then(|found| found.ttl));
            expires.push_number(info.liveness.and_then(|found| found.local_expiration_time));
            deletion.push_deletion(info.deletion)?;
            shadowable.push_number(info.shadowable.map(i64::from));
            open.push_deletion(info.open)?;
            inclusive.push_number(info.inclusive.map(i64::from));
            number.push_number(info.num_columns.and_then(|number| i64::try_from(number).ok()));
        }
        Ok(())
    }

    fn of(&mut self, output: usize) -> &mut [Column] {
        let start = self.starts.get(output).copied().unwrap_or(0);
        self.columns.get_mut(start..).unwrap_or_default()
    }

    /// Adds when a simple column's cell of the row `row` was written.
    pub fn cell(&mut self, output: usize, row: usize, cell: &Cell<'_>) {
        let columns = self.of(output);
        columns.iter_mut().take(4).for_each(|column| column.pad(row));
        numbers(columns, &times_of(cell));
    }

    /// Begins a complex column of the row `row`.
    pub fn complex(&mut self, output: usize, row: usize, deletion: Option<DeletionTime>) -> Done {
        if let [first, cells, ..] = self.of(output) {
            first.pad(row);
            first.push_deletion(deletion)?;
            cells.pad(row);
        }
        Ok(())
    }

    /// Adds a cell of the complex column that was begun.
    pub fn complex_cell(&mut self, output: usize, path: &[u8], cell: &Cell<'_>) -> Done {
        let Some(Column { store: Store::List(_, item), .. }) = self.of(output).get_mut(1) else {
            return Ok(());
        };
        item.push_struct(|fields| {
            if let [to, value, times @ ..] = fields {
                to.append(Some(path))?;
                value.append(if cell.is_tombstone { None } else { Some(cell.value) })?;
                numbers(times, &times_of(cell));
            }
            Ok(())
        })
    }

    /// Ends the complex column that was begun.
    pub fn complex_end(&mut self, output: usize) -> Done {
        if let Some(column) = self.of(output).get_mut(1) {
            if let Store::List(ends, item) = &mut column.store {
                ends.push(offset(item.len())?);
            }
            column.validity.append_non_null();
        }
        Ok(())
    }

    /// The arrays of `rows` rows.
    pub fn finish(&mut self, rows: usize, arrays: &mut Vec<ArrayRef>) -> Result<(), ArrowError> {
        for column in &mut self.columns {
            column.truncate(rows);
            column.pad(rows);
            arrays.push(column.finish()?);
        }
        Ok(())
    }
}
