//! Plain rows that count as they are, told many at once.

use super::source::{Shared, Source};
use crate::errors::Error;
use crate::rows::merge::{Entry, Merging, Version};
use crate::rows::{Events, Flow, PlainRows};

/// A plain row that waits: its source, and the number of its entry there.
pub type Waiting = (usize, usize);

fn found(sources: &[Source], row: Waiting) -> Option<(&Source, &Entry)> {
    let source = sources.get(row.0)?;
    Some((source, source.block.entry(row.1)?))
}

/// Tells as many of the rows as `events` take at once; how many, and what they say. None if
/// they are to be told one by one.
pub fn plain<E: Events<Error = Error>>(
    sources: &[Source],
    pending: &[Waiting],
    shared: &Shared,
    events: &mut E,
) -> Result<Option<(usize, Flow)>, Error> {
    let number = events.plain().rows.min(pending.len()).min(PlainRows::MOST);
    let chosen = pending.get(..number).unwrap_or_default();
    let Some((first, _)) = chosen.first().and_then(|row| found(sources, *row)) else {
        return Ok(None);
    };
    // The sources have the same columns, all that are wanted, in the table's order.
    let columns = &first.mapping.wanted.1;
    let mut slots = vec![None; shared.regulars.len()];
    for (slot, column) in columns.iter().enumerate() {
        if let Some(place) = slots.get_mut(*column) {
            *place = Some(slot);
        }
    }
    let mut timestamps = Vec::with_capacity(number);
    let mut rows = Vec::with_capacity(number);
    for (source, entry) in chosen.iter().filter_map(|row| found(sources, *row)) {
        timestamps.push(entry.timestamp);
        rows.push((&source.block, source.block.plain_spans(entry)));
    }
    let num_clusterings = shared.header.clustering.types().len();
    let num_values = num_clusterings.saturating_add(columns.len());
    let mut values = Vec::with_capacity(num_values.saturating_mul(number));
    for slot in 0..num_values {
        values.extend(rows.iter().map(|(block, spans)| {
            spans.get(slot).map_or([].as_slice(), |span| block.bytes(*span))
        }));
    }
    let rows = PlainRows::of(num_clusterings, slots, timestamps, values);
    Ok(events.plain_rows(&rows)?.map(|flow| (number, flow)))
}

/// Whether two plain rows have the same values of the same columns.
pub fn are_same((one, first): (&Source, &Entry), (two, second): (&Source, &Entry)) -> bool {
    let one_values = one.block.plain_spans(first).iter().map(|span| one.block.bytes(*span));
    let two_values = two.block.plain_spans(second).iter().map(|span| two.block.bytes(*span));
    one.mapping.wanted.1 == two.mapping.wanted.1 && one_values.eq(two_values)
}

/// Tells the first of the rows.
pub fn single<E: Events<Error = Error>>(
    sources: &mut [Source],
    pending: &[Waiting],
    merging: &mut Merging,
    shared: &Shared,
    events: &mut E,
) -> Result<Flow, Error> {
    let Some((number, index)) = pending.first().copied() else { return Ok(Flow::Go) };
    let Some(source) = sources.get_mut(number) else { return Ok(Flow::Go) };
    source.spread(index);
    let Some(unit) = source.block.entry(index).and_then(|entry| source.block.unit(entry)) else {
        return Ok(Flow::Go);
    };
    let version = Version { sstable: number, block: &source.block, unit };
    merging.tell(&[version], None, &shared.regulars, events)
}
