//! The life of a session, from every beginning to every end.

use crate::town::{PASSWORD, Town, problem, visit};
use chat::{Problem, Thing};
use domain::person::SiteRole;
use domain::room::Visibility;
use sea_orm::ConnectionTrait;

const DAY: i64 = 86_400_000;

#[tokio::test]
async fn a_cookie_leads_to_its_person_and_to_nobody_else() {
    let town = Town::new().await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    assert_eq!(ana.token.len(), 43);
    let who = town.chat.who(&ana.token).await.unwrap().unwrap();
    assert_eq!((&*who.person.name, who.role, who.session), ("ana", SiteRole::Member, ana.who.session));
    for wrong in ["", "x", &ana.token[1..], &"A".repeat(43), &"A".repeat(5_000), "\0", "' OR 1=1 --"] {
        assert!(town.chat.who(wrong).await.unwrap().is_none(), "{wrong:?}");
    }
    // The store holds no token, only its hash.
    let again = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap();
    assert_ne!(again.token, ana.token);
    assert_ne!(again.who.session, ana.who.session);
}

#[tokio::test]
async fn signing_out_ends_this_session_at_once() {
    let town = Town::new().await;
    let one = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let two = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap();
    assert!(town.chat.who(&one.token).await.unwrap().is_some(), "it is remembered now");
    town.chat.sign_out(&one.who).await.unwrap();
    assert!(town.chat.who(&one.token).await.unwrap().is_none());
    assert!(town.chat.who(&two.token).await.unwrap().is_some());
    town.chat.sign_out(&one.who).await.unwrap();
}

#[tokio::test]
async fn an_unused_session_ends_and_a_used_one_lasts() {
    let town = Town::new().await;
    let idle = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let used = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap();
    for _ in 0..3 {
        town.clock.advance(5 * DAY);
        assert!(town.chat.who(&used.token).await.unwrap().is_some());
    }
    assert!(town.chat.who(&idle.token).await.unwrap().is_none(), "14 days without use");
    assert_eq!(town.chat.sessions(&used.who).await.unwrap().len(), 1);
    assert_eq!(town.chat.tidy().await.unwrap(), 1);
    for _ in 0..14 {
        town.clock.advance(5 * DAY);
        assert!(town.chat.who(&used.token).await.unwrap().is_some());
    }
    assert_eq!(town.chat.now(), used.expires_at - 5 * DAY);
    town.clock.advance(5 * DAY);
    assert!(town.chat.who(&used.token).await.unwrap().is_none(), "90 days at most");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let town = Town::new().await;
    let old = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let this = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap();
    for token in [&old.token, &this.token] {
        assert!(town.chat.who(token).await.unwrap().is_some());
    }
    let refused = town.chat.change_password(&this.who, "not the old one", "another fine one").await;
    assert_eq!(problem(refused), Problem::WrongCredentials);
    let refused = town.chat.change_password(&this.who, PASSWORD, "password").await;
    assert!(matches!(problem(refused), Problem::Invalid { .. }));
    assert!(town.chat.who(&old.token).await.unwrap().is_some(), "a refusal changes nothing");

    town.chat.change_password(&this.who, PASSWORD, "another fine one").await.unwrap();
    assert!(town.chat.who(&old.token).await.unwrap().is_none());
    assert!(town.chat.who(&this.token).await.unwrap().is_some());
    assert_eq!(problem(town.chat.sign_in("ana", PASSWORD, &visit()).await), Problem::WrongCredentials);
    town.chat.sign_in("ana", "another fine one", &visit()).await.unwrap();
}

#[tokio::test]
async fn devices_are_listed_and_ended_by_their_owner_only() {
    let town = Town::new().await;
    let bo = town.person("bo").await;
    let one = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let two = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap();
    let list = town.chat.sessions(&two.who).await.unwrap();
    assert_eq!(list.len(), 2);
    assert!(list.iter().all(|line| line.device == "Firefox · Linux" && line.address.starts_with("10.")));
    let this: Vec<_> = list.iter().filter(|line| line.is_this).map(|line| line.id).collect();
    assert_eq!(this, [two.who.session]);

    let refused = town.chat.end_session(&bo, one.who.session).await;
    assert_eq!(problem(refused), Problem::not_found(Thing::Session));
    assert!(town.chat.who(&one.token).await.unwrap().is_some());
    town.chat.end_session(&two.who, one.who.session).await.unwrap();
    assert!(town.chat.who(&one.token).await.unwrap().is_none());
    let refused = town.chat.end_session(&two.who, one.who.session).await;
    assert_eq!(problem(refused), Problem::not_found(Thing::Session));
}

#[tokio::test]
async fn a_disabled_account_is_let_in_nowhere() {
    let town = Town::new().await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let hall = town.room("hall", Visibility::Public, &ana.who).await;
    let db = town.db().await;
    db.execute_unprepared("UPDATE person SET disabled = (1 = 1)").await.unwrap();
    town.clock.advance(61_000);
    assert!(town.chat.who(&ana.token).await.unwrap().is_none(), "remembered for a minute at most");
    assert_eq!(problem(town.chat.sign_in("ana", PASSWORD, &visit()).await), Problem::WrongCredentials);
    assert!(town.chat.reader(None, hall.id).await.is_ok());
}

#[tokio::test]
async fn a_new_display_name_shows_at_once() {
    let town = Town::new().await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    assert_eq!(town.chat.who(&ana.token).await.unwrap().unwrap().person.display, "Ana");
    town.chat.change_display(&ana.who, " 安娜 ").await.unwrap();
    assert_eq!(town.chat.who(&ana.token).await.unwrap().unwrap().person.display, "安娜");
    assert!(matches!(problem(town.chat.change_display(&ana.who, "a\u{202E}b").await), Problem::Invalid { .. }));
}
