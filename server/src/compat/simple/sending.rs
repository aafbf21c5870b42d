//! `GET /rm/room/room_message` as a socket: each frame is a message to a room, answered by one frame.

use super::caller::{Caller, connects};
use super::connect::call;
use super::messages::to_room;
use super::translate::unwrap;
use super::wire::{self, BROKEN, NO_SOCKET};
use crate::accept::Slot;
use crate::compat::base::{From, in_query};
use crate::compat::body::Fields;
use crate::compat::floor::Voice;
use crate::compat::socket::{self, Flow, Line, Talk};
use crate::house::House;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::live::Frame;
use serde_json::Value;

pub async fn open(State(house): State<House>, From(visit): From, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let caller = match connects(&house, &parts).await {
        Ok(caller) => caller,
        Err(no) => return no.into_response(),
    };
    let first = first(parts.uri.query().unwrap_or_default());
    let Some(upgrade) = socket::upgrade(&mut parts).await else { return NO_SOCKET.into_response() };
    let call = call(&caller, visit.address, parts.extensions.get::<Slot>().cloned());
    let opened = socket::open(&house, call, upgrade, move |line| Sending::begin(line, caller, first));
    opened.await.unwrap_or_else(|_| NO_SOCKET.into_response())
}

/// The message in the address, if there is one.
fn first(query: &str) -> Option<Fields> {
    let field = |name: &str| in_query(query, name).map(|value| (name.to_owned(), Value::from(value)));
    Some(Fields([field("room_id")?, field("message")?].into_iter().collect()))
}

struct Sending {
    house: House,
    caller: Caller,
    voice: Voice,
}

impl Sending {
    async fn begin(line: Line, caller: Caller, first: Option<Fields>) -> chat::Result<Self> {
        let sending = Self { house: line.house, caller, voice: line.voice };
        if let Some(first) = first {
            sending.send(Some(first)).await;
        }
        Ok(sending)
    }

    async fn send(&self, fields: Option<Fields>) {
        let answer = match fields {
            Some(fields) => to_room(&self.house, &self.caller, &fields).await,
            None => Err(BROKEN),
        };
        self.voice.say(wire::text(&answer));
    }
}

impl Talk for Sending {
    async fn text(&mut self, text: &str) -> Flow {
        let fields = serde_json::from_str(text).ok().map(|fields| unwrap(Fields(fields)).1);
        self.send(fields).await;
        Flow::Continue(())
    }

    async fn heard(&mut self, _frame: Frame) -> Flow {
        Flow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_hold_the_first_message() {
        let fields = first("token=t&room_id=39&message=hello+world").map(|fields| fields.text("message"));
        assert_eq!(fields, Some(Some("hello world".to_owned())));
        assert_eq!(first("room_id=39"), None);
    }
}
