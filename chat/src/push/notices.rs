//! Who is to be told of what was just said: a moment later, so that whoever looks at it anyway is left
//! alone. Saying something costs no more than a place in a bounded queue.

use super::courier::Parcel;
use super::seal;
use crate::contacts::room_for;
use crate::hub::Said as SaidNow;
use crate::store::ignored::list_ignored;
use crate::store::push::{self as rows, Hearer};
use crate::{Chat, House, Result};
use domain::attachment;
use domain::member::Role;
use domain::span::{Span, recalled};
use domain::unread::{Notice, Said, WatchFrame};
use domain::{MessageId, PersonId, RoomId};
use std::collections::{HashMap, VecDeque};
use std::sync::Weak;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// So long people have to look by themselves.
const GRACE: Duration = Duration::from_secs(1);
/// Of one room somebody is told at most this often, unless they are mentioned.
const EVERY: Duration = Duration::from_secs(10);
/// So many messages of a room are remembered meanwhile.
const REMEMBERED: usize = 16;
/// How much a notice says, in characters.
const TEXT: usize = 160;
/// Who was told when is forgotten beyond so many.
const TOLD: usize = 10_000;

#[derive(Default)]
struct Notices {
    rooms: HashMap<RoomId, Room>,
    told: HashMap<(PersonId, RoomId), Instant>,
}

/// What was said in a room in the last moment.
struct Room {
    due: Instant,
    said: VecDeque<SaidNow>,
}

impl Notices {
    fn note(&mut self, said: SaidNow) {
        let due = Instant::now() + GRACE;
        let room = self.rooms.entry(said.room).or_insert_with(|| Room { due, said: VecDeque::new() });
        if room.said.len() == REMEMBERED {
            room.said.pop_front();
        }
        room.said.push_back(said);
    }

    fn next(&self) -> Option<Instant> {
        self.rooms.values().map(|room| room.due).min()
    }

    fn take_due(&mut self) -> Vec<(RoomId, VecDeque<SaidNow>)> {
        let now = Instant::now();
        self.rooms.extract_if(|_, room| room.due <= now).map(|(id, room)| (id, room.said)).collect()
    }

    /// Whether somebody may be told of a room again; notes that they are.
    fn may_tell(&mut self, person: PersonId, room: RoomId, mentioned: bool) -> bool {
        let now = Instant::now();
        if self.told.len() >= TOLD {
            self.told.retain(|_, at| now.duration_since(*at) < EVERY);
        }
        let recent = self.told.get(&(person, room)).is_some_and(|at| now.duration_since(*at) < EVERY);
        if recent && !mentioned {
            return false;
        }
        self.told.insert((person, room), now);
        true
    }
}

impl Chat {
    async fn tell_of(&self, notices: &mut Notices, room: RoomId, said: VecDeque<SaidNow>) -> Result<()> {
        let (Some(first), Some(known)) = (said.front(), self.find_known(room).await?) else { return Ok(()) };
        let watching = self.hub().watching();
        let hearers = rows::list_hearers(self.store().read(), room, first.seq - 1, watching).await?;
        let is_shut = self.is_shut(room).await?;
        let now = self.now();
        let messages: Vec<MessageId> = said.iter().map(|said| said.message).collect();
        let ignored = list_ignored(self.store().read(), hearers.iter().map(|hearer| hearer.person), &messages).await?;
        for mut hearer in hearers {
            if is_shut && hearer.role != Role::Host {
                continue;
            }
            let news = said.iter().filter(|said| {
                let is_new = said.author.id != hearer.person && said.seq > hearer.last_read;
                is_new && !ignored.contains(&(hearer.person, said.message))
            });
            let Some(last) = news.clone().next_back() else { continue };
            let mentioned = news.clone().any(|said| mentions(&said.spans, hearer.person));
            let is_wanted = hearer.level.tells(mentioned) && !hearer.rule.is_quiet(now);
            if !is_wanted || self.hub().is_looking(hearer.person, room) {
                continue;
            }
            if notices.may_tell(hearer.person, room, mentioned) {
                hearer.unread = self.count_unread(room, hearer.person).await?;
                let notice = notice(&room_for(&known, Some(hearer.person)), last, &hearer);
                self.deliver(hearer, notice, mentioned).await?;
            }
        }
        Ok(())
    }

    async fn deliver(&self, hearer: Hearer, notice: Notice, urgent: bool) -> Result<()> {
        for target in rows::list_targets(self.store().read(), hearer.person, self.now()).await? {
            let text = serde_json::json!({ "notice": notice, "lang": target.lang }).to_string().into_bytes();
            // Names and texts were cut: it always is.
            if text.len() <= seal::MOST {
                let topic = format!("room-{}", notice.room);
                self.0.courier.take(self, Parcel { target, text, topic, urgent });
            }
        }
        self.hub().tell_watchers(hearer.person, &WatchFrame::Notice(notice));
        Ok(())
    }
}

fn notice(room: &domain::room::Room, last: &SaidNow, hearer: &Hearer) -> Notice {
    let said = (!hearer.rule.hides).then(|| Said {
        author: last.author.display.clone(),
        text: attachment::said(&last.spans, &last.files).chars().take(TEXT).collect(),
    });
    let (slug, title) = (room.slug.clone(), room.title.clone());
    Notice { room: room.id, slug, title, seq: last.seq, unread: hearer.unread, said }
}

fn mentions(spans: &[Span], person: PersonId) -> bool {
    spans.iter().any(|span| match span {
        Span::Mention { person: mentioned, .. } => *mentioned == person,
        Span::Strong(inner) | Span::Emphasis(inner) => mentions(inner, person),
        _ => false,
    })
}

/// Tells until the house is closed or dropped.
pub(super) fn start(chat: &Chat) {
    let Some(said) = chat.hub().take_said() else { return };
    let closing = chat.0.closing.clone();
    let house = std::sync::Arc::downgrade(&chat.0);
    tokio::spawn(async move {
        closing.run_until_cancelled(rounds(house, said)).await;
    });
}

async fn rounds(house: Weak<House>, mut said: mpsc::Receiver<SaidNow>) {
    let mut notices = Notices::default();
    loop {
        let next = notices.next();
        let wait = async {
            match next {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            one = said.recv() => match one {
                Some(one) if recalled(&one.spans).is_none() => notices.note(one),
                Some(_) => {}
                None => return,
            },
            () = wait => {
                let Some(chat) = house.upgrade().map(Chat) else { return };
                for (room, said) in notices.take_due() {
                    if let Err(cause) = chat.tell_of(&mut notices, room, said).await {
                        tracing::warn!(%cause, "notices of a room were not sent");
                    }
                }
            }
        }
    }
}
