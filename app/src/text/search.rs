//! Search.

use super::Text;

words! {
    only cfg!(feature = "ssr");
    Words {
        title: "搜索", "Search";
        label: "搜索消息、图片、成员和房间", "Search messages, pictures, people and rooms";
        hint: "可以加条件，例如：", "Narrow it down, for example:";
        from: "某人说的", "what somebody said";
        room: "某个房间里", "in one room";
        picture: "只看图片", "pictures only";
        link: "带链接的", "with a link";
        after: "某天以后", "after a day";
        before: "某天以前", "before a day";
        nothing: "没有找到符合条件的内容", "Nothing found";
        nothing_hint: "换个说法，或者去掉一个条件再试。", "Try other words, or leave a filter out.";
        rooms: "房间", "Rooms";
        people: "成员", "People";
        pictures: "图片", "Pictures";
        messages: "消息", "Messages";
        older: "更早的结果", "Older results";
        newest: "回到最新结果", "Back to the newest results";
    }
}

impl Text {
    /// `没有找到“船”`
    pub fn nothing_found(&self, asked: &str) -> String {
        self.pick(format!("没有找到“{asked}”"), format!("Nothing found for “{asked}”"))
    }
}
