use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The code that identifies a local area in files, reports and messages, such as `301`.
///
/// At most 16 ASCII letters, digits and hyphens, so that it is safe in a file name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AreaCode(String);

impl AreaCode {
    /// Makes a code from text; `None` if the text is not a valid code.
    pub fn new(text: &str) -> Option<Self> {
        let fit = (1..=16).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !text.starts_with('-');
        fit.then(|| Self(text.to_owned()))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The most characters of an area's name used in a file name: file systems allow 255 bytes.
const LONGEST_NAME_IN_A_PATH: usize = 100;

/// Whether an area takes part in the evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It completed the assessment: a submission is expected and a report is made.
    Completed,
    /// It signed up but did not send a submission.
    SignedUp,
    /// It does not take part.
    NotTakingPart,
}

impl Status {
    /// Each status and the word for it in `register.csv`.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("completed", Self::Completed),
        ("signed-up", Self::SignedUp),
        ("not-taking-part", Self::NotTakingPart),
    ];
}

/// A local area in the register.
#[derive(Clone, Debug)]
pub struct Area {
    /// Its code, unique in the register.
    pub code: AreaCode,
    /// Its official name, byte for byte as in the register.
    pub name: String,
    /// The region it belongs to.
    pub region: RegionIndex,
    /// Whether it takes part.
    pub status: Status,
}

impl Area {
    /// The stem of its file names: its code and name, for example `301-barking-and-dagenham`. No two areas share one: a
    /// code that contains a hyphen is followed by two hyphens, and no slug contains two in a row.
    pub fn file_stem(&self) -> String {
        let mut name = slug(&self.name);
        name.truncate(LONGEST_NAME_IN_A_PATH);
        let name = name.trim_end_matches('-');
        match (self.code.as_str().contains('-'), name.is_empty()) {
            (true, _) => format!("{}--{name}", self.code),
            (false, false) => format!("{}-{name}", self.code),
            (false, true) => self.code.to_string(),
        }
    }
}

/// A region: a group of areas.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its name, as in the register.
    pub name: String,
}

/// Position of an area in [`Register::areas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaIndex(pub usize);

/// Position of a region in [`Register::regions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionIndex(pub usize);

/// All areas and regions, in the order of `register.csv`.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// The regions, in the order in which the register first names them.
    pub regions: Vec<Region>,
    /// The areas, in the order of the file.
    pub areas: Vec<Area>,
    by_code: BTreeMap<String, AreaIndex>,
}

impl Register {
    /// Appends an area.
    pub(crate) fn add(&mut self, area: Area) {
        self.by_code.entry(area.code.to_string()).or_insert(AreaIndex(self.areas.len()));
        self.areas.push(area);
    }

    /// Finds the area with the given code.
    pub fn find(&self, code: &str) -> Option<AreaIndex> {
        self.by_code.get(code).copied()
    }

    /// The code that identifies a region in the ids and paths of reports: its name in the form of file names. A name that
    /// leaves nothing there, or no more than an earlier region has, is followed by its number.
    pub fn region_code(&self, region: RegionIndex) -> String {
        let code = slug(&self[region].name);
        let taken = self.regions[..region.0].iter().any(|earlier| slug(&earlier.name) == code);
        if taken || code.is_empty() { format!("{code}--{}", region.0 + 1) } else { code }
    }

    /// The number of areas that completed the assessment, in one region or (with `None`) overall.
    pub fn completed(&self, region: Option<RegionIndex>) -> usize {
        self.areas
            .iter()
            .filter(|area| area.status == Status::Completed && region.is_none_or(|r| r == area.region))
            .count()
    }
}

impl std::ops::Index<AreaIndex> for Register {
    type Output = Area;

    fn index(&self, index: AreaIndex) -> &Area {
        &self.areas[index.0]
    }
}

impl std::ops::Index<RegionIndex> for Register {
    type Output = Region;

    fn index(&self, index: RegionIndex) -> &Region {
        &self.regions[index.0]
    }
}

/// True if somebody who names an area, as a code or as a name in any case, means the one with this code and name.
pub fn is_meant(wanted: &str, code: &str, name: &str) -> bool {
    code == wanted || name.eq_ignore_ascii_case(wanted)
}

/// Turns a name into part of a file name: lower-case ASCII letters and digits, separated by single hyphens. Accents and
/// apostrophes are dropped.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in deunicode::deunicode(name).chars().filter(|c| *c != '\'') {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_safe_file_names() {
        assert_eq!(slug("Kingston upon Hull, City of"), "kingston-upon-hull-city-of");
        assert_eq!(slug("St. Helens"), "st-helens");
        assert_eq!(slug("King's Lynn"), "kings-lynn");
        assert_eq!(slug("King’s Lynn"), "kings-lynn");
        assert_eq!(slug("Ynys Môn"), "ynys-mon");
        assert_eq!(slug("../..\\x"), "x");
    }

    #[test]
    fn a_code_is_safe_in_a_file_name() {
        for bad in ["", "../301", "30 1", "-1", "301/2", "12345678901234567"] {
            assert_eq!(AreaCode::new(bad), None, "{bad:?}");
        }
        assert!(AreaCode::new("301").is_some());
    }

    #[test]
    fn no_two_regions_have_one_code() {
        let names = ["Nord", "NORD", "東京", "East of England", "Nord 2"];
        let regions = names.map(|name| Region { name: name.to_owned() }).to_vec();
        let register = Register { regions, ..Register::default() };
        let codes: Vec<String> = (0..names.len()).map(|r| register.region_code(RegionIndex(r))).collect();
        assert_eq!(codes[3..], ["east-of-england", "nord-2"]);
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len(), "{codes:?}");
    }

    #[test]
    fn no_two_areas_have_one_file_stem() {
        let stem = |code: &str, name: &str| {
            let (code, name) = (AreaCode::new(code).unwrap(), name.to_owned());
            Area { code, name, region: RegionIndex(0), status: Status::Completed }.file_stem()
        };
        assert_eq!(stem("301", "Barking and Dagenham"), "301-barking-and-dagenham");
        assert_ne!(stem("1", "2 Ash"), stem("1-2", "Ash"));
        assert_ne!(stem("1", "2"), stem("1-2", "!"));
        assert_eq!((stem("1", "!").as_str(), stem("1", &"a".repeat(300)).len()), ("1", 102));
    }
}
