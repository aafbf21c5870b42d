//! Looking for a setting. Not among the tables of [`Text`]: no program of the browser needs it.

use super::{Lang, Text};

words! {
    only cfg!(feature = "ssr");
    Words {
        title: "查找设置", "Find a setting";
        lead: "房间、全站和服务器的所有设置。中文、英文、拼音都可以。", "Every setting of a room, of the site and of the server, by words in English or Chinese.";
        find: "名称或作用，例如慢速", "Name or consequence, such as slow";
        room: "哪个房间", "Which room";
        of_room: "房间设置", "Settings of a room";
        of_site: "全站设置", "Settings of the site";
        of_server: "服务器设置", "Settings of the server";
        server_lead: "在命令行或环境变量里设置，重新启动后生效。", "Given on the command line or in the environment; they change with the next start.";
        nothing: "没有匹配的设置。", "No matching setting.";
        now: "现在：", "Now:";
        changed: "已改", "Changed";
        secret: "不显示", "Not shown";
        on: "开启", "On";
        off: "关闭", "Off";
        none: "无", "None";
        visibility: "公开、站内，或只有成员。让更多人看到时要输入房间名称。", "Everybody, whoever is signed in, or members alone. Showing it to more people takes the room's name.";
        opening: "一直开放、主持人在场时、按时间，或不开放。", "Always, while a host is here, by the clock, or not at all.";
        closes_at: "到时间就关闭，大家会被请出。", "The room closes then, and everybody is shown out.";
        posting: "所有人、只有成员，或只有主持人。", "Everyone, members, or hosts alone.";
        words_hold: "默认关闭：直接拒绝。", "Default: off, they are refused.";
        strangers_most: "陌生人消息：条数", "Messages from strangers: how many";
        strangers_hours: "陌生人消息：多少小时后重新计数", "Messages from strangers: counted anew after so many hours";
    }
}

impl Text {
    pub fn settings(&self) -> &'static Words {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// What follows from a setting of `salon serve`, in both languages.
pub fn server_words(flag: &str) -> Option<(&'static str, &'static str)> {
    SERVER.iter().find(|(known, ..)| *known == flag).map(|(_, zh, en)| (*zh, *en))
}

/// By the name of the flag.
pub const SERVER: &[(&str, &str, &str)] = &[
    ("data", "数据库和文件所在的文件夹。", "Folder of the database and the files."),
    (
        "database",
        "用 PostgreSQL 保存，而不是数据文件夹里的 SQLite。",
        "PostgreSQL instead of SQLite in the data folder.",
    ),
    ("listen", "监听的地址和端口。", "Address and port to listen on."),
    (
        "origin",
        "大家访问本站的地址；来自其他地址的请求会被拒绝。",
        "Where people reach the site; requests from elsewhere are refused.",
    ),
    (
        "register",
        "谁能注册：所有人、受邀的人，或没有人。",
        "Who may create an account: everybody, whoever is invited, or nobody.",
    ),
    ("file-limit", "消息里一个文件最大多少。", "Largest file of a message."),
    (
        "person-quota",
        "一个人的文件一共最多多少；0 为不限。",
        "What one person's files may need together; 0 for no limit.",
    ),
    ("site-quota", "所有文件一共最多多少；0 为不限。", "What everybody's files may need together; 0 for no limit."),
    (
        "email-codes",
        "什么时候用邮件验证码：从不、注册时，或登录时也要。",
        "When a code by mail is asked for: never, to register, or to sign in too.",
    ),
    (
        "second-sign-in",
        "已在别处登录的人再次登录时：允许、询问、拒绝，或顶替。",
        "When somebody signs in who is signed in elsewhere: allow, ask, refuse or replace.",
    ),
    ("replace-admins", "询问和顶替对管理员也有效。", "Ask and replace hold for administrators too."),
    ("smtp", "邮件服务器；没有时邮件写成文件。", "The mail server; without one, mails become files."),
    ("mail-from", "邮件的发件人。", "Whom mails are from."),
    ("site", "网页文件所在的文件夹。", "Folder of the page's files."),
    (
        "no-worker",
        "让浏览器移除服务工作线程：没有推送通知，断网时不能看。",
        "Browsers drop the service worker: no notices, and nothing without a network.",
    ),
    ("migrate", "启动时把旧版本的数据升级。", "An older store is brought to this version at the start."),
    ("metrics", "在这个地址提供 Prometheus 指标。", "Prometheus metrics at this address."),
    ("log", "日志的格式。", "How the log looks."),
    ("max-connections", "同时最多多少个连接。", "Most connections at once."),
    ("max-connections-per-address", "同一地址同时最多多少个连接。", "Most connections at once from one address."),
    ("unlimited", "不限制任何操作的频率，只用于测试。", "Nothing is limited in how often it is done: for tests only."),
    ("trusted-proxy", "相信这些代理转告的访客地址。", "Proxies that are believed where a visitor comes from."),
    ("before-send", "消息发出前询问的网站。", "A site that is asked before a message is said."),
    (
        "before-send-key",
        "给这些询问和回答签名的密钥文件。",
        "File with the key that signs these questions and answers.",
    ),
    (
        "before-send-on-failure",
        "那个网站不回答时，消息放行还是拒绝。",
        "What becomes of a message when that site does not answer: it is said, or refused.",
    ),
    ("compat", "提供哪些旧聊天协议。", "Old chat protocols that are served."),
    ("compat-listen", "在单独的端口提供旧协议。", "Old protocols on ports of their own."),
    ("compat-origin", "哪些其他网站的页面可以使用旧协议。", "Other sites whose pages may use the old protocols."),
    ("compat-legacy-sockets", "连接不用登录的旧协议。", "Old protocols whose sockets need no login."),
    (
        "simple-login-expire",
        "旧协议 simple 的令牌有效多少秒；0 为直到退出。",
        "How many seconds a token of the old protocol simple is good; 0 until its bearer signs out.",
    ),
    (
        "compat-open",
        "不用密钥就能取得任何人令牌的旧协议，只用于封闭网络。",
        "Old protocols that give a token for anybody without a key: only where nobody else is.",
    ),
    ("webim-rooms", "旧协议 webim 有几个房间。", "How many rooms the old protocol webim has."),
    ("webim-callback", "webim 登录时询问的网站。", "The site that webim asks whether somebody may log in."),
    (
        "webim-callback-key",
        "给这些询问和回答签名的密钥文件。",
        "File with the key that signs these questions and answers.",
    ),
    ("webim-callback-insecure", "无法确认回答来自谁时也照样询问。", "Ask also where nobody can tell who answers."),
];
