//! Looking up many things at once: whoever asks while a query runs shares the next one. When
//! everybody comes at the same time, that is one query for dozens of them.

use super::DbErr;
use crate::{Problem, Result};
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::hash::Hash;
use tokio::sync::{mpsc, oneshot};

/// Keys of one query: few sizes, so that the statements stay prepared.
const SIZES: [usize; 4] = [1, 4, 16, 64];
/// Questions that may wait; then who asks waits for a place.
const WAITING: usize = 1_024;

type Found<V> = std::result::Result<Option<V>, DbErr>;
type Question<K, V> = (K, oneshot::Sender<Found<V>>);

/// Asks a task that ends when this is dropped.
pub(super) struct Lookup<K, V>(mpsc::Sender<Question<K, V>>);

impl<K, V> Lookup<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + 'static,
{
    /// `load` answers for those of the keys that there are. Some keys may be given twice.
    pub fn start<L>(load: L) -> Self
    where
        L: Fn(Vec<K>) -> BoxFuture<'static, std::result::Result<HashMap<K, V>, DbErr>> + Send + Sync + 'static,
    {
        let (asked, questions) = mpsc::channel(WAITING);
        tokio::spawn(answer(questions, load));
        Self(asked)
    }

    /// # Errors
    /// Those of the query; [`Problem::Unavailable`] when nobody answers any more.
    pub async fn find(&self, key: K) -> Result<Option<V>> {
        let (to, answer) = oneshot::channel();
        self.0.send((key, to)).await.map_err(|_| Problem::Unavailable)?;
        Ok(answer.await.map_err(|_| Problem::Unavailable)??)
    }
}

async fn answer<K, V, L>(mut questions: mpsc::Receiver<Question<K, V>>, load: L)
where
    K: Clone + Eq + Hash,
    V: Clone,
    L: Fn(Vec<K>) -> BoxFuture<'static, std::result::Result<HashMap<K, V>, DbErr>>,
{
    let mut together = Vec::with_capacity(SIZES[SIZES.len() - 1]);
    while questions.recv_many(&mut together, SIZES[SIZES.len() - 1]).await > 0 {
        let found = load(padded(&together)).await;
        for (key, to) in together.drain(..) {
            // Whoever asked may have gone away.
            let _ = to.send(found.as_ref().map(|found| found.get(&key).cloned()).map_err(Clone::clone));
        }
    }
}

/// The keys, the last one repeated up to the next size.
fn padded<K: Clone, V>(questions: &[Question<K, V>]) -> Vec<K> {
    let mut keys: Vec<K> = questions.iter().map(|(key, _)| key.clone()).collect();
    let size = SIZES.into_iter().find(|size| *size >= keys.len()).unwrap_or(keys.len());
    if let Some(last) = keys.last().cloned() {
        keys.resize(size, last);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::sync::{Arc, Mutex};

    #[tokio::test]
    async fn who_asks_at_the_same_time_shares_a_query() {
        let asked: Arc<Mutex<Vec<usize>>> = Arc::default();
        let log = asked.clone();
        let lookup = Lookup::start(move |keys: Vec<i32>| {
            log.lock().unwrap().push(keys.len());
            async move { Ok(keys.into_iter().filter(|key| *key != 13).map(|key| (key, key * 10)).collect()) }.boxed()
        });
        let answers = futures::future::join_all((10..20).map(|key| lookup.find(key))).await;
        let answers: Vec<Option<i32>> = answers.into_iter().map(|answer| answer.unwrap()).collect();
        assert_eq!(answers[..5], [Some(100), Some(110), Some(120), None, Some(140)]);
        let asked = asked.lock().unwrap();
        assert!(asked.len() < 10 && asked.iter().all(|size| SIZES.contains(size)), "{asked:?}");
    }
}
