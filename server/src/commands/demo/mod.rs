//! `salon demo`: a store that looks lived in, to show the product and to measure it.

mod dice;
mod draw;
mod gallery;
mod scenes;
mod talk;

use super::{Failure, Outcome, options};
use crate::settings::Store;
use bytes::Bytes;
use chat::{Chat, Clock, Limits, NewPicture, Options, Visit, Who};
use dice::Dice;
use domain::ClientId;
use domain::live::Position;
use domain::person::SiteRole;
use domain::room::{Room, RoomWords, Visibility};
use gallery::GALLERY;
use std::net::{IpAddr, Ipv4Addr};
use talk::{PEOPLE, ROOMS};

/// Of everybody in the demo; they are no secret.
const PASSWORD: &str = "salon-demo";
const MESSAGES: usize = 600;
/// When the talk begins, before now, in milliseconds: five days.
const SPAN_MS: i64 = 5 * 24 * 3_600_000;

pub async fn demo(store: &Store) -> Outcome {
    let clock = Clock::fake(Clock::system().now() - SPAN_MS);
    let options = Options { clock: clock.clone(), ..options(store) };
    // Five days of talk in a few seconds are more than a person may say.
    let chat = Chat::open_with(options, Limits::none()).await?;
    let filled = fill(&Demo { chat: chat.clone(), clock, dice: Dice::new(2026) }).await;
    chat.close().await;
    filled?;
    println!("Three rooms, {} people, {MESSAGES} messages, {} pictures.", PEOPLE.len(), GALLERY.len());
    println!("Sign in as {} with the password {PASSWORD}.", PEOPLE.map(|p| p.name).join(", "));
    println!("{} administers the site.", PEOPLE[0].name);
    Ok(())
}

struct Demo {
    chat: Chat,
    clock: Clock,
    dice: Dice,
}

async fn fill(demo: &Demo) -> Outcome {
    refuse_if_used(&demo.chat).await?;
    let mut people = Vec::new();
    for (i, person) in PEOPLE.iter().enumerate() {
        let role = if i == 0 { SiteRole::Admin } else { SiteRole::Member };
        demo.chat.add_person(person.name, PASSWORD, role).await?;
        let visit = Visit { address: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "salon demo".into() };
        let who = demo.chat.sign_in(person.name, PASSWORD, &visit).await?.who;
        demo.chat.change_display(&who, person.display).await?;
        people.push(who);
    }
    let rooms = open_rooms(demo, &people).await?;
    hang_pictures(demo, &people, &rooms).await?;
    talk(demo, &people, &rooms).await?;
    // These devices do not exist.
    for who in &people {
        demo.chat.sign_out(who).await?;
    }
    Ok(())
}

/// Somebody's rooms are not the place for invented talk.
async fn refuse_if_used(chat: &Chat) -> Outcome {
    let talked = !chat.rooms(None).await?.is_empty() || chat.find_person(PEOPLE[1].name).await?.is_some();
    if talked || chat.setup_token().await?.is_none() {
        return Err(Failure::Words("this store is in use; give the demo another --data folder".into()));
    }
    Ok(())
}

async fn open_rooms(demo: &Demo, people: &[Who]) -> Result<Vec<Room>, Failure> {
    let mut rooms = Vec::new();
    for (i, plan) in ROOMS.iter().enumerate() {
        let words = RoomWords {
            slug: plan.slug.into(),
            title: plan.title.into(),
            about: plan.about.into(),
            visibility: plan.visibility,
        };
        let host = &people[i];
        let room = demo.chat.add_room(words, Some(host.person.id)).await?;
        for who in people {
            if plan.visibility != Visibility::Private {
                demo.chat.enter(who, room.id).await?;
            } else if who.person.id != host.person.id {
                let host = demo.chat.host(Some(host), room.id).await?;
                demo.chat.add_member(&host, who.person.id, domain::member::Role::Member).await?;
            }
        }
        rooms.push(room);
    }
    Ok(rooms)
}

async fn hang_pictures(demo: &Demo, people: &[Who], rooms: &[Room]) -> Outcome {
    for (i, plan) in GALLERY.iter().enumerate() {
        let n = i % rooms.len();
        let png = tokio::task::spawn_blocking(move || gallery::png(i)).await;
        let png = png.map_err(|_| Failure::Words("a picture could not be drawn".into()))??;
        let host = demo.chat.host(Some(&people[n]), rooms[n].id).await?;
        let new = NewPicture {
            bytes: Bytes::from(png),
            file_name: Some(format!("{}.png", plan.caption)),
            caption: plan.caption.into(),
            alt: plan.alt.into(),
            ..NewPicture::default()
        };
        demo.chat.add_picture(&host, new).await?;
        demo.clock.advance(SPAN_MS / 400);
    }
    Ok(())
}

async fn talk(demo: &Demo, people: &[Who], rooms: &[Room]) -> Outcome {
    let mut lines: Vec<talk::Talk> = ROOMS.iter().map(|plan| talk::Talk::new(plan, demo.dice.fork())).collect();
    let pace = (SPAN_MS - SPAN_MS / 10) / MESSAGES as i64;
    for i in 0..MESSAGES {
        // People stay with a subject: a room has the word for a while.
        let n = (i / 12) % rooms.len();
        let line = lines[n].next_line();
        let who = &people[line.speaker];
        let id = ClientId::parse(&format!("demo-{i}"))?;
        let writer = demo.chat.writer(Some(who), rooms[n].id).await?;
        demo.chat.post(&writer, &id, &line.text).await?;
        demo.clock.advance(pause(&demo.dice, pace, i));
    }
    for (who, room) in people.iter().flat_map(|who| rooms.iter().map(move |room| (who, room))) {
        let reader = demo.chat.reader(Some(who), room.id).await?;
        let Position { seq, .. } = demo.chat.room_state(&reader).await?.position;
        // A few are behind, so that the list shows what is unread.
        demo.chat.seen(who, room.id, seq - demo.dice.below(4) as i64 * 3).await?;
    }
    Ok(())
}

/// Answers come quickly, subjects change after a while.
fn pause(dice: &Dice, pace: i64, i: usize) -> i64 {
    let quick = 20_000 + dice.below(100) as i64 * 1_000;
    if i % 12 == 11 { (pace * 12 - quick * 11).max(quick) } else { quick.min(pace) }
}
