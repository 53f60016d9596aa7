use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Where a server breaks a rule: instead of its usual answer to this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Connection,
    Ehlo,
    StartTls,
    Handshake,
    /// EHLO over an encrypted connection.
    EhloAgain,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// In the middle of a message.
    Message,
    FinalDot,
    Quit,
}

/// What a server does instead of answering as usual.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Says(Vec<u8>),
    SaysAndCloses(Vec<u8>),
    /// Says nothing, for as long as anybody listens.
    IsSilent,
    /// Says this again and again, one byte after the other, for as long as anybody listens.
    Drips(&'static [u8]),
    /// Says this again and again, as fast as it can.
    NeverEnds(&'static [u8]),
}

/// How a server behaves.
#[derive(Clone)]
pub(super) struct Behaviour {
    pub(super) step: Step,
    pub(super) act: Act,
    /// `none`, `starttls` or `tls`, as in the settings.
    pub(super) security: &'static str,
    pub(super) encryption: Arc<ServerConfig>,
}

/// What a server saw and did.
#[derive(Clone, Default)]
pub(super) struct Seen {
    pub(super) connections: usize,
    /// The lines that were sent to it, other than those of messages; those sent in the clear are marked with `clear `.
    pub(super) commands: Vec<String>,
    /// How many messages it received up to the final dot.
    pub(super) messages: usize,
    /// It said a clear yes to one of them.
    pub(super) said_yes: bool,
    /// How many of them it clearly refused.
    pub(super) refused: usize,
    /// The most bytes that somebody took of what never ends.
    pub(super) taken: usize,
}

impl Seen {
    /// How often it was given a sender.
    pub(super) fn announced(&self) -> usize {
        self.commands.iter().filter(|command| command.contains("MAIL FROM")).count()
    }
}

/// More than any program should take of what never ends, and than a system keeps for it.
pub(super) const TOO_MUCH: usize = 64 << 20;

/// Starts a server and returns its port and what it sees.
pub(super) fn start(behaviour: Behaviour) -> (u16, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen: Arc<Mutex<Seen>> = Arc::default();
    let store = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut seen = store.lock().unwrap();
            seen.connections += 1;
            drop(seen);
            let (behaviour, seen) = (behaviour.clone(), Arc::clone(&store));
            let call = Call { stream: Line::Plain(stream), unread: Vec::new(), behaviour, seen };
            // A caller that hangs up ends the call, which is not an error here.
            thread::spawn(move || drop(call.answer()));
        }
    });
    (port, seen)
}

enum Line {
    Plain(TcpStream),
    Encrypted(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// One call to the server.
struct Call {
    stream: Line,
    unread: Vec<u8>,
    behaviour: Behaviour,
    seen: Arc<Mutex<Seen>>,
}

impl Call {
    fn answer(mut self) -> io::Result<()> {
        if self.behaviour.security == "tls" {
            self = self.encrypt()?;
        }
        self.step(Step::Connection, "220 mx.example.org ready")?;
        loop {
            let line = self.line()?;
            let mark = if self.is_encrypted() { "" } else { "clear " };
            self.seen.lock().unwrap().commands.push(format!("{mark}{line}"));
            match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" if self.is_encrypted() => {
                    self.step(Step::EhloAgain, "250-mx.example.org\r\n250 AUTH PLAIN LOGIN")?;
                }
                "EHLO" => self
                    .step(Step::Ehlo, "250-mx.example.org\r\n250-SIZE 10000000\r\n250 STARTTLS")
                    .map(drop)?,
                "STARTTLS" => {
                    self.step(Step::StartTls, "220 go on")?;
                    self = self.encrypt()?;
                }
                "AUTH" => self.log_in(&line)?,
                "MAIL" => self.step(Step::Mail, "250 fine").map(drop)?,
                "RCPT" => self.step(Step::Rcpt, "250 fine").map(drop)?,
                "DATA" => self.message()?,
                "QUIT" => return self.step(Step::Quit, "221 bye").map(drop),
                _ => self.say(b"250 fine\r\n")?,
            }
        }
    }

    fn log_in(&mut self, line: &str) -> io::Result<()> {
        let usual = if line == "AUTH LOGIN" { "334 VXNlcm5hbWU6" } else { "235 welcome" };
        let said = self.step(Step::Auth, usual)?;
        if line == "AUTH LOGIN" && said.starts_with(b"334") {
            self.line()?;
            self.say(b"334 UGFzc3dvcmQ6\r\n")?;
            self.line()?;
            self.say(b"235 welcome\r\n")?;
        }
        Ok(())
    }

    fn message(&mut self) -> io::Result<()> {
        if !self.step(Step::Data, "354 go on")?.starts_with(b"354") {
            return Ok(());
        }
        self.line()?;
        if self.behaviour.step == Step::Message {
            self.step(Step::Message, "")?;
        }
        while self.line()? != "." {}
        self.seen.lock().unwrap().messages += 1;
        // A server that has said something in the middle of the message refuses it in the end.
        let early = self.behaviour.step == Step::Message;
        let said = self.step(Step::FinalDot, if early { "554 5.7.1 no" } else { "250 2.0.0 queued" })?;
        let mut seen = self.seen.lock().unwrap();
        match class(&said) {
            Some('2') => seen.said_yes = true,
            Some('4' | '5') => seen.refused += 1,
            _ => {}
        }
        Ok(())
    }

    /// Does what the behaviour asks for at a step, or gives the usual answer. Returns what was said.
    fn step(&mut self, step: Step, usual: &str) -> io::Result<Vec<u8>> {
        let usual = Act::Says(format!("{usual}\r\n").into_bytes());
        let act = if self.behaviour.step == step { self.behaviour.act.clone() } else { usual };
        match act {
            Act::Says(words) => {
                self.say(&words)?;
                Ok(words)
            }
            Act::SaysAndCloses(words) => {
                self.say(&words)?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Act::IsSilent => loop {
                self.receive()?;
            },
            Act::Drips(words) => {
                for byte in words.iter().cycle() {
                    self.say(&[*byte])?;
                    thread::sleep(Duration::from_millis(50));
                }
                Ok(Vec::new())
            }
            Act::NeverEnds(words) => {
                let part = words.repeat(65_536 / words.len());
                for taken in (0..=TOO_MUCH).step_by(part.len()) {
                    self.seen.lock().unwrap().taken = taken;
                    self.say(&part)?;
                }
                Err(io::ErrorKind::ConnectionAborted.into())
            }
        }
    }

    fn encrypt(mut self) -> io::Result<Self> {
        if self.behaviour.step == Step::Handshake {
            self.receive()?;
            self.step(Step::Handshake, "")?;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let connection =
            ServerConnection::new(Arc::clone(&self.behaviour.encryption)).map_err(io::Error::other)?;
        let Line::Plain(stream) = self.stream else { return Err(io::ErrorKind::InvalidInput.into()) };
        let stream = Line::Encrypted(Box::new(StreamOwned::new(connection, stream)));
        Ok(Self { stream, ..self })
    }

    fn is_encrypted(&self) -> bool {
        matches!(self.stream, Line::Encrypted(_))
    }

    fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\r\n") {
                let line: Vec<u8> = self.unread.drain(..end + 2).collect();
                return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
            }
            self.receive()?;
        }
    }

    fn receive(&mut self) -> io::Result<()> {
        let mut part = [0; 4_096];
        let count = match &mut self.stream {
            Line::Plain(stream) => stream.read(&mut part)?,
            Line::Encrypted(stream) => stream.read(&mut part)?,
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.unread.extend_from_slice(&part[..count]);
        Ok(())
    }

    fn say(&mut self, words: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Line::Plain(stream) => stream.write_all(words),
            Line::Encrypted(stream) => stream.write_all(words).and_then(|()| stream.flush()),
        }
    }
}

/// The first digit of these words, if they begin with a whole answer.
fn class(said: &[u8]) -> Option<char> {
    let said = String::from_utf8_lossy(said);
    let code = said.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))?;
    for line in said.split_inclusive('\n').take_while(|line| line.ends_with('\n')) {
        let rest = line.strip_prefix(code)?;
        if !rest.starts_with('-') {
            return code.chars().next().filter(|_| rest.starts_with([' ', '\r', '\n']));
        }
    }
    None
}
