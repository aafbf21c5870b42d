//! A facade's side of a socket: what the client says goes to its [`Talk`], and so does what happens
//! in the rooms that it listens to. One task per connection writes; nobody else ever waits for it.

use super::door;
use super::floor::{Ear, Voice};
use crate::accept::Slot;
use crate::gate::limits::Bucket;
use crate::house::House;
use crate::live;
use crate::live::upgrade::Upgrade;
use crate::live::wire;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use chat::Who;
use chat::hub::{Outbox, OutboxReader, Take, texts};
use domain::Problem;
use domain::live::Frame;
use futures::{SinkExt, StreamExt};
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Error, Message};

/// How often a connection is looked after before its silence is its end: one that was quiet between
/// two looks is asked whether it is there.
const LOOKS: u32 = 3;
/// How often its session is looked up.
const SESSION_EVERY: Duration = Duration::from_secs(60);
/// How long one frame may take to be written.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long the other side may take to take leave.
const FAREWELL: Duration = Duration::from_secs(2);
/// The third frame beyond the allowance closes.
const STRIKES: u32 = 3;
/// RFC 6455 §7.4.1: the server goes away; too much was sent.
const AWAY: u16 = 1001;
const POLICY: u16 = 1008;

/// Whether a conversation goes on.
pub type Flow = ControlFlow<()>;

/// What a facade makes of one connection.
pub trait Talk: Send + 'static {
    /// The client has said something.
    fn text(&mut self, text: &str) -> impl Future<Output = Flow> + Send;
    /// Something has happened in a room that the connection's outbox listens to.
    fn heard(&mut self, frame: Frame) -> impl Future<Output = Flow> + Send;
}

/// One connection, for its facade.
pub struct Line {
    pub house: House,
    pub who: Who,
    /// To this client alone.
    pub voice: Voice,
    /// To make it hear rooms: `chat.listen`.
    pub outbox: Outbox,
}

/// What a request has to show to become a socket.
pub struct Call {
    /// The facade, and the token that came: both are asked again while the socket is open.
    pub door: &'static str,
    pub token: String,
    pub who: Who,
    pub address: IpAddr,
    pub slot: Option<Slot>,
    /// Longest frame, in bytes.
    pub frame_bytes: usize,
}

/// The handshake of a request, if it is one.
pub async fn upgrade(parts: &mut Parts) -> Option<Upgrade> {
    Upgrade::from_request_parts(parts, &()).await.ok()
}

/// Has `begin` make the talk, and answers the handshake then: whoever has the answer hears all that is
/// said from then on.
///
/// # Errors
/// [`Problem::TooFast`] for too many sockets; nothing has been answered then.
pub async fn open<T, F>(
    house: &House,
    call: Call,
    upgrade: Upgrade,
    begin: impl FnOnce(Line) -> F + Send,
) -> Result<Response, Problem>
where
    T: Talk,
    F: Future<Output = chat::Result<T>> + Send,
{
    let held = live::admit(house, Some(&call.who), call.address, call.slot.clone())?;
    let house = house.clone();
    let (outbox, queue) = house.chat.hub().connect(Some(call.who.clone()));
    let (voice, ear) = Voice::new();
    let (bucket, who) = (house.allowance.commands(), call.who.clone());
    let line = Line { house: house.clone(), who, voice: voice.clone(), outbox: outbox.clone() };
    // The session may have ended between the request and the hub knowing of us.
    let talk = match door::still(&house, call.door, &call.who, &call.token).await {
        true => begin(line).await.inspect_err(|cause| tracing::debug!(%cause, "a conversation did not begin")).ok(),
        false => None,
    };
    let kept = Kept { house, call, queue, ear, bucket, strikes: 0, heard_at: Instant::now() };
    Ok(upgrade.then(move |stream, early| async move {
        tokio::spawn(async move {
            keep(kept, talk, (outbox, voice), (stream, early)).await;
            drop(held);
        });
    }))
}

/// `talk`: `None` for one that could not begin; its connection is closed.
async fn keep(kept: Kept, talk: Option<impl Talk>, ends: (Outbox, Voice), (stream, early): (TcpStream, Vec<u8>)) {
    let config = wire::config(kept.call.frame_bytes);
    let mut socket = WebSocketStream::from_partially_read(stream, early, Role::Server, Some(config)).await;
    let end = match talk {
        Some(talk) => Box::pin(kept.run(talk, &mut socket)).await,
        None => {
            drop(kept);
            None
        }
    };
    // They are not here any more, whether the client says goodbye or not.
    drop(ends);
    let _ = tokio::time::timeout(FAREWELL, take_leave(&mut socket, end)).await;
}

/// Says why, if there is a word for it. What the client has on its way is read meanwhile: unread, it
/// would turn our close into a reset, which may overtake the code.
async fn take_leave(socket: &mut WebSocketStream<TcpStream>, end: End) {
    let farewell = end.map(|code| CloseFrame { code: code.into(), reason: "".into() });
    if socket.close(farewell).await.is_ok() {
        while matches!(socket.next().await, Some(Ok(_))) {}
    }
}

struct Kept {
    house: House,
    call: Call,
    queue: OutboxReader,
    ear: Ear,
    bucket: Bucket,
    strikes: u32,
    /// When the client showed a sign of life last.
    heard_at: Instant,
}

/// Why a conversation ends: with a code to say, or with none.
type End = Option<u16>;

impl Kept {
    async fn run<T: Talk>(mut self, mut talk: T, socket: &mut WebSocketStream<TcpStream>) -> End {
        self.heard_at = Instant::now();
        let mut look = interval(self.look_every());
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut checked = Instant::now();
        loop {
            let step = tokio::select! {
                received = socket.next() => self.receive(&mut talk, received).await,
                taken = self.queue.next() => hear(&mut talk, taken).await,
                said = self.ear.next() => write(socket, said).await,
                _ = look.tick() => {
                    if checked.elapsed() >= SESSION_EVERY {
                        checked = Instant::now();
                        self.look(socket, true).await
                    } else {
                        self.look(socket, false).await
                    }
                }
            };
            if let ControlFlow::Break(end) = step {
                // What was said to it before is still written.
                while let Ok(Some(said)) = tokio::time::timeout(Duration::ZERO, self.ear.next()).await {
                    if write(socket, Some(said)).await.is_break() {
                        break;
                    }
                }
                return end;
            }
        }
    }

    async fn receive<T: Talk>(&mut self, talk: &mut T, received: Option<Result<Message, Error>>) -> ControlFlow<End> {
        let Some(Ok(message)) = received else { return ControlFlow::Break(None) };
        self.heard_at = Instant::now();
        if matches!(message, Message::Close(_)) {
            return ControlFlow::Break(None);
        }
        if self.bucket.take().is_err() {
            self.strikes += 1;
            return if self.strikes < STRIKES { ControlFlow::Continue(()) } else { ControlFlow::Break(Some(POLICY)) };
        }
        match message {
            Message::Text(text) => talk.text(&text).await.map_break(|()| None),
            _ => ControlFlow::Continue(()),
        }
    }

    fn look_every(&self) -> Duration {
        self.house.allowance.silence() / LOOKS
    }

    async fn look(&self, socket: &mut WebSocketStream<TcpStream>, asks: bool) -> ControlFlow<End> {
        let silent = self.heard_at.elapsed();
        if silent >= self.house.allowance.silence() {
            return ControlFlow::Break(None);
        }
        if asks && !door::still(&self.house, self.call.door, &self.call.who, &self.call.token).await {
            return ControlFlow::Break(None);
        }
        let ping = Message::Ping(bytes::Bytes::new());
        if silent >= self.look_every() { write(socket, Some(ping)).await } else { ControlFlow::Continue(()) }
    }
}

async fn hear<T: Talk>(talk: &mut T, taken: Take) -> ControlFlow<End> {
    match taken {
        Take::Close { .. } => ControlFlow::Break(Some(AWAY)),
        Take::Blocked => ControlFlow::Continue(()),
        Take::Frames(pieces) => {
            for piece in &pieces {
                // What is for our own pages alone is of another kind, and passed over.
                for frame in texts(piece).filter_map(|text| serde_json::from_slice::<Frame>(text).ok()) {
                    talk.heard(frame).await.map_break(|()| None)?;
                }
            }
            ControlFlow::Continue(())
        }
    }
}

async fn write(socket: &mut WebSocketStream<TcpStream>, said: Option<Message>) -> ControlFlow<End> {
    let Some(message) = said else { return ControlFlow::Break(Some(POLICY)) };
    if matches!(message, Message::Close(_)) {
        return ControlFlow::Break(None);
    }
    match tokio::time::timeout(WRITE_TIME, socket.send(message)).await {
        Ok(Ok(())) => ControlFlow::Continue(()),
        Ok(Err(_)) | Err(_) => ControlFlow::Break(None),
    }
}
