//! What happens when somebody stops the program (Ctrl-C), or the system does: what is finished is kept, and the program says how
//! to go on.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use super::exit::Exit;
use super::terminal::Terminal;

/// What a command does when it is stopped.
pub(super) enum OnStop {
    /// It ends at once, and says this.
    AtOnce(Box<dyn Fn() -> String + Send>),
    /// It finishes what cannot be left half done, and ends by itself.
    Soon(&'static str),
}

/// What the command that is running does when it is stopped.
static ON_STOP: Mutex<Option<OnStop>> = Mutex::new(None);

/// The exit code of the signal that stops the program; 0 until one arrives.
static STOPPED: AtomicU8 = AtomicU8::new(0);

/// While this lives, the program knows what to do when it is stopped.
pub(super) struct Prepared;

impl Drop for Prepared {
    fn drop(&mut self) {
        *ON_STOP.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Prepares what the command does when it is stopped.
pub(super) fn prepare(on_stop: OnStop) -> Prepared {
    *ON_STOP.lock().unwrap_or_else(PoisonError::into_inner) = Some(on_stop);
    Prepared
}

/// How the program ends when it has been stopped; `None` when it has not.
pub(super) fn stopped() -> Option<Exit> {
    match STOPPED.load(Ordering::Relaxed) {
        0 => None,
        code if code == Exit::Interrupted as u8 => Some(Exit::Interrupted),
        _ => Some(Exit::Terminated),
    }
}

/// Listens for Ctrl-C and for the wish of the system that the program ends.
#[cfg(unix)]
pub(super) fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    let listen = move || {
        for signal in signals.forever() {
            stop(if signal == SIGINT { Exit::Interrupted } else { Exit::Terminated });
        }
    };
    // Without a thread the program ends as the system ends it.
    drop(std::thread::Builder::new().name("signals".to_owned()).spawn(listen));
}

#[cfg(not(unix))]
pub(super) fn listen() {}

/// Does what was prepared. Whoever stops the program a second time does not want to wait.
#[cfg(unix)]
#[expect(clippy::exit, reason = "the other threads cannot be asked to end")]
fn stop(exit: Exit) {
    let second = STOPPED.swap(exit as u8, Ordering::Relaxed) != 0;
    let on_stop = ON_STOP.lock().unwrap_or_else(PoisonError::into_inner);
    let words_said = match &*on_stop {
        Some(OnStop::Soon(words)) if !second => return Terminal::new().note(format_args!("{words}")),
        Some(OnStop::AtOnce(words)) => words(),
        Some(OnStop::Soon(_)) | None => "stopped".to_owned(),
    };
    Terminal::new().note(format_args!("{words_said}"));
    std::process::exit(exit as i32);
}
