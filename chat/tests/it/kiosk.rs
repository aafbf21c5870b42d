//! Projectors: what a link opens, and when it does not any more.

use crate::files::{added, new, png};
use crate::town::{Town, problem};
use chat::{NewPicture, Problem, Rule, ShelfAct, Sought, Thing};
use domain::KioskId;
use domain::audit::Act;
use domain::kiosk::{Fit, KioskRule, MAX, Sequence};
use domain::picture::Size;
use domain::room::{RoomWords, Visibility};

fn rule(seconds: u32) -> KioskRule {
    KioskRule { name: "In the hall".into(), sequence: Sequence::Shuffle, seconds, fit: Fit::Fill, code: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_what_hangs_in_one_room_and_nothing_else() {
    let town = Town::new().await;
    let (ana, chat) = (town.person("ana").await, &town.chat);
    let den = town.room("den", Visibility::Private, &ana).await;
    let other = town.room("other", Visibility::Private, &ana).await;
    let host = chat.host(Some(&ana), den.id).await.unwrap();
    let shown = added(chat, &ana, den.id).await;
    let elsewhere = added(chat, &ana, other.id).await;
    let held = chat.add_picture(&host, NewPicture { held: true, ..new(png(4, 3)) }).await.unwrap();
    let token = chat.create_kiosk(&host, rule(5)).await.unwrap();

    let kiosk = chat.kiosk(&token).await.unwrap();
    assert_eq!((kiosk.rule(), kiosk.room().id), (&rule(5), den.id));
    let wall = chat.kiosk_wall(&kiosk).await.unwrap();
    assert_eq!(wall.pictures.iter().map(|picture| picture.id).collect::<Vec<_>>(), [shown.id]);
    chat.kiosk_bytes(&kiosk, &shown.blob, Size::Side(1280)).await.unwrap();
    for not_theirs in [&held, &elsewhere] {
        let refused = problem(chat.kiosk_bytes(&kiosk, &not_theirs.blob, Size::Full).await);
        assert_eq!(refused, Problem::not_found(Thing::Picture));
    }
    let before = chat.kiosk_version(&kiosk).await.unwrap();
    chat.change_pictures(&host, ShelfAct::Hold, &[shown.id]).await.unwrap();
    let hung = chat.kiosk_version(&kiosk).await.unwrap();
    assert_ne!(hung, before);
    let words = RoomWords::parse("lounge", "The lounge", "", Visibility::Private).unwrap();
    chat.change_room(&host, words).await.unwrap();
    let kiosk = chat.kiosk(&token).await.unwrap();
    assert_ne!(chat.kiosk_version(&kiosk).await.unwrap(), hung, "its code has another address");
    assert!(chat.kiosk_wall(&kiosk).await.unwrap().pictures.is_empty());
    assert!(chat.kiosk_bytes(&kiosk, &shown.blob, Size::Full).await.is_err());
    let rows = town.db().await;
    let kept = sea_orm::ConnectionTrait::query_all_raw(
        &rows,
        sea_orm::Statement::from_string(rows.get_database_backend(), "SELECT token_hash FROM kiosk"),
    );
    let kept: String = kept.await.unwrap()[0].try_get("", "token_hash").unwrap();
    assert_ne!(kept, token, "the token itself is kept nowhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shut_room_shows_nothing_on_its_projectors() {
    let town = Town::new().await;
    let (ana, chat) = (town.person("ana").await, &town.chat);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    let picture = added(chat, &ana, hall.id).await;
    let token = chat.create_kiosk(&host, rule(5)).await.unwrap();
    let open = chat.kiosk_version(&chat.kiosk(&token).await.unwrap()).await.unwrap();
    chat.open_room_now(&host, false).await.unwrap();
    let kiosk = chat.kiosk(&token).await.unwrap();
    assert!(chat.kiosk_wall(&kiosk).await.unwrap().pictures.is_empty());
    assert_eq!(problem(chat.kiosk_bytes(&kiosk, &picture.blob, Size::Full).await), Problem::Shut);
    assert_ne!(chat.kiosk_version(&kiosk).await.unwrap(), open, "it hears of it");
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    chat.open_room_now(&host, true).await.unwrap();
    let kiosk = chat.kiosk(&token).await.unwrap();
    assert_eq!(chat.kiosk_wall(&kiosk).await.unwrap().pictures.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_listed_and_revoked_by_the_rooms_hosts() {
    let town = Town::new().await;
    let (ana, bo, chat) = (town.person("ana").await, town.person("bo").await, &town.chat);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let den = town.room("den", Visibility::Public, &bo).await;
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    let stranger = chat.host(Some(&bo), den.id).await.unwrap();
    let token = chat.create_kiosk(&host, rule(5)).await.unwrap();
    let lines = chat.kiosks(&host).await.unwrap();
    assert_eq!((lines.len(), &lines[0].rule), (1, &rule(5)));
    assert_eq!(lines[0].by.as_ref().map(|by| &*by.name), Some("ana"));
    assert!(chat.kiosks(&stranger).await.unwrap().is_empty());
    assert_eq!(problem(chat.remove_kiosk(&stranger, lines[0].id).await), Problem::Gone);
    chat.kiosk(&token).await.unwrap();
    chat.remove_kiosk(&host, lines[0].id).await.unwrap();
    assert_eq!(problem(chat.kiosk(&token).await), Problem::Gone);
    assert_eq!(problem(chat.remove_kiosk(&host, lines[0].id).await), Problem::Gone);
    assert_eq!(problem(chat.kiosk("x").await), Problem::Gone);
    assert_eq!(problem(chat.remove_kiosk(&host, KioskId(0)).await), Problem::Gone);
    let trail = chat.room_audit(&host, &Sought::default()).await.unwrap();
    let acts: Vec<Act> = trail.lines.iter().map(|line| line.act).collect();
    assert_eq!(acts[..2], [Act::KioskRemoved, Act::KioskCreated]);
    assert_eq!(trail.lines[0].thing, Some(lines[0].id.0));

    assert_eq!(problem(chat.create_kiosk(&host, rule(1)).await), Problem::invalid("seconds", Rule::Shape));
    for _ in 0..MAX {
        chat.create_kiosk(&host, rule(5)).await.unwrap();
    }
    let full = Problem::invalid("kiosk", Rule::TooMany { max: MAX as u32 });
    assert_eq!(problem(chat.create_kiosk(&host, rule(5)).await), full);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_goes_with_its_room() {
    let town = Town::new().await;
    let (ana, chat) = (town.person("ana").await, &town.chat);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    let token = chat.create_kiosk(&host, rule(5)).await.unwrap();
    let (_, admin) = town.admin("root").await;
    chat.remove_room(&admin, hall.id, "Room hall").await.unwrap();
    assert_eq!(problem(chat.kiosk(&token).await), Problem::Gone);
}
