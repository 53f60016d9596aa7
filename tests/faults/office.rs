use std::fs;
use std::sync::OnceLock;

use super::certificates::{Authorities, Shown};
use super::server::{Act, Behaviour, Seen, Step, TOO_MUCH, start};
use crate::harness::{Finished, Sandbox, run_to_end};

/// What must become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server accepted it.
    Accepted,
    /// The server refused it for good.
    Refused,
    /// The server refused it for now, twice, and then for good.
    RefusedLater,
    /// It is not known whether the server accepted it: it was sent once, and is not sent again.
    Unknown,
    /// The server cannot be used now, which was tried twice: the message is still planned.
    ServerNow,
    /// The server cannot be used with these settings, which was tried once: the message is still planned.
    ServerNever,
}

/// Where a server breaks a rule.
pub(super) struct Circumstances {
    /// `none`, `starttls` or `tls`.
    pub(super) security: &'static str,
    pub(super) shown: Shown,
    pub(super) step: Step,
}

/// At this step, by a server with a good certificate.
pub(super) fn at(security: &'static str, step: Step) -> Circumstances {
    Circumstances { security, shown: Shown::Good, step }
}

/// The name of a fault, what the server does, what must follow, and words that the program must say about it.
type Fault = (&'static str, Act, Outcome, &'static str);

/// Says this instead of the usual answer.
pub(super) fn says(words: &str) -> Act {
    Act::Says(words.as_bytes().to_vec())
}

/// Says this instead of the usual answer, and closes the connection.
pub(super) fn closes(words: &str) -> Act {
    Act::SaysAndCloses(words.as_bytes().to_vec())
}

/// What the program did with a server.
pub(super) struct Result {
    pub(super) send: Finished,
    /// What `deliveries --json` prints.
    pub(super) deliveries: String,
    pub(super) seen: Seen,
}

/// An evaluation with one message to send, and its rehearsal; the authorities of its server.
struct Office {
    sandbox: Sandbox,
    authorities: Authorities,
}

/// The recipient.
const ANN: &str = "ann@ash.example.org";
const NAME: &str = "sender";
const PASSWORD: &str = "open sesame";

impl Office {
    fn new() -> Self {
        let sandbox = Sandbox::new("two-regions");
        sandbox.edit("evaluation.toml", "synthetic = true", "synthetic = false");
        sandbox.append(
            "evaluation.toml",
            "\n[mail]\nfrom = \"The Board <reports@library.example.org>\"\nserver = \"127.0.0.1\"\nport = 1\n\
             security = \"none\"\nper-minute = 60000\nretry-pause = 0\nattempts = 2\ntimeout = 60\n",
        );
        fs::write(
            sandbox.evaluation().join("recipients.csv"),
            format!("area,name,email,format\nN1,Ann,{ANN},standard\n"),
        )
        .unwrap();
        let built = sandbox.build("out", &[]);
        assert!(built.code <= 1, "{}", built.err);
        for step in [
            &["approve", "out", "--as", "Ann Lee"][..],
            &["send", "out", "--evaluation", "evaluation", "--rehearse"],
        ] {
            let done = sandbox.program(step);
            assert_eq!(done.code, 0, "{}{}", done.out, done.err);
        }
        Self { sandbox, authorities: Authorities::new() }
    }
}

/// Sends the message to a server that behaves like this. The timeout is in seconds.
pub(super) fn send(at: &Circumstances, act: Act, timeout: u32) -> Result {
    let Circumstances { security, shown, step } = *at;
    static OFFICE: OnceLock<Office> = OnceLock::new();
    let office = OFFICE.get_or_init(Office::new);
    let (port, seen) = start(Behaviour { step, act, security, encryption: office.authorities.config(shown) });
    let sandbox = office.sandbox.twin();
    sandbox.edit(
        "evaluation.toml",
        "port = 1\nsecurity = \"none\"",
        &format!("port = {port}\nsecurity = \"{security}\""),
    );
    sandbox.edit("evaluation.toml", "timeout = 60", &format!("timeout = {timeout}"));
    let mut command = sandbox.command();
    command.args(["send", "out", "--evaluation", "evaluation"]);
    if security != "none" {
        sandbox.edit("evaluation.toml", "timeout = ", "certificates = \"../authority.pem\"\ntimeout = ");
        fs::write(sandbox.path("authority.pem"), office.authorities.pem()).unwrap();
        command.env("AREA_REPORTS_SMTP_NAME", NAME).env("AREA_REPORTS_SMTP_PASSWORD", PASSWORD);
    }
    let send = run_to_end(&mut command);
    let deliveries = sandbox.program(&["deliveries", "evaluation", "--out", "out", "--json"]).out;
    let seen = seen.lock().unwrap().clone();
    Result { send, deliveries, seen }
}

/// Sends the message to a server with each of these faults, and expects what must follow.
pub(super) fn check(at: &Circumstances, faults: &[Fault]) {
    for (name, act, outcome, words) in faults {
        let name = format!("{}, {:?}: {name}", at.security, at.step);
        let timeout = if matches!(act, Act::IsSilent | Act::Drips(_)) { 2 } else { 60 };
        let result = send(at, act.clone(), timeout);
        check_always(&name, &result);
        let said = format!("{}{}\n{}", result.send.out, result.send.err, result.deliveries);
        let (code, state, tries, of_server) = match outcome {
            Outcome::Accepted => (0, "accepted", 1, ""),
            Outcome::Refused => (1, "refused", 1, ""),
            Outcome::RefusedLater => (1, "refused", 2, "to be tried again"),
            Outcome::Unknown => (1, "unknown", 1, ""),
            Outcome::ServerNow => (3, "planned", 2, "cannot be used now"),
            Outcome::ServerNever => (3, "planned", 1, "does not accept messages"),
        };
        assert_eq!((result.send.code, result.state()), (code, state), "{name}: {said}");
        let of_message = *outcome == Outcome::RefusedLater;
        let tried = if of_message { result.seen.announced() } else { result.seen.connections };
        assert_eq!(tried, tries, "{name}: {said}");
        assert!(said.contains(of_server) && said.contains(words), "{name}: {said}");
    }
}

/// What holds whatever a server does.
pub(super) fn check_always(name: &str, result: &Result) {
    let (send, seen) = (&result.send, &result.seen);
    let said = format!("{}{}\n{}", send.out, send.err, result.deliveries);
    let state = result.state();
    assert!(state != "accepted" || seen.said_yes, "{name}: accepted without a clear yes: {said}");
    let not_refused = seen.messages - seen.refused;
    assert!(not_refused < 2, "{name}: a message that may have arrived was sent again: {said}");
    let may_have_arrived = not_refused == 0 || state == "unknown" || state == "accepted";
    assert!(may_have_arrived, "{name}: a message that may have arrived is {state}: {said}");
    assert!(seen.taken < TOO_MUCH, "{name}: everything was read");
    let known = ["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT"];
    for command in &seen.commands {
        let (clear, command) =
            command.strip_prefix("clear ").map_or((false, &**command), |rest| (true, rest));
        let verb = command.split([' ', ':']).next().unwrap();
        assert!(known.contains(&verb), "{name}: the server was sent {command:?}: {said}");
        assert!(!(clear && verb == "AUTH"), "{name}: a password in the clear: {said}");
    }
    for word in [ANN, PASSWORD, "os error", "Resource temporarily"] {
        assert!(!send.out.contains(word) && !send.err.contains(word), "{name}: {word} is printed: {said}");
    }
    let answer = result.answer();
    assert!(answer.chars().count() <= 500 && !answer.contains(ANN), "{name}: {said}");
    let hidden = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!answer.contains(hidden) && !said.contains(hidden), "{name}: {said:?}");
}

impl Result {
    fn delivery(&self) -> serde_json::Value {
        let printed: serde_json::Value = serde_json::from_str(&self.deliveries).unwrap();
        printed["deliveries"][0].clone()
    }

    /// The state that the ledger has for the message.
    pub(super) fn state(&self) -> &'static str {
        let state = self.delivery()["state"].as_str().unwrap_or("none").to_owned();
        let known = ["planned", "handing-over", "accepted", "refused", "unknown", "bounced"];
        known.into_iter().find(|known| *known == state).unwrap_or("none")
    }

    /// The server's answer that the ledger has for the message.
    fn answer(&self) -> String {
        self.delivery()["answer"].as_str().unwrap_or_default().to_owned()
    }
}
