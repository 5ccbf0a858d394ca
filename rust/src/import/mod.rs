//! Rows of Arrow record batches to SSTables: what INSERT makes of them, sorted and reconciled.

mod arrays;
mod bulk;
mod check;
mod collections;
mod columns;
mod filler;
mod fragment;
mod held;
mod merge;
mod plain;
mod record;
mod rows;
mod runs;
mod stats;
mod trust;
mod unusual;

pub use columns::Columns;
pub use rows::{Failure, Importer, RowFailure, Rows, Times};
pub use stats::Stats;
