use jiff::Timestamp;

/// The id of a run: the time at which it started, in UTC, with a number if that is already taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// The id of a run that starts now. Numbers of removed runs are not reused, so later runs have later ids.
    pub(super) fn next(started: Timestamp, others: &[String]) -> Self {
        let time = started.strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
        let last = others.iter().map(|id| order(id)).filter(|(other, _)| *other == time).max();
        Self(last.map_or(time.clone(), |(_, number)| format!("{time}-{}", number + 1)))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The key that sorts ids by time: when the run started, and its number among those started in the same second.
pub(super) fn order(id: &str) -> (&str, u32) {
    let number = id.split_once("Z-").and_then(|(_, number)| number.parse().ok());
    number.map_or((id, 1), |number| (&id[..=id.find('Z').unwrap_or_default()], number))
}

/// True if one run started after another, judging by their ids.
pub fn is_later(id: &str, than: &str) -> bool {
    order(id) > order(than)
}
