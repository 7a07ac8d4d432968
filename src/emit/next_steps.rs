//! What a user does with the files, line by line.

use crate::model::Pipeline;

/// The lines to print after writing into `folder`.
pub fn next_steps(_pipeline: &Pipeline, _folder: &str) -> Vec<String> {
    Vec::new()
}
