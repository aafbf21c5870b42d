//! `salon serve`: opens the doors, and closes them properly.

use super::{Failure, Outcome, options};
use crate::accept::{self, Caps};
use crate::gate::limits::Allowance;
use crate::gate::origin::Origins;
use crate::house::House;
use crate::pages::Site;
use crate::settings::Serve;
use crate::{compat, echo, memory, observe, router};
use app::calls::settings::ServerSettings;
use chat::{Chat, Claim, Identity, Limits, MailOptions, Options, Quotas};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Over how long pages are asked to come back after a restart.
const RETURN_SPREAD_MS: u64 = 5_000;
/// How long requests and sockets may take to finish.
const FINISH_TIME: Duration = Duration::from_secs(22);
/// How long a server that is closing may still serve from the store.
const HANDOVER: Duration = Duration::from_secs(30);
/// How long the store may take to finish what it has promised.
const STORE_TIME: Duration = Duration::from_secs(6);

pub async fn serve(settings: Serve) -> Outcome {
    observe::log(settings.log);
    // Leptos spawns through this; a second start in one process finds it done.
    let _ = any_spawner::Executor::init_tokio();
    let mut site = Site::find(settings.site.clone())?;
    site.has_worker = !settings.no_worker;
    if !site.is_built() {
        tracing::warn!(site = %site.root.display(), "the page is not built: there is no pkg folder; see --site");
    }
    let listener = listen(settings.listen).await?;
    let address = listener.local_addr()?;
    let origins = origins(&settings.origins, address)?;
    let store = &settings.store;
    let _claim = Claim::take(&store.data, store.database.as_deref(), HANDOVER).await?;
    let chat = open_limited(&settings).await?;
    let allowance = if settings.unlimited { Allowance::unlimited() } else { Allowance::default() };
    settings.old.check().map_err(Failure::Words)?;
    let (proxies, old) = (settings.trusted_proxies.clone(), settings.old.clone());
    let house = House::with(chat.clone(), site, origins, proxies, allowance, old);
    let _ = house.settings.set(ServerSettings(settings.told.clone().into()));
    chat.set_contact(&house.origin);
    // Made at the first start, so that it is in every backup.
    chat.push_key().await?;
    metrics(&settings, &house).await?;
    let caps = Caps {
        total: settings.max_connections,
        per_address: settings.max_connections_per_address,
        exempt: house.proxies.clone(),
    };
    echo(&settings, &house, &caps).await?;
    old_protocols(&house, &caps).await?;
    let doors = tokio::spawn(accept::serve(listener, router::doors(house.clone()), caps, house.shutdown.clone()));
    tokio::spawn(memory::tend(house.clone()));
    announce(&house).await?;
    told_to_stop().await?;
    close(&house).await;
    // It has returned, or failed and said so; either way nothing is left to wait for.
    let _ = doors.await;
    Ok(())
}

async fn open_limited(settings: &Serve) -> Result<Chat, Failure> {
    let limits = if settings.unlimited { Limits::none() } else { Limits::default() };
    if settings.unlimited {
        tracing::warn!("--unlimited: anybody may try as many passwords as they like");
    }
    let registration = settings.register.into();
    // What is for tests on one machine may also fetch from it.
    let fetch_private = settings.unlimited;
    let quotas = Quotas { file: settings.file_limit, person: settings.person_quota, site: settings.site_quota };
    let (migrate, identity) = (settings.migrate, identity(settings));
    let before_send = settings.before.site().map_err(Failure::Words)?;
    let options = options(&settings.store);
    let options = Options { migrate, registration, quotas, identity, before_send, fetch_private, ..options };
    Ok(Chat::open_with(options, limits).await?)
}

/// How people are known, and what is said about mail that reaches nobody.
fn identity(settings: &Serve) -> Identity {
    if settings.smtp.is_none() {
        let folder = settings.store.data.join("mail");
        tracing::warn!(folder = %folder.display(), "no mail server (--smtp): mails become files and reach nobody");
    }
    let mail = MailOptions { server: settings.smtp.clone(), from: settings.mail_from.clone() };
    let (codes, second) = (settings.email_codes.into(), settings.second_sign_in.into());
    Identity { codes, second, replace_admins: settings.replace_admins, mail }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    let cannot = |cause| Failure::Words(format!("cannot listen on {address}: {cause}"));
    TcpListener::bind(address).await.map_err(cannot)
}

fn origins(given: &[String], listening: SocketAddr) -> Result<Origins, Failure> {
    if !given.is_empty() {
        return Origins::parse(given).map_err(Failure::Words);
    }
    if listening.ip().is_unspecified() {
        tracing::warn!("listening everywhere without --origin: browsers are refused until it names their address");
    }
    Ok(Origins::of_listener(listening))
}

async fn metrics(settings: &Serve, house: &House) -> Outcome {
    let Some(address) = settings.metrics else { return Ok(()) };
    let Some(handle) = observe::metrics() else { return Ok(()) };
    let listener = listen(address).await?;
    let caps = Caps { total: 100, per_address: 100, exempt: house.proxies.clone() };
    let router = observe::metrics_router(handle, house.clone());
    tokio::spawn(accept::serve(listener, router, caps, house.shutdown.beside()));
    Ok(())
}

async fn echo(settings: &Serve, house: &House, caps: &Caps) -> Outcome {
    let Some(address) = settings.echo else { return Ok(()) };
    let listener = listen(address).await?;
    println!("Echo listens on {}", listener.local_addr()?);
    tokio::spawn(accept::serve(listener, echo::router(), caps.clone(), house.shutdown.beside()));
    Ok(())
}

/// Makes their rooms, and listens where one has a port of its own.
async fn old_protocols(house: &House, caps: &Caps) -> Outcome {
    let options = &house.compat.options;
    for facade in options.all() {
        facade.open(house).await?;
    }
    for (facade, address) in &options.compat_listen {
        let listener = listen(*address).await?;
        println!("The old protocol {} listens on {}", facade.name(), listener.local_addr()?);
        tokio::spawn(accept::serve(listener, compat::alone(*facade, house), caps.clone(), house.shutdown.clone()));
    }
    Ok(())
}

/// On standard output, apart from the log. That it listens is said last: scripts wait for it
/// and have then read the rest.
async fn announce(house: &House) -> Outcome {
    let address = house.origins.first();
    if let Some(token) = house.chat.setup_token().await? {
        println!("Create the administrator at {address}/setup/{token}");
    }
    println!("Salon listens on {address}");
    Ok(())
}

async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("closing");
    Ok(())
}

/// Nobody new, everybody told, everything promised finished: within 30 seconds.
async fn close(house: &House) {
    let shutdown = &house.shutdown;
    shutdown.announce();
    shutdown.doors.cancel();
    house.chat.hub().drain(RETURN_SPREAD_MS);
    shutdown.tasks.close();
    if tokio::time::timeout(FINISH_TIME, shutdown.tasks.wait()).await.is_err() {
        tracing::warn!(open = shutdown.tasks.len(), "some connections did not finish in time");
    }
    if tokio::time::timeout(STORE_TIME, house.chat.close()).await.is_err() {
        tracing::error!("the store did not close in time");
    }
    tracing::info!("closed");
}
