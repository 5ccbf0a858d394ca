//! What others take rows as.

pub mod json;
mod json_writer;
