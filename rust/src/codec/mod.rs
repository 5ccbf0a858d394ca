//! Primitives: numbers, points in time and strings as Java and Cassandra write them.

pub mod decimals;
pub mod java_numbers;
pub mod text;
