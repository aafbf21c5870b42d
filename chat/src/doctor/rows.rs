//! Rows that say what no program wrote, and places that are missing.

use super::{RESTORE, Report};
use crate::files::Kept;
use crate::store::entities::{member, message, person, picture, room, upload, video};
use crate::store::{Connection, DbErr, contacts, members, messages, reactions, uploads, whole};
use domain::room::Visibility;
use domain::span::Span;
use domain::{ClientId, PersonId, RoomId};

type Seen = Result<(), DbErr>;

pub(super) async fn examine_people(db: &impl Connection, report: &mut Report) -> Seen {
    let odd = |report: &mut Report, cause: DbErr| report.damage(format!("the people: {cause}"), RESTORE);
    let roles = whole::each_row::<person::Entity>(db, |row| {
        if let Err(cause) = row.site_role() {
            odd(report, cause);
        }
    });
    roles.await?;
    let roles = whole::each_row::<member::Entity>(db, |row| {
        if let Err(cause) = row.room_role() {
            odd(report, cause);
        }
    });
    roles.await
}

/// Every place from the first to the last is taken exactly once.
pub(super) async fn examine_rooms(db: &impl Connection, report: &mut Report) -> Seen {
    let mut rooms = Vec::new();
    whole::each_row::<room::Entity>(db, |row| rooms.push(row)).await?;
    report.rooms = rooms.len();
    for room in rooms {
        if Visibility::stored(&room.visibility).is_none() {
            report.damage(format!("room {}: nobody can be {:?}", room.slug, room.visibility), RESTORE);
        }
        if room.visibility == Visibility::Direct.as_str() {
            examine_pair(db, &room, report).await?;
        }
        let Some((place, rows)) = whole::find_stray_place(db, RoomId(room.id), room.last_seq).await? else {
            examine_counter(db, &room, report).await?;
            continue;
        };
        let what = match rows {
            0 => format!("place {place} is missing"),
            1 => format!("place {place} is beyond the last one, {}", room.last_seq),
            _ => format!("place {place} is taken {rows} times"),
        };
        report.damage(format!("room {}: {what}; places after it were not looked at", room.slug), RESTORE);
    }
    Ok(())
}

/// A private chat is between two people, and each of them has their side of it.
async fn examine_pair(db: &impl Connection, room: &room::Model, report: &mut Report) -> Seen {
    let id = RoomId(room.id);
    let mut members = members::list_member_ids(db, id).await?;
    let mut sides: Vec<PersonId> = contacts::list_pair(db, id).await?.into_iter().map(|person| person.id).collect();
    members.sort();
    sides.sort();
    if members != sides || sides.len() != 2 {
        let (sides, members) = (sides.len(), members.len());
        let what = format!("private chat {}: it has {sides} sides and {members} members, not the same two", room.slug);
        report.damage(what, RESTORE);
    }
    Ok(())
}

/// What is unread comes from it.
async fn examine_counter(db: &impl Connection, room: &room::Model, report: &mut Report) -> Seen {
    let there = messages::count_up_to(db, RoomId(room.id), room.last_seq).await?;
    if u64::try_from(room.said) != Ok(there) {
        report.damage(format!("room {}: it counts {} messages and has {there}", room.slug, room.said), RESTORE);
    }
    Ok(())
}

pub(super) async fn examine_messages(db: &impl Connection, report: &mut Report) -> Seen {
    let messages = whole::each_row::<message::Entity>(db, |row| {
        report.messages += 1;
        if serde_json::from_str::<Vec<Span>>(&row.spans).is_err() || uploads::read(&row.files).is_err() {
            report.damage(format!("message {} in room {}: it cannot be shown", row.id, row.room_id), RESTORE);
        }
        if reactions::counts_of(row.reactions.as_deref()).is_err() {
            report.damage(
                format!("message {} in room {}: its reactions cannot be counted", row.id, row.room_id),
                RESTORE,
            );
        }
        if ClientId::parse(&row.client_id).is_err() {
            report.damage(format!("message {} in room {}: its client id is none", row.id, row.room_id), RESTORE);
        }
    });
    messages.await
}

/// What files there should be.
pub(super) async fn examine_pictures(db: &impl Connection, report: &mut Report) -> Result<Vec<Kept>, DbErr> {
    let mut kept = Vec::new();
    let pictures = whole::each_row::<picture::Entity>(db, |row| {
        report.pictures += 1;
        let id = row.id;
        match Kept::of(row) {
            Some(files) => kept.push(files),
            None => report.damage(format!("picture {id}: its row names no files"), RESTORE),
        }
    });
    pictures.await?;
    whole::each_row::<video::Entity>(db, |row| kept.extend(Kept::of_video(&row))).await?;
    let sent = whole::each_row::<upload::Entity>(db, |row| match Kept::of_upload(&row) {
        Some(files) => kept.push(files),
        None if row.is_whole() || row.is_used() => {
            report.damage(format!("the file {:?} in room {}: its row names no file", row.name, row.room_id), RESTORE);
        }
        None => {}
    });
    sent.await?;
    Ok(kept)
}
