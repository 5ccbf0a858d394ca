//! What others take rows as.

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod json;
