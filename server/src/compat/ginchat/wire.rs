//! What goes over the wire: over HTTP exactly as seed document 004 has it, over the socket as its
//! code did, for the document describes none.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Done.
pub const OK: i32 = 0;
/// Not done, for the reason in `msg`.
pub const FAILED: i32 = 7;
/// The system's fault.
pub const SYSTEM: i32 = 1001;

/// An answer over HTTP.
#[derive(Debug, Serialize)]
pub struct Envelope<T> {
    pub code: i32,
    pub data: T,
    pub msg: String,
}

/// `{}`.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Nothing {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserInfo {
    pub avatar_id: String,
    pub uid: i64,
    pub username: String,
}

#[derive(Debug, Serialize)]
pub struct RoomCount {
    pub id: u8,
    /// Sockets in it.
    pub num: usize,
}

#[derive(Debug, Serialize)]
pub struct Home {
    pub rooms: Vec<RoomCount>,
    pub user_info: UserInfo,
}

#[derive(Debug, Serialize)]
pub struct Online {
    #[serde(rename = "OnlineUserCount")]
    pub count: usize,
}

/// A message of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub id: i64,
    pub user_id: i64,
    pub room_id: u8,
    /// 0 for everybody.
    pub to_user_id: i64,
    pub content: String,
    pub image_url: String,
    pub username: String,
    pub avatar_id: String,
    /// RFC 3339, whole seconds.
    pub created_at: String,
    pub updated_at: String,
    /// Always `null`.
    pub deleted_at: Option<()>,
}

#[derive(Debug, Serialize)]
pub struct RoomPage {
    pub msg_list: Vec<Row>,
    pub msg_list_count: usize,
    pub room_id: String,
    pub user_info: UserInfo,
}

#[derive(Debug, Serialize)]
pub struct PrivatePage {
    pub msg_list: Vec<Row>,
    pub room_id: String,
    pub user_info: UserInfo,
}

#[derive(Debug, Serialize)]
pub struct Pagination {
    pub count: usize,
    /// `null` when no row is left.
    pub list: Option<Vec<Row>>,
}

/// The answer about a picture, which the document has within another one.
#[derive(Debug, Serialize)]
pub struct Uploaded {
    pub code: i32,
    pub data: Address,
}

#[derive(Debug, Serialize)]
pub struct Address {
    pub url: String,
}

/// A frame of a client; one dialect says `state`, the other `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub state: Option<i64>,
    pub status: Option<i64>,
    pub data: Map<String, Value>,
}

pub const HEARTBEAT: &str = r#"{"status":0,"data":"heartbeat ok"}"#;
pub const REPLACED: &str = r#"{"status":-1,"data":[]}"#;

/// A frame to a client, for both dialects.
#[derive(Debug, Serialize)]
pub struct Frame {
    pub state: i64,
    pub status: i64,
    pub data: FrameData,
    pub conn: Nothing,
}

/// All ten are always there.
#[derive(Debug, Default, Serialize)]
pub struct FrameData {
    pub uid: String,
    pub username: String,
    pub avatar_id: String,
    pub to_uid: String,
    pub content: String,
    pub image_url: String,
    pub room_id: String,
    pub count: usize,
    pub list: Option<Vec<Present>>,
    /// Milliseconds since 1970.
    pub time: i64,
}

/// Somebody in a room.
#[derive(Debug, Serialize)]
pub struct Present {
    pub conn: Nothing,
    /// Nobody's business: empty.
    pub remote_addr: String,
    pub uid: String,
    pub username: String,
    pub room_id: String,
    pub avatar_id: String,
}
