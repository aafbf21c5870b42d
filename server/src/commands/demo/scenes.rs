//! What the demo's people say. A scene is a short exchange: each line has a role (0 begins)
//! and may name the scene's particular (`{}`) or a small number (`{n}`).

pub struct Scene {
    pub particulars: &'static [&'static str],
    pub lines: &'static [(usize, &'static str)],
}

pub const LOBBY: &[Scene] = &[
    Scene {
        particulars: &["兰州拉面", "沙县小吃", "越南粉", "潮汕砂锅粥", "螺蛳粉"],
        lines: &[
            (0, "中午有人一起去吃{}吗？"),
            (1, "我！十二点一刻楼下见？"),
            (2, "算我一个，今天不想吃外卖了"),
            (0, "那就三个人，我先去占座"),
            (1, "上次那家{}排了 {n} 桌，早点去"),
            (3, "你们吃着，我带了饭 😌"),
            (2, "带的什么？拍一张看看"),
            (3, "番茄炒蛋盖饭，没什么好拍的"),
        ],
    },
    Scene {
        particulars: &["storm", "heat", "fog", "first frost", "drizzle"],
        lines: &[
            (0, "Did anyone else wake up to that {}?"),
            (1, "Yes! I couldn't see the other side of the street."),
            (2, "The forecast says it stays until *Thursday*, at least."),
            (0, "So much for cycling to work."),
            (1, "Trains are {n} minutes late as well, take a book with you."),
            (3, "I like it. The whole town is quiet for once."),
        ],
    },
    Scene {
        particulars: &["《海边的房间》", "《三体》", "《看不见的城市》", "《我的阿勒泰》"],
        lines: &[
            (0, "刚读完{}，缓不过来"),
            (1, "我读到一半，**不许剧透**"),
            (0, "好好好，读完第 {n} 章来找我"),
            (2, "这本我听的有声书，朗读的人声音很好"),
            (1, "链接发我？"),
            (2, "在图书馆的应用里搜{}就有，免费的"),
            (0, "下次读书会就定它吧"),
        ],
    },
    Scene {
        particulars: &["sourdough", "kimchi", "yoghurt", "ginger beer"],
        lines: &[
            (0, "My {} is alive. It climbed out of the jar overnight."),
            (1, "Congratulations, it's a pet now. What's its name?"),
            (0, "Gerald."),
            (2, "How warm is your kitchen? Mine never does anything."),
            (0, "About 24 °C. Put it next to the router, seriously."),
            (2, "Next to the router! OK, trying tonight."),
            (2, "Update: {n} hours later, bubbles everywhere. You are a genius."),
            (1, "Gerald has a sibling ❤️"),
        ],
    },
    Scene {
        particulars: &["周五", "周六下午", "下周三", "月底"],
        lines: &[
            (0, "{}的聚会大家都来吗？我要订位子了"),
            (1, "来 ✋"),
            (2, "我可能晚到半小时，先别等我"),
            (3, "Is it OK if I bring a friend? She is new in town."),
            (0, "Of course, the more the merrier."),
            (0, "那就订 {n} 个人的，多出来的位置放蛋糕 🎂"),
            (1, "蛋糕！谁生日？"),
            (0, "没有谁生日就不能吃蛋糕吗"),
        ],
    },
    Scene {
        particulars: &["the ferry", "the night train", "the coast road", "the old tram"],
        lines: &[
            (0, "Has anyone taken {} lately? Worth it?"),
            (1, "Absolutely. Sit on the left side, you see the water all the way."),
            (2, "Buy the ticket the day before, it's half the price: https://example.org/tickets"),
            (0, "Perfect, thank you! Going on the {n}th then."),
            (3, "Bring something to eat, there is only a vending machine with very old crisps."),
            (1, "Those crisps are part of the experience."),
        ],
    },
    Scene {
        particulars: &["猫", "狗", "鹦鹉", "仓鼠"],
        lines: &[
            (0, "救命，我家{}把键盘上的 `Esc` 抠下来了"),
            (1, "它想退出会议，可以理解"),
            (2, "哈哈哈哈哈哈"),
            (0, "这是这个月第 {n} 个键帽了"),
            (3, "我有多余的，明天带给你"),
            (0, "恩人 🙏"),
        ],
    },
    Scene {
        particulars: &["Portuguese", "piano", "chess", "swimming"],
        lines: &[
            (0, "Day {n} of learning {}. I am terrible and I love it."),
            (1, "That is exactly the right attitude."),
            (2, "我也在学！每天二十分钟，雷打不动"),
            (0, "Shall we keep each other honest? Report here every Sunday?"),
            (2, "成交 🤝"),
            (1, "I'll be the strict aunt who asks whether you practised."),
        ],
    },
];

pub const PHOTO_WALK: &[Scene] = &[
    Scene {
        particulars: &["滨江", "老城墙", "植物园", "旧船厂", "北山"],
        lines: &[
            (0, "这周六去{}怎么样？早上六点半，光线最好"),
            (1, "六点半……好吧，为了光"),
            (2, "I'm in. Which lens should I bring?"),
            (0, "35 就够了，{}地方不大，走近一点"),
            (3, "我带胶片机，只有 {n} 张了，省着拍"),
            (1, "集合点在哪？"),
            (0, "东门的石狮子旁边，看到戴红帽子的就是我"),
        ],
    },
    Scene {
        particulars: &["reflections", "doors", "one colour only", "hands at work", "strangers' shadows"],
        lines: &[
            (0, "Theme for next week: **{}**. Any objections?"),
            (1, "None. I already know where to go."),
            (2, "这个主题好！我上次就想拍"),
            (3, "Do we still do the {n}-pictures-only rule?"),
            (0, "Yes. It makes you look longer before you press."),
            (1, "And it makes the evening review bearable 😄"),
        ],
    },
    Scene {
        particulars: &["第三张", "湖面那张", "屋顶那张", "雾里那张", "最后一张"],
        lines: &[
            (0, "墙上{}是谁拍的？太安静了"),
            (1, "我 🙋 早上五点的湖边，冻得手都按不下快门"),
            (2, "构图真干净，留白留得好"),
            (0, "光圈多少？"),
            (1, "`f/8`,`1/60`，放在石头上拍的，没有脚架"),
            (3, "I keep coming back to this one. Could it go first on the wall?"),
            (0, "同意，移到最前面了"),
        ],
    },
    Scene {
        particulars: &["an old Nikkor", "a Helios", "a plastic lens", "my grandfather's Leica"],
        lines: &[
            (0, "Found {} at the flea market for {n} euros."),
            (1, "That's robbery. Does it focus?"),
            (0, "Mostly. There is a little fungus at the edge, I think it adds character."),
            (2, "拍几张逆光看看，老镜头逆光最好看"),
            (0, "Uploading two now. Look at that glow!"),
            (2, "果然！这个光晕现代镜头做不出来"),
        ],
    },
    Scene {
        particulars: &["黑白", "低饱和", "原色", "胶片模拟"],
        lines: &[
            (0, "我把上周的都调成{}了，大家看看会不会太过"),
            (1, "不过，阴影再提一点点就好"),
            (2, "I prefer it to the colour version, the lines come out."),
            (0, "那我按这个参数导出 {n} 张"),
            (3, "导出的时候记得去掉位置信息"),
            (0, "这里会自动去掉的，放心"),
        ],
    },
    Scene {
        particulars: &["rain", "wind", "full sun", "low clouds"],
        lines: &[
            (0, "Forecast for Saturday: {}. Do we go anyway?"),
            (1, "Bad weather is good weather."),
            (2, "带伞，带塑料袋套相机"),
            (3, "I'll bring {n} rain covers, first come first served."),
            (0, "Then it's settled. Coffee afterwards at the corner place."),
            (1, "咖啡是重点 ☕"),
        ],
    },
];

pub const EXHIBITION: &[Scene] = &[
    Scene {
        particulars: &["入口", "东墙", "楼梯间", "最里面那间", "窗边"],
        lines: &[
            (0, "{}的尺寸量好了：宽 4.{n} 米，高 2.8 米"),
            (1, "那放三张大的，还是两排小的？"),
            (2, "三张大的吧，小的离远了看不清"),
            (0, "同意。间距按 40 厘米算"),
            (3, "I made a quick sketch of it, uploading to the wall now."),
            (1, "看到了，中间那张换成湖面的更好"),
        ],
    },
    Scene {
        particulars: &["the printer", "the frame shop", "the carpenter", "the gallery"],
        lines: &[
            (0, "Called {}: ready on Wednesday, {n} days early!"),
            (1, "First good news this week 🎉"),
            (2, "Who has a car? They don't deliver."),
            (3, "I do. Wednesday after five works."),
            (0, "You're a hero. I'll send you the address: https://example.org/map"),
            (2, "我也去，两个人好搬"),
        ],
    },
    Scene {
        particulars: &["海报", "请柬", "展签", "目录"],
        lines: &[
            (0, "{}的第 {n} 稿出来了，大家帮忙看看错字"),
            (1, "第二段“作品”写成“作平”了"),
            (2, "英文部分： *photographs taken by* 前面少一个逗号"),
            (0, "谢谢！改好了"),
            (3, "字能不能再大一号？我奶奶也要来看的"),
            (0, "可以，为了奶奶 👵"),
            (1, "这才是真正的设计需求"),
        ],
    },
    Scene {
        particulars: &["lamps", "hooks", "spirit levels", "white gloves", "ladders"],
        lines: &[
            (0, "Do we have enough {}? I count {n}."),
            (1, "We need twice as many, I'd say."),
            (2, "学校的仓库里还有，我明天去借"),
            (0, "Great. Put it on the list, please:"),
            (2, "1. 借东西\n2. 登记\n3. 用完擦干净还回去"),
            (1, "Number three is the one that always fails 😅"),
        ],
    },
    Scene {
        particulars: &["周日晚上", "周一上午", "开幕前一天", "下班以后"],
        lines: &[
            (0, "布展时间定在{}，谁能来？"),
            (1, "我可以，从头到尾"),
            (2, "我能帮两个小时"),
            (3, "I can be there, but no heavy lifting, my back says hello."),
            (0, "你负责指挥：左一点、右一点、再左一点"),
            (3, "My dream job."),
            (1, "我带 {n} 份三明治"),
        ],
    },
    Scene {
        particulars: &["Order of the wall", "Opening speech", "Budget", "Music for the opening"],
        lines: &[
            (0, "Next topic: **{}**."),
            (1, "Short and simple, please."),
            (2, "我同意，越简单越好"),
            (0, "Then I suggest we vote. 1 = as it is, 2 = change."),
            (1, "1"),
            (3, "1"),
            (2, "1，这 {n} 天别再改了 🙃"),
            (0, "Unanimous. Minutes are in the usual place."),
        ],
    },
];
