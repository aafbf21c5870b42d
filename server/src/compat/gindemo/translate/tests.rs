//! The seed's own samples, and what is not among them.

use super::*;
use domain::ClientId;
use domain::PersonId;
use domain::person::Person;

fn single(to: &str, content: &str) -> Option<Wish> {
    Some(Wish::Single { to: to.to_owned(), content: content.to_owned() })
}

#[test]
fn the_documents_samples_are_read() {
    let sample = |to: &str, op: i64, content: &str| {
        format!(
            "{{\n    \"from\":\"1\",\n    \"to\":\"{to}\",\n    \"type\": 1,\n    \"op_type\":{op},\n    \
             \"content\":{content:?}\n}}"
        )
    };
    assert_eq!(wish(&sample("2", 1, "消息id\nhello")), single("2", "消息id\nhello"));
    assert_eq!(wish(&sample("", 6, "hello everyone")), Some(Wish::Group { content: "hello everyone".to_owned() }));
    assert_eq!(wish(&sample("2", 2, "3-5")), Some(Wish::History { to: "2".to_owned(), skip: 3, limit: 5 }));
    assert_eq!(wish(&sample("2", 3, "")), Some(Wish::Unread { to: "2".to_owned() }));
    assert_eq!(wish(&sample("", 4, "消息id")), Some(Wish::Read { id: "消息id".to_owned() }));
    assert_eq!(wish(&sample("", 5, "消息id")), Some(Wish::Delete { id: "消息id".to_owned() }));
    assert_eq!(wish(&sample("2", 7, "")), Some(Wish::Nothing));
    assert_eq!(wish("{}"), Some(Wish::Nothing));
    for odd in
        ["", "hello", "[]", "1", r#"{"op_type":"1"}"#, r#"{"op_type":1,"content":{}}"#, r#"{"to":7,"op_type":1}"#]
    {
        assert_eq!(wish(odd), None, "{odd}");
    }
}

#[test]
fn a_range_is_two_numbers_or_everything() {
    for (content, expected) in [
        ("3-5", (3, 5)),
        (" 0 - 7 ", (0, 7)),
        ("", (0, 999)),
        ("5", (0, 999)),
        ("a-b", (0, 999)),
        ("1-2-3", (0, 999)),
        ("-5", (0, 999)),
        ("0-100000", (0, 999)),
        ("99999999999999999999-5", (u32::MAX, 5)),
        ("3-0", (3, 0)),
    ] {
        assert_eq!(range(content), expected, "{content}");
    }
}

#[test]
fn the_first_line_is_the_clients_name_for_a_message() {
    assert_eq!(named("消息id\nhello"), ("消息id", "hello"));
    assert_eq!(named("a-1\nhello\nyou"), ("a-1", "hello\nyou"));
    let long = format!("{}\nhello", "x".repeat(65));
    for words in ["hello", "two words\nhello", "\nhello", long.as_str()] {
        assert_eq!(named(words), ("", words));
    }
}

#[test]
fn an_id_is_read_back() {
    for id in [1, 2, 999, i64::MAX, 1 << 40] {
        let key = key(MessageId(id));
        assert_eq!((key.len(), message_of(&key)), (24, Some(MessageId(id))), "{key}");
    }
    assert_ne!(key(MessageId(1))[..8], key(MessageId(2))[..8]);
    for foreign in
        ["", "消息id", "65f1a3b2c4d5e6f708192a3b", &"0".repeat(23), &"g".repeat(24), "+5f1a3b2c4d5e6f708192a3b"]
    {
        assert_eq!(message_of(foreign), None, "{foreign}");
    }
}

#[test]
fn what_is_told_is_written_as_documented() {
    assert_eq!(
        system("1", wire::CONNECTED, "连接成功"),
        r#"{"from":"System","to":"1","type":1,"op_type":40003,"content":"连接成功","msg":"websocket 连接成功"}"#
    );
    assert_eq!(
        live("1", "2", "消息id\nhello"),
        r#"{"from":"1","to":"2","type":1,"op_type":40011,"content":"消息id\nhello","msg":"websocket 接收消息成功"}"#
    );
    let id = key(MessageId(7));
    assert_eq!(
        past("1", "2", MessageId(7), "消息id\nhello"),
        format!(
            r#"{{"from":"1","to":"2","type":2,"op_type":40005,"content":"{id}\n消息id\nhello","msg":"websocket 请求历史消息成功"}}"#
        )
    );
    let answer = serde_json::to_string(&answer(wire::NO_PERSON, "")).expect("JSON");
    assert_eq!(answer, r#"{"status":41006,"data":null,"msg":"用户 不存在","error":""}"#);
    assert_eq!((words(200), words(7)), ("请求成功", "未知状态码"));
}

#[test]
fn what_is_said_elsewhere_has_a_first_line_too() {
    let author = Person::named(PersonId(1), "ana", "Ana");
    let message = Message {
        id: MessageId(7),
        seq: 1,
        client_id: ClientId::parse("a").expect("an id"),
        author,
        spans: vec![
            Span::Strong(vec![Span::Text("a".to_owned()), Span::Break]),
            Span::Mention { person: PersonId(2), name: "bo".to_owned() },
        ],
        files: Vec::new(),
        at: 0,
        edited: None,
        reply: None,
        reactions: Vec::new(),
    };
    assert_eq!(content_of(&message), format!("{}\na\n@bo", key(MessageId(7))));
}

#[test]
fn a_refusal_is_told_by_its_kind() {
    assert_eq!(refused(&Problem::Unanswered), Refused::Stopped);
    assert_eq!(refused(&Problem::Unreachable), Refused::Away);
    assert_eq!(refused(&Problem::invalid("name", chat::Rule::LookAlike)), Refused::Taken);
    assert_eq!(reason(&Problem::invalid("name", chat::Rule::Empty)), "user_name is not valid");
    assert_eq!(reason(&Problem::TooFast { wait_ms: 5 }), "too_fast");
}
