//! The URL guard: nothing that leads inside passes, however it is spelled. Judged by a table of
//! networks and a reader of numbers that share nothing with the guard.

use crate::files::{allows, lets_pass};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::Url;

/// IANA's special-purpose registries, without what is reachable from everywhere.
const INSIDE: [&str; 17] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/5",
    "248.0.0.0/6",
    "252.0.0.0/6",
];
/// The only part of the new protocol that is handed out, and what in it leads elsewhere.
const HANDED_OUT: &str = "2000::/3";
const INSIDE_6: [&str; 4] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

pub fn check(data: &[u8]) {
    if let Ok(octets) = <[u8; 4]>::try_from(data) {
        let address = Ipv4Addr::from(octets);
        assert_eq!(allows(address.into()), !is_inside(address.into()), "{address}");
        url(&format!("http://{address}/"));
    }
    if let Ok(octets) = <[u8; 16]>::try_from(data) {
        let address = Ipv6Addr::from(octets);
        assert_eq!(allows(address.into()), !is_inside(address.into()), "{address}");
        url(&format!("https://[{address}]/x"));
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    url(text.trim());
    url(&format!("http://{text}"));
    url(&format!("https://{text}:443/picture.png"));
}

fn url(text: &str) {
    let Some(url) = Url::parse(text).ok().filter(lets_pass) else { return };
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
    assert!(matches!(url.port(), None | Some(80 | 443)), "{url}");
    assert!(!url.authority().contains('@'), "{url}");
    let host = url.host_str().unwrap_or_default();
    assert!(!host.is_empty(), "{url}");
    if let Some(address) = read_number(host).map(IpAddr::from).or_else(|| read_brackets(host)) {
        assert!(!is_inside(address), "{text:?} is {url} and leads to {address}");
    }
    assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(&url), "read again it is another one");
}

fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => INSIDE.iter().any(|network| contains(network, address)),
        IpAddr::V6(_) => !contains(HANDED_OUT, address) || INSIDE_6.iter().any(|network| contains(network, address)),
    }
}

fn contains(network: &str, address: IpAddr) -> bool {
    let (base, bits) = network.split_once('/').unwrap();
    let (base, bits) = (base.parse::<IpAddr>().unwrap(), bits.parse::<u32>().unwrap());
    let top = |address| match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    };
    base.is_ipv4() == address.is_ipv4() && (top(base) ^ top(address)) >> (128 - bits) == 0
}

fn read_brackets(host: &str) -> Option<IpAddr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::from)
}

/// As resolvers have always read numbers: one to four parts, decimal, octal or hexadecimal, the
/// last one filling what is left.
fn read_number(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u64> = host.trim_end_matches('.').split('.').map(read_part).collect::<Option<_>>()?;
    let (last, first) = parts.split_last().filter(|(_, first)| first.len() < 4)?;
    let space = 1_u64 << (8 * (4 - first.len()));
    let front = first.iter().try_fold(0_u64, |sum, part| (*part < 256).then_some(sum << 8 | part))?;
    (*last < space).then(|| Ipv4Addr::from((front * space + last) as u32))
}

fn read_part(part: &str) -> Option<u64> {
    // Rust's own reader would take a sign.
    if !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let part = part.to_ascii_lowercase();
    match part.strip_prefix("0x") {
        Some("") => Some(0),
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if part.len() > 1 && part.starts_with('0') => u64::from_str_radix(&part, 8).ok(),
        None => part.parse().ok(),
    }
}
