//! One's own identity from outside: the way in by code and by question, without scripts too; own
//! pictures, taking along and leaving.

use crate::attachments::sends;
use crate::downloads::says;
use crate::mail::Sink;
use crate::town::{Browser, PASSWORD, Town};
use chat::Identity;
use domain::room::Visibility;
use domain::sign_in::{Codes, SecondSignIn};
use reqwest::Response;
use reqwest::multipart::{Form, Part};
use serde_json::json;

/// The value of a cookie that an answer sets.
fn cookie(answer: &Response, name: &str) -> Option<String> {
    let all = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let value = all.filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).next_back()?;
    value.split(';').next().filter(|value| !value.is_empty()).map(str::to_owned)
}

fn place(answer: &Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

/// The browser with what an answer has it remember.
fn with(browser: &Browser, answer: &Response, name: &str) -> Browser {
    Browser { cookie: Some(format!("{name}={}", cookie(answer, name).unwrap())), ..browser.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_registers_and_signs_in_by_code_without_scripts() {
    let sink = Sink::open().await;
    let town = Town::asking(sink.identity(Codes::SignIn)).await;
    let guest = town.stranger();
    let door = guest.get("/register").await.text().await.unwrap();
    assert!(door.contains("name=\"email\"") && door.contains("autocomplete=\"email\""), "{door}");
    let fields =
        [("name", "ana"), ("display", ""), ("email", "ana@example.com"), ("password", PASSWORD), ("next", "/r/x")];
    let begun = guest.submit("register", "/register", &fields).await;
    assert_eq!(place(&begun), "/sign-in/step?from=%2Fr%2Fx");
    assert!(begun.headers()["set-cookie"].to_str().unwrap().contains("HttpOnly; SameSite=Lax"));
    assert!(!place(&begun).contains(&cookie(&begun, "salon_attempt").unwrap()), "the ticket is in no address");
    let half = with(&guest, &begun, "salon_attempt");
    let page = half.get("/sign-in/step?from=%2Fr%2Fx").await.text().await.unwrap();
    for part in ["inputmode=\"numeric\"", "autocomplete=\"one-time-code\"", "a…@example.com"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(guest.get("/sign-in/step").await.text().await.unwrap().contains("Begin again"), "nobody else has it");

    let code = sink.code(1).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = half.submit("enter-code", "/sign-in/step", &[("code", wrong)]).await;
    assert!(place(&refused).contains("wrong_code"), "{}", place(&refused));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let entered = half.submit("enter-code", "/sign-in/step", &[("code", &spaced), ("next", "/r/x")]).await;
    assert_eq!(place(&entered), "/r/x");
    let ana = with(&guest, &entered, "salon_session");
    assert_eq!(ana.get("/me").await.status(), 200);

    let fields = [("name", "ana@example.com"), ("password", PASSWORD), ("next", "//evil.example")];
    let begun = guest.submit("sign-in", "/sign-in", &fields).await;
    assert_eq!((place(&begun), cookie(&begun, "salon_session")), ("/sign-in/step?from=%2F", None));
    let half = with(&guest, &begun, "salon_attempt");
    let early = half.submit("resend-code", "/sign-in/step", &[]).await;
    assert!(place(&early).contains("too_fast"), "{}", place(&early));
    let (status, body) = half.call("enter-code", &[("code", &sink.code(2).await)]).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sixth_try_is_refused_and_looks_like_the_others() {
    let sink = Sink::open().await;
    let town = Town::asking(sink.identity(Codes::Registration)).await;
    let guest = town.stranger();
    let fields = [("name", "ana"), ("email", "ana@example.com"), ("password", PASSWORD), ("display", "")];
    let begun = guest.submit("register", "/register", &fields).await;
    let half = with(&guest, &begun, "salon_attempt");
    let code = sink.code(1).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in [4, 3, 2, 1, 0, 0] {
        let (status, body) = half.call("enter-code", &[("code", wrong)]).await;
        assert_eq!((status.as_u16(), body), (422, json!({"code": "wrong_code", "left": left})));
    }
    let (status, body) = half.call("enter-code", &[("code", &code)]).await;
    assert_eq!((status.as_u16(), body), (422, json!({"code": "wrong_code", "left": 0})));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_meet_at_the_door() {
    let town = Town::asking(Identity { second: SecondSignIn::Ask, ..Identity::default() }).await;
    let first = town.person("ana").await;
    let mut socket = first.socket().await;
    let guest = town.stranger();
    let fields = [("name", "ana"), ("password", PASSWORD), ("next", "/r/x")];
    let begun = guest.submit("sign-in", "/sign-in", &fields).await;
    let half = with(&guest, &begun, "salon_attempt");
    let page = half.get(place(&begun)).await.text().await.unwrap();
    assert!(
        page.contains("Your account is signed in elsewhere") && page.contains("Sign in here and sign out there"),
        "{page}"
    );
    let left = half.submit("give-up", "/sign-in/step", &[]).await;
    assert_eq!((place(&left), cookie(&left, "salon_session")), ("/sign-in", None));
    assert_eq!(first.get("/me").await.status(), 200);

    let begun = guest.submit("sign-in", "/sign-in", &fields).await;
    let half = with(&guest, &begun, "salon_attempt");
    let entered = half.submit("replace-elsewhere", "/sign-in/step", &[("next", "/r/x")]).await;
    assert_eq!(place(&entered), "/r/x");
    assert_eq!(socket.code().await, 4509);
    assert_eq!(first.get("/me").await.status(), 401);
    assert_eq!(with(&guest, &entered, "salon_session").get("/me").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_device_is_refused_in_words() {
    let town = Town::asking(Identity { second: SecondSignIn::Refuse, ..Identity::default() }).await;
    let first = town.person("ana").await;
    let socket = first.socket().await;
    let (status, body) = town.stranger().call("sign-in", &[("name", "ana"), ("password", PASSWORD)]).await;
    assert_eq!((status.as_u16(), body), (409, json!({"code": "elsewhere", "device": "test"})));
    let (status, _) = town.stranger().call("sign-in", &[("name", "ana"), ("password", "wrong")]).await;
    assert_eq!(status, 401, "only whoever has the password learns it");
    drop(socket);
    for _ in 0..500 {
        let (status, _) = town.stranger().call("sign-in", &[("name", "ana"), ("password", PASSWORD)]).await;
        if status == 200 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("a device that has gone keeps its person out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_for_one_device_asks_on_a_page_without_scripts() {
    let town = Town::new().await;
    let host = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &host).await;
    let id = room.id.to_string();
    let fields = [("room", id.as_str()), ("posting", "everyone"), ("second", "ask")];
    let (status, _) = host.call("change-policy", &fields).await;
    assert_eq!(status, 200);
    let (status, _) = host.call("change-policy", &[("room", &id), ("posting", "everyone"), ("second", "?")]).await;
    assert_eq!(status, 422);

    let desk = town.person("bo").await;
    let mut socket = desk.socket().await;
    assert_eq!(socket.enter(&room, None).await["kind"], "entered");
    let entered = town.stranger().submit("sign-in", "/sign-in", &[("name", "bo"), ("password", PASSWORD)]).await;
    let phone = with(&town.stranger(), &entered, "salon_session");
    let page = phone.get("/r/hall").await;
    assert_eq!(page.status(), 409);
    let page = page.text().await.unwrap();
    assert!(page.contains("You are here on another device") && page.contains("Come in here"), "{page}");
    let mut late = phone.socket().await;
    let told = late.enter(&room, None).await;
    assert_eq!((told["kind"].as_str(), told["problem"]["code"].as_str()), (Some("gone"), Some("one_device")));

    let came = phone.submit("come-here", "/r/hall", &[("room", &id)]).await;
    assert_eq!(place(&came), "/r/hall");
    assert_eq!(phone.get("/r/hall").await.status(), 200);
    let told = socket.hears("gone").await;
    assert_eq!(told["problem"]["code"], "one_device");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_reset_by_mail() {
    let sink = Sink::open().await;
    let town = Town::asking(sink.identity(Codes::Off)).await;
    let ana = town.person("ana").await;
    let begun = ana.submit("change-email", "/me", &[("email", "ana@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(place(&begun), "/sign-in/step?from=%2Fme");
    let both = format!("{}; salon_attempt={}", ana.cookie.clone().unwrap(), cookie(&begun, "salon_attempt").unwrap());
    let half = Browser { cookie: Some(both), ..ana.clone() };
    let kept = half.submit("enter-code", "/sign-in/step", &[("code", &sink.code(1).await)]).await;
    assert_eq!(place(&kept), "/me");
    assert!(ana.get("/me").await.text().await.unwrap().contains("ana@example.com"));

    let guest = town.stranger();
    for email in ["nobody@example.com", "ana@example.com"] {
        let sent = guest.submit("forgot-password", "/forgot", &[("email", email)]).await;
        assert_eq!(place(&sent), "/forgot?sent=1", "the same for everybody");
    }
    let mail = sink.mails(2).await.pop().unwrap();
    assert_eq!(mail.to, ["<ana@example.com>"]);
    let joined = mail.data.replace("=\r\n", "").replace("=3D", "=");
    let link = joined.split("/reset/").nth(1).unwrap();
    let token: String = link.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
    assert_eq!(guest.get(&format!("/reset/{token}")).await.status(), 200);
    let new = "another quiet evening";
    let fields = [("token", token.as_str()), ("new", new), ("again", new)];
    assert_eq!(guest.call("reset-password", &fields).await.0, 200);
    assert_eq!(ana.get("/me").await.status(), 401, "signed out everywhere");
    assert_eq!(guest.call("sign-in", &[("name", "ana"), ("password", new)]).await.0, 200);
}

fn picture(bytes: Vec<u8>) -> Form {
    Form::new().part("picture", Part::bytes(bytes).file_name("me.png"))
}

fn png() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(30, 20).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_have_a_picture_that_guests_do_not_see() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let upload = |browser: &Browser, bytes: Vec<u8>| {
        browser.request(reqwest::Method::POST, "/upload/portrait?from=/me").multipart(picture(bytes))
    };
    assert_eq!(upload(&town.stranger(), png()).send().await.unwrap().status(), 401);
    assert_eq!(upload(&ana, b"<svg onload=alert(1)>".to_vec()).send().await.unwrap().status(), 422);
    let done = upload(&ana, png()).header("accept", "text/html").send().await.unwrap();
    assert_eq!(place(&done), "/me");
    let page = ben.get("/people/ana").await.text().await.unwrap();
    let src = page.split("src=\"/portrait/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let src = format!("/portrait/{src}");
    let seen = ben.get(&src).await;
    assert_eq!(seen.status(), 200);
    assert_eq!(seen.headers()["content-type"], "image/jpeg");
    assert_eq!(seen.headers()["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(town.stranger().get(&src).await.status(), 404);
    assert_eq!(town.stranger().get("/people/ana").await.status(), 401);
    // It stands beside their words, for people who are signed in.
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.says(&ana, &hall, "with-a-face", "Hello").await;
    for (browser, shown) in [(&ben, true), (&town.stranger(), false)] {
        let page = browser.get("/r/hall").await.text().await.unwrap();
        assert!(page.contains("Hello"));
        assert_eq!(page.contains(&format!("src=\"{src}\"")), shown);
    }
    assert_eq!(ben.get("/people/nobody").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_anybody_elses_address() {
    let town = Town::new().await;
    let (ana, ben, root) = (town.person("ana").await, town.person("ben").await, town.admin().await);
    let who = ana.who.clone().unwrap();
    let visit = chat::Visit { address: [127, 0, 0, 1].into(), user_agent: "test".into() };
    let words = app::text::mail::MailWords { lang: app::text::Lang::En, origin: town.base().into() };
    let ticket = town.chat.change_email(&who, "ana@secret.example", PASSWORD, &visit, &words).await.unwrap().unwrap();
    let code = loop {
        let files = std::fs::read_dir(town.data().join("mail")).into_iter().flatten().flatten();
        let text: Option<String> = files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).next();
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit());
        if let Some(code) = text.as_deref().and_then(|text| text.lines().find(is_code)) {
            break code.to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    town.chat.enter_code(Some(&who), &ticket.token, &code, &visit, &words).await.unwrap();
    assert!(ana.get("/me").await.text().await.unwrap().contains("ana@secret.example"));
    let person = format!("/admin/people/{}", who.person.id);
    for path in [
        "/people/ana",
        "/search?q=ana",
        "/search?q=secret",
        "/admin/people",
        person.as_str(),
        "/admin/people?q=ana@secret.e",
    ] {
        for browser in [&ben, &root] {
            assert!(!browser.get(path).await.text().await.unwrap().contains("secret.example"), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_takes_their_words_along_and_leaves() {
    let town = Town::new().await;
    let (host, ana) = (town.person("host").await, town.person("ana").await);
    let room = town.room("hall", domain::room::Visibility::Public, &host).await;
    town.says(&ana, &room, "c1", "Remember <this>").await;
    let film: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    let sent = [("notes.txt", b"a line of notes".as_slice()), ("film.bin", &film)];
    for (name, bytes) in sent {
        let file = sends(&ana, &room, name, bytes).await;
        says(&town, &ana, &room, &name.replace('.', "-"), &file).await;
    }
    sends(&ana, &room, "unsent.txt", b"never said").await;
    let taken = ana.request(reqwest::Method::POST, "/export/account").send().await.unwrap();
    assert_eq!(
        taken.headers()["content-disposition"],
        "attachment; filename=\"salon-ana.zip\"; filename*=UTF-8''salon-ana.zip"
    );
    let zip = taken.bytes().await.unwrap();
    let text = String::from_utf8_lossy(&zip);
    for part in ["profile.json", "messages-0001.json", "Remember <this>", "\"name\": \"ana\""] {
        assert!(text.contains(part), "{part}");
    }
    assert!(zip.starts_with(b"PK\x03\x04") && text.contains("PK\x05\x06"));
    for (number, (name, bytes)) in (1..).zip(sent) {
        let name = format!("file-{number:04}-{name}");
        let at =
            zip.windows(name.len()).position(|window| window == name.as_bytes()).unwrap_or_else(|| panic!("{name}"));
        let field = |before: usize| u32::from_le_bytes(zip[at - before..at - before + 4].try_into().unwrap());
        assert_eq!((field(16), field(8) as usize), (crc32fast::hash(bytes), bytes.len()), "{name}");
        assert!(zip[at + name.len()..].starts_with(bytes), "{name}");
    }
    assert!(!text.contains("unsent.txt"), "what was not said is not there");

    let page = ana.get("/me/close").await.text().await.unwrap();
    assert!(page.contains("Delete account"), "{page}");
    let refused = ana.submit("close-account", "/me/close", &[("password", "wrong")]).await;
    assert!(place(&refused).contains("wrong_credentials"));
    let left = ana.submit("close-account", "/me/close", &[("password", PASSWORD)]).await;
    assert_eq!(place(&left), "/");
    assert_eq!(ana.get("/me").await.status(), 401);
    let page = host.get("/r/hall").await.text().await.unwrap();
    assert!(page.contains("Remember &lt;this&gt;") && page.contains("Deleted account"), "{page}");
    let page = host.get("/me/close").await.text().await.unwrap();
    assert!(page.contains("only host") && !page.contains("/call/close-account"), "{page}");
}
