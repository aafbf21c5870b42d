//! Tokens and sockets (F1 to F4).

use super::{SendText, Shop, old, pushed, refused, unknown};
use crate::town::{Terms, Town, client};
use chat::Clock;
use serde_json::json;
use server::compat::settings::{Compat, Opened};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn f1_a_token_per_user_who_is_made_on_first_use() {
    let (town, shop) = Shop::new().await;
    assert!(town.chat.find_vouched("simple:shop", "18520322032").await.unwrap().is_none());
    let token = shop.token("18520322032").await;
    assert_ne!(shop.token("18520322032").await, token);
    let made = town.chat.find_vouched("simple:shop", "18520322032").await.unwrap().unwrap();
    assert_eq!(made.person.display, "18520322032");
    // A number is as good.
    let answer = shop.post("/user/get_login_token", "", json!({"user_id": 18520322032_u64})).await;
    assert_eq!(answer["code"], 200);
    for odd in [json!({}), json!({"user_id": ""}), json!({"user_id": []}), json!({"user_id": "salon:1"})] {
        assert_eq!(shop.post("/user/get_login_token", "", odd.clone()).await, refused("系统错误"), "{odd}");
    }
    let long = json!({"user_id": "x".repeat(201)});
    assert_eq!(shop.post("/user/get_login_token", "", long).await, refused("获取token失败，请重试"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_only_whoever_has_a_key_gets_one() {
    let (town, shop) = Shop::new().await;
    let other = town.chat.add_key("other", None, &["messages"]).await.unwrap();
    for key in ["", "nonsense", &other, &format!("{}x", shop.key)] {
        let stranger = Shop { base: shop.base.clone(), key: key.to_owned() };
        assert_eq!(stranger.post("/user/get_login_token", "", json!({"user_id": "1"})).await, unknown(), "{key}");
    }
    town.chat.remove_key("shop").await.unwrap();
    assert_eq!(shop.post("/user/get_login_token", "", json!({"user_id": "1"})).await, unknown());
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_an_open_one_needs_no_key() {
    let town = Town::compat(Compat { compat_open: vec![Opened::Simple], ..old() }).await;
    let url = format!("{}/compat/simple/user/get_login_token", town.base());
    let answer = client().post(&url).body(r#"{"user_id":"1"}"#).send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("获取token成功"), "{answer}");
    assert!(town.chat.find_vouched("simple:default", "1").await.unwrap().is_some());
    let answer = client().post(&url).header("x-api-key", "wrong").body(r#"{"user_id":"1"}"#).send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("用户认证不通过"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_token_expires() {
    let town = Town::compat(Compat { simple_login_expire: 1, ..old() }).await;
    let shop = Shop::named(&town, "shop").await;
    let token = shop.token("1").await;
    assert_eq!(shop.get("/rm/room/get_room_list", &token).await["code"], 200);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(shop.get("/rm/room/get_room_list", &token).await, refused("token已失效"));
    assert_eq!(shop.post("/u/user/login_out", &token, json!({})).await, refused("token已失效"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_token_is_good_for_so_many_seconds_or_until_its_bearer_leaves() {
    let years = 5 * 365 * 86_400_000;
    for (seconds, good) in [(3_600, 3_599_999), (0, years)] {
        let clock = Clock::fake(1_700_000_000_000);
        let old = Compat { simple_login_expire: seconds, ..old() };
        let town = Town::on(Terms { clock: clock.clone(), old, ..Terms::old() }).await;
        let shop = Shop::named(&town, "shop").await;
        let token = shop.token("1").await;
        clock.advance(good);
        assert_eq!(shop.get("/rm/room/get_room_list", &token).await["code"], 200, "{seconds}");
        clock.advance(1);
        let later = shop.get("/rm/room/get_room_list", &token).await;
        assert_eq!(later == refused("token已失效"), seconds > 0, "{later}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_leaving_ends_the_token_and_closes_the_socket() {
    let (_town, shop) = Shop::new().await;
    let (first, second) = (shop.token("1").await, shop.token("1").await);
    let mut socket = shop.socket(&first, "1").await;
    let done = json!({"code": 200, "data": {}, "msg": "退出登录成功"});
    assert_eq!(shop.post("/u/user/login_out", &second, json!({})).await, done);
    assert!(socket.next().await.is_close(), "whichever token opened it");
    // The other token was not given up.
    assert_eq!(shop.post("/u/user/login_out", &first, json!({})).await, done, "without a socket too");
    for token in [&first, &second] {
        assert_eq!(shop.says(token, "2", "hello").await, refused("token已失效"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_one_socket_per_person_and_the_last_one_stays() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let mut first = shop.socket(&bo, "bo").await;
    let taken = shop.post("/user/get_login_token", "", json!({"user_id": "bo"})).await;
    assert_eq!(taken, refused("用户已登录"));
    let mut second = shop.socket(&bo, "bo").await;
    assert!(first.next().await.is_close());
    // What a client sends is not looked at.
    second.0.send_text("nonsense").await;
    assert_eq!(shop.says(&ana, "bo", "hello").await["msg"], "发送成功");
    assert_eq!(pushed(&mut second).await["message_data"], "hello");
    drop((first, second));
    // Whoever crashed is not locked out.
    for _ in 0..100 {
        let answer = shop.post("/user/get_login_token", "", json!({"user_id": "bo"})).await;
        if answer["code"] == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("still locked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_a_socket_without_a_good_token_is_refused_in_words() {
    let (town, shop) = Shop::new().await;
    let mallory = town.person("mallory").await;
    let native = mallory.cookie.unwrap().split_once('=').unwrap().1.to_owned();
    for path in ["/u/user/connect", "/rm/room/room_message"] {
        for token in ["", "nonsense", &native] {
            assert_eq!(shop.get(&format!("{path}?token={token}"), "").await, unknown(), "{path} {token}");
        }
        let token = shop.token("1").await;
        assert_eq!(shop.get(path, &token).await, refused("系统异常"), "no handshake");
    }
}
