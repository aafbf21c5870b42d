//! Brings our walls to what a link says, behind the answer: fetches what is at its address, hangs it,
//! moves it, and takes it down. An address that leads nowhere stays the system's business.

use super::on_wall;
use crate::access::RoomHost;
use crate::store::entities::{link, link_picture};
use crate::store::{links as rows, outside};
use crate::wall::Seen;
use crate::{Chat, Error, NewPicture, Problem, Result};
use bytes::Bytes;
use domain::{PictureId, RoomId};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// How many links are worked on at once; those of one turn wait for each other.
const TURNS: usize = 16;
/// How often a picture is tried whose host has hung too many a moment ago.
const TRIES: usize = 60;

/// One link is worked on by one task at a time, so that the last word stays.
#[derive(Default)]
pub(crate) struct Turns([Mutex<()>; TURNS]);

impl Turns {
    async fn take(&self, link: i64) -> MutexGuard<'_, ()> {
        self.0[link.rem_euclid(TURNS as i64) as usize].lock().await
    }
}

impl Chat {
    /// Begins to bring the walls to what these links say.
    pub(super) fn hang_soon(&self, links: Vec<i64>, system: &str, hosts: &[RoomHost]) {
        let (chat, system, hosts) = (self.clone(), system.to_owned(), hosts.to_vec());
        let closing = self.0.closing.clone();
        tokio::spawn(closing.run_until_cancelled_owned(async move {
            for link in links {
                if let Err(cause) = chat.bring_in_line(link, &system, &hosts).await {
                    tracing::debug!(%cause, link, "a linked picture does not hang on our wall");
                }
            }
        }));
    }

    pub(super) async fn bring_in_line(&self, link: i64, system: &str, hosts: &[RoomHost]) -> Result<()> {
        let _turn = self.0.turns.take(link).await;
        let wanted = rows::find_link(self.store().read(), link).await?;
        let hung = rows::list_hung(self.store().read(), link).await?;
        let rooms = match wanted.as_ref().map(|link| link.room_id) {
            None => Vec::new(),
            Some(Some(room)) => vec![RoomId(room)],
            Some(None) => outside::list_rooms(self.store().read(), system).await?,
        };
        let host = |room: RoomId| hosts.iter().find(|host| host.room().id == room);
        for row in &hung {
            if let Some(host) = host(RoomId(row.room_id)).filter(|_| !rooms.contains(&RoomId(row.room_id))) {
                self.unhang(host, row).await?;
            }
        }
        let Some(wanted) = wanted else { return Ok(()) };
        let (mut bytes, count) = (None, rooms.len());
        let mut done = Ok(());
        for host in rooms.into_iter().filter_map(host) {
            let row = hung.iter().find(|row| row.room_id == host.room().id.0);
            // What one room does not take, the others may.
            done = self.hang_link(host, &wanted, row, &mut bytes).await.and(done);
        }
        self.note_why(link, done, count).await
    }

    /// Remembers for the hosts why a link does not hang, or that it hangs in all its rooms.
    async fn note_why(&self, link: i64, done: Result<()>, rooms: usize) -> Result<()> {
        let problem = match &done {
            Err(Error::Problem(problem)) => serde_json::to_string(problem).ok(),
            Err(_) => return done,
            Ok(()) => None,
        };
        let note = self.store().write(move |tx| {
            Box::pin(async move {
                if problem.is_some() || rows::list_hung(tx.db(), link).await?.len() >= rooms {
                    rows::change_problem(tx.db(), link, problem).await?;
                }
                Ok(())
            })
        });
        note.await?;
        done
    }

    /// `bytes`: what is at the address, once it was fetched.
    async fn hang_link(
        &self,
        host: &RoomHost,
        link: &link::Model,
        row: Option<&link_picture::Model>,
        bytes: &mut Option<Bytes>,
    ) -> Result<()> {
        let order = on_wall(link.order_no);
        if let Some(row) = row {
            let moved = self.set_picture_order(host, PictureId(row.picture_id), order, Seen::Nothing).await;
            // What is held back has no place on the wall.
            passing_over_missing(moved)?;
            if row.url == link.url {
                return Ok(());
            }
        }
        let fetched = match bytes.take() {
            Some(bytes) => Ok(bytes),
            None => self.files().fetch(&link.url).await,
        };
        let new = match fetched {
            Ok(fetched) => {
                *bytes = Some(fetched.clone());
                NewPicture { bytes: fetched, order: Some(order), ..NewPicture::default() }
            }
            Err(cause) => {
                // What hung there is not what the system shows now.
                if let Some(row) = row {
                    self.unhang(host, row).await?;
                }
                return Err(cause);
            }
        };
        let hung = self.hang_patiently(host, link, row, new).await;
        if let (Err(_), Some(row)) = (&hung, row) {
            self.unhang(host, row).await?;
        }
        hung
    }

    async fn hang_patiently(
        &self,
        host: &RoomHost,
        link: &link::Model,
        row: Option<&link_picture::Model>,
        new: NewPicture,
    ) -> Result<()> {
        for _ in 0..TRIES {
            let done = match row {
                Some(row) => self.replace_linked(host, link, row, new.clone()).await,
                None => self.add_linked_picture(host, new.clone(), (link.id, link.url.clone())).await.map(drop),
            };
            match done {
                Err(Error::Problem(Problem::TooFast { wait_ms })) => {
                    tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                }
                done => return done,
            }
        }
        Err(Problem::TooFast { wait_ms: 0 }.into())
    }

    async fn replace_linked(
        &self,
        host: &RoomHost,
        link: &link::Model,
        row: &link_picture::Model,
        new: NewPicture,
    ) -> Result<()> {
        let picture = PictureId(row.picture_id);
        self.replace_picture(host, picture, new, None).await?;
        let (link, room, url) = (link.id, host.room().id, link.url.clone());
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::put_hung(tx.db(), link, room, picture, &url).await?) }));
        write.await
    }

    async fn unhang(&self, host: &RoomHost, row: &link_picture::Model) -> Result<()> {
        passing_over_missing(self.remove_picture(host, PictureId(row.picture_id)).await)?;
        let (link, room) = (row.link_id, row.room_id);
        let write =
            self.store().write(move |tx| Box::pin(async move { Ok(rows::remove_hung(tx.db(), link, room).await?) }));
        write.await
    }
}

fn passing_over_missing(done: Result<()>) -> Result<()> {
    match done {
        Err(Error::Problem(Problem::NotFound { .. })) => Ok(()),
        done => done,
    }
}
