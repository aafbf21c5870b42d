//! Formatting, and what must never come of it.

use super::*;
use domain::PersonId;
use domain::person::Person;
use proptest::prelude::*;

fn person(id: i64, name: &str) -> Person {
    Person::named(PersonId(id), name, name)
}

fn town() -> People {
    let people = [person(1, "Ana"), person(2, "小明"), person(3, "小明明"), person(4, "li.wei")];
    people.into_iter().map(|p| (crate::names::name_key(&p.name), p)).collect()
}

fn spans(text: &str) -> Vec<Span> {
    parse(text, &town())
}

fn text(text: &str) -> Span {
    Span::Text(text.into())
}

fn link(href: &str, text: &str) -> Span {
    Span::Link { href: href.into(), text: text.into() }
}

fn mention(id: i64, name: &str) -> Span {
    Span::Mention { person: PersonId(id), name: name.into() }
}

#[test]
fn emphasis_strong_and_code() {
    assert_eq!(
        spans("a *b* **c _d_** `e *f*`"),
        [
            text("a "),
            Span::Emphasis(vec![text("b")]),
            text(" "),
            Span::Strong(vec![text("c "), Span::Emphasis(vec![text("d")])]),
            text(" "),
            Span::Code("e *f*".into()),
        ]
    );
    assert_eq!(spans(r"2 \* 3 \\ C:\dir"), [text(r"2 * 3 \ C:\dir")]);
}

#[test]
fn a_fenced_block_stands_alone() {
    assert_eq!(
        spans("see\n```rust\nlet a = 1;\n\nb\n```\nok"),
        [text("see"), Span::Block("let a = 1;\n\nb".into()), text("ok")]
    );
    assert_eq!(spans("```two words\nx\n```"), [Span::Block("two words\nx".into())]);
    assert_eq!(spans("```"), [text("```")]);
}

#[test]
fn links_lead_only_to_the_web_and_to_mail() {
    assert_eq!(
        spans("[here](HTTPS://a.example/b) or http://b.example/c_d_e_, mail ana@c.example."),
        [
            link("https://a.example/b", "here"),
            text(" or "),
            link("http://b.example/c_d_e_", "http://b.example/c_d_e_"),
            text(", mail "),
            link("mailto:ana@c.example", "ana@c.example"),
            text("."),
        ]
    );
    assert_eq!(spans("![a cat](http://a.example/cat.png)"), [link("http://a.example/cat.png", "a cat")]);
    assert_eq!(spans("<http://a.example>"), [link("http://a.example", "http://a.example")]);
    for wrong in [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,hi)",
        "[x](vbscript:x)",
        "[x](//a.example)",
        "[x](/sign-out)",
        "<javascript:alert(1)>",
        "ftp://a.example/b",
        "![x](file:///etc/passwd)",
    ] {
        assert_eq!(spans(wrong), [text(wrong)], "{wrong}");
    }
}

#[test]
fn everything_else_stays_as_typed() {
    for typed in [
        "# not a heading",
        "- a\n- b\n  1. c",
        "> quoted\n> more",
        "<b onclick=x>hi</b>",
        "<script>alert(1)</script>",
        "a | b\n--- | ---\n1 | 2",
        "a &amp; b &lt; c &#65;",
        "    indented code",
        "title\n=====",
        "---",
        "[a]\n\n[a]: http://",
        "~~no~~ $x$ [^1] [ ] x",
    ] {
        assert_eq!(spans(typed), plain(typed), "{typed}");
    }
    assert_eq!(spans("a\n\nb"), [text("a"), Span::Break, Span::Break, text("b")]);
}

#[test]
fn mentions() {
    assert_eq!(spans("@ana, hi"), [mention(1, "Ana"), text(", hi")]);
    assert_eq!(spans("@anabel @an @"), [text("@anabel @an @")]);
    assert_eq!(spans("你好@小明你好"), [text("你好"), mention(2, "小明"), text("你好")]);
    assert_eq!(spans("@小明明"), [mention(3, "小明明")]);
    assert_eq!(spans("@li.wei."), [mention(4, "li.wei"), text(".")]);
    assert_eq!(spans("**@ana**"), [Span::Strong(vec![mention(1, "Ana")])]);
    assert_eq!(spans("`@ana` x@ana"), [Span::Code("@ana".into()), text(" x@ana")]);
    assert!(candidates("hi @ana").contains(&crate::names::name_key("Ana")));
    assert!(candidates("a@b.example").is_empty());
}

#[test]
fn no_depth_and_no_number_of_marks_makes_a_message_that_cannot_be_read() {
    let deep: String = (0..900).map(|i| if i % 2 == 0 { "*a " } else { "**b " }).collect();
    let closed = format!("{}x{}", "*a **b ".repeat(200), "** *".repeat(200));
    let many = "*a* ".repeat(1_000);
    let lines = "a\n".repeat(1_999);
    for typed in [deep, closed, many, lines, "[".repeat(4_000), "`".repeat(4_000), "<".repeat(4_000)] {
        let json = serde_json::to_string(&spans(&typed)).unwrap();
        assert!(json.len() < domain::live::MAX_FRAME - 2_000, "{} bytes for {:.20}", json.len(), typed);
        assert!(serde_json::from_str::<Vec<Span>>(&json).is_ok());
    }
}

fn hrefs(spans: &[Span], out: &mut Vec<String>) {
    for span in spans {
        match span {
            Span::Link { href, .. } => out.push(href.clone()),
            Span::Strong(inner) | Span::Emphasis(inner) => hrefs(inner, out),
            _ => {}
        }
    }
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Pieces that meet each other in unforeseen ways.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z0-9]{1,4}",
        "\\PC{1,3}",
        prop::sample::select(vec![
            "*",
            "**",
            "_",
            "__",
            "`",
            "``",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "# ",
            "- ",
            "> ",
            "1. ",
            "[",
            "]",
            "(",
            ")",
            "](",
            "!",
            "<",
            ">",
            "</",
            "\\",
            "&amp;",
            "&#65;",
            "@Ana",
            "@小明",
            "http://a.example/",
            "javascript:",
            "mailto:",
            "a@b.example",
            "\n```\n",
            "\n~~~\n",
            "---",
            "|",
            "<b>",
            "<!--",
            "[x]: ",
            "\"",
            "'",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_typed_is_lost_and_nothing_bad_is_linked(typed in typed()) {
        let Ok(typed) = domain::message::parse_text(&typed) else { return Ok(()) };
        let spans = spans(&typed);
        let mut links = Vec::new();
        hrefs(&spans, &mut links);
        for href in &links {
            let is_good = ["http://", "https://", "mailto:"].iter().any(|good| href.starts_with(good));
            prop_assert!(is_good && !href.contains(char::is_whitespace), "{}", href);
        }
        let kept = letters(&span::plain(&spans));
        if links.is_empty() && !typed.contains("```") && !typed.contains("~~~") {
            prop_assert_eq!(kept, letters(&typed), "{:?}", spans);
        } else {
            // The address of a link shows in what it does; a language is not shown.
            prop_assert!(kept.len() <= letters(&typed).len() * 2);
        }
    }

    #[test]
    fn anything_at_all_is_read(typed in "(?s).{0,300}") {
        parse(&typed, &town());
    }
}
