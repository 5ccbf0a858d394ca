//! How a place in an order of bytes begins.

use std::cmp::Ordering;

use crate::codec::be;

/// Bytes of a place that are compared as a number.
pub const FIRST: usize = 16;

/// A place's first bytes and its size, which tell most places apart. Places are compared as
/// unsigned bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The first bytes, followed by zeros if the place has fewer.
    pub prefix: u128,
    /// How many bytes the place has.
    pub size: usize,
}

impl Head {
    /// That of a place.
    #[must_use]
    pub fn of(place: &[u8]) -> Self {
        let mut first = [0; FIRST];
        for (to, from) in first.iter_mut().zip(place) {
            *to = *from;
        }
        Self { prefix: be::u128(&first).unwrap_or(0), size: place.len() }
    }

    /// Whether the head is all of the place.
    #[inline]
    #[must_use]
    pub const fn is_all(self) -> bool {
        self.size <= FIRST
    }

    /// The order of two places; `compare` is asked where both go on behind their heads.
    #[inline]
    #[must_use]
    pub fn compare(self, other: Self, compare: impl FnOnce() -> Ordering) -> Ordering {
        self.prefix.cmp(&other.prefix).then_with(|| {
            if self.is_all() || other.is_all() {
                // The shorter one is what the longer one begins with.
                self.size.cmp(&other.size)
            } else {
                compare()
            }
        })
    }
}
