//! How often somebody may do something is limited as everywhere; each protocol says so in its own words.

use crate::town::{Terms, Town, client};
use chat::Limits;
use futures::future::join_all;
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};

/// More than anybody may do at once of anything that is tried here.
const MANY: usize = 150;

struct Hurry {
    base: String,
    town: Town,
}

impl Hurry {
    async fn new(facade: Facade, limits: Limits) -> Self {
        let old = Compat { compat: vec![facade], ..Compat::default() };
        let town = Town::on(Terms { limits, old, ..Terms::old() }).await;
        Self { base: format!("{}/compat/{}", town.base(), facade.name()), town }
    }

    async fn posts(&self, path: &str, header: (&'static str, &str), fields: Value) -> Value {
        let request = client().post(format!("{}{path}", self.base)).header(header.0, header.1);
        let answer = request.json(&fields).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Does it until the answer is another one than at first: how often it was done, and that answer.
    async fn until_refused(
        &self,
        path: &str,
        header: (&'static str, &str),
        fields: impl Fn(usize) -> Value,
    ) -> (usize, Value) {
        let key = |answer: &Value| answer.get("status").or(answer.get("msg")).cloned();
        let first = self.posts(path, header, fields(0)).await;
        for n in 1..MANY {
            let answer = self.posts(path, header, fields(n)).await;
            if key(&answer) != key(&first) {
                return (n, answer);
            }
        }
        panic!("{path} is not limited")
    }
}

const PLAIN: (&str, &str) = ("accept", "*/*");

#[tokio::test(flavor = "multi_thread")]
async fn simple_says_what_did_not_come_about() {
    let hurry = Hurry::new(Facade::Simple, Limits::default()).await;
    let key = hurry.town.chat.add_key("shop", None, &["simple"]).await.unwrap();
    let mut tokens = Vec::new();
    for user in ["ana", "bo", "cy"] {
        let fields = json!({"user_id": user});
        let answer = hurry.posts("/user/get_login_token", ("x-api-key", &key), fields).await;
        tokens.push(answer["data"]["token"].as_str().unwrap().to_owned());
    }
    let [ana, bo, cy] = [0, 1, 2].map(|i| ("token", tokens[i].as_str()));
    let room = hurry.posts("/rm/room/create_room", bo, json!({})).await["data"]["roomId"].clone();
    let refused = |text: &str| json!({"code": -1, "msg": text});
    let (made, answer) = hurry.until_refused("/rm/room/create_room", ana, |_| json!({})).await;
    assert_eq!((made >= 10, answer), (true, refused("创建房间成功，请重新进入房间")), "{made}");
    let message = |n: usize| json!({"room_id": room, "message": n.to_string()});
    let (said, answer) = hurry.until_refused("/rm/room/room_message", bo, message).await;
    assert_eq!((said >= 60, answer), (true, refused("系统错误")), "{said}");
    let message = |n: usize| json!({"to_user_id": "bo", "message": n.to_string()});
    let (said, answer) = hurry.until_refused("/rm/room/single_message", cy, message).await;
    assert_eq!((said >= 60, answer), (true, refused("发送失败")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn gindemo_says_what_failed_and_that_it_was_too_fast() {
    let hurry = Hurry::new(Facade::Gindemo, Limits::default()).await;
    let too_fast = |status: u32, msg: &str| json!({"status": status, "data": null, "msg": msg, "error": "too_fast"});
    let fields = |n: usize| json!({"user_name": format!("user{n}"), "password": "password"});
    let (made, answer) = hurry.until_refused("/user/register", PLAIN, fields).await;
    assert_eq!((made >= 3, answer), (true, too_fast(41000, "用户 注册失败")), "{made}");
    let wrong = |_| json!({"user_name": "user0", "password": "wrong"});
    let (tried, answer) = hurry.until_refused("/user/login", PLAIN, wrong).await;
    assert_eq!((tried >= 5, answer), (true, too_fast(41002, "用户 登录失败")), "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ginchat_has_one_word_for_it() {
    let hurry = Hurry::new(Facade::Ginchat, Limits::default()).await;
    let unknown = json!({"code": 7, "data": {}, "msg": "未知错误"});
    let fields = |n: usize| json!({"username": format!("user{n}"), "password": "password", "avatar_id": "1"});
    let (made, answer) = hurry.until_refused("/login", PLAIN, fields).await;
    assert_eq!((made >= 3, &answer), (true, &unknown), "{made}");
    let wrong = |_| json!({"username": "user0", "password": "wrong password", "avatar_id": "1"});
    let (tried, answer) = hurry.until_refused("/login", PLAIN, wrong).await;
    assert_eq!((tried >= 4, &answer), (true, &unknown), "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_who_take_a_name_at_once_one_has_it() {
    let hurry = Hurry::new(Facade::Gindemo, Limits::none()).await;
    let fields = |n: usize| json!({"user_name": "user1", "password": format!("password{n}")});
    let sent = (0..10).map(|n| hurry.posts("/user/register", PLAIN, fields(n)));
    let mut codes: Vec<u64> = join_all(sent).await.iter().map(|answer| answer["status"].as_u64().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [vec![41001], vec![41007; 9]].concat());
    let hurry = Hurry::new(Facade::Ginchat, Limits::none()).await;
    // There whoever comes later signs in, with the password of the first or not at all.
    let fields = |n: usize| json!({"username": "user1", "password": format!("password{n}"), "avatar_id": "1"});
    let answers = join_all((0..10).map(|n| hurry.posts("/login", PLAIN, fields(n)))).await;
    let entered = answers.iter().filter(|answer| answer["code"] == 0).count();
    let refused = answers.iter().filter(|answer| answer["msg"] == "密码错误").count();
    assert_eq!((entered, refused), (1, 9), "{answers:?}");
}
