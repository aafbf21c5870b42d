//! People as others find them, privacy, blocking and reporting: pages of links and forms. Apart
//! from [`Text`]'s other tables, so that no program of the browser has these words.

use super::Text;

words! {
    Words {
        title: "用户", "People";
        find: "按名字查找", "Find by name";
        nobody: "还没有别人。", "Nobody else yet.";
        chat: "私聊", "Private chat";
        blocked: "已拉黑", "Blocked";
        block: "拉黑", "Block";
        block_lead: "之后收不到对方的私聊消息，对方也看不到你是否在线。对方不会知道。", "You get no more private messages from them, and they do not see whether you are online. They are not told.";
        unblock: "取消拉黑", "Unblock";
        unblock_lead: "对方又可以给你发私聊消息。", "They can send you private messages again.";
        report: "举报", "Report";
        privacy: "隐私", "Privacy";
        privacy_lead: "你不让别人知道的，你也看不到别人的。", "What you keep from others you do not see of them either.";
        presence: "让别人看到我是否在线和最近在线时间", "Let others see whether I am online and when I was last here";
        receipts: "让别人看到我读过他们的私聊消息", "Let others see that I have read their private messages";
        listed: "在用户列表中显示我", "Show me in the list of people";
        listed_hint: "不显示时，知道你用户名的人仍然可以找到你。", "If not, those who know your user name still find you.";
        black_list: "黑名单", "Blocked people";
        nobody_blocked: "你没有拉黑任何人。", "You have blocked nobody.";
        report_lead: "管理员会看到这条消息、你的名字和原因。举报私聊时，对方之前的几条消息也会一起提交。", "Administrators see this message, your name and the reason. Of a private chat, their last few messages before it go along.";
        reason: "原因", "Reason";
        also_block: "同时拉黑对方", "Block them too";
        send_report: "提交举报", "Send report";
        reported: "已提交给管理员。谢谢。", "It was sent to the administrators. Thank you.";
        back: "返回", "Back";
        reports: "举报", "Reports";
        reports_lead: "别人举报的消息。管理员看不到私聊，只能看到随举报提交的内容。", "Messages that people reported. Administrators do not see private chats, only what was sent with a report.";
        open: "待处理", "Open";
        resolved: "已处理", "Resolved";
        none: "没有举报。", "No reports.";
        in_private: "私聊", "Private chat";
        no_reason: "没有写原因", "No reason given";
        resolve: "标为已处理", "Mark as resolved";
        delete_message: "撤回这条消息", "Recall message";
        mute_author: "禁言作者 10 分钟", "Mute author 10 min";
        reports_keys: "键盘：J、K 上下移动，A 标为已处理，D 撤回消息，M 禁言作者 10 分钟，? 列出这些键。", "Keys: J and K move, A marks as resolved, D recalls the message, M mutes its author for 10 minutes, ? lists them.";
        account: "查看账号", "See account";
        strangers: "陌生人消息", "Messages from strangers";
        strangers_lead: "对方回复之前，一个人最多能发多少条私聊消息。", "How many private messages somebody may send before the other one answers.";
        most: "条数", "Messages";
        most_hint: "1 到 100，默认 5。", "1 to 100. Default: 5.";
        hours: "多少小时后重新计数", "Counted anew after so many hours";
        hours_hint: "从最后一条算起，1 到 8760，默认 72。", "From the last message, 1 to 8760. Default: 72.";
    }
}

impl Text {
    pub fn private(&self) -> &'static Words {
        match self.lang {
            super::Lang::Zh => &ZH,
            super::Lang::En => &EN,
        }
    }

    /// The page on which a message of this person is reported.
    pub fn report_of(&self, name: &str) -> String {
        self.pick(format!("举报 {name} 的消息"), format!("Report a message of {name}"))
    }

    pub fn reported_by(&self, name: &str) -> String {
        self.pick(format!("{name} 举报"), format!("Reported by {name}"))
    }
}
