//! Which sockets are pushed to, and of which rooms (F4, F11).

use super::{SendText, Shop, pushed, refused};
use crate::town::{Browser, Socket, Town};
use chat::RoomHost;
use domain::member::Role;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

fn done(text: &str) -> Value {
    json!({"code": 200, "data": {}, "msg": text})
}

/// The socket that the document has for talk in rooms.
pub async fn sending(shop: &Shop, token: &str) -> Socket {
    let url = format!("{}/rm/room/room_message", shop.base.replacen("http", "ws", 1));
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("token", token.parse().unwrap());
    Socket(connect_async(request).await.unwrap().0)
}

/// Says something in a room and takes the answer, which is the next frame.
async fn says(socket: &mut Socket, room: &str, message: &str) {
    socket.0.send_text(&json!({"room_id": room, "message": message}).to_string()).await;
    assert_eq!(pushed(socket).await, done("消息发送成功"), "{message}");
}

/// The site's administrator as host of a system's room.
async fn host_of(town: &Town, admin: &Browser, room: &str) -> RoomHost {
    let id = town.chat.find_room_of("simple:shop", room).await.unwrap().unwrap();
    town.chat.host(admin.who.as_ref(), id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_the_socket_that_sends_is_not_pushed_to() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    let mut hears = shop.socket(&bo, "bo").await;
    let mut sends = sending(&shop, &bo).await;
    assert_eq!(shop.in_room_fields_of("room_message", &ana, "message", "to all", &room).await, "消息发送成功");
    assert_eq!(shop.says(&ana, "bo", "to bo").await, done("发送成功"));
    for text in ["to all", "to bo"] {
        assert_eq!(pushed(&mut hears).await["message_data"], text);
    }
    says(&mut sends, &room, "an answer").await;
    // Nor does one hear oneself on the other one.
    shop.says(&ana, "bo", "the end").await;
    assert_eq!(pushed(&mut hears).await["message_data"], "the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_sockets_that_send_stand_beside_the_one_that_is_pushed_to() {
    let (_town, shop) = Shop::new().await;
    let (ana, first, second) = (shop.token("ana").await, shop.token("bo").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &first, json!({"room_id": room})).await;
    let (mut one, mut two) = (sending(&shop, &first).await, sending(&shop, &second).await);
    // Whoever only sends is not signed in so that nobody else may be.
    let third = shop.token("bo").await;
    let mut old = shop.socket(&first, "bo").await;
    let mut new = shop.socket(&third, "bo").await;
    assert!(old.next().await.is_close(), "of those that are pushed to the last one stays");
    says(&mut one, &room, "by one").await;
    says(&mut two, &room, "by two").await;
    shop.says(&ana, "bo", "hello").await;
    assert_eq!(pushed(&mut new).await["message_data"], "hello");
    // Its token ends the one that was opened with it, and the one that is pushed to.
    assert_eq!(shop.post("/u/user/login_out", &second, json!({})).await, done("退出登录成功"));
    assert!(two.next().await.is_close() && new.next().await.is_close());
    says(&mut one, &room, "still here").await;
    assert_eq!(shop.says(&second, "ana", "x").await, refused("token已失效"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_a_socket_hears_rooms_that_its_person_comes_into_by_any_door() {
    let (town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let mut socket = shop.socket(&bo, "bo").await;
    let admin = town.admin().await;
    let person = town.chat.find_vouched("simple:shop", "bo").await.unwrap().unwrap().person.id;
    // By the host of our page; by themselves; by the host of the system.
    let rooms = [shop.room(&ana).await, shop.room(&ana).await, shop.room(&ana).await];
    let host = host_of(&town, &admin, &rooms[0]).await;
    town.chat.add_member(&host, person, Role::Member).await.unwrap();
    assert_eq!(shop.in_room("enter_room", &bo, json!({"room_id": rooms[1]})).await, "进入房间成功");
    assert_eq!(shop.in_room_fields("invite_user_enter_room", &ana, "bo", &rooms[2]).await, "邀请用户进入房间成功");
    for room in &rooms {
        assert_eq!(shop.in_room_fields_of("room_message", &ana, "message", "hello", room).await, "消息发送成功");
        let push = pushed(&mut socket).await;
        assert_eq!((&push["room_id"], &push["message_data"]), (&json!(room), &json!("hello")));
    }
    // Whom our page sends out hears nothing more, until it lets them in again; and each message once.
    town.chat.remove_member(&host, person).await.unwrap();
    shop.in_room_fields_of("room_message", &ana, "message", "unheard", &rooms[0]).await;
    town.chat.add_member(&host, person, Role::Member).await.unwrap();
    for text in ["back", "again"] {
        shop.in_room_fields_of("room_message", &ana, "message", text, &rooms[0]).await;
        assert_eq!(pushed(&mut socket).await["message_data"], text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_a_room_that_the_system_has_no_name_for_is_not_pushed() {
    let (town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let mut socket = shop.socket(&bo, "bo").await;
    let admin = town.admin().await;
    let hall = town.room("hall", domain::room::Visibility::Private, &admin).await;
    let person = town.chat.find_vouched("simple:shop", "bo").await.unwrap().unwrap().person.id;
    let host = town.chat.host(admin.who.as_ref(), hall.id).await.unwrap();
    town.chat.add_member(&host, person, Role::Member).await.unwrap();
    town.says(&admin, &hall, "m1", "among ourselves").await;
    shop.says(&ana, "bo", "hello").await;
    assert_eq!(pushed(&mut socket).await["message_data"], "hello");
    assert_eq!(shop.list(&bo, "").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_what_the_socket_that_sends_cannot_read_is_refused_in_one_frame() {
    let (_town, shop) = Shop::new().await;
    let ana = shop.token("ana").await;
    let room = shop.room(&ana).await;
    let mut socket = sending(&shop, &ana).await;
    let (broken, outside) = (refused("系统错误"), refused("你不在房间"));
    for (odd, answer) in [
        ("".to_owned(), &broken),
        ("hello".to_owned(), &broken),
        ("{".to_owned(), &broken),
        ("[1]".to_owned(), &broken),
        ("null".to_owned(), &broken),
        ("7".to_owned(), &broken),
        (json!({"room_id": room}).to_string(), &broken),
        (json!({"room_id": room, "message": {}}).to_string(), &broken),
        (json!({"room_id": room, "message": ["x"]}).to_string(), &broken),
        (json!({"room_id": room, "message": null}).to_string(), &broken),
        (json!({"room_id": room, "message": ""}).to_string(), &broken),
        (json!({"room_id": [room], "message": "x"}).to_string(), &outside),
        (json!({"room_id": 39, "message": "x"}).to_string(), &outside),
        (json!({"room_id": null, "message": "x"}).to_string(), &outside),
        (json!({"message": "x"}).to_string(), &outside),
        (json!({"Header": {}, "Body": {"message": "x"}}).to_string(), &outside),
        ("{}".to_owned(), &outside),
    ] {
        socket.0.send_text(&odd).await;
        assert_eq!(&pushed(&mut socket).await, answer, "{odd}");
    }
    says(&mut socket, &room, "still here").await;
    // Too much in one frame ends this socket, and nothing else.
    let huge = json!({"room_id": room, "message": "x".repeat(300_000)});
    socket.0.send_text(&huge.to_string()).await;
    assert!(socket.next().await.is_close());
    says(&mut sending(&shop, &ana).await, &room, "and here").await;
    let path = format!("/rm/room/get_room_message_list?room_id={room}");
    let said = shop.get(&path, &ana).await["data"].clone();
    let said: Vec<_> = said.as_array().unwrap().iter().map(|line| &line["MessageData"]).collect();
    assert_eq!(said, ["and here", "still here"], "nothing else was said");
}
