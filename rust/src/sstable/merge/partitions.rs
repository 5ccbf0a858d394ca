//! From partition to partition.

use super::access::Access;
use super::direct;
use super::merger::{Merger, Run, State, compare};
use super::source::Source;
use super::unfiltered::versions;
use crate::errors::Error;
use crate::rows::merge::{What, times};
use crate::rows::{DeletionTime, Events, Flow, PartitionStart};

impl Merger {
    fn note_lone(&mut self) {
        self.num_partitions = self.num_partitions.saturating_add(1);
        let only = if let [only] = self.group.as_slice() { Some(*only) } else { None };
        if only.is_none() || only != self.lone {
            self.lone_since = self.num_partitions;
        }
        self.lone = only;
    }

    /// Tells of the head of the next partition and of its static row; none at the end.
    pub(super) fn partition<W: Access, E: Events<Error = Error>>(
        &mut self,
        run: &mut Run<'_, W, E>,
    ) -> Result<Option<Flow>, Error> {
        self.take_group(false);
        let Some(first) = self.group.first().and_then(|first| self.sources.get(*first)) else {
            return Ok(None);
        };
        let Some(unit) = first.unit() else { return Ok(None) };
        if self.end.as_deref().is_some_and(|end| first.place_bytes() >= end) {
            return Ok(None);
        }
        let mut deletion: Option<DeletionTime> = None;
        for number in &self.group {
            let found = self.sources.get(*number).and_then(Source::unit);
            let found = found.and_then(|unit| unit.deletion);
            if times(found) > times(deletion) {
                deletion = found;
            }
        }
        run.events.origin(self.group.first().copied().unwrap_or(0), unit.position);
        let position = unit.position;
        let flow = first.block.with_values(unit, |key| {
            let key = key.first().copied().flatten().unwrap_or_default();
            run.events.partition(&PartitionStart { key, deletion, position })
        })?;
        self.note_lone();
        self.ranges.begin(deletion, self.sources.len());
        self.state = State::Within;
        let of_static = self.statics(deletion, run)?;
        Ok(Some(if of_static == Flow::Stop { of_static } else { flow }))
    }

    /// Goes behind the heads of the partition's versions, and tells of its static row.
    fn statics<W: Access, E: Events<Error = Error>>(
        &mut self,
        deletion: Option<DeletionTime>,
        run: &mut Run<'_, W, E>,
    ) -> Result<Flow, Error> {
        let group = std::mem::take(&mut self.group);
        for number in &group {
            let pair = self.sources.get_mut(*number).zip(run.windows.get_mut(*number));
            let Some((source, windows)) = pair else { continue };
            source.advance();
            source.ensure(windows, &self.shared, run.go_on)?;
        }
        let is_static = |number: &&usize| {
            self.sources.get(**number).and_then(Source::what) == Some(What::Static)
        };
        let versions = versions(&self.sources, group.iter().filter(is_static));
        let mut flow = Flow::Go;
        if !versions.is_empty() {
            flow = self.merging.tell(&versions, deletion, &self.shared.statics, run.events)?;
        }
        let position = versions.first().map_or(0, |version| version.unit.position);
        run.events.rows(position)?;
        drop(versions);
        for number in &group {
            let source = self.sources.get_mut(*number);
            if let Some(source) = source.filter(|source| source.what() == Some(What::Static)) {
                source.advance();
            }
            self.enter(*number, run)?;
        }
        self.group = group;
        Ok(flow)
    }

    /// Tells of one source all that is before the next partition of the others.
    pub(super) fn direct<W: Access, E: Events<Error = Error>>(
        &mut self,
        number: usize,
        run: &mut Run<'_, W, E>,
    ) -> Result<Flow, Error> {
        let other = self.between.first(|one, two| compare(&self.sources, one, two));
        let other = other.and_then(|other| self.sources.get(other)).map(Source::place_bytes);
        let bound = match (other, self.end.as_deref()) {
            (Some(other), Some(end)) => Some(other.min(end)),
            (other, end) => other.or(end),
        };
        let bound = bound.map(<[u8]>::to_vec);
        let Some(source) = self.sources.get_mut(number) else { return Ok(Flow::Go) };
        let Some(windows) = run.windows.get_mut(number) else { return Ok(Flow::Go) };
        let header = &self.shared.header;
        let bound = bound.as_deref();
        let read = direct::read(number, source, header, bound, windows, run.events, run.go_on);
        if read.map_err(|error| error.of(number))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        self.lone = None;
        self.state = State::Between;
        self.enter(number, run)?;
        Ok(Flow::Go)
    }
}
