//! Takes record batches and puts their rows in order.

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;

use super::check::check;
use super::columns::{Arrays, Columns};
use super::fragment::Written;
use super::held::{Held, size_of};
use super::merge::Merge;
use super::plain::plain;
use super::record::Recorder;
use super::stats::Stats;
use super::trust::trust;
use crate::errors::Error;
use crate::io::Sorter;
use crate::sstable::Facts;
use crate::sstable::write::TableWriter;

/// When rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Microseconds, of the first row.
    pub timestamp: i64,
    /// How much later each further row is, in microseconds.
    pub step: i64,
    /// Seconds since 1970.
    pub now: i64,
    /// Seconds; none for what does not expire.
    pub ttl: Option<i64>,
    /// Whether null deletes what there was; else it is as if it weren't there.
    pub null_deletes: bool,
}

/// What is wrong with a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFailure {
    /// Its number in the batch, from 0 on.
    pub row: usize,
    /// The column's name, empty if it is about none.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

/// Why rows cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// One of them.
    Row(RowFailure),
    /// Nothing that they can do about it.
    Engine(Error),
}

/// Where a batch's rows stop that are taken.
enum Stop {
    /// None of them are.
    Before(Failure),
    /// Those before the row that cannot be.
    Within(Failure),
}

impl Stop {
    fn failure(self) -> Failure {
        match self {
            Self::Before(failure) | Self::Within(failure) => failure,
        }
    }
}

impl<F: Into<Failure>> From<F> for Stop {
    fn from(failure: F) -> Self {
        Self::Before(failure.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl Times {
    /// When the row of that number in a batch is written.
    pub(super) fn of(&self, row: usize) -> Written {
        let step = self.step.saturating_mul(i64::try_from(row).unwrap_or(i64::MAX));
        Written { timestamp: self.timestamp.saturating_add(step), now: self.now, ttl: self.ttl }
    }
}

/// Collects rows of a table and sorts them. They are held as they come, and only if they get too
/// many or have collections made records of, which a [`Sorter`] takes.
pub struct Importer {
    facts: Facts,
    folder: PathBuf,
    memory: usize,
    recorder: Recorder,
    rows: Taken,
}

enum Taken {
    Held(Held),
    Sorting(Sorter),
}

/// All rows, in the order of the table.
pub struct Rows(Sorted);

enum Sorted {
    Held(Box<Held>, Box<Recorder>),
    Merged(Box<Merge>),
}

impl Importer {
    /// A collector for the table that `facts` describe; `folder` is for temporary files, made when
    /// about `memory` bytes are held.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Unsupported`]: no such partitioner.
    pub fn new(facts: &Facts, folder: &Path, memory: usize) -> Result<Self, Error> {
        Ok(Self {
            facts: facts.clone(),
            folder: folder.to_owned(),
            memory,
            recorder: Recorder::new(facts)?,
            rows: Taken::Held(Held::new(facts)),
        })
    }

    /// What the header of rows like these says.
    #[must_use]
    pub const fn stats(&self) -> &Stats {
        &self.recorder.stats
    }

    /// Takes the rows of a batch.
    ///
    /// # Errors
    /// A row that cannot be written, and those before it are taken; or the system cannot write.
    pub fn add(
        &mut self,
        batch: &RecordBatch,
        columns: &Columns,
        times: &Times,
    ) -> Result<(), Failure> {
        match self.take(batch, columns, times) {
            Ok(()) => Ok(()),
            Err(Stop::Within(failure)) => Err(failure),
            Err(Stop::Before(failure)) => {
                if let Failure::Row(found) = &failure {
                    let before = self.take(&batch.slice(0, found.row), columns, times);
                    before.map_err(Stop::failure)?;
                }
                Err(failure)
            }
        }
    }

    fn take(&mut self, batch: &RecordBatch, columns: &Columns, times: &Times) -> Result<(), Stop> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        trust(batch, columns)?;
        let batch = plain(batch).map_err(|error| {
            Failure::Row(RowFailure { reason: error.to_string(), ..RowFailure::default() })
        })?;
        let arrays = Arrays::new(&batch, columns)?;
        check(batch.num_rows(), &arrays, columns)?;
        if let (Taken::Held(held), Some(_)) = (&mut self.rows, arrays.simple()) {
            if held.size().saturating_add(size_of(&batch)) <= self.memory {
                return Ok(held.add(&batch, columns, &arrays, times, &mut self.recorder)?);
            }
        }
        self.spill()?;
        let Taken::Sorting(sorter) = &mut self.rows else { return Ok(()) };
        let recorder = &mut self.recorder;
        record(batch.num_rows(), &arrays, columns, times, recorder, sorter).map_err(Stop::Within)
    }

    /// Makes records of all that is held.
    fn spill(&mut self) -> Result<(), Failure> {
        if matches!(self.rows, Taken::Sorting(_)) {
            return Ok(());
        }
        let sorter = Sorter::new(&self.folder, self.memory);
        let before = std::mem::replace(&mut self.rows, Taken::Sorting(sorter));
        let (Taken::Held(held), Taken::Sorting(sorter)) = (before, &mut self.rows) else {
            return Ok(());
        };
        for part in held.into_parts() {
            let arrays = Arrays::new(&part.batch, &part.columns)?;
            let number = part.batch.num_rows();
            record(number, &arrays, &part.columns, &part.times, &mut self.recorder, sorter)?;
        }
        Ok(())
    }

    /// Puts all rows in order.
    ///
    /// # Errors
    /// [`crate::errors::Kind::Io`] where the system cannot read.
    pub fn finish(self) -> Result<Rows, Error> {
        Ok(Rows(match self.rows {
            Taken::Held(mut held) => {
                held.sort(&self.recorder)?;
                Sorted::Held(Box::new(held), Box::new(self.recorder))
            }
            Taken::Sorting(sorter) => {
                Sorted::Merged(Box::new(Merge::new(sorter.finish()?, &self.facts)?))
            }
        }))
    }
}

impl Rows {
    /// Whether there are rows that have not been written.
    #[must_use]
    pub fn has_more(&self) -> bool {
        match &self.0 {
            Sorted::Held(held, _) => held.has_more(),
            Sorted::Merged(merge) => merge.has_more(),
        }
    }

    /// Writes partitions until the stream of `writer` has `max_size` bytes, or all. `columns` has
    /// for each of the table's regular columns its place among those of the SSTable. `progress`
    /// is told now and then how many bytes the stream has, and can end it by an error.
    ///
    /// # Errors
    /// Those of the writer, of temporary files, and of `progress`.
    pub fn write<E: From<Error>>(
        &mut self,
        writer: &mut TableWriter,
        columns: &[Option<usize>],
        max_size: u64,
        progress: impl FnMut(u64) -> Result<(), E>,
    ) -> Result<(), E> {
        match &mut self.0 {
            Sorted::Held(held, recorder) => {
                held.write(writer, columns, max_size, recorder, progress)
            }
            Sorted::Merged(merge) => merge.write(writer, columns, max_size, progress),
        }
    }
}

/// Makes records of a batch's rows.
fn record(
    number: usize,
    arrays: &Arrays<'_>,
    columns: &Columns,
    times: &Times,
    recorder: &mut Recorder,
    sorter: &mut Sorter,
) -> Result<(), Failure> {
    for row in 0..number {
        let written = times.of(row);
        recorder.row(row, arrays, columns, &written, times.null_deletes)?;
        recorder.stats.add(written.timestamp, written.expiration(), written.ttl);
        sorter.add(&recorder.place, recorder.record.as_slice())?;
    }
    Ok(())
}
