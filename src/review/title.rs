use super::cause::Cause;
use super::compare::{Fate, ReportChange};
use super::figures::{FigureKind, Scope};
use super::group::{Group, GroupFigure};

/// Most names in one line.
const NAMES: usize = 3;

impl Group {
    /// What the group is about, in one line.
    pub fn title(&self, changes: &[ReportChange]) -> String {
        let names: Vec<&str> = self.reports.iter().map(|at| changes[*at].name.as_str()).collect();
        let one = names.first().copied().unwrap_or_default();
        if let Some(fate) = &self.fate {
            return match fate {
                Fate::New => format!("new: {}", some(&names)),
                Fate::Failed(why) => format!("{}: {why}", some(&names)),
                Fate::Unreadable(why) => format!("{}: cannot be read, {why}", some(&names)),
                Fate::Removed | Fate::Changed => format!("gone: {}", some(&names)),
            };
        }
        if let Some(figure) = self.figures.first() {
            return self.figures_title(figure, one);
        }
        if let Some(words) = self.words.first() {
            let told = match (words.was.as_str(), words.is.as_str()) {
                ("", is) => format!("“{}” is new", short(is)),
                (was, "") => format!("“{}” is gone", short(was)),
                (was, is) => format!("“{}” is now “{}”", short(was), short(is)),
            };
            let more = self.words.len() - 1;
            let more = if more == 0 { String::new() } else { format!(", and {more} more") };
            return format!("{}: {told}{more}", words.section);
        }
        if self.looks.is_empty() {
            return "other bytes, and nothing that can be seen or read".to_owned();
        }
        let looks: Vec<String> = self.looks.iter().map(super::Look::words).collect();
        let looks: Vec<&str> = looks.iter().map(String::as_str).collect();
        let grown = match self.grown {
            0 => String::new(),
            1 => "one page more; ".to_owned(),
            -1 => "one page less; ".to_owned(),
            pages if pages > 0 => format!("{pages} pages more; "),
            pages => format!("{} pages less; ", -pages),
        };
        format!("{grown}{}", some(&looks))
    }

    /// What figures are about, gravest first: "England: 2 newly withheld, 14 figures, such as …".
    fn figures_title(&self, first: &GroupFigure, one: &str) -> String {
        let about = match &first.scope {
            Scope::Group(group) => format!("{group}: "),
            Scope::Own | Scope::Place => String::new(),
        };
        let count = self.figures.len();
        let gravest = self.figures.iter().filter(|figure| figure.kind == first.kind).count();
        let kind = match first.kind {
            FigureKind::Value | FigureKind::Printed => String::new(),
            kind if gravest == count => format!("{}, ", kind.words()),
            kind => format!("{gravest} {}, ", kind.words()),
        };
        if count == 1 && !first.varies {
            return format!("{about}{kind}{}", first.told());
        }
        let number = if count == 1 { String::new() } else { format!("{count} figures, ") };
        let of = if first.varies { format!(" in {one}") } else { String::new() };
        format!("{about}{kind}{number}such as {}{of}", first.told())
    }

    /// How many reports, in words: "141 reports", or the name of the one.
    pub fn size(&self, changes: &[ReportChange]) -> String {
        match self.reports.as_slice() {
            [one] => changes[*one].name.clone(),
            many => format!("{} reports", many.len()),
        }
    }
}

impl GroupFigure {
    /// The figure in words: "caf-begun from 54% (77 of 143) to 55% (79 of 143)".
    pub fn told(&self) -> String {
        let name = if self.measure.is_empty() { &self.id } else { &self.measure };
        let of = if self.sector.is_empty() { String::new() } else { format!(" of {}", self.sector) };
        match (self.was.as_str(), self.is.as_str()) {
            ("", is) => format!("{name}{of}, newly printed as {is}"),
            (was, "") => format!("{name}{of}, no longer printed as {was}"),
            (was, is) => format!("{name}{of} from {was} to {is}"),
        }
    }
}

impl Cause {
    /// The cause in words.
    pub fn words(&self, name: impl Fn(&str) -> String) -> String {
        match self {
            Self::Answers { areas } => {
                let names: Vec<String> =
                    areas.iter().map(|code| format!("{} ({code})", name(code))).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("other answers from {}", some(&names))
            }
            Self::Settings { files } => format!("{} changed", files.join(", ")),
            Self::Wording => "templates or wording: other words".to_owned(),
            Self::Layout => "templates: another layout".to_owned(),
            Self::Style => "the theme".to_owned(),
            Self::Font => "the fonts".to_owned(),
            Self::Engine => "the program".to_owned(),
            Self::Unknown => "no known cause".to_owned(),
        }
    }
}

/// The first of some names, and how many more there are.
fn some(all: &[&str]) -> String {
    let first = all[..all.len().min(NAMES)].join("; ");
    if all.len() > NAMES { format!("{first}; and {} more", all.len() - NAMES) } else { first }
}

/// The beginning of a text.
fn short(text: &str) -> String {
    const LONGEST: usize = 48;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let begin: String = text.chars().take(LONGEST).collect();
    format!("{}…", begin.trim_end())
}
