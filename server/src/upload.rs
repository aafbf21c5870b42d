//! `/upload/pictures/…`: files for the wall, several at once, one after another in memory.

use crate::answer;
use crate::gate::limits::{UPLOAD_BYTES, UPLOAD_FILES};
use crate::house::House;
use app::calls::Visitor;
use axum::Extension;
use axum::extract::FromRequest;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use chat::{NewPicture, RoomHost};
use domain::picture::{MAX_BYTES, Picture};
use domain::problem::PictureFault;
use domain::wall::STEP;
use domain::{BlobId, PictureId, Problem, RoomId, Rule, Thing};
use serde::Serialize;

/// Longest text beside the files (caption, alternative text, address), in bytes.
const TEXT_BYTES: usize = 16 * 1024;

/// What became of each file.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    pictures: Vec<Picture>,
    problems: Vec<FileProblem>,
}

#[derive(Debug, Serialize)]
struct FileProblem {
    /// As the sender called it; empty for an address.
    file: String,
    problem: Problem,
}

/// The texts beside the files. A form may send them before or after.
#[derive(Debug, Default)]
struct Words {
    caption: Option<String>,
    alt: Option<String>,
    url: Option<String>,
    /// Present: the pictures are held back.
    held: Option<String>,
    /// Where the next file hangs.
    order: Option<i64>,
}

/// Adds pictures: every `files`, and what is behind `url`.
pub async fn add(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(room): Path<String>,
    request: Request,
) -> Response {
    let (for_page, landing) = manners(&request);
    let outcome = match add_all(&house, &visitor, &room, request).await {
        Ok(outcome) => outcome,
        Err(problem) => return refuse(for_page, &landing, "upload-pictures", &problem),
    };
    match outcome.problems.first() {
        Some(first) if for_page => answer::see(&answer::with_refusal(&landing, "upload-pictures", &first.problem)),
        _ if for_page => answer::see(&landing),
        Some(first) if outcome.pictures.is_empty() => {
            (answer::status_of(&first.problem), axum::Json(outcome)).into_response()
        }
        _ => (StatusCode::OK, axum::Json(outcome)).into_response(),
    }
}

/// Puts another file in the place of a picture's. With `was` in the address, the one that the sender
/// has seen there, another one answers `Changed`.
pub async fn replace(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((room, picture)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (for_page, landing) = manners(&request);
    let was = seen_file(request.uri().query());
    match replace_one(&house, &visitor, (&room, &picture), was, request).await {
        Ok(_) if for_page => answer::see(&landing),
        Ok(picture) => axum::Json(picture).into_response(),
        Err(problem) => refuse(for_page, &landing, "replace-picture", &problem),
    }
}

/// Whether a page is wanted as the answer, and which.
pub fn manners(request: &Request) -> (bool, String) {
    (answer::wants_page(request.headers()), answer::landing(request.uri().query()))
}

/// As the asker wants it: to the form it came from, or as it is.
pub fn refuse(for_page: bool, landing: &str, call: &str, problem: &Problem) -> Response {
    if for_page { answer::see(&answer::with_refusal(landing, call, problem)) } else { answer::problem(problem) }
}

/// # Errors
/// As [`chat::Chat::host`].
pub async fn host(house: &House, visitor: &Visitor, room: &str) -> Result<RoomHost, Problem> {
    let room: RoomId = room.parse().map_err(|_| Problem::not_found(Thing::Room))?;
    house.chat.host(visitor.who.as_ref(), room).await.map_err(chat::Error::into_problem)
}

/// # Errors
/// `Invalid` for what is no such form.
pub async fn form(request: Request) -> Result<Multipart, Problem> {
    Multipart::from_request(request, &()).await.map_err(|_| answer::malformed())
}

async fn add_all(house: &House, visitor: &Visitor, room: &str, request: Request) -> Result<Outcome, Problem> {
    // Before the first byte is read: nobody fills our memory who may not add pictures.
    host(house, visitor, room).await?;
    let mut form = form(request).await?;
    let mut words = Words::default();
    let mut outcome = Outcome::default();
    let mut files = 0;
    while let Some(mut field) = form.next_field().await.map_err(|cause| broken(&cause, UPLOAD_BYTES))? {
        if field.name() != Some("files") {
            words.take(field).await?;
            continue;
        }
        if is_empty_choice(&field) {
            continue;
        }
        files += 1;
        if files > UPLOAD_FILES {
            outcome.fail("", Problem::invalid("files", Rule::TooMany { max: UPLOAD_FILES as u32 }));
            break;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let taken = match bytes(&mut field).await? {
            Ok(bytes) => take(house, visitor, room, words.picture(bytes, &name)).await,
            Err(problem) => Err(problem),
        };
        if let Ok(picture) = &taken {
            // The first file that was chosen hangs in front, the others behind it.
            words.order = Some(picture.order.saturating_sub(STEP / 32));
        }
        outcome.note(&name, taken);
    }
    describe(house, visitor, room, &words, &mut outcome.pictures).await?;
    fetch(house, visitor, room, &words, files, &mut outcome).await?;
    Ok(outcome)
}

/// Asks for the right anew with every picture: it may be lost while a long upload runs. Then the next
/// files are not even looked at.
async fn take(house: &House, visitor: &Visitor, room: &str, new: NewPicture) -> Result<Picture, Problem> {
    let host = host(house, visitor, room).await?;
    house.chat.add_picture(&host, new).await.map_err(chat::Error::into_problem)
}

/// For words that came after the files; the others have theirs already.
async fn describe(
    house: &House,
    visitor: &Visitor,
    room: &str,
    words: &Words,
    pictures: &mut [Picture],
) -> Result<(), Problem> {
    let (caption, alt) = (words.caption().trim(), words.alt().trim());
    for picture in pictures.iter_mut().filter(|picture| picture.caption != caption || picture.alt != alt) {
        let host = host(house, visitor, room).await?;
        let described = house.chat.describe_picture(&host, picture.id, caption, alt).await;
        *picture = described.map_err(chat::Error::into_problem)?;
    }
    Ok(())
}

/// What is behind the address, if there is one; else there must have been a file.
async fn fetch(
    house: &House,
    visitor: &Visitor,
    room: &str,
    words: &Words,
    files: usize,
    outcome: &mut Outcome,
) -> Result<(), Problem> {
    let Some(url) = words.url.as_deref().map(str::trim).filter(|url| !url.is_empty()) else {
        if files == 0 {
            return Err(Problem::invalid("files", Rule::Empty));
        }
        return Ok(());
    };
    let host = host(house, visitor, room).await?;
    let fetched = house.chat.add_picture_from(&host, url, words.picture(Bytes::new(), "")).await;
    outcome.note("", fetched.map_err(chat::Error::into_problem));
    Ok(())
}

async fn replace_one(
    house: &House,
    visitor: &Visitor,
    (room, picture): (&str, &str),
    was: Result<Option<BlobId>, Problem>,
    request: Request,
) -> Result<Picture, Problem> {
    // Before the first byte is read; the house asks again when it hangs the picture.
    let host = host(house, visitor, room).await?;
    let picture: PictureId = picture.parse().map_err(|_| Problem::not_found(Thing::Picture))?;
    let (was, mut form) = (was?, form(request).await?);
    while let Some(mut field) = form.next_field().await.map_err(|cause| broken(&cause, UPLOAD_BYTES))? {
        if !matches!(field.name(), Some("file" | "files")) || is_empty_choice(&field) {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let new = Words::default().picture(bytes(&mut field).await??, &name);
        return house.chat.replace_picture(&host, picture, new, was.as_ref()).await.map_err(chat::Error::into_problem);
    }
    Err(Problem::invalid("files", Rule::Empty))
}

fn seen_file(query: Option<&str>) -> Result<Option<BlobId>, Problem> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "was").map(|(_, blob)| BlobId::parse(&blob)).transpose()
}

/// A browser sends a nameless, empty file where none was chosen.
pub fn is_empty_choice(field: &Field<'_>) -> bool {
    field.file_name().is_none_or(str::is_empty)
}

/// The whole file, or why not this one. Fails as a whole when the upload itself is broken.
pub async fn bytes(field: &mut Field<'_>) -> Result<Result<Bytes, Problem>, Problem> {
    let mut whole = BytesMut::new();
    while let Some(piece) = field.chunk().await.map_err(|cause| broken(&cause, UPLOAD_BYTES))? {
        if whole.len() + piece.len() > MAX_BYTES as usize {
            return Ok(Err(Problem::invalid("files", Rule::Picture { fault: PictureFault::TooManyBytes })));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(Ok(whole.freeze()))
}

/// Why an upload broke off that may have so many bytes.
pub fn broken(cause: &MultipartError, limit: usize) -> Problem {
    if cause.status() == StatusCode::PAYLOAD_TOO_LARGE || is_over_limit(cause) {
        return Problem::TooLarge { limit: limit as u64 };
    }
    answer::malformed()
}

/// Whether a body was cut off by its limit.
pub fn is_over_limit(cause: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(cause);
    while let Some(error) = next {
        // The limit's own error type is not public where it is boxed twice; its words are.
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        next = error.source();
    }
    false
}

impl Words {
    async fn take(&mut self, mut field: Field<'_>) -> Result<(), Problem> {
        let name = field.name().unwrap_or_default().to_owned();
        let mut text = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|cause| broken(&cause, UPLOAD_BYTES))? {
            if text.len() + piece.len() > TEXT_BYTES {
                return Err(Problem::invalid(name, Rule::TooLong { max: TEXT_BYTES as u32 }));
            }
            text.extend_from_slice(&piece);
        }
        let text = String::from_utf8(text).map_err(|_| Problem::invalid(name.as_str(), Rule::Characters))?;
        match name.as_str() {
            "caption" => self.caption = Some(text),
            "alt" => self.alt = Some(text),
            "url" => self.url = Some(text),
            "held" => self.held = Some(text),
            "order" => self.order = Some(text.trim().parse().map_err(|_| Problem::invalid("order", Rule::Shape))?),
            _ => {}
        }
        Ok(())
    }

    fn caption(&self) -> &str {
        self.caption.as_deref().unwrap_or_default()
    }

    fn alt(&self) -> &str {
        self.alt.as_deref().unwrap_or_default()
    }

    fn picture(&self, bytes: Bytes, file: &str) -> NewPicture {
        NewPicture {
            bytes,
            file_name: (!file.is_empty()).then(|| file.to_owned()),
            caption: self.caption().to_owned(),
            alt: self.alt().to_owned(),
            held: self.held.is_some(),
            order: self.order,
        }
    }
}

impl Outcome {
    fn note(&mut self, file: &str, taken: Result<Picture, Problem>) {
        match taken {
            Ok(picture) => self.pictures.push(picture),
            Err(problem) => self.fail(file, problem),
        }
    }

    fn fail(&mut self, file: &str, problem: Problem) {
        self.problems.push(FileProblem { file: file.to_owned(), problem });
    }
}
