//! JSON laid out as sstabledump does, into a buffer that is used again and again.
//!
//! Follows Jackson's `DefaultPrettyPrinter` with the indenters of `JsonTransformer`: each entry
//! is on a line of its own unless compact mode is on at that moment. With `LINES` there is no
//! space at all, and a line for each outermost value.

use crate::codec::text;

const INDENTATION: &[u8; 65] =
    b"\n                                                                ";

/// A place in the text to which the writer can go back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    length: usize,
    entries: u32,
    depth: u32,
}

impl Mark {
    /// The same place after the text before `other` has been forgotten.
    pub(super) const fn behind(self, other: Self) -> Self {
        Self { length: self.length.saturating_sub(other.length), ..self }
    }
}

/// Writes JSON piece by piece. Names and strings are given with their quotes.
#[derive(Debug, Default)]
pub(super) struct Writer<const LINES: bool> {
    buffer: Vec<u8>,
    /// A bit for each object or array that is open, the innermost lowest: whether it has entries.
    entries: u32,
    depth: u32,
    after_name: bool,
    has_text: bool,
    /// Whether objects go on one line from now on.
    pub(super) compact_objects: bool,
    /// The same for arrays.
    pub(super) compact_arrays: bool,
}

impl<const LINES: bool> Writer<LINES> {
    /// Where the text ends.
    pub(super) fn mark(&self) -> Mark {
        Mark { length: self.buffer.len(), entries: self.entries, depth: self.depth }
    }

    /// Takes back what was written since `mark`.
    pub(super) fn go_back(&mut self, mark: Mark) {
        self.buffer.truncate(mark.length);
        (self.entries, self.depth) = (mark.entries, mark.depth);
        (self.after_name, self.compact_objects, self.compact_arrays) = (false, false, false);
    }

    /// The text up to `mark`, to be followed by [`Writer::forget`].
    pub(super) fn text(&self, mark: Mark) -> &[u8] {
        self.buffer.get(..mark.length).unwrap_or_default()
    }

    /// Drops the text up to `mark`; all later marks move by that.
    pub(super) fn forget(&mut self, mark: Mark) {
        self.buffer.drain(..mark.length.min(self.buffer.len()));
    }

    /// Ends the last line.
    pub(super) fn end_text(&mut self) {
        self.buffer.push(b'\n');
    }

    #[inline]
    pub(super) fn start_object(&mut self) {
        self.start(b'{');
    }

    /// Starts an object whose first entries are in `lead`, up to a value that is to be appended.
    #[inline(always)]
    pub(super) fn start_with(&mut self, lead: &[u8]) -> &mut Vec<u8> {
        self.start(b'{');
        self.buffer.extend_from_slice(lead);
        self.entries |= 1;
        &mut self.buffer
    }

    #[inline(always)]
    pub(super) fn end_object(&mut self) {
        self.end(b'}', self.compact_objects);
    }

    #[inline]
    pub(super) fn start_array(&mut self) {
        self.start(b'[');
    }

    #[inline]
    pub(super) fn end_array(&mut self) {
        self.end(b']', self.compact_arrays);
    }

    /// The name of the object's next entry. In line, as what follows, so that texts of known
    /// length are copied as such.
    #[inline(always)]
    pub(super) fn name(&mut self, name: &[u8]) {
        self.separate(self.compact_objects);
        self.buffer.extend_from_slice(name);
        self.buffer.extend_from_slice(if LINES { b":" } else { b" : " });
        self.after_name = true;
    }

    /// Where the next value is to be appended.
    pub(super) fn value(&mut self) -> &mut Vec<u8> {
        self.before_value();
        &mut self.buffer
    }

    /// The value of the object's next entry is to be appended.
    #[inline(always)]
    pub(super) fn field(&mut self, name: &[u8]) -> &mut Vec<u8> {
        self.separate(self.compact_objects);
        self.buffer.extend_from_slice(name);
        self.buffer.extend_from_slice(if LINES { b":" } else { b" : " });
        &mut self.buffer
    }

    /// An entry whose value is text without its quotes.
    pub(super) fn string_field(&mut self, name: &[u8], value: &[u8]) {
        text::quoted(value, self.field(name));
    }

    #[inline(always)]
    fn start(&mut self, bracket: u8) {
        self.before_value();
        self.buffer.push(bracket);
        self.has_text = true;
        self.depth = self.depth.saturating_add(1);
        self.entries = self.entries.wrapping_shl(1);
    }

    #[inline(always)]
    fn end(&mut self, bracket: u8, compact: bool) {
        self.depth = self.depth.saturating_sub(1);
        let has_entries = self.entries & 1 != 0;
        self.entries >>= 1;
        if !LINES && has_entries {
            self.indent(compact);
        } else if !LINES {
            self.buffer.push(b' ');
        }
        self.buffer.push(bracket);
    }

    #[inline(always)]
    fn before_value(&mut self) {
        if LINES && self.depth == 0 && self.has_text {
            self.buffer.push(b'\n');
        }
        if !std::mem::replace(&mut self.after_name, false) && self.depth > 0 {
            self.separate(self.compact_arrays);
        }
    }

    #[inline(always)]
    fn separate(&mut self, compact: bool) {
        if self.entries & 1 != 0 {
            self.buffer.push(b',');
        }
        self.entries |= 1;
        if !LINES {
            self.indent(compact);
        }
    }

    #[inline]
    fn indent(&mut self, compact: bool) {
        if compact {
            self.buffer.push(b' ');
            return;
        }
        let [depth, ..] = self.depth.to_le_bytes();
        let size = usize::from(depth).saturating_mul(2).saturating_add(1);
        self.buffer.extend_from_slice(INDENTATION.get(..size).unwrap_or(INDENTATION));
    }
}
