//! The picture host: pictures come in, get an address, and whoever has it may see them.

use super::translate::{done, failed};
use super::users::Known;
use super::wire::{Address, Envelope, OK, Uploaded};
use crate::compat::base::{Base, Named};
use crate::compat::body::{ENVELOPES, is_longer};
use crate::files::given;
use crate::house::House;
use crate::sent::{Right, reads};
use axum::Json;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chat::{FileBytes, Problem, Rule, Who};
use domain::attachment::Look;
use domain::picture::Size;
use domain::{BlobId, RoomId};

/// Largest picture, in bytes.
const LARGEST: usize = 5 * 1024 * 1024;

/// `file` of a form; the answer is within another one, as documented.
pub async fn take(State(house): State<House>, base: Base, Known { who, .. }: Known, request: Request) -> Response {
    match taken(&house, &base, &who, request).await {
        Ok(url) => Json(done(Uploaded { code: OK, data: Address { url } })).into_response(),
        Err(refusal) => refusal,
    }
}

/// The same with a simple answer.
pub async fn take_simply(
    State(house): State<House>,
    base: Base,
    Known { who, .. }: Known,
    request: Request,
) -> Response {
    match taken(&house, &base, &who, request).await {
        Ok(url) => Json(Uploaded { code: OK, data: Address { url } }).into_response(),
        Err(refusal) => refusal,
    }
}

async fn taken(house: &House, base: &Base, who: &Who, mut request: Request) -> Result<String, Response> {
    let too_large = || refused(&Problem::TooLarge { limit: LARGEST as u64 });
    if is_longer(request.headers(), LARGEST + ENVELOPES) {
        return Err(too_large());
    }
    DefaultBodyLimit::max(LARGEST + ENVELOPES).apply(&mut request);
    let none = |why: &str| (StatusCode::BAD_REQUEST, format!("get form err: {why}")).into_response();
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return Err(none("request Content-Type isn't multipart/form-data"));
    };
    loop {
        match form.next_field().await {
            Ok(Some(field)) if field.name() == Some("file") && field.file_name().is_some() => {
                let blob = keep(house, who, field).await.map_err(|problem| refused(&problem))?;
                return Ok(base.url(&format!("/uploads/{blob}")));
            }
            Ok(Some(_)) => {}
            Ok(None) => return Err(none("http: no such file")),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large()),
            Err(_) => return Err(none("multipart: NextPart: EOF")),
        }
    }
}

fn refused(problem: &Problem) -> Response {
    let why = match problem {
        Problem::TooLarge { .. } => "the file is too large",
        Problem::Invalid { .. } => "the file is not a picture",
        problem => problem.code(),
    };
    Json(Envelope { msg: format!("upload file err: {why}"), ..failed("") }).into_response()
}

/// Into the room in which its sender is, so that it is there already when they say it.
async fn keep(house: &House, who: &Who, mut field: Field<'_>) -> Result<BlobId, Problem> {
    let here = house.compat.ginchat.floor.of(who.person.id).into_iter().map(|guest| guest.place.number());
    let number = here.filter(|number| *number > 0).min().unwrap_or(1);
    let keep = async {
        let writer = house.chat.writer(Some(who), super::room(house, number).await?).await?;
        let name = field.file_name().unwrap_or_default().to_owned();
        let (mut upload, mut length) = (house.chat.begin_whole(&writer, &name).await?, 0);
        let pushed = loop {
            match field.chunk().await {
                Ok(None) => break Ok(()),
                Ok(Some(bytes)) => {
                    length += bytes.len();
                    if length > LARGEST {
                        break Err(Problem::TooLarge { limit: LARGEST as u64 }.into());
                    }
                    if let Err(error) = upload.push(&bytes).await {
                        break Err(error);
                    }
                }
                Err(_) => break Err(Problem::invalid("file", Rule::Shape).into()),
            }
        };
        if let Err(error) = pushed {
            upload.give_up().await;
            return Err(error);
        }
        let arrived = upload.finish(None).await?;
        let is_picture = arrived.file.is_some_and(|file| matches!(file.look, Look::Picture { .. }));
        if !is_picture {
            house.chat.remove_upload(&writer, &arrived.blob).await?;
            return Err(chat::Error::from(Problem::invalid("file", Rule::Shape)));
        }
        house.chat.open_upload(&writer, &arrived.blob).await?;
        Ok(arrived.blob)
    };
    keep.await.map_err(chat::Error::into_problem)
}

/// A picture for whoever has its address.
pub async fn show(State(house): State<House>, Named(blob): Named<String>, headers: HeaderMap) -> Response {
    let Ok(blob) = BlobId::parse(&blob) else { return missing() };
    match house.chat.open_file(&blob).await {
        Ok(file) => shown(&house, &blob, &file, &headers, with_address(&house, &blob)),
        Err(_) => missing(),
    }
}

/// A picture that another door let into a room, for those who may read it there.
pub async fn show_in_room(
    State(house): State<House>,
    Known { who, .. }: Known,
    Named((room, blob)): Named<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Ok(room), Ok(blob)) = (room.parse::<RoomId>(), BlobId::parse(&blob)) else { return missing() };
    let file = async {
        let reader = house.chat.reader(Some(&who), room).await?;
        house.chat.file_bytes(&reader, &blob, Size::Full).await
    };
    match file.await {
        Ok(file) if matches!(file.look, Look::Picture { .. }) => {
            shown(&house, &blob, &file, &headers, reads(&house.chat, Some(&who), room))
        }
        _ => missing(),
    }
}

/// For as long as the picture is there for whoever has its address.
fn with_address(house: &House, blob: &BlobId) -> Right {
    let (chat, blob) = (house.chat.clone(), blob.clone());
    Box::new(move || {
        let (chat, blob) = (chat.clone(), blob.clone());
        Box::pin(async move { chat.open_file(&blob).await.map(drop) })
    })
}

fn shown(house: &House, blob: &BlobId, file: &FileBytes, headers: &HeaderMap, right: Right) -> Response {
    let mut response = given(house, file, &format!("\"{blob}\""), headers, true, right);
    // Clients may stand on another site.
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(policy, HeaderValue::from_static("cross-origin"));
    response
}

fn missing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
