use std::collections::{BTreeMap, BTreeSet};

use super::side::SideReport;
use super::words::WordChange;
use crate::pdf::Item;

/// The section for data files beside a report.
const DATA: &str = "Data files";

/// The data files of a report that differ, by name and the beginning of their hash.
pub(super) fn data_changes(was: &SideReport, is: &SideReport) -> Vec<WordChange> {
    let (was, is) = (hashes(was), hashes(is));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let differs = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
    let item = |files: &BTreeMap<String, String>, name: &String| {
        let hash = files.get(name)?;
        // Files of one type that changed together are one change.
        let like = name.rsplit('.').next().unwrap_or_default().to_owned();
        Some(Item { text: format!("{name}: {}", &hash[..hash.len().min(12)]), like })
    };
    let change = |name| WordChange::of_items(DATA, item(&was, name).as_ref(), item(&is, name).as_ref(), &[]);
    differs.map(change).collect()
}

fn hashes(report: &SideReport) -> BTreeMap<String, String> {
    let files = report.entry.iter().flat_map(|entry| entry.data.clone());
    files.map(|file| (file.file, file.sha256)).collect()
}
