//! Notices for people who look elsewhere: told to their open tabs, and pushed to their devices
//! (RFC 8030) without anybody's gateway between: with keys of our own, sealed for the device.

mod courier;
mod key;
mod notices;
mod seal;

pub(crate) use courier::Courier;

use crate::store::push as rows;
use crate::{Chat, Problem, Result, Rule, Thing, Who};
use domain::SubscriptionId;
use domain::push::{NewSubscription, NoticeRule, Subscription};
use seal::Device;
use sha2::{Digest, Sha256};

impl Chat {
    /// Where people of push services can complain: the site's own address. The first one stays.
    pub fn set_contact(&self, address: &str) {
        let _ = self.0.courier.contact.set(address.to_owned());
    }

    /// What browsers subscribe with, in base64url. The first time, it is made.
    pub async fn push_key(&self) -> Result<String> {
        Ok(self.0.courier.key(self).await?.public())
    }

    /// From now on notices are pushed to this device. It ends with the session.
    ///
    /// # Errors
    /// [`Problem::Invalid`] of `endpoint`, `p256dh` or `auth`.
    pub async fn subscribe(&self, who: &Who, new: NewSubscription) -> Result<()> {
        new.check()?;
        if !self.0.courier.allows(&new.endpoint) {
            return Err(Problem::invalid("endpoint", Rule::Shape).into());
        }
        if Device::parse(&new.p256dh, &new.auth).is_none() {
            return Err(Problem::invalid("p256dh", Rule::Shape).into());
        }
        let hash: String = Sha256::digest(&new.endpoint).iter().map(|byte| format!("{byte:02x}")).collect();
        let (session, person) = (who.session, who.person.id);
        let write = self.store().write(move |tx| {
            Box::pin(async move { Ok(rows::put(tx.db(), (session, person), new, hash, tx.now()).await?) })
        });
        // The session may have ended a moment ago.
        if !write.await? {
            return Err(Problem::SignInNeeded.into());
        }
        self.hub().want_said();
        Ok(())
    }

    /// The person's devices that notices are pushed to, the newest first.
    pub async fn subscriptions(&self, who: &Who) -> Result<Vec<Subscription>> {
        Ok(rows::list_of_person(self.store().read(), who.person.id, who.session).await?)
    }

    /// Pushes no more to one of the person's devices.
    ///
    /// # Errors
    /// [`Problem::NotFound`] also for the devices of others.
    pub async fn unsubscribe(&self, who: &Who, id: SubscriptionId) -> Result<()> {
        let person = who.person.id;
        let write = self.store().write(move |tx| Box::pin(async move { Ok(rows::remove(tx.db(), person, id).await?) }));
        if write.await? { Ok(()) } else { Err(Problem::not_found(Thing::Session).into()) }
    }

    /// When this person wants no notices.
    pub async fn notice_rule(&self, who: &Who) -> Result<NoticeRule> {
        Ok(rows::find_rule(self.store().read(), who.person.id).await?)
    }

    pub async fn change_notice_rule(&self, who: &Who, rule: NoticeRule) -> Result<()> {
        let person = who.person.id;
        let write =
            self.store().write(move |tx| Box::pin(async move { Ok(rows::put_rule(tx.db(), person, rule).await?) }));
        write.await
    }
}

/// Has notices sent until the house is closed or dropped.
pub(crate) async fn start(chat: &Chat) -> Result<()> {
    if rows::has_any(chat.store().read()).await? {
        chat.hub().want_said();
    }
    notices::start(chat);
    Ok(())
}
