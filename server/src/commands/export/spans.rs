//! Formatted text as HTML. Words are escaped; what is not one of our spans does not exist.

use crate::html::{escape, name};
use domain::span::Span;

/// What a link may begin with: checked here once more, because this page has no server.
const LINKS: [&str; 3] = ["http://", "https://", "mailto:"];

pub fn spans(list: &[Span]) -> String {
    list.iter().map(span).collect()
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) => escape(text),
        Span::Break => "<br>".to_owned(),
        Span::Link { href, text } => link(href, text),
        Span::Mention { name: who, .. } => format!("<b class=\"mention\">{}</b>", name(&format!("@{who}"))),
        Span::Code(text) => format!("<code>{}</code>", escape(text)),
        // A line end right after the tag would be dropped.
        Span::Block(text) => format!("<pre tabindex=\"0\"><code>{}</code></pre>", escape(text)),
        Span::Strong(inner) => format!("<strong>{}</strong>", spans(inner)),
        Span::Emphasis(inner) => format!("<em>{}</em>", spans(inner)),
        Span::Everyone => "<b class=\"mention\">@all</b>".to_owned(),
        Span::Forwarded { name: who, room } => {
            let room = room.as_ref().map(|room| format!(" · {}", name(room))).unwrap_or_default();
            format!("<i>Forwarded from {}{room}</i><br>", name(who))
        }
        Span::Recalled { name: who } => format!("<i>{} recalled a message</i>", name(who)),
    }
}

fn link(href: &str, text: &str) -> String {
    let is_link = LINKS.iter().any(|start| href.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start)));
    if !is_link {
        return escape(text);
    }
    format!("<a href=\"{}\" rel=\"noopener noreferrer nofollow\">{}</a>", escape(href), escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::PersonId;

    #[test]
    fn every_kind_is_drawn_and_nobodys_words_are_markup() {
        let evil = || "<script>alert(\"1\")</script>'&".to_owned();
        let all = [
            Span::Text(evil()),
            Span::Break,
            Span::Link { href: "https://a.example/?a=1&b=\"><script>".into(), text: evil() },
            Span::Mention { person: PersonId(1), name: evil() },
            Span::Code(evil()),
            Span::Block(evil()),
            Span::Strong(vec![Span::Emphasis(vec![Span::Text(evil())])]),
        ];
        let html = spans(&all);
        assert!(!html.contains("<script") && html.contains("&amp;b=&quot;&gt;&lt;script&gt;\" rel="), "{html}");
        assert_eq!(html.matches("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;").count(), 6, "{html}");
        for tag in ["<br>", "<a href=\"https://", "<bdi>@", "<code>", "<pre", "<strong><em>"] {
            assert!(html.contains(tag), "{tag}");
        }
    }

    #[test]
    fn other_schemes_are_no_links() {
        for odd in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " https://a", "//a", ""] {
            assert_eq!(link(odd, "x"), "x", "{odd:?}");
        }
        assert!(link("mailto:a@b.example", "x").starts_with("<a "));
    }
}
