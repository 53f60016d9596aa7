use std::io::ErrorKind;

use lettre::Address;

use super::answer::{Answer, CHALLENGE, DONE, SEND_MESSAGE};
use super::credentials::Credentials;
use super::dialogue::{Dialogue, Failure};
use super::encryption::Encryption;
use crate::deliver::quotation::quoted;

/// A connection for sending messages.
pub(in crate::deliver) struct Session {
    dialogue: Dialogue,
    /// What the server offers, in capital letters: a word, and perhaps more words.
    offers: Vec<String>,
}

/// Why the server did not accept a message.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::deliver) enum Refusal {
    /// The server cannot accept it now.
    Now(String),
    /// The server refuses it for good.
    Never(String),
    /// It was on its way when the connection was lost, or the server's answer to it is neither yes nor no.
    Unknown(String),
    /// The server accepts nothing from this sender: no other message will get through either.
    Sender(String),
    /// The connection was lost before the message was on its way: the server has not decided about it.
    Lost(String),
}

impl Session {
    /// Introduces us to a server that has greeted.
    pub(super) fn begin(dialogue: Dialogue, us: &str) -> Result<Self, Failure> {
        let mut session = Self { dialogue, offers: Vec::new() };
        session.introduce(us)?;
        Ok(session)
    }

    /// Encrypts the connection, and asks again what the server offers.
    pub(super) fn start_tls(&mut self, encryption: &Encryption, us: &str) -> Result<(), Failure> {
        if self.offer("STARTTLS").is_none() {
            return Err(Failure::Unfit("it does not offer to encrypt the connection (STARTTLS)".to_owned()));
        }
        self.dialogue.ask("STARTTLS", &DONE)?;
        // Whoever sits between us and the server can add words here, which must not pass for the server's own.
        self.dialogue.expect_silence()?;
        self.dialogue.encrypt(encryption)?;
        self.introduce(us)
    }

    /// Logs in, in a way that the server offers.
    pub(super) fn log_in(&mut self, credentials: &Credentials) -> Result<(), Failure> {
        if !self.dialogue.is_encrypted() {
            return Err(Failure::Unfit("a password is only sent over an encrypted connection".to_owned()));
        }
        let offered = self.offer("AUTH").unwrap_or_default().to_owned();
        let has = |mechanism: &str| offered.split_whitespace().any(|offered| offered == mechanism);
        if has("PLAIN") {
            self.dialogue.ask(&format!("AUTH PLAIN {}", credentials.plain()), &DONE)?;
        } else if has("LOGIN") {
            let [name, password] = credentials.login();
            self.dialogue.ask("AUTH LOGIN", &CHALLENGE)?;
            self.dialogue.ask(&name, &CHALLENGE)?;
            self.dialogue.ask(&password, &DONE)?;
        } else {
            return Err(Failure::Unfit("it offers no way to log in that this program knows".to_owned()));
        }
        Ok(())
    }

    /// Gives the server the sender and recipient, and asks whether it accepts the message. Nothing has been sent yet.
    pub(in crate::deliver) fn announce(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        let is_ascii = from.to_string().is_ascii() && to.to_string().is_ascii();
        if !is_ascii && self.offer("SMTPUTF8").is_none() {
            return Err(Refusal::Never(
                "the server does not accept addresses with letters outside ASCII".to_owned(),
            ));
        }
        let parameter = if is_ascii { "" } else { " SMTPUTF8" };
        self.dialogue.ask(&format!("MAIL FROM:<{from}>{parameter}"), &DONE).map_err(
            |failure| match refusal(failure, Refusal::Lost) {
                Refusal::Never(why) => Refusal::Sender(why),
                other => other,
            },
        )?;
        for (command, codes) in [(format!("RCPT TO:<{to}>"), DONE), ("DATA".to_owned(), SEND_MESSAGE)] {
            self.dialogue.ask(&command, &codes).map_err(|failure| refusal(failure, Refusal::Lost))?;
        }
        Ok(())
    }

    /// Hands over the message that was announced, and returns the server's answer. From the first byte on, only the
    /// server's answer shows what became of the message.
    pub(in crate::deliver) fn hand_over(&mut self, message: &[u8]) -> Result<String, Refusal> {
        self.dialogue.expect_silence().map_err(|failure| refusal(failure, Refusal::Lost))?;
        let answer = self.dialogue.hand_over(message).map_err(|failure| match failure {
            // It has the whole message and does not want it, even if it goes away now (421).
            Failure::No(answer) => refused(&answer),
            failure => refusal(failure, Refusal::Unknown),
        })?;
        self.confirm(&answer)
    }

    /// The words of an answer that accepts a message, unless the server takes them back. A yes that was given before the
    /// end of the message would pass for the answer to it, and the true answer for that to this command.
    fn confirm(&mut self, yes: &Answer) -> Result<String, Refusal> {
        match self.dialogue.ask("RSET", &DONE) {
            Err(Failure::No(answer)) if answer.is_farewell() => Ok(yes.words()),
            Err(Failure::Lost(error)) if error.kind() == ErrorKind::UnexpectedEof => Ok(yes.words()),
            Err(failure) => {
                Err(Refusal::Unknown(quoted(&format!("{}, and then: {}", yes.words(), failure.words()))))
            }
            Ok(_) => Ok(yes.words()),
        }
    }

    /// True if the connection can be used for another message.
    pub(in crate::deliver) fn is_open(&self) -> bool {
        self.dialogue.is_open()
    }

    /// Makes the connection ready for another message after a refusal; false if it cannot be used again.
    pub(in crate::deliver) fn reset(&mut self) -> bool {
        self.dialogue.ask("RSET", &DONE).is_ok()
    }

    /// Closes the connection politely.
    pub(in crate::deliver) fn end(mut self) {
        // The messages have been handed over, so the server's reply to QUIT does not matter.
        drop(self.dialogue.ask("QUIT", &DONE));
    }

    fn introduce(&mut self, us: &str) -> Result<(), Failure> {
        let answer = self.dialogue.ask(&format!("EHLO {us}"), &DONE)?;
        self.offers = answer.offers().iter().map(|offer| offer.trim().to_uppercase()).collect();
        Ok(())
    }

    /// What the server says after a word that it offers.
    fn offer(&self, word: &str) -> Option<&str> {
        self.offers.iter().find_map(|offer| {
            let rest = offer.strip_prefix(word)?;
            (rest.is_empty() || rest.starts_with(' ')).then_some(rest)
        })
    }
}

/// What a failure means for the message; `lost` makes the refusal if the connection failed.
fn refusal(failure: Failure, lost: fn(String) -> Refusal) -> Refusal {
    match failure {
        Failure::No(answer) if !answer.is_farewell() => refused(&answer),
        failure => lost(failure.words()),
    }
}

fn refused(answer: &Answer) -> Refusal {
    if answer.is_final_refusal() { Refusal::Never(answer.words()) } else { Refusal::Now(answer.words()) }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;
    use crate::deliver::address::parsed;
    use crate::deliver::office::Office;
    use crate::deliver::smtp::{Server, ServerError};
    use crate::model::{MailSettings, Security};

    /// A server that greets, and then gives these answers to one command after another, for one message.
    fn serve(answers: &'static [&'static str]) -> MailSettings {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
            say("220 mail.example.org");
            for answer in answers {
                let Some(Ok(line)) = lines.next() else { return };
                if *answer == "hang up" {
                    return;
                }
                say(answer);
                if line == "DATA" && answer.starts_with("354") {
                    while lines.next().is_some_and(|line| line.unwrap() != ".") {}
                    // The next answer is to the message itself.
                    say("250 2.0.0 queued");
                }
            }
        });
        let mail = Office::new().evaluation.settings.mail.unwrap();
        MailSettings { server: "127.0.0.1".to_owned(), port, security: Security::None, ..mail }
    }

    #[expect(clippy::disallowed_methods, reason = "a test has no command line to pass it a clock")]
    fn server(mail: &MailSettings) -> Server {
        Server::new(mail, None, Instant::now).unwrap()
    }

    /// What becomes of a message to a server that answers EHLO, MAIL, RCPT and DATA like this.
    fn announced(answers: &'static [&'static str]) -> Result<String, Refusal> {
        let server = server(&serve(answers));
        let mut session = server.call().unwrap();
        let to = parsed("ann@ash.example.org").unwrap();
        session.announce(server.sender(), &to)?;
        session.hand_over(b"Subject: Report\r\n\r\nHere it is.\r\n")
    }

    #[test]
    fn each_answer_of_a_server_says_whether_to_try_again() {
        let text = |text: &str| text.to_owned();
        let accepted = announced(&["250 hi", "250 ok", "250 ok", "354 go on", "250 ok"]);
        assert_eq!(accepted, Ok(text("250 2.0.0 queued")));
        assert_eq!(
            announced(&["250 hi", "250 ok", "250 ok", "354 go on", "554 no"]),
            Err(Refusal::Unknown(text("250 2.0.0 queued, and then: 554 no")))
        );
        assert_eq!(
            announced(&["250 hi", "550 5.7.1 not you"]),
            Err(Refusal::Sender(text("550 5.7.1 not you")))
        );
        assert_eq!(announced(&["250 hi", "450 later"]), Err(Refusal::Now(text("450 later"))));
        assert_eq!(
            announced(&["250 hi", "250 ok", "550 no such person"]),
            Err(Refusal::Never(text("550 no such person")))
        );
        assert_eq!(announced(&["250 hi", "250 ok", "451 busy"]), Err(Refusal::Now(text("451 busy"))));
        assert_eq!(announced(&["250 hi", "250 ok", "421 bye"]), Err(Refusal::Lost(text("421 bye"))));
        assert_eq!(announced(&["250 hi", "250 ok", "250 ok", "554 no"]), Err(Refusal::Never(text("554 no"))));
        // Nothing has left yet: the message can be tried again.
        assert!(matches!(announced(&["250 hi", "250 ok", "250 ok", "hang up"]), Err(Refusal::Lost(_))));
    }

    #[test]
    fn a_server_that_cannot_be_reached_may_be_back_later() {
        let mut mail = serve(&[]);
        // A port that nobody listens to.
        mail.port = 1;
        assert!(matches!(server(&mail).call(), Err(ServerError::Now { .. })));
    }

    #[test]
    fn a_password_needs_encryption() {
        let credentials = Credentials::new("name".to_owned(), "secret".to_owned());
        #[expect(clippy::disallowed_methods, reason = "a test has no command line to pass it a clock")]
        let server = Server::new(&serve(&[]), Some(credentials.clone()), Instant::now);
        assert!(matches!(server, Err(ServerError::Setting(_))));
        // The connection is asked, too, not only the settings.
        let mut session = self::server(&serve(&["250-hi\r\n250 AUTH PLAIN"])).call().unwrap();
        assert!(
            matches!(session.log_in(&credentials), Err(Failure::Unfit(why)) if why.contains("encrypted"))
        );
    }
}
