//! Primitives: scalars on plain bytes, the only packing and unpacking that is written by hand,
//! and numbers, points in time and strings as Java and Cassandra write them.

pub mod be;
pub mod bigint;
pub mod decimals;
pub mod java_numbers;
pub mod murmur2;
pub mod murmur3;
pub mod text;
pub mod vint;
