//! Which of several sources is next.
//!
//! Sources stand at slots by their numbers. A few slots are looked at together, which is faster
//! than a heap: the processor need not guess which one is less.

use std::cmp::Ordering;

use crate::rows::merge::Head;

/// Slots that are looked at together.
const WIDTH: usize = 8;

/// Stands for no source: no place begins like that, as components and ends of places begin with
/// bytes below 0x80.
const NOWHERE: Head = Head { prefix: u128::MAX, size: usize::MAX };

/// Sources and where they stand, of which those at the least place can be taken.
#[derive(Clone, Debug, Default)]
pub struct Order {
    prefixes: Vec<u128>,
    sizes: Vec<usize>,
    /// The least prefix of each few slots, none where it must be found again.
    least: Vec<Option<u128>>,
}

impl Order {
    /// No sources, of so many that may come.
    pub fn clear(&mut self, number: usize) {
        self.prefixes.clear();
        self.prefixes.resize(number, NOWHERE.prefix);
        self.sizes.clear();
        self.sizes.resize(number, NOWHERE.size);
        self.least.clear();
        self.least.resize(number.div_ceil(WIDTH), None);
    }

    /// Says where a source stands.
    #[inline]
    pub fn set(&mut self, source: usize, head: Head) {
        let slot = self.prefixes.get_mut(source).zip(self.sizes.get_mut(source));
        if let Some((prefix, size)) = slot {
            (*prefix, *size) = (head.prefix, head.size);
        }
        if let Some(least) = self.least.get_mut(source / WIDTH) {
            *least = None;
        }
    }

    /// Takes all sources at the least place into `group`, in their order; `compare` is asked
    /// for the order of two whose heads do not tell.
    #[inline]
    pub fn take(&mut self, group: &mut Vec<usize>, compare: impl Fn(usize, usize) -> Ordering) {
        group.clear();
        let first = self.least();
        if first == NOWHERE.prefix {
            return;
        }
        let few = self.prefixes.chunks(WIDTH).zip(&self.least);
        for (number, (prefixes, _)) in
            few.enumerate().filter(|(_, (_, least))| **least == Some(first))
        {
            let start = number.saturating_mul(WIDTH);
            // Each slot is noted and only the number of those that count goes on: which ones
            // do cannot be foreseen.
            let (mut found, mut len) = ([0; WIDTH], 0_usize);
            for (slot, prefix) in prefixes.iter().enumerate() {
                if let Some(place) = found.get_mut(len) {
                    *place = start.saturating_add(slot);
                }
                len = len.saturating_add(usize::from(*prefix == first));
            }
            group.extend_from_slice(found.get(..len).unwrap_or_default());
        }
        if group.len() > 1 && !self.is_same(group) {
            self.choose(group, compare);
        }
        for source in group {
            self.set(*source, NOWHERE);
        }
    }

    /// Whether sources with the same prefix are at the same place, as far as heads tell.
    #[inline]
    fn is_same(&self, group: &[usize]) -> bool {
        let mut heads = group.iter().map(|source| self.head(*source));
        let first = heads.next().unwrap_or(NOWHERE);
        first.is_all() && heads.all(|head| head.size == first.size)
    }

    /// The least of all sources, without those behind it.
    pub fn first(&self, compare: impl Fn(usize, usize) -> Ordering) -> Option<usize> {
        let sources = (0..self.prefixes.len()).filter(|source| self.head(*source) != NOWHERE);
        sources.reduce(|one, two| if self.order(two, one, &compare).is_lt() { two } else { one })
    }

    /// Leaves those at the least place.
    #[inline(never)]
    fn choose(&self, group: &mut Vec<usize>, compare: impl Fn(usize, usize) -> Ordering) {
        let least = group
            .iter()
            .copied()
            .reduce(|one, two| if self.order(two, one, &compare).is_lt() { two } else { one });
        let Some(least) = least else { return };
        group.retain(|source| self.order(*source, least, &compare).is_eq());
    }

    fn order(
        &self,
        one: usize,
        two: usize,
        compare: impl Fn(usize, usize) -> Ordering,
    ) -> Ordering {
        if one == two {
            return Ordering::Equal;
        }
        self.head(one).compare(self.head(two), || compare(one, two))
    }

    #[inline]
    fn head(&self, source: usize) -> Head {
        let slot = self.prefixes.get(source).zip(self.sizes.get(source));
        slot.map_or(NOWHERE, |(prefix, size)| Head { prefix: *prefix, size: *size })
    }

    /// The least prefix of all.
    #[inline]
    fn least(&mut self) -> u128 {
        let mut found = NOWHERE.prefix;
        for (prefixes, least) in self.prefixes.chunks(WIDTH).zip(&mut self.least) {
            let known =
                least.unwrap_or_else(|| prefixes.iter().copied().fold(NOWHERE.prefix, u128::min));
            *least = Some(known);
            found = found.min(known);
        }
        found
    }
}
