//! Inside a room: conversation, wall, people, managing pictures.

use super::Text;
use domain::Problem;
use domain::gate::{GateView, Opening, Phase};
use domain::join_request::Asked;

words! {
    Words {
        chat: "聊天", "Chat";
        pictures: "图片", "Pictures";
        members: "成员", "People";
        host: "主持人", "Host";
        you: "你", "you";
        here_now: "在场", "Here now";
        away: "不在场", "Away";
        wall: "图片墙", "Wall";
        wall_empty: "还没有图片", "No pictures yet";
        wall_empty_host: "还没有图片。添加后，房间里的每个人马上就能看到。", "No pictures yet. Whatever you add is seen by everybody in the room at once.";
        join: "进入房间", "Join room";
        leave: "退出房间", "Leave room";
        views: "视图", "Views";
        composer: "输入消息", "Write a message";
        attach: "添加文件", "Attach files";
        describe_files: "图片内容，给看不见图片的人：按文件顺序，每行一张", "What the pictures show, for those who cannot see them: a line for each, in their order";
        send: "发送", "Send";
        everyone: "所有人", "all";
        quote_gone: "原消息已撤回", "The message was recalled";
        sending: "发送中…", "Sending…";
        failed: "发送失败", "Not sent";
        retry_all: "全部重试", "Retry all";
        delete_all: "全部删除", "Delete all";
        sign_in_to_write: "登录后发言", "Sign in to write";
        archived: "这个房间已归档，只能阅读。", "This room is archived: it can be read, and nothing new is taken.";
        earlier: "更早的消息", "Earlier messages";
        later: "更晚的消息", "Later messages";
        day: "跳到某一天", "Go to a day";
        go_to_day: "跳转", "Go";
        save_talk: "导出聊天记录", "Export this conversation";
        load_failed: "没能加载。", "That could not be loaded.";
        back_to_latest: "返回最新", "Back to latest";
        jump_latest: "跳到最新", "Jump to latest";
        jump_unread: "跳到未读", "Jump to unread";
        new_line: "新消息", "New messages";
        empty_talk: "还没有消息。说第一句吧。", "Nothing has been said yet. Be the first.";
        empty_talk_guest: "还没有消息。", "Nothing has been said yet.";
        many_typing: "多人正在输入…", "Several people are typing…";
        lost: "连接中断，正在重连…", "Connection lost, reconnecting…";
        offline: "设备没有网络。可以继续写，联网后自动发送。", "Your device is offline. Keep writing; it is sent when you are back.";
        restarting: "服务器正在重启，马上回来…", "The server is restarting, back in a moment…";
        retry_now: "立即重试", "Retry now";
        restored: "已恢复", "Back online";
        reloaded: "已重新加载", "Reloaded";
        edit_declined: "主持人没有通过你的修改，消息保持原样。", "A host did not approve your change; the message stays as it was.";
        new_version: "有新版本 · 刷新", "New version · Refresh";
        outdated: "页面版本太旧，请刷新。草稿会保留。", "This page is too old for the server. Refresh; your draft is kept.";
        signed_out: "你已在别处退出登录。草稿会保留。", "You were signed out elsewhere. Your draft is kept.";
        replaced: "你的账号已在另一处登录。草稿会保留。", "Your account was signed in elsewhere. Your draft is kept.";
        sign_in_again: "重新登录", "Sign in again";
        gone: "你已不能进入这个房间。", "This room is no longer open to you.";
        gate_away: "主持人不在线", "Host is away";
        gate_host: "等待主持人", "Waiting for the host";
        gate_closed: "房间现在没有开放", "The room is closed at the moment";
        gate_over: "活动已经结束", "This is over";
        gate_waiting: "开始后自动进入，不用刷新。", "You will enter automatically when it opens.";
        previous: "上一张", "Previous";
        next: "下一张", "Next";
        zoom_in: "放大", "Zoom in";
        zoom_out: "缩小", "Zoom out";
        download: "下载", "Download";
        picture_gone: "这张图片已被移除。", "This picture was removed.";
        next_one: "看下一张", "See the next one";
        [hosts]
        gate_shut: "关闭房间", "Close the room";
        gate_open: "开放房间", "Open the doors";
        add_title: "添加图片", "Add pictures";
        moderate: "处理", "Moderate";
        reply: "回复", "Reply";
        react: "回应", "React";
        ask_to_join: "申请加入", "Ask to join";
        ask_words: "给主持人的留言", "A line for the hosts";
        let_in: "主持人同意了，你可以发言了。", "A host let you in. You can write now.";
        settings: "房间设置", "Room settings";
        manage_pictures: "管理图片", "Manage pictures";
        use_as_cover: "等待时展示这张", "Show it to those who wait";
        add_files: "选择文件", "Choose files";
        add_hint: "可多选，也可以粘贴或拖进来。PNG、JPEG、GIF、WebP，每张最大 20 MB。", "Several at once; or paste, or drop them here. PNG, JPEG, GIF or WebP, 20 MB each at most.";
        add_upload: "上传", "Upload";
        add_url: "图片地址", "Address of a picture";
        add_url_hint: "只获取一次，存到这里，不会外链。", "Fetched once and stored here, never hot-linked.";
        add_fetch: "获取", "Fetch";
        caption: "说明", "Caption";
        alt: "替代文字", "Alternative text";
        alt_hint: "写给看不到图片的人。", "For those who cannot see it.";
        order: "序号", "Order number";
        order_hint: "越大显示越靠前。", "Larger is shown first.";
        replace: "替换文件", "Replace file";
        edit: "编辑", "Edit";
        to_front: "置顶", "To top";
        up: "上移", "Up";
        down: "下移", "Down";
        position: "位置", "Position";
        move_to: "移到", "Move";
        drag: "拖动排序", "Drag to reorder";
        drag_hint: "按空格拿起，用方向键移动，再按空格放下，按 Esc 还原。", "Press Space to lift, arrow keys to move, Space to drop, Esc to put it back.";
        drop_here: "松开即可添加到", "Drop to add to";
        preview: "查看房间", "See as viewers do";
        order_changed: "别人刚改了顺序，已按最新顺序显示。", "Somebody else changed the order just now; this is the latest.";
        uploads: "上传", "Uploads";
        processing: "处理中…", "Processing…";
        waiting: "等待中", "Waiting";
        upload_done: "已添加", "Added";
        upload_lost: "没有传完，网络断了。", "The upload was cut off by the network.";
    }
}

impl Text {
    /// Why one who may only read cannot write, and how it stands with what they asked.
    pub fn asked(&self, asked: Asked) -> String {
        match asked {
            Asked::Not => self.problem(&Problem::MembersOnly),
            Asked::Waiting => self
                .pick(
                    "已申请加入，等待主持人决定。同意后就能发言。",
                    "You have asked to join. Once a host agrees, you can write.",
                )
                .to_owned(),
            Asked::Declined { wait_ms } => {
                let wait = self.wait(wait_ms);
                self.pick(
                    format!("主持人没有同意你加入。{wait}后可以再次申请。"),
                    format!("A host declined your request to join. You can ask again in {wait}."),
                )
            }
        }
    }

    /// Why somebody is not let in yet.
    pub fn why_shut(&self, gate: GateView, now: i64, tz: i32) -> String {
        match (gate.opening, gate.phase, gate.opens_at.filter(|at| *at > now)) {
            (_, _, Some(at)) => self.starts(at, gate.closes_at, now, tz),
            (_, _, None) if gate.is_over(now) => self.room.gate_over.to_owned(),
            (Opening::Host, Phase::Doors, None) => self.room.gate_host.to_owned(),
            (Opening::Host, _, None) => self.room.gate_away.to_owned(),
            _ => self.room.gate_closed.to_owned(),
        }
    }

    fn starts(&self, at: i64, end: Option<i64>, now: i64, tz: i32) -> String {
        let (when, minutes) = (self.moment(at, tz), (at - now + 59_999) / 60_000);
        let mut sentence = self.pick(format!("{when} 开始"), format!("Starts on {when}"));
        if minutes <= 60 {
            sentence += &self.pick(format!("，还有 {minutes} 分钟"), format!(", in {minutes} min"));
        }
        if let Some(end) = end {
            let is_that_day = self.date(at, at, tz) == self.date(end, at, tz);
            let end = if is_that_day { self.clock(end, tz) } else { self.moment(end, tz) };
            sentence += &self.pick(format!("，{end} 结束"), format!(", until {end}"));
        }
        sentence
    }

    pub fn n_waiting(&self, n: u32) -> String {
        self.pick(format!("{n} 人在等待"), format!("{n} waiting"))
    }

    pub fn phase(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Closed => self.pick("已关闭", "Closed"),
            Phase::Doors => self.pick("等待开始", "Waiting to begin"),
            Phase::Live => self.pick("开放中", "Open"),
            Phase::Grace => self.pick("主持人离开，暂时保持开放", "Open for now: the host is away"),
        }
    }

    /// `↓ 12 条新消息`
    pub fn n_new_messages(&self, n: u32) -> String {
        let word = self.plural(n.into(), "new message", "new messages");
        self.pick(format!("{n} 条新消息"), format!("{n} {word}"))
    }

    /// `2 张新图片`
    pub fn n_new_pictures(&self, n: usize) -> String {
        let word = self.plural(n as i64, "new picture", "new pictures");
        self.pick(format!("{n} 张新图片"), format!("{n} {word}"))
    }

    /// After a gap: how much was missed.
    pub fn caught_up(&self, n: u32) -> String {
        if n == 0 {
            return self.room.restored.to_owned();
        }
        let word = self.plural(n.into(), "message", "messages");
        self.pick(format!("已恢复，补上 {n} 条"), format!("Back online, {n} {word} caught up"))
    }

    pub fn next_try(&self, seconds: i64) -> String {
        self.pick(format!("{seconds} 秒后重试。"), format!("Next try in {seconds} s."))
    }

    /// Over a text that is too long by `n`, or how much is left.
    pub fn characters_over(&self, n: usize) -> String {
        self.pick(format!("超出 {n} 个字符"), format!("{n} too many"))
    }

    pub fn characters_left(&self, n: usize) -> String {
        self.pick(format!("还可输入 {n} 个字符"), format!("{n} left"))
    }

    /// Own messages that failed.
    pub fn n_unsent(&self, n: usize) -> String {
        self.pick(format!("{n} 条未发送"), format!("{n} not sent"))
    }

    /// When a message was changed last.
    pub fn edited(&self, clock: &str) -> String {
        self.pick(format!("{clock} 已编辑"), format!("edited {clock}"))
    }

    /// Over what somebody else said.
    pub fn forwarded(&self, name: &str, room: Option<&str>) -> String {
        let from = room.map_or_else(|| name.to_owned(), |room| format!("{name} · {room}"));
        self.pick(format!("转发自 {from}"), format!("Forwarded from {from}"))
    }

    /// One or two who are writing; more are not named.
    pub fn typing(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [one] => self.pick(format!("{one} 正在输入…"), format!("{one} is typing…")),
            [one, two] => self.pick(format!("{one} 和 {two} 正在输入…"), format!("{one} and {two} are typing…")),
            _ => self.room.many_typing.to_owned(),
        }
    }

    /// The first line of a room's history.
    pub fn room_began(&self, title: &str, when: &str) -> String {
        self.pick(format!("“{title}”从 {when} 开始"), format!("“{title}” began on {when}"))
    }

    pub fn guests(&self, n: u32) -> String {
        let word = self.plural(n.into(), "guest", "guests");
        self.pick(format!("另有 {n} 位访客"), format!("and {n} {word}"))
    }

    /// `3 / 20`, for the eye.
    pub fn n_of(&self, n: usize, of: usize) -> String {
        format!("{n} / {of}")
    }

    /// `图片 3，共 20 张`: a picture without words of its own.
    pub fn picture_n_of(&self, n: usize, of: usize) -> String {
        self.pick(format!("第 {n} 张图片，共 {of} 张"), format!("Picture {n} of {of}"))
    }

    /// What is spoken at every step of a move by keyboard.
    pub fn lifted(&self, name: &str, n: usize, of: usize) -> String {
        self.pick(format!("已拿起 {name}，第 {n} 位，共 {of}"), format!("{name} lifted, position {n} of {of}"))
    }

    pub fn moved_to(&self, name: &str, n: usize, of: usize) -> String {
        self.pick(format!("{name}，第 {n} 位，共 {of}"), format!("{name}, position {n} of {of}"))
    }

    pub fn dropped(&self, name: &str, n: usize, of: usize) -> String {
        self.pick(format!("{name} 已放下，第 {n} 位，共 {of}"), format!("{name} dropped, position {n} of {of}"))
    }

    pub fn put_back(&self, name: &str) -> String {
        self.pick(format!("{name} 已放回原处"), format!("{name} put back"))
    }

    pub fn n_pictures(&self, n: usize) -> String {
        let word = self.plural(n as i64, "picture", "pictures");
        self.pick(format!("{n} 张图片"), format!("{n} {word}"))
    }

    pub fn cancel_upload(&self, file: &str) -> String {
        self.pick(format!("取消 {file}"), format!("Cancel {file}"))
    }

    /// Limit and size of a file that is too large.
    pub fn file_too_large(&self, limit: u64, size: u64) -> String {
        let (limit, size) = (self.bytes(limit), self.bytes(size));
        self.pick(format!("最大 {limit}，这张 {size}。"), format!("Limit {limit}, this one is {size}."))
    }
}
