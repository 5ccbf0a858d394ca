//! What generated decoders stand on: a bounds-checked cursor over borrowed bytes, lazily
//! decoded parts, and typed errors.
//!
//! A decoder reports a [`Fault`], which is small enough to be cheap on the way that
//! nothing goes wrong on; the cursor keeps track of where it is and of the field it is
//! at, and makes an [`Error`] of both where decoding was started.

use std::fmt;

pub use super::items::{List, Number, Numbers, item};
use super::trace::Trace;
use crate::codec::vint;

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
    #[inline(always)]
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
    rest: &'a [u8],
    base: u64,
    field: &'static &'static str,
    bits: u64,
    num_bits: u32,
    depth: u16,
    trace: Option<&'a Trace>,
}

macro_rules! numbers {
    ($($name:ident $type:ty, $from:ident;)*) => {
        $(
            /// A number of this type.
            #[inline(always)]
            pub fn $name(&mut self) -> Result<$type, Fault> {
                Ok(<$type>::$from(*self.chunk()?))
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
        let trace = None;
        Self { data, rest: data, base, field: &"", bits: 0, num_bits: 0, depth: 0, trace }
    }

    /// The same; `trace` is told what a fault is inside of.
    #[must_use]
    pub const fn traced(data: &'a [u8], base: u64, trace: &'a Trace) -> Self {
        Self { trace: Some(trace), ..Self::new(data, base) }
    }

    /// Says which field comes next.
    #[inline(always)]
    pub const fn at(&mut self, field: &'static &'static str) {
        self.field = field;
    }

    /// An error here. In line, so that the cursor need not be in memory for it.
    #[inline(always)]
    #[must_use]
    pub fn error(&self, fault: Fault) -> Error {
        let offset = self.base.saturating_add(wide(self.position()));
        Error { fault, offset, field: self.field }
    }

    /// A fault inside of `field`, or of its item `index`. In line, as above.
    #[inline(always)]
    #[must_use]
    pub fn within(&self, fault: Fault, field: &'static str, index: Option<i64>) -> Fault {
        if let Some(trace) = self.trace {
            trace.push(field, index);
        }
        fault
    }

    /// The place of a value that may turn out not to be one.
    #[inline(always)]
    #[must_use]
    pub const fn mark(&self) -> &'a [u8] {
        self.rest
    }

    /// Back to the value of `field` at `mark`, which is not one that the field may have.
    #[inline(always)]
    pub const fn refuse(&mut self, mark: &'a [u8], field: &'static &'static str) -> Fault {
        self.rest = mark;
        self.field = field;
        Fault::Invalid
    }

    /// How many bytes have been decoded.
    #[inline]
    #[must_use]
    pub const fn position(&self) -> usize {
        self.data.len().saturating_sub(self.rest.len())
    }

    /// `_io.pos`.
    #[inline]
    #[must_use]
    pub fn pos(&self) -> i64 {
        count(self.position())
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
        self.rest.is_empty() && self.num_bits == 0
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
        self.rest = self.data.get(wanted..).ok_or(Fault::Truncated)?;
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
    pub(super) const fn rest_slice(&self) -> &'a [u8] {
        self.rest
    }

    /// `N` bytes.
    #[inline(always)]
    pub fn chunk<const N: usize>(&mut self) -> Result<&'a [u8; N], Fault> {
        let (found, rest) = chunk_of(self.rest)?;
        self.go_on(rest);
        Ok(found)
    }

    /// Goes on at `rest`, the last ones of the bytes that are left.
    #[inline(always)]
    pub const fn go_on(&mut self, rest: &'a [u8]) {
        self.num_bits = 0;
        self.rest = rest;
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
            let (next, rest) = self.rest.split_first().ok_or(Fault::Truncated)?;
            self.rest = rest;
            self.bits = self.bits.checked_shl(8).unwrap_or(0) | u64::from(*next);
            self.num_bits = self.num_bits.saturating_add(8);
        }
        self.num_bits = self.num_bits.saturating_sub(width);
        let value = self.bits.checked_shr(self.num_bits).unwrap_or(0);
        let keep = mask(self.num_bits);
        self.bits &= keep;
        u32::try_from(value & mask(width)).map_err(|_| Fault::Range)
    }

    /// A number in the layout of `vint`, of which nothing else is wanted.
    #[inline(always)]
    pub fn number(&mut self) -> Result<u64, Fault> {
        let (value, rest) = vint::read(self.rest).ok_or(Fault::Truncated)?;
        self.go_on(rest);
        Ok(value)
    }

    /// `size` bytes.
    #[inline(always)]
    pub fn bytes<S: TryInto<usize>>(&mut self, size: S) -> Result<&'a [u8], Fault> {
        self.num_bits = 0;
        let size = size.try_into().map_err(|_| Fault::Range)?;
        let (found, rest) = self.rest.split_at_checked(size).ok_or(Fault::Truncated)?;
        self.rest = rest;
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
        let base = self.base.saturating_add(wide(self.position()));
        Ok(Raw { bytes: self.bytes(size)?, base })
    }

    /// All bytes that are left, which are decoded later, if at all.
    pub fn window_rest(&mut self) -> Result<Raw<'a>, Fault> {
        self.window(self.rest_slice().len())
    }

    /// These very bytes.
    pub fn contents(&mut self, wanted: &[u8]) -> Result<&'a [u8], Fault> {
        let mark = self.mark();
        let found = self.bytes(wanted.len())?;
        if found == wanted { Ok(found) } else { self.back(mark, Fault::Invalid) }
    }

    /// Text of `size` bytes, as `decode` has it.
    pub fn text<S: TryInto<usize>>(
        &mut self,
        size: S,
        decode: fn(&'a [u8]) -> Result<&'a str, Fault>,
    ) -> Result<&'a str, Fault> {
        let mark = self.mark();
        let found = self.bytes(size)?;
        decode(found).or_else(|fault| self.back(mark, fault))
    }

    fn back<T>(&mut self, mark: &'a [u8], fault: Fault) -> Result<T, Fault> {
        self.rest = mark;
        Err(fault)
    }

    /// Text up to the byte `terminator`, which may be missing at the end if `open_end`.
    pub fn line(&mut self, terminator: u8, open_end: bool) -> Result<Line<'a>, Fault> {
        let rest = self.rest_slice();
        let end = rest.iter().position(|byte| *byte == terminator);
        if end.is_none() && !open_end {
            return Err(Fault::Truncated);
        }
        let text = self.text(end.unwrap_or(rest.len()), utf8)?;
        if end.is_some() {
            self.bytes(1_usize)?;
        }
        Ok(Line { text, is_terminated: end.is_some() })
    }

    /// A number of items that each take `smallest` bits or more: refused if the bytes that
    /// are left cannot hold them, unless it is asked which of them is the first not to be there.
    /// None if negative.
    #[inline]
    pub fn count<S: TryInto<i64>>(&self, wanted: S, smallest: i64) -> Result<i64, Fault> {
        let wanted = wanted.try_into().map_err(|_| Fault::Truncated)?.max(0);
        let bits =
            count(self.rest_slice().len()).saturating_mul(8).saturating_add(self.num_bits.into());
        let most = match bits.checked_div(smallest) {
            Some(most) => most,
            None => self.size().max(EMPTY_ITEMS),
        };
        let is_traced = self.trace.is_some() && smallest > 0;
        if wanted > most && !is_traced { Err(Fault::Truncated) } else { Ok(wanted) }
    }
}

/// The first `N` bytes, and the others.
#[inline(always)]
pub fn chunk_of<const N: usize>(bytes: &[u8]) -> Result<(&[u8; N], &[u8]), Fault> {
    bytes.split_first_chunk().ok_or(Fault::Truncated)
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

/// An object that is `$field`, or its item `$index`, or else the function around it returns. Not
/// a closure, which would keep the cursor in memory.
macro_rules! inner {
    ($cur:ident, $read:expr, $field:literal, $index:expr) => {
        match $read {
            Ok(found) => found,
            Err(fault) => return Err($cur.within(fault, $field, $index).into()),
        }
    };
}
pub(crate) use inner;

/// An integer in another type, or else the function around it returns. Not a function itself:
/// its result would have to be taken apart again.
macro_rules! fitted {
    ($to:ty, $value:expr) => {
        match <$to>::try_from($value) {
            Ok(found) => found,
            Err(_) => return Err(Fault::Range.into()),
        }
    };
}
pub(crate) use fitted;

/// An integer in another type.
#[inline(always)]
pub fn fit<T: TryFrom<S>, S>(value: S) -> Result<T, Fault> {
    T::try_from(value).map_err(|_| Fault::Range)
}

/// The outcome of an operation that always has one, as the widths of what goes in show.
#[inline(always)]
pub fn proven<T: Default>(found: Option<T>) -> T {
    found.unwrap_or_default()
}

/// An integer in another type that takes all values it can have, as widths show.
#[inline(always)]
pub fn narrow<T: TryFrom<S> + Default, S>(value: S) -> T {
    proven(T::try_from(value).ok())
}

/// The outcome of a computation that has been made already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept<T>(pub T);

impl<T: Default> Default for Kept<Result<T, Fault>> {
    fn default() -> Self {
        Self(Ok(T::default()))
    }
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
