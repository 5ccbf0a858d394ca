//! Parts of a block's rows, encoded column by column, to be put together row by row.
//!
//! Cells of columns whose values have one length each, and that follow one another, are a piece
//! of the same length in all rows: what stands before the values is written once, and then only
//! values come and go. All pieces are copied by the 32 bytes, which is faster than by their
//! lengths.

use super::frames::{Frame, Head};
use super::packed::{Form, Packed, any};
use crate::layouts::prelude::Fault;
use crate::layouts::sink::Sink;

/// Bytes that are copied at once.
const STEP: usize = 32;

/// What some columns, one behind the other, give to each row.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Columns whose values have one length each.
    Group(Group),
    /// A column whose values have lengths of their own; the cells, and where each ends.
    Any(Sink, Vec<usize>),
}

/// Bytes of one length in all rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// A row's bytes without its values, and where these start.
    template: Vec<u8>,
    offsets: Vec<usize>,
    rows: usize,
    bytes: Vec<u8>,
}

impl Group {
    /// A group that starts with these bytes.
    pub(super) fn new(head: &Head) -> Self {
        let mut made = Self::default();
        made.template.extend_from_slice(head.0.get(..head.1).unwrap_or_default());
        made
    }

    /// Takes a column more if its values have one length.
    pub(super) fn add(&mut self, frame: &Frame, values: &Packed) -> bool {
        let Some(length) = values.length() else { return false };
        let Some(head) = frame.head(length) else { return false };
        self.template.extend_from_slice(head.0.get(..head.1).unwrap_or_default());
        self.offsets.push(self.template.len());
        self.template.resize(self.template.len().saturating_add(length), 0);
        self.rows = 0;
        true
    }

    /// Takes the values of so many rows.
    pub(super) fn fill<'p>(&mut self, rows: usize, columns: impl Iterator<Item = &'p Packed>) {
        if self.rows < rows {
            self.bytes = self.template.repeat(rows);
            self.bytes.resize(self.bytes.len().saturating_add(STEP), 0);
            self.rows = rows;
        }
        let (bytes, stride) = (self.bytes.as_mut_slice(), self.template.len());
        for (offset, values) in self.offsets.iter().zip(columns) {
            match &values.form {
                Form::One(values) => place(bytes, stride, *offset, values),
                Form::Two(values) => place(bytes, stride, *offset, values),
                Form::Four(values) => place(bytes, stride, *offset, values),
                Form::Eight(values) => place(bytes, stride, *offset, values),
                Form::Sixteen(values) => place(bytes, stride, *offset, values),
                Form::Any(..) => {}
            }
        }
    }

    /// How many bytes each row has.
    #[inline(always)]
    pub(super) fn length(&self) -> usize {
        self.template.len()
    }

    /// Appends those of a row.
    #[inline(always)]
    pub(super) fn put(&self, row: usize, out: &mut Sink) -> Result<(), Fault> {
        let length = self.template.len();
        put_step(&self.bytes, row.saturating_mul(length), length, out)
    }
}

/// Writes the values of a column into the rows.
#[inline(always)]
fn place<const N: usize>(bytes: &mut [u8], stride: usize, offset: usize, values: &[[u8; N]]) {
    let end = offset.saturating_add(N);
    for (row, value) in bytes.chunks_exact_mut(stride.max(1)).zip(values) {
        if let Some(to) = row.get_mut(offset..end) {
            to.copy_from_slice(value);
        }
    }
}

/// Appends bytes, behind the last of which are [`STEP`] more.
#[inline(always)]
fn put_step(bytes: &[u8], start: usize, length: usize, out: &mut Sink) -> Result<(), Fault> {
    let rest = bytes.get(start..).ok_or(Fault::Range)?;
    match rest.first_chunk::<STEP>() {
        Some(step) if length <= STEP => out.put_start(step, length),
        _ => out.put(rest.get(..length).ok_or(Fault::Range)?),
    }
    Ok(())
}

impl Piece {
    /// The pieces of columns, in their order.
    pub(super) fn all<'p>(columns: impl Iterator<Item = (&'p Frame, &'p Packed)>) -> Vec<Self> {
        let mut pieces = Vec::new();
        for (frame, values) in columns {
            if let Some(Self::Group(group)) = pieces.last_mut() {
                if group.add(frame, values) {
                    continue;
                }
            }
            let mut group = Group::default();
            pieces.push(if group.add(frame, values) {
                Self::Group(group)
            } else {
                Self::Any(Sink::new(), Vec::new())
            });
        }
        pieces
    }

    /// Takes the values of so many rows from the next of `columns`; says `false` if a value is
    /// too long for that.
    pub(super) fn fill<'p>(
        &mut self,
        rows: usize,
        columns: &mut impl Iterator<Item = (&'p Frame, &'p Packed)>,
    ) -> bool {
        match self {
            Self::Group(group) => {
                let number = group.offsets.len();
                group.fill(rows, columns.by_ref().take(number).map(|(_, values)| values));
                true
            }
            Self::Any(out, ends) => {
                let Some((frame, values)) = columns.next() else { return false };
                out.clear();
                ends.clear();
                let done = (0..rows).try_for_each(|row| put_value(frame, values, row, out, ends));
                out.put(&[0; STEP]);
                done.is_some()
            }
        }
    }

    /// How many bytes a row has.
    #[inline(always)]
    pub(super) fn length(&self, row: usize) -> usize {
        match self {
            Self::Group(group) => group.length(),
            Self::Any(_, ends) => {
                let (start, end) = span(ends, row);
                end.saturating_sub(start)
            }
        }
    }

    /// Appends those of a row.
    #[inline(always)]
    pub(super) fn put(&self, row: usize, out: &mut Sink) -> Result<(), Fault> {
        match self {
            Self::Group(group) => group.put(row, out),
            Self::Any(bytes, ends) => {
                let (start, end) = span(ends, row);
                put_step(bytes.as_slice(), start, end.saturating_sub(start), out)
            }
        }
    }
}

/// Appends a value, with what stands before it, to the cells of its column.
#[inline(always)]
fn put_value(
    frame: &Frame,
    values: &Packed,
    row: usize,
    out: &mut Sink,
    ends: &mut Vec<usize>,
) -> Option<()> {
    let Form::Any(bytes, value_ends) = &values.form else { return None };
    let value = any(bytes, value_ends, row)?;
    let (head, length) = frame.head(value.len())?;
    out.put_start(head, *length);
    let start = row.checked_sub(1).map_or(Some(0), |before| value_ends.get(before).copied())?;
    match bytes.get(start..).and_then(<[u8]>::first_chunk::<STEP>) {
        Some(step) if value.len() <= STEP => out.put_start(step, value.len()),
        _ => out.put(value),
    }
    ends.push(out.as_slice().len());
    Some(())
}

#[inline(always)]
fn span(ends: &[usize], row: usize) -> (usize, usize) {
    let start = row.checked_sub(1).and_then(|before| ends.get(before)).copied();
    (start.unwrap_or(0), ends.get(row).copied().unwrap_or(0))
}
