//! Pictures that a program names itself.

use crate::files::{ok, png, server};
use crate::town::{Town, problem, words};
use bytes::Bytes;
use chat::{LinkWords, OwnPicture, OwnPut, Problem, RoomHost, ShelfAct, Shown, Thing, Who};
use domain::picture::{Picture, Size};
use domain::room::{Room, Visibility};
use std::path::Path;

struct Scene {
    town: Town,
    ana: Who,
    room: Room,
}

impl Scene {
    async fn new() -> Self {
        let town = Town::new().await;
        let ana = town.person("ana").await;
        let room = town.room("hall", Visibility::Public, &ana).await;
        Self { town, ana, room }
    }

    async fn host(&self) -> RoomHost {
        self.town.chat.host(Some(&self.ana), self.room.id).await.unwrap()
    }

    async fn put(&self, name: &str, new: OwnPicture) -> OwnPut {
        self.town.chat.put_own_picture(&self.host().await, name, new, None).await.unwrap()
    }

    async fn wall(&self) -> (i64, Vec<Picture>) {
        let wall = self.town.chat.wall(self.host().await.reader()).await.unwrap();
        (wall.rev, wall.pictures)
    }

    /// Events of the room up to now.
    async fn events(&self) -> i64 {
        self.town.chat.position(self.host().await.reader()).await.unwrap().seq
    }

    /// How many pictures have files.
    fn stored(&self) -> usize {
        let folder = self.town.data().join("files").join(self.room.id.to_string());
        folders(&folder)
    }
}

fn folders(folder: &Path) -> usize {
    std::fs::read_dir(folder).map(|entries| entries.count()).unwrap_or_default()
}

fn file(side: u32) -> OwnPicture {
    OwnPicture { bytes: png(side, side), ..OwnPicture::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_under_a_name_again_is_the_same_picture() {
    let scene = Scene::new().await;
    let new = OwnPicture { caption: Some("shoes".into()), order: Some(7), ..file(8) };
    let first = scene.put("SKU 7/鞋", new.clone()).await;
    let OwnPut { picture, is_new, rev } = first.clone();
    assert_eq!(
        (picture.caption.as_str(), picture.order, is_new, scene.wall().await),
        ("shoes", 7, true, (rev, vec![picture.clone()]))
    );
    // Nothing new: no event, no file.
    let (events, stored) = (scene.events().await, scene.stored());
    assert_eq!(scene.put("SKU 7/鞋", new).await, OwnPut { is_new: false, ..first.clone() });
    assert_eq!(scene.put(" SKU 7/鞋 ", OwnPicture::default()).await, OwnPut { is_new: false, ..first });
    assert_eq!((scene.events().await, scene.stored()), (events, stored));
    // All of it at once is one event; what is left out stays.
    let again = scene.put("SKU 7/鞋", OwnPicture { alt: Some("a pair".into()), order: Some(-3), ..file(6) }).await;
    assert_eq!((again.picture.id, again.is_new, again.rev), (picture.id, false, rev + 1));
    let Picture { width, caption, alt, order, blob, .. } = again.picture;
    assert_eq!((width, caption.as_str(), alt.as_str(), order), (6, "shoes", "a pair", -3));
    assert_ne!(blob, picture.blob);
    assert_eq!((scene.events().await, scene.stored()), (events + 1, stored), "the old files are gone");
    let names = scene.town.chat.own_names(scene.host().await.reader()).await.unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), [(picture.id, "SKU 7/鞋".to_owned())]);
    assert!(scene.town.examine().await.damages == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_are_one_picture() {
    let scene = Scene::new().await;
    let (chat, host) = (scene.town.chat.clone(), scene.host().await);
    let put = |side| chat.put_own_picture(&host, "one", file(side), None);
    let (a, b, c) = tokio::join!(put(8), put(8), put(8));
    let puts = [a.unwrap(), b.unwrap(), c.unwrap()];
    assert_eq!(puts.iter().filter(|put| put.is_new).count(), 1);
    assert!(puts.iter().all(|put| put.picture == puts[0].picture));
    assert_eq!((scene.wall().await.1.len(), scene.stored()), (1, 1));
    let (a, b) = tokio::join!(put(5), put(6));
    let (a, b) = (a.unwrap(), b.unwrap());
    let (rev, wall) = scene.wall().await;
    let last = if a.rev > b.rev { &a } else { &b };
    assert_eq!((rev, &wall), (last.rev, &vec![last.picture.clone()]));
    assert_eq!(scene.stored(), 1);
    // Only one of two who have seen the same wall.
    let put = |side| chat.put_own_picture(&host, "one", file(side), Some(rev));
    let (a, b) = tokio::join!(put(3), put(4));
    let lost = if a.is_ok() { b } else { a };
    assert_eq!((problem(lost), scene.stored()), (Problem::changed(rev + 1), 1));
    assert_eq!(problem(chat.remove_own_picture(&host, "one", Some(rev)).await), Problem::changed(rev + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_may_do_with_it_what_they_do_with_any() {
    let scene = Scene::new().await;
    let (chat, host) = (scene.town.chat.clone(), scene.host().await);
    let first = scene.put("one", file(8)).await.picture;
    // Another file by hand: the same one of the program is put back.
    let by_hand = chat::NewPicture { bytes: png(3, 3), ..Default::default() };
    chat.replace_picture(&host, first.id, by_hand, None).await.unwrap();
    let back = scene.put("one", file(8)).await.picture;
    assert_eq!((back.id, back.width), (first.id, 8));
    // Taken down, it is nobody's; put again it hangs again.
    chat.remove_picture(&host, first.id).await.unwrap();
    let gone = Problem::not_found(Thing::Picture);
    assert_eq!(problem(chat.own_picture(host.reader(), "one").await), gone);
    assert_eq!(problem(chat.remove_own_picture(&host, "one", None).await), gone);
    assert!(chat.put_own_picture(&host, "one", OwnPicture::default(), None).await.is_err(), "of what?");
    let again = scene.put("one", file(8)).await;
    assert!(again.is_new && again.picture.id != first.id);
    // Held back: only hosts see it, and it stays so.
    chat.change_pictures(&host, ShelfAct::Hold, &[again.picture.id]).await.unwrap();
    let rev = scene.wall().await.0;
    let held = scene.put("one", OwnPicture { caption: Some("soon".into()), ..file(8) }).await;
    assert_eq!((held.picture.id, held.rev, scene.wall().await), (again.picture.id, rev, (rev, vec![])));
    assert_eq!(chat.own_picture(host.reader(), "one").await.unwrap().caption, "soon");
    let guest = chat.reader(None, scene.room.id).await.unwrap();
    assert_eq!(problem(chat.own_picture(&guest, "one").await), gone);
    let two = scene.put("two", OwnPicture { held: true, ..file(8) }).await;
    assert!(two.is_new && scene.wall().await.1.is_empty());
    chat.remove_own_picture(&host, "two", None).await.unwrap();
    assert_eq!(problem(chat.own_picture(host.reader(), "two").await), gone);
    // Its name is free, and its files go after an hour like all others.
    scene.town.clock.advance(3_700_000);
    chat.tidy_files().await.unwrap();
    assert!(scene.put("two", file(9)).await.is_new);
    assert!(scene.town.examine().await.damages == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_belong_to_a_room_and_to_programs() {
    let scene = Scene::new().await;
    let chat = &scene.town.chat;
    let (root, _) = scene.town.admin("root").await;
    let shop = chat.room_of("shop", "1", &words("shop", Visibility::Open), None).await.unwrap();
    let hosts = [chat.host(Some(&root), shop).await.unwrap()];
    let site = server(|_| ok(&png(8, 6))).await;
    let url = format!("http://{site}/a.png");
    let said = LinkWords { room: Some(shop), url: url.clone(), order: 5 };
    chat.link_picture(&hosts, "shop", "one", said).await.unwrap();
    let by_url = OwnPicture { url: Some(url), order: Some(9), ..OwnPicture::default() };
    let own = chat.put_own_picture(&hosts[0], "one", by_url.clone(), None).await.unwrap();
    assert!(own.is_new && own.picture.width == 8);
    assert!(!chat.put_own_picture(&hosts[0], "one", by_url, None).await.unwrap().is_new);
    assert!(scene.put("one", file(8)).await.is_new, "in another room it is another");
    // The system sees it as one of ours, and its own beside it.
    let orders: Vec<(bool, i64)> =
        chat.linked_wall(hosts[0].reader(), "shop").await.unwrap().into_iter().map(order).collect();
    assert_eq!(orders, [(false, 9), (true, 5)]);
    chat.remove_links(&hosts, "shop", "one").await.unwrap();
    chat.own_picture(hosts[0].reader(), "one").await.unwrap();
    let gone = chat.remove_own_picture(&hosts[0], "one", None).await;
    assert!(gone.is_ok() && scene.put("one", file(8)).await.rev == scene.wall().await.0);

    for name in ["", "  ", "a\nb", "a\u{202E}b", &"x".repeat(101)] {
        let refused = chat.put_own_picture(&hosts[0], name, file(4), None).await;
        assert!(matches!(problem(refused), Problem::Invalid { field, .. } if field == "own_id"), "{name:?}");
    }
    let odd = [
        OwnPicture { bytes: Bytes::from_static(b"no picture"), ..OwnPicture::default() },
        OwnPicture { caption: Some("x".repeat(2_000)), ..file(4) },
        OwnPicture { order: Some(i64::MAX), ..file(4) },
        OwnPicture { url: Some("nonsense".into()), ..OwnPicture::default() },
    ];
    for new in odd {
        assert!(matches!(problem(chat.put_own_picture(&hosts[0], "two", new, None).await), Problem::Invalid { .. }));
    }
    assert!(chat.own_names(hosts[0].reader()).await.unwrap().is_empty());
    let bytes = chat.picture_bytes(scene.host().await.reader(), &scene.wall().await.1[0].blob, Size::Full).await;
    assert_eq!(bytes.unwrap().1, "image/png");
}

fn order(shown: Shown) -> (bool, i64) {
    match shown {
        Shown::Link(link) => (true, link.order),
        Shown::Ours(picture) => (false, picture.order),
    }
}
