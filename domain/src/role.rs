//! Who may do what: one table. `chat::access` asks it, and nothing else decides.

use crate::member::Role;
use crate::person::SiteRole;
use crate::room::{Room, Visibility};
use crate::{Problem, Thing};

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// On the site; `None` for guests.
    pub site: Option<SiteRole>,
    /// In the room that it is about; `None` for those who do not belong to it.
    pub room: Option<Role>,
}

/// What can be allowed. A line of the table each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See and hear what is in a room.
    Read,
    /// Be in a room that its gate keeps shut.
    PassGate,
    /// Say something; whoever is no member becomes one by that.
    TakePart,
    /// Hang, describe, order and remove pictures.
    ArrangeWall,
    /// Change a room's words, its gate and its members, archive it and bring it back.
    Run,
    /// Mute, remove and ban people, recall what they said, and say what one likes oneself.
    Moderate,
    /// Make links that let people into a room.
    Invite,
    /// Make somebody else host in one's own place.
    HandOver,
    /// People, rooms and the system of the whole site.
    ManageSite,
}

/// In which rooms: each line of these includes the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    None,
    Public,
    Open,
    All,
}
use Reach::{All, None as No, Open, Public};

struct Line {
    action: Action,
    guest: Reach,
    stranger: Reach,
    member: Reach,
    host: Reach,
    /// Of the site, besides what they are in the room.
    admin: Reach,
    /// Whether archived rooms allow it too.
    archived: bool,
}

#[rustfmt::skip]
const TABLE: [Line; 9] = [
    Line { action: Action::Read,        guest: Public, stranger: Open, member: All, host: All, admin: All, archived: true },
    Line { action: Action::PassGate,    guest: No,     stranger: No,   member: No,  host: All, admin: All, archived: true },
    Line { action: Action::TakePart,    guest: No,     stranger: Open, member: All, host: All, admin: All, archived: false },
    Line { action: Action::ArrangeWall, guest: No,     stranger: No,   member: No,  host: All, admin: All, archived: false },
    Line { action: Action::Run,         guest: No,     stranger: No,   member: No,  host: All, admin: All, archived: true },
    Line { action: Action::Moderate,    guest: No,     stranger: No,   member: No,  host: All, admin: All, archived: true },
    Line { action: Action::Invite,      guest: No,     stranger: No,   member: No,  host: All, admin: All, archived: false },
    Line { action: Action::HandOver,    guest: No,     stranger: No,   member: No,  host: All, admin: No,  archived: true },
    Line { action: Action::ManageSite,  guest: No,     stranger: No,   member: No,  host: No,  admin: All, archived: true },
];

/// # Errors
/// [`Problem::NotFound`] if they may not even read the room: nobody learns that it is there.
/// Else [`Problem::SignInNeeded`] for guests and [`Problem::NotAllowed`] for others.
pub fn may(action: Action, standing: Standing, room: &Room) -> Result<(), Problem> {
    if is_allowed(action, standing, room) {
        Ok(())
    } else if !is_allowed(Action::Read, standing, room) {
        Err(Problem::not_found(Thing::Room))
    } else {
        Err(refusal(standing))
    }
}

/// [`Action::ManageSite`], which is about no room.
///
/// # Errors
/// [`Problem::SignInNeeded`] for guests and [`Problem::NotAllowed`] for others.
pub fn may_on_site(site: Option<SiteRole>) -> Result<(), Problem> {
    let standing = Standing { site, room: None };
    if reach(Action::ManageSite, standing, true) == All { Ok(()) } else { Err(refusal(standing)) }
}

fn refusal(standing: Standing) -> Problem {
    if standing.site.is_none() { Problem::SignInNeeded } else { Problem::NotAllowed }
}

fn is_allowed(action: Action, standing: Standing, room: &Room) -> bool {
    let needed = match room.visibility {
        Visibility::Public => Public,
        Visibility::Open => Open,
        Visibility::Private | Visibility::Direct => All,
    };
    // Whoever runs the site is nobody in particular there.
    let as_admin = room.visibility != Visibility::Direct;
    let lives = !room.archived || TABLE.iter().any(|line| line.action == action && line.archived);
    lives && reach(action, standing, as_admin) >= needed
}

/// The farthest of what they are; administrators only where that counts.
fn reach(action: Action, Standing { site, room }: Standing, as_admin: bool) -> Reach {
    let Some(line) = TABLE.iter().find(|line| line.action == action) else { return No };
    let in_room = match (site, room) {
        (None, _) => return line.guest,
        (Some(_), None) => line.stranger,
        (Some(_), Some(Role::Member)) => line.member,
        (Some(_), Some(Role::Host)) => line.host,
    };
    if as_admin && site == Some(SiteRole::Admin) { in_room.max(line.admin) } else { in_room }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_line_once() {
        let actions = [
            Action::Read,
            Action::PassGate,
            Action::TakePart,
            Action::ArrangeWall,
            Action::Run,
            Action::Moderate,
            Action::Invite,
            Action::HandOver,
            Action::ManageSite,
        ];
        let lines: Vec<Action> = TABLE.iter().map(|line| line.action).collect();
        assert_eq!(lines, actions);
    }

    #[test]
    fn a_private_chat_is_nobody_elses() {
        let room = Room {
            id: crate::RoomId(1),
            slug: "@bo".to_owned(),
            title: "Bo".to_owned(),
            about: String::new(),
            visibility: Visibility::Direct,
            archived: false,
            created_at: 0,
        };
        let standing = |site, room| Standing { site, room };
        for site in [SiteRole::Member, SiteRole::Admin] {
            let (outside, inside) = (standing(Some(site), None), standing(Some(site), Some(Role::Member)));
            for line in &TABLE {
                assert_eq!(may(line.action, outside, &room), Err(Problem::not_found(Thing::Room)), "{:?}", line.action);
                let allowed = matches!(line.action, Action::Read | Action::TakePart);
                assert_eq!(may(line.action, inside, &room).is_ok(), allowed, "{:?}", line.action);
            }
        }
        assert!(may(Action::Read, standing(None, None), &room).is_err());
    }

    /// Whoever is more may more, but for what only hosts hand on.
    #[test]
    fn a_higher_standing_never_takes_a_right_away() {
        for line in TABLE {
            assert!(line.guest <= line.stranger && line.stranger <= line.member && line.member <= line.host);
            assert!(line.action == Action::HandOver || line.host <= line.admin, "{:?}", line.action);
        }
    }
}
