//! Accounts.

use super::unknown;
use domain::PersonId;
use domain::person::{Person, SiteRole};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    /// The name under NFKC and case folding; unique.
    pub name_key: String,
    /// What the name looks like (confusables skeleton of `name_key`); unique.
    pub look: String,
    pub display: String,
    /// By what lists are sorted, from what others read: see [`crate::pinyin::sort_key`].
    pub sort_key: String,
    /// Names the version of their picture; empty for none.
    pub portrait: String,
    /// `admin` or `member`.
    pub role: String,
    /// PHC string.
    pub password_hash: String,
    pub disabled: bool,
    pub created_at: i64,
    /// When they were last here; noted at most once a minute.
    pub seen_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Person {
    fn from(row: Model) -> Self {
        Self { id: PersonId(row.id), name: row.name, display: row.display, portrait: row.portrait }
    }
}

impl Model {
    pub fn site_role(&self) -> Result<SiteRole, DbErr> {
        match self.role.as_str() {
            "admin" => Ok(SiteRole::Admin),
            "member" => Ok(SiteRole::Member),
            word => Err(unknown("person.role", word)),
        }
    }
}

/// The word that is stored for a role.
pub fn role_word(role: SiteRole) -> &'static str {
    match role {
        SiteRole::Admin => "admin",
        SiteRole::Member => "member",
    }
}
