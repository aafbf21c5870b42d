//! Search finds what was said, on both stores alike, and nothing that the asker may not see.

use crate::attachments::sent;
use crate::files::added;
use crate::messages::client_id;
use crate::town::{START, Town, words};
use chat::{Limits, Problem, Question, Registration, Who};
use domain::gate::{GateRule, Opening};
use domain::room::Visibility;
use domain::search::{Found, Kind};
use domain::time::DAY_MS;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

async fn ask(town: &Town, who: Option<&Who>, asked: &str, older_than: Option<i64>) -> Found {
    let question = Question { asked, address: HERE, tz: 0, kind: None, older_than };
    town.chat.search(who, question).await.unwrap()
}

/// The words of the messages that are found.
async fn found(town: &Town, who: Option<&Who>, asked: &str) -> Vec<String> {
    let text = |hit: domain::search::MessageHit| hit.pieces.into_iter().map(|piece| piece.text).collect();
    ask(town, who, asked, None).await.messages.into_iter().map(text).collect()
}

/// Waits until what was said last can be found.
async fn indexed(town: &Town, who: &Who, room: domain::RoomId) {
    town.says(who, room, "Lastmessage").await;
    for _ in 0..100 {
        if !found(town, Some(who), "lastmessage").await.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the index does not follow");
}

/// How many messages are found, once there are so many.
pub async fn asked(town: &Town, words: &str, least: usize) -> usize {
    asked_by(town, None, words, least).await
}

pub async fn asked_by(town: &Town, who: Option<&Who>, words: &str, least: usize) -> usize {
    for _ in 0..100 {
        let count = found(town, who, words).await.len();
        if count >= least {
            return count;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the index does not follow");
}

#[tokio::test]
async fn any_part_of_a_sentence_is_found_in_chinese_and_by_its_beginning_in_latin() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    let said = [
        "今天学汉字",
        "我的爸爸肚子很餓",
        "我家在上海东边。",
        "请说明具体情况",
        "いちにさん",
        "看一下这张图",
        "Whatever you say",
        "the OTHER one, at 12:30",
        "Ｆｕｌｌ　ｗｉｄｔｈ",
        "naïve café",
    ];
    for text in said {
        town.says(&ana, hall, text).await;
    }
    indexed(&town, &ana, hall).await;
    for (asked, expected) in [
        ("汉字", vec![0]),
        ("漢字", vec![0]),
        ("爸爸", vec![1]),
        ("很饿", vec![1]),
        ("上海", vec![2]),
        ("海东", vec![2]),
        ("海上", vec![]),
        ("具体情况", vec![3]),
        ("具體情況", vec![3]),
        ("いち", vec![4]),
        ("图", vec![5]),
        ("what", vec![6]),
        ("hatever", vec![]),
        ("other", vec![7]),
        ("12:30", vec![7]),
        ("full width", vec![8]),
        ("CAFE naive", vec![9]),
        ("other 图", vec![]),
        ("\" OR * NEAR ( %", vec![]),
        ("'); DROP TABLE message; --", vec![]),
        ("*", vec![]),
    ] {
        let expected: Vec<&str> = expected.into_iter().map(|at: usize| said[at]).collect();
        assert_eq!(found(&town, Some(&ana), asked).await, expected, "{asked}");
    }
}

#[tokio::test]
async fn filters_narrow_it_down() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    let yard = town.room("yard", Visibility::Public, &ana).await.id;
    town.says(&ana, hall, "boat one").await;
    town.says(&bo, hall, "boat two https://example.org").await;
    town.clock.advance(3 * DAY_MS);
    town.says(&bo, yard, "boat three").await;
    indexed(&town, &ana, hall).await;
    // START is 2027-01-15.
    assert_eq!(START, 1_800_000_000_000);
    for (asked, expected) in [
        ("boat", vec!["boat three", "boat two https://example.org", "boat one"]),
        ("boat from:bo", vec!["boat three", "boat two https://example.org"]),
        ("from:@BO in:hall", vec!["boat two https://example.org"]),
        ("boat has:link", vec!["boat two https://example.org"]),
        ("boat after:2027-01-16", vec!["boat three"]),
        ("boat before:2027-01-16 from:ana", vec!["boat one"]),
        ("boat from:nobody", vec![]),
        ("boat in:nowhere", vec![]),
        ("boat has:picture", vec![]),
    ] {
        assert_eq!(found(&town, Some(&ana), asked).await, expected, "{asked}");
    }
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let (root, _) = town.admin("root").await;
    for (slug, visibility) in [("hall", Visibility::Public), ("yard", Visibility::Open), ("den", Visibility::Private)] {
        let room = town.room(slug, visibility, &ana).await.id;
        town.says(&ana, room, &format!("treasure of the {slug}")).await;
        added(&town.chat, &ana, room).await;
        let host = town.chat.host(Some(&ana), room).await.unwrap();
        let picture = town.chat.wall(host.reader()).await.unwrap().pictures[0].id;
        town.chat.describe_picture(&host, picture, "treasure map", "").await.unwrap();
    }
    let hall = town.chat.reader_by_slug(None, "hall").await.unwrap().room().id;
    indexed(&town, &ana, hall).await;
    let counts = async |who: Option<&Who>| {
        let found = ask(&town, who, "treasure", None).await;
        (found.messages.len(), found.pictures.len())
    };
    assert_eq!(counts(None).await, (1, 1), "a guest: what is public");
    assert_eq!(counts(Some(&bo)).await, (2, 2), "a stranger: what is open as well");
    assert_eq!(counts(Some(&ana)).await, (3, 3), "a member");
    assert_eq!(counts(Some(&root)).await, (3, 3), "an administrator");
    let closed = GateRule { opening: Opening::Never, ..GateRule::default() };
    let host = town.chat.host(Some(&ana), hall).await.unwrap();
    town.chat.change_gate(&host, closed).await.unwrap();
    assert_eq!(counts(None).await, (0, 0), "while it is shut");
    assert_eq!(counts(Some(&ana)).await, (3, 3), "hosts are never kept out");
    // People and rooms.
    let people = async |who: Option<&Who>| ask(&town, who, "ana", None).await.people.len();
    assert_eq!((people(None).await, people(Some(&bo)).await), (0, 1));
    let rooms = async |who: Option<&Who>| ask(&town, who, "room", None).await.rooms.len();
    assert_eq!((rooms(None).await, rooms(Some(&bo)).await, rooms(Some(&ana)).await), (0, 1, 3));
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repetition() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    town.say(&ana, hall, 45).await;
    indexed(&town, &ana, hall).await;
    let (mut seqs, mut older) = (Vec::new(), None);
    loop {
        let page = ask(&town, Some(&ana), "word", older).await;
        seqs.extend(page.messages.iter().map(|hit| hit.seq));
        older = page.older;
        if older.is_none() {
            break;
        }
    }
    assert_eq!(seqs.len(), 45);
    assert!(seqs.windows(2).all(|pair| pair[0] > pair[1]), "{seqs:?}");
}

#[tokio::test]
async fn what_is_called_otherwise_is_found_by_its_new_name_alone() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    let picture = added(&town.chat, &ana, hall).await.id;
    let host = town.chat.host(Some(&ana), hall).await.unwrap();
    town.chat.describe_picture(&host, picture, "一只红船", "").await.unwrap();
    town.chat.describe_picture(&host, picture, "蓝色的海", "sea").await.unwrap();
    town.chat.change_display(&ana, "林溪").await.unwrap();
    town.chat.change_room(&host, words("hall", Visibility::Public)).await.unwrap();
    let pictures = async |asked: &str| ask(&town, Some(&ana), asked, None).await.pictures.len();
    assert_eq!((pictures("红船").await, pictures("蓝色").await, pictures("sea").await), (0, 1, 1));
    let people = async |asked: &str| ask(&town, Some(&ana), asked, None).await.people.len();
    assert_eq!((people("林溪").await, people("ana").await), (1, 1));
    town.chat.remove_picture(&host, picture).await.unwrap();
    assert_eq!(pictures("蓝色").await, 0, "taken down");
}

#[tokio::test]
async fn what_was_said_before_there_was_an_index_is_found_after_opening() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    for i in 0..150 {
        town.says(&ana, hall, &format!("early bird {i}")).await;
    }
    indexed(&town, &ana, hall).await;
    let file = town.data().join("copy");
    town.backup(&file).await.unwrap();
    // A backup holds no index.
    let restored = Town::restored(&file).await;
    for _ in 0..100 {
        if !found(&restored, None, "lastmessage").await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(found(&restored, None, "early 149").await.len(), 1);
    assert_eq!(found(&restored, None, "early 0").await.len(), 1);
}

#[tokio::test]
async fn many_questions_are_too_many() {
    let town = Town::of(Registration::Open, Limits::default()).await;
    let asked = async || {
        let question = Question { asked: "a", address: HERE, tz: 0, kind: None, older_than: None };
        town.chat.search(None, question).await
    };
    for _ in 0..30 {
        asked().await.unwrap();
    }
    assert!(matches!(crate::town::problem(asked().await), Problem::TooFast { .. }));
}

#[tokio::test]
async fn files_are_found_by_their_names_and_by_the_words_said_with_them() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    let attic = town.room("attic", Visibility::Private, &ana).await.id;
    let says = async |who: &Who, room, id: &str, text: &str, names: &[&str]| {
        let mut blobs = Vec::new();
        for name in names {
            let arriving = sent(&town, who, room, name, name.as_bytes(), 1_000).await.unwrap();
            blobs.push(arriving.file.unwrap().blob);
        }
        let writer = town.chat.writer(Some(who), room).await.unwrap();
        town.chat.post_with(&writer, &client_id(id), text, &blobs).await.unwrap().message
    };
    says(&ana, hall, "1", "The numbers of spring", &["年度报告.pdf", "plan.txt"]).await;
    let hidden = says(&bo, hall, "2", "", &["plan of bo.txt"]).await;
    says(&ana, attic, "3", "", &["secret plan.txt"]).await;
    town.says(&ana, hall, "my plan: none").await;
    indexed(&town, &ana, hall).await;
    let files = async |who: Option<&Who>, asked: &str| -> Vec<String> {
        let question = Question { asked, address: HERE, tz: 0, kind: Some(Kind::Files), older_than: None };
        let found = town.chat.search(who, question).await.unwrap();
        assert!(found.messages.is_empty() && found.pictures.is_empty() && found.rooms.is_empty());
        found.files.into_iter().map(|hit| hit.file.name).collect()
    };
    assert_eq!(files(Some(&bo), "plan").await, ["plan of bo.txt", "plan.txt"]);
    assert_eq!(files(Some(&ana), "plan").await, ["secret plan.txt", "plan of bo.txt", "plan.txt"]);
    assert_eq!(files(None, "報告").await, ["年度报告.pdf"]);
    assert_eq!(files(None, "spring").await, ["年度报告.pdf", "plan.txt"], "what was said with them");
    assert_eq!(files(None, "from:bo").await, ["plan of bo.txt"]);
    assert_eq!(files(None, "nothing").await, [""; 0]);
    let reader = town.chat.reader(Some(&ana), hall).await.unwrap();
    town.chat.hide(&reader, hidden.id, true).await.unwrap();
    assert_eq!(files(Some(&ana), "plan in:hall").await, ["plan.txt"]);
    // Among everything a message stands for its files.
    let everything = ask(&town, None, "plan has:file", None).await;
    assert_eq!((everything.messages.len(), everything.files.len(), everything.pictures.len()), (2, 0, 0));
}

#[tokio::test]
async fn one_kind_alone_is_found_if_that_is_asked_for() {
    let town = Town::new().await;
    let boat = town.person("boat").await;
    let hall = town.room("boat-house", Visibility::Public, &boat).await.id;
    let host = town.chat.host(Some(&boat), hall).await.unwrap();
    for caption in 0..20 {
        let picture = added(&town.chat, &boat, hall).await.id;
        town.chat.describe_picture(&host, picture, &format!("boat {caption}"), "").await.unwrap();
    }
    town.says(&boat, hall, "a boat").await;
    indexed(&town, &boat, hall).await;
    let count = async |kind: Option<Kind>| {
        let question = Question { asked: "boat", address: HERE, tz: 0, kind, older_than: None };
        let found = town.chat.search(Some(&boat), question).await.unwrap();
        [found.messages.len(), found.files.len(), found.pictures.len(), found.people.len(), found.rooms.len()]
    };
    assert_eq!(count(None).await, [1, 0, 12, 1, 1]);
    assert_eq!(count(Some(Kind::Messages)).await, [1, 0, 0, 0, 0]);
    assert_eq!(count(Some(Kind::Pictures)).await, [0, 0, 20, 0, 0], "more than among everything");
    assert_eq!(count(Some(Kind::People)).await, [0, 0, 0, 1, 0]);
    assert_eq!(count(Some(Kind::Rooms)).await, [0, 0, 0, 0, 1]);
}
