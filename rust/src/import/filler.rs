//! Fills blocks with rows of batches and hands them to the writer.

use std::ops::Range;

use super::arrays::Values;
use super::columns::{Array, Arrays};
use super::held::Part;
use super::rows::Times;
use crate::errors::{Error, Kind};
use crate::rows::{Block, Packed};
use crate::sstable::write::TableWriter;
use crate::types::values::Refusal;

/// Rows of a block at most: their values stay in the processor's nearer caches.
const ROWS: usize = 512;

/// A batch, as far as its columns are written.
pub(super) struct Source<'b> {
    clustering: Vec<Values<'b>>,
    /// Places among the SSTable's columns.
    places: Vec<usize>,
    columns: Vec<Values<'b>>,
    shapes: Vec<i32>,
    clustering_shapes: Vec<i32>,
    times: Times,
}

impl<'b> Source<'b> {
    /// The batch `part`; `columns` has for each of the table's regular columns its place among
    /// those of the SSTable.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: the arrays are of other types.
    pub(super) fn new(part: &'b Part, columns: &[Option<usize>]) -> Result<Self, Error> {
        let arrays = Arrays::new(&part.batch, &part.columns)?;
        let mut made = Self {
            clustering: arrays.clustering,
            places: Vec::new(),
            columns: Vec::new(),
            shapes: Vec::new(),
            clustering_shapes: part.columns.clustering.iter().map(|it| it.of.shape()).collect(),
            times: part.times,
        };
        for ((index, column), array) in part.columns.regular.iter().zip(arrays.regular) {
            let place = columns.get(*index).copied().flatten();
            if let (Some(place), Array::Simple(values)) = (place, array) {
                made.places.push(place);
                made.columns.push(values);
                made.shapes.push(column.of.shape());
            }
        }
        Ok(made)
    }

    /// Whether its rows can be in a block.
    fn fits(&self, block: &Block) -> bool {
        let times = &self.times;
        (block.ttl, block.now, block.null_deletes) == (times.ttl, times.now, times.null_deletes)
            && block.places == self.places
    }

    /// A block for its rows.
    fn block(&self) -> Block {
        let packed = |shapes: &[i32]| shapes.iter().map(|shape| Packed::new(*shape)).collect();
        Block {
            timestamps: Vec::new(),
            ttl: self.times.ttl,
            now: self.times.now,
            null_deletes: self.times.null_deletes,
            clustering: packed(&self.clustering_shapes),
            places: self.places.clone(),
            columns: packed(&self.shapes),
        }
    }
}

/// Collects rows of a partition.
pub(super) struct Filler<'s, 'b> {
    sources: &'s [Source<'b>],
    block: Option<Block>,
}

impl<'s, 'b> Filler<'s, 'b> {
    pub(super) const fn new(sources: &'s [Source<'b>]) -> Self {
        Self { sources, block: None }
    }

    /// The arrays of a batch's clustering columns.
    pub(super) fn clustering(&self, batch: usize) -> &'s [Values<'b>] {
        self.sources.get(batch).map_or(&[], |source| &source.clustering)
    }

    /// Takes rows of a batch, which are behind those that were taken.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn add(
        &mut self,
        batch: usize,
        mut rows: Range<usize>,
        writer: &mut TableWriter,
    ) -> Result<(), Error> {
        let Some(source) = self.sources.get(batch) else { return Ok(()) };
        if self.block.as_ref().is_none_or(|block| !source.fits(block)) {
            self.flush(writer)?;
            self.block = Some(source.block());
        }
        while let Some(block) = self.block.as_mut().filter(|_| !rows.is_empty()) {
            let room = ROWS.saturating_sub(block.len());
            let end = rows.end.min(rows.start.saturating_add(room));
            fill(block, source, rows.start..end)?;
            rows.start = end;
            if block.len() >= ROWS {
                self.flush(writer)?;
            }
        }
        Ok(())
    }

    /// Writes the rows that were taken.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn flush(&mut self, writer: &mut TableWriter) -> Result<(), Error> {
        if let Some(block) = self.block.as_mut().filter(|block| !block.is_empty()) {
            writer.block(block)?;
            block.clear();
        }
        Ok(())
    }
}

fn fill(block: &mut Block, source: &Source<'_>, rows: Range<usize>) -> Result<(), Error> {
    block.timestamps.extend(rows.clone().map(|row| source.times.of(row).timestamp));
    let refused = |refusal: Refusal| Error::new(Kind::InvalidValue, "", refusal.to_string());
    for (values, packed) in source.clustering.iter().zip(&mut block.clustering) {
        values.pack(rows.clone(), packed).map_err(refused)?;
    }
    for (values, packed) in source.columns.iter().zip(&mut block.columns) {
        values.pack(rows.clone(), packed).map_err(refused)?;
    }
    Ok(())
}
