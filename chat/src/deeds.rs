//! What a host did to pictures, or about people, is remembered for an hour with all that undoes it:
//! where they went, how they were described, what somebody was in the room. Whoever did it may undo
//! it, as long as nobody changed the same meanwhile.

use crate::access::{RoomHost, Who};
use crate::moderation::Treated;
use crate::pictures::changed;
use crate::shelf::{ShelfAct, UNDO, distinct, find_all};
use crate::store::Tx;
use crate::store::deeds as rows;
use crate::store::pictures as picture_rows;
use crate::wall::wall_for_change;
use crate::{Chat, Problem, Result, Rule};
use domain::picture::{Picture, parse_alt, parse_caption};
use domain::{DeedId, PictureId, RoomId};
use serde::{Deserialize, Serialize};

/// What undoes a deed.
#[derive(Serialize, Deserialize)]
pub(crate) enum Undoing {
    Act {
        act: ShelfAct,
        pictures: Vec<PictureId>,
    },
    /// They are in the room `to`: first what was moved, then what it is there.
    Return {
        to: RoomId,
        moved: Vec<(PictureId, PictureId)>,
    },
    /// Somebody was muted, banned or sent away.
    Treated(Treated),
    /// A message that waited was refused.
    Declined {
        held: i64,
    },
    /// All were given the same words.
    Describe {
        given: Given,
        before: Vec<(PictureId, Described)>,
    },
}

/// What is written about a picture.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Described {
    caption: String,
    alt: String,
}

/// Words for several pictures: what is empty stays as it is.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Given(Described);

impl Described {
    fn of(picture: &Picture) -> Self {
        Self { caption: picture.caption.clone(), alt: picture.alt.clone() }
    }
}

impl Given {
    fn put_on(&self, picture: &Picture) -> Described {
        let or = |given: &String, old: &String| if given.is_empty() { old.clone() } else { given.clone() };
        Described { caption: or(&self.0.caption, &picture.caption), alt: or(&self.0.alt, &picture.alt) }
    }
}

impl Chat {
    /// Gives several pictures the same caption and alternative text; what is empty stays as it
    /// is. `None` if that changed nothing.
    ///
    /// # Errors
    /// `Invalid { field: "caption", .. }` without any words; `NotFound(Picture)` if the room has
    /// none of them.
    pub async fn describe_pictures(
        &self,
        host: &RoomHost,
        ids: &[PictureId],
        (caption, alt): (&str, &str),
    ) -> Result<Option<DeedId>> {
        let room = host.not_archived()?.room().id;
        let (host, who, ids) = (host.clone(), host.who().clone(), distinct(ids)?);
        let words = Described { caption: parse_caption(caption)?, alt: parse_alt(alt)? };
        if words.caption.is_empty() && words.alt.is_empty() {
            return Err(Problem::invalid("caption", Rule::Empty).into());
        }
        let given = Given(words);
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                wall_for_change(tx, &host).await?;
                let mut before = Vec::new();
                for hung in find_all(tx, room, &ids).await?.into_iter().filter(|hung| hung.removed_at.is_none()) {
                    let was = Described::of(&hung.picture);
                    let words = given.put_on(&hung.picture);
                    if words != was {
                        before.push((hung.picture.id, was));
                        describe(tx, (room, &who), hung.picture, words, hung.held).await?;
                    }
                }
                if before.is_empty() {
                    return Ok(None);
                }
                keep(tx, (room, &who), &Undoing::Describe { given, before }).await.map(Some)
            })
        });
        change.await
    }

    /// Undoes what this host did to pictures of the room, or about somebody in it, within the last
    /// hour. What is already again as it was is passed over.
    ///
    /// # Errors
    /// `Gone` for what is too long ago, somebody else's, or concerns a picture that was taken down
    /// meanwhile; `Changed` if somebody else changed the same; as [`Chat::host`] about the room
    /// that pictures were moved to; about pictures as [`RoomHost::not_archived`].
    pub async fn undo_deed(&self, host: &RoomHost, id: DeedId) -> Result<()> {
        let room = host.room().id;
        let who = host.who();
        let since = self.now() - UNDO.as_millis() as i64;
        let kept = rows::find_undoing(self.store().read(), id, (room, who.person.id), since).await?;
        // One that a later version kept cannot be read.
        let undoing = kept.and_then(|kept| serde_json::from_str(&kept).ok()).ok_or(Problem::Gone)?;
        if !matches!(undoing, Undoing::Treated(_) | Undoing::Declined { .. }) {
            host.not_archived()?;
        }
        match undoing {
            Undoing::Treated(treated) => self.undo_treatment(host, treated).await,
            Undoing::Declined { held } => self.undo_decline(host, held).await,
            Undoing::Act { act, pictures } => self.change_pictures(host, act, &pictures).await.map(drop),
            Undoing::Return { to, moved } => {
                let to = self.host(Some(who), to).await?;
                self.return_pictures(host, &to, moved).await
            }
            Undoing::Describe { given, before } => self.describe_back(host, given, before).await,
        }
    }

    async fn describe_back(&self, host: &RoomHost, given: Given, before: Vec<(PictureId, Described)>) -> Result<()> {
        let (host, room, who) = (host.clone(), host.room().id, host.who().clone());
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let rev = wall_for_change(tx, &host).await?.rev;
                for (id, was) in before {
                    let found = picture_rows::find_picture(tx.db(), room, id).await?;
                    let Some(hung) = found.filter(|hung| hung.removed_at.is_none()) else { continue };
                    let now = Described::of(&hung.picture);
                    if now == was {
                        continue;
                    }
                    let ours = given.put_on(&Picture {
                        caption: was.caption.clone(),
                        alt: was.alt.clone(),
                        ..hung.picture.clone()
                    });
                    if now != ours {
                        return Err(Problem::changed(rev).into());
                    }
                    describe(tx, (room, &who), hung.picture, was, hung.held).await?;
                }
                Ok(())
            })
        });
        change.await
    }
}

async fn describe(
    tx: &mut Tx,
    (room, who): (RoomId, &Who),
    picture: Picture,
    Described { caption, alt }: Described,
    held: bool,
) -> Result<()> {
    picture_rows::change_words(tx.db(), picture.id, &caption, &alt).await?;
    changed(tx, (room, &who.person), Picture { caption, alt, ..picture }, held).await.map(drop)
}

/// Remembers what undoes something that was done in this transaction.
pub(crate) async fn keep(tx: &Tx, (room, who): (RoomId, &Who), undoing: &Undoing) -> Result<DeedId> {
    let undoing = serde_json::to_string(undoing).map_err(|cause| crate::store::DbErr::Json(cause.to_string()))?;
    Ok(rows::create_deed(tx.db(), room, who.person.id, tx.now(), undoing).await?)
}
