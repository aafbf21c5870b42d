//! The API for programs.

mod bearer;
mod document;
mod rooms;
mod webhooks;

use crate::town::{Town, client};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// A program with a token, or with none.
pub struct Program {
    base: String,
    token: Option<String>,
}

impl Program {
    pub fn new(town: &Town, token: &str) -> Self {
        Self { base: town.base(), token: Some(token.to_owned()) }
    }

    /// With a key that acts in somebody's name.
    pub async fn keyed(town: &Town, name: &str, scopes: &[&str]) -> Self {
        let person = town.chat.find_person(name).await.unwrap().unwrap().id;
        let key = town.chat.add_key(&format!("{name}-key"), Some(person), scopes).await.unwrap();
        Self::new(town, &key)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = client().request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Status and body of an answer.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        answer(request).await
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask(Method::POST, path, Some(body)).await
    }
}

pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.bytes().await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    if status.is_client_error() || status.is_server_error() {
        assert_eq!(headers["content-type"], "application/problem+json", "{status} {body}");
        assert_eq!(body["status"], status.as_u16(), "{body}");
        assert_eq!(body["type"], format!("urn:salon:problem:{}", body["code"].as_str().unwrap()), "{body}");
    }
    (status, body)
}
