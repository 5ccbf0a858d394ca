//! One SSTable as a whole: opened from facts that were found out elsewhere, read from front
//! to back or by key.

mod facts;
mod files;
mod lookup;
mod reindex;
mod table;
mod windows;

pub use facts::{ColumnFacts, ColumnKind, Facts};
pub use files::{Files, Paths};
pub use lookup::Lookup;
pub use reindex::{IndexSettings, reindex};
pub use table::Table;
pub use windows::{Windows, read_rows};
