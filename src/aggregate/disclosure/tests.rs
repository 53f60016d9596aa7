//! Made-up evaluations with one question for the strategic leads and one for the managers of two sectors.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;

use super::audit::Audit;
use super::block::Block;
use super::choice::Choice;
use super::exchange::{Change, Exchange};
use super::known::Known;
use super::primary::{Primary, primary};
use super::protection::Protection;
use super::reply::Reply;
use super::{Decision, Rule, decide, linked};
use crate::aggregate::aggregate;
use crate::check::CheckedEvaluation;
use crate::fs;
use crate::model::{DisclosurePolicy, Group, MeasureIndex, OptionSet, RegionIndex};
use crate::pipeline;

/// The answers of one area: its lead, and the managers of its two sectors. Options are 0, 1 and 2.
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

/// Nine areas in each of four regions, with plenty of every answer in every region.
fn even() -> Vec<Vec<Answers>> {
    let area = |n: usize| (n % 3, [Some(n % 3), Some((n + 1) % 3)]);
    (0..4).map(|_| (0..9).map(area).collect()).collect()
}

fn decided(evaluation: &CheckedEvaluation, question: usize) -> Decision {
    decide(evaluation, &aggregate(evaluation), &linked(&evaluation.questionnaire)[question])
}

/// The rule under which a cell of a question is withheld.
fn rule(decision: &Decision, question: usize, cell: usize, group: Group) -> Option<Rule> {
    decision.entries.get(&(MeasureIndex(question), cell, group)).and_then(|entry| entry.rule)
}

/// The groups with any cell withheld.
fn groups(decision: &Decision) -> BTreeSet<Group> {
    let withheld = decision.entries.iter().filter(|(_, entry)| entry.rule.is_some());
    withheld.map(|((_, _, group), _)| *group).collect()
}

const REGION: Group = Group::Region(RegionIndex(0));

/// Four regions, the first with only three areas: too few for a figure of its own.
fn one_small() -> Vec<Vec<Answers>> {
    let mut regions = even();
    regions[0].truncate(3);
    regions
}

#[test]
fn a_small_region_takes_others_with_it() {
    let evaluation = evaluation(&one_small(), DisclosurePolicy::STANDARD, "");
    let decision = decided(&evaluation, LEADS);
    assert!(decision.exposures.is_empty());
    assert!((0..3).all(|cell| rule(&decision, LEADS, cell, REGION) == Some(Rule::MinimumBase)));
    let groups = groups(&decision);
    // If nothing else were withheld, the nation's remainder would be three areas, and each of them knows a third of it.
    assert!(groups.len() >= 2 && !groups.contains(&Group::Nation), "{groups:?}");
}

#[test]
fn sectors_of_regions_are_given_where_most_of_them_may_be_published() {
    let policy = DisclosurePolicy { withholds_crossed: false, ..DisclosurePolicy::STANDARD };
    for (regions, are_given) in [(even(), true), (one_small(), false)] {
        let evaluation = evaluation(&regions, policy, "");
        let decisions: Vec<Decision> = (0..2).map(|question| decided(&evaluation, question)).collect();
        let protected = aggregate(&evaluation).protect(decisions).unwrap();
        assert_eq!(protected.has_sectors_of_regions(MeasureIndex(MANAGERS)), are_given);
        let extent = protected.extent();
        assert_eq!(extent.without_sectors_of_regions.is_empty(), are_given, "{extent:?}");
        assert_eq!(extent.sectors_of_regions.statistics > 0, are_given, "{extent:?}");
        let log = protected.suppression_log(&evaluation).unwrap();
        assert_eq!(log.contains("cards,,,,no-sectors-of-regions,minimum-base,,,"), !are_given, "{log}");
    }
}

#[test]
fn a_published_nought_above_a_withheld_count_is_withheld() {
    let mut regions = one_small();
    regions.iter_mut().flatten().for_each(|area| area.0 %= 2);
    let evaluation = evaluation(&regions, DisclosurePolicy::STANDARD, "");
    let decision = decided(&evaluation, LEADS);
    assert_eq!(rule(&decision, LEADS, 2, Group::Nation), Some(Rule::Complement), "nobody is stuck");
    assert!(decision.exposures.is_empty());
}

#[test]
fn of_very_few_areas_everything_is_withheld() {
    for areas in 1..4 {
        let regions = vec![(0..areas).map(|n| (n % 3, [Some(0), Some(n % 2)])).collect()];
        let evaluation = evaluation(&regions, DisclosurePolicy::STANDARD, "");
        for question in [LEADS, MANAGERS] {
            let decision = decided(&evaluation, question);
            assert!(decision.exposures.is_empty(), "{areas} areas: {:?}", decision.exposures);
            assert!(decision.entries.values().all(|entry| entry.rule.is_some()));
            assert_eq!(rule(&decision, question, 0, Group::Nation), Some(Rule::MinimumBase));
        }
    }
}

#[test]
fn what_was_published_before_cannot_be_hidden() {
    // One area in the first region, and everything that could hide it is known.
    let mut regions = even();
    regions[0].truncate(1);
    let mut published = String::new();
    for (group, cell, count) in [
        ("N", "fast", 10),
        ("N", "slow", 9),
        ("N", "stuck", 9),
        ("Region 1", "fast", 3),
        ("Region 1", "slow", 3),
        ("Region 1", "stuck", 3),
        ("Region 2", "fast", 3),
        ("Region 2", "slow", 3),
        ("Region 2", "stuck", 3),
        ("Region 3", "fast", 3),
        ("Region 3", "slow", 3),
        ("Region 3", "stuck", 3),
    ] {
        writeln!(published, "{group} {cell},pace:{cell},,{group},S,exact,{count},report").unwrap();
    }
    let evaluation = evaluation(&regions, DisclosurePolicy::STANDARD, &published);
    let decision = decided(&evaluation, LEADS);
    let exposed: Vec<Group> = decision.exposures.iter().map(|exposure| exposure.cell.2).collect();
    assert_eq!(exposed, [REGION; 3], "{:?}", decision.exposures);
}

#[test]
fn nine_areas_are_kept_by_the_standard_policy_and_removed_by_the_strict_one() {
    for (policy, kept) in [(DisclosurePolicy::STANDARD, true), (DisclosurePolicy::STRICT, false)] {
        let evaluation = evaluation(&even(), policy, "");
        let aggregates = aggregate(&evaluation);
        let block = Block::of(&evaluation, &linked(&evaluation.questionnaire)[LEADS]);
        let known = Known::of(&evaluation, &aggregates, &block);
        let region = block.group(REGION).unwrap();
        for cell in 0..3 {
            let column = block.column(MeasureIndex(LEADS), cell).unwrap();
            let primary = primary(&block, &known, (column, region), &policy);
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
        let decision = decided(&evaluation, LEADS);
        let withheld = rule(&decision, LEADS, 0, REGION) == Some(Rule::Unanimity);
        assert_eq!(withheld, [0, 1, 8, 9].contains(&count), "{count} of 9");
        assert!(decision.exposures.is_empty());
    }
}

#[test]
fn counts_of_a_block_are_those_of_the_aggregates() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/integrated-working-2008");
    let evaluation = pipeline::load(&folder).unwrap().value.unwrap();
    let aggregates = aggregate(&evaluation);
    let mut compared = 0;
    for linked in linked(&evaluation.questionnaire) {
        let block = Block::of(&evaluation, &linked);
        for (position, group) in block.groups.iter().enumerate() {
            for measure in &linked.measures {
                for cell in 0..evaluation.questionnaire[*measure].cells.len() {
                    let column = block.column(*measure, cell).unwrap();
                    let share = aggregates.share(*measure, cell, *group);
                    let counted = block.cells[block.cell(column, position)].count;
                    assert_eq!((counted, block.base(column, position)), (share.count, share.base));
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 3_000, "{compared} counts");
}

#[test]
fn follow_ups_and_tallies_link_questions() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/integrated-working-2008");
    let questionnaire = pipeline::load(&folder).unwrap().value.unwrap().questionnaire;
    let with = |id: &str| {
        let question = questionnaire.question(id).unwrap();
        let linked = linked(&questionnaire).into_iter().find(|linked| linked.questions.contains(&question));
        linked.unwrap().questions.iter().map(|q| questionnaire[*q].id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(with("key-worker"), ["key-worker", "key-worker-similar"]);
    let processes =
        ["caf-implementation", "caf-localities", "caf-advantages", "lp-implementation", "is-implementation"];
    assert_eq!(with("lp-implementation"), processes);
    assert_eq!(with("ecaf"), ["ecaf"]);
}

/// An exchange of answers between the first leads of two regions.
fn exchange(block: &Block) -> Exchange {
    let reply = |option| vec![Reply::Chosen(OptionSet::of(option))].into();
    let chose = |unit: &usize, option| block.units[*unit].replies[0] == Reply::Chosen(OptionSet::of(option));
    let a = block.leaves[0].units.iter().copied().find(|unit| chose(unit, 0)).unwrap();
    let b = block.leaves[1].units.iter().copied().find(|unit| chose(unit, 1)).unwrap();
    Exchange::of(block, vec![Change::new((a, reply(1))), Change::new((b, reply(0)))])
}

#[test]
fn the_audit_refuses_an_exchange_that_somebody_could_see() {
    let evaluation = evaluation(&even(), DisclosurePolicy::STANDARD, "");
    let aggregates = aggregate(&evaluation);
    let linked = &linked(&evaluation.questionnaire)[LEADS];
    let block = Block::of(&evaluation, linked);
    let mut choice = Choice::new(&block);
    let audited = |choice: &Choice| {
        let entries = super::entries(&block, choice, &BTreeSet::new());
        Audit::new(&evaluation, &aggregates, linked, (&entries, &BTreeMap::new()))
            .confirms(&block, &exchange(&block))
    };
    assert!(!audited(&choice), "everything is published");
    for (cell, region) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        assert!(!audited(&choice), "not all that changes is withheld");
        let column = block.column(MeasureIndex(LEADS), cell).unwrap();
        let group = block.group(Group::Region(RegionIndex(region))).unwrap();
        choice.withhold(&block, block.cell(column, group), Rule::Complement);
    }
    assert!(audited(&choice));
}

#[test]
fn a_count_lacks_proof_until_there_are_enough_exchanges() {
    let evaluation = evaluation(&even(), DisclosurePolicy::STANDARD, "");
    let aggregates = aggregate(&evaluation);
    let block = Block::of(&evaluation, &linked(&evaluation.questionnaire)[LEADS]);
    let known = Known::of(&evaluation, &aggregates, &block);
    let policy = evaluation.settings.disclosure;
    let mut choice = Choice::new(&block);
    let column = block.column(MeasureIndex(LEADS), 0).unwrap();
    let cell = block.cell(column, block.group(REGION).unwrap());
    choice.withhold(&block, cell, Rule::MinimumBase);
    let mut protection = Protection::new(&block, &known, &policy, choice);
    assert!(protection.gap(cell).is_some_and(|gap| gap.exact && gap.readers.is_empty()));
    protection.complete();
    assert!(protection.gap(cell).is_none());
    // Two other values for any reader: at least three exchanges with no area in common.
    assert!(protection.proofs.exchanges.len() >= 3);
}

/// Every way in which `base` respondents can choose between three options.
fn splits(base: i64) -> Vec<[i64; 3]> {
    (0..=base).flat_map(|a| (0..=base - a).map(move |b| [a, b, base - a - b])).collect()
}

/// The values that a cell can have given what is published and what the reader knows. Every table is tried in turn,
/// without exchanges.
fn possible_values(
    truth: &[[i64; 3]],
    withheld: &dyn Fn(Option<usize>, usize) -> bool,
    own: Option<(usize, usize)>,
    (region, option): (usize, usize),
) -> BTreeSet<i64> {
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
    let agrees = |table: &&Vec<[i64; 3]>| {
        (0..3).all(|o| withheld(None, o) || national(table, o) == national(truth, o))
    };
    tables.iter().filter(agrees).map(|table| table[region][option]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Tests against an attacker who tries every possible table.
    #[test]
    fn no_withheld_count_of_a_region_can_be_worked_out(
        regions in proptest::collection::vec(proptest::collection::vec(0..3_usize, 1..6), 3..5),
        minimum_others in 1..4_u32,
        strict in any::<bool>(),
    ) {
        let areas = |answers: &Vec<usize>| answers.iter().map(|answer| (*answer, [None, None])).collect();
        let areas: Vec<Vec<Answers>> = regions.iter().map(areas).collect();
        let policy = if strict { DisclosurePolicy::STRICT } else { DisclosurePolicy::STANDARD };
        let policy = DisclosurePolicy { minimum_others, ..policy };
        let evaluation = evaluation(&areas, policy, "");
        let decision = decided(&evaluation, LEADS);
        prop_assert!(decision.exposures.is_empty(), "{:?}", decision.exposures);
        let withheld = |region: Option<usize>, option: usize| {
            let group = region.map_or(Group::Nation, |region| Group::Region(RegionIndex(region)));
            rule(&decision, LEADS, option, group).is_some()
        };
        let truth: Vec<[i64; 3]> = regions
            .iter()
            .map(|answers| [0, 1, 2].map(|option| answers.iter().filter(|answer| **answer == option).count() as i64))
            .collect();
        for (region, option) in (0..regions.len()).flat_map(|r| (0..3).map(move |o| (r, o))) {
            let areas = regions[region].len();
            prop_assert!(areas as u32 >= policy.minimum_areas() || withheld(Some(region), option));
            if !withheld(Some(region), option) {
                continue;
            }
            let values = possible_values(&truth, &withheld, None, (region, option));
            prop_assert!(values.len() >= (areas + 1).min(3), "everybody: {values:?}");
            for (place, answers) in regions.iter().enumerate() {
                for answer in answers {
                    let others = areas - usize::from(place == region);
                    let values = possible_values(&truth, &withheld, Some((place, *answer)), (region, option));
                    let wanted = (others + 1).min(3);
                    prop_assert!(values.len() >= wanted, "region {place}, who answered {answer}: {values:?}");
                }
            }
        }
    }

    /// Two sectors, with and without figures for them in regions.
    #[test]
    fn every_decision_is_proved(
        regions in proptest::collection::vec(
            proptest::collection::vec((0..3_usize, [proptest::option::of(0..3_usize), proptest::option::of(0..3_usize)]), 1..8),
            1..5,
        ),
        strict in any::<bool>(),
        crossed in any::<bool>(),
        colluding_areas in 0..3_u32,
    ) {
        let policy = if strict { DisclosurePolicy::STRICT } else { DisclosurePolicy::STANDARD };
        let policy = DisclosurePolicy { withholds_crossed: !crossed, colluding_areas, ..policy };
        let evaluation = evaluation(&regions, policy, "");
        for question in [LEADS, MANAGERS] {
            let decision = decided(&evaluation, question);
            prop_assert!(decision.exposures.is_empty(), "{:?}", decision.exposures);
            let undecided = decision.entries.values().any(|entry| entry.rule == Some(Rule::Undecided));
            prop_assert!(!undecided);
        }
    }
}
