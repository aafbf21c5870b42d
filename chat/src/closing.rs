//! Closing one's own account, and taking along what is one's own.

use crate::accounts::keep_an_admin;
use crate::audit::{self, Entry};
use crate::password::NOBODY;
use crate::profile::keep;
use crate::store::entities::invite::Purpose;
use crate::store::entities::{account, upload};
use crate::store::messages::Own;
use crate::store::{
    Tx, accounts, attempts, invites, members, messages, outside, people, pictures, rooms, sessions, traces, uploads,
};
use crate::ways_in::remove_ways_in;
use crate::{Chat, Error, FileBytes, Problem, Result, Rule, Thing, Who};
use domain::PersonId;
use domain::RoomId;
use domain::audit::Act;
use domain::person::Person;
use domain::picture::{Picture, Size};
use domain::room::Room;

/// How many of one's own messages are read at once.
const AT_ONCE: u64 = 500;

/// What everybody reads in the place of a name. The same in every language: it is kept as a name is.
const CLOSED: &str = "已注销 · Deleted account";

/// A file that somebody sent.
pub struct OwnFile {
    /// Its place among theirs; later ones have higher ones.
    pub id: i64,
    pub at: i64,
    pub file: FileBytes,
}

impl Chat {
    /// Closes the person's own account, at once and for good. Their sessions end, their profile,
    /// address, picture, links and memberships go, and with them how they reacted, whom they blocked and
    /// what they hid, drafted, asked or waited to say; what they said and hung stays, without a name.
    ///
    /// # Errors
    /// [`Problem::WrongCredentials`] for another password; [`Rule::LastOne`] of the field `person`
    /// for the last administrator, of the field `rooms` for the only host of a room;
    /// [`Problem::TooFast`].
    pub async fn close_account(&self, who: &Who, password: &str) -> Result<()> {
        self.check_password_of(who, password).await?;
        let (id, by) = (who.person.id, who.clone());
        self.refuse_only_hosts(id).await?;
        // What would be refused is refused before any room is left.
        self.store().write(move |tx| Box::pin(async move { keep_an_admin(tx, id, true).await })).await?;
        for (room, _) in crate::store::search::list_roles(self.store().read(), id).await? {
            match self.leave(who, room).await {
                // Some rooms cannot be left; there they are whom they were talking to.
                Ok(()) | Err(Error::Problem(_)) => {}
                Err(cause) => return Err(cause),
            }
        }
        let asked = self.own_requests(who).await?;
        let files = self.store().write(move |tx| Box::pin(async move { close(tx, &by).await })).await?;
        asked.into_iter().for_each(|request| self.tell_held(request.room.id));
        self.drop_files(files).await;
        self.forget_sessions(id);
        self.0.scenes.forget();
        Ok(())
    }

    /// The rooms that would be without a host.
    pub async fn only_hosted(&self, who: &Who) -> Result<Vec<Room>> {
        let mut hosted = Vec::new();
        for room in members::list_only_hosted(self.store().read(), who.person.id).await? {
            if let Some(row) = rooms::find_room(self.store().read(), room).await? {
                hosted.push(Room::try_from(&row)?);
            }
        }
        Ok(hosted)
    }

    async fn refuse_only_hosts(&self, id: PersonId) -> Result<()> {
        if members::list_only_hosted(self.store().read(), id).await?.is_empty() {
            return Ok(());
        }
        Err(Problem::invalid("rooms", Rule::LastOne).into())
    }

    /// The next of one's own messages after one of them, oldest first; a few hundred.
    pub async fn own_messages(&self, who: &Who, after: i64) -> Result<Vec<Own>> {
        Ok(messages::list_own(self.store().read(), who.person.id, after, AT_ONCE).await?)
    }

    /// The next file that the person sent with a message, after one of them, in the order of sending.
    pub async fn next_own_file(&self, who: &Who, after: i64) -> Result<Option<OwnFile>> {
        let mut last = after;
        while let Some(row) = uploads::find_next_own(self.store().read(), who.person.id, last).await? {
            last = row.id;
            // Taken back meanwhile, or lost: the others are still theirs.
            if let Some(file) = self.own_file(&row).await? {
                return Ok(Some(OwnFile { id: row.id, at: row.at, file }));
            }
        }
        Ok(None)
    }

    async fn own_file(&self, row: &upload::Model) -> Result<Option<FileBytes>> {
        let Some(file) = row.attachment() else { return Ok(None) };
        let (room, size) = (RoomId(row.room_id), Size::Full);
        let Some(length) = self.files().length_of(room, &file.blob, size).await? else { return Ok(None) };
        let (name, media_type) = (file.name, row.media_type.clone());
        Ok(Some(FileBytes { room, blob: file.blob, size, name, look: file.look, media_type, length }))
    }

    /// The pictures that the person hung, wherever they still hang.
    pub async fn own_pictures(&self, who: &Who) -> Result<Vec<(RoomId, Picture)>> {
        Ok(pictures::list_own(self.store().read(), who.person.id).await?)
    }

    /// The bytes of one of them.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if it is gone meanwhile.
    pub async fn own_picture_bytes(
        &self,
        _who: &Who,
        (room, picture): &(RoomId, Picture),
    ) -> Result<(bytes::Bytes, &'static str)> {
        self.files().get(*room, &picture.blob, Size::Full).await
    }
}

/// Where files are that nothing refers to any more.
async fn close(tx: &mut Tx, who: &Who) -> Result<Vec<uploads::At>> {
    let id = who.person.id;
    keep_an_admin(tx, id, true).await?;
    if !members::list_only_hosted(tx.db(), id).await?.is_empty() {
        return Err(Problem::invalid("rooms", Rule::LastOne).into());
    }
    sessions::remove_sessions(tx.db(), id).await?;
    attempts::remove_attempts_of(tx.db(), id).await?;
    invites::remove_all(tx.db(), Purpose::Password(id)).await?;
    accounts::remove_portrait(tx.db(), id).await?;
    // Whoever comes under the same name of another system is somebody new.
    outside::remove_identities(tx.db(), id).await?;
    let closed_at = Some(tx.now());
    keep(tx, account::Model { person_id: id.0, closed_at, ..account::Model::default() }).await?;
    let was = people::find_person(tx.db(), id).await?.map(Person::from).ok_or(Problem::not_found(Thing::Person))?;
    // No name that somebody could have, or take, begins so.
    let now = Person::named(id, format!("#{id}"), CLOSED);
    people::change_closed(tx.db(), id, &now.name, CLOSED, NOBODY).await?;
    traces::change_name(tx.db(), &was, &now).await?;
    let files = traces::remove_own(tx.db(), id).await?;
    remove_ways_in(tx, id).await?;
    audit::note(tx, Entry::new(Act::AccountClosed, who).to(id)).await?;
    Ok(files)
}
