//! The list of rooms.

use super::Text;

words! {
    only cfg!(feature = "site");
    Words {
        title: "房间", "Rooms";
        site: "进房间聊天、看图片墙，主持人做什么，大家同时看到。", "Rooms to talk in, with pictures on the wall: what the host shows, everybody sees at once.";
        empty: "还没有你能看到的房间。", "There is no room for you to see yet.";
        empty_admin: "还没有房间。建一个，就可以开始聊天和挂图片。", "No rooms yet. Create one to start talking and hanging pictures.";
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
        chats: "私聊", "Private chats";
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
