//! What the operator's site says of what is about to be said; asked by the verdict, and nowhere else.

use super::policy::Verdict;
use crate::access::{RoomWriter, Who};
use crate::before_send::{Answer, BeforeSend, Question, Turn, Wish};
use crate::store::posts::NewPost;
use crate::store::{held, messages, sessions};
use crate::{Chat, Problem, Result};
use domain::SessionId;

/// A verdict; what was to be said is said, or kept, before it is dropped.
pub(crate) struct Ruling {
    pub verdict: Verdict,
    _turn: Option<Turn>,
}

impl From<Verdict> for Ruling {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, _turn: None }
    }
}

impl Chat {
    /// The site's word about something that the room lets pass, once it is its turn.
    pub(super) async fn ask_before(
        &self,
        site: &BeforeSend,
        writer: &RoomWriter,
        (new, wish): (&NewPost, Wish),
        verdict: Verdict,
    ) -> Result<Ruling> {
        let turn = Some(site.turns.take((new.author.id, new.room)).await?);
        if let Some(verdict) = self.settled(new, wish, verdict).await? {
            return Ok(Ruling { verdict, _turn: turn });
        }
        let door = self.door_of(writer.who()).await?;
        let question = Question::about(new, &writer.room().slug, wish, door);
        let verdict = match site.ask(&question, self.now()).await.ok_or(Problem::Unavailable)? {
            Answer::Pass => verdict,
            // Nobody looks after a private chat.
            Answer::Hold if writer.room().is_direct() => return Err(Problem::Objected { reason: String::new() }.into()),
            Answer::Hold => Verdict::Hold,
            Answer::Refuse { reason } => return Err(Problem::Objected { reason }.into()),
        };
        // Much may have happened meanwhile: they were muted, or sent out.
        self.writer(Some(writer.who()), new.room).await?;
        Ok(Ruling { verdict, _turn: turn })
    }

    /// What becomes of what is kept already, or waits; `None` for what is new.
    async fn settled(&self, new: &NewPost, wish: Wish, verdict: Verdict) -> Result<Option<Verdict>> {
        let (read, author, id) = (self.store().read(), new.author.id, &new.client_id);
        if let Wish::Change(message) = wish {
            let there = messages::find_written(read, new.room, message).await?;
            return Ok(there.is_some_and(|row| row.text == new.text).then_some(verdict));
        }
        if messages::find_by_client_id(read, author, id).await?.is_some() {
            return Ok(Some(verdict));
        }
        Ok(held::find_by_client_id(read, author, id).await?.map(|_| Verdict::Hold))
    }

    /// The site's word about a text that is kept nowhere.
    ///
    /// # Errors
    /// [`Problem::Objected`] also for what would have to wait; [`Problem::Unavailable`].
    pub(super) async fn ask_about_aloud(&self, who: &Who, text: &str) -> Result<()> {
        let Some(site) = &self.0.before_send else { return Ok(()) };
        let question = Question::aloud(&who.person, text, self.door_of(who).await?);
        match site.ask(&question, self.now()).await.ok_or(Problem::Unavailable)? {
            Answer::Pass => Ok(()),
            Answer::Hold => Err(Problem::Objected { reason: String::new() }.into()),
            Answer::Refuse { reason } => Err(Problem::Objected { reason }.into()),
        }
    }

    /// Where somebody came in, as sites read it.
    async fn door_of(&self, who: &Who) -> Result<Option<String>> {
        // A key has no session.
        if who.session == SessionId(0) {
            return Ok(Some("key".to_owned()));
        }
        let door = sessions::find_door(self.store().read(), who.session).await?;
        Ok(door.map(|door| if door.is_empty() { "page".to_owned() } else { door }))
    }
}
