use super::office::{at, check_always, closes, says, send};
use super::server::Step;

const STEPS: [Step; 12] = [
    Step::Connection,
    Step::Ehlo,
    Step::StartTls,
    Step::Handshake,
    Step::EhloAgain,
    Step::Auth,
    Step::Mail,
    Step::Rcpt,
    Step::Data,
    Step::Message,
    Step::FinalDot,
    Step::Quit,
];

/// Pieces of answers, good and bad.
const PIECES: [&str; 20] = [
    "220 ",
    "250 ",
    "250-",
    "354 ",
    "421 ",
    "451 ",
    "550 ",
    "235 ",
    "334 ",
    "199 ",
    "2",
    "\r\n",
    "\r\n",
    "\r\n",
    "\n",
    "\r",
    "\0\u{1b}[2J",
    "ann@ash.example.org",
    "\u{202e}queued",
    "AUTH PLAIN STARTTLS",
];

#[test]
fn a_server_that_answers_at_random_is_never_believed_too_much() {
    let number = |name: &str, usual: u64| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
    };
    let (seed, faults) = (number("SEED", 1), number("FAULTS", 24));
    for fault in 0..faults {
        let mut random = fastrand::Rng::with_seed(seed + fault);
        let mut below = |end: usize| random.usize(..end);
        let step = STEPS[below(STEPS.len())];
        let words: String = (0..=below(6)).map(|_| PIECES[below(PIECES.len())]).collect();
        let act = if below(4) > 0 { says(&words) } else { closes(&words) };
        let security = ["none", "starttls", "tls"][below(3)];
        let name = format!("seed {}: {security}, {step:?}, {act:?}", seed + fault);
        check_always(&name, &send(&at(security, step), act, 2));
    }
    println!("faults: {faults} with seed {seed}; duplicates 0; unbounded reads 0");
}
