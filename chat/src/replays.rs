//! What was missed, read once for all who missed the same: when a server comes back, everybody
//! comes back at the same place.

use crate::Result;
use crate::hub::Missed;
use domain::RoomId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// How long a replay is kept for those who come next.
const KEPT: Duration = Duration::from_secs(5);
/// Most replays that are kept.
const MOST: usize = 256;

/// A room, and the places after and up to which.
pub(crate) type Stretch = (RoomId, i64, i64);

#[derive(Default)]
pub(crate) struct Replays(Mutex<HashMap<Stretch, Kept>>);

struct Kept {
    replay: Arc<OnceCell<Missed>>,
    since: Instant,
}

impl Replays {
    /// The replay of a stretch; the first one who asks reads it with `read`, the others wait.
    pub async fn get(&self, stretch: Stretch, read: impl Future<Output = Result<Missed>>) -> Result<Missed> {
        let replay = self.place(stretch);
        replay.get_or_try_init(|| read).await.cloned()
    }

    fn place(&self, stretch: Stretch) -> Arc<OnceCell<Missed>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| kept.since.elapsed() < KEPT);
        if kept.len() >= MOST {
            kept.clear();
        }
        let new = || Kept { replay: Arc::default(), since: Instant::now() };
        kept.entry(stretch).or_insert_with(new).replay.clone()
    }
}
