//! A room is read once for many, and nobody sees less for it.

use crate::town::{Town, problem};
use chat::{Problem, Thing, Who};
use domain::room::Visibility;
use domain::span::Span;

/// Who said the last thing, what, and how far the reader has seen.
async fn last_words(town: &Town, who: Option<&Who>, slug: &str) -> (String, Vec<Span>, i64) {
    let reader = town.chat.reader_by_slug(who, slug).await.unwrap();
    let state = town.chat.room_state(&reader).await.unwrap();
    let last = state.history.messages.last().unwrap().clone();
    assert_eq!(last.seq, state.position.seq, "what is shown belongs to its place");
    (last.author.display, last.spans, state.last_read)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_acknowledged_is_shown_to_all_at_once() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    for round in 1..=20 {
        town.say(&ana, hall.id, round).await;
        for who in [Some(&ana), Some(&bo), None] {
            let (author, said, _) = last_words(&town, who, "hall").await;
            assert_eq!((author.as_str(), said), ("ana", vec![Span::Text(format!("word {}", round - 1))]));
        }
    }
    town.chat.change_display(&ana, "Ana the Great").await.unwrap();
    assert_eq!(last_words(&town, Some(&bo), "hall").await.0, "Ana the Great");
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_part_is_ones_own() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.say(&ana, hall.id, 3).await;
    town.chat.enter(&bo, hall.id).await.unwrap();
    town.say(&ana, hall.id, 1).await;
    let seq = {
        let reader = town.chat.reader(None, hall.id).await.unwrap();
        town.chat.room_state(&reader).await.unwrap().position.seq
    };
    town.chat.seen(&bo, hall.id, seq).await.unwrap();
    assert_eq!(last_words(&town, Some(&bo), "hall").await.2, seq);
    assert_eq!(last_words(&town, None, "hall").await.2, 0);
    town.chat.seen(&ana, hall.id, seq).await.unwrap();
    assert_eq!(last_words(&town, Some(&ana), "hall").await.2, seq, "what one has seen is no event");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_leads_where_it_leads_now() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.say(&ana, hall.id, 1).await;
    assert_eq!(last_words(&town, Some(&bo), "hall").await.1, [Span::Text("word 0".to_owned())]);
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let private = crate::town::words("cellar", Visibility::Private);
    town.chat.change_room(&host, private).await.unwrap();
    for slug in ["hall", "cellar"] {
        let refused = problem(town.chat.reader_by_slug(Some(&bo), slug).await);
        assert_eq!(refused, Problem::not_found(Thing::Room), "{slug}");
    }
    assert_eq!(town.chat.reader_by_slug(Some(&ana), "cellar").await.unwrap().room().id, hall.id);
    let new = town.room("hall", Visibility::Public, &bo).await;
    assert_eq!(town.chat.reader_by_slug(Some(&ana), "hall").await.unwrap().room().id, new.id);
}
