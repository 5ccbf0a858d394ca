//! Walks windows of the uncompressed stream and tells what is in them.

use super::events::{DeletionTime, Events, Flow, PartitionStart};
use super::format::{Projection, RowFormat};
use super::plain::Gatherer;
use super::teller::{Ended, Teller, wide};
use super::times::{DATA, valid_deletion_time};
use crate::errors::{Error, Kind};
use crate::layouts::generated::data::{PartitionHeader, UnfilteredHead};
use crate::layouts::generated::deletion_time::Deletion;
use crate::layouts::prelude::{Cursor, Fault};
use crate::layouts::walk::Nobody;

/// The least that is asked for where it is not known how much is needed.
const SMALLEST_WINDOW: usize = 4096;

/// A part of the uncompressed stream that is in memory.
#[derive(Clone, Copy, Debug)]
pub struct Window<'w> {
    /// The bytes, at most up to `end`.
    pub bytes: &'w [u8],
    /// Position of the first one in the stream.
    pub position: u64,
    /// Where the stream ends, or the part of it that is to be read.
    pub end: u64,
}

/// What a reader wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A window that starts at [`Progress::position`] and has this many bytes, or reaches the
    /// end.
    More(usize),
    /// Nothing: it was told to stop. It can go on at [`Progress::position`].
    Stopped,
    /// Nothing: all has been read.
    Ended,
}

/// How far a reader has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The position of the first byte that has not been dealt with.
    pub position: u64,
    /// What it wants there.
    pub next: Next,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The head of a partition.
    Partition,
    /// Its static row.
    StaticRow,
    /// A row, a marker, or the end of the partition.
    Unfiltered,
}

/// How a unit (a partition's head, a row, a marker, a partition's end) was left.
enum Step {
    /// This many bytes were dealt with.
    Done(usize),
    /// The same, and that is enough.
    Stop(usize),
    /// The window ends within the unit, which has this many bytes; 0 if that is not known.
    Short(usize),
}

impl Step {
    const fn of(flow: Flow, size: usize) -> Self {
        match flow {
            Flow::Stop => Self::Stop(size),
            Flow::Go | Flow::Skip => Self::Done(size),
        }
    }
}

/// Reads partitions one after another. After an error it can be used again from a position
/// that is known to be good.
#[derive(Clone, Debug)]
pub struct RowReader<'f> {
    format: &'f RowFormat,
    projection: &'f Projection,
    expected: Expected,
    skipping: bool,
}

impl<'f> RowReader<'f> {
    /// A reader that stands at the start of a partition.
    #[must_use]
    pub const fn new(format: &'f RowFormat, projection: &'f Projection) -> Self {
        Self { format, projection, expected: Expected::Partition, skipping: false }
    }

    /// A reader that goes on where another one stopped, unless that skips a partition.
    #[must_use]
    pub const fn resume(
        format: &'f RowFormat,
        projection: &'f Projection,
        expected: Expected,
    ) -> Self {
        Self { format, projection, expected, skipping: false }
    }

    /// What is expected next.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        self.expected
    }

    /// Goes on at the start of a partition.
    pub const fn at_partition(&mut self) {
        self.expected = Expected::Partition;
        self.skipping = false;
    }

    /// Goes on at a row or marker inside a partition, such as the first of an index block.
    pub const fn at_unfiltered(&mut self) {
        self.expected = Expected::Unfiltered;
        self.skipping = false;
    }

    /// Tells `events` what is in `window`, which starts where the reader stands.
    pub fn read<E: Events>(
        &mut self,
        window: Window<'_>,
        events: &mut E,
    ) -> Result<Progress, E::Error> {
        let mut teller = Teller::new(self.format, self.projection, events);
        let mut gatherer = Gatherer::new(self.format, self.projection);
        let (mut bytes, mut position) = (window.bytes, window.position);
        let mut told_singly = 0;
        loop {
            if self.expected == Expected::Partition && position >= window.end {
                return Ok(Progress { position, next: Next::Ended });
            }
            let is_within = self.expected == Expected::Unfiltered && !self.skipping;
            let gathered = if is_within && position >= told_singly {
                gatherer.gather(bytes, position, teller.events.plain())
            } else {
                None
            };
            let step = match gathered {
                None => self.unit(bytes, position, &mut teller)?,
                Some((rows, size)) => match teller.events.plain_rows(rows)? {
                    Some(flow) => Step::of(flow, size),
                    None => {
                        told_singly = position.saturating_add(wide(size));
                        self.unit(bytes, position, &mut teller)?
                    }
                },
            };
            match step {
                Step::Done(size) => {
                    bytes = bytes.get(size..).unwrap_or_default();
                    position = position.saturating_add(wide(size));
                }
                Step::Stop(size) => {
                    let position = position.saturating_add(wide(size));
                    return Ok(Progress { position, next: Next::Stopped });
                }
                Step::Short(size) => {
                    let needed = size.max(bytes.len().saturating_add(1));
                    if position.saturating_add(wide(needed)) > window.end {
                        return Err(self.truncated(bytes, position).into());
                    }
                    let guess = bytes.len().saturating_mul(2).max(SMALLEST_WINDOW);
                    let wanted = if size == 0 { guess } else { size };
                    return Ok(Progress { position, next: Next::More(wanted) });
                }
            }
        }
    }

    #[inline]
    fn unit<'a, E: Events>(
        &mut self,
        bytes: &'a [u8],
        position: u64,
        teller: &mut Teller<'_, 'a, E>,
    ) -> Result<Step, E::Error>
    where
        'f: 'a,
    {
        if self.expected == Expected::Partition {
            return self.partition(bytes, position, teller.events);
        }
        let format = self.format;
        let mut cur = Cursor::new(bytes, position);
        let mut unfiltered = UnfilteredHead::new(
            &format.clustering_shapes,
            &format.statics.shapes,
            &format.regulars.shapes,
        );
        teller.start(position, self.expected == Expected::StaticRow);
        let walked = if self.skipping {
            unfiltered.walk(&mut cur, &mut Nobody).map_err(Ended::Fault)
        } else {
            unfiltered.walk(&mut cur, teller)
        };
        match walked {
            Ok(_) => {}
            Err(Ended::Fault(Fault::Truncated)) => return Ok(Step::Short(teller.size)),
            Err(ended) => return Err(ended.error(&cur)),
        }
        let size = cur.position();
        if unfiltered.is_end_of_partition() {
            if let Err(ended) = teller.check(false) {
                return Err(ended.error(&cur));
            }
            return self.end(position.saturating_add(wide(size)), size, teller.events);
        }
        if self.expected == Expected::StaticRow && !self.skipping {
            teller.events.rows(position.saturating_add(wide(size)))?;
        }
        self.expected = Expected::Unfiltered;
        Ok(Step::of(teller.flow, size))
    }

    fn partition<E: Events>(
        &mut self,
        bytes: &[u8],
        position: u64,
        events: &mut E,
    ) -> Result<Step, E::Error> {
        let mut cur = Cursor::new(bytes, position);
        let read = PartitionHeader::read(&mut cur, self.format.version);
        if read == Err(Fault::Truncated) {
            return Ok(Step::Short(0));
        }
        let header = read.map_err(|_| self.no_partition(bytes, position))?;
        let deletion = partition_deletion(&header.deletion).map_err(|fault| at(&cur, fault))?;
        let flow = events.partition(&PartitionStart { key: header.key, deletion, position })?;
        let has_static = !self.format.statics.shapes.is_empty();
        self.expected = if has_static { Expected::StaticRow } else { Expected::Unfiltered };
        self.skipping = flow == Flow::Skip;
        let size = cur.position();
        if !has_static && !self.skipping {
            events.rows(position.saturating_add(wide(size)))?;
        }
        Ok(Step::of(flow, size))
    }

    fn end<E: Events>(&mut self, end: u64, size: usize, events: &mut E) -> Result<Step, E::Error> {
        self.expected = Expected::Partition;
        if std::mem::take(&mut self.skipping) {
            return Ok(Step::Done(size));
        }
        Ok(Step::of(events.partition_end(end)?, size))
    }

    /// Where exactly the stream ends too early.
    #[cold]
    fn truncated(&self, bytes: &[u8], position: u64) -> Error {
        if self.expected == Expected::Partition {
            return self.no_partition(bytes, position);
        }
        let mut cur = Cursor::new(bytes, position);
        let format = self.format;
        let shapes = (&format.clustering_shapes, &format.statics.shapes, &format.regulars.shapes);
        let read = UnfilteredHead::new(shapes.0, shapes.1, shapes.2).walk(&mut cur, &mut Nobody);
        Error::layout(DATA, cur.error(read.err().unwrap_or(Fault::Truncated)))
    }

    /// Why no partition starts at `position` with `bytes`.
    #[cold]
    fn no_partition(&self, bytes: &[u8], position: u64) -> Error {
        let version = self.format.version;
        let again = |cur: &mut Cursor<'_>| PartitionHeader::read(cur, version).map(drop);
        Error::traced(DATA, "data.partition_header", (bytes, position), again)
    }
}

fn partition_deletion(parsed: &Deletion) -> Result<Option<DeletionTime>, Fault> {
    if parsed.is_live()? {
        return Ok(None);
    }
    let times = match (&parsed.modern, &parsed.legacy) {
        (Some(modern), _) => {
            let timestamp = modern.marked_for_delete_at()?.ok_or(Fault::Absent)?;
            let timestamp = i64::try_from(timestamp).map_err(|_| Fault::Range)?;
            let seconds = modern.local_deletion_time.ok_or(Fault::Absent)?;
            (timestamp, i64::from(seconds))
        }
        (_, Some(legacy)) => {
            let seconds = valid_deletion_time(legacy.local_deletion_time.into());
            (legacy.marked_for_delete_at, seconds)
        }
        _ => return Err(Fault::Absent),
    };
    Ok(Some(DeletionTime { marked_for_delete_at: times.0, local_deletion_time: times.1 }))
}

#[cold]
fn at(cur: &Cursor<'_>, fault: Fault) -> Error {
    Error { kind: Kind::Corrupt, ..Error::layout(DATA, cur.error(fault)) }
}
