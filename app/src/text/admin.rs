//! Managing rooms and people.

use super::Text;
use domain::gate::Opening;
use domain::room::Visibility;

words! {
    only cfg!(any(feature = "member", feature = "site"));
    Words {
        rooms_title: "房间管理", "Manage rooms";
        rooms_lead: "建房间，决定谁能看、谁来主持。", "Create rooms, decide who sees them and who hosts them.";
        new_room: "新建房间", "New room";
        create_room: "创建房间", "Create room";
        no_rooms: "还没有房间。第一个房间从一个名字开始。", "No rooms yet. The first one starts with a name.";
        manage: "设置", "Settings";
        room_title: "名称", "Name";
        room_title_hint: "1 到 80 个字符，所有人都能看到。", "1 to 80 characters, seen by everybody.";
        slug: "地址", "Address";
        slug_hint: "小写字母、数字和连字符。改了以后，旧链接会失效。", "Lower-case letters, digits and hyphens. Old links stop working when you change it.";
        slug_hint_new: "小写字母、数字和连字符。留空则按名称生成。", "Lower-case letters, digits and hyphens. Made from the name when left empty.";
        about: "简介", "Description";
        about_hint: "一两句话，说明这个房间做什么。", "What the room is for, in a sentence or two.";
        visibility: "谁能看到", "Who can see it";
        public: "公开", "Public";
        public_hint: "任何人都能看，不用登录；登录后可以发言。", "Everybody can read, signed in or not; whoever signs in can write.";
        open: "站内", "Open";
        open_hint: "登录的人都能找到并加入。", "Everybody who is signed in finds it and can join.";
        private: "私密", "Private";
        private_hint: "只有成员能看到：由主持人添加或邀请。", "Only members can see it: whom a host added or invited.";
        members: "成员", "Members";
        add_member: "添加成员", "Add member";
        member_name: "用户名", "User name";
        role: "角色", "Role";
        host: "主持人", "Host";
        member: "成员", "Member";
        make_host: "设为主持人", "Make host";
        make_member: "取消主持人", "Make member";
        remove_member: "移出房间", "Remove from room";
        other_sites: "其他站点", "Other sites";
        archive: "归档", "Archive";
        archive_lead: "归档后，大家还能阅读，但不能再发言或换图片。随时可以恢复。", "Everybody can still read, but nothing new can be said or hung. You can reopen it any time.";
        archive_room: "归档房间", "Archive room";
        unarchive: "恢复房间", "Reopen room";
        archived_now: "这个房间已归档。", "This room is archived.";
        people_of_room: "成员与邀请", "People and invitations";
        remove_room: "删除房间", "Delete room";
        remove_room_lead: "房间、所有消息和图片都会永久删除，无法恢复。想保留内容，请归档。", "The room, everything said and every picture are gone for good. To keep them, archive it instead.";
        wider_type: "输入房间现在的名称以确认", "Type the room's present name to confirm";
        wider_hint: "让更多人看到时需要：已经说过的话和图片也会被看到，无法收回。", "Needed to let more people see it: they also see what was said and hung so far, and that cannot be taken back.";
        remove_room_type: "输入房间名称以确认", "Type the room's name to confirm";
        open_room: "打开房间", "Open room";
        pictures: "管理图片", "Manage pictures";
        gate: "入场", "Entry";
        gate_opens: "什么时候可以进入", "What opens the room";
        gate_always: "一直开放", "Always open";
        gate_always_hint: "能看到房间的人随时可以进入。", "Whoever may see the room can enter at any time.";
        gate_host: "主持人在场时", "While a host is here";
        gate_host_hint: "没有主持人时，大家在门口等；主持人一到就自动进入。", "Without a host people wait outside, and enter by themselves when one comes.";
        gate_schedule: "按时间", "By the clock";
        gate_schedule_hint: "到开始时间自动开放，到结束时间关闭，不用有人在场。", "Opens and closes at its times by itself; nobody has to be there.";
        gate_never: "关闭", "Closed";
        gate_never_hint: "只有主持人和管理员能进入，直到你改变。", "Only hosts and administrators get in, until you change it.";
        opens_at: "开始时间", "Starts";
        opens_at_hint: "按你所在的时区。主持人方式下可以不填。", "In your time zone. Optional where a host opens the room.";
        closes_at: "结束时间", "Ends";
        doors: "提前多少分钟告诉大家即将开始", "Minutes before the start in which people are told it is near";
        doors_hint: "这段时间大家仍在门口等。默认 15。", "They still wait outside during that time. Default: 15.";
        grace: "主持人离开后保持开放的秒数", "Seconds the room stays open after its host left";
        grace_hint: "刷新页面或断线不会把人请出去。默认 300。", "So that a reload or a short network loss sends nobody out. Default: 300.";
        people_title: "人员管理", "Manage people";
        find_people: "按用户名或显示名称查找", "Find by user name or display name";
        find_people_hint: "也可以输入完整的邮箱地址、伙伴站的用户 ID，或登录会话的 IP 地址。", "A whole e-mail address, a partner site's user ID, or the IP address of a session finds people too.";
        invites: "邀请链接", "Invitation links";
        invites_lead: "拿到链接的人可以注册。用完次数或到期后失效。", "Whoever has the link can register, until its uses or its days run out.";
        invite_uses: "可用次数", "Uses";
        invite_days: "有效天数", "Days";
        create_invite: "创建邀请链接", "Create invitation link";
        invite_made: "新的邀请链接。它只显示这一次，请现在复制。", "Your new invitation link. It is shown only once, so copy it now.";
        invite_link: "邀请链接", "Invitation link";
        revoke: "作废", "Revoke";
        no_invites: "没有有效的邀请链接。", "No invitation links at present.";
        registration_open: "现在任何人都可以注册。", "At present everybody can register.";
        registration_invited: "现在只有收到邀请的人可以注册。", "At present only people with an invitation can register.";
        registration_closed: "现在不开放注册，邀请链接也不起作用。", "At present registration is closed; invitation links do nothing.";
    }
}

impl Text {
    /// Who can see a room.
    pub fn visibility(&self, visibility: Visibility) -> &'static str {
        match visibility {
            Visibility::Public => self.admin.public,
            Visibility::Open => self.admin.open,
            Visibility::Private | Visibility::Direct => self.admin.private,
        }
    }

    /// What opens a room.
    pub fn opening(&self, opening: Opening) -> &'static str {
        match opening {
            Opening::Always => self.admin.gate_always,
            Opening::Host => self.admin.gate_host,
            Opening::Schedule => self.admin.gate_schedule,
            Opening::Never => self.admin.gate_never,
        }
    }

    /// `还能用 3 次`
    pub fn uses_left(&self, n: u32) -> String {
        self.pick(format!("还能用 {n} 次"), format!("{n} {} left", self.plural(n.into(), "use", "uses")))
    }

    /// `until` is a date.
    pub fn valid_until(&self, until: &str) -> String {
        self.pick(format!("有效期到 {until}"), format!("valid until {until}"))
    }
}
