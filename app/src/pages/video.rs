//! `/r/<room>/video`: the room's video, for its hosts: where it comes from, what it is called,
//! and a look at it.

use crate::calls::Frame;
use crate::calls::stage::{VideoPageData, open_video};
use crate::parts::button::{Submit, Tone};
use crate::parts::confirm::ask;
use crate::parts::form::{CallForm, field_of, returned_problem};
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::{ProblemNote, ReturnedProblem};
use crate::parts::stage::captions;
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::words;
use domain::picture::Picture;
use domain::stage::Video;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn VideoPage() -> impl IntoView {
    let params = use_params_map();
    let slug = move || params.read().get("slug").unwrap_or_default();
    let loaded = load(slug, open_video);
    page(Layout::Column, loaded, content)
}

fn content(data: VideoPageData, _: Frame) -> AnyView {
    let t = words();
    let VideoPageData { room, video, poster, pictures } = data;
    let from = format!("{}/video", paths::room(&room.slug));
    let shown = video.clone().map(|video| {
        let title = if video.title.is_empty() { &video.src } else { &video.title };
        let (fields, sentence) = ([("room", room.id.to_string())], t.removes_video(title));
        view! {
            <section class="panel">
                {preview(&video)}
                <ReturnedProblem calls=&["show-now", "remove-video"] />
                <div class="row">
                    <CallForm call="show-now" from=from.clone()>
                        <input type="hidden" name="room" value=room.id.to_string() />
                        <input type="hidden" name="show" value="play" />
                        <Submit label=t.stage.play tone=Tone::Primary />
                    </CallForm>
                    {ask("remove-video", &from, &fields, (t.stage.remove, Tone::Danger), "", sentence)}
                </div>
            </section>
        }
    });
    let action = format!("/upload/video/{}?from={}", room.id, paths::encode(&from));
    view! {
        <Title text=t.title(t.stage.video) />
        <div class="page-head">
            <h1>{t.stage.video}</h1>
            <a class="button button-quiet" href=paths::room(&room.slug)>{icon::eye()} {t.room.preview}</a>
        </div>
        <p class="lead" dir="auto">{room.title.clone()}</p>
        {shown}
        <section class="panel">
            <h2>{if video.is_some() { t.stage.change } else { t.stage.choose }}</h2>
            <form class="form" method="post" enctype="multipart/form-data" action=action>
                <input type="hidden" name="room" value=room.id.to_string() />
                {fields(video, poster.map(|id| id.0), &pictures)}
                <div class="row"><Submit label=t.common.save tone=Tone::Primary /></div>
            </form>
        </section>
    }
    .into_any()
}

fn preview(video: &Video) -> AnyView {
    let poster = (!video.poster.is_empty()).then(|| video.poster.clone());
    let captions = (!video.captions.is_empty()).then(|| captions(video));
    view! {
        <h2 dir="auto">{video.title.clone()}</h2>
        <video class="video-preview" controls playsinline preload="metadata" src=video.src.clone() poster=poster>
            {captions}
        </video>
        <p class="field-hint" dir="ltr">{video.src.clone()}</p>
    }
    .into_any()
}

fn fields(video: Option<Video>, poster: Option<i64>, pictures: &[Picture]) -> AnyView {
    let t = words();
    let (url, title, language) = match video {
        // A file of ours has an address, but none that could be typed.
        Some(video) if video.src.starts_with('/') => (String::new(), video.title, video.language),
        Some(video) => (video.src, video.title, video.language),
        None => Default::default(),
    };
    let problem = returned_problem("set-video");
    let note = move |name: &'static str| {
        let problem = problem.clone().filter(|problem| field_of(problem) == Some(name));
        problem.map(|problem| view! { <ProblemNote problem /> })
    };
    let other = returned_problem("set-video").filter(|problem| {
        field_of(problem).is_none_or(|field| !["url", "file", "title", "captions", "language"].contains(&field))
    });
    let poster_of = |(i, picture): (usize, &Picture)| {
        let name = crate::parts::tile::name_of(picture, i + 1, pictures.len());
        view! { <option value=picture.id.to_string() selected=poster == Some(picture.id.0)>{name}</option> }
    };
    let options = pictures.iter().enumerate().map(poster_of).collect_view();
    view! {
        {other.map(|problem| view! { <ProblemNote problem /> })}
        <label class="field">
            <span class="field-label">{t.stage.address}</span>
            <input type="url" name="url" value=url placeholder="https://" maxlength="2000" dir="ltr" />
            <span class="field-hint">{t.stage.address_hint}</span>
            {note("url")}
        </label>
        <label class="field">
            <span class="field-label">{t.stage.file}</span>
            <input type="file" name="file" accept="video/mp4,video/webm" />
            <span class="field-hint">{t.stage.file_hint}</span>
            {note("file")}
        </label>
        <label class="field">
            <span class="field-label">{t.stage.title}</span>
            <input type="text" name="title" value=title maxlength="120" dir="auto" />
            {note("title")}
        </label>
        <label class="field">
            <span class="field-label">{t.stage.poster}</span>
            <select name="poster">
                <option value="">{t.stage.no_poster}</option>
                {options}
            </select>
            <span class="field-hint">{t.stage.poster_hint}</span>
        </label>
        <label class="field">
            <span class="field-label">{t.stage.captions}</span>
            <input type="file" name="captions" accept=".vtt,text/vtt" />
            <span class="field-hint">{t.stage.captions_hint}</span>
            {note("captions")}
        </label>
        <label class="field">
            <span class="field-label">{t.stage.language}</span>
            <input type="text" name="language" value=language maxlength="35" placeholder="zh-CN" dir="ltr" />
            {note("language")}
        </label>
    }
    .into_any()
}
