//! Names, accounts, invitations, the first administrator.

use crate::town::{PASSWORD, START, Town, problem, visit};
use chat::{Limits, PeopleQuery, Problem, Registration, Rule, Thing};
use domain::person::SiteRole;
use std::time::Instant;

const DAY: i64 = 86_400_000;

#[tokio::test]
async fn a_name_is_given_once_however_many_ask() {
    let town = Town::new().await;
    let tries = (0..12).map(|i| {
        let chat = town.chat.clone();
        let name = ["Ana", "ana", "ANA", "ａｎａ"][i % 4];
        tokio::spawn(async move { chat.register(name, "Ana", PASSWORD, None, &visit()).await })
    });
    let mut let_in = 0;
    for result in futures::future::join_all(tries).await {
        match result.unwrap() {
            Ok(_) => let_in += 1,
            refused => assert_eq!(problem(refused), Problem::Taken { thing: Thing::Person }),
        }
    }
    assert_eq!(let_in, 1);
}

#[tokio::test]
async fn a_name_that_looks_like_another_is_refused() {
    let town = Town::new().await;
    town.person("ana").await;
    // The first letter is Cyrillic.
    let refused = town.chat.register("аna", "Ana", PASSWORD, None, &visit()).await;
    assert_eq!(problem(refused), Problem::invalid("name", Rule::LookAlike));
    let refused = town.chat.add_person("аna", PASSWORD, SiteRole::Member).await;
    assert_eq!(problem(refused), Problem::invalid("name", Rule::LookAlike));
    assert!(town.chat.find_person(" ANA ").await.unwrap().is_some());
    assert!(town.chat.find_person("bo").await.unwrap().is_none());
}

#[tokio::test]
async fn fields_are_checked_before_anything_is_kept() {
    let town = Town::new().await;
    for (name, display, password, field) in [
        ("a b", "Ana", PASSWORD, "name"),
        ("a\u{202E}na", "Ana", PASSWORD, "name"),
        ("ana", "", PASSWORD, "display"),
        ("ana", "A\u{200B}na", PASSWORD, "display"),
        ("ana", "Ana", "short", "password"),
        ("ana", "Ana", "password1", "password"),
        ("anastasia", "Ana", "anastasia", "password"),
    ] {
        match problem(town.chat.register(name, display, password, None, &visit()).await) {
            Problem::Invalid { field: found, .. } => assert_eq!(found, field),
            other => panic!("{other:?}"),
        }
    }
    let (_, admin) = town.admin("root").await;
    assert_eq!(town.chat.people_page(&admin, &PeopleQuery::default()).await.unwrap().lines.len(), 1);
}

#[tokio::test]
async fn signing_in_fails_the_same_way_for_every_reason() {
    let town = Town::new().await;
    town.person("ana").await;
    // That both hash at the same cost is password.rs's own test. Here, that an unknown name is
    // hashed at all: no machine does that in 5 ms, and without it the answer takes much less.
    let mut fastest = u128::MAX;
    for _ in 0..3 {
        for name in ["ana", "nobody"] {
            let start = Instant::now();
            let refused = town.chat.sign_in(name, "a wrong password", &visit()).await;
            if name == "nobody" {
                fastest = fastest.min(start.elapsed().as_micros());
            }
            assert_eq!(problem(refused), Problem::WrongCredentials);
        }
    }
    assert!(fastest > 5_000, "{fastest} µs for a name that nobody has");
    for (name, password) in [("", ""), ("ana", ""), ("ana\0", PASSWORD), ("ana", &*"x".repeat(5_000))] {
        assert_eq!(problem(town.chat.sign_in(name, password, &visit()).await), Problem::WrongCredentials);
    }
    assert_eq!(town.chat.sign_in(" ANA", PASSWORD, &visit()).await.unwrap().who.person.name, "ana");
}

#[tokio::test]
async fn what_no_name_can_hold_finds_nobody_and_nothing() {
    let town = Town::new().await;
    town.person("ana").await;
    let (_, admin) = town.admin("root").await;
    for words in ["ana\0", "\0", "%", "_na", "\u{FFFD}", "'; drop table person; --"] {
        assert!(town.chat.find_person(words).await.unwrap().is_none(), "{words:?}");
        let asked = PeopleQuery { words: words.to_owned(), ..PeopleQuery::default() };
        assert!(town.chat.people_page(&admin, &asked).await.unwrap().lines.is_empty(), "{words:?}");
        let room = town.chat.reader_by_slug(None, words).await;
        assert_eq!(problem(room), Problem::not_found(Thing::Room), "{words:?}");
    }
}

#[tokio::test]
async fn hasty_visitors_wait() {
    let town = Town::of(Registration::Open, Limits::default()).await;
    let here = visit();
    town.chat.register("ana", "Ana", PASSWORD, None, &here).await.unwrap();
    // A name in use is refused before the slow work of hashing.
    let mut refused = Problem::Taken { thing: Thing::Person };
    for _ in 0..10 {
        if matches!(refused, Problem::Taken { .. }) {
            refused = problem(town.chat.register("ana", "Ana", PASSWORD, None, &here).await);
        }
    }
    assert!(matches!(refused, Problem::TooFast { wait_ms: 1.. }), "{refused:?}");
    let there = visit();
    for _ in 0..5 {
        let refused = problem(town.chat.sign_in("ana", "a wrong password", &there).await);
        assert_eq!(refused, Problem::WrongCredentials);
    }
    let refused = problem(town.chat.sign_in("ana", PASSWORD, &there).await);
    assert!(matches!(refused, Problem::TooFast { wait_ms: 60_000.. }), "{refused:?}");
    town.chat.sign_in("ana", PASSWORD, &here).await.unwrap();
}

#[tokio::test]
async fn an_invitation_lets_in_as_many_as_it_says() {
    let town = Town::of(Registration::Invited, Limits::none()).await;
    let (_, admin) = town.admin("root").await;
    let token = town.chat.create_invite(&admin, 2, 7).await.unwrap();
    let tries = (0..6).map(|i| {
        let (chat, token, name) = (town.chat.clone(), token.clone(), format!("guest{i}x"));
        tokio::spawn(async move { chat.register(&name, &name, PASSWORD, Some(&token), &visit()).await })
    });
    let results: Vec<_> = futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    for refused in results.into_iter().filter(Result::is_err) {
        assert_eq!(problem(refused), Problem::Gone);
    }
    assert!(town.chat.invites(&admin).await.unwrap().is_empty(), "it is used up");
}

#[tokio::test]
async fn invitations_end() {
    let town = Town::of(Registration::Invited, Limits::none()).await;
    let (_, admin) = town.admin("root").await;
    let register = async |token: Option<&str>| town.chat.register("ana", "Ana", PASSWORD, token, &visit()).await;
    assert_eq!(problem(register(None).await), Problem::NotAllowed);
    assert_eq!(problem(register(Some("made up")).await), Problem::Gone);

    let removed = town.chat.create_invite(&admin, 1, 1).await.unwrap();
    let line = town.chat.invites(&admin).await.unwrap().remove(0);
    assert_eq!((line.uses_left, line.expires_at), (1, Some(START + DAY)));
    assert_eq!(line.by.unwrap().name, "root");
    town.chat.remove_invite(&admin, line.id).await.unwrap();
    assert_eq!(problem(town.chat.remove_invite(&admin, line.id).await), Problem::not_found(Thing::Invite));
    assert_eq!(problem(register(Some(&removed)).await), Problem::Gone);

    let expired = town.chat.create_invite(&admin, 1, 1).await.unwrap();
    town.clock.advance(DAY);
    assert_eq!(problem(register(Some(&expired)).await), Problem::Gone);

    // A refusal costs nothing.
    let token = town.chat.create_invite(&admin, 1, 1).await.unwrap();
    assert!(town.chat.register("root", "Root", PASSWORD, Some(&token), &visit()).await.is_err());
    register(Some(&token)).await.unwrap();
    for (uses, days) in [(0, 1), (1, 0), (1_001, 1), (1, 91)] {
        assert!(matches!(problem(town.chat.create_invite(&admin, uses, days).await), Problem::Invalid { .. }));
    }
}

#[tokio::test]
async fn nobody_registers_where_it_is_closed() {
    let town = Town::of(Registration::Closed, Limits::none()).await;
    let (_, admin) = town.admin("root").await;
    let token = town.chat.create_invite(&admin, 1, 1).await.unwrap();
    for invite in [None, Some(&*token)] {
        let refused = town.chat.register("ana", "Ana", PASSWORD, invite, &visit()).await;
        assert_eq!(problem(refused), Problem::NotAllowed);
    }
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    let town = Town::of(Registration::Closed, Limits::none()).await;
    let replaced = town.chat.setup_token().await.unwrap().unwrap();
    let token = town.chat.setup_token().await.unwrap().unwrap();
    assert!(!town.chat.setup_is_open(&replaced).await.unwrap());
    assert!(town.chat.setup_is_open(&token).await.unwrap());
    // It is no invitation.
    assert!(town.chat.register("ana", "Ana", PASSWORD, Some(&token), &visit()).await.is_err());

    let tries = ["ana", "bo", "cy", "dee"].map(|name| {
        let (chat, token) = (town.chat.clone(), token.clone());
        tokio::spawn(async move { chat.setup(&token, name, name, PASSWORD, &visit()).await })
    });
    let mut admins = Vec::new();
    for result in futures::future::join_all(tries).await {
        match result.unwrap() {
            Ok(signed_in) => admins.push(signed_in),
            refused => assert_eq!(problem(refused), Problem::Gone),
        }
    }
    assert_eq!(admins.len(), 1);
    assert_eq!(admins[0].who.role, SiteRole::Admin);
    assert!(town.chat.who(&admins[0].token).await.unwrap().is_some());
    assert_eq!(town.chat.setup_token().await.unwrap(), None);
    assert!(!town.chat.setup_is_open(&token).await.unwrap());
    assert_eq!(problem(town.chat.setup(&token, "eve", "Eve", PASSWORD, &visit()).await), Problem::Gone);
}
