//! `GET /api/files/download`: for its sender and the one it was sent to.

use super::caller::asks;
use super::parcels::Parcel;
use super::translate::no;
use super::wire::{FILE_GONE, NO_FILE_NAME, NO_SUCH_FILE, No};
use crate::compat::base::in_query;
use crate::files::serve::body;
use crate::house::House;
use crate::sent::reads;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub async fn download(State(house): State<House>, request: Request) -> Result<Response, No> {
    let (parts, _) = request.into_parts();
    let caller = asks(&house, &parts.headers).await?;
    let name = in_query(parts.uri.query().unwrap_or_default(), "file").filter(|name| !name.is_empty());
    let name = name.ok_or(NO_FILE_NAME)?;
    let found = Parcel::stored(&house, &caller.who, &name).await.map_err(|error| no(error, NO_SUCH_FILE))?;
    let parcel = found.ok_or(NO_SUCH_FILE)?;
    let file = parcel.open(&house).await.map_err(|error| no(error, FILE_GONE))?;
    let length = file.length;
    let right = reads(&house.chat, Some(&caller.who), parcel.reader.room().id);
    let mut response = Response::new(body(&house, &file, (0, length), right));
    for (header, value) in [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, disposition(&name)),
        (CONTENT_LENGTH, length.to_string()),
        (HeaderName::from_static("content-description"), "File Transfer".to_owned()),
        (HeaderName::from_static("content-transfer-encoding"), "binary".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(header, value);
        }
    }
    Ok(response)
}

/// The name, and how RFC 6266 writes it if it is not plain.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\;,".contains(c) { c } else { '_' }).collect();
    if plain == name {
        format!("attachment; filename={plain}")
    } else {
        format!("attachment; filename={plain}; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_header() {
        assert_eq!(disposition("1_a.txt"), "attachment; filename=1_a.txt");
        assert_eq!(
            disposition("1_报告.md"),
            "attachment; filename=1___.md; filename*=UTF-8''1%5F%E6%8A%A5%E5%91%8A%2Emd"
        );
        assert!(!disposition("a\r\nSet-Cookie: x").contains('\n'));
    }
}
