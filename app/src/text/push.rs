//! Notices, and what is shared from elsewhere. Not among the tables of [`Text`]: no program of the
//! browser needs them.

use super::{Lang, Text};

words! {
    Words {
        title: "通知", "Notifications";
        lead: "你没在看的房间有新消息时，通知你。每个房间要通知什么，在房间列表的“…”里选。", "When something is said in a room that you are not looking at. What each room notifies you of, you choose in the list of rooms, under “…”.";
        this_device: "这台设备", "This device";
        needs_script: "需要浏览器运行脚本才能开启通知。", "Turning notifications on needs scripts in the browser.";
        turn_on: "开启通知", "Turn on notifications";
        devices: "接收通知的设备", "Devices that are notified";
        none: "还没有设备接收通知。", "No device is notified at present.";
        since: "开启于", "Turned on";
        end: "关闭", "Turn off";
        quiet: "免打扰", "Quiet hours";
        quiet_lead: "这段时间不发通知，可以跨过午夜。两个都留空就没有免打扰。", "No notifications between these times; they may go over midnight. Leave both empty for none.";
        from: "开始", "From";
        to: "结束", "To";
        hides: "隐藏内容", "Hide content";
        hides_hint: "通知里不显示是谁、说了什么。", "Notifications say neither who wrote nor what.";
        app: "应用", "App";
        app_lead: "安装后，像别的应用一样从桌面或主屏幕打开。", "Once installed, it opens from the desktop or the home screen like any other app.";
        install: "安装", "Install";
        share: "分享", "Share";
        share_lead: "选一个房间：作为消息发送，或把图片挂到它的图片墙上。", "Choose a room: send it there as a message, or hang the pictures on its wall.";
        share_none: "你还没有可以发送的房间。", "There is no room yet that you can send it to.";
        share_text: "文字", "Text";
        share_files: "图片和文件", "Pictures and files";
        share_send: "发送", "Send";
        hang: "挂到这里", "Hang here";
    }
}

impl Text {
    pub fn push(&self) -> &'static Words {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}
