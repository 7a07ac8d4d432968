//! Waiting for a change in folders.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

/// How long it must be quiet before a change counts as over: an editor writes in several steps.
const QUIET: Duration = Duration::from_millis(50);

/// The most steps that are waited out, where it is never quiet.
const STEPS: usize = 20;

/// How often it is waited for a file that is empty to be written, where it stays so.
const EMPTY: usize = 20;

/// How long a change may stay unseen. Not every file system tells of changes, and a system tells only so many programs.
const LONGEST: Duration = Duration::from_secs(2);

/// Folders that are watched.
pub(super) struct Folders {
    /// Nothing where the system has no more watches to give.
    watcher: Option<RecommendedWatcher>,
    events: Receiver<()>,
    watched: BTreeSet<PathBuf>,
}

impl Folders {
    /// None yet.
    pub(super) fn new() -> Self {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Reading a file is an event too, and would be the answer to itself.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                // Where nobody listens, the command is about to end.
                let _ = sender.send(());
            }
        });
        Self { watcher: watcher.ok(), events, watched: BTreeSet::new() }
    }

    /// Watches these folders and no others. One that was made anew in the meantime is watched anew.
    pub(super) fn watch(&mut self, folders: &BTreeSet<PathBuf>) {
        let Some(watcher) = &mut self.watcher else { return };
        for gone in self.watched.difference(folders) {
            // The folder itself may be gone.
            let _ = watcher.unwatch(gone);
        }
        for folder in folders {
            // What cannot be watched is looked at every now and then.
            let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
        }
        self.watched.clone_from(folders);
    }

    /// Waits until something may have changed.
    pub(super) fn wait(&self) {
        match self.events.recv_timeout(LONGEST) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return,
            // Without a watcher there is nobody to send.
            Err(RecvTimeoutError::Disconnected) => return std::thread::sleep(LONGEST),
        }
        self.quiet();
    }

    /// Waits until a change is over; where something was emptied, for a second at most until it was written.
    pub(super) fn settle(&self, is_emptied: impl Fn() -> bool) {
        self.quiet();
        for _ in 0..EMPTY {
            if !is_emptied() {
                return;
            }
            std::thread::sleep(QUIET);
        }
    }

    /// Waits until nothing more is told.
    fn quiet(&self) {
        for _ in 0..STEPS {
            if self.events.recv_timeout(QUIET).is_err() {
                return;
            }
            while self.events.try_recv().is_ok() {}
        }
    }
}
