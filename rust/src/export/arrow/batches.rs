//! Batches of what is read step by step.

use arrow_array::RecordBatch;

use super::batcher::Batcher;
use crate::errors::Error;

/// What gives record batches: a scan of one SSTable or of several.
pub trait Batches {
    /// The next batch, which has at least one row; none at the end. `go_on` is asked now and
    /// then.
    ///
    /// # Errors
    /// What an SSTable or a value in it is damaged by, once all rows before have been given;
    /// [`crate::errors::Kind::Io`] where `go_on` says no.
    fn next_batch(&mut self, go_on: &mut dyn FnMut() -> bool)
    -> Result<Option<RecordBatch>, Error>;

    /// How many bytes of all uncompressed Data.db are done with.
    fn position(&self) -> u64;
}

/// What reads into a batcher.
pub(super) trait Steps {
    fn batcher(&mut self) -> &mut Batcher;

    fn position(&self) -> u64;

    /// Whether there is nothing left to be read.
    fn is_done(&self) -> bool;

    /// Leaves what has not been read.
    fn finish(&mut self);

    /// Reads on for a while.
    fn advance(&mut self, go_on: &mut dyn FnMut() -> bool) -> Result<(), Error>;
}

impl<S: Steps> Batches for S {
    fn next_batch(
        &mut self,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<RecordBatch>, Error> {
        self.batcher().outputs.make_room();
        loop {
            if let Some(batch) = self.batcher().ready.pop_front() {
                return Ok(Some(batch));
            }
            if let Some(error) = self.batcher().error.take() {
                return Err(error);
            }
            if self.is_done() {
                self.batcher().flush()?;
                if self.batcher().ready.is_empty() {
                    return Ok(None);
                }
                continue;
            }
            if let Err(error) = self.advance(go_on) {
                self.finish();
                let batcher = self.batcher();
                batcher.error = Some(error);
                if let Err(error) = batcher.flush() {
                    batcher.error = Some(error);
                }
            }
        }
    }

    fn position(&self) -> u64 {
        Steps::position(self)
    }
}
