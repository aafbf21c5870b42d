//! What the clients of a room are told of a message.

use super::harmless::harmless;
use super::said::PREFIX;
use super::translate::{data_picture, frame};
use super::{SYSTEM, people, wire};
use crate::compat::words;
use crate::house::House;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chat::RoomReader;
use domain::attachment::{Attachment, Look};
use domain::message::Message;
use domain::picture::Size;
use std::borrow::Cow;
use std::sync::Arc;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// Longest side of a picture that was sent elsewhere, in pixels: it travels as a text.
const SIDE: Size = Size::Side(640);

/// A frame for the words, and one for each file.
pub async fn frames(house: &House, reader: &RoomReader, room: i64, message: &Message) -> Arc<[Utf8Bytes]> {
    let user = people::name(house, &message.author).await;
    let contents = match written(house, reader, message).await {
        Some(text) => vec![text],
        None => ours(house, reader, message).await,
    };
    let frame = |content: &String| frame(wire::MESSAGE, &user, room, message.at, &shown(content)).into();
    contents.iter().map(frame).collect()
}

/// How one of our clients wrote it.
async fn written(house: &House, reader: &RoomReader, message: &Message) -> Option<String> {
    if !message.client_id.as_str().starts_with(PREFIX) {
        return None;
    }
    if let Some(text) = house.compat.webim.said.text(&message.client_id) {
        return Some(text.to_string());
    }
    let originals = house.chat.originals(reader, SYSTEM, &[message.id]).await.ok()?;
    originals.into_values().next().map(|original| original.body)
}

/// What was said on our page: its words as they were typed, its pictures as these clients show them,
/// other files by their names.
async fn ours(house: &House, reader: &RoomReader, message: &Message) -> Vec<String> {
    let mut contents = Vec::new();
    if !message.spans.is_empty() {
        contents.push(words::text(message));
    }
    for file in &message.files {
        contents.push(picture(house, reader, file).await.unwrap_or_else(|| file.name.clone()));
    }
    contents
}

async fn picture(house: &House, reader: &RoomReader, file: &Attachment) -> Option<String> {
    if !matches!(file.look, Look::Picture { .. }) {
        return None;
    }
    let found = house.chat.file_bytes(reader, &file.blob, SIDE).await.ok()?;
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < found.length {
        let piece = house.chat.file_piece(&found, bytes.len() as u64, found.length).await.ok()?;
        if piece.is_empty() {
            return None;
        }
        bytes.extend_from_slice(&piece);
    }
    Some(format!("data:{};base64,{}", found.media_type, STANDARD.encode(bytes)))
}

/// Old pages put it into their HTML as it is.
pub fn shown(content: &str) -> Cow<'_, str> {
    if data_picture(content).is_some() { Cow::Borrowed(content) } else { harmless(content) }
}
