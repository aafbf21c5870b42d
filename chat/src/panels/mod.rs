//! Texts and videos that another system puts beside its rooms, under names of its own. A video
//! becomes the one that our room plays, if it can (`video`).

mod video;

pub use video::VideoAddress;

use crate::access::{RoomHost, RoomReader};
use crate::links::MAX_TEXT;
use crate::store::entities::panel;
use crate::store::panels as rows;
use crate::{Chat, Problem, Result, Rule, Thing};
use domain::RoomId;

/// Most of one kind that a system may have.
const MAX: u64 = 1_000;

/// What a panel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelKind {
    Course,
    Record,
    History,
    Video,
}

impl PanelKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Record => "record",
            Self::History => "history",
            Self::Video => "video",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    pub id: i64,
    /// What the system calls it; several may have one name.
    pub name: String,
    /// `None`: every room of the system.
    pub room: Option<RoomId>,
    pub title: String,
    /// Perhaps with markup of the system's: whoever draws it makes it harmless.
    pub content: String,
    /// Of a video.
    pub url: String,
    pub created_at: i64,
    pub updated_at: i64,
}

/// What a system says in a panel. Each at most 64 KiB.
#[derive(Clone, Debug, Default)]
pub struct PanelWords {
    pub room: Option<RoomId>,
    pub title: String,
    pub content: String,
    pub url: String,
}

impl Chat {
    /// Adds a panel. `hosts`: of every room that it shall be seen in.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] if a host is missing; `Invalid` for what is too long or too many;
    /// `TooFast`.
    pub async fn add_panel(
        &self,
        hosts: &[RoomHost],
        system: &str,
        kind: PanelKind,
        name: &str,
        words: PanelWords,
    ) -> Result<Panel> {
        let words = self.check_panel(hosts, system, words).await?;
        let (system_name, name) = (system.to_owned(), name.to_owned());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if rows::count(tx.db(), &system_name, kind.as_str()).await? >= MAX {
                    return Err(Problem::invalid("panel", Rule::TooMany { max: MAX as u32 }).into());
                }
                Ok(rows::create_panel(tx.db(), row(&system_name, kind, &name, words, tx.now())).await?)
            })
        });
        let panel = write.await?;
        self.play_soon(kind, system, hosts, Vec::new());
        Ok(panel.into())
    }

    /// Puts other words in the place of all panels that a system calls so; newest first.
    ///
    /// # Errors
    /// As [`Chat::add_panel`], also for the rooms where they were; `NotFound(Page)`.
    pub async fn change_panels(
        &self,
        hosts: &[RoomHost],
        system: &str,
        kind: PanelKind,
        name: &str,
        words: PanelWords,
    ) -> Result<Vec<Panel>> {
        let words = self.check_panel(hosts, system, words).await?;
        let before = self.rows_named(hosts, system, kind, name).await?;
        let (system_name, name) = (system.to_owned(), name.to_owned());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                rows::change_named(tx.db(), &row(&system_name, kind, &name, words, tx.now())).await?;
                Ok(rows::list_named(tx.db(), &system_name, kind.as_str(), &name).await?)
            })
        });
        let panels = write.await?;
        self.play_soon(kind, system, hosts, before);
        if panels.is_empty() { Err(no_panel().into()) } else { Ok(panels.into_iter().map(Panel::from).collect()) }
    }

    /// Removes all panels that a system calls so; answers what they were.
    ///
    /// # Errors
    /// As [`Chat::change_panels`].
    pub async fn remove_panels(
        &self,
        hosts: &[RoomHost],
        system: &str,
        kind: PanelKind,
        name: &str,
    ) -> Result<Vec<Panel>> {
        self.limits().link(hosts)?;
        let before = self.rows_named(hosts, system, kind, name).await?;
        let (system_name, name) = (system.to_owned(), name.to_owned());
        let write = self.store().write(move |tx| {
            Box::pin(async move { Ok(rows::remove_named(tx.db(), &system_name, kind.as_str(), &name).await?) })
        });
        write.await?;
        let gone = before.iter().cloned().map(Panel::from).collect();
        self.play_soon(kind, system, hosts, before);
        Ok(gone)
    }

    /// All that a system calls so, newest first.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] unless `hosts` run every room of theirs; `NotFound(Page)`.
    pub async fn panels_named(
        &self,
        hosts: &[RoomHost],
        system: &str,
        kind: PanelKind,
        name: &str,
    ) -> Result<Vec<Panel>> {
        Ok(self.rows_named(hosts, system, kind, name).await?.into_iter().map(Panel::from).collect())
    }

    /// Those of rooms that somebody reads, and those of every room, newest first.
    pub async fn panels(&self, readers: &[RoomReader], system: &str, kind: PanelKind) -> Result<Vec<Panel>> {
        if readers.is_empty() {
            return Ok(Vec::new());
        }
        let rooms: Vec<RoomId> = readers.iter().map(|reader| reader.room().id).collect();
        let rows = rows::list_in(self.store().read(), system, kind.as_str(), &rooms).await?;
        Ok(rows.into_iter().map(Panel::from).collect())
    }

    async fn rows_named(
        &self,
        hosts: &[RoomHost],
        system: &str,
        kind: PanelKind,
        name: &str,
    ) -> Result<Vec<panel::Model>> {
        let panels = rows::list_named(self.store().read(), system, kind.as_str(), name).await?;
        if panels.is_empty() {
            return Err(no_panel().into());
        }
        for panel in &panels {
            self.check_hosts(hosts, system, panel.room_id.map(RoomId)).await?;
        }
        Ok(panels)
    }

    async fn check_panel(&self, hosts: &[RoomHost], system: &str, words: PanelWords) -> Result<PanelWords> {
        self.limits().link(hosts)?;
        for (field, text) in [("title", &words.title), ("content", &words.content), ("url", &words.url)] {
            if text.len() > MAX_TEXT || text.contains('\0') {
                return Err(Problem::invalid(field, Rule::TooLong { max: MAX_TEXT as u32 }).into());
            }
        }
        self.check_hosts(hosts, system, words.room).await?;
        Ok(words)
    }
}

fn row(system: &str, kind: PanelKind, name: &str, words: PanelWords, now: i64) -> panel::Model {
    let PanelWords { room, title, content, url } = words;
    panel::Model {
        id: 0,
        system: system.to_owned(),
        kind: kind.as_str().to_owned(),
        name: name.to_owned(),
        room_id: room.map(|room| room.0),
        title,
        content,
        url,
        taken: None,
        created_at: now,
        updated_at: now,
    }
}

impl From<panel::Model> for Panel {
    fn from(row: panel::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            room: row.room_id.map(RoomId),
            title: row.title,
            content: row.content,
            url: row.url,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn no_panel() -> Problem {
    Problem::not_found(Thing::Page)
}
