//! Rows that are held as the batches in which they came, and written from there.
//!
//! A batch's rows are cut into runs, which are as long as rows of one partition ascend. Runs are
//! sorted by their partitions; only where runs of one partition overlap its rows are sorted, and
//! only what is said of one row several times goes through records.

use std::cmp::Ordering;
use std::ops::Range;

use arrow_array::{Array, RecordBatch};

use super::columns::{Arrays, Columns};
use super::filler::{Filler, Source};
use super::merge::{STEP, path_type};
use super::record::Recorder;
use super::rows::{Failure, Times};
use super::runs::{Cuts, Keys, Run, find, place_of};
use crate::errors::{Error, Kind};
use crate::layouts::sink::Sink;
use crate::sstable::write::TableWriter;
use crate::sstable::{ColumnKind, Facts};
use crate::types::CqlType;
use crate::types::values::Refusal;

/// Batches that are held, and the order of their rows.
pub(super) struct Held {
    parts: Vec<Part>,
    runs: Vec<Run>,
    keys: Keys,
    size: usize,
    /// How many of the runs are written.
    written: usize,
    num_clustering: usize,
    paths: Vec<Option<CqlType>>,
}

/// A batch.
pub(super) struct Part {
    pub(super) batch: RecordBatch,
    pub(super) columns: Columns,
    pub(super) times: Times,
}

/// A row among all batches, and where its place is among the places of its partition's rows.
struct Placed {
    place: Range<usize>,
    batch: u32,
    row: u32,
}

impl Held {
    /// Nothing yet of the table that `facts` describe.
    pub(super) fn new(facts: &Facts) -> Self {
        Self {
            parts: Vec::new(),
            runs: Vec::new(),
            keys: Keys::default(),
            size: 0,
            written: 0,
            num_clustering: facts.columns_of(ColumnKind::Clustering).count(),
            paths: facts.columns_of(ColumnKind::Regular).map(path_type).collect(),
        }
    }

    /// How many bytes rows and keys take; what tells their order comes on top of that.
    pub(super) fn size(&self) -> usize {
        self.size.saturating_add(self.keys.len())
    }

    /// The batches.
    pub(super) fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    /// Takes a batch, whose values were checked; `arrays` are its arrays.
    ///
    /// # Errors
    /// A row that cannot be written; nothing of the batch is taken then.
    pub(super) fn add(
        &mut self,
        batch: &RecordBatch,
        columns: &Columns,
        arrays: &Arrays<'_>,
        times: &Times,
        recorder: &mut Recorder,
    ) -> Result<(), Failure> {
        let cuts = Cuts::new(batch.num_rows(), arrays, columns, &recorder.types)?;
        let number = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let num_runs = self.runs.len();
        let Self { runs, keys, .. } = self;
        if let Err(failure) = find(number, arrays, columns, &cuts, recorder, runs, keys) {
            self.runs.truncate(num_runs);
            return Err(failure);
        }
        let first = times.of(0);
        recorder.stats.add(first.timestamp, first.expiration(), first.ttl);
        for ((index, _), values) in columns.regular.iter().zip(arrays.simple().unwrap_or_default())
        {
            recorder.note(*index, values, times);
        }
        self.size = self.size.saturating_add(size_of(batch));
        let (batch, columns) = (batch.clone(), columns.clone());
        self.parts.push(Part { batch, columns, times: *times });
        Ok(())
    }

    /// Puts the runs in the order of their partitions.
    ///
    /// # Errors
    /// None: all keys have a place.
    pub(super) fn sort(&mut self, recorder: &Recorder) -> Result<(), Error> {
        let keys = &self.keys;
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut failed = None;
        self.runs.sort_by(|one, other| {
            let by_prefix = one.prefix.cmp(&other.prefix);
            let (key, other_key) = (keys.get(one.key), keys.get(other.key));
            if by_prefix != Ordering::Equal || key == other_key {
                return by_prefix;
            }
            let placed = recorder.partitioner.position(key, &mut left);
            let placed = placed.and_then(|()| recorder.partitioner.position(other_key, &mut right));
            failed = placed.err().or(failed.take());
            left.cmp(&right)
        });
        failed.map_or(Ok(()), Err)
    }

    /// Whether there are rows that have not been written.
    pub(super) fn has_more(&self) -> bool {
        self.written < self.runs.len()
    }

    /// As [`super::Rows::write`].
    ///
    /// # Errors
    /// Those of the writer and of `progress`.
    pub(super) fn write<E: From<Error>>(
        &mut self,
        writer: &mut TableWriter,
        columns: &[Option<usize>],
        max_size: u64,
        recorder: &mut Recorder,
        mut progress: impl FnMut(u64) -> Result<(), E>,
    ) -> Result<(), E> {
        let sources = self.parts.iter().map(|part| Source::new(part, columns));
        let sources: Vec<Source<'_>> = sources.collect::<Result<_, Error>>()?;
        let mut filler = Filler::new(&sources);
        let mut told = 0_u64;
        while let Some(first) = self.runs.get(self.written) {
            let key = self.keys.get(first.key);
            let rest = self.runs.get(self.written..).unwrap_or_default();
            let is_same = |run: &&Run| run.prefix == first.prefix && self.keys.get(run.key) == key;
            let number = rest.iter().take_while(is_same).count();
            let runs = rest.get(..number).unwrap_or_default();
            let position = writer.position();
            if position >= told {
                progress(position)?;
                told = position.saturating_add(STEP);
            }
            writer.partition(key, None)?;
            writer.end_header()?;
            self.rows(runs, &mut filler, columns, recorder, writer)?;
            writer.end_partition()?;
            self.written = self.written.saturating_add(number);
            if writer.position() >= max_size {
                break;
            }
        }
        Ok(())
    }

    /// Writes the rows of a partition's runs.
    fn rows(
        &self,
        runs: &[Run],
        filler: &mut Filler<'_, '_>,
        columns: &[Option<usize>],
        recorder: &mut Recorder,
        writer: &mut TableWriter,
    ) -> Result<(), Error> {
        if runs.len() > 1 && self.overlap(runs, filler, recorder)? {
            return self.sorted_rows(runs, filler, columns, recorder, writer);
        }
        for run in runs {
            let start = index(run.row);
            filler.add(index(run.batch), start..start.saturating_add(index(run.rows)), writer)?;
        }
        filler.flush(writer)
    }

    /// Whether runs are not each behind the one before it.
    fn overlap(
        &self,
        runs: &[Run],
        filler: &Filler<'_, '_>,
        recorder: &Recorder,
    ) -> Result<bool, Error> {
        if self.num_clustering == 0 {
            return Ok(true);
        }
        let (mut end, mut start, mut scratch) = (Vec::new(), Vec::new(), Vec::new());
        for run in runs {
            let clustering = filler.clustering(index(run.batch));
            let row = index(run.row);
            let placed = place_of(row, clustering, &recorder.types, &mut scratch, &mut start);
            placed.map_err(refused)?;
            if end >= start {
                return Ok(true);
            }
            let last = row.saturating_add(index(run.rows)).saturating_sub(1);
            let placed = place_of(last, clustering, &recorder.types, &mut scratch, &mut end);
            placed.map_err(refused)?;
        }
        Ok(false)
    }

    /// Sorts the rows of a partition's runs and writes them.
    fn sorted_rows(
        &self,
        runs: &[Run],
        filler: &mut Filler<'_, '_>,
        columns: &[Option<usize>],
        recorder: &mut Recorder,
        writer: &mut TableWriter,
    ) -> Result<(), Error> {
        let mut places = Vec::new();
        let mut all = self.placed(runs, filler, recorder, &mut places)?;
        let place = |row: &Placed| places.get(row.place.clone()).unwrap_or_default();
        all.sort_by(|one, other| place(one).cmp(place(other)));
        for group in all.chunk_by(|one, other| place(one) == place(other)) {
            if let [single] = group {
                let row = index(single.row);
                filler.add(index(single.batch), row..row.saturating_add(1), writer)?;
            } else {
                filler.flush(writer)?;
                self.reconcile(group, columns, recorder, writer)?;
            }
        }
        filler.flush(writer)
    }

    /// The rows of runs, and their places.
    fn placed(
        &self,
        runs: &[Run],
        filler: &Filler<'_, '_>,
        recorder: &Recorder,
        places: &mut Vec<u8>,
    ) -> Result<Vec<Placed>, Error> {
        let (mut all, mut place, mut scratch) = (Vec::new(), Vec::new(), Vec::<Sink>::new());
        for run in runs {
            let clustering = filler.clustering(index(run.batch));
            for row in run.row..run.row.saturating_add(run.rows) {
                let (types, at) = (&recorder.types, index(row));
                place_of(at, clustering, types, &mut scratch, &mut place).map_err(refused)?;
                let start = places.len();
                places.extend_from_slice(&place);
                all.push(Placed { place: start..places.len(), batch: run.batch, row });
            }
        }
        Ok(all)
    }

    /// Writes rows of one place as one.
    fn reconcile(
        &self,
        group: &[Placed],
        columns: &[Option<usize>],
        recorder: &mut Recorder,
        writer: &mut TableWriter,
    ) -> Result<(), Error> {
        let mut records = Vec::new();
        for placed in group {
            let Some(part) = self.parts.get(index(placed.batch)) else { continue };
            let arrays = Arrays::new(&part.batch, &part.columns)?;
            let (row, times) = (index(placed.row), &part.times);
            let made =
                recorder.row(row, &arrays, &part.columns, &times.of(row), times.null_deletes);
            made.map_err(|failure| match failure {
                Failure::Engine(error) => error,
                Failure::Row(row) => Error::new(Kind::InvalidValue, "", row.reason),
            })?;
            records.push(recorder.record.as_slice().to_vec());
        }
        super::merge::reconcile(&records, self.num_clustering, &self.paths, columns, writer)
    }
}

/// How many bytes a batch's own rows take.
pub(super) fn size_of(batch: &RecordBatch) -> usize {
    let sizes = batch.columns().iter().map(|array| {
        array.to_data().get_slice_memory_size().unwrap_or_else(|_| array.get_array_memory_size())
    });
    sizes.sum()
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn refused(refusal: Refusal) -> Error {
    Error::new(Kind::InvalidValue, "", refusal.to_string())
}
