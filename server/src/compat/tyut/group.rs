//! `GET /api/chat_groups`: the lobby.

use super::caller::{Caller, connects};
use super::chatting::{self, say, text};
use super::saying;
use super::translate::{TEXT_ID, client_id, group_frame, image_id, kind_of, notice, told};
use super::wire::{BROKEN, Said, kind, system};
use super::{DOOR, LOBBY, Place};
use crate::compat::base::From;
use crate::compat::floor::{Floor, Seat, Voice};
use crate::compat::socket::{Flow, Line, Talk};
use crate::house::House;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use chat::{Problem, Thing};
use domain::RoomId;
use domain::event::What;
use domain::live::{Frame, Position};

pub async fn open(State(house): State<House>, From(visit): From, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let caller = match connects(&house, &parts).await {
        Ok(caller) => caller,
        Err(no) => return no.into_response(),
    };
    // What is said from the moment of the answer on is heard.
    let Ok((room, since)) = place(&house, &caller).await else { return BROKEN.into_response() };
    let begin = {
        let caller = caller.clone();
        move |line| Group::begin(line, caller, room, since)
    };
    chatting::open(&house, &caller, parts, visit.address, begin).await
}

async fn place(house: &House, caller: &Caller) -> chat::Result<(RoomId, Position)> {
    let room = lobby(house).await?;
    let reader = house.chat.reader(Some(&caller.who), room).await?;
    Ok((room, house.chat.position(&reader).await?))
}

/// The room behind the lobby.
///
/// # Errors
/// `NotFound(Room)` if an administrator has removed it.
pub async fn lobby(house: &House) -> chat::Result<RoomId> {
    let found = house.chat.find_room_of(DOOR, LOBBY).await?;
    Ok(found.ok_or(Problem::not_found(Thing::Room))?)
}

fn is_lobby(place: &Place) -> bool {
    matches!(place, Place::Lobby)
}

struct Group {
    house: House,
    caller: Caller,
    voice: Voice,
    room: RoomId,
    floor: Floor<Place>,
    seat: Option<Seat<Place>>,
}

impl Group {
    async fn begin(line: Line, caller: Caller, room: RoomId, since: Position) -> chat::Result<Self> {
        let Line { house, who, voice, outbox } = line;
        let floor = house.compat.tyut.floor.clone();
        let seat = Some(floor.enter(&who.person, Place::Lobby, &voice));
        let group = Self { house, caller, voice, room, floor, seat };
        let reader = group.house.chat.reader(Some(&who), room).await?;
        group.house.chat.listen(reader, &outbox, Some(since)).await?;
        Ok(group)
    }

    fn online(&self) -> usize {
        self.floor.count_people(is_lobby)
    }

    /// 系统消息: to this client alone, in its own name.
    fn refuse(&self, words: &str) {
        let (me, at) = (&self.caller.who.person, self.house.chat.now());
        say(&self.voice, &notice(me, kind::SYSTEM, words.to_owned(), at, self.online()));
    }

    /// To everybody: somebody came or went.
    fn announce(&self, kind: i64, words: &str) {
        let me = &self.caller.who.person;
        let content = format!("[{}]{words}", me.name);
        let frame = notice(me, kind, content, self.house.chat.now(), self.online());
        self.floor.tell(is_lobby, None, &text(&frame).into());
    }

    async fn post(&self, said: &Said) {
        if said.content.trim().is_empty() {
            return self.refuse(system::BLANK);
        }
        let id = if said.msg_type == kind::TEXT { client_id(TEXT_ID) } else { image_id() };
        let Some(id) = id else { return self.refuse(system::NOT_SENT) };
        let words = (said.content.as_str(), said.content.as_str());
        let posted = saying::say(&self.house, &self.caller.who, self.room, &id, words, None).await;
        if let Err(error) = posted {
            self.refuse(told(&error.into_problem(), system::NOT_SENT));
        }
    }
}

impl Talk for Group {
    async fn text(&mut self, text: &str) -> Flow {
        match Said::read(text) {
            None => self.refuse(system::NOT_JSON),
            Some(said) => match said.msg_type {
                kind::TEXT | kind::IMAGE | kind::IMAGE_ALIAS => self.post(&said).await,
                kind::IN_ROOM => self.announce(kind::IN_ROOM, "进入聊天室"),
                _ => self.refuse(system::ODD_TYPE),
            },
        }
        Flow::Continue(())
    }

    async fn heard(&mut self, frame: Frame) -> Flow {
        let event = match frame {
            Frame::Event(event) => event,
            // The lobby is not theirs any more.
            Frame::Gone { .. } => return Flow::Break(()),
            _ => return Flow::Continue(()),
        };
        if let What::Said { message } = event.what
            && let Some(kind) = kind_of(&message)
        {
            // Files are for two; here it is what they are called.
            let kind = if kind == kind::FILE { kind::TEXT } else { kind };
            let body = self.house.compat.tyut.written.find(&message.client_id);
            say(&self.voice, &group_frame(&message, kind, body.as_deref(), self.online()));
        }
        Flow::Continue(())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Already reduced when the others are told.
        self.seat = None;
        self.announce(kind::OUT_ROOM, "离开聊天室");
    }
}
