//! Where the parameters of a request stand, and what is said to those that are not there.

use super::{Shop, pushed, refused, unknown};
use crate::town::client;
use serde_json::{Value, json};

/// As the document prints requests.
fn envelope(token: &str, body: &Value) -> Value {
    json!({"Header": {"token": token}, "Body": body})
}

#[tokio::test(flavor = "multi_thread")]
async fn the_query_of_a_post_is_not_read() {
    let (_town, shop) = Shop::new().await;
    let (ana, _) = (shop.token("ana").await, shop.token("bo").await);
    let path = format!("/rm/room/single_message?to_user_id=bo&message=x&token={ana}");
    assert_eq!(shop.post(&path, "", json!({})).await, unknown());
    assert_eq!(shop.post(&path, &ana, json!({})).await, refused("发送失败"));
    assert!(shop.list(&ana, "").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_counts_more_than_the_documents_own() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let to_bo = json!({"to_user_id": "bo", "message": "hello"});
    // Nobody writes to themselves, so it was not bo who wrote.
    let sent = shop.post("/rm/room/single_message", &ana, envelope(&bo, &to_bo)).await;
    assert_eq!(sent, json!({"code": 200, "data": {}, "msg": "发送成功"}));
    assert_eq!(shop.list(&bo, "").await[0]["LastUserId"], "ana");
    assert_eq!(shop.post("/rm/room/single_message", "nonsense", envelope(&ana, &to_bo)).await, unknown());
    assert_eq!(shop.post("/rm/room/single_message", "", envelope(&bo, &to_bo)).await, refused("发送失败"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_own_form_does_for_rooms() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    shop.token("cy").await;
    let room = shop.room(&ana).await;
    for (verb, token, body, said) in [
        ("enter_room", &bo, json!({"room_id": room}), "进入房间成功"),
        ("invite_user_enter_room", &ana, json!({"room_id": room, "invite_user_id": "cy"}), "邀请用户进入房间成功"),
        ("invite_user_enter_room", &bo, json!({"room_id": room, "invite_user_id": "cy"}), "只有房主能邀请人"),
        ("room_message", &bo, json!({"room_id": room, "message": "hello"}), "消息发送成功"),
        ("kick_out_room", &bo, json!({"room_id": room, "user_id": "cy"}), "只有房主能踢人"),
        ("kick_out_room", &ana, json!({"room_id": room, "user_id": "cy"}), "踢出用户成功"),
        ("exit_room", &bo, json!({"room_id": room}), "退出房间成功"),
        ("room_message", &bo, json!({"room_id": room, "message": "hello"}), "你不在房间"),
    ] {
        assert_eq!(shop.in_room(verb, "", envelope(token, &body)).await, said, "{verb} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_of_another_kind_is_told_by_what_was_asked() {
    let (_town, shop) = Shop::new().await;
    let (ana, _) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    let odd = json!({"room_id": [], "message": {}, "to_user_id": true, "user_id": null, "invite_user_id": {}});
    for (verb, said) in [
        ("single_message", "发送失败"),
        ("room_message", "你不在房间"),
        ("enter_room", "房间不存在"),
        ("invite_user_enter_room", "获取房间信息失败"),
        ("kick_out_room", "获取房间信息失败"),
        ("exit_room", "退出房间成功"),
    ] {
        for body in [json!({}), odd.clone(), envelope(&ana, &odd), json!({"Body": {}})] {
            assert_eq!(shop.in_room(verb, &ana, body.clone()).await, said, "{verb} {body}");
        }
    }
    for (verb, body, said) in [
        ("single_message", json!({"to_user_id": "bo"}), "发送失败"),
        ("single_message", json!({"message": "x"}), "发送失败"),
        ("room_message", json!({"room_id": room}), "系统错误"),
        ("room_message", json!({"room_id": room, "message": ["x"]}), "系统错误"),
        ("invite_user_enter_room", json!({"room_id": room}), "邀请进入房间失败"),
        ("kick_out_room", json!({"room_id": room}), "踢出用户成功"),
    ] {
        assert_eq!(shop.in_room(verb, &ana, body.clone()).await, said, "{verb} {body}");
    }
    assert!(shop.list(&ana, "").await.is_empty(), "nothing was said");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_cannot_be_read_gets_no_token() {
    let (_town, shop) = Shop::new().await;
    let huge = format!("{{\"user_id\":\"{}\"}}", "x".repeat(300_000));
    for odd in ["{", "[1]", "hello", "null", "{\"user_id\":", "", huge.as_str()] {
        let answer = shop.send("/user/get_login_token", "", odd.to_owned()).await;
        assert_eq!(answer, refused("系统错误"), "{odd:.20}");
    }
    let request = client().post(format!("{}/user/get_login_token", shop.base)).header("x-api-key", &shop.key);
    let broken = request.header("content-type", "multipart/form-data; boundary=b").body("--b\r\nnonsense");
    assert_eq!(broken.send().await.unwrap().json::<Value>().await.unwrap(), refused("系统错误"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_of_many_whatever_its_maker_says() {
    let (_town, shop) = Shop::new().await;
    let ana = shop.token("ana").await;
    let made = shop.post("/rm/room/create_room", &ana, json!({"room_type": 1, "user_id": "bo"})).await;
    let room = made["data"]["roomId"].as_str().unwrap();
    let empty = json!({"code": 200, "data": [], "msg": "获取成功"});
    assert_eq!(shop.get(&format!("/rm/room/get_room_message_list?room_id={room}"), &ana).await, empty);
    shop.in_room_fields_of("room_message", &ana, "message", "hello", room).await;
    let listed = shop.list(&ana, "").await;
    assert_eq!((&listed[0]["RoomType"], &listed[0]["RoomHostUserId"]), (&json!(2), &json!("ana")));
    assert!(shop.list(&ana, "room_type=1").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_not_pushed() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    shop.says(&ana, "bo", "missed").await;
    shop.in_room_fields_of("room_message", &ana, "message", "missed too", &room).await;
    let mut socket = shop.socket(&bo, "bo").await;
    shop.in_room_fields_of("room_message", &ana, "message", "heard", &room).await;
    assert_eq!(pushed(&mut socket).await["message_data"], "heard");
    shop.says(&ana, "bo", "heard too").await;
    assert_eq!(pushed(&mut socket).await["message_data"], "heard too");
    assert_eq!(shop.list(&bo, "").await.len(), 2, "the lists have what was missed");
}
