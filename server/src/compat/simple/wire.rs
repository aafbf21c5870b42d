//! What clients of simple read, as seed 002 prints it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// `code` of a success, and of every failure.
const DONE: i32 = 200;
const FAILED: i32 = -1;

/// 用户认证不通过: no token, or none of ours.
pub const UNKNOWN: No = No("用户认证不通过");
/// The token was good once.
pub const EXPIRED: No = No("token已失效");
pub const BROKEN: No = No("系统错误");
/// A socket could not be opened.
pub const NO_SOCKET: No = No("系统异常");
pub const SIGNED_IN: No = No("用户已登录");
pub const NO_TOKEN: No = No("获取token失败，请重试");
pub const NOT_SENT: No = No("发送失败");
pub const NOT_INSIDE: No = No("你不在房间");
pub const NO_ROOM: No = No("房间不存在");
pub const NOT_CREATED: No = No("创建房间成功，请重新进入房间");
pub const NOT_ENTERED: No = No("进入房间失败");
pub const ONLY_HOST_INVITES: No = No("只有房主能邀请人");
pub const ONLY_HOST_KICKS: No = No("只有房主能踢人");
pub const NO_ROOM_DATA: No = No("获取房间信息失败");
pub const NOT_INVITED: No = No("邀请进入房间失败");
pub const NOT_LEFT: No = No("离开房间失败");
pub const NOT_KICKED: No = No("踢出房间失败");

/// What a request leads to.
pub type Answer = Result<Done, No>;

/// A failure by its text; it has no `data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct No(pub &'static str);

/// A success with its text.
#[derive(Debug)]
pub struct Done(pub Data, pub &'static str);

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Data {
    /// `{}`.
    Nothing {},
    Token {
        token: String,
    },
    Room {
        #[serde(rename = "roomId")]
        room_id: String,
    },
    Rooms(Vec<RoomLine>),
    Messages(Vec<MessageLine>),
}

#[derive(Serialize)]
struct Success<'a> {
    code: i32,
    data: &'a Data,
    msg: &'a str,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: i32,
    msg: &'a str,
}

impl Done {
    pub fn nothing(msg: &'static str) -> Answer {
        Ok(Self(Data::Nothing {}, msg))
    }
}

/// The same text for an answer by HTTP and by socket.
pub fn text(answer: &Answer) -> String {
    let text = match answer {
        Ok(Done(data, msg)) => serde_json::to_string(&Success { code: DONE, data, msg }),
        Err(No(msg)) => serde_json::to_string(&Failure { code: FAILED, msg }),
    };
    text.unwrap_or_default()
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        Json(Success { code: DONE, data: &self.0, msg: self.1 }).into_response()
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        Json(Failure { code: FAILED, msg: self.0 }).into_response()
    }
}

/// An item of `get_room_list`; times in seconds.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoomLine {
    pub room_id: String,
    /// 1 two people, 2 many.
    pub room_type: i32,
    /// 1 normal, −1 deleted.
    pub room_status: i32,
    pub room_host_user_id: String,
    pub last_user_id: String,
    pub last_message_id: String,
    pub last_message_updated_at: i64,
    pub create_at: i64,
}

/// An item of `get_room_message_list`.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MessageLine {
    pub room_id: String,
    pub message_id: String,
    pub send_user_id: String,
    /// 1 sent, −1 recalled.
    pub send_status: i32,
    pub create_at: i64,
    /// Ours: the text.
    pub message_data: String,
}

/// A message that is pushed. The last three keys are ours.
#[derive(Debug, Serialize)]
pub struct Push {
    pub message_id: String,
    /// 1 text.
    pub message_type: i32,
    pub message_data: String,
    pub room_id: String,
    pub send_user_id: String,
    pub created_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_written_as_the_seed_prints_them() {
        let token = Data::Token { token: "t".into() };
        assert_eq!(
            text(&Ok(Done(token, "获取token成功"))),
            r#"{"code":200,"data":{"token":"t"},"msg":"获取token成功"}"#
        );
        assert_eq!(text(&Err(EXPIRED)), r#"{"code":-1,"msg":"token已失效"}"#);
        assert_eq!(text(&Done::nothing("发送成功")), r#"{"code":200,"data":{},"msg":"发送成功"}"#);
        let room = Data::Room { room_id: "39".into() };
        assert_eq!(text(&Ok(Done(room, "创建成功"))), r#"{"code":200,"data":{"roomId":"39"},"msg":"创建成功"}"#);
        assert_eq!(text(&Ok(Done(Data::Rooms(vec![]), "获取成功"))), r#"{"code":200,"data":[],"msg":"获取成功"}"#);
    }

    #[test]
    fn a_push_begins_with_the_documents_keys() {
        let push = Push {
            message_id: "66363761663363642d303830342d346339622d383131332d393864326532376163616132".into(),
            message_type: 1,
            message_data: "hello world".into(),
            room_id: "39".into(),
            send_user_id: "10000200275".into(),
            created_at: 1_662_886_519,
        };
        // Clients of the original read the first three; ours come after them.
        let sample = concat!(
            r#"{"message_id":"66363761663363642d303830342d346339622d383131332d393864326532376163616132","#,
            r#""message_type":1,"message_data":"hello world","#,
            r#""room_id":"39","send_user_id":"10000200275","created_at":1662886519}"#
        );
        assert_eq!(serde_json::to_string(&push).expect("JSON"), sample);
    }

    #[test]
    fn a_room_of_the_list_has_the_seeds_keys() {
        let line = RoomLine {
            room_id: "31363966353833312d666130362d343961372d396436652d653236353030643963656436".into(),
            room_type: 1,
            room_status: 1,
            room_host_user_id: "10000200275".into(),
            last_user_id: "10000200275".into(),
            last_message_id: "66363761663363642d303830342d346339622d383131332d393864326532376163616132".into(),
            last_message_updated_at: 1_662_886_519,
            create_at: 1_662_885_163,
        };
        let sample = serde_json::json!({
            "RoomId": "31363966353833312d666130362d343961372d396436652d653236353030643963656436",
            "RoomType": 1, "RoomStatus": 1, "RoomHostUserId": "10000200275", "LastUserId": "10000200275",
            "LastMessageId": "66363761663363642d303830342d346339622d383131332d393864326532376163616132",
            "LastMessageUpdatedAt": 1_662_886_519, "CreateAt": 1_662_885_163,
        });
        assert_eq!(serde_json::to_value(line).expect("JSON"), sample);
    }
}
