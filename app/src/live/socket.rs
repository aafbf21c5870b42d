//! The socket: connects, resumes, comes back after a loss. The only file that names gloo-net.

use super::Live;
use super::link::{Cause, Ended, back_off};
use crate::browser;
use domain::live::{Command, Frame, MAX_FRAME, VERSION, close};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, poll_fn, select};
use futures::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use leptos::prelude::{location, window};
use leptos::task::spawn_local;
use std::pin::pin;

/// How long a connection may take to open.
const OPEN_MS: i32 = 10_000;

pub type Outgoing = UnboundedSender<Out>;

/// What the page tells the socket.
pub enum Out {
    Send(Command),
    /// Connect now if not connected.
    Wake,
    /// The connection is dead: drop it and come back.
    Drop,
}

/// Why a connection ended.
enum End {
    /// The page was left.
    Left,
    /// It could not be opened, or was lost.
    Lost,
    /// The server closed it.
    Closed { code: u16, reason: String },
}

/// Connects and stays connected until the returned way out is dropped.
pub fn open(live: Live) -> Outgoing {
    let (out, commands) = unbounded();
    spawn_local(keep_connected(live, commands));
    out
}

async fn keep_connected(live: Live, mut commands: UnboundedReceiver<Out>) {
    let mut attempt = 0;
    loop {
        let ended = converse(live, &mut commands, &mut attempt).await;
        if live.is_over() {
            return;
        }
        let (cause, wait) = match ended {
            End::Left => return,
            End::Closed { code, reason } if !close::comes_back(code) => {
                return live.end(match code {
                    close::VERSION => Ended::Outdated,
                    close::REPLACED if browser::MEMBER => Ended::Replaced(reason),
                    _ => Ended::SignedOut,
                });
            }
            End::Closed { code: close::DRAIN, reason } => (Cause::Restart, spread(&reason)),
            End::Closed { .. } | End::Lost => (cause(), back_off(attempt, js_sys::Math::random())),
        };
        attempt += 1;
        live.lost(cause, Some(browser::now() + wait));
        if !pause(wait, &mut commands).await {
            return;
        }
    }
}

/// One connection, from opening to its end.
async fn converse(live: Live, commands: &mut UnboundedReceiver<Out>, attempt: &mut u32) -> End {
    let Some(mut socket) = address().and_then(|address| WebSocket::open(&address).ok()) else { return End::Lost };
    let hello = Command::Hello { version: VERSION };
    match select(pin!(say(&mut socket, &hello)), pin!(sleep(OPEN_MS))).await {
        Either::Left((true, _)) => {}
        Either::Left((false, _)) | Either::Right(_) => return End::Lost,
    }
    loop {
        // Taken apart first, so that nothing still borrows the socket below.
        let (incoming, outgoing) = match select(socket.next(), commands.next()).await {
            Either::Left((incoming, _)) => (Some(incoming), None),
            Either::Right((outgoing, _)) => (None, Some(outgoing)),
        };
        if let Some(incoming) = incoming
            && let Some(end) = heard(live, incoming, attempt)
        {
            return end;
        }
        match outgoing {
            Some(Some(Out::Send(command))) => {
                if !say(&mut socket, &command).await {
                    return End::Lost;
                }
            }
            Some(Some(Out::Drop)) => return End::Lost,
            Some(None) => return End::Left,
            Some(Some(Out::Wake)) | None => {}
        }
    }
}

/// Sends a command once the socket is open. `false`: it is closed. Looked at before, because
/// writing to a closed socket is no error for the caller, only a complaint in the console.
async fn say(socket: &mut WebSocket, command: &Command) -> bool {
    poll_fn(|context| socket.poll_ready_unpin(context)).await.is_ok()
        && matches!(socket.state(), State::Open)
        && socket.send(text(command)).await.is_ok()
}

/// Takes over what came; the end if it was the end.
fn heard(live: Live, incoming: Option<Result<Message, WebSocketError>>, attempt: &mut u32) -> Option<End> {
    match incoming {
        _ if live.is_over() => Some(End::Left),
        Some(Ok(Message::Text(json))) => {
            if let Ok(frame) = serde_json::from_str::<Frame>(&json) {
                // Only a server that answers ends the waiting.
                *attempt = 0;
                live.take(frame);
            }
            None
        }
        Some(Err(WebSocketError::ConnectionClose(event))) => {
            Some(End::Closed { code: event.code, reason: event.reason })
        }
        // An error is followed by the close that says more.
        Some(Ok(Message::Bytes(_)) | Err(_)) => None,
        None => Some(End::Lost),
    }
}

/// Waits before the next try, or until woken. `false`: the page was left. Commands written
/// meanwhile are dropped; messages are sent again from what is pending.
async fn pause(ms: i64, commands: &mut UnboundedReceiver<Out>) -> bool {
    let mut timer = pin!(sleep(ms as i32));
    loop {
        match select(timer.as_mut(), commands.next()).await {
            Either::Left(_) | Either::Right((Some(Out::Wake), _)) => return true,
            Either::Right((None, _)) => return false,
            Either::Right((Some(Out::Send(_) | Out::Drop), _)) => {}
        }
    }
}

fn address() -> Option<String> {
    let scheme = if location().protocol().ok()? == "https:" { "wss" } else { "ws" };
    Some(format!("{scheme}://{}/api/v1/live", location().host().ok()?))
}

/// A frame as JSON. One that is too large would only end the connection, so it becomes a
/// ping; the longest message is far below the limit.
fn text(command: &Command) -> Message {
    let json = serde_json::to_string(command).unwrap_or_default();
    let fits = !json.is_empty() && json.len() <= MAX_FRAME;
    Message::Text(if fits { json } else { r#""ping""#.to_owned() })
}

/// The server asks its pages to come back spread over so many milliseconds.
fn spread(reason: &str) -> i64 {
    let over: u16 = reason.parse().unwrap_or(5_000);
    (f64::from(over.min(60_000)) * js_sys::Math::random()) as i64
}

fn cause() -> Cause {
    if window().navigator().on_line() { Cause::Lost } else { Cause::Offline }
}

async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
