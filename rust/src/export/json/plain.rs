//! Many rows at once, of which there is nothing to be said but when they were written and what
//! their values are.

use super::JsonDump;
use crate::io::wide;
use crate::rows::{Cell, LivenessInfo, PlainRows, RowStart};

impl<const LINES: bool> JsonDump<'_, LINES> {
    /// Writes plain rows; nothing, and false, where a value cannot be shown.
    pub(super) fn write_plain(&mut self, rows: &PlainRows<'_>) -> bool {
        let before = self.position;
        let mut clustering = Vec::new();
        for (row, (timestamp, position)) in rows.places().enumerate() {
            clustering.clear();
            clustering.extend(rows.clustering_of(row).map(Some));
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
            let values = rows.row(row).skip(clustering.len()).take(rows.num_columns());
            for (column, value) in values.enumerate() {
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
