//! What generated decoders stand on: a bounds-checked cursor over borrowed bytes, lazily
//! decoded parts, and typed errors.
//!
//! A decoder reports a [`Fault`], which is small enough to be cheap on the way that
//! nothing goes wrong on; the cursor keeps track of where it is and of the field it is
//! at, and makes an [`Error`] of both where decoding was started.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// What is wrong with bytes, or with a value that is to become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes end before the field does.
    Truncated,
    /// The value is not one of those that the field may have.
    Invalid,
    /// The text is not in its encoding.
    Text,
    /// A number is too large for what it is needed for, or negative where it must not be.
    Range,
    /// An operation has no result in the integers at hand.
    Overflow,
    /// A field that is not there is needed.
    Absent,
    /// Objects are inside one another too deeply.
    Depth,
    /// Repetition does not get on.
    Stuck,
    /// A field is there although its condition says no, or the other way round, or has
    /// another size or number of items than the fields before it say.
    Inconsistent,
}

/// What went wrong and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub fault: Fault,
    /// Position of the cursor in the outermost stream.
    pub offset: u64,
    /// The innermost field that was being decoded, as `spec::type.field`.
    pub field: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} at {} in {}", self.fault, self.offset, self.field)
    }
}

impl std::error::Error for Error {}

impl From<Fault> for Error {
    /// An error whose place is not known yet.
    #[cold]
    fn from(fault: Fault) -> Self {
        Self { fault, offset: 0, field: "" }
    }
}

/// What visiting can fail with: faults of the bytes, and what the visitor adds to them.
pub trait Failure: From<Fault> {
    /// The failure with its place, unless it has one.
    #[must_use]
    fn located(self, cur: &Cursor<'_>) -> Self;
}

impl Failure for Fault {
    fn located(self, _: &Cursor<'_>) -> Self {
        self
    }
}

impl Failure for Error {
    fn located(self, cur: &Cursor<'_>) -> Self {
        if self.field.is_empty() { cur.error(self.fault) } else { self }
    }
}

/// How deeply objects may be inside one another.
const DEPTH: u16 = 64;

/// How many items that take no bytes there may be in streams smaller than this.
const EMPTY_ITEMS: i64 = 65_536;

/// A place in a stream of bytes.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    data: &'a [u8],
    position: usize,
    base: u64,
    field: &'static &'static str,
    bits: u64,
    num_bits: u32,
    depth: u16,
}

macro_rules! numbers {
    ($($name:ident $type:ty, $from:ident;)*) => {
        $(
            /// A number of this type.
            #[inline(always)]
            pub fn $name(&mut self) -> Result<$type, Fault> {
                Ok(<$type>::$from(self.array()?))
            }
        )*
    };
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `data`, whose first byte has the position `base` in the
    /// outermost stream.
    #[inline]
    #[must_use]
    pub const fn new(data: &'a [u8], base: u64) -> Self {
        Self { data, position: 0, base, field: &"", bits: 0, num_bits: 0, depth: 0 }
    }

    /// Says which field comes next.
    #[inline(always)]
    pub const fn at(&mut self, field: &'static &'static str) {
        self.field = field;
    }

    /// An error here.
    #[cold]
    #[must_use]
    pub fn error(&self, fault: Fault) -> Error {
        let offset = self.base.saturating_add(wide(self.position));
        Error { fault, offset, field: self.field }
    }

    /// How many bytes have been decoded.
    #[inline]
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// `_io.pos`.
    #[inline]
    #[must_use]
    pub fn pos(&self) -> i64 {
        count(self.position)
    }

    /// `_io.size`.
    #[inline]
    #[must_use]
    pub fn size(&self) -> i64 {
        count(self.data.len())
    }

    /// `_io.eof`.
    #[inline]
    #[must_use]
    pub const fn eof(&self) -> bool {
        self.position >= self.data.len() && self.num_bits == 0
    }

    /// The stream, for what is decoded later.
    #[inline]
    #[must_use]
    pub const fn io(&self) -> Io<'a> {
        Io { data: self.data, base: self.base }
    }

    /// Goes to a position.
    pub fn seek(&mut self, position: i64) -> Result<(), Fault> {
        let wanted = usize::try_from(position).map_err(|_| Fault::Range)?;
        if wanted > self.data.len() {
            return Err(Fault::Truncated);
        }
        self.position = wanted;
        Ok(())
    }

    /// One object deeper.
    pub fn enter(&mut self) -> Result<(), Fault> {
        if self.depth >= DEPTH {
            return Err(Fault::Depth);
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    /// Out of the object again.
    pub const fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    #[inline(always)]
    fn rest_slice(&self) -> &'a [u8] {
        self.data.get(self.position..).unwrap_or_default()
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.num_bits = 0;
        let found = self.rest_slice().first_chunk::<N>().ok_or(Fault::Truncated)?;
        self.position = self.position.saturating_add(N);
        Ok(*found)
    }

    numbers! {
        u8 u8, from_be_bytes;
        i8 i8, from_be_bytes;
        u16be u16, from_be_bytes;
        u32be u32, from_be_bytes;
        u64be u64, from_be_bytes;
        i16be i16, from_be_bytes;
        i32be i32, from_be_bytes;
        i64be i64, from_be_bytes;
        f32be f32, from_be_bytes;
        f64be f64, from_be_bytes;
        u16le u16, from_le_bytes;
        u32le u32, from_le_bytes;
        u64le u64, from_le_bytes;
        i16le i16, from_le_bytes;
        i32le i32, from_le_bytes;
        i64le i64, from_le_bytes;
        f32le f32, from_le_bytes;
        f64le f64, from_le_bytes;
    }

    /// `width` bits, at most 32, most significant first.
    pub fn bits(&mut self, width: u32) -> Result<u32, Fault> {
        while self.num_bits < width {
            let next = *self.rest_slice().first().ok_or(Fault::Truncated)?;
            self.position = self.position.saturating_add(1);
            self.bits = self.bits.checked_shl(8).unwrap_or(0) | u64::from(next);
            self.num_bits = self.num_bits.saturating_add(8);
        }
        self.num_bits = self.num_bits.saturating_sub(width);
        let value = self.bits.checked_shr(self.num_bits).unwrap_or(0);
        let keep = mask(self.num_bits);
        self.bits &= keep;
        fit(value & mask(width))
    }

    /// `size` bytes.
    #[inline(always)]
    pub fn bytes<S: TryInto<usize>>(&mut self, size: S) -> Result<&'a [u8], Fault> {
        self.num_bits = 0;
        let size = size.try_into().map_err(|_| Fault::Range)?;
        let found = self.rest_slice().get(..size).ok_or(Fault::Truncated)?;
        self.position = self.position.saturating_add(size);
        Ok(found)
    }

    /// All bytes that are left.
    #[inline]
    pub fn rest(&mut self) -> Result<&'a [u8], Fault> {
        self.bytes(self.rest_slice().len())
    }

    /// `size` bytes that are decoded later, if at all.
    #[inline(always)]
    pub fn window<S: TryInto<usize>>(&mut self, size: S) -> Result<Raw<'a>, Fault> {
        let base = self.base.saturating_add(wide(self.position));
        Ok(Raw { bytes: self.bytes(size)?, base })
    }

    /// All bytes that are left, which are decoded later, if at all.
    pub fn window_rest(&mut self) -> Result<Raw<'a>, Fault> {
        self.window(self.rest_slice().len())
    }

    /// These very bytes.
    pub fn contents(&mut self, wanted: &[u8]) -> Result<&'a [u8], Fault> {
        let found = self.bytes(wanted.len())?;
        if found == wanted { Ok(found) } else { Err(Fault::Invalid) }
    }

    /// Text up to the byte `terminator`, which may be missing at the end if `open_end`.
    pub fn line(&mut self, terminator: u8, open_end: bool) -> Result<Line<'a>, Fault> {
        let rest = self.rest_slice();
        let end = rest.iter().position(|byte| *byte == terminator);
        if end.is_none() && !open_end {
            return Err(Fault::Truncated);
        }
        let text = utf8(self.bytes(end.unwrap_or(rest.len()))?)?;
        if end.is_some() {
            self.bytes(1_usize)?;
        }
        Ok(Line { text, is_terminated: end.is_some() })
    }

    /// A number of items that each take `smallest` bits or more: refused if the bytes that
    /// are left cannot hold them. None if negative.
    #[inline]
    pub fn count<S: TryInto<i64>>(&self, wanted: S, smallest: i64) -> Result<i64, Fault> {
        let wanted = wanted.try_into().map_err(|_| Fault::Truncated)?.max(0);
        let bits =
            count(self.rest_slice().len()).saturating_mul(8).saturating_add(self.num_bits.into());
        let most = match bits.checked_div(smallest) {
            Some(most) => most,
            None => self.size().max(EMPTY_ITEMS),
        };
        if wanted > most { Err(Fault::Truncated) } else { Ok(wanted) }
    }
}

#[inline]
fn mask(width: u32) -> u64 {
    1_u64.checked_shl(width).unwrap_or(0).wrapping_sub(1)
}

/// Any count of things in memory as an `i64`.
#[inline(always)]
#[must_use]
pub fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A stream that an object keeps for what it decodes later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Io<'a> {
    data: &'a [u8],
    base: u64,
}

impl<'a> Io<'a> {
    /// `_io.size`.
    #[must_use]
    pub fn size(&self) -> i64 {
        count(self.data.len())
    }

    /// A cursor at the start.
    #[must_use]
    pub const fn cursor(&self) -> Cursor<'a> {
        Cursor::new(self.data, self.base)
    }
}

/// Bytes of a part that has not been decoded, and where they start in the outermost stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raw<'a> {
    /// The part's bytes.
    pub bytes: &'a [u8],
    /// Position of the first one.
    pub base: u64,
}

impl<'a> Raw<'a> {
    /// A cursor at the start.
    #[inline]
    #[must_use]
    pub const fn cursor(&self) -> Cursor<'a> {
        Cursor::new(self.bytes, self.base)
    }
}

/// Text that a terminator ends, or the end of the stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line<'a> {
    /// The text without the terminator.
    pub text: &'a str,
    /// Whether the terminator is there.
    pub is_terminated: bool,
}

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
        Ok(Self { bytes: cur.bytes(size)?, of: PhantomData })
    }

    /// As many numbers as there are bytes.
    pub fn read_all(cur: &mut Cursor<'a>) -> Result<Self, Fault> {
        let left = cur.rest_slice().len();
        let found = Self::read(cur, count(left.checked_div(T::SIZE).unwrap_or(0)))?;
        if cur.eof() { Ok(found) } else { Err(Fault::Truncated) }
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

/// An integer in another type.
#[inline(always)]
pub fn fit<T: TryFrom<S>, S>(value: S) -> Result<T, Fault> {
    T::try_from(value).map_err(|_| Fault::Range)
}

/// One byte as a number.
#[inline(always)]
pub fn byte(bytes: &[u8], index: i64) -> Result<i64, Fault> {
    item(bytes, index).map(|byte| i64::from(*byte))
}

/// Bytes as UTF-8 text.
pub fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::Text)
}

/// Bytes as ASCII text.
pub fn ascii(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.is_ascii() { utf8(bytes) } else { Err(Fault::Text) }
}

/// The number of characters of a text.
#[must_use]
pub fn length(text: &str) -> i64 {
    count(if text.is_ascii() { text.len() } else { text.chars().count() })
}

/// Characters `start` to before `end`.
pub fn substring(text: &str, start: i64, end: i64) -> Result<&str, Fault> {
    let (start, end) = (place(text, start)?, place(text, end)?);
    text.get(start..end).ok_or(Fault::Range)
}

fn place(text: &str, character: i64) -> Result<usize, Fault> {
    let wanted = usize::try_from(character).map_err(|_| Fault::Range)?;
    let mut places = text.char_indices().map(|(place, _)| place);
    if text.is_ascii() { Ok(wanted) } else { places.nth(wanted).map_or(Ok(text.len()), Ok) }
}

/// A decimal number.
pub fn number(text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| Fault::Text)
}
