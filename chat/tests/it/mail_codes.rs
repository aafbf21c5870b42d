//! Codes that are sent by mail: guessed at most five times, whoever guesses and however many at
//! once, and never telling who has an account.

use crate::town::{PASSWORD, START, Town, problem, visit};
use chat::{Arrival, Identity, Letter, Line, Occasion, Problem, SignUp, Ticket, Wording};
use domain::Rule;
use domain::sign_in::{Codes, Step};
use futures::future::join_all;

/// Says what it is about in a word, then the secret or the name.
pub struct Plainly;

impl Wording for Plainly {
    fn letter(&self, occasion: &Occasion) -> Letter {
        let (subject, secret) = match occasion {
            Occasion::SignIn { code } => ("sign-in", code.as_str()),
            Occasion::Register { code } => ("register", code.as_str()),
            Occasion::HasAccount { name } => ("has-account", name.as_str()),
            Occasion::NewAddress { code } => ("new-address", code.as_str()),
            Occasion::OldAddress { name } => ("old-address", name.as_str()),
            Occasion::AddressInUse { name } => ("address-in-use", name.as_str()),
            Occasion::Reset { token, .. } => ("reset", token.as_str()),
            Occasion::Test => ("test", ""),
        };
        Letter { subject: subject.to_owned(), lines: vec![Line::Code(format!("[{secret}]"))] }
    }
}

/// The letters to an address, as subject and secret, once there are so many.
pub async fn letters(town: &Town, to: &str, count: usize) -> Vec<(String, String)> {
    for _ in 0..1_000 {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(town.data().join("mail")).into_iter().flatten().flatten() {
            // Written under another name first.
            if entry.path().extension().is_none_or(|ending| ending != "eml") {
                continue;
            }
            let mail = std::fs::read_to_string(entry.path()).unwrap();
            let field =
                |name: &str| mail.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
            if field("To: ") == to {
                let at = entry.metadata().unwrap().modified().unwrap();
                let secret = mail.split('[').nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
                found.push((at, field("Subject: "), secret.to_owned()));
            }
        }
        if found.len() >= count {
            found.sort();
            return found.into_iter().map(|(_, subject, secret)| (subject, secret)).collect();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{to} got fewer than {count} letters");
}

pub fn asking(codes: Codes) -> Identity {
    Identity { codes, ..Identity::default() }
}

pub fn new<'a>(name: &'a str, email: &'a str) -> SignUp<'a> {
    SignUp { name, display: name, email, password: PASSWORD, invite: None }
}

pub fn ticket(arrival: Arrival) -> Ticket {
    match arrival {
        Arrival::Step(ticket) => ticket,
        Arrival::In(_) | Arrival::EmailKept => panic!("nothing more was asked"),
    }
}

fn inside(arrival: Arrival) -> chat::SignedIn {
    match arrival {
        Arrival::In(signed_in) => signed_in,
        Arrival::Step(_) | Arrival::EmailKept => panic!("something more was asked"),
    }
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// Registers with an address, by its code.
pub async fn registered(town: &Town, name: &str, email: &str) -> chat::SignedIn {
    let ticket = ticket(town.chat.sign_up(new(name, email), &visit(), &Plainly).await.unwrap());
    let (_, code) = letters(town, email, 1).await.pop().unwrap();
    inside(town.chat.enter_code(None, &ticket.token, &code, &visit(), &Plainly).await.unwrap())
}

#[tokio::test]
async fn an_account_begins_with_a_code_and_is_signed_into_with_another() {
    let town = Town::asking(asking(Codes::SignIn)).await;
    let begun = ticket(town.chat.sign_up(new("ana", "Ana@example.org"), &visit(), &Plainly).await.unwrap());
    assert!(town.chat.find_person("ana").await.unwrap().is_none(), "nothing is there before the code came back");
    let step = town.chat.step(&begun.token).await.unwrap();
    assert_eq!(step, Some(Step::Code { hint: "A…@example.org".into(), resend_ms: 30_000, own: false }));
    let (subject, code) = letters(&town, "Ana@example.org", 1).await.pop().unwrap();
    assert_eq!((subject.as_str(), code.len()), ("register", 6));

    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let signed_in = inside(town.chat.enter_code(None, &begun.token, &spaced, &visit(), &Plainly).await.unwrap());
    assert_eq!(town.chat.who(&signed_in.token).await.unwrap().unwrap().person.name, "ana");
    assert_eq!(town.chat.my_profile(&signed_in.who).await.unwrap().email.as_deref(), Some("Ana@example.org"));

    for name in ["ana", " ana@EXAMPLE.org "] {
        let before = letters(&town, "Ana@example.org", 1).await.len();
        let begun = ticket(town.chat.come_in(name, PASSWORD, &visit(), &Plainly).await.unwrap());
        let (subject, code) = letters(&town, "Ana@example.org", before + 1).await.pop().unwrap();
        assert_eq!(subject, "sign-in");
        inside(town.chat.enter_code(None, &begun.token, &code, &visit(), &Plainly).await.unwrap());
        let again = town.chat.enter_code(None, &begun.token, &code, &visit(), &Plainly).await;
        assert_eq!(problem(again), Problem::WrongCode { left: 0 }, "a code works once");
    }
}

#[tokio::test]
async fn five_tries_and_no_sixth() {
    let town = Town::asking(asking(Codes::Registration)).await;
    let begun = ticket(town.chat.sign_up(new("ana", "ana@example.org"), &visit(), &Plainly).await.unwrap());
    let (_, code) = letters(&town, "ana@example.org", 1).await.pop().unwrap();
    let tried = |code: String| {
        let (chat, token) = (town.chat.clone(), begun.token.clone());
        async move { problem(chat.enter_code(None, &token, &code, &visit(), &Plainly).await) }
    };
    assert_eq!(tried("12345".into()).await, Problem::invalid("code", Rule::Shape), "no code, no try");
    for left in [4, 3, 2, 1, 0] {
        assert_eq!(tried(wrong(&code)).await, Problem::WrongCode { left });
    }
    assert_eq!(tried(code.clone()).await, Problem::WrongCode { left: 0 }, "not even the right one");
    assert_eq!(
        problem(town.chat.enter_code(None, "x", &code, &visit(), &Plainly).await),
        Problem::WrongCode { left: 0 }
    );
    assert!(town.chat.find_person("ana").await.unwrap().is_none());

    let early = town.chat.resend_code(&begun.token, &visit(), &Plainly).await;
    assert_eq!(problem(early), Problem::TooFast { wait_ms: 30_000 });
    town.clock.advance(30_000);
    town.chat.resend_code(&begun.token, &visit(), &Plainly).await.unwrap();
    let again = town.chat.resend_code(&begun.token, &visit(), &Plainly).await;
    assert_eq!(problem(again), Problem::TooFast { wait_ms: 30_000 });
    let (_, code) = letters(&town, "ana@example.org", 2).await.pop().unwrap();
    town.clock.advance(10 * 60_000);
    assert_eq!(tried(code).await, Problem::WrongCode { left: 0 }, "ten minutes are over");
    town.chat.tidy().await.unwrap();
    assert_eq!(town.chat.step(&begun.token).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_forty_tries_at_once_five_are_looked_at() {
    let town = Town::asking(asking(Codes::Registration)).await;
    let begun = ticket(town.chat.sign_up(new("ana", "ana@example.org"), &visit(), &Plainly).await.unwrap());
    let (_, code) = letters(&town, "ana@example.org", 1).await.pop().unwrap();
    let tries = (0..40).map(|_| {
        let (chat, token, code) = (town.chat.clone(), begun.token.clone(), wrong(&code));
        tokio::spawn(async move { problem(chat.enter_code(None, &token, &code, &visit(), &Plainly).await) })
    });
    let mut left: Vec<u32> = Vec::new();
    for answer in join_all(tries).await {
        match answer.unwrap() {
            Problem::WrongCode { left: n } => left.push(n),
            other => panic!("{other:?}"),
        }
    }
    left.sort_unstable();
    assert_eq!(left.iter().filter(|n| **n > 0).collect::<Vec<_>>(), [&1, &2, &3, &4], "each try was counted once");
    let right = town.chat.enter_code(None, &begun.token, &code, &visit(), &Plainly).await;
    assert_eq!(problem(right), Problem::WrongCode { left: 0 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_right_code_twenty_times_at_once_opens_once() {
    let town = Town::asking(asking(Codes::Registration)).await;
    let begun = ticket(town.chat.sign_up(new("ana", "ana@example.org"), &visit(), &Plainly).await.unwrap());
    let (_, code) = letters(&town, "ana@example.org", 1).await.pop().unwrap();
    let tries = (0..20).map(|_| {
        let (chat, token, code) = (town.chat.clone(), begun.token.clone(), code.clone());
        tokio::spawn(async move { chat.enter_code(None, &token, &code, &visit(), &Plainly).await.is_ok() })
    });
    let opened = join_all(tries).await.into_iter().filter(|opened| *opened.as_ref().unwrap()).count();
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let town = Town::asking(asking(Codes::SignIn)).await;
    registered(&town, "ana", "ana@example.org").await;
    // The same answer, and the same tries; only the owner is told, in a letter.
    let begun = ticket(town.chat.sign_up(new("eve", "ANA@example.org"), &visit(), &Plainly).await.unwrap());
    let step = town.chat.step(&begun.token).await.unwrap();
    assert_eq!(step, Some(Step::Code { hint: "A…@example.org".into(), resend_ms: 30_000, own: false }));
    assert_eq!(letters(&town, "ANA@example.org", 1).await, [("has-account".to_owned(), "ana".to_owned())]);
    let tried = town.chat.enter_code(None, &begun.token, "000000", &visit(), &Plainly).await;
    assert_eq!(problem(tried), Problem::WrongCode { left: 4 });
    assert!(town.chat.find_person("eve").await.unwrap().is_none());

    let wrong = |name: &'static str| {
        let chat = town.chat.clone();
        async move { problem(chat.come_in(name, "not the password", &visit(), &Plainly).await) }
    };
    for name in ["ana", "ana@example.org", "nobody", "nobody@example.org", "not an address@"] {
        assert_eq!(wrong(name).await, Problem::WrongCredentials, "{name}");
    }
    for email in ["ana@example.org", "nobody@example.org"] {
        town.chat.forgot_password(email, &visit(), Plainly).await.unwrap();
    }
    assert_eq!(letters(&town, "ana@example.org", 2).await[1].0, "reset");
}

#[tokio::test]
async fn what_is_no_address_gets_no_mail() {
    let town = Town::asking(asking(Codes::Registration)).await;
    for bad in ["", "ana", "ana@example.org\r\nBcc: eve@example.org", "ana@example.org,eve@example.org"] {
        let refused = problem(town.chat.sign_up(new("ana", bad), &visit(), &Plainly).await);
        assert!(matches!(&refused, Problem::Invalid { field, .. } if field == "email"), "{bad:?}: {refused:?}");
        let refused = problem(town.chat.forgot_password(bad, &visit(), Plainly).await);
        assert!(matches!(&refused, Problem::Invalid { field, .. } if field == "email"), "{bad:?}: {refused:?}");
    }
    assert!(!town.data().join("mail").exists());
}

#[tokio::test]
async fn mails_to_an_address_are_few() {
    use chat::{Limits, Registration};
    let town = Town::of(Registration::Open, Limits::default()).await;
    for _ in 0..3 {
        town.chat.forgot_password("ana@example.org", &visit(), Plainly).await.unwrap();
    }
    let more = problem(town.chat.forgot_password("Ana@Example.org", &visit(), Plainly).await);
    assert!(matches!(more, Problem::TooFast { wait_ms } if wait_ms > 60_000), "{more:?}");
    town.chat.forgot_password("ben@example.org", &visit(), Plainly).await.unwrap();
    assert_eq!(town.clock.now(), START);
}

#[tokio::test]
async fn a_door_without_tickets_has_codes_by_address() {
    let town = Town::new().await;
    let (chat, email) = (&town.chat, "Ana@example.org");
    chat.register_with_email_at("ana", email, "1", &visit()).await.unwrap();
    for (name, address) in [("ana", "new@example.org"), ("bo", "ana@EXAMPLE.org")] {
        let again = chat.register_with_email_at(name, address, "1", &visit()).await;
        assert_eq!(problem(again), Problem::Taken { thing: chat::Thing::Person }, "{name}");
    }
    let enter = async |password: &str, code: &str| {
        let said = ("ana@example.org", password, code);
        chat.enter_code_at("door", said, &visit(), None).await
    };
    assert_eq!(problem(enter("1", "123456").await), Problem::WrongCode { left: 0 }, "none was sent");
    for (address, password) in [(email, "wrong"), ("nobody@example.org", "1"), ("ana@example.org", "1")] {
        chat.send_code_at("door", address, password, &visit(), &Plainly).await.unwrap();
    }
    let (_, code) = letters(&town, email, 1).await.pop().unwrap();
    assert_eq!(problem(enter("wrong", &code).await), Problem::WrongCredentials, "and no try is used up");
    assert_eq!(problem(enter("1", &wrong(&code)).await), Problem::WrongCode { left: 4 });
    // Nor does the code open another door, or our own page.
    let elsewhere = chat.enter_code_at("other", (email, "1", &code), &visit(), None).await;
    assert_eq!(problem(elsewhere), Problem::WrongCode { left: 0 });
    let ours = chat.enter_code(None, "door ana@example.org", &code, &visit(), &Plainly).await;
    assert_eq!(ours.map(drop).map_err(chat::Error::into_problem), Err(Problem::WrongCode { left: 0 }));
    let token = enter("1", &code).await.unwrap().token;
    assert!(matches!(chat.pass("door", &token).await.unwrap(), chat::Pass::Valid(who) if who.person.name == "ana"));
    assert_eq!(problem(enter("1", &code).await), Problem::WrongCode { left: 0 }, "it was used");
    chat.send_code_at("door", email, "1", &visit(), &Plainly).await.unwrap();
    let (_, code) = letters(&town, email, 2).await.pop().unwrap();
    town.clock.advance(domain::sign_in::CODE_MS);
    assert_eq!(problem(enter("1", &code).await), Problem::WrongCode { left: 0 }, "too old");
}
