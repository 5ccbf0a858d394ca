//! Walking through objects without keeping them.

use super::prelude::{Failure, Fault};

/// How to go on after something has been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// With what is in it.
    Go,
    /// With what follows it: nothing more is told of it, not even its end.
    Skip,
    /// Not at all: what is around it ends too, up to a part whose size is known. A reader of
    /// rows stands behind what was told last then, a row counting as a whole.
    Stop,
}

/// Who is told of what is decoded.
pub trait Walking {
    /// What can go wrong: faults of the bytes, and what is added to them.
    type Error: Failure;
}

/// Wants to know of nothing, so that objects are passed over.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Walking for Nobody {
    type Error = Fault;
}
