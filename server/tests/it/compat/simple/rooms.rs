//! Private chats and rooms (F5 to F11).

use super::{Shop, pushed, refused};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn f5_two_people_share_one_room_that_the_first_message_makes() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let mut own = shop.socket(&ana, "ana").await;
    // Stored though nobody is there, and more than a stranger could say.
    for n in 0..8 {
        assert_eq!(shop.says(&ana, "bo", &format!("hello {n}")).await["msg"], "发送成功");
    }
    assert_eq!(shop.says(&bo, "ana", "yes?").await["msg"], "发送成功");
    let push = pushed(&mut own).await;
    assert_eq!((&push["message_data"], &push["send_user_id"]), (&json!("yes?"), &json!("bo")), "not one's own");
    for token in [&ana, &bo] {
        let rooms = shop.list(token, "").await;
        assert_eq!(rooms.len(), 1);
        assert_eq!((&rooms[0]["RoomType"], &rooms[0]["RoomHostUserId"]), (&json!(1), &json!("ana")));
        assert_eq!((&rooms[0]["LastUserId"], &rooms[0]["RoomId"]), (&json!("bo"), &push["room_id"]));
    }
    for (to, message) in [("nobody", "x"), ("ana", "x"), ("bo", ""), ("bo", "  "), ("", "x")] {
        assert_eq!(shop.says(&ana, to, message).await, refused("发送失败"), "{to} {message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_f7_a_room_is_made_and_entered() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    assert_eq!(room.len(), 72);
    assert_ne!(shop.room(&ana).await, room);
    for _ in 0..2 {
        assert_eq!(shop.in_room("enter_room", &bo, json!({"room_id": room})).await, "进入房间成功", "twice is once");
    }
    shop.says(&ana, "bo", "hello").await;
    let private = shop.list(&ana, "room_type=1").await[0]["RoomId"].as_str().unwrap().to_owned();
    let cy = shop.token("cy").await;
    for odd in [json!(private), json!("39"), json!(""), json!(null), json!({}), json!("é".repeat(36))] {
        let said = shop.in_room("enter_room", &cy, json!({"room_id": odd})).await;
        assert_eq!(said, "房间不存在", "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f8_the_host_invites() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo, _) = (shop.token("ana").await, shop.token("bo").await, shop.token("cy").await);
    let room = shop.room(&ana).await;
    let invite = |token, user, room| shop.in_room_fields("invite_user_enter_room", token, user, room);
    assert_eq!(invite(&bo, "cy", &room).await, "只有房主能邀请人");
    assert_eq!(invite(&ana, "bo", &room).await, "邀请用户进入房间成功");
    assert_eq!(invite(&ana, "bo", &room).await, "邀请用户进入房间成功");
    assert_eq!(invite(&ana, "ana", &room).await, "邀请用户进入房间成功", "and stays host");
    assert_eq!(invite(&bo, "cy", &room).await, "只有房主能邀请人");
    assert_eq!(invite(&ana, "cy", &room).await, "邀请用户进入房间成功");
    assert_eq!(invite(&ana, "nobody", &room).await, "邀请进入房间失败");
    assert_eq!(invite(&ana, "cy", "39").await, "获取房间信息失败");
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_the_host_goes_and_somebody_else_is_host() {
    let (town, shop) = Shop::new().await;
    let (ana, bo, cy) = (shop.token("ana").await, shop.token("bo").await, shop.token("cy").await);
    let room = shop.room(&ana).await;
    let named = json!({"room_id": room});
    assert_eq!(shop.in_room("exit_room", &bo, named.clone()).await, "退出房间成功", "who is not inside");
    shop.in_room("enter_room", &cy, named.clone()).await;
    shop.in_room("enter_room", &bo, named.clone()).await;
    assert_eq!(shop.in_room("exit_room", &ana, named.clone()).await, "退出房间成功");
    // Cy has been there longer.
    let invite = |token, user| shop.in_room_fields("invite_user_enter_room", token, user, &room);
    assert_eq!(invite(&bo, "ana").await, "只有房主能邀请人");
    assert_eq!(invite(&cy, "ana").await, "邀请用户进入房间成功");
    for token in [&cy, &ana, &bo] {
        assert_eq!(shop.in_room("exit_room", token, named.clone()).await, "退出房间成功");
    }
    assert_eq!(shop.in_room("enter_room", &ana, named).await, "房间不存在", "the last one has closed it");
    let id = town.chat.find_room_of("simple:shop", &room).await.unwrap().unwrap();
    let admin = town.admin().await;
    assert!(town.chat.reader(admin.who.as_ref(), id).await.unwrap().room().archived);
    // Nobody leaves a private chat.
    shop.says(&ana, "bo", "hello").await;
    let private = shop.list(&ana, "room_type=1").await[0]["RoomId"].clone();
    assert_eq!(shop.in_room("exit_room", &ana, json!({"room_id": private})).await, "离开房间失败");
    assert_eq!(shop.in_room("exit_room", &cy, json!({"room_id": private})).await, "退出房间成功");
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_the_host_sends_somebody_out() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo, cy) = (shop.token("ana").await, shop.token("bo").await, shop.token("cy").await);
    let room = shop.room(&ana).await;
    let kick = |token, user, room| shop.in_room_fields_of("kick_out_room", token, "user_id", user, room);
    for token in [&bo, &cy] {
        shop.in_room("enter_room", token, json!({"room_id": room})).await;
    }
    let mut socket = shop.socket(&bo, "bo").await;
    assert_eq!(kick(&bo, "cy", &room).await, "只有房主能踢人");
    assert_eq!(kick(&ana, "ana", &room).await, "踢出房间失败");
    assert_eq!(kick(&ana, "bo", &room).await, "踢出用户成功");
    assert_eq!(kick(&ana, "bo", &room).await, "踢出用户成功", "who is not inside");
    assert_eq!(kick(&ana, "nobody", &room).await, "踢出用户成功");
    assert_eq!(kick(&ana, "bo", "39").await, "获取房间信息失败");
    let say = |token, text| shop.in_room_fields_of("room_message", token, "message", text, &room);
    assert_eq!(say(&cy, "unheard").await, "消息发送成功");
    assert_eq!(say(&bo, "x").await, "你不在房间");
    // Whoever comes in again hears again.
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    assert_eq!(say(&cy, "heard").await, "消息发送成功");
    assert_eq!(pushed(&mut socket).await["message_data"], "heard");
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_a_group_hears_all_but_the_sender() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    let (mut first, mut second) = (shop.socket(&ana, "ana").await, shop.socket(&bo, "bo").await);
    let say = |token, text| shop.in_room_fields_of("room_message", token, "message", text, &room);
    // As it was written, blanks and marks and all.
    assert_eq!(say(&ana, " **one**\n`two` ").await, "消息发送成功");
    assert_eq!(say(&bo, "three").await, "消息发送成功");
    let push = pushed(&mut second).await;
    assert_eq!((&push["message_data"], &push["message_type"]), (&json!(" **one**\n`two` "), &json!(1)));
    assert_eq!(pushed(&mut first).await["message_data"], "three");
    let listed = shop.get(&format!("/rm/room/get_room_message_list?room_id={room}"), &bo).await;
    assert_eq!(listed["data"][1]["MessageData"], " **one**\n`two` ");
    for (id, text) in [("39", "x"), ("", "x")] {
        assert_eq!(shop.in_room_fields_of("room_message", &ana, "message", text, id).await, "你不在房间");
    }
    assert_eq!(say(&ana, "").await, "系统错误");
}
