//! Partitions that only one SSTable has: told as they are read.

use super::access::Access;
use super::collector::Standing;
use super::header::{Header, Mapping};
use super::source::Source;
use crate::blocks::DATA;
use crate::errors::{Error, Kind};
use crate::rows::{
    Cell, DeletionTime, Events, Expected, Flow, Marker, Next, PartitionStart, PlainRows, PlainWish,
    RowReader, RowStart, Window,
};

/// Tells of one SSTable what is before the next partition of the others.
pub struct Direct<'d, E> {
    pub events: &'d mut E,
    pub number: usize,
    pub mapping: &'d Mapping,
    pub header: &'d Header,
    pub standing: &'d mut Standing,
    /// The place before which partitions are to be told.
    pub bound: Option<&'d [u8]>,
    /// Where the partition starts that is at or behind it.
    pub stopped_at: Option<u64>,
    pub is_static: bool,
}

impl<E: Events<Error = Error>> Events for Direct<'_, E> {
    type Error = Error;

    fn partition(&mut self, start: &PartitionStart<'_>) -> Result<Flow, Error> {
        let standing = &mut *self.standing;
        self.header.partitioner.position(start.key, &mut standing.scratch)?;
        if standing.scratch <= standing.partition && !standing.partition.is_empty() {
            return Err(super::collector::disordered_partition(start.position));
        }
        if self.bound.is_some_and(|bound| standing.scratch.as_slice() >= bound) {
            self.stopped_at = Some(start.position);
            return Ok(Flow::Stop);
        }
        std::mem::swap(&mut standing.scratch, &mut standing.partition);
        if standing.keeps_key {
            standing.last_key = Some(start.key.to_vec());
        }
        self.events.origin(self.number, start.position);
        self.events.partition(start)
    }

    fn rows(&mut self, position: u64) -> Result<(), Error> {
        self.events.rows(position)
    }

    #[inline]
    fn plain(&self) -> PlainWish {
        let wish = self.events.plain();
        if self.mapping.is_same { wish } else { PlainWish { rows: 0, ..wish } }
    }

    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Error> {
        self.events.plain_rows(rows)
    }

    #[inline]
    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Error> {
        self.is_static = row.is_static;
        self.events.origin(self.number, row.position);
        self.events.row(row)
    }

    #[inline]
    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        match self.mapping.of(self.is_static, column) {
            Some(column) => self.events.cell(column, cell),
            None => Ok(()),
        }
    }

    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        num_cells: u64,
    ) -> Result<(), Error> {
        match self.mapping.of(self.is_static, column) {
            Some(column) => self.events.complex(column, deletion, num_cells),
            None => Ok(()),
        }
    }

    fn complex_cell(&mut self, column: usize, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        match self.mapping.of(self.is_static, column) {
            Some(column) => self.events.complex_cell(column, path, cell),
            None => Ok(()),
        }
    }

    fn row_end(&mut self, num_unread: u64) -> Result<Flow, Error> {
        self.events.row_end(num_unread)
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Error> {
        self.events.marker(marker)
    }

    fn partition_end(&mut self, end: u64) -> Result<Flow, Error> {
        self.events.partition_end(end)
    }
}

/// Reads a source up to `bound` or its end; whether it was told to stop before.
pub fn read<W: Access, E: Events<Error = Error>>(
    number: usize,
    source: &mut Source,
    header: &Header,
    bound: Option<&[u8]>,
    windows: &mut W,
    events: &mut E,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Flow, Error> {
    let mut direct = Direct {
        events,
        number,
        mapping: &source.mapping,
        header,
        standing: &mut source.standing,
        bound,
        stopped_at: None,
        is_static: false,
    };
    let mut reader = RowReader::resume(source.table.format(), &source.projection, source.expected);
    let end = windows.end();
    let mut wanted = 1;
    let next = loop {
        if !go_on() {
            return Err(Error::new(Kind::Io, DATA, "reading was interrupted"));
        }
        let bytes = windows.bytes(source.position, wanted)?;
        let window = Window { bytes, position: source.position, end };
        let progress = reader.read(window, &mut direct)?;
        source.position = progress.position;
        source.expected = reader.expected();
        match progress.next {
            Next::More(more) => wanted = more,
            next => break next,
        }
    };
    if let Some(position) = direct.stopped_at {
        source.position = position;
        source.expected = Expected::Partition;
    } else if next == Next::Stopped {
        return Ok(Flow::Stop);
    } else {
        source.end();
        source.check_end(windows)?;
    }
    Ok(Flow::Go)
}
