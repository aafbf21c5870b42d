//! What is pushed, sealed so that the push service cannot read it (RFC 8291 over RFC 8188).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::{SecureRandom, SystemRandom};

/// An uncompressed point of P-256, in bytes.
const POINT: usize = 65;
const SALT: usize = 16;
/// The one record has room for more than push services take.
const RECORD: u32 = 4_096;
/// Longest text: services take 4,096 bytes of all.
pub(super) const MOST: usize = 3_900;

/// What only the browser can open.
#[derive(Clone)]
pub(super) struct Device {
    public: [u8; POINT],
    auth: [u8; SALT],
}

#[derive(Debug, thiserror::Error)]
#[error("it cannot be sealed for this device")]
pub(super) struct Unsealed;

impl From<ring::error::Unspecified> for Unsealed {
    fn from(_: ring::error::Unspecified) -> Self {
        Self
    }
}

impl Device {
    /// From what the browser says, in base64url; `None` for what cannot be a device's.
    pub fn parse(p256dh: &str, auth: &str) -> Option<Self> {
        let read = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let device = Self { public: read(p256dh)?.try_into().ok()?, auth: read(auth)?.try_into().ok()? };
        // Whether it is a point of the curve is seen by using it.
        seal(b"", &device).ok()?;
        Some(device)
    }
}

/// The body of a push.
pub(super) fn seal(text: &[u8], device: &Device) -> Result<Vec<u8>, Unsealed> {
    let random = SystemRandom::new();
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
    let public = ours.compute_public_key()?;
    let mut salt = [0; SALT];
    random.fill(&mut salt)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, &device.public);
    agree_ephemeral(ours, &theirs, |secret| write(text, secret, device, public.as_ref(), salt))?
}

/// `secret` is what both sides know; `public` is ours.
fn write(text: &[u8], secret: &[u8], device: &Device, public: &[u8], salt: [u8; SALT]) -> Result<Vec<u8>, Unsealed> {
    let both = Salt::new(HKDF_SHA256, &device.auth).extract(secret);
    let ikm: [u8; 32] = expand(&both, &[b"WebPush: info\0", &device.public, public])?;
    let prk = Salt::new(HKDF_SHA256, &salt).extract(&ikm);
    let key: [u8; 16] = expand(&prk, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; 12] = expand(&prk, &[b"Content-Encoding: nonce\0"])?;
    let mut sealed = [text, &[2]].concat();
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)?;
    let length = [POINT as u8];
    Ok([&salt[..], &RECORD.to_be_bytes(), &length, public, &sealed].concat())
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> Result<[u8; N], Unsealed> {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let mut out = [0; N];
    prk.expand(info, Length(N))?.fill(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    /// RFC 8291, appendix A, from the secret that both sides know.
    #[test]
    fn the_example_of_the_standard() {
        let device = Device {
            public: read("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            auth: read("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let public: [u8; 65] =
            read("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let secret: [u8; 32] = read("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt = read("DGv6ra1nlYgDCS1FRnbzlw");
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = write(text, &secret, &device, &public, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru\
             3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn only_a_device_of_the_curve_is_one() {
        let good = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let auth = "BTBZMqHH6r4Tts7J_aSIgg";
        assert!(Device::parse(good, auth).is_some() && Device::parse(&format!("{good}="), auth).is_some());
        let flat = URL_SAFE_NO_PAD.encode([4; 65]);
        for (bad, auth) in [(flat.as_str(), auth), ("", auth), (&good[..80], auth), (good, ""), (good, "AAAA")] {
            assert!(Device::parse(bad, auth).is_none(), "{bad} {auth}");
        }
    }
}
