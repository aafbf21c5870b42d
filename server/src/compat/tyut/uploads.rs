//! `POST /api/files/upload`: a file for one person, sent as a message of the private chat.

use super::caller::{Caller, asks};
use super::private::target_of;
use super::translate::{UPLOAD_ID, client_id, file_type, path};
use super::wire::{Answer, BROKEN, Done, NO_FILE, NO_SUCH_TARGET, NOT_KEPT, No, Uploaded};
use super::{DOOR, ids};
use crate::compat::base::in_query;
use crate::compat::body::is_longer;
use crate::gate::limits::UPLOAD_BYTES;
use crate::house::House;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request, State};
use chat::{Original, RoomWriter};
use domain::BlobId;
use domain::message::Message;
use domain::person::Person;

pub async fn upload(State(house): State<House>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let caller = asks(&house, &parts.headers).await?;
    let target = in_query(parts.uri.query().unwrap_or_default(), "target_id").unwrap_or_default();
    let target = target_of(&house, &caller, &target).await.ok_or(NO_SUCH_TARGET)?;
    if is_longer(&parts.headers, UPLOAD_BYTES) {
        return Err(NOT_KEPT);
    }
    let form = Multipart::from_request(Request::from_parts(parts, body), &()).await;
    let mut form = form.map_err(|_| NO_FILE)?;
    while let Some(mut field) = form.next_field().await.map_err(|_| NO_FILE)? {
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() == Some("file") && !name.is_empty() {
            let writer = writer(&house, &caller, &target).await?;
            let blob = take(&house, &writer, &name, &mut field).await?;
            return send(&house, &caller, &target, &name, blob).await;
        }
    }
    Err(NO_FILE)
}

async fn writer(house: &House, caller: &Caller, target: &Person) -> Result<RoomWriter, No> {
    let found = async {
        let room = house.chat.start_private(&caller.who, &target.name).await?.id;
        house.chat.writer(Some(&caller.who), room).await
    };
    found.await.map_err(|_| NOT_KEPT)
}

/// Takes a file as it comes; only a piece of it is in memory.
async fn take(house: &House, writer: &RoomWriter, name: &str, field: &mut Field<'_>) -> Result<BlobId, No> {
    let mut upload = house.chat.begin_whole(writer, name).await.map_err(|_| NOT_KEPT)?;
    loop {
        let taken = match field.chunk().await {
            Ok(None) => return Ok(upload.finish(None).await.map_err(|_| NOT_KEPT)?.blob),
            Ok(Some(bytes)) => upload.push(&bytes).await.is_ok(),
            Err(_) => false,
        };
        if !taken {
            upload.give_up().await;
            return Err(NOT_KEPT);
        }
    }
}

async fn send(house: &House, caller: &Caller, target: &Person, name: &str, blob: BlobId) -> Answer {
    let writer = writer(house, caller, target).await?;
    let id = client_id(UPLOAD_ID).ok_or(BROKEN)?;
    let posted = house.chat.post_with(&writer, &id, "", std::slice::from_ref(&blob)).await;
    let Ok(posted) = posted else {
        let _ = house.chat.remove_upload(&writer, &blob).await;
        return Err(NOT_KEPT);
    };
    let stored = stored_name(&posted.message, name);
    let original = Original { name: stored.clone(), body: String::new() };
    house.chat.keep_original(&writer, posted.message.id, DOOR, original).await.map_err(|_| NOT_KEPT)?;
    Done::with(Uploaded {
        user_id: ids::of(caller.who.person.id),
        target_id: ids::of(target.id),
        path: path(&caller.who.person.name, &stored),
        file_size: posted.message.files.first().map_or(0, |file| file.bytes),
        file_type: file_type(&stored),
        file_name: stored,
    })
}

/// `<unix nanoseconds>_<original name>`, the name as the house keeps it.
fn stored_name(message: &Message, name: &str) -> String {
    // The clock of messages counts milliseconds; their number tells two within one apart.
    let nanos = message.at.saturating_mul(1_000_000).saturating_add(message.id.0 % 1_000_000);
    let name = message.files.first().map_or(name, |file| file.name.as_str());
    format!("{nanos}_{name}")
}
