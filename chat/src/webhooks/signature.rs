//! How a receiver knows that what comes is from here, and from now.

use crate::sessions::new_token;
use ring::hmac;

/// So that a secret is recognised for what it is, by people and by programs that look for secrets.
const PREFIX: &str = "salon_hook_";

/// 256 bits that nobody can guess.
pub fn new_secret() -> String {
    format!("{PREFIX}{}", new_token().0)
}

/// `t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`, the second once for each
/// secret. The key is the secret as it was shown, all of it.
pub fn signature(secrets: &[String], seconds: i64, body: &[u8]) -> String {
    let mut header = format!("t={seconds}");
    for secret in secrets {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, &[seconds.to_string().as_bytes(), b".", body].concat());
        header.push_str(",v1=");
        tag.as_ref().iter().for_each(|byte| header.push_str(&format!("{byte:02x}")));
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by another program: `printf '1800000000.{}' | openssl dgst -sha256 -hmac salon_hook_x`.
    #[test]
    fn anybody_can_make_the_same_signature() {
        let one = "7d692954e5959123c4044c84fbc142c1e77999ac670a5b5a7271bea1af219c86";
        assert_eq!(signature(&["salon_hook_x".into()], 1_800_000_000, b"{}"), format!("t=1800000000,v1={one}"));
        let two = signature(&["salon_hook_y".into(), "salon_hook_x".into()], 1_800_000_000, b"{}");
        assert!(two.starts_with("t=1800000000,v1=") && two.ends_with(&format!(",v1={one}")), "{two}");
        assert_eq!(two.matches("v1=").count(), 2);
    }

    #[test]
    fn no_secret_is_like_another() {
        let (one, two) = (new_secret(), new_secret());
        assert!(one != two && one.starts_with(PREFIX) && one.len() > 50, "{one}");
    }
}
