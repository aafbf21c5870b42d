//! Accounts in the hands of administrators.

use crate::mail_codes::{asking, registered};
use crate::town::{PASSWORD, START, Town, problem, visit};
use chat::{Chat, Limits, PeopleOrder, PeopleQuery, PersonState, Problem, Rule, Thing, Visit};
use domain::member::Role;
use domain::moderation::MuteFor;
use domain::person::SiteRole;
use domain::room::{Room, Visibility};
use domain::sign_in::Codes;
use domain::{PersonId, SessionId};

fn asked(words: &str) -> PeopleQuery {
    PeopleQuery { words: words.to_owned(), ..PeopleQuery::default() }
}

#[tokio::test]
async fn administrators_find_people() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let ana = town.person("ana_b").await;
    let bo = town.person("anab").await;
    town.chat.change_display(&ana, "100% 安娜").await.unwrap();
    let find = async |query: PeopleQuery| {
        let page = town.chat.people_page(&admin, &query).await.unwrap();
        let mut names: Vec<String> = page.lines.into_iter().map(|line| line.person.name).collect();
        // PostgreSQL sorts by the rules of its language.
        names.sort();
        names
    };
    assert_eq!(find(asked("")).await, ["ana_b", "anab", "root"]);
    assert_eq!(find(asked("A_B")).await, ["ana_b"], "signs mean themselves");
    assert_eq!(find(asked("0%")).await, ["ana_b"]);
    assert_eq!(find(asked("安娜")).await, ["ana_b"]);
    assert!(find(asked("\\")).await.is_empty());
    assert_eq!(find(PeopleQuery { role: Some(SiteRole::Admin), ..asked("") }).await, ["root"]);
    assert!(find(PeopleQuery { role: Some(SiteRole::Admin), ..asked("ana") }).await.is_empty());

    let online = || PeopleQuery { state: Some(PersonState::Online), ..asked("") };
    assert!(find(online()).await.is_empty());
    let (_out, _in) = town.chat.hub().connect(Some(bo.clone()));
    assert_eq!(find(online()).await, ["anab"]);
    town.chat.disable_person(&admin, ana.person.id, true).await.unwrap();
    assert_eq!(find(PeopleQuery { state: Some(PersonState::Disabled), ..asked("") }).await, ["ana_b"]);
    let (line, sessions) = town.chat.account(&admin, root.person.id).await.unwrap();
    assert_eq!((line.role, line.disabled, sessions.len(), sessions[0].is_this), (SiteRole::Admin, false, 1, true));
    assert_eq!(problem(town.chat.account(&admin, PersonId(0)).await), Problem::not_found(Thing::Person));
}

#[tokio::test]
async fn administrators_find_people_by_what_only_they_may_look_for() {
    let town = Town::asking(asking(Codes::Registration)).await;
    let (_, admin) = town.admin("root").await;
    let ana = registered(&town, "ana", "Ana@example.org").await.who;
    town.chat.vouch_called("site:shop", "u_4711%", "Shopper").await.unwrap();
    let far = Visit { address: "2001:db8::1".parse().unwrap(), ..visit() };
    town.person("bo").await;
    let there = town.chat.sign_in("bo", PASSWORD, &far).await.unwrap().who;
    let find = async |words: &str| {
        let page = town.chat.people_page(&admin, &asked(words)).await.unwrap();
        page.lines.into_iter().map(|line| line.person.display).collect::<Vec<_>>()
    };
    assert_eq!(find(" ana@EXAMPLE.org ").await, ["ana"]);
    assert_eq!(find("u_4711%").await, ["Shopper"]);
    assert_eq!(find("2001:0db8:0:0::1").await, ["bo"], "however it is written");
    for part in ["example.org", "na@example.org", "u_4711_", "2001:db8::", "127.0.0", "@"] {
        assert!(find(part).await.is_empty(), "{part}");
    }
    let disabled = PeopleQuery { state: Some(PersonState::Disabled), ..asked("ana@example.org") };
    assert!(town.chat.people_page(&admin, &disabled).await.unwrap().lines.is_empty(), "with the other filters");
    town.chat.sign_out(&ana).await.unwrap();
    assert_eq!(find("ana@example.org").await, ["ana"]);
    town.chat.sign_out(&there).await.unwrap();
    assert!(find("2001:db8::1").await.is_empty(), "nothing is kept of where somebody was");
}

#[tokio::test]
async fn every_order_shows_everybody_once_page_by_page() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    for n in 0..119 {
        // Several were seen at the same moment.
        town.clock.advance(i64::from(n % 3 == 0) * 60_000);
        town.chat.add_person(&format!("person{n:03}"), PASSWORD, SiteRole::Member).await.unwrap();
    }
    for order in [PeopleOrder::Name, PeopleOrder::Seen, PeopleOrder::Since] {
        let mut both = Vec::new();
        for descending in [false, true] {
            let (mut all, mut query) = (Vec::new(), PeopleQuery { order, descending, ..asked("") });
            loop {
                let page = town.chat.people_page(&admin, &query).await.unwrap();
                assert!(page.lines.len() <= 50);
                all.extend(page.lines);
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
            let names: std::collections::BTreeSet<&str> = all.iter().map(|line| &*line.person.name).collect();
            assert_eq!((all.len(), names.len()), (120, 120), "{order:?} {descending}");
            if order == PeopleOrder::Seen {
                assert!(all.windows(2).all(|two| (two[0].seen_at <= two[1].seen_at) != descending || two[0].seen_at == two[1].seen_at));
            }
            both.push(all.into_iter().map(|line| line.person.id).collect::<Vec<_>>());
        }
        both[1].reverse();
        assert_eq!(both[0], both[1], "{order:?}: backwards it is the same");
    }
}

#[tokio::test]
async fn when_somebody_was_here_last_outlives_their_sessions() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let seen = async || town.chat.account(&admin, ana.who.person.id).await.unwrap().0.seen_at - START;
    assert_eq!(seen().await, 0);
    town.clock.advance(90_000);
    town.chat.who(&ana.token).await.unwrap().unwrap();
    assert_eq!(seen().await, 90_000);
    town.clock.advance(30_000);
    town.chat.who(&ana.token).await.unwrap().unwrap();
    assert_eq!(seen().await, 90_000, "once a minute is enough");
    town.chat.sign_out(&ana.who).await.unwrap();
    assert_eq!(seen().await, 90_000);
    town.clock.advance(1_000_000);
    town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap();
    assert_eq!(seen().await, 1_120_000);
}

#[tokio::test]
async fn who_is_kept_out_is_out_at_once_and_everywhere() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let (bo, id) = (town.person("bo").await, ana.who.person.id);
    let alone = town.room("alone", Visibility::Private, &ana.who).await;
    let shared = town.room("shared", Visibility::Public, &ana.who).await;
    let host = town.chat.host(Some(&ana.who), shared.id).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
    let link = town.chat.create_room_invite(&host, 1, None).await.unwrap();
    let reset = town.chat.create_reset(&admin, id).await.unwrap();
    let (_out, mut heard) = town.chat.hub().connect(Some(ana.who.clone()));

    town.chat.disable_person(&admin, id, true).await.unwrap();
    assert!(matches!(heard.next().await, chat::hub::Take::Close { code: 4501, .. }));
    assert!(town.chat.who(&ana.token).await.unwrap().is_none());
    assert_eq!(problem(town.chat.sign_in("ana", PASSWORD, &visit()).await), Problem::WrongCredentials);
    assert_eq!(problem(town.chat.invitation(None, &link).await), Problem::Gone);
    assert_eq!(problem(town.chat.reset_person(&reset).await), Problem::Gone);
    let role = async |who, room| town.chat.reader(Some(who), room).await.unwrap().role();
    assert_eq!(role(&root, alone.id).await, Some(Role::Host), "no room is without a host");
    assert_eq!(role(&root, shared.id).await, None, "there is another one");
    // She counts no more as a host.
    let last = Problem::invalid("member", Rule::LastOne);
    assert_eq!(problem(town.chat.leave(&bo, shared.id).await), last);

    town.chat.disable_person(&admin, id, true).await.unwrap();
    town.chat.disable_person(&admin, id, false).await.unwrap();
    assert!(town.chat.who(&ana.token).await.unwrap().is_none(), "she signs in anew");
    let again = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap().who;
    assert_eq!(role(&again, alone.id).await, Some(Role::Host));
}

#[tokio::test]
async fn a_session_is_ended_for_somebody() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let phone = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap();
    let bo = town.chat.register("bo", "Bo", PASSWORD, None, &visit()).await.unwrap();
    let id = ana.who.person.id;
    let (_out, mut heard) = town.chat.hub().connect(Some(phone.who.clone()));
    assert_eq!(town.chat.account(&admin, id).await.unwrap().1.len(), 2);
    let not_there = Problem::not_found(Thing::Session);
    for session in [bo.who.session, root.session, SessionId(0)] {
        assert_eq!(problem(town.chat.end_session_of(&admin, id, session).await), not_there);
    }
    town.chat.end_session_of(&admin, id, phone.who.session).await.unwrap();
    assert!(matches!(heard.next().await, chat::hub::Take::Close { code: 4501, .. }));
    assert!(town.chat.who(&phone.token).await.unwrap().is_none());
    assert!(town.chat.who(&ana.token).await.unwrap().is_some());
    town.chat.end_sessions_of(&admin, id).await.unwrap();
    assert!(town.chat.who(&ana.token).await.unwrap().is_none());
    assert!(town.chat.who(&bo.token).await.unwrap().is_some());
}

#[tokio::test]
async fn a_new_role_begins_with_a_new_session() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let (_out, mut heard) = town.chat.hub().connect(Some(ana.who.clone()));
    town.chat.change_site_role(&admin, ana.who.person.id, SiteRole::Member).await.unwrap();
    assert!(town.chat.who(&ana.token).await.unwrap().is_some(), "nothing changed");
    town.chat.change_site_role(&admin, ana.who.person.id, SiteRole::Admin).await.unwrap();
    assert!(matches!(heard.next().await, chat::hub::Take::Close { code: 4501, .. }));
    assert!(town.chat.who(&ana.token).await.unwrap().is_none());
    let again = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap().who;
    assert!(town.chat.admin(Some(&again)).is_ok());
    for change in [
        town.chat.change_site_role(&admin, admin.who().person.id, SiteRole::Member).await,
        town.chat.disable_person(&admin, admin.who().person.id, true).await,
    ] {
        assert_eq!(problem(change), Problem::NotAllowed, "not oneself");
    }
}

/// Each takes the other's place away at the same moment, also from two servers.
#[tokio::test]
async fn two_administrators_cannot_leave_the_site_without_one() {
    let town = Town::new().await;
    let (_, keeps) = town.admin("keeps").await;
    let other = match town.has_one_server() {
        true => town.chat.clone(),
        false => Chat::open_with(town.options(), Limits::none()).await.unwrap(),
    };
    let (mut last, mut round) = (keeps, 0);
    while round < 8 {
        round += 1;
        let (_, second) = town.admin(&format!("admin-{round}")).await;
        let (a, b) = (last.who().person.id, second.who().person.id);
        let (one, two) = tokio::join!(
            async {
                match round % 2 {
                    0 => town.chat.change_site_role(&last, b, SiteRole::Member).await,
                    _ => town.chat.disable_person(&last, b, true).await,
                }
            },
            async {
                match round % 3 {
                    0 => other.disable_person(&second, a, true).await,
                    _ => other.change_site_role(&second, a, SiteRole::Member).await,
                }
            },
        );
        let refused = match (one, two) {
            (Ok(()), refused @ Err(_)) => refused,
            (refused @ Err(_), Ok(())) => {
                last = second;
                refused
            }
            both => panic!("{both:?}"),
        };
        assert_eq!(problem(refused), Problem::invalid("person", Rule::LastOne));
    }
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_once() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let ana = town.chat.register("ana", "Ana", PASSWORD, None, &visit()).await.unwrap();
    let id = ana.who.person.id;
    let replaced = town.chat.create_reset(&admin, id).await.unwrap();
    let token = town.chat.create_reset(&admin, id).await.unwrap();
    assert_eq!(problem(town.chat.reset_person(&replaced).await), Problem::Gone);
    assert_eq!(town.chat.reset_person(&token).await.unwrap().name, "ana");
    let weak = town.chat.reset_password(&token, "password1", &visit()).await;
    assert!(matches!(problem(weak), Problem::Invalid { .. }), "which costs nothing");

    let tries = (0..4).map(|n| {
        let (chat, token) = (town.chat.clone(), token.clone());
        tokio::spawn(async move { chat.reset_password(&token, &format!("another horse {n}"), &visit()).await.is_ok() })
    });
    let done = futures::future::join_all(tries).await.into_iter().filter(|done| *done.as_ref().unwrap()).count();
    assert_eq!(done, 1);
    assert!(town.chat.who(&ana.token).await.unwrap().is_none());
    assert_eq!(problem(town.chat.sign_in("ana", PASSWORD, &visit()).await), Problem::WrongCredentials);
    let mut let_in = 0;
    for n in 0..4 {
        let_in += usize::from(town.chat.sign_in("ana", &format!("another horse {n}"), &visit()).await.is_ok());
    }
    assert_eq!(let_in, 1);

    let late = town.chat.create_reset(&admin, id).await.unwrap();
    town.clock.advance(86_400_000);
    assert_eq!(problem(town.chat.reset_password(&late, "another horse 9", &visit()).await), Problem::Gone);
    assert_eq!(problem(town.chat.create_reset(&admin, PersonId(0)).await), Problem::not_found(Thing::Person));
}

#[tokio::test]
async fn administrators_find_whom_rooms_restrict_and_where() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let (hall, den) =
        (town.room("hall", Visibility::Public, &root).await, town.room("den", Visibility::Open, &root).await);
    let host = async |room: &Room| town.chat.host(Some(&root), room.id).await.unwrap();
    town.chat.mute(&host(&hall).await, ana.person.id, MuteFor::Hour, "loud").await.unwrap();
    town.chat.mute(&host(&den).await, ana.person.id, MuteFor::Good, "").await.unwrap();
    town.chat.ban(&host(&den).await, bo.person.id, "spam").await.unwrap();
    let find = async |state: PersonState| {
        let query = PeopleQuery { state: Some(state), ..asked("") };
        let page = town.chat.people_page(&admin, &query).await.unwrap();
        page.lines.into_iter().map(|line| line.person.name).collect::<Vec<_>>()
    };
    assert_eq!(find(PersonState::Muted).await, ["ana"], "once, in however many rooms");
    assert_eq!(find(PersonState::Banned).await, ["bo"]);
    let rooms = async |who: &chat::Who| {
        let found = town.chat.restricted_in(&admin, who.person.id).await.unwrap();
        found.into_iter().map(|one| (one.room.slug, one.banned, one.reason)).collect::<Vec<_>>()
    };
    let line = |slug: &str, banned, reason: &str| (slug.to_owned(), banned, reason.to_owned());
    let mut of_ana = rooms(&ana).await;
    of_ana.sort();
    assert_eq!(of_ana, [line("den", false, ""), line("hall", false, "loud")]);
    assert_eq!(rooms(&bo).await, [line("den", true, "spam")]);

    // What is over restricts nobody.
    town.chat.unmute(&host(&den).await, ana.person.id).await.unwrap();
    town.clock.advance(3_600_001);
    assert!(find(PersonState::Muted).await.is_empty());
    assert!(rooms(&ana).await.is_empty());
}
