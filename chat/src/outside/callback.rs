//! Asking another site's server: whether somebody is who they say, or whether something may be said.
//! The address is the operator's own setting, so it may be any; but nothing else is asked: redirects
//! are not followed, and a public name that leads inside is refused.

use crate::files::{Policy, guarded};
use crate::{Problem, Result};
use bytes::{Bytes, BytesMut};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, Url};
use ring::hmac;
use std::fmt;
use std::time::Duration;
use tokio::sync::OnceCell;

/// What a site is asked.
pub(crate) struct Terms {
    /// As the operator reads it.
    pub name: &'static str,
    /// For everything together.
    pub time: Duration,
    /// Longest answer, in bytes.
    pub most: usize,
}

const LOGINS: &Terms = &Terms { name: "login check", time: Duration::from_secs(5), most: 256 * 1024 };
/// Shortest key, in bytes.
const MIN_KEY: usize = 16;
/// When the question was asked, in seconds since 1970; part of what is signed.
pub const TIMESTAMP: &str = "x-salon-timestamp";
/// `sha256=` and the HMAC-SHA256 in hexadecimal: of our question over `<timestamp>.<body>`, of the
/// answer over `<signature of the question>.<body>`, so that no answer serves twice.
pub const SIGNATURE: &str = "x-salon-signature";
/// Names that have no meaning outside of the network we stand in.
const INSIDE: [&str; 5] = [".localhost", ".local", ".internal", ".lan", ".home.arpa"];

/// The address of a site's check.
pub struct Callback {
    terms: &'static Terms,
    url: Url,
    key: Option<hmac::Key>,
    policy: Policy,
    client: OnceCell<Client>,
}

/// Why there is no answer to a question.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Silence {
    /// It does not want to: another status than 200 to 299.
    #[error("it answers with status {0}")]
    Status(u16),
    #[error("it takes too long")]
    Late,
    #[error("its answer is too long")]
    TooLong,
    #[error("its answer is not signed with the key")]
    NotSigned,
    #[error("{0}")]
    Lost(#[from] reqwest::Error),
    #[error("nothing can be sent from here")]
    Stuck,
}

impl Callback {
    /// A check of logins. `key`: signs what we ask, and then answers have to be signed as well.
    /// Without one the address has to begin with `https`, unless `insecure`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn new(url: &str, key: Option<&[u8]>, insecure: bool) -> std::result::Result<Self, String> {
        Self::about(LOGINS, url, key, insecure)
    }

    /// The same for another question.
    pub(crate) fn about(
        terms: &'static Terms,
        url: &str,
        key: Option<&[u8]>,
        insecure: bool,
    ) -> std::result::Result<Self, String> {
        let name = terms.name;
        let url = Url::parse(url.trim()).map_err(|_| format!("“{url}” is not an address"))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
            return Err(format!("“{url}” is not an address of the web"));
        }
        if key.is_none() && url.scheme() != "https" && !insecure {
            return Err(format!("without a key the address of the {name} has to begin with https"));
        }
        if key.is_some_and(|key| key.len() < MIN_KEY) {
            return Err(format!("the key of the {name} needs {MIN_KEY} bytes at least"));
        }
        let is_inside = !host.contains('.') || INSIDE.iter().any(|end| host.ends_with(end));
        let policy = Policy { loopback: false, anywhere: insecure || is_inside };
        let key = key.map(|key| hmac::Key::new(hmac::HMAC_SHA256, key));
        Ok(Self { terms, url, key, policy, client: OnceCell::new() })
    }

    /// What the site answers to a question about a login in JSON, `now` being the time in
    /// milliseconds.
    ///
    /// # Errors
    /// [`Problem::WrongCredentials`] if it refuses; [`Problem::Unavailable`] if it does not answer
    /// in 5 seconds, at too great length, or not with the signature that it has to have.
    pub async fn ask(&self, question: String, now: i64) -> Result<Bytes> {
        match self.put(question, now).await {
            Ok(answer) => Ok(answer),
            Err(Silence::Status(status)) => {
                tracing::info!(status, "the site did not let somebody in");
                Err(Problem::WrongCredentials.into())
            }
            Err(cause) => {
                tracing::warn!(%cause, "the site that checks logins does not answer as it should");
                Err(Problem::Unavailable.into())
            }
        }
    }

    /// What the site answers, in the time that its terms give it.
    pub(crate) async fn put(&self, question: String, now: i64) -> std::result::Result<Bytes, Silence> {
        let answer = tokio::time::timeout(self.terms.time, self.try_to_put(question, now / 1_000)).await;
        answer.unwrap_or(Err(Silence::Late))
    }

    async fn try_to_put(&self, question: String, at: i64) -> std::result::Result<Bytes, Silence> {
        let Terms { name, time, most } = self.terms;
        let client = self.client.get_or_try_init(|| async { guarded(self.policy, name) }).await;
        let client = client.map_err(|_| Silence::Stuck)?;
        let mut request = client.post(self.url.clone()).header(CONTENT_TYPE, "application/json").timeout(*time);
        let signature = self.key.as_ref().map(|key| signed(key, &at.to_string(), question.as_bytes()));
        if let Some(signature) = &signature {
            request = request.header(TIMESTAMP, at).header(SIGNATURE, signature);
        }
        let response = request.body(question).send().await.map_err(reqwest::Error::without_url)?;
        if !response.status().is_success() {
            return Err(Silence::Status(response.status().as_u16()));
        }
        let mark = response.headers().get(SIGNATURE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = body(response, *most).await?;
        let is_signed = match (&self.key, signature) {
            (Some(key), Some(signature)) => mark.is_some_and(|mark| is_right(key, &signature, &body, &mark)),
            _ => true,
        };
        if is_signed { Ok(body) } else { Err(Silence::NotSigned) }
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

async fn body(mut response: Response, most: usize) -> std::result::Result<Bytes, Silence> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        if bytes.len() + chunk.len() > most {
            return Err(Silence::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn signed(key: &hmac::Key, before: &str, body: &[u8]) -> String {
    let tag = hmac::sign(key, &[before.as_bytes(), b".", body].concat());
    let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

/// In a time that says nothing about where they differ.
fn is_right(key: &hmac::Key, before: &str, body: &[u8], mark: &str) -> bool {
    let Some(digits) = mark.trim().strip_prefix("sha256=") else { return false };
    let pair = |i: usize| digits.get(i..i + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let Some(tag) = (0..digits.len()).step_by(2).map(pair).collect::<Option<Vec<u8>>>() else { return false };
    hmac::verify(key, &[before.as_bytes(), b".", body].concat(), &tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_is_told_what_is_wrong_with_the_address() {
        assert!(Callback::new("https://shop.example/c/user/login", None, false).is_ok());
        assert!(Callback::new("http://shop.example/", Some(&[7; 32]), false).is_ok());
        assert!(Callback::new("http://shop.example/", None, true).is_ok());
        for (url, key) in [
            ("http://shop.example/", None),
            ("shop", None),
            ("ftp://shop.example/", None),
            ("https://a.example", Some(&[7; 8])),
        ] {
            assert!(Callback::new(url, key.map(|key: &[u8; 8]| key.as_slice()), false).is_err(), "{url}");
        }
    }

    #[test]
    fn only_names_of_the_inside_may_lead_inside() {
        for (url, anywhere) in
            [("https://backend/", true), ("https://shop.internal/", true), ("https://shop.example/", false)]
        {
            assert_eq!(Callback::new(url, None, false).map(|callback| callback.policy.anywhere), Ok(anywhere), "{url}");
        }
    }

    #[test]
    fn an_answer_belongs_to_its_question() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        let question = signed(&key, "1548658898", b"{}");
        let answer = signed(&key, &question, b"{\"name\":\"x\"}");
        assert!(is_right(&key, &question, b"{\"name\":\"x\"}", &answer));
        assert!(!is_right(&key, &question, b"{\"name\":\"y\"}", &answer));
        assert!(!is_right(&key, "sha256=00", b"{\"name\":\"x\"}", &answer));
        for odd in ["", "sha256=", "sha256=0", "sha256=zz", "sha256=é0", "md5=00"] {
            assert!(!is_right(&key, &question, b"{}", odd), "{odd}");
        }
    }
}
