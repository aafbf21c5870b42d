//! What goes over the wire, exactly as seed document 003 and its request screenshots have it.

use serde::{Deserialize, Serialize};

/// An answer over HTTP.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub status: u32,
    /// Always `null`.
    pub data: Option<()>,
    pub msg: &'static str,
    /// Why something was not done, where that is more than its status says; else empty.
    pub error: String,
}

/// What a client says over its socket. `from` and `type` are not asked for: who speaks is known.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub to: Option<String>,
    pub op_type: Option<i64>,
    pub content: Option<String>,
}

/// What a client hears.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub from: String,
    pub to: String,
    /// 1: now; 2: from the history.
    #[serde(rename = "type")]
    pub kind: u8,
    /// A code, not what was asked for.
    pub op_type: u32,
    pub content: String,
    pub msg: &'static str,
}

pub const REGISTER_FAILED: u32 = 41000;
pub const REGISTERED: u32 = 41001;
pub const LOGIN_FAILED: u32 = 41002;
pub const LOGGED_IN: u32 = 41003;
pub const PASSWORD_FAILED: u32 = 41004;
pub const PASSWORD_SET: u32 = 41005;
pub const NO_PERSON: u32 = 41006;
pub const PERSON_EXISTS: u32 = 41007;
pub const WRONG_PASSWORD: u32 = 41010;
pub const NOT_LOGGED_IN: u32 = 41012;
pub const LOGOUT_FAILED: u32 = 41014;
pub const LOGGED_OUT: u32 = 41015;
pub const NOT_READ: u32 = 40000;
pub const CONNECTED: u32 = 40003;
pub const HISTORY_FAILED: u32 = 40004;
pub const HISTORY: u32 = 40005;
pub const READ_FAILED: u32 = 40006;
pub const READ: u32 = 40007;
pub const SEND_FAILED: u32 = 40008;
pub const RECEIVED: u32 = 40011;
pub const DELETE_FAILED: u32 = 40012;
pub const DELETED: u32 = 40013;
pub const NOT_CREATED: u32 = 40014;
pub const ONLINE: u32 = 40018;
pub const OFFLINE: u32 = 40019;
pub const STOPPED: u32 = 40020;

/// What a status or a code says.
pub fn words(code: u32) -> &'static str {
    match code {
        200 => "请求成功",
        400 => "错误连接",
        404 => "资源不存在",
        41000 => "用户 注册失败",
        41001 => "用户 注册成功",
        41002 => "用户 登录失败",
        41003 => "用户 登录成功",
        41004 => "用户 设置密码失败",
        41005 => "用户 设置密码成功",
        41006 => "用户 不存在",
        41007 => "用户 已存在",
        41008 => "用户 设置session失败",
        41009 => "用户 设置session成功",
        41010 => "用户 密码错误",
        41011 => "用户 密码正确",
        41012 => "用户 未登录",
        41013 => "用户 已登录",
        41014 => "用户 登出失败",
        41015 => "用户 登出成功",
        40000 => "websocket 数据解析失败",
        40001 => "websocket 数据解析成功",
        40002 => "websocket 连接失败",
        40003 => "websocket 连接成功",
        40004 => "websocket 请求历史消息失败",
        40005 => "websocket 请求历史消息成功",
        40006 => "websocket 设置消息为已读失败",
        40007 => "websocket 设置消息为已读成功",
        40008 => "websocket 发送消息失败",
        40009 => "websocket 发送消息成功",
        40010 => "websocket 接收消息失败",
        40011 => "websocket 接收消息成功",
        40012 => "websocket 删除消息失败",
        40013 => "websocket 删除消息成功",
        40014 => "websocket 创建失败",
        40015 => "websocket 创建成功",
        40016 => "websocket 断开连接失败",
        40017 => "websocket 断开连接成功",
        40018 => "websocket 用户在线",
        40019 => "websocket 用户离线",
        40020 => "websocket 用户聊天封禁",
        40021 => "websocket 用户聊天解封",
        _ => "未知状态码",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_the_documents_tables_do() {
        // Row by row, both tables; 0 stands for any other.
        let rows = [
            (41000, "用户 注册失败", 41001, "用户 注册成功"),
            (41002, "用户 登录失败", 41003, "用户 登录成功"),
            (41004, "用户 设置密码失败", 41005, "用户 设置密码成功"),
            (41006, "用户 不存在", 41007, "用户 已存在"),
            (41008, "用户 设置session失败", 41009, "用户 设置session成功"),
            (41010, "用户 密码错误", 41011, "用户 密码正确"),
            (41012, "用户 未登录", 41013, "用户 已登录"),
            (41014, "用户 登出失败", 41015, "用户 登出成功"),
            (200, "请求成功", 404, "资源不存在"),
            (400, "错误连接", 0, "未知状态码"),
            (40000, "websocket 数据解析失败", 40001, "websocket 数据解析成功"),
            (40002, "websocket 连接失败", 40003, "websocket 连接成功"),
            (40004, "websocket 请求历史消息失败", 40005, "websocket 请求历史消息成功"),
            (40006, "websocket 设置消息为已读失败", 40007, "websocket 设置消息为已读成功"),
            (40008, "websocket 发送消息失败", 40009, "websocket 发送消息成功"),
            (40010, "websocket 接收消息失败", 40011, "websocket 接收消息成功"),
            (40012, "websocket 删除消息失败", 40013, "websocket 删除消息成功"),
            (40014, "websocket 创建失败", 40015, "websocket 创建成功"),
            (40016, "websocket 断开连接失败", 40017, "websocket 断开连接成功"),
            (40018, "websocket 用户在线", 40019, "websocket 用户离线"),
            (40020, "websocket 用户聊天封禁", 40021, "websocket 用户聊天解封"),
        ];
        for (code, text, second, other) in rows {
            assert_eq!((words(code), words(second)), (text, other), "{code} {second}");
        }
    }
}
