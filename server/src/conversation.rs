//! A room's conversation besides its page: a day in it, and all of it in one file.

use crate::album::archive;
use crate::album::turns::Turn;
use crate::album::zip::Zip;
use crate::answer::Refusal;
use crate::commands::export::{Page, Reader, file_name};
use crate::house::House;
use crate::sent::{reads, while_allowed};
use app::calls::Visitor;
use app::{paths, text};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chat::{Chat, ExportedRoom, RoomReader};
use domain::time::parse_local;
use domain::{Problem, Rule};
use futures::stream::{self, Stream};
use serde::Deserialize;
use std::io;

/// Messages on a page of a copy.
const PAGE: usize = 1_000;

#[derive(Debug, Deserialize)]
pub struct On {
    /// `2026-11-20`, in the visitor's zone.
    #[serde(default)]
    day: String,
}

/// `GET /r/<room>/on?day=…`: leads to the first message of that day or after it, else to the end.
///
/// # Errors
/// As the room's page; `Invalid { field: "day", .. }` for what is no day.
pub async fn on(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(slug): Path<String>,
    Query(On { day }): Query<On>,
) -> Result<Response, Refusal> {
    let reader = house.chat.reader_by_slug(visitor.who.as_ref(), &slug).await?;
    let began = parse_local(&format!("{day}T00:00")).ok_or(Problem::invalid("day", Rule::Characters))?;
    let found = house.chat.first_since(&reader, began - i64::from(visitor.tz) * 60_000).await?;
    let slug = &reader.room().slug;
    let address = found.map_or_else(|| paths::room(slug), |seq| paths::message(slug, seq));
    Ok(Redirect::to(&address).into_response())
}

/// A copy that is being made, page by page while it travels.
struct Copy {
    chat: Chat,
    reader: RoomReader,
    words: Reader,
    room: ExportedRoom,
    number: usize,
    pages: usize,
    /// Place of the last message copied.
    after: i64,
    at: i64,
    zip: Option<Zip>,
    _turn: Turn,
}

/// `GET /r/<room>/conversation.zip`: all that was said, as pages that open from disk, for people who
/// may read the room.
///
/// # Errors
/// As the room's page; [`Problem::SignInNeeded`] for guests; [`Problem::Unavailable`] while others
/// make copies.
pub async fn save(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    let reader = house.chat.reader_by_slug(visitor.who.as_ref(), &slug).await?;
    let person = visitor.who.as_ref().ok_or(Problem::SignInNeeded)?.person.id;
    let room = house.chat.conversation(&reader).await?;
    let turn = house.albums.take(person)?;
    let name = format!("{}.zip", reader.room().slug);
    let pages = usize::try_from(room.messages).unwrap_or(usize::MAX).div_ceil(PAGE).max(1);
    let words = Reader { text: text::text(visitor.lang), zone: visitor.tz };
    let (at, zip) = (house.chat.clock().now(), Some(Zip::default()));
    let right = reads(&house.chat, visitor.who.as_ref(), reader.room().id);
    let copy = Copy { chat: house.chat.clone(), reader, words, room, number: 0, pages, after: 0, at, zip, _turn: turn };
    Ok(archive(&name, while_allowed(right, copy.pieces())))
}

impl Copy {
    fn pieces(self) -> impl Stream<Item = io::Result<Bytes>> {
        stream::try_unfold(self, |mut copy| async move {
            let piece = copy.next().await?;
            Ok(piece.map(|piece| (piece, copy)))
        })
    }

    /// A whole page, or the end; `None` after it.
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let Some(zip) = &mut self.zip else { return Ok(None) };
        if self.number == self.pages {
            return Ok(self.zip.take().map(|zip| zip.end().into()));
        }
        let messages = self.chat.conversation_after(&self.reader, &self.room, self.after, PAGE).await;
        let messages = messages.map_err(io::Error::other)?;
        self.after = messages.last().map_or(self.after, |last| last.seq);
        self.number += 1;
        let page = Page {
            reader: &self.words,
            room: &self.room,
            hung: &[],
            number: self.number,
            pages: self.pages,
            messages: &messages,
        };
        let html = page.html();
        let mut piece = zip.file(&file_name(self.number), html.as_bytes(), self.at);
        piece.extend_from_slice(html.as_bytes());
        Ok(Some(piece.into()))
    }
}
