//! What the site's mails say.

use super::{Lang, Text, text};
use chat::{Letter, Line, Occasion, Wording};
use std::sync::Arc;

/// In whose language, and from which site.
#[derive(Clone, Debug)]
pub struct MailWords {
    pub lang: Lang,
    /// Such as `https://talk.example.org`.
    pub origin: Arc<str>,
}

impl Wording for MailWords {
    fn letter(&self, occasion: &Occasion) -> Letter {
        let t = text(self.lang);
        let words = |zh: String, en: String| Line::Words(t.pick(zh, en));
        let (subject, mut lines) = match occasion {
            Occasion::SignIn { code } => (t.pick("登录验证码", "Your sign-in code"), coded(t, code, "登录", "sign in")),
            Occasion::Register { code } => {
                (t.pick("注册验证码", "Your registration code"), coded(t, code, "完成注册", "create your account"))
            }
            Occasion::NewAddress { code } => {
                (t.pick("邮箱验证码", "Confirm your e-mail"), coded(t, code, "确认邮箱", "confirm this address"))
            }
            Occasion::HasAccount { name } => (
                t.pick("你已经有账号", "You already have an account"),
                vec![
                    words(
                        format!("有人想用这个邮箱注册新账号。它已经属于账号 {name}，所以没有注册成功。"),
                        format!(
                            "Somebody wanted to create an account with this address. It belongs to the account {name} already, so nothing was created."
                        ),
                    ),
                    words(
                        "如果是你，请直接登录；忘记密码可以在这里重设：".into(),
                        "If it was you, just sign in. If you forgot your password, choose a new one here:".into(),
                    ),
                    Line::Link(format!("{}/forgot", self.origin)),
                ],
            ),
            Occasion::AddressInUse { name } => (
                t.pick("这个邮箱已在使用", "This address is in use"),
                vec![words(
                    format!("有人想把这个邮箱加到另一个账号。它已经属于账号 {name}，所以没有改变。"),
                    format!(
                        "Somebody wanted to give another account this address. It belongs to the account {name} already, so nothing was changed."
                    ),
                )],
            ),
            Occasion::OldAddress { name } => (
                t.pick("邮箱已更改", "Your e-mail was changed"),
                vec![words(
                    format!("账号 {name} 不再使用这个邮箱。如果不是你改的，请马上修改密码，并告诉管理员。"),
                    format!(
                        "The account {name} does not use this address any more. If that was not you, change your password now and tell an administrator."
                    ),
                )],
            ),
            Occasion::Reset { name, token } => (
                t.pick("重设密码", "Reset your password"),
                vec![
                    words(
                        format!("打开链接，为账号 {name} 设置新密码。一天内有效，只能用一次。"),
                        format!(
                            "Open the link to choose a new password for the account {name}. It works once, within a day."
                        ),
                    ),
                    Line::Link(format!("{}/reset/{token}", self.origin)),
                    words(
                        "如果不是你要求的，不用理会：什么都没有改变。".into(),
                        "If you did not ask for this, ignore it: nothing was changed.".into(),
                    ),
                ],
            ),
            Occasion::Test => {
                (t.pick("测试邮件", "Test mail"), vec![words("邮件可以送达。".into(), "Mail works.".into())])
            }
        };
        lines.push(Line::Words(self.origin.to_string()));
        Letter { subject: format!("Salon: {subject}"), lines }
    }
}

/// `what` it is for, as a verb.
fn coded(t: &Text, code: &str, zh: &str, en: &str) -> Vec<Line> {
    vec![
        Line::Words(t.pick(format!("用这个验证码{zh}："), format!("Use this code to {en}:"))),
        Line::Code(code.to_owned()),
        Line::Words(
            t.pick(
                "10 分钟内有效，只能用一次。不要告诉任何人；如果不是你要求的，不用理会。",
                "It works once, within 10 minutes. Tell it to nobody; if you did not ask for it, ignore it.",
            )
            .to_owned(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_is_in_both_languages() {
        let name = || "ana".to_owned();
        let occasions = [
            Occasion::SignIn { code: "123456".into() },
            Occasion::Register { code: "123456".into() },
            Occasion::HasAccount { name: name() },
            Occasion::NewAddress { code: "123456".into() },
            Occasion::OldAddress { name: name() },
            Occasion::AddressInUse { name: name() },
            Occasion::Reset { name: name(), token: "secret".into() },
            Occasion::Test,
        ];
        for occasion in occasions {
            let [zh, en] =
                Lang::ALL.map(|lang| MailWords { lang, origin: "https://a.example".into() }.letter(&occasion));
            assert_ne!(zh.subject, en.subject);
            assert_eq!(zh.lines.len(), en.lines.len());
            assert_eq!(zh.lines.last(), Some(&Line::Words("https://a.example".into())));
            let codes = |letter: &Letter| {
                letter.lines.iter().filter(|line| !matches!(line, Line::Words(_))).cloned().collect::<Vec<_>>()
            };
            assert_eq!(codes(&zh), codes(&en), "the same code or link");
        }
    }
}
