//! Every refusal as a sentence: what happened, then what to do. No wildcard match: a new
//! refusal does not compile until it has its words in both languages.

use super::Text;
use domain::problem::{AddressFault, PictureFault, VideoFault};
use domain::{Problem, Rule, Thing};

/// Whether this program has forms for more than messages. The words about other fields are left
/// out of the guests' program, which never gets those refusals.
const HAS_FORMS: bool = cfg!(any(feature = "member", feature = "site"));

impl Text {
    /// The sentence for a refusal.
    pub fn problem(&self, problem: &Problem) -> String {
        let fixed = match problem {
            Problem::SignInNeeded => self.pick("请先登录，再试一次。", "Sign in first, then try again."),
            Problem::WrongCredentials => self
                .pick("用户名或密码不对。请检查后再试。", "User name or password is wrong. Check both and try again."),
            Problem::WrongCode { left } => return self.wrong_code(*left),
            Problem::Elsewhere { device } => return self.only_elsewhere(device),
            Problem::OneDevice { device, may_come, .. } => return self.one_device(device, *may_come),
            Problem::NotAllowed => self.pick("你没有权限这样做。", "You are not allowed to do this."),
            Problem::NotFound { thing } => return self.not_found(*thing),
            Problem::Invalid { field, rule } => return self.rule(field, *rule),
            Problem::Taken { thing } => return self.taken(*thing),
            Problem::Changed { by, .. } if !by.is_empty() => {
                return self.pick(
                    format!("{by} 刚刚改过。请看看现在的内容，再试一次。"),
                    format!("{by} just changed this. Look at it as it is now and try again."),
                );
            }
            Problem::Changed { .. } => self.pick(
                "有人刚刚改过。请看看现在的内容，再试一次。",
                "Somebody else just changed this. Look at it as it is now and try again.",
            ),
            Problem::TooFast { wait_ms } => {
                let wait = self.wait(*wait_ms);
                return self
                    .pick(format!("太快了，请等 {wait}再试。"), format!("Too many attempts. Try again in {wait}."));
            }
            Problem::TooLarge { limit } => {
                let limit = self.bytes(*limit);
                return self.pick(format!("太大了，最多 {limit}。"), format!("Too large. The limit is {limit}."));
            }
            Problem::Full { limit } => {
                let limit = self.bytes(*limit);
                return self.pick(
                    format!("空间不够了：文件一共最多 {limit}。请先撤回一些带文件的消息。"),
                    format!("No space left: files may have {limit} together. Recall some messages with files first."),
                );
            }
            Problem::NoFiles => self.pick("这个房间只有主持人能发送文件。", "Only hosts can send files in this room."),
            Problem::Shut => self.pick(
                "房间现在没有开放。开放后会自动进入。",
                "The room is closed at the moment. You will get in when it opens.",
            ),
            Problem::Muted { wait_ms, reason } => return self.muted(*wait_ms, reason),
            Problem::Slow { wait_ms } => {
                let wait = self.wait(*wait_ms);
                return self.pick(
                    format!("慢速模式：请等 {wait}再发。"),
                    format!("Slow mode: you can write again in {wait}."),
                );
            }
            Problem::MembersOnly => self.pick(
                "这个房间只有成员能发言，要由主持人添加。",
                "Only members can write here, and a host has to add them.",
            ),
            Problem::HostsOnly => {
                self.pick("这个房间现在只有主持人能发言。", "Only hosts can write here at the moment.")
            }
            Problem::Unanswered => self.pick("对方回复之前，不能再发消息。", "You cannot send more until they answer."),
            Problem::Unreachable => self.pick("对方现在收不到消息。", "This person cannot receive messages right now."),
            Problem::Blocked => self
                .pick("你已拉黑对方。取消拉黑后才能发消息。", "You have blocked this person. Unblock them to write."),
            Problem::Filtered => self.pick(
                "里面有不允许的词，请改一改再发。",
                "It contains a word that is not allowed here. Change it and send it again.",
            ),
            Problem::Held => self.pick("等待主持人通过。", "Waiting for a host to approve it."),
            Problem::Declined => self.pick("主持人没有通过这条消息。", "A host did not let this message through."),
            Problem::Objected { reason } => {
                let what = self.pick("网站没有让这条消息通过。", "The site did not let this message through.");
                return what.to_owned() + &self.because(reason);
            }
            Problem::Removed { for_good, reason } => return self.removed(*for_good, reason),
            Problem::Gone => self.pick("已经不在了，或者已失效。", "It is gone, or no longer valid."),
            Problem::Unavailable => self.pick(
                "现在连不上服务器。内容没有丢，请稍后重试。",
                "The server cannot be reached right now. Nothing was lost; try again shortly.",
            ),
            Problem::Broken { reference } => {
                return self.pick(
                    format!("服务器出错了。请重试；如果还不行，把编号 {reference} 告诉管理员。"),
                    format!("The server failed. Try again; if it keeps failing, give an administrator this number: {reference}."),
                );
            }
        };
        fixed.to_owned()
    }

    fn muted(&self, wait_ms: Option<u64>, reason: &str) -> String {
        let until = match wait_ms {
            Some(wait_ms) => {
                let wait = self.wait(wait_ms);
                self.pick(format!("你被禁言，{wait}后可以发言。"), format!("You are muted for another {wait}."))
            }
            None => self.pick("你在这个房间被禁言。", "You are muted in this room.").to_owned(),
        };
        until + &self.because(reason)
    }

    fn removed(&self, for_good: bool, reason: &str) -> String {
        let what = match for_good {
            true => self.pick("你被禁止进入这个房间。", "You are banned from this room."),
            false => self.pick("主持人把你移出了房间。", "A host removed you from the room."),
        };
        what.to_owned() + &self.because(reason)
    }

    /// What a host gave as a reason, if anything.
    fn because(&self, reason: &str) -> String {
        match reason {
            "" => String::new(),
            reason => self.pick(format!("原因：{reason}。"), format!(" Reason: {reason}.")),
        }
    }

    fn wrong_code(&self, left: u32) -> String {
        match left {
            _ if !HAS_FORMS => String::new(),
            0 => self
                .pick("验证码已失效，请重新发送一个。", "This code does not work any more. Have another one sent.")
                .to_owned(),
            1 => self.pick("验证码不对，还能试 1 次。", "The code is wrong. You have one more try.").to_owned(),
            left => self.pick(
                format!("验证码不对，还能试 {left} 次。"),
                format!("The code is wrong. You have {left} more tries."),
            ),
        }
    }

    fn only_elsewhere(&self, device: &str) -> String {
        if !HAS_FORMS {
            return String::new();
        }
        self.pick(
            format!("你的账号已在另一处登录（{device}）。请先在那里退出登录。"),
            format!("Your account is signed in elsewhere ({device}). Sign out there first."),
        )
    }

    fn one_device(&self, device: &str, may_come: bool) -> String {
        match (HAS_FORMS, may_come) {
            (false, _) => String::new(),
            (true, true) => self.pick(
                format!("你已在另一台设备（{device}）上进入这个房间，这里一次只能用一台设备。"),
                format!(
                    "You are in this room on another device ({device}). It takes each person on one device at a time."
                ),
            ),
            (true, false) => self.pick(
                format!("你已在另一台设备（{device}）上进入这个房间。请先在那里离开。"),
                format!("You are in this room on another device ({device}). Leave it there first."),
            ),
        }
    }

    fn not_found(&self, thing: Thing) -> String {
        match thing {
            Thing::Page => self.common.not_found,
            Thing::Room => self.pick("没有这个房间，或者你无权查看。", "There is no such room, or you may not see it."),
            Thing::File => self.pick("这个文件已经不在了。", "That file is no longer here."),
            _ if !HAS_FORMS => self.pick("已经不在了，或者已失效。", "It is gone, or no longer valid."),
            Thing::Person => self.pick("没有这个人。请检查用户名。", "There is no such person. Check the user name."),
            Thing::Session => self.pick("这个设备已经退出登录。", "That device is signed out already."),
            Thing::Member => self.pick("这个人不在房间里。", "That person is not in the room."),
            Thing::Message => self.pick("没有这条消息。", "There is no such message."),
            Thing::Picture => self.pick("这张图片已经不在了。", "That picture is no longer here."),
            Thing::Video => self.pick("这个房间还没有视频。", "This room has no video."),
            Thing::Invite => {
                self.pick("这个邀请链接无效或已用完。", "This invitation link is not valid, or it was used up.")
            }
            Thing::Key => self.pick("没有这个密钥。", "There is no such key."),
            Thing::Webhook | Thing::Delivery | Thing::Backup => self.pick("已经不在了。", "It is no longer here."),
        }
        .to_owned()
    }

    fn taken(&self, thing: Thing) -> String {
        match thing {
            _ if !HAS_FORMS => self.pick("已经存在了。", "It exists already."),
            Thing::Person => {
                self.pick("这个用户名已经有人用了，请换一个。", "This user name is taken. Choose another.")
            }
            Thing::Room => {
                self.pick("这个地址已经有房间用了，请换一个。", "Another room has this address. Choose another.")
            }
            Thing::Member => self.pick("这个人已经在房间里了。", "That person is in the room already."),
            Thing::Message => self.pick("这条消息已经发过了。", "This message was sent already."),
            Thing::Backup => {
                self.pick("已经有一个备份在进行，请等它完成。", "A backup is running already. Wait until it has ended.")
            }
            Thing::Page
            | Thing::Session
            | Thing::Picture
            | Thing::Video
            | Thing::File
            | Thing::Invite
            | Thing::Key
            | Thing::Webhook
            | Thing::Delivery => self.pick("已经存在了。", "It exists already."),
        }
        .to_owned()
    }

    fn rule(&self, field: &str, rule: Rule) -> String {
        let fixed = match rule {
            Rule::Empty => self.pick("这里不能为空。", "This cannot be empty."),
            Rule::TooLong { .. } if matches!(field, "doors" | "grace") => self.pick("最长一天。", "A day at most."),
            Rule::TooLong { max } => {
                return self.pick(format!("最多 {max} 个字符。"), format!("At most {max} characters."));
            }
            Rule::Characters => self.pick(
                "含有看不见的字符或控制字符，请删掉。",
                "It contains invisible or control characters. Remove them.",
            ),
            _ if !HAS_FORMS => self.misshapen(),
            Rule::TooMany { max } => {
                return self.pick(format!("最多 {max} 个。"), format!("There can be {max} at most."));
            }
            Rule::TooShort { min } => {
                return self.pick(format!("至少要 {min} 个字符。"), format!("At least {min} characters."));
            }
            Rule::Shape => return self.shape(field).to_owned(),
            Rule::TooCommon => self.pick(
                "这个密码太常见，或和用户名太像，容易被猜中。请换一个。",
                "This password is too common or too close to the name. Choose another.",
            ),
            Rule::LookAlike => self.pick(
                "这个用户名和已有的太像了，请换一个。",
                "This name looks like one that is in use. Choose another.",
            ),
            Rule::Mismatch if field == "room_name" => self.pick(
                "更多人会看到里面的内容。请输入房间名称确认；现在还没有改。",
                "More people would see what is in this room. Type its name to confirm; nothing was changed yet.",
            ),
            Rule::Mismatch => self.pick("两次输入的密码不一样。", "The two passwords differ."),
            Rule::Past if field == "message" => {
                self.pick("时间已过，不能再改或撤回了。", "It is too late to change or recall it.")
            }
            Rule::Past => self.pick("这个时间已经过去了。", "That time has passed already."),
            Rule::NotAfter => self.pick("结束要在开始之后。", "The end has to be after the start."),
            Rule::LastOne => self
                .pick("这里至少要留一位。请先指定另一位。", "The last one has to stay. Appoint somebody else first."),
            Rule::Picture { fault } => return self.picture_fault(fault),
            Rule::Address { fault } => self.address_fault(fault),
            Rule::Video { fault } => self.video_fault(fault),
        };
        fixed.to_owned()
    }

    fn video_fault(&self, fault: VideoFault) -> &'static str {
        match fault {
            VideoFault::NotMedia => self.pick(
                "这不是视频。可以用 MP4、WebM 文件，地址也可以是 HLS 流（.m3u8）；网页的地址不行。",
                "This is not a video. MP4 and WebM are accepted, and HLS streams (.m3u8) by address; not the address of a web page.",
            ),
            VideoFault::NotCaptions => self.pick("这不是 WebVTT 字幕。", "These are not captions in WebVTT."),
            VideoFault::TooManyBytes => self.pick(
                "文件太大了：视频最大 100 MB，字幕最大 1 MB。更大的视频请用地址。",
                "The file is too large: 100 MB for a video, 1 MB for captions. Use an address for a larger video.",
            ),
        }
    }

    fn shape(&self, field: &str) -> &'static str {
        match field {
            "name" => self.pick(
                "用户名不能有空格或 @ : / < > 这类符号，至少要有一个字母或数字。",
                "No spaces or symbols such as @ : / < > in a user name, and at least one letter or digit.",
            ),
            "slug" => self.pick(
                "只能用小写字母、数字和连字符，不能以连字符开头或结尾。",
                "Only lower-case letters, digits and hyphens; no hyphen at either end.",
            ),
            "invitation" => self.pick(
                "没有找到这个邀请或房间，也可能已经失效。请检查是否完整，或请对方再发一个。",
                "There is no such invitation or room here, or it does not work any more. Check that it is complete, or ask for a new one.",
            ),
            "emoji" => self.pick("请只用一个表情。", "Use one single emoji."),
            "room_name" => {
                self.pick("这不是房间的名称，房间没有删除。", "That is not the room's name. Nothing was deleted.")
            }
            _ => self.misshapen(),
        }
    }

    fn misshapen(&self) -> &'static str {
        self.pick("格式不对，请检查。", "This is not in the expected form. Check it.")
    }

    /// Why a file is not taken as a picture. Also said before anything is uploaded.
    pub fn picture_fault(&self, fault: PictureFault) -> String {
        match fault {
            PictureFault::Empty => self.pick("这个文件是空的。", "This file is empty."),
            PictureFault::Heic => self.pick(
                "浏览器显示不了 HEIC 照片。请先转成 JPEG。",
                "Browsers cannot show HEIC photos. Convert it to JPEG first.",
            ),
            PictureFault::Svg => self.pick("不接受 SVG。请导出成 PNG。", "SVG is not accepted. Export it as PNG."),
            PictureFault::NotAPicture => self.pick(
                "这不是图片。可以用 PNG、JPEG、GIF 和 WebP。",
                "This is not a picture. PNG, JPEG, GIF and WebP are accepted.",
            ),
            PictureFault::Damaged => self.pick(
                "图片已损坏，读不完整。请重新导出。",
                "The picture is damaged and cannot be read to its end. Export it again.",
            ),
            PictureFault::TooManyPixels => self.pick(
                "图片太大了，最多 3,200 万像素。请先缩小。",
                "Too many pixels; the limit is 32 million. Scale it down first.",
            ),
            PictureFault::TooManyBytes => {
                self.pick("文件太大了，最多 20 MB。", "The file is too large; the limit is 20 MB.")
            }
        }
        .to_owned()
    }

    fn address_fault(&self, fault: AddressFault) -> &'static str {
        match fault {
            AddressFault::Shape => self.pick(
                "请输入以 http:// 或 https:// 开头的地址。",
                "Enter an address that begins with http:// or https://.",
            ),
            AddressFault::Private => self.pick(
                "这个地址指向内部网络，不能获取。",
                "This address leads into a private network and is not fetched.",
            ),
            AddressFault::NoAnswer => self.pick(
                "那个地址没有响应。请检查，或稍后重试。",
                "That address did not answer. Check it, or try again later.",
            ),
            AddressFault::TooManyRedirects => self.pick(
                "那个地址转了太多次。请用图片本身的地址。",
                "That address redirects too often. Use the picture's own address.",
            ),
        }
    }

    /// `20 MB`, `512 KB`, `60.2 GB`: binary steps, as file managers show them.
    pub fn bytes(&self, n: u64) -> String {
        match n {
            0..1_024 => format!("{n} B"),
            1_024..1_048_576 => format!("{} KB", n.div_ceil(1_024)),
            _ => {
                let (step, unit) = if n < 1 << 30 { (1 << 20, "MB") } else { (1 << 30, "GB") };
                let tenths = n / (step / 10);
                match tenths % 10 {
                    0 => format!("{} {unit}", tenths / 10),
                    rest => format!("{}.{rest} {unit}", tenths / 10),
                }
            }
        }
    }
}
