//! `POST /export/pictures/{room}`: pictures of a wall in one file, in their order, for those who
//! run the room. Made while it travels: one picture is in memory at a time.

pub mod turns;
pub mod zip;

use crate::answer::{self, Refusal};
use crate::file_name::{attachment, numbered};
use crate::house::House;
use crate::sent::{runs, while_allowed};
use app::calls::Visitor;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use chat::{Chat, RoomHost};
use domain::picture::{Picture, Size};
use domain::{PictureId, Problem, RoomId, Thing};
use futures::stream::{self, Stream};
use std::io;
use turns::Turn;
use zip::Zip;

/// A file that is being made.
struct Album {
    chat: Chat,
    host: RoomHost,
    /// What is still to come, the next one last.
    rest: Vec<Picture>,
    of: usize,
    done: usize,
    zip: Option<Zip>,
    _turn: Turn,
}

/// The pictures named in the form (`pictures[]`), or the whole wall.
pub async fn save(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(room): Path<String>,
    form: Bytes,
) -> Result<Response, Refusal> {
    let room: RoomId = room.parse().map_err(|_| Problem::not_found(Thing::Room))?;
    let host = house.chat.host(visitor.who.as_ref(), room).await?;
    let mut rest = house.chat.album(&host, &chosen(&form)?).await?;
    rest.reverse();
    let turn = house.albums.take(host.who().person.id)?;
    let name = format!("{}.zip", host.reader().room().slug);
    let (of, zip) = (rest.len(), Some(Zip::default()));
    let right = runs(&house.chat, visitor.who.as_ref(), room);
    let album = Album { chat: house.chat.clone(), host, rest, of, done: 0, zip, _turn: turn };
    Ok(archive(&name, while_allowed(right, album.pieces())))
}

/// An archive that is made while it travels, to be kept under this name.
pub fn archive(name: &str, pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(pieces));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment(name));
    response
}

/// The ids in the form; whatever else it holds belongs to its other buttons.
fn chosen(form: &[u8]) -> Result<Vec<PictureId>, Problem> {
    let fields = form_urlencoded::parse(form).filter(|(name, _)| name.starts_with("pictures["));
    fields.map(|(_, id)| id.parse().map_err(|_| answer::malformed())).collect()
}

impl Album {
    fn pieces(self) -> impl Stream<Item = io::Result<Bytes>> {
        stream::try_unfold(self, |mut album| async move {
            let piece = album.next().await?;
            Ok(piece.map(|piece| (piece, album)))
        })
    }

    /// A whole file, or the end; `None` after it.
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let Some(zip) = &mut self.zip else { return Ok(None) };
        while let Some(picture) = self.rest.pop() {
            self.done += 1;
            let read = self.chat.picture_bytes(self.host.reader(), &picture.blob, Size::Full).await;
            let (bytes, kind) = match read.map_err(chat::Error::into_problem) {
                Ok(found) => found,
                // Taken down meanwhile; the others keep their numbers.
                Err(Problem::NotFound { .. }) => continue,
                Err(problem) => return Err(io::Error::other(problem)),
            };
            let ending = if kind == "image/png" { "png" } else { "jpg" };
            let width = self.of.to_string().len().max(3);
            let name = numbered(&picture.caption, self.done, width, ending);
            let mut piece = zip.file(&name, &bytes, picture.at);
            piece.extend_from_slice(&bytes);
            return Ok(Some(piece.into()));
        }
        Ok(self.zip.take().map(|zip| zip.end().into()))
    }
}
