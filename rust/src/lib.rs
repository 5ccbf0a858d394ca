//! Apache Cassandra's SSTable format: the engine's core.
//!
//! Nothing here knows of Python or starts threads. What the bytes mean comes from
//! `specs/*.ksy` by way of [`layouts`], and from nowhere else.

pub mod blocks;
pub mod codec;
pub mod errors;
pub mod export;
#[cfg(feature = "arrow")]
pub mod import;
pub mod index;
pub mod io;
pub mod layouts;
pub mod rows;
pub mod sstable;
pub mod types;
