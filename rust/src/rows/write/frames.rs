//! What stands around the values of a block's rows: encoded once, by the generated encoders, for
//! all that are alike.

use super::block::Block;
use super::packed::{Form, Packed, any};
use super::parts::{cell_flags, with_header};
use super::pieces::{Group, Piece};
use crate::codec::vint::{Encoded, unsigned};
use crate::layouts::generated::clustering::{BlockHead, ValueType};
use crate::layouts::generated::data;
use crate::layouts::make::vint;
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::rows::format::RowFormat;

/// Values up to this length have what stands before them prepared.
pub(super) const MOST: usize = 255;
/// Clustering columns that have one header.
const MOST_CLUSTERING: usize = 32;
/// Bytes of a [`Head`] at most.
const START: usize = 8;

/// A few bytes, and how many they are.
pub(super) type Head = ([u8; START], usize);

/// What stands before values: bytes that are the same for all values of a length.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub(super) shape: i32,
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

    /// What stands before a value of that length; none where that is not prepared.
    #[inline(always)]
    pub(super) fn head(&self, length: usize) -> Option<&Head> {
        self.heads.get(if self.shape < 0 { length } else { 0 })
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
        let (bytes, length) = self.head(value.len())?;
        out.put_start(bytes, *length);
        out.put(value);
        Some(())
    }

    /// Appends a row's value, which is not null, with what stands before it; none where that is
    /// not prepared.
    #[inline(always)]
    pub(super) fn put(&self, values: &Packed, row: usize, out: &mut Sink) -> Option<()> {
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

pub(super) fn short(from: &[u8]) -> Result<Head, Fault> {
    let mut bytes = [0; START];
    bytes.get_mut(..from.len()).ok_or(Fault::Range)?.copy_from_slice(from);
    Ok((bytes, from.len()))
}

/// What is the same in all rows of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    pub(super) of: Option<(Option<i64>, i64)>,
    pub(super) cells: Vec<Frame>,
    pub(super) tombstone: Vec<u8>,
    pub(super) clustering: Option<Clustering>,
    /// None if rows are not laid out in a way that has anything in common.
    pub(super) usual: Option<Usual>,
    pub(super) pieces: Option<Pieces>,
}

/// The pieces of usual rows: what goes up to the clustering's end, and the cells.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    pub(super) places: Vec<usize>,
    pub(super) start: Group,
    pub(super) cells: Vec<Piece>,
    /// Whether they are those of the block that was begun.
    pub(super) are_filled: bool,
}

/// What stands before all clustering values if none is empty, and before each of them.
#[derive(Clone, Debug)]
pub(super) struct Clustering {
    pub(super) head: Head,
    pub(super) frames: Vec<Frame>,
}

/// What is the same in all rows with all columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    /// Before the clustering.
    pub(super) head: Head,
    /// In the body, between the timestamp and the cells.
    pub(super) rest: Head,
}

/// What stands in a row's body before its cells.
pub(super) struct Before {
    /// The length of what is before the row.
    pub(super) previous: Encoded,
    pub(super) timestamp: Encoded,
    pub(super) rest: Head,
}

impl Before {
    #[inline(always)]
    pub(super) fn length(&self) -> usize {
        let numbers = self.previous.bytes().len().saturating_add(self.timestamp.bytes().len());
        numbers.saturating_add(self.rest.1)
    }

    #[inline(always)]
    pub(super) fn put(&self, out: &mut Sink) {
        for number in [&self.previous, &self.timestamp] {
            let (bytes, length) = number.start();
            out.put_start(&bytes, length);
        }
        out.put_start(&self.rest.0, self.rest.1);
    }
}

impl Frames {
    pub(super) fn new(format: &RowFormat, block: &Block) -> Result<Self, Fault> {
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
            pieces: None,
        })
    }
}

/// Appends a cell as those of a block are, by the time of its row.
pub(super) fn cell(
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

/// The columns of a block, and what stands before their values.
pub(super) fn framed<'b>(
    cells: &'b [Frame],
    block: &'b Block,
) -> impl Iterator<Item = (&'b Frame, &'b Packed)> {
    let frames = block.places.iter().filter_map(|place| cells.get(*place));
    frames.zip(&block.columns)
}

impl Pieces {
    /// Those of rows as in `block`; none where clusterings have no fixed length.
    pub(super) fn new(
        usual: &Usual,
        clustering: &Clustering,
        cells: &[Frame],
        block: &Block,
    ) -> Option<Self> {
        let mut head = Sink::new();
        head.put_start(&usual.head.0, usual.head.1);
        head.put_start(&clustering.head.0, clustering.head.1);
        let mut start = Group::new(&short(head.as_slice()).ok()?);
        let mut columns = clustering.frames.iter().zip(&block.clustering);
        let is_fixed = columns.all(|(frame, values)| start.add(frame, values));
        let cells = Piece::all(framed(cells, block));
        let places = block.places.clone();
        is_fixed.then_some(Self { places, start, cells, are_filled: false })
    }
}

/// Writes a usual row from pieces.
#[inline(always)]
pub(super) fn put_pieces(
    pieces: &Pieces,
    row: usize,
    before: &Before,
    out: &mut Sink,
) -> Result<(), Fault> {
    let mut length = before.length();
    for piece in &pieces.cells {
        length = length.saturating_add(piece.length(row));
    }
    pieces.start.put(row, out)?;
    let (bytes, size) = unsigned(fit(length)?).start();
    out.put_start(&bytes, size);
    before.put(out);
    pieces.cells.iter().try_for_each(|piece| piece.put(row, out))
}
