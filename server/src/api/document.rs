//! The description of the API: for programs as OpenAPI 3.1, for people as a page.

use super::fault::Answer;
use crate::house::House;
use crate::html::escape;
use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;
use std::fmt::Write;
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(OpenApi)]
#[openapi(info(
    title = "Salon",
    version = "1",
    description = "Rooms with a conversation and a wall of pictures, for programs. Every request carries `Authorization: Bearer` with a key (`salon key add`) or a session (`POST /sessions`). Refusals are problem details (RFC 9457). Times are milliseconds since 1970 UTC."
), security(("bearer" = [])), modifiers(&Bearer))]
struct Described;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = Described::openapi();
    let (_, paths) = super::described().split_for_parts();
    document.merge(paths);
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    document["servers"] = serde_json::json!([{ "url": super::PREFIX }]);
    answer_everywhere(&mut document);
    document
});

/// The whole description.
pub fn openapi() -> &'static Value {
    &DOCUMENT
}

/// What every address may answer besides what it says itself.
fn answer_everywhere(document: &mut Value) {
    let details = serde_json::json!({
        "description": "A refusal",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    });
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(|path| path.values_mut()) {
        if let Some(answers) = operation["responses"].as_object_mut() {
            for status in ["401", "403", "404", "409", "410", "413", "422", "429"] {
                answers.entry(status).or_insert_with(|| details.clone());
            }
            answers.insert("default".to_owned(), details.clone());
        }
    }
}

/// This description
#[utoipa::path(get, path = "/openapi.json", tag = "About", security(()), responses((status = 200, body = Object)))]
pub async fn show() -> Json<&'static Value> {
    Json(openapi())
}

/// The page about the API.
pub async fn page(State(house): State<House>) -> Answer<Response> {
    let styles = format!("{}/salon.css", house.site.pkg_path());
    Ok(Html(readable(openapi(), &house.origin, &styles)).into_response())
}

fn readable(document: &Value, origin: &str, styles: &str) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Salon API</title>\
         <link rel=\"stylesheet\" href=\"{styles}\"></head><body><main class=\"page\"><h1>Salon API</h1>"
    );
    let about = document["info"]["description"].as_str().unwrap_or_default();
    let base = format!("{origin}{}", super::PREFIX);
    let _ = write!(
        html,
        "<p>{}</p><p>Everything is below <code>{}</code>. For programs: <a href=\"{}/openapi.json\">openapi.json</a>.</p>",
        escape(about),
        escape(&base),
        super::PREFIX
    );
    let empty = serde_json::Map::new();
    for (path, operations) in document["paths"].as_object().unwrap_or(&empty) {
        for (method, operation) in operations.as_object().unwrap_or(&empty) {
            write_operation(&mut html, method, path, operation);
        }
    }
    html + "</main></body></html>"
}

fn write_operation(html: &mut String, method: &str, path: &str, operation: &Value) {
    let words = |key: &str| escape(operation[key].as_str().unwrap_or_default());
    let _ = write!(
        html,
        "<section><h2><code>{} {}</code> {}</h2><p>{}</p>",
        method.to_uppercase(),
        escape(path),
        words("summary"),
        words("description")
    );
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        html.push_str("<dl>");
        for parameter in parameters {
            let (name, place) = (parameter["name"].as_str(), parameter["in"].as_str());
            let _ = write!(
                html,
                "<dt><code>{}</code> ({})</dt><dd>{}</dd>",
                escape(name.unwrap_or_default()),
                escape(place.unwrap_or_default()),
                escape(parameter["description"].as_str().unwrap_or_default())
            );
        }
        html.push_str("</dl>");
    }
    let sent = operation["requestBody"]["content"].as_object().and_then(|content| content.values().next());
    let name = |schema: &Value| schema["schema"]["$ref"].as_str().and_then(|at| at.rsplit('/').next()).map(escape);
    if let Some(name) = sent.and_then(name) {
        let _ = write!(html, "<p>Sent: <code>{name}</code></p>");
    }
    html.push_str("</section>");
}
