//! `salon migrate`.

use super::{Outcome, options};
use crate::settings::Store;
use chat::{Chat, Options};

pub async fn migrate(store: &Store) -> Outcome {
    let chat = Chat::open(Options { migrate: true, ..options(store) }).await?;
    chat.close().await;
    println!("The store is of this program's version.");
    Ok(())
}
