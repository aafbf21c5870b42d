//! Lists of the administration: in pages, ordered by their heads, with the filter in the address.

use crate::town::{Browser, PASSWORD, Town};
use domain::member::Role;
use domain::moderation::MuteFor;
use domain::person::SiteRole;
use domain::room::Visibility;

async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// The address of the link to the next page.
fn next(page: &str) -> Option<String> {
    let before = page.split("rel=\"next\"").next().filter(|before| before.len() < page.len())?;
    let href = before.rsplit("<a ").next()?.split("href=\"").nth(1)?.split('"').next()?;
    Some(href.replace("&amp;", "&"))
}

/// Where these stand in the page, one after the other.
fn in_order(page: &str, words: &[&str]) -> bool {
    let places: Vec<usize> =
        words.iter().map(|word| page.rfind(word).unwrap_or_else(|| panic!("{word}: {page}"))).collect();
    places.is_sorted()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_turns_round_and_keeps_its_filter_from_page_to_page() {
    let town = Town::new().await;
    let root = town.admin().await;
    let room = town.room("hall", Visibility::Public, &root).await;
    let host = town.chat.host(root.who.as_ref(), room.id).await.unwrap();
    for archived in [true, false].into_iter().cycle().take(120) {
        town.chat.archive_room(&host, archived).await.unwrap();
    }
    for here in [
        "/admin/audit?room=hall&person=root&act=room-archived",
        "/admin/rooms/hall/audit?person=root&act=room-archived",
    ] {
        let newest = page(&root, here).await;
        assert!(newest.contains("aria-sort=\"descending\"") && newest.contains("sort=at"), "{newest}");
        let oldest = page(&root, &format!("{here}&sort=at")).await;
        assert!(oldest.contains("aria-sort=\"ascending\""), "{oldest}");
        for first in [newest, oldest] {
            let further = next(&first).unwrap();
            assert!(further.contains("act=room-archived") && further.contains("person=root"), "{further}");
            let second = page(&root, &further).await;
            let rows = |page: &str| page.matches("<th scope=\"row\"").count();
            assert_eq!((rows(&first), rows(&second)), (50, 10), "{further}");
            assert_eq!(next(&second), None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_ordered_by_role_or_name() {
    let town = Town::new().await;
    let (zoe, ana, moe) = (town.person("zoe").await, town.person("ana").await, town.person("moe").await);
    let room = town.room("den", Visibility::Private, &zoe).await;
    let host = town.chat.host(zoe.who.as_ref(), room.id).await.unwrap();
    for member in [&ana, &moe] {
        town.chat.add_member(&host, member.who.as_ref().unwrap().person.id, Role::Member).await.unwrap();
    }
    let here = "/admin/rooms/den/people";
    for (sort, order) in [
        ("", ["zoe", "ana", "moe"]),
        ("?sort=-role", ["moe", "ana", "zoe"]),
        ("?sort=name", ["ana", "moe", "zoe"]),
        ("?sort=-name", ["zoe", "moe", "ana"]),
    ] {
        let page = page(&zoe, &format!("{here}{sort}")).await;
        let order = order.map(|name| format!("Remove from room: {name}"));
        assert!(in_order(&page, &order.each_ref().map(String::as_str)), "{sort}: {page}");
        assert_eq!(page.matches("aria-sort").count(), 1, "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn restricted_people_come_in_pages() {
    let town = Town::new().await;
    let root = town.admin().await;
    let room = town.room("hall", Visibility::Public, &root).await;
    let host = town.chat.host(root.who.as_ref(), room.id).await.unwrap();
    for i in 0..53 {
        let name = format!("loud{i}");
        let loud = town.chat.add_person(&name, PASSWORD, SiteRole::Member).await.unwrap();
        town.chat.mute(&host, loud.id, MuteFor::Good, "").await.unwrap();
    }
    let here = "/admin/rooms/hall/moderation";
    for sort in ["", "?sort=at"] {
        let first = page(&root, &format!("{here}{sort}")).await;
        let next = next(&first).unwrap();
        assert!(next.ends_with("#restricted") && next.contains("sort=at") != sort.is_empty(), "{next}");
        let second = page(&root, next.split('#').next().unwrap()).await;
        let names = |page: &str| (0..53).filter(|i| page.contains(&format!("@loud{i}\""))).collect::<Vec<_>>();
        let (some, rest) = (names(&first), names(&second));
        assert_eq!((some.len(), rest.len()), (50, 3), "{sort}");
        assert!(some.iter().all(|one| !rest.contains(one)));
    }
    // The same people in the list of the whole site, by what restricts them.
    let first = page(&root, "/admin/people?state=muted&q=loud").await;
    let next = next(&first).unwrap();
    assert!(next.contains("state=muted") && next.contains("q=loud"), "{next}");
    let second = page(&root, &next).await;
    assert_eq!([&first, &second].map(|page| page.matches("@<!>loud").count()), [50, 3], "{second}");
    assert!(page(&root, "/admin/people?state=banned").await.contains("Nobody matches."));
    let (_, account) = second.split_once("href=\"/admin/people/").unwrap();
    let account = page(&root, &format!("/admin/people/{}", account.split('"').next().unwrap())).await;
    assert!(account.contains("Restricted in") && account.contains("Muted for good"), "{account}");
    assert!(account.contains("/admin/rooms/hall/moderation#restricted"), "the way to lift it");
}
