//! Icons: 24 px, drawn with one stroke. They are decoration; the words stand beside them or
//! in `aria-label`.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident: $path:literal;)*) => {$(
        pub fn $name() -> AnyView {
            draw($path)
        }
    )*};
}

icons! {
    alert: "M12 8v5m0 3.5v.01M12 3 2.5 20h19Z";
    archive: "M4 8h16v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1ZM3 4h18v4H3Zm7 8h4";
    arrow_down: "M12 5v14m-6-6 6 6 6-6";
    arrow_left: "M19 12H5m6-6-6 6 6 6";
    arrow_right: "M5 12h14m-6-6 6 6-6 6";
    arrow_up: "M12 19V5m-6 6 6-6 6 6";
    bell_off: "M4 4l16 16M9 5.200A6 6 0 0 1 18 10c0 2 .4 3.500 1 4.700M6.200 8.500A7 7 0 0 0 6 10c0 4-1.500 6-2.500 7H17m-7.500 3h5";
    chat: "M4 5h16v11H9l-5 4Z";
    check: "m5 12.5 4.5 4.5L19 7.5";
    chevron_left: "m15 5-7 7 7 7";
    chevron_right: "m9 5 7 7-7 7";
    clip: "M8 12.500 14.500 6a3 3 0 0 1 4.300 4.300l-8.500 8.500a5 5 0 0 1-7.100-7.100L11.500 3.500";
    clock: "M12 7v5l3.5 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z";
    close: "M6 6l12 12M18 6 6 18";
    copy: "M9 9h11v11H9ZM5 15H4V4h11v1";
    download: "M12 4v11m-5-5 5 5 5-5M4 20h16";
    drag: "M8.5 6h1m5 0h1m-7 6h1m5 0h1m-7 6h1m5 0h1M8.5 6.4h1m5 0h1m-7 6h1m5 0h1m-7 6h1m5 0h1";
    edit: "m4 20 1-5L16 4l4 4L9 19Zm9.5-13.5 4 4";
    eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z";
    eye_off: "M4 4l16 16M9.5 5.9A9.6 9.6 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6.3 7.4A16.6 16.6 0 0 0 2.5 12S6 18.5 12 18.5a9.4 9.4 0 0 0 4.4-1.1";
    globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3.5 12h17M12 3c5 5.5 5 12.5 0 18-5-5.5-5-12.5 0-18Z";
    lock: "M6 11h12v9H6Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3";
    more: "M5.5 12h1m5 0h1m5 0h1M5.5 12.4h1m5 0h1m5 0h1";
    people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.200M18.5 14.5a6.5 6.5 0 0 1 3 5.5";
    phone: "M7 3h10v18H7Zm4 15h2";
    picture: "M4 5h16v14H4Zm0 11 5-5 4 4 3-3 4 4M15.5 9v.01";
    pin: "M9 4h6l-1 6 4 4H6l4-4ZM12 14v6";
    plus: "M12 5v14M5 12h14";
    screen: "M4 5h16v11H4Zm8 11v4m-4 0h8";
    search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5";
    send: "M4 12 20 4l-5 16-4-7Zm7 1 9-9";
    settings: "M4 7h9m4 0h3M4 17h3m4 0h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z";
    to_top: "M5 4h14M12 20V9m-6 5 6-6 6 6";
    trash: "M4 7h16M9 7V4h6v3m3 0-1 13H7L6 7m4 4v5m4-5v5";
    undo: "M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3";
    upload: "M12 15V4M7 9l5-5 5 5M4 20h16";
    zoom_in: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5M8 11h6m-3-3v6";
    zoom_out: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5M8 11h6";
}

fn draw(path: &'static str) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
    .into_any()
}
