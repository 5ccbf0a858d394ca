//! Components that are being written, from front to back.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::wide;
use crate::errors::{Error, Kind};
use crate::layouts::prelude::Fault;
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

/// From this many bytes on they are handed to the system.
const BUFFER: usize = 1 << 16;

/// A component that grows at its end.
pub struct Output {
    target: Box<dyn Write + Send>,
    sink: Sink,
    flushed: u64,
    name: &'static str,
}

impl Output {
    /// The component `name`, such as `Data.db`, whose bytes go to `target`.
    #[must_use]
    pub fn new(target: Box<dyn Write + Send>, name: &'static str) -> Self {
        Self { target, sink: Sink::new(), flushed: 0, name }
    }

    /// The component `name` in a file that is there, or is made, and loses what it has.
    ///
    /// # Errors
    /// [`Kind::Output`] where the system cannot.
    pub fn create(path: &Path, name: &'static str) -> Result<Self, Error> {
        match File::create(path) {
            Ok(file) => Ok(Self::new(Box::new(file), name)),
            Err(error) => {
                let message = format!("the file cannot be created: {error}");
                Err(Error::new(Kind::Output, name, message))
            }
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How many bytes have been written.
    #[inline]
    #[must_use]
    pub fn position(&self) -> u64 {
        self.flushed.saturating_add(wide(self.sink.as_slice().len()))
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`Kind::Output`] where the system cannot write.
    #[inline]
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.sink.put(bytes);
        self.flush_full()
    }

    /// Appends an object of the layouts.
    ///
    /// # Errors
    /// [`Kind::Output`] as [`Output::write`]; [`Kind::InvalidValue`]: its fields contradict one
    /// another.
    #[inline]
    pub fn encode(&mut self, object: &impl Layout) -> Result<(), Error> {
        object.encode(&mut self.sink).map_err(|fault| self.refused(fault))?;
        self.flush_full()
    }

    /// The error that an object cannot be written here.
    #[cold]
    #[must_use]
    pub fn refused(&self, fault: Fault) -> Error {
        Error::unwritable(self.name, fault).at(self.position(), "")
    }

    #[inline]
    fn flush_full(&mut self) -> Result<(), Error> {
        if self.sink.as_slice().len() < BUFFER { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), Error> {
        if let Err(error) = self.target.write_all(self.sink.as_slice()) {
            let message = format!("the file cannot be written: {error}");
            return Err(Error::new(Kind::Output, self.name, message).at(self.flushed, ""));
        }
        self.flushed = self.position();
        self.sink.clear();
        Ok(())
    }

    /// Hands the rest to the system and closes the file; its length in bytes.
    ///
    /// # Errors
    /// [`Kind::Output`] where the system cannot write.
    pub fn finish(mut self) -> Result<u64, Error> {
        self.flush()?;
        match self.target.flush() {
            Ok(()) => Ok(self.flushed),
            Err(error) => {
                let message = format!("the file cannot be written: {error}");
                Err(Error::new(Kind::Output, self.name, message).at(self.flushed, ""))
            }
        }
    }
}
