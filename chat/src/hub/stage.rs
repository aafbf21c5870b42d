//! How soon those who follow a room's stage see what is put on it.

use super::frames::{Frames, encode};
use super::{Hub, Outbox};
use domain::event::{Event, What};
use domain::live::Frame;
use domain::{PersonId, RoomId};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What is older does not count.
const KEPT: Duration = Duration::from_secs(60);
/// Most delays that are kept.
const MOST: usize = 1_024;

/// The last change of a room's stage, and how long it and those before took to be seen.
#[derive(Default)]
pub(super) struct Staged {
    /// Its place, and when it was told.
    last: Option<(i64, Instant)>,
    /// How many have seen it.
    count: u32,
    delays: VecDeque<(Instant, u32)>,
    /// Somebody will tell the hosts.
    telling: bool,
    /// Something that the hosts were not told yet.
    news: bool,
}

impl Staged {
    pub fn is_last(&self, seq: i64) -> bool {
        self.last.is_some_and(|(last, at)| last == seq && at.elapsed() < KEPT)
    }

    pub fn change(&mut self, seq: i64) {
        (self.last, self.count) = (Some((seq, Instant::now())), 0);
    }

    /// Counts one more screen; whether somebody should begin to tell the hosts.
    pub fn paint(&mut self, seq: i64) -> bool {
        let Some((_, at)) = self.last.filter(|(last, _)| *last == seq) else { return false };
        let delay = u32::try_from(at.elapsed().as_millis()).unwrap_or(u32::MAX);
        self.count += 1;
        self.delays.push_back((Instant::now(), delay));
        if self.delays.len() > MOST {
            self.delays.pop_front();
        }
        self.news = true;
        !std::mem::replace(&mut self.telling, true)
    }

    /// How many have seen the last change, and how soon 95 of 100 saw those of the last minute.
    /// `None` when the hosts know.
    pub fn tell(&mut self) -> Option<(u32, u32)> {
        self.telling = std::mem::take(&mut self.news);
        if !self.telling {
            return None;
        }
        while self.delays.front().is_some_and(|(at, _)| at.elapsed() > KEPT) {
            self.delays.pop_front();
        }
        let mut sorted: Vec<u32> = self.delays.iter().map(|(_, delay)| *delay).collect();
        sorted.sort_unstable();
        Some((self.count, sorted.get((sorted.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0)))
    }
}

impl Hub {
    /// Notes when a change of a stage is told.
    pub(super) fn note_stage(&self, event: &Event) {
        if matches!(event.what, What::StageChanged { .. })
            && let Some(listeners) = self.0.shard(event.room).get_mut(&event.room)
        {
            listeners.staged.change(event.seq);
        }
    }

    /// Notes that a page shows what the event at `seq` put on the stage, once for each page.
    /// `true` if [`Hub::tell_followers`] should be called now and then until it says `false`.
    pub(crate) fn painted(&self, outbox: &Outbox, room: RoomId, seq: i64) -> bool {
        let mut shard = self.0.shard(room);
        shard.get_mut(&room).is_some_and(|listeners| listeners.painted(outbox.line().id, seq))
    }

    /// Tells the hosts of a room, and administrators who are there, how soon others see what they
    /// show. `false` if they know.
    pub(crate) fn tell_followers(&self, room: RoomId, hosts: &[PersonId]) -> bool {
        let (told, lines) = {
            let mut shard = self.0.shard(room);
            let Some(listeners) = shard.get_mut(&room) else { return false };
            let Some(told) = listeners.staged.tell() else { return false };
            (told, listeners.lines_of(hosts))
        };
        let (count, p95) = told;
        if let Some(frame) = encode(&Frame::Followers { room, count, p95 }) {
            lines.iter().for_each(|line| line.push(Frames::one(frame.clone())));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_of_the_last_change_and_told_once() {
        let mut staged = Staged::default();
        assert!(!staged.paint(1) && staged.tell().is_none());
        staged.change(1);
        assert!(staged.paint(1), "somebody has to tell");
        assert!(!staged.paint(1) && !staged.paint(2));
        assert!(staged.tell().is_some_and(|(count, _)| count == 2));
        assert_eq!(staged.tell(), None);
        staged.change(3);
        assert!(!staged.is_last(1) && staged.is_last(3));
        assert!(!staged.paint(1) && staged.paint(3));
        assert!(staged.tell().is_some_and(|(count, _)| count == 1));
    }

    #[test]
    fn the_slowest_few_do_not_count() {
        let mut staged = Staged::default();
        staged.change(1);
        staged.delays = (1..=100).map(|delay| (Instant::now(), delay)).collect();
        staged.news = true;
        assert_eq!(staged.tell().map(|(_, p95)| p95), Some(95));
        staged.delays = (0..MOST as u32).map(|delay| (Instant::now(), delay)).collect();
        staged.paint(1);
        assert_eq!(staged.delays.len(), MOST);
    }
}
