use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mail_parser::{Address, Message, MessageParser, MimeHeaders};

use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::{Kind, ReportId};
use crate::publish::Manifest;
use crate::read::RECIPIENTS;

/// The final check of a message before it is sent. It rereads everything, using code separate from planning and
/// composing: the recipients as plain rows, the message from its bytes, and what a report is from the manifest alone.
#[derive(Debug)]
pub struct FinalCheck {
    /// The reports that an address, in lower case, receives, as the list names them.
    reports: BTreeMap<String, BTreeSet<String>>,
    /// How the list may name each report, by the hash of its bytes.
    names: BTreeMap<String, Vec<String>>,
    /// The same by the path of its file, for links.
    paths: BTreeMap<String, Vec<String>>,
    /// The address under which the files are published, if messages may link to them.
    links: Option<String>,
}

impl FinalCheck {
    /// Reads who gets which report from `recipients.csv` itself. `links` is the address under which reports are published.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn new(evaluation: &Path, manifest: &Manifest, links: Option<&str>) -> Result<Self, PathError> {
        let bytes = fs::read(&evaluation.join(RECIPIENTS))?;
        let mut due: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut table = csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
        let column = |table: &mut csv::Reader<&[u8]>, name: &str| {
            table.headers().ok().and_then(|head| head.iter().position(|column| column.trim() == name))
        };
        let columns = column(&mut table, "area").zip(column(&mut table, "email"));
        for row in table.records().flatten() {
            let Some((area, email)) = columns.and_then(|(area, email)| row.get(area).zip(row.get(email)))
            else {
                continue;
            };
            due.entry(email.trim().to_lowercase()).or_default().insert(area.trim().to_owned());
        }
        let reports = manifest.reports.iter().filter_map(|entry| Some((entry, entry.report.as_ref()?)));
        // Two reports may have the same data file.
        let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut paths = BTreeMap::new();
        for (entry, report) in reports {
            paths.insert(report.file.clone(), names(&entry.id.report));
            for file in entry.data.iter().chain([report]) {
                known.entry(file.sha256.clone()).or_default().extend(names(&entry.id.report));
            }
        }
        Ok(Self { reports: due, names: known, paths, links: links.map(str::to_owned) })
    }

    /// Says why a message may not go to an address; `None` if it may.
    pub fn refuses(&self, message: &[u8], address: &str) -> Option<String> {
        let Some(message) = MessageParser::new().parse(message) else {
            return Some("it is not a message".to_owned());
        };
        let to: Vec<&str> =
            message.to().into_iter().flat_map(Address::iter).filter_map(|to| to.address()).collect();
        if to != [address] || message.cc().is_some() || message.bcc().is_some() {
            return Some("it is addressed to somebody else".to_owned());
        }
        let Some(due) = self.reports.get(&address.to_lowercase()) else {
            return Some("recipients.csv does not have this address".to_owned());
        };
        let attached = message.attachments().map(|part| {
            let name = part.attachment_name().unwrap_or("a part without a name");
            let reports = self.names.get(&sha256(part.contents()));
            Sent { file: name.to_owned(), how: format!("{name} is"), reports }
        });
        let linked = self.linked(&message).into_iter().map(|path| {
            let reports = self.paths.get(&path);
            Sent { file: path, how: "it links to".to_owned(), reports }
        });
        let mut sent = attached.chain(linked).peekable();
        if sent.peek().is_none() {
            return Some("no report is attached to it".to_owned());
        }
        sent.find_map(|file| file.refused_by(due))
    }

    /// The paths of the files that a message links to, in either form of its text.
    fn linked(&self, message: &Message<'_>) -> BTreeSet<String> {
        let Some(links) = &self.links else { return BTreeSet::new() };
        let texts = [message.body_text(0), message.body_html(0)].into_iter().flatten();
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ',');
        let path = |rest: &str| rest.split(ends).next().unwrap_or_default().to_owned();
        texts.flat_map(|text| text.split(links.as_str()).skip(1).map(path).collect::<Vec<_>>()).collect()
    }
}

/// A file that a message brings.
struct Sent<'c> {
    /// Its name or path.
    file: String,
    /// How the message brings it, as the beginning of a sentence.
    how: String,
    /// How the list of recipients may name its report; `None` if it is not a file of the run.
    reports: Option<&'c Vec<String>>,
}

impl Sent<'_> {
    /// Says why it may not go to somebody who is due these reports; `None` if it may.
    fn refused_by(&self, due: &BTreeSet<String>) -> Option<String> {
        let Some(reports) = self.reports else {
            return Some(format!("{} is not a report of the run", self.file));
        };
        let is_due = reports.iter().any(|name| due.contains(name));
        (!is_due)
            .then(|| format!("{} the report {}, which this address is not to receive", self.how, reports[0]))
    }
}

/// How the list of recipients may name a report: an area's local report by the code of the area, a national report by its
/// kind, and any report by kind and subject.
fn names(report: &ReportId) -> Vec<String> {
    let ReportId { kind, subject, .. } = report;
    let short = match kind {
        Kind::Local => Some(subject.clone()),
        Kind::National => Some(kind.to_string()),
        Kind::Regional | Kind::Sector | Kind::Submission => None,
    };
    [format!("{kind}/{subject}")].into_iter().chain(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::office::Office;

    const ADDRESS: &str = "ann@ash.example.org";

    /// A check that knows one recipient of Ash, and the reports of Ash and of Beck.
    fn check() -> FinalCheck {
        let folder = tempfile::tempdir().unwrap();
        let table = "\u{feff}area,name,email,format\nN1,Ann,Ann@Ash.example.org,standard\n";
        fs::write(&folder.path().join("recipients.csv"), table.as_bytes()).unwrap();
        let mut manifest = Office::new().manifest;
        for (entry, bytes) in manifest.reports.iter_mut().zip(["of Ash", "of Beck"]) {
            entry.report.as_mut().unwrap().sha256 = sha256(bytes.as_bytes());
        }
        FinalCheck::new(folder.path(), &manifest, Some("https://www.example.org/")).unwrap()
    }

    #[test]
    fn a_link_leads_to_the_report_of_the_own_area_alone() {
        let why = |link: &str| {
            let message = format!("From: a@b.org\r\nTo: {ADDRESS}\r\n\r\nIt is at <{link}>, as agreed.\r\n");
            check().refuses(message.as_bytes(), ADDRESS).unwrap_or_else(|| "passes".to_owned())
        };
        let file = |area: usize| Office::new().manifest.reports[area].report.as_ref().unwrap().file.clone();
        assert_eq!(why(&format!("https://www.example.org/{}", file(0))), "passes");
        let other = why(&format!("https://www.example.org/{}", file(1)));
        assert!(other.contains("which this address is not to receive"), "{other}");
        assert!(why("https://www.example.org/local/nobody.pdf").contains("is not a report of the run"));
        assert_eq!(why("https://other.example.org/local/nobody.pdf"), "no report is attached to it");
    }

    fn message(head: &str, attached: &[&str]) -> Vec<u8> {
        let part =
            |text: &&str| format!("--b\r\nContent-Disposition: attachment; filename=r.pdf\r\n\r\n{text}\r\n");
        let parts: String = attached.iter().map(part).collect();
        format!(
            "From: a@b.org\r\n{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n{parts}--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn only_the_report_of_the_own_area_passes_and_only_to_its_recipient() {
        let to = format!("To: {ADDRESS}\r\n");
        let why = |head: &str, attached: &[&str], address: &str| {
            check().refuses(&message(head, attached), address).unwrap_or_else(|| "passes".to_owned())
        };
        let cases = [
            why(&to, &["of Ash"], ADDRESS),
            why(&to, &["of Beck"], ADDRESS),
            why(&to, &["of Ash", "of Beck"], ADDRESS),
            why(&to, &["of nobody"], ADDRESS),
            why(&to, &[], ADDRESS),
            why(&to, &["of Ash"], "bo@beck.example.org"),
            why("To: bo@beck.example.org\r\n", &["of Ash"], "bo@beck.example.org"),
            why(&format!("{to}Cc: bo@beck.example.org\r\n"), &["of Ash"], ADDRESS),
            why(&format!("{to}Bcc: bo@beck.example.org\r\n"), &["of Ash"], ADDRESS),
            why("", &["of Ash"], ADDRESS),
            check().refuses(b"", ADDRESS).unwrap(),
        ];
        insta::assert_snapshot!(cases.join("\n"));
    }
}
