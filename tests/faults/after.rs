use super::office::Outcome::{Accepted, Refused, RefusedLater, Unknown};
use super::office::{at, check, check_always, closes, says, send};
use super::server::{Act, Step};

#[test]
fn the_middle_of_a_message() {
    check(
        &at("none", Step::Message),
        &[
            ("closes", closes(""), Unknown, ""),
            ("says nothing", Act::IsSilent, Unknown, "timed out after 2 s"),
            // Seen before the final dot, or taken back after it.
            ("accepts, and refuses the whole", says("250 queued\r\n"), Unknown, ""),
            ("accepts and closes", closes("250 queued\r\n"), Unknown, ""),
        ],
    );
}

#[test]
fn a_refusal_in_the_middle_of_a_message_is_never_a_yes() {
    for words in ["552 too large\r\n", "451 later\r\n", "421 bye\r\n"] {
        for act in [says(words), closes(words)] {
            let result = send(&at("none", Step::Message), act, 60);
            check_always(words, &result);
            assert!(["refused", "unknown"].contains(&result.state()), "{words}: {}", result.state());
        }
    }
}

#[test]
fn the_answer_to_the_message() {
    check(
        &at("none", Step::FinalDot),
        &[
            ("asks for more", says("354 go on\r\n"), Unknown, "does not fit the question"),
            ("asks for a password", says("334 go on\r\n"), Unknown, "does not fit the question"),
            ("refuses", says("554 5.7.1 spam\r\n"), Refused, "554 5.7.1 spam"),
            ("refuses for now", says("451 later\r\n"), RefusedLater, "451 later"),
            ("goes away without it", says("421 bye\r\n"), RefusedLater, "421 bye"),
            ("closes", closes(""), Unknown, "closed the connection"),
            ("closes in the middle of a yes", closes("250 que"), Unknown, "closed the connection"),
            (
                "closes before the last line of a yes",
                closes("250-queued\r\n"),
                Unknown,
                "closed the connection",
            ),
            ("says nothing", Act::IsSilent, Unknown, "timed out after 2 s"),
            ("drips", Act::Drips(b"250-queued\r\n"), Unknown, "timed out after 2 s"),
            ("a line without end", Act::NeverEnds(b"250 "), Unknown, "line of more than 2048 bytes"),
            ("lines without end", Act::NeverEnds(b"250-queued\r\n"), Unknown, "more than 100 lines"),
            ("says yes and no", says("250-queued\r\n550 no\r\n"), Unknown, "makes no sense"),
            ("speaks HTTP", says("HTTP/1.1 200 OK\r\n"), Unknown, "makes no sense"),
            ("a NUL in the code", says("25\0 queued\r\n"), Unknown, "makes no sense"),
            ("no such class", says("199 hm\r\n"), Unknown, "makes no sense"),
            ("no such class either", says("600 hm\r\n"), Unknown, "makes no sense"),
            ("an empty line", says("\r\n"), Unknown, "makes no sense"),
            ("yes in another way", says("299-well\r\n299\n"), Accepted, "1 message accepted"),
            (
                "yes with control characters",
                says("250 \u{1b}[2Jqueued for <ann@ash.example.org>\r\n"),
                Accepted,
                "250 �[2Jqueued for <a***@ash.example.org>",
            ),
            ("yes, and then more", says("250 queued\r\n550 no\r\n"), Unknown, "before it was asked: 550 no"),
        ],
    );
}

#[test]
fn the_end() {
    check(
        &at("none", Step::Quit),
        &[
            ("closes", closes(""), Accepted, "1 message accepted"),
            ("says nothing", Act::IsSilent, Accepted, "1 message accepted"),
            ("a line without end", Act::NeverEnds(b"221 "), Accepted, "1 message accepted"),
        ],
    );
}
