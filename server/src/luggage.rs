//! `POST /export/account`: what is one's own, in one file: the profile, what one said, the pictures
//! one hung, the files one sent. Made while it travels: a few hundred messages, one picture or a
//! piece of a file are in memory at a time.

use crate::album::archive;
use crate::album::turns::Turn;
use crate::album::zip::Zip;
use crate::file_name::numbered;
use crate::house::House;
use crate::sent::{owns, while_allowed};
use crate::upload::{manners, refuse};
use app::calls::Visitor;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use chat::{Chat, FileBytes, Own, OwnRequest, Who};
use domain::picture::Picture;
use domain::time::iso;
use domain::{Problem, RoomId};
use futures::stream::{self, Stream};
use serde_json::json;
use std::io;

/// The name of the form, for what it is refused with.
const CALL: &str = "export-account";

/// A file that is being made.
struct Luggage {
    chat: Chat,
    who: Who,
    step: Step,
    zip: Option<Zip>,
    /// A sent file on its way, and how much of it is out.
    file: Option<(FileBytes, u64)>,
    /// The last one that is in it, and how many are.
    files: (i64, usize),
    _turn: Turn,
}

/// What comes next.
enum Step {
    Profile,
    Portrait,
    /// After this message; so many files of them are there.
    Messages(i64, usize),
    /// These are left, the next one last; so many are there.
    Pictures(Vec<(RoomId, Picture)>, usize),
    /// The files that were sent.
    Files,
}

/// A file in the file.
struct Item {
    name: String,
    bytes: Bytes,
    at: i64,
}

pub async fn save(State(house): State<House>, Extension(visitor): Extension<Visitor>, request: Request) -> Response {
    let (for_page, landing) = manners(&request);
    match begin(&house, &visitor) {
        Ok(response) => response,
        Err(problem) => refuse(for_page, &landing, CALL, &problem),
    }
}

fn begin(house: &House, visitor: &Visitor) -> Result<Response, Problem> {
    let who = visitor.who.clone().ok_or(Problem::SignInNeeded)?;
    let turn = house.luggage.take(who.person.id)?;
    let name = format!("salon-{}.zip", who.person.name);
    let zip = Some(Zip::default());
    let (chat, step) = (house.chat.clone(), Step::Profile);
    let right = owns(&chat, &who);
    let luggage = Luggage { chat, who, step, zip, file: None, files: (0, 0), _turn: turn };
    Ok(archive(&name, while_allowed(right, luggage.pieces())))
}

impl Luggage {
    fn pieces(self) -> impl Stream<Item = io::Result<Bytes>> {
        stream::try_unfold(self, |mut luggage| async move {
            let piece = luggage.next().await.map_err(|error| io::Error::other(error.to_string()))?;
            Ok(piece.map(|piece| (piece, luggage)))
        })
    }

    /// A whole file, a piece of one, or the end; `None` after it.
    async fn next(&mut self) -> chat::Result<Option<Bytes>> {
        if let Some(piece) = self.piece().await? {
            return Ok(Some(piece));
        }
        if self.zip.is_none() {
            return Ok(None);
        }
        let item = self.item().await?;
        let Some(zip) = &mut self.zip else { return Ok(None) };
        if let Some(item) = item {
            let mut piece = zip.file(&item.name, &item.bytes, item.at);
            piece.extend_from_slice(&item.bytes);
            return Ok(Some(piece.into()));
        }
        if let Some(head) = self.sent_file().await? {
            return Ok(Some(head));
        }
        Ok(self.zip.take().map(|zip| zip.end().into()))
    }

    /// More of the file that is on its way.
    async fn piece(&mut self) -> chat::Result<Option<Bytes>> {
        let Some((file, out)) = self.file.take().filter(|(file, out)| *out < file.length) else { return Ok(None) };
        let piece = self.chat.file_piece(&file, out, file.length).await?;
        let out = out + piece.len() as u64;
        self.file = Some((file, out));
        Ok(Some(piece))
    }

    /// Begins the next file that was sent. It is read twice: its sum stands in front of it.
    async fn sent_file(&mut self) -> chat::Result<Option<Bytes>> {
        while let Some(own) = self.chat.next_own_file(&self.who, self.files.0).await? {
            self.files.0 = own.id;
            // Taken back just now; the others are still theirs.
            let Ok(sum) = self.sum(&own.file).await else { continue };
            let Some(zip) = &mut self.zip else { return Ok(None) };
            self.files.1 += 1;
            let name = format!("file-{:04}-{}", self.files.1, own.file.name);
            let head = zip.begin(&name, (sum, own.file.length), own.at);
            self.file = Some((own.file, 0));
            return Ok(Some(head.into()));
        }
        Ok(None)
    }

    async fn sum(&self, file: &FileBytes) -> chat::Result<u32> {
        let (mut sum, mut read) = (crc32fast::Hasher::new(), 0);
        while read < file.length {
            let piece = self.chat.file_piece(file, read, file.length).await?;
            sum.update(&piece);
            read += piece.len() as u64;
        }
        Ok(sum.finalize())
    }

    async fn item(&mut self) -> chat::Result<Option<Item>> {
        loop {
            let (item, step) = match std::mem::replace(&mut self.step, Step::Files) {
                Step::Profile => (Some(self.profile().await?), Step::Portrait),
                Step::Portrait => (self.portrait().await?, Step::Messages(0, 0)),
                Step::Messages(after, files) => {
                    let own = self.chat.own_messages(&self.who, after).await?;
                    match own.last().map(|last| last.id) {
                        Some(last) => (Some(messages(&own, files + 1)), Step::Messages(last, files + 1)),
                        None => {
                            let mut pictures = self.chat.own_pictures(&self.who).await?;
                            pictures.reverse();
                            (None, Step::Pictures(pictures, 0))
                        }
                    }
                }
                Step::Pictures(mut left, files) => match left.pop() {
                    Some(picture) => (self.picture(&picture, files + 1).await?, Step::Pictures(left, files + 1)),
                    None => return Ok(None),
                },
                Step::Files => return Ok(None),
            };
            self.step = step;
            if item.is_some() {
                return Ok(item);
            }
        }
    }

    async fn profile(&self) -> chat::Result<Item> {
        let profile = self.chat.my_profile(&self.who).await?;
        let person = &self.who.person;
        let sessions = self.chat.sessions(&self.who).await?;
        let devices: Vec<_> = sessions
            .iter()
            .map(|s| json!({"device": s.device, "address": s.address, "since": iso(s.created_at), "last_used": iso(s.seen_at)}))
            .collect();
        let asked: Vec<_> = self.chat.own_requests(&self.who).await?.iter().map(request).collect();
        let words = json!({
            "name": person.name,
            "display_name": person.display,
            "about": profile.about,
            "email": profile.email,
            "devices": devices,
            "join_requests": asked,
        });
        Ok(Item { name: "profile.json".to_owned(), bytes: pretty(&words), at: self.chat.now() })
    }

    async fn portrait(&self) -> chat::Result<Option<Item>> {
        let found = self.chat.portrait(&self.who, self.who.person.id).await?;
        Ok(found.map(|(bytes, kind)| Item {
            name: format!("profile.{}", ending(&kind)),
            bytes: bytes.into(),
            at: self.chat.now(),
        }))
    }

    /// `None` if it was taken down meanwhile; the others keep their numbers.
    async fn picture(&self, picture: &(RoomId, Picture), number: usize) -> chat::Result<Option<Item>> {
        match self.chat.own_picture_bytes(&self.who, picture).await {
            Ok((bytes, kind)) => {
                let name = format!("picture-{}", numbered(&picture.1.caption, number, 4, ending(kind)));
                Ok(Some(Item { name, bytes, at: picture.1.at }))
            }
            Err(chat::Error::Problem(Problem::NotFound { .. })) => Ok(None),
            Err(cause) => Err(cause),
        }
    }
}

fn request(own: &OwnRequest) -> serde_json::Value {
    let (at, declined_at) = (iso(own.at), own.declined_at.map(iso));
    json!({"at": at, "room": own.room.title, "address": own.room.slug, "text": own.words, "declined_at": declined_at})
}

fn messages(own: &[Own], number: usize) -> Item {
    let line = |m: &Own| json!({"at": iso(m.at), "room": m.room, "address": m.slug, "text": m.text});
    let lines: Vec<_> = own.iter().map(line).collect();
    let at = own.last().map_or(0, |last| last.at);
    Item { name: format!("messages-{number:04}.json"), bytes: pretty(&json!(lines)), at }
}

fn pretty(words: &serde_json::Value) -> Bytes {
    serde_json::to_vec_pretty(words).unwrap_or_default().into()
}

fn ending(kind: &str) -> &'static str {
    if kind == "image/png" { "png" } else { "jpg" }
}
