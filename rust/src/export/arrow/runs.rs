//! Many values of a column at once.

use super::column::{Column, Store, Strings, Text, Wide, offset, size};
use crate::codec::be;
use crate::types::values::{Part, Refusal};

impl Column {
    /// Adds serialized values; how many bytes they have. None if any of them cannot be added as
    /// [`Column::append`] would, or would be null: then some may have been added.
    pub fn append_all(&mut self, values: &[&[u8]]) -> Option<usize> {
        let size = match &mut self.store {
            Store::Four(numbers, shift) => {
                let shift = *shift;
                extend(numbers, values, |data| Some(be::i32(data)? ^ shift))?;
                values.len().saturating_mul(4)
            }
            Store::Eight(numbers, Wide::Plain) => {
                extend(numbers, values, be::i64)?;
                values.len().saturating_mul(8)
            }
            Store::Text(strings, Text::Utf8) => strings.extend(values, true)?,
            Store::Binary(strings) => strings.extend(values, false)?,
            _ => return self.append_each(values),
        };
        self.validity.append_n_non_nulls(values.len());
        Some(size)
    }

    fn append_each(&mut self, values: &[&[u8]]) -> Option<usize> {
        let mut size = 0_usize;
        for data in values {
            self.append(Some(data)).ok()?;
            size = size.saturating_add(data.len());
        }
        Some(size)
    }

    /// Adds the same value until there are `len`.
    ///
    /// # Errors
    /// As [`Column::append`].
    pub fn fill(&mut self, len: usize, data: Part<'_>) -> Result<(), Refusal> {
        if self.len() >= len {
            return Ok(());
        }
        self.append(data)?;
        let rest = len.saturating_sub(self.len());
        match &mut self.store {
            Store::Four(values, _) => values.resize(len, values.last().copied().unwrap_or(0)),
            Store::Eight(values, _) => values.resize(len, values.last().copied().unwrap_or(0)),
            Store::Text(strings, _) | Store::Binary(strings) => strings.repeat_last(rest)?,
            _ => {
                for _ in 0..rest {
                    self.append(data)?;
                }
                return Ok(());
            }
        }
        if data.is_some() && self.validity.is_valid(self.len().saturating_sub(1)) {
            self.validity.append_n_non_nulls(rest);
        } else {
            self.validity.append_n_nulls(rest);
        }
        Ok(())
    }
}

/// Adds what `read` makes of each value. All of them are read before it is known whether they
/// could be, so that the loop has no way out.
#[inline(always)]
fn extend<T: Default>(
    numbers: &mut Vec<T>,
    values: &[&[u8]],
    read: impl Fn(&[u8]) -> Option<T>,
) -> Option<()> {
    let mut is_right = true;
    numbers.extend(values.iter().map(|data| {
        let found = read(data);
        is_right &= found.is_some();
        found.unwrap_or_default()
    }));
    is_right.then_some(())
}

impl Strings {
    fn extend(&mut self, values: &[&[u8]], is_text: bool) -> Option<usize> {
        let before = self.bytes.len();
        self.ends.reserve(values.len());
        for data in values {
            self.bytes.extend_from_slice(data);
            self.ends.push(i32::try_from(self.bytes.len()).ok()?);
        }
        let added = self.bytes.get(before..).unwrap_or_default();
        if is_text && !added.is_ascii() {
            values.iter().all(|data| std::str::from_utf8(data).is_ok()).then_some(())?;
        }
        Some(added.len())
    }

    fn repeat_last(&mut self, number: usize) -> Result<(), Refusal> {
        let end = self.bytes.len();
        let before = self.ends.len().checked_sub(2).and_then(|index| self.ends.get(index));
        let start = size(before.copied().unwrap_or(0));
        let len = end.saturating_sub(start);
        let target = len.saturating_mul(number).saturating_add(end);
        let step = offset(len)?;
        let mut next = offset(end)?;
        offset(target)?;
        // What is there doubles until it is enough.
        while self.bytes.len() < target {
            let held = self.bytes.len().saturating_sub(start);
            let more = held.min(target.saturating_sub(self.bytes.len()));
            self.bytes.extend_from_within(start..start.saturating_add(more));
        }
        self.ends.extend((0..number).map(|_| {
            next = next.saturating_add(step);
            next
        }));
        Ok(())
    }
}
