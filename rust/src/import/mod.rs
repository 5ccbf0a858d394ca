//! Rows of Arrow record batches to SSTables: what INSERT makes of them, sorted and reconciled.

mod arrays;
mod collections;
mod fragment;
mod merge;
mod rows;
mod stats;

pub use merge::Merge;
pub use rows::{Columns, Failure, Importer, RowFailure, Times};
pub use stats::Stats;
