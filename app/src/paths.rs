//! Addresses within the site.

pub use domain::address::{decode, encode};
use domain::{DeedId, RoomId};

/// Where a message is posted as a form, with its files; the answer is shown at `from`.
pub fn post(room: RoomId, from: &str) -> String {
    format!("/upload/message/{room}?from={}", encode(from))
}

/// Where a form posts to. `from` is the page to come back to without JavaScript.
pub fn call(endpoint: &str, from: &str) -> String {
    format!("/call/{endpoint}?from={}", encode(from))
}

/// The sign-in page that leads back to `from` afterwards.
pub fn sign_in(from: &str) -> String {
    if from == "/" { "/sign-in".to_owned() } else { format!("/sign-in?from={}", encode(from)) }
}

/// `page` with what was just done about somebody there, and can be undone; `act` is a word of `moderate`.
pub fn undo(page: &str, deed: DeedId, act: &str, whom: &str) -> String {
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}undo={deed}&did={act}&whom={}", encode(whom))
}

/// An address without what [`undo`] and `change-pictures` have put into it; `None` if there is nothing of it.
pub fn without_undo(path: &str, query: &str) -> Option<String> {
    let is_of_it = |name: &str| matches!(name, "undo" | "did" | "n" | "whom");
    let pairs = || form_urlencoded::parse(query.as_bytes());
    pairs().find(|(name, _)| name == "undo")?;
    let mut rest = form_urlencoded::Serializer::new(String::new());
    let rest = rest.extend_pairs(pairs().filter(|(name, _)| !is_of_it(name))).finish();
    Some(if rest.is_empty() { path.to_owned() } else { format!("{path}?{rest}") })
}

/// Somebody's profile.
pub fn person(name: &str) -> String {
    format!("/people/{}", encode(name))
}

pub fn room(slug: &str) -> String {
    format!("/r/{slug}")
}

/// A room at the end of its conversation, whatever is unread before it.
pub fn room_end(slug: &str) -> String {
    format!("/r/{slug}?at=end")
}

/// The page of the conversation that goes on at a message: messages are some of the room's events, so that a
/// page before this place reaches back to it.
pub fn later(slug: &str, last: i64) -> String {
    format!("/r/{slug}?before={}#m{last}", last + domain::message::PAGE as i64)
}

/// What an invitation into a room offers.
pub fn join(token: &str) -> String {
    format!("/join/{token}")
}

/// An invitation's link as a QR code.
pub fn join_code(token: &str) -> String {
    format!("/join/{token}/code.svg")
}

/// One's notices.
pub const NOTICES: &str = "/me/notices";

/// The list of rooms after all of them were marked as read.
pub const ALL_READ: &str = "/?read=all";

/// A message in the middle of what was said around it.
pub fn message(slug: &str, seq: i64) -> String {
    format!("/r/{slug}?before={}#m{seq}", seq + domain::message::PAGE as i64 / 2)
}

/// Where a form with a `day` leads to it.
pub fn on_day(slug: &str) -> String {
    format!("/r/{slug}/on")
}

/// All that was said in a room, as one file.
pub fn conversation(slug: &str) -> String {
    format!("/r/{slug}/conversation.zip")
}

/// What one can do with a message.
pub fn message_acts(slug: &str, id: domain::MessageId) -> String {
    format!("/r/{slug}/messages/{id}")
}

/// The feed of a room's wall.
pub fn feed(slug: &str) -> String {
    format!("/r/{slug}/wall.atom")
}

pub fn pictures(slug: &str) -> String {
    format!("/r/{slug}/pictures")
}

pub fn kiosks(slug: &str) -> String {
    format!("/r/{slug}/kiosks")
}

pub fn room_admin(slug: &str) -> String {
    format!("/admin/rooms/{slug}")
}

/// The list of settings, with those of this room.
pub fn settings(slug: &str) -> String {
    format!("/admin/settings?room={slug}")
}

/// What other sites have to do with a room, for its hosts.
pub fn integration(slug: &str) -> String {
    format!("/admin/rooms/{slug}/integration")
}

/// The room's webhooks, for its hosts.
pub fn webhooks(slug: &str) -> String {
    format!("/admin/rooms/{slug}/webhooks")
}

/// The room's members and invitations, for its hosts.
pub fn room_people(slug: &str) -> String {
    format!("/admin/rooms/{slug}/people")
}

/// `path` if it certainly is an address on this site, else the room list: a link must not
/// send people who just signed in to somebody else's site.
pub fn own(path: &str) -> &str {
    let fits = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
        && path.is_ascii();
    if fits { path } else { "/" }
}

/// A room's address made from its title: the letters and digits of ASCII, the rest as
/// hyphens; `room` when nothing is left (as with Chinese titles).
pub fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "room".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_knows_where_it_stands() {
        assert_eq!(call("sign-in", "/sign-in?from=/r/a"), "/call/sign-in?from=%2Fsign-in%3Ffrom%3D%2Fr%2Fa");
    }

    #[test]
    fn a_title_becomes_an_address() {
        for (title, slug) in [("Live 2026: Summer!", "live-2026-summer"), ("直播间", "room"), ("Q&A", "q-a")] {
            assert_eq!(slug_of(title), slug);
            assert!(domain::room::parse_slug(&slug_of(title)).is_ok());
        }
        assert!(domain::room::parse_slug(&slug_of(&"long title ".repeat(20))).is_ok());
    }

    #[test]
    fn only_our_own_addresses_are_followed() {
        for good in ["/", "/r/live?before=3", "/admin/rooms"] {
            assert_eq!(own(good), good);
        }
        for bad in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "javascript:1"] {
            assert_eq!(own(bad), "/", "{bad:?}");
        }
    }
}
