//! The span parser: words stay, links lead only to the web and to mail, and a message stays
//! small and flat enough to be read.

use crate::names::name_key;
use crate::sources::spans::{People, candidates, parse};
use domain::live::MAX_FRAME;
use domain::person::Person;
use domain::span::{Span, plain};
use domain::{PersonId, message};
use std::sync::LazyLock;
use url::Url;

const MAX_DEPTH: usize = 4;
const MAX_SPANS: usize = 1_000;
/// What the rest of a message and its event takes of a frame, at most.
const ENVELOPE: usize = 5_000;

static TOWN: LazyLock<People> = LazyLock::new(|| {
    let names = ["Ana", "小明", "小明明", "li.wei"];
    let person =
        |(id, name): (usize, &&str)| Person::named(PersonId(id as i64), *name, *name);
    names.iter().enumerate().map(person).map(|person| (name_key(&person.name), person)).collect()
});

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // Only what has passed gets there.
    let Ok(typed) = message::parse_text(text) else { return };
    // As `chat::messages` does: only those are looked up whom the text may mean.
    let wanted = candidates(&typed);
    let people = TOWN.iter().filter(|(key, _)| wanted.contains(key)).map(|(key, person)| (key.clone(), person.clone()));
    let spans = parse(&typed, &people.collect());
    is_small(&spans);
    each(&spans, &mut is_harmless);
    words_stay(&typed, &spans);
}

fn is_small(spans: &[Span]) {
    assert!(depth(spans) <= MAX_DEPTH);
    let mut count = 0;
    each(spans, &mut |_| count += 1);
    let unformatted = spans.iter().all(|span| matches!(span, Span::Text(_) | Span::Break));
    assert!(count <= MAX_SPANS || unformatted, "{count} spans");
    let written = serde_json::to_string(spans).unwrap();
    assert!(written.len() < MAX_FRAME - ENVELOPE, "{} bytes", written.len());
    assert_eq!(serde_json::from_str::<Vec<Span>>(&written).unwrap(), spans);
}

fn is_harmless(span: &Span) {
    match span {
        Span::Text(text) => assert!(!text.is_empty() && !text.contains('\n'), "{text:?}"),
        Span::Link { href, text } => {
            let scheme = href.split(':').next().unwrap_or_default();
            assert!(matches!(scheme, "http" | "https" | "mailto"), "{href:?}");
            assert!(!href.contains(|c: char| c.is_whitespace() || c.is_control()), "{href:?}");
            assert!(!text.trim().is_empty(), "{href:?}");
            if let Ok(url) = Url::parse(href) {
                assert_eq!(url.scheme(), scheme, "a browser reads it otherwise");
                assert!(scheme == "mailto" || url.has_host(), "{href:?}");
            }
        }
        Span::Mention { person, name } => {
            let known = TOWN.get(&name_key(name)).expect("somebody who is there");
            assert_eq!((known.id, &known.name), (*person, name));
        }
        Span::Recalled { .. } => panic!("nobody took anything back"),
        Span::Everyone | Span::Forwarded { .. } => panic!("nobody may, and nobody did"),
        Span::Break | Span::Code(_) | Span::Block(_) | Span::Strong(_) | Span::Emphasis(_) => {}
    }
}

/// Letters and digits, in their order. What a Markdown link leads to and the language of a
/// block are not shown; where there may be such, no more than both can be there.
fn words_stay(typed: &str, spans: &[Span]) {
    let (before, after) = (letters(typed), letters(&plain(spans)));
    if ["](", "```", "~~~"].iter().any(|hides| typed.contains(hides)) {
        assert!(after.len() <= before.len() * 2);
    } else {
        assert_eq!(before, after, "{typed:?} became {spans:?}");
    }
}

fn letters(text: &str) -> String {
    text.chars()
        .map(|c| name_key(c.encode_utf8(&mut [0; 4])))
        .collect::<String>()
        .replace(|c: char| !c.is_alphanumeric(), "")
}

fn each(spans: &[Span], visit: &mut impl FnMut(&Span)) {
    for span in spans {
        visit(span);
        if let Span::Strong(inner) | Span::Emphasis(inner) = span {
            each(inner, visit);
        }
    }
}

fn depth(spans: &[Span]) -> usize {
    let of = |span: &Span| match span {
        Span::Strong(inner) | Span::Emphasis(inner) => 1 + depth(inner),
        _ => 0,
    };
    spans.iter().map(of).max().unwrap_or(0)
}
