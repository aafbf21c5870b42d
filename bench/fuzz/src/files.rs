//! `chat::files`, as far as it decides where a connection may go.

#[path = "../../../chat/src/files/address.rs"]
mod address;
#[path = "../../../chat/src/files/guard.rs"]
mod policy;

use std::net::IpAddr;
use url::Url;

const POLICY: policy::Policy = policy::Policy { loopback: false, anywhere: false };

/// What is asked before a name is resolved.
pub fn lets_pass(url: &Url) -> bool {
    POLICY.check_url(url).is_ok()
}

/// What is asked about every address that a name leads to.
pub fn allows(address: IpAddr) -> bool {
    POLICY.allows(address)
}
