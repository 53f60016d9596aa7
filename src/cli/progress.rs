use std::sync::OnceLock;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::terminal::Terminal;
use area_reports::model::EditionId;
use area_reports::pipeline::Observer;
use area_reports::publish::ReportEntry;

const REPORTS: &str = "{bar:32} {pos} of {len} reports  {rate}  {eta} left  {msg}";
const PROTECTING: &str = "{bar:32} {pos} of {len} sets of questions: which figures may be published";

/// Shows the progress of a run: a bar on a terminal, or else a line for every tenth of the reports.
pub(super) struct Progress {
    pub(super) bar: ProgressBar,
    lines: bool,
}

impl Progress {
    pub(super) fn new(shown: bool) -> Self {
        let watched = shown && Terminal::is_watched();
        let bar = if watched { ProgressBar::new(0) } else { ProgressBar::hidden() };
        bar.set_style(reports_style());
        if watched {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, lines: shown && !watched }
    }
}

fn reports_style() -> ProgressStyle {
    ProgressStyle::with_template(REPORTS).unwrap_or_else(|_| ProgressStyle::default_bar()).with_key(
        "rate",
        |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            // Failing to draw a progress bar is no reason to stop.
            let _ = write!(out, "{:.1} a second", state.per_sec());
        },
    )
}

/// Shows the progress of a comparison, on a terminal only.
pub(super) fn comparing() -> impl Fn(usize) + Sync {
    // Often there is nothing to compare: then no bar appears.
    let bar = OnceLock::new();
    move |reports| {
        let bar = bar.get_or_init(|| Progress::new(Terminal::is_watched()).bar);
        bar.set_length(reports as u64);
        bar.inc(1);
        if bar.position() == reports as u64 {
            bar.finish_and_clear();
        }
    }
}

/// A progress bar for messages, on a terminal only.
pub(super) fn sending(messages: usize) -> ProgressBar {
    let bar = if Terminal::is_watched() { ProgressBar::new(messages as u64) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos} of {len} messages  {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Shows the progress of disclosure control, on a terminal only.
pub(super) fn protecting() -> impl Fn(usize, usize) + Sync {
    let bar = Progress::new(Terminal::is_watched()).bar;
    move |decided, all| {
        show_protecting(&bar, decided, all);
        if decided == all {
            bar.finish_and_clear();
        }
    }
}

fn show_protecting(bar: &ProgressBar, decided: usize, all: usize) {
    if decided == 0 {
        if let Ok(style) = ProgressStyle::with_template(PROTECTING) {
            bar.set_style(style);
        }
        bar.set_length(all as u64);
    }
    // Several threads report progress, and may overtake one another.
    bar.set_position(bar.position().max(decided as u64));
}

impl Observer for Progress {
    fn protects(&self, decided: usize, all: usize) {
        if decided == 0 && self.lines {
            Terminal::new().note(format_args!("deciding which figures may be published"));
        }
        show_protecting(&self.bar, decided, all);
    }

    fn begins(&self, reports: usize) {
        self.bar.reset();
        self.bar.set_style(reports_style());
        self.bar.set_length(reports as u64);
    }

    fn starts(&self, _: &EditionId) {}

    fn finished(&self, entry: &ReportEntry) {
        self.bar.inc(1);
        self.bar.set_message(entry.label());
        if !entry.outcome.is_made() {
            let (name, code) = (entry.label(), &entry.id.report.subject);
            self.bar.suspend(|| Terminal::new().note(format_args!("no report of {name} ({code})")));
        }
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        if self.lines && (done == all || done.is_multiple_of(all.div_ceil(10).max(1))) {
            Terminal::new().note(format_args!("{done} of {all} reports"));
        }
    }
}
