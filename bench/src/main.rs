//! How fast Salon is, beside the floor of the machine it runs on.

fn main() {}
