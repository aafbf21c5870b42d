//! Pictures from files and from addresses: what is taken, what is refused, what is kept.

use crate::town::Town;
use bytes::Bytes;
use chat::{Chat, NewPicture, Problem, Rule, Who};
use domain::RoomId;
use domain::picture::{MAX_BYTES, Picture, Size};
use domain::problem::{AddressFault, PictureFault};
use domain::room::Visibility;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn encoded(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png(width: u32, height: u32) -> Bytes {
    encoded(RgbImage::from_pixel(width, height, Rgb([20, 160, 90])).into(), ImageFormat::Png).into()
}

pub fn new(bytes: impl Into<Bytes>) -> NewPicture {
    NewPicture { bytes: bytes.into(), file_name: Some("../../etc/passwd".into()), ..Default::default() }
}

pub async fn added(chat: &Chat, who: &Who, room: RoomId) -> Picture {
    let host = chat.host(Some(who), room).await.unwrap();
    chat.add_picture(&host, new(png(4, 3))).await.unwrap()
}

fn fault(fault: PictureFault) -> Problem {
    Problem::invalid("picture", Rule::Picture { fault })
}

fn address(fault: AddressFault) -> Problem {
    Problem::invalid("url", Rule::Address { fault })
}

/// The beginning of a PNG: signature, header and no data, with right checksums.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([1, 0, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&chunk);
    bytes.extend(crc(&chunk).to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT");
    bytes.extend(crc(b"IDAT").to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
        crc
    })
}

/// A JPEG, red on the left and blue on the right, whose EXIF says "turn me by 90°" and where
/// it was taken.
fn turned_jpeg() -> Vec<u8> {
    let picture = RgbImage::from_fn(64, 32, |x, _| if x < 32 { Rgb([230, 20, 20]) } else { Rgb([20, 20, 230]) });
    let jpeg = encoded(picture.into(), ImageFormat::Jpeg);
    // TIFF, big endian: orientation 6 and a pointer to a GPS directory with one latitude reference.
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26");
    tiff.extend(b"\0\0\0\0\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0GPS-HERE");
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(tiff);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend(b"\xff\xe1");
    bytes.extend(((segment.len() + 2) as u16).to_be_bytes());
    bytes.extend(segment);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused_with_its_reason() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let photo = encoded(DynamicImage::new_rgb8(300, 200), ImageFormat::Jpeg);
    let drawing = png(300, 200);
    let mut wrong_sum = drawing.to_vec();
    wrong_sum[45] ^= 0xFF;
    for (bytes, wanted) in [
        (Vec::new(), PictureFault::Empty),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), PictureFault::Svg),
        (b"\xEF\xBB\xBF <?xml version='1.0'?><svg/>".to_vec(), PictureFault::Svg),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), PictureFault::Heic),
        (b"<html><script>alert(1)</script>".to_vec(), PictureFault::NotAPicture),
        (b"%PDF-1.7".to_vec(), PictureFault::NotAPicture),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0".to_vec(), PictureFault::NotAPicture),
        (b"\x1f\x8b\x08\0svgz".to_vec(), PictureFault::NotAPicture),
        (b"GIF89a".to_vec(), PictureFault::Damaged),
        (b"\x89PNG\r\n\x1a\n<html>".to_vec(), PictureFault::Damaged),
        (photo[..photo.len() / 2].to_vec(), PictureFault::Damaged),
        (photo[..photo.len() - 2].to_vec(), PictureFault::Damaged),
        (drawing[..drawing.len() / 2].to_vec(), PictureFault::Damaged),
        (wrong_sum, PictureFault::Damaged),
        (png_header(30_000, 30_000), PictureFault::TooManyPixels),
        (png_header(100_000, 1), PictureFault::TooManyPixels),
        (vec![b'x'; MAX_BYTES as usize + 1], PictureFault::TooManyBytes),
    ] {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(12)]).into_owned();
        let refused = town.chat.add_picture(&host, new(bytes)).await.unwrap_err().into_problem();
        assert_eq!(refused, fault(wanted), "{start:?}");
    }
    let reader = town.chat.reader(None, hall.id).await.unwrap();
    assert_eq!(town.chat.wall(&reader).await.unwrap().rev, 0, "nothing changed");
    assert!(!town.data().join(format!("files/{}", hall.id)).exists(), "nothing was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_turned_and_forgets_where_it_was_taken() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let source = turned_jpeg();
    assert!(source.windows(8).any(|w| w == b"GPS-HERE"));
    let picture = town.chat.add_picture(&host, new(source)).await.unwrap();
    assert_eq!((picture.width, picture.height), (32, 64));
    let reader = town.chat.reader(None, hall.id).await.unwrap();
    let (bytes, media_type) = town.chat.picture_bytes(&reader, &picture.blob, Size::Full).await.unwrap();
    assert_eq!(media_type, "image/jpeg");
    assert!(!bytes.windows(4).any(|w| w == b"Exif" || w == b"GPS-"));
    let pixels = image::load_from_memory(&bytes).unwrap().into_rgb8();
    let (top, bottom) = (pixels.get_pixel(16, 8).0, pixels.get_pixel(16, 56).0);
    assert!(top[0] > 180 && bottom[2] > 180, "left became top: {top:?} {bottom:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_and_kinds() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let reader = town.chat.reader(None, hall.id).await.unwrap();
    let clear = RgbaImage::from_fn(700, 350, |x, _| Rgba([200, 30, 30, if x < 350 { 0 } else { 255 }]));
    let opaque = RgbaImage::from_pixel(700, 350, Rgba([1, 2, 3, 255]));
    let kinds = [
        (encoded(clear.into(), ImageFormat::Png), "image/png", "image/png"),
        (encoded(opaque.clone().into(), ImageFormat::Png), "image/png", "image/jpeg"),
        (encoded(DynamicImage::new_rgb8(700, 350), ImageFormat::Gif), "image/png", "image/jpeg"),
        (encoded(DynamicImage::from(opaque).into_rgb8().into(), ImageFormat::WebP), "image/jpeg", "image/jpeg"),
        (encoded(DynamicImage::new_luma16(700, 350), ImageFormat::Png), "image/png", "image/jpeg"),
    ];
    for (bytes, full_type, small_type) in kinds {
        let picture = town.chat.add_picture(&host, new(bytes)).await.unwrap();
        for (size, wanted, media_type) in [
            (Size::Side(320), (320, 160), small_type),
            (Size::Side(640), (640, 320), small_type),
            // Larger than the picture: the full one.
            (Size::Side(1280), (700, 350), full_type),
            (Size::Full, (700, 350), full_type),
        ] {
            let (bytes, found) = town.chat.picture_bytes(&reader, &picture.blob, size).await.unwrap();
            let pixels = image::load_from_memory(&bytes).unwrap();
            assert_eq!(((pixels.width(), pixels.height()), found), (wanted, media_type), "{size}");
        }
    }
}

/// Answers every connection with one answer, made from the path that was asked for.
pub async fn server(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut asked = vec![0; 4_096];
            let length = socket.read(&mut asked).await.unwrap_or(0);
            let line = String::from_utf8_lossy(&asked[..length]).into_owned();
            let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
            let _ = socket.write_all(&answer(&path)).await;
            let _ = socket.shutdown().await;
        }
    });
    address
}

pub fn ok(body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend(body);
    answer
}

pub fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_from_an_address_is_fetched_once_and_kept() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let answer = |path: &str| match path {
        "/a.png" => ok(&png(6, 4)),
        "/page" => ok(b"<html>hi"),
        "/moved" => redirect("/a.png"),
        "/round" => redirect("/round"),
        "/inside" => redirect("http://10.0.0.1/x.png"),
        "/metadata" => redirect("http://169.254.169.254/latest"),
        "/file" => redirect("file:///etc/passwd"),
        "/huge" => b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n".to_vec(),
        "/long" => [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; MAX_BYTES as usize + 9]].concat(),
        "/cut" => b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\nshort".to_vec(),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
    };
    let base = format!("http://{}", server(answer).await);
    let afar = NewPicture { caption: "from afar".into(), ..Default::default() };
    for good in ["/a.png", "/moved"] {
        let picture = town.chat.add_picture_from(&host, &format!("{base}{good}"), afar.clone()).await.unwrap();
        assert_eq!((picture.width, picture.height, &*picture.caption), (6, 4, "from afar"));
    }
    let too_large = Problem::invalid("url", Rule::Picture { fault: PictureFault::TooManyBytes });
    for (path, wanted) in [
        ("/page", fault(PictureFault::NotAPicture)),
        ("/round", address(AddressFault::TooManyRedirects)),
        ("/inside", address(AddressFault::Private)),
        ("/metadata", address(AddressFault::Private)),
        ("/file", address(AddressFault::Shape)),
        ("/huge", too_large.clone()),
        ("/long", too_large),
        ("/cut", address(AddressFault::NoAnswer)),
        ("/nothing", address(AddressFault::NoAnswer)),
    ] {
        let refused = town.chat.add_picture_from(&host, &format!("{base}{path}"), afar.clone()).await.unwrap_err();
        assert_eq!(refused.into_problem(), wanted, "{path}");
    }
    for odd in ["", "a.png", "ftp://a.example/b", "http://"] {
        let refused = town.chat.add_picture_from(&host, odd, afar.clone()).await.unwrap_err().into_problem();
        assert_eq!(refused, address(AddressFault::Shape), "{odd:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_name_never_becomes_a_path() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let picture = added(&town.chat, &ana, hall.id).await;
    let mut found = Vec::new();
    let folder = town.data().join(format!("files/{}/{}", hall.id, picture.blob));
    for entry in std::fs::read_dir(folder).unwrap() {
        found.push(entry.unwrap().file_name().into_string().unwrap());
    }
    assert_eq!(found, ["full"], "four by three pixels need no smaller size");
}
