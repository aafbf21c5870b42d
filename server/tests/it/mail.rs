//! Mail, against a server that speaks SMTP (RFC 5321) and keeps what it gets; and without one.

use crate::town::{PASSWORD, Terms, Town};
use chat::{Identity, Limits, MailOptions};
use domain::sign_in::Codes;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
}

/// A mail server.
#[derive(Clone)]
pub struct Sink {
    pub address: String,
    mails: Arc<Mutex<Vec<Arrived>>>,
    /// How many of the next mails are turned away, and with what.
    refusals: Arc<Mutex<Vec<&'static str>>>,
}

impl Sink {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("smtp://{}", listener.local_addr().unwrap());
        let sink = Self { address, mails: Arc::default(), refusals: Arc::default() };
        let taking = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = taking.clone();
                tokio::spawn(async move { sink.talk(stream).await });
            }
        });
        sink
    }

    pub fn identity(&self, codes: Codes) -> Identity {
        let (server, from) = (Some(self.address.clone()), Some("Salon <salon@example.org>".to_owned()));
        Identity { codes, mail: MailOptions { server, from }, ..Identity::default() }
    }

    /// The next mails get these answers, in this order.
    fn refuses(&self, answers: &[&'static str]) {
        self.refusals.lock().unwrap().extend(answers.iter().rev());
    }

    /// The mails that came, once there are so many.
    pub async fn mails(&self, count: usize) -> Vec<Arrived> {
        for _ in 0..2_000 {
            let mails = self.mails.lock().unwrap().clone();
            if mails.len() >= count {
                return mails;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("fewer than {count} mails came");
    }

    /// The code in the last of so many mails.
    pub async fn code(&self, count: usize) -> String {
        let mail = self.mails(count).await.pop().unwrap();
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit());
        mail.data.lines().find(is_code).unwrap_or_else(|| panic!("no code in {}", mail.data)).to_owned()
    }

    async fn talk(&self, stream: TcpStream) {
        let mut lines = BufReader::new(stream);
        let mut mail = Arrived { from: String::new(), to: Vec::new(), data: String::new() };
        say(&mut lines, "220 sink").await;
        let mut line = String::new();
        while {
            line.clear();
            lines.read_line(&mut line).await.is_ok_and(|read| read > 0)
        } {
            let command = line.trim_end().to_owned();
            let upper = command.to_ascii_uppercase();
            if upper.starts_with("EHLO") {
                say(&mut lines, "250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8").await;
            } else if let Some(from) = upper.strip_prefix("MAIL FROM:") {
                from.clone_into(&mut mail.from);
                let refusal = self.refusals.lock().unwrap().pop();
                say(&mut lines, refusal.unwrap_or("250 ok")).await;
            } else if upper.starts_with("RCPT TO:") {
                mail.to.push(command["RCPT TO:".len()..].to_owned());
                say(&mut lines, "250 ok").await;
            } else if upper == "DATA" {
                say(&mut lines, "354 go on").await;
                loop {
                    line.clear();
                    lines.read_line(&mut line).await.unwrap();
                    if line == ".\r\n" {
                        break;
                    }
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                self.mails.lock().unwrap().push(mail.clone());
                say(&mut lines, "250 kept").await;
            } else {
                say(&mut lines, "250 ok").await;
            }
            if upper == "QUIT" {
                return;
            }
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) {
    let _ = stream.get_mut().write_all(format!("{words}\r\n").as_bytes()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_arrives_as_text_and_as_html_in_the_readers_language() {
    let sink = Sink::open().await;
    let town = Town::asking(sink.identity(Codes::Registration)).await;
    let fields = [("name", "ana"), ("display", ""), ("email", "ana@example.com"), ("password", PASSWORD)];
    let (status, _) = town.stranger().call("register", &fields).await;
    assert_eq!(status, 200);
    let mail = sink.mails(1).await.pop().unwrap();
    assert_eq!(mail.to, ["<ana@example.com>"]);
    assert!(mail.from.contains("<SALON@EXAMPLE.ORG>"), "{}", mail.from);
    for part in [
        "From: Salon <salon@example.org>",
        "To: ana@example.com",
        "Subject: Salon: Your registration code",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ] {
        assert!(mail.data.contains(part), "{part}: {}", mail.data);
    }
    assert!(mail.data.contains("Use this code to create your account:"), "{}", mail.data);
    let code = sink.code(1).await;
    assert_eq!(mail.data.matches(&code).count(), 2, "in both parts: {}", mail.data);

    let chinese = crate::town::Browser { cookie: Some("salon_lang=zh".to_owned()), ..town.stranger() };
    let fields = [("name", "ming"), ("display", "小明"), ("email", "ming@example.com"), ("password", PASSWORD)];
    let (status, _) = chinese.call("register", &fields).await;
    assert_eq!(status, 200);
    let mail = sink.mails(2).await.pop().unwrap();
    assert!(mail.data.contains("Subject: Salon: =?utf-8?") && !mail.data.contains("Use this code"), "{}", mail.data);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_cannot_take_now_comes_later() {
    let sink = Sink::open().await;
    let town = Town::asking(sink.identity(Codes::Off)).await;
    let root = town.admin().await;
    sink.refuses(&["451 not now"]);
    let who = root.who.as_ref().unwrap();
    let ana = town.person("ana").await;
    let fields = [("email", "ana@example.com"), ("password", PASSWORD)];
    assert_eq!(ana.call("change-email", &fields).await.0, 200);
    let mails = sink.mails(1).await;
    assert_eq!(mails.len(), 1, "once");
    let admin = town.chat.admin(Some(who)).unwrap();
    let state = loop {
        let state = town.chat.mail(&admin);
        if state.sent > 0 {
            break state;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!((state.is_folder, state.sent, state.failed, state.fault), (false, 1, 0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_whether_mail_works() {
    let sink = Sink::open().await;
    let town = Town::asking(sink.identity(Codes::Off)).await;
    let root = town.admin().await;
    assert_eq!(root.call("test-mail", &[("email", "root@example.com")]).await.0, 200);
    assert_eq!(sink.mails(1).await[0].to, ["<root@example.com>"]);
    sink.refuses(&["550 we do not know you"]);
    let answer = root.submit("test-mail", "/admin/system", &[("email", "root@example.com")]).await;
    assert_eq!(answer.headers()["location"], "/admin/system?tested=1");
    let page = root.get("/admin/system?tested=1").await.text().await.unwrap();
    assert!(page.contains("The mail server refused it:") && page.contains("we do not know you"), "{page}");
    sink.refuses(&["451 not now"]);
    assert_eq!(root.call("test-mail", &[("email", "root@example.com")]).await.0, 200);
    let page = root.get("/admin/system").await.text().await.unwrap();
    assert!(page.contains("The mail server refused it:") && page.contains("not now"), "{page}");
    assert_eq!(sink.mails(1).await.len(), 1, "nothing is tried twice");
    let audit = root.get("/admin/audit?act=mail-tested").await.text().await.unwrap();
    assert_eq!(audit.matches("tested mail").count(), 4, "{audit}");
    let refused = root.call("test-mail", &[("email", "root@example.com\r\nBcc: eve@example.com")]).await;
    assert_eq!(refused.0, 422);
    assert_eq!(sink.mails(1).await.len(), 1);
    assert_eq!(root.call("test-mail", &[("email", "root@example.com")]).await.0, 200);
    let page = root.get("/admin/system").await.text().await.unwrap();
    assert!(page.contains("The mail server has taken it."), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_or_silent_is_told_in_time() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rows = [(gone, "It did not reach the mail server:"), (silent.local_addr().unwrap(), "did not answer in time")];
    for (address, words) in rows {
        let mail = MailOptions { server: Some(format!("smtp://{address}")), from: None };
        let town = Town::asking(Identity { mail, ..Identity::default() }).await;
        let root = town.admin().await;
        assert_eq!(root.call("test-mail", &[("email", "root@example.com")]).await.0, 200);
        let page = root.get("/admin/system?tested=1").await.text().await.unwrap();
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_not_tested_all_the_time() {
    let town = Town::on(Terms { limits: Limits::default(), ..Terms::default() }).await;
    let root = town.admin().await;
    for _ in 0..5 {
        assert_eq!(root.call("test-mail", &[("email", "root@example.com")]).await.0, 200);
    }
    let (status, problem) = root.call("test-mail", &[("email", "root@example.com")]).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (429, Some("too_fast")));
}

/// Whoever tests sees the address that their account has.
#[tokio::test(flavor = "multi_thread")]
async fn the_test_goes_to_ones_own_address() {
    let sink = Sink::open().await;
    let town = Town::asking(sink.identity(Codes::Off)).await;
    let root = town.admin().await;
    let begun = root.submit("change-email", "/me", &[("email", "root@example.com"), ("password", PASSWORD)]).await;
    let ticket = begun.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let half =
        crate::town::Browser { cookie: Some(format!("{}; {ticket}", root.cookie.clone().unwrap())), ..root.clone() };
    half.submit("enter-code", "/sign-in/step", &[("code", &sink.code(1).await)]).await;
    let page = root.get("/admin/system").await.text().await.unwrap();
    assert!(page.contains("value=\"root@example.com\""), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_mails_are_files_and_the_system_page_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::asking(Identity { codes: Codes::Registration, ..Identity::default() }).await;
    let root = town.admin().await;
    let page = root.get("/admin/system").await.text().await.unwrap();
    assert!(page.contains("Mails become files"), "{page}");
    assert_eq!(root.call("test-mail", &[("email", "root@example.com")]).await.0, 200);
    let folder = town.data().join("mail");
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    assert!(std::fs::read_to_string(&files[0]).unwrap().contains("To: root@example.com"));
    let page = root.get("/admin/system?tested=1").await.text().await.unwrap();
    let name = files[0].file_name().unwrap().to_str().unwrap();
    assert!(page.contains("it became a file:") && page.contains(name), "{page}");
    assert_eq!(
        std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777,
        0o700,
        "codes are nobody else's business"
    );
}
