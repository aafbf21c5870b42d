//! How the site wants to know people.

use crate::mail::MailOptions;
use domain::sign_in::{Codes, SecondSignIn};

/// What is asked of those who come in.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub codes: Codes,
    pub second: SecondSignIn,
    /// Whether administrators may be signed out by signing in as them.
    pub replace_admins: bool,
    pub mail: MailOptions,
}
