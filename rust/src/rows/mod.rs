//! Partitions, rows, cells and tombstones, told one by one as they stand in Data.db.

pub mod events;
pub mod format;
pub mod merge;
mod plain;
pub mod reader;
mod teller;
mod times;
pub mod write;

pub use events::{
    Cell, DeletionTime, Events, Flow, LivenessInfo, Marker, PartitionStart, RowStart,
};
pub use format::{Columns, Projection, RowFormat};
pub use plain::{PlainRows, PlainWish};
pub use reader::{Expected, Next, Progress, RowReader, Window};
pub use write::{Block, Packed, RowWriter};
