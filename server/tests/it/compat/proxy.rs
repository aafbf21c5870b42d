//! Behind a proxy that the operator trusts, addresses and cookies are made for those who come through it;
//! what anybody else says of where they come from is not believed.

use super::png;
use crate::town::{PASSWORD, Terms, Town, client};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};

/// Through what a request came, as it says itself.
struct Way {
    town: Town,
    said: Vec<(&'static str, &'static str)>,
}

impl Way {
    async fn new(is_trusted: bool, said: &[(&'static str, &'static str)]) -> Self {
        use Facade::{Ginchat, Gindemo, Tyut, Webim};
        let compat_origin = vec!["https://shop.example".to_owned()];
        let old = Compat { compat: vec![Ginchat, Gindemo, Tyut, Webim], compat_origin, ..Compat::default() };
        let proxies = if is_trusted { vec![[127, 0, 0, 1].into()] } else { vec![[10, 1, 1, 1].into()] };
        Self { town: Town::on(Terms { proxies, old, ..Terms::old() }).await, said: said.to_vec() }
    }

    fn asks(&self, method: Method, facade: Facade, path: &str) -> RequestBuilder {
        let request = client().request(method, format!("{}/compat/{}{path}", self.town.base(), facade.name()));
        self.said.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }

    async fn posts(&self, facade: Facade, path: &str, fields: Value) -> reqwest::Response {
        self.asks(Method::POST, facade, path).json(&fields).send().await.unwrap()
    }

    /// Where a picture of ginchat is.
    async fn uploaded(&self) -> String {
        let fields = json!({"username": "user1", "password": "password", "avatar_id": "1"});
        let token = self.posts(Facade::Ginchat, "/login", fields).await.headers()["token"].clone();
        let part = reqwest::multipart::Part::bytes(png()).file_name("a.png");
        let form = reqwest::multipart::Form::new().part("file", part);
        let request = self.asks(Method::POST, Facade::Ginchat, "/img-upload").header("token", token).multipart(form);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["data"]["data"]["url"].as_str().unwrap().to_owned()
    }

    /// Where webim says that a picture of ours is.
    async fn hung(&self) -> String {
        let root = self.town.admin().await;
        let id = self.town.chat.find_room_of("webim", "1").await.unwrap().unwrap();
        let room = self.town.chat.reader(root.who.as_ref(), id).await.unwrap().room().clone();
        self.town.picture(&root, &room, "").await;
        let token = self.posts(Facade::Webim, "/login", json!({"name": "root", "password": PASSWORD})).await;
        let token = token.json::<Value>().await.unwrap()["data"]["token"].as_str().unwrap().to_owned();
        let listed = self.asks(Method::GET, Facade::Webim, "/api/pics").bearer_auth(token).send().await.unwrap();
        listed.json::<Value>().await.unwrap()["data"][0]["url"].as_str().unwrap().to_owned()
    }

    /// The cookies of all facades that set one.
    async fn cookies(&self) -> Vec<String> {
        self.posts(Facade::Gindemo, "/user/register", json!({"user_name": "1", "password": "password"})).await;
        let answers = [
            self.posts(Facade::Gindemo, "/user/login", json!({"user_name": "1", "password": "password"})).await,
            self.posts(Facade::Tyut, "/api/users/login", json!({"email": "a@example.org", "password": "x"})).await,
            self.posts(
                Facade::Ginchat,
                "/login",
                json!({"username": "user2", "password": "password", "avatar_id": "1"}),
            )
            .await,
            self.asks(Method::GET, Facade::Ginchat, "/logout").send().await.unwrap(),
        ];
        answers.iter().map(|answer| answer.headers()["set-cookie"].to_str().unwrap().to_owned()).collect()
    }

    /// What webim's page may connect to.
    async fn policy(&self) -> String {
        let page = self.asks(Method::GET, Facade::Webim, "/").send().await.unwrap();
        page.headers()["content-security-policy"].to_str().unwrap().to_owned()
    }
}

const BY_HTTPS: [(&str, &str); 2] = [("x-forwarded-proto", "https"), ("x-forwarded-host", "talk.example.org")];

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_says_what_people_asked_for() {
    let way = Way::new(true, &BY_HTTPS).await;
    for cookie in way.cookies().await {
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    }
    let picture = way.uploaded().await;
    assert!(picture.starts_with("https://talk.example.org/compat/ginchat/uploads/"), "{picture}");
    let picture = way.hung().await;
    assert!(picture.starts_with("https://talk.example.org/compat/webim/media/"), "{picture}");
    let policy = way.policy().await;
    assert!(policy.ends_with(" wss://talk.example.org/compat/webim"), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_named_sites_have_cookies_that_browsers_send_from_there() {
    let from_shop = [BY_HTTPS[0], BY_HTTPS[1], ("origin", "https://shop.example")];
    for cookie in Way::new(true, &from_shop).await.cookies().await {
        assert!(cookie.ends_with("; HttpOnly; SameSite=None; Secure"), "{cookie}");
    }
    for cookie in Way::new(false, &from_shop).await.cookies().await {
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax"), "without https no browser keeps the other: {cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_believed() {
    let way = Way::new(false, &BY_HTTPS).await;
    for cookie in way.cookies().await {
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
    }
    let base = way.town.base();
    let picture = way.uploaded().await;
    assert!(picture.starts_with(&format!("{base}/compat/ginchat/uploads/")), "{picture}");
    let picture = way.hung().await;
    assert!(picture.starts_with(&format!("{base}/compat/webim/media/")), "{picture}");
    let policy = way.policy().await;
    assert!(policy.ends_with(&format!(" {}/compat/webim", base.replacen("http", "ws", 1))), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_trusted_proxy_says_is_a_host_or_nothing() {
    let way = Way::new(true, &[("x-forwarded-proto", "http"), ("x-forwarded-host", "evil.example/\">")]).await;
    for cookie in way.cookies().await {
        assert!(!cookie.contains("Secure"), "{cookie}");
    }
    let picture = way.uploaded().await;
    assert!(picture.starts_with(&format!("{}/compat/ginchat/uploads/", way.town.base())), "{picture}");
}
