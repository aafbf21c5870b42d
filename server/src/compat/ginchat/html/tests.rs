//! What clients of the seed send, and what others might.

use super::*;

fn neutral(content: &str) -> String {
    html(&pieces(content))
}

#[test]
fn what_the_pages_send_is_kept() {
    for content in [
        "hello",
        "a<br/>b &lt;b&gt; &amp; c",
        r#"<img src="https://iili.io/33o3vOg.md.jpg" />"#,
        r#"x<img src="images/face/12.gif" alt="" />y"#,
        r#"<img src="http://h:8000/a?b=1&amp;c=2" alt="a picture" />"#,
        "盛梓馨 😀",
    ] {
        assert_eq!(neutral(content), content);
    }
    assert_eq!(neutral("a<br>b<BR />c"), "a<br/>b<br/>c");
    assert_eq!(neutral("<IMG SRC='https://a.b/c.png'>"), r#"<img src="https://a.b/c.png" />"#);
}

#[test]
fn everything_else_is_text() {
    for (content, expected) in [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("&quot;&#60;script&#62;", "&amp;quot;&amp;#60;script&amp;#62;"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
        ("<img", "&lt;img"),
        ("<img>", "&lt;img&gt;"),
        ("<img alt=\"x\">", "&lt;img alt=\"x\"&gt;"),
    ] {
        assert_eq!(neutral(content), expected);
    }
    for active in [
        r#"<img src="x" onerror="alert(1)">"#,
        r#"<img src="https://a.b/c.png" onerror="alert(1)" />"#,
        r#"<img src="https://a.b/c.png"onerror="alert(1)" />"#,
        r#"<img src=https://a.b/c.png onload=alert(1)>"#,
        r#"<img/src="https://a.b/c.png"/onload=alert(1)>"#,
        r#"<img src="javascript:alert(1)">"#,
        r#"<img src="data:text/html,x">"#,
        r#"<img src="//evil.example/x.png">"#,
        r#"<img src="images/face/../../logout.gif">"#,
        r#"<img src="https://a.b/' onerror='x" src="https://a.b/c">"#,
        r#"<br onclick="x">"#,
        "<svg onload=alert(1)>",
        r#"<a href="javascript:x">y</a>"#,
    ] {
        let neutral = neutral(active);
        assert!(neutral.starts_with("&lt;") && !neutral.contains('<'), "{active} {neutral}");
    }
}

#[test]
fn our_page_reads_text() {
    let said = |content| text(&pieces(content));
    assert_eq!(said("a<br/>b &lt;b&gt; &amp; c"), "a\nb <b> & c");
    assert_eq!(said(r#"hi<img src="images/face/12.gif" alt="" />"#), "hi[em_12]");
    assert_eq!(said(r#"see<img src="https://a.b/c.png" />there"#), "see https://a.b/c.png there");
    assert_eq!(said("a\u{0}b\u{7}"), "ab");
    assert_eq!(html(&pieces_of_text("a <b>\n\nc")), "a &lt;b&gt;<br/><br/>c");
}

/// No tag but the two, whatever is written, and what was made neutral stays as it is.
#[test]
fn nothing_active_comes_through() {
    const PARTS: [&str; 16] = [
        "<",
        ">",
        "&",
        "\"",
        "'",
        "/",
        "=",
        " ",
        "a",
        "<img src=\"",
        "https://",
        "<br",
        "onerror=",
        "&lt;",
        ".gif",
        "\" />",
    ];
    for _ in 0..20_000 {
        let content: String =
            (0..rand::random_range(0..30)).map(|_| PARTS[rand::random_range(0..PARTS.len())]).collect();
        let once = neutral(&content);
        assert_eq!(neutral(&once), once, "{content}");
        for tag in once.replace("<br/>", "").split('<').skip(1) {
            assert!(tag.starts_with("img src=\"http"), "{content} {once}");
        }
    }
}
