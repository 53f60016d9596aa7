//! Made-up evaluations with one question to the strategic leads and one to the managers of two sectors.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::audit::Audit;
use super::exchange::Exchanges;
use super::primary::{Primary, primary};
use super::system::System;
use super::{Rule, decide, linked};
use crate::aggregate::{Aggregates, aggregate};
use crate::check::CheckedEvaluation;
use crate::fs;
use crate::model::{DisclosurePolicy, Group, MeasureIndex, RegionIndex, SectorIndex};
use crate::pipeline;

/// What one area answers: its lead, and the managers of its two sectors. Options are 0, 1 and 2.
type Answers = (usize, [Option<usize>; 2]);

const OPTIONS: [&str; 3] = ["fast", "slow", "stuck"];
const LEADS: usize = 0;
const MANAGERS: usize = 1;

fn evaluation(regions: &[Vec<Answers>], policy: DisclosurePolicy, published: &str) -> CheckedEvaluation {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(&folder.path().join(name), text.as_bytes()).unwrap();
    write(
        "evaluation.toml",
        "title = 'T'\nperiod = 'P'\npublished = 2024-01-01\nnation = 'N'\norganisation = 'O'\n\
         contact = 'c@example.org'\nsynthetic = true\n",
    );
    let options = "options = [{ id = 'fast', label = 'F' }, { id = 'slow', label = 'S' }, { id = 'stuck', label = 'X' }]";
    let question = |id: &str, asked: &str| {
        format!(
            "[[question]]\nid = '{id}'\nsection = 's'\ntext = 'T'\ntitle = 'T'\nasked = '{asked}'\nkind = 'single'\n\
             {options}\nsource = 'both'\nprovenance = 'original'\n"
        )
    };
    let sectors = "[[sector]]\nid = 'one'\nname = 'one'\n[[sector]]\nid = 'two'\nname = 'two'\n";
    let section = "[[section]]\nid = 's'\ntitle = 'S'\n";
    let questions = question("pace", "strategic-lead") + &question("cards", "managers");
    write("questionnaire.toml", &format!("{sectors}{section}{questions}"));
    write("published.csv", &format!("id,measure,than,group,statement,relation,value,source\n{published}"));
    fs::create_folder(&folder.path().join("submissions")).unwrap();
    let mut register = "code,name,region,status\n".to_owned();
    let mut recipients = "area,name,email,format\n".to_owned();
    for (r, areas) in regions.iter().enumerate() {
        for (a, (lead, managers)) in areas.iter().enumerate() {
            writeln!(register, "{r}-{a},Area {r} {a},Region {r},completed").unwrap();
            writeln!(recipients, "{r}-{a},A,a@example.org,standard").unwrap();
            let mut rows =
                format!("respondent,question,item,answer\nstrategic-lead,pace,,{}\n", OPTIONS[*lead]);
            for (sector, answer) in ["one", "two"].iter().zip(managers) {
                if let Some(answer) = answer {
                    writeln!(rows, "{sector},cards,,{}", OPTIONS[*answer]).unwrap();
                }
            }
            write(&format!("submissions/{r}-{a}.csv"), &rows);
        }
    }
    write("register.csv", &register);
    write("recipients.csv", &recipients);
    let checked = pipeline::load(folder.path()).unwrap();
    let errors: Vec<_> = checked.problems.iter().filter(|problem| problem.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut evaluation = checked.value.unwrap();
    evaluation.settings.disclosure = policy;
    evaluation
}

/// Nine areas in each of four regions, with every answer in every region, and enough of it.
fn even() -> Vec<Vec<Answers>> {
    let area = |n: usize| (n % 3, [Some(n % 3), Some((n + 1) % 3)]);
    (0..4).map(|_| (0..9).map(area).collect()).collect()
}

/// The groups of a question of which the audit can work out a cell, when only those given are withheld.
fn recovered(
    evaluation: &CheckedEvaluation,
    question: usize,
    withheld: impl Fn(Group, usize) -> bool,
) -> Vec<Group> {
    let aggregates: Aggregates = aggregate(evaluation);
    let system = System::of(evaluation, &aggregates, &linked(&evaluation.questionnaire)[question]);
    let hidden = |cell: &super::system::Cell| withheld(cell.group, cell.cell).then_some(Rule::MinimumBase);
    let hidden: Vec<Option<Rule>> = system.cells.iter().map(hidden).collect();
    let exchanges = Exchanges::new(evaluation, &system);
    let policy = evaluation.settings.disclosure;
    let found = Audit::default().recoverable(&system, &exchanges, &hidden, &policy);
    let mut groups: Vec<Group> = found.iter().map(|found| system.cells[found.cell].group).collect();
    groups.dedup();
    groups
}

const REGION: Group = Group::Region(RegionIndex(0));
const OTHER: Group = Group::Region(RegionIndex(1));

#[test]
fn a_lone_region_is_found_and_two_are_safe() {
    let evaluation = evaluation(&even(), DisclosurePolicy::STANDARD, "");
    assert_eq!(recovered(&evaluation, LEADS, |group, _| group == REGION), [REGION]);
    assert_eq!(recovered(&evaluation, LEADS, |group, _| group == REGION || group == OTHER), []);
}

#[test]
fn a_sector_of_a_region_is_found_from_its_margins() {
    let evaluation = evaluation(&even(), DisclosurePolicy::STANDARD, "");
    let crossed = |r, s| Group::RegionSector(RegionIndex(r), SectorIndex(s));
    assert_eq!(recovered(&evaluation, MANAGERS, |group, _| group == crossed(0, 0)), [crossed(0, 0)]);
    let row = [crossed(0, 0), crossed(0, 1)];
    assert_eq!(recovered(&evaluation, MANAGERS, |group, _| row.contains(&group)), row, "sectors add up");
    let square = [crossed(0, 0), crossed(0, 1), crossed(1, 0), crossed(1, 1)];
    assert_eq!(recovered(&evaluation, MANAGERS, |group, _| square.contains(&group)), []);
}

#[test]
fn an_option_is_found_from_the_others_and_their_base() {
    let evaluation = evaluation(&even(), DisclosurePolicy::STANDARD, "");
    let in_two_regions = |group| group == REGION || group == OTHER;
    let one = |group, cell| in_two_regions(group) && cell == 0;
    assert_eq!(recovered(&evaluation, LEADS, one), [REGION, OTHER]);
    assert_eq!(recovered(&evaluation, LEADS, |group, cell| in_two_regions(group) && cell < 2), []);
}

#[test]
fn unanimity_is_found_when_two_withheld_regions_have_nothing_to_exchange() {
    let mut regions = even();
    for areas in &mut regions[..2] {
        areas.iter_mut().for_each(|area| area.0 = 0);
    }
    let evaluation = evaluation(&regions, DisclosurePolicy::STANDARD, "");
    let found = recovered(&evaluation, LEADS, |group, _| group == REGION || group == OTHER);
    assert_eq!(found, [REGION, OTHER]);
}

#[test]
fn a_reader_is_found_who_subtracts_the_own_answer() {
    let mut regions = even();
    // One yes in two small regions: who gave it knows where it is.
    regions[0] = vec![(0, [None, None]), (1, [None, None])];
    regions[1] = vec![(1, [None, None]), (1, [None, None])];
    let evaluation = evaluation(&regions, DisclosurePolicy::STANDARD, "");
    let found = recovered(&evaluation, LEADS, |group, _| group == REGION || group == OTHER);
    assert_eq!(found, [REGION, OTHER]);
}

#[test]
fn a_published_percentage_is_a_count() {
    let published = "p,pace:fast,,Region 0,S,percent,33,report\n";
    let evaluation = evaluation(&even(), DisclosurePolicy::STANDARD, published);
    let found = recovered(&evaluation, LEADS, |group, _| group == REGION || group == OTHER);
    assert_eq!(found, [REGION, OTHER], "33 per cent of 9 are 3, and so the rest of two regions");
}

#[test]
fn nine_areas_are_kept_by_the_standard_policy_and_removed_by_the_strict_one() {
    for (policy, kept) in [(DisclosurePolicy::STANDARD, true), (DisclosurePolicy::STRICT, false)] {
        let evaluation = evaluation(&even(), policy, "");
        let aggregates = aggregate(&evaluation);
        let system = System::of(&evaluation, &aggregates, &linked(&evaluation.questionnaire)[LEADS]);
        let primaries = primary(&system, &policy);
        let of_region = system.cells.iter().zip(primaries).filter(|(cell, _)| cell.group == REGION);
        for (_, primary) in of_region {
            assert_eq!(primary == Primary::Free, kept, "{primary:?}");
            assert_eq!(primary == Primary::Withheld(Rule::MinimumBase), !kept);
        }
    }
}

#[test]
fn counts_next_to_none_and_all_tell_how_the_others_answered() {
    for count in 0..=9 {
        let mut regions = even();
        for (n, area) in regions[0].iter_mut().enumerate() {
            area.0 = usize::from(n >= count);
        }
        let policy = DisclosurePolicy { minimum_others: 5, ..DisclosurePolicy::STRICT };
        let evaluation = evaluation(&regions, policy, "");
        let aggregates = aggregate(&evaluation);
        let system = System::of(&evaluation, &aggregates, &linked(&evaluation.questionnaire)[LEADS]);
        let position = system.cells.iter().position(|cell| cell.group == REGION && cell.cell == 0).unwrap();
        let withheld = primary(&system, &policy)[position] == Primary::Withheld(Rule::Unanimity);
        assert_eq!(withheld, [0, 1, 8, 9].contains(&count), "{count} of 9");
    }
}

#[test]
fn what_is_known_of_the_demonstration_holds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/healthy-schools-2024");
    let evaluation = pipeline::load(&folder).unwrap().value.unwrap();
    let aggregates = aggregate(&evaluation);
    let mut relations = 0;
    for linked in linked(&evaluation.questionnaire) {
        let system = System::of(&evaluation, &aggregates, &linked);
        for relation in &system.relations {
            let count = |cell: usize| i64::from(system.cells[cell].share.count);
            let sum: i64 = relation.terms.iter().map(|(cell, factor)| factor * count(*cell)).sum();
            assert!(if relation.equal { sum == relation.constant } else { sum <= relation.constant });
            relations += 1;
        }
    }
    assert!(relations > 100, "{relations} relations");
}

/// Every way in which so many respondents can choose between three options.
fn splits(base: i64) -> Vec<[i64; 3]> {
    (0..=base).flat_map(|a| (0..=base - a).map(move |b| [a, b, base - a - b])).collect()
}

/// True when some table other than the true one, in this cell, agrees with what is published and with what the reader knows:
/// tried one by one, without relations and without a solver.
fn is_open(
    truth: &[[i64; 3]],
    withheld: &dyn Fn(Option<usize>, usize) -> bool,
    own: Option<(usize, usize)>,
    (region, option): (usize, usize),
) -> bool {
    let national = |table: &[[i64; 3]], option: usize| table.iter().map(|row| row[option]).sum::<i64>();
    let mut tables: Vec<Vec<[i64; 3]>> = vec![Vec::new()];
    for (r, row) in truth.iter().enumerate() {
        let fits = |split: &[i64; 3]| {
            (0..3).all(|o| withheld(Some(r), o) || split[o] == row[o])
                && own.is_none_or(|(place, answer)| place != r || split[answer] > 0)
        };
        let choices: Vec<[i64; 3]> = splits(row.iter().sum()).into_iter().filter(fits).collect();
        tables = tables
            .iter()
            .flat_map(|table| choices.iter().map(move |choice| [table.as_slice(), &[*choice]].concat()))
            .collect();
    }
    tables.iter().any(|table| {
        (0..3).all(|o| withheld(None, o) || national(table, o) == national(truth, o))
            && table[region][option] != truth[region][option]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Against an attacker who tries every table there is.
    #[test]
    fn no_region_with_too_few_areas_can_be_worked_out(
        regions in proptest::collection::vec(proptest::collection::vec(0..3_usize, 1..6), 3..5),
        minimum_others in 1..4_u32,
    ) {
        let areas = |answers: &Vec<usize>| answers.iter().map(|answer| (*answer, [None, None])).collect();
        let areas: Vec<Vec<Answers>> = regions.iter().map(areas).collect();
        let policy = DisclosurePolicy { minimum_others, ..DisclosurePolicy::STANDARD };
        let evaluation = evaluation(&areas, policy, "");
        let aggregates = aggregate(&evaluation);
        let decision = decide(&evaluation, &aggregates, &linked(&evaluation.questionnaire)[LEADS]);
        let rule = |region: Option<usize>, option: usize| {
            let group = region.map_or(Group::Nation, |region| Group::Region(RegionIndex(region)));
            decision.entries.get(&(MeasureIndex(LEADS), option, group)).and_then(|entry| entry.rule)
        };
        let withheld = |region, option| rule(region, option).is_some();
        let truth: Vec<[i64; 3]> = regions
            .iter()
            .map(|answers| [0, 1, 2].map(|option| answers.iter().filter(|answer| **answer == option).count() as i64))
            .collect();
        let areas_of = |region: usize| regions[region].len() as u32;
        for region in 0..regions.len() {
            prop_assert!(areas_of(region) >= policy.minimum_areas() || (0..3).all(|o| withheld(Some(region), o)));
        }
        let exposed = |region: usize, option: usize| decision.exposures.iter().any(|exposure| {
            exposure.cell == (MeasureIndex(LEADS), option, Group::Region(RegionIndex(region)))
        });
        let recorded = |option: usize| {
            let entry = decision.entries.get(&(MeasureIndex(LEADS), option, Group::Nation));
            entry.is_some_and(|entry| entry.rule.is_none())
        };
        for (region, option) in (0..regions.len()).flat_map(|r| (0..3).map(move |o| (r, o))) {
            let primary = rule(Some(region), option) == Some(Rule::MinimumBase);
            // What all answered alike in a published group is told by it, and recorded.
            if !primary || exposed(region, option) || recorded(option) {
                continue;
            }
            prop_assert!(is_open(&truth, &withheld, None, (region, option)), "everybody");
            for (place, answers) in regions.iter().enumerate() {
                for answer in answers.iter().filter(|_| place != region || answers.len() > 1) {
                    let open = is_open(&truth, &withheld, Some((place, *answer)), (region, option));
                    prop_assert!(open, "a reader of region {place} who answered {answer}");
                }
            }
        }
    }
}
