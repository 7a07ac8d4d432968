//! Threads with the stack that evaluation needs, used again: a thread keeps what every evaluation starts with.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use crate::eval::{THREADS, spawn_with_stack};

/// What a thread is given to do.
type Job = Box<dyn FnOnce() + Send>;

/// Threads that have nothing to do.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Vec<Sender<Job>>>);

impl Pool {
    /// The most threads that wait for work; one more ends when it is done.
    const MOST: usize = 8;

    /// Does `work` in a thread with a large stack, and waits for it.
    ///
    /// # Panics
    /// Where the system gives no thread, and where `work` panics.
    pub(super) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        if !THREADS {
            return work();
        }
        let (answer, done) = channel();
        let job: Job = Box::new(move || {
            // Whoever asked is gone where nobody listens.
            let _ = answer.send(catch_unwind(AssertUnwindSafe(work)));
        });
        let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let worker = idle.unwrap_or_else(spawn);
        worker.send(job).expect("a worker ends when nobody can send it anything");
        let result = done.recv().expect("a job always answers");
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < Self::MOST {
            idle.push(worker);
        }
        drop(idle);
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

fn spawn() -> Sender<Job> {
    let (sender, jobs) = channel::<Job>();
    spawn_with_stack(move || jobs.into_iter().for_each(|job| job()));
    sender
}
