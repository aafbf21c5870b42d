//! Links for projectors. Not among the tables of [`Text`]: no program of the browser needs them.

use super::{Lang, Text};

words! {
    Words {
        title: "投屏链接", "Wall links for projectors";
        lead: "在大屏幕上自动播放图片墙。打开链接的人不用登录，只能看到公开展示的图片。创建者不再管理房间时，链接随即失效。", "A page that shows the wall by itself on a large screen. Whoever has the link sees what hangs there, without signing in, and nothing else. A link stops working when whoever made it no longer runs the room.";
        links: "现有链接", "Links";
        link: "投屏链接", "Wall link";
        none: "还没有投屏链接。", "No links at present.";
        unnamed: "未命名", "Without a name";
        created: "创建于", "Created";
        create: "创建链接", "Create a link";
        made: "新的投屏链接。它只显示这一次，请现在复制。", "Your new wall link. It is shown only once, so copy it now.";
        show: "打开", "Open it";
        name: "名称", "Name";
        name_hint: "方便区分，比如“大厅投屏”。", "To tell links apart, such as “projector in the hall”.";
        seconds: "每张停留秒数", "Seconds per picture";
        seconds_hint: "2 到 3600 秒。", "2 to 3,600.";
        sequence: "播放顺序", "Sequence";
        wall: "按图片墙顺序", "As on the wall";
        wall_hint: "从第一张到最后一张，然后重新开始。", "From the first to the last, then again.";
        shuffle: "随机", "Shuffled";
        shuffle_hint: "每轮每张播放一次，顺序随机。", "Each picture once a round, in any sequence.";
        fit: "画面", "Fit";
        whole: "完整显示", "Whole picture";
        whole_hint: "比例不同时留出黑边。", "With dark edges where the shape differs.";
        fill: "铺满屏幕", "Fill the screen";
        fill_hint: "超出的部分会被裁掉。", "What sticks out is cut off.";
        code: "显示房间二维码", "Show the room's address as a QR code";
    }
}

impl Text {
    pub fn kiosk(&self) -> &'static Words {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    pub fn made_by(&self, name: &str) -> String {
        self.pick(format!("创建者：{name}"), format!("made by {name}"))
    }

    pub fn every_seconds(&self, n: u32) -> String {
        self.pick(format!("每张 {n} 秒"), format!("{n} s each"))
    }
}
