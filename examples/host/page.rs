//! This site's two pages.

/// The room in a frame. The script shows what is unread, gives another ticket when it is asked for one,
/// and hands this site's colours on.
pub fn room(salon: &str, url: &str) -> String {
    let (salon, url) = (escape(salon), escape(url));
    let script = include_str!("page.js");
    document(&format!(
        "<h1>A shop <output id=\"unread\"></output></h1>\n\
         <p><button data-theme=\"light\">Light</button> <button data-theme=\"dark\">Dark</button></p>\n\
         <iframe src=\"{url}\" data-salon=\"{salon}\" title=\"Chat\" style=\"inline-size: min(100%, 420px); block-size: 640px\"></iframe>\n\
         <script type=\"module\">{script}</script>"
    ))
}

pub fn sign_in() -> String {
    document(
        "<form method=\"post\" action=\"/sign-in\"><label>Name <input name=\"name\" required></label> <button>Sign in</button></form>",
    )
}

pub fn broken(cause: &str) -> String {
    document(&format!("<p>The room is not there at the moment.</p><pre>{}</pre>", escape(cause)))
}

fn document(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>A shop</title>\n<link rel=\"icon\" href=\"data:,\">\n</head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
