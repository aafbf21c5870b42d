//! Fetching a file from an address that somebody typed, without becoming a door into the
//! network we stand in: every address is checked after its name was resolved, and the
//! connection goes to exactly the addresses that were checked.

use super::guard::Policy;
use crate::{Error, Result};
use bytes::{Bytes, BytesMut};
use domain::picture::MAX_BYTES;
use domain::problem::{AddressFault, PictureFault};
use domain::{Problem, Rule};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, Url, header, redirect};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

const MAX_REDIRECTS: usize = 3;
const CONNECT: Duration = Duration::from_secs(3);
/// For everything together, redirects and the body included.
const TOTAL: Duration = Duration::from_secs(10);
/// The same on this machine, in tests: ten megabytes may take long where others compile.
const TOTAL_LOOPBACK: Duration = Duration::from_secs(120);

pub(super) struct Fetch {
    policy: Policy,
    /// Made when it is first needed: it reads the machine's certificates.
    client: OnceCell<Client>,
}

impl Fetch {
    pub fn new(loopback: bool) -> Self {
        Self { policy: Policy { loopback, ..Policy::default() }, client: OnceCell::new() }
    }

    /// The body behind an address: http or https, ports 80 and 443, at most three
    /// redirects, ten seconds and [`MAX_BYTES`].
    pub async fn get(&self, url: &str) -> Result<Bytes> {
        let url = Url::parse(url.trim()).map_err(|_| refused(AddressFault::Shape))?;
        let client = self.client.get_or_try_init(|| async { guarded(self.policy, "pictures") }).await?;
        let whole = async { body(self.follow(client, url, None).await?).await };
        let answer = tokio::time::timeout(total(self.policy), whole).await;
        answer.map_err(|_| refused(AddressFault::NoAnswer))?
    }

    /// The first bytes behind an address, and where it leads after redirects; as [`Fetch::get`].
    pub async fn head(&self, url: &str, bytes: usize) -> Result<(String, Bytes)> {
        let url = Url::parse(url.trim()).map_err(|_| refused(AddressFault::Shape))?;
        let client = self.client.get_or_try_init(|| async { guarded(self.policy, "pictures") }).await?;
        let answer = tokio::time::timeout(total(self.policy), async {
            let response = self.follow(client, url, Some(bytes)).await?;
            let url = response.url().to_string();
            Ok((url, beginning(response, bytes).await?))
        });
        answer.await.map_err(|_| refused(AddressFault::NoAnswer))?
    }

    /// With `first`, so many bytes are asked for; a server may send more.
    async fn follow(&self, client: &Client, mut url: Url, first: Option<usize>) -> Result<Response> {
        for _ in 0..=MAX_REDIRECTS {
            self.policy.check_url(&url).map_err(refused)?;
            let mut request = client.get(url.clone());
            if let Some(first) = first {
                request = request.header(header::RANGE, format!("bytes=0-{}", first.saturating_sub(1)));
            }
            let response = request.send().await.map_err(|cause| why(&cause))?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            let next = location.and_then(|location| url.join(location).ok());
            url = next.ok_or_else(|| refused(AddressFault::NoAnswer))?;
        }
        Err(refused(AddressFault::TooManyRedirects))
    }
}

fn total(policy: Policy) -> Duration {
    if policy.loopback { TOTAL_LOOPBACK } else { TOTAL }
}

/// Resolves a name and lets it pass only if all its addresses may be connected to.
struct Guard(Policy);

#[derive(Debug, thiserror::Error)]
#[error("the name leads into a private network")]
struct LeadsInside;

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().all(|address| policy.allows(address.ip())) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(LeadsInside.into())
            }
        })
    }
}

/// A client for addresses that somebody else names. It connects only where the policy allows,
/// follows nothing, and says in its name what it is for.
///
/// # Errors
/// [`Problem::Unavailable`] where the machine's certificates cannot be read.
pub(crate) fn guarded(policy: Policy, purpose: &str) -> Result<Client> {
    // Already installed by somebody else is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .dns_resolver(Arc::new(Guard(policy)))
        // A proxy would resolve the name again, by itself.
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .timeout(total(policy))
        .pool_max_idle_per_host(0)
        .user_agent(format!("Salon/{} ({purpose})", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|cause| {
            tracing::error!(%cause, %purpose, "nothing can be sent to addresses");
            Problem::Unavailable.into()
        })
}

async fn body(mut response: Response) -> Result<Bytes> {
    if !response.status().is_success() {
        return Err(refused(AddressFault::NoAnswer));
    }
    if response.content_length().is_some_and(|length| length > MAX_BYTES) {
        return Err(too_large());
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|cause| why(&cause))? {
        if (bytes.len() + chunk.len()) as u64 > MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

async fn beginning(mut response: Response, most: usize) -> Result<Bytes> {
    if !response.status().is_success() {
        return Err(refused(AddressFault::NoAnswer));
    }
    let mut bytes = BytesMut::new();
    while bytes.len() < most {
        let Some(chunk) = response.chunk().await.map_err(|cause| why(&cause))? else { break };
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(most);
    Ok(bytes.freeze())
}

/// Whether nobody was asked because the name leads into a private network.
pub(crate) fn leads_inside(cause: &reqwest::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(cause);
    while let Some(cause) = source {
        if cause.is::<LeadsInside>() {
            return true;
        }
        source = cause.source();
    }
    false
}

fn why(cause: &reqwest::Error) -> Error {
    if leads_inside(cause) {
        return refused(AddressFault::Private);
    }
    tracing::debug!(%cause, "a picture's address does not answer");
    refused(AddressFault::NoAnswer)
}

fn refused(fault: AddressFault) -> Error {
    Problem::invalid("url", Rule::Address { fault }).into()
}

fn too_large() -> Error {
    Problem::invalid("url", Rule::Picture { fault: PictureFault::TooManyBytes }).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let fetched = Fetch::new(false).get("http://localhost/x.png").await.map_err(Error::into_problem);
        assert_eq!(fetched, Err(Problem::invalid("url", Rule::Address { fault: AddressFault::Private })));
    }
}
