//! Rooms inside pages of other sites. Not among the tables of [`Text`]: no program of the browser needs
//! them.

use super::{Lang, Text};

words! {
    Words {
        opening: "正在打开房间……", "Opening the room…";
        over: "进入此房间的凭证已失效。请刷新页面。", "The ticket for this room is no longer good. Reload the page to get another.";
        open_alone: "在新窗口中打开", "Open in a window of its own";
        needs_script: "嵌入的房间需要 JavaScript。", "A room inside another page needs JavaScript.";
        title: "其他站点", "Other sites";
        lead: "让其他网站在自己的页面里显示此房间。访客由该网站登录，不需要此处的账号。", "Let pages of other sites show this room. Their visitors sign in there and need no account here.";
        origins: "可以嵌入的站点", "Sites that may show this room";
        addresses: "站点地址", "Addresses";
        origins_hint: "每行一个，例如 https://shop.example。默认留空：任何站点都不能嵌入。", "One per line, such as https://shop.example. Default: none, and no site may.";
        how: "如何嵌入", "How to show it there";
        how_lead: "网站的服务器用 API 密钥取得一次性凭证，再把它放进此地址：", "The site's server asks for a one-time ticket with its API key and puts it into this address:";
    }
}

impl Text {
    pub fn embed(&self) -> &'static Words {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}
