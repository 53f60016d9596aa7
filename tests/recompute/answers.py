"""Compares what every report says about the area's own answers with the submissions.

usage: answers.py EVALUATION RUN        exit 0: everything is true, 1: something is not

For every measure, it checks what the area answered and, for a single answer, how many other areas gave the same answer.
For every section, it checks who was asked, and whether a statement that nothing was answered is true. It was written
from the documentation of the format, independently of the program.
"""

import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pandas as pd

from documents import pages, reports
from recompute import LEAD, in_base, read_answers, with_sector

WORDS = {"dont-know": "Don't know", "not-applicable": "Not applicable"}
SOURCES = {LEAD: "strategic leads", "managers": "managers"}


def plain(text: str) -> str:
    """Text without spaces and with straight quotation marks, which may differ between a file and a page."""
    for curly, straight in (("\u2019", "'"), ("\u2018", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2060", ""), ("\u00ad", "")):
        text = text.replace(curly, straight)
    return "".join(text.split())


class Answers:
    """What all areas answered."""

    def __init__(self, folder: Path):
        self.questionnaire = tomllib.loads((folder / "questionnaire.toml").read_text("utf-8"))
        self.questions = {question["id"]: question for question in self.questionnaire["question"]}
        self.measures = {measure["id"]: measure for measure in self.questionnaire.get("measure", [])}
        self.sectors = [sector["id"] for sector in self.questionnaire["sector"]]
        register = pd.read_csv(folder / "register.csv", dtype=str, keep_default_na=False)
        self.rows = read_answers(folder, register)
        self.codes = list(register[register.status == "completed"].code)
        self.given = {}
        for question in self.questions.values():
            if question["kind"] == "text":
                continue
            table = defaultdict(lambda: defaultdict(list))
            for row in with_sector(in_base(self.rows, question, self.questions)).itertuples():
                table[row.area][row.respondent, row.sector].append(row.answer)
            self.given[question["id"]] = table

    def asked(self, question: dict) -> list:
        """The respondents of a question in an area, with their sectors."""
        if question["kind"] == "grid":
            return [(LEAD, sector) for sector in self.sectors]
        if question["asked"] == LEAD:
            return [(LEAD, "")]
        return [(sector, sector) for sector in question.get("sectors", self.sectors)]

    def words(self, area: str, question: dict) -> str:
        """What the only respondent of a question answered, in words."""
        who = self.asked(question)[0][0]
        found = self.rows[(self.rows.area == area) & (self.rows.respondent == who) & (self.rows.question == question["id"])]
        if not found.empty:
            labels = {option["id"]: option["label"] for option in question["options"]} | WORDS
            return labels[found.answer.iloc[0]]
        if route := question.get("route"):
            earlier = self.given[route["question"]][area]
            before = next(iter(self.asked(self.questions[route["question"]])))
            if not set(earlier.get((who, before[1] if before[0] == who else ""), earlier.get((who, who), []))) & set(route["options"]):
                return "Not asked"
        return "Not answered"

    def same(self, area: str, question: dict) -> tuple | None:
        """How many other areas' only respondents gave exactly the same answer as this one, and out of how many."""
        table, place = self.given[question["id"]], self.asked(question)[0]
        own = table[area].get(place) if area in table else None
        if not own or own == ["dont-know"]:
            return None
        others = [given[place] for other, given in table.items() if other != area and place in given]
        return sum(answer == own for answer in others), len(others)

    def chosen(self, area: str, question: dict) -> str:
        """The option that the only respondent chose."""
        return self.given[question["id"]][area][self.asked(question)[0]][0]

    def question_of(self, measure: dict) -> dict:
        """The question that a measure is based on; for a tally, the first of them."""
        while "tally" in measure:
            measure = self.measures[measure["tally"][0]]
        return self.questions[measure["question"]]

    def is_declared_once(self, measure: dict) -> bool:
        """Whether no other measure's label ends with this one's: only then can its row be identified."""
        label = plain(measure["label"])
        return not any(other is not measure and plain(other["label"]).endswith(label) for other in self.measures.values())

    def share(self, area: str, measure: dict) -> str:
        """How many of the area's respondents are counted by a measure, and out of how many."""
        question = self.questions[measure["question"]]
        given = self.given[question["id"]][area].values()
        counted = sum(bool(set(answers) & set(measure["counts"])) for answers in given)
        return f"{counted} of {len(given)}" if given else "no answers"


def faults(answers: Answers, withheld: set, area: str, text: str) -> list:
    """False or missing statements in a report."""
    found = []
    asked = defaultdict(set)
    for measure in answers.measures.values():
        question = answers.question_of(measure)
        asked[measure.get("section", question["section"])].add(question["asked"])
        if "tally" in measure or not answers.is_declared_once(measure):
            continue
        places = answers.asked(question)
        single = len(places) == 1
        if single and question["kind"] == "multiple":
            continue
        own = answers.words(area, question) if single else answers.share(area, measure)
        start = plain(measure["label"] + own)
        # Region and nation come next, then how many others gave the same answer.
        figures = r"(?:\[c\]|\[low\](?:of[\d,]+)?|over99%of[\d,]+|noanswers|\d+%of[\d,]+){2}(?:As([\d,]+)of([\d,]+)otherareas)?"
        match = re.search(re.escape(start) + figures, text)
        if not match:
            found.append(f"{measure['id']}: the report does not say '{own}'")
            continue
        says = tuple(int(number.replace(",", "")) for number in match.groups()) if match[1] else None
        same = answers.same(area, question) if single else None
        if same and (question["id"], answers.chosen(area, question)) in withheld:
            same = None
        if says != same:
            found.append(f"{measure['id']}: same answer in {says} areas according to the report, {same} according to the submissions")
    for section in answers.questionnaire["section"]:
        if len(who := asked[section["id"]]) == 1:
            source = f"Source: answers of {SOURCES[next(iter(who))]},"
            # After the contents, each heading is followed by its source before the next table.
            if not any(plain(source) in part[:1500] for part in text.split(plain(section["title"]))[2:]):
                found.append(f"{section['id']}: the source is not '{source}'")
    silent = text.count(plain("gave no answers in this section"))
    sections = {section["id"] for section in answers.questionnaire["section"]}
    answered = {answers.questions[question]["section"] for question in answers.rows[answers.rows.area == area].question}
    if silent > len(sections - answered):
        found.append(f"the report says that {silent} sections have no answers, but only {len(sections - answered)} have none")
    return found


def main(evaluation: str, run: str) -> int:
    answers, wrong, read = Answers(Path(evaluation)), 0, 0
    nation = pd.read_csv(Path(run) / "aggregates" / "national.csv", dtype=str, keep_default_na=False)
    nation = nation[nation.state == "withheld"]
    withheld = set(zip(nation.measure, nation.option))
    for report in reports(run):
        code = next(code for code in sorted(answers.codes, key=len, reverse=True) if report.name.startswith(f"{code}-"))
        text = plain(" ".join(pages(report)))
        read += 1
        for fault in faults(answers, withheld, code, text):
            wrong += 1
            print(f"{report.name}: {fault}")
    print(f"{read} reports read, {wrong} statements wrong")
    return 1 if wrong or not read else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
