//! Messages as HTML, written once for all who read them in the same language and time zone:
//! a page shows forty, and most of them are those that the page before has shown.

use super::message::row;
use crate::live::Live;
use crate::live::lines::Line;
use crate::text::Lang;
use crate::visitor::prefs;
use domain::PersonId;
use domain::message::Message;
use domain::span::Span;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Most messages that are kept before all are forgotten: some megabytes.
const MOST: usize = 4_096;
/// Longer ones are written anew each time, bytes of HTML.
const LONG: usize = 2_048;

/// Everything that a message's line is drawn from.
#[derive(Clone, PartialEq, Eq)]
struct Said {
    message: Arc<Message>,
    first: bool,
    mine: bool,
    lang: Lang,
    tz: i32,
    /// The reader, if somebody is mentioned.
    me: Option<PersonId>,
    /// Whether its reader is offered what members and hosts do.
    tools: (bool, bool),
    /// The room's address, in links.
    slug: String,
}

impl Hash for Said {
    /// Enough to tell most apart.
    fn hash<H: Hasher>(&self, to: &mut H) {
        (self.message.id, self.message.at, self.first, self.mine, self.lang, self.tz, self.me).hash(to);
    }
}

type Kept = Mutex<HashMap<Said, Arc<str>>>;

static KEPT: LazyLock<Kept> = LazyLock::new(Kept::default);

/// A line as it stands; on the server none changes.
pub fn written(line: ArcRwSignal<Line>, live: Live) -> AnyView {
    let Some(said) = line.with_untracked(|line| said(line, live)) else { return row(line, live).into_any() };
    let known = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&said).cloned();
    let html = known.unwrap_or_else(|| keep(said, row(line, live).into_any().to_html().into()));
    InertElement::new(html.to_string()).into_any()
}

fn keep(said: Said, html: Arc<str>) -> Arc<str> {
    if html.len() > LONG {
        return html;
    }
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST {
        kept.clear();
    }
    kept.insert(said, html.clone());
    html
}

fn said(line: &Line, live: Live) -> Option<Said> {
    let Line::Said { message, first, mine } = line else { return None };
    let me = live.me().map(|me| me.id);
    let tools = (me.is_some(), live.hosts);
    let me = me.filter(|_| mentions_anybody(&message.spans));
    let slug = live.room.with_untracked(|room| room.slug.clone());
    let message = message.clone();
    Some(Said { message, first: *first, mine: *mine, lang: prefs().lang, tz: live.tz, me, tools, slug })
}

fn mentions_anybody(spans: &[Span]) -> bool {
    spans.iter().any(|span| match span {
        Span::Mention { .. } => true,
        Span::Strong(inner) | Span::Emphasis(inner) => mentions_anybody(inner),
        Span::Text(_)
        | Span::Break
        | Span::Link { .. }
        | Span::Code(_)
        | Span::Block(_)
        | Span::Everyone
        | Span::Forwarded { .. }
        | Span::Recalled { .. } => false,
    })
}
