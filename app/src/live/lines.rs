//! The conversation as lines: which messages are grouped, where a day begins, where the
//! new-messages line stands.

use super::board::Board;
use super::pending::Pending;
use domain::message::Message;
use domain::time::day_of;
use domain::{ClientId, PersonId};
use std::sync::Arc;

/// Messages by one author within this time stand together under one name.
const GROUP_MS: i64 = 5 * 60_000;

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A day begins; any moment of it.
    Day {
        at: i64,
    },
    /// What follows is new to the reader.
    New,
    Said {
        message: Arc<Message>,
        first: bool,
        mine: bool,
    },
    /// An own message on its way.
    Pending {
        pending: Pending,
        first: bool,
    },
}

/// The same for a message before and after it is confirmed, so that its line stays.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The day that begins with this message.
    Day(PersonId, ClientId),
    New,
    Message(PersonId, ClientId),
}

/// All lines in order, the oldest first. `tz` in minutes east of UTC.
pub fn lines(board: &Board, tz: i32) -> Vec<(Key, Line)> {
    let mut out = Vec::with_capacity(board.messages.len() + board.pending.len() + 8);
    let mut before: Option<&Message> = None;
    let unread = board.first_unread();
    for message in board.messages.iter().filter(|message| !board.hidden.contains(&message.id)) {
        let breaks = open_line(unread, message, before, tz, &mut out);
        let first = breaks
            || message.reply.is_some()
            || !before.is_some_and(|b| is_group(b.author.id, b.at, message.author.id, message.at));
        let key = Key::Message(message.author.id, message.client_id.clone());
        let mine = board.is_mine(&message.author);
        out.push((key, Line::Said { message: Arc::clone(message), first, mine }));
        before = Some(message);
    }
    // An earlier part of the history is shown: what is being sent belongs to its end.
    if !board.cut {
        add_pending(board, before, tz, &mut out);
    }
    out
}

/// Adds the separators before a message; whether there is any.
fn open_line(
    unread: Option<i64>,
    message: &Message,
    before: Option<&Message>,
    tz: i32,
    out: &mut Vec<(Key, Line)>,
) -> bool {
    let day = day_of(message.at, tz);
    let new_day = before.is_none_or(|b| day_of(b.at, tz) != day);
    if new_day {
        out.push((Key::Day(message.author.id, message.client_id.clone()), Line::Day { at: message.at }));
    }
    let new = unread == Some(message.seq);
    if new {
        out.push((Key::New, Line::New));
    }
    new_day || new
}

fn add_pending(board: &Board, before: Option<&Message>, tz: i32, out: &mut Vec<(Key, Line)>) {
    let Some(me) = &board.me else { return };
    let mut previous = before.map(|b| (b.author.id, b.at));
    // A page of history may bring an own message before its event does.
    let is_there = |id: &ClientId| board.messages.iter().any(|m| m.client_id == *id && m.author.id == me.id);
    for pending in board.pending.iter().filter(|pending| !is_there(&pending.client_id)) {
        let new_day = previous.is_none_or(|(_, at)| day_of(at, tz) < day_of(pending.at, tz));
        if new_day {
            out.push((Key::Day(me.id, pending.client_id.clone()), Line::Day { at: pending.at }));
        }
        let first = new_day || !previous.is_some_and(|(author, at)| is_group(author, at, me.id, pending.at));
        let key = Key::Message(me.id, pending.client_id.clone());
        out.push((key, Line::Pending { pending: pending.clone(), first }));
        previous = Some((me.id, pending.at));
    }
}

fn is_group(author: PersonId, at: i64, next_author: PersonId, next_at: i64) -> bool {
    author == next_author && (next_at - at).abs() < GROUP_MS
}
