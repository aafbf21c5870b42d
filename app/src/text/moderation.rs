//! Moderation: what hosts do, and how people may write.

use super::Text;
use domain::moderation::{FOR_GOOD, MuteFor, Posting};
use domain::sign_in::SecondSignIn;

words! {
    only cfg!(feature = "site");
    Words {
        title: "管理发言", "Moderation";
        lead: "决定谁能发言、怎样发言。改动马上生效，房间里的人都会看到原因。", "Decide who may write and how. Changes hold at once, and people here are told why.";
        who_writes: "谁能发言", "Who may write";
        everyone: "所有人", "Everyone";
        everyone_hint: "能看到房间并已登录的人都能发言，发言后成为成员。", "Whoever sees the room and is signed in; they become members by writing.";
        members: "只有成员", "Members only";
        members_hint: "新来的人只能看，可以申请加入，由主持人决定。", "Newcomers only read; they can ask to join, and hosts decide.";
        hosts: "只有主持人", "Hosts only";
        hosts_hint: "用于通知：其他人只能看。", "For announcements: everybody else only reads.";
        slow: "慢速模式（秒）", "Slow mode (seconds)";
        slow_hint: "同一个人两条消息之间至少隔多久，最多 3600；默认 0，不限。主持人不受限。", "Least time between two messages of one person, at most 3600. Default: 0, none. Hosts are exempt.";
        hold: "发言前由主持人通过", "Hosts approve what is said";
        hold_hint: "成员的消息先进入待审队列，通过后大家才能看到。默认关闭。", "Members' messages wait in a queue and are seen once approved. Default: off.";
        files: "成员可以发送文件", "Members may send files";
        files_hint: "不勾选时，只有主持人能发送文件和图片。默认开启。", "If not, only hosts send files and pictures. Default: on.";
        recall_for: "可撤回自己消息的时间（秒）", "Time to recall one's own message (seconds)";
        recall_hint: "最多 86400，默认 120；0 为不能撤回。主持人随时可以撤回任何消息。", "At most 86400, 0 for never. Default: 120. Hosts recall any message at any time.";
        edit_for: "可修改自己消息的时间（秒）", "Time to change one's own message (seconds)";
        edit_hint: "最多 86400，默认 900；0 为不能修改。", "At most 86400, 0 for never. Default: 900.";
        second: "已在别的设备上进入的人再次进入", "Somebody comes in who is here on another device";
        second_hint: "对之后进来的人生效。管理员不会被强制顶替。默认跟随站点。", "Holds for whoever comes from now on. Administrators are not put out by force. Default: as the site has it.";
        second_allow: "跟随站点", "As the site has it";
        second_allow_hint: "登录时按站点的设置处理，这里不再限制。", "The site's policy decides when they sign in; nothing more is asked here.";
        second_ask: "询问", "Ask";
        second_ask_hint: "后来的设备可以选择在这里进入，并离开另一台。", "The newcomer may come in here and leave it there.";
        second_refuse: "拒绝", "Refuse";
        second_refuse_hint: "另一台设备还在房间里时，后来的进不来。", "Nobody comes in while the other device is here.";
        second_replace: "顶替", "Replace";
        second_replace_hint: "后来的设备进入，另一台离开房间并看到原因。", "The newcomer comes in; the other device leaves the room and is told why.";
        is_edit: "修改已发的消息", "Changes what was said";
        words: "屏蔽词", "Blocked words";
        words_hint: "每行一个，最多 300 个。全半角、大小写、空格、符号、看不见的字符和繁简体都会识别。默认没有。", "One on a line, at most 300. Width, case, blanks, signs, invisible characters and traditional forms make no difference. Default: none.";
        words_hold: "含有这些词的消息等待主持人通过，而不是直接拒绝", "Messages with them wait for approval instead of being refused";
        site_words: "全站屏蔽词", "Blocked words of the site";
        site_words_lead: "在所有房间里生效。主持人还可以为自己的房间添加。", "They hold in every room. Hosts may add others for theirs.";
        restricted: "受限的人", "Restricted people";
        nobody: "没有人被禁言或封禁。", "Nobody is muted or banned.";
        unmute: "解除禁言", "Unmute";
        unban: "解除封禁", "Unban";
        banned: "已封禁", "Banned";
        queue: "待处理", "Waiting for approval";
        requests: "申请加入", "Requests to join";
        requests_empty: "没有人申请加入。", "Nobody is asking to join.";
        let_in: "同意", "Let in";
        held: "待审消息", "Messages";
        queue_lead: "键盘：J、K 上下移动，A 通过，D 拒绝，M 拒绝消息并禁言 10 分钟，? 列出这些键。", "Keys: J and K move, A approves, D declines, M declines a message and mutes for 10 minutes, ? lists them.";
        queue_empty: "没有待审消息。", "Nothing is waiting.";
        approve: "通过", "Approve";
        decline: "拒绝", "Decline";
        decline_mute: "拒绝并禁言", "Decline and mute";
        message: "这条消息", "This message";
        reason: "原因", "Reason";
        reason_hint: "本人会看到，也写进操作记录。", "They are told, and it stands in the audit trail.";
        recall: "撤回", "Recall";
        mute_10m: "禁言 10 分钟", "Mute 10 min";
        mute_1h: "禁言 1 小时", "Mute 1 h";
        mute_good: "一直禁言", "Mute for good";
        kick: "移出房间", "Remove from room";
        ban: "封禁", "Ban";
        clear_5: "清除最近 5 分钟的消息", "Clear last 5 min";
        clear_60: "清除最近 1 小时的消息", "Clear last hour";
        above: "不能处理主持人和管理员，只能撤回他们的消息。", "Hosts and administrators cannot be muted or removed, only their messages recalled.";
    }
}

impl Text {
    /// What stands in the place of a message that was taken back.
    pub fn recalled(&self, name: &str) -> String {
        self.pick(format!("{name} 撤回了一条消息"), format!("{name} recalled a message"))
    }

    pub fn n_to_approve(&self, n: u32) -> String {
        self.pick(format!("{n} 条待审"), format!("{n} waiting for approval"))
    }

    pub fn n_asking(&self, n: u32) -> String {
        self.pick(format!("{n} 人申请加入"), format!("{n} asking to join"))
    }

    pub fn mute_for(&self, length: MuteFor) -> &'static str {
        let words = self.moderation;
        match length {
            MuteFor::TenMinutes => words.mute_10m,
            MuteFor::Hour => words.mute_1h,
            MuteFor::Good => words.mute_good,
        }
    }

    pub fn posting(&self, posting: Posting) -> (&'static str, &'static str) {
        let words = self.moderation;
        match posting {
            Posting::Everyone => (words.everyone, words.everyone_hint),
            Posting::Members => (words.members, words.members_hint),
            Posting::Hosts => (words.hosts, words.hosts_hint),
        }
    }

    pub fn second(&self, policy: SecondSignIn) -> (&'static str, &'static str) {
        let words = self.moderation;
        match policy {
            SecondSignIn::Allow => (words.second_allow, words.second_allow_hint),
            SecondSignIn::Ask => (words.second_ask, words.second_ask_hint),
            SecondSignIn::Refuse => (words.second_refuse, words.second_refuse_hint),
            SecondSignIn::Replace => (words.second_replace, words.second_replace_hint),
        }
    }

    /// Until when somebody is muted.
    pub fn muted_until(&self, until: i64, now: i64, tz: i32) -> String {
        if until >= FOR_GOOD {
            return self.pick("一直禁言", "Muted for good").to_owned();
        }
        let until = format!("{} {}", self.date(until, now, tz), self.clock(until, tz));
        self.pick(format!("禁言到 {until}"), format!("Muted until {until}"))
    }
}
