//! Where an SSTable's components are.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::facts::missing;
use crate::errors::{Error, Kind};
use crate::io::{Component, FileSource};

/// Something that has components.
pub trait Files {
    /// The component `name`, none where there is no such.
    ///
    /// # Errors
    /// [`Kind::Missing`] or [`Kind::Io`]: it cannot be opened.
    fn open(&self, name: &'static str) -> Result<Option<Component>, Error>;

    /// The component `name`, which must be there.
    ///
    /// # Errors
    /// [`Kind::Missing`] or [`Kind::Io`]: it cannot be opened.
    fn need(&self, name: &'static str) -> Result<Component, Error> {
        self.open(name)?.ok_or_else(|| missing(name))
    }
}

/// Files of the system by the components' names.
#[derive(Clone, Debug, Default)]
pub struct Paths(pub HashMap<String, PathBuf>);

impl Files for Paths {
    fn open(&self, name: &'static str) -> Result<Option<Component>, Error> {
        let Some(path) = self.0.get(name) else { return Ok(None) };
        match FileSource::open(path) {
            Ok(file) => Ok(Some(Component::new(Arc::new(file), name))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(missing(name)),
            Err(error) => {
                let message = format!("the file cannot be opened: {error}");
                Err(Error::new(Kind::Io, name, message))
            }
        }
    }
}
