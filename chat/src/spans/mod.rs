//! What was typed, as spans: emphasis, strong, code, links, mentions. Everything else
//! (headings, lists, tables, HTML, entities) stays text exactly as typed. No HTML is ever made.
//!
//! The Markdown parser only says *where* something is; the words are taken from the text
//! itself, so that nothing typed is lost: what no construct claims is copied.

mod links;
mod mentions;
#[cfg(test)]
mod tests;

use domain::span::{self, Span};
use links::{Bare, href};
pub(crate) use mentions::{EVERYONE, People, candidates};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Emphasis within emphasis and so on, at most. Deeper ones stay as typed: nobody reads
/// them, and readers of nested JSON have their limits.
const MAX_DEPTH: usize = 4;
/// Of all spans of a message. With more it is not formatted at all, so that a message
/// always fits into one frame of the live socket.
const MAX_SPANS: usize = 1_000;

/// The spans of a text that `domain::message::parse_text` has passed; `people` are those
/// who can be mentioned.
pub(crate) fn parse(text: &str, people: &People) -> Vec<Span> {
    let mut maker = Maker {
        text,
        people,
        bare: Bare::find(text),
        at: 0,
        open: Vec::new(),
        frames: vec![Frame::default()],
        block: None,
    };
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        maker.event(event, range);
    }
    let spans = maker.finish();
    if count(&spans) > MAX_SPANS { plain(text) } else { spans }
}

/// The text without any formatting.
fn plain(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    by_line(text, &mut spans, |line, spans| spans.push(Span::Text(line.to_owned())));
    spans
}

fn count(spans: &[Span]) -> usize {
    spans.iter().map(|span| 1 + if let Span::Strong(s) | Span::Emphasis(s) = span { count(s) } else { 0 }).sum()
}

/// Line breaks as spans, and what `write` makes of each line that is not empty.
fn by_line(text: &str, spans: &mut Vec<Span>, write: impl Fn(&str, &mut Vec<Span>)) {
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            spans.push(Span::Break);
        }
        if !line.is_empty() {
            write(line, spans);
        }
    }
}

struct Maker<'t> {
    text: &'t str,
    people: &'t People,
    bare: Bare,
    /// Everything before it is in the frames already, or was markup.
    at: usize,
    /// The open constructs; `None` for one that stays as typed.
    open: Vec<Option<Kind>>,
    /// The message itself, and one for each open construct that is honoured.
    frames: Vec<Frame>,
    /// The words of the open fenced block.
    block: Option<String>,
}

enum Kind {
    Strong,
    Emphasis,
    Link(String),
}

#[derive(Default)]
struct Frame {
    spans: Vec<Span>,
    /// Text that is not in `spans` yet: links and mentions are looked for in it as a whole.
    words: String,
}

impl Maker<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range.start),
            Event::End(TagEnd::CodeBlock) => self.end_block(range.end),
            Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link | TagEnd::Image) => self.close(range.end),
            Event::Text(words) => match &mut self.block {
                Some(block) => block.push_str(&words),
                None => self.copy_text(range),
            },
            Event::Code(code) => {
                self.copy_to(range.start);
                self.push(Span::Code(code.into_string()));
                self.at = range.end;
            }
            // Breaks, HTML, rules, ends of blocks: copied as typed, with what follows.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, start: usize) {
        match tag {
            Tag::Strong => self.open(Some(Kind::Strong), start, 2),
            Tag::Emphasis => self.open(Some(Kind::Emphasis), start, 1),
            Tag::Link { link_type, dest_url, .. } => self.open(link(link_type, &dest_url), start, 1),
            Tag::Image { link_type, dest_url, .. } => self.open(link(link_type, &dest_url), start, 2),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                self.copy_to(start);
                // One word there names a language; more are words of the message.
                let is_language = !info.contains(char::is_whitespace);
                self.block = Some(if is_language { String::new() } else { format!("{info}\n") });
            }
            _ => {}
        }
    }

    fn open(&mut self, kind: Option<Kind>, start: usize, marks: usize) {
        self.copy_to(start);
        let in_address = self.bare.covers(start) && matches!(kind, Some(Kind::Strong | Kind::Emphasis));
        let kind = kind.filter(|_| !in_address && self.frames.len() <= MAX_DEPTH);
        if kind.is_some() {
            self.at = start + marks;
            self.frames.push(Frame::default());
        }
        self.open.push(kind);
    }

    fn close(&mut self, end: usize) {
        let Some(Some(kind)) = self.open.pop() else { return };
        match &kind {
            Kind::Strong => self.copy_to(end.saturating_sub(2)),
            Kind::Emphasis => self.copy_to(end.saturating_sub(1)),
            Kind::Link(_) => {}
        }
        self.at = end;
        let spans = self.close_frame();
        self.push(match kind {
            Kind::Strong => Span::Strong(spans),
            Kind::Emphasis => Span::Emphasis(spans),
            Kind::Link(href) => {
                let text = span::plain(&spans);
                Span::Link { text: if text.trim().is_empty() { href.clone() } else { text }, href }
            }
        });
    }

    /// An empty block stays as typed.
    fn end_block(&mut self, end: usize) {
        let Some(block) = self.block.take() else { return };
        let block = block.strip_suffix('\n').unwrap_or(&block);
        if !block.trim().is_empty() {
            self.push(Span::Block(block.to_owned()));
            self.at = end;
        }
    }

    /// Copies a piece of text as typed, without the backslash that escaped its beginning.
    fn copy_text(&mut self, range: Range<usize>) {
        let (before, after) = self.text.split_at_checked(range.start).unwrap_or_default();
        let escaped =
            range.start > self.at && before.ends_with('\\') && after.starts_with(|c: char| c.is_ascii_punctuation());
        if escaped {
            self.copy_to(range.start - 1);
            self.at = range.start;
        }
        self.copy_to(range.end);
    }

    fn copy_to(&mut self, end: usize) {
        if let Some(words) = self.text.get(self.at..end) {
            self.frame().words.push_str(words);
            self.at = end;
        }
    }

    fn push(&mut self, span: Span) {
        self.flush();
        self.frame().spans.push(span);
    }

    /// Turns the waiting words of the innermost frame into spans.
    fn flush(&mut self) {
        let people = self.people;
        let frame = self.frame();
        let words = std::mem::take(&mut frame.words);
        if !words.is_empty() {
            by_line(&words, &mut frame.spans, |line, spans| links::write(line, people, spans));
        }
    }

    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn close_frame(&mut self) -> Vec<Span> {
        self.flush();
        self.frames.pop().unwrap_or_default().spans
    }

    fn finish(mut self) -> Vec<Span> {
        self.copy_to(self.text.len());
        let mut spans = self.close_frame();
        without_breaks_around_blocks(&mut spans);
        spans
    }
}

/// Where a Markdown link may lead, if it may.
fn link(link_type: LinkType, dest: &str) -> Option<Kind> {
    let address = match link_type {
        LinkType::Inline | LinkType::Autolink => href(dest),
        LinkType::Email => href(&format!("mailto:{dest}")),
        // The others take their address from another line, which stays visible there.
        _ => None,
    };
    address.map(Kind::Link)
}

/// A block stands on lines of its own anyway.
fn without_breaks_around_blocks(spans: &mut Vec<Span>) {
    let is_block = |span: Option<&Span>| matches!(span, Some(Span::Block(_)));
    let superfluous: Vec<bool> = (0..spans.len())
        .map(|i| spans[i] == Span::Break && (is_block(spans.get(i + 1)) || i > 0 && is_block(spans.get(i - 1))))
        .collect();
    let mut kept = superfluous.into_iter().map(|is| !is);
    spans.retain(|_| kept.next().unwrap_or(true));
}
