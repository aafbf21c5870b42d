//! Saying something in private: a stranger may say only so much until they are answered.

use crate::access::RoomWriter;
use crate::audit::{self, Entry};
use crate::before_send::Wish;
use crate::messages::words;
use crate::store::posts::{self, Kept, NewPost};
use crate::store::{Tx, contacts, members, outside};
use crate::{Admin, Chat, Original, Posted, Problem, Result, Thing, Who, spans};
use domain::audit::Act;
use domain::contact::{FirstContact, Pace};
use domain::{ClientId, PersonId, RoomId};

impl Chat {
    /// Keeps a message at its place in a private chat. What was sent before answers with the
    /// first result, whatever holds now.
    ///
    /// # Errors
    /// [`Problem::Unanswered`] when a stranger has said as much as they may;
    /// [`Problem::Unreachable`] if the other one has blocked the author or is disabled;
    /// [`Problem::Blocked`] if the author has blocked them.
    pub(crate) async fn post_privately(&self, writer: &RoomWriter, new: NewPost) -> Result<Kept> {
        self.keep_private(writer, new, Rule::Stranger, None).await
    }

    /// Says something in a private chat where not only strangers have to wait for an answer: as
    /// [`Pace`] counts, whatever was said before. `original`: how the client of a system wrote it.
    ///
    /// # Errors
    /// As [`Chat::post`]; [`Problem::Unanswered`] for somebody who has to wait;
    /// [`Problem::NotFound`] in a room that is no private chat.
    pub async fn post_paced(
        &self,
        writer: &RoomWriter,
        client_id: &ClientId,
        text: &str,
        original: Option<(&str, Original)>,
    ) -> Result<Posted> {
        let (author, room) = (writer.who().person.clone(), writer.room().id);
        if !writer.room().is_direct() {
            return Err(Problem::not_found(Thing::Room).into());
        }
        self.limits().post(author.id, room)?;
        let text = words(text, false)?;
        let spans = spans::parse(&text, &self.mentionable(room, &text, false).await?);
        let client_id = client_id.clone();
        let new = NewPost { room, author, client_id, text, spans, files: Vec::new(), reply: None, origin: None };
        let _ruling = self.verdict(writer, &new, Wish::Say).await?;
        let (message, was_new) = self.keep_private(writer, new, Rule::Pace, original).await?;
        Ok(Posted { message, was_new })
    }

    async fn keep_private(
        &self,
        writer: &RoomWriter,
        new: NewPost,
        rule: Rule,
        original: Option<(&str, Original)>,
    ) -> Result<Kept> {
        let original = original.map(|(system, original)| (system.to_owned(), original));
        let room = writer.room().id;
        self.gather_ears(room).await?;
        let kept = self
            .store()
            .write_in(room, move |tx| {
                Box::pin(async move {
                    // Whatever they say at the same time waits for this.
                    members::lock_room(tx.db(), room).await?;
                    if !posts::is_known(tx.db(), &new).await? {
                        pass(tx, room, new.author.id, rule).await?;
                    }
                    let kept = posts::keep_now(tx, new).await?;
                    if let (message, true) = &kept
                        && let Some((system, Original { name, body })) = original
                    {
                        outside::create_original(tx.db(), message.id, &system, &name, &body).await?;
                    }
                    Ok(kept)
                })
            })
            .await?;
        self.hub().note_contact(room);
        Ok(kept)
    }

    /// Why somebody could not write in a private chat now, as far as they may know; `None` if
    /// they can.
    pub(crate) async fn private_quiet(&self, who: &Who, room: RoomId) -> Result<Option<Problem>> {
        let Some(contact) = self.contact_in(who.person.id, room).await? else { return Ok(None) };
        Ok(contact.quiet())
    }

    /// Lets a stranger write.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if there is no chat with them.
    pub async fn accept_contact(&self, who: &Who, other: PersonId) -> Result<()> {
        let me = who.person.id;
        let room = contacts::find_pair(self.store().read(), me, other).await?;
        let room = room.ok_or(Problem::not_found(Thing::Person))?;
        self.store().write(move |tx| Box::pin(async move { Ok(contacts::accept(tx.db(), room, me).await?) })).await?;
        self.hub().note_contact(room);
        Ok(())
    }

    /// How much strangers may say.
    pub async fn first_contact(&self, _admin: &Admin) -> Result<FirstContact> {
        Ok(contacts::find_first_contact(self.store().read()).await?)
    }

    /// # Errors
    /// As [`FirstContact::parse`].
    pub async fn change_first_contact(&self, admin: &Admin, rule: FirstContact) -> Result<()> {
        let rule = rule.parse()?;
        let line =
            Entry::new(Act::FirstContactChanged, admin.who()).saying(format!("{} / {} h", rule.most, rule.hours));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if contacts::find_first_contact(tx.db()).await? == rule {
                    return Ok(());
                }
                contacts::change_first_contact(tx.db(), rule).await?;
                audit::note(tx, line).await
            })
        });
        write.await
    }
}

/// Whom a message has to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// A stranger, until they are answered once.
    Stranger,
    /// Everybody, until they are answered of late.
    Pace,
}

/// Counts a message that is about to be kept, if it counts.
pub(crate) async fn let_through(tx: &mut Tx, room: RoomId, author: PersonId) -> Result<()> {
    pass(tx, room, author, Rule::Stranger).await
}

async fn pass(tx: &mut Tx, room: RoomId, author: PersonId, by: Rule) -> Result<()> {
    let sides = contacts::find_sides(tx.db(), room, author).await?;
    let [me, other] = sides.ok_or(Problem::not_found(Thing::Room))?;
    if me.blocks != 0 {
        return Err(Problem::Blocked.into());
    }
    let (rule, pace, now) = (contacts::find_first_contact(tx.db()).await?, Pace::default(), tx.now());
    let (own, back) = (me.tally(), other.tally());
    let is_answered = other.accepted != 0;
    let waits = match by {
        Rule::Stranger => !is_answered && rule.left(me.sent, me.until, now) == 0,
        Rule::Pace => pace.stops(own, back, now),
    };
    // Asked first, so that being blocked looks the same as long as nobody answered.
    if waits {
        return Err(Problem::Unanswered.into());
    }
    if other.blocks != 0 || other.disabled != 0 {
        return Err(Problem::Unreachable.into());
    }
    if me.accepted == 0 {
        contacts::accept(tx.db(), room, author).await?;
    }
    if !is_answered {
        let sent = rule.counted(me.sent, me.until, now) + 1;
        contacts::change_sent(tx.db(), room, author, sent, rule.until(now)).await?;
    }
    // Where nobody is paced and nobody is a stranger, nothing has to be counted.
    if by == Rule::Pace || !is_answered || pace.counts(own, now) || pace.counts(back, now) {
        contacts::change_tally(tx.db(), room, author, pace.next(own, now)).await?;
    }
    Ok(())
}
