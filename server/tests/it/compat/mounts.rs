//! Where facades stand, and whose pages may use them.

use super::doors::FACADES;
use super::replay;
use crate::town::{Town, client};
use reqwest::{Method, Response, StatusCode};
use server::compat::settings::{Compat, Facade};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_enabled_is_not_there() {
    let town = Town::compat(Compat { compat: vec![Facade::Webim], ..Compat::default() }).await;
    for facade in [Facade::Tyut, Facade::Simple, Facade::Gindemo, Facade::Ginchat] {
        for path in ["", "/", "/login", "/api/users/login"] {
            let url = format!("{}/compat/{}{path}", town.base(), facade.name());
            for method in [Method::GET, Method::POST] {
                let answer = client().request(method.clone(), &url).body("{}").send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {url}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_enabled_is_not_at_the_root_and_our_pages_are_not_under_it() {
    let town = Town::compat(Compat { compat: FACADES.to_vec(), ..Compat::default() }).await;
    // As our own page would ask, so that nothing else refuses it.
    let ours = town.stranger();
    for (method, path) in [
        (Method::POST, "/login"),
        (Method::POST, "/api/login"),
        (Method::POST, "/pics"),
        (Method::POST, "/user/login"),
        (Method::POST, "/user/get_login_token"),
        (Method::POST, "/u/user/login_out"),
        (Method::POST, "/rm/room/create_room"),
        (Method::POST, "/api/users/login"),
        (Method::GET, "/home"),
        (Method::GET, "/ping"),
        (Method::GET, "/pagination"),
        (Method::GET, "/api/pics"),
        (Method::GET, "/api/users"),
        (Method::GET, "/ws"),
        (Method::GET, "/ws/join"),
        (Method::GET, "/chat/test"),
        (Method::GET, "/u/user/connect"),
        (Method::GET, "/api/chat_groups"),
    ] {
        let answer = ours.request(method.clone(), path).body("{}").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {path}");
    }
    for facade in FACADES {
        for path in ["admin", "admin/rooms", "sign-in", "api/v1/rooms", "api/v1/live", "call/sign-in"] {
            let path = format!("/compat/{}/{path}", facade.name());
            for method in [Method::GET, Method::POST] {
                let answer = ours.request(method.clone(), &path).send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {path}");
            }
        }
    }
}

/// Something that each of them lets others write.
fn login(facade: Facade) -> &'static str {
    match facade {
        Facade::Webim | Facade::Ginchat => "/login",
        Facade::Tyut => "/api/users/login",
        Facade::Simple => "/user/get_login_token",
        Facade::Gindemo => "/user/login",
    }
}

/// What a browser is told that a page of this origin may do; nothing for one that is not known.
fn is_told(answer: &Response, origin: Option<&str>, at: &str) {
    for (name, value) in [
        ("access-control-allow-origin", origin.unwrap_or_default()),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-headers", "authorization, content-type, token, x-api-key"),
        ("access-control-allow-methods", "GET, POST, PUT, DELETE"),
        ("access-control-expose-headers", "token"),
    ] {
        let told = answer.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(told, origin.map(|_| value), "{name} {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_writes_only_if_it_was_named() {
    let named = "https://shop.example";
    let old = Compat { compat: FACADES.to_vec(), compat_origin: vec![named.into()], ..Compat::default() };
    let town = Town::compat(old).await;
    for facade in FACADES {
        for base in town.mounts(facade).await {
            let own = base.split("/compat").next().unwrap().to_owned();
            let url = format!("{base}{}", login(facade));
            for (origin, passes) in
                [(named, true), (own.as_str(), true), ("https://evil.example", false), ("null", false)]
            {
                let (at, known) = (format!("{url} {origin}"), passes.then_some(origin));
                let asks = |method: Method| client().request(method, &url).header("origin", origin);
                let answer = asks(Method::POST).body("{}").send().await.unwrap();
                assert_eq!(answer.status() != StatusCode::FORBIDDEN, passes, "{at}");
                is_told(&answer, known, &at);
                let asked = asks(Method::OPTIONS).header("access-control-request-method", "POST");
                let asked = asked.send().await.unwrap();
                assert_eq!(asked.status() == StatusCode::NO_CONTENT, passes, "{at}");
                is_told(&asked, known, &at);
            }
            // No browser, so no page of another site.
            let answer = client().post(&url).body("{}").send().await.unwrap();
            assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{url}");
            is_told(&answer, None, &url);
            let answer = client().post(&url).header("sec-fetch-site", "cross-site").body("{}").send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{url}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_is_played() {
    let town = Town::new().await;
    replay("harness", &town.base(), &[]).await;
}
