//! What a room shows, read once for all who open it while nothing happens: a link that a
//! thousand people follow is a thousand pages and one read.

use crate::Result;
use domain::RoomId;
use domain::live::Position;
use domain::member::Member;
use domain::message::History;
use domain::room::Room;
use domain::stage::Stage;
use domain::wall::Wall;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// What another process changes may stay unseen so long.
const KEPT: Duration = Duration::from_secs(1);
/// Most of each kind that are kept.
const MOST: usize = 64;

/// The part of a room's state that is the same for all its readers; see
/// [`RoomState`](crate::RoomState).
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub room: Room,
    pub members: Vec<Member>,
    pub history: History,
    pub wall: Wall,
    pub stage: Stage,
    pub position: Position,
}

/// What was read a moment ago.
#[derive(Default)]
pub(crate) struct Scenes {
    pub rooms: Shared<RoomId, Scene>,
    /// What was said around a place: who were there when the room fell silent come back to the same one.
    pub passages: Shared<(RoomId, i64), History>,
}

impl Scenes {
    /// To be called after every change that is no event.
    pub fn forget(&self) {
        self.rooms.kept().clear();
        self.passages.kept().clear();
    }
}

pub(crate) struct Shared<K, T>(Mutex<HashMap<K, Kept<T>>>);

struct Kept<T> {
    value: Arc<OnceCell<Arc<T>>>,
    commits: u64,
    since: Instant,
}

impl<K, T> Default for Shared<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> Shared<K, T> {
    /// What `read` reads, after at least so many commits; the first one who asks reads it, which
    /// begins after they were counted, the others wait.
    pub async fn get(&self, key: K, commits: u64, read: impl Future<Output = Result<T>>) -> Result<Arc<T>> {
        let value = self.place(key, commits);
        value.get_or_try_init(|| async { read.await.map(Arc::new) }).await.cloned()
    }

    fn place(&self, key: K, commits: u64) -> Arc<OnceCell<Arc<T>>> {
        let mut kept = self.kept();
        kept.retain(|_, kept| kept.commits == commits && kept.since.elapsed() < KEPT);
        if kept.len() >= MOST {
            kept.clear();
        }
        let new = || Kept { value: Arc::default(), commits, since: Instant::now() };
        kept.entry(key).or_insert_with(new).value.clone()
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<K, Kept<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
