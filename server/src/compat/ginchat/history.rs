//! Messages as rows of a list.

use super::translate::{NO_FACE, Written, pieces_of, row};
use super::wire::Row;
use super::{DOOR, html, users};
use crate::compat::base::Base;
use crate::house::House;
use chat::{CountedFrom, RoomReader, Who};
use domain::attachment::{Attachment, Look};
use domain::message::Message;
use domain::{MessageId, PersonId, RoomId};

/// Rows of one answer.
const PAGE: u32 = 100;

/// To whom rows are shown, and where.
pub struct Shown<'a> {
    pub house: &'a House,
    pub base: &'a Base,
    pub who: &'a Who,
}

impl Shown<'_> {
    /// A hundred messages of a room after the newest `skip`, newest first.
    pub async fn public(&self, number: u8, skip: u32) -> chat::Result<Vec<Row>> {
        let room = super::room(self.house, number).await?;
        let reader = self.house.chat.reader(Some(self.who), room).await?;
        let messages = self.house.chat.passage(&reader, CountedFrom::Newest, skip, PAGE).await?;
        self.rows(&reader, messages, |_, written| (number, 0, written)).await
    }

    /// The same in private with somebody; nothing if the two have not talked.
    pub async fn private(&self, other: PersonId, skip: u32) -> chat::Result<Vec<Row>> {
        let Some(reader) = self.house.chat.find_private(self.who, other).await? else { return Ok(Vec::new()) };
        let messages = self.house.chat.passage(&reader, CountedFrom::Newest, skip, PAGE).await?;
        let me = self.who.person.id;
        let to = |message: &Message| if message.author.id == me { other } else { me };
        self.rows(&reader, messages, |message, written| (written.room, to(message).0, written)).await
    }

    /// What one said in the rooms last, newest first.
    pub async fn own(&self) -> chat::Result<Vec<Row>> {
        let mut rows = Vec::new();
        for number in super::ROOMS {
            let room = super::room(self.house, number).await?;
            // One that is shut for them now shows nothing.
            let Ok(reader) = self.house.chat.reader(Some(self.who), room).await else { continue };
            let messages = self.house.chat.own_passage(&reader, PAGE).await?;
            rows.append(&mut self.rows(&reader, messages, |_, written| (number, 0, written)).await?);
        }
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        rows.truncate(PAGE as usize);
        Ok(rows)
    }

    async fn rows(
        &self,
        reader: &RoomReader,
        messages: Vec<Message>,
        place: impl Fn(&Message, Written) -> (u8, i64, Written),
    ) -> chat::Result<Vec<Row>> {
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let people: Vec<PersonId> = messages.iter().map(|message| message.author.id).collect();
        let mut originals = self.house.chat.originals(reader, DOOR, &ids).await?;
        let faces = users::faces(self.house, &people).await?;
        let rows = messages.iter().map(|message| {
            // One that was said this moment is kept a little later.
            let recent = || self.house.compat.ginchat.recent.get(message.client_id.as_str());
            let body = originals.remove(&message.id).map(|original| original.body).or_else(recent);
            let written = body.and_then(|body| serde_json::from_str(&body).ok());
            let written = written.unwrap_or_else(|| from_elsewhere(self.base, reader.room().id, message));
            let (room, to, written) = place(message, written);
            row(message, written, (room, to), faces.get(&message.author.id).map_or(NO_FACE, String::as_str))
        });
        Ok(rows.collect())
    }
}

/// A message that another door let in.
pub fn from_elsewhere(base: &Base, room: RoomId, message: &Message) -> Written {
    let address = |file: &Attachment| match file.look {
        Look::Picture { .. } => Some(base.url(&format!("/uploads/{room}/{}", file.blob))),
        Look::File | Look::Audio | Look::Video => None,
    };
    Written { content: html::html(&pieces_of(message, address)), ..Written::default() }
}
