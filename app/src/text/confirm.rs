//! What is said before something is done that cannot be undone, by the name of whom or what it concerns;
//! and after something that can.

use super::Text;

impl Text {
    /// Beside the button that undoes it; `act` is a word of the call `moderate`, or what `decline-held` did.
    pub fn done_about(&self, act: &str, whom: &str) -> String {
        let (zh, en) = match act {
            "decline" => {
                return self.pick(format!("{whom} 的消息已拒绝。"), format!("A message of {whom} was declined."));
            }
            "decline-mute" => {
                return self.pick(
                    format!("{whom} 的消息已拒绝，{whom} 被禁言 10 分钟。"),
                    format!("A message of {whom} was declined; {whom} is muted for 10 minutes."),
                );
            }
            "mute-10m" => ("被禁言 10 分钟", "is muted for 10 minutes"),
            "mute-1h" => ("被禁言 1 小时", "is muted for an hour"),
            "mute-good" => ("被一直禁言", "is muted for good"),
            "kick" => ("已被移出房间", "was removed from the room"),
            "ban" => ("已被封禁", "is banned from the room"),
            _ => ("已处理", "was dealt with"),
        };
        self.pick(format!("{whom} {zh}。"), format!("{whom} {en}."))
    }

    pub fn clears(&self, whom: &str, minutes: u32) -> String {
        let (zh, en) = match minutes {
            60 => ("1 小时".to_owned(), "hour".to_owned()),
            n => (format!("{n} 分钟"), format!("{n} minutes")),
        };
        self.pick(
            format!("{whom} 最近 {zh}说的话会对所有人撤回，无法恢复。"),
            format!("All that {whom} said in the last {en} is recalled for everybody and cannot be brought back."),
        )
    }

    pub fn hands_over(&self, whom: &str) -> String {
        self.pick(
            format!("{whom} 会成为主持人，你会成为普通成员。你不能自己收回。"),
            format!("{whom} becomes host and you a member. You cannot take it back yourself."),
        )
    }

    pub fn demotes_host(&self, whom: &str) -> String {
        self.pick(
            format!("{whom} 不再是主持人，创建的邀请和投屏链接随即失效。"),
            format!("{whom} stops being a host; invitation and projector links that they made stop working."),
        )
    }

    pub fn removes_host(&self, whom: &str) -> String {
        self.pick(
            format!("主持人 {whom} 会被移出房间，创建的邀请和投屏链接随即失效。"),
            format!("{whom}, a host, is removed; invitation and projector links that they made stop working."),
        )
    }

    pub fn demotes_admin(&self, whom: &str) -> String {
        self.pick(format!("确定取消 {whom} 的管理员身份？"), format!("Take administration away from {whom}?"))
    }

    pub fn disables(&self, whom: &str) -> String {
        self.pick(format!("确定停用 {whom} 的账号？"), format!("Disable the account of {whom}?"))
    }

    /// `link`: its name, or what is known of it.
    pub fn revokes(&self, link: &str) -> String {
        self.pick(
            format!("这个链接（{link}）马上失效，不能恢复。"),
            format!("This link ({link}) stops working at once, for good."),
        )
    }

    pub fn removes_webhook(&self, url: &str) -> String {
        self.pick(
            format!("{url} 不再收到通知，发送记录和密钥一并删除。"),
            format!("{url} is told nothing any more. Its log and its secret are deleted."),
        )
    }

    pub fn removes_video(&self, title: &str) -> String {
        self.pick(
            format!("视频「{title}」会从房间移除，正在看的人也看不到了。"),
            format!("The video “{title}” is removed from the room, also for those who watch it."),
        )
    }

    /// Of a private room, which nobody enters by themselves; else for its hosts.
    pub fn leaves(&self, room: &str, is_private: bool) -> String {
        match is_private {
            true => self.pick(
                format!("退出「{room}」后，要有人再邀请你才能回来。"),
                format!("You leave “{room}”, and come back only when somebody invites you again."),
            ),
            false => self.pick(
                format!("退出后，你不再是「{room}」的主持人。"),
                format!("You leave “{room}” and are its host no longer."),
            ),
        }
    }
}
