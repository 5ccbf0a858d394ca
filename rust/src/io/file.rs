//! Files of the system, read at positions without a file pointer where the system can.

use std::fs::File;
use std::io;
use std::path::Path;

use super::Source;

/// A file that is open for reading.
#[derive(Debug)]
pub struct FileSource {
    file: handle::Handle,
    length: u64,
}

impl FileSource {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// The system's reason.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file: handle::Handle::from(file), length })
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0_usize;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let position = offset.saturating_add(super::wide(filled));
            match self.file.read_once(rest, position) {
                Ok(0) => break,
                Ok(size) => filled = filled.saturating_add(size),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

#[cfg(unix)]
mod handle {
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::FileExt;

    /// A file without a pointer.
    #[derive(Debug)]
    pub(super) struct Handle(File);

    impl From<File> for Handle {
        fn from(file: File) -> Self {
            Self(file)
        }
    }

    impl Handle {
        pub(super) fn read_once(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            self.0.read_at(buffer, offset)
        }
    }
}

#[cfg(not(unix))]
mod handle {
    use std::fs::File;
    use std::io::{self, Read, Seek, SeekFrom};
    use std::sync::{Mutex, PoisonError};

    /// A file whose pointer one reader at a time moves.
    #[derive(Debug)]
    pub(super) struct Handle(Mutex<File>);

    impl From<File> for Handle {
        fn from(file: File) -> Self {
            Self(Mutex::new(file))
        }
    }

    impl Handle {
        pub(super) fn read_once(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(offset))?;
            file.read(buffer)
        }
    }
}
