//! Messages that share a group, whatever becomes of one of them.

use super::super::entities::{member, message, room};
use super::super::{Store, StoreUrl, members, people, rooms};
use super::{Kept, NewPost};
use crate::clock::Clock;
use crate::hub::Hub;
use crate::known::Known;
use crate::{Error, Problem, Result, Thing};
use domain::member::Role;
use domain::person::{Person, SiteRole};
use domain::room::{RoomWords, Visibility};
use domain::span::Span;
use domain::{ClientId, PersonId, RoomId};
use sea_orm::EntityTrait;
use tempfile::TempDir;

struct House {
    store: Store,
    people: Vec<Person>,
    rooms: Vec<RoomId>,
    _folder: TempDir,
}

impl House {
    /// Three rooms, and three people who belong to the first.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::Sqlite(folder.path().join("salon.db"));
        let store = Store::open(&url, false, (Hub::default(), Known::default()), Clock::fake(1_000)).await.unwrap();
        let (mut all, mut halls) = (Vec::new(), Vec::new());
        for name in ["ana", "ben", "eve"] {
            let person = store.write(move |tx| {
                Box::pin(async move {
                    let new = people::NewPerson {
                        name: name.into(),
                        name_key: name.into(),
                        look: name.into(),
                        display: name.into(),
                        role: SiteRole::Member,
                        password_hash: String::new(),
                    };
                    let id = people::create_person(tx.db(), new, 1).await?.id;
                    let words = RoomWords::parse(name, name, "", Visibility::Public)?;
                    Ok((id, rooms::create_room(tx.db(), words, 1, 1).await?.id))
                })
            });
            let (id, hall) = person.await.unwrap();
            all.push(Person { id: PersonId(id), name: name.into(), display: name.into(), portrait: String::new() });
            halls.push(RoomId(hall));
        }
        let (hall, ids) = (halls[0], all.iter().map(|person| person.id).collect::<Vec<_>>());
        let joined = store.write(move |tx| {
            Box::pin(async move {
                for id in ids {
                    members::create_member(tx.db(), hall, id, Role::Member, 1, 0).await?;
                }
                Ok(())
            })
        });
        joined.await.unwrap();
        Self { store, people: all, rooms: halls, _folder: folder }
    }

    fn post(&self, room: RoomId, author: usize, text: &str) -> NewPost {
        NewPost {
            room,
            author: self.people[author].clone(),
            client_id: ClientId::parse(&text.replace(|c: char| !c.is_ascii_alphanumeric(), "-")).unwrap(),
            text: text.to_owned(),
            spans: vec![Span::Text(text.to_owned())],
            files: Vec::new(),
            reply: None,
            origin: None,
        }
    }

    /// All are queued before the writer runs, and so share a group.
    async fn keep(&self, posts: Vec<NewPost>) -> Vec<Result<Kept>> {
        futures::future::join_all(posts.into_iter().map(|post| self.store.post(post))).await
    }

    /// What was told of each message is what was kept.
    async fn told(&self, kept: &[Result<Kept>]) {
        for (message, _) in kept.iter().flatten() {
            let row = message::Entity::find_by_id(message.id.0).one(self.store.read()).await.unwrap().unwrap();
            assert_eq!((row.seq, row.author_id), (message.seq, message.author.id.0));
            assert_eq!((row.client_id.as_str(), row.at), (message.client_id.as_str(), message.at));
            assert_eq!((row.text, row.files.as_str()), (domain::span::plain(&message.spans), ""));
        }
    }

    async fn ends(&self) -> Vec<(i64, i64, i64)> {
        let rows = room::Entity::find().all(self.store.read()).await.unwrap();
        rows.into_iter().map(|row| (row.last_seq, row.said, row.last_at)).collect()
    }
}

fn places(kept: &[Result<Kept>]) -> Vec<i64> {
    kept.iter().flatten().map(|(message, _)| message.seq).collect()
}

#[tokio::test]
async fn each_has_the_next_place_of_its_room() {
    let house = House::new().await;
    for size in [1, 2, 3, 33, 65, 100] {
        let before = house.ends().await;
        let all = (0..size).map(|i| house.post(house.rooms[i % 3], i % 2, &format!("{size} \"{i}\" \\ é 消息 '?' $1")));
        let kept = house.keep(all.collect()).await;
        let wanted = (0..size).map(|i| before[i % 3].0 + 1 + (i / 3) as i64);
        assert!(wanted.eq(places(&kept)), "{size}: {:?}", places(&kept));
        house.told(&kept).await;
        assert!(house.ends().await.iter().all(|(last, said, at)| last == said && *at == 1_000 || *last == 0));
    }
    let heard: Vec<i64> =
        member::Entity::find().all(house.store.read()).await.unwrap().iter().map(|row| row.heard).collect();
    let said = message::Entity::find().all(house.store.read()).await.unwrap();
    let own = |author: i64| said.iter().filter(|m| m.room_id == house.rooms[0].0 && m.author_id == author).count();
    assert_eq!(heard, house.people.iter().map(|person| own(person.id.0) as i64).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_that_was_kept_before_is_kept_once() {
    let house = House::new().await;
    let [hall, other, _] = house.rooms[..] else { panic!("three rooms") };
    assert_eq!(places(&house.keep(vec![house.post(hall, 0, "first")]).await), [1]);
    let again = ["first", "second", "third"].map(|text| house.post(hall, 0, text));
    let mut again: Vec<NewPost> = again.into();
    again.push(house.post(other, 0, "first"));
    again.push(house.post(hall, 1, "first"));
    let kept = house.keep(again).await;
    assert_eq!(places(&kept), [1, 2, 3, 4], "not twice, and no gap");
    assert_eq!(kept.iter().flatten().map(|(_, is_new)| *is_new).collect::<Vec<_>>(), [false, true, true, true]);
    assert!(matches!(&kept[3], Err(Error::Problem(Problem::Taken { thing: Thing::Message }))));
    house.told(&kept).await;
    // Twice in one group.
    let kept = house.keep(vec![house.post(hall, 2, "same"), house.post(hall, 2, "same")]).await;
    assert_eq!(places(&kept), [5, 5]);
    assert_eq!(house.ends().await, [(5, 5, 1_000), (0, 0, 1), (0, 0, 1)]);
}

#[tokio::test]
async fn one_to_a_room_that_is_gone_keeps_none_of_the_others_back() {
    let house = House::new().await;
    let gone = RoomId(404);
    let all = [(0, "one"), (1, "two"), (0, "three")];
    let mut all: Vec<NewPost> = all.map(|(room, text)| house.post(house.rooms[room], 0, text)).into();
    all.insert(1, house.post(gone, 0, "nowhere"));
    let kept = house.keep(all).await;
    assert!(matches!(&kept[1], Err(Error::Problem(Problem::NotFound { thing: Thing::Room }))), "{:?}", kept[1]);
    assert_eq!(places(&kept), [1, 1, 2]);
    house.told(&kept).await;
    let alone = house.keep(vec![house.post(gone, 0, "nowhere again")]).await;
    assert!(matches!(&alone[0], Err(Error::Problem(Problem::NotFound { thing: Thing::Room }))), "{:?}", alone[0]);
    assert_eq!(message::Entity::find().all(house.store.read()).await.unwrap().len(), 3);
}
