//! What one can do with a message.

use super::Text;

words! {
    only cfg!(feature = "ssr");
    Words {
        title: "这条消息", "Message";
        acts: "可以做的事", "What you can do";
        reply: "回复", "Reply";
        copy: "复制文字", "Copy text";
        link: "复制链接", "Copy link";
        to_link: "在对话里查看", "Show in the conversation";
        edit: "编辑", "Edit";
        edit_text: "新的内容", "New text";
        edit_hint: "改动会标出来，之前的内容别人看不到。", "The change is marked; nobody is shown the old text.";
        recall: "撤回", "Recall";
        edit_again: "重新编辑", "Edit again";
        forward: "转发", "Forward";
        forward_to: "转发到", "Forward to";
        forward_hint: "会写明是谁说的。", "It says whose words they are.";
        forward_none: "你还没有别的房间可以转发。", "There is no room you could forward it to.";
        hide: "为我删除", "Delete for me";
        hide_hint: "只有你看不到，别人还能看到。", "Only you stop seeing it.";
        hidden: "已为你删除。", "Deleted for you.";
        show: "恢复显示", "Show again";
        react: "回应", "React";
        react_other: "其他表情", "Another emoji";
        react_add: "添加", "Add";
        details: "详情", "Details";
        who: "谁回应了", "Who reacted";
        edited: "已编辑", "Edited";
    }
}

impl Text {
    pub fn react_with(&self, emoji: &str) -> String {
        self.pick(format!("用 {emoji} 回应"), format!("React with {emoji}"))
    }

    pub fn unreact(&self, emoji: &str) -> String {
        self.pick(format!("取消 {emoji}"), format!("Take {emoji} back"))
    }

    /// Beside `@all`, before it is chosen.
    pub fn n_notified(&self, n: u32) -> String {
        let word = self.plural(n.into(), "person", "people");
        self.pick(format!("通知 {n} 人"), format!("tells {n} {word}"))
    }
}
