//! Rooms inside pages of other sites: tickets, what their sessions open, and what not.

use crate::files::added;
use crate::town::{Town, problem, visit};
use chat::{Pass, Problem, Rule, Thing, Vouched, Who};
use domain::audit::Act;
use domain::member::Role;
use domain::room::Visibility;

const SITE: &str = "site:1";

async fn guest(town: &Town, name: &str) -> Vouched {
    town.chat.vouch_called(SITE, name, "Guest of the shop").await.unwrap()
}

/// A member's private room, and its host.
async fn den(town: &Town) -> (Who, chat::RoomHost) {
    let ana = town.person("ana").await;
    let room = town.room("den", Visibility::Private, &ana).await;
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    (ana, host)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_lets_one_visitor_into_one_room_once() {
    let town = Town::new().await;
    let chat = &town.chat;
    let (ana, host) = den(&town).await;
    let other = town.room("other", Visibility::Public, &ana).await;
    let guest = guest(&town, "42").await;
    let ticket = chat.create_embed_ticket(&host, &guest, 600).await.unwrap();
    assert_eq!(ticket.expires_at, chat.now() + 60_000);

    let odd =
        |slug: &'static str, token: String| async move { problem(chat.enter_by_ticket(slug, &token, &visit()).await) };
    for (slug, token) in [
        ("other", ticket.token.clone()),
        ("nowhere", ticket.token.clone()),
        ("den", "x".into()),
        ("den", String::new()),
    ] {
        assert_eq!(odd(slug, token).await, Problem::SignInNeeded);
    }
    let inside = chat.enter_by_ticket("den", &ticket.token, &visit()).await.unwrap();
    assert_eq!(odd("den", ticket.token.clone()).await, Problem::SignInNeeded, "used");
    assert_eq!((inside.who.person.display.as_str(), inside.who.only), ("Guest of the shop", Some(host.room().id)));
    assert_eq!(inside.expires_at, chat.now() + 600_000);

    // They read and write there, and nowhere else, not even where everybody reads.
    let writer = chat.writer(Some(&inside.who), host.room().id).await.unwrap();
    assert_eq!(writer.role(), Some(Role::Member));
    town.says(&inside.who, host.room().id, "from the shop").await;
    let hidden = Problem::not_found(Thing::Room);
    assert_eq!(problem(chat.reader(Some(&inside.who), other.id).await), hidden);
    assert_eq!(problem(chat.listener(Some(&inside.who), other.id).await), hidden);
    assert!(chat.reader(None, other.id).await.is_ok(), "anybody may");

    // Its tokens open nothing else.
    assert!(chat.who(&inside.token).await.unwrap().is_none());
    assert!(chat.bearer(&inside.token).await.unwrap().is_none());
    assert!(chat.embedded(&inside.look).await.unwrap().is_none());
    assert!(chat.onlooker(&inside.token).await.unwrap().is_none());
    let looks = chat.onlooker(&inside.look).await.unwrap().unwrap();
    let picture = added(chat, &ana, host.room().id).await;
    let reader = chat.reader(Some(&looks), host.room().id).await.unwrap();
    chat.check_picture(&reader, &picture.blob).await.unwrap();
    // One line in the list of devices, not two.
    assert_eq!(chat.sessions(&inside.who).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_use_a_ticket_at_once_one_comes_in() {
    let town = Town::new().await;
    let (_, host) = den(&town).await;
    let ticket = town.chat.create_embed_ticket(&host, &guest(&town, "42").await, 600).await.unwrap();
    let tries = (0..20).map(|_| {
        let (chat, token, visit) = (town.chat.clone(), ticket.token.clone(), visit());
        tokio::spawn(async move { chat.enter_by_ticket("den", &token, &visit).await.is_ok() })
    });
    let came = futures::future::join_all(tries.collect::<Vec<_>>()).await;
    assert_eq!(came.into_iter().filter(|came| *came.as_ref().unwrap()).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_and_stays_end_and_another_ticket_prolongs_a_stay() {
    let town = Town::new().await;
    let chat = &town.chat;
    let (_, host) = den(&town).await;
    let guest = guest(&town, "42").await;
    let ticket = async || chat.create_embed_ticket(&host, &guest, 100).await.unwrap().token;
    let late = ticket().await;
    town.clock.advance(60_000);
    assert_eq!(problem(chat.enter_by_ticket("den", &late, &visit()).await), Problem::SignInNeeded);

    let inside = chat.enter_by_ticket("den", &ticket().await, &visit()).await.unwrap();
    town.clock.advance(90_000);
    // Another visitor's ticket does not help, and is not used up by trying.
    let strange = chat.vouch_called(SITE, "43", "Somebody else").await.unwrap();
    let strange = chat.create_embed_ticket(&host, &strange, 100).await.unwrap().token;
    let refused = chat.stay_by_ticket(&inside.token, &inside.look, &strange).await;
    assert_eq!(problem(refused), Problem::SignInNeeded);
    assert!(chat.enter_by_ticket("den", &strange, &visit()).await.is_ok());

    let until = chat.stay_by_ticket(&inside.token, &inside.look, &ticket().await).await.unwrap();
    assert_eq!(until, chat.now() + 100_000);
    town.clock.advance(50_000);
    assert!(chat.embedded(&inside.token).await.unwrap().is_some());
    assert!(chat.onlooker(&inside.look).await.unwrap().is_some());
    town.clock.advance(50_000);
    assert!(chat.embedded(&inside.token).await.unwrap().is_none());
    assert!(chat.onlooker(&inside.look).await.unwrap().is_none());
    // Also what has run out goes on with a new ticket: a page that slept is not lost.
    chat.stay_by_ticket(&inside.token, &inside.look, &ticket().await).await.unwrap();
    assert!(chat.embedded(&inside.token).await.unwrap().is_some());
    // But not what was ended.
    chat.end_pass(&inside.who).await.unwrap();
    let refused = chat.stay_by_ticket(&inside.token, &inside.look, &ticket().await).await;
    assert_eq!(problem(refused), Problem::SignInNeeded);
    assert!(matches!(chat.pass("embed", &inside.token).await.unwrap(), Pass::Ended));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_more_by_a_ticket_than_they_are() {
    let town = Town::new().await;
    let chat = &town.chat;
    let (ana, host) = den(&town).await;
    let room = host.room().id;
    let guest = guest(&town, "42").await;
    for stay in [0, 9, 86_401] {
        let refused = chat.create_embed_ticket(&host, &guest, stay).await;
        assert_eq!(problem(refused.map(drop)), Problem::invalid("stay", Rule::Shape));
    }
    // An administrator in a frame is a member like others.
    let token = chat.create_embed_ticket(&host, &guest, 600).await.unwrap().token;
    let (_, admin) = town.admin("root").await;
    chat.change_site_role(&admin, guest.person.id, domain::person::SiteRole::Admin).await.unwrap();
    let inside = chat.enter_by_ticket("den", &token, &visit()).await.unwrap();
    assert_eq!(problem(chat.admin(Some(&inside.who)).map(drop)), Problem::NotAllowed);
    assert_eq!(problem(chat.host(Some(&inside.who), room).await.map(drop)), Problem::NotAllowed);
    // Who is host of the room is a member in a frame, and host elsewhere still.
    chat.add_member(&host, guest.person.id, Role::Host).await.unwrap();
    chat.create_embed_ticket(&host, &guest, 600).await.unwrap();
    assert_eq!(problem(chat.host(Some(&inside.who), room).await.map(drop)), Problem::NotAllowed);
    let elsewhere = Who { only: None, ..inside.who.clone() };
    assert!(chat.host(Some(&elsewhere), room).await.is_ok());
    // Nor do they see what else their person belongs to.
    let own = town.room("own", Visibility::Private, &elsewhere).await;
    assert!(chat.rooms(Some(&elsewhere)).await.unwrap().iter().any(|line| line.room.id == own.id));
    let seen: Vec<_> = chat.rooms(Some(&inside.who)).await.unwrap().iter().map(|line| line.room.id).collect();
    assert_eq!(seen, [room]);
    let loud = chat.vouch_called(SITE, "43", "Loud").await.unwrap();
    let before = chat.create_embed_ticket(&host, &loud, 600).await.unwrap().token;
    chat.ban(&host, loud.person.id, "").await.unwrap();
    assert!(matches!(problem(chat.create_embed_ticket(&host, &loud, 600).await.map(drop)), Problem::Removed { .. }));
    let banned = chat.enter_by_ticket("den", &before, &visit()).await.unwrap();
    assert!(chat.reader(Some(&banned.who), room).await.is_err());
    drop(ana);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_says_which_sites_may_show_it() {
    let town = Town::new().await;
    let chat = &town.chat;
    let (_, host) = den(&town).await;
    let room = host.room().id;
    assert!(chat.embed_origins(room).await.unwrap().is_empty());
    let given = ["https://Shop.example/", "http://localhost:8080"];
    let kept = ["https://shop.example", "http://localhost:8080"];
    assert_eq!(chat.change_embed(&host, &given).await.unwrap(), kept);
    assert_eq!(chat.embed_origins(room).await.unwrap(), kept);
    assert_eq!(problem(chat.change_embed(&host, &["*"]).await), Problem::invalid("origins", Rule::Shape));
    assert_eq!(chat.embed_origins(room).await.unwrap(), kept, "nothing changed");
    chat.change_embed(&host, &kept).await.unwrap();
    chat.change_embed(&host, &[]).await.unwrap();
    assert!(chat.embed_origins(room).await.unwrap().is_empty());
    let (_, admin) = town.admin("root").await;
    let trail = chat.audit(&admin, &chat::Sought::default()).await.unwrap();
    assert_eq!(
        trail.lines.iter().filter(|line| line.act == Act::EmbedChanged).count(),
        2,
        "saying the same is no change"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_is_called_as_their_site_calls_them_now() {
    let town = Town::new().await;
    let first = guest(&town, "42").await;
    let then = town.chat.vouch_called(SITE, "42", "New Name").await.unwrap();
    assert_eq!((then.person.id, then.person.display.as_str()), (first.person.id, "New Name"));
    let elsewhere = town.chat.vouch_called("site:2", "42", "New Name").await.unwrap();
    assert_ne!(elsewhere.person.id, first.person.id, "the 42 of another site is somebody else");
    let refused = town.chat.vouch_called(SITE, "42", "").await;
    assert!(matches!(problem(refused.map(drop)), Problem::Invalid { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_sent_away_is_away_at_once_with_all_their_tokens() {
    let town = Town::new().await;
    let chat = &town.chat;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    let guest = guest(&town, "42").await;
    let enter = async || {
        let ticket = chat.create_embed_ticket(&host, &guest, 600).await.unwrap();
        chat.enter_by_ticket("hall", &ticket.token, &visit()).await.unwrap()
    };
    // Whoever ends their session ends what shows them pictures as well.
    let inside = enter().await;
    assert!(chat.onlooker(&inside.look).await.unwrap().is_some());
    chat.sign_out(&inside.who).await.unwrap();
    assert!(chat.onlooker(&inside.look).await.unwrap().is_none());

    for bans in [false, true] {
        let inside = enter().await;
        match bans {
            false => _ = chat.remove_member(&host, guest.person.id).await.unwrap(),
            true => _ = chat.ban(&host, guest.person.id, "").await.unwrap(),
        }
        assert!(chat.embedded(&inside.token).await.unwrap().is_none(), "also where everybody may read");
        assert!(chat.onlooker(&inside.look).await.unwrap().is_none());
    }
}
