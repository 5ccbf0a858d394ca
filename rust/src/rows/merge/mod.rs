//! Several versions of rows to one: what is newest counts (`Row.Merger`, `Cells.reconcile`).

mod block;
mod columns;
mod counters;
mod ranges;
mod reconcile;

pub use block::{Block, Part, Span, Stored, Unit, What};
pub use columns::Column;
pub use ranges::{Ranges, marker_kind, times};
pub use reconcile::{Merging, Version};
