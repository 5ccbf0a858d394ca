//! Components as bytes at positions. Nothing is mapped into memory, so that a file that gets
//! shorter while it is read is an error like any other.

mod file;
mod output;
mod sort;

use std::sync::Arc;

use crate::errors::{Error, Kind};

pub use file::FileSource;
pub use output::Output;
pub use sort::{Record, Sorted, Sorter};

/// Bytes that can be read at any position, by several readers at once.
pub trait Source: Send + Sync {
    /// The number of bytes when it was opened.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buffer` from `offset` on and says how many bytes there were, fewer than
    /// asked for only at the end.
    ///
    /// # Errors
    /// The system's reason.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize>;
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        wide(self.as_slice().len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|start| self.get(start..));
        let rest = rest.unwrap_or_default();
        let size = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..size), rest.get(..size)) {
            to.copy_from_slice(from);
        }
        Ok(size)
    }
}

/// A component: its bytes and its name.
#[derive(Clone)]
pub struct Component {
    source: Arc<dyn Source>,
    name: &'static str,
}

impl Component {
    /// The component `name`, such as `Data.db`, in `source`.
    #[must_use]
    pub fn new(source: Arc<dyn Source>, name: &'static str) -> Self {
        Self { source, name }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its length in bytes when it was opened.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.source.len()
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Fills `buffer` from `offset` on as far as there are bytes; how many there were.
    ///
    /// # Errors
    /// [`Kind::Io`] where the system cannot read.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, Error> {
        self.source.read_at(offset, buffer).map_err(|error| {
            let message = format!("the file cannot be read: {error}");
            Error::new(Kind::Io, self.name, message).at(offset, "")
        })
    }

    /// All bytes. What is needed as a whole is small against Data.db.
    ///
    /// # Errors
    /// [`Kind::Io`], or [`Kind::Truncated`] where the file has become shorter.
    pub fn read_all(&self) -> Result<Vec<u8>, Error> {
        let Ok(size) = usize::try_from(self.len()) else {
            return Err(Error::new(Kind::Unsupported, self.name, "too large for this machine"));
        };
        let mut bytes = vec![0; size];
        let found = self.read(0, &mut bytes)?;
        if found < size {
            let message = "the file has become shorter while it was read";
            return Err(Error::new(Kind::Truncated, self.name, message).at(wide(found), ""));
        }
        Ok(bytes)
    }
}

/// A number of bytes in memory as a position in a file.
#[must_use]
pub fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
