//! The index of words, and what is found in it: the same on SQLite (FTS5) and PostgreSQL
//! (`tsvector`), since both only ever see words that `search::terms` made.

use super::entities::unknown;
use super::rows::{self, json};
use super::{DbErr, people, uploads};
use crate::search::terms::Term;
use domain::attachment::Attachment;
use domain::member::Role;
use domain::person::Person;
use domain::{BlobId, PersonId, PictureId, RoomId, picture::Picture, time::Millis};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// Most hits of the words alone that are looked at, newest first: what bounds a search for what
/// stands everywhere, in rooms the asker does not see.
const LOOKED_AT: i64 = 20_000;

/// Pages that are joined at a time.
const JOINED: u32 = 8;

/// What is indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Message,
    Picture,
    Person,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Message, Self::Picture, Self::Person];

    pub fn table(self) -> &'static str {
        match self {
            Self::Message => "search_message",
            Self::Picture => "search_picture",
            Self::Person => "search_person",
        }
    }

    /// Its rows and their texts.
    fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Message => ("message", SAID),
            Self::Picture => ("picture", "t.caption || ' ' || t.alt || ' ' || t.file_name"),
            Self::Person => ("person", "t.name || ' ' || t.display"),
        }
    }
}

/// What a message says, and what its files are called and show.
const SAID: &str = "t.text || COALESCE((SELECT ' ' || string_agg(u.name || CASE u.alt WHEN '' THEN '' ELSE ' ' || u.alt END, ' ') \
     FROM upload u WHERE u.message_id = t.id), '')";

fn is_postgres(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Postgres
}

fn statement(db: &impl ConnectionTrait, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// Keeps the words of these, in place of those they had: all in one statement, since every one costs SQLite
/// more on its way than the words do.
pub async fn put(db: &impl ConnectionTrait, kind: Kind, words: &[(i64, Vec<String>)]) -> Found<()> {
    let table = kind.table();
    let written: Vec<(i64, String)> = words.iter().map(|(id, words)| (*id, written(db, words))).collect();
    let written = serde_json::to_string(&written).map_err(json)?;
    if is_postgres(db) {
        let sql = format!(
            "INSERT INTO {table} (id, words) SELECT CAST(w->>0 AS bigint), CAST(w->>1 AS tsvector) \
             FROM json_array_elements(CAST($1 AS json)) w ON CONFLICT (id) DO UPDATE SET words = excluded.words"
        );
        return db.execute_raw(statement(db, &sql, [written.into()])).await.map(drop);
    }
    let old = format!("DELETE FROM {table} WHERE rowid IN (SELECT value->>0 FROM json_each($1))");
    db.execute_raw(statement(db, &old, [written.clone().into()])).await?;
    let sql = format!("INSERT INTO {table} (rowid, words) SELECT value->>0, value->>1 FROM json_each($1)");
    db.execute_raw(statement(db, &sql, [written.into()])).await.map(drop)
}

/// The same for what changed. Nothing if it has none yet: the indexer finds it, and what comes before it.
pub async fn renew(db: &impl ConnectionTrait, kind: Kind, id: i64, words: &[String]) -> Found<()> {
    let sql = format!("SELECT 1 FROM {} WHERE {} = $1", kind.table(), id_column(db));
    match db.query_one_raw(statement(db, &sql, [id.into()])).await? {
        Some(_) => put(db, kind, &[(id, words.to_vec())]).await,
        None => Ok(()),
    }
}

/// Joins parts of SQLite's index of what was said, some [`JOINED`] pages, and says whether there was anything
/// to join: each [`put`] leaves one more part, and a search looks into all of them. PostgreSQL does so by
/// itself, beside the commits: only for SQLite.
pub async fn tidy(db: &impl ConnectionTrait) -> Found<bool> {
    let table = Kind::Message.table();
    let count = "SELECT total_changes()";
    let merge = format!("{count}; INSERT INTO {table} ({table}, rank) VALUES ('merge', {JOINED}); {count}");
    let rows = db.query_all_raw(statement(db, &merge, [])).await?;
    let counts: Vec<i64> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Found<_>>()?;
    // One change is that of the statement itself. (FTS5, "The 'merge' Command")
    Ok(matches!(counts[..], [before, after] if after - before > 1))
}

/// The texts of these rows as they are now.
pub async fn list_texts(db: &impl ConnectionTrait, kind: Kind, ids: &[i64]) -> Found<HashMap<i64, String>> {
    let (source, text) = kind.source();
    let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT t.id, {text} AS text FROM {source} t WHERE t.id IN ({ids})");
    Ok(rows::list::<Missing>(db, &["id", "text"], &sql, []).await?.into_iter().collect())
}

fn id_column(db: &impl ConnectionTrait) -> &'static str {
    if is_postgres(db) { "id" } else { "rowid" }
}

/// Words in a row, as the index wants to be given them. They are letters and digits only, so that
/// no sign in them means anything.
fn written(db: &impl ConnectionTrait, words: &[String]) -> String {
    if !is_postgres(db) {
        return words.join(" ");
    }
    let placed = words.iter().enumerate().map(|(at, word)| format!("'{word}':{}", at + 1));
    placed.collect::<Vec<_>>().join(" ")
}

/// A question in the index's own language.
fn asked(db: &impl ConnectionTrait, terms: &[Term]) -> String {
    let postgres = is_postgres(db);
    let term = |term: &Term| match (term, postgres) {
        (Term::Prefix(word), true) => format!("'{word}':*"),
        (Term::Prefix(word), false) => format!("\"{word}\"*"),
        (Term::Phrase(words), true) => {
            let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            format!("({})", words.join(" <-> "))
        }
        (Term::Phrase(words), false) => format!("\"{}\"", words.join(" ")),
    };
    terms.iter().map(term).collect::<Vec<_>>().join(if postgres { " & " } else { " AND " })
}

/// Something that is not in the index yet, and its text.
pub type Missing = (i64, String);

/// The last of its rows that the index has; 0 if it has none.
pub async fn find_last(db: &impl ConnectionTrait, kind: Kind) -> Found<i64> {
    let (table, column) = (kind.table(), id_column(db));
    let query = format!("SELECT {column} AS id FROM {table} ORDER BY {column} DESC LIMIT 1");
    let found: Vec<(i64,)> = rows::list(db, &["id"], &query, []).await?;
    Ok(found.first().map_or(0, |(id,)| *id))
}

/// The first of what the index lacks behind a row.
pub async fn list_missing(db: &impl ConnectionTrait, kind: Kind, after: i64, limit: i64) -> Found<Vec<Missing>> {
    let (source, text) = kind.source();
    let (table, column) = (kind.table(), id_column(db));
    let sql = format!(
        "SELECT t.id, {text} AS text FROM {source} t WHERE t.id > $1 \
         AND NOT EXISTS (SELECT 1 FROM {table} s WHERE s.{column} = t.id) ORDER BY t.id LIMIT $2"
    );
    let mut missing: Vec<Missing> = rows::list(db, &["id", "text"], &sql, [after.into(), limit.into()]).await?;
    missing.sort_unstable_by_key(|(id, _)| *id);
    Ok(missing)
}

/// Where to look, and for what besides words.
pub struct Wanted<'a> {
    pub terms: &'a [Term],
    pub rooms: &'a [RoomId],
    /// Nobody finds what they have hidden from themselves.
    pub asker: Option<PersonId>,
    pub author: Option<PersonId>,
    pub has_link: bool,
    pub has_file: bool,
    pub after: Option<Millis>,
    pub before: Option<Millis>,
    /// Only what came before this one.
    pub older_than: Option<i64>,
    pub limit: usize,
}

impl Wanted<'_> {
    /// `$1` the words, `$2` the id to stay below, `$3` the rooms, `$4` the author, `$5` and `$6` the
    /// times, `$7` how many.
    fn values(&self, db: &impl ConnectionTrait) -> Found<Vec<Value>> {
        let rooms: Vec<i64> = self.rooms.iter().map(|room| room.0).collect();
        Ok(vec![
            asked(db, self.terms).into(),
            self.older_than.unwrap_or(i64::MAX).into(),
            serde_json::to_string(&rooms).map_err(json)?.into(),
            self.author.map_or(0, |author| author.0).into(),
            self.after.unwrap_or(i64::MIN).into(),
            self.before.unwrap_or(i64::MAX).into(),
            i64::try_from(self.limit).unwrap_or(i64::MAX).into(),
        ])
    }

    /// The ids of what holds the words, newest first; of everything without words.
    fn ids(&self, db: &impl ConnectionTrait, kind: Kind) -> String {
        let (table, column) =
            if self.terms.is_empty() { (kind.source().0, "id") } else { (kind.table(), id_column(db)) };
        let matching = match (self.terms.is_empty(), is_postgres(db)) {
            // The parameter has to stand somewhere, or the databases do not know its type.
            (true, _) => "CAST($1 AS TEXT) = ''".to_owned(),
            (false, true) => "words @@ CAST($1 AS tsquery)".to_owned(),
            (false, false) => format!("{table} MATCH $1"),
        };
        format!(
            "SELECT {column} AS id FROM {table} WHERE {matching} AND {column} < $2 \
             ORDER BY {column} DESC LIMIT {LOOKED_AT}"
        )
    }
}

/// Which of `$3` a row's room has to be in.
fn in_rooms(db: &impl ConnectionTrait) -> &'static str {
    if is_postgres(db) {
        "t.room_id = ANY(ARRAY(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST($3 AS json))))"
    } else {
        "t.room_id IN (SELECT value FROM json_each($3))"
    }
}

/// A message's id, room, place, text, files, time; its author's id, name and display name.
type MessageLine = (i64, i64, i64, String, String, i64, i64, String, String);

/// A message that was found, before anybody marked its words.
pub struct FoundMessage {
    pub id: i64,
    pub room: RoomId,
    pub seq: i64,
    /// With the names of its files.
    pub text: String,
    pub files: Vec<Attachment>,
    pub at: Millis,
    pub author: Person,
}

/// Newest first.
pub async fn find_messages(db: &impl ConnectionTrait, wanted: &Wanted<'_>) -> Found<Vec<FoundMessage>> {
    let link = if wanted.has_link { "AND t.spans LIKE '%{\"link\":%'" } else { "" };
    let file = if wanted.has_file { "AND t.files <> ''" } else { "" };
    let sql = format!(
        "SELECT t.id, t.room_id, t.seq, {SAID} AS text, t.files, t.at, p.id AS author, p.name, p.display FROM ({ids}) AS hit \
         {join} message t ON t.id = hit.id {join} person p ON p.id = t.author_id \
         WHERE {rooms} AND ($4 = 0 OR t.author_id = $4) AND t.at >= $5 AND t.at < $6 AND (t.text <> '' OR t.files <> '') {link} {file} \
         AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.person_id = $8 AND h.message_id = t.id) {order} LIMIT $7",
        ids = wanted.ids(db, Kind::Message),
        rooms = in_rooms(db),
        join = join(db),
        order = order(db),
    );
    let columns = ["id", "room_id", "seq", "text", "files", "at", "author", "name", "display"];
    let mut values = wanted.values(db)?;
    values.push(wanted.asker.map_or(0, |asker| asker.0).into());
    let mut lines: Vec<MessageLine> = rows::list(db, &columns, &sql, values).await?;
    lines.sort_unstable_by_key(|line| std::cmp::Reverse(line.0));
    lines.into_iter().map(message_of).collect()
}

fn message_of(line: MessageLine) -> Found<FoundMessage> {
    let (id, room, seq, text, files, at, author, name, display) = line;
    let author = Person::named(PersonId(author), name, display);
    Ok(FoundMessage { id, room: RoomId(room), seq, text, files: uploads::read(&files)?, at, author })
}

/// SQLite begins with what stands before `CROSS JOIN`: with the hits, in the order of the index. It
/// stops when there are enough; told to sort them, it would fetch all. PostgreSQL has to be told.
fn join(db: &impl ConnectionTrait) -> &'static str {
    if is_postgres(db) { "JOIN" } else { "CROSS JOIN" }
}

/// See [`join`].
fn order(db: &impl ConnectionTrait) -> &'static str {
    if is_postgres(db) { "ORDER BY t.id DESC" } else { "" }
}

/// A picture's id, room, file, order, width, height, caption, alternative text, time; its owner's id,
/// name and display name.
type PictureLine = (i64, i64, String, i64, u32, u32, String, String, i64, i64, String, String);

/// Of those that hang; newest first.
pub async fn find_pictures(db: &impl ConnectionTrait, wanted: &Wanted<'_>) -> Found<Vec<(RoomId, Picture)>> {
    let sql = format!(
        "SELECT t.id, t.room_id, t.blob, t.order_no, t.width, t.height, t.caption, t.alt, t.at, p.id AS by_id, \
         p.name, p.display FROM ({ids}) AS hit {join} picture t ON t.id = hit.id {join} person p ON p.id = t.by_id \
         WHERE {rooms} AND ($4 = 0 OR t.by_id = $4) AND t.at >= $5 AND t.at < $6 AND t.removed_at IS NULL AND t.held_at IS NULL \
         {order} LIMIT $7",
        ids = wanted.ids(db, Kind::Picture),
        rooms = in_rooms(db),
        join = join(db),
        order = order(db),
    );
    let columns =
        ["id", "room_id", "blob", "order_no", "width", "height", "caption", "alt", "at", "by_id", "name", "display"];
    let mut lines: Vec<PictureLine> = rows::list(db, &columns, &sql, wanted.values(db)?).await?;
    lines.sort_unstable_by_key(|line| std::cmp::Reverse(line.0));
    lines.into_iter().map(picture_of).collect()
}

fn picture_of(line: PictureLine) -> Found<(RoomId, Picture)> {
    let (id, room, blob, order, width, height, caption, alt, at, by, name, display) = line;
    let picture = Picture {
        id: PictureId(id),
        blob: BlobId::parse(&blob).map_err(|_| unknown("blob", &blob))?,
        order,
        width,
        height,
        caption,
        alt,
        tint: String::new(),
        by: Person::named(PersonId(by), name, display),
        at,
    };
    Ok((RoomId(room), picture))
}

/// By name.
pub async fn find_people(db: &impl ConnectionTrait, terms: &[Term], limit: i64) -> Found<Vec<Person>> {
    let (table, column) = (Kind::Person.table(), id_column(db));
    let matching =
        if is_postgres(db) { "words @@ CAST($1 AS tsquery)".to_owned() } else { format!("{table} MATCH $1") };
    let sql = format!(
        "SELECT p.id, p.name, p.display, p.portrait FROM (SELECT {column} AS id FROM {table} WHERE {matching}) AS hit \
         JOIN person p ON p.id = hit.id WHERE NOT p.disabled ORDER BY p.name_key LIMIT $2"
    );
    let values = [asked(db, terms).into(), limit.into()];
    rows::list(db, &["id", "name", "display", "portrait"], &sql, values).await.map(rows::people)
}

/// Whose name it is.
pub async fn find_author(db: &impl ConnectionTrait, name_key: &str) -> Found<Option<PersonId>> {
    Ok(people::find_by_key(db, name_key).await?.map(|row| PersonId(row.id)))
}

/// What somebody is in each room of theirs.
pub async fn list_roles(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<(RoomId, Role)>> {
    let sql = "SELECT room_id, role FROM member WHERE person_id = $1";
    let lines: Vec<(i64, String)> = rows::list(db, &["room_id", "role"], sql, [person.0.into()]).await?;
    lines.into_iter().map(|(room, role)| Ok((RoomId(room), super::entities::member::role_of(&role)?))).collect()
}
