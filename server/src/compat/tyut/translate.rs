//! Between tyut's words and ours.

use super::ids;
use super::wire::{BROKEN, ChatLine, GroupFrame, No, ODD, PrivateFrame, kind, system};
use crate::compat::words;
use chat::{MessagesOrder, Problem};
use domain::message::Message;
use domain::person::Person;
use domain::time::{Millis, iso};
use domain::{ClientId, PersonId};

/// How the client ids of messages begin. Those that are no texts are no part of the histories.
pub const TEXT_ID: &str = "tyut-text-";
pub const OTHER_ID: &str = "tyut-x-";
const IMAGE_ID: &str = "tyut-x-image-";
const FILE_ID: &str = "tyut-x-file-";
/// An upload: its client announces it by itself.
pub const UPLOAD_ID: &str = "tyut-x-upload-";

/// What the histories say of everybody's place.
const ADDRESS: &str = "内网地址";
/// Most items of a page, and how many there are if the client does not say.
const MOST: u64 = 100;
const USUAL: u64 = 10;

/// A new client id for a message of this kind.
pub fn client_id(prefix: &str) -> Option<ClientId> {
    ClientId::parse(&format!("{prefix}{:032x}", rand::random::<u128>())).ok()
}

pub fn image_id() -> Option<ClientId> {
    client_id(IMAGE_ID)
}

pub fn file_id() -> Option<ClientId> {
    client_id(FILE_ID)
}

/// The `msg_type` of a message; `None` for one that clients announce otherwise.
pub fn kind_of(message: &Message) -> Option<i64> {
    let id = message.client_id.as_str();
    if id.starts_with(UPLOAD_ID) {
        None
    } else if id.starts_with(IMAGE_ID) {
        Some(kind::IMAGE)
    } else if id.starts_with(FILE_ID) || !message.files.is_empty() {
        Some(kind::FILE)
    } else {
        Some(kind::TEXT)
    }
}

/// RFC 3339 with a fraction and an offset.
pub fn date(at: Millis) -> String {
    let whole = iso(at);
    format!("{}.{:03}+00:00", whole.trim_end_matches('Z'), at.rem_euclid(1_000))
}

/// The path that every frame carries.
pub fn avatar(name: &str) -> String {
    format!("uploads/avatar/{name}.png")
}

/// The label that the document calls a path.
pub fn path(name: &str, file: &str) -> String {
    format!("uploads/file/{name}/{file}")
}

/// The ending of a file's name, without its dot.
pub fn file_type(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default()
}

/// Where a page begins, and how long it is.
///
/// # Errors
/// 参数错误 for what is no number.
pub fn page(number: Option<&str>, limit: Option<&str>) -> Result<(u64, u64), No> {
    let read = |text: Option<&str>| match text.map(str::trim) {
        None | Some("") => Ok(0),
        Some(text) => text.parse::<i64>().map_err(|_| ODD),
    };
    let usual = |n: i64, usual: u64| if n <= 0 { usual } else { n.unsigned_abs() };
    let (number, limit) = (usual(read(number)?, 1), usual(read(limit)?, USUAL).min(MOST));
    Ok(((number - 1).saturating_mul(limit), limit))
}

/// A column and whether it goes down, if it is one of those.
pub fn sort(text: Option<&str>) -> Option<(&'static str, bool)> {
    let (column, way) = text?.trim().split_once(' ')?;
    let column = ["username", "created_at", "user_id", "email"].into_iter().find(|known| *known == column)?;
    match way.trim() {
        "asc" => Some((column, false)),
        "desc" => Some((column, true)),
        _ => None,
    }
}

/// The order of a history: by time, or over the sender's name, whatever is asked of the sender.
pub fn order(text: Option<&str>) -> MessagesOrder {
    match sort(text) {
        None | Some(("created_at", false)) => MessagesOrder::Oldest,
        Some(("created_at", true)) => MessagesOrder::Newest,
        Some((_, false)) => MessagesOrder::Author,
        Some((_, true)) => MessagesOrder::AuthorDown,
    }
}

/// How a refusal is told in a socket; `otherwise` for what the seed does not know.
pub fn told(problem: &Problem, otherwise: &'static str) -> &'static str {
    match problem {
        Problem::Held => system::WAITS,
        Problem::Unreachable => system::AWAY,
        Problem::SignInNeeded
        | Problem::WrongCredentials
        | Problem::WrongCode { .. }
        | Problem::Elsewhere { .. }
        | Problem::OneDevice { .. }
        | Problem::NotAllowed
        | Problem::NotFound { .. }
        | Problem::Invalid { .. }
        | Problem::Taken { .. }
        | Problem::Changed { .. }
        | Problem::TooFast { .. }
        | Problem::TooLarge { .. }
        | Problem::Full { .. }
        | Problem::NoFiles
        | Problem::Shut
        | Problem::Muted { .. }
        | Problem::Slow { .. }
        | Problem::MembersOnly
        | Problem::HostsOnly
        | Problem::Unanswered
        | Problem::Blocked
        | Problem::Filtered
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Removed { .. }
        | Problem::Gone
        | Problem::Unavailable
        | Problem::Broken { .. } => otherwise,
    }
}

/// `refused`, unless the fault is ours.
pub fn no(error: chat::Error, refused: No) -> No {
    let problem = error.into_problem();
    if matches!(problem, Problem::Unavailable | Problem::Broken { .. }) { BROKEN } else { refused }
}

/// `body`: how its client wrote it, if that is known.
pub fn group_frame(message: &Message, kind: i64, body: Option<&str>, online: usize) -> GroupFrame {
    let content = body.map_or_else(|| words::text(message), str::to_owned);
    notice(&message.author, kind, content, message.at, online)
}

/// A frame about somebody.
pub fn notice(person: &Person, kind: i64, content: String, at: Millis, online: usize) -> GroupFrame {
    GroupFrame {
        user_id: ids::of(person.id),
        username: person.name.clone(),
        avatar: avatar(&person.name),
        msg_type: kind,
        content,
        date: date(at),
        online_count: online,
    }
}

pub fn private_frame(
    from: &Person,
    to: &Person,
    kind: i64,
    content: String,
    at: Millis,
    online: usize,
) -> PrivateFrame {
    PrivateFrame {
        user_id: ids::of(from.id),
        username: from.name.clone(),
        avatar: avatar(&from.name),
        target_id: ids::of(to.id),
        target_name: to.name.clone(),
        target_avatar: avatar(&to.name),
        msg_type: kind,
        content,
        date: date(at),
        online_count: online,
    }
}

/// 系统消息 in a private chat: from nobody to nobody.
pub fn private_notice(content: &str, at: Millis) -> PrivateFrame {
    PrivateFrame { msg_type: kind::SYSTEM, content: content.to_owned(), date: date(at), ..PrivateFrame::default() }
}

/// `target`: of a private chat, to whom it was said.
pub fn chat_line(message: &Message, body: Option<&str>, target: Option<PersonId>) -> ChatLine {
    ChatLine {
        created_at: date(message.at),
        user_id: ids::of(message.author.id),
        target_id: target.map(ids::of),
        content: body.map_or_else(|| words::text(message), str::to_owned),
        // The house does not keep from where somebody said something.
        ip: String::new(),
        addr: ADDRESS,
        msg_type: kind::TEXT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_a_fraction_and_an_offset() {
        assert_eq!(date(1_739_953_792_680), "2025-02-19T08:29:52.680+00:00");
        assert_eq!(date(-1), "1969-12-31T23:59:59.999+00:00");
    }

    #[test]
    fn pages_and_orders() {
        assert_eq!(page(None, None), Ok((0, 10)));
        assert_eq!(page(Some("3"), Some("20")), Ok((40, 20)));
        assert_eq!(page(Some("0"), Some("-5")), Ok((0, 10)));
        assert_eq!(page(Some("1"), Some("1000")), Ok((0, 100)));
        for odd in ["x", "1.5", "99999999999999999999"] {
            assert_eq!(page(Some(odd), None), Err(ODD), "{odd}");
            assert_eq!(page(None, Some(odd)), Err(ODD), "{odd}");
        }
        assert_eq!(sort(Some("username asc")), Some(("username", false)));
        assert_eq!(sort(Some("created_at desc")), Some(("created_at", true)));
        for odd in ["", "username", "password asc", "username asc; drop table person", "username sideways"] {
            assert_eq!(sort(Some(odd)), None, "{odd}");
        }
        assert_eq!(order(Some("username desc")), MessagesOrder::AuthorDown);
        assert_eq!(order(Some("email asc")), MessagesOrder::Author);
        assert_eq!(order(Some("created_at desc")), MessagesOrder::Newest);
        assert_eq!(order(None), MessagesOrder::Oldest);
    }

    #[test]
    fn labels_are_those_of_the_document() {
        assert_eq!(avatar("测试用户"), "uploads/avatar/测试用户.png");
        let stored = "1740377182215261100_《计算机网络课程设计》课设目标.md";
        assert_eq!(path("adminUser", stored), format!("uploads/file/adminUser/{stored}"));
        assert_eq!(file_type(stored), "md");
        assert_eq!(file_type("none"), "");
    }
}
