//! Notices leave out what somebody ignores.

use crate::push::Scene;
use std::time::Duration;

#[tokio::test]
async fn nothing_is_told_of_what_one_ignores() {
    let mut scene = Scene::new(2).await;
    let cy = scene.town.person("cy").await;
    scene.town.chat.enter(&cy, scene.rooms[0].id).await.unwrap();
    scene.town.chat.block(&scene.bo, cy.person.id).await.unwrap();
    scene.town.says(&cy, scene.rooms[0].id, "@bo, listen").await;
    // Hidden from oneself before the notice is made.
    let reader = scene.town.chat.reader(Some(&scene.bo), scene.rooms[0].id).await.unwrap();
    scene.says(0, "not this either").await;
    let last = scene.town.chat.history(&reader, None).await.unwrap().messages.pop().unwrap();
    scene.town.chat.hide(&reader, last.id, true).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    scene.says(1, "but this").await;
    scene.hears_first_of(1).await;
    // What is told counts nothing that is ignored.
    scene.says(0, "and this").await;
    let pushed = scene.service.hears().await;
    assert_eq!(scene.opens(&pushed.body)["unread"], 1);
}
