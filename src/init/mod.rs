//! What `aphex init` finds out about a project, and the first script that it makes of that.
//!
//! Nothing is run: [`Git`] and [`Found`] read files through a [`Host`], which holds them to a size and
//! to the project. Whatever they say is taken only where the language takes it.

mod cdk;
mod commands;
mod found;
mod git;
mod platform;
mod template;

pub use cdk::Target;
pub use found::Found;
pub use git::Git;
pub use template::{File, Template, write};

use crate::source::Host;

/// A folder of a project.
#[derive(Clone, Copy)]
struct Folder<'a> {
    host: &'a dyn Host,
    path: &'a str,
}

impl Folder<'_> {
    fn at(self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }

    fn has(self, name: &str) -> bool {
        self.host.exists(&self.at(name)) == Some(true)
    }

    /// The text of a file; nothing where it is none of a sensible size.
    fn text(self, name: &str) -> Option<String> {
        String::from_utf8(self.host.read(&self.at(name)).ok()?).ok()
    }

    /// The value of a JSON file. One that cannot be read is noted.
    fn json(self, name: &str, notes: &mut Vec<String>) -> Option<serde_json::Value> {
        if !self.has(name) {
            return None;
        }
        let value = self.text(name).and_then(|text| serde_json::from_str(text.trim_start_matches('\u{feff}')).ok());
        if value.is_none() {
            notes.push(format!("`{}` is no JSON that can be read, and is left aside", self.at(name)));
        }
        value
    }
}
