//! Several threads that read parts of a scan, whose batches come in the order of the parts.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use arrow_array::RecordBatch;
use cqlite_core::errors::{Error, Kind};
use cqlite_core::export::arrow::{Batches, Piece};
use cqlite_core::sstable::{Lookup, Table};

use super::scan::BUG;

/// Parts for each thread, so that none has to wait long for the others.
pub const PARTS_PER_THREAD: usize = 8;

/// Batches of a part that may wait to be taken.
const WAITING: usize = 2;

/// How long to wait for a batch before it is asked whether to go on.
const PATIENCE: Duration = Duration::from_millis(50);

/// A batch and how much of Data.db is done with; none at the end of the part, which is said so
/// that a thread that broke off is not taken for one that is done.
type Answer = Result<Option<(RecordBatch, u64)>, Error>;

/// Begins to read a part, in the thread that is to read it.
pub type Part = Box<dyn FnOnce() -> Result<Box<dyn Batches>, Error> + Send>;

/// A part that is to be read, and who takes its batches.
type Task = (Part, SyncSender<Answer>);

/// Parts that are being read.
pub struct Parallel {
    parts: std::vec::IntoIter<Receiver<Answer>>,
    part: Option<Receiver<Answer>>,
    is_cancelled: Arc<AtomicBool>,
}

impl Drop for Parallel {
    fn drop(&mut self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }
}

/// Parts of about the same size, cut where partitions start; none where that is not known.
pub fn pieces(table: &Table, lookup: &mut Lookup, threads: usize) -> Result<Vec<Piece>, Error> {
    let length = table.blocks().length();
    let number = threads.saturating_mul(PARTS_PER_THREAD);
    let mut pieces = Vec::new();
    let mut start = 0;
    for place in table.facts().parse_partitioner()?.splits(number) {
        let end = lookup.first_from(&place)?.unwrap_or(length);
        if end > start {
            pieces.push(Piece { start, end });
            start = end;
        }
    }
    if start < length {
        pieces.push(Piece { start, end: length });
    }
    Ok(pieces)
}

impl Parallel {
    /// Starts `threads` threads that read parts, given in the order of their batches.
    pub fn start(all: Vec<Part>, threads: usize) -> Self {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let mut parts = Vec::new();
        let mut tasks = Vec::new();
        for part in all {
            let (sender, receiver) = sync_channel(WAITING);
            tasks.push(Mutex::new(Some((part, sender))));
            parts.push(receiver);
        }
        let tasks: Arc<Vec<Mutex<Option<Task>>>> = Arc::new(tasks);
        let next = Arc::new(AtomicUsize::new(0));
        for _ in 0..threads.min(parts.len()) {
            let (tasks, next) = (Arc::clone(&tasks), Arc::clone(&next));
            let is_cancelled = Arc::clone(&is_cancelled);
            thread::spawn(move || {
                while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let task = task.lock().unwrap_or_else(PoisonError::into_inner).take();
                    let Some((part, sender)) = task else { return };
                    work(part, &sender, &is_cancelled);
                }
            });
        }
        Self { parts: parts.into_iter(), part: None, is_cancelled }
    }

    /// The next batch, and how much of Data.db is done with; none at the end.
    pub fn next_batch(
        &mut self,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<(RecordBatch, u64)>, Error> {
        loop {
            if self.part.is_none() {
                self.part = self.parts.next();
            }
            let Some(part) = &self.part else { return Ok(None) };
            if !go_on() {
                return Err(Error::new(Kind::Io, "", "reading was interrupted"));
            }
            match part.recv_timeout(PATIENCE) {
                Ok(Ok(None)) => self.part = None,
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::new(Kind::Unsupported, "", BUG));
                }
            }
        }
    }
}

fn work(part: Part, sender: &SyncSender<Answer>, is_cancelled: &AtomicBool) {
    let mut go_on = || !is_cancelled.load(Ordering::Relaxed);
    let mut scan = match part() {
        Ok(scan) => scan,
        Err(error) => {
            // Whoever would take it has gone if it cannot be sent.
            let _ = sender.send(Err(error));
            return;
        }
    };
    loop {
        let answer = match scan.next_batch(&mut go_on) {
            Ok(Some(batch)) => Ok(Some((batch, scan.position()))),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        let is_last = !matches!(answer, Ok(Some(_)));
        if sender.send(answer).is_err() || is_last {
            return;
        }
    }
}
