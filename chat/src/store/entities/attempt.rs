//! People on their way in.

use super::unknown;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of the ticket, hexadecimal; unique.
    pub token_hash: String,
    pub purpose: String,
    /// Whose account it is about; `None` for one that is not there yet.
    pub person_id: Option<i64>,
    /// Where the code was sent; empty if none was.
    pub email: String,
    /// What a new account will be, as JSON; else empty.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// SHA-256 of ticket and code: whoever has only this row can try no codes.
    pub code_hash: String,
    pub tries_left: i64,
    /// When the last code was sent.
    pub asked_at: i64,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// What somebody is on their way to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Creating an account; a code was sent.
    Register,
    /// Signing in; a code was sent.
    SignIn,
    /// Signing in; they have to say what becomes of the other device.
    Elsewhere,
    /// Giving their account an address; a code was sent to it.
    Email,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::Register, Self::SignIn, Self::Elsewhere, Self::Email];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign-in",
            Self::Elsewhere => "elsewhere",
            Self::Email => "email",
        }
    }
}

impl Model {
    pub fn purpose(&self) -> Result<Purpose, DbErr> {
        let known = Purpose::ALL.into_iter().find(|purpose| purpose.as_str() == self.purpose);
        known.ok_or_else(|| unknown("attempt.purpose", &self.purpose))
    }
}
