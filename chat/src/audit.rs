//! The audit trail. Whatever a host or an administrator does to others leaves one line, written
//! in the transaction of the act itself: there is no act without its line, and no line without
//! its act.

use crate::access::{Admin, RoomHost, Who};
use crate::store::audit::{self as rows, NewLine, Wanted};
use crate::store::{Tx, people, rooms};
use crate::{Chat, Result};
use domain::audit::{Act, AuditPage, MAX_DETAIL, PAGE};
use domain::{PersonId, RoomId};

/// What was done, on its way into the trail.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    act: Act,
    by: Option<PersonId>,
    room: Option<RoomId>,
    person: Option<PersonId>,
    thing: Option<i64>,
    detail: String,
}

impl Entry {
    pub fn new(act: Act, by: &Who) -> Self {
        Self { by: Some(by.person.id), ..Self::by_command(act) }
    }

    /// Done from the command line.
    pub fn by_command(act: Act) -> Self {
        Self { act, by: None, room: None, person: None, thing: None, detail: String::new() }
    }

    pub fn in_room(self, room: RoomId) -> Self {
        Self { room: Some(room), ..self }
    }

    /// Whom it was done to.
    pub fn to(self, person: PersonId) -> Self {
        Self { person: Some(person), ..self }
    }

    /// The message, picture or invitation it was done to.
    pub fn on(self, thing: i64) -> Self {
        Self { thing: Some(thing), ..self }
    }

    /// The new value, or the reason; shortened to 200 characters. Never what somebody said.
    pub fn saying(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }
}

/// Which settings are others now, as `name=value name=value`: the page of the trail has words for them.
/// Empty if none is.
pub(crate) fn changes<const N: usize>(before: &[(&str, String); N], now: &[(&str, String); N]) -> String {
    let other = now.iter().zip(before).filter(|(now, before)| now.1 != before.1);
    other.map(|((name, value), _)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

/// Adds a line to the trail, kept or lost with the rest of the transaction.
pub(crate) async fn note(tx: &Tx, entry: Entry) -> Result<()> {
    let line = NewLine {
        id: 0,
        at: tx.now(),
        by_id: entry.by.map(|by| by.0),
        act: entry.act.as_str().to_owned(),
        room_id: entry.room.map(|room| room.0),
        person_id: entry.person.map(|person| person.0),
        thing: entry.thing,
        detail: entry.detail.chars().take(MAX_DETAIL).collect(),
    };
    Ok(rows::create_line(tx.db(), line).await?)
}

/// Which lines somebody looks for, as they typed it; empty for all.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// A room's address.
    pub room: String,
    /// A user name: who did it, or whom it was done to.
    pub person: String,
    /// A word of [`Act`].
    pub act: String,
    /// Behind this line, in the order that is asked for.
    pub after: Option<i64>,
    pub oldest_first: bool,
}

impl Chat {
    /// A page of the whole site's trail. What nobody is called and nothing is
    /// finds nothing.
    pub async fn audit(&self, _admin: &Admin, sought: &Sought) -> Result<AuditPage> {
        let room = match sought.room.trim().trim_start_matches("/r/") {
            "" => None,
            slug => Some(rooms::find_by_slug(self.store().read(), &slug.replace('\0', "")).await?.map(|row| row.id)),
        };
        match room {
            Some(None) => Ok(nothing()),
            Some(Some(room)) => self.audit_in(Some(RoomId(room)), sought).await,
            None => self.audit_in(None, sought).await,
        }
    }

    /// A page of the trail of one room.
    pub async fn room_audit(&self, host: &RoomHost, sought: &Sought) -> Result<AuditPage> {
        self.audit_in(Some(host.room().id), sought).await
    }

    async fn audit_in(&self, room: Option<RoomId>, sought: &Sought) -> Result<AuditPage> {
        let read = self.store().read();
        let Sought { after, oldest_first, .. } = *sought;
        let mut wanted = Wanted { room, after, oldest_first, ..Wanted::default() };
        let name = sought.person.trim().trim_start_matches('@').replace('\0', "");
        if !name.is_empty() {
            let row = people::find_by_key(read, &crate::names::name_key(&name)).await?;
            let Some(row) = row else { return Ok(nothing()) };
            wanted.person = Some(PersonId(row.id));
        }
        if !sought.act.is_empty() {
            let Some(act) = Act::parse(&sought.act) else { return Ok(nothing()) };
            wanted.act = Some(act);
        }
        let mut lines = rows::list_lines(read, wanted, PAGE + 1).await?;
        let has_more = lines.len() > PAGE;
        lines.truncate(PAGE);
        Ok(AuditPage { lines, has_more })
    }
}

fn nothing() -> AuditPage {
    AuditPage { lines: Vec::new(), has_more: false }
}
