//! W3: a thousand rooms, all of them talking, faster and faster: rooms of ten, then of all sizes.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::crowd::Crowd;
use crate::load::speaker::Speaker;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use std::time::{Duration, Instant};

const MEMBERS: usize = 10;
/// Messages a second of all rooms of ten together, until people would notice.
const PACES: [u32; 7] = [1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000];
/// The same of rooms of all sizes, where a message has some three hundred listeners.
const ZIPF_PACES: [u32; 7] = [100, 250, 500, 750, 1_000, 1_500, 2_000];
/// What people would notice: the p99 of a message's age, ms.
const NOTICED: f64 = 50.0;
/// From one speaker to the next: without a factor in common with the number of people, so that everybody's turn comes.
const STRIDE: usize = 6_007;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let rooms = under.scale.pick(100, 1_000);
    let ten = Town::new(vec![MEMBERS; rooms]);
    let all = ten.faster_and_faster(under, &PACES).await?;
    let mut cores = Figure::new(format!("{rooms} rooms of {MEMBERS}, {} msg/s", PACES[0]), "cores", Goal::AtMost(0.75));
    let mut p99 =
        Figure::new(format!("{rooms} rooms of {MEMBERS}, {} msg/s p99", PACES[0]), "ms", Goal::AtMost(NOTICED));
    all.iter().for_each(|best| {
        cores.salon(best.first.cores);
        p99.salon(best.first.p99);
    });
    let mut figures = vec![cores, p99];
    figures.extend(best_of(&format!("{rooms} rooms of {MEMBERS}"), &all, Goal::RatioAtLeast(0.65)));
    let zipf = Town::new(zipf(rooms, rooms * MEMBERS));
    let all = zipf.faster_and_faster(under, &ZIPF_PACES).await?;
    figures.extend(best_of(&format!("{rooms} rooms, Zipf sizes"), &all, Goal::AtLeast(120_000.0)));
    report.add("W3", figures);
    Ok(())
}

/// The highest pace that people do not notice, and what is delivered then for a second of a core.
fn best_of(name: &str, rounds: &[Round], goal: Goal) -> [Figure; 2] {
    let mut pace = Figure::new(format!("{name}: most with p99 < {NOTICED} ms"), "msg/s", Goal::None);
    let mut rate = Figure::new(format!("{name}: deliveries then"), "/core-s", goal);
    for round in rounds {
        pace.salon(round.best.pace);
        rate.salon(round.best.per_core);
        rate.floor(round.floor.per_core);
    }
    [pace, rate]
}

/// Room k of so many has the k-th part of the first one's members. (Zipf's law)
fn zipf(rooms: usize, people: usize) -> Vec<usize> {
    let parts: f64 = (1..=rooms).map(|k| 1.0 / k as f64).sum();
    let first = people as f64 / parts;
    (1..=rooms).map(|k| ((first / k as f64).round() as usize).max(2)).collect()
}

struct Round {
    first: Talked,
    best: Talked,
    /// The floor at that pace: it can write more in one group the more is said.
    floor: Talked,
}

/// Everybody belongs to one room, in order: its first members, then those of the next one.
struct Town {
    sizes: Vec<usize>,
    /// The room of each person, from 0.
    room_of: Vec<usize>,
}

impl Town {
    fn new(sizes: Vec<usize>) -> Self {
        let room_of = sizes.iter().enumerate().flat_map(|(room, size)| vec![room; *size]).collect();
        Self { sizes, room_of }
    }

    fn people(&self) -> usize {
        self.room_of.len()
    }

    fn first_of(&self, room: usize) -> usize {
        self.sizes[..room].iter().sum::<usize>() + 1
    }

    async fn house(&self, under: &Under) -> Done<House> {
        let mut from = 1;
        let room = |size: &usize| {
            let members = (from, from + size - 1);
            from += size;
            Room { visibility: "open", members, messages: 0, pictures: 0 }
        };
        let rooms = self.sizes.iter().map(room).collect();
        House::fill(&under.salon, Fill { people: self.people(), rooms }).await
    }

    async fn faster_and_faster(&self, under: &Under, paces: &[u32]) -> Done<Vec<Round>> {
        let house = self.house(under).await?;
        let paces = if under.scale.quick { &paces[..3] } else { paces };
        let mut rounds = Vec::new();
        for _ in 0..under.scale.rounds {
            let server = Server::salon(under, &house)?;
            let (mut talked, size) = self.faster(under, &server, 0, paces).await?;
            drop(server);
            let at = talked.len() - 1;
            let folder = tempfile::tempdir()?;
            let keeping = Server::keeping_floor(&folder.path().join("floor.db"))?;
            let (floor, _) = self.faster(under, &keeping, size, &paces[at..=at]).await?;
            rounds.push(Round { first: talked[0], best: talked.remove(at), floor: floor[0] });
        }
        Ok(rounds)
    }

    /// All rooms talk, at each of these paces in turn until people would notice; and how large
    /// an event was.
    async fn faster(&self, under: &Under, server: &Server, size: usize, paces: &[u32]) -> Done<(Vec<Talked>, usize)> {
        let crowd = Crowd::join(server, self.people(), |person| self.room_of[person - 1] + 1).await?;
        crowd.quiet().await;
        let mut speakers = Vec::new();
        for room in 0..self.sizes.len() {
            speakers.push(Speaker::connect(server, self.first_of(room), room + 1, size).await?);
        }
        let mut all: Vec<Talked> = Vec::new();
        for pace in paces {
            match self.talk(under, server, &crowd, &mut speakers, *pace).await {
                Ok(talked) if talked.p99 < NOTICED || all.is_empty() => all.push(talked),
                Ok(_) => break,
                // Who is too far behind is sent away, and notices that even more.
                Err(_) if crowd.lost() > 0 && !all.is_empty() => break,
                Err(fault) => return Err(fault),
            }
        }
        Ok((all, crowd.event_size()))
    }

    /// Everybody says as much as everybody else, so many messages a second in all.
    async fn talk(
        &self,
        under: &Under,
        server: &Server,
        crowd: &Crowd,
        speakers: &mut [Speaker],
        pace: u32,
    ) -> Done<Talked> {
        let before = crowd.events();
        let meter = Meter::start(server)?;
        let mut clock = tokio::time::interval(Duration::from_secs(1) / pace);
        let (began, mut said, mut heard) = (Instant::now(), 0, 0);
        while began.elapsed() < under.scale.time {
            clock.tick().await;
            let room = self.room_of[said * STRIDE % self.people()];
            speakers[room].say(&crowd.text()).await?;
            said += 1;
            heard += self.sizes[room];
        }
        crowd.until(before + heard as u64).await?;
        let spent = meter.stop()?;
        Ok(Talked {
            pace: said as f64 / spent.wall,
            cores: spent.cpu / spent.wall,
            p99: crowd.take_times().at(0.99),
            per_core: heard as f64 / spent.cpu,
        })
    }
}

#[derive(Clone, Copy)]
struct Talked {
    /// Messages a second, as they were heard.
    pace: f64,
    cores: f64,
    p99: f64,
    /// Deliveries per second of a core.
    per_core: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_belongs_somewhere() {
        let town = Town::new(zipf(1_000, 10_000));
        assert_eq!((town.sizes[0], town.sizes[1], town.sizes[999]), (1_336, 668, 2));
        assert_eq!(town.people(), town.sizes.iter().sum::<usize>());
        assert_eq!((town.first_of(0), town.first_of(1)), (1, 1_337));
        let mut turns: Vec<usize> = (0..town.people()).map(|said| said * STRIDE % town.people()).collect();
        turns.sort_unstable();
        assert!(turns.into_iter().eq(0..town.people()), "everybody once");
    }
}
