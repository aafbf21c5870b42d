//! Where facades stand, and whose pages may use them.

use super::replay;
use crate::town::{Town, client};
use reqwest::{Method, StatusCode};
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
async fn another_sites_page_writes_only_if_it_was_named() {
    let named = "https://shop.example";
    let old = Compat { compat: vec![Facade::Webim], compat_origin: vec![named.into()], ..Compat::default() };
    let town = Town::compat(old).await;
    for base in town.mounts(Facade::Webim).await {
        let own = base.split("/compat").next().unwrap().to_owned();
        for (origin, passes) in [(named, true), (own.as_str(), true), ("https://evil.example", false), ("null", false)]
        {
            let request = client().request(Method::POST, format!("{base}/login")).header("origin", origin);
            let answer = request.body("{}").send().await.unwrap();
            assert_eq!(answer.status() != StatusCode::FORBIDDEN, passes, "{base} {origin}");
            let allowed = answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap());
            assert_eq!(allowed, passes.then_some(origin), "{base} {origin}");
            let asked = client().request(Method::OPTIONS, format!("{base}/login")).header("origin", origin);
            let asked = asked.header("access-control-request-method", "POST").send().await.unwrap();
            assert_eq!(asked.status() == StatusCode::NO_CONTENT, passes, "{base} {origin}");
        }
        // No browser, so no page of another site.
        let answer = client().post(format!("{base}/login")).body("{}").send().await.unwrap();
        assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{base}");
        let answer = client().post(format!("{base}/login")).header("sec-fetch-site", "cross-site");
        assert_eq!(answer.body("{}").send().await.unwrap().status(), StatusCode::FORBIDDEN, "{base}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_is_played() {
    let town = Town::new().await;
    replay("harness", &town.base(), &[]).await;
}
