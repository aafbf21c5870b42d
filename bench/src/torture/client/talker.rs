//! One person's page, as `docs/wire.md` asks it to behave.

use super::role::{Common, Role, Status};
use super::wire::{Heard, Route, Wire};
use crate::dice::Dice;
use crate::history::{History, Line, Op};
use crate::store::canonical;
use domain::event::{Event, What};
use domain::live::{Command, Frame, Position};
use domain::span::plain;
use domain::{ClientId, Problem, RoomId};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// Before a message that was refused for now is sent again.
const REFUSED_PAUSE: Duration = Duration::from_millis(250);

/// Of the time over which the server asks pages to spread their return: tests are in a hurry.
const LONGEST_AWAY: Duration = Duration::from_millis(500);

pub struct Talker {
    pub role: Role,
    pub route: Route,
    pub history: Arc<History>,
    pub status: Arc<Status>,
    pub common: Common,
    pub dice: Dice,
    pub place: Option<Position>,
    pub said: u64,
    pub pending: Option<Pending>,
    /// The server has asked to spread the return over so long.
    pub away: Duration,
}

/// A message whose fate is not known yet.
pub struct Pending {
    client_id: ClientId,
    text: String,
    /// Sent, and an answer is due then; or to be sent again then.
    until: Instant,
    sent: bool,
}

impl Talker {
    /// Until somebody aborts it.
    pub async fn live(mut self) {
        loop {
            let Err(parting) = self.connection().await;
            if let Some(pending) = &mut self.pending {
                if pending.sent {
                    self.history.note(
                        Line::new(&self.role.name, Op::Info, self.role.room)
                            .cmid(pending.client_id.as_str())
                            .note(&parting),
                    );
                }
                pending.sent = false;
            }
            self.common.count(parting);
            let away = std::mem::take(&mut self.away).as_millis() as u64;
            tokio::time::sleep(self.dice.millis(10..80 + away)).await;
        }
    }

    /// One connection from its beginning to its end; answers how it ended.
    async fn connection(&mut self) -> Result<Infallible, String> {
        let unreached = |cause: String| if cause.starts_with("closed") { cause } else { "unreached".to_owned() };
        let mut wire = Wire::open(&self.route).await.map_err(unreached)?;
        let room = RoomId(self.role.room);
        if self.role.listens && wire.send(&Command::Enter { room, place: self.place }).await.is_err() {
            return Err("lost".to_owned());
        }
        if let Some(nap) = self.role.nap.take() {
            // What was asked for has to be heard first: only then does it listen.
            let heard = wire.next().await;
            self.hear(heard)?;
            tokio::time::sleep(nap).await;
        }
        if let Some(pending) = &mut self.pending {
            pending.until = Instant::now();
        }
        let mut next_at = Instant::now() + self.pause();
        loop {
            let wake = self.pending.as_ref().map_or(next_at, |pending| pending.until);
            let step = tokio::select! {
                heard = wire.next() => self.hear(heard),
                () = tokio::time::sleep_until(wake) => self.wake(&mut wire).await,
            };
            if step? {
                next_at = Instant::now() + self.pause();
            }
        }
    }

    fn pause(&mut self) -> Duration {
        self.role.pace.clone().map_or(Duration::from_secs(3_600), |pace| self.dice.millis(pace))
    }

    /// Time is up: for an answer, for another try, or for something new.
    async fn wake(&mut self, wire: &mut Wire) -> Result<bool, String> {
        if self.pending.as_ref().is_some_and(|pending| pending.sent) {
            return Err("silent".to_owned());
        }
        if self.pending.is_none() {
            if self.common.hushed.load(Ordering::Relaxed) {
                return Ok(true);
            }
            self.pending = self.something_new();
        }
        let patience = self.role.patience;
        let Some(pending) = &mut self.pending else { return Ok(true) };
        self.status.waits.store(true, Ordering::Relaxed);
        pending.sent = true;
        pending.until = Instant::now() + patience;
        let line = Line::new(&self.role.name, Op::Send, self.role.room);
        self.history.note(line.cmid(pending.client_id.as_str()).body(&pending.text));
        let (room, client_id, text) = (RoomId(self.role.room), pending.client_id.clone(), pending.text.clone());
        let post = Command::Post { room, client_id, text, files: Vec::new(), alts: Vec::new(), reply: None };
        wire.send(&post).await.map_err(|_| "lost".to_owned())?;
        Ok(false)
    }

    fn something_new(&mut self) -> Option<Pending> {
        self.said += 1;
        let name = format!("{}-{}", self.role.name, self.said);
        let client_id = ClientId::parse(&name).ok()?;
        let text = format!("{name} {}", self.dice.letters(self.role.letters.max(1)));
        Some(Pending { client_id, text, until: Instant::now(), sent: false })
    }

    /// `Ok(true)`: the message under way is done with.
    fn hear(&mut self, heard: Heard) -> Result<bool, String> {
        match heard {
            Heard::Frame(frame) => self.frame(*frame),
            Heard::Closed(code, reason) => {
                self.away = Duration::from_millis(reason.parse().unwrap_or(0)).min(LONGEST_AWAY);
                Err(format!("closed {code}"))
            }
            Heard::Lost => Err("lost".to_owned()),
        }
    }

    fn frame(&mut self, frame: Frame) -> Result<bool, String> {
        match frame {
            Frame::Entered { position, .. } => {
                let from = self.place.unwrap_or(position);
                self.stand(Position { epoch: position.epoch, seq: from.seq }, "entered");
            }
            Frame::Reset { position, .. } => self.stand(position, "reset"),
            Frame::Event(event) => self.event(event),
            Frame::Posted { client_id, seq, .. } => return Ok(self.posted(&client_id, seq)),
            Frame::Refused { of, problem, .. } => return self.refused(&of, &problem),
            Frame::Gone { .. } => {
                self.place = None;
                return Err("gone".to_owned());
            }
            Frame::Hidden { .. }
            | Frame::Waiting { .. }
            | Frame::Opened { .. }
            | Frame::Welcome { .. }
            | Frame::Typing { .. }
            | Frame::Presence { .. }
            | Frame::Followers { .. }
            | Frame::Quiet { .. }
            | Frame::Held { .. }
            | Frame::Asked { .. }
            | Frame::Contact { .. }
            | Frame::Pong { .. } => {}
        }
        Ok(false)
    }

    fn stand(&mut self, place: Position, note: &str) {
        self.place = Some(place);
        self.status.place.store(place.seq, Ordering::Relaxed);
        let line = Line::new(&self.role.name, Op::Resume, self.role.room);
        self.history.note(line.at(place.epoch, place.seq).note(note));
    }

    fn event(&mut self, event: Event) {
        let epoch = self.place.map_or(0, |place| place.epoch);
        let line = Line::new(&self.role.name, Op::Recv, event.room.0).at(epoch, event.seq);
        self.history.note(match &event.what {
            What::Said { message } => line.cmid(message.client_id.as_str()).body(&plain(&message.spans)),
            what => line.body(&serde_json::to_string(what).map(|json| canonical(&json)).unwrap_or_default()),
        });
        self.place = Some(Position { epoch, seq: event.seq });
        self.status.place.store(event.seq, Ordering::Relaxed);
    }

    fn posted(&mut self, client_id: &ClientId, seq: i64) -> bool {
        // The epoch of a message is the room's; who does not listen does not know it.
        let mut line = Line::new(&self.role.name, Op::Ack, self.role.room).cmid(client_id.as_str());
        line.seq = Some(seq);
        self.history.note(line);
        self.settle(client_id.as_str())
    }

    fn refused(&mut self, of: &str, problem: &Problem) -> Result<bool, String> {
        let Some(pending) = self.pending.as_mut().filter(|pending| pending.client_id.as_str() == of) else {
            return Err(format!("{of} refused: {}", problem.code()));
        };
        let passing = matches!(
            problem,
            Problem::SignInNeeded | Problem::Unavailable | Problem::Broken { .. } | Problem::TooFast { .. }
        );
        let op = if passing { Op::Info } else { Op::Fail };
        self.history.note(Line::new(&self.role.name, op, self.role.room).cmid(of).note(problem.code()));
        if *problem == Problem::SignInNeeded {
            return Err("signed out".to_owned());
        }
        if passing {
            pending.sent = false;
            pending.until = Instant::now() + REFUSED_PAUSE;
            return Ok(false);
        }
        Ok(self.settle(of))
    }

    fn settle(&mut self, client_id: &str) -> bool {
        let is_it = self.pending.as_ref().is_some_and(|pending| pending.client_id.as_str() == client_id);
        if is_it {
            self.pending = None;
            self.status.waits.store(false, Ordering::Relaxed);
        }
        is_it
    }
}
