//! The HTTP side: calls of the page, as its script makes them.

use crate::Done;
use domain::message::History;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::{Client, Response, Url};
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;

/// Somebody's browser at one address.
#[derive(Clone)]
pub struct Door {
    client: Client,
    base: String,
    cookie: Option<String>,
}

impl Door {
    pub fn new(address: SocketAddr, cookie: Option<String>) -> Done<Self> {
        // The first one stays; later ones are told so.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build()
            .map_err(|e| format!("no HTTP client: {e}"))?;
        Ok(Self { client, base: format!("http://{address}"), cookie })
    }

    /// Its status and JSON.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn call(&self, endpoint: &str, fields: &[(&str, &str)]) -> Done<(u16, Value)> {
        let answer = self.ask(endpoint, fields).await?;
        let status = answer.status().as_u16();
        let body = answer.bytes().await.map_err(|e| format!("{endpoint}: {e}"))?;
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }

    async fn ask(&self, endpoint: &str, fields: &[(&str, &str)]) -> Done<Response> {
        let form = Url::parse_with_params("http://form/", fields).map_err(|e| e.to_string())?;
        let mut request = self.client.post(format!("{}/call/{endpoint}", self.base));
        request = request.header("sec-fetch-site", "same-origin").header(ACCEPT, "application/json");
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = form.query().unwrap_or_default().to_owned();
        request.body(body).send().await.map_err(|e| format!("{endpoint}: {e}"))
    }

    /// The call has to succeed.
    pub async fn done(&self, endpoint: &str, fields: &[(&str, &str)]) -> Done<Value> {
        match self.call(endpoint, fields).await? {
            (200, value) => Ok(value),
            (status, value) => Err(format!("{endpoint} answered {status} {value}")),
        }
    }

    /// The cookie of a new session.
    pub async fn sign_in(&self, name: &str, password: &str) -> Done<String> {
        let answer = self.ask("sign-in", &[("name", name), ("password", password)]).await?;
        let status = answer.status();
        let cookie = answer.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok()?.split(';').next());
        cookie.map(str::to_owned).ok_or_else(|| format!("signing in as {name} answered {status}"))
    }

    /// A page of history, oldest first.
    pub async fn history(&self, room: i64, before: i64) -> Done<History> {
        let (room, before) = (room.to_string(), before.to_string());
        let value = self.done("history", &[("room", &room), ("before", &before)]).await?;
        serde_json::from_value(value).map_err(|e| format!("history: {e}"))
    }

    /// The status of an address.
    pub async fn status(&self, path: &str) -> Done<u16> {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await;
        answer.map(|answer| answer.status().as_u16()).map_err(|e| format!("{path}: {e}"))
    }

    /// The text at an address.
    pub async fn text(&self, path: &str) -> Done<String> {
        let answer =
            self.client.get(format!("{}{path}", self.base)).send().await.map_err(|e| format!("{path}: {e}"))?;
        answer.text().await.map_err(|e| format!("{path}: {e}"))
    }
}
