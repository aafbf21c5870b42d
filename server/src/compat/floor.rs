//! Who of a facade's clients is connected, and where. What is said in rooms comes from the hub; this
//! is for what only these clients know of: comings and goings, and what is not kept.

use bytes::Bytes;
use domain::PersonId;
use domain::person::Person;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

/// Most frames that wait for one connection: an answer of some protocols is a thousand of them.
const MAX_FRAMES: usize = 2_048;
/// Most bytes that wait for one connection.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The way to one connection. It never waits: one that cannot keep up is closed.
#[derive(Clone, Debug)]
pub struct Voice {
    queue: mpsc::Sender<Message>,
    bytes: Arc<AtomicUsize>,
    cut: CancellationToken,
}

/// Its other end.
pub struct Ear {
    queue: mpsc::Receiver<Message>,
    bytes: Arc<AtomicUsize>,
    cut: CancellationToken,
}

impl Voice {
    pub fn new() -> (Self, Ear) {
        let (send, receive) = mpsc::channel(MAX_FRAMES);
        let (bytes, cut) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
        (Self { queue: send, bytes: bytes.clone(), cut: cut.clone() }, Ear { queue: receive, bytes, cut })
    }

    pub fn say(&self, text: impl Into<Utf8Bytes>) {
        self.send(Message::Text(text.into()));
    }

    pub fn give(&self, bytes: Bytes) {
        self.send(Message::Binary(bytes));
    }

    /// Closes the connection when what waits is written.
    pub fn close(&self) {
        self.send(Message::Close(None));
    }

    fn send(&self, message: Message) {
        let length = message.len();
        let waiting = self.bytes.fetch_add(length, Ordering::Relaxed);
        // A single frame may be larger than what may wait.
        let is_much = waiting > 0 && waiting + length > MAX_BYTES;
        if is_much || self.queue.try_send(message).is_err() {
            self.cut.cancel();
        }
    }
}

impl Ear {
    /// What is to be written next; `None` once the connection was found too slow. May be dropped
    /// while waiting without losing anything.
    pub async fn next(&mut self) -> Option<Message> {
        let message = tokio::select! {
            biased;
            () = self.cut.cancelled() => None,
            message = self.queue.recv() => message,
        }?;
        self.bytes.fetch_sub(message.len(), Ordering::Relaxed);
        Some(message)
    }
}

/// All of a facade's connections; `P` says where one is.
#[derive(Debug)]
pub struct Floor<P>(Arc<Mutex<Seats<P>>>);

#[derive(Debug)]
struct Seats<P> {
    last: u64,
    /// In the order in which they came.
    taken: BTreeMap<u64, Guest<P>>,
}

/// One connection, as the others see it.
#[derive(Clone, Debug)]
pub struct Guest<P> {
    pub id: u64,
    pub person: Person,
    pub place: P,
    pub voice: Voice,
}

/// A connection's own seat; left when it is dropped.
#[derive(Debug)]
pub struct Seat<P> {
    pub id: u64,
    floor: Floor<P>,
}

impl<P> Clone for Floor<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<P> Default for Floor<P> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Seats { last: 0, taken: BTreeMap::new() })))
    }
}

impl<P: Clone> Floor<P> {
    /// Somebody is here from now on.
    pub fn enter(&self, person: &Person, place: P, voice: &Voice) -> Seat<P> {
        let mut seats = self.lock();
        seats.last += 1;
        let id = seats.last;
        seats.taken.insert(id, Guest { id, person: person.clone(), place, voice: voice.clone() });
        Seat { id, floor: self.clone() }
    }

    /// Those at places of a kind, in the order in which they came.
    pub fn at(&self, is: impl Fn(&P) -> bool) -> Vec<Guest<P>> {
        self.lock().taken.values().filter(|guest| is(&guest.place)).cloned().collect()
    }

    /// How many different people are at places of a kind.
    pub fn count_people(&self, is: impl Fn(&P) -> bool) -> usize {
        let seats = self.lock();
        seats.taken.values().filter(|guest| is(&guest.place)).map(|guest| guest.person.id).collect::<HashSet<_>>().len()
    }

    /// All connections of a person.
    pub fn of(&self, person: PersonId) -> Vec<Guest<P>> {
        self.lock().taken.values().filter(|guest| guest.person.id == person).cloned().collect()
    }

    /// Says something to all at places of a kind, but for one connection.
    pub fn tell(&self, is: impl Fn(&P) -> bool, but: Option<u64>, text: &Utf8Bytes) {
        for guest in self.at(is).iter().filter(|guest| Some(guest.id) != but) {
            guest.voice.say(text.clone());
        }
    }
}

impl<P> Floor<P> {
    fn lock(&self) -> MutexGuard<'_, Seats<P>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P> Seat<P> {
    /// Somebody is elsewhere from now on.
    pub fn go(&self, place: P) {
        if let Some(guest) = self.floor.lock().taken.get_mut(&self.id) {
            guest.place = place;
        }
    }

    /// Leaves; whether this was the last one at places of a kind: of two that leave at once only one is.
    pub fn leave(self, is: impl Fn(&P) -> bool) -> bool {
        let mut seats = self.floor.lock();
        seats.taken.remove(&self.id);
        !seats.taken.values().any(|guest| is(&guest.place))
    }
}

impl<P> Drop for Seat<P> {
    fn drop(&mut self) {
        self.floor.lock().taken.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64) -> Person {
        Person::named(PersonId(id), format!("p{id}"), format!("P {id}"))
    }

    #[tokio::test]
    async fn one_connection_leaves_and_the_others_stay() {
        let floor = Floor::default();
        let (voice, mut ear) = Voice::new();
        let first = floor.enter(&person(1), 1, &voice);
        let second = floor.enter(&person(1), 1, &voice);
        let _other = floor.enter(&person(2), 2, &voice);
        assert_eq!((floor.at(|place| *place == 1).len(), floor.count_people(|place| *place == 1)), (2, 1));
        floor.tell(|place| *place == 1, Some(first.id), &"hello".into());
        assert_eq!(ear.next().await, Some(Message::text("hello")));
        second.go(2);
        assert_eq!(floor.count_people(|place| *place == 2), 2);
        drop(second);
        assert_eq!((floor.of(PersonId(1)).len(), floor.at(|_| true).len()), (1, 2));
    }

    #[test]
    fn of_two_who_leave_at_once_one_is_the_last() {
        for _ in 0..200 {
            let floor = Floor::default();
            let seats = [1, 1].map(|place| floor.enter(&person(1), place, &Voice::new().0));
            let leaving = seats.map(|seat| std::thread::spawn(move || seat.leave(|place| *place == 1)));
            let last = leaving.map(|thread| thread.join().unwrap());
            assert!(last[0] != last[1], "{last:?}");
        }
    }

    #[tokio::test]
    async fn who_does_not_listen_is_cut_off() {
        let (voice, mut ear) = Voice::new();
        for _ in 0..=MAX_FRAMES {
            voice.say("x");
        }
        assert_eq!(ear.next().await, None);
        let (voice, mut ear) = Voice::new();
        let large: Utf8Bytes = "x".repeat(MAX_BYTES).into();
        voice.say(large.clone());
        assert!(!ear.cut.is_cancelled(), "a single one may be large");
        voice.say(large);
        assert_eq!(ear.next().await, None);
    }
}
