"""Compares what every report says about the area's own answers with the submissions.

usage: answers.py EVALUATION RUN        exit 0: everything is true, 1: something is not

It writes again, from the answers of all areas, every row of the reference table, every row of the charts of measures and
of answers, the key figures, the sector profile, the two views of each sector, and the appendix with the submission as
received; the report must say the same. It was written from the documentation of the format, independently of the
program.
"""

import re
import sys
import tomllib
from collections import defaultdict
from multiprocessing import get_context
from os.path import commonprefix
from pathlib import Path

import pandas as pd

from documents import Report, plain, read, reports
from recompute import LEAD, cells, counted, in_base, read_answers, with_sector

WORDS = {"dont-know": "Don't know", "not-applicable": "Not applicable"}
NONE = WORDS | {"not-answered": "Not answered", "not-asked": "Not asked"}
MARKS = {"in-place": "In place", "begun": "Begun", "not-yet": "Not yet", "dont-know": "Don't know", "no-answer": "No answer"}
# The reference table has a longer answer of a single person only as whether it counts.
LONGEST_ANSWER = 12
# With a smaller base, a share is a count.
LEAST_PERCENTAGE = 20
# The sentences between the title of the appendix and its first heading are not longer than this.
INTRODUCTION = 400


class Answers:
    """What all areas answered."""

    def __init__(self, folder: Path, run: Path):
        self.settings = tomllib.loads((folder / "evaluation.toml").read_text("utf-8"))
        self.questionnaire = tomllib.loads((folder / "questionnaire.toml").read_text("utf-8"))
        self.questions = {question["id"]: question for question in self.questionnaire["question"]}
        self.measures = {measure["id"]: measure for measure in self.questionnaire.get("measure", [])}
        self.sections = {section["id"]: section for section in self.questionnaire["section"]}
        self.sectors = [sector["id"] for sector in self.questionnaire["sector"]]
        self.names = {sector["id"]: sector["name"] for sector in self.questionnaire["sector"]}
        register = pd.read_csv(folder / "register.csv", dtype=str, keep_default_na=False)
        self.rows = read_answers(folder, register)
        self.areas = {row.code: row for row in register.itertuples() if row.status == "completed"}
        # What everybody sent: area, respondent, question and item lead to one answer, or to several options.
        self.sent = defaultdict(lambda: defaultdict(list))
        for row in self.rows.itertuples():
            self.sent[row.area][row.respondent, row.question, row.item].append(row.answer)
        # The answers in the base of each closed question: area, then respondent and sector.
        self.given = {}
        for question in self.closed():
            table = defaultdict(lambda: defaultdict(list))
            for row in with_sector(in_base(self.rows, question, self.questions)).itertuples():
                table[row.area][row.respondent, row.sector].append(row.answer)
            self.given[question["id"]] = {area: dict(by) for area, by in table.items()}
        self.count()
        self.withheld = withheld(run)

    def closed(self) -> list:
        """The questions that are not answered in free text."""
        return [question for question in self.questions.values() if question["kind"] != "text"]

    def count(self) -> None:
        """Counts every cell of every measure for areas, regions and the nation."""
        self.own, self.regional, self.national = {}, {}, {}
        for measure, cell, _, table in cells(self.questionnaire, self.rows):
            key = (measure, cell)
            both = lambda by: {name: (int(hit.sum()), len(hit)) for name, hit in table.groupby(by).hit}
            self.own[key], self.regional[key] = both("area"), both("region")
            self.national[key] = (int(table.hit.sum()), len(table))
        # Of each question that rates sectors: the shares that the first measure counts.
        self.rated = {}
        for question in self.closed():
            counts = next((measure["counts"] for measure in self.measures.values() if measure.get("question") == question["id"]), None)
            if question["kind"] == "grid" and counts:
                found = counted(in_base(self.rows, question, self.questions), counts).groupby("sector").hit
                self.rated[question["id"]] = {sector: (int(hit.sum()), len(hit)) for sector, hit in found}

    # ------------------------------------------------------------ shares

    def area_share(self, area: str, key: tuple) -> tuple:
        """How many of an area's answers count, and out of how many."""
        return self.own[key].get(area, (0, 0))

    def nation(self, key: tuple) -> tuple | None:
        """The nation's count and base; `None` if they are withheld."""
        return None if (self.settings["nation"], *key) in self.withheld else self.national[key]

    def region(self, area: str, key: tuple) -> tuple | None:
        """The count and base of an area's region; `None` if they are withheld."""
        region = self.areas[area].region
        return None if (region, *key) in self.withheld else self.regional[key].get(region, (0, 0))

    def cells_of(self, measure: dict) -> list:
        """The cells of a measure, each with its label."""
        if "tally" in measure:
            return [((measure["id"], cell["id"]), cell["label"]) for cell in measure["cells"]]
        return [((measure["id"], ""), measure["label"])]

    # ------------------------------------------------------------ who was asked, and what they said

    def places(self, question: dict) -> list:
        """The respondents of a question in an area, with their sectors."""
        if question["kind"] == "grid":
            return [(LEAD, sector) for sector in self.sectors]
        if question["asked"] == LEAD:
            return [(LEAD, "")]
        return [(sector, sector) for sector in question.get("sectors", self.sectors)]

    def question_of(self, measure: dict) -> dict:
        """The question that a measure is based on; for a tally, the first of them."""
        while "tally" in measure:
            measure = self.measures[measure["tally"][0]]
        return self.questions[measure["question"]]

    def section_of(self, measure: dict) -> str:
        """The section that a measure belongs to."""
        return measure.get("section", self.question_of(measure)["section"])

    def is_put(self, area: str, who: str, question: dict) -> bool:
        """Whether somebody was asked a question: it is for them, and an earlier answer did not lead past it."""
        among = [LEAD] if question["asked"] == LEAD else question.get("sectors", self.sectors)
        route = question.get("route")
        earlier = self.sent[area].get((who, route["question"], ""), []) if route else []
        return who in among and (not route or bool(set(earlier) & set(route["options"])))

    def said(self, area: str, who: str, question: dict, item: str = "") -> list:
        """What somebody answered, or why there is no answer."""
        if found := self.sent[area].get((who, question["id"], item)):
            return found
        return ["not-answered" if self.is_put(area, who, question) else "not-asked"]

    def in_words(self, area: str, who: str, question: dict, item: str = "") -> str:
        """What somebody answered, in words: the options in the order of the questionnaire, or why there is none."""
        said = self.said(area, who, question, item)
        labels = {option["id"]: option["label"] for option in question["options"]} | NONE
        return "; ".join(label for answer, label in labels.items() if answer in said)

    def only(self, question: dict) -> tuple | None:
        """The only respondent of a question, with the sector; `None` if there are several, or several sectors are rated."""
        places = self.places(question)
        return places[0] if len(places) == 1 else None

    def respondents(self, area: str, group: str) -> list:
        """Those of a group who sent any answer, in the order of the sectors."""
        there = {who for who, _, _ in self.sent[area]}
        return [who for who in ([LEAD] if group == LEAD else self.sectors) if who in there]

    def name(self, who: str) -> str:
        """A respondent or a sector as it begins a line."""
        name = "Strategic lead" if who == LEAD else self.names[who]
        return name[:1].upper() + name[1:]

    def mark(self, area: str, question: dict, sector: str) -> str:
        """How far a sector has got, by its manager's answer to a question of the sector profile."""
        said, profile = self.said(area, sector, question), question["profile"]
        if said == ["dont-know"]:
            return "dont-know"
        if said[0] in ("not-answered", "not-asked", "not-applicable"):
            return "no-answer"
        if set(said) & set(profile["in-place"]):
            return "in-place"
        return "begun" if set(said) & set(profile.get("begun", [])) else "not-yet"

    # ------------------------------------------------------------ what is where

    def profiled(self) -> list:
        """The questions with a column in the sector profile."""
        return [question for question in self.questions.values() if "profile" in question]

    def verdicts(self) -> list:
        """The questions that ask the strategic lead for a verdict."""
        return [question for question in self.questions.values() if "verdict" in question]

    def is_gathered(self, question: dict) -> bool:
        """Whether a question is shown with others of its kind, and not on the page of its theme."""
        mirrored = {other["mirrors"] for other in self.questions.values() if "mirrors" in other}
        return bool({"verdict", "mirrors", "planning"} & question.keys()) or question["id"] in mirrored

    def page_of(self, section: str) -> list:
        """The sections on the page of a theme."""
        return [section, *(other["id"] for other in self.sections.values() if other.get("with") == section)]

    def measures_on(self, section: str) -> list:
        """The measures on the page of a theme."""
        found = []
        for measure in self.measures.values():
            question = self.question_of(measure)
            charted = question.get("chart", False) and question["asked"] == LEAD
            if "tally" not in measure and self.section_of(measure) in self.page_of(section):
                found += [] if self.is_gathered(question) or charted else [measure]
        return found

    def has_figure_of_measures(self, section: str) -> bool:
        """Whether a theme's measures have a figure: not if they only repeat the charts below them, or are on the page of
        another theme."""
        charted = [self.question_of(measure).get("chart", False) for measure in self.measures_on(section)]
        return "with" not in self.sections[section] and not all(charted)

    # ------------------------------------------------------------ the appendix

    def gathered(self, area: str, group: str, question: dict) -> str:
        """Each answer to a closed question with the sectors that it belongs to; empty if no manager was asked."""
        there = self.respondents(area, group)
        items = self.sectors if question["kind"] == "grid" else [""]
        of = lambda who, item: item or ("" if who == LEAD else who)
        said = [(of(who, item), self.said(area, who, question, item)) for who in there for item in items]
        if group != LEAD and all(answers == ["not-asked"] for _, answers in said):
            return ""
        groups = []
        for answer, label in ({option["id"]: option["label"] for option in question["options"]} | NONE).items():
            by = [sector for sector, answers in said if answer in answers]
            sectors = [self.names[sector] for sector in by if sector]
            if by:
                groups.append(f"{label}: {listed(sectors)}" if sectors else label)
        return "; ".join(groups)

    def comments(self, area: str, group: str, question: dict) -> list:
        """The free text that answers a question, each with its author, and who was asked and wrote none."""
        there = self.respondents(area, group)
        texts = {who: self.sent[area].get((who, question["id"], "")) for who in there}
        wrote = {who: text[0] for who, text in texts.items() if text}
        if not wrote:
            return []
        silent = ["strategic lead" if who == LEAD else self.names[who] for who in there if who not in wrote]
        lines = [question["title"], *(f"{text} ({self.name(who)})" for who, text in wrote.items())]
        return lines + ([f"Not answered: {listed(silent)}."] if silent else [])

    def appendix(self, area: str) -> list:
        """Everything that the appendix must print after its introduction, in order."""
        lines, groups = [], {LEAD: "Strategic lead", "managers": "Managers"}
        put = {group: [question for question in self.questions.values() if question["asked"] == group] for group in groups}
        for group, heading in groups.items():
            closed = [question for question in put[group] if question["kind"] != "text"] if self.respondents(area, group) else []
            rows = [(question["title"], self.gathered(area, group, question)) for question in closed]
            rows = [f"{title}. {answers}" for title, answers in rows if answers]
            lines += [heading, *rows] if rows else []
        for group in groups:
            for question in put[group]:
                lines += self.comments(area, group, question) if question["kind"] == "text" else []
        there = self.respondents(area, LEAD) + self.respondents(area, "managers")
        silent = listed(["strategic lead" if who == LEAD else self.names[who] for who in [LEAD, *self.sectors] if who not in there])
        return lines + (["No answer received", f"{silent[:1].upper()}{silent[1:]}."] if silent else [])


def withheld(run: Path) -> set:
    """The group, measure and cell of every figure for the nation or a region that the run withholds."""
    found, nation = set(), None
    for file in ("sector", "regional", "national"):
        table = pd.read_csv(run / "aggregates" / f"{file}.csv", dtype=str, keep_default_na=False)
        if file == "sector":
            nation = table.region.iloc[0] if len(table) else ""
            continue
        groups = table.region if file == "regional" else [nation] * len(table)
        found |= {key[:3] for key in zip(groups, table.measure, table.option, table.state) if key[3] == "withheld"}
    return found


def listed(names: list) -> str:
    """Names in a sentence: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def half_up(count: int, base: int) -> int:
    """A percentage as a whole number, halves rounded up."""
    return (200 * count + base) // (2 * base)


def percentage(count: int, base: int) -> str:
    """A percentage as tables and charts print it."""
    percent = half_up(count, base)
    if percent == 0 and count:
        return "[low]"
    return "over 99%" if percent == 100 and count < base else f"{percent}%"


def in_chart(share: tuple | None) -> str:
    """A group's share as charts print it: a count if the base is small."""
    if share is None:
        return "[c]"
    count, base = share
    if not base:
        return "no answers"
    return f"{count} of {base}" if base < LEAST_PERCENTAGE else percentage(count, base)


def in_table(share: tuple | None) -> str:
    """A group's share as the reference table prints it."""
    if share is None or share[1] < LEAST_PERCENTAGE:
        return in_chart(share)
    return f"{share[0]:,} of {share[1]:,} ({percentage(*share)})"


def own_share(share: tuple) -> str:
    """The share of an area's own respondents."""
    return f"{share[0]} of {share[1]}" if share[1] else "no answers"


def own(answers: Answers, area: str, measure: dict, key: tuple) -> str:
    """What an area itself answered, as charts print it."""
    question, share = answers.question_of(measure), answers.area_share(area, key)
    only = answers.only(question)
    if not only:
        return own_share(share)
    if "tally" in measure:
        return ("Yes" if share[0] else "No") if share[1] else "Unknown"
    said = answers.said(area, only[0], question)
    if question["kind"] == "multiple" and said[0] not in NONE:
        return "Chosen" if share[0] else "Not chosen"
    return answers.in_words(area, only[0], question)


def own_in_table(answers: Answers, area: str, measure: dict, key: tuple) -> str:
    """What an area itself answered, as the reference table prints it."""
    text, share = own(answers, area, measure, key), answers.area_share(area, key)
    if answers.only(answers.question_of(measure)) and share[1] and len(text) > LONGEST_ANSWER:
        return "Chosen" if share[0] else "Not chosen"
    return text


def own_option(answers: Answers, area: str, question: dict, option: str) -> str:
    """Whether the strategic lead chose an option, or how many managers did."""
    share = answers.area_share(area, (question["id"], option))
    if question["asked"] != LEAD:
        return own_share(share)
    said = answers.said(area, LEAD, question)
    if said[0] in NONE and said != ["dont-know"]:
        return NONE[said[0]]
    return "Chosen" if share[0] else "Not chosen"


# ---------------------------------------------------------------- the parts of a report


def reference_faults(answers: Answers, area: str, report: Report) -> list:
    """The rows of the reference table that are not what the answers say."""
    name, nation = answers.areas[area].name, answers.settings["nation"]
    here, everywhere = name if len(name) < LONGEST_ANSWER else "Area", nation if len(nation) < 24 else "All areas"
    head = plain(f"Measure{here}Region{everywhere}")
    text = "".join(plain(page).removeprefix(head) for page in report.parts.get("reference", []))
    if head in text:
        text = text.split(head, 1)[1]
    found = []
    rows = [(measure, *cell) for measure in answers.measures.values() for cell in answers.cells_of(measure)]
    for place, (measure, key, label) in enumerate(rows):
        said = own_in_table(answers, area, measure, key)
        row = f"{label} {said} {in_table(answers.region(area, key))} {in_table(answers.nation(key))}"
        if text.startswith(plain(row)):
            text = text[len(plain(row)) :]
            continue
        found.append(f"reference: '{row}' is missing; here is '{text[:90]}'")
        # Go on at the next row.
        following = plain(rows[place + 1][2]) if place + 1 < len(rows) else ""
        text = text[max(text.find(following, 1), 0) :]
    return found


def chart_rows(answers: Answers, area: str) -> list:
    """The rows of charts, each with the part of the report that it is in."""
    rows = []
    for section in answers.sections:
        if answers.has_figure_of_measures(section):
            for measure in answers.measures_on(section):
                key = (measure["id"], "")
                rows.append((f"section/{section}", measure["label"], key, own(answers, area, measure, key)))
    for question in answers.closed():
        planned = "planning" in question
        if question["kind"] == "grid" or not planned and (answers.is_gathered(question) or not question.get("chart")):
            continue
        part = "factors" if planned else f"section/{question['section']}"
        labels = {option["id"]: option["label"] for option in question["options"]}
        if question.get("dont-know"):
            labels["dont-know"] = WORDS["dont-know"]
        for option, label in labels.items():
            if not (planned and option == "none"):
                rows.append((part, label, (question["id"], option), own_option(answers, area, question, option)))
    for measure in answers.measures.values():
        if "tally" in measure and not answers.only(answers.question_of(measure)):
            for key, label in answers.cells_of(measure):
                rows.append(("processes", label, key, own(answers, area, measure, key)))
    return rows


def chart_faults(answers: Answers, area: str, report: Report) -> list:
    """The rows of charts of measures and of answers that are not what the answers say."""
    found, texts = [], {}
    for part, label, key, said in chart_rows(answers, area):
        text = texts.setdefault(part, plain(report.part(part)))
        row = f"{label} {in_chart(answers.nation(key))} {in_chart(answers.region(area, key))} {said}"
        if plain(row) not in text:
            found.append(f"{part}: '{row}' is missing")
    return found


def key_figure_faults(answers: Answers, area: str, report: Report) -> list:
    """The key figures at a glance that are not what the answers say."""
    found, text, nation = [], plain(report.part("glance")), answers.settings["nation"]
    alternatives = report.descriptions()
    for measure in answers.measures.values():
        if not measure.get("key-figure"):
            continue
        # Of a tally, it is the cell for all.
        key, label = answers.cells_of(measure)[len(measure.get("tally", [])) if "tally" in measure else 0]
        said, share = own(answers, area, measure, key), answers.nation(key)
        base = answers.area_share(area, key)[1]
        rate = "[c]" if share is None else own_share(((2 * share[0] * base + share[1]) // (2 * share[1]) if share[1] else 0, base))
        if plain(f"{label}: {said}; at the rate of {nation} {rate}.") not in alternatives:
            found.append(f"key figures: the description does not say '{label}: {said}; at the rate of {nation} {rate}'")
        # One person's answer has no rate beside it, and a long one may be cut; nor has a share of nobody.
        if answers.only(answers.question_of(measure)) or not base:
            row = f"{label} {said[:LONGEST_ANSWER]}"
        else:
            row = f"{label} {said} {rate}"
        if plain(row) not in text:
            found.append(f"key figures: the chart does not say '{row}'")
    return found


def profile_faults(answers: Answers, area: str, report: Report) -> list:
    """The rows of the sector profile, and of the chart of processes, that are not what the answers say."""
    columns, found = answers.profiled(), []
    text, alternatives = plain(report.part("glance")), report.descriptions()
    if not columns:
        return []
    for sector in answers.sectors:
        marks = [MARKS[answers.mark(area, question, sector)] for question in columns]
        row = f"{answers.name(sector)} {' '.join(marks)}"
        if plain(row) not in text:
            found.append(f"sector profile: '{row}' is missing")
        for question, mark in zip(columns, marks):
            if sector in question.get("sectors", answers.sectors):
                said = f"{answers.name(sector)}, {question['profile']['title']}: {mark.lower()};"
                if plain(said) not in alternatives:
                    found.append(f"processes: '{said}' is missing")
    return found


def sides_faults(answers: Answers, area: str, report: Report) -> list:
    """The two views of each sector that are not what lead and manager answered."""
    mirror = next((question for question in answers.questions.values() if "mirrors" in question), None)
    if not mirror:
        return []
    grid, alternatives, found = answers.questions[mirror["mirrors"]], report.descriptions(), []
    for sector in answers.sectors:
        lead = answers.in_words(area, LEAD, grid, sector)
        said = f"{answers.name(sector)}: lead “{lead}”, manager “{answers.in_words(area, sector, mirror)}”."
        if plain(said) not in alternatives:
            found.append(f"two views: '{said}' is missing")
    return found


def verdict_faults(answers: Answers, area: str, report: Report) -> list:
    """The verdicts that are not what the strategic lead answered."""
    alternatives, found = report.descriptions(), []
    for question in answers.verdicts():
        said = f"{question['title']}: “{answers.in_words(area, LEAD, question)}”."
        if plain(said) not in alternatives:
            found.append(f"verdicts: '{said}' is missing")
    return found


def appendix_faults(answers: Answers, area: str, report: Report) -> list:
    """The first difference between the appendix of a report and the submission."""
    expected, printed = plain("".join(answers.appendix(area))), plain(report.part("submission"))
    if not printed:
        return ["the report has no appendix"]
    if printed.endswith(expected) and len(printed) <= len(expected) + INTRODUCTION:
        return []
    start = max(printed.find(expected[:20]), 0)
    same = len(commonprefix([printed[start:], expected]))
    here = printed[start + max(same - 60, 0) : start + same + 60]
    return [f"the appendix says '{here}', where the submission says '{expected[max(same - 60, 0) : same + 60]}'"]


PARTS = (
    reference_faults,
    chart_faults,
    key_figure_faults,
    profile_faults,
    sides_faults,
    verdict_faults,
    appendix_faults,
)


def code_of(answers: Answers, name: str) -> str:
    """The code of the area that a report is about."""
    return next(code for code in sorted(answers.areas, key=len, reverse=True) if name.startswith(f"{code}-"))


def faults(path: Path) -> list:
    """False or missing statements in a report."""
    report, answers = read(path), LOADED[0]
    return [f"{path.name}: {fault}" for part in PARTS for fault in part(answers, code_of(answers, path.name), report)]


LOADED = []


def main(evaluation: str, run: str) -> int:
    LOADED.append(Answers(Path(evaluation), Path(run)))
    paths, wrong = reports(run), 0
    with get_context("fork").Pool() as pool:
        for found in pool.imap(faults, paths):
            wrong += len(found)
            for fault in found:
                print(fault)
    print(f"{len(paths)} reports read, {wrong} statements wrong")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
