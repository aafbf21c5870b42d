//! The list of rooms as plain HTML, its rows over the socket, and coming in with an invitation.

use crate::town::{Browser, Town};
use domain::room::Visibility;
use serde_json::json;

async fn home(browser: &Browser, query: &str) -> String {
    let answer = browser.get(&format!("/{query}")).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_found_in_and_paged_without_scripts() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    for n in 0..55 {
        town.room(&format!("room-{n}"), Visibility::Public, &ana).await;
    }
    for browser in [&ana, &town.stranger()] {
        let first = home(browser, "").await;
        assert_eq!(first.matches("class=\"room-card\"").count(), 50);
        let at = first.find("/?after=").unwrap();
        let next = first[at + 1..].split('"').next().unwrap().to_owned();
        let second = home(browser, &next).await;
        assert_eq!(second.matches("class=\"room-card\"").count(), 5);
        assert!(!second.contains("rel=\"next\""));
    }
    let found = home(&ana, "?q=ROOM-54").await;
    assert_eq!(found.matches("class=\"room-card\"").count(), 1);
    let none = home(&ana, "?q=%3Cscript%3E").await;
    assert!(
        none.contains("No matching room") && none.contains("class=\"button\">Clear") && !none.contains("<script>"),
        "{none}"
    );
    for odd in
        ["?after=x", "?after=1.2", "?after=9223372036854775807.-1.0", "?after=99999999999999999999.1.1", "?q=%00"]
    {
        home(&ana, odd).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_leads_in_may_be_pasted() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let den = town.room("den", Visibility::Private, &ana).await;
    town.room("hall", Visibility::Open, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), den.id).await.unwrap();
    let token = town.chat.create_room_invite(&host, 1, None).await.unwrap();
    let base = town.base();
    let goes = async |browser: &Browser, given: &str| {
        let answer = browser.submit("find-room", "/", &[("invitation", given)]).await;
        assert_eq!(answer.status(), 303, "{given}");
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    let join = format!("/join/{token}");
    for given in [token.clone(), format!(" {base}/join/{token}\n"), format!("/join/{token}")] {
        assert_eq!(goes(&ben, &given).await, join);
        assert_eq!(goes(&town.stranger(), &given).await, join, "guests sign in there");
    }
    for given in ["hall", " Hall ", "/r/hall", &format!("{base}/r/hall/p/7")] {
        assert_eq!(goes(&ben, given).await, "/r/hall", "{given}");
    }
    for given in ["den", "/r/den", "nothing here", &format!("https://elsewhere.example/join/{token}"), "", "房间"] {
        let back = goes(&ben, given).await;
        assert!(back.starts_with("/?") && back.contains("invitation"), "{given}: {back}");
        let page = home(&ben, back.trim_start_matches('/')).await;
        assert!(page.contains("There is no such invitation or room") || page.contains("cannot be empty"), "{given}");
    }
    // Looking uses nothing up.
    assert_eq!(ben.get(&join).await.status(), 200);
    let page = ana.get(&format!("/admin/rooms/den/people?invite={token}")).await.text().await.unwrap();
    assert!(page.contains(&format!("src=\"/join/{token}/code.svg\"")), "{page}");
    let code = town.stranger().get(&format!("/join/{token}/code.svg")).await;
    assert_eq!((code.status().as_u16(), &code.headers()["content-type"]), (200, &"image/svg+xml".parse().unwrap()));
    assert!(code.text().await.unwrap().contains("xmlns=\"http://www.w3.org/2000/svg\""));
    assert_eq!(ben.get("/join/%3Cx%3E/code.svg").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_offers_to_join_before_it_offers_to_create() {
    let town = Town::new().await;
    let ben = town.person("ben").await;
    let page = home(&ben, "").await;
    assert!(page.contains("Invitation code or link") && !page.contains("New room"), "{page}");
    let root = town.admin().await;
    let page = home(&root, "").await;
    assert!(page.find("Invitation code or link").unwrap() < page.find("New room").unwrap(), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_room_tells_its_row_over_the_socket() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let hall = town.room("hall", Visibility::Open, &ana).await;
    let mut socket = ben.socket().await;
    socket.send("watch", json!({"looking": [], "listing": [hall.id]})).await;
    socket.hears("unread").await;
    town.says(&ana, &hall, "c1", "hello").await;
    let row = socket.hears("row").await;
    let last = &row["last"];
    assert_eq!((&row["room"], &row["open"], &row["present"]), (&json!(hall.id), &json!(true), &json!(0)));
    assert_eq!((&last["author"], &last["text"]), (&json!("ana"), &json!("hello")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_in_that_leads_nowhere_stands_in_its_field_again() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    for browser in [&ana, &town.stranger()] {
        let answer = browser.submit("find-room", "/", &[("invitation", "no such <place>")]).await;
        let place = answer.headers()["location"].to_str().unwrap().to_owned();
        let kept = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let cookies: Vec<String> = browser.cookie.iter().cloned().chain([kept]).collect();
        let again = Browser { cookie: Some(cookies.join("; ")), ..browser.clone() };
        let html = again.get(&place).await.text().await.unwrap();
        let field = "value=\"no such &lt;place&gt;\"";
        assert!(html.contains(field) && html.contains("There is no such invitation or room"), "{html}");
        // Elsewhere, and for others, nothing of it.
        assert!(!again.get("/").await.text().await.unwrap().contains(field));
        assert!(!browser.get(&place).await.text().await.unwrap().contains(field));
    }
}
