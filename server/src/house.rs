//! What every door has at hand.

use crate::album::turns::Turns;
use crate::api::Rates;
use crate::compat;
use crate::compat::settings::Compat;
use crate::gate::limits::{Allowance, Connects, PerPerson};
use crate::gate::origin::Origins;
use crate::pages::Site;
use crate::pages::guests::Guests;
use app::calls::settings::ServerSettings;
use chat::Chat;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Cheap to clone: a request does so at every step of its way.
#[derive(Clone)]
pub struct House(Arc<Inner>);

pub struct Inner {
    pub chat: Chat,
    pub site: Arc<Site>,
    pub guests: Arc<Guests>,
    pub origins: Arc<Origins>,
    /// The first of them: where links lead.
    pub origin: Arc<str>,
    pub proxies: Arc<[IpAddr]>,
    pub connects: Arc<Connects>,
    pub sockets: Arc<PerPerson>,
    pub allowance: Arc<Allowance>,
    /// How fast programs may ask.
    pub rates: Rates,
    /// What the facades keep.
    pub compat: compat::State,
    /// Turns for making albums.
    pub albums: Turns,
    /// Turns for taking one's own along, which may take long: albums do not wait for it.
    pub luggage: Turns,
    pub shutdown: Shutdown,
    /// As the server was started, if that is known; set once.
    pub settings: OnceLock<ServerSettings>,
}

/// How the house closes: first nobody new comes in, then everybody is told, then we wait.
#[derive(Clone, Default)]
pub struct Shutdown {
    closing: Arc<AtomicBool>,
    /// Stops accepting connections; requests under way are finished.
    pub doors: CancellationToken,
    /// Connections and sockets that are still open.
    pub tasks: TaskTracker,
}

impl House {
    pub fn new(chat: Chat, site: Site, origins: Origins, proxies: Vec<IpAddr>, allowance: Allowance) -> Self {
        Self::with(chat, site, origins, proxies, allowance, Compat::default())
    }

    /// The same with old protocols.
    pub fn with(
        chat: Chat,
        site: Site,
        origins: Origins,
        proxies: Vec<IpAddr>,
        allowance: Allowance,
        old: Compat,
    ) -> Self {
        Self(Arc::new(Inner {
            chat,
            site: Arc::new(site),
            guests: Arc::default(),
            origin: origins.first().into(),
            origins: Arc::new(origins),
            proxies: proxies.into(),
            connects: Arc::new(allowance.connects()),
            sockets: Arc::new(allowance.seats()),
            allowance: Arc::new(allowance),
            rates: Rates::default(),
            compat: compat::State::new(old),
            albums: Turns::default(),
            luggage: Turns::default(),
            shutdown: Shutdown::default(),
            settings: OnceLock::new(),
        }))
    }
}

impl Deref for House {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Shutdown {
    /// From now on `/readyz` sends newcomers elsewhere.
    pub fn announce(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// For a listener that closes with the doors but that nobody waits for.
    pub fn beside(&self) -> Self {
        Self { tasks: TaskTracker::new(), ..self.clone() }
    }

    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }
}
