//! Managing many pictures. Not among the tables of [`Text`]: visitors' programs do not need them.

use super::{Lang, Text};
use domain::event::What;

words! {
    Words {
        select_all: "全选", "Select all";
        select_none: "取消选择", "Clear selection";
        with_selected: "对所选图片", "With the selected";
        hold: "暂存", "Hold back";
        show: "展示", "Show";
        save: "打包下载", "Save as ZIP";
        move_to_room: "移到房间", "Move to room";
        move_them: "移动", "Move";
        choose_room: "选择房间", "Choose a room";
        selection: "选择", "Select";
        held: "暂存的图片", "Held back";
        held_lead: "只有主持人能看到，展示后才会出现在图片墙上。", "Only the room's hosts see these, until you show them.";
        hold_new: "先暂存，暂不展示", "Hold back: show them later";
        take_photo: "拍照", "Take a photo";
        showing: "图片墙", "On the wall";
        projectors: "投屏链接", "Wall links";
        someone: "有人", "Somebody";
        changed_meanwhile: "刚刚改成了：", "changed this meanwhile to:";
        save_again: "再按一次保存，就用你的内容。", "Save again to put yours in its place.";
        describe: "填写说明", "Describe";
        describe_all: "给所选图片统一填写", "The same for all that are selected";
        describe_hint: "留空的一项保持不变。", "What you leave empty stays as it is.";
        marquee_hint: "在空白处拖动可框选图片；按住 Shift 或 Ctrl 点击可多选。", "Drag over an empty place to select several; Shift and Ctrl add to them.";
        lost: "没能获取的图片", "Could not be fetched";
        lost_lead: "合作网站给出了这些图片的地址，但没能取到。", "Partner sites named these pictures, but they could not be had from there.";
        refetch: "重新获取", "Fetch again";
        by_hand: "在这里上传", "Uploaded here";
        no_caption: "（无说明）", "(no caption)";
    }
}

impl Text {
    pub fn shelf(&self) -> &'static Words {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    pub fn n_selected(&self, n: usize) -> String {
        self.pick(format!("已选 {n} 张"), format!("{n} selected"))
    }

    /// What `change-pictures` did, beside the button that undoes it.
    pub fn n_changed(&self, act: &str, n: usize) -> String {
        let (zh, en) = match act {
            "remove" => ("删除", "deleted"),
            "hold" => ("暂存", "held back"),
            "show" => ("展示", "shown"),
            "transfer" => ("移走", "moved to another room"),
            "describe" => ("说明", "described"),
            _ => ("改动", "changed"),
        };
        let word = self.plural(n as i64, "picture", "pictures");
        self.pick(format!("已{zh} {n} 张图片。"), format!("{n} {word} {en}."))
    }

    pub fn moved(&self) -> &'static str {
        self.pick("已移动。", "Moved.")
    }

    /// Who else has a name for a picture, and which.
    pub fn source(&self, system: &str, name: &str) -> String {
        match system {
            "api" => self.pick(format!("程序：{name}"), format!("Program: {name}")),
            _ => self.pick(format!("来自 {system}：{name}"), format!("From {system}: {name}")),
        }
    }

    /// What another host did to the wall; `what` as the event says it. `None` for what is none
    /// of the wall's business.
    pub fn wall_deed(&self, by: &str, what: &What) -> Option<String> {
        let (zh, en) = match what {
            What::PictureAdded { .. } => ("添加或展示了图片", "added or showed a picture"),
            What::PictureChanged { .. } => ("修改了图片", "changed a picture"),
            What::PictureRemoved { others, .. } => {
                let n = others.len() + 1;
                let word = self.plural(n as i64, "picture", "pictures");
                return Some(self.pick(format!("{by} 撤下了 {n} 张图片"), format!("{by} took down {n} {word}")));
            }
            What::PictureMoved { .. } | What::WallSpread { .. } | What::WallRenumbered { .. } => {
                ("移动了图片", "moved a picture")
            }
            What::HeldChanged => ("改动了暂存的图片", "changed what is held back"),
            What::Said { .. }
            | What::Recalled { .. }
            | What::Edited { .. }
            | What::Reacted { .. }
            | What::Joined { .. }
            | What::Left { .. }
            | What::RoleChanged { .. }
            | What::RoomChanged { .. }
            | What::GateChanged { .. }
            | What::StageChanged { .. } => return None,
        };
        Some(self.pick(format!("{by} {zh}"), format!("{by} {en}")))
    }
}
