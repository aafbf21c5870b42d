//! What the list shows of a room, told to those who have it before them, behind the commits by a
//! moment as what is unread is (`unread.rs`). A row is looked up once and encoded at most twice: for
//! those inside, and for those whom the room's gate keeps out.

use crate::hub::RowFrame;
use crate::store::lines::{Asked, Sees, list_hiding_last, list_lines};
use crate::{Chat, Error, Problem, Result, Who};
use domain::RoomId;
use domain::picture::{Size, WIDTHS};
use domain::room::RoomLine;
use domain::unread::RoomRow;
use std::collections::HashSet;

/// Rooms that are looked up with one statement.
const AT_ONCE: usize = 500;

impl Chat {
    /// Tells how these rooms look now to those who list them.
    pub(crate) async fn tell_rows(&self, rooms: HashSet<RoomId>) -> Result<()> {
        let listers = self.hub().listers(&rooms);
        let rooms: Vec<RoomId> = listers.keys().copied().collect();
        for some in rooms.chunks(AT_ONCE) {
            let hiding: HashSet<_> = list_hiding_last(self.store().read(), some).await?.into_iter().collect();
            for line in self.look_at(some, None).await? {
                let (room, row) = (line.room.id, self.row(line).await?);
                let outside = RowFrame::of(&RoomRow { last: None, cover: None, ..row.clone() });
                let inside = RowFrame::of(&row);
                // The same for everybody without an account, and there may be thousands of them.
                let mut guests = None;
                for lister in listers.get(&room).into_iter().flatten() {
                    let who = lister.who.as_ref();
                    let sees = match (who, guests) {
                        (None, Some(known)) => known,
                        (None, None) => *guests.insert(self.sees_row(None, room).await?),
                        _ => self.sees_row(who, room).await?,
                    };
                    let frame = match (sees, who) {
                        (None, _) => None,
                        (Some(false), _) => outside.clone(),
                        (Some(true), Some(who)) if hiding.contains(&(room, who.person.id)) => {
                            self.own_row(who, &row).await?
                        }
                        (Some(true), _) => inside.clone(),
                    };
                    frame.into_iter().for_each(|frame| lister.tell(frame));
                }
            }
        }
        Ok(())
    }

    /// Whether somebody may see a room's row, and whether they see it from inside.
    async fn sees_row(&self, who: Option<&Who>, room: RoomId) -> Result<Option<bool>> {
        match self.reader(who, room).await {
            Ok(_) => Ok(Some(true)),
            Err(Error::Problem(Problem::Shut)) => Ok(Some(false)),
            Err(Error::Problem(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn row(&self, line: RoomLine) -> Result<RoomRow> {
        let RoomLine { room, last, at, cover, .. } = line;
        let (id, open) = (room.id, !self.is_shut(room.id).await?);
        let cover = cover.filter(|_| open).map(|cover| cover.url(id, Size::Side(WIDTHS[0])));
        let title = (!room.is_direct()).then_some(room.title);
        Ok(RoomRow { room: id, last, at, present: self.hub().count_present(id), open, title, cover })
    }

    /// For whoever has hidden the last message from themselves.
    async fn own_row(&self, who: &Who, row: &RoomRow) -> Result<Option<RowFrame>> {
        let found = self.look_at(&[row.room], Some(who)).await?;
        let last = found.into_iter().next().and_then(|line| line.last);
        Ok(RowFrame::of(&RoomRow { last, ..row.clone() }))
    }

    /// What the list shows of these rooms.
    async fn look_at(&self, rooms: &[RoomId], who: Option<&Who>) -> Result<Vec<RoomLine>> {
        let me = who.map(|who| who.person.id);
        let asked = Asked { sees: Sees::Whole, me, among: Some(rooms), live: &[], shut: &[], hushed: &[], after: None };
        let found = list_lines(self.store().read(), &asked, rooms.len() as u32).await?;
        Ok(found.into_iter().map(|(line, ..)| line).collect())
    }
}
