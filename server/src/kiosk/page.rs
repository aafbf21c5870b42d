//! The projector's page: whole without scripts, where it turns itself over; `kiosk.js` takes
//! over where there are.

use super::fit_class;
use crate::code;
use crate::html::escape;
use app::text::Text;
use chat::RoomKiosk;
use domain::kiosk::Sequence;
use domain::picture::{Picture, Size};

/// How soon a page without scripts asks again, in seconds: whether the link holds, and what there is to show.
const ASK_AGAIN: u32 = 5;

pub struct Page<'a> {
    pub words: &'static Text,
    pub style: &'a str,
    pub nonce: &'a str,
    pub kiosk: &'a RoomKiosk,
    /// This page's own address.
    pub base: &'a str,
    /// The room's whole address.
    pub room: &'a str,
    pub pictures: &'a [Picture],
    pub n: usize,
    /// How much longer it is shown, in seconds.
    pub left: u32,
}

impl Page<'_> {
    pub fn html(&self) -> String {
        let Self { base, nonce, .. } = self;
        let title = escape(&self.kiosk.room().title);
        let rule = self.kiosk.rule();
        let now = self.pictures.get(self.n.checked_rem(self.pictures.len()).unwrap_or_default());
        let (seconds, then) = self.then();
        let turn =
            format!("<noscript><meta http-equiv=\"refresh\" content=\"{seconds}; url={base}?{then}\"></noscript>");
        let script = format!("{turn}\n<script src=\"/kiosk.js\" nonce=\"{nonce}\" defer></script>");
        let image = now.map_or_else(
            || " alt=\"\"".to_owned(),
            |picture| {
                format!(" src=\"{base}/{}/{}\" alt=\"{}\"", picture.blob, Size::Side(1_280), escape(picture.label()))
            },
        );
        let caption = escape(now.map_or("", |picture| &picture.caption));
        let label =
            escape(&self.words.pick(format!("房间地址：{}", self.room), format!("Address of the room: {}", self.room)));
        let code = if rule.code { code::svg(self.room, &label).unwrap_or_default() } else { String::new() };
        let (on, empty) = if now.is_some() { (" class=\"on\"", "") } else { ("", " class=\"kiosk-empty\"") };
        let body = format!(
            "<main data-base=\"{base}\"{empty}>\n<img{on}{image}>\n<img alt=\"\">\n\
             <p class=\"kiosk-caption\" dir=\"auto\">{caption}</p>\n\
             <h1 dir=\"auto\">{title}</h1>\n{code}</main>"
        );
        document(self.words, self.style, &title, &script, fit_class(rule.fit), &body)
    }

    /// After how many seconds a page without scripts asks again, and for what: the same picture until its time
    /// is over, so that a link that was revoked goes soon however long a picture stays.
    fn then(&self) -> (u32, String) {
        match self.left.checked_sub(ASK_AGAIN).filter(|left| *left > 0 && !self.pictures.is_empty()) {
            Some(left) => (ASK_AGAIN, format!("n={}&amp;left={left}", self.n)),
            None if self.pictures.is_empty() => (ASK_AGAIN, "n=0".to_owned()),
            None => (self.left.clamp(1, ASK_AGAIN), format!("n={}", self.next())),
        }
    }

    /// Which one comes next without scripts. There is no memory of what was shown, so a
    /// shuffled wall strides through: by a number that shares no divisor with its length.
    fn next(&self) -> usize {
        let of = self.pictures.len().max(1);
        let stride = match self.kiosk.rule().sequence {
            Sequence::Wall => 1,
            Sequence::Shuffle => stride(of),
        };
        (self.n % of + stride) % of
    }
}

/// About two fifths of the way, and prime to it: every picture has its turn.
fn stride(of: usize) -> usize {
    let prime = |step: &usize| {
        let (mut a, mut b) = (of, *step);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a == 1
    };
    (of * 2 / 5..of).find(prime).unwrap_or(1)
}

/// The link was revoked, or never was.
pub fn over(words: &'static Text, style: &str) -> String {
    let title = words.pick("这个投屏链接已失效", "This wall link is no longer valid");
    let advice = words.pick("请主持人创建新的链接。", "Ask a host of the room for a new one.");
    let body = format!("<main class=\"kiosk-over\">\n<h1>{title}</h1>\n<p>{advice}</p>\n</main>");
    document(words, style, title, "", "kiosk", &body)
}

/// Nothing, for now.
pub fn later(words: &'static Text, style: &str) -> String {
    let again = format!("<meta http-equiv=\"refresh\" content=\"{ASK_AGAIN}\">");
    document(words, style, "Salon", &again, "kiosk", "<main></main>")
}

fn document(words: &'static Text, style: &str, title: &str, head: &str, class: &str, body: &str) -> String {
    let lang = words.lang.tag();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{style}\">\n<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n\
         {head}\n</head>\n<body class=\"{class}\">\n{body}\n</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stride_comes_by_every_picture() {
        for of in 1..200 {
            let (step, mut at, mut seen) = (stride(of), 0, vec![false; of]);
            for _ in 0..of {
                seen[at] = true;
                at = (at + step) % of;
            }
            assert!(seen.into_iter().all(|seen| seen), "{of}");
        }
    }
}
