//! Search: what was said, hung and who is here, as far as the asker may see it.

pub mod indexer;
mod query;
pub(crate) mod terms;

use crate::names::name_key;
use crate::store::search::{self, FoundMessage, Wanted};
use crate::{Chat, Result, Who};
use domain::RoomId;
use domain::attachment::Attachment;
use domain::room::Room;
use domain::search::{FileHit, Found, Kind, MessageHit, PAGE, PictureHit};
use query::{Has, Query};
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use terms::Term;

/// Most rooms, people and pictures that are shown among everything, and by themselves.
const FEW: usize = 12;
const MANY: usize = 60;

/// A question, and from where it is asked.
pub struct Question<'a> {
    /// Words and filters, as typed.
    pub asked: &'a str,
    pub address: IpAddr,
    /// The asker's zone, minutes east of UTC: days in filters are theirs.
    pub tz: i32,
    /// `None` for everything.
    pub kind: Option<Kind>,
    /// Show the messages that came before this one: [`Found::older`] of an earlier answer.
    pub older_than: Option<i64>,
}

impl Chat {
    /// Finds what holds all the words, newest first. Asking for nothing finds nothing.
    ///
    /// # Errors
    /// [`Problem::TooFast`](crate::Problem::TooFast) for more than one question a second in the long run.
    pub async fn search(&self, who: Option<&Who>, question: Question<'_>) -> Result<Found> {
        let query = Query::parse(question.asked, question.tz);
        if query.is_empty() {
            return Ok(Found::default());
        }
        self.limits().search(question.address)?;
        let all: HashMap<RoomId, Room> =
            self.readable_rooms(who).await?.into_iter().map(|room| (room.id, room)).collect();
        let within = |room: &&Room| {
            query.room.as_ref().is_none_or(|slug| *slug == domain::address::decode(&room.slug).to_lowercase())
        };
        let rooms: Vec<RoomId> = all.values().filter(within).map(|room| room.id).collect();
        let author = match &query.from {
            None => None,
            Some(name) => match search::find_author(self.store().read(), &name_key(name)).await? {
                // Nobody by that name has said anything.
                None => return Ok(Found::default()),
                author => author,
            },
        };
        let wanted = Wanted {
            terms: &query.terms,
            rooms: &rooms,
            asker: who.map(|who| who.person.id),
            author,
            has_link: query.has == Some(Has::Link),
            has_file: query.has == Some(Has::File) || question.kind == Some(Kind::Files),
            after: query.after,
            before: query.before,
            older_than: question.older_than,
            limit: PAGE + 1,
        };
        let mut found = Found::default();
        let wants = |kind| question.kind.is_none_or(|only| only == kind);
        let files_only = question.kind == Some(Kind::Files);
        if query.has != Some(Has::Picture) && (wants(Kind::Messages) || files_only) {
            let messages = self.find_messages(&wanted, &mut found).await?;
            if files_only {
                found.files = messages.into_iter().flat_map(|message| files(message, wanted.terms)).collect();
            } else {
                found.messages = messages.into_iter().map(|message| hit(message, wanted.terms)).collect();
            }
        }
        // The rest stands on the first page alone.
        if question.older_than.is_none() {
            self.find_others(who, (&query, question.kind), wanted, &all, &mut found).await?;
        }
        found.places = places(&found, all);
        Ok(found)
    }

    /// A page of them; `found` says where the next one begins.
    async fn find_messages(&self, wanted: &Wanted<'_>, found: &mut Found) -> Result<Vec<FoundMessage>> {
        let mut messages = search::find_messages(self.store().read(), wanted).await?;
        if messages.len() > PAGE {
            messages.truncate(PAGE);
            found.older = messages.last().map(|message| message.id);
        }
        Ok(messages)
    }

    async fn find_others(
        &self,
        who: Option<&Who>,
        (query, kind): (&Query, Option<Kind>),
        wanted: Wanted<'_>,
        all: &HashMap<RoomId, Room>,
        found: &mut Found,
    ) -> Result<()> {
        let read = self.store().read();
        let limit = if kind.is_some() { MANY } else { FEW };
        let wants = |one| kind.is_none_or(|only| only == one);
        if !matches!(query.has, Some(Has::Link | Has::File)) && wants(Kind::Pictures) {
            let pictures = search::find_pictures(read, &Wanted { limit, ..wanted }).await?;
            found.pictures = pictures.into_iter().map(|(room, picture)| PictureHit { room, picture }).collect();
        }
        if !query.is_filtered() && !query.terms.is_empty() {
            // Guests see no list of people.
            if who.is_some() && wants(Kind::People) {
                found.people = search::find_people(read, &query.terms, limit as i64).await?;
            }
            if wants(Kind::Rooms) {
                found.rooms = all.values().filter(|room| holds(room, &query.terms)).cloned().collect();
                found.rooms.sort_by(|a, b| a.title.cmp(&b.title).then(a.id.cmp(&b.id)));
                found.rooms.truncate(limit);
            }
        }
        Ok(())
    }
}

/// The rooms of what was found, each once.
fn places(found: &Found, all: HashMap<RoomId, Room>) -> Vec<Room> {
    let rooms: HashSet<RoomId> = (found.pictures.iter().map(|hit| hit.room))
        .chain(found.messages.iter().map(|hit| hit.room))
        .chain(found.files.iter().map(|hit| hit.room))
        .collect();
    let mut places: Vec<Room> = all.into_values().filter(|room| rooms.contains(&room.id)).collect();
    places.sort_unstable_by_key(|room| room.id);
    places
}

fn hit(message: FoundMessage, terms: &[Term]) -> MessageHit {
    let FoundMessage { room, seq, text, at, author, .. } = message;
    MessageHit { room, author, seq, at, pieces: terms::pieces(&text, terms) }
}

/// Those of a message whose names have all the words; all of them if only the message has.
fn files(message: FoundMessage, terms: &[Term]) -> Vec<FileHit> {
    let FoundMessage { room, seq, at, author, mut files, .. } = message;
    let is_named = |file: &Attachment| has_all(&format!("{} {}", file.name, file.alt), terms);
    if files.iter().any(is_named) {
        files.retain(is_named);
    }
    let hit = |file: Attachment| FileHit {
        room,
        author: author.clone(),
        seq,
        at,
        pieces: terms::pieces(&file.name, terms),
        file,
    };
    files.into_iter().map(hit).collect()
}

/// Whether a room's name, address or purpose has all the words.
fn holds(room: &Room, terms: &[Term]) -> bool {
    has_all(&format!("{} {} {}", room.title, room.slug, room.about), terms)
}

fn has_all(text: &str, terms: &[Term]) -> bool {
    let words = terms::index(text);
    terms.iter().all(|term| match term {
        Term::Prefix(prefix) => words.iter().any(|word| word.starts_with(prefix)),
        Term::Phrase(phrase) => words.windows(phrase.len()).any(|window| window == phrase),
    })
}
