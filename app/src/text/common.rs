//! What stands on every page, and words used by several.

words! {
    /// Frame, navigation, buttons that mean the same everywhere.
    Words {
        skip: "跳到正文", "Skip to content";
        sign_in: "登录", "Sign in";
        sign_out: "退出登录", "Sign out";
        sign_up: "注册", "Create account";
        appearance: "外观与语言", "Look and language";
        menu: "主导航", "Main";
        rooms: "房间", "Rooms";
        manage: "管理", "Manage";
        manage_rooms: "房间管理", "Rooms";
        manage_people: "人员管理", "People";
        manage_system: "系统", "System";
        find_setting: "查找设置", "Find a setting";
        usual: "默认", "Default";
        me: "我的账号", "My account";
        language: "语言", "Language";
        theme: "主题", "Theme";
        theme_system: "跟随系统", "System";
        theme_light: "浅色", "Light";
        theme_dark: "深色", "Dark";
        save: "保存", "Save";
        saved: "已保存", "Saved";
        saving: "保存中…", "Saving…";
        cancel: "取消", "Cancel";
        close: "关闭", "Close";
        delete: "删除", "Delete";
        retry: "重试", "Retry";
        back: "返回", "Back";
        search: "搜索", "Search";
        clear: "清除", "Clear";
        optional: "选填", "optional";
        copy: "复制", "Copy";
        copied: "已复制", "Copied";
        remove: "移除", "Remove";
        undo: "撤销", "Undo";
        more: "更多", "More";
        reload: "刷新", "Reload";
        to_rooms: "回到房间列表", "Back to rooms";
        basic_mode: "交互脚本未加载，页面以基本模式运行", "Scripts did not load; the page runs in basic mode";
        not_found_title: "没有找到", "Not found";
        not_found: "这个地址下没有内容，或者你无权查看。", "There is nothing at this address, or you may not see it.";
        not_allowed_title: "无权操作", "Not allowed";
        gone_title: "已失效", "No longer valid";
        unavailable_title: "暂时不可用", "Not available right now";
        problem_title: "出了点问题", "Something went wrong";
        one_device_title: "已在另一台设备上进入", "You are here on another device";
        come_here: "在这里进入", "Come in here";
        sign_in_first_title: "需要登录", "Sign in first";
    }
}
