//! Private chat, in the room itself.

use super::Text;
use domain::contact::Presence;

words! {
    only cfg!(feature = "member");
    Words {
        profile: "个人页面", "Profile";
        online: "在线", "Online";
        asks: "你还没有回复过对方。", "You have not answered them yet.";
        accept: "接受", "Accept";
        block: "拉黑", "Block";
        report: "举报", "Report";
        blocked: "你已拉黑对方。", "You have blocked them.";
        unblock: "取消拉黑", "Unblock";
        sent: "已发送", "Sent";
        delivered: "已送达", "Delivered";
        read: "已读", "Read";
    }
}

impl Text {
    /// Whether somebody is here; nothing if they keep it to themselves.
    pub fn presence(&self, presence: Presence, now: i64, tz: i32) -> String {
        match presence {
            Presence::Hidden => String::new(),
            Presence::Online => self.contact.online.to_owned(),
            Presence::Seen(at) => {
                let when = self.ago(at, now, tz);
                self.pick(format!("最近在线：{when}"), format!("Last seen {when}"))
            }
        }
    }

    /// What a stranger may still say.
    pub fn left(&self, n: u32) -> String {
        let more = self.plural(n.into(), "message", "messages");
        self.pick(format!("对方尚未回复，还可发送 {n} 条"), format!("No answer yet, {n} more {more} possible"))
    }
}
