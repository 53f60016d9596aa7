use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// The clock that deadlines are measured by, which is never adjusted.
pub(super) type Clock = fn() -> Instant;

/// A TCP connection with a deadline: whatever is read or written until the next one must be done by it, however slowly
/// the other side reads or writes.
pub(super) struct Timed {
    stream: TcpStream,
    deadline: Deadline,
    waits: bool,
}

impl Timed {
    /// Connects to the first address of a server that answers. Only looking up its name may take longer than `allowed`.
    pub(super) fn connect(server: &str, port: u16, allowed: Duration, clock: Clock) -> io::Result<Self> {
        let addresses = (server, port).to_socket_addrs()?;
        let deadline = Deadline { clock, from: clock(), allowed };
        let mut failure = io::Error::new(ErrorKind::NotFound, "its name has no address");
        for address in addresses {
            match TcpStream::connect_timeout(&address, deadline.left()?) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Self { stream, deadline, waits: true });
                }
                Err(error) if error.kind() == ErrorKind::TimedOut => failure = deadline.late(),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Sets the deadline for what follows.
    pub(super) fn allow(&mut self, time: Duration) {
        self.deadline.from = (self.deadline.clock)();
        self.deadline.allowed = time;
    }

    /// Makes reading and writing wait, or fail with [`ErrorKind::WouldBlock`] when they would have to wait.
    pub(super) fn set_waiting(&mut self, waits: bool) -> io::Result<()> {
        self.waits = waits;
        self.stream.set_nonblocking(!waits)
    }

    /// Repeats a step until it is done or the deadline has passed.
    fn until_done(
        &mut self,
        mut step: impl FnMut(&mut TcpStream, Duration) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            match step(&mut self.stream, self.deadline.left()?) {
                // A signal ends a step early.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error)
                    if self.waits && matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                done => return done,
            }
        }
    }
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.until_done(|stream, left| {
            stream.set_read_timeout(Some(left))?;
            stream.read(into)
        })
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.until_done(|stream, left| {
            stream.set_write_timeout(Some(left))?;
            stream.write(bytes)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

struct Deadline {
    clock: Clock,
    from: Instant,
    allowed: Duration,
}

impl Deadline {
    /// The time left; an error once it has run out.
    fn left(&self) -> io::Result<Duration> {
        let passed = (self.clock)().saturating_duration_since(self.from);
        self.allowed.checked_sub(passed).filter(|left| !left.is_zero()).ok_or_else(|| self.late())
    }

    fn late(&self) -> io::Error {
        io::Error::new(ErrorKind::TimedOut, format!("timed out after {} s", self.allowed.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test has no command line to pass it a clock")]
    fn neither_reading_nor_writing_outlasts_the_deadline() {
        // It takes calls, but neither reads nor writes.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let allowed = Duration::from_millis(300);
        let mut timed = Timed::connect("127.0.0.1", port, allowed, Instant::now).unwrap();
        let late = |done: io::Result<()>| {
            let error = done.unwrap_err();
            assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::TimedOut, "timed out after 0.3 s"));
        };
        late(timed.read(&mut [0; 9]).map(drop));
        timed.allow(allowed);
        late(timed.write_all(&vec![b'x'; 64 << 20]));
        // What comes after the deadline is late, even if it would be quick.
        late(timed.write_all(b"x"));
        timed.set_waiting(false).unwrap();
        timed.allow(allowed);
        assert_eq!(timed.read(&mut [0; 9]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}
