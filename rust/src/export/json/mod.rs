//! The JSON of Cassandra's sstabledump, to the letter.
//!
//! Follows `org.apache.cassandra.tools.JsonTransformer`.

mod model;
mod parts;
mod plain;
mod writer;

pub use model::{Column, Failure, Invalid, Options, Part, Table};

use parts::leads;
use writer::{Mark, Writer};

use crate::codec::text;
use crate::rows::{
    Cell, DeletionTime, Events, Flow, LivenessInfo, Marker, PartitionStart, PlainRows, PlainWish,
    RowStart,
};
use crate::types::composites::split_composite;
use crate::types::values::Refusal;

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

    #[inline]
    fn plain(&self) -> PlainWish {
        let rows = if self.stage == Stage::Rows { usize::MAX } else { 0 };
        PlainWish { rows, newer_than: i64::MIN }
    }

    fn plain_rows(&mut self, rows: &PlainRows<'_>) -> Result<Option<Flow>, Failure> {
        Ok(self.write_plain(rows).then_some(Flow::Go))
    }

    fn row(&mut self, row: &RowStart<'_>) -> Result<Flow, Failure> {
        if self.stage == Stage::Excluded {
            return Ok(Flow::Go);
        }
        if row.is_static {
            self.write_head(row.position.saturating_add(row.size));
        }
        self.start_row(row);
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
        self.end_row();
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
