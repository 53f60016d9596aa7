use super::change::{Fate, ReportChange};
use super::explanation::Explanation;
use super::group::{ChangeGroup, GroupFigure, GroupWords, Risk};
use super::look::Look;
use crate::explain::first_of;
use crate::publish::{Cause, ChangeKind, FigureChange, Scope};

impl ChangeGroup {
    /// What the group is about, in one line.
    pub fn title(&self, changes: &[ReportChange]) -> String {
        let labels: Vec<String> = self.reports.iter().map(|at| changes[*at].label()).collect();
        let names: Vec<&str> = labels.iter().map(String::as_str).collect();
        if let Some(fate) = &self.fate {
            return fate_title(fate, &names);
        }
        if let Some(figure) = self.figures.first() {
            return self.figures_title(figure, names.first().copied().unwrap_or_default());
        }
        if self.risk == Risk::Recipients
            && let Some(GroupWords { was, is, .. }) = self.words.first()
        {
            return format!("was {was}; now {is}");
        }
        if let Some(words) = self.words.first() {
            return self.words_title(words);
        }
        if self.looks.is_empty() {
            return "different bytes, but nothing that can be seen or read".to_owned();
        }
        self.looks_title()
    }

    /// What figures are about, most serious first: "England: 2 newly withheld, 14 figures, such as …".
    fn figures_title(&self, first: &GroupFigure, one: &str) -> String {
        let about = match &first.change.scope {
            Scope::Group(group) => format!("{group}: "),
            Scope::Own | Scope::Place => String::new(),
        };
        let count = self.figures.len();
        let most_serious =
            self.figures.iter().filter(|figure| figure.change.kind == first.change.kind).count();
        let kind = match first.change.kind {
            ChangeKind::Value | ChangeKind::Printed => String::new(),
            kind if most_serious == count => format!("{}, ", kind.words()),
            kind => format!("{most_serious} {}, ", kind.words()),
        };
        let of = if first.varies { format!(" in {one}") } else { String::new() };
        if count == 1 {
            let example = if first.varies { ", for example" } else { "" };
            return format!("{about}{kind}{}{of}", first.words_with(example));
        }
        format!("{about}{kind}{count} figures, such as {}{of}", first.words())
    }

    /// The first change of words, and how many more there are.
    fn words_title(&self, first: &GroupWords) -> String {
        let change = match (first.was.as_str(), first.is.as_str()) {
            ("", is) => format!("“{}” is new", short(is)),
            (was, "") => format!("“{}” is gone", short(was)),
            (was, is) => format!("“{}” is now “{}”", short(was), short(is)),
        };
        let more = self.words.len() - 1;
        let more = if more == 0 { String::new() } else { format!(", and {more} more") };
        format!("{}: {change}{more}", first.section)
    }

    fn looks_title(&self) -> String {
        let looks: Vec<String> = self.looks.iter().map(Look::words).collect();
        let looks: Vec<&str> = looks.iter().map(String::as_str).collect();
        let pages = match self.grown.iter().copied().max_by_key(|pages| pages.abs()) {
            None => String::new(),
            Some(1) => "one page more".to_owned(),
            Some(-1) => "one page fewer".to_owned(),
            Some(pages) if pages > 0 => format!("{pages} pages more"),
            Some(pages) => format!("{} pages fewer", -pages),
        };
        let all = self.grown.len() == self.reports.len() && self.grown.windows(2).all(|two| two[0] == two[1]);
        let grown = match self.grown.len() {
            0 => String::new(),
            _ if all => format!("{pages}; "),
            1 => format!("{pages} in one report; "),
            several => format!("up to {pages} in {several} reports; "),
        };
        format!("{grown}{}", first_of(&looks))
    }

    /// How many reports there are, in words: "141 reports", or the name of the only one.
    pub fn size(&self, changes: &[ReportChange]) -> String {
        match self.reports.as_slice() {
            [one] => changes[*one].label(),
            many => format!("{} reports", many.len()),
        }
    }
}

impl GroupFigure {
    /// The figure in words: "caf-begun from 54% (77 of 143) to 55% (79 of 143)".
    pub fn words(&self) -> String {
        self.words_with("")
    }

    /// The figure in words, with a text between its name and how it changed: ", for example" if it varies.
    fn words_with(&self, between: &str) -> String {
        let FigureChange { id, measure, sector, was, is, .. } = &self.change;
        let name = if measure.is_empty() { id } else { measure };
        let of = if sector.is_empty() { String::new() } else { format!(" for {sector}") };
        match (was, is) {
            (Some(was), Some(is)) => format!("{name}{of}{between} from {was} to {is}"),
            (Some(was), None) => format!("{name}{of}{between}, no longer printed as {was}"),
            (None, Some(is)) => format!("{name}{of}{between}, newly printed as {is}"),
            (None, None) => format!("{name}{of}{between}"),
        }
    }
}

impl Explanation {
    /// The explanation in words. `name` gives the name of an area by its code.
    pub fn words(&self, name: impl Fn(&str) -> String) -> String {
        match self.cause {
            Cause::Answers if !self.areas.is_empty() => {
                let names: Vec<String> =
                    self.areas.iter().map(|code| format!("{} ({code})", name(code))).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("different answers from {}", first_of(&names))
            }
            Cause::Settings if !self.files.is_empty() => format!("{} changed", self.files.join(", ")),
            Cause::New => "no run was approved before".to_owned(),
            cause => cause.words().to_owned(),
        }
    }
}

fn fate_title(fate: &Fate, names: &[&str]) -> String {
    match fate {
        Fate::New => format!("new: {}", first_of(names)),
        Fate::Failed(why) => format!("{}: {why}", first_of(names)),
        Fate::Unreadable(why) => format!("{}: cannot be read, {why}", first_of(names)),
        Fate::Removed | Fate::Changed => format!("gone: {}", first_of(names)),
    }
}

/// A text, cut off if it is long.
fn short(text: &str) -> String {
    const LONGEST: usize = 48;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let begin: String = text.chars().take(LONGEST).collect();
    format!("{}…", begin.trim_end())
}
