//! A real Chromium without a window, told what to do over the DevTools protocol.

use crate::{Done, machine};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long it may take to answer or to show a page.
const PATIENCE: Duration = Duration::from_secs(60);
/// Without the sandbox, which Chromium refuses to root: it sees no pages but ours.
const FLAGS: [&str; 7] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-port=0",
];
/// Notes when the page came to life, in ms since the navigation.
const WATCH: &str = "new MutationObserver((_, watch) => { if (document.documentElement.hasAttribute('data-ready')) \
                     { window.alive ??= performance.now(); watch.disconnect() } })\
                     .observe(document, { subtree: true, attributes: true, attributeFilter: ['data-ready'] })";

/// One page; ended when dropped.
pub struct Browser {
    child: Child,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    asked: u64,
    /// Its profile; removed with it.
    _folder: TempDir,
}

/// `SALON_CHROMIUM`, else the one on the path.
pub fn find() -> Option<PathBuf> {
    let given = std::env::var_os("SALON_CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut on_path = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    given.or_else(|| on_path.find(|file| file.is_file()))
}

impl Browser {
    pub async fn start(program: &Path) -> Done<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = machine::on_any_core(program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", folder.path().display())).arg("about:blank");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let output = child.stderr.take().ok_or("no output")?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned));
        // Whatever else it says goes nowhere, so that it never waits to say it.
        std::thread::spawn(move || lines.for_each(drop));
        let (socket, _) = connect_async(address.ok_or("Chromium did not start")?).await?;
        let mut browser = Self { child, socket, session: None, asked: 0, _folder: folder };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"})).await?;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = browser.ask("Target.attachToTarget", attach).await?;
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        browser.ask("Page.enable", json!({})).await?;
        browser.ask("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH})).await?;
        // What the thread itself used, not how long it waited for a core.
        browser.ask("Performance.enable", json!({"timeDomain": "threadTicks"})).await?;
        Ok(browser)
    }

    /// Keeps a cookie (`name=value`) for the site.
    pub async fn keep(&mut self, site: &str, cookie: &str) -> Done {
        let (name, value) = cookie.split_once('=').unwrap_or((cookie, ""));
        self.ask("Network.setCookie", json!({"url": site, "name": name, "value": value})).await.map(drop)
    }

    /// Opens a page; the ms from the navigation until its scripts have taken over.
    pub async fn open(&mut self, url: &str) -> Done<f64> {
        self.ask("Page.navigate", json!({"url": url})).await?;
        let alive = async {
            loop {
                if let Some(alive) = self.value(&format!("location.href == '{url}' && window.alive")).await?.as_f64() {
                    return Ok(alive);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, alive).await.map_err(|_| "the page did not come to life")?
    }

    /// What a script says.
    pub async fn value(&mut self, script: &str) -> Done<Value> {
        let answer = self.ask("Runtime.evaluate", json!({"expression": script, "returnByValue": true})).await?;
        Ok(answer["result"]["value"].clone())
    }

    /// Seconds of a core that the page's main thread has used for its tasks.
    pub async fn busy(&mut self) -> Done<f64> {
        let answer = self.ask("Performance.getMetrics", json!({})).await?;
        let metrics = answer["metrics"].as_array().ok_or("no metrics")?;
        let task = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
        task.and_then(|task| task["value"].as_f64()).ok_or_else(|| "no TaskDuration".into())
    }

    async fn ask(&mut self, method: &str, params: Value) -> Done<Value> {
        self.asked += 1;
        let mut command = json!({"id": self.asked, "method": method, "params": params});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(command.to_string())).await?;
        tokio::time::timeout(PATIENCE, self.answer()).await.map_err(|_| format!("no answer to {method}"))?
    }

    async fn answer(&mut self) -> Done<Value> {
        while let Some(message) = self.socket.next().await {
            let Ok(value) = serde_json::from_slice::<Value>(&message?.into_data()) else { continue };
            if value["id"] == self.asked {
                let fault = value.get("error").map(|error| error.to_string().into());
                return fault.map_or_else(|| Ok(value["result"].clone()), Err);
            }
        }
        Err("Chromium went away".into())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
