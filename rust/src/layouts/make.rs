//! Fields from numbers, for those who encode.

use super::generated::vint::Vint;
use super::prelude::{Cursor, Fault};
use crate::codec::vint::Encoded;

/// A field of the type `vint` that holds a coded integer.
///
/// # Errors
/// None: what the codec writes can be read.
#[inline(always)]
pub fn vint(coded: &Encoded) -> Result<Vint<'_>, Fault> {
    Vint::read(&mut Cursor::new(coded.bytes(), 0))
}
