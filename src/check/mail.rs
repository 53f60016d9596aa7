use std::path::Path;
use std::time::Duration;

use super::recipients::is_address;
use super::{number, unknown};
use crate::model::{Correspondent, MailSettings, Security};
use crate::problem::{Place, Problem};
use crate::read::RawMail;

/// Defaults for `[mail]`. The pause and the timeout are in seconds, and the size is in megabytes.
const PER_MINUTE: u32 = 60;
const ATTEMPTS: u32 = 4;
const RETRY_PAUSE: u32 = 60;
const TIMEOUT: u32 = 60;
const LARGEST: u32 = 10;

/// A day, in seconds: no pause is longer.
const DAY: u32 = 86_400;

/// Checks `[mail]` in `evaluation.toml`. Paths in it are relative to the evaluation folder.
pub(super) fn mail(
    raw: &RawMail,
    contact: &str,
    folder: &Path,
    problems: &mut Vec<Problem>,
) -> Option<MailSettings> {
    let before = problems.len();
    let from = sender("from", &raw.from, problems);
    let reply_to = sender("reply-to", raw.reply_to.as_deref().unwrap_or(contact), problems);
    server(&raw.server, problems);
    notify(&raw.notify, problems);
    catch_all(raw.catch_all.as_deref(), problems);
    domains(&raw.domains, problems);
    links(raw.links.as_deref(), problems);
    let security = security(raw, problems);
    let mut number =
        |key: &str, value, usual, range| number::within(value, range, &place(key), problems).unwrap_or(usual);
    let port = number("port", raw.port, 0, 1..=65_535);
    let per_minute = number("per-minute", raw.per_minute, PER_MINUTE, 1..=60_000);
    let domain_pause = number("domain-pause", raw.domain_pause, 0, 0..=DAY);
    let attempts = number("attempts", raw.attempts, ATTEMPTS, 1..=100);
    let retry_pause = number("retry-pause", raw.retry_pause, RETRY_PAUSE, 0..=DAY);
    let timeout = number("timeout", raw.timeout, TIMEOUT, 1..=DAY);
    let largest = number("largest", raw.largest, LARGEST, 1..=1_000);
    if problems.len() > before {
        return None;
    }
    let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
    let security = security?;
    Some(MailSettings {
        from: from?,
        reply_to: reply_to?,
        server: raw.server.clone(),
        port: u16::try_from(port).ok().filter(|port| *port > 0).unwrap_or(security.usual_port()),
        security,
        certificates: raw.certificates.as_ref().map(|file| folder.join(file)),
        credentials: raw.credentials.as_ref().map(|file| folder.join(file)),
        links: raw.links.as_ref().map(|address| format!("{}/", address.trim_end_matches('/'))),
        domains: raw.domains.clone(),
        together: raw.together,
        per_minute,
        domain_pause: seconds(domain_pause),
        attempts,
        retry_pause: seconds(retry_pause),
        timeout: seconds(timeout),
        largest: largest as usize * 1_000_000,
        catch_all: raw.catch_all.clone(),
        notify: raw.notify.clone(),
    })
}

fn sender(key: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Correspondent> {
    let sender = correspondent(text);
    if sender.is_none() {
        problems.push(wrong(key, text, "this is neither an address nor 'Name <address>'"));
    }
    sender
}

fn server(server: &str, problems: &mut Vec<Problem>) {
    if server.is_empty() || server.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':') {
        problems.push(wrong("server", server, "this is not the name of a server"));
    }
}

fn notify(addresses: &[String], problems: &mut Vec<Problem>) {
    for address in addresses.iter().filter(|address| !is_address(address)) {
        problems.push(wrong("notify", address, "this is not an email address"));
    }
}

/// The address of published runs must be one that a reader can trust and click.
fn links(address: Option<&str>, problems: &mut Vec<Problem>) {
    let fits = |address: &str| {
        let host = address.strip_prefix("https://").and_then(|rest| rest.split('/').next());
        host.is_some_and(|host| host.contains('.'))
            && address.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/:".contains(&b))
    };
    if let Some(address) = address.filter(|address| !fits(address)) {
        let problem = wrong("links", address, "this is not the address of a folder on the web");
        problems.push(problem.hint("write it as https://www.example.org/reports/2008/"));
    }
}

fn catch_all(address: Option<&str>, problems: &mut Vec<Problem>) {
    if let Some(address) = address.filter(|address| !is_address(address)) {
        problems.push(wrong("catch-all", address, "this is not an email address"));
    }
}

fn domains(domains: &[String], problems: &mut Vec<Problem>) {
    for domain in domains {
        let bare = domain.strip_prefix("*.").unwrap_or(domain);
        if !is_address(&format!("a@{bare}")) || bare.contains('*') {
            problems.push(wrong("domains", domain, "this is neither a domain nor '*.' followed by a domain"));
        }
    }
}

fn security(raw: &RawMail, problems: &mut Vec<Problem>) -> Option<Security> {
    let word = raw.security.as_deref().unwrap_or("starttls");
    let security = Security::WORDS.iter().find(|(known, _)| *known == word).map(|(_, security)| *security);
    if security.is_none() {
        let known = Security::WORDS.iter().map(|(word, _)| *word);
        problems.push(unknown(
            "mail",
            place("security"),
            "this is not a valid value for security",
            word,
            known,
        ));
    }
    if security == Some(Security::None) && !["localhost", "127.0.0.1"].contains(&raw.server.as_str()) {
        let message = "without encryption, reports can only go to a server on this computer";
        problems.push(wrong("security", &raw.server, message).hint("use starttls or tls"));
    }
    security
}

fn wrong(key: &str, value: &str, message: &str) -> Problem {
    Problem::error("mail", place(key), message).value(value)
}

fn place(key: &str) -> Place {
    Place::file("evaluation.toml").column(format!("mail.{key}"))
}

/// An address, or a name and an address: `Name <address>`.
fn correspondent(text: &str) -> Option<Correspondent> {
    let (name, email) = match text.split_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"'), rest.strip_suffix('>')?),
        None => ("", text.trim()),
    };
    let fits = is_address(email) && !name.contains(char::is_control);
    fits.then(|| Correspondent { name: name.to_owned(), email: email.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correspondent_has_an_address_and_perhaps_a_name() {
        let parsed = |text: &str| correspondent(text).map(|who| (who.name, who.email));
        let expected = |name: &str, email: &str| Some((name.to_owned(), email.to_owned()));
        assert_eq!(parsed("a@b.org"), expected("", "a@b.org"));
        assert_eq!(parsed("The Board <a@b.org>"), expected("The Board", "a@b.org"));
        assert_eq!(parsed("\"Lee, Ann\" <a@b.org>"), expected("Lee, Ann", "a@b.org"));
        for wrong in ["", "board", "Board <a@b.org", "Board\r\nBcc: x@y.org <a@b.org>", "a@b.org, c@d.org"] {
            assert_eq!(parsed(wrong), None, "{wrong:?}");
        }
    }
}
