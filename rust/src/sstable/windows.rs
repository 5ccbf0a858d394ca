//! Rows from any stream of blocks.

use crate::blocks::{BlockCache, Stream};
use crate::errors::Error;
use crate::rows::Events;
use crate::rows::reader::{Next, Progress, RowReader, Window};

/// Bytes that a reader of rows is given to begin with.
const FIRST: usize = 1;

/// A stream that can be looked at window by window.
pub trait Windows {
    /// The bytes from `position` on, `wanted` of them or more, fewer only before the end or
    /// before damage, of which asking again for more tells.
    ///
    /// # Errors
    /// Those of the blocks, where not one byte more than before can be had.
    fn bytes(&mut self, position: u64, wanted: usize) -> Result<&[u8], Error>;

    /// Where the stream ends.
    fn end(&self) -> u64;
}

impl Windows for Stream {
    fn bytes(&mut self, position: u64, wanted: usize) -> Result<&[u8], Error> {
        Self::bytes(self, position, wanted)
    }

    fn end(&self) -> u64 {
        Self::end(self)
    }
}

impl Windows for BlockCache {
    fn bytes(&mut self, position: u64, wanted: usize) -> Result<&[u8], Error> {
        Self::bytes(self, position, wanted)
    }

    fn end(&self) -> u64 {
        self.blocks().length()
    }
}

/// Reads on from `position`, where `reader` stands, until `events` say stop or the end.
///
/// # Errors
/// Those of the blocks, of the rows, and of `events`.
pub fn read_rows<E: Events>(
    windows: &mut impl Windows,
    reader: &mut RowReader<'_>,
    position: u64,
    events: &mut E,
) -> Result<Progress, E::Error> {
    let end = windows.end();
    let mut progress = Progress { position, next: Next::More(FIRST) };
    while let Next::More(wanted) = progress.next {
        let position = progress.position;
        let bytes = windows.bytes(position, wanted)?;
        progress = reader.read(Window { bytes, position, end }, events)?;
    }
    Ok(progress)
}
