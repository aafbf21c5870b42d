//! SHA-256 (FIPS 180-4). Sixty lines instead of eight crates that every new machine would compile.

const ROUNDS: [u32; 64] = constants();
const START: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The digest as 64 hexadecimal digits.
pub fn hex(data: &[u8]) -> String {
    let mut state = START;
    let blocks = data.chunks_exact(64);
    let mut end = blocks.remainder().to_vec();
    blocks.for_each(|block| compress(&mut state, block));
    end.push(0x80);
    while end.len() % 64 != 56 {
        end.push(0);
    }
    end.extend((data.len() as u64 * 8).to_be_bytes());
    end.chunks_exact(64).for_each(|block| compress(&mut state, block));
    state.iter().map(|word| format!("{word:08x}")).collect()
}

fn compress(state: &mut [u32; 8], block: &[u8]) {
    let mut w = [0u32; 64];
    for (word, bytes) in w.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |sum, &b| sum << 8 | u32::from(b));
    }
    for i in 16..64 {
        let (a, b) = (w[i - 15], w[i - 2]);
        let small0 = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
        let small1 = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
        w[i] = w[i - 16].wrapping_add(small0).wrapping_add(w[i - 7]).wrapping_add(small1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (word, round) in w.iter().zip(ROUNDS) {
        let big1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let first = h.wrapping_add(big1).wrapping_add(choice).wrapping_add(round).wrapping_add(*word);
        let big0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(big0).wrapping_add(majority));
    }
    for (old, new) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *old = old.wrapping_add(new);
    }
}

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, by
/// integer arithmetic: the root of `p · 2^96` is the root of `p`, shifted by 32.
const fn constants() -> [u32; 64] {
    let mut table = [0; 64];
    let (mut n, mut prime) = (0, 2u128);
    while n < 64 {
        if is_prime(prime) {
            table[n] = cube_root(prime << 96) as u32;
            n += 1;
        }
        prime += 1;
    }
    table
}

const fn is_prime(n: u128) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= n {
        if n.is_multiple_of(divisor) {
            return false;
        }
        divisor += 1;
    }
    true
}

/// The largest `root` whose cube is at most `n`; `n` below 2^126.
const fn cube_root(n: u128) -> u128 {
    let (mut root, mut bit) = (0u128, 1u128 << 41);
    while bit > 0 {
        let next = root | bit;
        if next * next * next <= n {
            root = next;
        }
        bit >>= 1;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn published_examples() {
        assert_eq!(hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(
            hex(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
        assert_eq!(hex(&[b'a'; 1000]), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
    }
}
