//! Rows of the same clustering to one (`Row.Merger`).

use std::cmp::Ordering;

use super::block::{Block, Part, Stored, Unit, What};
use super::columns::{Column, is_newer, newest};
use super::counters::{self, Merged};
use super::ranges::times;
use crate::errors::{Error, Kind};
use crate::rows::events::{Cell, DeletionTime, Events, Flow, LivenessInfo, RowStart};
use crate::rows::times::DATA;

/// The time to live by which materialized views mark rows as expired (`LivenessInfo`).
const EXPIRED_LIVENESS_TTL: i64 = 0x7fff_ffff;

/// A row of one SSTable.
#[derive(Clone, Copy, Debug)]
pub struct Version<'b> {
    /// The number of the SSTable.
    pub sstable: usize,
    /// Where the row is held.
    pub block: &'b Block,
    /// The row.
    pub unit: &'b Unit,
}

/// A cell of one of the versions: the version's number, and the cell's in its block.
type Place = (usize, usize);

/// What is known so far of a column of the row.
#[derive(Default)]
struct Slot {
    is_touched: bool,
    /// The cell that counts of a simple column.
    cell: Option<Place>,
    /// The counter's value that replaces the cell's, and its timestamp.
    counter: Option<(Vec<u8>, i64)>,
    /// What deletes older cells of a complex column, and all of its cells.
    deletion: Option<DeletionTime>,
    elements: Vec<Place>,
}

/// Memory for rows that are merged, used again and again.
#[derive(Default)]
pub struct Merging {
    slots: Vec<Slot>,
    touched: Vec<usize>,
    paths: Vec<u8>,
    keyed: Vec<(usize, usize, Place)>,
}

/// The row itself, without its columns.
struct Head {
    liveness: Option<LivenessInfo>,
    deletion: Option<DeletionTime>,
    is_shadowable: bool,
    /// What deletes its cells.
    active: Option<DeletionTime>,
}

impl Merging {
    /// Tells `events` the row that `versions`, of which there is at least one, are together:
    /// nothing if nothing is left. `active` is the newest deletion of the partition, or of a
    /// range that the row is in.
    ///
    /// # Errors
    /// What `events` say; [`Kind::InvalidValue`]: a path or counter is none.
    pub fn tell<E: Events<Error = Error>>(
        &mut self,
        versions: &[Version<'_>],
        active: Option<DeletionTime>,
        columns: &[Column],
        events: &mut E,
    ) -> Result<Flow, Error> {
        if let ([only], None) = (versions, active) {
            return forward(only, events);
        }
        let head = head(versions, active);
        self.gather(versions, head.active, columns)?;
        let told = self.tell_merged(versions, &head, columns, events);
        for index in self.touched.drain(..) {
            let Some(slot) = self.slots.get_mut(index) else { continue };
            slot.is_touched = false;
            slot.cell = None;
            slot.counter = None;
            slot.deletion = None;
            slot.elements.clear();
        }
        told
    }

    /// Finds out which cells count.
    fn gather(
        &mut self,
        versions: &[Version<'_>],
        active: Option<DeletionTime>,
        columns: &[Column],
    ) -> Result<(), Error> {
        if self.slots.len() < columns.len() {
            self.slots.resize_with(columns.len(), Slot::default);
        }
        let up_to = up_to(active);
        for (number, version) in versions.iter().enumerate() {
            let (first, cells) = version.block.cells(version.unit);
            for (index, cell) in cells.iter().enumerate() {
                if cell.part == Part::Simple && cell.timestamp <= up_to {
                    continue;
                }
                let place = (number, first.saturating_add(index));
                let Some(slot) = self.slots.get_mut(cell.column) else { continue };
                if !slot.is_touched {
                    slot.is_touched = true;
                    self.touched.push(cell.column);
                }
                match cell.part {
                    Part::Head => slot.deletion = newest(slot.deletion, cell.deletion()),
                    Part::Element => slot.elements.push(place),
                    Part::Simple => {
                        let is_counter = columns.get(cell.column).is_some_and(Column::is_counter);
                        slot.add(versions, place, cell, is_counter)?;
                    }
                }
            }
        }
        if !self.touched.is_sorted() {
            self.touched.sort_unstable();
        }
        for index in &self.touched {
            let (Some(slot), Some(column)) = (self.slots.get_mut(*index), columns.get(*index))
            else {
                continue;
            };
            if !column.is_complex() {
                continue;
            }
            let counts = newest(active, slot.deletion);
            if times(slot.deletion) <= times(active) {
                slot.deletion = None;
            }
            let up_to = self::up_to(counts);
            slot.elements.retain(|place| {
                stored(versions, *place).is_some_and(|(_, cell)| cell.timestamp > up_to)
            });
            let first = slot.elements.first().map(|place| place.0);
            if slot.elements.iter().any(|place| Some(place.0) != first) {
                sort(slot, versions, column, &mut self.paths, &mut self.keyed)?;
            }
        }
        Ok(())
    }

    fn tell_merged<E: Events<Error = Error>>(
        &self,
        versions: &[Version<'_>],
        head: &Head,
        columns: &[Column],
        events: &mut E,
    ) -> Result<Flow, Error> {
        let slots =
            || self.touched.iter().filter_map(|index| Some((*index, self.slots.get(*index)?)));
        let has_cells = slots().any(|(_, slot)| !slot.is_empty());
        let Some(first) = versions.first() else { return Ok(Flow::Go) };
        if head.liveness.is_none() && head.deletion.is_none() && !has_cells {
            return Ok(Flow::Go);
        }
        events.origin(first.sstable, first.unit.position);
        let flow = first.block.with_values(first.unit, |clustering| {
            events.row(&RowStart {
                clustering,
                liveness: head.liveness,
                deletion: head.deletion,
                is_static: first.unit.what == What::Static,
                is_shadowable: head.is_shadowable,
                position: first.unit.position,
                size: 0,
                previous_size: 0,
            })
        })?;
        if flow != Flow::Go {
            return Ok(flow);
        }
        let mut told = 0;
        let mut origin = |events: &mut E, number: usize| {
            if number != told {
                if let Some(version) = versions.get(number) {
                    events.origin(version.sstable, version.unit.position);
                }
                told = number;
            }
        };
        for (index, slot) in slots() {
            if let Some((version, cell)) = slot.cell.and_then(|place| stored(versions, place)) {
                let mut cell = version.block.told(cell);
                if let Some((value, timestamp)) = &slot.counter {
                    (cell.value, cell.timestamp) = (value, *timestamp);
                }
                origin(events, slot.cell.map_or(0, |place| place.0));
                events.cell(index, &cell)?;
            } else if columns.get(index).is_some_and(Column::is_complex) && !slot.is_empty() {
                let number = u64::try_from(slot.elements.len()).unwrap_or(u64::MAX);
                events.complex(index, slot.deletion, number)?;
                for place in &slot.elements {
                    let Some((version, cell)) = stored(versions, *place) else { continue };
                    origin(events, place.0);
                    let path = version.block.bytes(cell.path);
                    events.complex_cell(index, path, &version.block.told(cell))?;
                }
            }
        }
        events.row_end(0)
    }
}

impl Slot {
    fn is_empty(&self) -> bool {
        self.cell.is_none() && self.deletion.is_none() && self.elements.is_empty()
    }

    /// Reconciles a simple column's cell with what is there.
    #[inline]
    fn add(
        &mut self,
        versions: &[Version<'_>],
        place: Place,
        cell: &Stored,
        is_counter: bool,
    ) -> Result<(), Error> {
        let Some((known, before)) = self.cell.and_then(|known| stored(versions, known)) else {
            self.cell = Some(place);
            return Ok(());
        };
        let Some((version, _)) = stored(versions, place) else { return Ok(()) };
        let mut first = known.block.told(before);
        let second = version.block.told(cell);
        if !is_counter {
            if is_newer(&first, &second) {
                self.cell = Some(place);
            }
            return Ok(());
        }
        let counter = self.counter.take();
        if let Some((value, timestamp)) = &counter {
            (first.value, first.timestamp) = (value, *timestamp);
        }
        let merged = counter_of(&first, &second).map_err(|message| refused(version, message))?;
        match merged {
            Chosen::First => self.counter = counter,
            Chosen::Second => self.cell = Some(place),
            Chosen::Merged(value, timestamp) => self.counter = Some((value, timestamp)),
        }
        Ok(())
    }
}

/// Which of two cells of a counter counts.
enum Chosen {
    First,
    Second,
    Merged(Vec<u8>, i64),
}

/// `Cells.resolveCounter`.
fn counter_of(first: &Cell<'_>, second: &Cell<'_>) -> Result<Chosen, String> {
    let either = |is_first: bool| if is_first { Chosen::First } else { Chosen::Second };
    if first.is_tombstone && second.is_tombstone {
        // Deletions are not of counters any more.
        return Ok(either(!is_newer(first, second)));
    }
    if first.is_tombstone || second.is_tombstone {
        return Ok(either(first.is_tombstone));
    }
    match (first.value.is_empty(), second.value.is_empty()) {
        (true, true) => return Ok(either(first.timestamp > second.timestamp)),
        (is_first, is_second) if is_first != is_second => return Ok(either(is_first)),
        _ => {}
    }
    let merged = counters::merge(first.value, second.value).map_err(|error| error.to_string())?;
    let timestamp = first.timestamp.max(second.timestamp);
    Ok(match merged {
        Merged::Left if timestamp == first.timestamp => Chosen::First,
        Merged::Right if timestamp == second.timestamp => Chosen::Second,
        Merged::Left => Chosen::Merged(first.value.to_vec(), timestamp),
        Merged::Right => Chosen::Merged(second.value.to_vec(), timestamp),
        Merged::Both(value) => Chosen::Merged(value, timestamp),
    })
}

/// A complex column's cells in the order of their paths, of those with the same path the one
/// that counts.
fn sort(
    slot: &mut Slot,
    versions: &[Version<'_>],
    column: &Column,
    paths: &mut Vec<u8>,
    keyed: &mut Vec<(usize, usize, Place)>,
) -> Result<(), Error> {
    paths.clear();
    keyed.clear();
    for place in &slot.elements {
        let Some((version, cell)) = stored(versions, *place) else { continue };
        let start = paths.len();
        let placed = column.place(version.block.bytes(cell.path), paths);
        placed
            .map_err(|message| Error { field: column.name.clone(), ..refused(version, message) })?;
        keyed.push((start, paths.len(), *place));
    }
    let path = |item: &(usize, usize, Place)| paths.get(item.0..item.1).unwrap_or_default();
    keyed.sort_by(|left, right| path(left).cmp(path(right)));
    slot.elements.clear();
    let mut before: Option<&(usize, usize, Place)> = None;
    for item in keyed.iter() {
        let is_same = before.is_some_and(|before| path(before).cmp(path(item)) == Ordering::Equal);
        before = Some(item);
        let known = if is_same { slot.elements.last_mut() } else { None };
        let Some(known) = known else {
            slot.elements.push(item.2);
            continue;
        };
        let pair = stored(versions, *known).zip(stored(versions, item.2));
        if pair.is_some_and(|((a, first), (b, second))| {
            is_newer(&a.block.told(first), &b.block.told(second))
        }) {
            *known = item.2;
        }
    }
    Ok(())
}

fn stored<'v, 'b>(
    versions: &'v [Version<'b>],
    place: Place,
) -> Option<(&'v Version<'b>, &'b Stored)> {
    let version = versions.get(place.0)?;
    Some((version, version.block.cell(place.1)?))
}

#[cold]
fn refused(version: &Version<'_>, message: String) -> Error {
    let error = Error::new(Kind::InvalidValue, DATA, message).at(version.unit.position, "");
    error.of(version.sstable)
}

fn up_to(deletion: Option<DeletionTime>) -> i64 {
    deletion.map_or(i64::MIN, |found| found.marked_for_delete_at)
}

/// Tells the only version of a row.
fn forward<E: Events<Error = Error>>(version: &Version<'_>, events: &mut E) -> Result<Flow, Error> {
    let Version { sstable, block, unit } = version;
    events.origin(*sstable, unit.position);
    let flow = block.with_values(unit, |clustering| {
        events.row(&RowStart {
            clustering,
            liveness: unit.liveness,
            deletion: unit.deletion,
            is_static: unit.what == What::Static,
            is_shadowable: unit.is_shadowable,
            position: unit.position,
            size: 0,
            previous_size: 0,
        })
    })?;
    if flow != Flow::Go {
        return Ok(flow);
    }
    let (_, cells) = block.cells(unit);
    for (index, cell) in cells.iter().enumerate() {
        match cell.part {
            Part::Simple => events.cell(cell.column, &block.told(cell))?,
            Part::Head => {
                let rest = cells.get(index.saturating_add(1)..).unwrap_or_default();
                let number = rest.iter().take_while(|cell| cell.part == Part::Element).count();
                let number = u64::try_from(number).unwrap_or(u64::MAX);
                // There is nothing of what was all written later than what is asked for.
                if number > 0 || cell.is_tombstone {
                    events.complex(cell.column, cell.deletion(), number)?;
                }
            }
            Part::Element => {
                events.complex_cell(cell.column, block.bytes(cell.path), &block.told(cell))?;
            }
        }
    }
    events.row_end(0)
}

/// What the versions say of the row itself.
fn head(versions: &[Version<'_>], active: Option<DeletionTime>) -> Head {
    let mut liveness = None;
    let mut deletion: Option<DeletionTime> = None;
    let mut is_shadowable = false;
    for Version { unit, .. } in versions {
        if rank(unit.liveness) > rank(liveness) {
            liveness = unit.liveness;
        }
        if times(unit.deletion) > times(deletion) {
            (deletion, is_shadowable) = (unit.deletion, unit.is_shadowable);
        }
    }
    let timestamp = liveness.map(|liveness| liveness.timestamp);
    if is_shadowable && timestamp.is_some_and(|timestamp| timestamp > up_to(deletion)) {
        deletion = None;
    }
    if times(deletion) <= times(active) {
        deletion = None;
    }
    let active = newest(active, deletion);
    if active.is_some() && timestamp.is_some_and(|timestamp| timestamp <= up_to(active)) {
        liveness = None;
    }
    Head { liveness, deletion, is_shadowable: is_shadowable && deletion.is_some(), active }
}

/// What `LivenessInfo.supersedes` compares; none is the least.
fn rank(liveness: Option<LivenessInfo>) -> (i64, bool, bool, i64, i64) {
    liveness.map_or((i64::MIN, false, false, 0, i64::MIN), |found| {
        (
            found.timestamp,
            found.ttl == Some(EXPIRED_LIVENESS_TTL),
            found.ttl.is_some(),
            found.local_expiration_time.unwrap_or(0),
            found.ttl.unwrap_or(0).saturating_neg(),
        )
    })
}
