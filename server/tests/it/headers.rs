//! The headers of every kind of answer.

use crate::town::Town;
use domain::room::Visibility;
use reqwest::header::HeaderMap;

const ALWAYS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_them() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("hall", Visibility::Public, &ana).await;
    let pkg = town.house.site.pkg_path();
    for path in [
        "/",
        "/sign-in",
        "/r/hall",
        "/r/none",
        "/nowhere",
        "/api/v1/none",
        "/media/1/x/full",
        "/healthz",
        "/robots.txt",
        &format!("{pkg}/salon.css"),
        &format!("{pkg}/none.js"),
        "/call/none",
    ] {
        let answer = ana.get(path).await;
        let headers = answer.headers();
        for (name, value) in ALWAYS {
            assert_eq!(text(headers, name), value, "{path} {name}");
        }
        assert!(!headers.contains_key("server"), "{path}");
        assert_eq!(text(headers, "x-request-id").len(), 16, "{path}");
        assert!(!headers.contains_key("strict-transport-security"), "only on https: {path}");
        let kept = answer.status().is_success() && path.starts_with("/pkg/");
        let cache = if kept { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(text(headers, "cache-control"), cache, "{path}");
        if !kept {
            let vary: Vec<_> = headers.get_all("vary").iter().map(|v| v.to_str().unwrap().to_lowercase()).collect();
            assert!(vary.join(",").contains("cookie"), "{path} {vary:?}");
        }
        assert_eq!(
            headers.contains_key("content-security-policy"),
            text(headers, "content-type").starts_with("text/html"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_is_strict_and_its_nonce_is_the_pages() {
    let town = Town::new().await;
    let guest = town.stranger();
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let answer = guest.get("/sign-in").await;
        let policy = text(answer.headers(), "content-security-policy").to_owned();
        assert_eq!(text(answer.headers(), "cross-origin-opener-policy"), "same-origin");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned();
        assert!(nonce.len() >= 22, "128 bits");
        let port = town.address.port();
        assert_eq!(
            policy.replace(&nonce, "R"),
            format!(
                "default-src 'none'; script-src 'nonce-R' 'strict-dynamic' 'wasm-unsafe-eval'; \
                 style-src 'self' 'nonce-R'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; \
                 connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port}; form-action 'self'; base-uri 'none'; \
                 frame-ancestors 'none'; object-src 'none'; manifest-src 'self'; worker-src 'self'; report-uri /csp-report"
            )
        );
        let page = answer.text().await.unwrap();
        for script in page.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
        }
        assert!(!page.contains(" style="), "no inline styles");
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breach_can_be_reported() {
    let town = Town::new().await;
    let report = r#"{"csp-report":{"effective-directive":"img-src","blocked-uri":"https://evil.example/x?secret"}}"#;
    let send = |body: String| town.stranger().request(reqwest::Method::POST, "/csp-report").body(body).send();
    assert_eq!(send(report.into()).await.unwrap().status(), 204);
    assert_eq!(send("x".repeat(17 * 1024)).await.unwrap().status(), 413);
}
