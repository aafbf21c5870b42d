//! What a room shows to everybody, and showing it.

use super::Text;

words! {
    Words {
        stage: "正在展示", "Now showing";
        show_now: "立即展示", "Show now";
        stop: "停止展示", "Stop showing";
        detach: "自由浏览", "Detach";
        back: "回到直播", "Back to live";
        detached: "你在自由浏览，看到的不是正在展示的内容。", "You are detached: this is not what is being shown.";
        presenting: "展示控制", "What everybody sees";
        nothing: "现在没有展示任何内容。", "Nothing is being shown.";
        keys: "按键控制", "Control by keys";
        keys_hint: "← → 换图，1–9 选图，空格播放或暂停视频，0 停止展示。", "← → change the picture, 1–9 choose one, Space plays or pauses the video, 0 stops showing.";
        previous: "展示上一张", "Show the previous picture";
        next: "展示下一张", "Show the next picture";
    }
}

impl Text {
    /// Who decided what is shown.
    pub fn shown_by(&self, name: &str) -> String {
        self.pick(format!("由 {name} 展示"), format!("shown by {name}"))
    }

    /// How many are here, for who shows them something.
    pub fn n_viewers(&self, n: u32) -> String {
        let word = self.plural(n.into(), "viewer", "viewers");
        self.pick(format!("{n} 人在看"), format!("{n} {word}"))
    }

    /// On how many screens the last change is, and how soon it came there.
    pub fn reached(&self, count: u32, p95: u32) -> String {
        let word = self.plural(count.into(), "screen", "screens");
        self.pick(
            format!("已到 {count} 个屏幕，95% 在 {p95} 毫秒内"),
            format!("On {count} {word}, 95 % within {p95} ms"),
        )
    }
}
