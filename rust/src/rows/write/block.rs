//! Rows that INSERT makes, many at once: values come column by column, and what stands before
//! them is encoded once for all that are alike.

use super::packed::{Form, Packed, any};
use super::parts::{cell_flags, with_header};
use super::{Row, RowWriter, unwritable};
use crate::codec::vint::unsigned;
use crate::errors::Error;
use crate::index::write::clustering_values;
use crate::layouts::generated::clustering::{BlockHead, ValueType};
use crate::layouts::generated::data;
use crate::layouts::make::vint;
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::rows::events::{Cell, LivenessInfo};
use crate::rows::format::RowFormat;

/// Values up to this length have what stands before them prepared.
const MOST: usize = 255;
/// Clustering columns that have one header.
const MOST_CLUSTERING: usize = 32;
/// Bytes of a [`Head`] at most.
const START: usize = 8;

/// Rows of one partition in their order, each once.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Of each row when it was written, in microseconds.
    pub timestamps: Vec<i64>,
    /// Seconds until they expire; none for never.
    pub ttl: Option<i64>,
    /// Seconds since 1970 when they are written.
    pub now: i64,
    /// Whether a null deletes the column, which else the row doesn't have.
    pub null_deletes: bool,
    /// Values of the clustering columns, none of them null.
    pub clustering: Vec<Packed>,
    /// The place among an SSTable's columns of each column that rows may have, ascending.
    pub places: Vec<usize>,
    /// Values of these.
    pub columns: Vec<Packed>,
}

impl Block {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.timestamps.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.timestamps.is_empty()
    }

    /// Forgets the rows, but keeps the memory.
    pub fn clear(&mut self) {
        self.timestamps.clear();
        self.clustering.iter_mut().chain(&mut self.columns).for_each(Packed::clear);
    }

    /// Replaces what is in `out` by the clustering of a row.
    pub fn clustering_of<'b>(&'b self, row: usize, out: &mut Vec<Option<&'b [u8]>>) {
        out.clear();
        out.extend(self.clustering.iter().map(|column| column.get(row)));
    }

    /// The cells that have a value, and those that delete.
    #[must_use]
    pub fn num_cells(&self) -> (u64, u64) {
        let nulls = |column: &Packed| -> usize {
            (0..column.len()).filter(|row| column.is_null(*row)).count()
        };
        let num_nulls: usize =
            self.columns.iter().filter(|column| column.has_nulls()).map(nulls).sum();
        let all = self.len().saturating_mul(self.columns.len());
        let values = fit(all.saturating_sub(num_nulls)).unwrap_or(u64::MAX);
        (values, if self.null_deletes { fit(num_nulls).unwrap_or(u64::MAX) } else { 0 })
    }

    /// When a row was written.
    #[must_use]
    pub fn liveness(&self, row: usize) -> LivenessInfo {
        LivenessInfo {
            timestamp: self.timestamps.get(row).copied().unwrap_or(0),
            ttl: self.ttl,
            local_expiration_time: self.ttl.map(|ttl| self.now.saturating_add(ttl)),
        }
    }

    /// A cell of a row: its value, or a deletion.
    #[must_use]
    pub fn cell<'b>(&self, row: usize, value: Option<&'b [u8]>) -> Cell<'b> {
        let liveness = self.liveness(row);
        let is_tombstone = value.is_none();
        Cell {
            value: value.unwrap_or_default(),
            timestamp: liveness.timestamp,
            ttl: if is_tombstone { None } else { liveness.ttl },
            local_deletion_time: if is_tombstone {
                Some(self.now)
            } else {
                liveness.local_expiration_time
            },
            is_tombstone,
        }
    }
}

/// A few bytes, and how many they are.
type Head = ([u8; START], usize);

/// What stands before values: bytes that are the same for all values of a length.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    shape: i32,
    heads: Vec<Head>,
}

impl Frame {
    /// A frame for values of that shape, which `encode` appends with all that belongs to them.
    fn new(
        shape: i32,
        encode: impl Fn(&[u8], &mut Sink) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let lengths = match usize::try_from(shape) {
            Ok(length) => length..=length,
            Err(_) => 0..=MOST,
        };
        let heads = lengths.map(|length| head(length, &encode)).collect::<Result<_, _>>()?;
        Ok(Self { shape, heads })
    }

    #[inline(always)]
    fn put_fixed<const N: usize>(&self, value: Option<&[u8; N]>, out: &mut Sink) -> Option<()> {
        let (bytes, length) = self.heads.first()?;
        out.put_start(bytes, *length);
        out.put(value?);
        Some(())
    }

    #[inline(always)]
    fn put_any(&self, value: &[u8], out: &mut Sink) -> Option<()> {
        let place = if self.shape < 0 { value.len() } else { 0 };
        let (bytes, length) = self.heads.get(place)?;
        out.put_start(bytes, *length);
        out.put(value);
        Some(())
    }

    /// Appends a row's value, which is not null, with what stands before it; none where that is
    /// not prepared.
    #[inline(always)]
    fn put(&self, values: &Packed, row: usize, out: &mut Sink) -> Option<()> {
        match &values.form {
            Form::One(values) => self.put_fixed(values.get(row), out),
            Form::Two(values) => self.put_fixed(values.get(row), out),
            Form::Four(values) => self.put_fixed(values.get(row), out),
            Form::Eight(values) => self.put_fixed(values.get(row), out),
            Form::Sixteen(values) => self.put_fixed(values.get(row), out),
            Form::Any(bytes, ends) => self.put_any(any(bytes, ends, row)?, out),
        }
    }
}

/// What stands before a value of that length, where the value is last.
fn head(
    length: usize,
    encode: &impl Fn(&[u8], &mut Sink) -> Result<(), Fault>,
) -> Result<Head, Fault> {
    let (value, mut out) = (vec![0x55; length], Sink::new());
    encode(&value, &mut out)?;
    short(out.as_slice().strip_suffix(value.as_slice()).ok_or(Fault::Inconsistent)?)
}

fn short(from: &[u8]) -> Result<Head, Fault> {
    let mut bytes = [0; START];
    bytes.get_mut(..from.len()).ok_or(Fault::Range)?.copy_from_slice(from);
    Ok((bytes, from.len()))
}

/// What is the same in all rows of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    of: Option<(Option<i64>, i64)>,
    cells: Vec<Frame>,
    tombstone: Vec<u8>,
    clustering: Option<Clustering>,
    /// The last row that had all columns.
    usual: Option<Usual>,
}

/// What stands before all clustering values if none is empty, and before each of them.
#[derive(Clone, Debug)]
struct Clustering {
    head: Head,
    frames: Vec<Frame>,
}

/// What is the same in all rows with all columns and one timestamp.
#[derive(Clone, Copy, Debug)]
struct Usual {
    timestamp: i64,
    /// Before the clustering.
    head: Head,
    /// In the body, between the length of what is before the row and the cells.
    info: Head,
}

impl Frames {
    fn new(format: &RowFormat, block: &Block) -> Result<Self, Fault> {
        let frame = |shape: &i32| {
            let shape = *shape;
            Frame::new(shape, |value, out| cell(format, shape, block, Some(value), out))
        };
        let mut tombstone = Sink::new();
        cell(format, 0, block, None, &mut tombstone)?;
        Ok(Self {
            of: Some((block.ttl, block.now)),
            cells: format.regulars.shapes.iter().map(frame).collect::<Result<_, _>>()?,
            tombstone: tombstone.finish(),
            clustering: clustering_frames(&format.clustering_shapes)?,
            usual: None,
        })
    }
}

/// Appends a cell as those of a block are, by the time of its row.
fn cell(
    format: &RowFormat,
    shape: i32,
    block: &Block,
    value: Option<&[u8]>,
    out: &mut Sink,
) -> Result<(), Fault> {
    let cell = block.cell(0, value);
    let flags = cell_flags(&cell, Some(&block.liveness(0)));
    with_header(format, &cell, flags, |header| {
        let length = unsigned(fit(cell.value.len())?);
        let has_value = !cell.value.is_empty();
        let len_value = if has_value && shape < 0 { Some(vint(&length)?) } else { None };
        let value = has_value.then_some(cell.value);
        data::Cell { shape, header, len_value, value }.encode(out)
    })
}

fn clustering_frames(shapes: &[i32]) -> Result<Option<Clustering>, Fault> {
    if shapes.len() > MOST_CLUSTERING {
        return Ok(None);
    }
    let none = unsigned(0);
    let header = vint(&none)?;
    let frame = |(index, shape): (i32, &i32)| {
        let shape = *shape;
        Frame::new(shape, |value, out| {
            let length = unsigned(fit(value.len())?);
            let mut made = ValueType::new(shape, header, index);
            made.value = Some(value);
            made.len_value = if shape < 0 { Some(vint(&length)?) } else { None };
            made.encode(out)
        })
    };
    let frames = (0..).zip(shapes).map(frame).collect::<Result<_, _>>()?;
    let mut head = Sink::new();
    if !shapes.is_empty() {
        let num_values = fit(shapes.len())?;
        BlockHead { shapes, first: 0, num_values, header }.encode_until_items(&mut head)?;
    }
    Ok(Some(Clustering { head: short(head.as_slice())?, frames }))
}

impl RowWriter {
    /// Gets ready for the rows of a block.
    ///
    /// # Errors
    /// None that a block can give cause for.
    pub fn begin_block(&mut self, block: &Block) -> Result<(), Error> {
        if self.frames.of != Some((block.ttl, block.now)) {
            self.frames = Frames::new(&self.format, block).map_err(unwritable)?;
        }
        self.row = Row::default();
        self.complex.clear();
        Ok(())
    }

    /// Writes a row of the block that was begun; `previous_size` as for other rows.
    ///
    /// # Errors
    /// [`crate::errors::Kind::InvalidValue`]: the block's columns are not those of the SSTable.
    #[inline]
    pub fn block_row(
        &mut self,
        block: &Block,
        row: usize,
        previous_size: u64,
        out: &mut Sink,
    ) -> Result<(), Error> {
        self.put_block_row(block, row, previous_size, out).map_err(unwritable)
    }

    fn put_block_row(
        &mut self,
        block: &Block,
        row: usize,
        previous_size: u64,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        let num_columns = self.format.regulars.shapes.len();
        let has_all = self.find_present(block, row, num_columns);
        let liveness = block.liveness(row);
        let known = self.frames.usual.filter(|usual| usual.timestamp == liveness.timestamp);
        if let Some(usual) = known.filter(|_| has_all) {
            return self.put_usual(block, row, previous_size, &usual, out);
        }
        self.row.liveness = Some(liveness);
        let (flags, _) = self.row.flags(has_all);
        let mut body = std::mem::take(&mut self.body);
        body.clear();
        self.put_body(flags, previous_size, num_columns, &mut body)?;
        if has_all {
            self.frames.usual = self.usual(flags, liveness.timestamp, previous_size, &body)?;
        }
        self.put_cells(block, row, &mut body)?;
        data::UnfilteredHead { flags, ..Default::default() }.encode_until_row(out)?;
        self.put_clustering(block, row, out)?;
        put_body_length(&body, out)?;
        out.put(body.as_slice());
        self.body = body;
        Ok(())
    }

    /// What rows like one have in common that has all columns, the start of whose `body` is known.
    fn usual(
        &self,
        flags: u8,
        timestamp: i64,
        previous_size: u64,
        body: &Sink,
    ) -> Result<Option<Usual>, Fault> {
        // Of two bodies with other lengths of what is before them all else has to be the same.
        let (mut other, mut head) = (Sink::new(), Sink::new());
        let other_size = !previous_size;
        self.put_body(flags, other_size, self.format.regulars.shapes.len(), &mut other)?;
        data::UnfilteredHead { flags, ..Default::default() }.encode_until_row(&mut head)?;
        let info = body.as_slice().strip_prefix(unsigned(previous_size).bytes());
        let other_info = other.as_slice().strip_prefix(unsigned(other_size).bytes());
        let info = info.filter(|info| Some(*info) == other_info).map(short);
        let (Some(Ok(info)), Ok(head)) = (info, short(head.as_slice())) else { return Ok(None) };
        Ok(Some(Usual { timestamp, head, info }))
    }

    /// Writes a row as the one before it was, with other values.
    #[inline(always)]
    fn put_usual(
        &mut self,
        block: &Block,
        row: usize,
        previous_size: u64,
        usual: &Usual,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        let mut body = std::mem::take(&mut self.body);
        body.clear();
        let (bytes, length) = unsigned(previous_size).start();
        body.put_start(&bytes, length);
        body.put_start(&usual.info.0, usual.info.1);
        self.put_cells(block, row, &mut body)?;
        out.put_start(&usual.head.0, usual.head.1);
        self.put_clustering(block, row, out)?;
        put_body_length(&body, out)?;
        out.put(body.as_slice());
        self.body = body;
        Ok(())
    }

    #[inline(always)]
    fn put_cells(&self, block: &Block, row: usize, out: &mut Sink) -> Result<(), Fault> {
        let mut all = block.places.iter().zip(&block.columns);
        all.try_for_each(|(place, values)| self.put_cell(block, row, *place, values, out))
    }

    /// Whether a row has all columns; if not, which.
    #[inline]
    fn find_present(&mut self, block: &Block, row: usize, num_columns: usize) -> bool {
        let is_there = |values: &Packed| block.null_deletes || !values.is_null(row);
        if block.columns.len() == num_columns && block.columns.iter().all(is_there) {
            return true;
        }
        self.present.clear();
        let all = block.places.iter().zip(&block.columns);
        self.present.extend(all.filter(|(_, values)| is_there(values)).map(|(place, _)| *place));
        self.present.len() == num_columns
    }

    #[inline(always)]
    fn put_cell(
        &self,
        block: &Block,
        row: usize,
        place: usize,
        values: &Packed,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        if values.is_null(row) {
            if block.null_deletes {
                out.put(&self.frames.tombstone);
            }
            return Ok(());
        }
        let frame = self.frames.cells.get(place).ok_or(Fault::Range)?;
        if frame.put(values, row, out).is_some() {
            return Ok(());
        }
        cell(&self.format, frame.shape, block, values.get(row), out)
    }

    #[inline(always)]
    fn put_clustering(&self, block: &Block, row: usize, out: &mut Sink) -> Result<(), Fault> {
        if let Some(Clustering { head, frames }) = &self.frames.clustering {
            let is_usual = |values: &Packed| match &values.form {
                Form::Any(bytes, ends) => {
                    any(bytes, ends, row).is_some_and(|value| matches!(value.len(), 1..=MOST))
                }
                _ => true,
            };
            if block.clustering.iter().all(is_usual) {
                out.put_start(&head.0, head.1);
                let mut all = frames.iter().zip(&block.clustering);
                return all
                    .try_for_each(|(frame, values)| frame.put(values, row, out))
                    .ok_or(Fault::Range);
            }
        }
        let mut values = Vec::new();
        block.clustering_of(row, &mut values);
        clustering_values(&self.format.clustering_shapes, &values, out)
    }
}

/// Appends what tells the length of a row's body.
#[inline(always)]
fn put_body_length(body: &Sink, out: &mut Sink) -> Result<(), Fault> {
    let length = unsigned(fit(body.as_slice().len())?);
    data::RowHead { len_body: vint(&length)?, ..Default::default() }.encode_until_body(out)
}
