//! Formatted text drawn from data. Nobody's words become HTML by themselves.

use crate::visitor::words;
use domain::PersonId;
use domain::span::Span;
use leptos::prelude::*;

/// Draws spans; mentions of `me` stand out.
pub fn spans(list: &[Span], me: Option<PersonId>) -> AnyView {
    list.iter().map(|span| draw(span, me)).collect_view().into_any()
}

fn draw(span: &Span, me: Option<PersonId>) -> AnyView {
    match span {
        Span::Text(text) => text.clone().into_any(),
        Span::Break => view! { <br /> }.into_any(),
        Span::Link { href, text } => link(href.clone(), text.clone()),
        Span::Mention { person, name } => {
            let class = if me == Some(*person) { "mention mention-me" } else { "mention" };
            let name = format!("@{name}");
            view! { <bdi class=class>{name}</bdi> }.into_any()
        }
        Span::Code(text) => view! { <code>{text.clone()}</code> }.into_any(),
        Span::Block(text) => view! { <pre tabindex="0"><code>{text.clone()}</code></pre> }.into_any(),
        Span::Strong(inner) => view! { <strong>{spans(inner, me)}</strong> }.into_any(),
        Span::Emphasis(inner) => view! { <em>{spans(inner, me)}</em> }.into_any(),
        Span::Everyone => {
            let name = format!("@{}", words().room.everyone);
            view! { <bdi class="mention mention-me">{name}</bdi> }.into_any()
        }
        Span::Forwarded { name, room } => {
            let from = words().forwarded(name, room.as_deref());
            view! { <span class="said-origin">{from}</span> }.into_any()
        }
        Span::Recalled { name } => words().recalled(name).into_any(),
    }
}

/// The server decided which schemes are links; the other page learns nothing about ours.
fn link(href: String, text: String) -> AnyView {
    view! { <a href=href rel="noopener noreferrer nofollow" target="_blank">{text}</a> }.into_any()
}
