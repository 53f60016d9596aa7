use std::collections::BTreeMap;
use std::ops::Range;

use super::linked::LinkedMeasures;
use super::reply::Reply;
use crate::check::CheckedEvaluation;
use crate::model::{
    Definition, Group, MeasureIndex, OptionSet, QuestionIndex, QuestionKind, Questionnaire, RegionIndex,
    Respondent, SectorIndex, Submission,
};

/// Linked measures, with everybody who is behind them and every count that may be published of them.
///
/// Counts are numbered cells: a column (what is counted) in a group (of whom).
pub(super) struct Block {
    pub(super) questions: Vec<AskedQuestion>,
    pub(super) families: Vec<Family>,
    pub(super) columns: Vec<Column>,
    pub(super) groups: Vec<Group>,
    /// The groups that add up to another one: the total, and its parts, as positions in `groups`.
    pub(super) lines: Vec<(usize, Vec<usize>)>,
    /// Sorted by area, as positions in the submissions.
    pub(super) units: Vec<Unit>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) cells: Vec<Cell>,
    /// The region of each area.
    pub(super) regions: Vec<RegionIndex>,
    units_of_area: Vec<Range<usize>>,
    columns_of_measures: BTreeMap<(MeasureIndex, usize), usize>,
    extent: Extent,
}

/// How many regions and sectors there are; no sectors where no measure has figures of sectors.
#[derive(Clone, Copy)]
struct Extent {
    regions: usize,
    sectors: usize,
    crossed: bool,
}

/// A question, as far as its answers make figures.
pub(super) struct AskedQuestion {
    pub(super) index: QuestionIndex,
    /// True when several options may be chosen.
    pub(super) multiple: bool,
    /// True when the strategic lead answers it for each sector.
    grid: bool,
    pub(super) options: usize,
    pub(super) dont_know: bool,
    /// The option that excludes all others.
    pub(super) none: Option<usize>,
    /// The question that leads to it, as a position in the block, and the options that do.
    route: Option<(usize, OptionSet)>,
    /// The questions that it leads to.
    children: Vec<usize>,
}

/// Columns with the same people behind them: those of a question, or of a tally.
pub(super) struct Family {
    pub(super) made_of: MadeOf,
    /// The column that counts all who are in the base.
    pub(super) base: usize,
    /// All other columns.
    pub(super) columns: Range<usize>,
}

/// How the columns of a family follow from replies.
pub(super) enum MadeOf {
    /// One question: a column for each option, one for "don't know" where it may be answered, and one for each count of
    /// some options.
    Question { question: usize, counted: Vec<(OptionSet, usize)> },
    /// How many of these counts a respondent is in; those who answered fewer than so many are not in the base.
    Tally { parts: Vec<(usize, OptionSet)>, at_least: usize },
}

/// What is counted.
pub(super) struct Column {
    pub(super) family: usize,
    /// The measure and its cell; `None` for a base.
    pub(super) cell: Option<(MeasureIndex, usize)>,
    /// True when sectors have it too.
    pub(super) by_sector: bool,
    /// True when reports tell where an area's own share lies among those of all areas.
    pub(super) placed: bool,
    /// False when the questionnaire leaves only one possible count for each base.
    pub(super) open: bool,
}

/// A respondent, or a strategic lead's view of one sector.
pub(super) struct Unit {
    /// Position in the submissions.
    pub(super) area: usize,
    pub(super) respondent: Respondent,
    pub(super) item: Option<SectorIndex>,
    pub(super) leaf: usize,
    pub(super) replies: Replies,
    /// The columns that count it.
    pub(super) bits: Bits,
    /// True when the respondent answered anything at all.
    pub(super) responded: bool,
}

/// A reply to each question of the block.
pub(super) type Replies = Box<[Reply]>;

/// The smallest group: one region, or one sector in it.
pub(super) struct Leaf {
    /// The groups that it is part of, as positions.
    pub(super) groups: Vec<usize>,
    /// Its region and sector as positions of groups.
    pub(super) region: usize,
    pub(super) sector: Option<usize>,
    pub(super) units: Vec<usize>,
}

/// One count.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    pub(super) count: u32,
    /// Areas with somebody who is counted.
    pub(super) areas_with: u32,
    /// Areas with somebody who is in the base and not counted.
    pub(super) areas_without: u32,
}

/// A set of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits(Box<[u64]>);

impl Bits {
    fn none(columns: usize) -> Self {
        Self(vec![0; columns.div_ceil(64)].into())
    }

    fn set(&mut self, column: usize) {
        self.0[column / 64] |= 1 << (column % 64);
    }

    pub(super) fn has(&self, column: usize) -> bool {
        self.0[column / 64] & (1 << (column % 64)) != 0
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(position, word)| ones(position, *word))
    }

    /// The columns that are in one of the two only, with the sign of the change from the first to the second.
    pub(super) fn changes(&self, after: &Self) -> impl Iterator<Item = (usize, i32)> {
        let words = self.0.iter().zip(&after.0).enumerate();
        words.flat_map(|(position, (before, after))| {
            ones(position, before ^ after)
                .map(move |column| (column, if after & (1 << (column % 64)) != 0 { 1 } else { -1 }))
        })
    }

    /// The same with one column in place of another.
    pub(super) fn with(&self, from: usize, to: usize) -> Self {
        let mut bits = self.clone();
        bits.0[from / 64] &= !(1 << (from % 64));
        bits.set(to);
        bits
    }
}

fn ones(position: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            position * 64 + bit
        })
    })
}

impl Block {
    pub(super) fn of(evaluation: &CheckedEvaluation, linked: &LinkedMeasures) -> Self {
        let CheckedEvaluation { questionnaire, register, submissions, settings, .. } = evaluation;
        let by_sector = linked.measures.iter().any(|measure| questionnaire.by_sector(*measure));
        let extent = Extent {
            regions: register.regions.len(),
            sectors: if by_sector { questionnaire.sectors.len() } else { 0 },
            crossed: by_sector && !settings.disclosure.withholds_crossed,
        };
        let questions = questions(questionnaire, &linked.questions);
        let mut block = Self {
            questions,
            families: Vec::new(),
            columns: Vec::new(),
            groups: extent.groups(),
            lines: extent.lines(),
            units: Vec::new(),
            leaves: extent.leaves(),
            cells: Vec::new(),
            regions: submissions.iter().map(|submission| register[submission.area].region).collect(),
            units_of_area: Vec::new(),
            columns_of_measures: BTreeMap::new(),
            extent,
        };
        block.declare(questionnaire, linked);
        for (area, submission) in submissions.iter().enumerate() {
            block.enter(questionnaire, area, submission);
        }
        block.count();
        block
    }

    pub(super) fn cell(&self, column: usize, group: usize) -> usize {
        column * self.groups.len() + group
    }

    /// The column and the group of a cell.
    pub(super) fn place(&self, cell: usize) -> (usize, usize) {
        (cell / self.groups.len(), cell % self.groups.len())
    }

    /// True when there is a statistic of the column in the group.
    pub(super) fn exists(&self, column: usize, group: usize) -> bool {
        self.columns[column].by_sector || group <= self.extent.regions
    }

    /// The column of a measure's cell, when it is one of the block.
    pub(super) fn column(&self, measure: MeasureIndex, cell: usize) -> Option<usize> {
        self.columns_of_measures.get(&(measure, cell)).copied()
    }

    /// The position of a group, when the block has figures of it.
    pub(super) fn group(&self, group: Group) -> Option<usize> {
        let Extent { regions, sectors, crossed } = self.extent;
        match group {
            Group::Nation => Some(0),
            Group::Region(r) => Some(1 + r.0),
            Group::Sector(s) => (s.0 < sectors).then_some(1 + regions + s.0),
            Group::RegionSector(r, s) => crossed.then_some(1 + regions + sectors + r.0 * sectors + s.0),
        }
    }

    /// The columns of a question.
    pub(super) fn family_of(&self, question: usize) -> &Family {
        // Those of questions come first, in their order.
        &self.families[question]
    }

    /// How many are in the base of a column in a group.
    pub(super) fn base(&self, column: usize, group: usize) -> u32 {
        self.cells[self.cell(self.families[self.columns[column].family].base, group)].count
    }

    /// How many areas are behind a column in a group.
    pub(super) fn areas(&self, column: usize, group: usize) -> u32 {
        self.cells[self.cell(self.families[self.columns[column].family].base, group)].areas_with
    }

    /// What some areas add to a column in a group.
    pub(super) fn own(&self, areas: &[usize], column: usize, group: usize) -> u32 {
        let units = areas.iter().flat_map(|area| &self.units[self.units_of_area[*area].clone()]);
        let counted = |unit: &&Unit| unit.bits.has(column) && self.leaves[unit.leaf].groups.contains(&group);
        units.filter(counted).count() as u32
    }

    /// True when an area can be behind several of these groups: sectors have areas in common, regions have none.
    pub(super) fn share_areas(&self, groups: &[usize]) -> bool {
        let region = |group: &usize| match self.groups[*group] {
            Group::Region(region) | Group::RegionSector(region, _) => Some(region),
            _ => None,
        };
        groups.windows(2).any(|pair| region(&pair[0]).is_none() || region(&pair[0]) == region(&pair[1]))
    }

    /// The leaf of a region, or of a sector in it; both as positions of groups.
    pub(super) fn leaf(&self, region: usize, sector: Option<usize>) -> &Leaf {
        &self.leaves[self.leaf_position(region, sector)]
    }

    /// The position of [`Self::leaf`].
    pub(super) fn leaf_position(&self, region: usize, sector: Option<usize>) -> usize {
        let Extent { regions, sectors, .. } = self.extent;
        sector.map_or(region - 1, |sector| regions + (region - 1) * sectors + (sector - 1 - regions))
    }

    /// The leaves of a group: regions, or sectors in them.
    pub(super) fn leaves_of(&self, group: usize, by_sector: bool) -> Vec<usize> {
        let (region, sector) = match self.groups[group] {
            Group::Nation => (None, None),
            Group::Region(region) => (Some(region), None),
            Group::Sector(sector) => (None, Some(sector)),
            Group::RegionSector(region, sector) => (Some(region), Some(sector)),
        };
        let regions = region.map_or(self.region_groups(), |region| 1 + region.0..2 + region.0);
        if !by_sector {
            return regions.map(|region| self.leaf_position(region, None)).collect();
        }
        let first = self.sector_groups().start;
        let sectors = sector.map_or(self.sector_groups(), |s| first + s.0..first + s.0 + 1);
        let both = |region| sectors.clone().map(move |sector| self.leaf_position(region, Some(sector)));
        regions.flat_map(both).collect()
    }

    /// How many replies were given to the questions that a question led to.
    pub(super) fn led_to(&self, replies: &[Reply], question: usize) -> u32 {
        let children = self.questions[question].children.iter();
        children.map(|child| u32::from(!replies[*child].is_missing()) + self.led_to(replies, *child)).sum()
    }

    /// The regions, as positions of groups.
    pub(super) fn region_groups(&self) -> Range<usize> {
        1..1 + self.extent.regions
    }

    /// The sectors, as positions of groups.
    pub(super) fn sector_groups(&self) -> Range<usize> {
        1 + self.extent.regions..1 + self.extent.regions + self.extent.sectors
    }

    /// True when the question was put to the unit.
    pub(super) fn is_asked(&self, replies: &[Reply], question: usize) -> bool {
        self.questions[question].route.is_none_or(|(from, options)| replies[from].chose_any(options))
    }

    /// The unit's replies after other replies to some questions, and what follows from it: questions to which it no longer
    /// leads have none, and those to which it now leads are left blank.
    pub(super) fn replied(&self, unit: usize, given: &[(usize, Reply)]) -> Vec<(usize, Replies)> {
        let mut replies = self.units[unit].replies.clone();
        given.iter().for_each(|(question, reply)| replies[*question] = *reply);
        let mut changes = vec![(unit, replies)];
        given.iter().for_each(|(question, _)| self.follow(&mut changes, *question));
        changes
    }

    /// The replies of two units that exchange what they replied to some questions, and to those to which they lead one of
    /// the two only.
    pub(super) fn exchanged(&self, a: usize, b: usize, questions: &[usize]) -> Vec<(usize, Replies)> {
        let (before_a, before_b) = (&self.units[a].replies, &self.units[b].replies);
        let (mut of_a, mut of_b) = (before_a.clone(), before_b.clone());
        let mut exchange = questions.to_vec();
        let mut position = 0;
        while let Some(question) = exchange.get(position).copied() {
            for child in self.questions[question].children.iter().copied() {
                if self.is_asked(before_a, child) != self.is_asked(before_b, child)
                    && !exchange.contains(&child)
                {
                    exchange.push(child);
                }
            }
            of_a[question] = before_b[question];
            of_b[question] = before_a[question];
            position += 1;
        }
        let mut changes = vec![(a, of_a), (b, of_b)];
        questions.iter().for_each(|question| self.follow(&mut changes, *question));
        changes
    }

    /// Takes away the replies to questions that are no longer asked, those of the strategic lead's views included.
    fn follow(&self, changes: &mut Vec<(usize, Replies)>, question: usize) {
        let mut changed = vec![question];
        while let Some(question) = changed.pop() {
            for child in self.questions[question].children.iter().copied() {
                changed.push(child);
                for position in 0..changes.len() {
                    let unit = changes[position].0;
                    if self.units[unit].item.is_none() && !self.is_asked(&changes[position].1, child) {
                        changes[position].1[child] = Reply::Missing;
                        self.drop_views(changes, unit, child);
                    }
                }
            }
        }
    }

    /// Takes away a strategic lead's views of the sectors.
    fn drop_views(&self, changes: &mut Vec<(usize, Replies)>, lead: usize, question: usize) {
        let units = self.units_of_area[self.units[lead].area].clone();
        for view in units.filter(|unit| self.questions[question].grid && self.units[*unit].item.is_some()) {
            let position = changes.iter().position(|(unit, _)| *unit == view).unwrap_or_else(|| {
                changes.push((view, self.units[view].replies.clone()));
                changes.len() - 1
            });
            changes[position].1[question] = Reply::Missing;
        }
    }

    /// The columns that count somebody with these replies.
    pub(super) fn bits(&self, replies: &[Reply]) -> Bits {
        let mut bits = Bits::none(self.columns.len());
        for family in &self.families {
            match &family.made_of {
                MadeOf::Question { question, counted } => {
                    let reply = replies[*question];
                    match reply {
                        Reply::Missing => continue,
                        Reply::DontKnow => {
                            bits.set(family.columns.start + self.questions[*question].options);
                        }
                        Reply::Chosen(options) => {
                            options.iter().for_each(|option| bits.set(family.columns.start + option));
                        }
                    }
                    bits.set(family.base);
                    let counted = counted.iter().filter(|(options, _)| reply.chose_any(*options));
                    counted.for_each(|(_, column)| bits.set(*column));
                }
                MadeOf::Tally { parts, at_least } => {
                    let answered = parts.iter().filter(|(question, _)| !replies[*question].is_missing());
                    let answered = answered.count();
                    if answered < *at_least {
                        continue;
                    }
                    let in_part =
                        |(question, options): &&(usize, OptionSet)| replies[*question].chose_any(*options);
                    let number = parts.iter().filter(in_part).count();
                    let cell = if answered == parts.len() { number } else { parts.len() + 1 };
                    bits.set(family.base);
                    bits.set(family.columns.start + cell);
                }
            }
        }
        bits
    }

    /// Lays out the columns: of each family the base, then its cells.
    fn declare(&mut self, questionnaire: &Questionnaire, linked: &LinkedMeasures) {
        let local: BTreeMap<QuestionIndex, usize> = self
            .questions
            .iter()
            .enumerate()
            .map(|(position, question)| (question.index, position))
            .collect();
        let set = |options: &[usize]| {
            options.iter().fold(OptionSet::default(), |set, option| set.union(OptionSet::of(*option)))
        };
        for question in 0..self.questions.len() {
            let of_question = |measure: &&MeasureIndex| match &questionnaire[**measure].definition {
                Definition::Distribution(q) | Definition::Counted { question: q, .. } => local[q] == question,
                Definition::Tally { .. } => false,
            };
            // The distribution comes first: it has the question's own cells.
            let mut measures: Vec<MeasureIndex> =
                linked.measures.iter().filter(of_question).copied().collect();
            measures.sort_by_key(|m| !matches!(questionnaire[*m].definition, Definition::Distribution(_)));
            let family = self.begin(questionnaire, measures[0]);
            let mut counted = Vec::new();
            for measure in measures {
                let options = match &questionnaire[measure].definition {
                    Definition::Counted { options, .. } => Some(set(options)),
                    _ => None,
                };
                for cell in 0..questionnaire[measure].cells.len() {
                    let open = self.questions[question].is_open(options.map_or(1, OptionSet::len));
                    let column = self.add(questionnaire, family, (measure, cell), open);
                    counted.extend(options.map(|options| (options, column)));
                }
            }
            self.end(family, MadeOf::Question { question, counted });
        }
        for measure in linked.measures.iter().copied() {
            let Definition::Tally { of, at_least } = &questionnaire[measure].definition else { continue };
            let part = |part: &MeasureIndex| match &questionnaire[*part].definition {
                Definition::Counted { question, options } => Some((local[question], set(options))),
                _ => None,
            };
            let parts: Vec<(usize, OptionSet)> = of.iter().filter_map(part).collect();
            let family = self.begin(questionnaire, measure);
            for cell in 0..questionnaire[measure].cells.len() {
                self.add(questionnaire, family, (measure, cell), true);
            }
            self.end(family, MadeOf::Tally { parts, at_least: *at_least });
        }
    }

    fn begin(&mut self, questionnaire: &Questionnaire, measure: MeasureIndex) -> usize {
        let (family, base) = (self.families.len(), self.columns.len());
        let by_sector = questionnaire.by_sector(measure);
        self.columns.push(Column { family, cell: None, by_sector, placed: false, open: true });
        let made_of = MadeOf::Tally { parts: Vec::new(), at_least: 0 };
        self.families.push(Family { made_of, base, columns: base + 1..base + 1 });
        family
    }

    fn add(
        &mut self,
        questionnaire: &Questionnaire,
        family: usize,
        (measure, cell): (MeasureIndex, usize),
        open: bool,
    ) -> usize {
        let column = self.columns.len();
        let declared = &questionnaire[measure];
        let counted = matches!(declared.definition, Definition::Counted { .. });
        let placed = counted && declared.polarity.is_some();
        let by_sector = questionnaire.by_sector(measure);
        self.columns.push(Column { family, cell: Some((measure, cell)), by_sector, placed, open });
        self.columns_of_measures.insert((measure, cell), column);
        column
    }

    fn end(&mut self, family: usize, made_of: MadeOf) {
        let end = self.columns.len();
        self.families[family].made_of = made_of;
        self.families[family].columns.end = end;
    }

    fn enter(&mut self, questionnaire: &Questionnaire, area: usize, submission: &Submission) {
        let mut units: BTreeMap<(Respondent, Option<SectorIndex>), Replies> = BTreeMap::new();
        for (position, question) in self.questions.iter().enumerate() {
            for key in Submission::places(questionnaire, question.index) {
                let answer = submission.answer(questionnaire, key.respondent, question.index, key.item);
                let empty = || vec![Reply::Missing; self.questions.len()].into();
                units.entry((key.respondent, key.item)).or_insert_with(empty)[position] = Reply::of(answer);
            }
        }
        let start = self.units.len();
        let Extent { regions, sectors, .. } = self.extent;
        let region = self.regions[area].0;
        for ((respondent, item), replies) in units {
            let sector = match respondent {
                Respondent::Manager(sector) => Some(sector),
                Respondent::StrategicLead => item,
            };
            let leaf = sector.map_or(region, |sector| regions + region * sectors + sector.0);
            let bits = self.bits(&replies);
            self.leaves[leaf].units.push(self.units.len());
            let responded = submission.responded(respondent);
            self.units.push(Unit { area, respondent, item, leaf, replies, bits, responded });
        }
        self.units_of_area.push(start..self.units.len());
    }

    fn count(&mut self) {
        self.cells = vec![Cell::default(); self.columns.len() * self.groups.len()];
        // The last area that was counted for a cell, and the last that was in its base only; counted from 1.
        let mut last = vec![(0_usize, 0_usize); self.cells.len()];
        for unit in &self.units {
            for column in unit.bits.iter() {
                for group in &self.leaves[unit.leaf].groups {
                    let cell = column * self.groups.len() + group;
                    self.cells[cell].count += 1;
                    if std::mem::replace(&mut last[cell].0, unit.area + 1) != unit.area + 1 {
                        self.cells[cell].areas_with += 1;
                    }
                }
            }
            for family in self.families.iter().filter(|family| unit.bits.has(family.base)) {
                for column in family.columns.clone().filter(|column| !unit.bits.has(*column)) {
                    for group in &self.leaves[unit.leaf].groups {
                        let cell = column * self.groups.len() + group;
                        if std::mem::replace(&mut last[cell].1, unit.area + 1) != unit.area + 1 {
                            self.cells[cell].areas_without += 1;
                        }
                    }
                }
            }
        }
    }
}

impl AskedQuestion {
    /// False when every reply is among those that are counted, or none: so many options, or one, or "don't know".
    fn is_open(&self, counted: u32) -> bool {
        counted > 0 && (counted as usize) < self.options + usize::from(self.dont_know)
    }

    /// The replies that one option alone can be, "don't know" included.
    pub(super) fn single_replies(&self) -> impl Iterator<Item = Reply> {
        let options = (0..self.options).map(|option| Reply::Chosen(OptionSet::of(option)));
        options.chain(self.dont_know.then_some(Reply::DontKnow))
    }
}

fn questions(questionnaire: &Questionnaire, indices: &[QuestionIndex]) -> Vec<AskedQuestion> {
    let local = |index: QuestionIndex| indices.iter().position(|other| *other == index);
    let asked = |index: &QuestionIndex| {
        let question = &questionnaire[*index];
        let route = question.route.as_ref().and_then(|route| {
            let options = route.options.iter();
            let options = options.fold(OptionSet::default(), |set, option| set.union(OptionSet::of(*option)));
            Some((local(route.question)?, options))
        });
        AskedQuestion {
            index: *index,
            multiple: question.kind == QuestionKind::Multiple,
            grid: question.kind == QuestionKind::Grid,
            options: question.options.len(),
            dont_know: question.dont_know,
            none: question.none().filter(|_| question.kind == QuestionKind::Multiple),
            route,
            children: Vec::new(),
        }
    };
    let mut questions: Vec<AskedQuestion> = indices.iter().map(asked).collect();
    for child in 0..questions.len() {
        if let Some((parent, _)) = questions[child].route {
            questions[parent].children.push(child);
        }
    }
    questions
}

impl Extent {
    fn groups(self) -> Vec<Group> {
        let regions = || (0..self.regions).map(RegionIndex);
        let sectors = || (0..self.sectors).map(SectorIndex);
        let mut groups = vec![Group::Nation];
        groups.extend(regions().map(Group::Region));
        groups.extend(sectors().map(Group::Sector));
        if self.crossed {
            groups.extend(regions().flat_map(|r| sectors().map(move |s| Group::RegionSector(r, s))));
        }
        groups
    }

    fn sector(self, sector: usize) -> usize {
        1 + self.regions + sector
    }

    fn both(self, region: usize, sector: usize) -> usize {
        1 + self.regions + self.sectors + region * self.sectors + sector
    }

    fn lines(self) -> Vec<(usize, Vec<usize>)> {
        let mut lines = vec![(0, (0..self.regions).map(|r| 1 + r).collect())];
        if self.sectors > 0 {
            lines.push((0, (0..self.sectors).map(|s| self.sector(s)).collect()));
        }
        if self.crossed {
            let regions = |s| (0..self.regions).map(|r| self.both(r, s)).collect();
            lines.extend((0..self.sectors).map(|s| (self.sector(s), regions(s))));
            let sectors = |r| (0..self.sectors).map(|s| self.both(r, s)).collect();
            lines.extend((0..self.regions).map(|r| (1 + r, sectors(r))));
        }
        lines
    }

    fn leaves(self) -> Vec<Leaf> {
        let regions = (0..self.regions).map(|r| Leaf {
            groups: vec![0, 1 + r],
            region: 1 + r,
            sector: None,
            units: Vec::new(),
        });
        let both = |r: usize, s: usize| {
            let mut groups = vec![0, 1 + r, self.sector(s)];
            groups.extend(self.crossed.then(|| self.both(r, s)));
            Leaf { groups, region: 1 + r, sector: Some(self.sector(s)), units: Vec::new() }
        };
        regions.chain((0..self.regions).flat_map(|r| (0..self.sectors).map(move |s| both(r, s)))).collect()
    }
}
