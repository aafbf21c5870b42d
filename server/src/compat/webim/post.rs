//! Saying what a client said: its words, or a picture that it wrote as a text.

use super::SYSTEM;
use super::said::PREFIX;
use crate::house::House;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use chat::{Original, RoomWriter, Who};
use domain::message::Message;
use domain::span::plain;
use domain::{BlobId, ClientId, Problem, RoomId, Rule};

/// Takes base64 with its `=` and without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// # Errors
/// Those of [`chat::Chat::writer`] and [`chat::Chat::post`].
pub async fn words(house: &House, who: &Who, room: RoomId, text: &str) -> Result<Message, Problem> {
    let writer = house.chat.writer(Some(who), room).await.map_err(chat::Error::into_problem)?;
    let id = new_id()?;
    let message = say(house, &writer, &id, text, &[]).await?;
    if plain(&message.spans) != text {
        let original = Original { name: String::new(), body: text.to_owned() };
        if let Err(cause) = house.chat.keep_original(&writer, message.id, SYSTEM, original).await {
            tracing::warn!(%cause, "a message is not kept as its client wrote it");
        }
    }
    Ok(message)
}

/// A picture that a client wrote as `text`: our pages show it as a file of the message.
///
/// # Errors
/// Also those of a file; `Invalid { field: "file", .. }` for what is no base64.
pub async fn picture(
    house: &House,
    who: &Who,
    room: RoomId,
    text: &str,
    (kind, base64): (&str, &str),
) -> Result<(), Problem> {
    let writer = house.chat.writer(Some(who), room).await.map_err(chat::Error::into_problem)?;
    let bytes = BASE64.decode(base64).map_err(|_| Problem::invalid("file", Rule::Shape))?;
    let ending = kind.split('+').next().unwrap_or(kind);
    let blob = keep(house, &writer, &format!("picture.{ending}"), &bytes).await?;
    let posted = say(house, &writer, &new_id()?, text, std::slice::from_ref(&blob)).await;
    // Nobody else will send it.
    if !matches!(&posted, Ok(_) | Err(Problem::Held)) {
        let _ = house.chat.remove_upload(&writer, &blob).await;
    }
    posted.map(drop)
}

async fn keep(house: &House, writer: &RoomWriter, name: &str, bytes: &[u8]) -> Result<BlobId, Problem> {
    let mut upload = house.chat.begin_whole(writer, name).await.map_err(chat::Error::into_problem)?;
    if let Err(cause) = upload.push(bytes).await {
        upload.give_up().await;
        return Err(cause.into_problem());
    }
    Ok(upload.finish(None).await.map_err(chat::Error::into_problem)?.blob)
}

/// With files, `text` is only how the client wrote them.
async fn say(
    house: &House,
    writer: &RoomWriter,
    id: &ClientId,
    text: &str,
    files: &[BlobId],
) -> Result<Message, Problem> {
    let said = &house.compat.webim.said;
    // Before the message: its event may be here before the answer.
    said.remember(id, text);
    let words = if files.is_empty() { text } else { "" };
    match house.chat.post_with(writer, id, words, files).await.map_err(chat::Error::into_problem) {
        Ok(posted) => Ok(posted.message),
        Err(problem) => {
            if problem != Problem::Held {
                said.forget(id);
            }
            Err(problem)
        }
    }
}

fn new_id() -> Result<ClientId, Problem> {
    ClientId::parse(&format!("{PREFIX}{:032x}", rand::random::<u128>()))
}
