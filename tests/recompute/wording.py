"""Searches the finished reports of a run for words that claim more than the figures can support.

usage: wording.py EVALUATION RUN         exit 0: none found, 1: some found

Words from the questionnaire and from what an area wrote are left out.
"""

import re
import sys
import tomllib
from pathlib import Path

from documents import alternatives, pages, reports

CLAIMS = re.compile(
    r"\b(significan\w*|statistically|better|worse|best|worst|rank(?:s|ed|ing)?|league|outperform\w*|underperform\w*"
    r"|top of the|bottom of the|caused? by|due to|impact of|traffic light|red|amber|green)\b",
    re.IGNORECASE,
)
RECEIVED = "The submission as received"


def strings(value) -> list[str]:
    """Every text in a questionnaire."""
    if isinstance(value, str):
        return [" ".join(value.split())]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in strings(item)]


def composed(text: str, theirs: list[str]) -> str:
    """The report's own words, without those of the questionnaire and of the submission."""
    text = text[: text.rindex(RECEIVED)].casefold()
    for their in theirs:
        text = text.replace(their, " ")
    return text


def main(evaluation: str, run: str) -> int:
    questionnaire = tomllib.loads((Path(evaluation) / "questionnaire.toml").read_text("utf-8"))
    register = (Path(evaluation) / "register.csv").read_text("utf-8").split("\n")[1:]
    names = {cell for line in register for cell in line.split(",") if cell}
    theirs = {text.casefold() for text in [*strings(questionnaire), *names] if CLAIMS.search(text)}
    longest_first = sorted(theirs, key=len, reverse=True)
    found = words = 0
    paths = reports(run)
    for path in paths:
        text = composed(" ".join([*alternatives(path), *pages(path)]), longest_first)
        words += len(text.split())
        for match in CLAIMS.finditer(text):
            found += 1
            print(f"{path.name}: …{text[max(0, match.start() - 40) : match.end() + 40]}…")
    print(f"{len(paths)} reports, {words} words: {found} claim more than the figures can support")
    return 1 if found or not words else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
