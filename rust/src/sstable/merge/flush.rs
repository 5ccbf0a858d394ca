//! Plain rows that count as they are, told many at once.

use super::source::{Shared, Source};
use crate::errors::Error;
use crate::rows::merge::{Block, Unit};
use crate::rows::{Cell, Events, Flow, PlainRows, RowStart};

fn found(sources: &[Source], row: (usize, usize)) -> Option<(&Source, &Unit)> {
    let source = sources.get(row.0)?;
    Some((source, source.block.unit(row.1)?))
}

/// Tells as many of the rows as `events` take at once; how many, and what they say. None if
/// they are to be told one by one.
pub fn plain<E: Events<Error = Error>>(
    sources: &[Source],
    pending: &[(usize, usize)],
    shared: &Shared,
    events: &mut E,
) -> Result<Option<(usize, Flow)>, Error> {
    let number = events.plain().rows.min(pending.len()).min(PlainRows::MOST);
    let chosen = pending.get(..number).unwrap_or_default();
    let Some((first, _)) = chosen.first().and_then(|row| found(sources, *row)) else {
        return Ok(None);
    };
    // The sources have the same columns, all that are wanted, in the table's order.
    let mut slots = vec![None; shared.regulars.len()];
    for (slot, column) in first.mapping.wanted.1.iter().enumerate() {
        if let Some(place) = slots.get_mut(*column) {
            *place = Some(slot);
        }
    }
    let rows = chosen.iter().filter_map(|row| found(sources, *row));
    let values = rows.map(|(source, unit)| {
        (
            unit.liveness.map_or(i64::MIN, |liveness| liveness.timestamp),
            source.block.plain_values(unit),
        )
    });
    let num_clusterings = shared.header.clustering.types().len();
    let rows = PlainRows::of(num_clusterings, slots, values);
    Ok(events.plain_rows(&rows)?.map(|flow| (number, flow)))
}

/// Tells the first of the rows.
pub fn single<E: Events<Error = Error>>(
    sources: &[Source],
    pending: &[(usize, usize)],
    events: &mut E,
) -> Result<Flow, Error> {
    let Some((number, index)) = pending.first().copied() else { return Ok(Flow::Go) };
    let Some((source, unit)) = found(sources, (number, index)) else { return Ok(Flow::Go) };
    events.origin(number, unit.position);
    tell(&source.block, unit, &source.mapping.wanted.1, events)
}

fn tell<E: Events<Error = Error>>(
    block: &Block,
    unit: &Unit,
    columns: &[usize],
    events: &mut E,
) -> Result<Flow, Error> {
    let flow = block.with_values(unit, |clustering| {
        events.row(&RowStart {
            clustering,
            liveness: unit.liveness,
            deletion: None,
            is_static: false,
            is_shadowable: false,
            position: unit.position,
            size: 0,
            previous_size: 0,
        })
    })?;
    if flow != Flow::Go {
        return Ok(flow);
    }
    let timestamp = unit.liveness.map_or(i64::MIN, |liveness| liveness.timestamp);
    for (column, value) in columns.iter().zip(block.plain_cells(unit)) {
        let cell =
            Cell { value, timestamp, ttl: None, local_deletion_time: None, is_tombstone: false };
        events.cell(*column, &cell)?;
    }
    events.row_end(0)
}
