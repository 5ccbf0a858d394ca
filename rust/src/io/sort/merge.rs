//! Merges what is sorted.

use std::cmp::Ordering;

use super::held::{Held, prefix};
use super::run::{Run, RunReader};
use super::{Record, Records};
use crate::errors::Error;

/// One of the sorted sequences that are merged.
enum Source {
    Held { held: Held, at: usize },
    Run(RunReader),
}

impl Source {
    /// The record it is at.
    fn record(&self) -> Option<Record<'_>> {
        match self {
            Self::Held { held, at } => held.get(*at),
            Self::Run(reader) => reader.record(),
        }
    }

    fn advance(&mut self) -> Result<(), Error> {
        match self {
            Self::Held { at, .. } => {
                *at = at.saturating_add(1);
                Ok(())
            }
            Self::Run(reader) => reader.advance(),
        }
    }
}

/// A source that has a record, and the first bytes of its key.
#[derive(Clone, Copy)]
struct Head {
    prefix: u128,
    source: usize,
}

/// Sorted records.
pub struct Sorted {
    sources: Vec<Source>,
    /// A heap, the first one with the smallest record.
    heads: Vec<Head>,
    is_begun: bool,
}

impl Sorted {
    pub(super) fn of(runs: Vec<Run>, held: Option<Held>) -> Result<Self, Error> {
        let runs = runs.into_iter().map(|run| RunReader::open(run).map(Source::Run));
        let mut sources = runs.collect::<Result<Vec<_>, _>>()?;
        sources.extend(held.map(|held| Source::Held { held, at: 0 }));
        let mut heads = Vec::with_capacity(sources.len());
        for (index, source) in sources.iter().enumerate() {
            if let Some((key, _)) = source.record() {
                heads.push(Head { prefix: prefix(key), source: index });
            }
        }
        let mut made = Self { sources, heads, is_begun: false };
        for index in (0..made.heads.len()).rev() {
            made.sift(index);
        }
        Ok(made)
    }

    /// The next record's key and value.
    ///
    /// # Errors
    /// [`Kind::Io`] where the system cannot read.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        if std::mem::replace(&mut self.is_begun, true) {
            self.advance()?;
        }
        let first = self.heads.first().and_then(|head| self.sources.get(head.source));
        Ok(first.and_then(Source::record))
    }

    fn advance(&mut self) -> Result<(), Error> {
        let Some(head) = self.heads.first_mut() else { return Ok(()) };
        let Some(source) = self.sources.get_mut(head.source) else { return Ok(()) };
        source.advance()?;
        match source.record() {
            Some((key, _)) => head.prefix = prefix(key),
            None => {
                self.heads.swap_remove(0);
            }
        }
        self.sift(0);
        Ok(())
    }

    /// Brings the head at `index` down to its place.
    fn sift(&mut self, mut index: usize) {
        loop {
            let left = index.saturating_mul(2).saturating_add(1);
            let right = left.saturating_add(1);
            let mut smallest = index;
            for child in [left, right] {
                if self.compare(child, smallest) == Some(Ordering::Less) {
                    smallest = child;
                }
            }
            if smallest == index {
                return;
            }
            self.heads.swap(index, smallest);
            index = smallest;
        }
    }

    /// Two heads by their keys, then by who was first.
    fn compare(&self, left: usize, right: usize) -> Option<Ordering> {
        let (left, right) = (self.heads.get(left)?, self.heads.get(right)?);
        Some(left.prefix.cmp(&right.prefix).then_with(|| {
            let key = |head: &Head| self.sources.get(head.source)?.record().map(|(key, _)| key);
            key(left).cmp(&key(right)).then(left.source.cmp(&right.source))
        }))
    }
}

impl Records for Sorted {
    fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        Self::next(self)
    }
}
