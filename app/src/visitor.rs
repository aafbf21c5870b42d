//! What the visitor has chosen: language, colours, time zone.
//!
//! The server reads it from the cookies (`calls::Visitor`); the browser reads it from the
//! attributes of `<html>` that the server wrote, so that both render the same.

use crate::text::{Lang, Text, text};
use leptos::prelude::*;

/// Colours of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// What the device says.
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    pub lang: Lang,
    pub theme: Theme,
    /// Minutes east of UTC.
    pub tz: i32,
    /// Has little data to spare; the page itself asks the browser.
    pub saves_data: bool,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in forms and in the cookie.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Anything unknown is `System`.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or_default()
    }

    /// For `<html data-theme>`; none lets `prefers-color-scheme` decide.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then_some(self.as_str())
    }
}

/// The choices, from the context; the defaults where there is none.
pub fn prefs() -> Prefs {
    use_context::<Prefs>().unwrap_or_default()
}

/// All texts in the visitor's language.
pub fn words() -> &'static Text {
    text(prefs().lang)
}

/// Hands the choices to everything below.
pub fn provide_prefs() {
    provide_context(current());
}

/// On the server: as the request says.
#[cfg(feature = "ssr")]
pub(crate) fn current() -> Prefs {
    use_context::<crate::calls::Visitor>()
        .map(|visitor| Prefs {
            lang: visitor.lang,
            theme: visitor.theme,
            tz: visitor.tz,
            saves_data: visitor.saves_data,
        })
        .unwrap_or_default()
}

/// In the browser: as the server wrote it down.
#[cfg(not(feature = "ssr"))]
pub(crate) fn current() -> Prefs {
    let of = crate::browser::root_attribute;
    Prefs {
        lang: of("lang").and_then(|tag| Lang::parse(&tag)).unwrap_or_default(),
        theme: of("data-theme").map(|word| Theme::parse(&word)).unwrap_or_default(),
        tz: of("data-tz").and_then(|minutes| minutes.parse().ok()).unwrap_or_default(),
        saves_data: false,
    }
}

/// The id of whoever is signed in, for the page's scripts.
pub(crate) fn signed_in() -> Option<String> {
    #[cfg(feature = "ssr")]
    return use_context::<crate::calls::Visitor>()?.who.map(|who| who.person.id.to_string());
    #[cfg(not(feature = "ssr"))]
    None
}

/// What the script of a page inside another site's is told.
pub(crate) fn embed() -> Option<String> {
    #[cfg(feature = "ssr")]
    return use_context::<crate::calls::Visitor>()?.embed.map(|told| told.to_string());
    #[cfg(not(feature = "ssr"))]
    None
}
