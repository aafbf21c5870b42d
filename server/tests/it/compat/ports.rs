//! The real program, with each old protocol at a port of its own.

use super::replay;
use crate::program::{Program, salon, start_with};
use crate::town::client;
use std::process::Stdio;

const NAMES: [&str; 5] = ["webim", "tyut", "simple", "gindemo", "ginchat"];

/// Where each of them listens.
fn ports(program: &Program) -> Vec<(&'static str, String)> {
    let listens = |name: &str| {
        let said = format!("The old protocol {name} listens on ");
        let address = program.told.iter().find_map(|line| line.strip_prefix(&said));
        format!("http://{}", address.unwrap_or_else(|| panic!("{name} in {:?}", program.told)))
    };
    NAMES.map(|name| (name, listens(name))).into()
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
    let ports = ports(&program);
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
