//! Asking to join by plain forms and over the socket; and what hosts see of it.

use crate::town::{Browser, Town};
use domain::moderation::{Policy, Posting};
use domain::room::{Room, Visibility};
use reqwest::Method;
use serde_json::Value;

/// A room of ana's in which only members write.
async fn hall(town: &Town, ana: &Browser, visibility: Visibility) -> Room {
    let room = town.room("hall", visibility, ana).await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let policy = Policy { posting: Posting::Members, ..Policy::default() };
    town.chat.change_policy(&host, policy).await.unwrap();
    room
}

async fn page(browser: &Browser, path: &str) -> String {
    browser.get(path).await.text().await.unwrap()
}

/// Where a form leads back to.
async fn submits(browser: &Browser, call: &str, from: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.submit(call, from, fields).await;
    assert_eq!(answer.status(), 303, "{call}");
    answer.headers()["location"].to_str().unwrap().to_owned()
}

const QUEUE: &str = "/admin/rooms/hall/queue";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_asks_and_hosts_decide_without_scripts() {
    let town = Town::new().await;
    let (ana, ben, cy) = (town.person("ana").await, town.person("ben").await, town.person("cy").await);
    let room = hall(&town, &ana, Visibility::Public).await;
    let (number, bens, cys) = (room.id.to_string(), id(&ben), id(&cy));
    assert!(page(&ana, QUEUE).await.contains("Nobody is asking to join."));
    let before = page(&ben, "/r/hall").await;
    assert!(before.contains("/call/ask-to-join?") && before.contains("Only members can write here"), "{before}");
    assert!(!before.contains("/call/enter-room?"), "nobody joins by themselves: {before}");
    assert!(!before.contains("class=\"composer\""), "there is nothing to write with");
    assert!(!page(&town.stranger(), "/r/hall").await.contains("ask-to-join"), "guests sign in first");
    assert!(!page(&ana, "/r/hall").await.contains("ask-to-join"));

    for (browser, words) in [(&ben, "I play <the> cello"), (&cy, "")] {
        let fields = [("room", number.as_str()), ("words", words)];
        assert_eq!(submits(browser, "ask-to-join", "/r/hall", &fields).await, "/r/hall");
        let after = page(browser, "/r/hall").await;
        assert!(after.contains("You have asked to join.") && !after.contains("/call/ask-to-join?"), "{after}");
    }
    assert!(page(&ana, "/r/hall").await.contains("2 asking to join"));
    let queue = page(&ana, QUEUE).await;
    assert!(queue.contains("I play &lt;the&gt; cello") && queue.contains("Let in: cy"), "{queue}");
    let decide = |person| [("room", number.as_str()), ("person", person)];
    assert_eq!(submits(&ana, "approve-join-request", QUEUE, &decide(&bens)).await, QUEUE);
    assert_eq!(submits(&ana, "decline-join-request", QUEUE, &decide(&cys)).await, QUEUE);
    let again = submits(&ana, "approve-join-request", QUEUE, &decide(&bens)).await;
    assert!(page(&ana, &again).await.contains("It is gone, or no longer valid."), "{again}");
    assert!(page(&ben, "/r/hall").await.contains("class=\"composer\""));
    let declined = page(&cy, "/r/hall").await;
    assert!(declined.contains("A host declined your request to join. You can ask again in 24 hours."), "{declined}");
    let trail = page(&ana, "/admin/rooms/hall/audit").await;
    assert!(trail.contains("let in") && trail.contains("declined to let in") && !trail.contains("cello"), "{trail}");

    let fields = [("room", number.as_str()), ("words", "please")];
    let (status, problem) = cy.call("ask-to-join", &fields).await;
    assert_eq!((status.as_u16(), &problem["code"]), (429, &Value::from("too_fast")));
    let taken = cy.request(Method::POST, "/export/account").send().await.unwrap().bytes().await.unwrap();
    let taken = String::from_utf8_lossy(&taken);
    assert!(taken.contains("\"join_requests\"") && taken.contains("\"address\": \"hall\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_somebody_may_not_know_of_is_not_found_by_asking() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = hall(&town, &ana, Visibility::Private).await.id.to_string();
    let none = ben.call("ask-to-join", &[("room", "987654"), ("words", "hello")]).await;
    for browser in [&ben, &town.stranger()] {
        assert_eq!(browser.call("ask-to-join", &[("room", &room), ("words", "hello")]).await, none);
        let (there, nowhere) = (browser.get("/r/hall").await, browser.get("/r/nowhere").await);
        assert_eq!((there.status(), nowhere.status()), (404.try_into().unwrap(), 404.try_into().unwrap()));
        assert!(!there.text().await.unwrap().contains("ask-to-join"));
    }
    assert_eq!(none.0.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_hear_it_over_the_socket() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = hall(&town, &ana, Visibility::Open).await;
    let (mut host, mut reader) = (ana.socket().await, ben.socket().await);
    host.enter(&room, None).await;
    reader.enter(&room, None).await;
    let (number, bens) = (room.id.to_string(), id(&ben));
    let (status, _) = ben.call("ask-to-join", &[("room", &number)]).await;
    assert_eq!(status, 200);
    assert_eq!(reader.hears("asked").await["asked"], "waiting");
    let told = host.hears("held").await;
    assert_eq!((&told["count"], &told["asking"]), (&Value::from(0), &Value::from(1)));
    ana.call("decline-join-request", &[("room", &number), ("person", &bens)]).await;
    assert_eq!(reader.hears("asked").await["asked"]["declined"]["wait_ms"], 86_400_000);
    assert_eq!(host.hears("held").await["asking"], 0);
}

fn id(browser: &Browser) -> String {
    browser.who.as_ref().unwrap().person.id.to_string()
}
