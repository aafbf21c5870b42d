//! The description of the API: for programs as OpenAPI 3.1, for people as a page.

use super::fault::Answer;
use super::page;
use crate::house::House;
use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;
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
    name_operations(&mut document);
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

/// Names each operation by its method and address: programs that are made from the description need
/// different names.
fn name_operations(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, operations) in paths {
        let words: String = path.chars().filter(|c| !matches!(c, '{' | '}')).collect();
        let words = words.replace(['/', '.', '-'], "_");
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            operation["operationId"] = format!("{method}{words}").into();
        }
    }
}

/// This description
#[utoipa::path(get, path = "/openapi.json", tag = "About", security(()), responses((status = 200, body = Object)))]
pub async fn show() -> Json<&'static Value> {
    Json(openapi())
}

/// The page about the API.
pub async fn read(State(house): State<House>) -> Answer<Response> {
    let styles = format!("{}/salon.css", house.site.pkg_path());
    Ok(Html(page::html(openapi(), &house.origin, &styles)).into_response())
}
