//! The operator's own site, which is asked before something is said.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Asking a site before something is said")]
pub struct BeforeSend {
    /// Where a site is asked before a message is said, such as https://shop.example.org/salon/check;
    /// see docs/before-send.md.
    #[arg(
        long,
        env = "SALON_BEFORE_SEND",
        value_name = "URL",
        hide_env_values = true,
        requires = "before_send_on_failure"
    )]
    pub before_send: Option<String>,
    /// A file with the key that signs these questions and their answers, at least 16 bytes. Without it
    /// the address has to begin with https.
    #[arg(long, env = "SALON_BEFORE_SEND_KEY", value_name = "FILE", requires = "before_send")]
    pub before_send_key: Option<PathBuf>,
    /// What becomes of a message when the site does not answer within 2 seconds as it should.
    #[arg(long, env = "SALON_BEFORE_SEND_ON_FAILURE", value_enum, value_name = "WHAT", requires = "before_send")]
    pub before_send_on_failure: Option<OnFailure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnFailure {
    /// It is said.
    Open,
    /// It is refused; its sender may try again.
    Closed,
}

impl BeforeSend {
    /// The site that is asked, if one is.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn site(&self) -> Result<Option<chat::BeforeSend>, String> {
        let Some(url) = &self.before_send else { return Ok(None) };
        let on_failure = match self.before_send_on_failure {
            Some(OnFailure::Open) => chat::OnFailure::Open,
            Some(OnFailure::Closed) => chat::OnFailure::Closed,
            None => return Err("--before-send needs --before-send-on-failure".to_owned()),
        };
        let read = |file: &PathBuf| std::fs::read(file).map_err(|cause| format!("{}: {cause}", file.display()));
        let key = self.before_send_key.as_ref().map(read).transpose()?;
        chat::BeforeSend::new(url, key.as_deref().map(<[u8]>::trim_ascii), on_failure).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        before: BeforeSend,
    }

    #[test]
    fn what_happens_on_failure_has_to_be_said() {
        let parse = |line: &[&str]| Line::try_parse_from([&["salon"], line].concat()).map(|line| line.before);
        assert!(parse(&["--before-send", "https://a.example/"]).is_err());
        assert!(parse(&["--before-send-on-failure", "open"]).is_err(), "of what?");
        assert!(parse(&["--before-send-key", "key"]).is_err());
        assert!(parse(&["--before-send", "https://a.example/", "--before-send-on-failure", "perhaps"]).is_err());
        let site = |url| parse(&["--before-send", url, "--before-send-on-failure", "closed"]).map(|b| b.site());
        assert!(matches!(site("https://a.example/"), Ok(Ok(Some(_)))));
        assert!(matches!(site("http://a.example/"), Ok(Err(why)) if why.contains("before-send hook")), "no key");
        assert!(matches!(BeforeSend::default().site(), Ok(None)));
        let lost = BeforeSend {
            before_send: Some("https://a.example/".to_owned()),
            before_send_key: Some("/nowhere/key".into()),
            before_send_on_failure: Some(OnFailure::Open),
        };
        assert!(lost.site().is_err_and(|why| why.starts_with("/nowhere/key")));
    }
}
