//! Every setting, with what it is called, what follows from it and what it is now: the list that is
//! searched on `/admin/settings`. Names and consequences are those of the fields themselves.

mod room;
mod server;
mod site;

pub use room::{RoomValues, of_room};
pub use server::of_server;
pub use site::of_site;

use crate::calls::settings::{Part, Setting};
use crate::text::{Lang, Text, text};

/// Words in the language that is asked for.
type Words = Box<dyn Fn(&'static Text) -> String>;

/// A setting before it is known who reads it.
pub struct Draft {
    part: Part,
    name: Words,
    hint: Words,
    value: Option<Words>,
    is_usual: Option<bool>,
    href: Option<String>,
    /// What else it is found by.
    also: String,
}

impl Draft {
    fn new(part: Part, name: impl Fn(&'static Text) -> &'static str + 'static) -> Self {
        Self {
            part,
            name: Box::new(move |t| name(t).to_owned()),
            hint: Box::new(|_| String::new()),
            value: None,
            is_usual: None,
            href: None,
            also: String::new(),
        }
    }

    fn hint(self, hint: impl Fn(&'static Text) -> &'static str + 'static) -> Self {
        Self { hint: Box::new(move |t| hint(t).to_owned()), ..self }
    }

    fn at(self, href: String) -> Self {
        Self { href: Some(href), ..self }
    }

    fn is(self, value: impl Fn(&'static Text) -> String + 'static) -> Self {
        Self { value: Some(Box::new(value)), ..self }
    }

    fn usual(self, is_usual: bool) -> Self {
        Self { is_usual: Some(is_usual), ..self }
    }

    /// In either language, whichever the reader's is.
    pub fn is_found(&self, typed: &str) -> bool {
        let words = Lang::ALL.map(|lang| format!("{} {}", (self.name)(text(lang)), (self.hint)(text(lang))));
        chat::finds(&format!("{} {}", words.join(" "), self.also), typed)
    }

    pub fn in_words(&self, t: &'static Text) -> Setting {
        Setting {
            part: self.part,
            name: (self.name)(t),
            hint: (self.hint)(t),
            value: self.value.as_ref().map(|value| value(t)),
            is_usual: self.is_usual,
            href: self.href.clone(),
        }
    }
}

fn on_or_off(t: &Text, is_on: bool) -> String {
    let s = t.settings();
    if is_on { s.on } else { s.off }.to_owned()
}

/// A list of words or addresses, by its length.
fn how_many(t: &Text, lines: usize) -> String {
    if lines == 0 { t.settings().none.to_owned() } else { lines.to_string() }
}
