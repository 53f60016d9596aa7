/// A message as it is written after DATA, up to but not including the final dot: every line ends with CRLF, and a line
/// that begins with a dot gets a second one (RFC 5321, 4.5.2).
///
/// A lone CR or LF becomes a whole line break: some servers take it for one, and would find the final dot elsewhere.
pub(super) fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(message.len() + message.len() / 64 + 2);
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        if rest[0] == b'.' {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(&rest[..end]);
        stuffed.extend_from_slice(b"\r\n");
        let line_break = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = rest.get(end + line_break..).unwrap_or_default();
    }
    stuffed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a plain server makes of what it receives: lines up to the final dot, without the first dot of any.
    fn received(written: &[u8]) -> Option<Vec<u8>> {
        let mut rest = written;
        let mut message = Vec::new();
        loop {
            let end = rest.windows(2).position(|two| two == b"\r\n")?;
            let line = &rest[..end];
            rest = &rest[end + 2..];
            if line == b"." {
                return rest.is_empty().then_some(message);
            }
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
            message.extend_from_slice(b"\r\n");
        }
    }

    fn written(message: &[u8]) -> Vec<u8> {
        [&stuffed(message), b".\r\n".as_slice()].concat()
    }

    #[test]
    fn dots_and_line_breaks() {
        for (message, expected) in [
            ("", ""),
            (".", "..\r\n"),
            ("a\r\n.\r\nb", "a\r\n..\r\nb\r\n"),
            ("a\n.\nb\r.\r", "a\r\n..\r\nb\r\n..\r\n"),
            ("\r\n\n.a.\r\n", "\r\n\r\n..a.\r\n"),
        ] {
            assert_eq!(String::from_utf8(stuffed(message.as_bytes())).unwrap(), expected, "{message:?}");
        }
    }

    proptest! {
        #[test]
        fn a_server_receives_the_lines_that_were_handed_over(lines in proptest::collection::vec("[.a\u{e9}]{0,4}", 0..20)) {
            let message: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            prop_assert_eq!(received(&written(message.as_bytes())), Some(message.into_bytes()));
        }

        #[test]
        fn a_server_finds_one_end_whatever_the_bytes(message in "[.a\r\n]{0,40}") {
            let mut whole = message.replace("\r\n", "\n").replace('\r', "\n");
            if !whole.is_empty() && !whole.ends_with('\n') {
                whole.push('\n');
            }
            let expected = whole.replace('\n', "\r\n").into_bytes();
            prop_assert_eq!(received(&written(message.as_bytes())), Some(expected));
            // No server, however lenient with line breaks, finds an end before the last line.
            let lenient = String::from_utf8(written(message.as_bytes())).unwrap().replace('\r', "\n");
            let ends = lenient.split('\n').filter(|line| *line == ".").count();
            prop_assert_eq!(ends, 1);
        }
    }
}
