//! What a message says, for clients that show plain text.

use domain::message::Message;
use domain::span::Span;

/// The words of a message with its line breaks, without marks; of one without words, what its
/// files are called. Empty for one that was taken back.
pub fn text(message: &Message) -> String {
    let mut text = String::new();
    write(&message.spans, &mut text);
    if text.is_empty() {
        text = message.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join("\n");
    }
    text
}

fn write(spans: &[Span], text: &mut String) {
    for span in spans {
        match span {
            Span::Break => text.push('\n'),
            Span::Strong(inner) | Span::Emphasis(inner) => write(inner, text),
            Span::Text(_)
            | Span::Link { .. }
            | Span::Mention { .. }
            | Span::Everyone
            | Span::Forwarded { .. }
            | Span::Code(_)
            | Span::Block(_)
            | Span::Recalled { .. } => text.push_str(&domain::span::plain(std::slice::from_ref(span))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::person::Person;
    use domain::{ClientId, MessageId, PersonId};

    fn message(spans: Vec<Span>) -> Message {
        let author = Person::named(PersonId(1), "ana", "Ana");
        let client_id = ClientId::parse("a").expect("an id");
        let (files, reactions) = (vec![], vec![]);
        Message {
            id: MessageId(1),
            seq: 1,
            client_id,
            author,
            spans,
            files,
            at: 0,
            edited: None,
            reply: None,
            reactions,
        }
    }

    #[test]
    fn lines_stay_and_marks_go() {
        let word = |word: &str| Span::Text(word.into());
        let said = message(vec![word("one"), Span::Break, Span::Strong(vec![word("two"), Span::Break, word("three")])]);
        assert_eq!(text(&said), "one\ntwo\nthree");
        assert_eq!(text(&message(vec![Span::Recalled { name: "Ana".into() }])), "");
    }
}
