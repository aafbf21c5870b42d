//! Between our words and those of seed 000. Nothing here asks or changes anything.

use super::wire::{self, Answer, Frame};
use axum::Json;
use axum::response::{IntoResponse, Response};
use chat::{Link, Shown};
use domain::Problem;
use domain::picture::Picture;
use domain::time::{Millis, civil};
use serde::{Deserialize, Serialize};

/// The zone of the seed's samples, in minutes east of UTC.
const ZONE: i32 = 8 * 60;

pub fn answer(code: u16, msg: &'static str, data: impl Serialize) -> Response {
    Json(Answer { code, msg, data }).into_response()
}

/// A failure: its `data` is an empty text.
pub fn failed(code: u16, msg: &'static str) -> Response {
    answer(code, msg, "")
}

/// Whose token says nothing, or may not do that.
pub fn no_entry() -> Response {
    failed(302, "身份验证失败！")
}

/// Whether a problem is about who asks, not about what they ask for.
pub fn is_about_rights(problem: &Problem) -> bool {
    match problem {
        Problem::SignInNeeded
        | Problem::NotAllowed
        | Problem::Shut
        | Problem::Removed { .. }
        | Problem::MembersOnly
        | Problem::HostsOnly => true,
        Problem::WrongCredentials
        | Problem::WrongCode { .. }
        | Problem::Elsewhere { .. }
        | Problem::OneDevice { .. }
        | Problem::NotFound { .. }
        | Problem::Invalid { .. }
        | Problem::Taken { .. }
        | Problem::Changed { .. }
        | Problem::TooFast { .. }
        | Problem::TooLarge { .. }
        | Problem::Full { .. }
        | Problem::NoFiles
        | Problem::Muted { .. }
        | Problem::Slow { .. }
        | Problem::Unanswered
        | Problem::Unreachable
        | Problem::Blocked
        | Problem::Filtered
        | Problem::Held
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Gone
        | Problem::Unavailable
        | Problem::Broken { .. } => false,
    }
}

/// What a route answers to a problem: it has one code and text for all that is not about rights.
pub fn refused(problem: &Problem, code: u16, msg: &'static str) -> Response {
    if is_about_rights(problem) { no_entry() } else { failed(code, msg) }
}

/// RFC 3339; with fractions of a second for what has just been made.
pub fn time(at: Millis, fresh: bool) -> String {
    let c = civil(at, ZONE);
    let whole = format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
    let part = format!("{:03}", at.rem_euclid(1_000));
    match part.trim_end_matches('0') {
        part if fresh && !part.is_empty() => format!("{whole}.{part}+08:00"),
        _ => format!("{whole}+08:00"),
    }
}

/// Which of an object's times has fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    New,
    Changed,
    Stored,
}

impl Age {
    /// When it was made, and when it was changed.
    pub fn times(self, created: Millis, updated: Millis) -> (String, String) {
        (time(created, self == Self::New), time(updated, self != Self::Stored))
    }
}

pub fn picture(link: Link, room: i64, age: Age) -> wire::Picture {
    let (created_at, updated_at) = age.times(link.created_at, link.updated_at);
    let Link { id, url, order, .. } = link;
    wire::Picture { id, c_id: c_id(&link.name), url, order, room, created_at, updated_at }
}

/// A picture that was hung here; its id is negative, so that it is none of the other site's.
pub fn our_picture(picture: &Picture, room: i64, files: &str) -> wire::Picture {
    let (created_at, updated_at) = Age::Stored.times(picture.at, picture.at);
    let (id, url) = (-picture.id.0, format!("{files}{}", picture.blob));
    wire::Picture { id, c_id: 0, url, order: picture.order, room, created_at, updated_at }
}

pub fn shown(shown: Shown, room: impl Fn(&Link) -> i64, ours: i64, files: &str) -> wire::Picture {
    match shown {
        Shown::Link(link) => {
            let room = room(&link);
            picture(link, room, Age::Stored)
        }
        Shown::Ours(picture) => our_picture(&picture, ours, files),
    }
}

/// A name of the other site's as the number that it was.
pub fn c_id(name: &str) -> i64 {
    name.parse().unwrap_or_default()
}

pub fn frame(kind: u8, user: &str, room: i64, timestamp: Millis, content: &str) -> String {
    // Texts and numbers: nothing of it can fail.
    serde_json::to_string(&Frame { kind, user, room, timestamp, content }).unwrap_or_default()
}

/// What a client's frame is.
#[derive(Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// A sign of life.
    Ping,
    /// An admin lets somebody in, or not: a convention between the pages.
    Approval {
        user: String,
        join: bool,
    },
    /// A picture inside the chat: its type and its base64.
    Picture {
        kind: &'a str,
        base64: &'a str,
    },
    Words,
}

pub fn told(text: &str) -> Told<'_> {
    if text == "ping" {
        return Told::Ping;
    }
    if let Some(approval) = approval(text) {
        return Told::Approval { user: approval.user, join: approval.join };
    }
    match data_picture(text) {
        Some((kind, base64)) => Told::Picture { kind, base64 },
        None => Told::Words,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Approval {
    user: String,
    join: bool,
}

fn approval(text: &str) -> Option<Approval> {
    serde_json::from_str(text).ok().filter(|_| text.starts_with("{\"Type\":\"login\","))
}

/// `data:image/…;base64,…` and nothing that could end the attribute in which a page puts it.
pub fn data_picture(text: &str) -> Option<(&str, &str)> {
    let (kind, base64) = text.strip_prefix("data:image/")?.split_once(";base64,")?;
    let is_kind = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b));
    let is_base64 = !base64.is_empty() && base64.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    (is_kind && is_base64).then_some((kind, base64))
}

/// 一号房间 and so on.
pub fn title(number: i64) -> String {
    const DIGITS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let digit = usize::try_from(number - 1).ok().and_then(|i| DIGITS.get(i));
    digit.map_or_else(|| format!("{number}号房间"), |digit| format!("{digit}号房间"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_samples_times() {
        // 2019-01-28T11:16:06.589+08:00
        let at = 1_548_645_366_589;
        assert_eq!(time(at, true), "2019-01-28T11:16:06.589+08:00");
        assert_eq!(time(at, false), "2019-01-28T11:16:06+08:00");
        assert_eq!(time(at + 11, true), "2019-01-28T11:16:06.6+08:00");
        assert_eq!(time(at - 589, true), "2019-01-28T11:16:06+08:00");
    }

    #[test]
    fn the_samples_picture() {
        let url = "http://bpic.588ku.com//back_water_img/18/06/13/5a31c43a3c4df7a20f3cb7cdc873bd47.jpg";
        let link = Link {
            id: 5,
            name: "5".into(),
            room: None,
            url: url.into(),
            order: 999,
            created_at: 1_548_603_904_000,
            updated_at: 1_548_653_791_667,
        };
        let expected = json!({"id":5,"c_id":5,"url":url,"order":999,"room":1,
            "created_at":"2019-01-27T23:45:04+08:00","updated_at":"2019-01-28T13:36:31.667+08:00"});
        assert_eq!(serde_json::to_value(picture(link, 1, Age::Changed)).expect("json"), expected);
    }

    #[test]
    fn the_samples_frame() {
        let sample = r#"{"Type":2,"User":"用户名","Room":1,"Timestamp":1548658898216,"Content":"这里是内容"}"#;
        assert_eq!(frame(wire::MESSAGE, "用户名", 1, 1_548_658_898_216, "这里是内容"), sample);
    }

    #[test]
    fn frames_of_clients_are_told_apart() {
        assert_eq!(told("ping"), Told::Ping);
        assert_eq!(told("ping "), Told::Words);
        let approval = r#"{"Type":"login","User":"小明","Join":true}"#;
        assert_eq!(told(approval), Told::Approval { user: "小明".into(), join: true });
        for words in [r#"{"Type": "login","User":"a","Join":true}"#, r#"{"Type":"login","User":"a"}"#, "你好", ""] {
            assert_eq!(told(words), Told::Words, "{words}");
        }
        assert_eq!(told("data:image/png;base64,iVBORw0="), Told::Picture { kind: "png", base64: "iVBORw0=" });
        for words in ["data:image/png;base64,\"><script>", "data:image/\";base64,AA", "data:text/html;base64,AA"] {
            assert_eq!(told(words), Told::Words, "{words}");
        }
    }

    #[test]
    fn rooms_have_the_originals_titles() {
        assert_eq!([title(1), title(4), title(10), title(11)], ["一号房间", "四号房间", "十号房间", "11号房间"]);
    }
}
