//! What Salon promises, while it is killed, starved and confused.

fn main() {}
