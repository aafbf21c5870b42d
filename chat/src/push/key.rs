//! The house's own key, by which push services know it (VAPID, RFC 8292). Made once and
//! kept in the store: subscriptions are bound to it.

use crate::store::push as rows;
use crate::{Chat, Error, Problem, Result};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;

/// How long a service may take a token; at most a day.
const TOKEN_S: i64 = 12 * 3_600;

/// Signs what goes to push services.
pub(crate) struct PushKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl PushKey {
    /// The house's key; the first time, a new one.
    pub async fn open(chat: &Chat) -> Result<Self> {
        if let Some(kept) = rows::find_key(chat.store().read()).await? {
            return Self::parse(&kept);
        }
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let made = STANDARD_NO_PAD.encode(made.map_err(|_| broken())?.as_ref());
        // Another server on the same store may have been faster: its key is the one.
        let kept = chat.store().write(move |tx| {
            Box::pin(async move {
                rows::create_key(tx.db(), made, tx.now()).await?;
                Ok(rows::find_key(tx.db()).await?)
            })
        });
        Self::parse(&kept.await?.ok_or_else(broken)?)
    }

    fn parse(pkcs8: &str) -> Result<Self> {
        let pkcs8 = STANDARD_NO_PAD.decode(pkcs8).map_err(|_| broken())?;
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &random);
        Ok(Self { pair: pair.map_err(|_| broken())?, random })
    }

    /// What browsers subscribe with, in base64url.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref())
    }

    /// The value of `Authorization` for a push service. `now` in milliseconds; `contact` is where its
    /// people can complain.
    pub fn authorize(&self, service: &str, now: i64, contact: Option<&str>) -> Result<String> {
        let mut claims = json!({ "aud": service, "exp": now / 1_000 + TOKEN_S });
        if let Some(contact) = contact {
            claims["sub"] = contact.into();
        }
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let text = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.pair.sign(&self.random, text.as_bytes()).map_err(|_| broken())?;
        Ok(format!("vapid t={text}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.as_ref()), self.public()))
    }
}

fn broken() -> Error {
    tracing::error!("the key for push services cannot be made or read");
    Problem::Unavailable.into()
}
