//! One SSTable as a whole: opened from facts that were found out elsewhere, read from front
//! to back or by key.

mod counts;
pub mod deletions;
mod facts;
mod files;
mod keys;
mod live;
mod lookup;
pub mod merge;
mod partition_rows;
mod reindex;
mod selection;
mod slices;
mod table;
mod windows;
pub mod write;

pub use counts::{Clock, CountScan, NUM_KINDS, PartitionCounts};
pub use facts::{ColumnFacts, ColumnKind, Facts};
pub use files::{Files, Paths};
pub use keys::{split_key, wrong_key};
pub use live::{CellTimes, RawRow, RowTimes, Times};
pub use lookup::Lookup;
pub use partition_rows::{PartitionRows, Rows};
pub use reindex::{IndexSettings, reindex};
pub use selection::{Selection, Wanted};
pub use slices::{Bound, Place, Slice, Slices};
pub use table::Table;
pub use windows::{Windows, read_rows};
