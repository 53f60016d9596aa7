"""Recomputes every aggregate of an evaluation with pandas, and compares the results with a run, cell by cell. A
withheld cell must be empty, and no cell may be published with fewer areas behind it than the policy requires.

usage: recompute.py EVALUATION RUN        exit 0: all equal, 1: some differ

It was written from the documentation of the format, independently of the program, so an error would have to be made
twice to go unnoticed. It assumes an evaluation in which `check` finds no errors.
"""

import sys
import tomllib
from pathlib import Path

import pandas as pd

LEAD = "strategic-lead"


def read_answers(folder: Path, register: pd.DataFrame) -> pd.DataFrame:
    """Every row of every submission of a completed area, with its area and region."""
    completed = register[register.status == "completed"]
    tables = []
    for code, region in zip(completed.code, completed.region):
        path = folder / "submissions" / f"{code}.csv"
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        tables.append(table.assign(area=code, region=region))
    return pd.concat(tables, ignore_index=True)


def in_base(answers: pd.DataFrame, question: dict, questions: dict) -> pd.DataFrame:
    """The rows of a question that count: asked, and an option or "don't know"."""
    rows = answers[(answers.question == question["id"]) & (answers.answer != "not-applicable")]
    if route := question.get("route"):
        earlier = in_base(answers, questions[route["question"]], questions)
        led = earlier[earlier.answer.isin(route["options"])][["area", "respondent"]].drop_duplicates()
        rows = rows.merge(led, on=["area", "respondent"])
    return rows


def with_sector(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds the sector: the one that is rated, or else the respondent's own; empty for a strategic lead."""
    own = rows.respondent.where(rows.respondent != LEAD, "")
    return rows.assign(sector=rows["item"].where(rows["item"] != "", own))


def counted(rows: pd.DataFrame, options: list[str]) -> pd.DataFrame:
    """One row for each answer in the base, with `hit` if one of the options was chosen."""
    rows = with_sector(rows).assign(hit=rows.answer.isin(options))
    return rows.groupby(["area", "region", "respondent", "item", "sector"], as_index=False).hit.any()


def cells(questionnaire: dict, answers: pd.DataFrame):
    """Every cell as (measure, cell, by sector, one row for each answer in the base with `hit`)."""
    questions = {question["id"]: question for question in questionnaire["question"]}
    by_sector = lambda q: q["kind"] == "grid" or q["asked"] == "managers"
    for question in questions.values():
        if question["kind"] == "text":
            continue
        rows = in_base(answers, question, questions)
        options = [option["id"] for option in question["options"]]
        for option in options + (["dont-know"] if question.get("dont-know") else []):
            yield question["id"], option, by_sector(question), counted(rows, [option])
    simple = {}
    for measure in questionnaire.get("measure", []):
        if "question" in measure:
            question = questions[measure["question"]]
            table = counted(in_base(answers, question, questions), measure["counts"])
            simple[measure["id"]] = table
            yield measure["id"], "", by_sector(question), table
            continue
        keys = ["area", "region", "respondent", "item", "sector"]
        parts = pd.concat([simple[part] for part in measure["tally"]])
        tally = parts.groupby(keys, as_index=False).hit.agg(answered="count", number="sum")
        tally = tally[tally.answered >= measure.get("at-least", len(measure["tally"]))]
        last = len(measure["cells"]) - 1
        cell = tally.number.where(tally.answered == len(measure["tally"]), last)
        for position, declared in enumerate(measure["cells"]):
            yield measure["id"], declared["id"], True, tally[keys].assign(hit=cell == position)


def half_up(count: int, base: int) -> str:
    """A percentage as a whole number, halves rounded up; empty for an empty base."""
    return str((200 * count + base) // (2 * base)) if base else ""


def statistics(table: pd.DataFrame, by: list[str], groups: list[tuple]) -> dict:
    """Count, base and number of areas of each group, including groups without answers."""
    if not by:
        return {(): (int(table.hit.sum()), len(table), table.area.nunique())}
    found = table.groupby(by).agg(count=("hit", "sum"), base=("hit", "count"), areas=("area", "nunique"))
    found = {(key if isinstance(key, tuple) else (key,)): tuple(map(int, row)) for key, row in found.iterrows()}
    return {group: found.get(group, (0, 0, 0)) for group in groups}


def minimum_areas(settings: dict) -> int:
    """How many areas must be behind a published statistic."""
    policy = settings.get("disclosure", {"policy": "standard"})
    others = policy.get("minimum-others", {"standard": 5, "strict": 10}[policy["policy"]])
    return others + policy.get("colluding-areas", 0) + 1


def expected(folder: Path, not_given: set) -> dict:
    """Every row that the files of `aggregates/` should have, by file and key; `not_given` are the measures without
    figures for sectors within regions."""
    settings = tomllib.loads((folder / "evaluation.toml").read_text("utf-8"))
    questionnaire = tomllib.loads((folder / "questionnaire.toml").read_text("utf-8"))
    register = pd.read_csv(folder / "register.csv", dtype=str, keep_default_na=False)
    answers = read_answers(folder, register)
    regions = list(dict.fromkeys(register.region))
    sectors = [sector["id"] for sector in questionnaire["sector"]]
    rows = {"national.csv": {}, "regional.csv": {}, "sector.csv": {}}

    def enter(file: str, key: tuple, count: int, base: int, areas: int):
        state = "value" if base else "no-base"
        rows[file][key] = (str(count), str(base), half_up(count, base), state), areas

    for measure, cell, by_sector, table in cells(questionnaire, answers):
        for numbers in statistics(table, [], []).values():
            enter("national.csv", (measure, cell), *numbers)
        for (region,), numbers in statistics(table, ["region"], [(r,) for r in regions]).items():
            enter("regional.csv", (region, measure, cell), *numbers)
        if not by_sector:
            continue
        for (sector,), numbers in statistics(table, ["sector"], [(s,) for s in sectors]).items():
            enter("sector.csv", (sector, settings["nation"], measure, cell), *numbers)
        if measure in not_given or not settings.get("disclosure", {}).get("sectors-of-regions", False):
            continue
        pairs = [(s, r) for s in sectors for r in regions]
        for (sector, region), numbers in statistics(table, ["sector", "region"], pairs).items():
            enter("sector.csv", (sector, region, measure, cell), *numbers)
    return rows


def wrong(expected: tuple | None, found: tuple | None, minimum: int) -> str | None:
    """What is wrong with a cell of the run, if anything."""
    if expected is None or found is None:
        return "only on one side"
    (values, areas) = expected
    if found == ("", "", "", "withheld"):
        return None if areas else "withheld, with nobody behind it"
    if found != values:
        return f"recomputed as {values}, but the run has {found}"
    return f"published, with {areas} areas behind it" if 0 < areas < minimum else None


def main(evaluation: str, run: str) -> int:
    settings = tomllib.loads((Path(evaluation) / "evaluation.toml").read_text("utf-8"))
    minimum = minimum_areas(settings)
    faults = compared = withheld = 0
    log = pd.read_csv(Path(run) / "private" / "suppression.csv", dtype=str, keep_default_na=False)
    not_given = set(log.measure[log.decision == "no-sectors-of-regions"])
    for file, rows in expected(Path(evaluation), not_given).items():
        found = pd.read_csv(Path(run) / "aggregates" / file, dtype=str, keep_default_na=False)
        keys = [column for column in found.columns if column not in ("count", "base", "percent", "state")]
        made = {tuple(row[keys]): tuple(row[["count", "base", "percent", "state"]]) for _, row in found.iterrows()}
        for key in sorted(rows.keys() | made.keys()):
            compared += 1
            withheld += made.get(key, ("",))[-1] == "withheld"
            if fault := wrong(rows.get(key), made.get(key), minimum):
                faults += 1
                print(f"{file} {key}: {fault}")
    print(f"{compared - faults} of {compared} cells correct, {withheld} cells withheld")
    return 1 if faults or not compared else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
