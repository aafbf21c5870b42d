//! Pictures are asked for by the browser itself, which knows no token: their addresses carry one that
//! shows pictures and does nothing else. In pages that the server draws it is written here, in what the
//! program draws by `embed.js`.

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use lol_html::{RewriteStrSettings, element, rewrite_str};

/// Largest page that is looked through, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;
/// What begins the addresses of what only those may see who may read the room.
const SEEN: [&str; 4] = ["/media/", "/file/", "/video/", "/portrait/"];
/// Where addresses stand.
const CARRIERS: [&str; 4] = ["src", "srcset", "poster", "href"];
/// Its name in a query.
pub const NAME: &str = "look";

/// Whether the token shows what is there.
pub fn is_seen(path: &str) -> bool {
    SEEN.iter().any(|seen| path.starts_with(seen))
}

/// A page with its pictures' addresses marked; anything else as it is.
pub async fn rewritten(response: Response, look: &str) -> Response {
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let page = to_bytes(body, LARGEST).await.unwrap_or_default();
    let page = mark(&String::from_utf8_lossy(&page), look);
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(page))
}

/// The page with the token in all addresses of pictures, files, videos and portraits.
fn mark(page: &str, look: &str) -> String {
    let handler = element!("[src], [srcset], [poster], [href]", |el| {
        for name in CARRIERS {
            if let Some(value) = el.get_attribute(name) {
                let marked = addresses(&value, look);
                if marked != value {
                    el.set_attribute(name, &marked)?;
                }
            }
        }
        Ok(())
    });
    rewrite_str(page, RewriteStrSettings::new().append_element_content_handler(handler)).unwrap_or_else(|cause| {
        tracing::error!(%cause, "a page for a frame could not be looked through");
        page.to_owned()
    })
}

/// One address, or several as `srcset` has them.
fn addresses(value: &str, look: &str) -> String {
    let one = |part: &str| {
        let (address, width) = part.trim().split_once(' ').unwrap_or((part.trim(), ""));
        if !is_seen(address) {
            return part.trim().to_owned();
        }
        let sign = if address.contains('?') { '&' } else { '?' };
        let marked = format!("{address}{sign}{NAME}={look}");
        if width.is_empty() { marked } else { format!("{marked} {width}") }
    };
    if is_seen(value) { value.split(", ").map(one).collect::<Vec<_>>().join(", ") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_what_is_seen_are_marked() {
        let page = "<!DOCTYPE html><img src=\"/media/1/ab/320\" srcset=\"/media/1/ab/320 320w, /media/1/ab/full 800w\" \
                    alt=\"/media/1\"><a href=\"/file/1/cd/full?download=1\">src=\"/media/1/x/full\"</a>\
                    <video poster=\"/media/1/p/1280\" src=\"https://v.example/a.mp4\"></video>\
                    <script>{\"src\":\"/media/1/ab/320\"}</script><a href=\"/r/lobby\">x</a>";
        let marked = mark(page, "T");
        assert_eq!(
            marked,
            "<!DOCTYPE html><img src=\"/media/1/ab/320?look=T\" \
             srcset=\"/media/1/ab/320?look=T 320w, /media/1/ab/full?look=T 800w\" alt=\"/media/1\">\
             <a href=\"/file/1/cd/full?download=1&look=T\">src=\"/media/1/x/full\"</a>\
             <video poster=\"/media/1/p/1280?look=T\" src=\"https://v.example/a.mp4\"></video>\
             <script>{\"src\":\"/media/1/ab/320\"}</script><a href=\"/r/lobby\">x</a>"
        );
    }
}
