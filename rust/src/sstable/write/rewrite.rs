//! An SSTable written anew from its rows.

use super::writer::{TableWriter, Written};
use crate::errors::Error;
use crate::rows::{
    Cell, DeletionTime, Events, Flow, Marker, Next, PartitionStart, PlainRows, PlainWish,
    Projection, RowReader, RowStart,
};
use crate::sstable::table::Table;
use crate::sstable::windows::Windows;

/// Bytes of the stream that are written before the caller is asked whether to go on.
const STEP: u64 = 1 << 24;

/// Writes the rows of one SSTable to another one.
pub struct Rewrite {
    writer: TableWriter,
}

impl Rewrite {
    /// Goes to `writer`, which has the columns of the SSTable that is to be read.
    #[must_use]
    pub const fn new(writer: TableWriter) -> Self {
        Self { writer }
    }

    /// Writes all partitions of `source`. `progress` is told now and then, and once all rows are
    /// written, up to which position of its stream, and can end it by an error.
    ///
    /// # Errors
    /// Those of the source, of the writer, and of `progress`.
    pub fn run<E: From<Error>>(
        mut self,
        source: &Table,
        mut progress: impl FnMut(u64) -> Result<(), E>,
    ) -> Result<Written, E> {
        let projection = Projection::all(source.format());
        let mut reader = RowReader::new(source.format(), &projection);
        let mut stream = source.stream(0, source.blocks().length());
        let (mut position, mut wanted, mut told) = (0_u64, 1, STEP);
        let end = Windows::end(&stream);
        loop {
            let bytes = stream.bytes(position, wanted)?;
            let window = crate::rows::Window { bytes, position, end };
            let found = reader.read(window, &mut self)?;
            position = found.position;
            match found.next {
                Next::More(more) => wanted = more,
                Next::Stopped | Next::Ended => break,
            }
            if position >= told {
                progress(position)?;
                told = position.saturating_add(STEP);
            }
        }
        stream.check_end()?;
        progress(position)?;
        Ok(self.writer.finish()?)
    }
}

impl Events for Rewrite {
    type Error = Error;

    fn partition(&mut self, partition: &PartitionStart<'_>) -> Result<Flow, Error> {
        self.writer.partition(partition.key, partition.deletion)?;
        Ok(Flow::Go)
    }

    fn rows(&mut self, _: u64) -> Result<(), Error> {
        self.writer.end_header()
    }

    fn plain(&self) -> PlainWish {
        let rows = if self.writer.takes_plain_rows() { usize::MAX } else { 0 };
        PlainWish { rows, newer_than: i64::MIN }
    }

    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Error> {
        if rows.has_empty_values() {
            return Ok(None);
        }
        self.writer.plain_rows(rows)?;
        Ok(Some(Flow::Go))
    }

    #[inline]
    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        self.writer.row(row)?;
        Ok(Flow::Go)
    }

    #[inline]
    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        self.writer.cell(column, cell)
    }

    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        num_cells: u64,
    ) -> Result<(), Error> {
        self.writer.complex(column, deletion, num_cells);
        Ok(())
    }

    fn complex_cell(&mut self, _: usize, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        self.writer.complex_cell(path, cell)
    }

    #[inline]
    fn row_end(&mut self, _: u64) -> Result<Flow, Error> {
        self.writer.end_row()?;
        Ok(Flow::Go)
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        self.writer.marker(marker)?;
        Ok(Flow::Go)
    }

    fn partition_end(&mut self, _: u64) -> Result<Flow, Error> {
        self.writer.end_partition()?;
        Ok(Flow::Go)
    }
}
