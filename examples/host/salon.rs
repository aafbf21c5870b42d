//! The three requests that this site makes: a ticket, a picture, and taking it down.

use bytes::Bytes;
use reqwest::{Client, Method, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// A room of Salon, as this site's key opens it.
pub struct Salon {
    pub base: String,
    key: String,
    room: String,
    client: Client,
}

/// A way in for one visitor.
#[derive(Serialize, Deserialize)]
pub struct Ticket {
    pub ticket: String,
    /// For the frame.
    pub url: String,
}

impl Salon {
    /// # Errors
    /// Of the client's own making.
    pub fn new(base: &str, key: &str, room: &str) -> Result<Self, reqwest::Error> {
        // Another one may have been chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(Duration::from_secs(10)).build()?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), key: key.to_owned(), room: room.to_owned(), client })
    }

    /// For one of this site's people. Their id would be better than their name, which may change.
    pub async fn ticket(&self, name: &str) -> Result<Ticket, String> {
        let visitor = json!({ "subject": name, "display": name, "stay": stay() });
        let answer = self.request(Method::POST, "tickets").json(&visitor).send().await.map_err(words)?;
        if !answer.status().is_success() {
            return Err(answer.text().await.unwrap_or_default());
        }
        answer.json().await.map_err(words)
    }

    /// Under this site's own id, so that doing it twice hangs one picture.
    pub async fn put_picture(&self, id: &str, picture: Bytes) -> Result<u16, String> {
        let request = self.request(Method::PUT, &format!("pictures/own/{id}")).body(picture);
        Ok(request.send().await.map_err(words)?.status().as_u16())
    }

    pub async fn remove_picture(&self, id: &str) -> Result<u16, String> {
        let request = self.request(Method::DELETE, &format!("pictures/own/{id}"));
        Ok(request.send().await.map_err(words)?.status().as_u16())
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1/rooms/{}/{path}", self.base, self.room)).bearer_auth(&self.key)
    }
}

/// How long a visitor may stay before the page asks for another ticket, in seconds.
fn stay() -> u32 {
    std::env::var("STAY").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(3_600)
}

fn words(cause: reqwest::Error) -> String {
    cause.to_string()
}
