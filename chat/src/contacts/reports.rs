//! Messages that somebody does not put up with, for administrators. Nobody else reads private
//! chats; what is reported of one goes with the report.

use crate::access::RoomReader;
use crate::accounts::{PAGE, Page, PageEnd};
use crate::audit::{self, Entry};
use crate::store::reports::{self, NewReport};
use crate::{Admin, Chat, Problem, Result, Thing, Who};
use domain::audit::Act;
use domain::contact::{Report, parse_reason};
use domain::message::Message;
use domain::moderation::MuteFor;
use domain::{DeedId, MessageId, PersonId, RoomId};

/// What an administrator does about a message that was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportAct {
    Delete,
    Mute,
}

/// Who was muted for what was reported of them, and where [`Chat::undo_deed`] undoes that.
#[derive(Clone, Copy, Debug)]
pub struct MutedFor {
    pub room: RoomId,
    pub person: PersonId,
    pub deed: DeedId,
}

/// Of a private chat, so many messages of the same person go with a report, the reported one last.
const CONTEXT: u64 = 10;

impl Chat {
    /// A message that somebody is about to report.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if they may not read it, or it was taken back;
    /// [`Problem::NotAllowed`] about their own.
    pub async fn reportable(&self, who: &Who, message: MessageId) -> Result<(RoomReader, Message)> {
        let nothing = || Problem::not_found(Thing::Message);
        let read = self.store().read();
        let (room, author, _) = reports::find_place(read, message).await?.ok_or_else(nothing)?;
        let reader = self.reader(Some(who), room).await.map_err(|_| nothing())?;
        if author == who.person.id {
            return Err(Problem::NotAllowed.into());
        }
        let found = crate::store::messages::find_message(read, room, message).await?;
        let found = found.filter(|message| domain::span::recalled(&message.spans).is_none());
        Ok((reader, found.ok_or_else(nothing)?))
    }

    /// The last message of the other one in a private chat: what a stranger is reported for.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if they said nothing.
    pub async fn last_from_other(&self, reader: &RoomReader) -> Result<MessageId> {
        let me = reader.who().map_or(0, |who| who.person.id.0);
        let found = reports::find_last_of_other(self.store().read(), reader.room().id, me).await?;
        Ok(found.ok_or(Problem::not_found(Thing::Message))?)
    }

    /// Hands a message to the administrators, with its text as it is now and the names of its files. Once for each person
    /// and message.
    ///
    /// # Errors
    /// As [`Chat::reportable`]; `Invalid { field: "reason", .. }`; [`Problem::TooFast`].
    pub async fn report(&self, who: &Who, message: MessageId, reason: &str) -> Result<()> {
        let reason = parse_reason(reason)?;
        self.limits().join(who.person.id)?;
        let (reader, found) = self.reportable(who, message).await?;
        let room = reader.room().id;
        let text = self.said(room, &found, reader.room().is_direct()).await?;
        let new = NewReport { message, room, about: found.author.id, by: who.person.id, text, reason };
        self.store()
            .write(move |tx| Box::pin(async move { Ok(reports::create_report(tx.db(), new, tx.now()).await?) }))
            .await
    }

    async fn said(&self, room: RoomId, message: &Message, is_direct: bool) -> Result<String> {
        let count = if is_direct { CONTEXT } else { 1 };
        let mut texts = reports::list_texts(self.store().read(), room, message.author.id, message.seq, count).await?;
        texts.extend(message.files.iter().map(|file| file.name.clone()));
        Ok(texts.join("\n\n"))
    }

    /// A page of reports behind one of them, newest first or oldest first: those that wait, or those
    /// that were dealt with.
    pub async fn reports(
        &self,
        _admin: &Admin,
        resolved: bool,
        oldest_first: bool,
        after: Option<i64>,
    ) -> Result<Page<Report>> {
        let rows = reports::list_reports(self.store().read(), resolved, oldest_first, after, PAGE as u64 + 1).await?;
        Ok(Page::of(rows, |report| PageEnd { id: report.id, at: 0 }))
    }

    /// How many reports wait.
    pub async fn count_reports(&self, _admin: &Admin) -> Result<u64> {
        Ok(reports::count_open(self.store().read()).await?)
    }

    /// Takes a reported message back, or mutes its author for ten minutes in its room, and notes that the
    /// report was dealt with. In that order: of the two nothing is lost, and the first can be done again.
    /// Answers the mute.
    ///
    /// # Errors
    /// [`Problem::Gone`] if the report does not wait any more; [`Problem::NotFound`] of a private chat, which
    /// administrators have no hand in; those of [`Chat::recall`] and [`Chat::mute`].
    pub async fn act_on_report(&self, admin: &Admin, id: i64, act: ReportAct) -> Result<Option<MutedFor>> {
        let reported = reports::find_open(self.store().read(), id).await?.ok_or(Problem::Gone)?;
        let host = self.host(Some(admin.who()), reported.room).await?;
        let muted = match act {
            ReportAct::Delete => {
                self.recall(host.reader(), reported.message).await?;
                None
            }
            ReportAct::Mute => {
                let deed = self.mute(&host, reported.about, MuteFor::TenMinutes, "").await?;
                Some(MutedFor { room: reported.room, person: reported.about, deed })
            }
        };
        self.resolve_report(admin, id).await?;
        Ok(muted)
    }

    /// Notes that a report was dealt with.
    ///
    /// # Errors
    /// [`Problem::Gone`] if it does not wait any more.
    pub async fn resolve_report(&self, admin: &Admin, id: i64) -> Result<()> {
        let by = admin.who().clone();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let reported = reports::find_open(tx.db(), id).await?.ok_or(Problem::Gone)?;
                if !reports::resolve(tx.db(), id, by.person.id, tx.now()).await? {
                    return Err(Problem::Gone.into());
                }
                audit::note(tx, Entry::new(Act::ReportResolved, &by).to(reported.about).on(id)).await
            })
        });
        write.await
    }
}
