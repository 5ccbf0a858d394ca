//! From row to row of a partition.

use super::access::Access;
use super::flush::{self, Waiting};
use super::merger::{Merger, Run, State};
use super::source::Source;
use crate::errors::Error;
use crate::rows::merge::{Entry, Version, What, marker_kind};
use crate::rows::{Events, Flow, Marker, PlainRows};

impl Merger {
    /// Tells of the next rows or markers, or of the partition's end.
    pub(super) fn unfiltered<W: Access, E: Events<Error = Error>>(
        &mut self,
        run: &mut Run<'_, W, E>,
    ) -> Result<Flow, Error> {
        self.gather();
        if self.flush(run.events)? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        if !std::mem::take(&mut self.is_taken) {
            return Ok(Flow::Go);
        }
        let Some(first) = self.group.first().and_then(|first| self.sources.get(*first)) else {
            self.state = self.then.take().map_or(State::Between, State::Direct);
            return run.events.partition_end(0);
        };
        let is_row = first.what() == Some(What::Row);
        let flow = if let Some(winner) = self.winner() {
            // Its source may have to read on, which must not wait.
            self.pending.push(winner);
            self.flush(run.events)?
        } else if is_row {
            self.row(run.events)?
        } else {
            self.markers(run.events)?
        };
        let group = std::mem::take(&mut self.group);
        for number in &group {
            if !self.step(*number) {
                self.enter(*number, run)?;
            }
        }
        self.group = group;
        Ok(flow)
    }

    /// Takes plain rows that count as a whole, as long as nothing else is to be done and there
    /// is room; then a group has been taken that is none of such.
    fn gather(&mut self) {
        while self.pending.len() < PlainRows::MOST {
            if !self.is_taken {
                self.take_group(true);
                self.is_taken = true;
            }
            let refills = self
                .group
                .iter()
                .any(|number| self.sources.get(*number).is_none_or(Source::is_last));
            let Some(winner) = self.winner().filter(|_| !refills) else { return };
            self.pending.push(winner);
            self.is_taken = false;
            let group = std::mem::take(&mut self.group);
            for number in &group {
                self.step(*number);
            }
            self.group = group;
        }
    }

    /// Tells of a row what its versions are together.
    fn row<E: Events<Error = Error>>(&mut self, events: &mut E) -> Result<Flow, Error> {
        for number in &self.group {
            if let Some(source) = self.sources.get_mut(*number) {
                source.spread(source.place());
            }
        }
        let versions = versions(&self.sources, self.group.iter());
        self.merging.tell(&versions, self.ranges.active(), &self.shared.regulars, events)
    }

    /// Takes a source behind its row or marker; whether another one is there, in its place.
    #[inline]
    fn step(&mut self, number: usize) -> bool {
        let Some(source) = self.sources.get_mut(number) else { return true };
        source.advance();
        let Some(entry) = source.entry() else { return false };
        if !matches!(entry.what, What::Row | What::Marker) {
            return false;
        }
        self.within.set(number, entry.head);
        true
    }

    /// Of rows that are all plain the one that counts, where that is one as a whole.
    #[inline]
    fn winner(&self) -> Option<Waiting> {
        let deleted = self.ranges.active().map(|active| active.marked_for_delete_at);
        let mut newest = deleted.unwrap_or(i64::MIN);
        let mut found: Option<(usize, &Source, &Entry)> = None;
        let mut is_clear = true;
        for number in &self.group {
            let source = self.sources.get(*number)?;
            let entry = source.entry().filter(|entry| entry.is_plain)?;
            if entry.timestamp > newest {
                newest = entry.timestamp;
                found = Some((*number, source, entry));
                is_clear = true;
            } else if entry.timestamp == newest {
                // Each column counts by itself, unless they are the same.
                is_clear &= found.is_none_or(|(_, known, first)| {
                    flush::are_same((known, first), (source, entry))
                });
            }
        }
        let (number, source, _) = found.filter(|_| is_clear)?;
        source.mapping.is_complete.then(|| (number, source.place()))
    }

    /// Tells of the plain rows that wait, as far as `events` take them.
    fn flush<E: Events<Error = Error>>(&mut self, events: &mut E) -> Result<Flow, Error> {
        let mut flow = Flow::Go;
        while flow == Flow::Go && !self.pending.is_empty() {
            let taken = flush::plain(&self.sources, &self.pending, &self.shared, events)?;
            let (number, said) = match taken {
                Some(taken) => taken,
                None => {
                    let (sources, merging) = (&mut self.sources, &mut self.merging);
                    (1, flush::single(sources, &self.pending, merging, &self.shared, events)?)
                }
            };
            self.pending.drain(..number.min(self.pending.len()));
            flow = said;
        }
        Ok(flow)
    }

    /// Passes by the markers at one place.
    fn markers<E: Events<Error = Error>>(&mut self, events: &mut E) -> Result<Flow, Error> {
        for number in &self.group {
            if let Some(unit) = self.sources.get(*number).and_then(Source::unit) {
                self.ranges.set(*number, unit.deletion);
            }
        }
        let Some((close, open)) = self.ranges.turn() else { return Ok(Flow::Go) };
        let Some(number) = self.group.first() else { return Ok(Flow::Go) };
        let Some(source) = self.sources.get(*number) else { return Ok(Flow::Go) };
        let Some(unit) = source.unit() else { return Ok(Flow::Go) };
        events.origin(*number, unit.position);
        source.block.with_values(unit, |values| {
            events.marker(&Marker {
                kind: marker_kind(unit.kind, close, open),
                values,
                close,
                open,
                position: unit.position,
                size: 0,
                previous_size: 0,
                num_unread: 0,
            })
        })
    }
}

/// The units that the sources of these numbers stand at.
pub(super) fn versions<'s, 'n>(
    sources: &'s [Source],
    numbers: impl Iterator<Item = &'n usize>,
) -> Vec<Version<'s>> {
    let version = |number: &usize| {
        let source = sources.get(*number)?;
        Some(Version { sstable: *number, block: &source.block, unit: source.unit()? })
    };
    numbers.filter_map(version).collect()
}
