//! Backups: what is restored is what was there, and whoever knew the old history is told.

use crate::files::{added, png};
use crate::live::Ear;
use crate::messages::client_id;
use crate::town::{Land, PASSWORD, Town, visit};
use chat::{CopyFault, Error, Keeper, NewPicture, RoomState};
use domain::RoomId;
use domain::live::{Frame, Position};
use domain::picture::Size;
use domain::room::Visibility;
use domain::wall::Place as Spot;
use std::path::PathBuf;
use tempfile::TempDir;

/// A place for a backup.
pub fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("salon.tar");
    (folder, file)
}

/// A house with some of everything: ana and bo, two rooms, talk, pictures that were moved,
/// replaced and taken down.
pub async fn lived_in() -> Town {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    town.admin("root").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let den = town.room("den", Visibility::Private, &bo).await;
    town.chat.enter(&bo, hall.id).await.unwrap();
    town.say(&ana, hall.id, 5).await;
    town.say(&bo, den.id, 2).await;
    let writer = town.chat.writer(Some(&bo), hall.id).await.unwrap();
    let text = "**Ω** \u{1F3DE} 'quotes' \"double\" \\ back\n```\ncode\n```\n@ana https://a.example/?q=1&r=<x>";
    town.chat.post(&writer, &client_id("odd"), text).await.unwrap();
    town.chat.seen(&bo, hall.id, 4).await.unwrap();
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let pictures = [added(&town.chat, &ana, hall.id).await, added(&town.chat, &ana, hall.id).await];
    let wide = added_wide(&town, &host).await;
    town.chat.move_picture(&host, wide, Spot::Last, None).await.unwrap();
    town.chat.replace_picture(&host, pictures[0].id, new(700, "other"), None).await.unwrap();
    town.chat.remove_picture(&host, pictures[1].id).await.unwrap();
    added(&town.chat, &bo, den.id).await;
    town
}

pub fn new(side: u32, caption: &str) -> NewPicture {
    NewPicture { bytes: png(side, side), caption: caption.into(), alt: "a wall".into(), ..Default::default() }
}

async fn added_wide(town: &Town, host: &chat::RoomHost) -> domain::PictureId {
    town.chat.add_picture(host, new(1_400, "Wide & \"quoted\"")).await.unwrap().id
}

/// A room as somebody sees who signs in now.
async fn seen(town: &Town, name: &str, slug: &str) -> RoomState {
    let who = town.chat.sign_in(name, PASSWORD, &visit()).await.unwrap().who;
    town.chat.room_state(&town.chat.reader_by_slug(Some(&who), slug).await.unwrap()).await.unwrap()
}

async fn epoch_of(town: &Town, room: RoomId) -> Position {
    let reader = town.chat.reader(None, room).await.unwrap();
    town.chat.room_state(&reader).await.unwrap().position
}

/// Everything but who is present and which history it is.
fn assert_same(before: RoomState, after: RoomState) {
    assert_eq!(before.room, after.room);
    assert_eq!(before.members, after.members);
    assert_eq!(before.history, after.history);
    assert_eq!(before.wall, after.wall);
    assert_eq!(before.last_read, after.last_read);
    assert_eq!(before.position.seq, after.position.seq);
    assert_ne!(before.position.epoch, after.position.epoch, "old places are not valid here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_house_is_the_same_with_another_history() {
    let town = lived_in().await;
    let (_folder, file) = file();
    let copied = town.backup(&file).await.unwrap();
    assert_eq!((copied.people, copied.rooms, copied.messages, copied.pictures), (3, 2, 8, 4));
    assert!(copied.faults.is_empty(), "{:?}", copied.faults);
    let again = Town::restored(&file).await;
    for (name, slug) in [("ana", "hall"), ("bo", "hall"), ("bo", "den")] {
        assert_same(seen(&town, name, slug).await, seen(&again, name, slug).await);
    }
    let wall = seen(&town, "ana", "hall").await.wall;
    for (picture, size) in wall.pictures.iter().flat_map(|p| Size::stored(p.width, p.height).map(move |s| (p, s))) {
        let mut bytes = Vec::new();
        for town in [&town, &again] {
            let reader = town.chat.reader_by_slug(None, "hall").await.unwrap();
            bytes.push(town.chat.picture_bytes(&reader, &picture.blob, size).await.unwrap());
        }
        assert_eq!(bytes[0], bytes[1]);
    }
    assert_eq!(again.examine().await.findings, []);
}

/// New rows get numbers of their own: PostgreSQL has to be told where to count on.
#[tokio::test(flavor = "multi_thread")]
async fn life_goes_on_in_a_restored_house() {
    let town = lived_in().await;
    let (_folder, file) = file();
    town.backup(&file).await.unwrap();
    let again = Town::restored(&file).await;
    let cy = again.person("cy").await;
    let loft = again.room("loft", Visibility::Public, &cy).await;
    again.say(&cy, loft.id, 3).await;
    let ana = again.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap().who;
    let hall = again.chat.reader_by_slug(Some(&ana), "hall").await.unwrap().room().id;
    let before = epoch_of(&again, hall).await.seq;
    again.say(&ana, hall, 1).await;
    added(&again.chat, &ana, hall).await;
    assert_eq!(epoch_of(&again, hall).await.seq, before + 2);
    // What was taken down shortly before the backup can still be hung again.
    let host = again.chat.host(Some(&ana), hall).await.unwrap();
    again.chat.restore_picture(&host, domain::PictureId(2)).await.unwrap();
    assert_eq!(epoch_of(&again, hall).await.seq, before + 3);
    let guest = again.chat.reader(None, hall).await.unwrap();
    let wall = again.chat.wall(&guest).await.unwrap();
    let back = wall.pictures.iter().find(|picture| picture.id == domain::PictureId(2)).unwrap();
    again.chat.picture_bytes(&guest, &back.blob, Size::Full).await.unwrap();
    again.chat.tidy().await.unwrap();
    assert_eq!(again.examine().await.findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_knows_the_old_history_loads_anew() {
    let town = lived_in().await;
    let (_folder, file) = file();
    let hall = town.chat.reader_by_slug(None, "hall").await.unwrap().room().id;
    let known = epoch_of(&town, hall).await;
    town.backup(&file).await.unwrap();
    let again = Town::restored(&file).await;
    let now = epoch_of(&again, hall).await;
    for seq in [0, known.seq - 1, known.seq, known.seq + 5] {
        let place = Position { epoch: known.epoch, seq };
        let mut ear = Ear::at(&again.chat, None, hall, Some(place)).await;
        let reset = Frame::Reset { room: hall, position: now };
        ear.hear_until("a reset", |ear| ear.frames.contains(&reset)).await;
        assert!(ear.events().is_empty());
    }
}

/// A session that was ended since the backup must not work again, and an invitation that was
/// used up must not let anybody in.
#[tokio::test]
async fn nobody_comes_in_by_what_was_valid_once() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let session = town.chat.sign_in("root", PASSWORD, &visit()).await.unwrap();
    let invite = town.chat.create_invite(&admin, 1, 1).await.unwrap();
    let (_folder, file) = file();
    town.backup(&file).await.unwrap();
    let again = Town::restored(&file).await;
    assert!(again.chat.who(&session.token).await.unwrap().is_none());
    let who = again.chat.sign_in("root", PASSWORD, &visit()).await.unwrap().who;
    let admin = again.chat.admin(Some(&who)).unwrap();
    assert!(again.chat.invites(&admin).await.unwrap().is_empty());
    let bytes = std::fs::read(&file).unwrap();
    for secret in [&session.token, &invite] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

/// With a house of the tested kind in the middle, both ways are gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_house_moves_between_databases() {
    let town = lived_in().await;
    let ((_folder, first), (_other, second)) = (file(), file());
    town.backup(&first).await.unwrap();
    let sqlite = Land { folder: tempfile::tempdir().unwrap(), database: None };
    chat::restore(&first, &sqlite.place()).await.unwrap();
    let sqlite = sqlite.open().await;
    assert_same(seen(&town, "bo", "hall").await, seen(&sqlite, "bo", "hall").await);
    sqlite.backup(&second).await.unwrap();
    let back = Town::restored(&second).await;
    assert_same(seen(&sqlite, "bo", "hall").await, seen(&back, "bo", "hall").await);
    assert_eq!(back.examine().await.findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_never_written_over() {
    let town = lived_in().await;
    let (folder, file) = file();
    town.backup(&file).await.unwrap();
    let before = std::fs::read(&file).unwrap();
    let refused = town.backup(&file).await.unwrap_err();
    assert!(matches!(refused, Error::Copy(CopyFault::Exists(_))), "{refused}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["salon.tar"], "nothing half-written is left");

    let other = Town::new().await;
    for used in [other.place(), town.place()] {
        other.person(&format!("p{}", rand::random::<u16>())).await;
        let refused = chat::restore(&file, &used).await.unwrap_err();
        assert!(matches!(refused, Error::Copy(CopyFault::NotEmpty(_))), "{refused}");
    }
    assert_eq!(town.examine().await.findings, []);
    let nowhere = Keeper::open(Land::new().await.place()).await.err().unwrap();
    assert!(matches!(nowhere, Error::Copy(CopyFault::NoStore(_))), "{nowhere}");
}

/// While somebody copies, files that the copied rows name stay, whatever happens to the wall.
#[tokio::test(flavor = "multi_thread")]
async fn no_file_goes_while_a_backup_may_need_it() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let (a, b) = (added(&town.chat, &ana, hall.id).await, added(&town.chat, &ana, hall.id).await);
    let stored = |blob: &domain::BlobId| town.data().join(format!("files/{}/{blob}/full", hall.id));
    let keeper = Keeper::open(town.place()).await.unwrap();
    town.chat.replace_picture(&host, a.id, new(9, ""), None).await.unwrap();
    town.chat.remove_picture(&host, b.id).await.unwrap();
    town.clock.advance(2 * 3_600_000);
    town.chat.tidy().await.unwrap();
    assert!(stored(&a.blob).exists() && stored(&b.blob).exists());
    keeper.close().await.unwrap();

    for blob in [&a.blob, &b.blob] {
        let old = std::time::Duration::from_secs(2 * 3_600);
        let file = std::fs::File::options().append(true).open(stored(blob)).unwrap();
        file.set_modified(file.metadata().unwrap().modified().unwrap() - old).unwrap();
    }
    town.chat.tidy().await.unwrap();
    assert!(!stored(&a.blob).exists() && !stored(&b.blob).exists(), "afterwards they go");
    assert_eq!(town.examine().await.findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_damaged_house_says_so_and_holds_the_rest() {
    let town = lived_in().await;
    let hall = seen(&town, "ana", "hall").await;
    let (missing, changed) = (&hall.wall.pictures[0], &hall.wall.pictures[1]);
    let folder = |blob: &domain::BlobId| town.data().join(format!("files/{}/{blob}", hall.room.id));
    std::fs::remove_file(folder(&missing.blob).join("320")).unwrap();
    std::fs::write(folder(&changed.blob).join("640"), b"not this").unwrap();
    let (_folder, file) = file();
    let faults = town.backup(&file).await.unwrap().faults;
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(
        faults.iter().any(|fault| fault.contains(missing.blob.as_str()) && fault.contains("missing")),
        "{faults:?}"
    );
    assert!(faults.iter().any(|fault| fault.contains(changed.blob.as_str())), "{faults:?}");
    let land = Land::new().await;
    assert_eq!(chat::restore(&file, &land.place()).await.unwrap().faults, faults);
    let again = land.open().await;
    assert_eq!(seen(&again, "ana", "hall").await.history, hall.history);
    assert_eq!(again.examine().await.damages, 2);
}
