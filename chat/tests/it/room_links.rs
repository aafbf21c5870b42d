//! What other systems call our rooms, as the operator sets it.

use crate::town::{Town, problem, words};
use chat::{Problem, RoomLink, Sought, Thing};
use domain::audit::Act;
use domain::room::Visibility;

fn link(slug: &str, system: &str, name: &str) -> RoomLink {
    RoomLink { slug: slug.into(), system: system.into(), name: name.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_was_there_gets_a_name_elsewhere() {
    let town = Town::new().await;
    let chat = &town.chat;
    let ana = town.person("ana").await;
    let lobby = town.room("lobby", Visibility::Public, &ana).await;
    let first = chat.room_of("ginchat", "1", &words("ginchat-1", Visibility::Open), None).await.unwrap();
    let before = chat.link_room("lobby", "ginchat", "1").await.unwrap().unwrap();
    assert_eq!((before.id, before.slug.as_str()), (first, "ginchat-1"));
    assert_eq!(chat.find_room_of("ginchat", "1").await.unwrap(), Some(lobby.id));
    assert_eq!(chat.room_of("ginchat", "1", &words("x", Visibility::Open), None).await.unwrap(), lobby.id);
    assert_eq!(chat.link_room("lobby", "ginchat", " 1 ").await.unwrap(), None, "it is so already");
    assert_eq!(chat.link_room("lobby", "webim", "1").await.unwrap(), None);
    assert_eq!(chat.room_links().await.unwrap(), [link("lobby", "ginchat", "1"), link("lobby", "webim", "1")]);
    // The old one is a room like any other, and may get another name.
    assert_eq!(chat.link_room("ginchat-1", "ginchat", "2").await.unwrap(), None);

    let taken = Problem::Taken { thing: Thing::Room };
    assert_eq!(problem(chat.link_room("lobby", "ginchat", "3").await), taken, "it has one there");
    let none = Problem::not_found(Thing::Room);
    assert_eq!(problem(chat.link_room("nowhere", "ginchat", "3").await), none);
    town.person("bo").await;
    let pair = chat.start_private(&ana, "bo").await.unwrap();
    for private in [pair.slug.as_str(), "@1.2"] {
        assert_eq!(problem(chat.link_room(private, "ginchat", "3").await), none, "{private}");
    }
    for (system, name) in [("", "1"), ("ginchat", ""), ("gin chat", "1"), ("ginchat", "a\nb"), ("x", &"1".repeat(65))] {
        assert!(matches!(problem(chat.link_room("lobby", system, name).await), Problem::Invalid { .. }), "{system}");
    }
    chat.unlink_room("ginchat", "1").await.unwrap();
    assert_eq!(problem(chat.unlink_room("ginchat", "1").await), none);
    assert_eq!(chat.find_room_of("ginchat", "1").await.unwrap(), None);
    let host = chat.host(Some(&ana), lobby.id).await.unwrap();
    let acts = chat.room_audit(&host, &Sought::default()).await.unwrap();
    assert_eq!(acts.lines.iter().filter(|line| line.act == Act::RoomChanged && line.by.is_none()).count(), 3);
}
