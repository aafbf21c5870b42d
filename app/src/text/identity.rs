//! One's own identity: steps on the way in, the address, profile, taking along and leaving.

use super::Text;

words! {
    only cfg!(feature = "site");
    Words {
        name_or_email: "用户名或邮箱", "User name or e-mail";
        email: "邮箱", "E-mail";
        email_hint: "验证码会发到这里。别人看不到你的邮箱。", "The code is sent there. Others never see it.";
        code: "邮箱验证码", "E-mail code";
        code_title: "输入验证码", "Enter the code";
        code_hint: "6 位数字，10 分钟内有效。", "6 digits, valid for 10 minutes.";
        no_mail: "没有收到？看看垃圾邮件，或者重新发送。", "Nothing came? Look among your junk mail, or have it sent again.";
        go_on: "继续", "Continue";
        checking: "正在检查…", "Checking…";
        resend: "重新发送", "Send again";
        resent: "已重新发送。", "Sent again.";
        resend_when: "可以重新发送，还要等", "You can have it sent again in";
        cancel: "取消", "Cancel";
        over_title: "请重新开始", "Begin again";
        over: "这一步已经过期，或者已经完成。", "This step has run out, or it is done already.";
        elsewhere: "你的账号已在另一处登录", "Your account is signed in elsewhere";
        elsewhere_lead: "在这里登录，会让那台设备退出登录。", "If you sign in here, that device is signed out.";
        replace: "在此登录并退出另一处", "Sign in here and sign out there";
        forgot: "忘记密码？", "Forgot your password?";
        forgot_title: "重设密码", "Reset your password";
        forgot_lead: "填写账号的邮箱，我们会发一个链接，用它设置新密码。", "Enter the e-mail of your account. You will get a link to choose a new password.";
        forgot_send: "发送链接", "Send link";
        forgot_sent: "如果有账号用这个邮箱，链接已经发出，一天内有效。", "If an account has this e-mail, the link is on its way. It works for a day.";
        forgot_none: "账号没有邮箱？请管理员给你一个链接。", "No e-mail on your account? Ask an administrator for a link.";
        about: "简介", "About";
        about_hint: "最多 200 个字符，登录的人都能看到。", "At most 200 characters, seen by everybody who is signed in.";
        portrait: "头像", "Picture";
        portrait_hint: "会裁成正方形。PNG、JPEG、GIF 或 WebP，最大 20 MB。", "Cropped to a square. PNG, JPEG, GIF or WebP, up to 20 MB.";
        portrait_save: "上传头像", "Upload picture";
        portrait_remove: "删除头像", "Remove picture";
        portrait_gone: "头像会被删除，大家看到的是你名字的首字。", "Your picture is deleted; everybody sees the first letter of your name.";
        see_profile: "查看个人主页", "See your profile";
        email_lead: "用来登录、接收验证码和重设密码。别人看不到。", "To sign in, to get codes and to reset your password. Others never see it.";
        email_now: "现在的邮箱", "Your e-mail";
        email_none: "还没有邮箱。", "No e-mail yet.";
        email_new: "新邮箱", "New e-mail";
        email_new_hint: "留空则删除现在的邮箱。", "Leave it empty to remove the one you have.";
        email_change: "修改邮箱", "Change e-mail";
        your_password: "你的密码", "Your password";
        end_others: "让其他设备都退出登录", "Sign out all other devices";
        leave: "带走数据与注销账号", "Take your data, or leave";
        take: "带走你的数据", "Take your data";
        take_lead: "一个 ZIP 文件：你的资料、你说过的话和你挂的图片。", "One ZIP file: your profile, what you said and the pictures you hung.";
        take_save: "下载", "Download";
        close: "注销账号", "Delete account";
        close_lead: "立即生效，无法恢复。资料、邮箱、头像和成员身份会删除，所有设备退出登录。说过的话和图片会留下，署名变为“已注销”。", "At once and for good. Your profile, e-mail, picture and memberships are deleted and all devices signed out. What you said and hung stays, signed “Deleted account”.";
        close_hosts: "这些房间只有你一位主持人。请先移交：", "You are the only host of these rooms. Hand them over first:";
        since: "加入时间", "Here since";
        this_is_you: "这是你", "This is you";
        edit: "修改资料", "Edit profile";
    }
}

impl Text {
    pub fn identity(&self) -> &'static Words {
        self.pick(&ZH, &EN)
    }

    /// `to` is a shortened address.
    pub fn code_lead(&self, to: &str) -> String {
        self.pick(format!("验证码已发到 {to}。"), format!("A code was sent to {to}."))
    }

    /// `device` and how long ago, in words.
    pub fn elsewhere_device(&self, device: &str, ago: &str) -> String {
        self.pick(format!("{device} · {ago}"), format!("{device} · {ago}"))
    }
}
