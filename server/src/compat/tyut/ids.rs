//! What people are called on this wire: 10 hexadecimal digits, made from their number.

use domain::PersonId;

/// 40 bits.
const MASK: u64 = (1 << 40) - 1;
/// Any odd number, and what makes it 1 again.
const TIMES: u64 = 0x97_AB09_6E2B;
const KEY: u64 = 0x2A_67F4_734D;

pub fn of(person: PersonId) -> String {
    // Nobody has so many people that it matters.
    let mut n = person.0.cast_unsigned() & MASK ^ KEY;
    for _ in 0..3 {
        n = n.wrapping_mul(TIMES) & MASK;
        n ^= n >> 20;
    }
    format!("{n:010x}")
}

/// Whom a client means.
pub fn person(id: &str) -> Option<PersonId> {
    let is_hex = id.len() == 10 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let mut n = u64::from_str_radix(id, 16).ok().filter(|_| is_hex)?;
    for _ in 0..3 {
        n ^= n >> 20;
        n = n.wrapping_mul(inverse(TIMES)) & MASK;
    }
    let person = PersonId((n ^ KEY).cast_signed());
    (person.0 > 0).then_some(person)
}

/// By Newton's steps: each doubles how many of the low bits are right.
fn inverse(odd: u64) -> u64 {
    (0..6).fold(odd, |n, _| n.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(n))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back() {
        for id in [1, 2, 3, 4_711, 1_000_000_007] {
            let name = of(PersonId(id));
            assert_eq!((name.len(), person(&name)), (10, Some(PersonId(id))), "{name}");
        }
        assert_ne!(of(PersonId(1))[..5], of(PersonId(2))[..5]);
    }

    #[test]
    fn what_is_no_id_names_nobody() {
        for odd in ["", "97ab096e2", "97AB096E2A", "97ab096e2aa", "+7ab096e2a", "globaluser"] {
            assert_eq!(person(odd), None, "{odd}");
        }
    }
}
