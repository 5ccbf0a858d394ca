//! Which of several sources is next: a heap of their numbers.

/// Numbers of sources, of which the least can be taken.
#[derive(Clone, Debug, Default)]
pub struct Order {
    heap: Vec<usize>,
}

impl Order {
    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.heap.clear();
    }

    /// The least one.
    pub fn first(&self) -> Option<usize> {
        self.heap.first().copied()
    }

    /// Adds one.
    pub fn push(&mut self, source: usize, less: impl Fn(usize, usize) -> bool) {
        let mut at = self.heap.len();
        self.heap.push(source);
        while at > 0 {
            let parent = at.saturating_sub(1) >> 1;
            if !self.is_less(at, parent, &less) {
                return;
            }
            self.heap.swap(at, parent);
            at = parent;
        }
    }

    /// Takes the least one.
    pub fn pop(&mut self, less: impl Fn(usize, usize) -> bool) -> Option<usize> {
        if self.heap.is_empty() {
            return None;
        }
        let first = self.heap.swap_remove(0);
        let mut at: usize = 0;
        loop {
            let left = at.saturating_mul(2).saturating_add(1);
            let right = left.saturating_add(1);
            let child = if self.is_less(right, left, &less) { right } else { left };
            if !self.is_less(child, at, &less) {
                return Some(first);
            }
            self.heap.swap(child, at);
            at = child;
        }
    }

    /// Whether there is one at `place`, and it is before that at `other`.
    fn is_less(&self, place: usize, other: usize, less: impl Fn(usize, usize) -> bool) -> bool {
        let pair = self.heap.get(place).zip(self.heap.get(other));
        pair.is_some_and(|(one, two)| less(*one, *two))
    }
}
