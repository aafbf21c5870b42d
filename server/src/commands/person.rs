//! `salon person add`.

use super::{Failure, Outcome, open};
use crate::settings::PersonAdd;
use std::io::BufRead;

pub async fn add(settings: PersonAdd) -> Outcome {
    let password = read_password(&mut std::io::stdin().lock())?;
    let chat = open(&settings.store).await?;
    let added = chat.add_person(&settings.name, &password, settings.role.into()).await;
    chat.close().await;
    println!("“{}” can sign in.", added?.name);
    Ok(())
}

/// The first line without its end; everything else in it belongs to the password.
fn read_password(input: &mut impl BufRead) -> Result<String, Failure> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        return Err(Failure::Words("no password on standard input".into()));
    }
    Ok(password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_keeps_its_spaces() {
        assert_eq!(read_password(&mut " a b \r\nnext".as_bytes()).unwrap(), " a b ");
        assert_eq!(read_password(&mut "last".as_bytes()).unwrap(), "last");
        assert!(read_password(&mut "\n".as_bytes()).is_err());
    }
}
