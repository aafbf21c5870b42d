//! The wall's pictures, in their order.

use super::Reader;
use crate::file_name::numbered;
use crate::html::escape;
use domain::picture::Picture;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where the pictures are.
pub const FOLDER: &str = "pictures";

const ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.');

/// A picture and what its file is called here, if it has one.
pub struct Hung {
    pub picture: Picture,
    pub file: Option<String>,
}

/// `07-the-lake.jpg`: sorts as it hangs.
pub fn name_of(picture: &Picture, number: usize, of: usize, ending: &str) -> String {
    numbered(&picture.caption, number, of.to_string().len().max(2), ending)
}

impl Reader {
    pub fn wall(&self, hung: &[Hung]) -> String {
        if hung.is_empty() {
            return String::new();
        }
        let heading = self.text.pick("图片墙", "The wall");
        let pictures: String = hung.iter().map(|hung| self.hung(hung)).collect();
        format!("<section>\n<h2>{heading}</h2>\n<ol class=\"wall\">\n{pictures}</ol>\n</section>\n")
    }

    fn hung(&self, Hung { picture, file }: &Hung) -> String {
        let image = match file {
            Some(file) => {
                let address = format!("{FOLDER}/{}", utf8_percent_encode(file, ADDRESS));
                let (alt, width, height) = (escape(picture.label()), picture.width, picture.height);
                format!(
                    "<a href=\"{address}\"><img src=\"{address}\" alt=\"{alt}\" width=\"{width}\" \
                     height=\"{height}\" loading=\"lazy\"></a>"
                )
            }
            None => format!("<p class=\"missing\">{}</p>", self.text.pick("文件缺失", "Its file is missing")),
        };
        let caption = match picture.caption.as_str() {
            "" => String::new(),
            caption => format!("<figcaption dir=\"auto\">{}</figcaption>", escape(caption)),
        };
        format!("<li><figure>{image}{caption}</figure></li>\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::person::Person;
    use domain::{BlobId, PersonId, PictureId};

    fn called(caption: &str, number: usize, of: usize) -> String {
        let picture = Picture {
            id: PictureId(1),
            blob: BlobId::parse("0123456789abcdef0123456789abcdef").unwrap(),
            order: 0,
            width: 1,
            height: 1,
            caption: caption.into(),
            alt: String::new(),
            tint: String::new(),
            by: Person::named(PersonId(1), "ana", "Ana"),
            at: 0,
        };
        name_of(&picture, number, of, "jpg")
    }

    #[test]
    fn a_name_sorts_as_it_hangs_and_leads_nowhere() {
        assert_eq!(called("The lake, at noon", 3, 9), "03-The-lake-at-noon.jpg");
        assert_eq!(called("湖边 的 早晨", 3, 120), "003-湖边-的-早晨.jpg");
        assert_eq!(called("", 1, 1), "01.jpg");
        for odd in ["../../etc/passwd", "a\\b", "..", "\u{202E}gpj", "CON:", ".hidden", "a\0b"] {
            let name = called(odd, 1, 1);
            assert!(name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.'), "{name}");
            assert_eq!(name.matches('.').count(), 1, "{name}");
        }
        assert!(called(&"\u{20BB7}".repeat(300), 1, 1).len() < 200);
    }
}
