//! Keys with which other sites' servers and programs come in.

use super::Store;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it. It is not shown again.
    Add(KeyAdd),
    /// Whose keys there are, what they are for and when each was used last.
    List(Store),
    /// Give a key a new secret and print it. The old one is useless from then on.
    Rotate(KeyName),
    /// Take a key away from whoever has it.
    Remove(KeyName),
}

#[derive(Debug, Args)]
pub struct KeyAdd {
    /// Whose it is: 1 to 32 of a–z, 0–9 and -.
    pub name: String,
    /// What it may do; several with commas.
    #[arg(long = "scope", value_enum, value_delimiter = ',', required = true, value_name = "SCOPE")]
    pub scopes: Vec<Scope>,
    /// Name of the person in whose name it acts, and who may not do less than it does.
    #[arg(long = "as", value_name = "NAME")]
    pub acts_as: Option<String>,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Debug, Args)]
pub struct KeyName {
    pub name: String,
    #[command(flatten)]
    pub store: Store,
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scope {
    /// Get tokens for the users of its application by the old protocol simple.
    Simple,
    /// By the API: read what the person may read in whose name it acts.
    Read,
    /// By the API: say something, react, send files.
    Write,
    /// By the API: run rooms and, for an administrator, the site.
    Manage,
}

impl Scope {
    /// Whether it says nothing unless the key acts in somebody's name.
    pub fn needs_person(self) -> bool {
        match self {
            Self::Simple => false,
            Self::Read | Self::Write | Self::Manage => true,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Read => "read",
            Self::Write => "write",
            Self::Manage => "manage",
        }
    }
}
