//! The list of rooms.

use super::Text;

words! {
    only cfg!(feature = "site");
    Words {
        title: "房间", "Rooms";
        site: "进房间聊天、看图片墙，主持人做什么，大家同时看到。", "Rooms to talk in, with pictures on the wall: what the host shows, everybody sees at once.";
        empty: "还没有你能看到的房间。收到邀请了吗？", "There is no room for you to see yet. Were you invited to one?";
        empty_admin: "还没有房间。用邀请进入一个，或者新建一个，就可以开始聊天和挂图片。", "No rooms yet. Join one you were invited to, or create one to start talking and hanging pictures.";
        create: "新建房间", "New room";
        archived: "已归档", "Archived";
        archived_rooms: "归档的房间", "Archived rooms";
        draft: "[草稿]", "[Draft]";
        quiet: "还没有消息", "No messages yet";
        guests_hint: "登录后可以发言，也能看到更多房间。", "Sign in to write, and to see more rooms.";
        public: "公开", "Public";
        open: "站内", "Open";
        shut: "未开放", "Closed";
        private: "私密", "Private";
        more: "更多", "More";
        mark_all: "全部标为已读", "Mark all as read";
        marked_all: "已全部标为已读。", "All rooms are marked as read.";
        mark_read: "标为已读", "Mark as read";
        mark_unread: "标为未读", "Mark as unread";
        copy_link: "复制链接", "Copy link";
        level: "提醒", "Notify me of";
        level_everything: "全部消息", "Everything";
        level_mentions: "仅提到我", "Mentions";
        level_nothing: "不提醒", "Nothing";
        level_hidden: "隐藏房间", "Hide the room";
        muted: "不提醒", "Muted";
        hidden_rooms: "隐藏的房间", "Hidden rooms";
        find: "按名称查找房间", "Find a room by name";
        no_match: "没有匹配的房间", "No matching room";
        join: "用邀请进入房间", "Join with an invitation";
        invitation: "邀请码或链接", "Invitation code or link";
        invitation_hint: "粘贴收到的邀请链接、邀请码，或房间的地址；二维码用手机相机扫。", "Paste the invitation link or code you were given, or a room's address. Scan a QR code with your phone's camera.";
        go_in: "进入", "Go there";
        pin: "置顶", "Pin to the top";
        unpin: "取消置顶", "Unpin";
        pinned: "已置顶", "Pinned";
        find_people: "找人聊天", "Find people";
    }
}

impl Text {
    /// `3 条未读`, for screen readers beside the badge.
    pub fn n_unread(&self, n: u32) -> String {
        self.pick(format!("{n} 条未读"), format!("{n} unread"))
    }

    /// `2 条提到你`, beside the number of all.
    pub fn n_mentions(&self, n: u32) -> String {
        self.pick(format!("{n} 条提到你"), format!("{n} {} you", self.plural(n.into(), "mentions", "mention")))
    }

    /// How many are in a room right now.
    pub fn n_present(&self, n: u32) -> String {
        self.pick(format!("{n} 人在场"), format!("{n} here now"))
    }

    /// `小明：晚上见`
    pub fn said(&self, author: &str, words: &str) -> String {
        self.pick(format!("{author}：{words}"), format!("{author}: {words}"))
    }
}
