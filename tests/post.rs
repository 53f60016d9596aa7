//! A small mail server for tests: it accepts messages on loopback, and fails in the way that a test asks for.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A message that the server accepted.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) to: String,
    pub(crate) data: Vec<u8>,
}

impl Received {
    /// The value of a header, or an empty text if the message lacks it.
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
    /// It gives this reply to RCPT.
    Recipient(&'static str),
    /// It gives this reply to the end of the message.
    Message(&'static str),
    /// It drops the connection in the middle of the message.
    DropsInside,
    /// It accepts the message, but drops the connection before saying so.
    DropsAfter,
    /// It accepts the message, but never replies.
    Hangs,
    /// It replies after a while.
    Slow,
}

/// Decides how the first, second, ... message to an address is treated.
type Script = dyn Fn(&str, usize) -> Fault + Send + Sync;

/// The server.
pub(crate) struct PostOffice {
    pub(crate) port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl PostOffice {
    pub(crate) fn new(script: impl Fn(&str, usize) -> Fault + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let tries: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let script: Arc<Script> = Arc::new(script);
        let store = Arc::clone(&received);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (store, tries, script) = (Arc::clone(&store), Arc::clone(&tries), Arc::clone(&script));
                // A client that is killed drops the connection, which is not an error here.
                thread::spawn(move || drop(serve(&stream, &store, &tries, &*script)));
            }
        });
        Self { port, received }
    }

    /// A server that accepts everything.
    pub(crate) fn friendly() -> Self {
        Self::new(|_, _| Fault::None)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

fn serve(
    stream: &TcpStream,
    store: &Mutex<Vec<Received>>,
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
                fault = script(&to, count(tries, &to));
                say(if let Fault::Recipient(answer) = fault { answer } else { "250 fine" })?;
                if matches!(fault, Fault::Recipient(answer) if answer.starts_with("421")) {
                    return Ok(());
                }
            }
            "DATA" => {
                say("354 go on")?;
                let Some(data) = read_data(&mut reader, fault)? else { return Ok(()) };
                if let Fault::Message(answer) = fault {
                    say(answer)?;
                    continue;
                }
                store.lock().unwrap().push(Received { to: to.clone(), data });
                if fault == Fault::DropsAfter {
                    return Ok(());
                }
                thread::sleep(pause(fault));
                say("250 accepted")?;
            }
            "QUIT" => {
                say("221 bye")?;
                return Ok(());
            }
            _ => say("250 fine")?,
        }
    }
}

/// The data of a message up to the final dot; `None` if the connection ends before it, or is to end.
fn read_data(reader: &mut impl BufRead, fault: Fault) -> std::io::Result<Option<Vec<u8>>> {
    let mut data = Vec::new();
    loop {
        let mut part = Vec::new();
        if reader.read_until(b'\n', &mut part)? == 0 || fault == Fault::DropsInside && data.len() > 2000 {
            return Ok(None);
        }
        if part == b".\r\n" {
            return Ok(Some(data));
        }
        data.extend_from_slice(part.strip_prefix(b".").unwrap_or(&part));
    }
}

/// Counts a message to an address.
fn count(tries: &Mutex<BTreeMap<String, usize>>, to: &str) -> usize {
    let mut tries = tries.lock().unwrap();
    let tried = tries.entry(to.to_owned()).or_default();
    *tried += 1;
    *tried
}

/// How long the server takes to reply.
fn pause(fault: Fault) -> Duration {
    match fault {
        Fault::Hangs => Duration::from_secs(30),
        Fault::Slow => Duration::from_millis(300),
        _ => Duration::ZERO,
    }
}
