//! The seed's own samples, and what is not among them.

use super::*;
use domain::PersonId;

fn ana() -> Person {
    Person::named(PersonId(4), "user1", "user1")
}

#[test]
fn both_dialects_are_read() {
    let online = Some(Wish::Online { room: 1 });
    assert_eq!(wish(r#"{"state":1,"data":{"uid":"4","username":"user1","avatar_id":"1231","room_id":"1"}}"#), online);
    assert_eq!(wish(r#"{"status":1,"data":{"uid":4,"room_id":1}}"#), online);
    assert_eq!(wish("ping"), Some(Wish::Heartbeat));
    assert_eq!(wish("heartbeat"), Some(Wish::Heartbeat));
    let said = Said { content: "test user 2".to_owned(), image_url: String::new() };
    assert_eq!(
        wish(r#"{"state":5,"data":{"uid":"4","room_id":"1","to_uid":"5","content":"test user 2"}}"#),
        Some(Wish::Private { room: 1, to: 5, said: said.clone() })
    );
    assert_eq!(
        wish(r#"{"state":3,"data":{"room_id":"6","to_uid":"0","content":"test user 2","image_url":"javascript:x"}}"#),
        Some(Wish::Say { room: 6, said })
    );
    assert_eq!(wish(r#"{"state":4,"data":{"room_id":"2"}}"#), Some(Wish::List { room: 2 }));
}

#[test]
fn what_cannot_be_read_or_is_blank_means_nothing() {
    for odd in [
        "",
        "hello",
        "[]",
        "{}",
        r#"{"state":"1","data":{"room_id":"1"}}"#,
        r#"{"state":1}"#,
        r#"[1,null,{"room_id":"1"}]"#,
        r#"{"state":1,"data":{"room_id":"7"}}"#,
        r#"{"state":1,"data":{"room_id":{}}}"#,
        r#"{"state":1,"data":[]}"#,
        r#"{"state":9,"data":{"room_id":"1"}}"#,
        r#"{"state":3,"data":{"room_id":"1","content":"  "}}"#,
        r#"{"state":5,"data":{"room_id":"1","to_uid":"x","content":"a"}}"#,
        r#"{"state":5,"data":{"room_id":"1","to_uid":"5"}}"#,
    ] {
        assert_eq!(wish(odd), None, "{odd}");
    }
}

#[test]
fn eight_hundred_characters_are_kept() {
    let long = "字".repeat(900);
    let frame = serde_json::json!({"state": 3, "data": {"room_id": "1", "content": long}}).to_string();
    let Some(Wish::Say { said, .. }) = wish(&frame) else { panic!("something is said") };
    assert_eq!(said.content.chars().count(), 800);
}

#[test]
fn frames_have_all_their_keys() {
    assert_eq!(
        came(&ana(), 1, 7),
        r#"{"state":1,"status":1,"data":{"uid":"4","username":"user1","avatar_id":"","to_uid":"","content":"","image_url":"","room_id":"1","count":0,"list":null,"time":7},"conn":{}}"#
    );
    assert_eq!(
        went(&ana(), 7),
        r#"{"state":2,"status":2,"data":{"uid":"4","username":"user1","avatar_id":"","to_uid":"","content":"","image_url":"","room_id":"","count":0,"list":null,"time":7},"conn":{}}"#
    );
}

#[test]
fn a_row_has_the_documents_keys() {
    let message = Message {
        id: domain::MessageId(67),
        seq: 1,
        client_id: domain::ClientId::parse("a").expect("an id"),
        author: ana(),
        spans: vec![Span::Text("user test1 private".to_owned())],
        files: Vec::new(),
        at: 1_740_996_184_123,
        edited: None,
        reply: None,
        reactions: Vec::new(),
    };
    let content = html::html(&pieces_of(&message, |_| None));
    let written = Written { content, ..Written::default() };
    let row = serde_json::to_value(row(&message, written, (1, 0), "1231")).expect("JSON");
    let expected = serde_json::json!({
        "avatar_id": "1231", "content": "user test1 private", "created_at": "2025-03-03T10:03:04+00:00",
        "deleted_at": null, "id": 67, "image_url": "", "room_id": 1, "to_user_id": 0,
        "updated_at": "2025-03-03T10:03:04+00:00", "user_id": 4, "username": "user1"
    });
    assert_eq!(row, expected);
}

#[test]
fn rooms_are_six() {
    assert_eq!((room("1"), room(" 6 ")), (Some(1), Some(6)));
    for odd in ["0", "7", "-1", "", "one", "1.0", "999999"] {
        assert_eq!(room(odd), None, "{odd}");
    }
    assert_eq!(serde_json::to_string(&failed("x")).expect("JSON"), r#"{"code":7,"data":{},"msg":"x"}"#);
    assert_eq!(refused(&Problem::Unavailable).code, 1001);
}
