//! Coming in: signing in, creating an account, the first administrator.

words! {
    only cfg!(feature = "site");
    Words {
        sign_in_title: "登录 Salon", "Sign in to Salon";
        sign_up_title: "创建账号", "Create your account";
        setup_title: "创建管理员", "Create administrator";
        setup_lead: "这台服务器还没有管理员。第一个账号由你创建。", "This server has no administrator yet. Yours will be the first account.";
        setup_done: "这个链接已经用过，或已被新链接取代。最新的链接在服务器的控制台里。", "This link was used, or a newer one replaced it. The current link is in the server's console.";
        name: "用户名", "User name";
        name_hint: "2 到 32 个字符，不含空格。别人用它 @ 你。", "2 to 32 characters, no spaces. Others mention you with it.";
        display: "显示名称", "Display name";
        display_hint: "别人看到的名字，可以随时修改。", "What others see. You can change it any time.";
        password: "密码", "Password";
        password_hint: "至少 8 个字符。", "At least 8 characters.";
        password_again: "再输一次密码", "Password again";
        show_password: "显示密码", "Show password";
        hide_password: "隐藏密码", "Hide password";
        caps_lock: "大写锁定已打开。", "Caps lock is on.";
        no_account: "还没有账号？", "No account yet?";
        have_account: "已有账号？", "Have an account?";
        invited_only: "这里需要邀请才能注册。请向管理员要一个邀请链接。", "You need an invitation to register here. Ask an administrator for a link.";
        closed: "这里不开放注册。账号由管理员创建。", "Registration is closed. Administrators create the accounts.";
        invited_lead: "你收到了加入 Salon 的邀请。", "You were invited to join Salon.";
        already: "你已登录。", "You are signed in.";
        signing_in: "登录中…", "Signing in…";
        creating: "创建中…", "Creating…";
    }
}
