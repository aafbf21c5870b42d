//! Members: coming, going, hosts.

use crate::town::{Town, problem};
use chat::{Chat, Problem, Rule, Thing, Who};
use domain::event::What;
use domain::live::{Frame, Position};
use domain::member::Role;
use domain::room::Visibility;
use domain::{PersonId, RoomId};
use std::time::Duration;

/// Everything that happened in a room, as somebody hears it who missed it all.
async fn history(chat: &Chat, who: &Who, room: RoomId) -> Vec<What> {
    let (out, mut heard) = chat.hub().connect(Some(who.clone()));
    let reader = chat.reader(Some(who), room).await.unwrap();
    let start = Position { epoch: reader.epoch(), seq: 0 };
    chat.listen(reader, &out, Some(start)).await.unwrap();
    let mut whats = Vec::new();
    while let Ok(chat::hub::Take::Frames(frames)) = tokio::time::timeout(Duration::from_millis(50), heard.next()).await
    {
        for text in frames.iter().flat_map(|bytes| chat::hub::texts(bytes)) {
            if let Frame::Event(event) = serde_json::from_slice(text).unwrap() {
                assert_eq!(event.seq, whats.len() as i64 + 1);
                whats.push(event.what);
            }
        }
    }
    whats
}

fn names(members: Vec<domain::member::Member>) -> Vec<(String, Role)> {
    members.into_iter().map(|member| (member.person.name, member.role)).collect()
}

#[tokio::test]
async fn who_writes_first_joins_first_and_once() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await;
    let tries = (0..8).map(|_| {
        let (chat, bo) = (town.chat.clone(), bo.clone());
        tokio::spawn(async move { chat.writer(Some(&bo), hall.id).await.unwrap().role() })
    });
    for role in futures::future::join_all(tries).await {
        assert_eq!(role.unwrap(), Some(Role::Member));
    }
    town.chat.enter(&bo, hall.id).await.unwrap();
    let reader = town.chat.reader(Some(&bo), hall.id).await.unwrap();
    let members = names(town.chat.members(&reader).await.unwrap());
    assert_eq!(members, [("ana".to_owned(), Role::Host), ("bo".to_owned(), Role::Member)]);
    let joined: Vec<PersonId> = history(&town.chat, &ana, hall.id)
        .await
        .into_iter()
        .map(|what| match what {
            What::Joined { member } => member.person.id,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(joined, [ana.person.id, bo.person.id]);
}

#[tokio::test]
async fn the_last_host_stays() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let last = Problem::invalid("member", Rule::LastOne);
    assert_eq!(problem(town.chat.leave(&ana, hall.id).await), last);
    assert_eq!(problem(town.chat.remove_member(&host, ana.person.id).await), last);
    assert_eq!(problem(town.chat.add_member(&host, ana.person.id, Role::Member).await), last);

    town.chat.add_member(&host, bo.person.id, Role::Member).await.unwrap();
    assert_eq!(problem(town.chat.leave(&ana, hall.id).await), last, "a member is no host");
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();

    // Both want to go at once; one has to stay.
    let leaves = [ana.clone(), bo.clone()].map(|who| {
        let chat = town.chat.clone();
        tokio::spawn(async move { chat.leave(&who, hall.id).await.is_ok() })
    });
    let left = futures::future::join_all(leaves).await.into_iter().filter(|left| *left.as_ref().unwrap()).count();
    assert_eq!(left, 1);
    let whats = history(&town.chat, &ana, hall.id).await;
    assert_eq!(whats.len(), 4, "joined, joined, made host, left: {whats:?}");
    assert!(matches!(whats[2], What::RoleChanged { role: Role::Host, .. }));
    assert!(matches!(whats[3], What::Left { .. }));
}

#[tokio::test]
async fn who_leaves_a_private_room_is_out() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let den = town.room("den", Visibility::Private, &ana).await;
    let hidden = Problem::not_found(Thing::Room);
    assert_eq!(problem(town.chat.enter(&bo, den.id).await), hidden);
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Member).await.unwrap();

    let (out, mut heard) = town.chat.hub().connect(Some(bo.clone()));
    town.chat.listen(town.chat.reader(Some(&bo), den.id).await.unwrap(), &out, None).await.unwrap();
    town.chat.leave(&bo, den.id).await.unwrap();
    assert!(town.chat.hub().present(den.id).0.is_empty());
    town.say(&ana, den.id, 1).await;
    let mut frames = Vec::new();
    while let Ok(chat::hub::Take::Frames(more)) = tokio::time::timeout(Duration::from_millis(100), heard.next()).await {
        frames.extend(
            more.iter()
                .flat_map(|bytes| chat::hub::texts(bytes))
                .map(|text| serde_json::from_slice::<Frame>(text).unwrap()),
        );
    }
    assert!(frames.iter().any(|frame| matches!(frame, Frame::Gone { .. })), "{frames:?}");
    let said = |frame: &Frame| matches!(frame, Frame::Event(event) if matches!(event.what, What::Said { .. }));
    assert!(!frames.iter().any(said), "{frames:?}");

    assert_eq!(problem(town.chat.reader(Some(&bo), den.id).await), hidden);
    let not_there = Problem::not_found(Thing::Member);
    assert_eq!(problem(town.chat.leave(&bo, den.id).await), not_there);
    assert_eq!(problem(town.chat.remove_member(&host, bo.person.id).await), not_there);
    let nobody = town.chat.add_member(&host, PersonId(9_999), Role::Member).await;
    assert_eq!(problem(nobody), Problem::not_found(Thing::Person));
}

#[tokio::test]
async fn a_host_who_is_no_host_any_more_cannot_act() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
    let second = town.chat.host(Some(&bo), hall.id).await.unwrap();
    town.chat.add_member(&second, ana.person.id, Role::Member).await.unwrap();
    assert_eq!(problem(town.chat.host(Some(&ana), hall.id).await), Problem::NotAllowed);
}
