//! Who asks, what they may, how often, and what a repeated request comes to.

use super::{Program, answer};
use crate::town::{PASSWORD, Socket, Town, client};
use domain::room::Visibility;
use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::connect_async;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_out() {
    let town = Town::new().await;
    town.person("ana").await;
    let nobody = Program { base: town.base(), token: None };
    let (status, problem) = nobody.post("/sessions", json!({"name": "ana", "password": "wrong"})).await;
    assert_eq!((status.as_u16(), &problem["code"]), (401, &"wrong_credentials".into()));
    let (status, session) = nobody.post("/sessions", json!({"name": "ana", "password": PASSWORD})).await;
    assert_eq!((status.as_u16(), &session["person"]["name"]), (201, &"ana".into()));
    let ana = Program::new(&town, session["token"].as_str().unwrap());
    let (status, me) = ana.get("/me").await;
    assert_eq!((status.as_u16(), &me["scopes"]), (200, &json!(["read", "write", "manage"])));
    assert_eq!(ana.ask(Method::DELETE, "/me", None).await.0, 204);
    assert_eq!(ana.get("/me").await.0, 401);
    assert_eq!(nobody.get("/rooms").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_other_doors_open_nothing_and_cookies_count_for_nothing() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let cookie = ana.cookie.clone().unwrap();
    let page = Program::new(&town, cookie.split_once('=').unwrap().1);
    assert_eq!(page.get("/me").await.0, 401, "a page's session");
    let (_, session) = Program { base: town.base(), token: None }
        .post("/sessions", json!({"name": "ana", "password": PASSWORD}))
        .await;
    let stolen = crate::town::Browser {
        cookie: Some(format!("salon_session={}", session["token"].as_str().unwrap())),
        ..town.stranger()
    };
    let loaded = stolen.call("load-me", &[]).await.1;
    assert!(loaded["body"].get("Ok").is_none(), "a session of the API is no cookie: {loaded}");
    for token in ["", "x", "salon_x", &"x".repeat(10_000)] {
        assert_eq!(Program::new(&town, token).get("/me").await.0, 401, "{token:.20}");
    }
    let anywhere = ana.request(Method::GET, "/api/v1/rooms").send().await.unwrap();
    assert_eq!(anywhere.status(), 401, "a cookie alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_does_what_it_was_made_for() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("hall", Visibility::Public, &ana).await;
    let reads = Program::keyed(&town, "ana", &["read"]).await;
    assert_eq!(reads.get("/rooms").await.0, 200);
    let (status, problem) = reads.post("/rooms/hall/messages", json!({"text": "no"})).await;
    assert_eq!((status.as_u16(), &problem["code"]), (403, &"not_allowed".into()));
    assert_eq!(reads.ask(Method::DELETE, "/me", None).await.0, 403, "a key is not ended by signing out");
    let rotated = town.chat.rotate_key("ana-key").await.unwrap();
    assert_eq!(reads.get("/rooms").await.0, 401);
    let reads = Program::new(&town, &rotated);
    assert_eq!(reads.get("/rooms").await.0, 200);
    let simple = town.chat.add_key("shop", None, &["simple"]).await.unwrap();
    assert_eq!(Program::new(&town, &simple).get("/me").await.0, 401, "a key in nobody's name");
    town.chat.remove_key("ana-key").await.unwrap();
    assert_eq!(reads.get("/rooms").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_key_of_its_own_is_done_once() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("hall", Visibility::Public, &ana).await;
    let bot = Program::keyed(&town, "ana", &["read", "write"]).await;
    let say = |key: &str, text: &str| {
        let request = bot.request(Method::POST, "/rooms/hall/messages").header("idempotency-key", key);
        answer(request.json(&json!({ "text": text })))
    };
    let (first, again) = (say("k1", "hello").await, say("k1", "hello").await);
    assert_eq!((first.0.as_u16(), &first.1), (201, &again.1));
    let (status, problem) = say("k1", "something else").await;
    assert_eq!((status.as_u16(), &problem["code"]), (422, &"key_used_differently".into()));
    // Many at once: one of them does it, the others wait for another time or get its answer.
    let at_once = futures::future::join_all((0..20).map(|_| say("k2", "once"))).await;
    for (status, body) in &at_once {
        let is_first = *status == 201 && body["text"] == "once";
        assert!(is_first || body["code"] == "still_running", "{status} {body}");
    }
    let (_, listed) = bot.get("/rooms/hall/messages").await;
    let texts: Vec<_> = listed["items"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["once", "hello"]);
    let odd = bot.request(Method::POST, "/rooms/hall/messages").header("idempotency-key", "x".repeat(201));
    assert_eq!(answer(odd.json(&json!({"text": "x"}))).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_is_left_is_said_with_every_answer() {
    let town = Town::new().await;
    town.person("ana").await;
    let bot = Program::keyed(&town, "ana", &["read"]).await;
    let left = |answer: &reqwest::Response| -> u32 {
        answer.headers()["ratelimit-remaining"].to_str().unwrap().parse().unwrap()
    };
    let first = bot.request(Method::GET, "/me").send().await.unwrap();
    assert_eq!((first.headers()["ratelimit-limit"].to_str().unwrap(), left(&first)), ("200", 199));
    // One program, whose connections stay open: faster than what comes back in the meantime.
    let program = client();
    let ask = || program.get(format!("{}/api/v1/me", town.base())).bearer_auth(bot.token.as_deref().unwrap()).send();
    for _ in 0..200 {
        let answers = futures::future::join_all((0..30).map(|_| ask())).await;
        let refused = answers.into_iter().map(Result::unwrap).find(|answer| answer.status() == 429);
        if let Some(refused) = refused {
            assert_eq!(left(&refused), 0);
            assert!(refused.headers().contains_key("retry-after"));
            return;
        }
    }
    panic!("as fast as one likes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_hears_a_room_by_the_live_socket() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.person("bot").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let bot = town.chat.find_person("bot").await.unwrap().unwrap().id;
    for (scopes, opens) in [(&["read"][..], false), (&["read", "write"][..], true)] {
        let key = town.chat.add_key(if opens { "both" } else { "one" }, Some(bot), scopes).await.unwrap();
        let mut request = town.stranger().upgrade(None);
        request.headers_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
        let connected = connect_async(request).await;
        assert_eq!(connected.is_ok(), opens, "{scopes:?}");
        let Ok((socket, _)) = connected else { continue };
        let mut socket = Socket(socket);
        socket.send("hello", json!({"version": 1})).await;
        assert_eq!(socket.frame().await["kind"], "welcome");
        socket.enter(&room, None).await;
        socket.send("post", json!({"room": room.id, "client_id": "b1", "text": "I am a bot"})).await;
        assert_eq!(socket.hears("posted").await["client_id"], "b1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_keep_people_out_and_sign_them_out() {
    let town = Town::new().await;
    town.admin().await;
    let ben = town.person("ben").await;
    let room = town.room("hall", domain::room::Visibility::Public, &ben).await;
    let site = Program::keyed(&town, "root", &["read", "manage"]).await;
    let bens = Program::keyed(&town, "ben", &["read", "manage"]).await;
    let sign_in = || bens.post("/sessions", json!({"name": "ben", "password": PASSWORD}));
    let (_, session) = sign_in().await;
    let signed_in = Program::new(&town, session["token"].as_str().unwrap());
    assert_eq!(signed_in.get("/me").await.0, 200);
    let mut socket = ben.socket().await;
    socket.enter(&room, None).await;

    assert_eq!(site.ask(Method::DELETE, "/people/ben/sessions", None).await.0, 204);
    assert_eq!(socket.code().await, domain::live::close::SESSION_ENDED);
    assert_eq!(
        (signed_in.get("/me").await.0, bens.get("/me").await.0),
        (401.try_into().unwrap(), 200.try_into().unwrap())
    );

    let (_, session) = sign_in().await;
    let signed_in = Program::new(&town, session["token"].as_str().unwrap());
    let put = |program: &Program, name: &str, disabled: bool| {
        let change = json!({"disabled": disabled});
        let request = program.request(Method::PATCH, &format!("/people/{name}")).json(&change);
        async move { answer(request).await }
    };
    let (status, account) = put(&site, "ben", true).await;
    assert_eq!(status, 200);
    let seen = (&account["name"], &account["role"], &account["disabled"], &account["sessions"]);
    assert_eq!(seen, (&"ben".into(), &"member".into(), &true.into(), &0.into()));
    for program in [&signed_in, &bens] {
        assert_eq!(program.get("/me").await.0, 401, "neither session nor key");
    }
    assert_eq!(sign_in().await.0, 401);
    assert_eq!(put(&site, "ben", true).await.1["disabled"], true, "it is so already");
    assert_eq!(put(&site, "ben", false).await.1["disabled"], false);
    assert_eq!(
        (bens.get("/me").await.0, signed_in.get("/me").await.0),
        (200.try_into().unwrap(), 401.try_into().unwrap())
    );
    assert_eq!(sign_in().await.0, 201);

    // Only administrators, and nobody themselves.
    for name in ["root", "nobody"] {
        assert_eq!(put(&bens, name, true).await.0, 403, "{name}");
        assert_eq!(bens.ask(Method::DELETE, &format!("/people/{name}/sessions"), None).await.0, 403, "{name}");
    }
    assert_eq!(put(&site, "root", true).await.0, 403);
    assert_eq!(put(&site, "nobody", true).await.0, 404);
    assert_eq!(site.ask(Method::DELETE, "/people/nobody/sessions", None).await.0, 404);
    for odd in [json!({}), json!({"disabled": "yes"}), json!({"disabled": true, "role": "admin"})] {
        assert_eq!(site.ask(Method::PATCH, "/people/ben", Some(odd.clone())).await.0, 422, "{odd}");
    }
    assert_eq!(bens.get("/me").await.0, 200);
}
