//! Keys with which other sites' servers and programs come in. A key is shown once; its hash is kept.

use crate::sessions::{MAX_TOKEN, new_token, token_hash};
use crate::store::api_keys as rows;
use crate::store::entities::api_key;
use crate::store::fault::OnUnique;
use crate::{Chat, Problem, Result, Rule, Thing};
use domain::{PersonId, text};

/// That a key is in use is noted at most so often.
const TOUCH_MS: i64 = 60_000;
/// So that a key is recognised for what it is, by people and by programs that look for secrets.
const PREFIX: &str = "salon_";

/// A key as it is listed, and as the bearer of one is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Whose it is: 1 to 32 of `a–z 0–9 -`.
    pub name: String,
    /// In whose name it acts; `None` for one that only lets people of another system in.
    pub acts_as: Option<PersonId>,
    /// What it may do.
    pub scopes: Vec<String>,
    pub created_at: i64,
    /// 0 for never.
    pub used_at: i64,
}

impl ApiKey {
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}

impl From<api_key::Model> for ApiKey {
    fn from(row: api_key::Model) -> Self {
        let scopes = row.scopes.split_whitespace().map(str::to_owned).collect();
        let acts_as = row.person_id.map(PersonId);
        Self { name: row.name, acts_as, scopes, created_at: row.created_at, used_at: row.used_at }
    }
}

impl Chat {
    /// Makes a key; it is returned this once. It may do what its scopes allow of what the person
    /// may in whose name it acts.
    ///
    /// # Errors
    /// [`Problem::Taken`] if there is one of this name; [`Problem::Invalid`].
    pub async fn add_key(&self, name: &str, acts_as: Option<PersonId>, scopes: &[&str]) -> Result<String> {
        let name = parse_name(name)?;
        let (token, scopes) = (new_key(), scopes.join(" "));
        let hash = token_hash(&token);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let created = rows::create_key(tx.db(), &name, acts_as, &hash, &scopes, tx.now()).await;
                created.on_unique("api_key_name", Problem::Taken { thing: Thing::Key })
            })
        });
        write.await?;
        Ok(token)
    }

    /// Gives a key a new secret; the old one is useless when this returns.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn rotate_key(&self, name: &str) -> Result<String> {
        let token = new_key();
        let (name, hash) = (name.to_owned(), token_hash(&token));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let changed = rows::change_hash(tx.db(), &name, &hash).await?;
                changed.then_some(()).ok_or(Problem::not_found(Thing::Key).into())
            })
        });
        write.await?;
        Ok(token)
    }

    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn remove_key(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let gone = rows::remove_key(tx.db(), &name).await?;
                gone.then_some(()).ok_or(Problem::not_found(Thing::Key).into())
            })
        });
        write.await
    }

    /// All of them, by name.
    pub async fn keys(&self) -> Result<Vec<ApiKey>> {
        Ok(rows::list_keys(self.store().read()).await?.into_iter().map(ApiKey::from).collect())
    }

    /// Whose key this is; `None` for one that was revoked or never was.
    pub async fn key(&self, token: &str) -> Result<Option<ApiKey>> {
        if !token.starts_with(PREFIX) || token.len() > MAX_TOKEN {
            return Ok(None);
        }
        let Some(row) = rows::find_key(self.store().read(), &token_hash(token)).await? else { return Ok(None) };
        let (id, now) = (row.id, self.now());
        if now - row.used_at >= TOUCH_MS {
            let write =
                self.store().write(move |tx| Box::pin(async move { Ok(rows::change_used(tx.db(), id, now).await?) }));
            if let Err(cause) = write.await {
                tracing::warn!(%cause, "the use of a key was not noted");
            }
        }
        Ok(Some(row.into()))
    }
}

fn new_key() -> String {
    format!("{PREFIX}{}", new_token().0)
}

fn parse_name(name: &str) -> Result<String> {
    let name = text::line("name", name, 1, 32)?;
    let fits = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if fits { Ok(name) } else { Err(Problem::invalid("name", Rule::Shape).into()) }
}
