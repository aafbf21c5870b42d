//! What becomes of messages after they were said: changed, taken back, reacted to, hidden.

use super::board::{Board, Effects};
use domain::message::{Message, Quote};
use domain::span::{Span, recalled};
use domain::{MessageId, PersonId, reaction};
use std::sync::Arc;

impl Board {
    pub(super) fn recalled(&mut self, messages: &[MessageId], name: &str) -> Effects {
        for id in messages {
            self.put(*id, vec![Span::Recalled { name: name.to_owned() }], None);
        }
        talk()
    }

    pub(super) fn edited(&mut self, id: MessageId, spans: Vec<Span>, at: i64) -> Effects {
        self.put(id, spans, Some(at));
        talk()
    }

    /// Puts other words in the place of a message, and wherever it is quoted.
    fn put(&mut self, id: MessageId, spans: Vec<Span>, edited: Option<i64>) {
        for message in &mut self.messages {
            if let Some(quote) = message.reply.as_ref().filter(|quote| quote.id == id) {
                let quote = Quote { line: Quote::line_of(&spans), ..Quote::clone(quote) };
                Arc::make_mut(message).reply = Some(Box::new(quote));
            }
            if message.id == id {
                let message: &mut Message = Arc::make_mut(message);
                message.edited = edited;
                message.spans = spans.clone();
                if recalled(&message.spans).is_some() {
                    message.reactions.clear();
                }
            }
        }
    }

    /// `who` reacts like that now, or does not any more.
    pub(super) fn reacted(&mut self, id: MessageId, who: (PersonId, bool), emoji: &str, count: u32) -> Effects {
        let mine = self.me.as_ref().filter(|me| me.id == who.0).map(|_| who.1);
        let there = self.messages.iter_mut().find(|m| m.id == id && recalled(&m.spans).is_none());
        if let Some(message) = there {
            reaction::count(&mut Arc::make_mut(message).reactions, emoji, count, mine);
        }
        talk()
    }

    /// Without a message that shall be seen again, the room is fetched anew.
    pub(super) fn hid(&mut self, messages: Vec<MessageId>, on: bool) -> Effects {
        self.hidden.retain(|id| !messages.contains(id));
        let missing = |id: &MessageId| !self.messages.iter().any(|message| message.id == *id);
        let reload = !on && messages.iter().any(missing);
        if on {
            self.hidden.extend(messages);
        }
        Effects { reload, ..talk() }
    }
}

fn talk() -> Effects {
    Effects { talk: true, ..Effects::default() }
}
