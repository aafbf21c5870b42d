//! What a room shows to everybody, and showing it.

use super::Text;

words! {
    Words {
        stage: "正在展示", "Now showing";
        detach: "自由浏览", "Detach";
        back: "回到直播", "Back to live";
        detached: "你在自由浏览，看到的不是正在展示的内容。", "You are detached: this is not what is being shown.";
        video: "视频", "Video";
        captions: "字幕", "Captions";
        unmute: "打开声音", "Unmute";
        tap: "点播放键观看", "Press play to watch";
        ended: "视频已结束。", "The video has ended.";
        stalled: "直播信号中断，恢复后会自动继续。", "The stream has stopped. It goes on by itself when it is back.";
        fault: "视频放不出来：来源没有回应，或者浏览器播不了。", "The video cannot be played: its source does not answer, or this browser cannot play it.";
        [hosts]
        show_now: "立即展示", "Show now";
        stop: "停止展示", "Stop showing";
        presenting: "展示控制", "What everybody sees";
        keys: "按键控制", "Control by keys";
        keys_hint: "← → 换图，1–9 选图，空格播放或暂停视频，0 停止展示。", "← → change the picture, 1–9 choose one, Space plays or pauses the video, 0 stops showing.";
        play: "播放视频", "Play the video";
        pause: "暂停视频", "Pause the video";
        remove: "移除视频", "Remove the video";
        choose: "选择视频", "Choose a video";
        change: "更换或修改", "Change it";
        address: "视频或直播流的地址", "Address of a video or stream";
        address_hint: "MP4、WebM 文件或 HLS（.m3u8）。观众直接从那里加载。", "An MP4 or WebM file, or HLS (.m3u8). Viewers load it from there.";
        file: "或者上传文件", "Or upload a file";
        file_hint: "MP4 或 WebM，最大 100 MB。更大的请用地址。", "MP4 or WebM, 100 MB at most. Use an address for larger ones.";
        title: "标题", "Title";
        poster: "封面", "Poster";
        no_poster: "没有", "None";
        poster_hint: "播放前显示的图片，从图片墙中选。", "What is seen before it plays: a picture of the wall.";
        captions_hint: "WebVTT 文件（.vtt）。", "A WebVTT file (.vtt).";
        language: "字幕语言", "Language of the captions";
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
