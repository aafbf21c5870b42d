//! The program's own files, except `files`.

#[path = "../../../server/src/file_name.rs"]
pub mod file_name;

#[path = "../../../chat/src/names.rs"]
pub mod names;

#[path = "../../../server/src/live/naming.rs"]
pub mod naming;

#[path = "../../../chat/src/spans/mod.rs"]
pub mod spans;
