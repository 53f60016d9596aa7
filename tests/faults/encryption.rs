use super::certificates::Shown;
use super::office::Outcome::{Accepted, ServerNever, ServerNow, Unknown};
use super::office::{Circumstances, at, check, closes, says};
use super::server::{Act, Step};

#[test]
fn the_answer_to_starttls() {
    check(
        &at("starttls", Step::StartTls),
        &[
            ("not now", says("454 4.7.0 not now\r\n"), ServerNow, "454 4.7.0 not now"),
            ("never", says("501 no\r\n"), ServerNever, "501 no"),
            ("asks for a message", says("354 go on\r\n"), ServerNow, "does not fit the question"),
            (
                "adds a refusal",
                says("220 go on\r\n550 no such person\r\n"),
                ServerNow,
                "answered before it was asked",
            ),
            (
                "adds all answers in advance",
                says("220 go on\r\n250 hi\r\n235 in\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n"),
                ServerNow,
                "answered before it was asked",
            ),
            ("adds half an answer", says("220 go on\r\n25"), ServerNow, "answered before it was asked"),
            ("closes", closes(""), ServerNow, "closed the connection"),
            ("closes after it", closes("220 go on\r\n"), ServerNow, ""),
            ("lines without end", Act::NeverEnds(b"220-go on\r\n"), ServerNow, "more than 100 lines"),
        ],
    );
}

#[test]
fn the_offer_to_encrypt() {
    check(
        &at("starttls", Step::Ehlo),
        &[
            ("is missing", says("250-mx.example.org\r\n250 AUTH PLAIN LOGIN\r\n"), ServerNever, "STARTTLS"),
            (
                "is part of a different word",
                says("250-mx.example.org\r\n250 STARTTLSX\r\n"),
                ServerNever,
                "STARTTLS",
            ),
        ],
    );
}

#[test]
fn the_handshake() {
    check(
        &at("starttls", Step::Handshake),
        &[
            (
                "is in the clear",
                closes("250 mx.example.org\r\n250 STARTTLS\r\n"),
                ServerNever,
                "cannot be encrypted",
            ),
            ("is garbage", Act::SaysAndCloses(vec![0xff; 4_096]), ServerNever, "cannot be encrypted"),
            ("closes after our hello", closes(""), ServerNow, ""),
            ("says nothing", Act::IsSilent, ServerNow, "timed out after 2 s"),
            (
                "drips",
                Act::Drips(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03"),
                ServerNow,
                "timed out after 2 s",
            ),
        ],
    );
}

#[test]
fn the_first_answers_in_private() {
    check(
        &at("starttls", Step::EhloAgain),
        &[
            ("goes away", says("421 bye\r\n"), ServerNow, "421 bye"),
            ("closes", closes(""), ServerNow, "closed the connection"),
            ("drips", Act::Drips(b"250-X\r\n"), ServerNow, "timed out after 2 s"),
            ("a line without end", Act::NeverEnds(b"250-X"), ServerNow, "line of more than 2048 bytes"),
            (
                "answers in advance",
                says("250-mx\r\n250 AUTH PLAIN\r\n235 in\r\n"),
                ServerNow,
                "answered before it was asked",
            ),
            ("no way to log in", says("250-mx.example.org\r\n250 SIZE\r\n"), ServerNever, "no way to log in"),
            (
                "an unknown way to log in",
                says("250-mx.example.org\r\n250 AUTH CRAM-MD5 PLAINER\r\n"),
                ServerNever,
                "no way to log in",
            ),
            (
                "another way to log in",
                says("250-mx.example.org\r\n250 AUTH LOGIN\r\n"),
                Accepted,
                "1 message accepted",
            ),
        ],
    );
}

#[test]
fn the_answer_to_the_password() {
    check(
        &at("starttls", Step::Auth),
        &[
            ("is wrong", says("535 5.7.8 wrong\r\n"), ServerNever, "535 5.7.8 wrong"),
            ("not now", says("454 4.7.0 not now\r\n"), ServerNow, "454 4.7.0 not now"),
            ("asks for more", says("334 more\r\n"), ServerNow, "does not fit the question"),
            ("closes", closes(""), ServerNow, "closed the connection"),
            ("says nothing", Act::IsSilent, ServerNow, "timed out after 2 s"),
        ],
    );
}

#[test]
fn the_certificate() {
    let at = |shown| Circumstances { shown, ..at("starttls", Step::Quit) };
    let usual = || says("221 bye\r\n");
    check(&at(Shown::Good), &[("is good", usual(), Accepted, "1 message accepted")]);
    for (name, shown) in [
        ("has expired", Shown::Expired),
        ("is of another server", Shown::OfAnotherServer),
        ("is of an unknown authority", Shown::OfUnknownAuthority),
    ] {
        check(&at(shown), &[(name, usual(), ServerNever, "certificate")]);
    }
}

#[test]
fn encryption_from_the_start() {
    let tls = |step| at("tls", step);
    check(
        &tls(Step::Handshake),
        &[("in the clear", closes("220 mx\r\n"), ServerNever, "cannot be encrypted")],
    );
    check(
        &tls(Step::Connection),
        &[
            ("friendly", says("220 mx\r\n"), Accepted, "1 message accepted"),
            ("a line without end", Act::NeverEnds(b"220 "), ServerNow, "line of more than 2048 bytes"),
        ],
    );
    check(
        &tls(Step::Data),
        &[(
            "accepts in advance",
            says("354 go\r\n250 queued\r\n"),
            ServerNow,
            "answered before it was asked",
        )],
    );
    check(&tls(Step::Message), &[("accepts, and refuses the whole", says("250 queued\r\n"), Unknown, "")]);
    check(&tls(Step::FinalDot), &[("closes", closes(""), Unknown, "closed the connection")]);
}
