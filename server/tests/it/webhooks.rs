//! The page of a room's webhooks, without scripts.

use crate::town::{Browser, Town};
use domain::room::Visibility;
use reqwest::Method;
use reqwest::header::{ACCEPT, COOKIE, SET_COOKIE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PAGE: &str = "/admin/rooms/hall/webhooks";

/// An address that answers everything with a text.
async fn receiver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut heard = vec![0; 64 * 1024];
            let _ = stream.read(&mut heard).await;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\nConnection: close\r\n\r\n<b>thank you & so</b>.";
            let _ = stream.write_all(answer).await;
        }
    });
    url
}

impl Browser {
    async fn reads(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_runs_webhooks_by_plain_forms() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let (id, url) = (room.id.to_string(), receiver().await);
    assert!(
        ana.reads("/admin/rooms/hall/integration").await.contains(PAGE),
        "what other sites have to do with it leads there"
    );
    assert!(ana.reads(PAGE).await.contains("No webhooks yet"));

    let fields = [("room", id.as_str()), ("url", &url), ("events[0]", "said"), ("events[4]", "joined")];
    let made = ana.submit("create-webhook", PAGE, &fields).await;
    assert_eq!(made.headers()["location"], PAGE, "no secret in an address");
    let kept = made.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(kept.contains("HttpOnly") && kept.contains("Max-Age=60;"), "{kept}");
    let secret = kept.split(['.', ';']).nth(1).unwrap();
    assert!(secret.starts_with("salon_hook_"), "{kept}");
    let both = format!("{}; {}", ana.cookie.as_ref().unwrap(), kept.split(';').next().unwrap());
    let shown = ana.client.get(format!("{}{PAGE}", ana.base)).header(COOKIE, both).header(ACCEPT, "text/html");
    let shown = shown.send().await.unwrap();
    assert!(shown.headers()[SET_COOKIE].to_str().unwrap().contains("salon_shown=; Path=/; Max-Age=0"));
    let html = shown.text().await.unwrap();
    assert!(html.contains(secret) && html.contains(&url) && html.contains("Messages · People who join"), "{html}");
    assert!(!html.contains(".wasm") && !html.contains("import("), "no program for links and forms");
    assert!(!ana.reads(PAGE).await.contains(secret), "once");

    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let webhook = town.chat.webhooks(&host).await.unwrap()[0].id;
    let hook = webhook.to_string();
    let act = [("room", id.as_str()), ("webhook", hook.as_str())];
    ana.submit("test-webhook", PAGE, &act).await;
    let html = ana.reads(PAGE).await;
    assert!(html.contains("Delivered") && html.contains("200 · "), "{html}");
    assert!(html.contains("&lt;b&gt;thank you &amp; so&lt;/b&gt;."), "what was answered is words: {html}");
    let sent = town.chat.deliveries(&host, webhook, None).await.unwrap().deliveries[0].id.to_string();
    ana.submit("replay-delivery", PAGE, &[act[0], act[1], ("delivery", &sent)]).await;
    town.says(&ana, &room, "c1", "hello").await;
    let alone = format!("{PAGE}?webhook={webhook}");
    for _ in 0..55 {
        town.chat.test_webhook(&host, webhook).await.unwrap();
    }
    let html = ana.reads(&alone).await;
    let older = html.split(&format!("{alone}&amp;before=")).nth(1).unwrap().split('"').next().unwrap();
    assert!(ana.reads(&format!("{alone}&before={older}")).await.contains("#2"), "what was said is further back");

    ana.submit("pause-webhook", PAGE, &[act[0], act[1], ("paused", "true")]).await;
    assert!(ana.reads(PAGE).await.contains("Resume"));
    let change = [act[0], act[1], ("url", "http://10.0.0.1/"), ("events[0]", "said")];
    let refused =
        ana.submit("change-webhook", &alone, &change).await.headers()["location"].to_str().unwrap().to_owned();
    assert!(refused.contains("problem="), "{refused}");
    assert!(ana.reads(&refused).await.contains("private network"));
    ana.submit("remove-webhook", &alone, &act).await;
    assert!(ana.reads(PAGE).await.contains("No webhooks yet"));
    let gone = ana.request(Method::GET, &alone).header(ACCEPT, "text/html").send().await.unwrap();
    assert_eq!(gone.status(), 404);
}
