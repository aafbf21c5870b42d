//! The doors of notices: the page, the calls, the service worker.

use crate::program::start_with;
use crate::town::Town;
use domain::room::Visibility;

/// A point of P-256, as a browser would write it (RFC 8291, appendix A).
const KEY: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_added_listed_and_ended_by_forms() {
    let town = Town::new().await;
    let ben = town.person("ben").await;
    let page = ben.get("/me/notices").await.text().await.unwrap();
    let key = town.chat.push_key().await.unwrap();
    assert!(page.contains(&format!("data-push-key=\"{key}\"")) && page.contains("No device is notified"), "{page}");

    let fields = [("endpoint", "http://127.0.0.1:9/ben"), ("p256dh", KEY), ("auth", AUTH)];
    assert_eq!(ben.call("add-subscription", &fields).await.0, 200);
    let [device] = &town.chat.subscriptions(ben.who.as_ref().unwrap()).await.unwrap()[..] else { panic!("one") };
    let page = ben.get("/me/notices").await.text().await.unwrap();
    assert!(page.contains("This device") && !page.contains("127.0.0.1:9"), "its address is nobody's business: {page}");
    let answer = ben.submit("end-subscription", "/me/notices", &[("subscription", &device.id.to_string())]).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (303, &"/me/notices".parse().unwrap()));
    assert!(town.chat.subscriptions(ben.who.as_ref().unwrap()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_are_kept_and_shown() {
    let town = Town::new().await;
    let ben = town.person("ben").await;
    let fields = [("quiet_from", "22:30"), ("quiet_to", "07:00"), ("hides", "true")];
    ben.submit("change-notices", "/me/notices", &fields).await;
    let page = ben.get("/me/notices").await.text().await.unwrap();
    assert!(page.contains("value=\"22:30\"") && page.contains("value=\"07:00\"") && page.contains("checked"), "{page}");
    let refused = ben.call("change-notices", &[("quiet_from", "22:30"), ("quiet_to", "noon")]).await;
    assert_eq!((refused.0.as_u16(), &refused.1["field"]), (422, &"quiet_to".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_says_whose_it_is_and_a_shared_one_nobodys() {
    let town = Town::new().await;
    let (ana, ben, guest) = (town.person("ana").await, town.person("ben").await, town.stranger());
    town.room("hall", Visibility::Public, &ana).await;
    for path in ["/", "/r/hall", "/search"] {
        for browser in [&ana, &ben] {
            let person = browser.who.as_ref().unwrap().person.id.to_string();
            assert_eq!(browser.get(path).await.headers()["x-salon-person"], person.as_str(), "{path}");
        }
        for _ in 0..2 {
            assert!(!guest.get(path).await.headers().contains_key("x-salon-person"), "{path}");
        }
    }
    assert!(!ben.get("/sw.js").await.headers().contains_key("x-salon-person"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_worker_is_asked_for_each_time() {
    let town = Town::new().await;
    let answer = town.stranger().get("/sw.js?build=0123456789abcdef").await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("content-type"), header("cache-control")),
        ("text/javascript; charset=utf-8".into(), "no-cache".into())
    );
    assert_eq!(answer.text().await.unwrap(), "// a worker\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_switched_off() {
    let folder = tempfile::tempdir().unwrap();
    let program = start_with(&["--no-worker"], &folder.path().join("data"));
    let answer = crate::town::client().get(format!("{}/sw.js", program.base)).send().await.unwrap();
    let text = answer.text().await.unwrap();
    assert!(text.contains("unregister") && text.contains("caches.delete"), "{text}");
}
