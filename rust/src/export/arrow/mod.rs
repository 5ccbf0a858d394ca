//! Rows as Arrow record batches; `docs/arrow.md` says which rows, columns and types.

mod batcher;
mod batches;
mod column;
mod decimals;
mod finish;
mod handed;
mod merged;
mod metadata;
mod outputs;
mod partition;
mod plan;
mod runs;
mod scan;
mod schema;

pub use batches::Batches;
pub use column::{Cells, Column, Empty};
pub use merged::{MergeScan, Opened, Stretch, stretches};
pub use plan::{OutputColumn, Plan};
pub use scan::{Piece, Restriction, Scan};
pub use schema::{arrow_type, schema};
