//! A small mail server for tests: it takes messages on loopback, and fails as it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A message that the server took.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) to: String,
    pub(crate) data: Vec<u8>,
}

impl Taken {
    /// A header, as it stands in the message.
    pub(crate) fn header(&self, name: &str) -> String {
        let text = String::from_utf8_lossy(&self.data).replace("\r\n ", " ");
        let found = text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
        found.unwrap_or_default()
    }
}

/// How the server treats a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// An answer to RCPT.
    Recipient(&'static str),
    /// An answer to the end of the message.
    Message(&'static str),
    /// It goes away in the middle of the message.
    DropsInside,
    /// It takes the message and goes away before it says so.
    DropsAfter,
    /// It takes the message and never answers.
    Hangs,
    /// It answers after a while.
    Slow,
}

/// Says how a message to an address is treated the first, second, ... time.
type Script = dyn Fn(&str, usize) -> Fault + Send + Sync;

/// The server.
pub(crate) struct PostOffice {
    pub(crate) port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl PostOffice {
    pub(crate) fn new(script: impl Fn(&str, usize) -> Fault + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken: Arc<Mutex<Vec<Taken>>> = Arc::default();
        let tries: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let script: Arc<Script> = Arc::new(script);
        let shelf = Arc::clone(&taken);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shelf, tries, script) = (Arc::clone(&shelf), Arc::clone(&tries), Arc::clone(&script));
                // A client that is killed leaves in the middle of a sentence.
                thread::spawn(move || drop(serve(&stream, &shelf, &tries, &*script)));
            }
        });
        Self { port, taken }
    }

    /// One that takes everything.
    pub(crate) fn friendly() -> Self {
        Self::new(|_, _| Fault::None)
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

fn serve(
    stream: &TcpStream,
    shelf: &Mutex<Vec<Taken>>,
    tries: &Mutex<BTreeMap<String, usize>>,
    script: &Script,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut say = |text: &str| writer.write_all(format!("{text}\r\n").as_bytes());
    say("220 loopback ready")?;
    let (mut to, mut fault) = (String::new(), Fault::None);
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.trim_end().split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => say("250-loopback\r\n250-8BITMIME\r\n250 SIZE 10000000")?,
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                let mut tries = tries.lock().unwrap();
                let tried = tries.entry(to.clone()).or_default();
                *tried += 1;
                fault = script(&to, *tried);
                match fault {
                    Fault::Recipient(answer) => say(answer)?,
                    _ => say("250 fine")?,
                }
                if matches!(fault, Fault::Recipient(answer) if answer.starts_with("421")) {
                    return Ok(());
                }
            }
            "DATA" => {
                say("354 go on")?;
                let mut data = Vec::new();
                loop {
                    let mut part = Vec::new();
                    if reader.read_until(b'\n', &mut part)? == 0 {
                        return Ok(());
                    }
                    if fault == Fault::DropsInside && data.len() > 2000 {
                        return Ok(());
                    }
                    if part == b".\r\n" {
                        break;
                    }
                    data.extend_from_slice(part.strip_prefix(b".").unwrap_or(&part));
                }
                if let Fault::Message(answer) = fault {
                    say(answer)?;
                    continue;
                }
                shelf.lock().unwrap().push(Taken { to: to.clone(), data });
                match fault {
                    Fault::DropsAfter => return Ok(()),
                    Fault::Hangs => thread::sleep(Duration::from_secs(30)),
                    Fault::Slow => thread::sleep(Duration::from_millis(300)),
                    _ => {}
                }
                say("250 taken")?;
            }
            "QUIT" => {
                say("221 bye")?;
                return Ok(());
            }
            _ => say("250 fine")?,
        }
    }
}
