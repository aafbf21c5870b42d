//! `/api/v1/live`: one task per socket, between the wire and an outbox of the hub.
//!
//! What comes in is parsed, limited and handed to `chat` (`commands`); what goes out comes
//! from the outbox alone, so that answers and events keep their order. The frames are
//! described in `docs/wire.md`.

mod commands;
mod end;

use crate::accept::Slot;
use crate::answer;
use crate::gate::limits::{Bucket, Seat};
use crate::gate::session::Token;
use crate::house::House;
use app::calls::Visitor;
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use chat::Who;
use chat::hub::{Outbox, OutboxReader, Take};
use domain::Problem;
use domain::live::{MAX_FRAME, close};
use end::End;
use futures::SinkExt;
use std::time::Duration;
use tokio::time::Instant;

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

const READ_BUFFER: usize = 4 * 1024;
const WRITE_BUFFER: usize = 16 * 1024;
const MAX_WRITE_BUFFER: usize = 256 * 1024;

/// Opens a socket. The origin was checked before (`gate::origin`).
pub async fn open(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Extension(token): Extension<Token>,
    slot: Option<Extension<Slot>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if let Err(wait) = house.connects.take(visitor.visit.address) {
        return answer::problem(&Problem::TooFast { wait_ms: wait.as_millis() as u64 + 1 });
    }
    let seat = visitor.who.as_ref().map(|who| house.sockets.seat(who.person.id));
    if matches!(seat, Some(None)) {
        return answer::problem(&Problem::TooFast { wait_ms: 5_000 });
    }
    // Counted from here on: a drain waits also for a socket whose handshake is under way.
    let held = Held { _seat: seat.flatten(), _slot: slot.map(|slot| slot.0), _task: house.shutdown.tasks.token() };
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .on_upgrade(move |socket| async move {
            let end = Talk::begin(house, visitor.who, token).await.run(socket).await;
            drop(held);
            tracing::debug!(?end, "a live socket ended");
        })
}

/// What a socket occupies while it is open.
struct Held {
    _seat: Option<Seat>,
    _slot: Option<Slot>,
    _task: tokio_util::task::task_tracker::TaskTrackerToken,
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

    async fn run(mut self, mut socket: WebSocket) -> End {
        let end = loop {
            let step = tokio::select! {
                taken = self.queue.next() => deliver(&mut socket, taken).await,
                received = socket.recv() => self.receive(received).await,
                () = tokio::time::sleep_until(self.pulse.at()) => self.on_pulse(&mut socket).await,
            };
            if let Err(end) = step {
                break end;
            }
        };
        // Nothing is sent to this page any more: leave the rooms before the handshake.
        drop(self);
        end.say(socket).await
    }

    async fn receive(&mut self, received: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = received.ok_or(End::Lost)?.map_err(End::of_error)?;
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
            Message::Binary(_) => Err(End::close(1003, "")),
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

    async fn on_pulse(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let now = Instant::now();
        match self.pulse {
            Pulse::Hello(_) | Pulse::Answer(_) => Err(End::close(close::SILENT, "")),
            Pulse::Ask(_) => {
                self.pulse = Pulse::Answer(now + PONG_TIME);
                self.check_session().await;
                write(socket, [Message::Ping(bytes::Bytes::new())]).await
            }
        }
    }

    /// Closes the outbox when the session is over: signed out elsewhere, or by itself after
    /// its time. A store that cannot say now is asked again with the next pulse.
    async fn check_session(&self) {
        let (Some(_), Some(token)) = (&self.who, &self.token.0) else { return };
        if let Ok(None) = self.house.chat.who(token).await {
            self.outbox.close(close::SESSION_ENDED, "");
        }
    }
}

/// Writes all that waited and flushes once.
async fn deliver(socket: &mut WebSocket, taken: Take) -> Result<(), End> {
    match taken {
        Take::Frames(frames) => {
            let texts = frames.into_iter().filter_map(|frame| Utf8Bytes::try_from(frame).ok());
            write(socket, texts.map(Message::Text)).await
        }
        Take::Close { code, reason } => Err(End::Close { code, reason }),
    }
}

async fn write(socket: &mut WebSocket, messages: impl IntoIterator<Item = Message>) -> Result<(), End> {
    let written = async {
        for message in messages {
            socket.feed(message).await?;
        }
        socket.flush().await
    };
    match tokio::time::timeout(WRITE_TIME, written).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Lost),
    }
}
