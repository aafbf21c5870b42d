//! Files and pictures of people (F9 to F11).

use super::{Campus, heard, refused, say, silent};
use crate::town::{Terms, client};
use chat::Quotas;
use reqwest::StatusCode;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn f9_an_upload_is_a_message_of_the_private_chat() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let kept = campus.upload(&ana, &bo.id, "../../a b.tar.gz", "content").await;
    assert_eq!(kept["msg"], "成功");
    let data = &kept["data"];
    let name = data["file_name"].as_str().unwrap();
    assert!(name.ends_with("_a b.tar.gz") && name.split('_').next().unwrap().len() == 19, "{name}");
    assert_eq!((&data["file_type"], &data["file_size"]), (&json!("gz"), &json!(7)));
    assert_eq!(data["path"], format!("uploads/file/ana/{name}"));
    let reader = campus.town.chat.reader_by_slug(bo.browser.who.as_ref(), "@ana").await.unwrap();
    let said = campus.town.chat.history(&reader, None).await.unwrap().messages;
    assert_eq!(said[0].files[0].name, "a b.tar.gz");
    assert_eq!(campus.upload(&ana, &bo.id, "none", "x").await["data"]["file_type"], "");
    assert_eq!(campus.upload(&ana, &ana.id, "a.txt", "x").await, refused("目标用户不存在"));
    assert_eq!(campus.upload(&ana, &bo.id, "a.txt", "").await, refused("保存文件失败"), "nothing in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_what_a_quota_refuses_is_not_kept() {
    let quotas = Quotas { file: 1_000_000, person: 1_500_000, site: 0 };
    let campus = Campus::on(Terms { quotas, ..Terms::old() }).await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let sends = async |bytes: usize| campus.upload(&ana, &bo.id, "a.txt", &"x".repeat(bytes)).await;
    // The second one is refused while most of it is still on its way.
    for bytes in [1_000_001, 20_000_000] {
        assert_eq!(sends(bytes).await, refused("保存文件失败"), "a file has fewer than {bytes} bytes");
    }
    assert_eq!(sends(1_000_000).await["data"]["file_size"], 1_000_000);
    assert_eq!(sends(500_001).await, refused("保存文件失败"), "she has no more space");
    assert_eq!(sends(500_000).await["data"]["file_size"], 500_000, "what was refused took none");
    assert_eq!(campus.list("/api/files", &ana.token).await.0, 2);
    let reader = campus.town.chat.reader_by_slug(bo.browser.who.as_ref(), "@ana").await.unwrap();
    assert_eq!(campus.town.chat.history(&reader, None).await.unwrap().messages.len(), 2, "nothing else was said");
    assert_eq!(campus.upload(&bo, &ana.id, "b.txt", "x").await["msg"], "成功", "his space is another");
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_a_file_whose_content_is_lost_is_told_apart_from_none() {
    let campus = Campus::new().await;
    let (ana, bo, cy) = (campus.student("ana").await, campus.student("bo").await, campus.student("cy").await);
    let kept = campus.upload(&ana, &bo.id, "a.txt", "lost").await;
    let name = kept["data"]["file_name"].as_str().unwrap();
    for room in std::fs::read_dir(campus.town.data().join("files")).unwrap() {
        std::fs::remove_dir_all(room.unwrap().path()).unwrap();
    }
    let path = format!("/api/files/download?file={name}");
    for (who, words) in [(&ana, "文件不存在"), (&bo, "文件不存在"), (&cy, "文件记录不存在")] {
        assert_eq!(campus.get(&path, &who.token).await, refused(words), "{}", who.name);
    }
    assert_eq!(campus.list("/api/files", &ana.token).await.1[0]["file_name"], name, "its row is there");
    let (mut first, mut second) = (campus.with(&bo, &ana).await, campus.with(&ana, &bo).await);
    let file = json!({"name": name, "type": "txt", "size": 4});
    say(&mut first, &json!({"content": "", "msg_type": 6, "file": file}).to_string()).await;
    let frame = heard(&mut first).await;
    assert_eq!((&frame["msg_type"], &frame["content"]), (&json!(1), &json!("请求失败")));
    assert!(silent(&mut second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_only_the_two_have_it() {
    let campus = Campus::new().await;
    let (ana, bo, cy) = (campus.student("ana").await, campus.student("bo").await, campus.student("cy").await);
    let kept = campus.upload(&ana, &bo.id, "secret.txt", "only for you").await;
    let name = kept["data"]["file_name"].as_str().unwrap();
    let download = async |token: &str| {
        let url = format!("{}/api/files/download?file={name}", campus.base);
        client().get(url).header("authorization", format!("bearer {token}")).send().await.unwrap()
    };
    for who in [&ana, &bo] {
        let answer = download(&who.token).await;
        assert_eq!(answer.headers()["content-disposition"], format!("attachment; filename={name}"));
        assert_eq!(answer.text().await.unwrap(), "only for you");
    }
    let answer: serde_json::Value = serde_json::from_str(&download(&cy.token).await.text().await.unwrap()).unwrap();
    assert_eq!(answer, refused("文件记录不存在"));
    for odd in ["../../etc/passwd", "/etc/passwd", "secret.txt", "..", "%00"] {
        let path = format!("/api/files/download?file={odd}");
        assert_eq!(campus.get(&path, &ana.token).await, refused("文件记录不存在"), "{odd}");
    }
    for (who, count) in [(&ana, 1), (&bo, 0), (&cy, 0)] {
        assert_eq!(campus.list("/api/files", &who.token).await.0, count);
    }
    // What was taken back is gone.
    let reader = campus.town.chat.reader_by_slug(ana.browser.who.as_ref(), "@bo").await.unwrap();
    let id = campus.town.chat.history(&reader, None).await.unwrap().messages[0].id;
    campus.town.chat.recall(&reader, id).await.unwrap();
    assert!(download(&bo.token).await.text().await.unwrap().contains("文件记录不存在"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_ones_own_uploads_by_order_and_page() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    for name in ["1.txt", "2.txt", "3.txt"] {
        assert_eq!(campus.upload(&ana, &bo.id, name, name).await["msg"], "成功");
    }
    for (query, names) in [
        ("", &["1", "2", "3"][..]),
        ("sort=created_at+asc", &["1", "2", "3"]),
        ("sort=created_at+desc", &["3", "2", "1"]),
        ("sort=path+desc", &["1", "2", "3"]),
        ("limit=2", &["1", "2"]),
        ("limit=2&page=2", &["3"]),
        ("sort=created_at+desc&limit=2&page=2", &["1"]),
        ("limit=2&page=3", &[]),
        ("limit=0&page=-1", &["1", "2", "3"]),
    ] {
        let (count, list) = campus.list(&format!("/api/files?{query}"), &ana.token).await;
        let listed: Vec<&str> = list.iter().map(|file| file["file_name"].as_str().unwrap()).collect();
        assert_eq!((count, listed.len()), (3, names.len()), "{query}");
        for (listed, name) in listed.iter().zip(names) {
            assert!(listed.ends_with(&format!("_{name}.txt")), "{query}: {listed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_a_download_by_socket_is_for_whoever_asks() {
    let campus = Campus::new().await;
    let (ana, bo, cy) = (campus.student("ana").await, campus.student("bo").await, campus.student("cy").await);
    campus.upload(&ana, &bo.id, "a.txt", "older").await;
    let kept = campus.upload(&bo, &ana.id, "a.txt", "newest").await;
    let stored = kept["data"]["file_name"].as_str().unwrap().to_owned();
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    for name in ["a.txt", &stored] {
        let file = json!({"name": name, "type": "txt", "size": 0});
        say(&mut first, &json!({"content": "", "msg_type": 6, "file": file}).to_string()).await;
        assert_eq!(heard(&mut first).await["msg_type"], 6);
        assert_eq!(first.next().await, Message::binary("newest"));
        assert_eq!(heard(&mut second).await["msg_type"], 6);
    }
    assert!(silent(&mut second).await);
    // Neither a path of the server nor somebody else's file.
    let (mut third, _fourth) = (campus.with(&cy, &bo).await, campus.with(&bo, &cy).await);
    for name in ["/etc/passwd", "a.txt", &stored, ""] {
        let file = json!({"name": name, "path": "/etc/passwd"});
        say(&mut third, &json!({"content": "", "msg_type": 6, "file": file}).to_string()).await;
        assert_eq!(heard(&mut third).await["content"], "请求失败", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_a_path_in_a_download_is_handed_on_and_never_opened() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    campus.upload(&ana, &bo.id, "设计模式.txt", "what ana sent").await;
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    let mut other = campus.with(&bo, &ana).await;
    for path in ["C:/Users/yu/Desktop/设计模式.txt", "/etc/hostname", "../../etc/hostname", " "] {
        let file = json!({"path": path, "name": "设计模式.txt", "type": "txt", "size": 0});
        say(&mut second, &json!({"content": "hello test", "msg_type": 6, "file": file}).to_string()).await;
        for socket in [&mut first, &mut second, &mut other] {
            let mut frame = heard(socket).await;
            assert!(frame["date"].take().is_string());
            let expected = json!({
                "user_id": bo.id, "username": "bo", "avatar": "uploads/avatar/bo.png",
                "target_id": ana.id, "target_name": "ana", "target_avatar": "uploads/avatar/ana.png",
                "msg_type": 6, "content": path, "date": null, "online_count": 2,
            });
            assert_eq!(frame, expected, "{path}");
        }
        assert_eq!(second.next().await, Message::binary("what ana sent"), "{path}");
    }
    assert!(silent(&mut first).await && silent(&mut other).await, "the bytes are for the socket that asked");
    // A path without a name is no file.
    say(&mut second, r#"{"msg_type":6,"file":{"path":"/etc/hostname"}}"#).await;
    assert_eq!(heard(&mut second).await["content"], "请求失败");
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_an_announcement_is_linked_to_the_upload() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    campus.upload(&ana, &bo.id, "a.txt", "x").await;
    assert!(silent(&mut second).await, "its client announces it");
    let file = json!({"name": "a.txt", "path": "C:/a.txt", "type": "txt", "size": 1});
    say(&mut first, &json!({"content": "x", "msg_type": 5, "file": file}).to_string()).await;
    for socket in [&mut first, &mut second] {
        let frame = heard(socket).await;
        assert_eq!((&frame["msg_type"], &frame["content"]), (&json!(5), &json!("C:/a.txt")));
    }
    let reader = campus.town.chat.reader_by_slug(bo.browser.who.as_ref(), "@ana").await.unwrap();
    let said = campus.town.chat.history(&reader, None).await.unwrap().messages;
    assert_eq!(said[1].reply.as_ref().unwrap().id, said[0].id);
    say(&mut first, &json!({"content": "x", "msg_type": 5}).to_string()).await;
    assert_eq!(heard(&mut first).await["content"], "发送文件消息失败");
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_an_announcement_is_linked_to_ones_own_file_by_either_name() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    let stored = |kept: &serde_json::Value| kept["data"]["file_name"].as_str().unwrap().to_owned();
    let own = stored(&campus.upload(&ana, &bo.id, "a.txt", "hers").await);
    let theirs = stored(&campus.upload(&bo, &ana.id, "b.txt", "his").await);
    // Newer than hers, and called the same.
    campus.upload(&bo, &ana.id, "a.txt", "his, too").await;
    let names = [own.as_str(), "a.txt", theirs.as_str(), "b.txt", "none.txt"];
    for name in names {
        let file = json!({"name": name, "path": "C:/a.txt", "type": "txt", "size": 4});
        say(&mut first, &json!({"content": "x", "msg_type": 5, "file": file}).to_string()).await;
        for socket in [&mut first, &mut second] {
            let frame = heard(socket).await;
            assert_eq!((&frame["msg_type"], &frame["content"]), (&json!(5), &json!("C:/a.txt")), "{name}");
        }
    }
    let reader = campus.town.chat.reader_by_slug(bo.browser.who.as_ref(), "@ana").await.unwrap();
    let said = campus.town.chat.history(&reader, None).await.unwrap().messages;
    let linked: Vec<_> = said[3..].iter().map(|said| said.reply.as_ref().map(|reply| reply.id)).collect();
    assert_eq!(linked, [Some(said[0].id), Some(said[0].id), None, None, None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn avatars_are_patterns_unless_somebody_shows_a_token() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    let show = async |path: &str, token: Option<&str>| {
        let request = client().get(format!("{}/uploads/avatar/{path}", campus.base));
        let request = match token {
            Some(token) => request.header("authorization", format!("bearer {token}")),
            None => request,
        };
        let answer = request.send().await.unwrap();
        (answer.status(), answer.bytes().await.unwrap())
    };
    let (status, pattern) = show("ana.png", None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(image::load_from_memory(&pattern).unwrap().width(), 120);
    assert_ne!(show("%E6%B5%8B%E8%AF%95.png", None).await.1, pattern);
    campus.town.chat.change_portrait(ana.browser.who.as_ref().unwrap(), crate::compat::png().into()).await.unwrap();
    assert_eq!(show("ana.png", None).await.1, pattern, "a stranger does not see it");
    assert_ne!(show("ana.png", Some(&ana.token)).await.1, pattern);
    for odd in ["ana", ".png", "..%2F..%2Fetc%2Fpasswd", "%FF.png"] {
        assert_eq!(show(odd, None).await.0, StatusCode::NOT_FOUND, "{odd}");
    }
}
