//! One page of an export: everything it needs is in it, but for the pictures beside it.

use super::Reader;
use super::wall::Hung;
use crate::html::escape;
use chat::ExportedRoom;
use domain::message::Message;

const STYLE: &str = include_str!("style.css");

/// Nothing of it could run or call out, even if it were there.
const POLICY: &str = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; form-action 'none'";

pub struct Page<'a> {
    pub reader: &'a Reader,
    pub room: &'a ExportedRoom,
    pub hung: &'a [Hung],
    /// Counted from 1; the wall is on the first.
    pub number: usize,
    pub pages: usize,
    pub messages: &'a [Message],
}

pub fn file_name(number: usize) -> String {
    if number == 1 { "index.html".to_owned() } else { format!("page-{number}.html") }
}

impl Page<'_> {
    pub fn html(&self) -> String {
        let lang = self.reader.text.lang.tag();
        let title = escape(&self.room.room.title);
        let (turn, body) = (self.turn(), self.body());
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1 dir=\"auto\">{title}</h1>\n{}</header>\n\
             <main>\n{body}</main>\n{turn}</body>\n</html>\n",
            self.about()
        )
    }

    /// What the room is for, and how much there is.
    fn about(&self) -> String {
        let text = self.reader.text;
        let ExportedRoom { room, messages, .. } = self.room;
        let about = match room.about.as_str() {
            "" => String::new(),
            about => format!("<p dir=\"auto\">{}</p>\n", escape(about)),
        };
        let pictures = self.hung.len();
        let said = text.plural(i64::try_from(*messages).unwrap_or(i64::MAX), "message", "messages");
        let hung = text.plural(pictures as i64, "picture", "pictures");
        let sums =
            text.pick(format!("{messages} 条消息，{pictures} 张图片"), format!("{messages} {said}, {pictures} {hung}"));
        format!("{about}<p class=\"sums\">{sums}</p>\n")
    }

    fn body(&self) -> String {
        let text = self.reader.text;
        let wall = if self.number == 1 { self.reader.wall(self.hung) } else { String::new() };
        let heading = text.pick("对话", "The conversation");
        let said = match self.messages {
            [] => format!("<p>{}</p>\n", text.pick("还没有消息", "No messages yet")),
            messages => self.reader.messages(messages),
        };
        format!("{wall}<section>\n<h2>{heading}</h2>\n{}{said}</section>\n", self.turn())
    }

    /// Links to the pages before and after, if there are several.
    fn turn(&self) -> String {
        let (text, number, pages) = (self.reader.text, self.number, self.pages);
        if pages == 1 {
            return String::new();
        }
        let link = |to: usize, rel: &str, words: &str| {
            if (1..=pages).contains(&to) {
                format!("<a rel=\"{rel}\" href=\"{}\">{words}</a>", file_name(to))
            } else {
                "<span></span>".to_owned()
            }
        };
        let earlier = link(number - 1, "prev", text.pick("← 更早", "← Earlier"));
        let later = link(number + 1, "next", text.pick("更晚 →", "Later →"));
        let place = text.pick(format!("第 {number} 页，共 {pages} 页"), format!("Page {number} of {pages}"));
        let label = text.pick("翻页", "Pages");
        format!("<nav aria-label=\"{label}\">{earlier}<span>{place}</span>{later}</nav>\n")
    }
}
