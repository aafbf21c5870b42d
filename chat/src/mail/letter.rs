//! What a mail says, and the mail that is made of it.

use crate::{Error, Problem, Result, Rule};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

/// A mail without its address, in somebody's language. It is sent as plain text and as simple
/// HTML, which say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub lines: Vec<Line>,
}

/// A paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Words(String),
    /// To be read off: large.
    Code(String),
    /// To be opened.
    Link(String),
}

/// What a letter is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody signs in.
    SignIn { code: String },
    /// Somebody creates an account.
    Register { code: String },
    /// Somebody wanted to create an account with an address that has one.
    HasAccount { name: String },
    /// Somebody gives their account this address.
    NewAddress { code: String },
    /// This address is no longer an account's.
    OldAddress { name: String },
    /// Somebody wants to give an account this address, which has another one.
    AddressInUse { name: String },
    /// Somebody forgot their password; the token for the link where another one is chosen.
    Reset { name: String, token: String },
    /// An administrator tries whether mail works.
    Test,
}

/// Whoever asks for a letter knows its language and the site's address.
pub trait Wording: Sync {
    fn letter(&self, occasion: &Occasion) -> Letter;
}

impl Letter {
    /// The mail, ready to be sent. Whatever stands in the words, there are only our headers.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for an address that is none.
    pub(super) fn addressed(&self, from: &Mailbox, to: &str) -> Result<Message> {
        let address: Address = to.parse().map_err(|_| Problem::invalid("email", Rule::Shape))?;
        // A header has one line.
        let subject: String = self.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, address))
            .subject(subject)
            .message_id(Some(format!("<{:032x}@{}>", rand::random::<u128>(), from.email.domain())))
            .multipart(MultiPart::alternative_plain_html(self.plain(), self.html()));
        message.map_err(|cause| Error::Mail(cause.to_string()))
    }

    fn plain(&self) -> String {
        let lines = self.lines.iter().map(|line| match line {
            Line::Words(text) | Line::Code(text) | Line::Link(text) => text.as_str(),
        });
        lines.collect::<Vec<_>>().join("\n\n") + "\n"
    }

    fn html(&self) -> String {
        let lines = self.lines.iter().map(|line| match line {
            Line::Words(text) => format!("<p>{}</p>", escaped(text)),
            Line::Code(code) => format!("<p><strong style=\"font-size:1.6em\">{}</strong></p>", escaped(code)),
            Line::Link(href) => format!("<p><a href=\"{0}\">{0}</a></p>", escaped(href)),
        });
        format!("<!doctype html><meta charset=\"utf-8\"><body>{}</body>", lines.collect::<String>())
    }
}

/// Words that stay words in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(subject: &str, words: &str) -> String {
        let letter = Letter { subject: subject.to_owned(), lines: vec![Line::Words(words.to_owned())] };
        let from = "Salon <salon@example.org>".parse().unwrap();
        String::from_utf8(letter.addressed(&from, "ana@example.org").unwrap().formatted()).unwrap()
    }

    #[test]
    fn words_become_no_headers() {
        for evil in ["x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org", "x\rBcc: eve@example.org\r\n\r\nbody"] {
            let mail = sent(evil, evil);
            let head = mail.split("\r\n\r\n").next().unwrap();
            assert!(head.lines().all(|line| !line.starts_with("Bcc:")), "{head}");
            assert_eq!(
                head.lines().filter(|line| line.starts_with("To:")).collect::<Vec<_>>(),
                ["To: ana@example.org"]
            );
        }
        let letter = Letter { subject: "x".into(), lines: vec![] };
        let from = "salon@example.org".parse().unwrap();
        for to in ["ana@example.org\r\nBcc: eve@example.org", "a@example.org,b@example.org", "", "ana"] {
            assert!(letter.addressed(&from, to).is_err(), "{to:?}");
        }
    }

    #[test]
    fn words_become_no_markup() {
        let letter = Letter {
            subject: "x".into(),
            lines: vec![Line::Words("<b>&\"".into()), Line::Link("https://a/\"><script>".into())],
        };
        assert!(letter.html().contains("<p>&lt;b&gt;&amp;&quot;</p>"), "{}", letter.html());
        assert!(!letter.html().contains("<script>"), "{}", letter.html());
        assert_eq!(letter.plain(), "<b>&\"\n\nhttps://a/\"><script>\n");
    }
}
