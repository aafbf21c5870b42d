//! The visitor's own account.

use super::Text;

words! {
    only cfg!(feature = "site");
    Words {
        title: "我的账号", "My account";
        profile: "个人资料", "Profile";
        privacy: "隐私与黑名单", "Privacy and blocking";
        sign_in_name: "用户名", "User name";
        sign_in_name_hint: "登录和 @ 用的名字，不能修改。", "Used to sign in and to mention you; it stays.";
        role_admin: "管理员", "Administrator";
        role_member: "成员", "Member";
        password: "修改密码", "Change password";
        password_lead: "修改后，其他设备会退出登录。", "Other devices are signed out when you change it.";
        old_password: "现在的密码", "Current password";
        new_password: "新密码", "New password";
        change: "修改密码", "Change password";
        changed: "密码已修改，其他设备已退出登录。", "Password changed. Other devices were signed out.";
        sessions: "已登录的设备", "Signed-in devices";
        sessions_lead: "不认识的设备，请让它退出登录并修改密码。", "If you do not recognise one, sign it out and change your password.";
        this_device: "当前设备", "This device";
        opens: "打开房间时显示", "Rooms open at";
        opens_unread: "第一条未读", "First unread";
        enter: "写消息时按 Enter", "While you write, Enter";
        enter_sends: "发送", "Sends";
        enter_breaks: "换行，Ctrl+Enter 发送", "New line; Ctrl+Enter sends";
        opens_newest: "最新消息", "Newest message";
        notices: "通知", "Notifications";
        notices_lead: "在哪些设备上收到通知，什么时候不打扰。", "On which devices you are notified, and when not.";
        notices_open: "通知设置", "Notification settings";
        end_session: "让它退出登录", "Sign it out";
    }
}

impl Text {
    /// When a device was last seen; `when` is relative.
    pub fn last_seen(&self, when: &str) -> String {
        self.pick(format!("最近活动：{when}"), format!("Last active {when}"))
    }
}
