use std::collections::BTreeSet;

use fastrand::Rng;

use super::SyntheticError;
use super::recipe::{Recipe, Recipients};
use crate::model::{Format, Kind, Questionnaire, Status, slug};
use crate::read::{self, RegisterRow};

/// An area in a made-up register.
pub(super) struct Place {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) region: String,
    pub(super) status: Status,
}

/// Makes a register with `areas` completed areas: real areas first, then invented ones if there are not enough.
pub(super) fn register(
    recipe: &Recipe,
    real: &str,
    areas: usize,
    rng: &mut Rng,
) -> Result<Vec<Place>, SyntheticError> {
    let mut problems = Vec::new();
    let rows = read::rows_of::<RegisterRow>(
        "register.csv",
        real,
        &["code", "name", "region", "status"],
        &mut problems,
    );
    if let Some(problem) = problems.into_iter().next() {
        return Err(SyntheticError::Fixture(Box::new(problem)));
    }
    let place = |row: RegisterRow| Place {
        code: row.code,
        name: row.name,
        region: row.region,
        status: Status::Completed,
    };
    let mut places: Vec<Place> = rows.into_iter().map(|row| place(row.cells)).collect();
    let missing = places.len().saturating_sub(areas.min(recipe.completed));
    invent(recipe, areas.saturating_sub(recipe.completed), &mut places);
    let real = places.len() - areas.saturating_sub(recipe.completed);
    let mut order: Vec<usize> = (0..real).collect();
    rng.shuffle(&mut order);
    for (position, index) in order.into_iter().take(missing).enumerate() {
        places[index].status =
            if position < recipe.signed_up { Status::SignedUp } else { Status::NotTakingPart };
    }
    Ok(places)
}

/// Adds invented areas, region by region.
fn invent(recipe: &Recipe, number: usize, places: &mut Vec<Place>) {
    let mut names: BTreeSet<String> = places.iter().map(|place| place.name.clone()).collect();
    let parts = &recipe.invented;
    let pairs = parts.starts.len() * parts.ends.len();
    let mut made = 0;
    for turn in 0.. {
        if made == number {
            break;
        }
        // Each pair of a start and an end is used once, in an order that mixes both, and then again with a number.
        let pair = (turn % pairs) * 7 % pairs;
        let mut name =
            format!("{}{}", parts.starts[pair % parts.starts.len()], parts.ends[pair / parts.starts.len()]);
        if turn >= pairs {
            name = format!("{name} {}", turn / pairs + 1);
        }
        if names.insert(name.clone()) {
            let region = format!("Invented Region {}", made / parts.areas_in_a_region + 1);
            places.push(Place { code: format!("{}", 1001 + made), name, region, status: Status::Completed });
            made += 1;
        }
    }
}

/// The text of the register file.
pub(super) fn register_file(places: &[Place]) -> Result<String, csv::Error> {
    table(
        &["code", "name", "region", "status"],
        places.iter().map(|place| {
            let status =
                Status::WORDS.iter().find(|(_, status)| *status == place.status).map_or("", |(word, _)| word);
            [place.code.clone(), place.name.clone(), place.region.clone(), status.to_owned()]
        }),
    )
}

/// The text of the recipients file, with one or two recipients for every completed area, and one for each regional report,
/// sector report and the national report.
pub(super) fn recipients_file(
    recipe: &Recipe,
    questionnaire: &Questionnaire,
    places: &[&Place],
    rng: &mut Rng,
) -> Result<String, csv::Error> {
    let mut rows = Vec::new();
    for place in places {
        let number = if rng.u32(0..4) == 0 { 2 } else { 1 };
        for position in 0..number.min(recipe.recipients.roles.len()) {
            let first = &recipe.recipients.first_names[rng.usize(0..recipe.recipients.first_names.len())];
            let last = &recipe.recipients.last_names[rng.usize(0..recipe.recipients.last_names.len())];
            let format = Format::ALL[[0, 0, 0, 0, 0, 1, 2, 3][rng.usize(0..8)]];
            let role = slug(&recipe.recipients.roles[position]);
            let email = format!("{role}@{}.example.org", slug(&place.name));
            rows.push([place.code.clone(), format!("{first} {last}"), email, format.to_string()]);
        }
    }
    let mut regions: Vec<&str> = Vec::new();
    for place in places {
        if !regions.contains(&place.region.as_str()) {
            regions.push(&place.region);
        }
    }
    let regions = regions.into_iter().map(|region| format!("{}/{}", Kind::Regional, slug(region)));
    let sectors = questionnaire.sectors.iter().map(|sector| format!("{}/{}", Kind::Sector, sector.id));
    for (n, report) in regions.chain(sectors).chain([Kind::National.to_string()]).enumerate() {
        let Recipients { first_names, last_names, .. } = &recipe.recipients;
        let name = format!("{} {}", first_names[n % first_names.len()], last_names[n % last_names.len()]);
        let place = report.rsplit('/').next().unwrap_or(&report);
        let email = format!("integrated-working@{place}.example.org");
        rows.push([report, name, email, Format::Standard.to_string()]);
    }
    table(&["area", "name", "email", "format"], rows)
}

/// Rows as CSV text.
pub(super) fn table<const N: usize>(
    header: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
