//! Rows that INSERT makes, many at once: values come column by column, and what stands before
//! them is encoded once for all that are alike.

use super::frames::{
    Before, Clustering, Frames, MOST, Pieces, Usual, cell, framed, put_pieces, short,
};
use super::packed::{Form, Packed, any};
use super::{Row, RowWriter, unwritable};
use crate::codec::vint::unsigned;
use crate::errors::Error;
use crate::index::write::clustering_values;
use crate::layouts::generated::data;
use crate::layouts::make::vint;
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::rows::events::{Cell, LivenessInfo};

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

impl RowWriter {
    /// Gets ready for the rows of a block.
    ///
    /// # Errors
    /// None that a block can give cause for.
    pub fn begin_block(&mut self, block: &Block) -> Result<(), Error> {
        self.row = Row::default();
        self.complex.clear();
        if self.frames.of != Some((block.ttl, block.now)) {
            self.frames = Frames::new(&self.format, block).map_err(unwritable)?;
            self.frames.usual = self.usual(block).map_err(unwritable)?;
        }
        self.fill_pieces(block);
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
        let pieces = self.frames.pieces.as_ref().filter(|pieces| pieces.are_filled);
        let has_all = pieces.is_some() || self.find_present(block, row, num_columns);
        let liveness = block.liveness(row);
        if let Some(usual) = self.frames.usual.filter(|_| has_all) {
            let timestamp = self.format.timestamp_delta(liveness.timestamp);
            let before = Before { previous: unsigned(previous_size), timestamp, rest: usual.rest };
            return match self.frames.pieces.as_ref().filter(|pieces| pieces.are_filled) {
                Some(pieces) => put_pieces(pieces, row, &before, out),
                None => self.put_usual(block, row, &usual, &before, out),
            };
        }
        self.row.liveness = Some(liveness);
        let (flags, _) = self.row.flags(has_all);
        let mut body = std::mem::take(&mut self.body);
        body.clear();
        self.put_body(flags, previous_size, num_columns, &mut body)?;
        self.put_cells(block, row, &mut body)?;
        data::UnfilteredHead { flags, ..Default::default() }.encode_until_row(out)?;
        self.put_clustering(block, row, out)?;
        put_body_length(&body, out)?;
        out.put(body.as_slice());
        self.body = body;
        Ok(())
    }

    /// What rows of a block have in common that have all columns: what two of them with other
    /// numbers before their cells agree in.
    fn usual(&mut self, block: &Block) -> Result<Option<Usual>, Fault> {
        let (Some(one), Some(other)) = (self.sample(block, 1)?, self.sample(block, 1000)?) else {
            return Ok(None);
        };
        Ok(Some(one).filter(|one| (one.head, one.rest) == (other.head, other.rest)))
    }

    /// What stands before the clustering and the cells of a row that is `number` µs later than
    /// those of the block, and `number` bytes behind what is before it; none if that does not
    /// begin with these numbers.
    fn sample(&mut self, block: &Block, number: u32) -> Result<Option<Usual>, Fault> {
        let mut liveness = block.liveness(0);
        liveness.timestamp = liveness.timestamp.saturating_add(number.into());
        self.row.liveness = Some(liveness);
        let (flags, _) = self.row.flags(true);
        let (mut body, mut head) = (Sink::new(), Sink::new());
        data::UnfilteredHead { flags, ..Default::default() }.encode_until_row(&mut head)?;
        self.put_body(flags, number.into(), self.format.regulars.shapes.len(), &mut body)?;
        let previous = unsigned(number.into());
        let timestamp = self.format.timestamp_delta(liveness.timestamp);
        let rest = body.as_slice().strip_prefix(previous.bytes());
        let rest = rest.and_then(|rest| rest.strip_prefix(timestamp.bytes())).map(short);
        let (Some(Ok(rest)), Ok(head)) = (rest, short(head.as_slice())) else { return Ok(None) };
        // And what stands before the body has to be its length alone.
        let (mut length, expected) = (Sink::new(), unsigned(number.into()));
        data::RowHead { len_body: vint(&expected)?, ..Default::default() }
            .encode_until_body(&mut length)?;
        let is_plain = length.as_slice() == expected.bytes();
        Ok(Some(Usual { head, rest }).filter(|_| is_plain))
    }

    /// Encodes all rows of a block column by column, if all of them are usual ones.
    fn fill_pieces(&mut self, block: &Block) {
        let frames = &mut self.frames;
        if let Some(pieces) = &mut frames.pieces {
            pieces.are_filled = false;
        }
        let is_whole = block.columns.iter().all(|values| !values.has_nulls())
            && block.columns.len() == self.format.regulars.shapes.len();
        let (Some(usual), true) = (frames.usual, is_whole) else { return };
        let Some(clustering) = &frames.clustering else { return };
        let mut pieces = match frames.pieces.take().filter(|it| it.places == block.places) {
            Some(pieces) => pieces,
            None => {
                let Some(made) = Pieces::new(&usual, clustering, &frames.cells, block) else {
                    return;
                };
                made
            }
        };
        pieces.start.fill(block.len(), block.clustering.iter());
        let mut columns = framed(&frames.cells, block);
        let mut all = pieces.cells.iter_mut();
        pieces.are_filled = all.all(|piece| piece.fill(block.len(), &mut columns));
        frames.pieces = Some(pieces);
    }

    /// Writes a row as the one before it was, with other values.
    #[inline(always)]
    fn put_usual(
        &mut self,
        block: &Block,
        row: usize,
        usual: &Usual,
        before: &Before,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        let mut body = std::mem::take(&mut self.body);
        body.clear();
        before.put(&mut body);
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
