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
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// What another process changes may stay unseen so long.
const KEPT: Duration = Duration::from_secs(1);
/// Most rooms that are kept.
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

#[derive(Default)]
pub(crate) struct Scenes(Mutex<HashMap<RoomId, Kept>>);

struct Kept {
    scene: Arc<OnceCell<Arc<Scene>>>,
    commits: u64,
    since: Instant,
}

impl Scenes {
    /// The room after at least so many commits; the first one who asks reads it with `read`,
    /// which begins after they were counted, the others wait.
    pub async fn get(
        &self,
        room: RoomId,
        commits: u64,
        read: impl Future<Output = Result<Scene>>,
    ) -> Result<Arc<Scene>> {
        let scene = self.place(room, commits);
        scene.get_or_try_init(|| async { read.await.map(Arc::new) }).await.cloned()
    }

    /// To be called after every change that is no event.
    pub fn forget(&self) {
        self.kept().clear();
    }

    fn place(&self, room: RoomId, commits: u64) -> Arc<OnceCell<Arc<Scene>>> {
        let mut kept = self.kept();
        kept.retain(|_, kept| kept.commits == commits && kept.since.elapsed() < KEPT);
        if kept.len() >= MOST {
            kept.clear();
        }
        let new = || Kept { scene: Arc::default(), commits, since: Instant::now() };
        kept.entry(room).or_insert_with(new).scene.clone()
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<RoomId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
