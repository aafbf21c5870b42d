//! One connection: what its person wants, and what others say to them.

use super::translate::{Refused, Wish, content_of, live, message_of, named, past, reason, refused, system, wish};
use super::users::find;
use super::{DOOR, translate, wire};
use crate::compat::floor::{Seat, Voice};
use crate::compat::socket::{Flow, Line, Talk};
use crate::house::House;
use chat::{CountedFrom, Original, Problem, RoomReader, Who};
use domain::event::What;
use domain::live::Frame;
use domain::message::Message;
use domain::{ClientId, MessageId};
use std::ops::ControlFlow;

pub struct Conversation {
    house: House,
    who: Who,
    voice: Voice,
    seat: Seat<()>,
    /// Its session was made for it alone, and ends with it.
    is_legacy: bool,
    /// Keeps the connection in the house.
    _outbox: chat::hub::Outbox,
}

impl Conversation {
    pub fn begin(line: Line, is_legacy: bool) -> Self {
        let Line { house, who, voice, outbox } = line;
        house.chat.hear_privately(&outbox);
        let seat = house.compat.gindemo.floor.enter(&who.person, (), &voice);
        let conversation = Self { house, who, voice, seat, is_legacy, _outbox: outbox };
        conversation.tell(wire::CONNECTED, "连接成功");
        conversation
    }

    fn tell(&self, code: u32, content: impl Into<String>) {
        self.voice.say(system(&self.who.person.name, code, content));
    }

    async fn single(&self, to: &str, content: &str) {
        match self.send(to, content).await.map_err(chat::Error::into_problem) {
            Ok(true) => self.tell(wire::ONLINE, "接收方在线"),
            Ok(false) => self.tell(wire::OFFLINE, "接收方不在线"),
            Err(problem) => match refused(&problem) {
                Refused::Stopped => self.tell(wire::STOPPED, "骚扰拦截"),
                Refused::Away | Refused::Missing => self.tell(wire::OFFLINE, "接收方不在线"),
                _ => self.tell(wire::SEND_FAILED, format!("发送失败{}", reason(&problem))),
            },
        }
    }

    /// Says something to somebody; whether they are here.
    async fn send(&self, to: &str, content: &str) -> chat::Result<bool> {
        let chat = &self.house.chat;
        // Those of other systems are nobody here.
        let to = chat.local_person_called(to).await?.ok_or(Problem::not_found(chat::Thing::Person))?;
        let room = chat.start_private(&self.who, &to.name).await?;
        let writer = chat.writer(Some(&self.who), room.id).await?;
        let is_here = chat.shows_presence(&writer).await?;
        let (name, words) = named(content);
        let client_id = ClientId::parse(&format!("{DOOR}-{:032x}", rand::random::<u128>()))?;
        let original = Original { name: name.to_owned(), body: content.to_owned() };
        chat.post_paced(&writer, &client_id, words, Some((DOOR, original))).await?;
        Ok(is_here)
    }

    async fn history(&self, to: &str, skip: u32, limit: u32) {
        let read = async {
            let Some(reader) = self.with(to).await? else { return Ok(()) };
            let messages = self.house.chat.passage(&reader, CountedFrom::Oldest, skip, limit).await?;
            self.show(&reader, to, messages).await
        };
        self.or_failed(wire::HISTORY_FAILED, "请求失败", read.await);
    }

    async fn unread(&self, to: &str) {
        let read = async {
            let Some(reader) = self.with(to).await? else { return Ok(()) };
            let messages = self.house.chat.waiting_messages(&reader, translate::MOST as usize).await?;
            self.show(&reader, to, messages).await
        };
        self.or_failed(wire::HISTORY_FAILED, "请求失败", read.await);
    }

    /// The chat with somebody, if there is one.
    async fn with(&self, to: &str) -> chat::Result<Option<RoomReader>> {
        match find(&self.house, to).await {
            Some(other) => self.house.chat.find_private(&self.who, other.id).await,
            None => Ok(None),
        }
    }

    async fn show(&self, reader: &RoomReader, to: &str, messages: Vec<Message>) -> chat::Result<()> {
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let mut originals = self.house.chat.originals(reader, DOOR, &ids).await?;
        let me = &self.who.person;
        for message in messages {
            let content = originals.remove(&message.id).map_or_else(|| content_of(&message), |original| original.body);
            let is_mine = message.author.id == me.id;
            let to = if is_mine { to } else { &me.name };
            self.voice.say(past(&message.author.name, to, message.id, &content));
        }
        Ok(())
    }

    async fn mark_read(&self, id: &str) {
        let marked = async { self.house.chat.tick_off(&self.who, self.meant(id).await?).await };
        match marked.await.map_err(chat::Error::into_problem) {
            Ok(()) => self.tell(wire::READ, "修改成功"),
            Err(problem) => self.tell(wire::READ_FAILED, format!("修改失败{}", reason(&problem))),
        }
    }

    async fn delete(&self, id: &str) {
        let deleted = async { self.house.chat.take_away(&self.who, self.meant(id).await?, DOOR).await };
        match deleted.await.map_err(chat::Error::into_problem) {
            Ok(()) => self.tell(wire::DELETED, "删除成功"),
            Err(problem) => self.tell(wire::DELETE_FAILED, format!("删除失败{}", reason(&problem))),
        }
    }

    /// The message that is meant by our id or by its client's.
    async fn meant(&self, id: &str) -> chat::Result<MessageId> {
        let id = id.trim();
        if let Some(message) = message_of(id) {
            return Ok(message);
        }
        let found = self.house.chat.private_message_named(&self.who, DOOR, id).await?;
        found.ok_or(Problem::not_found(chat::Thing::Message).into())
    }

    /// Tells everybody who is here; nothing is kept.
    async fn group(&self, content: &str) {
        let told = self.house.chat.fit_to_tell(&self.who, content).await;
        if let Err(problem) = told.map_err(chat::Error::into_problem) {
            return self.tell(wire::SEND_FAILED, format!("发送失败{}", reason(&problem)));
        }
        let me = &self.who.person;
        let frame = live(&me.name, "ALL", content);
        let floor = &self.house.compat.gindemo.floor;
        for guest in floor.at(|()| true).iter().filter(|guest| guest.person.id != me.id) {
            guest.voice.say(frame.clone());
        }
    }

    fn or_failed(&self, code: u32, words: &str, done: chat::Result<()>) {
        if let Err(problem) = done.map_err(chat::Error::into_problem) {
            self.tell(code, format!("{words}{}", reason(&problem)));
        }
    }

    /// Somebody says something to this person.
    async fn receive(&self, room: domain::RoomId, message: &Message) -> chat::Result<()> {
        let chat = &self.house.chat;
        let content = self.content(room, message).await?;
        self.voice.say(live(&message.author.name, &self.who.person.name, &content));
        // Whoever got it while they were here has read it.
        chat.seen(&self.who, room, message.seq).await
    }

    async fn content(&self, room: domain::RoomId, message: &Message) -> chat::Result<String> {
        if !message.client_id.as_str().starts_with(DOOR) {
            return Ok(content_of(message));
        }
        let reader = self.house.chat.reader(Some(&self.who), room).await?;
        let original = self.house.chat.originals(&reader, DOOR, &[message.id]).await?.remove(&message.id);
        Ok(original.map_or_else(|| content_of(message), |original| original.body))
    }
}

impl Talk for Conversation {
    async fn text(&mut self, text: &str) -> Flow {
        match wish(text) {
            Some(Wish::Single { to, content }) => self.single(&to, &content).await,
            Some(Wish::History { to, skip, limit }) => self.history(&to, skip, limit).await,
            Some(Wish::Unread { to }) => self.unread(&to).await,
            Some(Wish::Read { id }) => self.mark_read(&id).await,
            Some(Wish::Delete { id }) => self.delete(&id).await,
            Some(Wish::Group { content }) => self.group(&content).await,
            Some(Wish::Nothing) => {}
            None => {
                self.tell(wire::NOT_READ, "数据错误");
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    async fn heard(&mut self, frame: Frame) -> Flow {
        if let Frame::Event(event) = frame
            && let What::Said { message } = &event.what
            && message.author.id != self.who.person.id
            && let Err(cause) = self.receive(event.room, message).await
        {
            tracing::warn!(%cause, "a message was told and not marked as read");
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        tracing::debug!(seat = self.seat.id, "a conversation is over");
        if self.is_legacy {
            let (house, who) = (self.house.clone(), self.who.clone());
            tokio::spawn(async move {
                if let Err(cause) = house.chat.end_pass(&who).await {
                    tracing::debug!(%cause, "a session ends by itself later");
                }
            });
        }
    }
}
