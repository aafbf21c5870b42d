//! The real program, with each old protocol at a port of its own.

use super::replay;
use super::webim::soon;
use crate::program::{Program, add_admin, salon, start_logging, start_with};
use crate::town::{PASSWORD, Socket, client};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use std::process::Stdio;
use tokio_tungstenite::connect_async;

const NAMES: [&str; 5] = ["webim", "tyut", "simple", "gindemo", "ginchat"];

/// Where one of them listens.
fn port(program: &Program, name: &str) -> String {
    let said = format!("The old protocol {name} listens on ");
    let address = program.told.iter().find_map(|line| line.strip_prefix(&said));
    format!("http://{}", address.unwrap_or_else(|| panic!("{name} in {:?}", program.told)))
}

async fn read(url: String) -> (u16, String) {
    let answer = client().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_has_the_root_of_its_own_port_and_nothing_else_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let own = NAMES.map(|name| format!("{name}=127.0.0.1:0"));
    let arguments = own.each_ref().map(|port| ["--compat-listen", port]).concat();
    let program = start_with(&arguments, &folder.path().join("data"));
    let ports = NAMES.map(|name| (name, port(&program, name)));
    for (name, port) in &ports {
        let (path, status, says) = match *name {
            "webim" => ("/", 200, "<title>聊天室</title>"),
            "tyut" => ("/api/users", 200, r#"{"code":7,"data":{},"msg":"未携带token"}"#),
            "simple" => ("/rm/room/get_room_list", 200, r#"{"code":-1,"msg":"用户认证不通过"}"#),
            "gindemo" => ("/ping", 200, r#""ok""#),
            _ => ("/", 200, r#"{"code":0,"data":{"OnlineUserCount":0},"msg":"成功"}"#),
        };
        let (answered, body) = read(format!("{port}{path}")).await;
        assert_eq!(answered, status, "{name}: {body}");
        assert!(body.contains(says), "{name}: {body}");
        for page in ["/admin", "/sign-in", "/api/v1/rooms", &format!("/compat/{name}/")] {
            assert_eq!(read(format!("{port}{page}")).await.0, 404, "{name} has no {page}");
        }
        let beside = read(format!("{}/compat/{name}{path}", program.base)).await.0;
        assert_eq!(beside, 404, "{name} was not asked for beside the page");
    }
    replay("gindemo/account", &ports[3].1, &[("path", "/")]).await;
}

#[test]
fn an_old_protocol_that_cannot_be_served_so_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    for (option, value, says) in [
        ("--compat-legacy-sockets", "webim", "only the sockets of gindemo can do without a login"),
        ("--compat-listen", "webim", "write it like webim=127.0.0.1:8081"),
        ("--compat-listen", "icq=127.0.0.1:0", "invalid"),
        ("--compat-listen", "webim=localhost", "is not an address and a port"),
        ("--compat", "icq", "invalid value 'icq'"),
        ("--compat-origin", "javascript:1", "is not an origin such as https://talk.example.org"),
        ("--webim-rooms", "0", "0 is not in 1..=100"),
    ] {
        let arguments = ["serve", "--listen", "127.0.0.1:0", option, value];
        let output = salon(&arguments, folder.path()).stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success(), "{option} {value}");
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.contains(says), "{option} {value}: {words}");
    }
}

async fn asked(request: RequestBuilder) -> Value {
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_options_of_the_program_reach_the_protocols() {
    let folder = tempfile::tempdir().unwrap();
    let open = ["--compat", "simple,gindemo", "--compat-open", "simple", "--compat-legacy-sockets", "gindemo"];
    let arguments = [&open[..], &["--simple-login-expire", "1"]].concat();
    let program = start_with(&arguments, &folder.path().join("data"));
    let simple = |path: &str| format!("{}/compat/simple{path}", program.base);
    let made = asked(client().post(simple("/user/get_login_token")).json(&json!({"user_id": "1"}))).await;
    assert_eq!(made["msg"], "获取token成功", "without a key");
    let token = made["data"]["token"].as_str().unwrap();
    let over = soon(async || {
        let answer = asked(client().get(simple("/rm/room/get_room_list")).header("token", token)).await;
        (answer["code"] != 200).then_some(answer)
    })
    .await;
    assert_eq!(over, json!({"code": -1, "msg": "token已失效"}), "after a second");
    let gindemo = format!("{}/compat/gindemo", program.base);
    for name in ["1", "2"] {
        let fields = json!({"user_name": name, "password": "password"});
        assert_eq!(asked(client().post(format!("{gindemo}/user/register")).json(&fields)).await["status"], 41001);
    }
    let url = format!("{}/chat/test?uid=1&to_uid=2", gindemo.replacen("http", "ws", 1));
    let mut socket = Socket(connect_async(url).await.unwrap().0);
    let first: Value = serde_json::from_str(socket.next().await.to_text().unwrap()).unwrap();
    assert_eq!(first["op_type"], 40003, "without a cookie");
}

/// Where browsers, which cannot send a header, put a token into the query.
const SOCKETS: [(&str, &str, &str); 5] = [
    ("webim", "/ws/join", "room=1&token="),
    ("tyut", "/api/chat_groups", "Authorization=bearer%20"),
    ("tyut", "/api/chat_private", "target_id=0123456789&Authorization=bearer%20"),
    ("simple", "/u/user/connect", "token="),
    ("simple", "/rm/room/room_message", "token="),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_query_of_a_socket_is_in_no_line_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    add_admin(&data);
    let beside = ["--log", "json", "--compat-open", "simple", "--compat", "webim,tyut,simple"];
    let own = ["webim", "tyut", "simple"].map(|name| format!("{name}=127.0.0.1:0"));
    let own = own.each_ref().map(|port| ["--compat-listen", port.as_str()]).concat();
    let (program, log) = start_logging(&[&beside[..], &own].concat(), &data);
    let at = |name: &str| format!("{}/compat/{name}", program.base);
    let boss = json!({"name": "boss", "password": PASSWORD});
    let webim = asked(client().post(format!("{}/login", at("webim"))).json(&boss)).await;
    let one = json!({"user_id": "1"});
    let simple = asked(client().post(format!("{}/user/get_login_token", at("simple"))).json(&one)).await;
    let good = |name: &str| match name {
        "webim" => webim["data"]["token"].as_str().unwrap(),
        "simple" => simple["data"]["token"].as_str().unwrap(),
        _ => "another-secret",
    };
    let mut expected = Vec::new();
    for (name, path, query) in SOCKETS {
        for (base, route) in [(at(name), format!("/compat/{name}{path}")), (port(&program, name), path.to_owned())] {
            for secret in ["a-secret", good(name)] {
                let url = format!("{base}{path}?{query}{secret}");
                // As what it is, and as no handshake at all.
                let opened = connect_async(url.replacen("http", "ws", 1)).await.is_ok();
                assert_eq!(opened, secret == good(name) && name != "tyut", "{url}");
                read(url).await;
            }
            expected.push(route);
        }
    }
    program.signal("-TERM");
    let log: Vec<String> = log.collect();
    for secret in ["secret", good("webim"), good("simple"), "bearer", "?"] {
        assert!(!log.iter().any(|line| line.contains(secret)), "{secret}: {log:?}");
    }
    let lines: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    for route in expected {
        assert_eq!(lines.iter().filter(|line| line["route"] == route).count(), 4, "{route}: {log:?}");
    }
}
