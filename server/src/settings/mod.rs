//! The command line. `salon --help` prints these comments, so they are the manual.

mod before_send;
mod copies;
mod keys;
mod told;

pub use before_send::{BeforeSend, OnFailure};
pub use copies::{Backup, Export, Language, Restore};
pub use keys::{KeyAdd, KeyCommand, KeyName, Scope};

use crate::compat::settings::Compat;
use app::calls::settings::ServerSetting;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Salon: rooms to talk in, with pictures on the wall.
///
/// Start with `salon serve` and open the address it prints. While nobody administers the
/// site, it also prints a one-time link that creates the administrator.
/// Every option can also be given as an environment variable.
#[derive(Debug, Parser)]
#[command(name = "salon", version, max_term_width = 100)]
pub struct Salon {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the doors: serve the pages until SIGTERM or Ctrl-C.
    Serve(Box<Serve>),
    /// People, from the command line.
    #[command(subcommand)]
    Person(PersonCommand),
    /// Rooms, from the command line.
    #[command(subcommand)]
    Room(RoomCommand),
    /// Keys for other sites' servers and for programs.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Bring the store to this program's version. Make a copy of it first.
    Migrate(Store),
    /// Copy everything into one file while the house is open: people, rooms, messages, walls
    /// and pictures. Sessions and invitations are left out.
    ///
    /// The file gets its name when it was read again and found whole. An existing file is never
    /// written over. It holds password hashes and private rooms: keep it safe. Exit code 1 and
    /// a line for each if pictures are missing or damaged; the rest is in the file then.
    Backup(Backup),
    /// Make a house from a backup, in an empty data folder and an empty database (which may be
    /// of another kind than the one it came from). Everybody signs in again.
    Restore(Restore),
    /// Write a room as HTML that opens from disk: what was said, and its pictures in order.
    Export(Export),
    /// Look for damage in the store and the pictures, and change nothing. May run beside the
    /// server. Exit code 1 if something is damaged.
    Doctor(Store),
    /// Fill an empty store with three rooms, eight people, 600 messages and 30 pictures.
    Demo(Store),
}

/// Where everything is kept.
#[derive(Clone, Debug, Args)]
pub struct Store {
    /// Folder of the database and the pictures; created when missing.
    #[arg(long, env = "SALON_DATA", default_value = "./data", value_name = "DIR")]
    pub data: PathBuf,
    /// `postgres://…` to keep the words there instead of in a file in the data folder.
    #[arg(long, env = "SALON_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
}

#[derive(Clone, Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub store: Store,
    /// Address and port to listen on. Put a proxy that speaks TLS in front for the open net.
    #[arg(long, env = "SALON_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Address under which browsers reach the site, such as https://talk.example.org; may be
    /// repeated. Requests for other hosts and from other origins are refused. https makes
    /// the cookies secure. Without it: the listen address, over http.
    #[arg(long = "origin", env = "SALON_ORIGIN", value_delimiter = ',', value_name = "URL")]
    pub origins: Vec<String>,
    /// Who may create an account.
    #[arg(long, env = "SALON_REGISTER", value_enum, default_value_t = Register::Open)]
    pub register: Register,
    /// Largest file that people may send with a message; at most 500 MB.
    #[arg(long, env = "SALON_FILE_LIMIT", default_value = "100MB", value_name = "SIZE", value_parser = parse_size)]
    pub file_limit: u64,
    /// How much one person's files may need together; 0 for no limit.
    #[arg(long, env = "SALON_PERSON_QUOTA", default_value = "5GB", value_name = "SIZE", value_parser = parse_size)]
    pub person_quota: u64,
    /// How much everybody's files may need together; 0 for no limit but the disk, of which 1 GB stays
    /// free in any case.
    #[arg(long, env = "SALON_SITE_QUOTA", default_value = "0", value_name = "SIZE", value_parser = parse_size)]
    pub site_quota: u64,
    /// When people prove their e-mail by a code that is sent to it.
    #[arg(long, env = "SALON_EMAIL_CODES", value_enum, default_value_t = EmailCodes::Off)]
    pub email_codes: EmailCodes,
    /// What happens when somebody signs in who is signed in elsewhere.
    #[arg(long, env = "SALON_SECOND_SIGN_IN", value_enum, default_value_t = Second::Allow)]
    pub second_sign_in: Second,
    /// Ask and replace hold for administrators too. Without it, an administrator who is connected
    /// cannot be signed out by signing in.
    #[arg(long, env = "SALON_REPLACE_ADMINS")]
    pub replace_admins: bool,
    /// The mail server: smtps://NAME:PASSWORD@HOST, or smtp://HOST:PORT?tls=required. Better in the
    /// environment: others on the machine can read the command line. Without it, mails become
    /// files in the folder `mail` of the data folder.
    #[arg(long, env = "SALON_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Whom mails are from, such as "Salon <salon@example.org>".
    #[arg(long, env = "SALON_MAIL_FROM", value_name = "ADDRESS", requires = "smtp")]
    pub mail_from: Option<String>,
    /// Folder of the built page (with `pkg/` in it). Without it: `site` beside the program,
    /// else `target/site`.
    #[arg(long, env = "SALON_SITE", value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// Have browsers drop the service worker, with which they show notices and a page without a
    /// network: for when it does harm.
    #[arg(long, env = "SALON_NO_WORKER")]
    pub no_worker: bool,
    /// Bring an older store to this program's version instead of refusing it.
    #[arg(long, env = "SALON_MIGRATE")]
    pub migrate: bool,
    /// Serve Prometheus metrics at http://ADDR/metrics. Not for the open net.
    #[arg(long, env = "SALON_METRICS", value_name = "ADDR")]
    pub metrics: Option<SocketAddr>,
    /// For conformance tests only: at ADDR, sockets that send back what comes.
    #[arg(long, hide = true, value_name = "ADDR")]
    pub echo: Option<SocketAddr>,
    /// How the log on standard error looks. RUST_LOG chooses what is in it.
    #[arg(long, env = "SALON_LOG", value_enum, default_value_t = Log::Pretty)]
    pub log: Log,
    /// Most connections at once.
    #[arg(long, env = "SALON_MAX_CONNECTIONS", default_value_t = 20_000, value_name = "N")]
    pub max_connections: usize,
    /// Most connections at once from one address. Trusted proxies are exempt.
    #[arg(long, env = "SALON_MAX_CONNECTIONS_PER_ADDRESS", default_value_t = 50, value_name = "N")]
    pub max_connections_per_address: usize,
    /// Do not limit how often people sign in, register, connect, write and upload. For tests
    /// and demonstrations on one machine, never for the open net.
    #[arg(long, env = "SALON_UNLIMITED")]
    pub unlimited: bool,
    /// Address of a proxy whose X-Forwarded-For is believed; may be repeated.
    #[arg(long = "trusted-proxy", env = "SALON_TRUSTED_PROXY", value_delimiter = ',', value_name = "ADDR")]
    pub trusted_proxies: Vec<IpAddr>,
    #[command(flatten)]
    pub before: BeforeSend,
    #[command(flatten)]
    pub old: Compat,
    /// How it was started, for the list of settings that administrators see.
    #[arg(skip)]
    pub told: Vec<ServerSetting>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Register {
    /// Everybody.
    Open,
    /// Whoever has an invitation link.
    Invited,
    /// Nobody.
    Closed,
}

impl From<Register> for domain::person::Registration {
    fn from(register: Register) -> Self {
        match register {
            Register::Open => Self::Open,
            Register::Invited => Self::Invited,
            Register::Closed => Self::Closed,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EmailCodes {
    /// Never; accounts need no e-mail.
    Off,
    /// When an account is created.
    Registration,
    /// Then, and whenever somebody signs in whose account has an e-mail.
    SignIn,
}

impl From<EmailCodes> for domain::sign_in::Codes {
    fn from(codes: EmailCodes) -> Self {
        match codes {
            EmailCodes::Off => Self::Off,
            EmailCodes::Registration => Self::Registration,
            EmailCodes::SignIn => Self::SignIn,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Second {
    /// Both stay signed in.
    Allow,
    /// Who comes is asked whether to sign out there.
    Ask,
    /// Who comes is turned away while the other device is connected.
    Refuse,
    /// The other device is signed out.
    Replace,
}

impl From<Second> for domain::sign_in::SecondSignIn {
    fn from(second: Second) -> Self {
        match second {
            Second::Allow => Self::Allow,
            Second::Ask => Self::Ask,
            Second::Refuse => Self::Refuse,
            Second::Replace => Self::Replace,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Log {
    Pretty,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Create an account.
    Add(PersonAdd),
}

#[derive(Debug, Args)]
pub struct PersonAdd {
    /// The name to sign in with.
    pub name: String,
    #[arg(long, value_enum, default_value_t = SiteRole::Member)]
    pub role: SiteRole,
    /// Read the password from the first line of standard input. The only way: a password on
    /// the command line would be seen by everybody on the machine.
    #[arg(long, required = true)]
    pub password_stdin: bool,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SiteRole {
    Admin,
    Member,
}

impl From<SiteRole> for domain::person::SiteRole {
    fn from(role: SiteRole) -> Self {
        match role {
            SiteRole::Admin => Self::Admin,
            SiteRole::Member => Self::Member,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum RoomCommand {
    /// Create a room.
    Add(RoomAdd),
    /// Have an old protocol call a room by a name of its own, such as ginchat's room 1. Start the
    /// server again for webim.
    Link(RoomLink),
    /// Have it not know any room by a name. It may make one of this name when it starts.
    Unlink(RoomUnlink),
    /// What the old protocols call our rooms.
    Links(Store),
}

#[derive(Debug, Args)]
pub struct RoomAdd {
    /// Its address: /r/SLUG. 1 to 48 of a–z, 0–9 and -.
    pub slug: String,
    #[arg(long)]
    pub title: String,
    /// What it is for, in a sentence or two.
    #[arg(long, default_value = "")]
    pub about: String,
    #[arg(long, value_enum, default_value_t = Visibility::Public)]
    pub visibility: Visibility,
    /// Name of the person who runs it.
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Debug, Args)]
pub struct RoomLink {
    /// Its address: /r/SLUG.
    pub slug: String,
    /// Who calls it so: webim, tyut, ginchat, or simple: and the name of a key.
    pub system: String,
    /// What it is called there: a number for webim and ginchat.
    pub name: String,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Debug, Args)]
pub struct RoomUnlink {
    pub system: String,
    pub name: String,
    #[command(flatten)]
    pub store: Store,
}

/// Bytes, by binary steps.
fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let step = match unit.trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        "T" | "TB" | "TIB" => 1 << 40,
        _ => 0,
    };
    let size = number.parse::<u64>().ok().filter(|_| step > 0).and_then(|number| number.checked_mul(step));
    size.ok_or_else(|| "write it like 100MB or 5GB".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Visibility {
    /// Everybody reads, signed in or not; whoever signs in may take part.
    Public,
    /// Whoever is signed in finds it and may take part.
    Open,
    /// Members only.
    Private,
}

impl From<Visibility> for domain::room::Visibility {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public => Self::Public,
            Visibility::Open => Self::Open,
            Visibility::Private => Self::Private,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Salon::command().debug_assert();
    }

    #[test]
    fn a_size_has_a_unit() {
        assert_eq!(parse_size("100MB"), Ok(100 * 1024 * 1024));
        assert_eq!(parse_size("5 gb"), Ok(5 * 1024 * 1024 * 1024));
        assert_eq!(parse_size("0"), Ok(0));
        for odd in ["", "MB", "-1", "1.5GB", "99999999999TB", "1XB"] {
            assert!(parse_size(odd).is_err(), "{odd:?}");
        }
    }
}
