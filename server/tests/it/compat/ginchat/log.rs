//! 使用zap日志记录 (F7): of each request a line that programs can read, and no secrets.

use crate::program::start_logging;
use crate::town::client;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

#[tokio::test(flavor = "multi_thread")]
async fn f7_each_request_has_a_line_in_the_log_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--compat", "ginchat", "--log", "json"];
    let (program, log) = start_logging(&args, &folder.path().join("data"));
    let base = format!("{}/compat/ginchat", program.base);
    let fields = json!({"username": "user1", "password": "a-password", "avatar_id": "1"});
    let login = client().post(format!("{base}/login")).json(&fields).send().await.unwrap();
    let token = login.headers()["token"].to_str().unwrap().to_owned();
    let get = |path: &str| client().get(format!("{base}{path}")).header("token", &token).send();
    let (home, room) = (get("/home?token=a-secret").await.unwrap(), get("/room/1").await.unwrap());
    let stranger = client().get(format!("{base}/home")).send().await.unwrap();
    let mut request = format!("{}/ws?token=a-secret", base.replacen("http", "ws", 1)).into_client_request().unwrap();
    request.headers_mut().insert("token", token.parse().unwrap());
    let (socket, opened) = connect_async(request).await.unwrap();
    drop(socket);
    program.signal("-TERM");
    let log: Vec<String> = log.collect();
    for secret in ["a-password", "a-secret", &token] {
        assert!(!log.iter().any(|line| line.contains(secret)), "{secret}: {log:?}");
    }
    let lines: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (method, route, status, headers) in [
        ("POST", "/compat/ginchat/login", 200, login.headers()),
        ("GET", "/compat/ginchat/home", 200, home.headers()),
        ("GET", "/compat/ginchat/room/{room}", 200, room.headers()),
        ("GET", "/compat/ginchat/home", 302, stranger.headers()),
        ("GET", "/compat/ginchat/ws", 101, opened.headers()),
    ] {
        let id = headers["x-request-id"].to_str().unwrap();
        let line = lines.iter().find(|line| line["span"]["id"] == id).unwrap_or_else(|| panic!("{route}: {log:?}"));
        assert_eq!((&line["method"], &line["route"]), (&json!(method), &json!(route)), "{line}");
        assert_eq!((&line["status"], line["ms"].is_u64()), (&json!(status), true), "{line}");
        assert_eq!((&line["level"], line["timestamp"].is_string()), (&json!("INFO"), true), "{line}");
    }
}
