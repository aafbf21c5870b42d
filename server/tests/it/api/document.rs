//! The description of the API.

use super::Program;
use crate::town::Town;
use serde_json::Value;
use std::path::PathBuf;

/// A change of what programs were promised is seen: run with `SALON_BLESS=1` to take it over.
#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_the_reviewed_one() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let now = serde_json::to_string_pretty(server::api::openapi()).unwrap() + "\n";
    if std::env::var_os("SALON_BLESS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(&file).unwrap();
    assert!(reviewed == now, "docs/openapi.json is not what the API says of itself");
    let town = Town::new().await;
    let (status, served) = Program { base: town.base(), token: None }.get("/openapi.json").await;
    assert_eq!((status.as_u16(), &served), (200, server::api::openapi()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_is_described_and_refuses_strangers() {
    let town = Town::new().await;
    let nobody = Program { base: town.base(), token: None };
    let paths = server::api::openapi()["paths"].as_object().unwrap();
    assert!(paths.len() >= 18, "{}", paths.len());
    let operations = paths.values().flat_map(|path| path.as_object().unwrap().values());
    let mut names: Vec<&str> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "each operation has a name of its own");
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{method} {path}");
            let open = operation["security"] == serde_json::json!([{}]);
            let concrete = path
                .replace("{message}", "1")
                .replace("{picture}", "1")
                .replace("{held}", "1")
                .replace("{webhook}", "1")
                .replace("{delivery}", "1");
            let method = method.to_uppercase().parse().unwrap();
            let (status, body) = nobody.ask(method, &concrete.replace(['{', '}'], ""), None).await;
            assert_eq!(status == 401, !open, "{path} {status} {body}");
        }
    }
    let (status, problem) = nobody.get("/nothing").await;
    assert_eq!((status.as_u16(), &problem["code"]), (404, &"not_found".into()));
    let (status, problem) = nobody.ask(reqwest::Method::DELETE, "/rooms", None).await;
    assert_eq!((status.as_u16(), &problem["code"]), (405, &"method_not_allowed".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_about_it_on_a_page() {
    let town = Town::new().await;
    let answer = town.stranger().get("/api").await;
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.unwrap();
    assert!(page.contains("<h1>Salon API</h1>") && page.contains("POST /rooms/{room}/messages"), "{page:.500}");
    let names = server::api::openapi()["components"]["schemas"].as_object().unwrap();
    assert!(names.contains_key("Message") && names.contains_key("Problem"), "{:?}", names.keys().collect::<Vec<_>>());
    assert!(!names.values().any(Value::is_null));
}
