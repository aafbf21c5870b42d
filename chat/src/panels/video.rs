//! The video of a room that another system has one for: the system's newest, which our room plays
//! as well if it can, or the one that a host has chosen here since.

use super::{PanelKind, rows};
use crate::access::{RoomHost, RoomReader};
use crate::store::entities::panel;
use crate::store::stage::find_stage;
use crate::{Chat, Error, NewVideo, Problem, Result, VideoSource};
use domain::RoomId;

/// Where a room's video is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VideoAddress {
    /// As its system wrote it.
    Linked(String),
    /// What a host has chosen here: an address, or `/video/<room>/<blob>` for a file of ours.
    Ours(String),
}

impl Chat {
    /// The video of a room as its system sees it.
    pub async fn linked_video(&self, reader: &RoomReader, system: &str) -> Result<Option<VideoAddress>> {
        let room = reader.room().id;
        let ours = find_stage(self.store().read(), room).await?.video.map(|video| video.src);
        let newest = self.newest_video(system, room).await?;
        Ok(match (newest, ours) {
            (Some(panel), ours) if counts(&panel, ours.as_deref()) => Some(VideoAddress::Linked(panel.url)),
            (_, ours) => ours.map(VideoAddress::Ours),
        })
    }

    async fn newest_video(&self, system: &str, room: RoomId) -> Result<Option<panel::Model>> {
        let videos = rows::list_in(self.store().read(), system, PanelKind::Video.as_str(), &[room]).await?;
        Ok(videos.into_iter().next())
    }

    /// Begins to have the rooms of `hosts` play their system's newest videos. `before`: what was
    /// changed or removed.
    pub(super) fn play_soon(&self, kind: PanelKind, system: &str, hosts: &[RoomHost], before: Vec<panel::Model>) {
        if kind != PanelKind::Video {
            return;
        }
        let (chat, system, hosts) = (self.clone(), system.to_owned(), hosts.to_vec());
        tokio::spawn(self.0.closing.clone().run_until_cancelled_owned(async move {
            for host in &hosts {
                if let Err(cause) = chat.play_newest(&system, host, &before).await {
                    tracing::debug!(%cause, room = %host.room().id, "a linked video does not play in our room");
                }
            }
        }));
    }

    async fn play_newest(&self, system: &str, host: &RoomHost, before: &[panel::Model]) -> Result<()> {
        let room = host.room().id;
        let ours = find_stage(self.store().read(), room).await?.video.map(|video| video.src);
        let was_linked = ours.is_some() && before.iter().any(|panel| panel.taken == ours);
        match self.newest_video(system, room).await? {
            Some(panel) if panel.taken.is_none() || was_linked => self.play(host, panel).await,
            None if was_linked => self.remove_video(host).await,
            _ => Ok(()),
        }
    }

    async fn play(&self, host: &RoomHost, panel: panel::Model) -> Result<()> {
        let new = NewVideo {
            source: VideoSource::Address(panel.url.clone()),
            title: String::new(),
            poster: None,
            captions: None,
            language: String::new(),
        };
        let (taken, fault) = match self.set_video(host, new).await {
            Ok(stage) => (stage.video.map(|video| video.src).unwrap_or_default(), None),
            Err(cause) => (String::new(), Some(cause)),
        };
        let id = panel.id;
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::change_taken(tx.db(), id, Some(taken)).await?) }));
        write.await?;
        let Some(cause) = fault else { return Ok(()) };
        // The one before is not the room's any more.
        match self.remove_video(host).await {
            Ok(()) | Err(Error::Problem(Problem::NotFound { .. })) => Err(cause),
            Err(other) => Err(other),
        }
    }
}

/// Whether a system's newest video is the room's, which plays `ours` here.
fn counts(panel: &panel::Model, ours: Option<&str>) -> bool {
    match (panel.taken.as_deref(), ours) {
        // Not found out yet, or it cannot be played here and a host has chosen no other.
        (None, _) | (Some(""), None) => true,
        (taken, ours) => taken == ours,
    }
}
