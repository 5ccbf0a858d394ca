//! Repeated fields: items that have been decoded, and numbers that are decoded on demand.

use std::marker::PhantomData;
use std::sync::Arc;

use super::prelude::{Cursor, Fault, count};

/// Items that have been decoded. Cheap to clone if there are several; a single one, which
/// is what most lists have, needs no memory of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum List<T> {
    /// No items.
    #[default]
    None,
    /// One item.
    One(T),
    /// Several.
    Many(Arc<Vec<T>>),
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self::Many(Arc::new(items))
    }
}

impl<T: Clone> List<T> {
    /// Adds an item at the end.
    #[inline]
    pub fn push(&mut self, item: T) {
        *self = match std::mem::replace(self, Self::None) {
            Self::None => Self::One(item),
            Self::One(first) => Self::from(vec![first, item]),
            Self::Many(mut items) => {
                Arc::make_mut(&mut items).push(item);
                Self::Many(items)
            }
        };
    }
}

impl<T> List<T> {
    /// All items.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::None => &[],
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }

    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// The items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.as_slice().iter()
    }

    /// One item.
    #[inline]
    pub fn item(&self, index: i64) -> Result<&T, Fault> {
        item(self.as_slice(), index)
    }
}

/// One item of a slice.
#[inline]
pub fn item<T>(items: &[T], index: i64) -> Result<&T, Fault> {
    let index = usize::try_from(index).map_err(|_| Fault::Range)?;
    items.get(index).ok_or(Fault::Range)
}

/// A number that [`Numbers`] can hold.
pub trait Number: Copy {
    /// Bytes that one takes.
    const SIZE: usize;
    /// The number in the first bytes, big-endian or else little-endian.
    fn of(bytes: &[u8], big_endian: bool) -> Option<Self>;
    /// Appends the number's bytes.
    fn put(self, big_endian: bool, out: &mut Vec<u8>);
}

macro_rules! number {
    ($($type:ident $size:literal)*) => {$(
        impl Number for $type {
            const SIZE: usize = $size;
            #[inline(always)]
            fn of(bytes: &[u8], big_endian: bool) -> Option<Self> {
                let bytes = *bytes.first_chunk()?;
                Some(if big_endian { Self::from_be_bytes(bytes) } else { Self::from_le_bytes(bytes) })
            }
            fn put(self, big_endian: bool, out: &mut Vec<u8>) {
                let bytes = if big_endian { self.to_be_bytes() } else { self.to_le_bytes() };
                out.extend_from_slice(&bytes);
            }
        }
    )*};
}
number! { u8 1 u16 2 u32 4 u64 8 i8 1 i16 2 i32 4 i64 8 }

/// Numbers side by side, decoded where they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers<'a, T, const BIG: bool> {
    /// The numbers as they stand.
    pub bytes: &'a [u8],
    of: PhantomData<T>,
}

impl<T, const BIG: bool> Default for Numbers<'_, T, BIG> {
    fn default() -> Self {
        Self { bytes: &[], of: PhantomData }
    }
}

impl<'a, T: Number, const BIG: bool> Numbers<'a, T, BIG> {
    /// `count` numbers at the cursor.
    pub fn read(cur: &mut Cursor<'a>, count: i64) -> Result<Self, Fault> {
        let count = usize::try_from(count).map_err(|_| Fault::Range)?;
        let size = count.checked_mul(T::SIZE).ok_or(Fault::Overflow)?;
        let Ok(bytes) = cur.bytes(size) else { return Err(Self::short(cur)) };
        Ok(Self { bytes, of: PhantomData })
    }

    /// At the first number that is not there.
    #[cold]
    fn short(cur: &mut Cursor<'a>) -> Fault {
        let whole = cur.rest_slice().len().checked_div(T::SIZE).unwrap_or(0);
        match cur.bytes(whole.saturating_mul(T::SIZE)) {
            Ok(_) => cur.within(Fault::Truncated, "", Some(count(whole))),
            Err(fault) => fault,
        }
    }

    /// As many numbers as there are bytes.
    pub fn read_all(cur: &mut Cursor<'a>) -> Result<Self, Fault> {
        let left = cur.rest_slice().len();
        if left.checked_rem(T::SIZE).is_none_or(|more| more > 0) {
            return Err(Self::short(cur));
        }
        Self::read(cur, count(left.checked_div(T::SIZE).unwrap_or(0)))
    }

    /// The numbers that `bytes` consist of.
    pub fn over(bytes: &'a [u8]) -> Result<Self, Fault> {
        Self::read_all(&mut Cursor::new(bytes, 0))
    }

    /// The bytes of numbers side by side.
    #[must_use]
    pub fn pack(numbers: &[T]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(numbers.len().saturating_mul(T::SIZE));
        for number in numbers {
            number.put(BIG, &mut bytes);
        }
        bytes
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self.bytes.len().checked_div(T::SIZE) {
            Some(number) => number,
            None => 0,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// One number.
    #[inline]
    pub fn item(&self, index: i64) -> Result<T, Fault> {
        let index = usize::try_from(index).map_err(|_| Fault::Range)?;
        let start = index.checked_mul(T::SIZE).ok_or(Fault::Overflow)?;
        let found = self.bytes.get(start..).ok_or(Fault::Range)?;
        T::of(found, BIG).ok_or(Fault::Range)
    }

    /// The numbers in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T, BIG> {
        self.bytes.chunks_exact(T::SIZE).filter_map(|bytes| T::of(bytes, BIG))
    }
}
