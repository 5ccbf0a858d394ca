//! Plain rows to bytes, by the encoder of usual rows.

use super::{RowWriter, unwritable};
use crate::errors::Error;
use crate::layouts::generated::data::{UsualUnfilteredSource, put_usual_unfiltered};
use crate::layouts::prelude::Fault;
use crate::layouts::sink::Sink;
use crate::rows::plain::PlainRows;

impl RowWriter {
    /// Writes one of some plain rows that have all columns, and no empty values.
    /// `previous_size` as for [`RowWriter::end_row`].
    ///
    /// # Errors
    /// [`crate::errors::Kind::InvalidValue`]: the rows have other columns.
    #[inline]
    pub fn plain_row(
        &mut self,
        rows: &PlainRows<'_>,
        row: usize,
        previous_size: u64,
        out: &mut Sink,
    ) -> Result<(), Error> {
        let Self { format, body, .. } = self;
        let timestamp = rows.timestamps().get(row).copied().unwrap_or_default();
        let timestamp = format.timestamp_difference(timestamp);
        let mut source = Source { values: rows.row(row), previous_size, timestamp };
        let (clustering, statics) = (&format.clustering_shapes, &format.statics.shapes);
        let regulars = &format.regulars.shapes;
        put_usual_unfiltered(clustering, statics, regulars, &mut source, body, out)
            .map_err(unwritable)
    }
}

/// A row's values, and what else there is of it.
struct Source<V> {
    values: V,
    previous_size: u64,
    /// As difference to the header's least.
    timestamp: u64,
}

impl<'a, V: Iterator<Item = &'a [u8]>> UsualUnfilteredSource<'a> for Source<V> {
    #[inline(always)]
    fn value_value(&mut self) -> Result<&'a [u8], Fault> {
        self.values.next().ok_or(Fault::Absent)
    }

    #[inline(always)]
    fn row_body_len_previous_unfiltered(&mut self) -> Result<u64, Fault> {
        Ok(self.previous_size)
    }

    #[inline(always)]
    fn liveness_info_timestamp(&mut self) -> Result<u64, Fault> {
        Ok(self.timestamp)
    }

    #[inline(always)]
    fn cell_value(&mut self) -> Result<&'a [u8], Fault> {
        self.values.next().ok_or(Fault::Absent)
    }
}
