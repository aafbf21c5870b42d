//! Where the pictures of a wall come from, and what could not be had.

use crate::files::{added, png, server};
use crate::town::{Town, problem, words};
use chat::{LinkWords, OwnPicture, Problem, RoomHost, Thing};
use domain::LinkId;
use domain::room::Visibility;
use domain::source::Sources;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const SHOP: &str = "shop";

async fn sources_until(town: &Town, host: &RoomHost, what: &str, is_so: impl Fn(&Sources) -> bool) -> Sources {
    for _ in 0..400 {
        let sources = town.chat.sources(host).await.unwrap();
        if is_so(&sources) {
            return sources;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: {:?}", town.chat.sources(host).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_see_whose_a_picture_is_and_fetch_again_what_could_not_be_had() {
    let town = Town::new().await;
    let (chat, root) = (&town.chat, town.admin("root").await.0);
    let room = chat.room_of(SHOP, "1", &words("shop-1", Visibility::Open), None).await.unwrap();
    let elsewhere = town.room("elsewhere", Visibility::Public, &root).await;
    let host = chat.host(Some(&root), room).await.unwrap();
    let stranger = chat.host(Some(&root), elsewhere.id).await.unwrap();
    let is_up = Arc::new(AtomicBool::new(false));
    let up = is_up.clone();
    let site = server(move |_| {
        let (status, body) =
            if up.load(Ordering::Relaxed) { ("200 OK", png(8, 6).to_vec()) } else { ("404 Not Found", Vec::new()) };
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
        [head.into_bytes(), body].concat()
    })
    .await;
    let by_hand = added(chat, &root, room).await;
    let own = OwnPicture { bytes: png(9, 9), ..OwnPicture::default() };
    let named = chat.put_own_picture(&host, "lake-7", own, None).await.unwrap().picture;
    let url = format!("http://{site}/a");
    let said = LinkWords { room: None, url: url.clone(), order: 3 };
    chat.link_picture(std::slice::from_ref(&host), SHOP, "c5", said).await.unwrap();

    let sources = sources_until(&town, &host, "what failed", |sources| sources.lost.len() == 1).await;
    assert_eq!(sources.of(by_hand.id), None);
    assert_eq!(sources.of(named.id).map(|named| named.name.as_str()), Some("lake-7"));
    let lost = &sources.lost[0];
    assert_eq!((lost.name.as_str(), lost.url.as_str()), ("c5", url.as_str()));
    assert!(matches!(&lost.why, Problem::Invalid { field, .. } if field == "url"), "{lost:?}");
    assert_eq!(chat.sources(&stranger).await.unwrap(), Sources::default());
    assert_eq!(problem(chat.refetch_link(&stranger, lost.link).await), Problem::not_found(Thing::Picture));
    assert_eq!(problem(chat.refetch_link(&host, LinkId(999)).await), Problem::not_found(Thing::Picture));

    assert_eq!(problem(chat.refetch_link(&host, lost.link).await), lost.why, "still the same");
    is_up.store(true, Ordering::Relaxed);
    chat.refetch_link(&host, lost.link).await.unwrap();
    let sources = chat.sources(&host).await.unwrap();
    assert!(sources.lost.is_empty());
    let linked = sources.named.iter().find(|named| named.system == SHOP).unwrap();
    assert_eq!(linked.name, "c5");
    let wall = chat.wall(host.reader()).await.unwrap();
    assert!(wall.pictures.iter().any(|picture| picture.id == linked.picture));
    // Taken down by a host, it is not lost.
    chat.remove_picture(&host, linked.picture).await.unwrap();
    assert!(chat.sources(&host).await.unwrap().lost.is_empty());
}
