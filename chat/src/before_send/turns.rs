//! What one person says in one room is asked about one after the other, and the next only when the
//! one before is kept or refused: so it stays in the order in which it was written.

use crate::Problem;
use domain::{PersonId, RoomId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Most that one person says in one room at once; the first is being asked about, the others wait.
const MOST: usize = 8;
/// When somebody may try again who says more at once.
const WAIT_MS: u64 = 2_000;

type Place = (PersonId, RoomId);

/// Whose turn it is, of those who say something at the moment.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Lock<HashMap<Place, Queue>>>);

struct Queue {
    /// Those who have their turn or wait for it.
    count: usize,
    turn: Arc<Mutex<()>>,
}

/// The turn of something that is to be said, until it is dropped.
pub(crate) struct Turn {
    turns: Turns,
    place: Place,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for it behind those who asked before.
    ///
    /// # Errors
    /// [`Problem::TooFast`] if too many wait.
    pub async fn take(&self, place: Place) -> Result<Turn, Problem> {
        let turn = self.join(place)?;
        // Left again also if nobody waits for it any more.
        let mut mine = Turn { turns: self.clone(), place, held: None };
        mine.held = Some(turn.lock_owned().await);
        Ok(mine)
    }

    fn join(&self, place: Place) -> Result<Arc<Mutex<()>>, Problem> {
        let mut queues = self.queues();
        let queue = queues.entry(place).or_insert_with(|| Queue { count: 0, turn: Arc::default() });
        if queue.count >= MOST {
            return Err(Problem::TooFast { wait_ms: WAIT_MS });
        }
        queue.count += 1;
        Ok(queue.turn.clone())
    }

    fn leave(&self, place: Place) {
        let mut queues = self.queues();
        if let Some(queue) = queues.get_mut(&place) {
            queue.count -= 1;
            if queue.count == 0 {
                queues.remove(&place);
            }
        }
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Place, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.held = None;
        self.turns.leave(self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{FutureExt, poll};

    const HERE: Place = (PersonId(1), RoomId(1));

    #[tokio::test]
    async fn one_after_the_other_and_others_beside() {
        let turns = Turns::default();
        let first = turns.take(HERE).await;
        let (mut second, mut third) = (Box::pin(turns.take(HERE)), Box::pin(turns.take(HERE)));
        assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
        assert!(turns.take((PersonId(1), RoomId(2))).now_or_never().is_some(), "elsewhere");
        assert!(turns.take((PersonId(2), RoomId(1))).now_or_never().is_some(), "somebody else");
        drop(first);
        assert!(poll!(&mut third).is_pending());
        drop(second);
        assert!(matches!(third.now_or_never(), Some(Ok(_))), "the second gave up");
        assert!(turns.queues().is_empty());
    }

    #[tokio::test]
    async fn only_so_many_wait() {
        let turns = Turns::default();
        let first = turns.take(HERE).await;
        let mut waiting: Vec<_> = (1..MOST).map(|_| Box::pin(turns.take(HERE))).collect();
        for turn in &mut waiting {
            assert!(poll!(turn).is_pending());
        }
        let refused = turns.take(HERE).await.err();
        assert_eq!(refused, Some(Problem::TooFast { wait_ms: WAIT_MS }));
        drop((first, waiting));
        assert!(turns.queues().is_empty());
    }
}
