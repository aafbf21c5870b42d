//! Between the wire and the house, both ways; nothing here asks anybody.

use super::wire::{self, Answer, Asked, Told, words};
use chat::Problem;
use domain::MessageId;
use domain::message::Message;
use domain::span::Span;

/// Most messages of one answer.
pub const MOST: u32 = 999;
/// Longest first line of a message that is taken for what its client calls it, in characters.
const LONGEST_NAME: usize = 64;
/// Who speaks when nobody does.
const SYSTEM: &str = "System";

/// What somebody wants over their socket.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    Single {
        to: String,
        content: String,
    },
    /// The oldest so many are passed over, and so many follow.
    History {
        to: String,
        skip: u32,
        limit: u32,
    },
    Unread {
        to: String,
    },
    Read {
        id: String,
    },
    Delete {
        id: String,
    },
    Group {
        content: String,
    },
    /// A number that means nothing.
    Nothing,
}

/// Reads a frame of a client; `None` if it cannot be read.
pub fn wish(text: &str) -> Option<Wish> {
    // A list would be read as the fields in their order.
    let Asked { to, op_type, content } =
        serde_json::from_str(text).ok().filter(|_| text.trim_start().starts_with('{'))?;
    let (to, content) = (to.unwrap_or_default(), content.unwrap_or_default());
    Some(match op_type.unwrap_or_default() {
        1 => Wish::Single { to, content },
        2 => {
            let (skip, limit) = range(&content);
            Wish::History { to, skip, limit }
        }
        3 => Wish::Unread { to },
        4 => Wish::Read { id: content },
        5 => Wish::Delete { id: content },
        6 => Wish::Group { content },
        _ => Wish::Nothing,
    })
}

/// `3-5`: skip 3, take 5. Anything else is all that may be asked for at once.
fn range(content: &str) -> (u32, u32) {
    let numbers = content.split_once('-').and_then(|(skip, limit)| {
        let number = |text: &str| text.trim().parse::<u128>().ok();
        Some((number(skip)?, number(limit)?))
    });
    let (skip, limit) = numbers.unwrap_or((0, MOST.into()));
    (u32::try_from(skip).unwrap_or(u32::MAX), u32::try_from(limit).map_or(MOST, |limit| limit.min(MOST)))
}

/// A message as its client names and words it: `id`, a newline, the words. Without such a first line
/// all of it is words.
pub fn named(content: &str) -> (&str, &str) {
    match content.split_once('\n') {
        Some((name, words)) if is_name(name) => (name, words),
        _ => ("", content),
    }
}

fn is_name(line: &str) -> bool {
    (1..=LONGEST_NAME).contains(&line.chars().count()) && !line.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// The words of a message that another door let in, after a first line such as this protocol has.
pub fn content_of(message: &Message) -> String {
    let mut words = String::new();
    write(&message.spans, &mut words);
    for file in &message.files {
        if !words.is_empty() {
            words.push('\n');
        }
        words.push_str(&file.name);
    }
    format!("{}\n{words}", key(message.id))
}

fn write(spans: &[Span], out: &mut String) {
    for span in spans {
        match span {
            Span::Break => out.push('\n'),
            Span::Strong(inner) | Span::Emphasis(inner) => write(inner, out),
            other => out.push_str(&domain::span::plain(std::slice::from_ref(other))),
        }
    }
}

/// An odd number: multiplying by it can be undone.
const TURN: u64 = 0x9E37_79B9_7F4A_7C15;
/// Newton's iteration for what undoes it, modulo 2^64.
const BACK: u64 = {
    let mut back = TURN;
    let mut round = 0;
    while round < 6 {
        back = back.wrapping_mul(2u64.wrapping_sub(TURN.wrapping_mul(back)));
        round += 1;
    }
    back
};

/// A message's id on this wire: 24 hexadecimal digits that say nothing of how many there are, and are
/// read back by [`message_of`]. They open nothing: who may see a message is asked each time.
pub fn key(id: MessageId) -> String {
    let mixed = mix(id.0.cast_unsigned());
    format!("{:08x}{mixed:016x}", check(mixed))
}

/// The message with this id.
pub fn message_of(key: &str) -> Option<MessageId> {
    if key.len() != 24 || !key.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let (head, tail) = key.split_at(8);
    let (head, mixed) = (u32::from_str_radix(head, 16).ok()?, u64::from_str_radix(tail, 16).ok()?);
    (head == check(mixed)).then(|| MessageId(unmix(mixed).cast_signed()))
}

fn mix(x: u64) -> u64 {
    let x = x.wrapping_mul(TURN);
    (x ^ (x >> 32)).wrapping_mul(TURN)
}

fn unmix(x: u64) -> u64 {
    let x = x.wrapping_mul(BACK);
    (x ^ (x >> 32)).wrapping_mul(BACK)
}

/// Tells an id of ours from other 24 digits.
fn check(mixed: u64) -> u32 {
    (mix(!mixed) >> 32) as u32
}

pub fn answer(status: u32, error: impl Into<String>) -> Answer {
    Answer { status, data: None, msg: words(status), error: error.into() }
}

/// What the system says.
pub fn system(to: &str, code: u32, content: impl Into<String>) -> String {
    told(SYSTEM, to, 1, code, content.into())
}

/// A message that is being said.
pub fn live(from: &str, to: &str, content: &str) -> String {
    told(from, to, 1, wire::RECEIVED, content.to_owned())
}

/// A message that was said.
pub fn past(from: &str, to: &str, id: MessageId, content: &str) -> String {
    told(from, to, 2, wire::HISTORY, format!("{}\n{content}", key(id)))
}

fn told(from: &str, to: &str, kind: u8, op_type: u32, content: String) -> String {
    let told = Told { from: from.to_owned(), to: to.to_owned(), kind, op_type, content, msg: words(op_type) };
    // Texts and numbers can always be written.
    serde_json::to_string(&told).unwrap_or_default()
}

/// What a refusal of the house is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Name and password do not go together.
    Credentials,
    /// The name is in use, or looks like one that is.
    Taken,
    /// What came is not as it has to be.
    Input,
    /// The sender has to wait for an answer.
    Stopped,
    /// The other one cannot be reached.
    Away,
    /// There is nobody, or nothing, of that name.
    Missing,
    Otherwise,
}

pub fn refused(problem: &Problem) -> Refused {
    match problem {
        Problem::WrongCredentials => Refused::Credentials,
        Problem::Taken { .. } | Problem::Invalid { rule: chat::Rule::LookAlike, .. } => Refused::Taken,
        Problem::Invalid { .. } | Problem::TooLarge { .. } => Refused::Input,
        Problem::Unanswered => Refused::Stopped,
        Problem::Unreachable => Refused::Away,
        Problem::NotFound { .. } | Problem::Gone => Refused::Missing,
        Problem::SignInNeeded
        | Problem::WrongCode { .. }
        | Problem::Elsewhere { .. }
        | Problem::OneDevice { .. }
        | Problem::NotAllowed
        | Problem::Changed { .. }
        | Problem::TooFast { .. }
        | Problem::Full { .. }
        | Problem::NoFiles
        | Problem::Shut
        | Problem::Muted { .. }
        | Problem::Slow { .. }
        | Problem::MembersOnly
        | Problem::HostsOnly
        | Problem::Blocked
        | Problem::Filtered
        | Problem::Held
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Removed { .. }
        | Problem::Unavailable
        | Problem::Broken { .. } => Refused::Otherwise,
    }
}

/// A reason, for a client's log.
pub fn reason(problem: &Problem) -> String {
    match problem {
        Problem::Invalid { field, .. } if field == "name" => "user_name is not valid".to_owned(),
        Problem::Invalid { field, .. } => format!("{field} is not valid"),
        problem => problem.code().to_owned(),
    }
}

#[cfg(test)]
mod tests;
