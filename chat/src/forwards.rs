//! Saying again somewhere else what somebody said, with whose words they are.

use crate::access::{RoomReader, RoomWriter};
use crate::messages::Posted;
use crate::spans::{self, People};
use crate::store::posts::NewPost;
use crate::store::{messages, rooms};
use crate::{Chat, Problem, Result, Thing};
use domain::attachment::Attachment;
use domain::room::{Room, Visibility};
use domain::span::Span;
use domain::{ClientId, MessageId, RoomId};

impl Chat {
    /// Forwards a message to a room where one may write. Its files become one's own there and count as
    /// such; their bytes are kept once.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::Gone`] once it was taken back; those of [`Chat::post`], and for
    /// one with files those of [`Chat::begin_upload`].
    pub async fn forward(
        &self,
        from: &RoomReader,
        id: MessageId,
        to: &RoomWriter,
        client_id: &ClientId,
    ) -> Result<Posted> {
        let (author, room) = (to.who().person.clone(), to.room().id);
        self.limits().post(author.id, room)?;
        let row = messages::find_written(self.store().read(), from.room().id, id).await?;
        let row = row.ok_or(Problem::not_found(Thing::Message))?;
        if row.recalled {
            return Err(Problem::Gone.into());
        }
        if row.has_files
            && let Some(before) = self.find_posted(to, client_id).await?
        {
            return Ok(before);
        }
        let spans = self.forwarded(id, room, &row.text).await?;
        let files = if row.has_files { self.files_for(from, id, to).await? } else { Vec::new() };
        let (client_id, text, copies) = (client_id.clone(), row.text, files.clone());
        let new = NewPost { room, author, client_id, text, spans, files, reply: None, origin: Some(id) };
        let posted = self.say(to, new).await;
        // What waits for approval keeps its files.
        if posted.is_err() {
            for file in copies {
                self.forget_upload(&file.blob).await?;
            }
        }
        posted
    }

    /// The files of a message as one's own of another room.
    async fn files_for(&self, from: &RoomReader, id: MessageId, to: &RoomWriter) -> Result<Vec<Attachment>> {
        let message = messages::find_message(self.store().read(), from.room().id, id).await?;
        let files = message.ok_or(Problem::not_found(Thing::Message))?.files;
        let copies = self.forward_files(from, to, &files).await?;
        let mut ready = self.ready_files(to, &copies).await?;
        for (copy, file) in ready.iter_mut().zip(files) {
            copy.alt = file.alt;
        }
        Ok(ready)
    }

    /// A text that is forwarded: whose it is and from where, if everybody may know that room; then
    /// the words. Nobody is mentioned by them a second time.
    pub(crate) async fn forwarded(&self, origin: MessageId, to: RoomId, text: &str) -> Result<Vec<Span>> {
        let read = self.store().read();
        let found = messages::find_origin(read, origin).await?;
        let (from, message) = found.ok_or(Problem::not_found(Thing::Message))?;
        let first = match message.spans.into_iter().next() {
            // What was forwarded before still is the words of whoever said them.
            Some(origin @ Span::Forwarded { .. }) => origin,
            _ => {
                let room = rooms::find_room(read, from).await?.as_ref().map(Room::try_from).transpose()?;
                let room = room.filter(|room| room.visibility == Visibility::Public || room.id == to);
                Span::Forwarded { name: message.author.display, room: room.map(|room| room.title) }
            }
        };
        let words = spans::parse(text, &People::default());
        Ok([first].into_iter().chain(words).collect())
    }
}
