//! Links into a room: how many they let in, until when, and what else lets them in.

use crate::town::{START, Town, problem};
use chat::{Limits, Problem, Registration, Rule, Thing, Who};
use domain::member::Role;
use domain::room::{Room, Visibility};
use domain::{InviteId, RoomId};

const DAY: i64 = 86_400_000;

async fn private_room(town: &Town, host: &Who) -> Room {
    town.room("den", Visibility::Private, host).await
}

async fn link(town: &Town, host: &Who, room: RoomId, uses: u32, days: Option<u32>) -> String {
    let host = town.chat.host(Some(host), room).await.unwrap();
    town.chat.create_room_invite(&host, uses, days).await.unwrap()
}

#[tokio::test]
async fn a_link_shows_where_it_leads_and_lets_in() {
    let town = Town::new().await;
    let (ana, eve) = (town.person("ana").await, town.person("eve").await);
    let den = private_room(&town, &ana).await;
    let token = link(&town, &ana, den.id, 1, Some(7)).await;
    assert_eq!(problem(town.chat.reader(Some(&eve), den.id).await), Problem::not_found(Thing::Room));
    for who in [None, Some(&eve)] {
        let found = town.chat.invitation(who, &token).await.unwrap();
        assert_eq!((found.room.id, found.is_member), (den.id, false));
        assert_eq!(found.by.unwrap().name, "ana");
    }
    let room = town.chat.accept_invitation(&eve, &token).await.unwrap();
    assert_eq!(room.slug, "den");
    assert_eq!(town.chat.reader(Some(&eve), den.id).await.unwrap().role(), Some(Role::Member));
    assert_eq!(problem(town.chat.invitation(Some(&eve), &token).await), Problem::Gone, "it is used up");
}

#[tokio::test]
async fn who_is_inside_uses_nothing_up() {
    let town = Town::new().await;
    let (ana, bo, eve) = (town.person("ana").await, town.person("bo").await, town.person("eve").await);
    let den = private_room(&town, &ana).await;
    let token = link(&town, &ana, den.id, 2, None).await;
    for _ in 0..3 {
        town.chat.accept_invitation(&bo, &token).await.unwrap();
        town.chat.accept_invitation(&ana, &token).await.unwrap();
    }
    assert!(town.chat.invitation(Some(&bo), &token).await.unwrap().is_member);
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    assert_eq!(host.role(), Some(Role::Host), "nobody becomes less by a link");
    assert_eq!(town.chat.room_invites(&host).await.unwrap()[0].uses_left, 1);
    town.chat.accept_invitation(&eve, &token).await.unwrap();
    assert!(town.chat.room_invites(&host).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_those_who_come_at_once_as_many_get_in_as_it_says() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let den = private_room(&town, &ana).await;
    let mut guests = Vec::new();
    for n in 0..8 {
        guests.push(town.person(&format!("guest{n}x")).await);
    }
    for (uses, already) in [(1, 0), (3, 1)] {
        let token = link(&town, &ana, den.id, uses, Some(1)).await;
        let tries = guests.iter().cloned().map(|who| {
            let (chat, token) = (town.chat.clone(), token.clone());
            tokio::spawn(async move { chat.accept_invitation(&who, &token).await })
        });
        let mut let_in = 0;
        for result in futures::future::join_all(tries).await {
            match result.unwrap() {
                Ok(_) => let_in += 1,
                refused => assert_eq!(problem(refused), Problem::Gone),
            }
        }
        // Who is inside may come again as long as it opens for anybody.
        assert!(let_in <= uses + already, "{let_in}");
        let reader = town.chat.reader(Some(&ana), den.id).await.unwrap();
        assert_eq!(town.chat.members(&reader).await.unwrap().len() as u32, 1 + already + uses);
    }
}

#[tokio::test]
async fn a_link_ends_by_the_clock_or_by_a_host_and_nobody_learns_why() {
    let town = Town::new().await;
    let (ana, bo, eve) = (town.person("ana").await, town.person("bo").await, town.person("eve").await);
    let (_, admin) = town.admin("root").await;
    let den = private_room(&town, &ana).await;
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    let (day, never) = (link(&town, &ana, den.id, 5, Some(1)).await, link(&town, &ana, den.id, 5, None).await);
    let lines = town.chat.room_invites(&host).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.expires_at).collect::<Vec<_>>(), [None, Some(START + DAY)]);

    town.clock.advance(DAY - 1);
    assert!(town.chat.invitation(None, &day).await.is_ok());
    town.clock.advance(1);
    assert_eq!(problem(town.chat.accept_invitation(&eve, &day).await), Problem::Gone);
    town.clock.jump(-2 * DAY);
    assert!(town.chat.invitation(None, &day).await.is_ok(), "a clock that was set back");
    town.clock.advance(400 * DAY);
    town.chat.accept_invitation(&bo, &never).await.unwrap();
    town.chat.tidy().await.unwrap();
    assert_eq!(town.chat.room_invites(&host).await.unwrap().len(), 1, "the other one was tidied away");

    let other = town.room("hall", Visibility::Public, &bo).await;
    let elsewhere = town.chat.host(Some(&bo), other.id).await.unwrap();
    let not_there = Problem::not_found(Thing::Invite);
    assert_eq!(problem(town.chat.remove_room_invite(&elsewhere, lines[0].id).await), not_there);
    assert_eq!(problem(town.chat.remove_invite(&admin, lines[0].id).await), not_there, "nor with the site's");
    town.chat.remove_room_invite(&host, lines[0].id).await.unwrap();
    assert_eq!(problem(town.chat.remove_room_invite(&host, InviteId(9_999)).await), not_there);

    let registers = town.chat.create_invite(&admin, 1, 1).await.unwrap();
    for token in [&*never, &*day, &*registers, "made-up", "", &"x".repeat(10_000)] {
        assert_eq!(problem(town.chat.invitation(None, token).await), Problem::Gone);
        assert_eq!(problem(town.chat.accept_invitation(&eve, token).await), Problem::Gone);
    }
}

#[tokio::test]
async fn a_link_goes_with_its_maker_and_rests_with_its_room() {
    let town = Town::new().await;
    let (ana, bo, eve) = (town.person("ana").await, town.person("bo").await, town.person("eve").await);
    let den = private_room(&town, &ana).await;
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
    let (of_ana, of_bo) = (link(&town, &ana, den.id, 1, None).await, link(&town, &bo, den.id, 1, None).await);
    town.chat.remove_member(&host, bo.person.id).await.unwrap();
    assert_eq!(problem(town.chat.accept_invitation(&bo, &of_bo).await), Problem::Gone, "not by one's own back door");

    town.chat.archive_room(&host, true).await.unwrap();
    assert_eq!(problem(town.chat.accept_invitation(&eve, &of_ana).await), Problem::Gone);
    assert_eq!(problem(town.chat.invitation(None, &of_ana).await), Problem::Gone);
    town.chat.archive_room(&host, false).await.unwrap();
    town.chat.accept_invitation(&eve, &of_ana).await.unwrap();
}

#[tokio::test]
async fn a_link_into_a_room_is_none_into_the_site() {
    let town = Town::of(Registration::Invited, Limits::none()).await;
    let (root, _) = town.admin("root").await;
    let den = private_room(&town, &root).await;
    let token = link(&town, &root, den.id, 1, None).await;
    let register = town.chat.register("eve", "Eve", crate::town::PASSWORD, Some(&token), &crate::town::visit()).await;
    assert_eq!(problem(register), Problem::Gone);
    assert!(!town.chat.setup_is_open(&token).await.unwrap());
    assert_eq!(problem(town.chat.reset_person(&token).await), Problem::Gone);
}

#[tokio::test]
async fn only_sensible_links_are_made() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let den = private_room(&town, &ana).await;
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    for (uses, days, field) in
        [(0, Some(1), "uses"), (1_001, None, "uses"), (1, Some(0), "days"), (1, Some(91), "days")]
    {
        let refused = problem(town.chat.create_room_invite(&host, uses, days).await);
        assert_eq!(refused, Problem::invalid(field, Rule::Shape));
    }
}
