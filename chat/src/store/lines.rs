//! What the list of rooms shows.

use super::DbErr;
use super::entities::member::{level_of, role_of};
use super::entities::unknown;
use super::rows::{self, json};
use super::uploads;
use crate::lines::LinesEnd;
use domain::attachment::{Attachment, said};
use domain::gate::{GateRule, Opening, Phase};
use domain::person::Person;
use domain::picture::Picture;
use domain::room::{LastWords, Room, RoomLine, Visibility};
use domain::span::{Span, recalled};
use domain::{BlobId, PersonId, PictureId, RoomId};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use std::cmp::Reverse;

type Found<T> = Result<T, DbErr>;

/// How much of the last message the list shows, in characters.
const LAST_WORDS: usize = 120;

/// Which rooms somebody may see.
#[derive(Clone, Copy)]
pub enum Sees {
    Public,
    /// Public and open ones, and those the person belongs to; private chats once something was said.
    AsPerson(PersonId),
    /// All but others' private chats.
    All,
    /// Whatever there is, for those who ask about each of them who may see it.
    Whole,
}

/// Which rows of the list are wanted.
pub struct Asked<'a> {
    pub sees: Sees,
    /// Whose roles and whose unread messages.
    pub me: Option<PersonId>,
    /// No others than these.
    pub among: Option<&'a [RoomId]>,
    /// Rooms that somebody is in now.
    pub live: &'a [RoomId],
    /// Rooms that are shut: what is unread in them is known to their hosts alone.
    pub shut: &'a [RoomId],
    /// Rooms where all that is unread is what `me` ignores.
    pub hushed: &'a [RoomId],
    pub after: Option<LinesEnd>,
}

impl Sees {
    fn rooms(self) -> &'static str {
        match self {
            Self::Public => "r.visibility = 'public'",
            Self::AsPerson(_) => {
                "(r.visibility IN ('public', 'open') OR b.person_id IS NOT NULL) AND (r.visibility <> 'direct' OR r.said > 0)"
            }
            Self::All => "(r.visibility <> 'direct' OR (b.person_id IS NOT NULL AND r.said > 0))",
            Self::Whole => "0 = 0",
        }
    }

    fn person(self, me: Option<PersonId>) -> i64 {
        match (self, me) {
            (Self::AsPerson(person), _) | (_, Some(person)) => person.0,
            // Nobody's.
            _ => 0,
        }
    }
}

/// The first `limit` rows, each with its rank: hidden rooms last, before them archived ones; of each
/// kind first those that are pinned, then those that somebody is in, then those with something
/// unread, then those where something happened last. Nobody is present yet, and nothing is shut: the
/// rules say what may be.
pub async fn list_lines(
    db: &impl ConnectionTrait,
    asked: &Asked<'_>,
    limit: u32,
) -> Found<Vec<(RoomLine, GateRule, i64)>> {
    let person = asked.sees.person(asked.me);
    let mut rows: Vec<Row> = rows::list(db, &COLUMNS, &query(asked), [person.into(), i64::from(limit).into()]).await?;
    rows.sort_by_key(|row| (row.rank, Reverse((row.last_at, row.id))));
    rows.into_iter().map(Row::line).collect()
}

/// What the rooms are called that somebody may see, and private chats by the other one's two names.
pub async fn list_names(db: &impl ConnectionTrait, sees: Sees, me: Option<PersonId>) -> Found<Vec<(RoomId, String)>> {
    let query = format!(
        "SELECT r.id, CASE WHEN r.visibility = 'direct' THEN p.display || ' ' || p.name ELSE r.title || ' ' || r.slug \
         END AS called FROM room r LEFT JOIN member b ON b.room_id = r.id AND b.person_id = $1 \
         LEFT JOIN contact c ON c.room_id = r.id AND c.person_id = $1 LEFT JOIN person p ON p.id = c.other_id \
         WHERE {}",
        sees.rooms()
    );
    let found: Vec<(i64, Option<String>)> = rows::list(db, &["id", "called"], &query, [sees.person(me).into()]).await?;
    Ok(found.into_iter().map(|(id, called)| (RoomId(id), called.unwrap_or_default())).collect())
}

/// Who has hidden the last message of which of these rooms from themselves.
pub async fn list_hiding_last(db: &impl ConnectionTrait, rooms: &[RoomId]) -> Found<Vec<(RoomId, PersonId)>> {
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    let query = format!(
        "SELECT h.room_id, h.person_id FROM message m JOIN hidden h ON h.message_id = m.id WHERE m.room_id IN ({}) \
         AND m.seq = (SELECT MAX(n.seq) FROM message n WHERE n.room_id = m.room_id)",
        ids(rooms)
    );
    let found: Vec<(i64, i64)> = rows::list(db, &["room_id", "person_id"], &query, []).await?;
    Ok(found.into_iter().map(|(room, person)| (RoomId(room), PersonId(person))).collect())
}

/// Numbers stand in the statement itself: a database takes only so many values beside it.
fn ids(rooms: &[RoomId]) -> String {
    // No room has the number 0, and a list must not be empty.
    if rooms.is_empty() { "0".to_owned() } else { rooms.iter().map(RoomId::to_string).collect::<Vec<_>>().join(",") }
}

#[rustfmt::skip]
const COLUMNS: [&str; 35] = [
    "id", "slug", "title", "about", "visibility", "archived", "created_at", "last_at", "role", "said", "heard", "level",
    "pinned", "rank", "opening", "opens_at", "closes_at", "doors", "grace",
    "spans", "files", "at", "author_id", "author",
    "picture", "blob", "order_no", "width", "height", "caption", "alt", "hung_at", "by_id", "by_name", "by_display",
];

/// First the rooms; then, of each, the last message and the first picture of the wall, by one
/// step into an index each.
fn query(asked: &Asked<'_>) -> String {
    let may_see = asked.sees.rooms();
    let among = asked.among.map(|rooms| format!(" AND r.id IN ({})", ids(rooms))).unwrap_or_default();
    let (live, shut, hushed) = (ids(asked.live), ids(asked.shut), ids(asked.hushed));
    let after = asked.after.map(|LinesEnd { rank, at, id }| {
        format!(" WHERE rank > {rank} OR (rank = {rank} AND (last_at < {at} OR (last_at = {at} AND id < {id})))")
    });
    let after = after.unwrap_or_default();
    format!(
        "SELECT page.*, m.spans, m.files, m.at, m.author_id, p.display AS author, c.id AS picture, c.blob, c.order_no, c.width, c.height, \
         c.caption, c.alt, c.at AS hung_at, c.by_id, h.name AS by_name, h.display AS by_display FROM (\
         SELECT * FROM (\
         SELECT r.id, r.slug, r.title, r.about, r.visibility, CASE WHEN r.archived THEN 1 ELSE 0 END AS archived, \
         r.created_at, r.last_at, r.said, r.opening, r.opens_at, r.closes_at, r.doors, r.grace, b.role, b.heard, b.level, \
         CASE WHEN b.pinned THEN 1 ELSE 0 END AS pinned, \
         CASE WHEN b.level = 'hidden' THEN 16 WHEN r.archived THEN 8 ELSE 0 END + CASE WHEN b.pinned THEN 0 ELSE 4 END \
         + CASE WHEN r.id IN ({live}) THEN 0 ELSE 2 END \
         + CASE WHEN r.said > b.heard AND r.id NOT IN ({hushed}) AND (b.role = 'host' OR r.id NOT IN ({shut})) THEN 0 ELSE 1 END AS rank \
         FROM room r \
         LEFT JOIN member b ON b.room_id = r.id AND b.person_id = $1 WHERE {may_see}{among}) AS ranked{after} \
         ORDER BY rank, last_at DESC, id DESC LIMIT $2) AS page \
         LEFT JOIN message m ON m.room_id = page.id \
         AND m.seq = (SELECT n.seq FROM message n WHERE n.room_id = page.id AND NOT EXISTS (\
         SELECT 1 FROM hidden h WHERE h.person_id = $1 AND h.message_id = n.id) ORDER BY n.seq DESC LIMIT 1) \
         LEFT JOIN person p ON p.id = m.author_id \
         LEFT JOIN picture c ON c.id = (SELECT o.id FROM picture o WHERE o.room_id = page.id \
         AND o.removed_at IS NULL AND o.held_at IS NULL ORDER BY o.order_no DESC, o.id DESC LIMIT 1) \
         LEFT JOIN person h ON h.id = c.by_id"
    )
}

/// In the order of `COLUMNS`.
#[derive(Deserialize)]
struct Row {
    id: i64,
    slug: String,
    title: String,
    about: String,
    visibility: String,
    archived: i64,
    created_at: i64,
    last_at: i64,
    role: Option<String>,
    said: i64,
    heard: Option<i64>,
    level: Option<String>,
    pinned: i64,
    rank: i64,
    opening: String,
    opens_at: Option<i64>,
    closes_at: Option<i64>,
    doors: u32,
    grace: u32,
    spans: Option<String>,
    files: Option<String>,
    at: Option<i64>,
    author_id: Option<i64>,
    author: Option<String>,
    picture: Option<i64>,
    blob: Option<BlobId>,
    order_no: Option<i64>,
    width: Option<u32>,
    height: Option<u32>,
    caption: Option<String>,
    alt: Option<String>,
    hung_at: Option<i64>,
    by_id: Option<i64>,
    by_name: Option<String>,
    by_display: Option<String>,
}

impl Row {
    fn line(mut self) -> Found<(RoomLine, GateRule, i64)> {
        let unread = self.heard.map_or(0, |heard| self.said - heard);
        let rule = self.rule()?;
        let line = RoomLine {
            role: self.role.as_deref().map(role_of).transpose()?,
            last: self.last_words()?,
            draft: None,
            unread: u32::try_from(unread).unwrap_or_default(),
            mentions: 0,
            level: self.level.as_deref().map(level_of).transpose()?.unwrap_or_default(),
            pinned: self.pinned != 0,
            at: self.last_at,
            present: 0,
            phase: Phase::Live,
            cover: self.cover(),
            room: Room {
                id: RoomId(self.id),
                visibility: Visibility::stored(&self.visibility)
                    .ok_or_else(|| unknown("room.visibility", &self.visibility))?,
                slug: self.slug,
                title: self.title,
                about: self.about,
                archived: self.archived != 0,
                created_at: self.created_at,
            },
        };
        Ok((line, rule, self.rank))
    }

    fn rule(&self) -> Found<GateRule> {
        Ok(GateRule {
            opening: Opening::parse(&self.opening).map_err(|_| unknown("room.opening", &self.opening))?,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            doors: self.doors,
            grace: self.grace,
        })
    }

    fn last_words(&mut self) -> Found<Option<LastWords>> {
        let (Some(spans), Some(at), Some(by)) = (&self.spans, self.at, self.author_id) else { return Ok(None) };
        let Some(author) = self.author.take() else { return Ok(None) };
        let spans: Vec<Span> = serde_json::from_str(spans).map_err(json)?;
        let files = uploads::read(self.files.as_deref().unwrap_or_default())?;
        // Of a message that was taken back the list tells nothing.
        let is_left = recalled(&spans).is_none();
        Ok(is_left.then(|| LastWords { by: PersonId(by), author, text: beginning(&spans, &files), at }))
    }

    /// `None` for a bare wall.
    fn cover(&mut self) -> Option<Picture> {
        Some(Picture {
            id: PictureId(self.picture?),
            blob: self.blob.take()?,
            order: self.order_no?,
            width: self.width?,
            height: self.height?,
            caption: self.caption.take()?,
            alt: self.alt.take()?,
            tint: String::new(),
            by: Person::named(PersonId(self.by_id?), self.by_name.take()?, self.by_display.take()?),
            at: self.hung_at?,
        })
    }
}

fn beginning(spans: &[Span], files: &[Attachment]) -> String {
    said(spans, files).chars().take(LAST_WORDS).collect()
}
