//! The description of the API as a page: what can be asked, by subject, and the types of what is sent
//! and answered. Everything on it comes from the OpenAPI document.

use crate::html::escape;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// `origin`: of this house; `styles`: the address of its stylesheet.
pub fn html(document: &Value, origin: &str, styles: &str) -> String {
    let subjects = subjects(document);
    let links: String = subjects.keys().chain(&["Types"]).map(|name| link(name)).collect();
    let about = words(&document["info"]["description"]);
    let (base, file) = (escape(&format!("{origin}{}", super::PREFIX)), format!("{}/openapi.json", super::PREFIX));
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Salon API</title>\
         <link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"{styles}\"></head>\
         <body><main id=\"main\" class=\"column api\"><div class=\"page-head\"><h1>Salon API</h1>\
         <a class=\"button\" href=\"{file}\">OpenAPI</a></div><p class=\"lead\">{about}</p>\
         <p>Everything is below <code>{base}</code>.</p><nav aria-label=\"Subjects\"><ul class=\"api-links\">{links}</ul></nav>"
    );
    for (subject, operations) in &subjects {
        let _ = write!(html, "<h2 id=\"{}\">{}</h2>", anchor(subject), escape(subject));
        for (method, path, operation) in operations {
            html.push_str(&section(method, path, operation));
        }
    }
    html.push_str("<h2 id=\"types\">Types</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        html.push_str(&kind(name, schema));
    }
    html + "</main></body></html>\n"
}

type Operation<'a> = (&'a str, &'a str, &'a Value);

/// What can be asked, by the tag it carries.
fn subjects(document: &Value) -> BTreeMap<&str, Vec<Operation<'_>>> {
    let mut subjects: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
    for (path, operations) in object(&document["paths"]) {
        for (method, operation) in object(operations) {
            let subject = operation["tags"][0].as_str().unwrap_or("Other");
            subjects.entry(subject).or_default().push((method, path, operation));
        }
    }
    subjects
}

fn section(method: &str, path: &str, operation: &Value) -> String {
    let mut html = format!(
        "<section class=\"panel\"><h3>{}</h3><p class=\"api-line\"><code>{} {}</code></p>",
        words(&operation["summary"]),
        method.to_uppercase(),
        escape(path)
    );
    if operation["description"].is_string() {
        let _ = write!(html, "<p>{}</p>", words(&operation["description"]));
    }
    let mut rows = String::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let place = parameter["in"].as_str().unwrap_or_default();
        rows.push_str(&row(&parameter["name"], place, &type_of(&parameter["schema"]), &parameter["description"]));
    }
    if let Some((kind, sent)) = object(&operation["requestBody"]["content"]).iter().next() {
        let schema = if kind == "application/json" { type_of(&sent["schema"]) } else { format!("<code>{kind}</code>") };
        rows.push_str(&row(&"body".into(), "", &schema, &operation["requestBody"]["description"]));
    }
    for (status, answer) in object(&operation["responses"]).iter().filter(|(status, _)| status.starts_with(['2', '3']))
    {
        let schema = object(&answer["content"]).values().next().map(|content| type_of(&content["schema"]));
        rows.push_str(&row(&status.as_str().into(), "answer", &schema.unwrap_or_default(), &answer["description"]));
    }
    html + &table(&rows) + "</section>"
}

/// A type of what is sent or answered.
fn kind(name: &str, schema: &Value) -> String {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let field = |(field, schema): (&String, &Value)| {
        let need = if required.contains(&field.as_str()) { "" } else { "may be missing" };
        row(&field.as_str().into(), need, &type_of(schema), &schema["description"])
    };
    let rows: String = object(&schema["properties"]).iter().map(field).collect();
    let (name, about) = (escape(name), words(&schema["description"]));
    format!("<section class=\"panel\" id=\"type-{name}\"><h3>{name}</h3><p>{about}</p>{}</section>", table(&rows))
}

fn table(rows: &str) -> String {
    if rows.is_empty() { String::new() } else { format!("<div class=\"api-table\"><table>{rows}</table></div>") }
}

fn row(name: &Value, note: &str, kind: &str, about: &Value) -> String {
    let name = escape(name.as_str().unwrap_or_default());
    let note = if note.is_empty() { String::new() } else { format!(" <span class=\"optional\">{note}</span>") };
    format!("<tr><th scope=\"row\"><code>{name}</code>{note}</th><td>{kind}</td><td>{}</td></tr>", words(about))
}

/// What a value is, with links to the types.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()).map(escape) {
        return format!("<a href=\"#type-{name}\">{name}</a>");
    }
    for one_of in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema[one_of].as_array() {
            let known = all.iter().filter(|one| one["type"] != "null").map(type_of);
            return known.collect::<Vec<_>>().join(" or ");
        }
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", type_of(&schema["items"])),
        Value::String(name) => escape(name),
        Value::Array(names) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect();
            escape(&names.join(" or "))
        }
        _ => String::new(),
    }
}

/// Text with its `code` as code.
fn words(text: &Value) -> String {
    let text = escape(text.as_str().unwrap_or_default());
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

fn link(subject: &str) -> String {
    format!("<li><a href=\"#{}\">{}</a></li>", anchor(subject), escape(subject))
}

fn anchor(subject: &str) -> String {
    subject.to_lowercase().replace(' ', "-")
}

/// An object's fields; none of anything else.
fn object(value: &Value) -> &Map<String, Value> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_type_is_said_in_words_with_links() {
        for (schema, said) in [
            (json!({ "type": "string" }), "string"),
            (json!({ "type": ["integer", "null"] }), "integer"),
            (
                json!({ "type": "array", "items": { "$ref": "#/components/schemas/Room" } }),
                "list of <a href=\"#type-Room\">Room</a>",
            ),
            (json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/x/Room" }] }), "<a href=\"#type-Room\">Room</a>"),
        ] {
            assert_eq!(type_of(&schema), said, "{schema}");
        }
        assert_eq!(words(&json!("a `<b>` c")), "a <code>&lt;b&gt;</code> c");
    }
}
