//! What the list shows of a room, told to those who have it before them, behind the commits by a
//! moment as what is unread is (`unread.rs`). A row is looked up once and encoded at most twice: for
//! those inside, and for those whom the room's gate keeps out.

use crate::hub::RowFrame;
use crate::store::lines::{Asked, Sees, list_hiding_last, list_lines};
use crate::{Chat, Error, Problem, Result, Who};
use domain::RoomId;
use domain::room::LastWords;
use domain::unread::RoomRow;
use std::collections::{HashMap, HashSet};

/// Rooms that are looked up with one statement.
const AT_ONCE: usize = 500;

impl Chat {
    /// Tells how these rooms look now to those who list them.
    pub(crate) async fn tell_rows(&self, rooms: HashSet<RoomId>) -> Result<()> {
        let listers = self.hub().listers(&rooms);
        let rooms: Vec<RoomId> = listers.keys().copied().collect();
        for some in rooms.chunks(AT_ONCE) {
            let hiding: HashSet<_> = list_hiding_last(self.store().read(), some).await?.into_iter().collect();
            for (room, (last, at)) in self.look_at(some, None).await? {
                let row = self.row(room, last, at).await?;
                let (inside, outside) = (RowFrame::of(&row), RowFrame::of(&RoomRow { last: None, ..row.clone() }));
                for lister in listers.get(&room).into_iter().flatten() {
                    let who = &lister.who;
                    let frame = match self.sees_row(who, room).await? {
                        None => None,
                        Some(false) => outside.clone(),
                        Some(true) if hiding.contains(&(room, who.person.id)) => self.own_row(who, &row).await?,
                        Some(true) => inside.clone(),
                    };
                    frame.into_iter().for_each(|frame| lister.tell(frame));
                }
            }
        }
        Ok(())
    }

    /// Whether somebody may see a room's row, and whether they see it from inside.
    async fn sees_row(&self, who: &Who, room: RoomId) -> Result<Option<bool>> {
        match self.reader(Some(who), room).await {
            Ok(_) => Ok(Some(true)),
            Err(Error::Problem(Problem::Shut)) => Ok(Some(false)),
            Err(Error::Problem(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn row(&self, room: RoomId, last: Option<LastWords>, at: i64) -> Result<RoomRow> {
        let open = !self.is_shut(room).await?;
        Ok(RoomRow { room, last, at, present: self.hub().count_present(room), open })
    }

    /// For whoever has hidden the last message from themselves.
    async fn own_row(&self, who: &Who, row: &RoomRow) -> Result<Option<RowFrame>> {
        let found = self.look_at(&[row.room], Some(who)).await?;
        let last = found.into_values().next().and_then(|(last, _)| last);
        Ok(RowFrame::of(&RoomRow { last, ..row.clone() }))
    }

    /// The last words in these rooms, and when something happened there last.
    async fn look_at(&self, rooms: &[RoomId], who: Option<&Who>) -> Result<HashMap<RoomId, (Option<LastWords>, i64)>> {
        let me = who.map(|who| who.person.id);
        let asked = Asked { sees: Sees::Whole, me, among: Some(rooms), live: &[], shut: &[], after: None };
        let found = list_lines(self.store().read(), &asked, rooms.len() as u32).await?;
        Ok(found.into_iter().map(|(line, ..)| (line.room.id, (line.last, line.at))).collect())
    }
}
