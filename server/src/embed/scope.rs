//! What the page of a frame asks for. The rest of the site, its person's account above all, is not for
//! its token: whoever opens a room for an hour shall not rename them, list their other rooms or take
//! their data along. What is not listed is refused.

use crate::router::LIVE;
use axum::http::Method;

/// The calls of a room's page for its members.
pub const CALLS: [&str; 19] = [
    "open-room",
    "history",
    "wall",
    "post-message",
    "edit-message",
    "react-message",
    "recall-message",
    "hide-message",
    "report-message",
    "load-message-acts",
    "load-report",
    "suggest-mentions",
    "load-draft",
    "save-draft",
    "mark-seen",
    "enter-room",
    "ask-to-join",
    "come-here",
    "load-nothing",
];

/// Whether a frame's token counts there.
pub fn is_for_frames(method: &Method, path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match first {
        "call" => CALLS.contains(&second),
        "upload" => matches!(second, "files" | "message"),
        "r" | "embed" | "media" | "file" | "video" | "portrait" => matches!(*method, Method::GET | Method::HEAD),
        _ => path == LIVE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_asks_for_its_room_and_not_for_its_persons_account() {
        for (method, path) in [
            (Method::POST, "/call/post-message"),
            (Method::GET, "/r/den/messages/1"),
            (Method::GET, "/media/1/ab/320"),
            (Method::PUT, "/upload/files/1/ab"),
            (Method::GET, LIVE),
        ] {
            assert!(is_for_frames(&method, path), "{method} {path}");
        }
        for (method, path) in [
            (Method::POST, "/call/change-profile"),
            (Method::POST, "/call/load-rooms"),
            (Method::POST, "/call/"),
            (Method::POST, "/export/account"),
            (Method::POST, "/upload/portrait"),
            (Method::POST, "/upload/pictures/1"),
            (Method::POST, "/r/den"),
            (Method::GET, "/"),
            (Method::GET, "/me"),
            (Method::GET, "/admin/rooms"),
            (Method::GET, "/people"),
        ] {
            assert!(!is_for_frames(&method, path), "{method} {path}");
        }
    }
}
