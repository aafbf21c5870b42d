//! What clients of tyut send and read, as seed 001 prints it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// 成功.
pub const DONE: &str = "成功";
/// Of a failure that the seed has a text for.
const FAILED: i32 = 7;

pub const NO_CREDENTIAL: No = No(FAILED, "未携带token");
pub const ODD_CREDENTIAL: No = No(FAILED, "token格式错误");
pub const UNKNOWN: No = No(FAILED, "token错误");
pub const ENDED: No = No(FAILED, "token已失效");
pub const BROKEN: No = No(1001, "系统错误");
pub const ODD: No = No(1002, "参数错误");
pub const NO_NAME: No = No(FAILED, "请输入用户名");
pub const NO_PASSWORD: No = No(FAILED, "请输入密码");
pub const NO_EMAIL: No = No(FAILED, "请输入邮箱");
pub const TAKEN: No = No(FAILED, "邮箱已被使用");
pub const NOT_JSON: No = No(FAILED, "请求不是有效的JSON");
pub const ODD_EMAIL: No = No(FAILED, "非法邮箱");
pub const NO_SESSION: No = No(FAILED, "session错误");
pub const WRONG_CODE: No = No(FAILED, "验证码错误");
pub const OTHER_EMAIL: No = No(FAILED, "请求错误,非接受验证码邮箱");
pub const WRONG_PASSWORD: No = No(FAILED, "邮箱或密码错误");
pub const NO_TOKEN: No = No(FAILED, "token生成失败");
pub const NOT_SIGNED_OUT: No = No(FAILED, "注销失败");
pub const NO_TARGET: No = No(FAILED, "对方id不正确");
pub const NO_SUCH_TARGET: No = No(FAILED, "目标用户不存在");
pub const NO_FILE: No = No(FAILED, "上传文件失败");
pub const NOT_KEPT: No = No(FAILED, "保存文件失败");
pub const NO_FILE_NAME: No = No(FAILED, "文件名不能为空");
pub const NO_SUCH_FILE: No = No(FAILED, "文件记录不存在");
pub const FILE_GONE: No = No(FAILED, "文件不存在");

/// 系统消息, to one sender: why something was not done.
pub mod system {
    pub const NOT_JSON: &str = "参数绑定失败";
    pub const BLANK: &str = "消息不能为空";
    pub const ODD_TYPE: &str = "参数类型错误";
    pub const PRIVATE_NOT_JSON: &str = "消息解析失败";
    pub const PRIVATE_BLANK: &str = "消息内容不能为空";
    pub const PRIVATE_ODD_TYPE: &str = "不支持的消息类型";
    pub const AWAY: &str = "目标用户不在线";
    pub const NOT_SENT: &str = "发送消息失败";
    pub const FILE_NOT_SENT: &str = "发送文件消息失败";
    pub const NO_FILE: &str = "请求失败";
    /// Ours: it waits for a host's approval.
    pub const WAITS: &str = "消息待审核";
}

/// The numbers of `msg_type`, by the names of the document.
pub mod kind {
    pub const SYSTEM: i64 = 1;
    pub const IN_ROOM: i64 = 2;
    pub const OUT_ROOM: i64 = 3;
    pub const TEXT: i64 = 4;
    pub const FILE: i64 = 5;
    /// FileProgressMsg; in the document's samples a download.
    pub const DOWNLOAD: i64 = 6;
    pub const IMAGE: i64 = 7;
    /// What the original's code calls a picture.
    pub const IMAGE_ALIAS: i64 = 8;
}

/// A failure: its code and text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct No(pub i32, pub &'static str);

/// A success: its payload and text.
#[derive(Debug)]
pub struct Done(pub Value, pub String);

pub type Answer = Result<Done, No>;

impl Done {
    pub fn nothing(msg: impl Into<String>) -> Answer {
        Ok(Self(json!({}), msg.into()))
    }

    /// A payload with the standard text.
    pub fn with(data: impl Serialize) -> Answer {
        serde_json::to_value(data).map(|data| Self(data, DONE.to_owned())).map_err(|_| BROKEN)
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    code: i32,
    data: &'a Value,
    msg: &'a str,
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        Json(Envelope { code: 0, data: &self.0, msg: &self.1 }).into_response()
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        Json(Envelope { code: self.0, data: &json!({}), msg: self.1 }).into_response()
    }
}

/// `data` of a list; `count` is that of all.
#[derive(Debug, Serialize)]
pub struct List<T> {
    pub count: u64,
    pub list: Vec<T>,
}

/// An item of `/api/users`.
#[derive(Debug, Serialize)]
pub struct UserLine {
    pub created_at: String,
    pub updated_at: String,
    pub user_id: String,
    pub user_name: String,
    pub avatar: String,
    /// The caller's own alone.
    pub email: String,
}

/// An item of the histories.
#[derive(Debug, Serialize)]
pub struct ChatLine {
    pub created_at: String,
    pub user_id: String,
    /// Of private ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_id: Option<String>,
    pub content: String,
    pub ip: String,
    pub addr: &'static str,
    pub msg_type: i64,
}

/// What an upload is answered with.
#[derive(Debug, Serialize)]
pub struct Uploaded {
    pub user_id: String,
    pub target_id: String,
    pub path: String,
    pub file_name: String,
    pub file_size: u64,
    pub file_type: String,
}

/// An item of `/api/files`.
#[derive(Debug, Serialize)]
pub struct FileLine {
    pub id: i64,
    pub created_at: String,
    pub updated_at: String,
    pub user_id: String,
    pub target_id: String,
    pub path: String,
    pub file_name: String,
    pub file_type: String,
    pub file_size: u64,
}

/// A frame to the group: seven flat keys.
#[derive(Debug, Serialize)]
pub struct GroupFrame {
    pub user_id: String,
    pub username: String,
    pub avatar: String,
    pub msg_type: i64,
    pub content: String,
    pub date: String,
    pub online_count: usize,
}

/// A frame to the two of a private chat.
#[derive(Debug, Default, Serialize)]
pub struct PrivateFrame {
    pub user_id: String,
    pub username: String,
    pub avatar: String,
    pub target_id: String,
    pub target_name: String,
    pub target_avatar: String,
    pub msg_type: i64,
    pub content: String,
    pub date: String,
    pub online_count: usize,
}

/// What a client says.
#[derive(Debug, Deserialize)]
pub struct Said {
    #[serde(default)]
    pub content: String,
    #[serde(default)]
    pub msg_type: i64,
    #[serde(default)]
    pub file: Option<SaidFile>,
}

impl Said {
    /// A frame that is an object with fields of these kinds.
    pub fn read(text: &str) -> Option<Self> {
        let fields: serde_json::Map<String, Value> = serde_json::from_str(text).ok()?;
        // A list would be read as the fields in their order.
        if fields.get("file").is_some_and(Value::is_array) {
            return None;
        }
        serde_json::from_value(Value::Object(fields)).ok()
    }
}

/// What it says of a file; `path` is never opened.
#[derive(Debug, Default, Deserialize)]
pub struct SaidFile {
    #[serde(default)]
    pub path: String,
    #[serde(default)]
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_the_documents_keys_in_its_order() {
        let frame = GroupFrame {
            user_id: "97ab096e2a".into(),
            username: "测试用户".into(),
            avatar: "uploads/avatar/测试用户.png".into(),
            msg_type: kind::TEXT,
            content: "hello 2号".into(),
            date: "2025-02-19T16:29:52.6806232+08:00".into(),
            online_count: 1,
        };
        let sample = r#"{"user_id":"97ab096e2a","username":"测试用户","avatar":"uploads/avatar/测试用户.png","msg_type":4,"content":"hello 2号","date":"2025-02-19T16:29:52.6806232+08:00","online_count":1}"#;
        assert_eq!(serde_json::to_string(&frame).expect("JSON"), sample);
        let frame = PrivateFrame { msg_type: kind::SYSTEM, content: "x".into(), ..PrivateFrame::default() };
        let sample = r#"{"user_id":"","username":"","avatar":"","target_id":"","target_name":"","target_avatar":"","msg_type":1,"content":"x","date":"","online_count":0}"#;
        assert_eq!(serde_json::to_string(&frame).expect("JSON"), sample);
    }

    #[test]
    fn the_documents_requests_are_read() {
        let sample = r#"{"content":"hello test","msg_type":5,"file":{"path":"C:/Users/yu/Desktop/设计模式.txt","name":"ws上传下载测试.txt","type":"md","size":0}}"#;
        let said = Said::read(sample).expect("a frame");
        let file = said.file.expect("a file");
        assert_eq!((said.msg_type, file.path.as_str()), (kind::FILE, "C:/Users/yu/Desktop/设计模式.txt"));
        let said = Said::read(r#"{"content":"hello 2号","msg_type":4}"#).expect("a frame");
        assert_eq!((said.msg_type, said.content.as_str(), said.file.is_none()), (kind::TEXT, "hello 2号", true));
        for odd in [
            "hello",
            "[]",
            r#"{"content":7,"msg_type":4}"#,
            r#"{"content":"x","msg_type":"4"}"#,
            r#"{"msg_type":5,"file":[]}"#,
        ] {
            assert!(Said::read(odd).is_none(), "{odd}");
        }
    }
}
