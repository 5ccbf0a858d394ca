//! The JSON of Cassandra's sstabledump, to the letter.
//!
//! Follows `org.apache.cassandra.tools.JsonTransformer`.

use std::collections::HashSet;

use super::json_writer::{Mark, Writer};
use crate::codec::{be, text};
use crate::errors::Error;
use crate::layouts::generated::clustering::Kind;
use crate::rows::{
    Cell, DeletionTime, Events, Flow, LivenessInfo, Marker, PartitionStart, RowStart,
};
use crate::types::CqlType;
use crate::types::composites::split_composite;
use crate::types::values::Refusal;

/// Bytes of a `long`: what sstabledump takes of a counter's context.
const LONG: usize = 8;

/// A column whose cells are shown.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name as a CQL identifier, as a JSON string.
    pub name: Vec<u8>,
    /// Its type.
    pub kind: CqlType,
}

/// What is to be known of a table.
#[derive(Clone, Debug)]
pub struct Table {
    /// What sstabledump calls its kind.
    pub kind: String,
    /// The type of the whole partition key.
    pub key: CqlType,
    /// The types of the partition key's columns.
    pub key_columns: Vec<CqlType>,
    /// The types of the clustering columns.
    pub clustering: Vec<CqlType>,
    /// The static columns, as rows number them.
    pub statics: Vec<Column>,
    /// The regular columns, as rows number them.
    pub regulars: Vec<Column>,
}

/// How it is to be shown.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Seconds since 1970, what `expired` is judged by.
    pub now: i64,
    /// Times as numbers in strings instead of dates.
    pub raw_timestamps: bool,
    /// Texts of partition keys that are left out.
    pub excluded: HashSet<Vec<u8>>,
}

/// What a value belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The partition key.
    Key,
    /// A clustering column, by its number.
    Clustering(usize),
    /// A cell of a static column, by its number, with its path.
    Static(usize, Option<Vec<u8>>),
    /// A cell of a regular column, by its number, with its path.
    Regular(usize, Option<Vec<u8>>),
}

/// A value that its type does not allow, so that it cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What it belongs to.
    pub part: Part,
    /// Its bytes.
    pub value: Vec<u8>,
    /// Whether it is a tombstone's, so that only its path counts.
    pub is_tombstone: bool,
    /// What is wrong about it.
    pub refusal: Refusal,
}

/// Why the dump ends before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Rows cannot be read.
    Read(Error),
    /// A value cannot be shown.
    Value(Box<Invalid>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Read(error)
    }
}

/// How far the current partition has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// There is none, or nothing of it stands.
    Before,
    /// Its header is known; that it stands is open until its static row has been read.
    Head,
    /// Its header stands.
    Rows,
    /// It is left out.
    Excluded,
}

/// Writes partitions as sstabledump does. With `LINES` each on one line.
#[derive(Debug)]
pub struct JsonDump<'t, const LINES: bool> {
    json: Writer<LINES>,
    table: &'t Table,
    options: &'t Options,
    /// What is before it stands, whatever comes.
    kept: Mark,
    has_text: bool,
    stops: bool,
    stage: Stage,
    key: Option<Vec<u8>>,
    deletion: Option<DeletionTime>,
    head: Option<Mark>,
    /// The position that is shown for the next row.
    position: u64,
    liveness: Option<LivenessInfo>,
    is_static: bool,
    refused: Option<Box<Invalid>>,
    scratch: Vec<u8>,
    /// Of static and of regular columns.
    leads: (Vec<Vec<u8>>, Vec<Vec<u8>>),
}

impl<'t, const LINES: bool> JsonDump<'t, LINES> {
    /// A dump of partitions of `table`, of which none has been told yet.
    #[must_use]
    pub fn new(table: &'t Table, options: &'t Options) -> Self {
        let mut json = Writer::default();
        if !LINES {
            json.start_array();
        }
        let kept = json.mark();
        Self {
            json,
            table,
            options,
            kept,
            has_text: false,
            stops: false,
            stage: Stage::Before,
            key: None,
            deletion: None,
            head: None,
            position: 0,
            liveness: None,
            is_static: false,
            refused: None,
            scratch: Vec::new(),
            leads: (leads(&table.statics), leads(&table.regulars)),
        }
    }

    /// The text that stands by now, to be followed by [`JsonDump::taken`].
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.json.text(self.kept)
    }

    /// Forgets the text that stood.
    pub fn taken(&mut self) {
        self.has_text |= !self.text().is_empty();
        self.head = self.head.map(|head| head.behind(self.kept));
        self.json.forget(self.kept);
        self.kept = self.kept.behind(self.kept);
    }

    /// The key of the partition that was told last.
    #[must_use]
    pub fn last_key(&self) -> Option<&[u8]> {
        self.key.as_deref()
    }

    /// The reader is to be stopped at the end of the next partition.
    pub const fn stop_after_partition(&mut self) {
        self.stops = true;
    }

    /// Ends the text, so that it is whole JSON also where reading ended with an error.
    pub fn finish(&mut self) {
        self.json.go_back(self.kept);
        if self.stage == Stage::Rows {
            self.json.end_array();
            self.json.end_object();
        }
        self.stage = Stage::Before;
        if !LINES {
            self.json.end_array();
        }
        self.keep();
        if self.has_text || !self.text().is_empty() {
            self.json.end_text();
        }
        self.keep();
    }

    fn keep(&mut self) {
        self.kept = self.json.mark();
    }

    fn write_head(&mut self, rows_position: u64) {
        self.position = rows_position;
        if self.head.is_some() {
            return;
        }
        self.json.start_object();
        self.json.string_field(b"\"table kind\"", self.table.kind.as_bytes());
        self.json.name(b"\"partition\"");
        self.json.start_object();
        self.json.name(b"\"key\"");
        if let Err(refusal) = self.write_key() {
            let value = self.key.clone().unwrap_or_default();
            self.refuse(Part::Key, &value, false, refusal);
        }
        text::integer(rows_position, self.json.field(b"\"position\""));
        if let Some(deletion) = self.deletion {
            self.write_deletion(deletion);
        }
        self.json.end_object();
        self.json.name(b"\"rows\"");
        self.json.start_array();
        self.head = Some(self.json.mark());
    }

    fn write_key(&mut self) -> Result<(), Refusal> {
        let key = self.key.as_deref().unwrap_or_default();
        (self.json.compact_objects, self.json.compact_arrays) = (true, true);
        self.json.start_array();
        if let [kind] = self.table.key_columns.as_slice() {
            self.scratch.clear();
            kind.write_string(key, &mut self.scratch)?;
            text::quoted(&self.scratch, self.json.value());
        } else {
            let (_, values) = split_composite(key)?;
            if values.len() != self.table.key_columns.len() {
                return Err(Refusal::new("another number of values than the key has columns"));
            }
            for (kind, (value, _)) in self.table.key_columns.iter().zip(values) {
                self.scratch.clear();
                kind.write_string(value, &mut self.scratch)?;
                text::quoted(&self.scratch, self.json.value());
            }
        }
        self.json.end_array();
        (self.json.compact_objects, self.json.compact_arrays) = (false, false);
        Ok(())
    }

    /// Whether the current partition is to be left out.
    fn is_excluded(&mut self) -> bool {
        if self.options.excluded.is_empty() {
            return false;
        }
        self.scratch.clear();
        let key = self.key.as_deref().unwrap_or_default();
        match self.table.key.write_string(key, &mut self.scratch) {
            Ok(()) => self.options.excluded.contains(&self.scratch),
            // Showing it will be refused too, when its turn comes.
            Err(_) => false,
        }
    }

    /// The first value in a row that cannot be shown counts, once the row has been read.
    #[cold]
    fn refuse(&mut self, part: Part, value: &[u8], is_tombstone: bool, refusal: Refusal) {
        if self.refused.is_none() {
            let value = value.to_vec();
            self.refused = Some(Box::new(Invalid { part, value, is_tombstone, refusal }));
        }
    }

    fn refusal(&mut self) -> Result<(), Failure> {
        self.refused.take().map_or(Ok(()), |invalid| Err(Failure::Value(invalid)))
    }

    /// The partition's head stands from now on, unless its key cannot be shown.
    fn open(&mut self, rows_position: u64) -> Result<(), Failure> {
        self.write_head(rows_position);
        if self.refused.as_ref().is_some_and(|invalid| invalid.part == Part::Key) {
            return self.refusal();
        }
        if let Some(head) = self.head {
            self.kept = head;
            self.stage = Stage::Rows;
        }
        Ok(())
    }

    fn write_clustering(&mut self, values: &[Option<&[u8]>]) {
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

    fn write_liveness(&mut self, liveness: LivenessInfo) {
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

    fn write_expiration(&mut self, ttl: i64, at: i64, is_expired: bool) {
        text::integer(ttl, self.json.field(b"\"ttl\""));
        self.seconds(b"\"expires_at\"", at);
        let shown: &[u8] = if is_expired { b"true" } else { b"false" };
        self.json.field(b"\"expired\"").extend_from_slice(shown);
    }

    fn write_deletion(&mut self, deletion: DeletionTime) {
        self.json.name(b"\"deletion_info\"");
        self.json.compact_objects = true;
        self.json.start_object();
        self.microseconds(b"\"marked_deleted\"", deletion.marked_for_delete_at);
        self.seconds(b"\"local_delete_time\"", deletion.local_deletion_time);
        self.json.end_object();
        self.json.compact_objects = false;
    }

    fn write_bound(&mut self, marker: &Marker<'_>, is_start: bool, deletion: DeletionTime) {
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

    fn columns(&self) -> &'t [Column] {
        if self.is_static { &self.table.statics } else { &self.table.regulars }
    }

    fn write_cell(&mut self, index: usize, path: Option<&[u8]>, cell: &Cell<'_>) {
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

    fn write_path_and_value(
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

    fn microseconds(&mut self, name: &[u8], time: i64) {
        let out = self.json.field(name);
        out.push(b'"');
        if self.options.raw_timestamps {
            text::integer(time, out);
        } else {
            text::write_time(time, out);
        }
        out.push(b'"');
    }

    fn seconds(&mut self, name: &[u8], time: i64) {
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
fn leads(columns: &[Column]) -> Vec<Vec<u8>> {
    let lead = |column: &Column| [b"\"name\":", column.name.as_slice(), b",\"value\":"].concat();
    columns.iter().map(lead).collect()
}

impl<const LINES: bool> Events for JsonDump<'_, LINES> {
    type Error = Failure;

    fn partition(&mut self, partition: &PartitionStart<'_>) -> Result<Flow, Failure> {
        let key = self.key.get_or_insert_default();
        key.clear();
        key.extend_from_slice(partition.key);
        self.deletion = partition.deletion;
        self.head = None;
        self.stage = if self.is_excluded() { Stage::Excluded } else { Stage::Head };
        Ok(Flow::Go)
    }

    fn rows(&mut self, position: u64) -> Result<(), Failure> {
        if self.stage == Stage::Head { self.open(position) } else { Ok(()) }
    }

    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Failure> {
        if self.stage == Stage::Excluded {
            return Ok(Flow::Go);
        }
        if row.is_static {
            self.write_head(row.position.saturating_add(row.size));
        }
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
        Ok(Flow::Go)
    }

    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Result<(), Failure> {
        self.write_cell(column, None, cell);
        Ok(())
    }

    fn complex(
        &mut self,
        column: usize,
        deletion: Option<DeletionTime>,
        _: u64,
    ) -> Result<(), Failure> {
        let (Some(deletion), Stage::Head | Stage::Rows) = (deletion, self.stage) else {
            return Ok(());
        };
        if let Some(column) = self.columns().get(column) {
            self.json.compact_objects = true;
            self.json.start_object();
            self.json.field(b"\"name\"").extend_from_slice(&column.name);
            self.write_deletion(deletion);
            self.json.compact_objects = true;
            self.json.end_object();
            self.json.compact_objects = false;
        }
        Ok(())
    }

    fn complex_cell(&mut self, column: usize, path: &[u8], cell: &Cell<'_>) -> Result<(), Failure> {
        self.write_cell(column, Some(path), cell);
        Ok(())
    }

    fn row_end(&mut self, _: u64) -> Result<Flow, Failure> {
        if self.stage == Stage::Excluded {
            return Ok(Flow::Go);
        }
        if self.is_static {
            self.open(self.position)?;
        }
        self.refusal()?;
        self.json.end_array();
        self.json.end_object();
        self.keep();
        Ok(Flow::Go)
    }

    fn marker(&mut self, marker: &Marker<'_>) -> Result<Flow, Failure> {
        if self.stage == Stage::Excluded {
            return Ok(Flow::Go);
        }
        self.position = marker.position.saturating_add(marker.size);
        self.json.start_object();
        let is_boundary = marker.close.is_some() && marker.open.is_some();
        let kind: &[u8] =
            if is_boundary { b"range_tombstone_boundary" } else { b"range_tombstone_bound" };
        self.json.string_field(b"\"type\"", kind);
        // A boundary's start comes first, although it ends one range before it starts another.
        if let Some(deletion) = marker.open {
            self.write_bound(marker, true, deletion);
        }
        if let Some(deletion) = marker.close {
            self.write_bound(marker, false, deletion);
        }
        self.json.end_object();
        self.json.compact_objects = false;
        self.refusal()?;
        self.keep();
        Ok(Flow::Go)
    }

    fn partition_end(&mut self, _: u64) -> Result<Flow, Failure> {
        if std::mem::replace(&mut self.stage, Stage::Before) == Stage::Rows {
            self.json.end_array();
            self.json.end_object();
            self.keep();
        }
        Ok(if std::mem::take(&mut self.stops) { Flow::Stop } else { Flow::Go })
    }
}
