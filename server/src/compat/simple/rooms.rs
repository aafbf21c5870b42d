//! Rooms of many: made, entered, left.

use super::caller::{Caller, asks};
use super::ids;
use super::translate::{Why, no, why};
use super::wire::{
    Answer, BROKEN, Data, Done, NO_ROOM, NO_ROOM_DATA, NOT_CREATED, NOT_ENTERED, NOT_INSIDE, NOT_INVITED, NOT_KICKED,
    NOT_LEFT, No, ONLY_HOST_INVITES, ONLY_HOST_KICKS,
};
use crate::compat::body::Fields;
use crate::house::House;
use axum::extract::{Request, State};
use chat::{RoomHost, RoomReader};
use domain::RoomId;
use domain::room::{RoomWords, Visibility};

/// A room as a client names it.
pub struct Found {
    pub room: RoomId,
    pub reader: RoomReader,
}

/// A room that the caller may read: one of many, or a private chat.
pub async fn find(house: &House, caller: &Caller, name: &str) -> Result<Found, No> {
    let refused = |error| no(error, NOT_INSIDE);
    let named = house.chat.find_room_of(caller.system(), name).await.map_err(refused)?;
    let room = named.or_else(|| ids::room(name)).ok_or(NOT_INSIDE)?;
    let reader = house.chat.reader(Some(&caller.who), room).await.map_err(refused)?;
    if named.is_none() && !reader.room().is_direct() {
        return Err(NOT_INSIDE);
    }
    Ok(Found { room, reader })
}

/// `POST /rm/room/create_room`.
pub async fn create(State(house): State<House>, request: Request) -> Answer {
    let (caller, _) = asks(&house, request).await?;
    let id = ids::by_chance();
    // What our own pages show; the protocol has no name for a room.
    let short = &id[..8];
    let words = RoomWords::parse(&format!("group-{short}"), &format!("群聊 {short}"), "", Visibility::Private);
    let words = words.map_err(|_| BROKEN)?;
    let made = house.chat.make_group(&caller.vouched, &id, &words).await;
    made.map_err(|error| no(error, NOT_CREATED))?;
    Ok(Done(Data::Room { room_id: id }, "创建成功"))
}

/// `POST /rm/room/enter_room`: whoever knows what a room is called may come in.
pub async fn enter(State(house): State<House>, request: Request) -> Answer {
    let (caller, fields) = asks(&house, request).await?;
    let name = fields.text("room_id").unwrap_or_default();
    let entered = house.chat.enter_group(&caller.vouched, &name).await;
    entered.map_err(|error| match why(&error.into_problem()) {
        Why::NotThere => NO_ROOM,
        Why::Refused | Why::Waits => NOT_ENTERED,
        Why::Broken => BROKEN,
    })?;
    Done::nothing("进入房间成功")
}

/// `POST /rm/room/invite_user_enter_room`.
pub async fn invite(State(house): State<House>, request: Request) -> Answer {
    let (caller, fields) = asks(&house, request).await?;
    let host = host(&house, &caller, &fields, ONLY_HOST_INVITES).await?;
    let whom = fields.text("invite_user_id").unwrap_or_default();
    let refused = |error| no(error, NOT_INVITED);
    let whom = house.chat.find_vouched(caller.system(), &whom).await.map_err(refused)?.ok_or(NOT_INVITED)?;
    house.chat.add_to_group(&host, &whom).await.map_err(refused)?;
    Done::nothing("邀请用户进入房间成功")
}

/// `POST /rm/room/exit_room`. Whoever is not inside has left.
pub async fn exit(State(house): State<House>, request: Request) -> Answer {
    let (caller, fields) = asks(&house, request).await?;
    let name = fields.text("room_id").unwrap_or_default();
    let named = house.chat.find_room_of(caller.system(), &name).await.map_err(|error| no(error, NOT_LEFT))?;
    if let Some(room) = named {
        house.chat.leave_group(&caller.who, room).await.map_err(|error| no(error, NOT_LEFT))?;
    } else if find(&house, &caller, &name).await.is_ok() {
        // Nobody leaves a private chat.
        return Err(NOT_LEFT);
    }
    Done::nothing("退出房间成功")
}

/// `POST /rm/room/kick_out_room`. Whoever is not inside has been sent out.
pub async fn kick(State(house): State<House>, request: Request) -> Answer {
    let (caller, fields) = asks(&house, request).await?;
    let host = host(&house, &caller, &fields, ONLY_HOST_KICKS).await?;
    let whom = fields.text("user_id").unwrap_or_default();
    let whom = house.chat.find_vouched(caller.system(), &whom).await.map_err(|error| no(error, NOT_KICKED))?;
    if let Some(whom) = whom {
        if whom.person.id == caller.who.person.id {
            return Err(NOT_KICKED);
        }
        let gone = house.chat.remove_member(&host, whom.person.id).await;
        match gone.map_err(|error| why(&error.into_problem())) {
            Ok(_) | Err(Why::NotThere) => {}
            Err(Why::Refused | Why::Waits | Why::Broken) => return Err(NOT_KICKED),
        }
    }
    Done::nothing("踢出用户成功")
}

/// The caller as host of the room that a request names.
async fn host(house: &House, caller: &Caller, fields: &Fields, only_hosts: No) -> Result<RoomHost, No> {
    let name = fields.text("room_id").unwrap_or_default();
    let named = house.chat.find_room_of(caller.system(), &name).await.map_err(|error| no(error, NO_ROOM_DATA))?;
    let room = named.ok_or(NO_ROOM_DATA)?;
    house.chat.host(Some(&caller.who), room).await.map_err(|error| no(error, only_hosts))
}
