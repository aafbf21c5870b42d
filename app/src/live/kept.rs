//! A small store of texts in the browser (IndexedDB) that survives reload and crash. Where
//! it fails, as in some private windows, memory takes its place: then only the visit is
//! survived.

use std::cell::RefCell;
use std::collections::BTreeMap;

thread_local! {
    static MEMORY: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Stores a text under a key, or removes it.
pub async fn put(key: &str, value: Option<String>) {
    #[cfg(feature = "hydrate")]
    if disk::put(key, value.as_deref()).await.is_some() {
        return;
    }
    MEMORY.with_borrow_mut(|memory| match value {
        Some(value) => memory.insert(key.to_owned(), value),
        None => memory.remove(key),
    });
}

pub async fn get(key: &str) -> Option<String> {
    with_prefix(key).await.into_iter().find(|(found, _)| found == key).map(|(_, value)| value)
}

/// Everything whose key begins so, by key.
pub async fn with_prefix(prefix: &str) -> Vec<(String, String)> {
    #[cfg(feature = "hydrate")]
    if let Some(all) = disk::all().await {
        return all.into_iter().filter(|(key, _)| key.starts_with(prefix)).collect();
    }
    MEMORY.with_borrow(|memory| {
        let found = memory.iter().filter(|(key, _)| key.starts_with(prefix));
        found.map(|(key, value)| (key.clone(), value.clone())).collect()
    })
}

/// `None` whenever the browser refuses.
#[cfg(feature = "hydrate")]
mod disk {
    use futures::channel::oneshot;
    use leptos::prelude::window;
    use std::cell::RefCell;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

    const STORE: &str = "kept";

    thread_local! {
        /// Opened once; `Some(None)` when the browser has refused.
        static OPEN: RefCell<Option<Option<IdbDatabase>>> = const { RefCell::new(None) };
    }

    pub async fn put(key: &str, value: Option<&str>) -> Option<()> {
        let store = store(IdbTransactionMode::Readwrite).await?;
        let key = JsValue::from_str(key);
        let request = match value {
            Some(value) => store.put_with_key(&JsValue::from_str(value), &key),
            None => store.delete(&key),
        };
        answer(&request.ok()?).await.map(|_| ())
    }

    pub async fn all() -> Option<Vec<(String, String)>> {
        let store = store(IdbTransactionMode::Readonly).await?;
        // Both before the first wait: a transaction ends when nothing is asked of it.
        let (keys, values) = (store.get_all_keys().ok()?, store.get_all().ok()?);
        let keys = js_sys::Array::from(&answer(&keys).await?);
        let values = js_sys::Array::from(&answer(&values).await?);
        Some(texts(&keys).into_iter().zip(texts(&values)).collect())
    }

    fn texts(list: &js_sys::Array) -> Vec<String> {
        list.iter().map(|text| text.as_string().unwrap_or_default()).collect()
    }

    async fn store(mode: IdbTransactionMode) -> Option<IdbObjectStore> {
        let opened = OPEN.with_borrow(Clone::clone);
        let database = match opened {
            Some(opened) => opened,
            None => {
                let opened = open().await;
                OPEN.set(Some(opened.clone()));
                opened
            }
        };
        database?.transaction_with_str_and_mode(STORE, mode).ok()?.object_store(STORE).ok()
    }

    async fn open() -> Option<IdbDatabase> {
        let request = window().indexed_db().ok()??.open_with_u32("salon", 1).ok()?;
        let upgraded = request.clone();
        let create = Closure::<dyn FnMut()>::new(move || {
            if let Ok(database) = upgraded.result().map(JsCast::unchecked_into::<IdbDatabase>) {
                let _ = database.create_object_store(STORE);
            }
        });
        request.set_onupgradeneeded(Some(create.as_ref().unchecked_ref()));
        answer(&request).await.map(JsCast::unchecked_into)
    }

    /// Waits for a request; its result.
    async fn answer(request: &IdbRequest) -> Option<JsValue> {
        let (tell, told) = oneshot::channel::<()>();
        let mut tell = Some(tell);
        let done = Closure::<dyn FnMut()>::new(move || {
            if let Some(tell) = tell.take() {
                let _ = tell.send(());
            }
        });
        request.set_onsuccess(Some(done.as_ref().unchecked_ref()));
        request.set_onerror(Some(done.as_ref().unchecked_ref()));
        told.await.ok()?;
        request.result().ok()
    }
}
