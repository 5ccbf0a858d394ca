//! Where generated encoders write to.

use super::prelude::{Fault, List};
use crate::codec::vint::unsigned;

/// Bytes that are being written.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    bytes: Vec<u8>,
    bits: u64,
    num_bits: u32,
}

impl Sink {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been written; bits that do not fill a byte are followed by zeros.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.align();
        self.bytes
    }

    /// What has been written, up to the last whole byte.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what has been written, but keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        (self.bits, self.num_bits) = (0, 0);
    }

    /// Forgets the first `size` bytes.
    pub fn remove_front(&mut self, size: usize) {
        self.bytes.drain(..size.min(self.bytes.len()));
    }

    /// Writes `size` zeros.
    pub fn put_zeros(&mut self, size: usize) {
        self.align();
        self.bytes.resize(self.bytes.len().saturating_add(size), 0);
    }

    #[inline(always)]
    fn align(&mut self) {
        if self.num_bits > 0 {
            self.fill_byte();
        }
    }

    #[cold]
    fn fill_byte(&mut self) {
        self.put_bits(0, 8_u32.saturating_sub(self.num_bits));
    }

    /// Writes bytes, from the next whole byte on.
    #[inline(always)]
    pub fn put(&mut self, bytes: &[u8]) {
        self.align();
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes the first `size` of these bytes: faster than [`Sink::put`] where the size is not
    /// known beforehand.
    #[inline(always)]
    pub fn put_start<const N: usize>(&mut self, bytes: &[u8; N], size: usize) {
        self.align();
        let end = self.bytes.len().saturating_add(size.min(N));
        self.bytes.extend_from_slice(bytes);
        self.bytes.truncate(end);
    }

    /// Writes the lower `width` bits of `value`.
    pub fn put_bits(&mut self, value: u32, width: u32) {
        let kept = 1_u64.wrapping_shl(width.min(32)).wrapping_sub(1);
        self.bits = self.bits.wrapping_shl(width) | (u64::from(value) & kept);
        self.num_bits = self.num_bits.saturating_add(width);
        while let Some(left) = self.num_bits.checked_sub(8) {
            let [.., byte] = self.bits.wrapping_shr(left).to_be_bytes();
            self.bytes.push(byte);
            self.num_bits = left;
        }
    }
}

/// Writes a number in the layout of `vint`, in as few bytes as it needs.
#[inline(always)]
pub fn put_number(number: u64, out: &mut Sink) {
    out.put(unsigned(number).bytes());
}

/// Holds a value against what the fields before it say.
pub fn agree(holds: bool) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::Inconsistent) }
}

/// The number of something as the expressions of the specs have it.
pub trait Counted {
    /// How many items or bytes.
    fn counted(&self) -> i128;
}

macro_rules! counted {
    ($($kind:ty)*) => {$(
        impl Counted for $kind {
            fn counted(&self) -> i128 {
                i128::try_from(self.len()).unwrap_or(i128::MAX)
            }
        }
    )*};
}
counted! { &[u8] &str }

impl<T> Counted for List<T> {
    fn counted(&self) -> i128 {
        i128::try_from(self.len()).unwrap_or(i128::MAX)
    }
}

impl<T: super::prelude::Number, const BIG: bool> Counted for super::prelude::Numbers<'_, T, BIG> {
    fn counted(&self) -> i128 {
        i128::try_from(self.len()).unwrap_or(i128::MAX)
    }
}
