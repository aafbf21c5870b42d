//! On the way in: codes that are sent by mail, and the question about another device. Whoever
//! begins gets a ticket, a secret like a session's; only with it a code can be tried, so nobody
//! else's attempt is disturbed, and what the store has is no help for guessing.

use crate::mail::{Occasion, Wording};
use crate::people::{begin_session, create};
use crate::sessions::{ABSOLUTE_MS, MAX_TOKEN, new_token, token_hash};
use crate::store::attempts::{self as rows, NewAttempt};
use crate::store::entities::attempt::{self, Purpose};
use crate::store::entities::invite;
use crate::store::people::NewPerson;
use crate::store::sessions::NewSession;
use crate::store::{Tx, accounts, invites, people};
use crate::{Chat, Error, Problem, Registration, Result, SignedIn, Visit, Who};
use domain::PersonId;
use domain::email::{email_key, hint, parse_email};
use domain::person::SiteRole;
use domain::sign_in::{CODE_TRIES, Codes, RESEND_MS, Step, parse_code};
use serde::{Deserialize, Serialize};

/// A secret for whoever is on their way in. No `Debug`: it is as good as half a password.
#[derive(Clone)]
pub struct Ticket {
    pub token: String,
    pub expires_at: i64,
}

/// What coming in has come to.
pub enum Arrival {
    In(SignedIn),
    /// Something is still to be done: what [`Chat::step`] says.
    Step(Ticket),
    /// The account has its new address.
    EmailKept,
}

/// What somebody wants to be.
#[derive(Clone, Copy, Debug)]
pub struct SignUp<'a> {
    pub name: &'a str,
    pub display: &'a str,
    /// Asked for only where addresses are proved.
    pub email: &'a str,
    pub password: &'a str,
    /// The token of an invitation.
    pub invite: Option<&'a str>,
}

/// An account that is created when the code comes back.
#[derive(Serialize, Deserialize)]
struct Planned {
    name: String,
    name_key: String,
    look: String,
    display: String,
    password_hash: String,
    /// The hash of an invitation that is used up with it.
    invite: Option<String>,
    /// Whose address it is already. Nothing will come of it, but nobody is told here.
    owner: Option<String>,
}

/// What came of a try.
enum Tried {
    /// So many are left.
    Wrong(i64),
    Right(Box<attempt::Model>),
    Registered(Who),
}

impl Chat {
    /// When an address has to be proved.
    pub fn codes(&self) -> Codes {
        self.0.identity.codes
    }

    /// Signs somebody in as the site wants it: password, then perhaps a code, then perhaps the
    /// question about another device.
    ///
    /// # Errors
    /// As [`Chat::sign_in`]; [`Problem::Elsewhere`].
    pub async fn come_in(&self, name: &str, password: &str, visit: &Visit, words: &dyn Wording) -> Result<Arrival> {
        let row = self.check_credentials(name, password, visit).await?;
        let person = PersonId(row.id);
        if self.codes() == Codes::SignIn {
            let account = accounts::get_account(self.store().read(), person).await?;
            if let Some(email) = account.email {
                let begun = Begun { purpose: Purpose::SignIn, person: Some(person), email, body: String::new() };
                return self.send_first(begun, visit, words).await.map(Arrival::Step);
            }
        }
        self.admit(row, visit).await
    }

    /// Creates an account as the site wants it: at once, or when a code came back. That an address
    /// has an account already only its owner is told, by mail.
    ///
    /// # Errors
    /// As [`Chat::register`]; [`Problem::Invalid`] of the field `email`.
    pub async fn sign_up(&self, new: SignUp<'_>, visit: &Visit, words: &dyn Wording) -> Result<Arrival> {
        let SignUp { name, display, email, password, invite } = new;
        if self.codes() == Codes::Off {
            return self.register(name, display, password, invite, visit).await.map(Arrival::In);
        }
        let invite = self.needed_invite(invite)?;
        let email = parse_email(email)?;
        let person = self.check_person(name, display, password, SiteRole::Member)?;
        self.limits().register(visit.address)?;
        self.check_invite(invite.as_deref()).await?;
        let person = self.hash_person(person, password).await?;
        let owner = self.owner(&email).await?;
        let NewPerson { name, name_key, look, display, password_hash, role: _ } = person;
        let planned = Planned { name, name_key, look, display, password_hash, invite, owner };
        let body = serde_json::to_string(&planned).map_err(broken)?;
        let begun = Begun { purpose: Purpose::Register, person: None, email, body };
        self.send_first(begun, visit, words).await.map(Arrival::Step)
    }

    /// Gives the person's account another address when a code that is sent there comes back;
    /// an empty one takes theirs away at once.
    ///
    /// # Errors
    /// [`Problem::WrongCredentials`] for another password; [`Problem::Invalid`] for the address;
    /// [`Problem::TooFast`].
    pub async fn change_email(
        &self,
        who: &Who,
        email: &str,
        password: &str,
        visit: &Visit,
        words: &dyn Wording,
    ) -> Result<Option<Ticket>> {
        let email = if email.trim().is_empty() { None } else { Some(parse_email(email)?) };
        self.check_password_of(who, password).await?;
        let Some(email) = email else {
            self.keep_email(who.person.id, None, words).await?;
            return Ok(None);
        };
        let begun = Begun { purpose: Purpose::Email, person: Some(who.person.id), email, body: String::new() };
        self.send_first(begun, visit, words).await.map(Some)
    }

    /// What is still to be done by whoever has this ticket; `None` if nothing can be done with it.
    pub async fn step(&self, ticket: &str) -> Result<Option<Step>> {
        let Some(row) = self.find_ticket(ticket).await? else { return Ok(None) };
        Ok(match row.purpose()? {
            Purpose::Elsewhere => self.elsewhere(PersonId(row.person_id.unwrap_or_default()), None).await?,
            purpose => Some(Step::Code {
                hint: hint(&row.email),
                resend_ms: (row.asked_at + RESEND_MS - self.now()).max(0),
                own: purpose == Purpose::Email,
            }),
        })
    }

    /// Takes the code that came back.
    ///
    /// # Errors
    /// [`Problem::WrongCode`], also for a ticket that is none; [`Problem::Invalid`] for what is no
    /// code, which uses no try up; what has become of the account meanwhile: [`Problem::Taken`],
    /// [`Problem::Gone`]; [`Problem::Elsewhere`]; [`Problem::SignInNeeded`].
    pub async fn enter_code(
        &self,
        who: Option<&Who>,
        ticket: &str,
        code: &str,
        visit: &Visit,
        words: &dyn Wording,
    ) -> Result<Arrival> {
        let code = parse_code(code)?;
        let over = || Error::from(Problem::WrongCode { left: 0 });
        let row = self.find_ticket(ticket).await?.ok_or_else(over)?;
        if row.purpose()? == Purpose::Email && who.is_none_or(|who| Some(who.person.id.0) != row.person_id) {
            return Err(Problem::SignInNeeded.into());
        }
        let (token, session) = self.new_session(visit);
        let (ticket, code) = (token_hash(ticket), code_hash(ticket, &code));
        let tried =
            self.store().write(move |tx| Box::pin(async move { try_code(tx, &ticket, &code, session).await })).await?;
        match tried {
            Tried::Wrong(left) => Err(Problem::WrongCode { left: u32::try_from(left).unwrap_or_default() }.into()),
            Tried::Registered(who) => {
                let expires_at = self.now() + ABSOLUTE_MS;
                Ok(Arrival::In(SignedIn { token, who, expires_at }))
            }
            Tried::Right(row) => {
                let id = PersonId(row.person_id.unwrap_or_default());
                if row.purpose()? == Purpose::Email {
                    self.keep_email(id, Some(row.email), words).await?;
                    return Ok(Arrival::EmailKept);
                }
                let person = people::find_person(self.store().read(), id).await?.filter(|row| !row.disabled);
                self.admit(person.ok_or(Problem::WrongCredentials)?, visit).await
            }
        }
    }

    /// Sends another code; the one before is none any more.
    ///
    /// # Errors
    /// [`Problem::WrongCode`] for a ticket that is none; [`Problem::TooFast`].
    pub async fn resend_code(&self, ticket: &str, visit: &Visit, words: &dyn Wording) -> Result<()> {
        let over = || Error::from(Problem::WrongCode { left: 0 });
        let row = self.find_ticket(ticket).await?.ok_or_else(over)?;
        let purpose = row.purpose()?;
        if purpose == Purpose::Elsewhere {
            return Err(over());
        }
        let wait_ms = row.asked_at + RESEND_MS - self.now();
        if wait_ms > 0 {
            return Err(Problem::TooFast { wait_ms: wait_ms.unsigned_abs() }.into());
        }
        self.limits().mail(&email_key(&row.email), visit.address)?;
        let code = new_code();
        let (hash, code_hash) = (token_hash(ticket), code_hash(ticket, &code));
        let renewed = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::renew(tx.db(), &hash, code_hash, tx.now()).await?) }));
        if !renewed.await? {
            return Err(Problem::TooFast { wait_ms: RESEND_MS.unsigned_abs() }.into());
        }
        let begun = Begun { purpose, person: row.person_id.map(PersonId), email: row.email, body: row.body };
        self.post_code(&begun, code, words).await
    }

    /// Goes no further.
    pub async fn give_up(&self, ticket: &str) -> Result<()> {
        let hash = token_hash(ticket);
        let write =
            self.store().write(move |tx| Box::pin(async move { Ok(rows::remove_attempt(tx.db(), &hash).await?) }));
        write.await.map(drop)
    }

    pub(crate) async fn find_ticket(&self, ticket: &str) -> Result<Option<attempt::Model>> {
        if ticket.is_empty() || ticket.len() > MAX_TOKEN {
            return Ok(None);
        }
        Ok(rows::find_attempt(self.store().read(), &token_hash(ticket), self.now()).await?)
    }

    /// Begins something that takes another step.
    pub(crate) async fn begin_attempt(&self, begun: Begun, code: &str) -> Result<Ticket> {
        let (token, token_hash) = new_token();
        let code_hash = code_hash(&token, code);
        let Begun { purpose, person, email, body } = begun;
        let new = NewAttempt { token_hash, purpose, person, email, body, code_hash };
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let now = tx.now();
                rows::create_attempt(tx.db(), new, now).await?;
                Ok(now + domain::sign_in::CODE_MS)
            })
        });
        Ok(Ticket { expires_at: write.await?, token })
    }

    async fn send_first(&self, begun: Begun, visit: &Visit, words: &dyn Wording) -> Result<Ticket> {
        self.limits().mail(&email_key(&begun.email), visit.address)?;
        let code = new_code();
        let ticket = self.begin_attempt(begun.clone(), &code).await?;
        self.post_code(&begun, code, words).await?;
        Ok(ticket)
    }

    /// Writes to the address: the code, or what its owner should know instead.
    async fn post_code(&self, begun: &Begun, code: String, words: &dyn Wording) -> Result<()> {
        let occasion = match begun.purpose {
            Purpose::SignIn | Purpose::Elsewhere => Occasion::SignIn { code },
            Purpose::Register => match planned(&begun.body)?.owner {
                Some(name) => Occasion::HasAccount { name },
                None => Occasion::Register { code },
            },
            Purpose::Email => match self.owner(&begun.email).await? {
                Some(name) => Occasion::AddressInUse { name },
                None => Occasion::NewAddress { code },
            },
        };
        self.0.mail.send(&begun.email, &words.letter(&occasion))
    }

    /// The name of the account that has this address.
    async fn owner(&self, email: &str) -> Result<Option<String>> {
        let Some(account) = accounts::find_by_email(self.store().read(), &email_key(email)).await? else {
            return Ok(None);
        };
        Ok(people::find_person(self.store().read(), PersonId(account.person_id)).await?.map(|row| row.name))
    }

    /// The hash of the invitation that is needed, or none where everybody may register.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`].
    pub(crate) fn needed_invite(&self, invite: Option<&str>) -> Result<Option<String>> {
        match (self.registration(), invite) {
            (Registration::Open, _) => Ok(None),
            (Registration::Invited, Some(token)) => Ok(Some(token_hash(token))),
            (Registration::Invited, None) | (Registration::Closed, _) => Err(Problem::NotAllowed.into()),
        }
    }

    pub(crate) async fn check_invite(&self, invite: Option<&str>) -> Result<()> {
        let Some(invite) = invite else { return Ok(()) };
        let purpose = invite::Purpose::Registration;
        match invites::is_valid(self.store().read(), invite, purpose, self.now()).await? {
            true => Ok(()),
            false => Err(Problem::Gone.into()),
        }
    }
}

/// What somebody begins.
#[derive(Clone)]
pub(crate) struct Begun {
    pub purpose: Purpose,
    pub person: Option<PersonId>,
    pub email: String,
    pub body: String,
}

/// One try, kept whatever comes of it; the right one ends the attempt.
async fn try_code(tx: &mut Tx, ticket: &str, code: &str, session: NewSession) -> Result<Tried> {
    let Some(row) = rows::take_try(tx.db(), ticket, tx.now()).await? else { return Ok(Tried::Wrong(0)) };
    if row.purpose()? == Purpose::Elsewhere || row.code_hash != code {
        return Ok(Tried::Wrong(row.tries_left.min(CODE_TRIES)));
    }
    rows::remove_attempt(tx.db(), ticket).await?;
    if row.purpose()? == Purpose::Register {
        return create_planned(tx, &row, session).await.map(Tried::Registered);
    }
    Ok(Tried::Right(Box::new(row)))
}

async fn create_planned(tx: &mut Tx, row: &attempt::Model, session: NewSession) -> Result<Who> {
    let Planned { name, name_key, look, display, password_hash, invite, owner: _ } = planned(&row.body)?;
    if let Some(invite) = invite
        && !invites::use_invite(tx.db(), &invite, invite::Purpose::Registration, tx.now()).await?
    {
        return Err(Problem::Gone.into());
    }
    let new = NewPerson { name, name_key, look, display, role: SiteRole::Member, password_hash };
    let person = create(tx, new).await?;
    crate::profile::set_email(tx, PersonId(person.id), Some(row.email.clone())).await?;
    begin_session(tx, person, session).await
}

fn planned(body: &str) -> Result<Planned> {
    serde_json::from_str(body).map_err(broken)
}

fn broken(cause: serde_json::Error) -> Error {
    Error::Database(crate::store::DbErr::Json(cause.to_string()))
}

/// From the system's random numbers.
fn new_code() -> String {
    format!("{:06}", rand::random_range(0..1_000_000u32))
}

fn code_hash(ticket: &str, code: &str) -> String {
    token_hash(&format!("{ticket} {code}"))
}
