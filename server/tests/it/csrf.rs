//! Another site's page cannot write in a visitor's name, nor open their socket.

use crate::town::{FORM, Town, client};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HOST, ORIGIN};
use reqwest::{Method, StatusCode};
use tokio_tungstenite::connect_async;

#[tokio::test(flavor = "multi_thread")]
async fn writing_needs_our_own_page() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let own = town.base();
    let localhost = format!("http://localhost:{}", town.address.port());
    for (site, origin, accepted) in [
        (Some("same-origin"), None, true),
        (Some("same-origin"), Some("null"), true),
        (Some("none"), None, true),
        (Some("same-site"), Some(own.as_str()), false),
        (Some("cross-site"), Some(own.as_str()), false),
        (None, Some(own.as_str()), true),
        (None, Some(localhost.as_str()), true),
        (None, Some("http://evil.example"), false),
        (None, Some("null"), false),
        (None, None, false),
    ] {
        for path in ["/call/choose-theme", "/upload/pictures/1", "/call/nothing", "/elsewhere"] {
            let mut request = client().request(Method::POST, format!("{own}{path}")).header(ACCEPT, "application/json");
            request = request.header("cookie", ana.cookie.clone().unwrap());
            request = site.into_iter().fold(request, |r, site| r.header("sec-fetch-site", site));
            request = origin.into_iter().fold(request, |r, origin| r.header(ORIGIN, origin));
            let status = request.header(CONTENT_TYPE, FORM).body("theme=dark").send().await.unwrap().status();
            assert_eq!(status != StatusCode::FORBIDDEN, accepted, "{site:?} {origin:?} {path} {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_needs_a_known_origin() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let own = town.base();
    assert!(connect_async(ana.upgrade(Some(&own))).await.is_ok());
    for origin in [None, Some("null"), Some("http://evil.example"), Some("https://127.0.0.1")] {
        let refused = connect_async(ana.upgrade(origin)).await.unwrap_err();
        assert!(refused.to_string().contains("403"), "{origin:?}: {refused}");
    }
    let mut cross = ana.upgrade(Some(&own));
    cross.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert!(connect_async(cross).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_name_is_not_ours() {
    let town = Town::new().await;
    for (host, status) in [("evil.example", 421), ("127.0.0.1", 421), (town.base()[7..].to_owned().leak() as &str, 200)]
    {
        let answer = client().get(format!("{}/sign-in", town.base())).header(HOST, host).send().await.unwrap();
        assert_eq!(answer.status(), status, "{host}");
    }
    let health = client().get(format!("{}/healthz", town.base())).header(HOST, "10.0.0.9").send().await.unwrap();
    assert_eq!(health.status(), 200, "a health check calls the machine by any name");
}
