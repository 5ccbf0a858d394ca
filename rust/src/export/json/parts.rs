//! What a row consists of: clusterings, times, deletions and cells.

use super::model::{Column, Part};
use super::{JsonDump, Stage};
use crate::codec::{be, text};
use crate::layouts::generated::clustering::Kind;
use crate::rows::{Cell, DeletionTime, LivenessInfo, Marker, RowStart};
use crate::types::CqlType;
use crate::types::values::Refusal;

/// Bytes of a `long`: what sstabledump takes of a counter's context.
const LONG: usize = 8;

impl<'t, const LINES: bool> JsonDump<'t, LINES> {
    /// All of a row before its cells.
    pub(super) fn start_row(&mut self, row: &RowStart<'_>) {
        (self.is_static, self.liveness) = (row.is_static, row.liveness);
        self.json.start_object();
        let kind: &[u8] = if row.is_static { b"\"static_block\"" } else { b"\"row\"" };
        self.json.field(b"\"type\"").extend_from_slice(kind);
        text::integer(self.position, self.json.field(b"\"position\""));
        if !row.is_static {
            self.position = row.position.saturating_add(row.size);
            self.write_clustering(row.clustering);
        }
        if let Some(liveness) = row.liveness {
            self.write_liveness(liveness);
        }
        if let Some(deletion) = row.deletion {
            self.write_deletion(deletion);
        }
        self.json.name(b"\"cells\"");
        self.json.start_array();
    }

    /// What is behind a row's cells.
    pub(super) fn end_row(&mut self) {
        self.json.end_array();
        self.json.end_object();
    }

    pub(super) fn write_clustering(&mut self, values: &[Option<&[u8]>]) {
        if values.is_empty() {
            return;
        }
        self.json.name(b"\"clustering\"");
        self.json.compact_objects = true;
        self.json.start_array();
        self.json.compact_arrays = true;
        for (index, kind) in self.table.clustering.iter().enumerate() {
            let out = self.json.value();
            match values.get(index) {
                None => out.extend_from_slice(b"\"*\""),
                Some(None) => out.extend_from_slice(b"null"),
                Some(Some(value)) => {
                    if let Err(refusal) = kind.write_json(value, out) {
                        self.refuse(Part::Clustering(index), value, false, refusal);
                    }
                }
            }
        }
        self.json.end_array();
        (self.json.compact_objects, self.json.compact_arrays) = (false, false);
    }

    pub(super) fn write_liveness(&mut self, liveness: LivenessInfo) {
        self.json.compact_objects = false;
        self.json.name(b"\"liveness_info\"");
        self.json.compact_objects = true;
        self.json.start_object();
        self.microseconds(b"\"tstamp\"", liveness.timestamp);
        if let (Some(ttl), Some(at)) = (liveness.ttl, liveness.local_expiration_time) {
            self.write_expiration(ttl, at, at < self.options.now);
        }
        self.json.end_object();
        self.json.compact_objects = false;
    }

    pub(super) fn write_expiration(&mut self, ttl: i64, at: i64, is_expired: bool) {
        text::integer(ttl, self.json.field(b"\"ttl\""));
        self.seconds(b"\"expires_at\"", at);
        let shown: &[u8] = if is_expired { b"true" } else { b"false" };
        self.json.field(b"\"expired\"").extend_from_slice(shown);
    }

    pub(super) fn write_deletion(&mut self, deletion: DeletionTime) {
        self.json.name(b"\"deletion_info\"");
        self.json.compact_objects = true;
        self.json.start_object();
        self.microseconds(b"\"marked_deleted\"", deletion.marked_for_delete_at);
        self.seconds(b"\"local_delete_time\"", deletion.local_deletion_time);
        self.json.end_object();
        self.json.compact_objects = false;
    }

    pub(super) fn write_bound(
        &mut self,
        marker: &Marker<'_>,
        is_start: bool,
        deletion: DeletionTime,
    ) {
        let kind = marker.kind;
        let is_inclusive = if marker.close.is_some() && marker.open.is_some() {
            (kind == Kind::INCL_END_EXCL_START_BOUNDARY) != is_start
        } else {
            kind == Kind::INCL_START_BOUND || kind == Kind::INCL_END_BOUND
        };
        self.json.name(if is_start { b"\"start\"" } else { b"\"end\"" });
        self.json.start_object();
        let shown: &[u8] = if is_inclusive { b"inclusive" } else { b"exclusive" };
        self.json.string_field(b"\"type\"", shown);
        self.write_clustering(marker.values);
        self.write_deletion(deletion);
        self.json.end_object();
    }

    pub(super) fn columns(&self) -> &'t [Column] {
        if self.is_static { &self.table.statics } else { &self.table.regulars }
    }

    pub(super) fn write_cell(&mut self, index: usize, path: Option<&[u8]>, cell: &Cell<'_>) {
        if self.stage == Stage::Excluded || self.refused.is_some() {
            return;
        }
        let Some(column) = self.columns().get(index) else { return };
        let leads = if self.is_static { &self.leads.0 } else { &self.leads.1 };
        let written = match leads.get(index) {
            Some(lead) if LINES && path.is_none() && !cell.is_tombstone => {
                write_value(&column.kind, cell, self.json.start_with(lead))
            }
            _ => {
                self.json.start_object();
                self.json.compact_objects = true;
                self.json.field(b"\"name\"").extend_from_slice(&column.name);
                self.write_path_and_value(column, path, cell)
            }
        };
        if let Err(refusal) = written {
            let path = path.map(<[u8]>::to_vec);
            let part =
                if self.is_static { Part::Static(index, path) } else { Part::Regular(index, path) };
            self.refuse(part, cell.value, cell.is_tombstone, refusal);
            return;
        }
        if self.liveness.is_none_or(|row| row.timestamp != cell.timestamp) {
            self.microseconds(b"\"tstamp\"", cell.timestamp);
        }
        if let (Some(ttl), Some(at)) = (cell.ttl, cell.local_deletion_time) {
            if self.liveness.is_none_or(|row| row.ttl != cell.ttl) {
                let is_expired = cell.is_tombstone || at <= self.options.now;
                self.write_expiration(ttl, at, is_expired);
            }
        }
        self.json.end_object();
        self.json.compact_objects = false;
    }

    pub(super) fn write_path_and_value(
        &mut self,
        column: &Column,
        path: Option<&[u8]>,
        cell: &Cell<'_>,
    ) -> Result<(), Refusal> {
        if let Some(path) = path {
            self.json.name(b"\"path\"");
            self.json.compact_arrays = true;
            self.json.start_array();
            self.scratch.clear();
            column.kind.write_path(path, &mut self.scratch)?;
            text::quoted(&self.scratch, self.json.value());
            self.json.end_array();
            self.json.compact_arrays = false;
        }
        if cell.is_tombstone {
            self.json.name(b"\"deletion_info\"");
            self.json.start_object();
            self.seconds(b"\"local_delete_time\"", cell.local_deletion_time.unwrap_or(0));
            self.json.end_object();
            self.json.compact_objects = false;
            return Ok(());
        }
        let kind = match path {
            Some(path) => column.kind.cell_type(path)?,
            None => &column.kind,
        };
        write_value(kind, cell, self.json.field(b"\"value\""))
    }

    pub(super) fn microseconds(&mut self, name: &[u8], time: i64) {
        let out = self.json.field(name);
        out.push(b'"');
        if self.options.raw_timestamps {
            text::integer(time, out);
        } else {
            text::write_time(time, out);
        }
        out.push(b'"');
    }

    pub(super) fn seconds(&mut self, name: &[u8], time: i64) {
        let out = self.json.field(name);
        out.push(b'"');
        if self.options.raw_timestamps {
            text::integer(time, out);
        } else {
            text::instant(time, 0, out);
        }
        out.push(b'"');
    }
}

/// Writes the value of a cell that is no tombstone.
#[inline]
fn write_value(kind: &CqlType, cell: &Cell<'_>, out: &mut Vec<u8>) -> Result<(), Refusal> {
    match (kind, cell.value.get(..LONG).and_then(be::i64)) {
        // sstabledump takes the start of a counter's context for a bigint.
        (CqlType::Counter, Some(number)) => text::integer(number, out),
        _ => kind.write_json(cell.value, out)?,
    }
    Ok(())
}

/// What the cell of each column starts with where there are no spaces, up to its value.
pub(super) fn leads(columns: &[Column]) -> Vec<Vec<u8>> {
    let lead = |column: &Column| [b"\"name\":", column.name.as_slice(), b",\"value\":"].concat();
    columns.iter().map(lead).collect()
}
