//! What the list of rooms shows.

use super::DbErr;
use super::entities::member::{level_of, role_of};
use super::entities::unknown;
use super::rows::{self, json};
use super::uploads;
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
}

/// Archived ones last, else those first where something happened last. Roles and what is unread
/// are those of `me`; nobody is present yet, and nothing is shut: the rules say what may be.
pub async fn list_lines(
    db: &impl ConnectionTrait,
    sees: Sees,
    me: Option<PersonId>,
    limit: u32,
) -> Found<Vec<(RoomLine, GateRule)>> {
    let may_see = match sees {
        Sees::Public => "r.visibility = 'public'",
        Sees::AsPerson(_) => {
            "(r.visibility IN ('public', 'open') OR b.person_id IS NOT NULL) AND (r.visibility <> 'direct' OR r.said > 0)"
        }
        Sees::All => "(r.visibility <> 'direct' OR (b.person_id IS NOT NULL AND r.said > 0))",
    };
    let person = match (sees, me) {
        (Sees::AsPerson(person), _) | (_, Some(person)) => person.0,
        // Nobody's.
        _ => 0,
    };
    let mut rows: Vec<Row> =
        rows::list(db, &COLUMNS, &query(may_see), [person.into(), i64::from(limit).into()]).await?;
    rows.sort_by_key(|row| (row.archived, Reverse((row.last_at, row.id))));
    rows.into_iter().map(Row::line).collect()
}

#[rustfmt::skip]
const COLUMNS: [&str; 32] = [
    "id", "slug", "title", "about", "visibility", "archived", "created_at", "last_at", "role", "said", "heard", "level",
    "opening", "opens_at", "closes_at", "doors", "grace",
    "spans", "files", "at", "author",
    "picture", "blob", "order_no", "width", "height", "caption", "alt", "hung_at", "by_id", "by_name", "by_display",
];

/// First the rooms; then, of each, the last message and the first picture of the wall, by one
/// step into an index each.
fn query(may_see: &str) -> String {
    format!(
        "SELECT page.*, m.spans, m.files, m.at, p.display AS author, c.id AS picture, c.blob, c.order_no, c.width, c.height, \
         c.caption, c.alt, c.at AS hung_at, c.by_id, h.name AS by_name, h.display AS by_display FROM (\
         SELECT r.id, r.slug, r.title, r.about, r.visibility, CASE WHEN r.archived THEN 1 ELSE 0 END AS archived, \
         r.created_at, r.last_at, r.said, r.opening, r.opens_at, r.closes_at, r.doors, r.grace, b.role, b.heard, b.level \
         FROM room r \
         LEFT JOIN member b ON b.room_id = r.id AND b.person_id = $1 WHERE {may_see} \
         ORDER BY r.archived, r.last_at DESC, r.id DESC LIMIT $2) AS page \
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
    opening: String,
    opens_at: Option<i64>,
    closes_at: Option<i64>,
    doors: u32,
    grace: u32,
    spans: Option<String>,
    files: Option<String>,
    at: Option<i64>,
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
    fn line(mut self) -> Found<(RoomLine, GateRule)> {
        let unread = self.heard.map_or(0, |heard| self.said - heard);
        let rule = self.rule()?;
        let line = RoomLine {
            role: self.role.as_deref().map(role_of).transpose()?,
            last: self.last_words()?,
            draft: None,
            unread: u32::try_from(unread).unwrap_or_default(),
            mentions: 0,
            level: self.level.as_deref().map(level_of).transpose()?.unwrap_or_default(),
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
        Ok((line, rule))
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
        let (Some(spans), Some(at), Some(author)) = (&self.spans, self.at, self.author.take()) else {
            return Ok(None);
        };
        let spans: Vec<Span> = serde_json::from_str(spans).map_err(json)?;
        let files = uploads::read(self.files.as_deref().unwrap_or_default())?;
        // Of a message that was taken back the list tells nothing.
        let is_left = recalled(&spans).is_none();
        Ok(is_left.then(|| LastWords { author, text: beginning(&spans, &files), at }))
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
            by: Person::named(PersonId(self.by_id?), self.by_name.take()?, self.by_display.take()?),
            at: self.hung_at?,
        })
    }
}

fn beginning(spans: &[Span], files: &[Attachment]) -> String {
    said(spans, files).chars().take(LAST_WORDS).collect()
}
