"""Searches the finished reports of a run for words that claim more than the figures can support.

usage: wording.py EVALUATION RUN         exit 0: none found, 1: some found

Words from the questionnaire and from what an area wrote are left out.
"""

import csv
import re
import sys
import tomllib
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from documents import read, reports

CLAIMS = re.compile(
    r"\b(significan\w*|statistically|better|worse|best|worst|rank(?:s|ed|ing)?|league|outperform\w*|underperform\w*"
    r"|top of the|bottom of the|caused? by|due to|impact of|traffic light|red|amber|green)\b",
    re.IGNORECASE,
)


def strings(value) -> list[str]:
    """Every text in a questionnaire."""
    if isinstance(value, str):
        return [" ".join(value.split())]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in strings(item)]


def even(text: str) -> str:
    """Text with single spaces, one kind of quotation marks and hyphens, and no capitals."""
    for one, other in (("\u2019", "'"), ("\u2018", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\ufffe", "-"), ("\x02", "-")):
        text = text.replace(one, other)
    return " ".join(re.sub("[\u2060\u00ad]", "", text).split()).casefold()


def without(text: str, theirs: list[str]) -> str:
    """Text without that of others, the longest first, however its lines are broken."""
    text = even(text)
    for their in sorted(map(even, theirs), key=len, reverse=True):
        # A line may end after a hyphen.
        text = re.sub(r"\s?".join(re.escape(word) for word in re.split(r"\s|(?<=-)", their)), " ", text)
    return text


def written(evaluation: str, free: set, report: str) -> list[str]:
    """What the respondents of a report's area wrote themselves: their answers to the questions in free text."""
    paths = sorted(Path(evaluation).glob("submissions/*.csv"), key=lambda path: len(path.stem), reverse=True)
    path = next(path for path in paths if report.startswith(f"{path.stem}-"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["answer"] for row in csv.DictReader(file) if row["question"] in free]


def claims(path: Path, evaluation: str, free: set, theirs: list[str]) -> tuple[int, list[str]]:
    """How many words of its own a report has, and those that claim too much."""
    report = read(path)
    text = " ".join([*report.alternatives, report.before_submission()])
    text = without(text, [*theirs, *written(evaluation, free, path.name)])
    found = CLAIMS.finditer(text)
    return len(text.split()), [f"{path.name}: …{text[max(0, m.start() - 40) : m.end() + 40]}…" for m in found]


def main(evaluation: str, run: str) -> int:
    questionnaire = tomllib.loads((Path(evaluation) / "questionnaire.toml").read_text("utf-8"))
    register = (Path(evaluation) / "register.csv").read_text("utf-8").split("\n")[1:]
    names = {cell for line in register for cell in line.split(",") if cell}
    theirs = sorted({text for text in [*strings(questionnaire), *names] if CLAIMS.search(text)})
    free = {question["id"] for question in questionnaire["question"] if question["kind"] == "text"}
    found = words = 0
    paths = reports(run)
    with Pool() as pool:
        for own, lines in pool.imap(partial(claims, evaluation=evaluation, free=free, theirs=theirs), paths):
            words += own
            found += len(lines)
            for line in lines:
                print(line)
    print(f"{len(paths)} reports, {words} words: {found} claim more than the figures can support")
    return 1 if found or not words else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
