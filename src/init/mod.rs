//! What `aphex init` finds out about a project, and the first script that it makes of that.

mod git;

pub use git::Git;
