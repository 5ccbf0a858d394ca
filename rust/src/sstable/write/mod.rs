//! Writing SSTables: all of Data.db and of the indexes, and what Statistics.db is made of.

mod cardinality;
mod collector;
mod drop_times;
mod rewrite;
mod settings;
mod writer;

pub use cardinality::Cardinality;
pub use collector::{Buckets, Collector, Range};
pub use rewrite::Rewrite;
pub use settings::{Outputs, Settings};
pub use writer::{TableWriter, Written};
