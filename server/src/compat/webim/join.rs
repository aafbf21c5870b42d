//! The socket: raw texts in, JSON out (seed 000, 聊天记录).

use super::approvals::Approval;
use super::board::{Cause, Room, SYSTEM_USER};
use super::duty::OnDuty;
use super::translate::{Told, frame, told};
use super::{At, SYSTEM, content, people, post, wire};
use crate::accept::Slot;
use crate::compat::base::{Base, From, in_query};
use crate::compat::door;
use crate::compat::floor::{Seat, Voice};
use crate::compat::socket::{self, Call, Flow, Line, Talk};
use crate::house::House;
use app::text::{Lang, text};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chat::{RoomReader, Who};
use domain::Problem;
use domain::event::{Event, What};
use domain::live::Frame;
use domain::member::Role;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Longest frame of a client, in bytes: pictures come as texts.
const FRAME_BYTES: usize = 8 * 1024 * 1024;

pub async fn join(State(house): State<House>, base: Base, From(visit): From, request: Request) -> Response {
    let asked = request.uri().query().unwrap_or_default();
    let token = in_query(asked, "token").unwrap_or_default();
    let Some((who, room)) = admit(&house, &token, in_query(asked, "room").as_deref()).await else {
        return base.redirect("/");
    };
    let (mut parts, _) = request.into_parts();
    let slot = parts.extensions.get::<Slot>().cloned();
    let Some(upgrade) = socket::upgrade(&mut parts).await else {
        return (StatusCode::BAD_REQUEST, "Not a websocket handshake").into_response();
    };
    let call = Call { door: SYSTEM, token: token.clone(), who, address: visit.address, slot, frame_bytes: FRAME_BYTES };
    let files: Arc<str> = base.url("/media/").into();
    let begin = move |line: Line| Conversation::begin(line, room, token, files);
    socket::open(&house, call, upgrade, begin).await.unwrap_or_else(|_| base.redirect("/"))
}

/// Whether somebody may come into a room; without a number that is room 1.
async fn admit(house: &House, token: &str, room: Option<&str>) -> Option<(Who, Arc<Room>)> {
    let who = door::pass(house, SYSTEM, Some(token)).await.who()?;
    let number = room.and_then(|room| room.trim().parse().ok()).filter(|number| *number != 0).unwrap_or(1);
    let room = house.compat.webim.room(number)?.clone();
    house.chat.reader(Some(&who), room.id).await.ok()?;
    let is_admin = house.chat.host(Some(&who), room.id).await.is_ok();
    let has_admin = || house.compat.webim.floor.count_people(|at| at.admin && at.room == number) > 0;
    (is_admin || has_admin()).then_some((who, room))
}

/// One connection.
struct Conversation {
    house: House,
    who: Who,
    voice: Voice,
    room: Arc<Room>,
    reader: RoomReader,
    at: At,
    /// `None` when it has been left.
    seat: Option<Seat<At>>,
    _duty: Option<OnDuty>,
}

impl Conversation {
    async fn begin(line: Line, room: Arc<Room>, token: String, files: Arc<str>) -> chat::Result<Self> {
        let Line { house, who, voice, outbox } = line;
        let reader = house.chat.reader(Some(&who), room.id).await?;
        let admin = house.chat.host(Some(&who), room.id).await.is_ok();
        let name = people::name(&house, &who.person).await;
        let at = At { room: room.number, name, admin, files };
        house.chat.listen(reader.clone(), &outbox, None).await?;
        let duty = admin.then(|| house.compat.webim.duties.joined(&who, &token, room.number));
        let enter = || enter(&house, &who, &at, &voice);
        let seat = room.welcome(&house, &reader, (&voice, &at), enter).await;
        if let Some(Approval { admin, text, .. }) = house.compat.webim.approvals.about(at.room, &at.name) {
            voice.say(frame(wire::MESSAGE, &admin, at.room, house.chat.now(), &text));
        }
        Ok(Self { house, who, voice, room, reader, at, seat: Some(seat), _duty: duty })
    }

    /// What the room hears of this client.
    fn tell(&self, kind: u8, content: &str) {
        tell(&self.house, &self.at, kind, content);
    }

    async fn say(&self, told: Told<'_>, text: &str) -> Result<(), Problem> {
        match told {
            Told::Ping => Ok(()),
            // No message of the room; others than admins are not heard.
            Told::Approval { user, .. } if self.at.admin => {
                self.house.chat.writer(Some(&self.who), self.room.id).await.map_err(chat::Error::into_problem)?;
                let (room, admin) = (self.at.room, self.at.name.clone());
                let approval = Approval { room, user, admin, text: text.to_owned() };
                self.house.compat.webim.approvals.note(approval);
                self.tell(wire::MESSAGE, text);
                Ok(())
            }
            Told::Approval { .. } => Ok(()),
            Told::Picture { kind, base64 } => {
                post::picture(&self.house, &self.who, self.room.id, text, (kind, base64)).await
            }
            Told::Words => post::words(&self.house, &self.who, self.room.id, text).await.map(drop),
        }
    }

    async fn happened(&mut self, event: Event) {
        match event.what {
            What::Said { message } => {
                let cell = self.house.compat.webim.said.frames(self.room.id, event.seq);
                let make = || content::frames(&self.house, &self.reader, self.room.number, &message);
                for frame in cell.get_or_init(make).await.iter() {
                    self.voice.say(frame.clone());
                }
            }
            What::StageChanged { .. } => self.room.tell_video(&self.house, &self.reader).await,
            What::RoleChanged { person, role } if person == self.who.person.id => self.become_role(role),
            what => {
                if let Some(rev) = what.wall_rev() {
                    self.room.tell_wall(&self.house, &self.reader, Cause::Changed(Some(rev))).await;
                }
            }
        }
    }

    fn become_role(&mut self, role: Role) {
        self.at.admin = role == Role::Host || self.who.role == domain::person::SiteRole::Admin;
        if let Some(seat) = &self.seat {
            seat.go(self.at.clone());
        }
        if !self.at.admin {
            self._duty = None;
        }
    }
}

impl Talk for Conversation {
    async fn text(&mut self, said: &str) -> Flow {
        match self.say(told(said), said).await {
            // Kept for the hosts to look at; the others hear of it later, or never.
            Ok(()) | Err(Problem::Held) => {}
            // The seed has no frame for a refusal. Silence would be a riddle: the sender alone is
            // told why, in words.
            Err(problem) => {
                let why = text(Lang::Zh).problem(&problem);
                self.voice.say(frame(wire::MESSAGE, SYSTEM_USER, self.at.room, self.house.chat.now(), &why));
            }
        }
        ControlFlow::Continue(())
    }

    async fn heard(&mut self, frame: Frame) -> Flow {
        match frame {
            Frame::Event(event) if event.room == self.room.id => self.happened(event).await,
            Frame::Gone { room, .. } if room == self.room.id => return ControlFlow::Break(()),
            // The gate has shut; admins stay inside.
            Frame::Waiting { room, .. } if room == self.room.id && !self.at.admin => return ControlFlow::Break(()),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Seats somebody, and tells the room that they are there, or there again.
fn enter(house: &House, who: &Who, at: &At, voice: &Voice) -> Seat<At> {
    let is_here = house.compat.webim.floor.count_people(is_same(at)) > 0;
    let seat = house.compat.webim.floor.enter(&who.person, at.clone(), voice);
    let (kind, content) = if is_here { (wire::AGAIN, "我又来了！") } else { (wire::JOINED, "大家好！") };
    tell(house, at, kind, content);
    seat
}

/// Somebody of this name in the room.
fn is_same(at: &At) -> impl Fn(&At) -> bool {
    |other| other.room == at.room && other.name == at.name
}

fn tell(house: &House, at: &At, kind: u8, content: &str) {
    let text = frame(kind, &at.name, at.room, house.chat.now(), content).into();
    house.compat.webim.floor.tell(|other| other.room == at.room, None, &text);
}

impl Drop for Conversation {
    fn drop(&mut self) {
        let is_last = self.seat.take().is_some_and(|seat| seat.leave(is_same(&self.at)));
        if is_last {
            self.tell(wire::LEFT, "");
        }
    }
}
