"""Tries to work out every withheld figure of a run by integer programming, from what is published and what a reader
knows: the questionnaire, the aggregates, the published findings, and the answers of the reader's own area.

usage: attack.py EVALUATION RUN [--sample K] [--without RULE]... [--planted] [--list N]

--sample K      attacks as only K insiders, drawn with a fixed seed, and always as the outsider
--without RULE  ignores relations, to study what gives a figure away: options, route, tally, insider, published
--planted       plants holes in copies of the evaluation and checks that the attack finds them
--list N        prints at most N findings of each kind (default: all)
--verbose       prints how long each block of linked questions takes

exit 0: nothing can be worked out, 1: something can (or a planted hole was missed), 2: the attack could not decide, or the
run does not match its evaluation

It was written from the documentation of the formats, independently of the program, so an error would have to be made
twice to go unnoticed. The unknowns are the total answers of all respondents in each region and sector, the smallest
groups. For tallied measures, the unknowns are the numbers of respondents with each combination. The true table
satisfies every relation, so a figure is safe once a second table with a different value is known to satisfy them too.
"""

import argparse
import csv
import itertools
import random
import sys
import time
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import highspy
import numpy as np
from scipy.sparse import csr_matrix

LEAD = "strategic-lead"
NONE, DONT_KNOW = "none", "dont-know"
RULES = ["options", "route", "tally", "insider", "published"]
SECONDS = 120  # for one programme with a whole block
NEARBY_SECONDS = 2  # for one programme with a few of the smallest groups
SQUARES = [(2, 2), (2, 2), (2, 3), (3, 3), (3, 3), (4, 4), (5, 4), (99, 2), (3, 99)]  # numbers of regions and sectors that are varied
INFINITY = highspy.kHighsInf


# ------------------------------------------------------------------------------------------------ the evaluation


@dataclass(frozen=True)
class Question:
    """A closed question."""

    id: str
    unit: str  # who or what answers: "lead", "manager" or "grid" (a lead for each sector)
    several: bool  # more than one option may be chosen
    options: tuple
    dont_know: bool
    sectors: tuple
    route: tuple | None  # the filter question and the options that lead on

    @property
    def replies(self):
        """All answers that count."""
        return self.options + ((DONT_KNOW,) if self.dont_know else ())


@dataclass(frozen=True)
class Measure:
    """A published statistic: the distribution of a question, a count of some of its options, or a tally."""

    id: str
    question: Question | None
    cells: tuple  # pairs of a cell and the replies it counts (None for a tally)
    parts: tuple = ()  # ids of the measures that are tallied
    at_least: int = 0


class Evaluation:
    """What everybody may know about an evaluation (questionnaire, areas, regions), and the answers, which are
    secret."""

    def __init__(self, folder: Path):
        settings = tomllib.loads((folder / "evaluation.toml").read_text("utf-8"))
        questionnaire = tomllib.loads((folder / "questionnaire.toml").read_text("utf-8"))
        register = read_csv(folder / "register.csv")
        self.nation = settings["nation"]
        self.sectors = [sector["id"] for sector in questionnaire["sector"]]
        self.regions = list(dict.fromkeys(row["region"] for row in register))
        self.areas = {row["code"]: row["region"] for row in register if row["status"] == "completed"}
        self.names = {row["code"]: row["name"] for row in register}
        self.questions = {q["id"]: question(q, self.sectors) for q in questionnaire["question"] if q["kind"] != "text"}
        self.measures = measures(questionnaire, self.questions)
        published = folder / "published.csv"
        self.published = read_csv(published) if published.exists() else []
        self.answers = {area: read_answers(folder / "submissions" / f"{area}.csv") for area in self.areas}

    def copy(self, answers: dict) -> "Evaluation":
        """The same evaluation with different answers, and without earlier published findings, which would not match
        them."""
        other = object.__new__(Evaluation)
        other.__dict__.update(self.__dict__, answers=answers, published=[])
        return other

    def unit(self, measure: Measure) -> str:
        """Who or what is counted by a measure."""
        return measure.question.unit if measure.question else self.unit(self.measures[measure.parts[0]])

    def asked(self, measure: Measure) -> tuple:
        """The sectors in which a measure can have a base; a single empty name for leads."""
        if measure.question:
            return ("",) if measure.question.unit == "lead" else measure.question.sectors
        sectors = [self.asked(self.measures[part]) for part in measure.parts]
        return tuple(dict.fromkeys(itertools.chain(*sectors)))

    def chosen(self, area: str, sector: str, asked: Question) -> frozenset | None:
        """What was answered in an area; None if the answer does not count."""
        respondent, item = (sector if asked.unit == "manager" else LEAD), (sector if asked.unit == "grid" else "")
        given = self.answers[area].get((respondent, asked.id, item), frozenset())
        if not given or "not-applicable" in given or (sector and sector not in asked.sectors):
            return None
        if asked.route:
            earlier = self.questions[asked.route[0]]
            led = self.chosen(area, "" if earlier.unit == "lead" else sector, earlier)
            if not led or not led & asked.route[1]:
                return None
        return given

    def counted(self, area: str, sector: str, measure: Measure) -> tuple | None:
        """For each cell, whether an area is counted in it; None if the area is not in the base."""
        if measure.question:
            given = self.chosen(area, sector, measure.question)
            return None if given is None else tuple(bool(given & replies) for _, replies in measure.cells)
        hits = [self.counted(area, sector, self.measures[part]) for part in measure.parts]
        known = [hit[0] for hit in hits if hit is not None]
        if len(known) < max(measure.at_least, 1):
            return None
        place = sum(known) if len(known) == len(hits) else len(measure.cells) - 1
        return tuple(number == place for number in range(len(measure.cells)))


def read_csv(path: Path) -> list[dict]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_answers(path: Path) -> dict:
    """Everything an area answered, by respondent, question and item."""
    answers = defaultdict(frozenset)
    for row in read_csv(path) if path.exists() else []:
        if row["answer"]:
            answers[row["respondent"], row["question"], row["item"]] |= {row["answer"]}
    return dict(answers)


def question(table: dict, sectors: list) -> Question:
    """A question from its table in the questionnaire."""
    unit = "grid" if table["kind"] == "grid" else "lead" if table["asked"] == LEAD else "manager"
    route = table.get("route")
    return Question(
        id=table["id"],
        unit=unit,
        several=table["kind"] == "multiple",
        options=tuple(option["id"] for option in table["options"]),
        dont_know=table.get("dont-know", False),
        sectors=tuple(table.get("sectors", sectors)) if unit != "lead" else (),
        route=(route["question"], frozenset(route["options"])) if route else None,
    )


def measures(questionnaire: dict, questions: dict) -> dict:
    """Every measure by its id: the distribution of each question, then the declared measures."""
    found = {}
    for asked in questions.values():
        cells = tuple((reply, frozenset([reply])) for reply in asked.replies)
        found[asked.id] = Measure(asked.id, asked, cells)
    for table in questionnaire.get("measure", []):
        if "question" in table:
            cells = (("", frozenset(table["counts"])),)
            found[table["id"]] = Measure(table["id"], questions[table["question"]], cells)
        else:
            cells, parts = tuple((cell["id"], None) for cell in table["cells"]), tuple(table["tally"])
            found[table["id"]] = Measure(table["id"], None, cells, parts, table.get("at-least", len(parts)))
    return found


# ------------------------------------------------------------------------------------------------------- the run


def figures(evaluation: Evaluation) -> dict:
    """Recomputes the count and base of every figure that a run may publish, by measure, cell, region and sector."""
    found = defaultdict(lambda: [0, 0])
    for measure in evaluation.measures.values():
        sectors = evaluation.asked(measure)
        for key in group_keys(evaluation, measure):
            found[key]
        for (area, region), sector in itertools.product(evaluation.areas.items(), sectors):
            hits = evaluation.counted(area, sector, measure)
            groups = itertools.product((evaluation.nation, region), {"", sector})
            for (where, who), ((cell, _), hit) in itertools.product(groups, zip(measure.cells, hits or ())):
                found[measure.id, cell, where, who][0] += hit
                found[measure.id, cell, where, who][1] += 1
    return {key: tuple(values) for key, values in found.items()}


def group_keys(evaluation: Evaluation, measure: Measure):
    """The keys of a measure's figures in every group."""
    sectors = [""] + (evaluation.sectors if evaluation.unit(measure) != "lead" else [])
    for region, sector in itertools.product([evaluation.nation, *evaluation.regions], sectors):
        for cell, _ in measure.cells:
            yield measure.id, cell, region, sector


def published(run: Path, nation: str) -> dict:
    """Every row of the aggregates: its state, and its count and base as text."""
    found = {}
    for name in ("national", "regional", "sector"):
        path = run / "aggregates" / f"{name}.csv"
        for row in read_csv(path) if path.exists() else []:
            key = row["measure"], row["option"], row.get("region", nation), row.get("sector", "")
            found[key] = row["state"], row["count"], row["base"]
    return found


def withheld(run: Path) -> list:
    """The keys of the figures that are withheld according to the private log for staff."""
    rows = read_csv(run / "private" / "suppression.csv")
    keys = [(row["measure"], row["option"], row["region"], row["sector"]) for row in rows if row["decision"] == "withheld"]
    return list(dict.fromkeys(keys))


def read_run(evaluation: Evaluation, run: Path) -> tuple[set, list, list]:
    """The keys that are published, those that are withheld, and any inconsistencies."""
    rows, targets, truth, faults = published(run, evaluation.nation), withheld(run), figures(evaluation), []
    for key, (state, count, base) in rows.items():
        if state == "withheld":
            if key not in targets:
                faults.append(f"{key}: withheld, but not in suppression.csv")
        elif key not in truth or (int(count), int(base)) != truth[key]:
            faults.append(f"{key}: published {count} of {base}, counted {truth.get(key)}")
    faults += [f"{key}: in suppression.csv, but not withheld" for key in targets if rows.get(key, " ")[0] != "withheld"]
    return {key for key, row in rows.items() if row[0] != "withheld"}, targets, faults


# ------------------------------------------------------------------------------------------------------ relations


@dataclass
class Row:
    """A relation: lower <= sum of coefficients times unknowns <= upper. Each area adds `share` to the upper bound."""

    terms: dict
    lower: float
    upper: float
    region: str = ""  # of its group, if the relation also holds for the group without one area
    share: int = 0


def plus(*expressions, factors=None) -> dict:
    """The sum of expressions, each times its factor."""
    total = defaultdict(int)
    for number, expression in enumerate(expressions):
        for column, coefficient in expression.items():
            total[column] += coefficient * (factors[number] if factors else 1)
    return {column: coefficient for column, coefficient in total.items() if coefficient}


def minus(left: dict, right: dict) -> dict:
    """The difference of two expressions."""
    return plus(left, right, factors=(1, -1))


@dataclass
class Target:
    """A withheld figure, and what is known about it."""

    key: tuple
    terms: dict
    base_terms: dict
    truth: int
    base: int


class Relations:
    """The unknowns and relations of a block of questions and tallies that are linked."""

    def __init__(self, evaluation: Evaluation, block: list, without=()):
        self.evaluation, self.without = evaluation, without
        self.questions = [m.question for m in block if m.question and m.id == m.question.id]
        self.measures = {measure.id: measure for measure in block}
        self.columns, self.rows, self.leaves = {}, [], []
        unit = evaluation.unit(block[0])
        for region, sector in itertools.product(evaluation.regions, [""] if unit == "lead" else evaluation.sectors):
            self.leaves.append((region, sector))
            self.relate_leaf((region, sector))

    def column(self, *name) -> dict:
        """An unknown as an expression."""
        return {self.columns.setdefault(name, len(self.columns)): 1}

    def at_most(self, left: dict, right: dict, leaf, upper=0, share=0):
        """left <= right + upper"""
        self.rows.append(Row(minus(left, right), -INFINITY, upper, leaf[0], share))

    def equal(self, left: dict, right: dict, leaf):
        """left = right"""
        self.rows.append(Row(minus(left, right), 0, 0, leaf[0]))

    def asked(self, measure_or_question, leaf) -> bool:
        """Whether anybody in this group is asked."""
        if isinstance(measure_or_question, Question):
            return leaf[1] in (measure_or_question.sectors or ("",))
        return leaf[1] in self.evaluation.asked(measure_or_question)

    def base(self, measure: Measure, leaf) -> dict:
        """The base of a measure in one of the smallest groups."""
        if not self.asked(measure, leaf):
            return {}
        return self.column("base", measure.question.id if measure.question else measure.id, leaf)

    def count(self, measure: Measure, cell: str, leaf) -> dict:
        """The count of a cell in one of the smallest groups."""
        if not self.asked(measure, leaf):
            return {}
        if not measure.question:
            return self.column("cell", measure.id, cell, leaf)
        return self.chose(measure.question, dict(measure.cells)[cell], leaf)

    def chose(self, asked: Question, replies: frozenset, leaf) -> dict:
        """How many chose at least one of these replies."""
        replies = replies & set(asked.replies)
        if not asked.several:
            return plus(*(self.column("reply", asked.id, reply, leaf) for reply in sorted(replies)))
        alone = [self.column("reply", asked.id, reply, leaf) for reply in sorted(replies & {NONE, DONT_KNOW})]
        real = sorted(replies - {NONE, DONT_KNOW})
        if len(real) > 1:
            return plus(self.column("any", asked.id, tuple(real), leaf), *alone)
        return plus(*(self.column("reply", asked.id, reply, leaf) for reply in real), *alone)

    def relate_leaf(self, leaf):
        """Adds the relations within one of the smallest groups."""
        for asked in self.questions:
            if self.asked(asked, leaf):
                self.relate_replies(asked, leaf)
                self.relate_route(asked, leaf)
        for measure in self.measures.values():
            if not measure.question and self.asked(measure, leaf):
                self.relate_tally(measure, leaf)

    def everybody(self, left: dict, leaf):
        """There are no more respondents than areas: each has one lead, and one manager and one rating for each
        sector."""
        number = sum(region == leaf[0] for region in self.evaluation.areas.values())
        self.at_most(left, {}, leaf, number, share=1)

    def relate_replies(self, asked: Question, leaf):
        """Relates the replies to one question to its base."""
        base = self.base(self.measures[asked.id], leaf)
        replies = {reply: self.column("reply", asked.id, reply, leaf) for reply in asked.replies}
        self.everybody(base, leaf)
        if "options" in self.without:
            for reply in replies.values():
                self.at_most(reply, base, leaf)
        elif not asked.several:
            self.equal(plus(*replies.values()), base, leaf)
        else:
            alone = plus(*(replies[reply] for reply in (NONE, DONT_KNOW) if reply in replies))
            real = {reply: column for reply, column in replies.items() if reply not in (NONE, DONT_KNOW)}
            self.relate_choices(asked, minus(base, alone), real, leaf)

    def relate_choices(self, asked: Question, choosers: dict, real: dict, leaf):
        """Several options may be chosen; everybody in the base who chose neither "none" nor "don't know" chose at least
        one."""
        for column in real.values():
            self.at_most(column, choosers, leaf)
        self.at_most(choosers, plus(*real.values()), leaf)
        unions = self.unions(asked)
        for union in unions:
            together, members = self.column("any", asked.id, union, leaf), [real[option] for option in union]
            for member in members:
                self.at_most(member, together, leaf)
            self.at_most(together, plus(*members), leaf)
            self.at_most(together, choosers, leaf)
            rest = plus(together, *(column for option, column in real.items() if option not in union))
            self.at_most(choosers, rest, leaf)
        for small, large in itertools.permutations(unions, 2):
            if set(small) < set(large):
                self.at_most(self.column("any", asked.id, small, leaf), self.column("any", asked.id, large, leaf), leaf)

    def unions(self, asked: Question) -> list:
        """The sets of options for which it matters whether any of them was chosen."""
        sets = [replies for m in self.measures.values() if m.question == asked and m.id != asked.id for _, replies in m.cells]
        sets += [other.route[1] for other in self.questions if other.route and other.route[0] == asked.id]
        real = {tuple(sorted(replies - {NONE, DONT_KNOW})) for replies in sets}
        return sorted(union for union in real if len(union) > 1)

    def relate_route(self, asked: Question, leaf):
        """A follow-up question is answered only by respondents who were routed to it."""
        if not asked.route or "route" in self.without:
            return
        earlier = self.evaluation.questions[asked.route[0]]
        if earlier.unit == asked.unit:
            led = self.chose(earlier, asked.route[1], leaf) if self.asked(earlier, leaf) else {}
            self.at_most(self.base(self.measures[asked.id], leaf), led, leaf)

    def relate_tally(self, tally: Measure, leaf):
        """Counts respondents by their state in each part of a tally: counted, not counted, or not answered."""
        parts = [self.evaluation.measures[part] for part in tally.parts]
        states = [(None, False, True) if self.asked(part, leaf) else (None,) for part in parts]
        patterns = [p for p in itertools.product(*states) if any(state is not None for state in p)]
        columns = {pattern: self.column("pattern", tally.id, pattern, leaf) for pattern in patterns}
        cells = defaultdict(list)
        for pattern, column in columns.items():
            cells[tally_cell(tally, pattern)].append(column)
        for cell, _ in tally.cells:
            self.equal(self.column("cell", tally.id, cell, leaf), plus(*cells[cell]), leaf)
        self.equal(self.base(tally, leaf), plus(*(self.column("cell", tally.id, c, leaf) for c, _ in tally.cells)), leaf)
        self.everybody(plus(*columns.values()), leaf)
        if "tally" in self.without:
            return
        for number, part in enumerate(parts):
            answered = [column for pattern, column in columns.items() if pattern[number] is not None]
            hit = [column for pattern, column in columns.items() if pattern[number]]
            self.equal(plus(*answered), self.base(part, leaf), leaf)
            self.equal(plus(*hit), self.count(part, part.cells[0][0], leaf), leaf)

    # ---- what is published

    def group(self, region: str, sector: str) -> list:
        """The smallest groups within a group."""
        return [
            leaf
            for leaf in self.leaves
            if region in (self.evaluation.nation, leaf[0]) and (not sector or sector == leaf[1])
        ]

    def total(self, key: tuple) -> tuple[dict, dict]:
        """Count and base of a figure as expressions."""
        measure, cell, region, sector = key
        leaves = self.group(region, sector)
        counts = plus(*(self.count(self.measures[measure], cell, leaf) for leaf in leaves))
        return counts, plus(*(self.base(self.measures[measure], leaf) for leaf in leaves))

    def publish(self, keys, truth: dict):
        """Adds published figures as relations."""
        seen = set()
        for key in keys:
            for terms, value in zip(self.total(key), truth[key]):
                name = tuple(sorted(terms.items()))
                if terms and name not in seen:
                    seen.add(name)
                    self.rows.append(Row(terms, value, value))

    def target(self, key: tuple, truth: dict) -> Target:
        """A withheld figure to be worked out."""
        return Target(key, *self.total(key), *truth[key])

    def own(self, area: str) -> dict:
        """The part of the unknowns that a reader knows: the answers of the reader's own area."""
        region, known = self.evaluation.areas[area], {}
        for name, column in self.columns.items():
            leaf = name[-1]
            if leaf[0] == region and (value := self.own_value(area, name, leaf[1])):
                known[column] = value
        return known

    def own_value(self, area: str, name: tuple, sector: str) -> int:
        """What an area contributes to one unknown."""
        kind, subject = name[0], name[1]
        if kind == "pattern":
            return int(self.pattern(area, sector, self.measures[subject]) == name[2])
        if kind == "cell":
            hits = self.evaluation.counted(area, sector, self.measures[subject])
            cells = [cell for cell, _ in self.measures[subject].cells]
            return int(hits is not None and hits[cells.index(name[2])])
        if kind == "base":
            return int(self.evaluation.counted(area, sector, self.measures[subject]) is not None)
        given = self.evaluation.chosen(area, sector, self.evaluation.questions[subject])
        return int(given is not None and bool(given & set([name[2]] if kind == "reply" else name[2])))

    def pattern(self, area: str, sector: str, tally: Measure) -> tuple:
        """An area's state in each part of a tally."""
        hits = [self.evaluation.counted(area, sector, self.evaluation.measures[part]) for part in tally.parts]
        return tuple(None if hit is None else hit[0] for hit in hits)


def tally_cell(tally: Measure, pattern: tuple) -> str | None:
    """The cell of a combination; None if too few parts were answered."""
    known = [state for state in pattern if state is not None]
    if len(known) < max(tally.at_least, 1):
        return None
    return tally.cells[sum(known) if len(known) == len(pattern) else len(tally.cells) - 1][0]


def blocks(evaluation: Evaluation) -> list[list[Measure]]:
    """Groups of measures that are linked by their question, a tally or a route."""
    above = {name: name for name in evaluation.measures}

    def top(name):
        while above[name] != name:
            name = above[name]
        return name

    for measure in evaluation.measures.values():
        linked = list(measure.parts)
        if measure.question:
            linked.append(measure.question.id)
            if measure.question.route:
                linked.append(measure.question.route[0])
        for other in linked:
            if evaluation.unit(evaluation.measures[other]) == evaluation.unit(measure):
                above[top(other)] = top(measure.id)
    found = defaultdict(list)
    for name, measure in evaluation.measures.items():
        found[top(name)].append(measure)
    return list(found.values())


def earlier_findings(relations: Relations, truth: dict) -> list[Row]:
    """Simple findings that were published before, as relations; findings that do not hold are left out."""
    rows = []
    for finding in relations.evaluation.published:
        measure, _, cell = finding["measure"].partition(":")
        group = finding["group"]
        where = (relations.evaluation.nation, group) if group in relations.evaluation.sectors else (group, "")
        key = (measure, cell, *where)
        if finding["than"] or measure not in relations.measures or key not in truth:
            continue
        rows += finding_rows(finding, *relations.total(key), *truth[key])
    return rows


def finding_rows(finding: dict, counts: dict, bases: dict, count: int, base: int) -> list[Row]:
    """A finding as relations of count and base: `low` and `high` in thousandths of the base, or a count itself."""
    relation, value = finding["relation"], finding["value"]
    number = float(value) if value.replace(".", "", 1).isdigit() else None
    if number is None or not base:
        return []
    if relation == "exact":
        return [Row(counts, number, number)] if count == number else []
    half, wide = 5, 25
    limits = {
        "percent": (10 * number - half, 10 * number + half),
        "about-percent": (10 * number - wide, 10 * number + wide),
        "at-least-percent": (10 * number - half, 1000),
        "more-than-percent": (10 * number - half, 1000),
        "at-most-percent": (0, 10 * number + half),
    }
    if relation not in limits:
        return []
    low, high = limits[relation]
    if not low * base <= 1000 * count <= high * base:
        return []
    above = Row(plus(bases, counts, factors=(low, -1000)), -INFINITY, 0)
    below = Row(plus(counts, bases, factors=(1000, -high)), -INFINITY, 0)
    return [above, below]


# -------------------------------------------------------------------------------------------------------- readers


@dataclass
class Bounds:
    """What one reader, or several readers together, know about the unknowns."""

    lower: np.ndarray
    upper: np.ndarray  # of the rows


class Model:
    """The relations of a block as arrays, with every reader's own answers."""

    def __init__(self, relations: Relations, readers: list):
        rows, self.size = relations.rows, len(relations.columns)
        self.matrix = matrix([row.terms for row in rows], self.size)
        self.by_column = self.matrix.tocsc()
        self.columns_of = defaultdict(list)
        for name, column in relations.columns.items():
            self.columns_of[name[-1]].append(column)
        self.row_lower = np.array([row.lower for row in rows])
        self.row_upper = np.array([row.upper for row in rows])
        share = np.array([row.share for row in rows])
        regions = np.array([row.region for row in rows])
        region_of = np.array([name[-1][0] for name in relations.columns])
        self.truth = np.zeros(self.size)
        owns = {area: dense(relations.own(area), self.size) for area in relations.evaluation.areas}
        for own in owns.values():
            self.truth += own
        self.readers, self.own, self.upper, self.mine, self.my_rows = readers, {}, {}, {}, {}
        for area in readers:
            region = relations.evaluation.areas[area]
            mine = np.flatnonzero((regions == region) & np.isinf(self.row_lower))
            own_activity = (self.matrix @ owns[area])[mine]
            self.own[area], self.my_rows[area] = owns[area], mine
            self.mine[area] = np.flatnonzero(region_of == region)
            # What holds for all respondents of a group also holds without the reader's own area.
            self.upper[area] = self.row_upper[mine] - share[mine] + own_activity
        self.activity = self.matrix @ self.truth
        self.check_truth()

    def check_truth(self):
        """The true table must satisfy all relations for every reader; if it does not, the attack itself is wrong."""
        for area in [None, *self.readers]:
            if not self.feasible(self.truth, area):
                raise SystemExit(f"the true answers do not satisfy the relations of {area or 'the outsider'}")

    def bounds(self, areas) -> Bounds:
        """The bounds of a table that is consistent with the answers of each of these areas."""
        lower, upper = np.zeros(self.size), self.row_upper.copy()
        for area in areas:
            np.maximum(lower, self.own[area], out=lower)
            rows = self.my_rows[area]
            upper[rows] = np.minimum(upper[rows], self.upper[area])
        return Bounds(lower, upper)

    def feasible(self, table: np.ndarray, area: str | None, activity=None) -> bool:
        """Whether a table satisfies all relations, as far as a reader knows."""
        activity = self.matrix @ table if activity is None else activity
        if area is None:
            within = (activity >= self.row_lower - 1e-6).all() and (activity <= self.row_upper + 1e-6).all()
            return bool(within and (table >= 0).all())
        mine, rows = self.mine[area], self.my_rows[area]
        return bool((table[mine] >= self.own[area][mine]).all() and (activity[rows] <= self.upper[area] + 1e-6).all())


def dense(terms: dict, size: int) -> np.ndarray:
    """An expression as a vector."""
    vector = np.zeros(size)
    for column, coefficient in terms.items():
        vector[column] = coefficient
    return vector


def matrix(rows: list[dict], size: int) -> csr_matrix:
    """Expressions as a sparse matrix."""
    starts, places, values = [0], [], []
    for terms in rows:
        places += terms.keys()
        values += terms.values()
        starts.append(len(places))
    return csr_matrix((np.array(values, float), np.array(places, np.int32), np.array(starts, np.int32)), (len(rows), size))


def quiet(seconds: float) -> highspy.Highs:
    """HiGHS without output, on one thread so that results are reproducible."""
    highs = highspy.Highs()
    highs.silent()
    for option, value in (("log_to_console", False), ("output_flag", False), ("threads", 1), ("time_limit", float(seconds))):
        highs.setOptionValue(option, value)
    return highs


def nearby(model: Model, bounds: Bounds, cost: np.ndarray, goal: float | None, leaves: list) -> np.ndarray | None:
    """A table with a low cost that differs from the true one in only a few of the smallest groups. It is found quickly,
    but does not prove a bound."""
    columns = np.array(sorted(itertools.chain(*(model.columns_of[leaf] for leaf in leaves))), np.int32)
    part = model.by_column[:, columns].tocsr()
    rows = np.flatnonzero(np.diff(part.indptr))
    part = part[rows]
    rest = model.activity[rows] - part @ model.truth[columns]
    lp, size = highspy.HighsLp(), len(columns)
    lp.num_col_, lp.num_row_ = size, len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost[columns], bounds.lower[columns], np.full(size, INFINITY)
    lp.row_lower_, lp.row_upper_ = model.row_lower[rows] - rest, bounds.upper[rows] - rest
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = part.indptr, part.indices, part.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * size
    highs = quiet(NEARBY_SECONDS)
    highs.passModel(lp)
    if goal is not None:
        highs.setOptionValue("objective_target", float(goal - cost @ model.truth + cost[columns] @ model.truth[columns]))
    highs.run()
    values = np.array(highs.getSolution().col_value)
    if len(values) != size:
        return None
    table = model.truth.copy()
    table[columns] = values
    return table


class Programme:
    """HiGHS with the relations of one block."""

    def __init__(self, model: Model, whole: bool):
        self.model, self.whole = model, whole
        self.highs = quiet(SECONDS)
        self.lower, self.upper, self.cost = np.zeros(model.size), model.row_upper.copy(), np.zeros(model.size)
        self.highs.passModel(self.build())

    def build(self) -> highspy.HighsLp:
        """The model in the format of HiGHS."""
        model, lp = self.model, highspy.HighsLp()
        lp.num_col_, lp.num_row_ = model.size, len(model.row_lower)
        lp.col_cost_, lp.col_lower_ = self.cost, self.lower
        lp.col_upper_ = np.full(model.size, INFINITY)
        lp.row_lower_, lp.row_upper_ = model.row_lower, self.upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = model.matrix.indptr, model.matrix.indices
        lp.a_matrix_.value_ = model.matrix.data
        if self.whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * model.size
        return lp

    def set(self, bounds: Bounds, cost: np.ndarray):
        """Sets the bounds and the cost. Only changed values are passed on, so that HiGHS can continue from its last
        state."""
        places = np.flatnonzero(bounds.lower != self.lower).astype(np.int32)
        if len(places):
            ends = np.full(len(places), INFINITY)
            self.highs.changeColsBounds(len(places), places, bounds.lower[places], ends)
        for row in np.flatnonzero(bounds.upper != self.upper):
            self.highs.changeRowBounds(int(row), self.model.row_lower[row], bounds.upper[row])
        places = np.flatnonzero(cost != self.cost).astype(np.int32)
        if len(places):
            self.highs.changeColsCost(len(places), places, cost[places])
        self.lower, self.upper, self.cost = bounds.lower, bounds.upper, cost

    def smallest(self, bounds: Bounds, cost: np.ndarray, goal=None) -> tuple[float, np.ndarray | None, bool]:
        """A lower bound of `cost`, the best table found, and whether HiGHS finished.

        With a goal, an integer programme stops at the first table that reaches it."""
        self.set(bounds, cost)
        if self.whole:
            # Always starts afresh: given a table to start from, HiGHS 1.16 may return that table as the best one.
            self.highs.clearSolver()
            self.highs.setOptionValue("objective_target", -INFINITY if goal is None else float(goal))
        self.highs.run()
        status, info = self.highs.getModelStatus(), self.highs.getInfo()
        values = np.array(self.highs.getSolution().col_value)
        if len(values) and abs(cost @ values - info.objective_function_value) > 1e-4:
            values = np.array([])
        ended = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget)
        if status == highspy.HighsModelStatus.kUnbounded or not len(values):
            return -INFINITY, None, False
        bound = info.mip_dual_bound if self.whole else (info.objective_function_value if ended else -INFINITY)
        return bound, values, ended


# --------------------------------------------------------------------------------------------------------- attack


@dataclass
class Finding:
    """A figure that can be worked out exactly or approximately, or for which this is undecided."""

    kind: str  # "exact", "narrow", "undecided" or "known before"
    reader: str | None
    target: Target
    low: int
    high: int


@dataclass
class Tally:
    """Results and counts of an attack."""

    findings: list = field(default_factory=list)
    targets: int = 0
    pairs: int = 0
    small: int = 0
    linear: int = 0
    integer: int = 0


class Attack:
    """Searches for the smallest and the largest possible value of each withheld figure of a block, for each reader."""

    def __init__(self, relations: Relations, targets: list[Target], readers: list, done: Tally):
        self.model, self.done = Model(relations, readers), done
        self.targets = targets
        self.expressions = matrix([target.terms for target in targets], self.model.size)
        self.readers = [None, *readers]
        self.linear, self.integer = Programme(self.model, False), Programme(self.model, True)
        truth = self.expressions @ self.model.truth
        self.low = np.tile(truth, (len(self.readers), 1))
        self.high = self.low.copy()
        self.need = self.needs(relations, readers)
        # Proved bounds: for each reader and target, no table has a smaller or a larger value than these.
        self.floor = np.full(self.low.shape, -INFINITY)
        self.ceiling = np.full(self.low.shape, INFINITY)
        self.undecided = set()
        self.order = {area: number for number, area in enumerate(self.readers)}
        self.random = random.Random(1)
        self.companions = defaultdict(set)
        for target in targets:
            self.companions[target.key[0]].add(target.key[2:])
        self.regions, self.sectors = relations.evaluation.regions, sorted({leaf[1] for leaf in relations.leaves})

    def needs(self, relations: Relations, readers: list) -> np.ndarray:
        """How far apart the values of each target must be: three values, if that many are possible."""
        bases = matrix([target.base_terms for target in self.targets], self.model.size)
        others = [np.array([target.base for target in self.targets])]
        others += [others[0] - bases @ self.model.own[area] for area in readers]
        return np.minimum(np.array(others), 2)

    def open(self) -> np.ndarray:
        """Which pairs of reader and target are still undecided."""
        missing = self.high - self.low < self.need
        # Bounds that are proved for the outsider also hold for insiders, who know more.
        np.maximum(self.floor[1:], self.floor[0], out=self.floor[1:])
        np.minimum(self.ceiling[1:], self.ceiling[0], out=self.ceiling[1:])
        proved = (self.floor >= self.low) & (self.ceiling <= self.high)
        # What the outsider can work out exactly need not be reported again for insiders.
        exact = (self.need[0] > 0) & (self.floor[0] == self.ceiling[0])
        missing[1:] &= ~exact
        return missing & ~proved

    def take(self, values: np.ndarray | None) -> bool:
        """Records a table of whole numbers that satisfies all relations, for every reader whose knowledge it agrees
        with."""
        if values is None:
            return False
        table = np.rint(values)
        activity = self.model.matrix @ table
        if np.abs(values - table).max() > 1e-5 or not self.model.feasible(table, None, activity):
            return False
        fits = [area is None or self.model.feasible(table, area, activity) for area in self.readers]
        found = self.expressions @ table
        self.low[fits] = np.minimum(self.low[fits], found)
        self.high[fits] = np.maximum(self.high[fits], found)
        return True

    def run(self):
        """Tries quick searches first, then every remaining target with fewer and fewer readers at a time."""
        self.done.targets += len(self.targets)
        self.done.pairs += int((self.need > 0).sum())
        everyone = self.model.bounds(self.readers[1:])
        self.stroll(everyone)
        for number in range(len(self.targets)):
            self.look_nearby(number, everyone, self.readers)
        for number in range(len(self.targets)):
            self.look_nearby(number, self.model.bounds([]), [None])
        self.all_targets([None])
        for number in range(len(self.targets)):
            self.narrow_down(number, [area for area in self.readers if self.open()[self.order[area], number]])
        self.report()

    def square(self, key: tuple, size: tuple) -> list:
        """Some of the smallest groups around a figure: a few regions and sectors, preferably where more is withheld."""
        near = self.companions[key[0]]
        lines = []
        for axis, names, number in ((0, self.regions, size[0]), (1, self.sectors, size[1])):
            beside = {group[axis] for group in near if group[1 - axis] == key[2 + (1 - axis)]}
            others = [name for name in names if name != key[2 + axis]]
            self.random.shuffle(others)
            if self.random.random() < 0.7:
                others.sort(key=lambda name: name not in beside)
            lines.append(([key[2 + axis]] if key[2 + axis] in names else []) + others)
            lines[axis] = lines[axis][:number]
        return list(itertools.product(*lines))

    def look_nearby(self, number: int, bounds: Bounds, readers: list):
        """Searches for other values of one target, in tables that differ from the true one in only a few groups."""
        places = [self.order[area] for area in readers]
        target, expression = self.targets[number], self.expressions[number].toarray().ravel()
        for size in SQUARES:
            leaves = self.square(target.key, size)
            for sign in self.random.sample((1, -1), 2):
                if not self.open()[places, number].any():
                    return
                self.done.small += 1
                self.take(nearby(self.model, bounds, sign * expression, sign * target.truth - 2, leaves))

    def stroll(self, bounds: Bounds):
        """Searches in random directions for all targets, with a few groups each time."""
        idle = 0
        while idle < 6 and (before := self.open().sum()):
            open_targets = np.flatnonzero(self.open().any(axis=0))
            key = self.targets[self.random.choice(list(open_targets))].key
            weights = np.zeros(len(self.targets))
            weights[open_targets] = [self.random.choice((-1, 1)) for _ in open_targets]
            self.done.small += 1
            self.take(nearby(self.model, bounds, self.expressions.T @ weights, None, self.square(key, (3, 3))))
            idle = idle + 1 if self.open().sum() == before else 0

    def all_targets(self, readers: list):
        """Tries each open target with tables that fit all of these readers."""
        places = [self.order[area] for area in readers]
        bounds = self.model.bounds([area for area in readers if area])
        for number in range(len(self.targets)):
            if self.open()[places, number].any():
                self.extremes(number, bounds, readers)

    def narrow_down(self, number: int, readers: list):
        """Tries one target for the undecided readers: all of them together, then each half of them."""
        readers = [area for area in readers if self.open()[self.order[area], number]]
        if not readers:
            return
        bounds = self.model.bounds([area for area in readers if area])
        self.look_nearby(number, bounds, readers)
        if len(readers) == 1:
            self.extremes(number, bounds, readers)
        else:
            half = len(readers) // 2
            self.narrow_down(number, readers[:half])
            self.narrow_down(number, readers[half:])

    def extremes(self, number: int, bounds: Bounds, readers: list):
        """Searches for the smallest and the largest value of a target, while it is open."""
        for sign in (1, -1):
            if self.open()[[self.order[area] for area in readers], number].any():
                self.extreme(number, sign, bounds, readers)

    def extreme(self, number: int, sign: int, bounds: Bounds, readers: list):
        """Searches for the smallest (1) or largest (-1) value of a target; with a single reader the result is a
        proof."""
        cost = sign * self.expressions[number].toarray().ravel()
        single = self.order[readers[0]] if len(readers) == 1 else None
        known = sign * self.targets[number].truth
        best = min(sign * self.low[single, number], sign * self.high[single, number]) if single is not None else known
        self.done.linear += 1
        bound, values, ended = self.linear.smallest(bounds, cost)
        floor = np.ceil(bound - 1e-6) if ended else -INFINITY
        if self.take(values) or floor >= best:
            return self.prove(single, number, sign, floor)
        self.done.integer += 1
        goal = max(known - 2, floor)
        bound, values, ended = self.integer.smallest(bounds, cost, goal)
        self.take(values)
        floor = max(floor, np.ceil(bound - 1e-6))
        if single is not None and not ended:
            self.undecided.add((single, number))
        return self.prove(single, number, sign, floor)

    def prove(self, single: int | None, number: int, sign: int, floor: float):
        """Records a proved bound for one reader."""
        if single is None:
            return
        if sign == 1:
            self.floor[single, number] = max(self.floor[single, number], floor)
        else:
            self.ceiling[single, number] = min(self.ceiling[single, number], -floor)

    def report(self):
        """Adds the findings for each reader."""
        outsider_exact = (self.need[0] > 0) & (self.low[0] == self.high[0])
        for place, area in enumerate(self.readers):
            for number, target in enumerate(self.targets):
                low, high, need = self.low[place, number], self.high[place, number], self.need[place, number]
                if need <= 0 or high - low >= need or (area and outsider_exact[number]):
                    continue
                decided = self.floor[place, number] >= low and self.ceiling[place, number] <= high
                kind = "undecided" if not decided else "exact" if low == high else "narrow"
                self.done.findings.append(Finding(kind, area, target, int(low), int(high)))


def constant(evaluation: Evaluation, key: tuple) -> bool:
    """Whether a figure follows from its base alone, whatever the answers are."""
    measure = evaluation.measures[key[0]]
    if measure.question:
        counts = dict(measure.cells)[key[1]]
        return not counts & set(measure.question.replies) or counts >= set(measure.question.replies)
    number = [cell for cell, _ in measure.cells].index(key[1])
    return number == len(measure.cells) - 1 and measure.at_least >= len(measure.parts)


def attack_block(evaluation, block, known, targets, truth, readers, without, done: Tally):
    """Attacks the withheld figures of one block."""
    names = {measure.id for measure in block}
    targets = [key for key in targets if key[0] in names and truth[key][1] and not constant(evaluation, key)]
    if not targets:
        return
    relations = Relations(evaluation, block, without)
    relations.publish([key for key in known if key[0] in names], truth)
    if "published" not in without:
        relations.rows += earlier_findings(relations, truth)
    found = [relations.target(key, truth) for key in targets]
    Attack(relations, found, readers, done).run()


def is_known_before(evaluation, block, finding, truth, without) -> bool:
    """Whether a reader knows as much about a figure without the run, from earlier findings and the reader's own
    answers."""
    done = Tally()
    readers = [finding.reader] if finding.reader else []
    attack_block(evaluation, block, set(), [finding.target.key], truth, readers, without, done)
    return any((it.reader in (None, finding.reader)) and it.low >= finding.low and it.high <= finding.high for it in done.findings)


def sample(evaluation: Evaluation, number: int | None, without) -> list:
    """The insiders: all areas, or a sample of them, region by region."""
    areas = [area for region in evaluation.regions for area, its in evaluation.areas.items() if its == region]
    if "insider" in without:
        return []
    if number is None or number >= len(areas):
        return areas
    drawn = set(random.Random(20081103).sample(sorted(areas), number))
    return [area for area in areas if area in drawn]


def attack(evaluation: Evaluation, run: Path, options) -> int:
    """Runs the whole attack; returns the exit code."""
    begun = time.monotonic()
    known, targets, faults = read_run(evaluation, run)
    for fault in faults[:20]:
        print(f"does not match: {fault}")
    if faults:
        return 2
    truth, done = figures(evaluation), Tally()
    readers = sample(evaluation, options.sample, options.without)
    for block in blocks(evaluation):
        before, found = time.monotonic(), len(done.findings)
        attack_block(evaluation, block, known, targets, truth, readers, options.without, done)
        for finding in done.findings[found:]:
            if finding.kind in ("exact", "narrow") and is_known_before(evaluation, block, finding, truth, options.without):
                finding.kind = "known before"
        if options.verbose:
            print(f"{block[0].id}: {time.monotonic() - before:.1f} s, {done.small} small, {done.linear} linear, {done.integer} whole", flush=True)
    return summary(evaluation, done, len(readers), time.monotonic() - begun, options.list)


def summary(evaluation: Evaluation, done: Tally, readers: int, seconds: float, most: int | None) -> int:
    """Prints what was found; returns the exit code."""
    kinds = defaultdict(list)
    for finding in done.findings:
        kinds[finding.kind, "insider" if finding.reader else "outsider"].append(finding)
    for (kind, reader), findings in sorted(kinds.items()):
        for finding in findings[:most]:
            print(f"{kind}: {described(evaluation, finding)}")
        if most is not None and len(findings) > most:
            print(f"{kind}: and {len(findings) - most} more for {reader}s")
    before = sum(len(findings) for (kind, _), findings in kinds.items() if kind == "known before")
    if before:
        print(f"{before} can be worked out without the run, from earlier findings and the reader's own answers")
    exact, narrow, undecided = ({r: len(kinds[k, r]) for r in ("outsider", "insider")} for k in ("exact", "narrow", "undecided"))
    print(
        f"{done.targets} withheld figures, an outsider and {readers} insiders: "
        f"exact {exact['outsider']} and {exact['insider']}, narrow {narrow['outsider']} and {narrow['insider']}, "
        f"undecided {undecided['outsider']} and {undecided['insider']} (outsider and insiders); "
        f"{done.small} small, {done.linear} linear and {done.integer} whole programmes, {seconds:.1f} s"
    )
    if exact["outsider"] or exact["insider"] or narrow["outsider"]:
        return 1
    return 2 if undecided["outsider"] or undecided["insider"] else 0


def described(evaluation: Evaluation, finding: Finding) -> str:
    """A finding in words."""
    measure, cell, region, sector = finding.target.key
    reader = f"{evaluation.names[finding.reader]} ({finding.reader})" if finding.reader else "anybody"
    values = f"{finding.low}" if finding.low == finding.high else f"{finding.low} to {finding.high}"
    place = ", ".join(part for part in (sector, region) if part)
    figure = f"{measure}:{cell}" if cell else measure
    return f"{figure} of {place}: {values} (truly {finding.target.truth} of {finding.target.base}), known to {reader}"


# --------------------------------------------------------------------------------------------------- planted holes


@dataclass
class Hole:
    """A hole: changed answers, what is additionally published, and who can work out what."""

    name: str
    answers: dict
    publish: list
    target: tuple
    reader: str | None = None
    alone: bool = False  # nothing else of the linked questions is published


def changed(evaluation: Evaluation, replies: dict) -> dict:
    """A copy of all answers with some replaced; these are given by area, respondent, question and item."""
    answers = {area: dict(given) for area, given in evaluation.answers.items()}
    for (area, *place), given in replies.items():
        answers[area][tuple(place)] = frozenset(given)
    return answers


def withheld_groups(evaluation: Evaluation, targets: list) -> dict:
    """The withheld cells of each measure, by group."""
    found = defaultdict(list)
    for measure, cell, region, sector in targets:
        found[measure, region, sector].append(cell)
    return found


def respondents(evaluation: Evaluation, asked: Question, region: str, sector: str) -> list:
    """The keys of a group's answers to a question: area, respondent, question and item."""
    if asked.unit != "manager":
        sectors = [""] if asked.unit == "lead" else [sector] if sector else list(asked.sectors)
        places = [(LEAD, asked.id, item) for item in sectors]
    else:
        places = [(own, asked.id, "") for own in ([sector] if sector else asked.sectors)]
    areas = [area for area, its in evaluation.areas.items() if region in (evaluation.nation, its)]
    return [(area, *place) for area, place in itertools.product(areas, places)]


def simple(evaluation: Evaluation, measure: str) -> bool:
    """Whether a measure is the distribution of a question with a single answer and no filter question."""
    found = evaluation.measures[measure]
    return bool(found.question) and found.id == found.question.id and not found.question.several and not found.question.route


def complement(evaluation: Evaluation, targets: list):
    """All but one of the withheld cells of a question are published, so the last one is the remainder."""
    for (measure, region, sector), cells in withheld_groups(evaluation, targets).items():
        if simple(evaluation, measure) and len(cells) >= 2:
            rest = [(measure, cell, region, sector) for cell in cells[1:]]
            yield Hole("complement", evaluation.answers, rest, (measure, cells[0], region, sector))


def nought(evaluation: Evaluation, targets: list):
    """Nobody in the country chose an option, and this is published, so nobody in a region did."""
    for (measure, region, sector), cells in withheld_groups(evaluation, targets).items():
        asked = evaluation.measures[measure].question
        if simple(evaluation, measure) and region != evaluation.nation and len(cells) >= 2 and not sector:
            other = next(option for option in asked.options if option != cells[0])
            replies = {
                place: [other]
                for place in respondents(evaluation, asked, evaluation.nation, "")
                if cells[0] in evaluation.answers[place[0]].get(place[1:], ())
            }
            above = [(measure, cells[0], evaluation.nation, "")]
            yield Hole("nought of the country", changed(evaluation, replies), above, (measure, cells[0], region, ""))


def margin(evaluation: Evaluation, targets: list):
    """The country and all regions but one are published, so the last one is the difference."""
    for (measure, region, sector), cells in withheld_groups(evaluation, targets).items():
        if simple(evaluation, measure) and region != evaluation.nation and len(cells) >= 2 and not sector:
            where = [evaluation.nation, *(other for other in evaluation.regions if other != region)]
            rest = [(measure, cells[0], other, "") for other in where]
            yield Hole("difference of regions", evaluation.answers, rest, (measure, cells[0], region, ""))


def follow_up(evaluation: Evaluation, _targets: list):
    """As many answered a follow-up as its filter question, so all were routed to it, although those replies are
    withheld."""
    for asked in evaluation.questions.values():
        earlier = evaluation.questions[asked.route[0]] if asked.route else None
        if not earlier or earlier.several or earlier.unit != asked.unit:
            continue
        counts = [m for m in evaluation.measures.values() if m.question == earlier and (m.cells[0][1] == asked.route[1])]
        others = [reply for reply in earlier.replies if reply not in asked.route[1]]
        if not counts or len(others) < 2:
            continue
        for sector in asked.sectors or ("",):
            where = evaluation.nation, sector
            replies = {place: [min(asked.route[1])] for place in respondents(evaluation, earlier, *where)}
            replies |= {place: [asked.options[0]] for place in respondents(evaluation, asked, *where)}
            shown = [(earlier.id, others[-1], *where), (asked.id, asked.options[-1], *where)]
            target = (counts[0].id, counts[0].cells[0][0], *where)
            yield Hole("base of a follow-up", changed(evaluation, replies), shown, target, alone=True)


def tallied(evaluation: Evaluation, _targets: list):
    """Everybody is in the first cell of a tally, and this is published, so nobody is counted in any of its parts."""
    for tally in (measure for measure in evaluation.measures.values() if not measure.question):
        parts = [evaluation.measures[part] for part in tally.parts]
        others = [[reply for reply in part.question.replies if reply not in part.cells[0][1]] for part in parts]
        if any(part.question.several or part.question.route for part in parts) or len(others[0]) < 2:
            continue
        for sector in evaluation.asked(tally):
            where, replies = (evaluation.nation, sector), {}
            for part, other in zip(parts, others):
                replies |= {place: [other[0]] for place in respondents(evaluation, part.question, *where)}
            shown = [(tally.id, tally.cells[0][0], *where), (parts[0].question.id, others[0][-1], *where)]
            target = (parts[0].id, parts[0].cells[0][0], *where)
            yield Hole("tally", changed(evaluation, replies), shown, target, alone=True)


def own_answer(evaluation: Evaluation, targets: list):
    """Two withheld cells add up to one respondent, and the reader is that respondent, so nobody else can be."""
    for (measure, region, sector), cells in withheld_groups(evaluation, targets).items():
        asked = evaluation.measures[measure].question
        if not simple(evaluation, measure) or len(cells) != 2 or len(asked.replies) < 3:
            continue
        other = next(reply for reply in asked.replies if reply not in cells)
        places = respondents(evaluation, asked, region, sector)
        if len({place[0] for place in places}) < 2:
            continue
        replies = {place: [other] for place in places} | {places[0]: [cells[0]]}
        shown = [(measure, cell, region, sector) for cell in asked.replies if cell not in cells]
        yield Hole("own answer", changed(evaluation, replies), shown, (measure, cells[0], region, sector), places[0][0])


def is_exact(evaluation, block, known, hole: Hole) -> bool:
    """Whether the reader of a hole can work out its target exactly."""
    done, truth = Tally(), figures(evaluation)
    readers = [hole.reader] if hole.reader else []
    attack_block(evaluation, block, known, [hole.target], truth, readers, (), done)
    return any(finding.kind == "exact" and finding.reader in (None, hole.reader) for finding in done.findings)


def try_hole(evaluation: Evaluation, known: set, hole: Hole) -> bool | None:
    """Whether a hole is found; None if the figure could be worked out without it."""
    copy = evaluation.copy(hole.answers)
    block = next(block for block in blocks(copy) if any(measure.id == hole.target[0] for measure in block))
    before = known - set(hole.publish)
    if hole.alone:
        names = {measure.id for measure in block}
        before = {key for key in before if key[0] not in names}
    if figures(copy)[hole.target][1] < 2 or hole.target in before or is_exact(copy, block, before, hole):
        return None
    return is_exact(copy, block, before | set(hole.publish), hole)


def planted(evaluation: Evaluation, run: Path) -> int:
    """Plants one hole of each kind where possible, and checks that it is found; returns the exit code."""
    known, targets, _ = read_run(evaluation, run)
    targets = [key for key in targets if not constant(evaluation, key)]
    found = planted_holes = 0
    for kind in (complement, nought, margin, follow_up, tallied, own_answer):
        for hole in itertools.islice(kind(evaluation, targets), 12):
            result = try_hole(evaluation, known, hole)
            if result is not None:
                planted_holes, found = planted_holes + 1, found + result
                print(f"{hole.name}: {'found' if result else 'NOT FOUND'} at {hole.target}")
                break
        else:
            print(f"{kind.__name__}: cannot be planted in this run")
    print(f"planted holes: {found} of {planted_holes} found")
    return 0 if found == planted_holes and planted_holes else 1


def main() -> int:
    """Parses the arguments and runs the attack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--without", action="append", default=[], choices=RULES)
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--list", type=int)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    evaluation = Evaluation(options.evaluation)
    return planted(evaluation, options.run) if options.planted else attack(evaluation, options.run, options)


if __name__ == "__main__":
    sys.exit(main())
