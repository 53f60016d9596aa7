"""Searches the finished reports of a run for numbers that should be withheld: on pages, in alternative text, streams
and attachments.

usage: withheld.py EVALUATION RUN        exit 0: none found, 1: some found

Every percentage for a region, a sector or the nation is printed with its base. No base may be smaller than the number
of areas that the policy requires.
"""

import re
import sys
import tomllib
from pathlib import Path

from documents import alternatives, pages, reports, streams
from recompute import minimum_areas

PERCENTAGE = re.compile(r"(?:\d+%|\[low\]|per cent) of ([\d,]+)")


def main(evaluation: str, run: str) -> int:
    minimum = minimum_areas(tomllib.loads((Path(evaluation) / "evaluation.toml").read_text("utf-8")))
    found = searched = marks = 0
    for path in reports(run, "*"):
        for text in [*pages(path), *alternatives(path), *streams(path)]:
            marks += text.count("[c]")
            for match in PERCENTAGE.finditer(text):
                searched += 1
                if int(match[1].replace(",", "")) < minimum:
                    found += 1
                    print(f"{path.name}: {match[0]}")
    print(f"{searched} percentages: {found} with a base below {minimum}; {marks} [c] marks")
    return 1 if found or not searched else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
