//! `/r/<room>/wall.atom`: the newest pictures of a room's wall as a feed (Atom, RFC 4287), for
//! those who may read the room.

use crate::answer::Refusal;
use crate::house::House;
use app::calls::Visitor;
use app::paths;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Problem;
use domain::picture::{Picture, Size};
use domain::room::Room;
use domain::time::iso;
use domain::wall::Wall;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::io;

/// Most pictures in a feed.
const NEWEST: usize = 50;

/// # Errors
/// As the room's page; the same answer again is 304 (RFC 9110 §13.1.2).
pub async fn wall(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let reader = house.chat.reader_by_slug(visitor.who.as_ref(), &slug).await?;
    let wall = house.chat.wall(&reader).await?;
    let feed = Feed { origin: &house.origin, room: reader.room(), wall: &wall };
    let xml = feed.write().map_err(|_| Refusal(Problem::Unavailable))?;
    let tag = format!("\"{}\"", short_digest(&xml));
    let known = headers.get_all(IF_NONE_MATCH).iter().any(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { xml.into_response() };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/atom+xml; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}

/// The first 16 hexadecimal digits of its SHA-256.
fn short_digest(xml: &[u8]) -> String {
    Sha256::digest(xml).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

struct Feed<'a> {
    /// Readers of feeds want whole addresses.
    origin: &'a str,
    room: &'a Room,
    wall: &'a Wall,
}

type Xml = Writer<Vec<u8>>;

impl Feed<'_> {
    fn write(&self) -> io::Result<Vec<u8>> {
        let mut xml = Writer::new(Vec::new());
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let feed = xml.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
        feed.write_inner_content(|xml| self.write_inside(xml))?;
        Ok(xml.into_inner())
    }

    fn write_inside(&self, xml: &mut Xml) -> io::Result<()> {
        let mut newest: Vec<&Picture> = self.wall.pictures.iter().collect();
        newest.sort_by_key(|picture| Reverse((picture.at, picture.id)));
        newest.truncate(NEWEST);
        let page = format!("{}{}", self.origin, paths::room(&self.room.slug));
        text(xml, "id", &page)?;
        text(xml, "title", &self.room.title)?;
        if !self.room.about.is_empty() {
            text(xml, "subtitle", &self.room.about)?;
        }
        text(xml, "updated", &iso(newest.first().map_or(self.room.created_at, |picture| picture.at)))?;
        link(xml, &[("href", &page)])?;
        let own = format!("{}{}", self.origin, paths::feed(&self.room.slug));
        link(xml, &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)])?;
        newest.iter().try_for_each(|picture| {
            xml.create_element("entry").write_inner_content(|xml| self.write_entry(xml, picture, &page)).map(drop)
        })
    }

    fn write_entry(&self, xml: &mut Xml, picture: &Picture, page: &str) -> io::Result<()> {
        let place = format!("{page}/p/{}", picture.id);
        let image = format!("{}{}", self.origin, picture.url(self.room.id, Size::Side(1280)));
        text(xml, "id", &place)?;
        // An entry must have a title; a picture may be without words.
        let label = picture.label();
        text(xml, "title", if label.is_empty() { &self.room.title } else { label })?;
        text(xml, "updated", &iso(picture.at))?;
        xml.create_element("author").write_inner_content(|xml| text(xml, "name", &picture.by.display))?;
        link(xml, &[("href", &place)])?;
        link(xml, &[("rel", "enclosure"), ("type", "image/*"), ("href", &image)])?;
        let content = xml.create_element("content").with_attribute(("type", "html"));
        content.write_text_content(BytesText::new(&shown(&image, label)?)).map(drop)
    }
}

fn text(xml: &mut Xml, name: &str, words: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(words)).map(drop)
}

fn link(xml: &mut Xml, attributes: &[(&str, &str)]) -> io::Result<()> {
    xml.create_element("link").with_attributes(attributes.iter().copied()).write_empty().map(drop)
}

/// The picture as HTML, which the feed carries as text.
fn shown(image: &str, label: &str) -> io::Result<String> {
    let mut html = Writer::new(Vec::new());
    html.create_element("img").with_attributes([("src", image), ("alt", label)]).write_empty()?;
    String::from_utf8(html.into_inner()).map_err(io::Error::other)
}
