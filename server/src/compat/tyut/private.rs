//! `GET /api/chat_private`: with one other person, who has to be there too.

use super::caller::{Caller, connects};
use super::chatting::{self, say, text};
use super::pair::Pair;
use super::parcels::Parcel;
use super::saying;
use super::translate::{TEXT_ID, client_id, file_id, image_id, kind_of, private_frame, private_notice, told};
use super::wire::{BROKEN, NO_TARGET, No, Said, SaidFile, kind, system};
use super::{Place, ids};
use crate::compat::base::{From, in_query};
use crate::compat::floor::{Seat, Voice};
use crate::compat::socket::{Flow, Line, Talk};
use crate::compat::words;
use crate::house::House;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::PersonId;
use domain::event::What;
use domain::live::{Frame, Position};
use domain::message::Message;
use domain::person::Person;

pub async fn open(State(house): State<House>, From(visit): From, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let (caller, pair, since) = match pair(&house, &parts).await {
        Ok(found) => found,
        Err(no) => return no.into_response(),
    };
    let begin = {
        let caller = caller.clone();
        move |line| Private::begin(line, caller, pair, since)
    };
    chatting::open(&house, &caller, parts, visit.address, begin).await
}

async fn pair(house: &House, parts: &Parts) -> Result<(Caller, Pair, Position), No> {
    let caller = connects(house, parts).await?;
    let target = in_query(parts.uri.query().unwrap_or_default(), "target_id").unwrap_or_default();
    let other = target_of(house, &caller, &target).await.ok_or(NO_TARGET)?;
    let began = async {
        let room = house.chat.start_private(&caller.who, &other.name).await?.id;
        let reader = house.chat.reader(Some(&caller.who), room).await?;
        chat::Result::Ok((room, house.chat.position(&reader).await?))
    };
    let (room, since) = began.await.map_err(|_| BROKEN)?;
    let pair = Pair::new(caller.who.person.id, other, room, house.compat.tyut.floor.clone());
    Ok((caller, pair, since))
}

/// Somebody else of our own site.
pub async fn target_of(house: &House, caller: &Caller, id: &str) -> Option<Person> {
    let person = ids::person(id).filter(|person| *person != caller.who.person.id)?;
    house.chat.local_person(person).await.ok().flatten()
}

struct Private {
    house: House,
    caller: Caller,
    voice: Voice,
    pair: Pair,
    _seat: Seat<Place>,
}

impl Private {
    async fn begin(line: Line, caller: Caller, pair: Pair, since: Position) -> chat::Result<Self> {
        let Line { house, who, voice, outbox } = line;
        let place = Place::With { other: pair.other.id, who: who.clone() };
        let seat = house.compat.tyut.floor.enter(&who.person, place, &voice);
        pair.welcome(&house, &who).await?;
        let reader = house.chat.reader(Some(&who), pair.room).await?;
        house.chat.listen(reader, &outbox, Some(since)).await?;
        Ok(Self { house, caller, voice, pair, _seat: seat })
    }

    fn refuse(&self, words: &str) {
        say(&self.voice, &private_notice(words, self.house.chat.now()));
    }

    async fn hand_on(&self, said: Said) -> Result<(), &'static str> {
        match said.msg_type {
            kind::TEXT | kind::IMAGE | kind::IMAGE_ALIAS if said.content.trim().is_empty() => {
                Err(system::PRIVATE_BLANK)
            }
            kind::TEXT | kind::IMAGE | kind::IMAGE_ALIAS | kind::FILE | kind::DOWNLOAD if !self.pair.is_complete() => {
                Err(system::AWAY)
            }
            kind::TEXT => self.post(client_id(TEXT_ID), (&said.content, &said.content), None, system::NOT_SENT).await,
            kind::IMAGE | kind::IMAGE_ALIAS => {
                self.post(image_id(), (&said.content, &said.content), None, system::NOT_SENT).await
            }
            kind::FILE => self.announce(said.file.unwrap_or_default()).await,
            kind::DOWNLOAD => self.fetch(said.file.unwrap_or_default()).await,
            _ => Err(system::PRIVATE_ODD_TYPE),
        }
    }

    /// A file that was sent before, or is on its client's disk; the path is only handed on.
    async fn announce(&self, file: SaidFile) -> Result<(), &'static str> {
        let kept = if file.path.trim().is_empty() { &file.name } else { &file.path };
        if kept.trim().is_empty() {
            return Err(system::FILE_NOT_SENT);
        }
        // The other one may have sent another file of this name.
        let own = self.parcel(&file.name, Some(self.pair.me)).await.map_err(|_| system::FILE_NOT_SENT)?;
        self.post(file_id(), (&file.path, kept), own.map(|parcel| parcel.message.id), system::FILE_NOT_SENT).await
    }

    async fn parcel(&self, name: &str, by: Option<PersonId>) -> chat::Result<Option<Parcel>> {
        Parcel::find(&self.house, &self.caller.who, self.pair.room, name, by).await
    }

    async fn post(
        &self,
        id: Option<domain::ClientId>,
        words: (&str, &str),
        answers: Option<domain::MessageId>,
        otherwise: &'static str,
    ) -> Result<(), &'static str> {
        let id = id.ok_or(otherwise)?;
        let posted = saying::say(&self.house, &self.caller.who, self.pair.room, &id, words, answers).await;
        posted.map_err(|error| told(&error.into_problem(), otherwise))
    }

    /// Both hear of it, and whoever asked gets the bytes.
    async fn fetch(&self, file: SaidFile) -> Result<(), &'static str> {
        let broken = |_| system::NO_FILE;
        let parcel = self.parcel(&file.name, None).await.map_err(broken)?.ok_or(system::NO_FILE)?;
        let bytes = parcel.whole(&self.house).await.map_err(broken)?.ok_or(system::NO_FILE)?;
        let (me, at) = (&self.caller.who.person, self.house.chat.now());
        let frame = private_frame(me, &self.pair.other, kind::DOWNLOAD, file.path, at, self.pair.online());
        self.pair.tell(&text(&frame).into());
        self.voice.give(bytes);
        Ok(())
    }

    fn push(&self, message: &Message, kind: i64) {
        let me = &self.caller.who.person;
        let is_mine = message.author.id == me.id;
        let (from, to) = if is_mine { (me, &self.pair.other) } else { (&self.pair.other, me) };
        let body = self.house.compat.tyut.written.find(&message.client_id);
        let content = body.map_or_else(|| words::text(message), |body| body.to_string());
        say(&self.voice, &private_frame(from, to, kind, content, message.at, self.pair.online()));
    }
}

impl Talk for Private {
    async fn text(&mut self, text: &str) -> Flow {
        let handed = match Said::read(text) {
            Some(said) => self.hand_on(said).await,
            None => Err(system::PRIVATE_NOT_JSON),
        };
        if let Err(words) = handed {
            self.refuse(words);
        }
        Flow::Continue(())
    }

    async fn heard(&mut self, frame: Frame) -> Flow {
        if let Frame::Event(event) = frame
            && let What::Said { message } = event.what
            && let Some(kind) = kind_of(&message)
        {
            self.push(&message, kind);
        }
        Flow::Continue(())
    }
}
