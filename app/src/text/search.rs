//! Search.

use super::Text;
use domain::search::Kind;

words! {
    only cfg!(feature = "ssr");
    Words {
        title: "搜索", "Search";
        label: "搜索消息、文件、图片、成员和房间", "Search messages, files, pictures, people and rooms";
        hint: "可以加条件，例如：", "Narrow it down, for example:";
        from: "某人说的", "what somebody said";
        room: "某个房间里", "in one room";
        picture: "只看图片", "pictures only";
        link: "带链接的", "with a link";
        file: "带文件的", "with a file";
        after: "某天以后", "after a day";
        before: "某天以前", "before a day";
        nothing: "没有找到符合条件的内容", "Nothing found";
        nothing_hint: "换个说法，或者去掉一个条件再试。", "Try other words, or leave a filter out.";
        rooms: "房间", "Rooms";
        people: "成员", "People";
        pictures: "图片", "Pictures";
        messages: "消息", "Messages";
        files: "文件", "Files";
        kinds: "只看一类", "One kind only";
        everything: "全部", "Everything";
        older: "更早的结果", "Older results";
        newest: "回到最新结果", "Back to the newest results";
    }
}

impl Text {
    /// The name of a kind; `None` is everything.
    pub fn found_kind(&self, kind: Option<Kind>) -> &'static str {
        match kind {
            None => self.search.everything,
            Some(Kind::Messages) => self.search.messages,
            Some(Kind::Files) => self.search.files,
            Some(Kind::Pictures) => self.search.pictures,
            Some(Kind::People) => self.search.people,
            Some(Kind::Rooms) => self.search.rooms,
        }
    }

    /// `没有找到“船”`
    pub fn nothing_found(&self, asked: &str) -> String {
        self.pick(format!("没有找到“{asked}”"), format!("Nothing found for “{asked}”"))
    }
}
