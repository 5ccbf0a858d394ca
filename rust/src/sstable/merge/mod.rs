//! Several SSTables of one table as one: partitions and rows in order, each once.

mod access;
mod collector;
mod direct;
mod flush;
mod header;
mod merger;
mod order;
mod partitions;
mod rows;
mod source;
mod start;
mod unfiltered;

pub use access::Access;
pub use header::{Header, Mapping};
pub use merger::{Merger, Outcome};
pub use rows::{MergedRows, Part, ScannedRows, Span, Telling};
pub use start::{first_from, lookups, starts, streams};
