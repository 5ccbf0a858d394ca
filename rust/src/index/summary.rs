//! Summary.db: a sample of the keys in Index.db.

use crate::errors::Error;
use crate::layouts::generated::summary::Body;
use crate::layouts::prelude::Cursor;

/// The component's name.
pub const SUMMARY: &str = "Summary.db";

/// Keys and their entries' positions in Index.db, ascending.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    keys: Vec<u8>,
    /// For each key where it ends in `keys`, and its entry's position.
    samples: Vec<(usize, u64)>,
}

impl Summary {
    /// The samples in the bytes of a Summary.db.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Corrupt`] or [`crate::errors::Kind::Truncated`] where they are
    /// damaged.
    pub fn decode(bytes: &[u8], version: u8) -> Result<Self, Error> {
        let body = Body::decode(bytes, 0, version).map_err(|_| {
            let again = |cur: &mut Cursor<'_>| Body::read(cur, version).map(drop);
            Error::traced(SUMMARY, "summary.body", (bytes, 0), again)
        })?;
        let mut keys = Vec::new();
        let mut samples = Vec::with_capacity(body.entries.len());
        for entry in body.entries.iter() {
            keys.extend_from_slice(entry.key);
            samples.push((keys.len(), entry.position));
        }
        Ok(Self { keys, samples })
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The sample `index`: key and position.
    #[must_use]
    pub fn sample(&self, index: usize) -> Option<(&[u8], u64)> {
        let (end, position) = *self.samples.get(index)?;
        let before = index.checked_sub(1).and_then(|before| self.samples.get(before));
        let start = before.map_or(0, |(end, _)| *end);
        Some((self.keys.get(start..end)?, position))
    }

    /// How many samples `is_before` is true of, which is so of none behind one that it is
    /// not true of.
    ///
    /// # Errors
    /// What `is_before` fails with.
    pub fn count_before<E>(
        &self,
        mut is_before: impl FnMut(&[u8]) -> Result<bool, E>,
    ) -> Result<usize, E> {
        let (mut low, mut high) = (0_usize, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.sample(middle) {
                Some((key, _)) if is_before(key)? => low = middle.saturating_add(1),
                _ => high = middle,
            }
        }
        Ok(low)
    }
}
