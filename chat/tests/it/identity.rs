//! One's own account: addresses, passwords that were forgotten, devices, profile, pictures, taking
//! along and leaving; and who stays when somebody signs in twice.

use crate::mail_codes::{Plainly, asking, letters, new, registered, ticket};
use crate::town::{PASSWORD, Town, problem, visit};
use chat::hub::Take;
use chat::{Arrival, Chat, Identity, Problem, Who};
use domain::Rule;
use domain::live::close;
use domain::person::SiteRole;
use domain::room::Visibility;
use domain::sign_in::{Codes, SecondSignIn, Step};

fn policy(second: SecondSignIn) -> Identity {
    Identity { second, ..Identity::default() }
}

async fn comes(town: &Town, name: &str) -> chat::Result<Arrival> {
    town.chat.come_in(name, PASSWORD, &visit(), &Plainly).await
}

async fn enters(town: &Town, name: &str) -> Who {
    match comes(town, name).await.unwrap() {
        Arrival::In(signed_in) => signed_in.who,
        Arrival::Step(_) | Arrival::EmailKept => panic!("something more was asked"),
    }
}

/// A live connection of somebody.
fn connected(chat: &Chat, who: &Who) -> (chat::hub::Outbox, chat::hub::OutboxReader) {
    chat.hub().connect(Some(who.clone()))
}

/// How a connection was closed.
async fn closed(reader: &mut chat::hub::OutboxReader) -> (u16, String) {
    loop {
        if let Take::Close { code, reason } = reader.next().await {
            return (code, reason);
        }
    }
}

#[tokio::test]
async fn both_stay_where_that_is_allowed() {
    let town = Town::new().await;
    town.person("ana").await;
    let first = enters(&town, "ana").await;
    let _line = connected(&town.chat, &first);
    let second = enters(&town, "ana").await;
    assert_eq!(town.chat.sessions(&second).await.unwrap().len(), 3);
}

#[tokio::test]
async fn who_comes_later_replaces_the_other_one() {
    let town = Town::asking(policy(SecondSignIn::Replace)).await;
    town.chat.add_person("ana", PASSWORD, SiteRole::Member).await.unwrap();
    let first = enters(&town, "ana").await;
    let (_outbox, mut line) = connected(&town.chat, &first);
    let second = enters(&town, "ana").await;
    assert_eq!(closed(&mut line).await, (close::REPLACED, "Firefox · Linux".to_owned()));
    assert!(!close::comes_back(close::REPLACED), "or two pages would put each other out for ever");
    let sessions = town.chat.sessions(&second).await.unwrap();
    assert_eq!(sessions.iter().map(|s| s.id).collect::<Vec<_>>(), [second.session]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_replace_each_other_at_once_one_is_left() {
    let town = Town::asking(policy(SecondSignIn::Replace)).await;
    town.chat.add_person("ana", PASSWORD, SiteRole::Member).await.unwrap();
    let all = (0..20).map(|_| {
        let chat = town.chat.clone();
        tokio::spawn(async move {
            match chat.come_in("ana", PASSWORD, &visit(), &Plainly).await.unwrap() {
                Arrival::In(signed_in) => signed_in.token,
                Arrival::Step(_) | Arrival::EmailKept => panic!("something more was asked"),
            }
        })
    });
    let mut inside = 0;
    for token in futures::future::join_all(all).await {
        inside += usize::from(town.chat.who(&token.unwrap()).await.unwrap().is_some());
    }
    assert_eq!(inside, 1);
}

#[tokio::test]
async fn who_comes_later_is_turned_away_while_the_other_one_is_connected() {
    let town = Town::asking(policy(SecondSignIn::Refuse)).await;
    town.chat.add_person("ana", PASSWORD, SiteRole::Member).await.unwrap();
    let first = enters(&town, "ana").await;
    enters(&town, "ana").await;
    let (outbox, line) = connected(&town.chat, &first);
    assert_eq!(problem(comes(&town, "ana").await), Problem::Elsewhere { device: "Firefox · Linux".into() });
    assert_eq!(problem(town.chat.come_in("ana", "wrong", &visit(), &Plainly).await), Problem::WrongCredentials);
    drop((outbox, line));
    enters(&town, "ana").await;
}

#[tokio::test]
async fn who_comes_later_is_asked() {
    let town = Town::asking(policy(SecondSignIn::Ask)).await;
    town.chat.add_person("ana", PASSWORD, SiteRole::Member).await.unwrap();
    let first = enters(&town, "ana").await;
    let (_outbox, mut line) = connected(&town.chat, &first);
    town.clock.advance(180_000);
    let asked = ticket(comes(&town, "ana").await.unwrap());
    let step = town.chat.step(&asked.token).await.unwrap();
    let seen_at = crate::town::START;
    assert_eq!(step, Some(Step::Elsewhere { device: "Firefox · Linux".into(), seen_at }));
    assert_eq!(problem(town.chat.replace_elsewhere("nonsense", &visit()).await), Problem::Gone);
    let tried = town.chat.enter_code(None, &asked.token, "000000", &visit(), &Plainly).await;
    assert_eq!(problem(tried), Problem::WrongCode { left: 4 }, "a question is answered by no code");

    let given_up = ticket(comes(&town, "ana").await.unwrap());
    town.chat.give_up(&given_up.token).await.unwrap();
    assert_eq!(problem(town.chat.replace_elsewhere(&given_up.token, &visit()).await), Problem::Gone);
    let second = town.chat.replace_elsewhere(&asked.token, &visit()).await.unwrap();
    assert_eq!(closed(&mut line).await.0, close::REPLACED);
    assert_eq!(town.chat.sessions(&second.who).await.unwrap().len(), 1);
    assert_eq!(problem(town.chat.replace_elsewhere(&asked.token, &visit()).await), Problem::Gone);
}

#[tokio::test]
async fn administrators_are_put_out_only_where_that_is_said() {
    for (second, replace_admins) in
        [(SecondSignIn::Replace, false), (SecondSignIn::Ask, false), (SecondSignIn::Replace, true)]
    {
        let town = Town::asking(Identity { second, replace_admins, ..Identity::default() }).await;
        let (root, _) = town.admin("root").await;
        let _line = connected(&town.chat, &root);
        let arrival = comes(&town, "root").await;
        if replace_admins {
            assert!(matches!(arrival, Ok(Arrival::In(_))), "{second:?}");
        } else {
            assert!(matches!(problem(arrival), Problem::Elsewhere { .. }), "{second:?}");
        }
    }
}

#[tokio::test]
async fn the_question_comes_after_the_code() {
    let town = Town::asking(Identity { codes: Codes::SignIn, second: SecondSignIn::Ask, ..Identity::default() }).await;
    registered(&town, "ana", "ana@example.org").await;
    let begun = ticket(comes(&town, "ana").await.unwrap());
    let gone = town.chat.replace_elsewhere(&begun.token, &visit()).await;
    assert_eq!(problem(gone), Problem::Gone, "the code cannot be passed over");
    let (_, code) = letters(&town, "ana@example.org", 2).await.pop().unwrap();
    let asked = ticket(town.chat.enter_code(None, &begun.token, &code, &visit(), &Plainly).await.unwrap());
    assert!(matches!(town.chat.step(&asked.token).await.unwrap(), Some(Step::Elsewhere { .. })));
    town.chat.replace_elsewhere(&asked.token, &visit()).await.unwrap();
}

#[tokio::test]
async fn an_address_is_kept_when_its_code_came_back() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let change = |who: Who, email: &'static str, password: &'static str| {
        let chat = town.chat.clone();
        async move { chat.change_email(&who, email, password, &visit(), &Plainly).await }
    };
    assert_eq!(problem(change(ana.clone(), "ana@example.org", "wrong").await), Problem::WrongCredentials);
    let begun = change(ana.clone(), "ana@example.org", PASSWORD).await.unwrap().unwrap();
    let (subject, code) = letters(&town, "ana@example.org", 1).await.pop().unwrap();
    assert_eq!(subject, "new-address");
    for other in [Some(&ben), None] {
        let theirs = town.chat.enter_code(other, &begun.token, &code, &visit(), &Plainly).await;
        assert_eq!(problem(theirs), Problem::SignInNeeded, "somebody else's ticket");
    }
    let kept = town.chat.enter_code(Some(&ana), &begun.token, &code, &visit(), &Plainly).await.unwrap();
    assert!(matches!(kept, Arrival::EmailKept));

    // Ben is answered alike, and Ana is told.
    change(ben.clone(), "ANA@example.org", PASSWORD).await.unwrap().unwrap();
    assert_eq!(letters(&town, "ANA@example.org", 1).await, [("address-in-use".to_owned(), "ana".to_owned())]);

    let begun = change(ana.clone(), "ana@new.example", PASSWORD).await.unwrap().unwrap();
    let (_, code) = letters(&town, "ana@new.example", 1).await.pop().unwrap();
    town.chat.enter_code(Some(&ana), &begun.token, &code, &visit(), &Plainly).await.unwrap();
    assert_eq!(letters(&town, "ana@example.org", 2).await[1], ("old-address".to_owned(), "ana".to_owned()));
    assert!(change(ana.clone(), "", PASSWORD).await.unwrap().is_none());
    assert_eq!(town.chat.my_profile(&ana).await.unwrap().email, None);
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_by_a_link_and_ends_all_sessions() {
    let town = Town::asking(asking(Codes::Registration)).await;
    let ana = registered(&town, "ana", "ana@example.org").await;
    let (_outbox, mut line) = connected(&town.chat, &ana.who);
    for count in [2, 3] {
        town.chat.forgot_password("ana@example.org", &visit(), Plainly).await.unwrap();
        letters(&town, "ana@example.org", count).await;
    }
    let tokens: Vec<String> =
        letters(&town, "ana@example.org", 3).await.into_iter().filter(|l| l.0 == "reset").map(|l| l.1).collect();
    town.chat.reset_password(&tokens[0], "another quiet evening", &visit()).await.unwrap();
    assert_eq!(closed(&mut line).await.0, close::SESSION_ENDED);
    assert!(town.chat.who(&ana.token).await.unwrap().is_none());
    let second = town.chat.reset_password(&tokens[1], "yet another evening", &visit()).await;
    assert_eq!(problem(second), Problem::Gone, "the other links are of no use any more");
    town.chat.sign_in("ana", "another quiet evening", &visit()).await.unwrap();
}

#[tokio::test]
async fn a_new_password_ends_what_was_begun_with_the_old_one() {
    let town = Town::asking(asking(Codes::SignIn)).await;
    let ana = registered(&town, "ana", "ana@example.org").await;
    let begun = ticket(comes(&town, "ana").await.unwrap());
    let (_, code) = letters(&town, "ana@example.org", 2).await.pop().unwrap();
    town.chat.change_password(&ana.who, PASSWORD, "another quiet evening").await.unwrap();
    let late = town.chat.enter_code(None, &begun.token, &code, &visit(), &Plainly).await;
    assert_eq!(problem(late), Problem::WrongCode { left: 0 });
}

#[tokio::test]
async fn the_other_devices_are_signed_out_together() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let other = enters(&town, "ana").await;
    let (_outbox, mut line) = connected(&town.chat, &other);
    town.chat.end_other_sessions(&ana).await.unwrap();
    assert_eq!(closed(&mut line).await.0, close::SESSION_ENDED);
    assert_eq!(town.chat.sessions(&ana).await.unwrap().len(), 1);
}

fn png(width: u32, height: u32) -> bytes::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

#[tokio::test]
async fn people_have_a_profile_and_a_picture() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    town.chat.change_profile(&ana, "Ana", "Paints 画画").await.unwrap();
    let long = town.chat.change_profile(&ana, "Ana", &"x".repeat(201)).await;
    assert_eq!(problem(long), Problem::invalid("about", Rule::TooLong { max: 200 }));
    assert_eq!(town.chat.portrait(&ben, ana.person.id).await.unwrap(), None);
    town.chat.change_portrait(&ana, png(600, 300)).await.unwrap();
    let seen = town.chat.profile(&ben, "@ANA").await.unwrap();
    assert_eq!((seen.person.display.as_str(), seen.about.as_str()), ("Ana", "Paints 画画"));
    assert!(!seen.person.portrait.is_empty());
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.says(&ana, hall.id, "It stands beside my words").await;
    let reader = town.chat.reader(Some(&ben), hall.id).await.unwrap();
    let said = town.chat.history(&reader, None).await.unwrap().messages.pop().unwrap();
    let members = town.chat.members(&reader).await.unwrap();
    assert_eq!(
        [said.author.portrait, members[0].person.portrait.clone()],
        [seen.person.portrait.clone(), seen.person.portrait]
    );
    let (bytes, kind) = town.chat.portrait(&ben, ana.person.id).await.unwrap().unwrap();
    let made = image::load_from_memory(&bytes).unwrap();
    assert_eq!((made.width(), made.height(), kind.as_str()), (256, 256, "image/jpeg"));
    let broken = town.chat.change_portrait(&ana, bytes::Bytes::from_static(b"<svg/>")).await;
    assert!(matches!(problem(broken), Problem::Invalid { field, .. } if field == "picture"));
    town.chat.remove_portrait(&ana).await.unwrap();
    assert!(town.chat.profile(&ben, "ana").await.unwrap().person.portrait.is_empty());
    assert!(matches!(problem(town.chat.profile(&ben, "nobody").await), Problem::NotFound { .. }));
}

#[tokio::test]
async fn whoever_leaves_leaves_their_words_without_a_name() {
    let town = Town::asking(asking(Codes::Registration)).await;
    let host = town.chat.register("host", "host", PASSWORD, None, &visit()).await.unwrap().who;
    let hall = town.room("hall", Visibility::Public, &host).await;
    let ana = registered(&town, "ana", "ana@example.org").await;
    town.says(&ana.who, hall.id, "Still here").await;
    town.chat.change_portrait(&ana.who, png(9, 9)).await.unwrap();
    assert_eq!(problem(town.chat.close_account(&ana.who, "wrong").await), Problem::WrongCredentials);
    let (_outbox, mut line) = connected(&town.chat, &ana.who);
    town.chat.close_account(&ana.who, PASSWORD).await.unwrap();
    assert_eq!(closed(&mut line).await.0, close::SESSION_ENDED);
    assert!(town.chat.who(&ana.token).await.unwrap().is_none());

    let reader = town.chat.reader(Some(&host), hall.id).await.unwrap();
    let said = town.chat.history(&reader, None).await.unwrap().messages.pop().unwrap();
    assert_eq!(domain::span::plain(&said.spans), "Still here");
    assert!(!said.author.name.contains("ana") && said.author.display.contains("Deleted account"), "{:?}", said.author);
    assert!(town.chat.members(&reader).await.unwrap().iter().all(|member| member.person.id != ana.who.person.id));
    assert_eq!(said.author.portrait, "");
    assert_eq!(town.chat.portrait(&host, ana.who.person.id).await.unwrap(), None);
    assert!(matches!(problem(town.chat.profile(&host, &said.author.name).await), Problem::NotFound { .. }));
    for name in ["ana", "ana@example.org", &said.author.name] {
        assert_eq!(problem(town.chat.come_in(name, PASSWORD, &visit(), &Plainly).await), Problem::WrongCredentials);
    }
    let (_, admin) = town.admin("root").await;
    assert_eq!(problem(town.chat.disable_person(&admin, ana.who.person.id, false).await), Problem::Gone);
    // Name and address are free again.
    registered_again(&town).await;
}

async fn registered_again(town: &Town) {
    let begun = ticket(town.chat.sign_up(new("ana", "ana@example.org"), &visit(), &Plainly).await.unwrap());
    let (subject, code) = letters(town, "ana@example.org", 2).await.pop().unwrap();
    assert_eq!(subject, "register");
    let arrival = town.chat.enter_code(None, &begun.token, &code, &visit(), &Plainly).await.unwrap();
    assert!(matches!(arrival, Arrival::In(_)));
}

#[tokio::test]
async fn nobody_leaves_what_only_they_can_run() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let last = town.chat.close_account(&root, PASSWORD).await;
    assert_eq!(problem(last), Problem::invalid("person", Rule::LastOne));
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let refused = town.chat.close_account(&ana, PASSWORD).await;
    assert_eq!(problem(refused), Problem::invalid("rooms", Rule::LastOne));
    assert_eq!(town.chat.only_hosted(&ana).await.unwrap(), [hall]);
    let second = town.person("ben").await;
    town.chat.change_site_role(&admin, second.person.id, SiteRole::Admin).await.unwrap();
    town.chat.close_account(&root, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn ones_own_words_and_pictures_can_be_taken_along() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.say(&ana, hall.id, 3).await;
    town.says(&ben, hall.id, "not hers").await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let new = chat::NewPicture { bytes: png(8, 8), ..chat::NewPicture::default() };
    town.chat.add_picture(&host, new).await.unwrap();
    let own = town.chat.own_messages(&ana, 0).await.unwrap();
    let words: Vec<&str> = own.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(words, ["word 0", "word 1", "word 2"]);
    assert_eq!((own[0].slug.as_str(), own[0].room.as_str()), ("hall", "Room hall"));
    assert!(town.chat.own_messages(&ana, own[2].id).await.unwrap().is_empty());
    let pictures = town.chat.own_pictures(&ana).await.unwrap();
    assert_eq!(town.chat.own_picture_bytes(&ana, &pictures[0]).await.unwrap().1, "image/png");
    assert!(town.chat.own_pictures(&ben).await.unwrap().is_empty());
}
