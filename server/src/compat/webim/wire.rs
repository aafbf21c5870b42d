//! What goes over the wire, as seed 000 has it.

use serde::Serialize;
use serde_json::value::RawValue;

/// Every answer over HTTP; its status is always 200.
#[derive(Debug, Serialize)]
pub struct Answer<T> {
    pub code: u16,
    pub msg: &'static str,
    pub data: T,
}

#[derive(Debug, Serialize)]
pub struct LoggedIn {
    /// As the other site said it, or one of [`User`].
    pub user: Box<RawValue>,
    pub token: String,
}

/// A person of our own. What the original told of passwords and tokens is always empty.
#[derive(Debug, Serialize)]
pub struct User<'a> {
    pub id: i64,
    pub name: &'a str,
    pub password: &'a str,
    pub role: &'a str,
    pub token: &'a str,
    #[serde(rename = "Chat")]
    pub chat: (),
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    pub id: i64,
    /// 0 for a picture that the other site has no name for.
    pub c_id: i64,
    pub url: String,
    pub order: i64,
    /// 0: every room.
    pub room: i64,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Serialize)]
pub struct Course {
    pub id: i64,
    pub c_id: i64,
    pub content: String,
    pub room: i64,
    pub created_at: String,
    pub updated_at: String,
}

/// Also a history.
#[derive(Debug, Serialize)]
pub struct Record {
    pub id: i64,
    pub c_id: i64,
    pub title: String,
    pub content: String,
    pub room: i64,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Serialize)]
pub struct Video {
    pub id: i64,
    pub c_id: i64,
    pub url: String,
    pub content: String,
    pub room: i64,
    pub created_at: String,
    pub updated_at: String,
}

/// A message; its text is called `url`.
#[derive(Debug, Serialize)]
pub struct Chat {
    pub id: i64,
    pub c_id: i64,
    #[serde(rename = "User")]
    pub user: String,
    pub url: String,
    pub room: i64,
    pub created_at: String,
    pub updated_at: String,
}

/// What the socket says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Frame<'a> {
    #[serde(rename = "Type")]
    pub kind: u8,
    pub user: &'a str,
    pub room: i64,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    pub content: &'a str,
}

/// What we ask the other site.
#[derive(Debug, Serialize)]
pub struct Question<'a> {
    pub name: &'a str,
    pub password: &'a str,
    pub room: i64,
}

/// Kinds of frames.
pub const JOINED: u8 = 0;
pub const LEFT: u8 = 1;
pub const MESSAGE: u8 = 2;
pub const AGAIN: u8 = 3;
pub const PICTURE: u8 = 4;
pub const FIRST_PICTURE: u8 = 5;
pub const VIDEO: u8 = 6;
