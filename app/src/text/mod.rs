//! Every sentence of the product, in Chinese and in English.
//!
//! Each subject has a file; in it every key stands beside both its texts, so that a text
//! missing in one language does not compile. Sentences with numbers or names are functions
//! beside the table. Write: 你, no exclamation marks, full-width punctuation and a space
//! between Han and Latin in Chinese; sentence case in English.

mod confirm;
mod problem;
mod when;

/// Declares a table: `key: "中文", "English";` for every key. `only CONDITION;` before it leaves the
/// texts out of the browser's programs that have no page with them; those that follow `[hosts]` are
/// only in programs with hosts' tools.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($rest:tt)* }) => {
        words! { only true; $(#[$doc])* $name { $($rest)* } }
    };
    (only $here:expr; $(#[$doc:meta])* $name:ident {
        $($(#[$note:meta])* $key:ident: $zh:literal, $en:literal;)*
        $([hosts] $($hosts:ident: $hosts_zh:literal, $hosts_en:literal;)*)?
    }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $($(#[$note])* pub $key: &'static str,)*
            $($(pub $hosts: &'static str,)*)?
        }

        pub(super) static ZH: $name = $name {
            $($key: if $here { $zh } else { "" },)*
            $($($hosts: if cfg!(any(feature = "member", feature = "site")) { $hosts_zh } else { "" },)*)?
        };
        pub(super) static EN: $name = $name {
            $($key: if $here { $en } else { "" },)*
            $($($hosts: if cfg!(any(feature = "member", feature = "site")) { $hosts_en } else { "" },)*)?
        };

        #[cfg(test)]
        pub(super) const PAIRS: &[(&str, &str, &str)] = &[
            $((stringify!($key), $zh, $en),)*
            $($((stringify!($hosts), $hosts_zh, $hosts_en),)*)?
        ];
    };
}

pub mod admin;
pub mod audit;
mod audit_detail;
pub mod auth;
pub mod common;
pub mod contact;
pub mod embed;
pub mod identity;
pub mod kiosk;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod me;
pub mod message;
pub mod moderation;
pub mod people;
pub mod private;
pub mod push;
pub mod room;
pub mod rooms;
pub mod search;
pub mod settings;
pub mod shelf;
pub mod stage;
pub mod webhook;

#[cfg(test)]
mod tests;

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    Zh,
    #[default]
    En,
}

/// All texts of one language.
#[derive(Debug)]
pub struct Text {
    pub lang: Lang,
    pub common: &'static common::Words,
    pub auth: &'static auth::Words,
    pub rooms: &'static rooms::Words,
    pub room: &'static room::Words,
    pub contact: &'static contact::Words,
    pub stage: &'static stage::Words,
    pub admin: &'static admin::Words,
    pub audit: &'static audit::Words,
    pub moderation: &'static moderation::Words,
    pub me: &'static me::Words,
    pub message: &'static message::Words,
    pub search: &'static search::Words,
}

static ZH: Text = Text {
    lang: Lang::Zh,
    common: &common::ZH,
    auth: &auth::ZH,
    rooms: &rooms::ZH,
    room: &room::ZH,
    contact: &contact::ZH,
    stage: &stage::ZH,
    admin: &admin::ZH,
    audit: &audit::ZH,
    moderation: &moderation::ZH,
    me: &me::ZH,
    message: &message::ZH,
    search: &search::ZH,
};

static EN: Text = Text {
    lang: Lang::En,
    common: &common::EN,
    auth: &auth::EN,
    rooms: &rooms::EN,
    room: &room::EN,
    contact: &contact::EN,
    stage: &stage::EN,
    admin: &admin::EN,
    audit: &audit::EN,
    moderation: &moderation::EN,
    me: &me::EN,
    message: &message::EN,
    search: &search::EN,
};

/// The texts of a language.
pub fn text(lang: Lang) -> &'static Text {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The word in cookies and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The tag for `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    /// Reads `zh`, `zh-CN`, `en`, `en-GB` … in any case.
    pub fn parse(word: &str) -> Option<Self> {
        let primary = word.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|lang| lang.as_str().eq_ignore_ascii_case(primary))
    }

    /// The reader's best of our languages by an `Accept-Language` header; English if none.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (0, Self::En);
        for part in header.split(',').take(32) {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(Self::parse) else { continue };
            let weight = weight(pieces.next());
            // Equal weights: the one named first.
            if weight > best.0 {
                best = (weight, lang);
            }
        }
        best.1
    }
}

/// `q=0.8` in thousandths; 1000 when it is absent, 0 when it cannot be read.
fn weight(quality: Option<&str>) -> i32 {
    let Some(quality) = quality else { return 1_000 };
    let value = quality.trim().trim_start_matches("q=").parse::<f32>().unwrap_or(0.0);
    (value.clamp(0.0, 1.0) * 1_000.0) as i32
}

/// Words for the two places where Leptos writes text into the HTML as it is, `<title>` and
/// the inside of a `<textarea>`: there, `</title><script>` in a room's name would be markup.
/// The browser's half sets text, which needs no care.
pub fn raw(words: &str) -> String {
    if cfg!(feature = "ssr") { words.replace('&', "&amp;").replace('<', "&lt;") } else { words.to_owned() }
}

impl Text {
    /// Picks by language, for sentences with something in them.
    pub fn pick<T>(&self, zh: T, en: T) -> T {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// `1 picture`, `3 pictures`: English only needs two forms, Chinese none.
    pub fn plural<'a>(&self, n: i64, one: &'a str, many: &'a str) -> &'a str {
        if n == 1 { one } else { many }
    }

    /// Title of a browser tab, for `<Title>`, which does not escape.
    pub fn title(&self, page: &str) -> String {
        raw(&format!("{page} · Salon"))
    }

    /// A number on a badge: `99+` at most.
    pub fn badge(&self, n: u32) -> String {
        if n > 99 { "99+".to_owned() } else { n.to_string() }
    }
}
