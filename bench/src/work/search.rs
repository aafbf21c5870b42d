//! W13: search in much that was said: Chinese and Latin words as often as in real talk, the words that
//! other products' users complained about, and questions that mean nothing.

use super::Under;
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::http::Http;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sea_orm::ConnectionTrait;
use std::fmt::Write;
use std::time::{Duration, Instant};

const ROOMS: usize = 20;
const PEOPLE: usize = 200;
/// Messages a statement puts in.
const ROWS: usize = 500;
/// How long the index may take to hold everything.
const INDEXED: Duration = Duration::from_secs(900);
/// Common characters; the first ones are said most.
const HAN: &str = "的一是不了人我在有他这中大来上个国和也子时道说出要于就下得可你年生自会那后能对着事其里所去行过家十用发天\
    如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从图汉字爸妈海具体情况直播间";
const LATIN: [&str; 16] = [
    "the", "what", "other", "harbour", "picture", "room", "live", "host", "show", "tonight", "shanghai", "release",
    "server", "question", "answer", "thanks",
];
/// What stands in some message after every so many.
const SAID: [(usize, &str); 5] = [
    (97, "我家在上海东边。"),
    (211, "我的爸爸肚子很餓"),
    (499, "请说一下具体情况"),
    (997, "いちにさん 汉字"),
    (1_999, "what other harbour 直播间 https://example.com/a"),
];
/// In the very first message of all, which is indexed last.
const FIRST: &str = "龘靐齉";
const QUESTIONS: [&str; 16] = [
    "汉字",
    "爸爸",
    "上海",
    "具体情况",
    "いち",
    "图",
    "的",
    "what",
    "oth",
    "爸爸 肚子",
    "直播间 harbour",
    "from:p7 上海",
    "in:r3 图",
    "has:link what",
    "龘龘",
    "\" * NEAR (",
];

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let messages = under.scale.pick(20_000, 200_000);
    let mut figures = Vec::new();
    let house = House::fill(&under.salon, rooms()).await?;
    figures.extend(on(under, &house, messages, "").await?);
    if let Some(address) = &under.postgres {
        let house = House::fill_postgres(&under.salon, rooms(), address).await?;
        figures.extend(on(under, &house, messages, "PostgreSQL, ").await?);
    }
    report.add("W13", figures);
    Ok(())
}

fn rooms() -> Fill {
    let room = |_| Room { visibility: "open", members: (1, 2), messages: 0, pictures: 0 };
    Fill { people: PEOPLE, rooms: (0..ROOMS).map(room).collect() }
}

async fn on(under: &Under, house: &House, messages: usize, store: &str) -> Done<[Figure; 2]> {
    talk(house, messages).await?;
    let name = |of: &str| format!("{store}{} k messages, {of}", messages / 1_000);
    let mut half = Figure::new(name("p50"), "ms", Goal::None);
    let mut most = Figure::new(name("p95"), "ms", Goal::AtMost(50.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, house)?;
        let mut http = Http::connect(server.address, Some(House::cookie(2))).await?;
        indexed(&mut http).await?;
        let mut took = questions(under, &mut http).await?;
        took.sort_by(f64::total_cmp);
        half.salon(took[took.len() / 2]);
        most.salon(took[took.len() * 95 / 100]);
    }
    Ok([half, most])
}

/// Puts so many messages into the rooms, one after the other.
async fn talk(house: &House, messages: usize) -> Done {
    let mut dice = StdRng::seed_from_u64(2_026);
    let han: Vec<char> = HAN.chars().filter(|c| !c.is_whitespace()).collect();
    let db = house.open().await?;
    let all: Vec<usize> = (0..messages).collect();
    for some in all.chunks(ROWS) {
        let mut sql = String::from("INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at) VALUES ");
        for i in some {
            let text = sentence(*i, &han, &mut dice);
            let (room, seq, comma) = (1 + i % ROOMS, 1 + i / ROOMS, if *i == some[0] { "" } else { ", " });
            let at = 1_767_225_600_000 + *i as i64 * 1_000;
            let author = 1 + i % PEOPLE;
            write!(sql, "{comma}({room}, {seq}, {author}, 's{i}', '{text}', '[{{\"text\":\"{text}\"}}]', {at})")?;
        }
        db.execute_unprepared(&sql).await?;
    }
    let said = messages / ROOMS;
    db.execute_unprepared(&format!("UPDATE room SET last_seq = {said}, said = {said}")).await?;
    db.execute_unprepared("ANALYZE").await?;
    db.close().await?;
    Ok(())
}

/// Five to fifteen words, rarer ones less often.
fn sentence(i: usize, han: &[char], dice: &mut StdRng) -> String {
    if i == 0 {
        return FIRST.to_owned();
    }
    if let Some((_, text)) = SAID.iter().rev().find(|(every, _)| i.is_multiple_of(*every)) {
        return (*text).to_owned();
    }
    let mut text = String::new();
    for _ in 0..dice.random_range(5..15) {
        if dice.random_bool(0.2) {
            let word = LATIN[rare(LATIN.len(), dice)];
            text.extend([" ", word, " "]);
        } else {
            text.extend((0..dice.random_range(1..4)).map(|_| han[rare(han.len(), dice)]));
        }
    }
    text.trim().to_owned()
}

/// One of `n`, the first ones most.
fn rare(n: usize, dice: &mut StdRng) -> usize {
    let even: f64 = dice.random();
    ((even * even * n as f64) as usize).min(n - 1)
}

/// Waits until the first message is found.
async fn indexed(http: &mut Http) -> Done {
    let began = Instant::now();
    while !ask(http, FIRST).await?.contains(FIRST) {
        if began.elapsed() > INDEXED {
            return Err("the index of words is not complete after a quarter of an hour".into());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// How long each question takes to be answered, in ms; each is asked equally often.
async fn questions(under: &Under, http: &mut Http) -> Done<Vec<f64>> {
    let (began, mut took) = (Instant::now(), Vec::new());
    while took.is_empty() || began.elapsed() < under.scale.time {
        for question in QUESTIONS {
            let asked = Instant::now();
            ask(http, question).await?;
            took.push(asked.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(took)
}

async fn ask(http: &mut Http, question: &str) -> Done<String> {
    let asked: String = form_urlencoded::byte_serialize(question.as_bytes()).collect();
    let answer = http.call("search", &format!("asked={asked}")).await?;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    if answer.status != 200 {
        return Err(format!("the search for {question} answered {}: {body}", answer.status).into());
    }
    Ok(body)
}
