//! Tests of the tables and of the sentences with something in them.

use super::*;
use domain::contact::FirstContact;
use domain::gate::{GateRule, GateView, Opening, Phase};
use domain::moderation::Policy;
use domain::problem::{AddressFault, PictureFault};
use domain::time::DAY_MS;
use domain::{Problem, Rule, Thing};

/// 2026-11-20 18:26:20 UTC, a Friday.
const NOW: i64 = 1_795_199_180_000;
const MINUTE: i64 = 60_000;

#[test]
fn languages_are_chosen_by_weight() {
    for (header, lang) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
        ("en;q=0.5, zh-TW;q=0.9", Lang::Zh),
        ("en-GB,zh", Lang::En),
        ("de, fr;q=0.9", Lang::En),
        ("zh;q=0", Lang::En),
        ("zh;q=x,en;q=0.1", Lang::En),
        ("", Lang::En),
    ] {
        assert_eq!(Lang::from_accept_language(header), lang, "{header}");
    }
    assert_eq!(Lang::parse("ZH-Hans"), Some(Lang::Zh));
    assert_eq!(Lang::parse("z"), None);
}

#[test]
fn who_waits_reads_from_when_until_when() {
    let gate = |opens: i64, closes: Option<i64>, phase: Phase| GateView {
        opening: Opening::Schedule,
        phase,
        opens_at: Some(NOW + opens * MINUTE),
        closes_at: closes.map(|closes| NOW + closes * MINUTE),
        waiting: 0,
    };
    let why = |gate: GateView| [Lang::Zh, Lang::En].map(|lang| text(lang).why_shut(gate, NOW, 0));
    let soon = ["2026 年 11 月 20 日 18:36（UTC） 开始，还有 10 分钟", "Starts on 20 Nov 2026, 18:36 (UTC), in 10 min"];
    assert_eq!(why(gate(10, None, Phase::Doors)), soon);
    assert_eq!(
        why(gate(10, Some(70), Phase::Doors)),
        [format!("{}，19:36 结束", soon[0]), format!("{}, until 19:36", soon[1])]
    );
    let later = why(gate(90, Some(24 * 60), Phase::Closed));
    assert_eq!(later[1], "Starts on 20 Nov 2026, 19:56 (UTC), until 21 Nov 2026, 18:26 (UTC)");
    assert_eq!(why(gate(-90, Some(-10), Phase::Closed)), ["活动已经结束", "This is over"]);
    assert_eq!(why(gate(-90, None, Phase::Closed)), ["房间现在没有开放", "The room is closed at the moment"]);
}

#[test]
fn every_text_is_there_and_in_its_language() {
    let tables = [
        common::PAIRS,
        auth::PAIRS,
        rooms::PAIRS,
        room::PAIRS,
        stage::PAIRS,
        admin::PAIRS,
        audit::PAIRS,
        moderation::PAIRS,
        me::PAIRS,
        message::PAIRS,
        people::PAIRS,
        search::PAIRS,
        settings::PAIRS,
        identity::PAIRS,
        embed::PAIRS,
        kiosk::PAIRS,
        push::PAIRS,
        contact::PAIRS,
        private::PAIRS,
        shelf::PAIRS,
        webhook::PAIRS,
    ];
    for (key, zh, en) in tables.into_iter().flatten() {
        assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{key}");
        assert!(!zh.contains('您') && !zh.contains('！') && !en.contains('!'), "{key}: tone");
        let han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        assert!(!han(en), "{key}: Chinese in the English table");
        assert!(han(zh), "{key}: no Chinese in the Chinese table");
    }
}

#[test]
fn ages() {
    let (zh, en) = (text(Lang::Zh), text(Lang::En));
    for (age, in_zh, in_en) in [
        (-5_000, "刚刚", "just now"),
        (59_000, "刚刚", "just now"),
        (MINUTE, "1 分钟前", "1 min ago"),
        (59 * MINUTE, "59 分钟前", "59 min ago"),
        (60 * MINUTE, "1 小时前", "1 hour ago"),
        (23 * 60 * MINUTE, "23 小时前", "23 hours ago"),
        (DAY_MS, "11 月 19 日", "19 Nov"),
        (400 * DAY_MS, "2025 年 10 月 16 日", "16 Oct 2025"),
    ] {
        assert_eq!(zh.ago(NOW - age, NOW, 0), in_zh);
        assert_eq!(en.ago(NOW - age, NOW, 0), in_en);
    }
}

#[test]
fn days_turn_at_the_visitors_midnight() {
    let (zh, en) = (text(Lang::Zh), text(Lang::En));
    assert_eq!(en.day(NOW, NOW, 0), "Today");
    // 02:26 in Shanghai: ten hours ago was yesterday there.
    assert_eq!(zh.day(NOW - 600 * MINUTE, NOW, 480), "昨天");
    assert_eq!(en.day(NOW - 600 * MINUTE, NOW, 0), "Today");
    assert_eq!(zh.day(NOW - 3 * DAY_MS, NOW, 0), "星期二");
    assert_eq!(en.day(NOW - 7 * DAY_MS, NOW, 0), "13 Nov");
}

#[test]
fn a_moment_names_its_zone() {
    assert_eq!(text(Lang::Zh).moment(NOW, 480), "2026 年 11 月 21 日 02:26（UTC+8）");
    assert_eq!(text(Lang::En).moment(NOW, -210), "20 Nov 2026, 14:56 (UTC−3:30)");
    assert_eq!(text(Lang::En).moment(NOW, 0), "20 Nov 2026, 18:26 (UTC)");
}

#[test]
fn numbers_and_plurals() {
    let (zh, en) = (text(Lang::Zh), text(Lang::En));
    assert_eq!(
        (en.wait(1), en.wait(1_001), en.wait(61_000)),
        ("1 second".into(), "2 seconds".into(), "2 minutes".into())
    );
    assert_eq!(zh.wait(8_000), "8 秒");
    assert_eq!((en.uses_left(1), zh.uses_left(3)), ("1 use left".into(), "还能用 3 次".into()));
    assert_eq!((en.badge(99), en.badge(100)), ("99".into(), "99+".into()));
    assert_eq!(
        (en.bytes(20 << 20), en.bytes(1_000), en.bytes(1_536), en.bytes(3_500_000)),
        ("20 MB".into(), "1000 B".into(), "2 KB".into(), "3.3 MB".into())
    );
    assert_eq!((en.bytes(1 << 30), en.bytes(64_606_000_000)), ("1 GB".into(), "60.1 GB".into()));
}

#[cfg(feature = "ssr")]
#[test]
fn a_title_cannot_end_itself() {
    assert_eq!(text(Lang::En).title("</title><script>&"), "&lt;/title>&lt;script>&amp; · Salon");
}

#[test]
fn every_refusal_has_a_sentence() {
    let rules = [
        Rule::Empty,
        Rule::TooShort { min: 2 },
        Rule::TooLong { max: 4_000 },
        Rule::Characters,
        Rule::Shape,
        Rule::TooCommon,
        Rule::LookAlike,
        Rule::Mismatch,
        Rule::LastOne,
        Rule::Picture { fault: PictureFault::Heic },
        Rule::Address { fault: AddressFault::Private },
    ];
    let mut problems: Vec<Problem> = rules.into_iter().map(|rule| Problem::invalid("name", rule)).collect();
    problems.extend([
        Problem::SignInNeeded,
        Problem::WrongCredentials,
        Problem::WrongCode { left: 0 },
        Problem::WrongCode { left: 1 },
        Problem::WrongCode { left: 4 },
        Problem::Elsewhere { device: "Firefox · Linux".into() },
        Problem::OneDevice { room: domain::RoomId(1), device: "Firefox · Linux".into(), may_come: true },
        Problem::OneDevice { room: domain::RoomId(1), device: "Firefox · Linux".into(), may_come: false },
        Problem::NotAllowed,
        Problem::not_found(Thing::Room),
        Problem::Taken { thing: Thing::Person },
        Problem::changed(3),
        Problem::Changed { now: 3, by: "Bo".into() },
        Problem::TooFast { wait_ms: 30_000 },
        Problem::TooLarge { limit: 20 << 20 },
        Problem::Gone,
        Problem::Muted { wait_ms: Some(60_000), reason: "x".into() },
        Problem::Muted { wait_ms: None, reason: String::new() },
        Problem::Slow { wait_ms: 9_000 },
        Problem::MembersOnly,
        Problem::HostsOnly,
        Problem::NoFiles,
        Problem::Full { limit: 5 << 30 },
        Problem::Unanswered,
        Problem::Unreachable,
        Problem::Blocked,
        Problem::Filtered,
        Problem::Held,
        Problem::Declined,
        Problem::Objected { reason: "x".into() },
        Problem::Objected { reason: String::new() },
        Problem::Removed { for_good: true, reason: "x".into() },
        Problem::Removed { for_good: false, reason: String::new() },
        Problem::Unavailable,
        Problem::Broken { reference: "a1b2".into() },
    ]);
    for problem in problems {
        let (zh, en) = (text(Lang::Zh).problem(&problem), text(Lang::En).problem(&problem));
        assert!(zh.ends_with('。') && en.ends_with('.'), "{zh} {en}");
        assert!(!zh.contains('！') && !en.contains('!'), "{zh} {en}");
    }
}

#[test]
fn hints_name_the_defaults() {
    let (gate, policy, first) = (GateRule::default(), Policy::default(), FirstContact::default());
    for lang in Lang::ALL {
        let (t, says) = (text(lang), |what: &str| [format!("默认 {what}"), format!("Default: {what}")]);
        let numbers = [
            (t.admin.doors_hint, gate.doors / 60),
            (t.admin.grace_hint, gate.grace),
            (t.moderation.slow_hint, policy.slow),
            (t.moderation.recall_hint, policy.recall),
            (t.moderation.edit_hint, policy.edit),
            (t.private().most_hint, first.most),
            (t.private().hours_hint, first.hours),
        ];
        for (hint, number) in numbers {
            assert!(says(&number.to_string()).iter().any(|words| hint.contains(words)), "{hint}: {number}");
        }
        for (hint, is_on) in [(t.moderation.hold_hint, policy.holds), (t.moderation.files_hint, policy.files)] {
            let words = if is_on { ["默认开启", "Default: on"] } else { ["默认关闭", "Default: off"] };
            assert!(words.iter().any(|words| hint.contains(words)), "{hint}");
        }
    }
}
