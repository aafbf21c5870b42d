//! What the details of the audit trail's lines say. The trail keeps short words that never change;
//! what people wrote themselves, a reason or an address, is shown as it is.

use super::Text;
use domain::audit::{Act, AuditLine};
use domain::gate::Opening;
use domain::member::Role;
use domain::moderation::{MuteFor, Posting};
use domain::room::Visibility;
use domain::sign_in::SecondSignIn;

impl Text {
    /// A line's detail in words. `tz`: the reader's zone, minutes east of UTC.
    pub fn audit_detail(&self, line: &AuditLine, tz: i32) -> String {
        let said = line.detail.as_str();
        let words = match line.act {
            Act::RoomChanged | Act::GateChanged | Act::PolicyChanged => self.settings_changed(said, tz),
            Act::MemberAdded | Act::RoleChanged => self.role_word(said),
            Act::SiteRoleChanged => self.site_role_word(said),
            Act::Muted => self.muted_for(said),
            Act::Cleared => self.cleared(said),
            Act::InviteCreated => self.invitation_given(said),
            Act::FirstContactChanged => self.strangers_may(said),
            Act::WordsChanged => number(said).map(|n| self.n_words(n)),
            Act::SessionsEnded if said == "1" => Some(self.pick("一台设备", "one device").to_owned()),
            Act::EmbedChanged if said.is_empty() => Some(self.pick("没有站点", "no site").to_owned()),
            Act::WebhookChanged => self.webhook_changed(said),
            _ => None,
        };
        words.unwrap_or_else(|| said.to_owned())
    }

    /// `name=value` of each setting that is another one now; a name alone for words. `None` if any is
    /// not one of ours.
    fn settings_changed(&self, said: &str, tz: i32) -> Option<String> {
        let parts: Option<Vec<String>> = said.split_whitespace().map(|part| self.setting_is(part, tz)).collect();
        Some(parts?.join(self.pick("；", "; ")))
    }

    fn setting_is(&self, part: &str, tz: i32) -> Option<String> {
        let (a, m) = (self.admin, self.moderation);
        // Lines of earlier versions have the value alone.
        let (name, value) = match part.split_once('=') {
            Some(pair) => pair,
            None if Visibility::stored(part).is_some() => ("visibility", part),
            None if Opening::parse(part).is_ok() => ("opening", part),
            None => (part, ""),
        };
        let as_it_is = || Some(value.to_owned());
        let (label, value) = match name {
            "title" => (a.room_title, None),
            "about" => (a.about, None),
            "slug" => (a.slug, as_it_is()),
            "visibility" => (a.visibility, Some(self.visibility(Visibility::stored(value)?).to_owned())),
            "opening" => (a.gate_opens, Some(self.opening(Opening::parse(value).ok()?).to_owned())),
            "opens_at" => (a.opens_at, Some(self.time_set(value, tz)?)),
            "closes_at" => (a.closes_at, Some(self.time_set(value, tz)?)),
            "doors" => (a.doors, Some((number(value)? / 60).to_string())),
            "grace" => (a.grace, as_it_is()),
            "posting" => (m.who_writes, Some(self.posting(Posting::parse(value).ok()?).0.to_owned())),
            "slow" => (m.slow, as_it_is()),
            "approval" => (m.hold, Some(self.on_or_off(value)?.to_owned())),
            "recall" => (m.recall_for, as_it_is()),
            "edit" => (m.edit_for, as_it_is()),
            "second" => (m.second, Some(self.second(SecondSignIn::parse(value).ok()?).0.to_owned())),
            "files" => (m.files, Some(self.on_or_off(value)?.to_owned())),
            _ => return None,
        };
        let joint = self.pick("：", ": ");
        Some(value.map_or_else(|| label.to_owned(), |value| format!("{label}{joint}{value}")))
    }

    fn time_set(&self, value: &str, tz: i32) -> Option<String> {
        match value {
            "" => Some(self.pick("无", "none").to_owned()),
            at => Some(self.moment(at.parse().ok()?, tz)),
        }
    }

    fn on_or_off(&self, value: &str) -> Option<&'static str> {
        match value {
            "true" => Some(self.pick("开启", "on")),
            "false" => Some(self.pick("关闭", "off")),
            _ => None,
        }
    }

    fn role_word(&self, said: &str) -> Option<String> {
        let role = [Role::Host, Role::Member].into_iter().find(|role| role.as_str() == said)?;
        Some(match role {
            Role::Host => self.admin.host.to_owned(),
            Role::Member => self.admin.member.to_owned(),
        })
    }

    fn site_role_word(&self, said: &str) -> Option<String> {
        match said {
            "admin" => Some(self.me.role_admin.to_owned()),
            "member" => Some(self.me.role_member.to_owned()),
            _ => None,
        }
    }

    /// `10m`, and the reason.
    fn muted_for(&self, said: &str) -> Option<String> {
        let (length, reason) = said.split_once(' ').unwrap_or((said, ""));
        let length = match MuteFor::parse(length).ok()? {
            MuteFor::TenMinutes => self.pick("10 分钟", "for 10 minutes"),
            MuteFor::Hour => self.pick("1 小时", "for 1 hour"),
            MuteFor::Good => self.pick("一直", "for good"),
        };
        Some(with_reason(length.to_owned(), reason))
    }

    /// `5 min × 7`, and the reason.
    fn cleared(&self, said: &str) -> Option<String> {
        let (minutes, rest) = said.split_once(" min × ")?;
        let (count, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let (minutes, count) = (number(minutes)?, number(count)?);
        let word = self.plural(count, "message", "messages");
        let long = self.plural(minutes, "minute", "minutes");
        let what = self
            .pick(format!("最近 {minutes} 分钟的 {count} 条"), format!("{count} {word} of the last {minutes} {long}"));
        Some(with_reason(what, reason))
    }

    /// `5 × 7 d`, or `5 ×` for one without an end.
    fn invitation_given(&self, said: &str) -> Option<String> {
        let (uses, days) = said.split_once(" ×")?;
        let uses = number(uses)?;
        let word = self.plural(uses, "use", "uses");
        Some(match days.trim().strip_suffix(" d") {
            Some(days) => {
                let days = number(days)?;
                let long = self.plural(days, "day", "days");
                self.pick(format!("可用 {uses} 次，{days} 天内有效"), format!("{uses} {word}, for {days} {long}"))
            }
            None => self.pick(format!("可用 {uses} 次"), format!("{uses} {word}")),
        })
    }

    /// `3 / 24 h`
    fn strangers_may(&self, said: &str) -> Option<String> {
        let (most, hours) = said.strip_suffix(" h")?.split_once(" / ")?;
        let (most, hours) = (number(most)?, number(hours)?);
        let (word, long) = (self.plural(most, "message", "messages"), self.plural(hours, "hour", "hours"));
        Some(self.pick(format!("{hours} 小时内最多 {most} 条"), format!("at most {most} {word} in {hours} {long}")))
    }

    fn n_words(&self, n: i64) -> String {
        let word = self.plural(n, "word", "words");
        self.pick(format!("{n} 个词"), format!("{n} {word}"))
    }

    /// The server, with ` paused` or ` resumed`; or `secret`.
    fn webhook_changed(&self, said: &str) -> Option<String> {
        let (server, how) = match said.rsplit_once(' ') {
            Some((server, "paused")) => (server, self.pick("已暂停", "paused")),
            Some((server, "resumed")) => (server, self.pick("已恢复", "resumed")),
            None if said == "secret" => return Some(self.pick("更换密钥", "another secret").to_owned()),
            Some(_) | None => return None,
        };
        Some(with_reason(server.to_owned(), how))
    }
}

fn number(said: &str) -> Option<i64> {
    said.parse().ok()
}

fn with_reason(what: String, reason: &str) -> String {
    if reason.is_empty() { what } else { format!("{what} · {reason}") }
}

#[cfg(test)]
mod tests {
    use crate::text::{Lang, text};
    use domain::audit::{Act, AuditLine};

    fn told(act: Act, detail: &str) -> [String; 2] {
        let detail = detail.to_owned();
        let line = AuditLine { id: 1, at: 0, by: None, act, room: None, person: None, thing: None, detail };
        [Lang::Zh, Lang::En].map(|lang| text(lang).audit_detail(&line, 0))
    }

    #[test]
    fn every_detail_that_the_house_writes_is_said_in_words() {
        for (act, detail, zh, en) in [
            (Act::GateChanged, "opening=never", "什么时候可以进入：关闭", "What opens the room: Closed"),
            (Act::GateChanged, "never", "什么时候可以进入：关闭", "What opens the room: Closed"),
            (Act::GateChanged, "closes_at=", "结束时间：无", "Ends: none"),
            (Act::RoomChanged, "title visibility=private", "名称；谁能看到：私密", "Name; Who can see it: Private"),
            (Act::RoomChanged, "slug=hall", "地址：hall", "Address: hall"),
            (Act::RoomChanged, "open", "谁能看到：站内", "Who can see it: Open"),
            (
                Act::PolicyChanged,
                "posting=hosts approval=true",
                "谁能发言：只有主持人；发言前由主持人通过：开启",
                "Who may write: Hosts only; Hosts approve what is said: on",
            ),
            (
                Act::PolicyChanged,
                "second=replace",
                "已在别的设备上进入的人再次进入：顶替",
                "Somebody comes in who is here on another device: Replace",
            ),
            (Act::PolicyChanged, "slow=10", "慢速模式（秒）：10", "Slow mode (seconds): 10"),
            (Act::RoleChanged, "host", "主持人", "Host"),
            (Act::Muted, "10m rude words", "10 分钟 · rude words", "for 10 minutes · rude words"),
            (Act::Muted, "good", "一直", "for good"),
            (Act::Cleared, "5 min × 1 flood", "最近 5 分钟的 1 条 · flood", "1 message of the last 5 minutes · flood"),
            (Act::InviteCreated, "5 × 7 d", "可用 5 次，7 天内有效", "5 uses, for 7 days"),
            (Act::InviteCreated, "1 ×", "可用 1 次", "1 use"),
            (Act::FirstContactChanged, "3 / 24 h", "24 小时内最多 3 条", "at most 3 messages in 24 hours"),
            (Act::WordsChanged, "2", "2 个词", "2 words"),
            (Act::WebhookChanged, "a.example paused", "a.example · 已暂停", "a.example · paused"),
            (Act::WebhookChanged, "secret", "更换密钥", "another secret"),
        ] {
            assert_eq!(told(act, detail), [zh, en], "{act:?} {detail}");
        }
    }

    #[test]
    fn what_nobody_has_words_for_is_shown_as_it_is() {
        for (act, detail) in [
            (Act::RoomChanged, "webim 2"),
            (Act::GateChanged, "opening=by_magic"),
            (Act::Muted, "never heard"),
            (Act::Cleared, "× ×"),
            (Act::Kicked, "spam=1"),
            (Act::PersonAdded, ""),
        ] {
            assert_eq!(told(act, detail), [detail, detail], "{act:?}");
        }
    }
}
