//! Plain rows that wait: where the values of each are.

use super::block::Span;
use crate::rows::PlainRows;

/// Plain rows of one SSTable, all with the same columns.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    /// Of each row the values of the clustering columns, then those of the others.
    spans: Vec<Span>,
    /// Values of a row.
    width: usize,
    /// Where each row is in the SSTable's uncompressed Data.db.
    positions: Vec<u64>,
}

impl Plain {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.spans.clear();
        self.positions.clear();
    }

    /// Adds rows, whose bytes are kept at `kept`, with these clustering columns' values and
    /// those of `columns`; the number of the first one.
    pub fn add(
        &mut self,
        rows: &PlainRows<'_>,
        kept: Span,
        clusterings: &[&[&[u8]]],
        columns: &[usize],
    ) -> usize {
        let first = self.positions.len();
        self.positions.extend(rows.places().map(|(_, position)| position));
        self.width = clusterings.len().saturating_add(columns.len());
        let from = rows.bytes().as_ptr().addr();
        let span = |value: &[u8]| {
            let start = kept.start.saturating_add(value.as_ptr().addr().saturating_sub(from));
            Span { start, end: start.saturating_add(value.len()) }
        };
        let others = columns.iter().map(|column| rows.column(*column));
        let all: Vec<&[&[u8]]> = clusterings.iter().copied().chain(others).collect();
        self.spans.reserve(rows.len().saturating_mul(self.width));
        for row in 0..rows.len() {
            let values = all.iter().map(|column| column.get(row).copied().unwrap_or_default());
            self.spans.extend(values.map(span));
        }
        first
    }

    /// Where the values of a row are.
    #[inline]
    pub fn row(&self, index: usize) -> &[Span] {
        let start = index.saturating_mul(self.width);
        self.spans.get(start..start.saturating_add(self.width)).unwrap_or_default()
    }

    /// Where a row is.
    pub fn position(&self, index: usize) -> u64 {
        self.positions.get(index).copied().unwrap_or(0)
    }
}
