//! Decoders and encoders of every layout, generated from the specs, and what they share.

pub mod items;
pub mod make;
pub mod prelude;
pub mod sink;
pub mod trace;
pub mod visit;
pub mod walk;

#[rustfmt::skip]
#[path = "../../../generated/rust/mod.rs"]
pub mod generated;
