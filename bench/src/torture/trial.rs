//! One run of one scenario: a copy of the town, its history, and what was found wrong.

use crate::checker::{self, Breach, Check, Figures};
use crate::client::{Crowd, Plan, Route, Wire, wait_until};
use crate::dice::Dice;
use crate::door::Door;
use crate::history::{History, Line, Op};
use crate::server::{Server, Setup, count_in, free_address};
use crate::town::Town;
use crate::{Done, Options, store};
use domain::live::{Command, Frame};
use domain::span::plain;
use futures::{StreamExt, TryStreamExt};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long clients may take to hear everything once the faults are over.
const CONVERGENCE: Duration = Duration::from_secs(60);
/// Pages of history that are fetched at once.
const AT_ONCE: usize = 8;

pub struct Trial {
    pub options: Options,
    pub seed: u64,
    pub town: Town,
    /// What belongs to this trial: data, log, history.
    pub folder: PathBuf,
    pub setup: Setup,
    pub history: Arc<History>,
    pub dice: Dice,
    /// Faults that were made to happen.
    pub injected: u64,
    /// What was measured, in words.
    pub figures: Vec<String>,
    /// What was not as promised.
    pub wrongs: Vec<String>,
}

/// How it went.
pub struct Verdict {
    pub breaches: Vec<Breach>,
    pub figures: Figures,
}

impl Trial {
    pub fn new(name: &str, options: &Options, seed: u64, town: &Town, root: &Path) -> Done<Self> {
        let folder = root.join(name);
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let data = folder.join("data");
        town.copy(&data)?;
        let file = folder.join("history.jsonl");
        let history = History::create(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let setup = Setup {
            program: options.program.clone(),
            data,
            address: free_address()?,
            log: folder.join("salon.log"),
            through: Vec::new(),
            environment: Vec::new(),
            metrics: None,
        };
        Ok(Self {
            options: options.clone(),
            seed,
            town: town.clone(),
            folder,
            setup,
            history: Arc::new(history),
            dice: Dice::of(seed, name),
            injected: 0,
            figures: Vec::new(),
            wrongs: Vec::new(),
        })
    }

    /// One of two figures: for the short form and for the long one.
    pub fn pick<T>(&self, short: T, long: T) -> T {
        if self.options.short { short } else { long }
    }

    /// Something that has to be so.
    pub fn expect(&mut self, holds: bool, otherwise: impl Into<String>) {
        if !holds {
            self.wrongs.push(otherwise.into());
        }
    }

    pub fn figure(&mut self, words: impl Into<String>) {
        self.figures.push(words.into());
    }

    pub fn site(&self) -> SocketAddr {
        self.setup.address
    }

    /// The host's browser.
    pub fn door(&self) -> Done<Door> {
        Door::new(self.site(), Some(self.town.host.cookie.clone()))
    }

    /// People who talk in all public rooms; some of them listen.
    pub fn plan(&self, listeners: usize, talkers: usize) -> Plan {
        Plan {
            listeners,
            talkers,
            rooms: self.town.halls.clone(),
            people: self.town.people.clone(),
            pace: 0..100,
            letters: 40,
            patience: Duration::from_secs(10),
        }
    }

    pub fn gather(&self, plan: &Plan) -> Crowd {
        self.gather_via(plan, self.site())
    }

    pub fn gather_via(&self, plan: &Plan, via: SocketAddr) -> Crowd {
        Crowd::gather(plan, via, self.site(), &self.history, self.seed)
    }

    /// Waits until so many more messages were acknowledged.
    pub async fn acks(&self, more: u64, limit: Duration) -> Done {
        let goal = self.history.acks() + more;
        let reached = wait_until(limit, || self.history.acks() >= goal).await;
        reached.map_err(|()| format!("no {more} acknowledgements within {} s", limit.as_secs()))
    }

    /// Everybody finishes and hears all; then the log is read, from the program and from the
    /// file.
    pub async fn conclude(&mut self, mut server: Server, crowd: Crowd) -> Done {
        if let Err(sentence) = crowd.hush(CONVERGENCE).await {
            self.wrongs.push(sentence);
        }
        let goals = self.goals().await?;
        crowd.arrive(&goals, CONVERGENCE).await;
        for (room, seq) in &goals {
            let mut goal = Line::new("all", Op::Goal, *room);
            goal.seq = Some(*seq);
            self.history.note(goal);
        }
        crowd.end().await;
        for (room, seq) in goals {
            self.read_room(room, seq).await?;
        }
        if let Err(sentence) = server.stop().await {
            self.wrongs.push(sentence);
        }
        self.read_file().await
    }

    /// Where all rooms stand.
    async fn goals(&self) -> Done<BTreeMap<i64, i64>> {
        let mut wire = Wire::open(&Route::straight(self.site(), &self.town.host.cookie)).await?;
        let mut goals = BTreeMap::new();
        for room in self.town.halls.iter().copied().chain([self.town.den]) {
            wire.send(&Command::Enter { room: domain::RoomId(room), place: None }).await?;
            let position = wire.hears(Duration::from_secs(10), |frame| match frame {
                Frame::Entered { position, .. } => Some(position),
                _ => None,
            });
            goals.insert(room, position.await?.seq);
        }
        Ok(goals)
    }

    /// Pages through a room's history. A page holds more messages than `PAGE` places, so that
    /// all pages can be asked for at once.
    async fn read_room(&self, room: i64, last: i64) -> Done {
        let door = self.door()?;
        let step = domain::message::PAGE as i64;
        let ends = (0..=last / step).map(|n| (n + 1) * step + 1);
        let pages = futures::stream::iter(ends).map(|before| {
            let door = &door;
            async move { Ok::<_, String>((before, door.history(room, before).await?)) }
        });
        let pages: Vec<_> = pages.buffered(AT_ONCE).try_collect().await?;
        for (before, page) in pages {
            // Where events are no messages, a page reaches back into the one before.
            for message in page.messages.into_iter().filter(|message| message.seq >= before - step) {
                let mut line = Line::new("http", Op::Read, room).cmid(message.client_id.as_str());
                line.seq = Some(message.seq);
                self.history.note(line.body(&plain(&message.spans)));
            }
        }
        Ok(())
    }

    /// The store, when the program has ended.
    pub async fn read_file(&mut self) -> Done {
        let wrongs = store::read(&self.setup.data.join("salon.db"), &self.history).await?;
        self.wrongs.extend(wrongs);
        Ok(())
    }

    /// `whole`: the scenario came to its end, so that the final log was read.
    pub fn verdict(&mut self, whole: bool) -> Verdict {
        let panics = count_in(&self.setup.log, "panicked at");
        self.expect(panics == 0, format!("{panics} panics in {}", self.setup.log.display()));
        self.history.judged(|lines| {
            let mut breaches = checker::breaches(lines);
            breaches.retain(|breach| whole || breach.check != Check::Lost);
            Verdict { breaches, figures: Figures::of(lines) }
        })
    }
}
