//! `/embed/{slug}`: a room inside a page of another site, without cookies.

use crate::api::Program;
use crate::routes::CALL_ROWS;
use crate::town::{Browser, FORM, PASSWORD, Socket, Town, client, form};
use domain::room::{Room, Visibility};
use reqwest::header::{ACCEPT, CONTENT_SECURITY_POLICY, COOKIE, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// Ana's private room with a picture and a message, and the program of a site that may show it.
struct Shop {
    town: Town,
    ana: Browser,
    room: Room,
    program: Program,
}

impl Shop {
    async fn new() -> Self {
        let town = Town::new().await;
        let ana = town.person("ana").await;
        let room = town.room("den", Visibility::Private, &ana).await;
        town.says(&ana, &room, "a", "only for members").await;
        town.picture(&ana, &room, "Lake").await;
        let program = Program::keyed(&town, "ana", &["read", "manage"]).await;
        let origins = json!({ "origins": ["https://shop.example"] });
        assert_eq!(program.ask(Method::PUT, "/rooms/den/embed", Some(origins)).await.0, 200);
        Self { town, ana, room, program }
    }

    async fn ticket(&self) -> String {
        let visitor = json!({ "subject": "42", "display": "Kim of the shop", "stay": 600 });
        let (status, body) = self.program.post("/rooms/den/tickets", visitor).await;
        assert_eq!(status, 201, "{body}");
        let ticket = body["ticket"].as_str().unwrap().to_owned();
        assert_eq!(body["url"], format!("{}/embed/den#t={ticket}", self.town.base()));
        ticket
    }

    async fn enter(&self, slug: &str, ticket: &str) -> Response {
        let fields = form(&[("ticket", ticket), ("tz", "480"), ("lang", "en"), ("theme", "dark")]);
        let request = self.town.stranger().request(Method::POST, &format!("/embed/{slug}"));
        request.header("content-type", FORM).header(ACCEPT, "text/html").body(fields).send().await.unwrap()
    }

    /// The tokens of a page, and the page.
    async fn inside(&self) -> (Value, String) {
        let page = self.enter("den", &self.ticket().await).await.text().await.unwrap();
        (told(&page)["session"].clone(), page)
    }

    async fn socket(&self, protocols: &str, cookie: Option<&str>) -> Socket {
        let base = self.town.base();
        let mut request = self.town.stranger().upgrade(Some(&base));
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        if let Some(cookie) = cookie {
            request.headers_mut().insert(COOKIE, cookie.parse().unwrap());
        }
        let (socket, answer) = connect_async(request).await.unwrap();
        assert_eq!(answer.headers()["sec-websocket-protocol"], "salon");
        let mut socket = Socket(socket);
        socket.send("hello", json!({"version": 1})).await;
        assert_eq!(socket.frame().await["kind"], "welcome");
        socket
    }
}

fn told(page: &str) -> Value {
    let (_, rest) = page.split_once("data-embed=\"").unwrap();
    let (told, _) = rest.split_once('"').unwrap();
    serde_json::from_str(&told.replace("&quot;", "\"").replace("&amp;", "&")).unwrap()
}

fn policy(response: &Response) -> &str {
    response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_frames_address_says_nothing_of_any_room() {
    let shop = Shop::new().await;
    let mut pages = Vec::new();
    for slug in ["den", "no-such-room"] {
        let first = shop.ana.get(&format!("/embed/{slug}?lang=zh&theme=dark")).await;
        assert!(policy(&first).ends_with("frame-ancestors *"), "{}", policy(&first));
        assert!(!policy(&first).contains("unsafe"));
        let (status, page) = (first.status(), first.text().await.unwrap());
        let nonce = page.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        pages.push((status, page.replace(&format!("/{slug}\""), "/SLUG\"").replace(&nonce, "NONCE")));
        // Neither does the refusal.
        let refused = shop.enter(slug, "").await;
        assert_eq!(
            (refused.status(), policy(&refused).ends_with("frame-ancestors *")),
            (StatusCode::UNAUTHORIZED, true)
        );
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0].0, 200);
    assert!(pages[0].1.contains("lang=\"zh-CN\" data-theme=\"dark\""), "{}", pages[0].1);
    let odd = shop.ana.get("/embed/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await.text().await.unwrap();
    assert!(!odd.contains("<script>alert"), "{odd}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_shows_the_room_to_the_sites_that_may_show_it_and_once() {
    let shop = Shop::new().await;
    let ticket = shop.ticket().await;
    let entered = shop.enter("den", &ticket).await;
    assert_eq!(entered.status(), 200);
    assert!(policy(&entered).contains("frame-ancestors https://shop.example;"), "{}", policy(&entered));
    assert!(entered.headers().get(SET_COOKIE).is_none() && entered.headers().get("x-salon-ancestors").is_none());
    assert_eq!(entered.headers()["cache-control"], "no-store");
    let page = entered.text().await.unwrap();
    for there in [
        "only for members",
        "Kim of the shop",
        "embed.js",
        "<base target=\"_blank\"",
        "data-theme=\"dark\"",
        "data-tz=\"480\"",
    ] {
        assert!(page.contains(there), "{there}");
    }
    assert!(!page.contains("unread.js"));
    let told = told(&page);
    assert_eq!((&told["room"], &told["origins"]), (&json!("den"), &json!(["https://shop.example"])));
    let look = told["session"]["look"].as_str().unwrap();
    let pictures: Vec<&str> = page.split("src=\"/media/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(!pictures.is_empty() && pictures.iter().all(|address| address.ends_with(look)), "{pictures:?}");

    let again = shop.enter("den", &ticket).await;
    assert_eq!(again.status(), StatusCode::UNAUTHORIZED);
    let page = again.text().await.unwrap();
    assert!(page.contains("data-refused") && page.contains("no longer good"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_see_open_rooms_and_no_site_shows_a_room_that_did_not_say_so() {
    let shop = Shop::new().await;
    let lobby = shop.town.room("lobby", Visibility::Public, &shop.ana).await;
    shop.town.says(&shop.ana, &lobby, "b", "for everybody").await;
    let page = shop.enter("lobby", "").await;
    assert!(policy(&page).contains("frame-ancestors 'none';"), "{}", policy(&page));
    let page = page.text().await.unwrap();
    assert!(page.contains("for everybody"));
    assert_eq!(told(&page), json!({ "room": "lobby", "origins": [] }));
    // Whose cookie comes along counts for nothing.
    let request = shop.ana.request(Method::POST, "/embed/lobby").header("content-type", FORM);
    let page = request.body("ticket=").send().await.unwrap().text().await.unwrap();
    assert!(!page.contains("data-me="), "a guest all the same");
    // A page of another site cannot post the form in anybody's name.
    let cross = client().post(format!("{}/embed/lobby", shop.town.base())).header("sec-fetch-site", "cross-site");
    assert_eq!(cross.header("content-type", FORM).body("").send().await.unwrap().status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_tokens_open_that_room_and_nothing_else() {
    let shop = Shop::new().await;
    let other = shop.town.room("other", Visibility::Public, &shop.ana).await;
    let (session, page) = shop.inside().await;
    let (token, look) = (session["token"].as_str().unwrap(), session["look"].as_str().unwrap());
    let call = async |room: &Room, token: &str, cookie: Option<&str>| {
        let fields = form(&[("room", &room.id.to_string()), ("client_id", "c-1"), ("text", "from the shop")]);
        let mut request = shop.town.stranger().request(Method::POST, "/call/post-message").bearer_auth(token);
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        let request = request.header(ACCEPT, "application/json").header("content-type", FORM).body(fields);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(call(&shop.room, token, None).await, 200);
    assert_eq!(call(&other, token, None).await, 404);
    // Also with a cookie that opens it.
    assert_eq!(call(&other, token, shop.ana.cookie.as_deref()).await, 404);
    for wrong in ["x", look] {
        assert_eq!(call(&shop.room, wrong, shop.ana.cookie.as_deref()).await, 401, "{wrong}");
    }
    let history = shop.town.stranger().request(Method::GET, "/r/den").bearer_auth(token).header(ACCEPT, "text/html");
    assert!(history.send().await.unwrap().text().await.unwrap().contains("from the shop"));

    let picture = page.split("src=\"/media/").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let stranger = shop.town.stranger();
    let get = async |address: String| stranger.get(&address).await.status().as_u16();
    assert_eq!(get(format!("/media/{picture}")).await, 200);
    let bare = picture.split('?').next().unwrap();
    assert_eq!(get(format!("/media/{bare}")).await, 404);
    assert_eq!(get(format!("/media/{bare}?look={token}")).await, 404);
    assert_eq!(get(format!("/r/den?look={look}")).await, 404, "it shows pictures alone");
}

/// A call that is new is none of theirs until somebody says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_frame_asks_for_its_room_and_for_nothing_of_its_persons_account() {
    let shop = Shop::new().await;
    let (session, _) = shop.inside().await;
    let token = session["token"].as_str().unwrap();
    let ask = async |method: Method, path: String| {
        let request = shop.town.stranger().request(method, &path).bearer_auth(token);
        let request = request.header(ACCEPT, "application/json").header("content-type", FORM).body("");
        request.send().await.unwrap().status().as_u16()
    };
    for (endpoint, _, _) in CALL_ROWS {
        let status = ask(Method::POST, format!("/call/{endpoint}")).await;
        assert_eq!(status == 403, !server::embed::CALLS.contains(endpoint), "{endpoint}: {status}");
    }
    for path in server::router::PAGES {
        let path = path.replace("{slug}", "den").replace(['{', '}'], "");
        let status = ask(Method::GET, path.clone()).await;
        assert!(path.starts_with("/r/") || status == 403, "{path}: {status}");
    }
    assert_eq!(ask(Method::POST, "/export/account".into()).await, 403);
    // A scheme of somebody else's, such as a proxy's, changes nothing.
    let home = shop.ana.request(Method::GET, "/me").header("authorization", "Basic YTpi").header(ACCEPT, "text/html");
    assert_eq!(home.send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_socket_takes_the_token_as_a_protocol() {
    let shop = Shop::new().await;
    let (session, _) = shop.inside().await;
    let protocols = format!("salon, token.{}", session["token"].as_str().unwrap());
    let mut socket = shop.socket(&protocols, shop.ana.cookie.as_deref()).await;
    socket.enter(&shop.room, None).await;
    shop.town.says(&shop.ana, &shop.room, "live", "hello there").await;
    assert!(socket.hears("event").await.to_string().contains("hello there"));
    // A guest's page says that it is one, whatever cookie the browser adds.
    let mut guest = shop.socket("salon, guest", shop.ana.cookie.as_deref()).await;
    let refused = guest.enter(&shop.room, None).await;
    assert_eq!((&refused["kind"], &refused["problem"]["code"]), (&json!("refused"), &json!("not_found")), "{refused}");
    // A token that is no good opens nothing.
    let base = shop.town.base();
    let mut request = shop.town.stranger().upgrade(Some(&base));
    request.headers_mut().insert("sec-websocket-protocol", "salon, token.x".parse().unwrap());
    let refused = connect_async(request).await.unwrap_err();
    assert!(refused.to_string().contains("401"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_sent_away_loses_the_socket_of_their_frame_at_once() {
    let shop = Shop::new().await;
    let chat = &shop.town.chat;
    let (ana, root) = (shop.ana.who.as_ref(), shop.town.admin().await);
    let host = async || chat.host(ana, shop.room.id).await.unwrap();
    for way in ["removed", "kicked", "banned", "disabled"] {
        let (session, _) = shop.inside().await;
        let token = session["token"].as_str().unwrap();
        let mut socket = shop.socket(&format!("salon, token.{token}"), None).await;
        assert_eq!(socket.enter(&shop.room, None).await["kind"], "entered", "{way}");
        let person = chat.embedded(token).await.unwrap().unwrap().person.id;
        match way {
            "removed" => _ = chat.remove_member(&host().await, person).await.unwrap(),
            "kicked" => _ = chat.kick(&host().await, person, "").await.unwrap(),
            "banned" => _ = chat.ban(&host().await, person, "").await.unwrap(),
            _ => chat.disable_person(&chat.admin(root.who.as_ref()).unwrap(), person, true).await.unwrap(),
        }
        assert!(chat.embedded(token).await.unwrap().is_none(), "{way}");
        shop.town.says(&shop.ana, &shop.room, way, "among ourselves").await;
        let heard = until_closed(&mut socket).await;
        assert!(!heard.contains("among ourselves"), "{way}: {heard}");
        assert!(heard.ends_with("4501"), "{way}: {heard}");
        if way == "banned" {
            chat.unban(&host().await, person).await.unwrap();
        }
    }
}

/// All that is heard until the house closes the socket, and its code.
async fn until_closed(socket: &mut Socket) -> String {
    let mut heard = String::new();
    loop {
        match socket.next().await {
            Message::Close(frame) => return heard + &u16::from(frame.unwrap().code).to_string(),
            frame => heard.push_str(frame.to_text().unwrap_or_default()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_ticket_prolongs_the_stay_and_keeps_the_tokens() {
    let shop = Shop::new().await;
    let (session, _) = shop.inside().await;
    let stay = async |ticket: &str, token: &Value| {
        let body = json!({ "ticket": ticket, "token": token, "look": session["look"] });
        let answer = shop.town.stranger().request(Method::POST, "/embed/den/stay").json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap_or_default())
    };
    let (status, body) = stay(&shop.ticket().await, &session["token"]).await;
    assert_eq!(status, 200);
    assert!((590_000..=600_000).contains(&body["ends_in"].as_i64().unwrap()), "{body}");
    assert_eq!(stay("x", &session["token"]).await.0, 401);
    assert_eq!(stay(&shop.ticket().await, &json!("x")).await.0, 401);
    let odd = shop.town.stranger().request(Method::POST, "/embed/den/stay").json(&json!({ "ticket": 1 })).send().await;
    assert_eq!(odd.unwrap().status(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_given_to_those_who_run_the_room_and_not_kept() {
    let shop = Shop::new().await;
    shop.town.person("ben").await;
    let visitor = || json!({ "subject": "1", "display": "Kim" });
    let reader = Program::keyed(&shop.town, "ben", &["read", "manage"]).await;
    assert_eq!(reader.post("/rooms/den/tickets", visitor()).await.0, 404);
    let own = Program::new(
        &shop.town,
        &shop.town.chat.add_key("weak", Some(shop.ana.who.as_ref().unwrap().person.id), &["read"]).await.unwrap(),
    );
    assert_eq!(own.post("/rooms/den/tickets", visitor()).await.0, 403);
    // A session is a person's, who vouches for nobody.
    let login = json!({ "name": "ana", "password": PASSWORD });
    let session = shop.program.post("/sessions", login).await.1["token"].as_str().unwrap().to_owned();
    assert_eq!(Program::new(&shop.town, &session).post("/rooms/den/tickets", visitor()).await.0, 403);
    for odd in [
        json!({ "subject": "", "display": "x" }),
        json!({ "subject": "1", "display": "" }),
        json!({ "subject": "1", "display": "x", "stay": 5 }),
        json!({ "subject": "1" }),
        json!([]),
    ] {
        assert_eq!(shop.program.post("/rooms/den/tickets", odd.clone()).await.0, 422, "{odd}");
    }
    // Asked twice under one key, it is another ticket: a secret is not kept for an answer.
    let mut given = Vec::new();
    for _ in 0..2 {
        let request = shop.program.request(Method::POST, "/rooms/den/tickets").header("idempotency-key", "k");
        given.push(request.json(&visitor()).send().await.unwrap().json::<Value>().await.unwrap()["ticket"].clone());
    }
    assert_ne!(given[0], given[1]);
}
