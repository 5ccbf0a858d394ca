//! Sorts records by keys, in temporary files where they don't fit in memory.
//!
//! Runs of records are sorted in memory and written to files; at the end all are merged. Records
//! of the same key stay in the order in which they came.

mod held;
mod merge;
mod run;

use std::path::{Path, PathBuf};

pub use merge::Sorted;

use crate::errors::Error;
use held::{Held, HeldRecords};
use run::Run;

/// What temporary files are called in errors.
const NAME: &str = "temporary file";

/// From this number on runs are merged to one, since each takes a buffer and an open file.
const MAX_RUNS: usize = 64;

/// A record's key and value.
pub type Record<'r> = (&'r [u8], &'r [u8]);

/// Records one by one.
trait Records {
    /// The next one's key and value.
    fn next(&mut self) -> Result<Option<Record<'_>>, Error>;
}

/// Sorts records that come in any order.
pub struct Sorter {
    folder: PathBuf,
    memory: usize,
    held: Held,
    runs: Vec<Run>,
    num_made: u64,
}

impl Sorter {
    /// A sorter that holds about `memory` bytes, and has its files in `folder`.
    #[must_use]
    pub fn new(folder: &Path, memory: usize) -> Self {
        let held = Held::new(memory);
        Self { folder: folder.to_owned(), memory, held, runs: Vec::new(), num_made: 0 }
    }

    /// Takes a record.
    ///
    /// # Errors
    /// [`Kind::Io`] where the system cannot write.
    pub fn add(&mut self, key: &[u8], value: &[u8]) -> Result<(), Error> {
        if self.held.is_full(key.len().saturating_add(value.len())) {
            self.spill()?;
        }
        self.held.add(key, value).map_err(|fault| Error::unwritable(NAME, fault))
    }

    /// Brings what is in memory to a file.
    fn spill(&mut self) -> Result<(), Error> {
        if self.held.len() == 0 {
            return Ok(());
        }
        if self.runs.len() >= MAX_RUNS {
            let runs = std::mem::take(&mut self.runs);
            let merged = Run::write(self.next_path(), &mut Sorted::of(runs, None)?)?;
            self.runs.push(merged);
        }
        self.held.sort();
        let path = self.next_path();
        let run = Run::write(path, &mut HeldRecords { held: &self.held, next: 0 })?;
        self.runs.push(run);
        let is_enlarged = self.held.capacity() > self.memory;
        if is_enlarged {
            self.held = Held::new(self.memory);
        }
        self.held.clear();
        Ok(())
    }

    fn next_path(&mut self) -> PathBuf {
        self.num_made = self.num_made.saturating_add(1);
        self.folder.join(format!("run-{}", self.num_made))
    }

    /// All records in order.
    ///
    /// # Errors
    /// [`Kind::Io`] where the system cannot read.
    pub fn finish(mut self) -> Result<Sorted, Error> {
        self.held.sort();
        Sorted::of(self.runs, Some(self.held))
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Sorter};
    use crate::codec::murmur3::hash128;

    /// Sorts records of keys made by `key`, and compares them with what they should be.
    fn check(
        name: &str,
        memory: usize,
        key: impl Fn(u64) -> Vec<u8>,
        number: u64,
    ) -> Result<usize, Error> {
        let folder = std::env::temp_dir().join(format!("cqlite-{name}-{}", std::process::id()));
        let made = std::fs::create_dir_all(&folder);
        assert!(made.is_ok());
        let mut sorter = Sorter::new(&folder, memory);
        let mut expected = Vec::new();
        for index in 0..number {
            let (key, value) = (key(index), index.to_string().into_bytes());
            sorter.add(&key, &value)?;
            expected.push((key, value));
        }
        expected.sort_by(|(left, _), (right, _)| left.cmp(right));
        let num_runs = sorter.runs.len();
        let mut sorted = sorter.finish()?;
        for (key, value) in expected {
            assert_eq!(sorted.next()?, Some((key.as_slice(), value.as_slice())));
        }
        assert_eq!(sorted.next()?, None);
        assert_eq!(sorted.next()?, None);
        drop(sorted);
        let left = std::fs::read_dir(&folder).map(Iterator::count);
        assert_eq!(left.ok(), Some(0));
        assert!(std::fs::remove_dir(&folder).is_ok());
        Ok(num_runs)
    }

    fn any(index: u64) -> Vec<u8> {
        let (first, second) = hash128(&index.to_be_bytes());
        let length = usize::try_from(second & 31).unwrap_or(0);
        let bytes = [first.to_be_bytes(), second.to_be_bytes()].concat().repeat(2);
        bytes.get(..length).unwrap_or_default().to_vec()
    }

    #[test]
    fn in_memory() -> Result<(), Error> {
        assert_eq!(check("memory", 1 << 20, any, 5000)?, 0);
        assert_eq!(check("none", 1 << 10, any, 0)?, 0);
        Ok(())
    }

    #[test]
    fn in_files() -> Result<(), Error> {
        assert!(check("files", 1 << 14, any, 9000)? > 4);
        Ok(())
    }

    #[test]
    fn in_more_files_than_are_open_at_once() -> Result<(), Error> {
        check("many", 1 << 11, any, 9000)?;
        Ok(())
    }

    #[test]
    fn the_same_keys_stay_in_order() -> Result<(), Error> {
        let few = |index: u64| vec![7; usize::try_from(index & 3).unwrap_or(0)];
        check("same", 1 << 12, few, 4000)?;
        Ok(())
    }

    #[test]
    fn larger_than_all_memory() -> Result<(), Error> {
        let long = |index: u64| any(index).repeat(40_000);
        check("large", 1 << 12, long, 9)?;
        Ok(())
    }
}
