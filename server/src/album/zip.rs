//! A ZIP archive written from front to end, its files as they are: pictures are compressed
//! already. Larger than 4 GiB where it must be (ZIP64).

use domain::time::civil;

/// What a field says that is too small for its number.
const BEYOND: u32 = u32::MAX;
/// Names are UTF-8.
const UTF8: u16 = 0x0800;
/// Needs ZIP64 to be read.
const VERSION: u16 = 45;

/// What was written so far.
#[derive(Default)]
pub struct Zip {
    /// How many bytes.
    at: u64,
    files: u64,
    /// The list that stands at the end.
    list: Vec<u8>,
}

impl Zip {
    /// What stands in front of the next file, whose bytes follow. `name`: without a path, at
    /// most 65,535 bytes. `time` in milliseconds UTC.
    pub fn file(&mut self, name: &str, bytes: &[u8], time: i64) -> Vec<u8> {
        self.begin(name, (crc32fast::hash(bytes), bytes.len() as u64), time)
    }

    /// The same for a file that is not in memory: its CRC-32 and its length.
    pub fn begin(&mut self, name: &str, (sum, length): (u32, u64), time: i64) -> Vec<u8> {
        let name = name.as_bytes();
        let size = small(length);
        let mut about = Vec::with_capacity(26);
        for field in [UTF8, 0] {
            about.extend(field.to_le_bytes());
        }
        let (clock, day) = dos_time(time);
        about.extend(clock.to_le_bytes());
        about.extend(day.to_le_bytes());
        for field in [sum, size, size] {
            about.extend(field.to_le_bytes());
        }
        about.extend((name.len() as u16).to_le_bytes());
        let lengths = if size == BEYOND { vec![length, length] } else { Vec::new() };
        let extra = beyond(&lengths);

        let mut head = b"PK\x03\x04".to_vec();
        head.extend(VERSION.to_le_bytes());
        head.extend(&about);
        head.extend((extra.len() as u16).to_le_bytes());
        head.extend(name);
        head.extend(extra);

        self.note(name, &about, lengths);
        self.at += head.len() as u64 + length;
        self.files += 1;
        head
    }

    /// The line of a file that begins here, in the list at the end.
    fn note(&mut self, name: &[u8], about: &[u8], mut large: Vec<u64>) {
        let place = small(self.at);
        if place == BEYOND {
            large.push(self.at);
        }
        let extra = beyond(&large);
        self.list.extend(b"PK\x01\x02");
        // Made on Unix, with a regular file that everybody may read.
        self.list.extend((3 << 8 | VERSION).to_le_bytes());
        self.list.extend(VERSION.to_le_bytes());
        self.list.extend(about);
        self.list.extend((extra.len() as u16).to_le_bytes());
        self.list.extend([0; 6]);
        self.list.extend((0o100_644u32 << 16).to_le_bytes());
        self.list.extend(place.to_le_bytes());
        self.list.extend(name);
        self.list.extend(extra);
    }

    /// What stands behind the last file.
    pub fn end(self) -> Vec<u8> {
        let (begins, size) = (self.at, self.list.len() as u64);
        let mut end = self.list;
        let few = |number: u64| u16::try_from(number).unwrap_or(u16::MAX);
        if begins + size >= u64::from(BEYOND) || self.files >= u64::from(u16::MAX) {
            end.extend(b"PK\x06\x06");
            end.extend(44u64.to_le_bytes());
            end.extend([VERSION.to_le_bytes(), VERSION.to_le_bytes()].concat());
            end.extend([0; 8]);
            for field in [self.files, self.files, size, begins] {
                end.extend(field.to_le_bytes());
            }
            end.extend(b"PK\x06\x07\0\0\0\0");
            end.extend((begins + size).to_le_bytes());
            end.extend(1u32.to_le_bytes());
        }
        end.extend(b"PK\x05\x06\0\0\0\0");
        end.extend([few(self.files).to_le_bytes(), few(self.files).to_le_bytes()].concat());
        end.extend([small(size).to_le_bytes(), small(begins).to_le_bytes()].concat());
        end.extend([0; 2]);
        end
    }
}

/// A number in its field, or that it is elsewhere.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(BEYOND)
}

/// Where the numbers are that their fields are too small for.
fn beyond(numbers: &[u64]) -> Vec<u8> {
    let mut extra = Vec::new();
    if !numbers.is_empty() {
        extra.extend(1u16.to_le_bytes());
        extra.extend((8 * numbers.len() as u16).to_le_bytes());
        numbers.iter().for_each(|number| extra.extend(number.to_le_bytes()));
    }
    extra
}

/// Time and date in two's seconds and years since 1980.
fn dos_time(at: i64) -> (u16, u16) {
    let c = civil(at, 0);
    let year = (c.year - 1980).clamp(0, 127) as u16;
    let clock = u16::from(c.hour) << 11 | u16::from(c.minute) << 5 | u16::from(c.second / 2);
    (clock, year << 9 | u16::from(c.month) << 5 | u16::from(c.day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_archive_says_where_its_files_are() {
        let mut zip = Zip { at: 5 << 32, ..Zip::default() };
        let head = zip.file("001.jpg", b"x", 0);
        assert!(head.ends_with(b"001.jpg") && head.starts_with(b"PK\x03\x04"));
        let end = zip.end();
        let place = (5u64 << 32).to_le_bytes();
        assert!(end.windows(8).any(|window| window == place), "the whole place of the file");
        assert!(end.windows(4).any(|window| window == b"PK\x06\x06"), "and the end that large archives have");
    }

    #[test]
    fn a_large_file_says_how_long_it_is() {
        let mut zip = Zip::default();
        let length = 5u64 << 32;
        let head = zip.begin("film.mp4", (7, length), 0);
        assert!(head.windows(16).any(|window| window == [length.to_le_bytes(), length.to_le_bytes()].concat()));
        zip.file("after.txt", b"x", 0);
        let place = (length + head.len() as u64).to_le_bytes();
        assert!(zip.end().windows(8).any(|window| window == place), "where the next one begins");
    }

    #[test]
    fn times_are_those_of_the_format() {
        // 2027-01-15 08:00:00 UTC.
        assert_eq!(dos_time(1_800_000_000_000), (8 << 11, 47 << 9 | 1 << 5 | 15));
        assert_eq!(dos_time(0).1, 1 << 5 | 1);
    }
}
