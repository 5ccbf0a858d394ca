//! Apache Cassandra's SSTable format: the engine's core.
//!
//! Nothing here knows of Python, of files or of threads. What the bytes mean comes from
//! `specs/*.ksy` by way of [`layouts`], and from nowhere else.

#![forbid(unsafe_code)]

pub mod errors;
pub mod layouts;
pub mod rows;
