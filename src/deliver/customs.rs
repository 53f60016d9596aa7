use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mail_parser::{Address, MessageParser, MimeHeaders};

use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::publish::Manifest;

/// The last look at a message before it leaves. It reads everything anew and with other code than that which planned and
/// composed: the table of recipients as plain rows, the message from its bytes, whose report it is by the manifest alone.
#[derive(Debug)]
pub struct Customs {
    /// The areas of which an address, in lower case, is a recipient.
    areas: BTreeMap<String, BTreeSet<String>>,
    /// The area of each report, by the hash of its bytes.
    owners: BTreeMap<String, String>,
}

impl Customs {
    /// Reads who gets what, from `recipients.csv` itself.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(evaluation: &Path, manifest: &Manifest) -> Result<Self, PathError> {
        let bytes = fs::read(&evaluation.join("recipients.csv"))?;
        let mut areas: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
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
            areas.entry(email.trim().to_lowercase()).or_default().insert(area.trim().to_owned());
        }
        let reports = manifest.reports.iter().filter_map(|entry| Some((entry, entry.report.as_ref()?)));
        let owners =
            reports.map(|(entry, report)| (report.sha256.clone(), entry.id.report.subject.clone())).collect();
        Ok(Self { areas, owners })
    }

    /// Says why a message may not go to an address; `None` if it may.
    pub fn refuses(&self, message: &[u8], address: &str) -> Option<String> {
        let Some(message) = MessageParser::new().parse(message) else {
            return Some("it is no message".to_owned());
        };
        let to: Vec<&str> =
            message.to().into_iter().flat_map(Address::iter).filter_map(|to| to.address()).collect();
        if to != [address] || message.cc().is_some() || message.bcc().is_some() {
            return Some("it names another recipient than the one it would go to".to_owned());
        }
        let Some(areas) = self.areas.get(&address.to_lowercase()) else {
            return Some("recipients.csv does not have this address".to_owned());
        };
        let mut reports = 0;
        for part in message.attachments() {
            let name = part.attachment_name().unwrap_or("a part without a name");
            let Some(owner) = self.owners.get(&sha256(part.contents())) else {
                return Some(format!("{name} is not a report of the run"));
            };
            if !areas.contains(owner) {
                return Some(format!("{name} is the report of {owner}, and the address is not of that area"));
            }
            reports += 1;
        }
        (reports == 0).then(|| "no report is attached to it".to_owned())
    }
}
