//! Webhooks. Not among the tables of [`Text`]: no program of the browser needs them.

use super::{Lang, Text};
use domain::webhook::{DeliveryState, Outcome, Pause, SendFault, TEST};

words! {
    only cfg!(feature = "ssr");
    Words {
        title: "网络钩子", "Webhooks";
        lead: "房间里发生的事，会由服务器签名后发送到你填写的地址。", "What happens in this room is sent, signed, to the addresses you enter.";
        none: "还没有网络钩子。添加一个地址，其他网站就能知道房间里发生了什么。", "No webhooks yet. Add an address, and another site hears what happens in this room.";
        add: "添加网络钩子", "Add a webhook";
        url: "地址", "Address";
        url_hint: "公网上的 http 或 https 地址，端口 80 或 443。", "A public address with http or https, on port 80 or 443.";
        events: "发送哪些事件", "Which events";
        events_hint: "一个都不选，就全部发送。", "Choose none to send all of them.";
        all_events: "全部事件", "All events";
        made: "这是新的密钥，用来核对签名。它只显示这一次，请现在复制。", "Your new secret, for checking signatures. It is shown only once, so copy it now.";
        secret: "密钥", "Secret";
        sending: "发送中", "Sending";
        by_host: "已暂停", "Paused";
        by_receiver: "对方已停用", "Ended by its address";
        by_receiver_hint: "那个地址回答 410：不再接收。恢复后会从停下的地方继续。", "Its address answered 410: it wants no more. Resume it to go on where it stood.";
        by_owner: "已停止", "Stopped";
        by_owner_hint: "添加它的人不再主持这个房间。恢复后由你负责，从停下的地方继续。", "Whoever added it no longer hosts this room. Resume it to go on where it stood, in your name.";
        old_secret: "旧密钥有效期到", "The old secret is good until";
        added_by: "添加者", "Added by";
        test: "发送测试", "Send test";
        pause: "暂停", "Pause";
        resume: "恢复", "Resume";
        rotate: "更换密钥", "New secret";
        remove: "删除", "Remove";
        change: "修改", "Change";
        log: "最近的投递", "Last deliveries";
        no_log: "还没有发送过。", "Nothing was sent yet.";
        more: "全部投递与设置", "All deliveries and settings";
        all_webhooks: "所有网络钩子", "All webhooks";
        older: "更早", "Older";
        newest: "最近", "Newest";
        pages: "翻页", "Pages";
        replay: "重新发送", "Send again";
        waiting: "等待中", "Waiting";
        delivered: "已送达", "Delivered";
        failed: "失败", "Failed";
        next: "下次尝试", "Next attempt";
        test_event: "测试", "Test";
    }
}

impl Text {
    pub fn webhook(&self) -> &'static Words {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    /// What happened, by the name of its event.
    pub fn event_kind(&self, kind: &str) -> &'static str {
        match kind {
            "said" => self.pick("消息", "Messages"),
            "recalled" => self.pick("撤回消息", "Recalled messages"),
            "edited" => self.pick("编辑消息", "Edited messages"),
            "reacted" => self.pick("表情回应", "Reactions"),
            "joined" => self.pick("加入", "People who join"),
            "left" => self.pick("离开", "People who leave"),
            "role_changed" => self.pick("角色变化", "Changed roles"),
            "room_changed" => self.pick("房间设置变化", "Changed room"),
            "gate_changed" => self.pick("入场变化", "Entry"),
            "stage_changed" => self.pick("台上内容变化", "Stage"),
            "picture_added" => self.pick("新图片", "New pictures"),
            "picture_changed" => self.pick("修改图片", "Changed pictures"),
            "picture_removed" => self.pick("取下图片", "Removed pictures"),
            "picture_moved" => self.pick("移动图片", "Moved pictures"),
            "wall_spread" => self.pick("移动图片并调整相邻图片", "Moved pictures, with their neighbours"),
            "wall_renumbered" => self.pick("重排图片墙", "Wall in a new sequence"),
            "held_changed" => self.pick("未展示的图片变化", "Pictures held back"),
            TEST => self.webhook().test_event,
            _ => self.webhook().all_events,
        }
    }

    /// How a webhook is, in a word; and what can be done about it.
    pub fn paused_webhook(&self, paused: Option<Pause>) -> (&'static str, Option<&'static str>) {
        let w = self.webhook();
        match paused {
            None => (w.sending, None),
            Some(Pause::Host) => (w.by_host, None),
            Some(Pause::Gone) => (w.by_receiver, Some(w.by_receiver_hint)),
            Some(Pause::Owner) => (w.by_owner, Some(w.by_owner_hint)),
        }
    }

    pub fn delivery_state(&self, state: DeliveryState) -> &'static str {
        let w = self.webhook();
        match state {
            DeliveryState::Waiting => w.waiting,
            DeliveryState::Done => w.delivered,
            DeliveryState::Failed => w.failed,
        }
    }

    /// `200 · 35 ms`, or why nobody answered.
    pub fn outcome(&self, outcome: &Outcome) -> String {
        let why = match outcome.answer {
            Ok(status) => status.to_string(),
            Err(fault) => self.send_fault(fault).to_owned(),
        };
        format!("{why} · {} ms", outcome.ms)
    }

    fn send_fault(&self, fault: SendFault) -> &'static str {
        match fault {
            SendFault::Address => self.pick("不是可用的地址", "not an address that can be asked"),
            SendFault::Private => self.pick("地址指向内部网络", "leads into a private network"),
            SendFault::NoAnswer => self.pick("没有响应", "nobody answers"),
            SendFault::TimedOut => self.pick("超时", "took too long"),
            SendFault::NoEvent => self.pick("事件已不存在", "the event is gone"),
        }
    }

    pub fn attempts(&self, n: u32) -> String {
        self.pick(format!("尝试 {n} 次"), format!("{n} {}", self.plural(n.into(), "attempt", "attempts")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;
    use domain::webhook::KINDS;

    #[test]
    fn every_event_has_a_name_of_its_own() {
        for lang in Lang::ALL {
            let mut names: Vec<&str> =
                KINDS.iter().chain(&[TEST, "?"]).map(|kind| text(lang).event_kind(kind)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), KINDS.len() + 2);
        }
    }

    #[test]
    fn what_an_attempt_came_to() {
        let outcome = |answer| Outcome { answer, ms: 35, text: String::new() };
        assert_eq!(text(Lang::En).outcome(&outcome(Ok(204))), "204 · 35 ms");
        assert_eq!(text(Lang::Zh).outcome(&outcome(Err(SendFault::NoAnswer))), "没有响应 · 35 ms");
        assert_eq!(text(Lang::En).attempts(1), "1 attempt");
    }
}
