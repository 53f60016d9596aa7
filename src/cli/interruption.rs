//! Handles being stopped by Ctrl-C or by the system: what is finished is kept, and the program says how to continue.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use super::exit::Exit;
use super::terminal::Terminal;

/// What a command does when it is stopped.
pub(super) enum OnStop {
    /// It ends at once, with this message.
    AtOnce(Box<dyn Fn() -> String + Send>),
    /// It shows this message, finishes what cannot be left half done, and then ends.
    Soon(&'static str),
}

/// What the running command does when it is stopped.
static ON_STOP: Mutex<Option<OnStop>> = Mutex::new(None);

/// The exit code of the signal that stops the program; 0 until one arrives.
static STOPPED: AtomicU8 = AtomicU8::new(0);

/// While this exists, the program knows what to do when it is stopped.
pub(super) struct Prepared;

impl Drop for Prepared {
    fn drop(&mut self) {
        *ON_STOP.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Sets what the command does when it is stopped.
pub(super) fn prepare(on_stop: OnStop) -> Prepared {
    *ON_STOP.lock().unwrap_or_else(PoisonError::into_inner) = Some(on_stop);
    Prepared
}

/// The exit code if the program has been stopped; `None` if it has not.
pub(super) fn stopped() -> Option<Exit> {
    match STOPPED.load(Ordering::Relaxed) {
        0 => None,
        code if code == Exit::Interrupted as u8 => Some(Exit::Interrupted),
        _ => Some(Exit::Terminated),
    }
}

/// Listens for Ctrl-C and for the system's request to end.
#[cfg(unix)]
pub(super) fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    let listen = move || {
        for signal in signals.forever() {
            stop(if signal == SIGINT { Exit::Interrupted } else { Exit::Terminated });
        }
    };
    // If the thread cannot be started, the system's default applies: the program just ends.
    drop(std::thread::Builder::new().name("signals".to_owned()).spawn(listen));
}

#[cfg(not(unix))]
pub(super) fn listen() {}

/// Does what was set, or ends at once if stopped a second time.
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
