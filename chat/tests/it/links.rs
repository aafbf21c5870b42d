//! What other systems put into their rooms: pictures by address, texts, videos.

use crate::files::{png, server};
use crate::town::{Town, problem, visit, words};
use chat::{Link, LinkWords, PanelKind, PanelWords, Problem, RoomHost, Shown, Thing, Who};
use domain::RoomId;
use domain::picture::Size;
use domain::room::Visibility;
use std::net::SocketAddr;
use std::time::Duration;

const SHOP: &str = "shop";

/// Two rooms of a shop, which root runs, and a site with pictures.
async fn shop(town: &Town) -> (Who, [RoomId; 2], SocketAddr) {
    let root = town.admin("root").await.0;
    let mut rooms = Vec::new();
    for name in ["1", "2"] {
        let words = words(&format!("shop-{name}"), Visibility::Open);
        rooms.push(town.chat.room_of(SHOP, name, &words, None).await.unwrap());
    }
    let site = server(|path| {
        let body = if path == "/none" { Vec::new() } else { png(8, 6).to_vec() };
        let status = if path == "/none" { "404 Not Found" } else { "200 OK" };
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
        [head.into_bytes(), body].concat()
    });
    (root, rooms.try_into().unwrap(), site.await)
}

async fn hosts(town: &Town, who: &Who, rooms: &[RoomId]) -> Vec<RoomHost> {
    let mut hosts = Vec::new();
    for room in rooms {
        hosts.push(town.chat.host(Some(who), *room).await.unwrap());
    }
    hosts
}

fn said(room: Option<RoomId>, url: &str, order: i64) -> LinkWords {
    LinkWords { room, url: url.into(), order }
}

/// Addresses and orders as the shop sees them, and those that hang here.
async fn wall(town: &Town, who: &Who, room: RoomId) -> (Vec<(String, i64)>, Vec<i64>) {
    let reader = town.chat.reader(Some(who), room).await.unwrap();
    let linked = town.chat.linked_wall(&reader, SHOP).await.unwrap().into_iter().map(|shown| match shown {
        Shown::Link(Link { url, order, .. }) => (url, order),
        Shown::Ours(picture) => (String::new(), picture.order),
    });
    let here = town.chat.wall(&reader).await.unwrap().pictures.iter().map(|picture| picture.order).collect();
    (linked.collect(), here)
}

async fn soon_hangs(town: &Town, who: &Who, room: RoomId, orders: &[i64]) {
    for _ in 0..200 {
        if wall(town, who, room).await.1 == orders {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{orders:?} does not hang: {:?}", wall(town, who, room).await);
}

#[tokio::test]
async fn a_link_counts_at_once_and_hangs_soon() {
    let town = Town::new().await;
    let (root, [one, two], site) = shop(&town).await;
    let hosts = hosts(&town, &root, &[one, two]).await;
    let (a, none) = (format!("http://{site}/a"), format!("http://{site}/none"));
    town.chat.link_picture(&hosts, SHOP, "5", said(Some(one), &a, 3)).await.unwrap();
    assert_eq!(wall(&town, &root, one).await.0, [(a.clone(), 3)]);
    soon_hangs(&town, &root, one, &[3]).await;
    assert_eq!(wall(&town, &root, one).await.0, [(a.clone(), 3)], "and is one picture");
    // An address that leads nowhere is on the shop's wall only.
    town.chat.link_picture(&hosts, SHOP, "6", said(None, &none, 9)).await.unwrap();
    assert_eq!(wall(&town, &root, two).await.0, [(none.clone(), 9)]);
    assert_eq!(wall(&town, &root, one).await.0, [(none.clone(), 9), (a.clone(), 3)]);
    let changed = town.chat.change_links(&hosts, SHOP, "6", said(None, &a, 1)).await.unwrap();
    assert_eq!((changed.len(), changed[0].url.as_str(), changed[0].order), (1, a.as_str(), 1));
    soon_hangs(&town, &root, two, &[1]).await;
    soon_hangs(&town, &root, one, &[3, 1]).await;
    town.chat.remove_links(&hosts, SHOP, "6").await.unwrap();
    assert_eq!(wall(&town, &root, one).await.0, [(a, 3)], "gone at once");
    soon_hangs(&town, &root, one, &[3]).await;
    soon_hangs(&town, &root, two, &[]).await;
}

#[tokio::test]
async fn only_who_runs_the_rooms_puts_something_there() {
    let town = Town::new().await;
    let (root, [one, two], _) = shop(&town).await;
    let ana = town.person("ana").await;
    let (all, first) = (hosts(&town, &root, &[one, two]).await, hosts(&town, &root, &[one]).await);
    let chat = &town.chat;
    for room in [None, Some(two)] {
        let words = said(room, "http://a.example/", 1);
        assert_eq!(problem(chat.link_picture(&first, SHOP, "1", words).await), Problem::NotAllowed);
    }
    // Nor does a host of another room do it with a room that the system does not have.
    let den = town.room("den", Visibility::Open, &ana).await;
    let hers = hosts(&town, &ana, &[den.id]).await;
    let words = said(Some(den.id), "http://a.example/", 1);
    assert_eq!(problem(chat.link_picture(&hers, SHOP, "1", words).await), Problem::not_found(Thing::Room));
    chat.link_picture(&all, SHOP, "1", said(Some(two), "http://a.example/", 1)).await.unwrap();
    assert_eq!(problem(chat.remove_links(&first, SHOP, "1").await), Problem::NotAllowed);
    let move_it = said(Some(one), "http://a.example/", 1);
    assert_eq!(problem(chat.change_links(&first, SHOP, "1", move_it).await), Problem::NotAllowed, "from elsewhere");
    assert_eq!(problem(chat.remove_links(&all, SHOP, "2").await), Problem::not_found(Thing::Picture));
    assert_eq!(problem(chat.remove_links(&all, "other", "1").await), Problem::not_found(Thing::Picture));
    let long = said(Some(one), &"x".repeat(70_000), 1);
    assert!(matches!(problem(chat.link_picture(&all, SHOP, "3", long).await), Problem::Invalid { .. }));
}

#[tokio::test]
async fn a_shared_picture_is_for_who_knows_its_name() {
    let town = Town::new().await;
    let (root, [one, _], _) = shop(&town).await;
    let host = town.chat.host(Some(&root), one).await.unwrap();
    let picture = crate::files::added(&town.chat, &root, one).await;
    let get = async || town.chat.shared_picture(SHOP, &picture.blob, Size::Full).await;
    assert!(get().await.is_ok());
    let elsewhere = town.chat.shared_picture("other", &picture.blob, Size::Full).await;
    assert_eq!(problem(elsewhere), Problem::not_found(Thing::Picture));
    town.chat.change_pictures(&host, chat::ShelfAct::Hold, &[picture.id]).await.unwrap();
    assert_eq!(problem(get().await), Problem::not_found(Thing::Picture));
    town.chat.change_pictures(&host, chat::ShelfAct::Show, &[picture.id]).await.unwrap();
    let rule = domain::gate::GateRule { opening: domain::gate::Opening::Never, ..Default::default() };
    town.chat.change_gate(&host, rule).await.unwrap();
    assert_eq!(problem(get().await), Problem::not_found(Thing::Picture), "behind a shut gate");
}

#[tokio::test]
async fn panels_have_names_rooms_and_bounds() {
    let town = Town::new().await;
    let (root, [one, two], _) = shop(&town).await;
    let all = hosts(&town, &root, &[one, two]).await;
    let chat = &town.chat;
    let words = |room, title: &str| PanelWords { room, title: title.into(), ..PanelWords::default() };
    for (room, title) in [(Some(one), "a"), (None, "b"), (Some(two), "c")] {
        chat.add_panel(&all, SHOP, PanelKind::Course, "1", words(room, title)).await.unwrap();
    }
    chat.add_panel(&all, SHOP, PanelKind::Record, "1", words(None, "r")).await.unwrap();
    let titles = async |rooms: &[RoomId]| -> Vec<String> {
        let mut readers = Vec::new();
        for room in rooms {
            readers.push(chat.reader(Some(&root), *room).await.unwrap());
        }
        let panels = chat.panels(&readers, SHOP, PanelKind::Course).await.unwrap();
        panels.into_iter().map(|panel| panel.title).collect()
    };
    assert_eq!(titles(&[one, two]).await, ["c", "b", "a"]);
    assert_eq!(titles(&[one]).await, ["b", "a"]);
    assert!(titles(&[]).await.is_empty());
    let changed = chat.change_panels(&all, SHOP, PanelKind::Course, "1", words(Some(one), "x")).await.unwrap();
    assert_eq!(changed.len(), 3, "all of that name");
    assert_eq!(titles(&[one]).await, ["x", "x", "x"]);
    chat.remove_panels(&all, SHOP, PanelKind::Course, "1").await.unwrap();
    assert!(titles(&[one, two]).await.is_empty());
    let first = hosts(&town, &root, &[one]).await;
    assert_eq!(
        problem(chat.add_panel(&first, SHOP, PanelKind::Course, "1", words(None, "x")).await),
        Problem::NotAllowed
    );
    assert_eq!(chat.panels_named(&all, SHOP, PanelKind::Record, "1").await.unwrap().len(), 1, "of another kind");
}

#[tokio::test]
async fn a_vouched_host_is_one_in_these_rooms_alone() {
    let town = Town::new().await;
    let (_, [one, two], _) = shop(&town).await;
    let boss = town.chat.vouch(SHOP, "boss", "{}").await.unwrap();
    let who = town.chat.let_in(&boss, SHOP, &visit(), None).await.unwrap().who;
    town.chat.seat(&boss, one, domain::member::Role::Host).await.unwrap();
    assert!(town.chat.host(Some(&who), one).await.is_ok());
    assert_eq!(problem(town.chat.host(Some(&who), two).await), Problem::NotAllowed);
    town.chat.seat(&boss, one, domain::member::Role::Member).await.unwrap();
    assert_eq!(problem(town.chat.host(Some(&who), one).await), Problem::NotAllowed);
}
