//! What was said, by days.

use super::spans::spans;
use super::{Reader, files};
use crate::html::{escape, name};
use domain::message::{Message, Quote};
use domain::time::{DAY_MS, Millis, day_of, iso};

impl Reader {
    /// A heading for each day, and under it what was said.
    pub fn messages(&self, messages: &[Message]) -> String {
        let days = messages.chunk_by(|a, b| day_of(a.at, self.zone) == day_of(b.at, self.zone));
        days.map(|day| self.day(day)).collect()
    }

    fn day(&self, messages: &[Message]) -> String {
        let heading = messages.first().map(|first| self.date(first.at)).unwrap_or_default();
        let said: String = messages.iter().map(|message| self.message(message)).collect();
        format!("<section class=\"day\">\n<h3>{}</h3>\n{said}</section>\n", escape(&heading))
    }

    fn message(&self, message: &Message) -> String {
        let Message { seq, author, at, reply, .. } = message;
        let (who, words) = (name(&author.display), spans(&message.spans));
        let files = files::html(&message.files);
        let (moment, clock) = (escape(&self.text.moment(*at, self.zone)), self.text.clock(*at, self.zone));
        let time = format!("<time datetime=\"{}\" title=\"{moment}\">{clock}</time>", iso(*at));
        let by = format!("<p class=\"by\"><b>{who}</b> <a href=\"#m{seq}\">{time}</a></p>");
        let by = by + &reply.as_deref().map(quote).unwrap_or_default();
        format!("<article id=\"m{seq}\">{by}<div class=\"words\" dir=\"auto\">{words}</div>{files}</article>\n")
    }

    /// Always with its year: nobody knows when this will be read.
    pub fn date(&self, at: Millis) -> String {
        self.text.date(at, at + 400 * DAY_MS, self.zone)
    }
}

/// What a message answers.
fn quote(Quote { seq, author, line, .. }: &Quote) -> String {
    let line = escape(line.as_deref().unwrap_or("…"));
    format!("<blockquote><a href=\"#m{seq}\">{}</a> {line}</blockquote>", name(&author.display))
}
