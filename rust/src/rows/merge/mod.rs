//! Several versions of rows to one: what is newest counts (`Row.Merger`, `Cells.reconcile`).

mod block;
mod columns;
mod counters;
mod head;
mod plain;
mod ranges;
mod reconcile;

pub use block::{Block, Entry, Part, Span, Stored, Unit, What};
pub use columns::Column;
pub use head::Head;
pub use ranges::{Ranges, marker_kind, times};
pub use reconcile::{Merging, Version};
