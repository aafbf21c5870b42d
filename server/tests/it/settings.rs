//! Looking for a setting: every one is found, leads to its field, and is shown to nobody else.

use crate::town::{Browser, Town};
use app::calls::settings::{ServerSetting, ServerSettings};
use domain::room::Visibility;
use std::collections::BTreeSet;

async fn page(browser: &Browser, path: &str) -> String {
    browser.get(path).await.text().await.unwrap()
}

/// Where the list leads: addresses of fields.
fn fields(page: &str) -> BTreeSet<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.filter(|href| href.contains('#') && !href.starts_with('#')).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_setting_leads_to_its_field() {
    let town = Town::new().await;
    let root = town.admin().await;
    let ana = town.person("ana").await;
    town.room("den", Visibility::Private, &ana).await;
    let list = page(&root, "/admin/settings").await;
    let fields = fields(&list);
    assert!(fields.len() > 20, "{fields:?}");
    for field in fields {
        let (path, id) = field.split_once('#').unwrap();
        let there = page(&root, path).await;
        assert!(there.contains(&format!("id=\"{id}\"")), "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_is_found_by_name_consequence_and_sound_in_both_languages() {
    let town = Town::new().await;
    let root = town.admin().await;
    let ana = town.person("ana").await;
    town.room("den", Visibility::Private, &ana).await;
    town.room("hall", Visibility::Public, &ana).await;
    let slow = "/admin/rooms/den/moderation#change-policy-slow";
    for asked in ["slow", "SLOW+mode", "%E6%85%A2%E9%80%9F", "mansu", "least+time+two+messages"] {
        let found = page(&root, &format!("/admin/settings?q={asked}&room=den")).await;
        assert!(found.contains(slow), "{asked}: {found}");
        assert!(!found.contains("#change-gate-grace"), "{asked}");
    }
    let none = page(&root, "/admin/settings?q=xyzzy").await;
    assert!(none.contains("No matching setting."), "{none}");
    let odd = root.get("/admin/settings?q=%00%3Cscript%3E&room=den").await;
    assert_eq!(odd.status(), 200);
    assert!(!odd.text().await.unwrap().contains("value=\"\0<script>"));
    assert_eq!(root.get("/admin/settings?room=nowhere").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_it_was_made_is_marked() {
    let town = Town::new().await;
    let root = town.admin().await;
    let room = town.room("hall", Visibility::Public, &root).await;
    let path = "/admin/settings?q=slow+mode&room=hall";
    let before = page(&root, path).await;
    assert!(before.contains(">Default<") && !before.contains(">Changed<"), "{before}");
    let fields =
        [("room", &*room.id.to_string()), ("posting", "everyone"), ("slow", "7"), ("recall", "120"), ("edit", "900")];
    assert_eq!(root.call("change-policy", &fields).await.0, 200);
    let after = page(&root, path).await;
    assert!(after.contains(">Changed<") && after.contains(">7<"), "{after}");
    // On the fields themselves the default is named.
    let field = page(&root, "/admin/rooms/hall/moderation").await;
    assert!(field.contains("Default: 0"), "{field}");
    let choices = page(&root, "/admin/rooms/hall").await;
    assert_eq!(choices.matches(">Default<").count(), 2, "who sees it, and what opens it: {choices}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_settings_are_for_administrators_and_secrets_for_nobody() {
    let town = Town::new().await;
    let root = town.admin().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    town.room("den", Visibility::Private, &ana).await;
    let one = |flag: &str, value: Option<&str>, is_usual| ServerSetting {
        flag: flag.to_owned(),
        env: format!("SALON_{}", flag.to_uppercase()),
        value: value.map(str::to_owned),
        is_usual,
    };
    let told = [one("smtp", None, false), one("register", Some("invited"), false), one("metrics", Some(""), true)];
    town.house.settings.set(ServerSettings(told.into())).unwrap();
    let list = page(&root, "/admin/settings?q=SALON_").await;
    for words in ["--smtp", "Not shown", "--register", "invited", "Who may create an account"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let host = ana.get("/admin/settings?room=den").await;
    assert_eq!(host.status(), 200);
    let host = host.text().await.unwrap();
    assert!(host.contains("#change-policy-slow") && !host.contains("--smtp"), "{host}");
    assert!(!host.contains("#remove-room") && !host.contains("/admin/words"), "{host}");
    assert_eq!(ana.get("/admin/settings").await.status(), 403);
    assert_eq!(ben.get("/admin/settings?room=den").await.status(), 404);
    assert_eq!(town.stranger().get("/admin/settings?room=den").await.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn showing_a_room_to_more_people_takes_its_name() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("den", Visibility::Private, &ana).await;
    let id = room.id.to_string();
    let change = |visibility: &'static str, typed: &'static str| {
        let (ana, id) = (ana.clone(), id.clone());
        async move {
            let words = [("room", id.as_str()), ("title", "Room den"), ("slug", "den"), ("about", "")];
            let fields = [&words[..], &[("visibility", visibility), ("room_name", typed)]].concat();
            ana.call("change-room", &fields).await
        }
    };
    for typed in ["", "den", "room den"] {
        for wider in ["public", "open"] {
            let (status, problem) = change(wider, typed).await;
            assert_eq!((status.as_u16(), problem["field"].as_str()), (422, Some("room_name")), "{wider} {typed}");
        }
    }
    assert_eq!(town.stranger().get("/r/den").await.status(), 404, "nothing was changed");
    assert_eq!(change("open", " Room den ").await.0, 200);
    assert_eq!(change("public", "").await.0, 422);
    assert_eq!(change("public", "Room den").await.0, 200);
    assert_eq!(town.stranger().get("/r/den").await.status(), 200);
    assert_eq!(change("private", "").await.0, 200, "less needs nothing");

    let words =
        [("room", id.as_str()), ("title", "Room den"), ("slug", "den"), ("about", ""), ("visibility", "public")];
    let back = ana.submit("change-room", "/admin/rooms/den", &words).await;
    let page = page(&ana, back.headers()["location"].to_str().unwrap()).await;
    assert!(page.contains("Type its name to confirm"), "without JavaScript too: {page}");
}
