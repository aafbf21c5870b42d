//! How often somebody may do something: token buckets on monotonic time, by person or by
//! the network an address is in. The figures are those of a small site; see [`Limits::none`]
//! for tests of other things.

use crate::{Problem, Result, RoomHost};
use domain::{PersonId, RoomId};
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota};
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// All limits of the house. State is kept in this process.
pub struct Limits {
    sign_in_network: Bucket<Network>,
    /// From one network to one name.
    sign_in_name: Bucket<(String, Network)>,
    /// To one name from networks where it was never signed in.
    sign_in_strange: Bucket<String>,
    register: Bucket<Network>,
    register_day: Bucket<Network>,
    post: Bucket<PersonId>,
    post_room: Bucket<RoomId>,
    upload: Bucket<PersonId>,
    invite: Bucket<PersonId>,
    join: Bucket<PersonId>,
    password: Bucket<PersonId>,
    search: Bucket<Network>,
    mail: Bucket<String>,
    mail_day: Bucket<String>,
    mail_network: Bucket<Network>,
    react: Bucket<PersonId>,
    complete: Bucket<PersonId>,
    link: Bucket<PersonId>,
    replay: Bucket<PersonId>,
    test_mail: Bucket<PersonId>,
}

/// Addresses that count as one: a /24 of IPv4, a /64 of IPv6, which one customer often has
/// for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & !0xff)),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_network: Bucket::of(10, MINUTE / 10),
            sign_in_name: Bucket::of(5, 6 * MINUTE),
            sign_in_strange: Bucket::of(20, 3 * MINUTE),
            register: Bucket::of(3, 6 * SECOND),
            register_day: Bucket::of(10, DAY / 10),
            post: Bucket::of(60, SECOND),
            post_room: Bucket::of(200, SECOND / 50),
            upload: Bucket::of(50, Duration::from_millis(1_200)),
            invite: Bucket::of(10, Duration::from_millis(3_333)),
            join: Bucket::of(10, 10 * SECOND),
            password: Bucket::of(5, 6 * MINUTE),
            search: Bucket::of(30, SECOND),
            mail: Bucket::of(3, 10 * MINUTE),
            mail_day: Bucket::of(20, DAY / 20),
            mail_network: Bucket::of(20, 3 * MINUTE),
            react: Bucket::of(30, SECOND),
            complete: Bucket::of(60, SECOND / 5),
            link: Bucket::of(300, SECOND / 10),
            replay: Bucket::of(30, 2 * SECOND),
            test_mail: Bucket::of(5, 30 * SECOND),
        }
    }
}

impl Limits {
    /// Nothing is limited: for tests and demonstrations on one machine.
    pub fn none() -> Self {
        Self {
            sign_in_network: Bucket(None),
            sign_in_name: Bucket(None),
            sign_in_strange: Bucket(None),
            register: Bucket(None),
            register_day: Bucket(None),
            post: Bucket(None),
            post_room: Bucket(None),
            upload: Bucket(None),
            invite: Bucket(None),
            join: Bucket(None),
            password: Bucket(None),
            search: Bucket(None),
            mail: Bucket(None),
            mail_day: Bucket(None),
            mail_network: Bucket(None),
            react: Bucket(None),
            complete: Bucket(None),
            link: Bucket(None),
            replay: Bucket(None),
            test_mail: Bucket(None),
        }
    }

    /// One attempt to sign in as `name_key`. `known` says that this person has been signed
    /// in from this address before: others who try their name cannot keep them out.
    pub(crate) fn sign_in(&self, name_key: &str, address: IpAddr, known: bool) -> Result<()> {
        let network = Network::from(address);
        self.sign_in_network.take(&network)?;
        self.sign_in_name.take(&(name_key.to_owned(), network))?;
        if known { Ok(()) } else { self.sign_in_strange.take(&name_key.to_owned()) }
    }

    pub(crate) fn register(&self, address: IpAddr) -> Result<()> {
        let network = Network::from(address);
        self.register.take(&network)?;
        self.register_day.take(&network)
    }

    pub(crate) fn post(&self, person: PersonId, room: RoomId) -> Result<()> {
        self.post.take(&person)?;
        self.post_room.take(&room)
    }

    /// One picture, from a file or an address.
    pub(crate) fn upload(&self, person: PersonId) -> Result<()> {
        self.upload.take(&person)
    }

    pub(crate) fn invite(&self, person: PersonId) -> Result<()> {
        self.invite.take(&person)
    }

    /// One room by a link.
    pub(crate) fn join(&self, person: PersonId) -> Result<()> {
        self.join.take(&person)
    }

    /// One try of the old password when changing it.
    pub(crate) fn password(&self, person: PersonId) -> Result<()> {
        self.password.take(&person)
    }

    pub(crate) fn search(&self, address: IpAddr) -> Result<()> {
        self.search.take(&Network::from(address))
    }

    /// One mail to an address, whether anybody here has it or not.
    pub(crate) fn mail(&self, email_key: &str, address: IpAddr) -> Result<()> {
        self.mail_network.take(&Network::from(address))?;
        self.mail.take(&email_key.to_owned())?;
        self.mail_day.take(&email_key.to_owned())
    }

    /// One reaction, or one message hidden; or taken back.
    pub(crate) fn react(&self, person: PersonId) -> Result<()> {
        self.react.take(&person)
    }

    /// One beginning of a name that is to be completed.
    pub(crate) fn complete(&self, person: PersonId) -> Result<()> {
        self.complete.take(&person)
    }

    /// One thing that another system puts beside its rooms, or changes there.
    pub(crate) fn link(&self, hosts: &[RoomHost]) -> Result<()> {
        hosts.first().map_or(Ok(()), |host| self.link.take(&host.who().person.id))
    }

    /// One thing that is sent to a webhook once more, or to test it.
    pub(crate) fn replay(&self, host: &RoomHost) -> Result<()> {
        self.replay.take(&host.who().person.id)
    }

    /// One mail that an administrator sends to see whether mail works.
    pub(crate) fn test_mail(&self, person: PersonId) -> Result<()> {
        self.test_mail.take(&person)
    }

    /// Forgets those who have not done anything for so long that they start afresh anyway.
    pub(crate) fn tidy(&self) {
        self.sign_in_network.tidy();
        self.sign_in_name.tidy();
        self.sign_in_strange.tidy();
        self.register.tidy();
        self.register_day.tidy();
        self.post.tidy();
        self.post_room.tidy();
        self.upload.tidy();
        self.invite.tidy();
        self.join.tidy();
        self.password.tidy();
        self.mail.tidy();
        self.mail_day.tidy();
        self.mail_network.tidy();
        self.search.tidy();
        self.react.tidy();
        self.complete.tidy();
        self.link.tidy();
        self.replay.tidy();
        self.test_mail.tidy();
    }
}

/// A bucket per key; `None` never empties.
struct Bucket<K: Clone + Hash + Eq>(Option<DefaultKeyedRateLimiter<K>>);

impl<K: Clone + Hash + Eq> Bucket<K> {
    /// `burst` at once, then one every `every`.
    fn of(burst: u32, every: Duration) -> Self {
        let quota = Quota::with_period(every).zip(NonZeroU32::new(burst));
        Self(quota.map(|(quota, burst)| DefaultKeyedRateLimiter::keyed(quota.allow_burst(burst))))
    }

    fn take(&self, key: &K) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(limiter.clock().now());
            // Rounded up: who waits exactly so long gets in.
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
            Problem::TooFast { wait_ms }.into()
        })
    }

    fn tidy(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn waits(result: Result<()>) -> u64 {
        match result {
            Err(Error::Problem(Problem::TooFast { wait_ms })) => wait_ms,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_burst_passes_and_then_waits() {
        let limits = Limits::default();
        for _ in 0..60 {
            limits.post(PersonId(1), RoomId(1)).unwrap();
        }
        let wait = waits(limits.post(PersonId(1), RoomId(1)));
        assert!((1..=1_001).contains(&wait), "{wait}");
        limits.post(PersonId(2), RoomId(1)).unwrap();
    }

    #[test]
    fn a_network_counts_as_one() {
        let limits = Limits::default();
        for last in ["1", "2", "3"] {
            limits.register(address(&format!("192.0.2.{last}"))).unwrap();
        }
        waits(limits.register(address("::ffff:192.0.2.4")));
        limits.register(address("198.51.100.1")).unwrap();
        for last in ["1", "2", "3"] {
            limits.register(address(&format!("2001:db8::{last}"))).unwrap();
        }
        waits(limits.register(address("2001:db8::dead:beef")));
        limits.register(address("2001:db8:0:1::1")).unwrap();
    }

    #[test]
    fn strangers_cannot_keep_somebody_out_where_they_are_known() {
        let limits = Limits::default();
        for i in 0..20 {
            limits.sign_in("ana", address(&format!("10.0.{i}.1")), false).unwrap();
        }
        assert!(waits(limits.sign_in("ana", address("10.0.99.1"), false)) > 60_000);
        limits.sign_in("ana", address("192.0.2.7"), true).unwrap();
    }

    #[test]
    fn housekeeping_does_not_forgive() {
        let limits = Limits::default();
        for _ in 0..3 {
            limits.register(address("192.0.2.1")).unwrap();
        }
        limits.tidy();
        waits(limits.register(address("192.0.2.1")));
        for _ in 0..1_000 {
            Limits::none().register(address("192.0.2.1")).unwrap();
        }
    }
}
