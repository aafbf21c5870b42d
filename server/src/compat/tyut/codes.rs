//! The mail with the code, and the cookie that says to which address one was sent.

use chat::{Letter, Line, Occasion, Wording};
use sha2::{Digest, Sha256};

/// The seed's words, which are Chinese alone.
pub struct CodeLetter;

impl Wording for CodeLetter {
    fn letter(&self, occasion: &Occasion) -> Letter {
        let code = match occasion {
            Occasion::SignIn { code } | Occasion::Register { code } | Occasion::NewAddress { code } => code.as_str(),
            // This door sends codes and nothing else.
            Occasion::HasAccount { .. }
            | Occasion::OldAddress { .. }
            | Occasion::AddressInUse { .. }
            | Occasion::Reset { .. }
            | Occasion::Test => "",
        };
        Letter { subject: "平台验证码".to_owned(), lines: vec![Line::Words(format!("你的验证码是{code}"))] }
    }
}

/// What the cookie `sessionid` holds after a code was asked for: it names the address, and is no
/// secret and no credential.
pub fn session_of(email: &str) -> String {
    let email = email.trim().to_ascii_lowercase();
    let hash = Sha256::digest(format!("tyut sessionid {email}"));
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_is_the_seeds() {
        let letter = CodeLetter.letter(&Occasion::SignIn { code: "066123".into() });
        assert_eq!(letter.subject, "平台验证码");
        assert_eq!(letter.lines, [Line::Words("你的验证码是066123".into())]);
    }

    #[test]
    fn one_address_is_one_session() {
        assert_eq!(session_of(" Ana@example.org"), session_of("ana@example.org"));
        assert_ne!(session_of("ana@example.org"), session_of("bo@example.org"));
        assert_eq!(session_of("x").len(), 32);
    }
}
