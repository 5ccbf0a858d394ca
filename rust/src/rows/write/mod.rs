//! Partitions and rows to the bytes of Data.db's uncompressed stream.
//!
//! Follows `UnfilteredSerializer`, `Cell.Serializer`, `Columns.Serializer` and
//! `SortedTablePartitionWriter`; the reverse of the reader. Layouts are those of the generated
//! heads and objects; what is decided here is which of their fields there are.

mod block;
mod frames;
mod packed;
mod parts;
mod pieces;
mod plain;

pub use block::Block;
pub use packed::Packed;

use frames::Frames;
use parts::{Delta, Subset, cell_flags, with_header, with_liveness};

use super::events::{Cell, DeletionTime, LivenessInfo, Marker, RowStart};
use super::format::RowFormat;
use super::times::DATA;
use crate::codec::vint::unsigned;
use crate::errors::{Error, Kind};
use crate::index::write::{check_deletion, clustering_values, deletion_time};
use crate::layouts::generated::clustering::BoundHead;
use crate::layouts::generated::data;
use crate::layouts::make::vint;
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

/// What stands for no deletion where there has to be one.
const LIVE: DeletionTime =
    DeletionTime { marked_for_delete_at: i64::MIN, local_deletion_time: i64::MAX };

// Flags of an unfiltered.
const END_OF_PARTITION: u8 = 0x01;
const IS_MARKER: u8 = 0x02;
const HAS_TIMESTAMP: u8 = 0x04;
const HAS_TTL: u8 = 0x08;
const HAS_DELETION: u8 = 0x10;
const HAS_ALL_COLUMNS: u8 = 0x20;
const HAS_COMPLEX_DELETION: u8 = 0x40;
const EXTENSION: u8 = 0x80;
const IS_STATIC: u8 = 0x01;
const HAS_SHADOWABLE_DELETION: u8 = 0x02;

/// Encodes what a partition consists of, one part after the other. A row is begun, given its
/// cells in the order of the columns, and ended.
#[derive(Clone, Debug)]
pub struct RowWriter {
    format: RowFormat,
    row: Row,
    clustering: Sink,
    cells: Sink,
    body: Sink,
    present: Vec<usize>,
    complex: Vec<Complex>,
    frames: Frames,
}

/// The head of the row that is being written.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    liveness: Option<LivenessInfo>,
    deletion: Option<DeletionTime>,
    is_static: bool,
    is_shadowable: bool,
    has_complex_deletion: bool,
}

/// A complex column of that row.
#[derive(Clone, Copy, Debug)]
struct Complex {
    /// Where its cells start among all cells.
    start: usize,
    deletion: Option<DeletionTime>,
    num_cells: u64,
}

impl RowWriter {
    /// A writer for rows of this format; what was dropped does not matter here.
    #[must_use]
    pub fn new(format: RowFormat) -> Self {
        Self {
            format,
            row: Row::default(),
            clustering: Sink::new(),
            cells: Sink::new(),
            body: Sink::new(),
            present: Vec::new(),
            complex: Vec::new(),
            frames: Frames::default(),
        }
    }

    /// What the rows are written by.
    #[must_use]
    pub const fn format(&self) -> &RowFormat {
        &self.format
    }

    /// Writes a partition's key and deletion.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the key is longer than 65535 bytes, or the version has no room
    /// for the deletion's time.
    pub fn partition(
        &self,
        key: &[u8],
        deletion: Option<DeletionTime>,
        out: &mut Sink,
    ) -> Result<(), Error> {
        let Ok(len_key) = u16::try_from(key.len()) else {
            let message =
                format!("a partition key of {} bytes, at most 65535 are possible", key.len());
            return Err(Error::new(Kind::InvalidValue, DATA, message));
        };
        let version = self.format.version;
        let times = deletion.map(|it| (it.marked_for_delete_at, it.local_deletion_time));
        check_deletion(version, times)?;
        let put = |out: &mut Sink| -> Result<(), Fault> {
            let deletion = deletion_time(version, times)?;
            data::PartitionHeader { version, len_key, key, deletion }.encode(out)
        };
        put(out).map_err(unwritable)
    }

    /// Begins a row.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the clustering does not fit the columns.
    #[inline]
    pub fn row(&mut self, row: &RowStart<'_>) -> Result<(), Error> {
        self.row = Row {
            liveness: row.liveness,
            deletion: row.deletion,
            is_static: row.is_static,
            is_shadowable: row.is_shadowable,
            has_complex_deletion: false,
        };
        self.clustering.clear();
        self.cells.clear();
        self.present.clear();
        self.complex.clear();
        if row.is_static {
            return Ok(());
        }
        clustering_values(&self.format.clustering_shapes, row.clustering, &mut self.clustering)
            .map_err(unwritable)
    }

    /// Adds the cell of a simple column.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the value has not the length that the column's type fixes.
    #[inline]
    pub fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Error> {
        self.present.push(column);
        let shape = self.shapes().get(column).copied();
        let Self { format, row, cells, .. } = self;
        let flags = cell_flags(cell, row.liveness.as_ref());
        let shape = shape.ok_or_else(|| unwritable(Fault::Range))?;
        with_header(format, cell, flags, |header| {
            let mut made = data::Cell { shape, header, len_value: None, value: None };
            if cell.value.is_empty() {
                return made.encode(cells);
            }
            made.value = Some(cell.value);
            if shape >= 0 {
                return made.encode(cells);
            }
            let length = unsigned(fit(cell.value.len())?);
            made.len_value = Some(vint(&length)?);
            made.encode(cells)
        })
        .map_err(unwritable)
    }

    /// Adds a complex column, of which `num_cells` cells follow.
    pub fn complex(&mut self, column: usize, deletion: Option<DeletionTime>, num_cells: u64) {
        self.present.push(column);
        self.row.has_complex_deletion |= deletion.is_some();
        self.complex.push(Complex { start: self.cells.as_slice().len(), deletion, num_cells });
    }

    /// Adds a cell to the complex column.
    ///
    /// # Errors
    /// None that a cell can give cause for.
    pub fn complex_cell(&mut self, path: &[u8], cell: &Cell<'_>) -> Result<(), Error> {
        let Self { format, row, cells, .. } = self;
        let flags = cell_flags(cell, row.liveness.as_ref());
        with_header(format, cell, flags, |header| {
            let len_path = unsigned(fit(path.len())?);
            let length = unsigned(fit(cell.value.len())?);
            let mut made = data::ComplexCell {
                header,
                len_path: vint(&len_path)?,
                path,
                len_value: None,
                value: None,
            };
            if !cell.value.is_empty() {
                made.value = Some(cell.value);
                made.len_value = Some(vint(&length)?);
            }
            made.encode(cells)
        })
        .map_err(unwritable)
    }

    /// Writes the row that was begun. `previous_size` is the length in bytes of what is before
    /// it in the partition, back to where the row or marker before it starts, or the partition;
    /// 0 for a static row.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the columns were not given in their order.
    #[inline]
    pub fn end_row(&mut self, previous_size: u64, out: &mut Sink) -> Result<(), Error> {
        self.put_row(previous_size, out).map_err(unwritable)
    }

    /// Writes a static row without columns, which stands where a partition of a table with
    /// static columns has none.
    ///
    /// # Errors
    /// None.
    pub fn empty_static_row(&mut self, out: &mut Sink) -> Result<(), Error> {
        self.row = Row { is_static: true, ..Row::default() };
        self.clustering.clear();
        self.cells.clear();
        self.present.clear();
        self.complex.clear();
        self.end_row(0, out)
    }

    /// Writes a range tombstone marker; `previous_size` as for rows.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: the bound does not fit the columns.
    pub fn marker(
        &mut self,
        marker: &Marker<'_>,
        previous_size: u64,
        out: &mut Sink,
    ) -> Result<(), Error> {
        self.put_marker(marker, previous_size, out).map_err(unwritable)
    }

    /// Writes the end of a partition.
    ///
    /// # Errors
    /// None.
    pub fn end_partition(&self, out: &mut Sink) -> Result<(), Error> {
        let head = data::UnfilteredHead { flags: END_OF_PARTITION, ..Default::default() };
        head.encode_until_row(out).map_err(unwritable)
    }

    fn shapes(&self) -> &[i32] {
        let format = &self.format;
        if self.row.is_static { &format.statics.shapes } else { &format.regulars.shapes }
    }

    fn put_row(&mut self, previous_size: u64, out: &mut Sink) -> Result<(), Fault> {
        let num_columns = self.shapes().len();
        let (flags, extended) = self.row.flags(self.present.len() == num_columns);
        self.body.clear();
        let mut body = std::mem::take(&mut self.body);
        self.put_body(flags, previous_size, num_columns, &mut body)?;
        let head = data::UnfilteredHead {
            flags,
            extended_flags: if extended == 0 { None } else { Some(extended) },
            ..Default::default()
        };
        head.encode_until_row(out)?;
        let whole = body.as_slice().len().saturating_add(if self.complex.is_empty() {
            self.cells.as_slice().len()
        } else {
            0
        });
        out.put(self.clustering.as_slice());
        let len_body = unsigned(fit(whole)?);
        data::RowHead { len_body: vint(&len_body)?, ..Default::default() }
            .encode_until_body(out)?;
        out.put(body.as_slice());
        if self.complex.is_empty() {
            out.put(self.cells.as_slice());
        }
        self.body = body;
        Ok(())
    }

    /// The row's body, without the cells where all of them are of simple columns.
    fn put_body(
        &self,
        flags: u8,
        previous_size: u64,
        num_columns: usize,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        let previous = unsigned(previous_size);
        let deletion = self.row.deletion.map(|it| Delta::new(&self.format, it));
        let subset = if flags & HAS_ALL_COLUMNS == 0 {
            Some(Subset::new(&self.present, num_columns))
        } else {
            None
        };
        with_liveness(&self.format, self.row.liveness.as_ref(), |liveness_info| {
            data::RowBodyHead {
                flags,
                shapes: self.shapes(),
                len_previous_unfiltered: vint(&previous)?,
                liveness_info,
                deletion: deletion.as_ref().map(Delta::layout).transpose()?,
                columns_subset: match &subset {
                    Some(subset) => subset.layout()?,
                    None => data::ColumnsSubset::new(fit(num_columns)?, true),
                },
            }
            .encode_until_columns(out)
        })?;
        if self.complex.is_empty() { Ok(()) } else { self.put_columns(out) }
    }

    /// All columns, the complex ones with what stands before their cells.
    fn put_columns(&self, out: &mut Sink) -> Result<(), Fault> {
        let cells = self.cells.as_slice();
        let mut start = 0_usize;
        for column in &self.complex {
            out.put(cells.get(start..column.start).ok_or(Fault::Range)?);
            start = column.start;
            let has_deletion = self.row.has_complex_deletion;
            let delta = Delta::new(&self.format, column.deletion.unwrap_or(LIVE));
            let num_cells = unsigned(column.num_cells);
            data::ComplexColumnHead {
                has_deletion,
                deletion: if has_deletion { Some(delta.layout()?) } else { None },
                num_cells: vint(&num_cells)?,
            }
            .encode_until_cells(out)?;
        }
        out.put(cells.get(start..).ok_or(Fault::Range)?);
        Ok(())
    }

    fn put_marker(
        &mut self,
        marker: &Marker<'_>,
        previous_size: u64,
        out: &mut Sink,
    ) -> Result<(), Fault> {
        let mut deltas = [marker.close, marker.open]
            .into_iter()
            .flatten()
            .map(|deletion| Delta::new(&self.format, deletion));
        let (first, second) = (deltas.next().ok_or(Fault::Absent)?, deltas.next());
        let previous = unsigned(previous_size);
        self.body.clear();
        data::MarkerBody {
            kind: marker.kind,
            len_previous_unfiltered: vint(&previous)?,
            deletion: first.layout()?,
            start_deletion: second.as_ref().map(Delta::layout).transpose()?,
        }
        .encode(&mut self.body)?;
        data::UnfilteredHead { flags: IS_MARKER, ..Default::default() }.encode_until_row(out)?;
        let num_values = fit(marker.values.len())?;
        let bound = BoundHead { kind: marker.kind, num_values, ..Default::default() };
        bound.encode_until_values(out)?;
        clustering_values(&self.format.clustering_shapes, marker.values, out)?;
        let len_body = unsigned(fit(self.body.as_slice().len())?);
        data::RangeTombstoneMarkerHead { len_body: vint(&len_body)?, ..Default::default() }
            .encode_until_body(out)?;
        out.put(self.body.as_slice());
        Ok(())
    }
}

impl Row {
    /// Flags and extended flags.
    fn flags(&self, has_all_columns: bool) -> (u8, u8) {
        let extended =
            when(self.is_static, IS_STATIC) | when(self.is_shadowable, HAS_SHADOWABLE_DELETION);
        let flags = when(extended != 0, EXTENSION)
            | when(self.liveness.is_some(), HAS_TIMESTAMP)
            | when(self.liveness.is_some_and(|info| info.ttl.is_some()), HAS_TTL)
            | when(self.deletion.is_some(), HAS_DELETION)
            | when(has_all_columns, HAS_ALL_COLUMNS)
            | when(self.has_complex_deletion, HAS_COMPLEX_DELETION);
        (flags, extended)
    }
}

const fn when(holds: bool, flag: u8) -> u8 {
    if holds { flag } else { 0 }
}

#[cold]
fn unwritable(fault: Fault) -> Error {
    Error::unwritable(DATA, fault)
}
