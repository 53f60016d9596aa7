"""Checks the regional, sector and national reports of a run against its tables and the evaluation's own files.

usage: family.py EVALUATION RUN           exit 0: all is as it should be, 1: something is not

Everything that was published before is in a sentence of the national report and in a row of its table, each with its
number; the percentages of the sentence are those of the answers. A regional report names the areas of its region, and no
other. What was read is counted, so that a report without text is not taken for a good one.
"""

import csv
import re
import sys
from pathlib import Path

from documents import pages, reports


def rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


LEAST_PERCENTAGE = 20


def printed(run: Path) -> dict[tuple, set[tuple[str, str]]]:
    """How tables and sentences print each measure with its option: a percentage, or a count of a small base."""
    found: dict[tuple, set[tuple[str, str]]] = {}
    for table in ("national", "regional", "sector"):
        for row in rows(run / "aggregates" / f"{table}.csv"):
            name = row["measure"] + (f":{row['option']}" if row["option"] else "")
            group = row.get("sector") or row.get("region") or ""
            form = (f"{row['percent']}%", f"{row['percent']} per cent")
            if row["base"] and 0 < int(row["base"]) < LEAST_PERCENTAGE:
                form = (f"{row['count']} of {row['base']}",) * 2
            found.setdefault((name, group), set()).add(form)
    return found


def published(evaluation: Path, run: Path, wrong: list[str]) -> int:
    """Looks for every published finding in the national report."""
    source = evaluation / "published.csv"
    national = reports(str(run), "national")
    if not source.exists() or not national:
        return 0
    text = " ".join(pages(national[0]))
    text = text[: text.rindex("Reference table")]
    shown = printed(run)
    for number, row in enumerate(rows(source), 1):
        reference = rf"P{number}\b"
        places = [match.start() for match in re.finditer(reference, text)]
        if len(places) < 2:
            wrong.append(f"{row['id']}: P{number} is {len(places)} times in the national report, not in sentence and table")
            continue
        # The sentence before the reference, and the row after it.
        before = text[max(0, places[0] - 400) : places[0]]
        before = re.split(r"P\d+\)\.", before)[-1]
        after = text[places[-1] :][:600]
        group = row["group"].split("|")[0]
        if row["measure"].startswith("register:"):
            if row["value"] not in before or row["value"] not in after:
                wrong.append(f"{row['id']}: {row['value']} is not in its sentence or row")
            continue
        key = (row["measure"], group) if (row["measure"], group) in shown else (row["measure"], "")
        for in_table, in_sentence in shown.get(key, set()):
            if in_table not in after:
                wrong.append(f"{row['id']}: {in_table} is not in its row: {after[:80]}")
            # Sectors that differ in the same way are named in one sentence without their percentages.
            if row["relation"] != "greater" and in_sentence not in before and in_table not in before:
                wrong.append(f"{row['id']}: {in_sentence} is not in its sentence: {before}")
        if key not in shown:
            wrong.append(f"{row['id']}: no table has {key}")
    return len(rows(source))


def name_in_text(name: str) -> str:
    """A pattern for a name, which may be broken at the end of a line."""
    return r"[\s\-\ufffe\x02]+".join(re.escape(part) for part in re.split(r"[\s-]+", name))


def named(evaluation: Path, run: Path, wrong: list[str]) -> int:
    """Looks for the areas of each region in its report, and for none of another region."""
    register = rows(evaluation / "register.csv")
    regions = {row["region"] for row in register}
    # The longest first: one name may be in another.
    names = sorted({row["name"] for row in register} | regions, key=len, reverse=True)
    patterns = {name: re.compile(rf"(?<!\w){name_in_text(name)}(?!\w)") for name in names}
    count = 0
    for path in reports(str(run), "regional"):
        text = pages(path)
        region = next(name for name in names if name in regions and patterns[name].search(text[0]))
        rest, found = " ".join(text), set()
        for name, pattern in patterns.items():
            rest, times = pattern.subn("|", rest)
            found |= {name} if times else set()
        own = {row["name"] for row in register if row["region"] == region}
        wrong.extend(f"{path.name}: {name} is not named" for name in sorted(own - found - regions))
        # The report also has the names of all regions.
        strangers = found - own - regions
        wrong.extend(f"{path.name}: {name} is named, and is in a different region" for name in sorted(strangers))
        count += len(own)
    return count


def main(evaluation: str, run: str) -> int:
    wrong: list[str] = []
    findings = published(Path(evaluation), Path(run), wrong)
    areas = named(Path(evaluation), Path(run), wrong)
    print("\n".join(wrong))
    print(f"{findings} published findings, {areas} names of areas in their regional reports: {len(wrong)} faults")
    return 1 if wrong or not areas else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
