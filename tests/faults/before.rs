use super::office::Outcome::{Accepted, Refused, RefusedLater, ServerNever, ServerNow};
use super::office::{at, check, closes, says};
use super::server::{Act, Step};

#[test]
fn the_greeting() {
    check(
        &at("none", Step::Connection),
        &[
            ("too busy", says("421 4.3.2 too busy\r\n"), ServerNow, "421 4.3.2 too busy"),
            ("no mail here", says("554 no mail here\r\n"), ServerNever, "554 no mail here"),
            ("asks for a message at once", says("354 go on\r\n"), ServerNow, "does not fit the question"),
            ("speaks HTTP", says("HTTP/1.1 400 Bad Request\r\n\r\n"), ServerNow, "makes no sense"),
            ("is four NUL", says("\0\0\0\0\r\n"), ServerNow, "makes no sense"),
            ("has two codes", says("220-mx\r\n250 mx\r\n"), ServerNow, "makes no sense"),
            ("comes twice", says("220 mx\r\n220 mx\r\n"), ServerNow, "answered before it was asked"),
            ("closes at once", closes(""), ServerNow, "closed the connection"),
            ("closes in the middle of it", closes("220 m"), ServerNow, "closed the connection"),
            ("says nothing", Act::IsSilent, ServerNow, "timed out after 2 s"),
            ("drips", Act::Drips(b"220-hello\r\n"), ServerNow, "timed out after 2 s"),
            ("a line without end", Act::NeverEnds(b"220 "), ServerNow, "line of more than 2048 bytes"),
            ("lines without end", Act::NeverEnds(b"220-hello\r\n"), ServerNow, "more than 100 lines"),
        ],
    );
}

#[test]
fn the_answer_to_ehlo() {
    check(
        &at("none", Step::Ehlo),
        &[
            ("unknown command", says("502 what?\r\n"), ServerNever, "502 what?"),
            ("goes away", says("421 bye\r\n"), ServerNow, "421 bye"),
            ("asks for a message", says("354 go on\r\n"), ServerNow, "does not fit the question"),
            (
                "answers everything in advance",
                says("250 hi\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 queued\r\n"),
                ServerNow,
                "answered before it was asked",
            ),
            ("closes", closes(""), ServerNow, "closed the connection"),
            ("says nothing", Act::IsSilent, ServerNow, "timed out after 2 s"),
            ("drips", Act::Drips(b"250-SIZE\r\n"), ServerNow, "timed out after 2 s"),
            ("a line without end", Act::NeverEnds(b"250-X"), ServerNow, "line of more than 2048 bytes"),
            ("lines without end", Act::NeverEnds(b"250-X\r\n"), ServerNow, "more than 100 lines"),
            ("large but within limits", Act::Says(lines(99, 2_000)), Accepted, "1 message accepted"),
            ("too many lines", Act::Says(lines(100, 9)), ServerNow, "more than 100 lines"),
            (
                "a line that is too long",
                Act::Says(lines(1, 2_100)),
                ServerNow,
                "line of more than 2048 bytes",
            ),
            (
                "not UTF-8",
                Act::Says(b"250-mx\r\n250 \xff\xfe\x80\r\n".to_vec()),
                Accepted,
                "1 message accepted",
            ),
        ],
    );
}

#[test]
fn the_sender() {
    check(
        &at("none", Step::Mail),
        &[
            ("is refused", says("550 5.7.1 not you\r\n"), ServerNever, "550 5.7.1 not you"),
            ("is refused for now", says("451 4.7.1 later\r\n"), RefusedLater, "451 4.7.1 later"),
            ("goes away", says("421 bye\r\n"), ServerNow, "421 bye"),
            ("asks for a message", says("354 go on\r\n"), ServerNow, "does not fit the question"),
            ("closes", closes(""), ServerNow, "closed the connection"),
            ("says nothing", Act::IsSilent, ServerNow, "timed out after 2 s"),
        ],
    );
}

#[test]
fn the_recipient() {
    check(
        &at("none", Step::Rcpt),
        &[
            ("is refused", says("550 5.1.1 no such person\r\n"), Refused, "550 5.1.1 no such person"),
            (
                "is named in the refusal",
                says("550 5.1.1 <ann@ash.example.org>: no such user\r\n"),
                Refused,
                "550 5.1.1 <a***@ash.example.org>: no such user",
            ),
            ("is refused for now", says("450 4.2.0 busy\r\n"), RefusedLater, "450 4.2.0 busy"),
            ("goes away", says("421 bye\r\n"), ServerNow, "421 bye"),
            ("asks for a message", says("354 go on\r\n"), ServerNow, "does not fit the question"),
            (
                "answers in advance",
                says("250 ok\r\n354 go on\r\n250 queued\r\n"),
                ServerNow,
                "answered before it was asked",
            ),
            (
                "refused with escape sequences",
                says("550 \u{1b}[2J\u{1b}]0;mine\u{7}\u{9b}31m\0\u{7f}no\r\n"),
                Refused,
                "550 �[2J�]0;mine��31m��no",
            ),
            (
                "refused with turned and hidden text",
                says("550 a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\r\n"),
                Refused,
                "550 a�b�c�d�e",
            ),
            (
                "refused in Latin-1",
                Act::Says(b"550 bo\xeete pleine\r\n".to_vec()),
                Refused,
                "550 bo�te pleine",
            ),
            (
                "refused at length",
                Act::Says([&b"550 "[..], &[b'x'; 2_000], b"\r\n"].concat()),
                Refused,
                "xxx…",
            ),
            ("a line without end", Act::NeverEnds(b"550 "), ServerNow, "line of more than 2048 bytes"),
            ("closes", closes(""), ServerNow, "closed the connection"),
        ],
    );
}

#[test]
fn the_answer_to_data() {
    check(
        &at("none", Step::Data),
        &[
            ("accepts nothing yet", says("250 queued\r\n"), ServerNow, "does not fit the question"),
            ("asks for a password", says("334 go on\r\n"), ServerNow, "does not fit the question"),
            ("refuses", says("554 no\r\n"), Refused, "554 no"),
            ("refuses for now", says("451 later\r\n"), RefusedLater, "451 later"),
            ("goes away", says("421 bye\r\n"), ServerNow, "421 bye"),
            (
                "accepts in advance",
                says("354 go on\r\n250 queued\r\n"),
                ServerNow,
                "answered before it was asked",
            ),
            (
                "refuses in advance",
                says("354 go on\r\n550 no\r\n"),
                ServerNow,
                "answered before it was asked",
            ),
            ("closes", closes(""), ServerNow, "closed the connection"),
            ("says nothing", Act::IsSilent, ServerNow, "timed out after 2 s"),
            ("drips", Act::Drips(b"354-go on\r\n"), ServerNow, "timed out after 2 s"),
            ("lines without end", Act::NeverEnds(b"354-go on\r\n"), ServerNow, "more than 100 lines"),
        ],
    );
}

/// Lines of an answer to EHLO before the last, each with this many characters after its code.
fn lines(count: usize, length: usize) -> Vec<u8> {
    let line = format!("250-{}\r\n", "X".repeat(length));
    (line.repeat(count) + "250 SIZE\r\n").into_bytes()
}
