//! The one kind of error that the engine has. Each says what is wrong, and where: the
//! component, the byte offset in it and the field.
//!
//! Offsets count from the start of the component; for a compressed Data.db they count in the
//! uncompressed stream, unless the error is about a compressed chunk itself.

use std::fmt;

use crate::layouts::prelude::{self, Cursor, Fault};
use crate::layouts::trace::Trace;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes break the format.
    Corrupt,
    /// The component ends before the field does.
    Truncated,
    /// A stored and a computed checksum differ.
    Checksum,
    /// A value that its CQL type does not allow.
    InvalidValue,
    /// Something valid that the engine does not read or cannot do.
    Unsupported,
    /// A component that is needed is not there.
    Missing,
    /// The system could not read.
    Io,
    /// The system could not write.
    Output,
}

/// What went wrong and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of thing went wrong.
    pub kind: Kind,
    /// What is wrong, without the place.
    pub message: String,
    /// The component's name, such as `Data.db`; empty where there is none.
    pub component: &'static str,
    /// The byte at which it was noticed, where that is known.
    pub offset: Option<u64>,
    /// The field of the layout, as `spec::type.field`; empty where it is not known.
    pub field: String,
    /// Which of several SSTables it is about, counted from 0.
    pub sstable: usize,
}

impl Error {
    /// An error about a component as a whole.
    #[cold]
    #[must_use]
    pub fn new(kind: Kind, component: &'static str, message: impl Into<String>) -> Self {
        let (message, field) = (message.into(), String::new());
        Self { kind, message, component, offset: None, field, sstable: 0 }
    }

    /// The same error about one of several SSTables.
    #[cold]
    #[must_use]
    pub const fn of(mut self, sstable: usize) -> Self {
        self.sstable = sstable;
        self
    }

    /// The same error at a place.
    #[cold]
    #[must_use]
    pub fn at(mut self, offset: u64, field: &str) -> Self {
        self.offset = Some(offset);
        self.field = field.to_owned();
        self
    }

    /// What a generated decoder found in `component`. What runs past a part with a stated size
    /// contradicts that size; give such a part's errors by [`Error::inside`].
    #[cold]
    #[must_use]
    pub fn layout(component: &'static str, error: prelude::Error) -> Self {
        let truncated = error.fault == Fault::Truncated;
        let kind = if truncated { Kind::Truncated } else { Kind::Corrupt };
        let field = error.field.replace("::", ".");
        Self::new(kind, component, message(error.fault)).at(error.offset, &field)
    }

    /// What `read` finds in `bytes` of `component`, which start at `base`: the same once more,
    /// but with the path of the field from an object of type `root` on.
    #[cold]
    #[must_use]
    pub fn traced(
        component: &'static str,
        root: &str,
        (bytes, base): (&[u8], u64),
        read: impl FnOnce(&mut Cursor<'_>) -> Result<(), Fault>,
    ) -> Self {
        let trace = Trace::default();
        let mut cur = Cursor::traced(bytes, base, &trace);
        let fault = read(&mut cur).err().unwrap_or(Fault::Inconsistent);
        Self::along(component, root, &trace, cur.error(fault))
    }

    /// What a generated decoder found in `component` with a cursor that has `trace`.
    #[cold]
    #[must_use]
    pub fn along(
        component: &'static str,
        root: &str,
        trace: &Trace,
        error: prelude::Error,
    ) -> Self {
        Self { field: trace.path(root, error.field), ..Self::layout(component, error) }
    }

    /// What a generated encoder refuses to write to `component`.
    #[cold]
    #[must_use]
    pub fn unwritable(component: &'static str, fault: Fault) -> Self {
        Self::new(Kind::InvalidValue, component, message(fault))
    }

    /// What a generated decoder found in a part of `component` whose size is stated.
    #[cold]
    #[must_use]
    pub fn inside(component: &'static str, error: prelude::Error) -> Self {
        Self { kind: Kind::Corrupt, ..Self::layout(component, error) }
    }
}

const fn message(fault: Fault) -> &'static str {
    match fault {
        Fault::Truncated => "invalid layout: the bytes end before the field does",
        Fault::Invalid => "invalid layout: the value is not one that the field may have",
        Fault::Text => "invalid layout: the text is not in its encoding",
        Fault::Range => "invalid layout: a number is out of range",
        Fault::Overflow => "invalid layout: a number is too large",
        Fault::Absent => "invalid layout: a field that is needed is absent",
        Fault::Depth => "invalid layout: objects are inside one another too deeply",
        Fault::Stuck => "invalid layout: repetition does not get on",
        Fault::Inconsistent => "invalid layout: fields contradict one another",
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if !self.component.is_empty() {
            write!(out, "{}", self.component)?;
            separator = ", ";
        }
        if let Some(offset) = self.offset {
            write!(out, "{separator}byte {offset}")?;
            separator = ", ";
        }
        if !self.field.is_empty() {
            write!(out, "{separator}field {}", self.field)?;
            separator = ", ";
        }
        write!(out, "{}{}", if separator.is_empty() { "" } else { ": " }, self.message)
    }
}

impl std::error::Error for Error {}
