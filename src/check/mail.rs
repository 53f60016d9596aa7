use std::path::Path;
use std::time::Duration;

use super::recipients::is_address;
use super::{number, suggestion};
use crate::model::{Correspondent, MailSettings, Security};
use crate::problem::{Place, Problem};
use crate::read::RawMail;

/// How fast, how often and how much, where `[mail]` does not say.
const PER_MINUTE: u32 = 60;
const ATTEMPTS: u32 = 4;
const RETRY_PAUSE: u32 = 60;
const TIMEOUT: u32 = 60;
const LARGEST: u32 = 10;

/// A day, in seconds: no pause is longer.
const DAY: u32 = 86_400;

/// Checks `[mail]` of `evaluation.toml`; paths in it start at the evaluation folder.
pub(super) fn mail(
    raw: &RawMail,
    contact: &str,
    folder: &Path,
    problems: &mut Vec<Problem>,
) -> Option<MailSettings> {
    let before = problems.len();
    let place = |key: &str| Place::file("evaluation.toml").column(format!("mail.{key}"));
    let mut wrong = |key: &str, value: &str, message: &str| {
        problems.push(Problem::error("mail", place(key), message).value(value));
    };
    let from = correspondent(&raw.from);
    if from.is_none() {
        wrong("from", &raw.from, "this is neither an address nor 'Name <address>'");
    }
    let reply_to = raw.reply_to.as_deref().unwrap_or(contact);
    let replies = correspondent(reply_to);
    if replies.is_none() {
        wrong("reply-to", reply_to, "this is neither an address nor 'Name <address>'");
    }
    if raw.server.is_empty() || raw.server.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':')
    {
        wrong("server", &raw.server, "this is not the name of a server");
    }
    for address in raw.notify.iter().filter(|address| !is_address(address)) {
        wrong("notify", address, "this is not an email address");
    }
    for domain in &raw.domains {
        let bare = domain.strip_prefix("*.").unwrap_or(domain);
        if !is_address(&format!("a@{bare}")) || bare.contains('*') {
            wrong("domains", domain, "this is neither a domain nor '*.' and one");
        }
    }
    let word = raw.security.as_deref().unwrap_or("starttls");
    let security = Security::WORDS.iter().find(|(known, _)| *known == word).map(|(_, security)| *security);
    if security.is_none() {
        let mut problem = Problem::error("mail", place("security"), "there is no such security").value(word);
        problem.hint = suggestion(word, Security::WORDS.iter().map(|(word, _)| *word));
        problems.push(problem);
    }
    if security == Some(Security::None) && !["localhost", "127.0.0.1"].contains(&raw.server.as_str()) {
        let message = "reports go to a server on this machine only when nothing is encrypted";
        problems.push(
            Problem::error("mail", place("security"), message).value(&raw.server).hint("use starttls or tls"),
        );
    }
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
        reply_to: replies?,
        server: raw.server.clone(),
        port: u16::try_from(port).ok().filter(|port| *port > 0).unwrap_or(security.usual_port()),
        security,
        certificates: raw.certificates.as_ref().map(|file| folder.join(file)),
        credentials: raw.credentials.as_ref().map(|file| folder.join(file)),
        domains: raw.domains.clone(),
        together: raw.together,
        per_minute,
        domain_pause: seconds(domain_pause),
        attempts,
        retry_pause: seconds(retry_pause),
        timeout: seconds(timeout),
        largest: largest as usize * 1_000_000,
        notify: raw.notify.clone(),
    })
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
        let told = |text: &str| correspondent(text).map(|who| (who.name, who.email));
        let is = |name: &str, email: &str| Some((name.to_owned(), email.to_owned()));
        assert_eq!(told("a@b.org"), is("", "a@b.org"));
        assert_eq!(told("The Board <a@b.org>"), is("The Board", "a@b.org"));
        assert_eq!(told("\"Lee, Ann\" <a@b.org>"), is("Lee, Ann", "a@b.org"));
        for wrong in ["", "board", "Board <a@b.org", "Board\r\nBcc: x@y.org <a@b.org>", "a@b.org, c@d.org"] {
            assert_eq!(told(wrong), None, "{wrong:?}");
        }
    }
}
