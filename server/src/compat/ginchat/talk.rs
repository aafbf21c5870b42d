//! One connection: where it is, what its person says, and what others say there or to them.

use super::history::from_elsewhere;
use super::html::{self, Piece};
use super::translate::NO_FACE;
use super::translate::{Said, Wish, Written, came, frame, said, went, wish};
use super::wire::{self, FrameData, Nothing, Present};
use super::{DOOR, Place, users};
use crate::compat::base::Base;
use crate::compat::floor::{Seat, Voice};
use crate::compat::socket::{Flow, Line, Talk};
use crate::house::House;
use chat::hub::Outbox;
use chat::{Original, RoomWriter, Who};
use domain::attachment::MAX_FILES;
use domain::event::What;
use domain::live::Frame;
use domain::message::Message;
use domain::{BlobId, ClientId, PersonId, RoomId};
use std::ops::ControlFlow;
use std::sync::PoisonError;

pub struct Conversation {
    house: House,
    base: Base,
    who: Who,
    voice: Voice,
    outbox: Outbox,
    seat: Seat<Place>,
    place: Place,
    /// The room that it listens to.
    room: Option<RoomId>,
}

impl Conversation {
    pub fn begin(line: Line, base: Base) -> Self {
        let Line { house, who, voice, outbox } = line;
        house.chat.hear_privately(&outbox);
        let place = Place::default();
        let seat = house.compat.ginchat.floor.enter(&who.person, place.clone(), &voice);
        Self { house, base, who, voice, outbox, seat, place, room: None }
    }

    /// Goes into a room; another connection of the same person there has to leave it.
    async fn online(&mut self, number: u8) -> chat::Result<()> {
        let room = super::room(&self.house, number).await?;
        let reader = self.house.chat.reader(Some(&self.who), room).await?;
        if self.place.number() != number {
            self.leave();
        }
        self.house.chat.listen(reader, &self.outbox, None).await?;
        self.room = Some(room);
        let facade = &self.house.compat.ginchat;
        {
            let _turn = facade.going.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = facade.floor.of(self.who.person.id);
            for other in mine.iter().filter(|other| other.id != self.seat.id && other.place.number() == number) {
                other.place.set(0);
                other.voice.say(wire::REPLACED);
            }
            self.place.set(number);
        }
        self.tell_room(number, came(&self.who.person, number, self.house.chat.now()));
        Ok(())
    }

    /// Goes out of the room, if it is in one; the others there are told.
    fn leave(&mut self) {
        if let Some(room) = self.room.take() {
            self.house.chat.unlisten(&self.outbox, room);
        }
        let number = self.place.number();
        if number > 0 {
            self.place.set(0);
            self.tell_room(number, went(&self.who.person, self.house.chat.now()));
        }
    }

    fn tell_room(&self, number: u8, text: String) {
        let floor = &self.house.compat.ginchat.floor;
        floor.tell(|place| place.number() == number, Some(self.seat.id), &text.into());
    }

    async fn list(&self, number: u8) -> chat::Result<()> {
        if self.place.number() != number {
            return Ok(());
        }
        let guests = self.house.compat.ginchat.floor.at(|place| place.number() == number);
        let people: Vec<PersonId> = guests.iter().map(|guest| guest.person.id).collect();
        let faces = users::faces(&self.house, &people).await?;
        let present = guests.into_iter().map(|guest| Present {
            conn: Nothing {},
            remote_addr: String::new(),
            uid: guest.person.id.to_string(),
            username: guest.person.name,
            room_id: number.to_string(),
            avatar_id: faces.get(&guest.person.id).map_or(NO_FACE, String::as_str).to_owned(),
        });
        let list: Vec<Present> = present.collect();
        let (count, time) = (list.len(), self.house.chat.now());
        self.voice.say(frame(4, FrameData { count, list: Some(list), time, ..FrameData::default() }));
        Ok(())
    }

    /// Says something to all in the room.
    async fn say(&self, number: u8, said: Said) -> chat::Result<()> {
        let Some(room) = self.room.filter(|_| self.place.number() == number) else { return Ok(()) };
        let writer = self.house.chat.writer(Some(&self.who), room).await?;
        self.post(&writer, said, number).await
    }

    /// Says something to one of our own; kept, whether they are here or not.
    async fn say_privately(&self, number: u8, to: i64, said: Said) -> chat::Result<()> {
        let Some(other) = self.house.chat.local_person(PersonId(to)).await? else { return Ok(()) };
        let room = self.house.chat.start_private(&self.who, &other.name).await?;
        let writer = self.house.chat.writer(Some(&self.who), room.id).await?;
        self.post(&writer, said, number).await
    }

    async fn post(&self, writer: &RoomWriter, said: Said, number: u8) -> chat::Result<()> {
        let chat = &self.house.chat;
        let mut pieces = html::pieces(&said.content);
        let (mut files, mut words) = (Vec::new(), Vec::new());
        let mut image_url = said.image_url;
        for piece in &mut pieces {
            if let Piece::Picture { src, .. } = piece
                && files.len() < MAX_FILES
                && let Some(blob) = uploaded(src)
                // Where no file is taken, its address is said.
                && let Ok(Some(file)) = chat.bring_open_file(writer, &blob).await
                && !files.contains(&file)
            {
                // A copy has an address of its own, which lives as long as the message.
                let address = self.base.url(&format!("/uploads/{file}"));
                if image_url == *src {
                    image_url.clone_from(&address);
                }
                *src = address;
                files.push(file);
            } else {
                words.push(piece.clone());
            }
        }
        let text = html::text(&words);
        if text.is_empty() && files.is_empty() {
            return Ok(());
        }
        let written = Written { content: html::html(&pieces), image_url, room: number };
        let Ok(body) = serde_json::to_string(&written) else { return Ok(()) };
        let client_id = ClientId::parse(&format!("{DOOR}-{:032x}", rand::random::<u128>()))?;
        self.house.compat.ginchat.recent.put(client_id.as_str(), &body);
        let posted = chat.post_with(writer, &client_id, &text, &files).await?;
        chat.keep_original(writer, posted.message.id, DOOR, Original { name: String::new(), body }).await
    }

    /// Something was said in the room, or to this person.
    async fn hear(&self, room: RoomId, message: &Message) -> chat::Result<()> {
        let (number, is_ours) = (self.place.number(), message.client_id.as_str().starts_with(DOOR));
        let is_own = message.author.id == self.who.person.id;
        let is_public = self.room == Some(room);
        if number == 0 || is_own && (is_ours || !is_public) {
            return Ok(());
        }
        // All in the room hear the same: it is made once.
        let recent = &self.house.compat.ginchat.recent;
        let key = format!("{}@{}", message.id, self.base.url(""));
        if is_public && let Some(frame) = recent.get(&key) {
            self.voice.say(frame);
            return Ok(());
        }
        let written = if is_ours { self.written(room, message).await? } else { None };
        if !is_public && written.as_ref().is_some_and(|written| written.room != number) {
            return Ok(());
        }
        let written = written.unwrap_or_else(|| from_elsewhere(&self.base, room, message));
        let face = users::face(&self.house, message.author.id).await?;
        let state = if is_public { 3 } else { 5 };
        let frame = said(state, message, written.content, number, face);
        if is_public {
            recent.put(&key, &frame);
        }
        self.voice.say(frame);
        Ok(())
    }

    async fn written(&self, room: RoomId, message: &Message) -> chat::Result<Option<Written>> {
        if let Some(body) = self.house.compat.ginchat.recent.get(message.client_id.as_str()) {
            return Ok(serde_json::from_str(&body).ok());
        }
        let reader = self.house.chat.reader(Some(&self.who), room).await?;
        let original = self.house.chat.originals(&reader, DOOR, &[message.id]).await?.remove(&message.id);
        Ok(original.and_then(|original| serde_json::from_str(&original.body).ok()))
    }
}

/// The file behind an address of ours.
fn uploaded(src: &str) -> Option<BlobId> {
    let (_, blob) = src.rsplit_once("/uploads/")?;
    BlobId::parse(blob).ok()
}

impl Talk for Conversation {
    async fn text(&mut self, text: &str) -> Flow {
        let done = match wish(text) {
            Some(Wish::Heartbeat) => {
                self.voice.say(wire::HEARTBEAT);
                Ok(())
            }
            Some(Wish::Online { room }) => self.online(room).await,
            Some(Wish::Say { room, said }) => self.say(room, said).await,
            Some(Wish::List { room }) => self.list(room).await,
            Some(Wish::Private { room, to, said }) => self.say_privately(room, to, said).await,
            None => Ok(()),
        };
        if let Err(problem) = done.map_err(chat::Error::into_problem) {
            // The protocol has no word for it.
            tracing::debug!(%problem, "a frame was refused");
        }
        ControlFlow::Continue(())
    }

    async fn heard(&mut self, heard: Frame) -> Flow {
        match heard {
            Frame::Event(event) => {
                if let What::Said { message } = &event.what
                    && let Err(cause) = self.hear(event.room, message).await
                {
                    tracing::warn!(%cause, "a message was not told");
                }
            }
            Frame::Gone { room, .. } if self.room == Some(room) => self.leave(),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.leave();
    }
}
