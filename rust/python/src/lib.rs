//! `cqlite._native`: the engine as a Python module. What is here only converts.

mod checksums;
mod components;
mod counts;
mod dump;
mod errors;
mod facts;
mod import;
mod layouts;
mod parallel;
mod plan;
mod reader;
mod reindex;
mod rows;
mod scan;
mod table;
mod write;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::checksums::{checksums, compression_info};
    #[pymodule_export]
    use super::counts::PartitionCounter;
    #[pymodule_export]
    use super::dump::dump_json;
    #[pymodule_export]
    use super::import::ArrowImporter;
    #[pymodule_export]
    use super::layouts::layout;
    #[pymodule_export]
    use super::reader::Reader;
    #[pymodule_export]
    use super::reindex::reindex;
    #[pymodule_export]
    use super::scan::ArrowStream;
    #[pymodule_export]
    use super::table::TableReader;
    #[pymodule_export]
    use super::write::{rewrite, smallest_block};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
