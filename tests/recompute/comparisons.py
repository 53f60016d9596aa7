"""Compares every area with the nation again, by the rule in the methods of its report, and checks the words of the report.

Usage: comparisons.py EVALUATION RUN
"""

import json
import math
import sys
from pathlib import Path

Z = 1.959964
LEAST = 5


def interval(count, base):
    """The Wilson 95 per cent interval of a share."""
    share = count / base
    centre = share + Z * Z / (2 * base)
    half = Z * math.sqrt(share * (1 - share) / base + Z * Z / (4 * base * base))
    return (centre - half) / (1 + Z * Z / base), (centre + half) / (1 + Z * Z / base)


def expected(own, nation):
    """The word for an area; None if it is not compared."""
    if own["base"] < LEAST or not nation["base"] or nation["count"] is None:
        return None
    low, high = interval(own["count"], own["base"])
    share = nation["count"] / nation["base"]
    people = math.floor(own["base"] * share + 0.5)
    if abs(own["count"] - people) < 2 or low <= share <= high:
        return "similar"
    return "higher" if share < low else "lower"


def main(run):
    compared, wrong = {}, 0
    for file in sorted((run / "local").glob("*.facts.json")):
        facts = {fact["id"]: fact for fact in json.loads(file.read_text())["facts"]}
        for name, own in facts.items():
            nation = facts.get(name.replace("own/", "nation/", 1))
            if not name.startswith("own/") or nation is None or own["base"] is None:
                continue
            word = own.get("reading")
            # The ratings of one person are not compared: then no area has a word for the measure.
            if word is None and expected(own, nation) is None:
                continue
            compared.setdefault(name, []).append((file.name, word, expected(own, nation)))
    flagged = total = 0
    for name, areas in compared.items():
        if all(word is None for _, word, _ in areas):
            continue
        for file, word, right in areas:
            total += 1
            flagged += word in ("higher", "lower")
            if word != right:
                wrong += 1
                print(f"{file}: {name} is {word}, and should be {right}")
    print(f"{total} comparisons, {flagged} different from the nation, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[2])))
