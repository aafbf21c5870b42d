//! `GET /u/user/connect`: what is said to somebody is pushed to them. What they send is not looked at.

use super::caller::{Caller, connects, names};
use super::listening::{MOST_ROOMS, Place, Since};
use super::wire::NO_SOCKET;
use super::{DOOR, FRAME_BYTES, ids, translate};
use crate::accept::Slot;
use crate::compat::base::From;
use crate::compat::floor::{Seat, Voice};
use crate::compat::socket::{self, Call, Flow, Line, Talk};
use crate::house::House;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::RoomId;
use domain::event::What;
use domain::live::{Frame, Position};
use domain::message::Message;
use std::collections::HashMap;
use std::net::IpAddr;

pub async fn open(State(house): State<House>, From(visit): From, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let caller = match connects(&house, &parts).await {
        Ok(caller) => caller,
        Err(no) => return no.into_response(),
    };
    let Some(upgrade) = socket::upgrade(&mut parts).await else { return NO_SOCKET.into_response() };
    let call = call(&caller, visit.address, parts.extensions.get::<Slot>().cloned());
    // What is said from the moment of the answer on is heard.
    let Ok(known) = house.chat.rooms_within(&caller.vouched, MOST_ROOMS).await else {
        return NO_SOCKET.into_response();
    };
    let known = known.into_iter().collect();
    let opened = socket::open(&house, call, upgrade, move |line| Connected::begin(line, caller, known));
    opened.await.unwrap_or_else(|_| NO_SOCKET.into_response())
}

/// What a socket of somebody has to show.
pub fn call(caller: &Caller, address: IpAddr, slot: Option<Slot>) -> Call {
    let (who, token) = (caller.who.clone(), caller.token.clone());
    Call { door: DOOR, token, who, address, slot, frame_bytes: FRAME_BYTES }
}

struct Connected {
    house: House,
    caller: Caller,
    voice: Voice,
    place: Place,
    /// What rooms are called here, as far as it was asked.
    rooms: HashMap<RoomId, String>,
    _seat: Seat<Place>,
}

impl Connected {
    async fn begin(line: Line, caller: Caller, known: HashMap<RoomId, Position>) -> chat::Result<Self> {
        let Line { house, who, voice, outbox } = line;
        // First of all: of a room that they come into from now on they are told.
        house.chat.hear_of_joining(&outbox);
        let place = Place::new(outbox);
        let floor = &house.compat.simple.floor;
        // And who begins a private chat from now on finds this one here.
        let seat = floor.enter(&who.person, place.clone(), &voice);
        for earlier in floor.of(who.person.id).iter().filter(|guest| guest.id < seat.id) {
            earlier.voice.close();
        }
        for (room, now) in house.chat.rooms_within(&caller.vouched, MOST_ROOMS).await? {
            let since = known.get(&room).map_or(Since::New(now), |place| Since::Place(*place));
            place.hear(&house, room, since).await;
        }
        Ok(Self { house, caller, voice, place, rooms: HashMap::new(), _seat: seat })
    }

    /// This person is in a room from an event on. Rooms without a name here are none of the system's.
    async fn joined(&self, room: RoomId, seq: i64) -> chat::Result<()> {
        if self.house.chat.aliases(self.caller.system(), &[room]).await?.contains_key(&room) {
            self.place.hear(&self.house, room, Since::Seq(seq)).await;
        }
        Ok(())
    }

    async fn push(&mut self, room: RoomId, message: &Message) -> chat::Result<()> {
        let name = self.name_of(room).await?;
        let author = message.author.id;
        let sender = names(&self.house, self.caller.system(), vec![author]).await?.of(author);
        let body = self.house.compat.simple.written.find(&message.client_id);
        let push = translate::push(&name, message, sender, body.as_deref());
        if let Ok(text) = serde_json::to_string(&push) {
            self.voice.say(text);
        }
        Ok(())
    }

    async fn name_of(&mut self, room: RoomId) -> chat::Result<String> {
        if let Some(name) = self.rooms.get(&room) {
            return Ok(name.clone());
        }
        let named = self.house.chat.aliases(self.caller.system(), &[room]).await?.remove(&room);
        let name = named.unwrap_or_else(|| ids::of_room(room));
        self.rooms.insert(room, name.clone());
        Ok(name)
    }
}

impl Talk for Connected {
    async fn text(&mut self, _text: &str) -> Flow {
        Flow::Continue(())
    }

    async fn heard(&mut self, frame: Frame) -> Flow {
        let Frame::Event(event) = frame else { return Flow::Continue(()) };
        let me = self.caller.who.person.id;
        let done = match event.what {
            What::Said { message } if message.author.id != me => self.push(event.room, &message).await,
            What::Joined { member } if member.person.id == me => self.joined(event.room, event.seq).await,
            _ => Ok(()),
        };
        if let Err(cause) = done {
            // The history has it.
            tracing::warn!(%cause, "a message was not pushed");
        }
        Flow::Continue(())
    }
}
