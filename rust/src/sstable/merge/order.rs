//! Which of several sources is next: a heap of them.

use std::cmp::Ordering;

/// Bytes of a place that are compared as a number.
pub const FIRST: usize = 16;

/// A source, and the place where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The first bytes of the place.
    pub prefix: u128,
    /// How many it has.
    pub size: usize,
    /// The number of the source.
    pub source: usize,
}

impl Entry {
    /// The order of two places; `compare` is asked where the first bytes do not tell.
    #[inline]
    pub fn compare(&self, other: &Self, compare: impl Fn(usize, usize) -> Ordering) -> Ordering {
        self.prefix.cmp(&other.prefix).then_with(|| {
            if self.size == other.size && self.size <= FIRST {
                Ordering::Equal
            } else {
                compare(self.source, other.source)
            }
        })
    }
}

/// Sources, of which the least can be taken; where places are the same, the first one.
#[derive(Clone, Debug, Default)]
pub struct Order {
    heap: Vec<Entry>,
}

impl Order {
    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.heap.clear();
    }

    /// The least one.
    #[inline]
    pub fn first(&self) -> Option<&Entry> {
        self.heap.first()
    }

    /// Adds one.
    pub fn push(&mut self, entry: Entry, compare: impl Fn(usize, usize) -> Ordering) {
        let mut at = self.heap.len();
        self.heap.push(entry);
        while at > 0 {
            let parent = at.saturating_sub(1) >> 1;
            if !self.is_less(at, parent, &compare) {
                return;
            }
            self.heap.swap(at, parent);
            at = parent;
        }
    }

    /// Takes the least one.
    pub fn pop(&mut self, compare: impl Fn(usize, usize) -> Ordering) -> Option<Entry> {
        if self.heap.is_empty() {
            return None;
        }
        let first = self.heap.swap_remove(0);
        let mut at: usize = 0;
        loop {
            let left = at.saturating_mul(2).saturating_add(1);
            let right = left.saturating_add(1);
            let child = if self.is_less(right, left, &compare) { right } else { left };
            if !self.is_less(child, at, &compare) {
                return Some(first);
            }
            self.heap.swap(child, at);
            at = child;
        }
    }

    /// Whether there is one at `place`, and it is before that at `other`.
    #[inline]
    fn is_less(
        &self,
        place: usize,
        other: usize,
        compare: impl Fn(usize, usize) -> Ordering,
    ) -> bool {
        let pair = self.heap.get(place).zip(self.heap.get(other));
        pair.is_some_and(|(one, two)| {
            let order = one.compare(two, compare).then(one.source.cmp(&two.source));
            order == Ordering::Less
        })
    }
}
