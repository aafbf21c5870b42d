//! The host system fetches a token for one of its users; the user gives it up.

use super::DOOR;
use super::caller::asks;
use super::translate::{LOCAL, no, unwrap};
use super::wire::{Answer, BROKEN, Data, Done, NO_TOKEN, No, SIGNED_IN, UNKNOWN};
use crate::compat::base::{From, header};
use crate::compat::body::fields;
use crate::compat::settings::Opened;
use crate::house::House;
use axum::extract::{Request, State};

/// What a key has to be for.
const SCOPE: &str = "simple";
/// The application of whoever comes without a key, where that is allowed.
const NOBODYS: &str = "simple:default";

/// `POST /user/get_login_token`.
pub async fn token(State(house): State<House>, From(visit): From, request: Request) -> Answer {
    let key = header(request.headers(), "x-api-key").map(str::to_owned);
    let system = system(&house, key).await?;
    let (_, fields) = unwrap(fields(request).await.map_err(|_| BROKEN)?);
    let name = fields.text("user_id").filter(|name| !name.is_empty() && !name.starts_with(LOCAL)).ok_or(BROKEN)?;
    let open = house.compat.options.compat_open.contains(&Opened::Simple);
    if open && house.connects.take(visit.address).is_err() {
        return Err(NO_TOKEN);
    }
    let refused = |error| no(error, NO_TOKEN);
    let known = house.chat.find_vouched(&system, &name).await.map_err(refused)?;
    if known.is_some_and(|known| !house.compat.simple.floor.of(known.person.id).is_empty()) {
        return Err(SIGNED_IN);
    }
    let vouched = house.chat.vouch(&system, &name, "").await.map_err(refused)?;
    let life = match house.compat.options.simple_login_expire {
        0 => None,
        seconds => Some(i64::from(seconds) * 1_000),
    };
    let signed_in = house.chat.let_in(&vouched, DOOR, &visit, life).await.map_err(refused)?;
    Ok(Done(Data::Token { token: signed_in.token }, "获取token成功"))
}

/// Which application asks: people of one are nobody in another.
async fn system(house: &House, key: Option<String>) -> Result<String, No> {
    let Some(key) = key else {
        let open = house.compat.options.compat_open.contains(&Opened::Simple);
        return if open { Ok(NOBODYS.to_owned()) } else { Err(UNKNOWN) };
    };
    let known = house.chat.key(&key).await.map_err(|error| no(error, BROKEN))?;
    let known = known.filter(|key| key.may(SCOPE)).ok_or(UNKNOWN)?;
    Ok(format!("{DOOR}:{}", known.name))
}

/// `POST /u/user/login_out`. Their socket is closed, whichever token opened it.
pub async fn logout(State(house): State<House>, request: Request) -> Answer {
    // What else is said does not matter, unless it cannot be read.
    let (caller, _) = asks(&house, request).await?;
    house.chat.end_pass(&caller.who).await.map_err(|error| no(error, BROKEN))?;
    for guest in house.compat.simple.floor.of(caller.who.person.id) {
        guest.voice.close();
    }
    Done::nothing("退出登录成功")
}
