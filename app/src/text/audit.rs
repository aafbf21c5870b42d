//! The audit trail.

use super::Text;
use domain::audit::Act;

words! {
    only cfg!(feature = "ssr");
    Words {
        title: "操作记录", "Audit trail";
        lead: "主持人和管理员做过的事。", "What hosts and administrators did.";
        room_lead: "主持人和管理员在这个房间里做过的事。", "What hosts and administrators did in this room.";
        room: "房间地址", "Room address";
        person: "用户名", "User name";
        act: "操作", "Act";
        every_act: "所有操作", "Every act";
        nothing: "还没有记录。", "Nothing has been noted yet.";
        no_match: "没有匹配的记录。", "No matching lines.";
        command_line: "命令行", "Command line";
        when: "时间", "When";
    }
}

impl Text {
    /// What was done, in a word or two.
    pub fn act(&self, act: Act) -> &'static str {
        match act {
            Act::RoomCreated => self.pick("创建房间", "created room"),
            Act::RoomChanged => self.pick("修改房间", "changed room"),
            Act::RoomArchived => self.pick("归档房间", "archived room"),
            Act::RoomReopened => self.pick("恢复房间", "reopened room"),
            Act::GateChanged => self.pick("修改入场", "changed entry"),
            Act::CoverChanged => self.pick("更换封面", "changed cover"),
            Act::PolicyChanged => self.pick("修改发言规则", "changed rules"),
            Act::WordsChanged => self.pick("修改屏蔽词", "changed blocked words"),
            Act::MemberAdded => self.pick("添加成员", "added"),
            Act::JoinApproved => self.pick("同意加入", "let in"),
            Act::JoinDeclined => self.pick("拒绝加入", "declined to let in"),
            Act::RoleChanged => self.pick("修改角色", "changed role of"),
            Act::Kicked => self.pick("移出房间", "removed from room"),
            Act::Muted => self.pick("禁言", "muted"),
            Act::Unmuted => self.pick("解除禁言", "unmuted"),
            Act::Banned => self.pick("封禁", "banned"),
            Act::Unbanned => self.pick("解除封禁", "unbanned"),
            Act::Recalled => self.pick("撤回消息", "recalled message of"),
            Act::Cleared => self.pick("清除消息", "cleared messages of"),
            Act::Approved => self.pick("通过消息", "approved message of"),
            Act::Declined => self.pick("拒绝消息", "declined message of"),
            Act::WaitsAgain => self.pick("撤销拒绝，消息重新等待审核", "let a declined message wait again, of"),
            Act::PictureRemoved => self.pick("删除图片", "removed picture of"),
            Act::PictureRestored => self.pick("恢复图片", "restored picture of"),
            Act::PictureHeld => self.pick("暂存图片", "held back picture of"),
            Act::PictureShown => self.pick("展示图片", "showed picture of"),
            Act::PictureReplaced => self.pick("替换图片", "replaced picture of"),
            Act::VideoChanged => self.pick("设置视频", "set video"),
            Act::VideoRemoved => self.pick("移除视频", "removed video"),
            Act::KioskCreated => self.pick("创建投屏链接", "created projector link"),
            Act::KioskRemoved => self.pick("作废投屏链接", "revoked projector link"),
            Act::EmbedChanged => self.pick("更改可嵌入的站点", "changed the sites that may embed it"),
            Act::PersonAdded => self.pick("添加账号", "added account"),
            Act::PersonDisabled => self.pick("停用账号", "disabled account"),
            Act::PersonEnabled => self.pick("启用账号", "enabled account"),
            Act::SiteRoleChanged => self.pick("修改站点角色", "changed site role of"),
            Act::SessionsEnded => self.pick("强制退出登录", "signed out"),
            Act::InviteCreated => self.pick("创建邀请", "created invitation"),
            Act::InviteRemoved => self.pick("作废邀请", "revoked invitation"),
            Act::RoomRemoved => self.pick("删除房间", "deleted room"),
            Act::ResetCreated => self.pick("创建重置链接", "created reset link for"),
            Act::AccountClosed => self.pick("注销账号", "closed their account"),
            Act::ReportResolved => self.pick("处理举报", "resolved report about"),
            Act::WebhookAdded => self.pick("添加网络钩子", "added webhook"),
            Act::WebhookChanged => self.pick("修改网络钩子", "changed webhook"),
            Act::WebhookRemoved => self.pick("删除网络钩子", "removed webhook"),
            Act::BackupStarted => self.pick("开始备份", "started a backup"),
            Act::MailTested => self.pick("测试邮件", "tested mail"),
            Act::FirstContactChanged => self.pick("修改陌生人消息规则", "changed rule for strangers"),
        }
    }
}
