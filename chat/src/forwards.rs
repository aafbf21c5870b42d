//! Saying again somewhere else what somebody said, with whose words they are.

use crate::access::{RoomReader, RoomWriter};
use crate::messages::Posted;
use crate::spans::{self, People};
use crate::store::posts::NewPost;
use crate::store::{messages, rooms};
use crate::{Chat, Problem, Result, Thing};
use domain::room::{Room, Visibility};
use domain::span::Span;
use domain::{ClientId, MessageId, RoomId};

impl Chat {
    /// Forwards a message to a room where one may write.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::Gone`] once it was taken back; [`Problem::NotAllowed`] for one
    /// with files; and those of [`Chat::post`].
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
        // They belong to their room, and to the quota of whoever uploaded them.
        if row.has_files {
            return Err(Problem::NotAllowed.into());
        }
        let spans = self.forwarded(id, room, &row.text).await?;
        let client_id = client_id.clone();
        let (text, files) = (row.text, Vec::new());
        self.say(to, NewPost { room, author, client_id, text, spans, files, reply: None, origin: Some(id) }).await
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
