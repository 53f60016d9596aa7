use std::ops::RangeInclusive;

use crate::deliver::quotation::quoted;

/// What a server says to a command: a code of three digits, and lines of text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    code: u16,
    lines: Vec<String>,
}

/// The codes that say that a command was carried out.
pub(super) const DONE: RangeInclusive<u16> = 200..=299;
/// The code that asks for the next part of the name and password.
pub(super) const CHALLENGE: RangeInclusive<u16> = 334..=334;
/// The code that asks for the message.
pub(super) const SEND_MESSAGE: RangeInclusive<u16> = 354..=354;

impl Answer {
    /// True for 5xx: no later attempt will fare better.
    pub(super) fn is_final_refusal(&self) -> bool {
        (500..=599).contains(&self.code)
    }

    /// True for 4xx and 5xx.
    pub(super) fn is_refusal(&self) -> bool {
        (400..=599).contains(&self.code)
    }

    /// True for 421: the server says nothing after it, whatever the question was.
    pub(super) fn is_farewell(&self) -> bool {
        self.code == 421
    }

    /// True if its code is one of these.
    pub(super) fn is(&self, codes: &RangeInclusive<u16>) -> bool {
        codes.contains(&self.code)
    }

    /// The lines after the first, which to EHLO say what the server offers.
    pub(super) fn offers(&self) -> &[String] {
        self.lines.get(1..).unwrap_or_default()
    }

    /// Code and text on one line, fit for printing and storing.
    pub(super) fn words(&self) -> String {
        quoted(&format!("{} {}", self.code, self.lines.join(" ")))
    }
}

/// An answer of which the last line has not been read yet.
#[derive(Default)]
pub(super) struct PartOfAnswer {
    code: Option<u16>,
    lines: Vec<String>,
}

/// What a line did to an answer.
pub(super) enum Read {
    More(PartOfAnswer),
    Whole(Answer),
    /// It is no line of an SMTP answer, or its code differs from that of the lines before.
    Nonsense,
}

impl PartOfAnswer {
    /// How many lines were read.
    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// Takes the next line.
    pub(super) fn and(mut self, line: &[u8]) -> Read {
        let Some((code, separator, text)) = parts(line) else { return Read::Nonsense };
        if self.code.is_some_and(|before| before != code) {
            return Read::Nonsense;
        }
        self.code = Some(code);
        self.lines.push(String::from_utf8_lossy(text).into_owned());
        match separator {
            b'-' => Read::More(self),
            _ => Read::Whole(Answer { code, lines: self.lines }),
        }
    }
}

/// The code, what follows it, and the text of a line.
fn parts(line: &[u8]) -> Option<(u16, u8, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(digits).ok().filter(|code| code.bytes().all(|b| b.is_ascii_digit()))?;
    let code = code.parse().ok().filter(|code| (200..=599).contains(code))?;
    match rest.split_first() {
        None => Some((code, b' ', rest)),
        Some((separator @ (b' ' | b'-'), text)) => Some((code, *separator, text)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&[u8]]) -> Option<Answer> {
        let mut part = PartOfAnswer::default();
        for line in lines {
            match part.and(line) {
                Read::More(more) => part = more,
                Read::Whole(answer) => return Some(answer),
                Read::Nonsense => return None,
            }
        }
        None
    }

    #[test]
    fn an_answer_is_one_code_and_its_lines() {
        let answer = read(&[b"250-mx.example.org", b"250-SIZE 100", b"250 HELP"]).unwrap();
        assert!(answer.is(&DONE) && !answer.is_refusal());
        assert_eq!(answer.offers(), ["SIZE 100", "HELP"]);
        assert_eq!(answer.words(), "250 mx.example.org SIZE 100 HELP");
        assert_eq!(read(&[b"250"]).unwrap().words(), "250");
        assert!(
            read(&[b"451 later"]).is_some_and(|answer| answer.is_refusal() && !answer.is_final_refusal())
        );
        assert!(
            read(&[b"550 \xff<ann@x.org>\x1b"])
                .is_some_and(|answer| answer.words() == "550 \u{fffd}<a***@x.org>\u{fffd}")
        );
    }

    #[test]
    fn anything_else_is_nonsense() {
        for line in
            ["", "25", "250x", "2 50", "+50 ok", "199 ok", "600 ok", "HTTP/1.1 200", "²50 ok", " 250 ok"]
        {
            assert_eq!(read(&[line.as_bytes()]), None, "{line}");
        }
        assert_eq!(read(&[b"250-one", b"550 two"]), None);
    }
}
