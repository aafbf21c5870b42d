//! People, invitations and the system: pages of links and forms. Apart from [`Text`]'s other
//! tables, so that no program of the browser has these words.

use super::Text;

words! {
    Words {
        role: "角色", "Role";
        everybody: "所有人", "Everybody";
        admins: "管理员", "Administrators";
        members_only: "成员", "Members";
        state: "状态", "State";
        any_state: "不限", "Any";
        online: "在线", "Online";
        disabled: "已停用", "Disabled";
        muted: "被禁言", "Muted";
        restricted_in: "受限的房间", "Restricted in";
        name: "名字", "Name";
        last_seen: "最近活动", "Last seen";
        since: "加入时间", "Since";
        nobody_matches: "没有匹配的人。", "Nobody matches.";
        nobody_yet: "还没有人。", "Nobody yet.";
        first_page: "回到开头", "Back to the start";
        next_page: "下一页", "Next page";
        pages: "翻页", "Pages";
        account: "账号", "Account";
        this_is_you: "这是你自己。角色和停用要由另一位管理员来改。", "This is you. Another administrator has to change your role or disable you.";
        make_admin: "设为管理员", "Make administrator";
        make_admin_lead: "管理员能管理所有房间、人员和系统，能进入并阅读每个房间，包括私密的，但看不到别人的私聊。改变后这个人要重新登录。", "Administrators run all rooms, people and the system, and can enter and read every room, private ones too, but not other people's private chats. The person has to sign in again.";
        make_member: "取消管理员", "Take administration away";
        make_member_lead: "之后只能做房间里允许的事；主持的房间仍然归这个人主持，为其他房间和网站创建的链接随即失效。改变后这个人要重新登录。", "They can then only do what rooms allow them; rooms they host stay theirs, and links they made for other rooms and the site stop working. The person has to sign in again.";
        disable: "停用账号", "Disable account";
        disable_lead: "立即退出所有设备，不能再登录，发出的邀请和投屏链接失效。说过的话和图片会保留。只有这一位主持人的房间由你接任。", "Signed out everywhere at once, cannot sign in, and their invitation and projector links stop working. What they said and hung stays. Rooms without another host become yours.";
        enable: "恢复账号", "Enable account";
        enable_lead: "可以重新登录。密码不变。", "They can sign in again. Their password is the same.";
        devices: "已登录的设备", "Signed-in devices";
        no_devices: "没有已登录的设备。", "Not signed in anywhere.";
        end_all: "全部退出登录", "Sign out everywhere";
        reset: "重置密码", "Reset password";
        reset_lead: "给这个人一个链接，自己设新密码。一天内有效，只能用一次。旧密码在那之前仍然有效。", "Give the person a link to choose a new password. It opens once, within a day. The old password works until then.";
        create_reset: "创建重置链接", "Create reset link";
        reset_made: "重置链接只显示这一次，请现在复制，并且只交给本人。", "The link is shown only once. Copy it now and give it to nobody else.";
        reset_link: "重置链接", "Reset link";
        choose_password: "设置新密码", "Choose a new password";
        choose_lead: "设置后，所有设备都会退出登录，请用新密码登录。", "All your devices are signed out then. Sign in with the new password.";
        link_gone_title: "链接已失效", "This link does not work any more";
        reset_gone: "它用过了、到期了，或者被新的链接取代了。请管理员再给你一个。", "It was used, ran out, or a newer one replaced it. Ask an administrator for another.";
        invitation: "邀请", "Invitation";
        join: "进入房间", "Join room";
        open_it: "打开房间", "Open the room";
        member_already: "你已经在这个房间里了。", "You belong to this room already.";
        sign_in_to_join: "登录后就能进入。", "Sign in to join.";
        register_to_join: "还没有账号？注册后会回到这里。", "No account yet? You will come back here.";
        join_gone: "它用完了、到期了、被作废了，或者不完整。请再要一个新的。", "It was used up, ran out, was revoked, or is not complete. Ask for a new one.";
        members_lead: "主持人管理图片墙、成员和设置。至少要有一位。", "Hosts run the wall, the members and the settings. There is always at least one.";
        find_member: "按名字查找成员", "Find a member by name";
        hand_over: "移交主持", "Hand over";
        hand_over_hint: "移交后对方成为主持人，你成为普通成员，你创建的邀请和投屏链接随即失效。", "Handing over makes the other person host, and you a member; invitations and projector links that you made stop working.";
        links: "邀请链接", "Invitation links";
        links_lead: "有链接的人登录后就能进入，私密房间也一样。链接本身只显示一次。", "Whoever has a link and signs in gets in, also into a private room. A link is shown only once.";
        links_archived: "房间已归档，不能再邀请人。", "The room is archived; nobody can be invited.";
        no_links: "没有有效的邀请链接。", "No invitation links at present.";
        uses: "可用次数", "Uses";
        expires: "有效期", "Expires";
        after_1: "1 天后", "After 1 day";
        after_7: "7 天后", "After 7 days";
        never: "不过期", "Never";
        never_ends: "不过期", "does not expire";
        create_link: "创建邀请链接", "Create invitation link";
        link_made: "新的邀请链接只显示这一次，请现在复制。", "Your new link is shown only once, so copy it now.";
        link: "邀请链接", "Invitation link";
        link_code: "邀请链接的二维码，用手机相机扫", "QR code of the invitation link, for a phone's camera";
        revoke: "作废", "Revoke";
        rooms_find: "按名称或地址查找", "Find by name or address";
        rooms_all: "全部", "All";
        rooms_living: "使用中", "In use";
        rooms_archived: "已归档", "Archived";
        rooms_none: "没有匹配的房间", "No matching room";
        last_active: "最近活动", "Last active";
        here_now: "在场", "Here now";
        system: "系统", "System";
        version: "版本", "Version";
        store: "存储", "Store";
        size: "数据大小", "Size";
        log: "未归位的日志（WAL）", "Log not yet in place (WAL)";
        disk: "磁盘剩余", "Disk left";
        uptime: "已运行", "Running for";
        connections: "实时连接", "Live connections";
        listeners: "房间里的连接", "Connections in rooms";
        delivery: "送达用时（最近 5 分钟）", "Delivery (last 5 minutes)";
        delivery_hint: "从写入磁盘到所有在场的人都收到。", "From the commit on disk until everybody who listens was told.";
        nothing_delivered: "最近没有需要送达的内容。", "Nothing was delivered lately.";
        backup: "上次备份", "Last backup";
        backup_title: "备份", "Backups";
        backup_lead: "备份是一个文件，里面是某一时刻的全部内容，写入数据目录的 backups，保留最近 3 个。里面有密码的散列和私密房间：请复制到别处，妥善保管。", "A backup is one file with everything as it is at one moment, written into the folder backups of the data folder; the last 3 stay. It holds password hashes and private rooms: take a copy elsewhere, and keep it safe.";
        back_up: "立即备份", "Back up now";
        backup_runs: "正在备份。开始：", "A backup is being made. Begun:";
        look_again: "刷新进度", "Look again";
        backup_failed: "备份没有完成。", "There is no backup.";
        backup_disk_full: "磁盘空间不够：要给系统留出 1 GB。请清理磁盘后重试。", "The disk is too full: 1 GB stays free for the house itself. Make room and try again.";
        mail: "邮件", "Mail";
        mail_folder: "没有设置邮件服务器（--smtp）。邮件写成文件，放在数据目录的 mail 里，不会送达。", "No mail server is set (--smtp). Mails become files in the folder mail of the data folder, and reach nobody.";
        mail_sent: "已发送（启动以来）", "Sent since the start";
        mail_failed: "没有发出", "Given up";
        mail_fault: "最近一次失败", "Last failure";
        mail_to: "收件邮箱", "Send a test to";
        mail_to_hint: "只试一次，最多等 12 秒，会写进操作记录。", "It is tried once, for 12 seconds at most, and stands in the audit trail.";
        mail_tested: "最近一次测试", "Last test";
        mail_test: "发送测试邮件", "Send test mail";
        mail_test_sent: "邮件服务器收下了。", "The mail server has taken it.";
        mail_test_written: "没有邮件服务器，写成了文件：", "There is no mail server; it became a file:";
        mail_test_refused: "邮件服务器拒绝了：", "The mail server refused it:";
        mail_test_failed: "没有发到邮件服务器：", "It did not reach the mail server:";
        mail_test_silent: "邮件服务器没有及时回应。", "The mail server did not answer in time.";
        no_backup: "还没有备份。", "None yet.";
        not_said: "未知", "Not known";
    }
}

impl Text {
    pub fn people(&self) -> &'static Words {
        self.pick(&ZH, &EN)
    }

    /// Who invites into which room; `by` is a name.
    pub fn invites_you(&self, by: &str) -> String {
        self.pick(format!("{by} 邀请你进入"), format!("{by} invites you to"))
    }

    /// Somebody who has gone invites.
    pub fn invited(&self) -> &'static str {
        self.pick("你收到了邀请，可以进入", "You are invited to")
    }

    pub fn by(&self, name: &str) -> String {
        self.pick(format!("由 {name} 创建"), format!("by {name}"))
    }

    /// `3 天 4 小时`: two steps are enough.
    pub fn span(&self, ms: i64) -> String {
        let minutes = ms / 60_000;
        let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
        match (days, hours) {
            (0, 0) => self.pick(format!("{minutes} 分钟"), format!("{minutes} min")),
            (0, _) => self.pick(format!("{hours} 小时 {minutes} 分钟"), format!("{hours} h {minutes} min")),
            _ => self.pick(format!("{days} 天 {hours} 小时"), format!("{days} d {hours} h")),
        }
    }

    /// Half and nearly all of the deliveries took no longer; in words that stand alone.
    pub fn delivered(&self, count: u64, p50: &str, p99: &str) -> String {
        self.pick(format!("p50 {p50}，p99 {p99}，共 {count} 次"), format!("p50 {p50}, p99 {p99}, of {count}"))
    }

    /// `size` is in words already.
    pub fn backed_up(&self, file: &str, size: &str, faults: u64) -> String {
        let whole = self.pick(format!("{file}，{size}"), format!("{file}, {size}"));
        match faults {
            0 => whole,
            n => self.pick(
                format!("{whole}。有 {n} 个文件缺失或损坏。"),
                format!("{whole}. {n} {} missing or damaged.", self.plural(n as i64, "file was", "files were")),
            ),
        }
    }
}
