//! Who may do what: every act × everybody × every kind of room, against the real house. What
//! is expected is written out here by hand, not taken from the table that the house asks.

use crate::town::{Town, problem, words};
use chat::{PeopleQuery, Problem, RoomsQuery, Rule, Thing, Who};
use domain::gate::{GateRule, Opening};
use domain::member::Role;
use domain::person::SiteRole;
use domain::room::Visibility;
use domain::{ClientId, PersonId, PictureId, RoomId};

/// Guest, stranger, member, host, administrator who does not belong to the room.
const VISITORS: [&str; 5] = ["guest", "stranger", "member", "host", "admin"];

/// Of a public, an open, a private room, a letter for each visitor: `y` it is done, `s` sign in
/// first, `-` not allowed, `h` there is no such room, `w` wait, the room is shut.
type Rooms = [&'static str; 3];

/// In a living room, an archived one, and one that its gate keeps shut. In the order in which
/// one room can bear them: who enters is no stranger any more.
#[rustfmt::skip]
const EXPECTED: [(&str, Rooms, Rooms, Rooms); 28] = [
    //                public   open     private    public   open     private    public   open     private
    ("read",         ["yyyyy", "hyyyy", "hhyyy"], ["yyyyy", "hyyyy", "hhyyy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("look it up",   ["yyyyy", "hyyyy", "hhyyy"], ["yyyyy", "hyyyy", "hhyyy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("listen",       ["yyyyy", "hyyyy", "hhyyy"], ["yyyyy", "hyyyy", "hhyyy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("find it",      ["yyyyy", "hyyyy", "hhyyy"], ["yyyyy", "hyyyy", "hhyyy"], ["yyyyy", "hyyyy", "hhyyy"]),
    ("wait for it",  ["yyyyy", "hyyyy", "hhyyy"], ["yyyyy", "hyyyy", "hhyyy"], ["yyyyy", "hyyyy", "hhyyy"]),
    ("arrange",      ["s--yy", "h--yy", "hh-yy"], ["s----", "h----", "hh---"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("rename",       ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("set the gate", ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("archive",      ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("let in",       ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("appoint",      ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("send away",    ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("see people",   ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("make a link",  ["s--yy", "h--yy", "hh-yy"], ["s----", "h----", "hh---"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("see links",    ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("revoke links", ["s--yy", "h--yy", "hh-yy"], ["s--yy", "h--yy", "hh-yy"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("enter",        ["syyyy", "hyyyy", "hhyyy"], ["s----", "h----", "hh---"], ["wwwyy", "hwwyy", "hhwyy"]),
    ("say",          ["syyyy", "hyyyy", "hhyyy"], ["s----", "h----", "hh---"], ["wwwyy", "hwwyy", "hhwyy"]),
    // An administrator is no host of it, even where saying something made them a member.
    ("hand over",    ["s--y-", "h--y-", "hh-y-"], ["s--y-", "h--y-", "hh-y-"], ["wwwy-", "hwwy-", "hhwy-"]),
    // Of the site: whatever room there is.
    ("make a room",  ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("see accounts", ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("appoint all",  ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("keep out",     ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("see rooms",    ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("let register", ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("stop that",    ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("the system",   ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
    ("remove it",    ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"], ["s---y", "s---y", "s---y"]),
];

/// Somebody who does something in a room.
struct Actor<'a> {
    town: &'a Town,
    who: Option<&'a Who>,
    room: RoomId,
    slug: &'a str,
    /// A member to whom things are done, and somebody who is let in.
    dee: PersonId,
    eli: PersonId,
}

impl Actor<'_> {
    async fn does(&self, act: &str) -> chat::Result<()> {
        let (chat, who, room) = (&self.town.chat, self.who, self.room);
        match act {
            "read" => chat.reader(who, room).await.map(drop),
            "look it up" => chat.reader_by_slug(who, self.slug).await.map(drop),
            "listen" => chat.listener(who, room).await.map(drop),
            "wait for it" => chat.waiter(who, room).await.map(drop),
            "find it" => {
                let found = chat.rooms(who).await?.iter().any(|line| line.room.id == room);
                if found { Ok(()) } else { Err(Problem::not_found(Thing::Room).into()) }
            }
            "enter" | "say" => self.takes_part(act == "say").await,
            "make a room" | "see accounts" | "appoint all" | "keep out" | "see rooms" | "let register"
            | "stop that" | "the system" | "remove it" => self.manages(act).await,
            _ => self.runs(act).await,
        }
    }

    async fn takes_part(&self, says: bool) -> chat::Result<()> {
        let writer = self.town.chat.writer(self.who, self.room).await?;
        if says {
            let id = ClientId::parse(&format!("say-{:016x}", rand::random::<u64>())).unwrap();
            self.town.chat.post(&writer, &id, "word").await?;
        }
        Ok(())
    }

    async fn runs(&self, act: &str) -> chat::Result<()> {
        let chat = &self.town.chat;
        let host = chat.host(self.who, self.room).await?;
        let (is_archived, visibility) = (host.room().archived, host.room().visibility);
        match act {
            // There is no such picture; whoever hears that was let at the wall.
            "arrange" => {
                match chat.describe_picture(&host, PictureId(0), "", "").await.map_err(chat::Error::into_problem) {
                    Err(Problem::NotFound { thing: Thing::Picture }) => Ok(()),
                    other => other.map(drop).map_err(Into::into),
                }
            }
            "rename" => chat.change_room(&host, words(self.slug, visibility)).await.map(drop),
            "set the gate" => chat.change_gate(&host, *host.rule()).await.map(drop),
            "archive" => chat.archive_room(&host, is_archived).await,
            "let in" => chat.add_member(&host, self.eli, Role::Member).await,
            "appoint" => chat.add_member(&host, self.dee, Role::Host).await,
            "send away" => chat.remove_member(&host, self.eli).await.map(drop),
            "see people" => chat.members_page(&host, &Default::default()).await.map(drop),
            "make a link" => chat.create_room_invite(&host, 1, Some(1)).await.map(drop),
            "see links" => chat.room_invites(&host).await.map(drop),
            "revoke links" => match chat.room_invites(&host).await?.pop() {
                Some(line) => chat.remove_room_invite(&host, line.id).await,
                // None could be made in an archived room.
                None => Ok(()),
            },
            "hand over" => chat.hand_over(&host, self.dee).await,
            other => panic!("{other}"),
        }
    }

    async fn manages(&self, act: &str) -> chat::Result<()> {
        let chat = &self.town.chat;
        let admin = chat.admin(self.who)?;
        match act {
            "make a room" => {
                let slug = format!("{}-made", self.slug);
                chat.create_room(&admin, words(&slug, Visibility::Open), None).await.map(drop)
            }
            "see accounts" => {
                chat.people_page(&admin, &PeopleQuery::default()).await?;
                chat.account(&admin, self.dee).await.map(drop)
            }
            "appoint all" => chat.change_site_role(&admin, self.eli, SiteRole::Member).await,
            "keep out" => {
                chat.end_sessions_of(&admin, self.eli).await?;
                chat.create_reset(&admin, self.eli).await?;
                chat.disable_person(&admin, self.eli, false).await
            }
            "see rooms" => chat.rooms_page(&admin, &RoomsQuery::default()).await.map(drop),
            "the system" => chat.system(&admin).await.map(drop),
            "remove it" => chat.remove_room(&admin, self.room, &format!("Room {}", self.slug)).await,
            "let register" => chat.create_invite(&admin, 1, 1).await.map(drop),
            "stop that" => {
                let made = chat.invites(&admin).await?.remove(0);
                chat.remove_invite(&admin, made.id).await
            }
            other => panic!("{other}"),
        }
    }
}

fn letter(result: chat::Result<()>) -> char {
    match result.map_err(chat::Error::into_problem) {
        Ok(()) => 'y',
        Err(Problem::NotFound { thing: Thing::Room }) => 'h',
        Err(Problem::SignInNeeded) => 's',
        Err(Problem::NotAllowed) => '-',
        Err(Problem::Shut) => 'w',
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn everybody_may_exactly_what_they_may() {
    let town = Town::new().await;
    let (admin, _) = town.admin("root").await;
    let [host, member, stranger, dee, eli] = [
        town.person("host").await,
        town.person("member").await,
        town.person("stranger").await,
        town.person("dee").await,
        town.person("eli").await,
    ];
    let visitors = [None, Some(&stranger), Some(&member), Some(&host), Some(&admin)];
    let mut wrong = Vec::new();
    for (kind, visibility) in Visibility::ALL.into_iter().enumerate() {
        for (state, name) in ["living", "archived", "shut"].into_iter().enumerate() {
            for (visitor, who) in visitors.into_iter().enumerate() {
                // A room of its own, for acts change it.
                let slug = format!("{}-{name}-{}", visibility.as_str(), VISITORS[visitor]);
                let room = town.room(&slug, visibility, &host).await.id;
                let hosting = town.chat.host(Some(&host), room).await.unwrap();
                for person in [&member, &dee] {
                    town.chat.add_member(&hosting, person.person.id, Role::Member).await.unwrap();
                }
                town.chat.archive_room(&hosting, name == "archived").await.unwrap();
                if name == "shut" {
                    let closed = GateRule { opening: Opening::Never, ..GateRule::default() };
                    town.chat.change_gate(&hosting, closed).await.unwrap();
                }
                let actor = Actor { town: &town, who, room, slug: &slug, dee: dee.person.id, eli: eli.person.id };
                for (act, living, archived, shut) in EXPECTED {
                    let expected = [living, archived, shut][state][kind].chars().nth(visitor).unwrap();
                    let got = letter(actor.does(act).await);
                    if got != expected {
                        wrong.push(format!("{act}, {slug}: {got}, not {expected}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_room_that_is_not_there_is_not_there_for_anybody() {
    let town = Town::new().await;
    let (admin, _) = town.admin("root").await;
    for who in [None, Some(&admin)] {
        let hidden = Problem::not_found(Thing::Room);
        assert_eq!(problem(town.chat.reader(who, RoomId(9_999)).await), hidden);
        assert_eq!(problem(town.chat.reader_by_slug(who, "../etc").await), hidden);
    }
}

#[tokio::test]
async fn a_room_is_handed_over_at_once() {
    let town = Town::new().await;
    let [ana, bo, eve] = [town.person("ana").await, town.person("bo").await, town.person("eve").await];
    let hall = town.room("hall", Visibility::Open, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let no_member = Problem::not_found(Thing::Member);
    assert_eq!(problem(town.chat.hand_over(&host, eve.person.id).await), no_member);
    town.chat.hand_over(&host, ana.person.id).await.unwrap();
    assert!(town.chat.host(Some(&ana), hall.id).await.is_ok(), "to oneself: nothing changes");

    town.chat.add_member(&host, bo.person.id, Role::Member).await.unwrap();
    town.chat.hand_over(&host, bo.person.id).await.unwrap();
    assert_eq!(problem(town.chat.host(Some(&ana), hall.id).await), Problem::NotAllowed);
    assert!(town.chat.host(Some(&bo), hall.id).await.is_ok());
    // With what she knew of the room before.
    assert_eq!(problem(town.chat.hand_over(&host, bo.person.id).await), Problem::NotAllowed);
    let last = Problem::invalid("member", Rule::LastOne);
    assert_eq!(problem(town.chat.leave(&bo, hall.id).await), last);
}

/// Each takes the other's place away at the same moment, also from two servers.
#[tokio::test]
async fn two_hosts_cannot_leave_a_room_without_one() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let other = match town.has_one_server() {
        true => town.chat.clone(),
        false => chat::Chat::open_with(town.options(), chat::Limits::none()).await.unwrap(),
    };
    for round in 0..10 {
        let hall = town.room(&format!("hall-{round}"), Visibility::Public, &ana).await;
        let first = town.chat.host(Some(&ana), hall.id).await.unwrap();
        town.chat.add_member(&first, bo.person.id, Role::Host).await.unwrap();
        let second = other.host(Some(&bo), hall.id).await.unwrap();
        let one = async {
            match round % 2 {
                0 => town.chat.add_member(&first, bo.person.id, Role::Member).await,
                _ => town.chat.remove_member(&first, bo.person.id).await.map(drop),
            }
        };
        let two = async {
            match round % 3 {
                0 => other.add_member(&second, ana.person.id, Role::Member).await,
                1 => other.remove_member(&second, ana.person.id).await.map(drop),
                _ => other.leave(&bo, hall.id).await,
            }
        };
        let (one, two) = tokio::join!(one, two);
        assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
        let reader = town.chat.reader(None, hall.id).await.unwrap();
        let members = town.chat.members(&reader).await.unwrap();
        let hosts = members.iter().filter(|member| member.role == Role::Host).count();
        assert_eq!(hosts, 1, "{one:?} {two:?} {members:?}");
    }
}
