//! Somebody is removed from a private room, again and again, while others talk there and while
//! they try to get back in. Nothing said after the removal was answered reaches them.

use crate::Done;
use crate::client::{Role, Route};
use crate::history::{Line, Op};
use crate::trial::Trial;
use std::time::Duration;

/// Sockets of the one who is removed.
const EXILES: usize = 4;

pub async fn run(trial: &mut Trial) -> Done {
    let server = trial.setup.start().await?;
    let (den, door) = (trial.town.den, trial.door()?);
    let (room, members) = (den.to_string(), trial.town.people.clone());
    let (exile, insiders) = members.split_first().ok_or("nobody lives here")?;
    for person in &members {
        door.done("add-member", &[("room", &room), ("name", &person.name), ("role", "member")]).await?;
    }
    let mut plan = trial.plan(3, 6);
    plan.rooms = vec![den];
    plan.people = insiders.to_vec();
    plan.pace = 0..10;
    let mut crowd = trial.gather(&plan);
    let names: Vec<String> = (0..EXILES).map(|n| format!("x{n}")).collect();
    for name in &names {
        let patience = Duration::from_secs(10);
        let role = Role { name: name.clone(), room: den, listens: true, pace: None, letters: 0, patience, nap: None };
        crowd.add(role, Route::straight(trial.site(), &exile.cookie), &trial.history, trial.seed);
    }
    let id = exile.id.to_string();
    let note = |trial: &Trial, op: Op| names.iter().for_each(|name| trial.history.note(Line::new(name, op, den)));
    for _ in 0..trial.pick(15, 80) {
        trial.acks(20, Duration::from_secs(20)).await?;
        tokio::time::sleep(trial.dice.millis(0..120)).await;
        door.done("remove-member", &[("room", &room), ("person", &id)]).await?;
        note(trial, Op::Removed);
        trial.injected += 1;
        trial.acks(30, Duration::from_secs(20)).await?;
        note(trial, Op::LetIn);
        door.done("add-member", &[("room", &room), ("name", &exile.name), ("role", "member")]).await?;
    }
    let lines = trial.history.since(0);
    let heard = lines.iter().filter(|line| line.op == Op::Recv && names.contains(&line.client)).count();
    trial.expect(heard > 0, "the removed one never heard anything, so nothing is proved");
    let told = crowd.parted("gone");
    trial.expect(told > 0, "nobody was told that they are gone");
    trial.figure(format!("{} removals, {told} sockets told; {heard} events heard in between", trial.injected));
    trial.conclude(server, crowd).await
}
