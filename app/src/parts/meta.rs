//! What search engines and link previews read of a page, in its `<head>`: description, address,
//! Open Graph (ogp.me) and JSON-LD (schema.org). The server's alone: nobody sees it in the browser.

use crate::calls::Visitor;
use crate::calls::rooms::RoomPageData;
use crate::paths;
use crate::visitor::{prefs, words};
use domain::message::Message;
use domain::picture::{Picture, Size};
use domain::room::{Room, Visibility};
use domain::{span, time};
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Script};
use serde_json::{Value, json};

/// How many of the latest messages the description of a room names.
const UPDATES: usize = 10;
/// Longest description, in characters: what the usual result pages show.
const DESCRIPTION: usize = 160;
/// What a preview is made from: large enough for all, no larger.
const PREVIEW: Size = Size::Side(1280);

/// Where on a room's page the visitor is, as its address says.
pub struct Spot {
    pub before: Option<i64>,
    pub picture: Option<String>,
}

/// Writes what the list says of itself.
pub fn site() {
    let (origin, t) = (origin(), words());
    write(view! {
        <Meta name="description" content=t.rooms.site />
        <Link rel="canonical" href=format!("{origin}/") />
        <Meta property="og:title" content="Salon" />
        <Meta property="og:description" content=t.rooms.site />
        <Meta property="og:type" content="website" />
        <Meta property="og:url" content=format!("{origin}/") />
    });
}

/// Writes what a room says of itself: all of it if it is public and open, else only that it is
/// not for an index.
pub fn room(data: &RoomPageData, spot: &Spot) {
    if data.room.visibility != Visibility::Public || data.shut {
        return hidden();
    }
    let origin = origin();
    let room = &data.room;
    let about = about(data);
    let shown = spot.picture.as_ref().and_then(|id| data.wall.pictures.iter().find(|p| p.id.to_string() == *id));
    let picture = shown.or_else(|| data.wall.pictures.first());
    let url = format!("{origin}{}", path(room, spot, shown));
    let feed = paths::feed(&room.slug);
    write(view! {
        <Meta name="description" content=about.clone() />
        <Link rel="canonical" href=url.clone() />
        <Link rel="alternate" type_="application/atom+xml" title=words().room.wall href=feed />
        <Meta property="og:title" content=room.title.clone() />
        <Meta property="og:description" content=about.clone() />
        <Meta property="og:type" content="article" />
        <Meta property="og:url" content=url.clone() />
        <Meta property="og:site_name" content="Salon" />
        <Meta property="og:locale" content=prefs().lang.tag().replace('-', "_") />
    });
    if let Some(picture) = picture {
        preview(&origin, room, picture);
    }
    let about = in_script(&posting(&origin, &url, data, &about));
    write(view! { <Script type_="application/ld+json">{about}</Script> });
}

/// Keeps a page out of every index.
pub fn hidden() {
    write(view! { <Meta name="robots" content="noindex" /> });
}

fn preview(origin: &str, room: &Room, picture: &Picture) {
    let (width, height) = picture.pixels(PREVIEW);
    write(view! {
        <Meta property="og:image" content=format!("{origin}{}", picture.url(room.id, PREVIEW)) />
        <Meta property="og:image:width" content=width.to_string() />
        <Meta property="og:image:height" content=height.to_string() />
        <Meta property="og:image:alt" content=picture.label().to_owned() />
        <Meta name="twitter:card" content="summary_large_image" />
    });
}

fn path(room: &Room, spot: &Spot, shown: Option<&Picture>) -> String {
    let base = paths::room(&room.slug);
    match (shown, spot.before) {
        (Some(picture), _) => format!("{base}/p/{}", picture.id),
        (None, Some(before)) => format!("{base}?before={before}"),
        (None, None) => base,
    }
}

/// The room's purpose in its host's words, else its latest ones.
fn about(data: &RoomPageData) -> String {
    let last = || data.history.messages.last().map(|message| span::plain(&message.spans));
    let text = Some(data.room.about.clone()).filter(|about| !about.is_empty()).or_else(last);
    let text = text.unwrap_or_else(|| words().rooms.site.to_owned());
    let cut = text.chars().count() > DESCRIPTION;
    let short: String = text.chars().take(DESCRIPTION).collect();
    if cut { format!("{}…", short.trim_end()) } else { short }
}

/// The room as a `LiveBlogPosting`, its latest messages as updates.
fn posting(origin: &str, url: &str, data: &RoomPageData, about: &str) -> Value {
    let messages = &data.history.messages;
    let updates: Vec<Value> = messages.iter().rev().take(UPDATES).map(update).collect();
    let pictures: Vec<String> =
        data.wall.pictures.iter().take(UPDATES).map(|p| format!("{origin}{}", p.url(data.room.id, PREVIEW))).collect();
    let changed = messages.last().map_or(data.room.created_at, |message| message.at);
    json!({
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "url": url,
        "headline": data.room.title,
        "description": about,
        "datePublished": time::iso(data.room.created_at),
        "coverageStartTime": time::iso(data.room.created_at),
        "dateModified": time::iso(changed),
        "image": pictures,
        "liveBlogUpdate": updates,
    })
}

fn update(message: &Message) -> Value {
    json!({
        "@type": "BlogPosting",
        "datePublished": time::iso(message.at),
        "author": { "@type": "Person", "name": message.author.display },
        "articleBody": span::plain(&message.spans),
    })
}

/// JSON that cannot end the script it stands in.
fn in_script(json: &Value) -> String {
    json.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn origin() -> String {
    use_context::<Visitor>().map(|visitor| visitor.origin.to_string()).unwrap_or_default()
}

/// These leave their HTML for the head as they are drawn, and nothing where they stand.
fn write(tags: impl IntoView) {
    drop(tags.into_view().to_html());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_say_stays_within_the_script() {
        let text = in_script(&json!({ "articleBody": "</script><script>alert(1)</script> & <!--" }));
        assert!(!text.contains(['<', '>', '&']), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["articleBody"], "</script><script>alert(1)</script> & <!--");
    }
}
