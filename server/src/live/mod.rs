//! `/api/v1/live`: one task per socket, between the wire and an outbox of the hub.
//!
//! What comes in is parsed, limited and handed to `chat` (`commands`); what goes out comes
//! from the outbox alone, so that answers and events keep their order. The frames are
//! described in `docs/wire.md`.

mod commands;
pub mod end;
mod naming;
pub mod short;
pub mod upgrade;
pub mod wire;

use crate::accept::Slot;
use crate::answer;
use crate::gate::limits::{Bucket, Seat};
use crate::gate::session::{self, Token};
use crate::house::House;
use app::calls::Visitor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use chat::Who;
use chat::hub::{Outbox, OutboxReader, Take};
use domain::Problem;
use domain::live::{MAX_FRAME, close};
use end::End;
use futures::{SinkExt, StreamExt};
use std::net::IpAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Error, Message};
use upgrade::Upgrade;
use wire::Wire;

/// How long a page may take for its `hello`.
const HELLO_TIME: Duration = Duration::from_secs(5);
/// How often a quiet page is asked whether it is there, and how long it may take to say so.
const PING_EVERY: Duration = Duration::from_secs(25);
const PONG_TIME: Duration = Duration::from_secs(8);
/// How often the session of a page that is never quiet is looked up.
const SESSION_EVERY: Duration = Duration::from_secs(60);
/// The third command beyond the allowance closes.
const STRIKES: u32 = 3;
/// How long the rest of a full outbox may take to be written.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// Opens a socket. The origin was checked before (`gate::origin`).
pub async fn open(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Extension(token): Extension<Token>,
    slot: Option<Extension<Slot>>,
    upgrade: Upgrade,
) -> Response {
    match admit(&house, visitor.who.as_ref(), visitor.visit.address, slot.map(|slot| slot.0)) {
        Ok(held) => upgrade.then(move |stream, early| begin(house, visitor.who, token, held, stream, early)),
        Err(problem) => answer::problem(&problem),
    }
}

/// What a socket occupies while it is open.
pub struct Held {
    _seat: Option<Seat>,
    _slot: Option<Slot>,
    _task: tokio_util::task::task_tracker::TaskTrackerToken,
}

/// Counts a socket from here on: a drain waits also for one whose handshake is under way.
/// A refusal costs nothing of what an address may do.
///
/// # Errors
/// [`Problem::TooFast`].
pub fn admit(house: &House, who: Option<&Who>, address: IpAddr, slot: Option<Slot>) -> Result<Held, Problem> {
    let seat = who.map(|who| house.sockets.seat(who.person.id));
    if matches!(seat, Some(None)) {
        return Err(Problem::TooFast { wait_ms: 5_000 });
    }
    house.connects.take(address).map_err(|wait| Problem::TooFast { wait_ms: wait.as_millis() as u64 + 1 })?;
    Ok(Held { _seat: seat.flatten(), _slot: slot, _task: house.shutdown.tasks.token() })
}

/// Starts the conversation. `early` came together with the request.
async fn begin(house: House, who: Option<Who>, token: Token, held: Held, stream: TcpStream, early: Vec<u8>) {
    let talk = Talk::begin(house, who, token).await;
    let wire = wire::open(stream, early, &talk.queue, MAX_FRAME).await;
    // A task of its own: what coming here needed is not kept while the socket is open.
    tokio::spawn(async move {
        let end = talk.run(wire).await;
        drop(held);
        tracing::debug!(?end, "a live socket ended");
    });
}

/// One socket's side of the conversation.
struct Talk {
    house: House,
    who: Option<Who>,
    token: Token,
    outbox: Outbox,
    queue: OutboxReader,
    bucket: Bucket,
    strikes: u32,
    greeted: bool,
    pulse: Pulse,
    /// When the session was looked up last.
    checked: Instant,
}

/// When the page has to show a sign of life next.
enum Pulse {
    /// It has to say `hello` until then.
    Hello(Instant),
    /// It is asked then.
    Ask(Instant),
    /// It was asked and has to answer until then; anything it sends counts.
    Answer(Instant),
}

impl Pulse {
    fn at(&self) -> Instant {
        match self {
            Self::Hello(at) | Self::Ask(at) | Self::Answer(at) => *at,
        }
    }
}

impl Talk {
    async fn begin(house: House, who: Option<Who>, token: Token) -> Self {
        let (outbox, queue) = house.chat.hub().connect(who.clone());
        let bucket = house.allowance.commands();
        let talk = Self {
            house,
            who,
            token,
            outbox,
            queue,
            bucket,
            strikes: 0,
            greeted: false,
            pulse: Pulse::Hello(Instant::now() + HELLO_TIME),
            checked: Instant::now(),
        };
        // The session may have ended between the request and the hub knowing of us.
        talk.check_session().await;
        talk
    }

    async fn run(mut self, mut wire: Wire) -> End {
        let mut timer = std::pin::pin!(tokio::time::sleep_until(self.pulse.at()));
        let end = loop {
            let step = tokio::select! {
                biased;
                // First what came: who has said something is not silent, and the answers to what
                // came together go out together.
                // In a box of its own: what a command needs is not kept by every idle socket.
                received = wire.next() => Box::pin(self.receive(received)).await,
                () = timer.as_mut() => {
                    let step = self.on_time(&mut wire).await;
                    timer.as_mut().reset(self.pulse.at());
                    step
                }
                taken = self.queue.next() => self.deliver(&mut wire, taken).await,
            };
            if let Err(end) = step {
                break end;
            }
        };
        // Nothing is sent to this page any more: leave the rooms before the handshake.
        drop(self);
        Box::pin(end.say(wire)).await
    }

    async fn receive(&mut self, received: Option<Result<Message, Error>>) -> Result<(), End> {
        let message = received.ok_or(End::Lost)?.map_err(|error| End::of_error(&error))?;
        if self.greeted {
            self.pulse = Pulse::Ask(Instant::now() + PING_EVERY);
        }
        // A page that is never quiet is never asked whether it is there, but its session ends too.
        if self.checked.elapsed() >= SESSION_EVERY {
            self.checked = Instant::now();
            self.check_session().await;
        }
        match message {
            Message::Text(text) => self.command(text.as_str()).await,
            Message::Binary(_) | Message::Frame(_) => Err(End::close(1003, "")),
            Message::Close(_) => Err(End::Lost),
            // A flood of pings is work too.
            Message::Ping(_) | Message::Pong(_) => match self.bucket.take() {
                Ok(()) => Ok(()),
                Err(_) => self.strike(),
            },
        }
    }

    /// Counts a command beyond the allowance; the third one ends the conversation.
    fn strike(&mut self) -> Result<(), End> {
        self.strikes += 1;
        if self.strikes < STRIKES { Ok(()) } else { Err(End::close(close::TOO_FAST, "")) }
    }

    /// Most of what is said was written by who said it; this is about the rest.
    async fn deliver(&self, wire: &mut Wire, taken: Take) -> Result<(), End> {
        if let Take::Close { code, reason } = taken {
            return Err(End::Close { code, reason });
        }
        tokio::select! {
            written = tokio::time::timeout(WRITE_TIME, wire.flush()) => match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(End::Lost),
            },
            // Its end is not put off by what it does not read.
            () = self.queue.cut() => Ok(()),
        }
    }

    /// The timer is not set anew with every sign of life: it may come early.
    async fn on_time(&mut self, wire: &mut Wire) -> Result<(), End> {
        let now = Instant::now();
        match self.pulse {
            _ if now < self.pulse.at() => Ok(()),
            Pulse::Hello(_) | Pulse::Answer(_) => Err(End::close(close::SILENT, "")),
            Pulse::Ask(_) => {
                self.pulse = Pulse::Answer(now + PONG_TIME);
                Box::pin(self.check_session()).await;
                wire.send(Message::Ping(Bytes::new())).await.map_err(|_| End::Lost)
            }
        }
    }

    /// Closes the outbox when the session is over: signed out elsewhere, or by itself after
    /// its time. A store that cannot say now is asked again with the next pulse.
    async fn check_session(&self) {
        if self.who.is_none() {
            return;
        }
        if let Ok(None) = session::who(&self.house, &self.token).await {
            self.outbox.close(close::SESSION_ENDED, "");
        }
    }
}
