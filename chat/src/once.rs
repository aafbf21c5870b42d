//! Requests that are to be done once, however often they come: a program that got no answer sends the
//! same again, and gets the answer of the first time. Remembered for a day.

use crate::sessions::token_hash;
use crate::store::fault::OnUnique;
use crate::store::once as rows;
use crate::{Chat, Problem, Result, Thing};

/// For so long an answer is given again.
pub(crate) const REMEMBERED_MS: i64 = 86_400_000;
/// A request that is not answered for so long was cut off with the process that did it: it is done
/// anew.
const GIVEN_UP_MS: i64 = 60_000;

/// What is to be done about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// Do it, then [`Chat::finish_once`].
    New,
    /// It was done: this was the answer.
    Done { status: u16, answer: String },
    /// It is being done at the moment.
    Running,
    /// Something else was asked under this name.
    Different,
}

impl Chat {
    /// Begins a request. `name`: who asks, and what they call it; `request`: what they ask. Of both
    /// only hashes are kept.
    pub async fn begin_once(&self, name: &str, request: &str) -> Result<Once> {
        let (name, request) = (token_hash(name), token_hash(request));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let now = tx.now();
                let Some(row) = rows::find_once(tx.db(), &name).await?.filter(|row| row.at > now - REMEMBERED_MS)
                else {
                    rows::remove_once(tx.db(), &name).await?;
                    let created = rows::create_once(tx.db(), &name, &request, now).await;
                    created.on_unique("once_name", Problem::Taken { thing: Thing::Message })?;
                    return Ok(Once::New);
                };
                if row.request != request {
                    return Ok(Once::Different);
                }
                if row.status > 0 {
                    let status = u16::try_from(row.status).unwrap_or_default();
                    return Ok(Once::Done { status, answer: row.answer });
                }
                if row.at > now - GIVEN_UP_MS {
                    return Ok(Once::Running);
                }
                rows::change_at(tx.db(), &name, now).await?;
                Ok(Once::New)
            })
        });
        match write.await.map_err(crate::Error::into_problem) {
            // On PostgreSQL the same request came a moment earlier.
            Err(Problem::Taken { .. }) => Ok(Once::Running),
            once => Ok(once?),
        }
    }

    /// Keeps the answer to a request that was begun; `None`: it came to nothing, and may be done anew.
    pub async fn finish_once(&self, name: &str, answer: Option<(u16, &str)>) -> Result<()> {
        let (name, answer) = (token_hash(name), answer.map(|(status, answer)| (status, answer.to_owned())));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                match answer {
                    Some((status, answer)) => rows::change_answer(tx.db(), &name, status, &answer).await?,
                    None => rows::remove_once(tx.db(), &name).await?,
                }
                Ok(())
            })
        });
        write.await
    }
}
