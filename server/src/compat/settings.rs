//! Which facades are served, and how.

use crate::gate::origin::Origins;
use chat::Callback;
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// An old chat protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Facade {
    /// Rooms of another site, with a wall and a video (seed 000).
    Webim,
    /// E-mail codes, a lobby, private chat, files (seed 001).
    Tyut,
    /// Chat for the users of another system (seed 002).
    Simple,
    /// Two people and their history (seed 003).
    Gindemo,
    /// Six rooms (seed 004).
    Ginchat,
}

impl Facade {
    /// In addresses, in settings, and as the door of its sessions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Webim => "webim",
            Self::Tyut => "tyut",
            Self::Simple => "simple",
            Self::Gindemo => "gindemo",
            Self::Ginchat => "ginchat",
        }
    }
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Old protocols")]
pub struct Compat {
    /// Old chat protocols to serve at /compat/NAME, so that their clients need another base URL and
    /// nothing else.
    #[arg(long, env = "SALON_COMPAT", value_enum, value_delimiter = ',', value_name = "NAME")]
    pub compat: Vec<Facade>,
    /// The same at the root of a port of its own, such as webim=127.0.0.1:8081; may be repeated.
    #[arg(
        long,
        env = "SALON_COMPAT_LISTEN",
        value_delimiter = ',',
        value_name = "NAME=ADDR",
        value_parser = parse_listen
    )]
    pub compat_listen: Vec<(Facade, SocketAddr)>,
    /// Another site whose pages may use them, such as https://shop.example.org; may be repeated.
    #[arg(long, env = "SALON_COMPAT_ORIGIN", value_delimiter = ',', value_name = "URL")]
    pub compat_origin: Vec<String>,
    /// A protocol whose sockets need no login, as in its old days: gindemo, and there only for
    /// accounts that were made through it.
    #[arg(
        long,
        env = "SALON_COMPAT_LEGACY_SOCKETS",
        value_delimiter = ',',
        value_name = "NAME",
        value_parser = parse_legacy
    )]
    pub compat_legacy_sockets: Vec<Facade>,
    /// How long a token of the old protocol simple is good, in seconds; 0 until its bearer signs out.
    #[arg(long, env = "SALON_SIMPLE_LOGIN_EXPIRE", default_value_t = 86_400, value_name = "SECONDS")]
    pub simple_login_expire: u32,
    /// An old protocol in which whoever asks gets a token for anybody, without a key. Only for a
    /// network where nobody else is.
    #[arg(long, env = "SALON_COMPAT_OPEN", value_enum, value_delimiter = ',', value_name = "NAME")]
    pub compat_open: Vec<Opened>,
    /// How many rooms webim has; 4 by default.
    #[arg(long, env = "SALON_WEBIM_ROOMS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub webim_rooms: Option<u32>,
    /// Where webim asks the other site whether somebody may log in, such as
    /// https://shop.example.org/c/user/login; without it, accounts of this site log in.
    #[arg(long, env = "SALON_WEBIM_CALLBACK", value_name = "URL", hide_env_values = true)]
    pub webim_callback: Option<String>,
    /// A file with the key that signs these questions and their answers, at least 16 bytes.
    #[arg(long, env = "SALON_WEBIM_CALLBACK_KEY", value_name = "FILE", requires = "webim_callback")]
    pub webim_callback_key: Option<PathBuf>,
    /// Ask also where nobody can tell who answers: without https and without a key.
    #[arg(long, env = "SALON_WEBIM_CALLBACK_INSECURE", requires = "webim_callback")]
    pub webim_callback_insecure: bool,
}

/// An old protocol that can do without its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Opened {
    Simple,
}

impl Compat {
    /// Those on the main listener, each once.
    pub fn beside(&self) -> Vec<Facade> {
        let mut beside = Vec::new();
        for facade in &self.compat {
            if !beside.contains(facade) {
                beside.push(*facade);
            }
        }
        beside
    }

    /// All of them, each once.
    pub fn all(&self) -> Vec<Facade> {
        let mut all = self.beside();
        for (facade, _) in &self.compat_listen {
            if !all.contains(facade) {
                all.push(*facade);
            }
        }
        all
    }

    pub fn knows_origin(&self, origin: &str) -> bool {
        Origins::parse(&self.compat_origin).is_ok_and(|origins| origins.knows(origin))
    }

    /// # Errors
    /// A sentence for the operator.
    pub fn check(&self) -> Result<(), String> {
        let fault = |fault: String| fault.replace("--origin", "--compat-origin");
        Origins::parse(&self.compat_origin).map(drop).map_err(fault)?;
        self.callback().map(drop)
    }

    /// How webim's logins are checked elsewhere, if they are.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn callback(&self) -> Result<Option<Callback>, String> {
        let Some(url) = &self.webim_callback else { return Ok(None) };
        let read = |file: &PathBuf| std::fs::read(file).map_err(|cause| format!("{}: {cause}", file.display()));
        let key = self.webim_callback_key.as_ref().map(read).transpose()?;
        let key = key.as_deref().map(<[u8]>::trim_ascii);
        Callback::new(url, key, self.webim_callback_insecure).map(Some)
    }
}

fn parse_legacy(text: &str) -> Result<Facade, String> {
    match Facade::from_str(text, true)? {
        Facade::Gindemo => Ok(Facade::Gindemo),
        _ => Err("only the sockets of gindemo can do without a login".to_owned()),
    }
}

fn parse_listen(text: &str) -> Result<(Facade, SocketAddr), String> {
    let (name, address) = text.split_once('=').ok_or("write it like webim=127.0.0.1:8081")?;
    let facade = Facade::from_str(name, true)?;
    let address = address.parse().map_err(|_| format!("“{address}” is not an address and a port"))?;
    Ok((facade, address))
}
