//! What a page may ask over its socket: each command is a few lines to the house.

use super::end::End;
use super::naming::{name, name_of, room_of};
use super::{PING_EVERY, Pulse, Talk};
use chat::{Enclosed, Who};
use domain::live::{Command, Frame, Position, VERSION, close};
use domain::{ClientId, MessageId, Problem, RoomId, Rule};
use tokio::time::Instant;

impl Talk {
    /// One frame of text. What cannot be read or done is refused and changes nothing.
    pub(super) async fn command(&mut self, text: &str) -> Result<(), End> {
        let over = self.bucket.take().err();
        let command = match serde_json::from_str::<Command>(text) {
            Ok(command) => command,
            Err(_) => {
                self.refuse(name_of(text), None, Problem::invalid("frame", Rule::Shape));
                return over.map_or(Ok(()), |_| self.strike());
            }
        };
        if let Some(wait) = over {
            let wait_ms = wait.as_millis() as u64 + 1;
            self.refuse(name(&command), room_of(&command), Problem::TooFast { wait_ms });
            return self.strike();
        }
        if let Command::Hello { version } = command {
            return self.hello(version);
        }
        if !self.greeted {
            self.refuse(name(&command), room_of(&command), Problem::invalid("hello", Rule::Empty));
            return Ok(());
        }
        let (of, room) = (name(&command), room_of(&command));
        if let Err(problem) = self.obey(command).await {
            self.refuse(of, room, problem);
        }
        Ok(())
    }

    fn hello(&mut self, version: u32) -> Result<(), End> {
        // Also the version before ours, once there is one.
        let spoken = VERSION.saturating_sub(1).max(1)..=VERSION;
        if !spoken.contains(&version) {
            return Err(End::close(close::VERSION, ""));
        }
        self.greeted = true;
        self.pulse = Pulse::Ask(Instant::now() + PING_EVERY);
        let build = self.house.site.build.clone();
        // Most say hello and enter a room in one breath.
        self.outbox.send_later(&Frame::Welcome { version, now: self.house.chat.now(), build });
        Ok(())
    }

    async fn obey(&self, command: Command) -> Result<(), Problem> {
        match command {
            Command::Hello { .. } => Ok(()),
            Command::Enter { room, place } => self.enter(room, place).await,
            Command::Leave { room } => {
                self.house.chat.unlisten(&self.outbox, room);
                Ok(())
            }
            Command::Post { room, client_id, text, files, alts, reply } => {
                self.post(room, client_id, &text, Enclosed { files: &files, alts: &alts }, reply).await
            }
            Command::Typing { room } => {
                self.signed_in()?;
                self.house.chat.typing(&self.outbox, room);
                Ok(())
            }
            Command::Seen { room, seq } => {
                let who = self.signed_in()?;
                self.house.chat.seen(who, room, seq).await.map_err(chat::Error::into_problem)
            }
            Command::Painted { room, seq } => {
                self.house.chat.painted(&self.outbox, room, seq);
                Ok(())
            }
            Command::Watch { looking, listing } => {
                if let Some(who) = &self.who {
                    who.everywhere()?;
                }
                self.house.chat.watch(&self.outbox, looking, listing);
                Ok(())
            }
            Command::Ping => {
                self.outbox.send(&Frame::Pong { now: self.house.chat.now() });
                Ok(())
            }
        }
    }

    async fn enter(&self, room: RoomId, place: Option<Position>) -> Result<(), Problem> {
        let chat = &self.house.chat;
        let entered = match chat.listener(self.who.as_ref(), room).await {
            Ok(listener) => chat.listen(listener, &self.outbox, place).await,
            Err(shut) => Err(shut),
        };
        match entered.map_err(chat::Error::into_problem) {
            // Not an answer to try again after: the page says why, and that one may come in here.
            Err(problem @ Problem::OneDevice { .. }) => {
                self.outbox.send(&Frame::Gone { room, problem });
                Ok(())
            }
            Err(Problem::Shut) => chat.wait(&self.outbox, room).await.map_err(chat::Error::into_problem),
            answer => answer,
        }
    }

    async fn post(
        &self,
        room: RoomId,
        client_id: ClientId,
        text: &str,
        files: Enclosed<'_>,
        reply: Option<MessageId>,
    ) -> Result<(), Problem> {
        let chat = &self.house.chat;
        let writer = chat.writer(self.who.as_ref(), room).await.map_err(chat::Error::into_problem)?;
        let posted =
            chat.reply_with(&writer, &client_id, text, files, reply).await.map_err(chat::Error::into_problem)?;
        let message = posted.message;
        self.outbox.send(&Frame::Posted { client_id, room, id: message.id, seq: message.seq, at: message.at });
        Ok(())
    }

    fn signed_in(&self) -> Result<&Who, Problem> {
        self.who.as_ref().ok_or(Problem::SignInNeeded)
    }

    fn refuse(&self, of: String, room: Option<RoomId>, problem: Problem) {
        self.outbox.send(&Frame::Refused { of, room, problem });
    }
}
