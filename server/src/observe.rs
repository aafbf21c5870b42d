//! What an operator sees: a log with request ids and without secrets, metrics, health.

use crate::answer;
use crate::house::House;
use crate::settings::Log;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use domain::Problem;
use metrics::SharedString;
use metrics_exporter_prometheus::PrometheusHandle;
use std::time::{Duration, Instant};
use tracing::Instrument;
use tracing_subscriber::EnvFilter;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is logged unless RUST_LOG says otherwise. hyper's “read header from client timeout”
/// and the like are ordinary on the open net.
const FILTER: &str = "info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=error";

/// The page of last resort: it needs nothing that could be broken.
const BROKEN: &str = include_str!("broken.html");

/// Starts the log on standard error; does nothing when there is one already.
pub fn log(kind: Log) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process happens in tests only.
    let _ = match kind {
        Log::Pretty => log.try_init(),
        Log::Json => log.json().flatten_event(true).try_init(),
    };
}

/// Around every request: an id, one line in the log, the metrics, and a body for failures
/// that have none. The log names the route, not the address: some addresses are secrets.
pub async fn request(request: Request, next: Next) -> Response {
    let seen = Seen::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let for_page = answer::wants_page(request.headers());
    let mut response = next.run(request).instrument(seen.span.clone()).await;
    if response.status().is_server_error() && !response.headers().contains_key(CONTENT_TYPE) {
        response = broken(response.status(), &seen.id, for_page);
    }
    let status = response.status().as_u16();
    seen.answered(&method, route, status, response.headers_mut());
    response
}

/// A request that is being answered.
pub struct Seen {
    id: String,
    begun: Instant,
    span: tracing::Span,
}

impl Seen {
    pub fn now() -> Self {
        let id = format!("{:016x}", rand::random::<u64>());
        let span = tracing::info_span!("request", id);
        Self { id, begun: Instant::now(), span }
    }

    /// Notes how it was answered, and puts its id among the answer's headers.
    pub fn answered(self, method: &Method, route: impl Into<SharedString>, status: u16, headers: &mut HeaderMap) {
        let (route, took) = (route.into(), self.begun.elapsed());
        let ms = took.as_millis() as u64;
        self.span.in_scope(|| tracing::info!(%method, route = &*route, status, ms, "answered"));
        count(method, route, status, took);
        if let Ok(id) = HeaderValue::try_from(self.id) {
            headers.insert(REQUEST_ID, id);
        }
    }
}

fn count(method: &Method, route: SharedString, status: u16, took: Duration) {
    // Methods are the sender's invention; only the usual ones get a line of their own.
    let method = match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    };
    metrics::counter!("salon_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("salon_request_seconds", "route" => route).record(took.as_secs_f64());
}

fn broken(status: StatusCode, id: &str, for_page: bool) -> Response {
    if for_page {
        return (status, Html(BROKEN.replace("{reference}", id))).into_response();
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return answer::problem(&Problem::Unavailable);
    }
    (status, axum::Json(Problem::Broken { reference: id.to_owned() })).into_response()
}

/// What a panic in a door comes to: an empty 500 that [`request`] fills.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    metrics::counter!("salon_panics_total").increment(1);
    (StatusCode::INTERNAL_SERVER_ERROR, Body::empty()).into_response()
}

/// The process runs.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// It can answer: the store works and the doors are not closing.
pub async fn readyz(State(house): State<House>) -> Response {
    if house.shutdown.is_closing() || !house.chat.ready().await {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response();
    }
    "ready\n".into_response()
}

/// A browser's report about a breach of the content security policy: counted, and its
/// directive logged. The report itself holds addresses and is not.
pub async fn csp_report(body: String) -> StatusCode {
    let directive = serde_json::from_str::<serde_json::Value>(&body)
        .ok()
        .and_then(|report| report.pointer("/csp-report/effective-directive")?.as_str().map(str::to_owned))
        .unwrap_or_default();
    let directive: String = directive.chars().filter(|c| c.is_ascii_alphabetic() || *c == '-').take(40).collect();
    metrics::counter!("salon_csp_reports_total").increment(1);
    tracing::warn!(directive, "a browser reports a breach of the content security policy");
    StatusCode::NO_CONTENT
}

/// Starts counting; `None` when something in this process counts already.
pub fn metrics() -> Option<PrometheusHandle> {
    metrics_exporter_prometheus::PrometheusBuilder::new()
        .set_buckets(&[0.005, 0.02, 0.1, 0.5, 2.0, 10.0])
        .and_then(metrics_exporter_prometheus::PrometheusBuilder::install_recorder)
        .inspect_err(|cause| tracing::warn!(%cause, "no metrics"))
        .ok()
}

/// The metrics' own small listener.
pub fn metrics_router(handle: PrometheusHandle, house: House) -> axum::Router {
    let render = move || {
        metrics::gauge!("salon_live_sockets").set(house.chat.hub().connections() as f64);
        handle.run_upkeep();
        std::future::ready(handle.render())
    };
    axum::Router::new().route("/metrics", axum::routing::get(render))
}
