//! A message with its files as one form: how the composer works without scripts.

use super::{MESSAGE_BYTES, writer};
use crate::answer;
use crate::house::House;
use crate::upload::{broken, form, manners, refuse};
use app::calls::Visitor;
use axum::Extension;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, Request, State};
use axum::response::{IntoResponse, Response};
use chat::Enclosed;
use domain::attachment::MAX_FILES;
use domain::message::Message;
use domain::{BlobId, ClientId, Problem, Rule};

/// For refusals that a form brings back.
const CALL: &str = "post-message";
/// Longest text field, in bytes.
const TEXT_BYTES: usize = 64 * 1024;

/// What the form said.
#[derive(Default)]
struct Said {
    text: String,
    client_id: String,
    files: Vec<BlobId>,
    /// What they show, a line for each.
    alts: String,
}

/// Says something, with `files`.
pub async fn post(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(room): Path<String>,
    request: Request,
) -> Response {
    let (for_page, landing) = manners(&request);
    match say(&house, &visitor, &room, request).await {
        Ok(_) if for_page => answer::see(&landing),
        Ok(message) => axum::Json(message).into_response(),
        Err(problem) => refuse(for_page, &landing, CALL, &problem),
    }
}

async fn say(house: &House, visitor: &Visitor, room: &str, request: Request) -> Result<Message, Problem> {
    // Before the first byte is read.
    let begun = writer(house, visitor, room).await?;
    let mut form = form(request).await?;
    let mut said = Said::default();
    let read = read(house, visitor, room, &mut form, &mut said).await;
    let posted = match read {
        Ok(()) => send(house, visitor, room, &said).await,
        Err(problem) => Err(problem),
    };
    // A form keeps no files: what was not sent is chosen again. Also by somebody who may not write any more.
    if !matches!(&posted, Ok(_) | Err(Problem::Held)) {
        for blob in &said.files {
            let _ = house.chat.remove_upload(&begun, blob).await;
        }
    }
    posted
}

async fn send(house: &House, visitor: &Visitor, room: &str, said: &Said) -> Result<Message, Problem> {
    let writer = writer(house, visitor, room).await?;
    let client_id = ClientId::parse(&said.client_id)?;
    let alts: Vec<_> = said.alts.lines().map(|line| line.trim().to_owned()).collect();
    let enclosed = Enclosed { files: &said.files, alts: &alts };
    let posted = house.chat.reply_with(&writer, &client_id, &said.text, enclosed, None).await;
    Ok(posted.map_err(chat::Error::into_problem)?.message)
}

async fn read(
    house: &House,
    visitor: &Visitor,
    room: &str,
    form: &mut Multipart,
    said: &mut Said,
) -> Result<(), Problem> {
    while let Some(mut field) = form.next_field().await.map_err(|cause| broken(&cause, MESSAGE_BYTES))? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_chosen = field.file_name().is_some_and(|name| !name.is_empty());
        match name.as_str() {
            "files" if is_chosen && said.files.len() >= MAX_FILES => {
                return Err(Problem::invalid("files", Rule::TooMany { max: MAX_FILES as u32 }));
            }
            "files" if is_chosen => said.files.push(take(house, visitor, room, &mut field).await?),
            "text" => said.text = text(&mut field).await?,
            "alts" => said.alts = text(&mut field).await?,
            "client_id" => said.client_id = text(&mut field).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Takes a file as it comes; only a piece of it is in memory.
async fn take(house: &House, visitor: &Visitor, room: &str, field: &mut Field<'_>) -> Result<BlobId, Problem> {
    let writer = writer(house, visitor, room).await?;
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut upload = house.chat.begin_whole(&writer, &name).await.map_err(chat::Error::into_problem)?;
    loop {
        let pushed = match field.chunk().await {
            Ok(None) => return Ok(upload.finish(None).await.map_err(chat::Error::into_problem)?.blob),
            Ok(Some(bytes)) => upload.push(&bytes).await.map_err(chat::Error::into_problem),
            Err(cause) => Err(broken(&cause, MESSAGE_BYTES)),
        };
        if let Err(problem) = pushed {
            upload.give_up().await;
            return Err(problem);
        }
    }
}

async fn text(field: &mut Field<'_>) -> Result<String, Problem> {
    let mut whole = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|cause| broken(&cause, MESSAGE_BYTES))? {
        if whole.len() + piece.len() > TEXT_BYTES {
            return Err(Problem::invalid("text", Rule::TooLong { max: domain::message::MAX_CHARS as u32 }));
        }
        whole.extend_from_slice(&piece);
    }
    String::from_utf8(whole).map_err(|_| Problem::invalid("text", Rule::Characters))
}
