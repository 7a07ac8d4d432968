//! One run at a time writes into a pipeline's folder.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::Made;
use crate::cli::Failure;
use crate::cli::folder::Folder;

/// Keeps other runs out of the folders of some pipelines for as long as it is held; a run that is killed holds it no longer.
/// Folders that it made and that nothing came into go with it.
#[derive(Debug, Default)]
pub(in crate::cli) struct Locks {
    held: Vec<File>,
    made: Made,
}

impl Locks {
    /// Takes the folder of a pipeline, which is made where it is not there.
    ///
    /// # Errors
    /// Where another run has it, and where it cannot be made.
    pub(in crate::cli) fn take(&mut self, folder: &Folder, pipeline: &str) -> Result<(), Failure> {
        let path = folder.at(pipeline);
        if path.symlink_metadata().is_ok_and(|there| !there.is_dir()) {
            // Whatever is in the way is reported with the file that it keeps from being written.
            return Ok(());
        }
        self.made.folder(&path)?;
        let Some(file) = open(&path) else { return Ok(()) };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let what = format!("another `aphex run` writes into `{}`; try again when it is done", path.display());
                Err(Failure::Outside(what))
            }
            // There are file systems without locks.
            Err(TryLockError::Error(_)) => Ok(()),
            Ok(()) => {
                self.held.push(file);
                Ok(())
            }
        }
    }
}

/// The folder as something that can be locked, which other systems than Unix do not have.
fn open(path: &Path) -> Option<File> {
    if cfg!(unix) { File::open(path).ok() } else { None }
}
