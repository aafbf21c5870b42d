//! What is unread: one number for each member of a room, the same on every device. Who watches is
//! told what changed, behind the commits by a moment: what a page shows and has looked at at once
//! is never said to be unread.

use crate::hub::Hub;
use crate::hub::Outbox;
use crate::store::ignored::count_ignored;
use crate::store::unread::{self as rows, UnreadLine};

use crate::{Chat, House, Problem, Result, Thing, Who};
use domain::member::Role;
use domain::room::RoomLine;
use domain::unread::{Level, UnreadRoom, WatchFrame};
use domain::{PersonId, RoomId};
use futures::{StreamExt, TryStreamExt};
use std::collections::{HashMap, HashSet};
use std::sync::Weak;
use std::time::{Duration, Instant};

/// What changes within this time is told together.
const TICK: Duration = Duration::from_millis(300);
/// People who are asked for with one statement.
const AT_ONCE: usize = 500;
/// Rooms that are marked at the same time.
const MARKING: usize = 16;

impl Chat {
    /// Marks everything in a room as seen. Nothing for those who are not members.
    pub async fn mark_read(&self, who: &Who, room: RoomId) -> Result<()> {
        self.seen(who, room, i64::MAX).await
    }

    /// Makes the last message by somebody else unread again. Nothing for those who are not members.
    pub async fn mark_unread(&self, who: &Who, room: RoomId) -> Result<()> {
        let person = who.person.id;
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move { Ok(rows::change_to_unread(tx.db(), room, person).await?) })
        });
        if write.await? {
            self.hub().note_unread(person, room);
        }
        Ok(())
    }

    /// Marks everything in all rooms as seen; in how many something was not.
    pub async fn mark_all_read(&self, who: &Who) -> Result<usize> {
        let person = who.person.id;
        let unread = rows::list_unread(self.store().read(), person).await?;
        let forget =
            self.store().write(move |tx| Box::pin(async move { Ok(rows::forget_undo(tx.db(), person).await?) }));
        forget.await?;
        let rooms: Vec<RoomId> = unread.into_iter().map(|unread| unread.line.room).collect();
        let count = rooms.len();
        self.mark_each(person, rooms, false).await?;
        Ok(count)
    }

    /// Takes back what [`Chat::mark_all_read`] did last, in the rooms where nothing was seen since.
    pub async fn undo_all_read(&self, who: &Who) -> Result<()> {
        let person = who.person.id;
        let rooms = rows::list_undoable(self.store().read(), person).await?;
        self.mark_each(person, rooms, true).await
    }

    async fn mark_each(&self, person: PersonId, rooms: Vec<RoomId>, undo: bool) -> Result<()> {
        let marked = rooms.into_iter().map(|room| {
            let chat = self.clone();
            async move { chat.mark_one(person, room, undo).await }
        });
        futures::stream::iter(marked).buffer_unordered(MARKING).try_collect().await
    }

    async fn mark_one(&self, person: PersonId, room: RoomId, undo: bool) -> Result<()> {
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                match undo {
                    false => rows::change_to_read(tx.db(), room, person).await?,
                    true => rows::undo_read(tx.db(), room, person).await?,
                }
                Ok(())
            })
        });
        write.await?;
        self.hub().note_unread(person, room);
        Ok(())
    }

    /// Says what a member wants to hear of a room.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for those who are not members.
    pub async fn change_level(&self, who: &Who, room: RoomId, level: Level) -> Result<()> {
        let person = who.person.id;
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move { Ok(rows::change_level(tx.db(), room, person, level).await?) })
        });
        if !write.await? {
            return Err(Problem::not_found(Thing::Member).into());
        }
        self.hub().note_unread(person, room);
        Ok(())
    }

    /// Keeps a room at the top of a member's list, or no longer.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for those who are not members.
    pub async fn pin(&self, who: &Who, room: RoomId, on: bool) -> Result<()> {
        let person = who.person.id;
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move { Ok(rows::change_pinned(tx.db(), room, person, on).await?) })
        });
        if write.await? { Ok(()) } else { Err(Problem::not_found(Thing::Member).into()) }
    }

    /// From now on a connection is told what is unread in all rooms of its person, first all of
    /// it. `looking`: the rooms that are on its screen; `listing`: those whose rows are. A guest's hears
    /// how the rows of public rooms look, and nothing else.
    pub fn watch(&self, outbox: &Outbox, looking: Vec<RoomId>, listing: Vec<RoomId>) {
        self.hub().watch(outbox, looking, listing);
    }

    /// Counts mentions; nothing in hidden rooms, and nothing of what is ignored.
    pub(crate) async fn count_in(&self, who: &Who, lines: &mut [RoomLine]) -> Result<()> {
        for line in lines.iter_mut().filter(|line| line.level == Level::Hidden) {
            line.unread = 0;
        }
        let (db, me) = (self.store().read(), who.person.id);
        let unread: Vec<RoomId> = lines.iter().filter(|line| line.unread > 0).map(|line| line.room.id).collect();
        let ignored = count_ignored(db, me, unread.iter().copied()).await?;
        let counts = rows::count_mentions(db, me, unread).await?;
        for line in lines {
            line.unread = without(&ignored, line.room.id, line.unread);
            line.mentions = counts.get(&line.room.id).copied().unwrap_or_default().min(line.unread);
        }
        Ok(())
    }

    /// How many messages of a room are news to a member.
    pub(crate) async fn count_unread(&self, room: RoomId, person: PersonId) -> Result<u32> {
        let db = self.store().read();
        let line = rows::list_unread_of(db, [room], [person]).await?.pop();
        let Some(unread) = line.map(|line| line.line.unread).filter(|unread| *unread > 0) else { return Ok(0) };
        Ok(without(&count_ignored(db, person, [room]).await?, room, unread))
    }

    /// Counts anew what is unread to somebody who began, or ceased, to ignore somebody.
    pub(crate) async fn note_all_unread(&self, person: PersonId) -> Result<()> {
        for line in rows::list_unread(self.store().read(), person).await? {
            self.hub().note_unread(person, line.line.room);
        }
        Ok(())
    }

    /// One round of telling. `told`: what those who watch were told and is not nothing.
    async fn tell_unread(&self, told: &mut Told) -> Result<()> {
        let (news, watching) = self.hub().take_unread_news();
        told.retain(|person, _| watching.contains(person));
        let read = self.store().read();
        let mut found = Vec::new();
        let known: Vec<PersonId> = watching.iter().copied().collect();
        for people in known.chunks(AT_ONCE) {
            found.extend(rows::list_unread_of(read, news.rooms.iter().copied(), people.iter().copied()).await?);
        }
        let own: Vec<(PersonId, RoomId)> = news
            .own
            .into_iter()
            .filter(|(person, room)| watching.contains(person) && !news.rooms.contains(room))
            .collect();
        for some in own.chunks(AT_ONCE) {
            let (people, rooms): (HashSet<PersonId>, HashSet<RoomId>) = some.iter().copied().unzip();
            let lines = rows::list_unread_of(read, rooms, people).await?;
            found.extend(lines.into_iter().filter(|line| some.contains(&(line.person, line.line.room))));
            // Whoever left a room has nothing unread in it.
            for (person, room) in some {
                if !found.iter().any(|line| line.person == *person && line.line.room == *room) {
                    forget(self.hub(), told, *person, *room);
                }
            }
        }
        for (person, lines) in self.seen_by_each(found).await? {
            tell_changes(self.hub(), told.entry(person).or_default(), person, lines);
        }
        for person in news.new {
            let lines = rows::list_unread(read, person).await?;
            let rooms = self.seen_by_each(lines).await?.remove(&person).unwrap_or_default();
            // Their other devices may not have heard of it yet, and are not told a second time.
            tell_changes(self.hub(), told.entry(person).or_default(), person, rooms.clone());
            self.hub().tell_new_watchers(person, &WatchFrame::Unread { rooms, whole: true });
        }
        self.tell_rows(news.rows).await
    }

    /// By person: with their mentions, without what they ignore and what is shut for them.
    async fn seen_by_each(&self, lines: Vec<UnreadLine>) -> Result<HashMap<PersonId, Vec<UnreadRoom>>> {
        let mut by_person: HashMap<PersonId, Vec<UnreadRoom>> = HashMap::new();
        for UnreadLine { person, role, mut line } in lines {
            if line.unread > 0 && role != Role::Host && self.is_shut(line.room).await? {
                line.unread = 0;
            }
            by_person.entry(person).or_default().push(line);
        }
        for (person, lines) in &mut by_person {
            let unread: Vec<RoomId> = lines.iter().filter(|line| line.unread > 0).map(|line| line.room).collect();
            let ignored = count_ignored(self.store().read(), *person, unread.iter().copied()).await?;
            let counts = rows::count_mentions(self.store().read(), *person, unread).await?;
            for line in lines {
                line.unread = without(&ignored, line.room, line.unread);
                line.mentions = counts.get(&line.room).copied().unwrap_or_default().min(line.unread);
            }
        }
        Ok(by_person)
    }

    /// Whether a room's gate keeps out those who do not run it.
    pub(crate) async fn is_shut(&self, room: RoomId) -> Result<bool> {
        let generation = self.0.known.generation();
        let Some(known) = self.find_known(room).await? else { return Ok(true) };
        Ok(!self.is_open(room, &known.rule, generation))
    }

    /// A member's rooms with anything unread, as they are told to those who watch.
    pub async fn unread(&self, who: &Who) -> Result<Vec<UnreadRoom>> {
        let lines = rows::list_unread(self.store().read(), who.person.id).await?;
        Ok(self.seen_by_each(lines).await?.remove(&who.person.id).unwrap_or_default())
    }
}

/// What is left of the unread messages of a room without those that are ignored.
fn without(ignored: &HashMap<RoomId, u32>, room: RoomId, unread: u32) -> u32 {
    unread.saturating_sub(ignored.get(&room).copied().unwrap_or_default())
}

type Told = HashMap<PersonId, HashMap<RoomId, UnreadRoom>>;

/// Tells what is not as it was told before.
fn tell_changes(hub: &Hub, told: &mut HashMap<RoomId, UnreadRoom>, person: PersonId, lines: Vec<UnreadRoom>) {
    let is_news = |line: &UnreadRoom| match told.get(&line.room) {
        Some(before) => before != line,
        None => line.unread > 0,
    };
    let rooms: Vec<UnreadRoom> = lines.into_iter().filter(is_news).collect();
    for line in &rooms {
        match line.unread {
            0 => _ = told.remove(&line.room),
            _ => _ = told.insert(line.room, line.clone()),
        }
    }
    if !rooms.is_empty() {
        hub.tell_watchers(person, &WatchFrame::Unread { rooms, whole: false });
    }
}

fn forget(hub: &Hub, told: &mut Told, person: PersonId, room: RoomId) {
    if let Some(line) = told.get_mut(&person).and_then(|told| told.remove(&room)) {
        let rooms = vec![UnreadRoom { unread: 0, mentions: 0, ..line }];
        hub.tell_watchers(person, &WatchFrame::Unread { rooms, whole: false });
    }
}

/// Tells until the house is closed or dropped.
pub(crate) fn start(chat: &Chat) {
    let closing = chat.0.closing.clone();
    let (hub, house) = (chat.hub().clone(), std::sync::Arc::downgrade(&chat.0));
    tokio::spawn(async move {
        closing.run_until_cancelled(rounds(hub, house)).await;
    });
}

async fn rounds(hub: Hub, house: Weak<House>) {
    let mut told = Told::new();
    loop {
        hub.unread_noted().await;
        tokio::time::sleep(TICK).await;
        let Some(chat) = house.upgrade().map(Chat) else { return };
        let began = Instant::now();
        if let Err(cause) = chat.tell_unread(&mut told).await {
            tracing::warn!(%cause, "what is unread was not told");
        }
        drop(chat);
        // At most half of the time, however many watch.
        tokio::time::sleep(began.elapsed()).await;
    }
}
