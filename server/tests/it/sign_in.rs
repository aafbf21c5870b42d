//! Coming in and going out, with and without JavaScript.

use crate::town::{Browser, PASSWORD, Town};
use domain::person::{Registration, SiteRole};
use reqwest::Response;
use reqwest::header::{LOCATION, SET_COOKIE};

fn location(answer: &Response) -> &str {
    answer.headers().get(LOCATION).map_or("", |value| value.to_str().unwrap())
}

fn session_cookie(answer: &Response) -> Option<String> {
    let cookies = answer.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned());
    cookies.into_iter().find(|cookie| cookie.starts_with("salon_session="))
}

fn with(browser: &Browser, cookie: &str) -> Browser {
    Browser { cookie: cookie.split(';').next().map(str::to_owned), ..browser.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_signs_in_and_out() {
    let town = Town::new().await;
    town.chat.add_person("ana", PASSWORD, SiteRole::Member).await.unwrap();
    let guest = town.stranger();
    let fields = [("name", "ana"), ("password", PASSWORD), ("next", "/me")];
    let answer = guest.submit("sign-in", "/sign-in", &fields).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/me"));
    let cookie = session_cookie(&answer).expect("a session");
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let ana = with(&guest, &cookie);
    assert_eq!(ana.get("/me").await.status(), 200);
    let answer = ana.submit("sign-out", "/", &[]).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/sign-in"));
    assert!(session_cookie(&answer).is_some_and(|cookie| cookie.contains("Max-Age=0")));
    assert_ne!(ana.get("/me").await.status(), 200, "the old cookie is worth nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_at_the_form() {
    let town = Town::new().await;
    town.chat.add_person("ana", PASSWORD, SiteRole::Member).await.unwrap();
    let guest = town.stranger();
    for name in ["ana", "nobody"] {
        let answer =
            guest.submit("sign-in", "/sign-in?next=%2Fme", &[("name", name), ("password", "wrong wrong")]).await;
        assert_eq!(answer.status(), 303);
        assert_eq!(
            location(&answer),
            "/sign-in?next=%2Fme&problem=%7B%22code%22%3A%22wrong_credentials%22%7D&call=sign-in",
            "the same for {name}"
        );
        assert!(session_cookie(&answer).is_none());
        let (status, problem) = guest.call("sign-in", &[("name", name), ("password", "wrong wrong")]).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (401, Some("wrong_credentials")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_another_site() {
    let town = Town::new().await;
    let guest = town.stranger();
    for from in ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nX: y"] {
        let answer = guest.submit("choose-theme", from, &[("theme", "dark")]).await;
        assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/"), "{from:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_follows_the_rule_of_the_house() {
    let open = Town::new().await;
    let fields = [("name", "ben"), ("display", "Ben"), ("password", PASSWORD)];
    let answer = open.stranger().submit("register", "/register", &fields).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/"));
    assert!(session_cookie(&answer).is_some());
    let closed = Town::with(50, Registration::Closed).await;
    let (status, problem) = closed.stranger().call("register", &fields).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (403, Some("not_allowed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_comes_by_the_link() {
    let town = Town::new().await;
    let guest = town.stranger();
    let token = town.chat.setup_token().await.unwrap().expect("nobody administers yet");
    assert_eq!(guest.get(&format!("/setup/{token}")).await.status(), 200);
    let fields = [("token", token.as_str()), ("name", "boss"), ("display", "Boss"), ("password", PASSWORD)];
    let answer = guest.submit("setup", "/", &fields).await;
    assert_eq!(answer.status(), 303);
    let boss = with(&guest, &session_cookie(&answer).expect("signed in"));
    assert_eq!(boss.get("/admin/rooms").await.status(), 200);
    let (status, _) =
        guest.call("setup", &[("token", &token), ("name", "b2"), ("display", "B"), ("password", PASSWORD)]).await;
    assert_eq!(status, 410, "once only");
    assert_eq!(guest.get(&format!("/setup/{token}")).await.status(), 410);
}
