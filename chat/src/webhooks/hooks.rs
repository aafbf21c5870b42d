//! What following and sending need of this process.

use super::lanes::{AT_ONCE, Lanes};
use crate::files::Policy;
use crate::{Problem, Result, Rule};
use domain::problem::AddressFault;
use reqwest::{Client, Url};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, OnceCell, Semaphore};

/// What sending needs, of this process.
pub(crate) struct Hooks {
    pub(super) policy: Policy,
    pub(super) client: OnceCell<Client>,
    /// Wakes the follower.
    pub(super) poke: Notify,
    /// Whether there may be a webhook: without any, nothing is looked for.
    pub(super) any: AtomicBool,
    pub(super) lanes: Mutex<Lanes>,
    pub(super) under_way: Arc<Semaphore>,
}

impl Hooks {
    /// `loopback`: for tests, addresses may be on this machine.
    pub fn new(loopback: bool) -> Self {
        Self {
            policy: Policy { loopback, ..Policy::default() },
            client: OnceCell::new(),
            poke: Notify::new(),
            any: AtomicBool::new(false),
            lanes: Mutex::default(),
            under_way: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// There is something to be done.
    pub(super) fn wake(&self) {
        self.any.store(true, Ordering::Relaxed);
        self.poke.notify_one();
    }

    /// Everything that can be said of an address before its name is resolved.
    pub(super) fn check(&self, url: &str) -> Result<()> {
        let refused = |fault| Problem::invalid("url", Rule::Address { fault });
        let url = Url::parse(url).map_err(|_| refused(AddressFault::Shape))?;
        Ok(self.policy.check_url(&url).map_err(refused)?)
    }
}
