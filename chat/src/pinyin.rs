//! Whether a name begins with what was typed: as it is written, or as Chinese is typed by its sound,
//! `zhangsan`, `zs` or anything between.

use crate::names::name_key;
use pinyin::{ToPinyin, ToPinyinMulti};

/// Longest that is compared, in characters.
const MAX_CHARS: usize = 32;

/// How a character can be typed: as itself, or by the readings of Chinese.
fn readings(c: char) -> Vec<&'static str> {
    let known = c.to_pinyin_multi();
    known.into_iter().flatten().map(|reading| reading.plain()).collect()
}

/// By what a name is sorted: as it is read aloud, Chinese by the sound of each character. Without regard to
/// case and width; byte by byte.
pub(crate) fn sort_key(name: &str) -> String {
    let mut key = String::new();
    for c in name_key(name).chars().take(MAX_CHARS) {
        match c.to_pinyin() {
            Some(sound) => {
                // Before the next sound and before any letter, so that 李 stands before 连.
                key.push_str(sound.plain());
                key.push(' ');
            }
            None => key.push(c),
        }
    }
    key.trim_end().to_owned()
}

/// `typed` without capitals. Every character of the name takes one letter of what was typed, or more.
pub(crate) fn begins(name: &str, typed: &str) -> bool {
    let typed: Vec<char> = typed.chars().take(MAX_CHARS + 1).collect();
    if typed.len() > MAX_CHARS {
        return false;
    }
    // How much of it the characters so far can have taken.
    let mut taken = vec![0];
    for c in name.chars().filter(|c| !c.is_whitespace()).take(MAX_CHARS) {
        if taken.contains(&typed.len()) {
            return true;
        }
        let mut next = Vec::new();
        for at in &taken {
            let rest = &typed[*at..];
            if c.to_lowercase().eq(rest.iter().copied().take(1)) {
                next.push(at + 1);
            }
            for reading in readings(c) {
                let same = reading.chars().zip(rest).take_while(|(a, b)| a == *b).count();
                next.extend((1..=same).map(|n| at + n));
            }
        }
        next.sort_unstable();
        next.dedup();
        taken = next;
    }
    taken.contains(&typed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_they_are_read_aloud() {
        let sorted = ["007", "安娜", "Ana", "ben", "李四", "李一", "连城", "Ｌｉｎ", "张三", "Zoe", "Ярослав"];
        let mut names = sorted;
        names.reverse();
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, sorted);
        assert_eq!((sort_key("Zhang San"), sort_key("张三").as_str()), (sort_key("zhang san"), "zhang san"));
    }

    #[test]
    fn a_name_is_found_as_it_is_typed() {
        for typed in ["", "张", "张三", "zhangsan", "zs", "zhs", "zhangs", "zsan", "z", "张s"] {
            assert!(begins("张三", typed), "{typed}");
        }
        for typed in ["s", "san", "zx", "zhangsang", "三", "zss"] {
            assert!(!begins("张三", typed), "{typed}");
        }
        assert!(begins("单雄信", "shan") && begins("单雄信", "dan"), "every reading");
        assert!(begins("Ana Lee", "anal") && begins("ANA", "an") && !begins("Ana", "na"));
        assert!(begins("A小b明", "axbm") && !begins("好", &"hao".repeat(20)));
    }
}
