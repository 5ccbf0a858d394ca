//! Many rows at once, of which there is nothing to be said but when they were written and what
//! their values are.

use super::JsonDump;
use crate::io::wide;
use crate::rows::{Cell, LivenessInfo, PlainRows, RowStart};

impl<const LINES: bool> JsonDump<'_, LINES> {
    /// Writes plain rows; nothing, and false, where a value cannot be shown.
    pub(super) fn write_plain(&mut self, rows: &PlainRows<'_>) -> bool {
        let before = self.position;
        let clusterings: Vec<_> =
            (0..self.table.clustering.len()).map(|index| rows.clustering(index)).collect();
        let regulars: Vec<_> =
            (0..self.table.regulars.len()).map(|index| rows.column(index)).collect();
        let mut clustering = Vec::with_capacity(clusterings.len());
        for (row, (timestamp, position)) in rows.places().enumerate() {
            clustering.clear();
            clustering.extend(clusterings.iter().map(|values| values.get(row).copied()));
            self.position = position;
            self.start_row(&RowStart {
                clustering: &clustering,
                liveness: Some(LivenessInfo { timestamp, ttl: None, local_expiration_time: None }),
                deletion: None,
                is_static: false,
                is_shadowable: false,
                position,
                size: 0,
                previous_size: 0,
            });
            for (column, values) in regulars.iter().enumerate() {
                let Some(value) = values.get(row).copied() else { continue };
                let cell = Cell {
                    value,
                    timestamp,
                    ttl: None,
                    local_deletion_time: None,
                    is_tombstone: false,
                };
                self.write_cell(column, None, &cell);
            }
            self.end_row();
        }
        if self.refused.take().is_some() {
            // Told singly they are refused with all that is to be said of it.
            self.json.go_back(self.kept);
            self.position = before;
            return false;
        }
        self.position = before.saturating_add(wide(rows.bytes().len()));
        self.keep();
        true
    }
}
