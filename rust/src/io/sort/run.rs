//! Sorted records in files.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::{NAME, Record, Records};
use crate::codec::vint;
use crate::errors::{Error, Kind};
use crate::io::{Component, FileSource, Output, wide};
use crate::layouts::generated::vint::Vint;
use crate::layouts::prelude::{Cursor, fit};

/// Bytes of a run that are read at once.
const BUFFER: usize = 1 << 18;

/// A sorted run in a file, which is removed with it.
pub(super) struct Run {
    path: PathBuf,
}

impl Drop for Run {
    fn drop(&mut self) {
        // What is left is removed with its folder.
        let _ = fs::remove_file(&self.path);
    }
}

impl Run {
    /// Writes what `next` gives.
    pub(super) fn write(path: PathBuf, records: &mut impl Records) -> Result<Self, Error> {
        let mut output = Output::create(&path, NAME)?;
        let run = Self { path };
        while let Some((key, value)) = records.next()? {
            output.write(vint::unsigned(wide(key.len())).bytes())?;
            output.write(vint::unsigned(wide(value.len())).bytes())?;
            output.write(key)?;
            output.write(value)?;
        }
        output.finish()?;
        Ok(run)
    }
}

/// Reads a run from its start.
pub(super) struct RunReader {
    file: Component,
    buffer: Vec<u8>,
    /// How much of the buffer has bytes of the file, and where in the file they end.
    filled: usize,
    end: u64,
    /// The record in the buffer: where its key starts, where it ends, and where the value ends.
    current: Option<(usize, usize, usize)>,
    /// Keeps the file.
    _run: Run,
}

impl RunReader {
    /// A reader that is at the first record.
    pub(super) fn open(run: Run) -> Result<Self, Error> {
        let file = FileSource::open(&run.path).map_err(|error| {
            Error::new(Kind::Io, NAME, format!("the file cannot be opened: {error}"))
        })?;
        let file = Component::new(Arc::new(file), NAME);
        let mut made = Self {
            file,
            buffer: Vec::new(),
            filled: 0,
            end: 0,
            current: Some((0, 0, 0)),
            _run: run,
        };
        made.advance()?;
        Ok(made)
    }

    pub(super) fn record(&self) -> Option<Record<'_>> {
        let (start, middle, end) = self.current?;
        Some((self.buffer.get(start..middle)?, self.buffer.get(middle..end)?))
    }

    pub(super) fn advance(&mut self) -> Result<(), Error> {
        let Some((_, _, start)) = self.current else { return Ok(()) };
        self.current = match self.parse(start) {
            Some(found) => Some(found),
            None => {
                self.fill(start)?;
                if self.filled == 0 { None } else { Some(self.parse_grown()?) }
            }
        };
        Ok(())
    }

    /// The record at the buffer's start, for which it may have to grow.
    fn parse_grown(&mut self) -> Result<(usize, usize, usize), Error> {
        loop {
            if let Some(found) = self.parse(0) {
                return Ok(found);
            }
            let filled = self.filled;
            let size = self.buffer.len().saturating_mul(2);
            self.buffer.resize(size, 0);
            self.fill(0)?;
            if self.filled == filled {
                let message = "the file has become shorter while it was read";
                return Err(Error::new(Kind::Truncated, NAME, message).at(self.end, ""));
            }
        }
    }

    /// The record at `start`, if all of it is in the buffer.
    fn parse(&self, start: usize) -> Option<(usize, usize, usize)> {
        let bytes = self.buffer.get(start..self.filled)?;
        let mut cur = Cursor::new(bytes, 0);
        let mut length = || Vint::read(&mut cur).and_then(|length| fit(length.value())).ok();
        let (key_length, value_length): (usize, usize) = (length()?, length()?);
        let start = start.checked_add(cur.position())?;
        let middle = start.checked_add(key_length)?;
        let end = middle.checked_add(value_length)?;
        if end <= self.filled { Some((start, middle, end)) } else { None }
    }

    /// Forgets what is before `start` and reads on.
    fn fill(&mut self, start: usize) -> Result<(), Error> {
        if self.buffer.is_empty() {
            self.buffer.resize(BUFFER, 0);
        }
        self.buffer.copy_within(start..self.filled, 0);
        self.filled = self.filled.saturating_sub(start);
        let rest = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let size = self.file.read(self.end, rest)?;
        self.filled = self.filled.saturating_add(size);
        self.end = self.end.saturating_add(wide(size));
        Ok(())
    }
}
