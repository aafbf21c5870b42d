//! Which admins are there: without one nobody else may come in (seed 000, 功能). It follows their
//! sockets at once; the grace of our own gates is not for it.

use crate::compat::door;
use crate::house::House;
use chat::Who;
use domain::{PersonId, SessionId};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
pub struct Duties(Mutex<HashMap<PersonId, Duty>>);

/// What an admin has taken on.
#[derive(Debug, Default)]
struct Duty {
    /// With their tokens, to learn whether they still stand.
    sessions: HashMap<SessionId, (Who, String)>,
    /// Logged in without naming a room, and without a socket since.
    everywhere: bool,
    rooms: HashSet<i64>,
    /// How many sockets are open in which room.
    open: HashMap<i64, usize>,
}

impl Duty {
    fn is_on(&self, room: Option<i64>) -> bool {
        self.everywhere || room.map_or(!self.rooms.is_empty(), |room| self.rooms.contains(&room))
    }
}

/// An admin's socket in a room; over when it is dropped.
#[derive(Debug)]
pub struct OnDuty {
    duties: Arc<Duties>,
    person: PersonId,
    room: i64,
}

impl Duties {
    /// An admin has logged in, for a room or for any.
    pub fn logged_in(&self, who: &Who, token: &str, room: Option<i64>) {
        let mut duties = self.lock();
        let duty = duties.entry(who.person.id).or_default();
        duty.sessions.insert(who.session, (who.clone(), token.to_owned()));
        match room {
            Some(room) => _ = duty.rooms.insert(room),
            None if duty.open.is_empty() => duty.everywhere = true,
            None => {}
        }
    }

    /// An admin's socket has opened.
    pub fn joined(self: &Arc<Self>, who: &Who, token: &str, room: i64) -> OnDuty {
        let mut duties = self.lock();
        let duty = duties.entry(who.person.id).or_default();
        duty.sessions.insert(who.session, (who.clone(), token.to_owned()));
        duty.everywhere = false;
        duty.rooms.insert(room);
        *duty.open.entry(room).or_default() += 1;
        drop(duties);
        OnDuty { duties: self.clone(), person: who.person.id, room }
    }

    /// A session has ended.
    pub fn logged_out(&self, who: &Who) {
        let mut duties = self.lock();
        if let Some(duty) = duties.get_mut(&who.person.id) {
            duty.sessions.remove(&who.session);
            if duty.sessions.is_empty() {
                duties.remove(&who.person.id);
            }
        }
    }

    /// Whether an admin is logged in for a room; with `None` for any. Nobody is for a room that there
    /// is not.
    pub async fn is_anybody_on(&self, house: &House, room: Option<i64>) -> bool {
        if room.is_some_and(|number| house.compat.webim.room(number).is_none()) {
            return false;
        }
        let sessions: Vec<(Who, String)> = {
            let duties = self.lock();
            let on = duties.values().filter(|duty| duty.is_on(room));
            on.flat_map(|duty| duty.sessions.values().cloned()).collect()
        };
        for (who, token) in sessions {
            if !door::still(house, super::SYSTEM, &who, &token).await {
                self.logged_out(&who);
            } else if runs(house, &who, room).await {
                return true;
            }
        }
        false
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PersonId, Duty>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether somebody is an admin of a room; with `None`, and for a room that there is not, of any.
pub async fn runs(house: &House, who: &Who, room: Option<i64>) -> bool {
    match room.and_then(|number| house.compat.webim.room(number)) {
        Some(room) => house.chat.host(Some(who), room.id).await.is_ok(),
        None => !super::people::hosts(house, who).await.is_empty(),
    }
}

impl Drop for OnDuty {
    fn drop(&mut self) {
        let mut duties = self.duties.lock();
        let Some(duty) = duties.get_mut(&self.person) else { return };
        let Some(open) = duty.open.get_mut(&self.room) else { return };
        *open -= 1;
        if *open == 0 {
            duty.open.remove(&self.room);
            duty.rooms.remove(&self.room);
        }
        if duty.rooms.is_empty() && !duty.everywhere {
            duties.remove(&self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::person::{Person, SiteRole};

    fn who(session: i64) -> Who {
        let person = Person::named(PersonId(1), "root", "Root");
        Who { person, role: SiteRole::Admin, session: SessionId(session), only: None }
    }

    fn is_on(duties: &Duties, room: Option<i64>) -> bool {
        duties.lock().values().any(|duty| duty.is_on(room))
    }

    #[test]
    fn an_admin_is_on_duty_from_login_to_the_last_socket() {
        let duties = Arc::new(Duties::default());
        duties.logged_in(&who(1), "t", None);
        assert!(is_on(&duties, Some(3)) && is_on(&duties, None), "no socket yet: every room");
        let first = duties.joined(&who(1), "t", 1);
        let second = duties.joined(&who(2), "u", 1);
        assert!(is_on(&duties, Some(1)) && !is_on(&duties, Some(3)));
        drop(first);
        assert!(is_on(&duties, Some(1)), "another socket of theirs is open");
        drop(second);
        assert!(!is_on(&duties, Some(1)) && !is_on(&duties, None));
    }

    #[test]
    fn a_login_for_a_room_counts_there_until_logout() {
        let duties = Arc::new(Duties::default());
        duties.logged_in(&who(1), "t", Some(2));
        let _elsewhere = duties.joined(&who(1), "t", 1);
        assert!(is_on(&duties, Some(2)) && is_on(&duties, Some(1)));
        duties.logged_out(&who(1));
        assert!(!is_on(&duties, Some(2)) && !is_on(&duties, Some(1)));
    }
}
