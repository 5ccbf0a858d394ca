//! What must be known of a column to merge its cells.

use super::ranges::times;
use crate::rows::events::{Cell, DeletionTime};
use crate::types::CqlType;

/// How cells of a column are told apart and which one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    /// One cell, the newest.
    Newest,
    /// One cell, a counter's.
    Counter,
    /// Many cells, in the order of their paths, which are of this type.
    Paths(CqlType),
    /// Many cells, in the order of the bytes of their paths.
    Fields,
}

/// A column of the answer's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it is called, for messages.
    pub name: String,
    /// Whether its values are wanted, rather than only whether there are any.
    pub is_wanted: bool,
    rule: Rule,
}

impl Column {
    /// A column of this name and type.
    #[must_use]
    pub fn new(name: String, of: &CqlType) -> Self {
        let rule = match of {
            CqlType::Counter => Rule::Counter,
            CqlType::List(elements) if elements.is_multi_cell => Rule::Paths(CqlType::TimeUuid),
            CqlType::Set(elements) if elements.is_multi_cell => {
                Rule::Paths(elements.element.as_ref().clone())
            }
            CqlType::Map(entries) if entries.is_multi_cell => Rule::Paths(entries.key.clone()),
            CqlType::User(user) if user.is_multi_cell => Rule::Fields,
            _ => Rule::Newest,
        };
        Self { name, is_wanted: true, rule }
    }

    /// Whether its values are spread over many cells.
    #[must_use]
    pub const fn is_complex(&self) -> bool {
        matches!(self.rule, Rule::Paths(_) | Rule::Fields)
    }

    /// Whether it is a counter.
    #[must_use]
    pub const fn is_counter(&self) -> bool {
        matches!(self.rule, Rule::Counter)
    }

    /// Appends a path's place in the order of paths; says why there is none.
    pub(super) fn place(&self, path: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        let Rule::Paths(of) = &self.rule else {
            out.extend_from_slice(path);
            return Ok(());
        };
        // A value without bytes, where its type has such, is before all others.
        out.push(1);
        let start = out.len();
        match of.byte_comparable(path, out) {
            Ok(true) => Ok(()),
            Ok(false) => {
                out.truncate(start.saturating_sub(1));
                out.push(0);
                Ok(())
            }
            Err(refusal) => Err(refusal.to_string()),
        }
    }
}

/// Whether the second of two cells at the same place counts rather than the first
/// (`Cells.resolveRegular`).
#[inline]
#[must_use]
pub(super) fn is_newer(first: &Cell<'_>, second: &Cell<'_>) -> bool {
    if first.timestamp != second.timestamp {
        return second.timestamp > first.timestamp;
    }
    rank(second) > rank(first)
}

/// At the same time a deletion counts, then what expires, latest first, then the larger value.
fn rank<'a>(cell: &Cell<'a>) -> (bool, bool, i64, i64, &'a [u8]) {
    let ends = cell.local_deletion_time.is_some();
    (
        ends,
        ends && cell.ttl.is_none(),
        cell.local_deletion_time.unwrap_or(0),
        cell.ttl.unwrap_or(0).saturating_neg(),
        cell.value,
    )
}

/// The newer one of two deletions.
#[must_use]
pub(super) fn newest(
    first: Option<DeletionTime>,
    second: Option<DeletionTime>,
) -> Option<DeletionTime> {
    if times(second) > times(first) { second } else { first }
}
