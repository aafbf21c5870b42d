//! The list of rooms, as each person sees it: in pages, and found by their names.

use crate::accounts::PAGE;
use crate::fold::fold;
use crate::pinyin;
use crate::store::ignored::list_hushed;
use crate::store::lines::{Asked, Sees, list_lines, list_names};
use crate::store::rooms;
use crate::{Chat, Result, Who};
use domain::RoomId;
use domain::gate::Opening;
use domain::member::Role;
use domain::person::SiteRole;
use domain::room::RoomLine;

/// Most rooms that are listed at once.
const LISTED: u32 = 500;
/// So much of what was typed is looked for, in characters.
const TYPED: usize = 80;

/// Where a page of the list ends: its last line's rank, time and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinesEnd {
    pub rank: i64,
    pub at: i64,
    pub id: i64,
}

/// Which part of the list.
#[derive(Clone, Debug, Default)]
pub struct LinesQuery {
    /// In the names, also by the sound of Chinese (`zbj` finds 直播间); empty for all.
    pub words: String,
    pub after: Option<LinesEnd>,
}

impl Chat {
    /// What this visitor may see, the first 500, in the order of [`Chat::lines_page`].
    pub async fn rooms(&self, who: Option<&Who>) -> Result<Vec<RoomLine>> {
        let found = self.lines(who, None, None, LISTED).await?;
        Ok(found.into_iter().map(|(line, _)| line).collect())
    }

    /// A page of the rooms that this visitor may see, and where the next one begins. Hidden rooms come
    /// last, archived ones before them; of each kind first the pinned ones, then those that somebody is
    /// in, then those with something unread, then those where something happened last.
    pub async fn lines_page(&self, who: Option<&Who>, query: &LinesQuery) -> Result<(Vec<RoomLine>, Option<LinesEnd>)> {
        let among = match query.words.trim() {
            "" => None,
            words => Some(self.rooms_called(who, words).await?),
        };
        let mut lines = self.lines(who, among.as_deref(), query.after, PAGE as u32 + 1).await?;
        let has_more = lines.len() > PAGE;
        lines.truncate(PAGE);
        let next = lines.last().filter(|_| has_more);
        let next = next.map(|(line, rank)| LinesEnd { rank: *rank, at: line.at, id: line.room.id.0 });
        Ok((lines.into_iter().map(|(line, _)| line).collect(), next))
    }

    async fn rooms_called(&self, who: Option<&Who>, words: &str) -> Result<Vec<RoomId>> {
        let typed: String = words.chars().take(TYPED).collect();
        let me = who.map(|who| who.person.id);
        let names = list_names(self.store().read(), sees(who), me).await?;
        Ok(names.into_iter().filter(|(_, name)| is_called(name, &typed)).map(|(id, _)| id).collect())
    }

    async fn lines(
        &self,
        who: Option<&Who>,
        among: Option<&[RoomId]>,
        after: Option<LinesEnd>,
        limit: u32,
    ) -> Result<Vec<(RoomLine, i64)>> {
        let (sees, me) = (sees(who), who.map(|who| who.person.id));
        let only = who.and_then(|who| who.only);
        let among = only.as_ref().map(std::slice::from_ref).or(among);
        let (live, shut) = (self.hub().live_rooms(), self.shut_rooms());
        let hushed = match me {
            Some(me) => list_hushed(self.store().read(), me).await?,
            None => Vec::new(),
        };
        let asked = Asked { sees, me, among, live: &live, shut: &shut, hushed: &hushed, after };
        let listed = list_lines(self.store().read(), &asked, limit).await?;
        let (mut lines, mut ranks) = (Vec::with_capacity(listed.len()), Vec::with_capacity(listed.len()));
        for (mut line, rule, rank) in listed {
            line.present = self.hub().count_present(line.room.id);
            if rule.opening != Opening::Always {
                line.phase = self.gate_state(line.room.id, rule).phase;
            }
            let is_inside = line.role == Some(Role::Host) || matches!(sees, Sees::All);
            if !line.phase.is_open() && !is_inside {
                line = self.seen_from_outside(line).await?;
            }
            lines.push(line);
            ranks.push(rank);
        }
        if let Some(who) = who {
            self.count_in(who, &mut lines).await?;
            self.add_drafts(who, &mut lines).await?;
            self.put_faces(who.person.id, lines.iter_mut().map(|line| &mut line.room)).await?;
        }
        Ok(lines.into_iter().zip(ranks).collect())
    }

    /// What somebody may know of a room that is shut for them.
    async fn seen_from_outside(&self, line: RoomLine) -> Result<RoomLine> {
        let cover = rooms::find_cover(self.store().read(), line.room.id).await?;
        Ok(RoomLine { last: None, unread: 0, mentions: 0, cover, ..line })
    }
}

fn sees(who: Option<&Who>) -> Sees {
    match who {
        None => Sees::Public,
        Some(who) if who.role == SiteRole::Admin => Sees::All,
        Some(who) => Sees::AsPerson(who.person.id),
    }
}

/// Whether a name has what was typed in it, whatever its case, width or characters; or, from some
/// character on, begins as it sounds.
fn is_called(name: &str, typed: &str) -> bool {
    let folded = |text: &str| -> Vec<char> { fold(text).iter().map(|folded| folded.is).collect() };
    let (letters, wanted) = (folded(name), folded(typed));
    if wanted.is_empty() {
        return name.contains(typed);
    }
    if letters.windows(wanted.len()).any(|window| window == wanted) {
        return true;
    }
    // Sounds are typed in letters.
    let is_sound = wanted.iter().all(char::is_ascii_alphanumeric);
    let sound: String = wanted.iter().collect();
    let from = |at: usize| letters.iter().skip(at).collect::<String>();
    is_sound && (0..letters.len()).any(|at| !letters[at].is_ascii() && pinyin::begins(&from(at), &sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_found_as_its_name_is_typed() {
        for typed in ["直播", "播间", "zbj", "zhibo", "bj", "ＺＢＪ", "LIVE", "ve-1", "直播间 live"] {
            assert!(is_called("直播间 live-1", typed), "{typed}");
        }
        for typed in ["间直", "zj", "ivf", "zbjx", "!"] {
            assert!(!is_called("直播间 live-1", typed), "{typed}");
        }
        assert!(is_called("討論 talk", "讨论") && is_called("What?!", "?!"));
    }
}
