//! Files of messages. `/upload/files/{room}…` takes them in parts, `/upload/message/{room}` with
//! their message as a form sends both, `/file/{room}/{blob}/{size}` gives them to who may read them.

mod message;
mod parts;
pub mod serve;

pub use message::post;
pub use parts::{begin, look, part, remove};
pub use serve::{file, given};

use crate::gate::limits::UPLOAD_BYTES;
use crate::house::House;
use app::calls::Visitor;
use chat::RoomWriter;
use domain::{BlobId, Problem, RoomId, Thing};

/// Largest part, in bytes: what our page sends, and room for what others find practical.
pub const PART_BYTES: usize = 8 * 1024 * 1024;

/// Largest message with its files that a form may send, in bytes. Each file has a limit of its own,
/// which is a setting.
pub const MESSAGE_BYTES: usize = UPLOAD_BYTES;

/// # Errors
/// As [`chat::Chat::writer`].
async fn writer(house: &House, visitor: &Visitor, room: &str) -> Result<RoomWriter, Problem> {
    let room: RoomId = room.parse().map_err(|_| Problem::not_found(Thing::Room))?;
    house.chat.writer(visitor.who.as_ref(), room).await.map_err(chat::Error::into_problem)
}

fn blob(text: &str) -> Result<BlobId, Problem> {
    BlobId::parse(text).map_err(|_| Problem::not_found(Thing::File))
}
