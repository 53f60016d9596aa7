#!/usr/bin/env python3
"""Runs the program on random evaluations and reports which promises it breaks.

usage: trial.py PROGRAM [--full] [--seeds FIRST-LAST] [--scripts] [--shrink SEED [--like TEXT] [--to DIR]] [--templates DIR]

The promises, for each evaluation: `check` exits with 0, or with 1 (2: nothing can be built) and problems that all have a
place. After 0, `build` exits with 0 and makes a report for each completed area, `verify` finds nothing, and a second
`build` reuses all of the reports. After 1, `build` makes the other reports (1) or none (2). No evaluation is refused
because a figure could be worked out, unless figures were published before. There are no defects, no raw errors, and no
commands that never finish.

--shrink makes the evaluation of a seed as small as possible, as long as it still fails in the same way.
"""

import argparse
import copy
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import generate

SECONDS = 120
# Output for programmers, which no message may contain.
RAW = re.compile(r"panicked|RUST_BACKTRACE|\bErr\(|\bOs \{|\b\w+Error *[{(]|called `|\bsrc/[\w/]+\.rs|\.cargo/registry|stack overflow|SIG[A-Z]{3,}")


# Progress messages, and lines that only say that there is no report.
PROGRESS = re.compile(r"\d+ of \d+ reports|deciding |reading |no report of |warnings? |  \S+ \[\w+\]: |    hint: ")

# Every kind of report.
KINDS = ["--kind", "local,regional,sector,national,submission"]


def reasons(out):
    """The reasons why some areas have no report, from the output of `build`, each once."""
    if "could not be made" not in out:
        return []
    lines = out.split("could not be made", 1)[1].splitlines()[1:]
    found = []
    for line in lines:
        if not line.startswith(" "):
            break
        if line.startswith("      ") and not re.match(r" +\d+ \|| +and \d+ more", line):
            found.append(line.strip())
        elif "a defect in this program" in line or "given up" in line:
            found.append(line.split(": ", 1)[1])
    return list(dict.fromkeys(found))


class Failure:
    """A broken promise: the command, and what it printed."""

    def __init__(self, kind, command, code, lines):
        self.kind, self.command, self.code, self.lines = kind, command, code, lines

    def masks(self, evaluation):
        """The output without the names and numbers of this evaluation, so that failures with the same cause look
        alike."""
        words = [area[key] for area in evaluation["areas"] for key in ("name", "region", "code")]
        words += [evaluation["settings"][key] for key in ("title", "nation", "organisation", "period", "contact")]
        for kind, key in (("sectors", "name"), ("sections", "title"), ("questions", "title"), ("measures", "label"), ("measures", "id"), ("questions", "id")):
            words += [entry[key] for entry in evaluation[kind]]
        words = sorted(set(words), key=len, reverse=True)
        masks = []
        if self.kind.startswith("exposed"):
            return [self.kind]
        for line in self.lines or [""]:
            if re.match(r"hint:|in this report:", line):
                continue
            text = re.sub(r"'.*' are no fact of \w+.*", lambda no: "~ are" + re.sub(r".*' are|'.*", "", no[0]) + " ~", line)
            text = re.sub(r"'.*'|“.*”|\".*\"|/tmp/\S+", "~", text)
            for word in words:
                if len(word) > 3:
                    text = text.replace(word, "~")
            if "could not be displayed" in text or "PDF/UA-1 error: the text" in text:
                text = re.sub(r"^\S+:\d+", "a template", text)
            # The line number in a template is kept, because it identifies the cause best.
            text = text if re.match(r"\S+:\d+:", text) else re.sub(r"\S*\d\S*", "N", text)
            masks.append(f"{self.kind} {self.code}: {' '.join(text.split())[:120]}")
        return list(dict.fromkeys(masks))


class Trial:
    """Tries the program on one evaluation, from `check` to a second build."""

    templates = []

    def __init__(self, program, evaluation):
        self.program, self.evaluation = program, evaluation
        self.failures, self.rules, self.defects, self.outcome = [], [], 0, "failed"

    def command(self, *arguments):
        """Runs the program; returns its exit code (None if it did not finish) and its output."""
        process = subprocess.Popen(
            [self.program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.work, start_new_session=True
        )
        try:
            out, err = process.communicate(timeout=SECONDS)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            code = None
        except BaseException:
            # If this script is stopped, the program that it started must stop too.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        out, err = out.decode(errors="replace"), err.decode(errors="replace")
        self.defects += code == 4
        self.last = (" ".join(arguments), code, out, err)
        if code is None:
            self.fail("timeout")
        elif RAW.search(out + err):
            self.fail("raw error", [line for line in (out + err).splitlines() if RAW.search(line)])
        return code, out, err

    def fail(self, kind, lines=None):
        command, code, out, err = self.last
        if lines is None:
            lines = reasons(out) or [line for line in err.splitlines() if line.strip() and not PROGRESS.match(line)]
        self.failures.append(Failure(kind, command, code, lines))

    def run(self):
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="generate-") as work:
            self.work = pathlib.Path(work)
            generate.write(self.evaluation, self.work / "evaluation")
            self.check()
        self.seconds = time.monotonic() - started
        return self

    def check(self):
        code, out, err = self.command("check", "evaluation")
        if code == 0:
            return self.build()
        # Code 2 means that nothing can be built from the evaluation.
        if code not in (1, 2):
            return self.fail("check")
        nothing = code == 2
        code, out, err = self.command("check", "evaluation", "--json")
        try:
            problems = [problem for problem in json.loads(out)["problems"] if problem["severity"] == "error"]
        except (ValueError, KeyError):
            return self.fail("check does not print JSON")
        if not problems or not all(problem["place"]["file"] for problem in problems):
            self.fail("problem without a place", [json.dumps(problem) for problem in problems])
        exposed = [problem["message"] for problem in problems if problem["rule"] == "exposed-figure"]
        if exposed and not self.evaluation["published"]:
            self.fail("exposed without published figures", exposed[:5])
        self.outcome = "failed" if self.failures else "refused"
        self.rules = sorted({problem["rule"] for problem in problems})
        self.refused(nothing or bool(exposed))

    def refused(self, whole):
        """Builds an evaluation that `check` did not pass."""
        code, out, err = self.command("build", "evaluation", "--out", "out", *KINDS, *self.templates)
        if code != 2 and (whole or code != 1):
            self.fail("build after refusal")
            self.outcome = "failed"
        if (self.work / "out/latest").exists():
            self.verify()

    def build(self):
        code, out, err = self.command("build", "evaluation", "--out", "out", *KINDS, *self.templates)
        completed = {area["code"] for area in self.evaluation["areas"] if area["status"] == "completed"}
        if code != 0:
            self.fail("build")
        if not (self.work / "out/latest").exists():
            if code == 0:
                self.fail("no run")
            return
        if code == 0:
            made = {path.name for path in (self.work / "out/latest/local").glob("*.pdf")
                    if not path.name.endswith(".large-print.pdf")}
            lacking = [code for code in completed if not any(name.startswith((code + "-", code + ".")) for name in made)]
            if lacking or len(made) != len(completed):
                self.fail("reports missing", [f"{len(made)} reports of {len(completed)} areas"])
        self.verify()
        if code != 0:
            return
        code, out, err = self.command("build", "evaluation", "--out", "out", "--json", *KINDS, *self.templates)
        try:
            reports = json.loads(out)["manifest"]["reports"]
        except (ValueError, KeyError, TypeError):
            return self.fail("second build")
        others = [report for report in reports if report["outcome"]["state"] != "reused"]
        made = [path for path in (self.work / "out/latest/").glob("*/*") if path.suffix in (".pdf", ".html", ".txt")]
        if code != 0 or others or len(reports) != len(made):
            self.fail("second build", [json.dumps(report["outcome"]) for report in others])
        if not self.failures:
            self.outcome = "built"

    def verify(self):
        code, out, err = self.command("verify", "out/latest")
        if code != 0:
            self.fail("verify")
            self.outcome = "failed"


# -------------------------------------------------------------------------------------------------- shrinking


def repaired(evaluation):
    """Removes references to what was deleted; None if too little is left."""
    sectors = {sector["id"] for sector in evaluation["sectors"]}
    sections = [section["id"] for section in evaluation["sections"]]
    if not (sectors and sections and evaluation["areas"]):
        return None
    options = {}
    questions = []
    for question in evaluation["questions"]:
        if "sectors" in question:
            question["sectors"] = [sector for sector in question["sectors"] if sector in sectors]
            if not question["sectors"]:
                continue
        if question["section"] not in sections:
            question["section"] = sections[0]
        own = [option["id"] for option in question.get("options", [])]
        route = question.get("route")
        if route:
            route["options"] = [option for option in route["options"] if option in options.get(route["question"], [])]
            if not route["options"]:
                del question["route"]
        for key in ("in-place", "begun") if "profile" in question else ():
            question["profile"][key] = [option for option in question["profile"][key] if option in own]
        if question["kind"] == "text" or own:
            questions.append(question)
            options[question["id"]] = own
    evaluation["questions"] = questions
    measures, ids = [], set()
    for measure in evaluation["measures"]:
        if "question" in measure:
            measure["counts"] = [option for option in measure["counts"] if option in options.get(measure["question"], [])]
            if not measure["counts"]:
                continue
        else:
            measure["tally"] = [id for id in measure["tally"] if id in ids]
            if not measure["tally"]:
                continue
            measure["cells"] = measure["cells"][: len(measure["tally"]) + 2]
            if measure["section"] not in sections:
                measure["section"] = sections[0]
        measures.append(measure)
        ids.add(measure["id"])
    evaluation["measures"] = measures
    codes = {area["code"] for area in evaluation["areas"]}
    evaluation["recipients"] = [row for row in evaluation["recipients"] if row[0] in codes]
    # Answers to questions that routing now skips can stay, because they only cause warnings.
    words = {"dont-know", "not-applicable"}
    evaluation["answers"] = {
        code: [
            row for row in rows
            if row[0] in sectors | {"strategic-lead"} and row[1] in options and (not row[2] or row[2] in sectors)
            and (not options[row[1]] or row[3] in options[row[1]] or row[3] in words)
        ]
        for code, rows in evaluation["answers"].items() if code in codes
    }
    evaluation["wording"] = {name: text for name, text in evaluation["wording"].items() if "/" not in name or name.split("/")[1].split(".")[0] in sections}
    return evaluation if questions else None


def places(evaluation):
    """Every list from which entries may be removed."""
    yield evaluation["areas"]
    yield evaluation["questions"]
    yield evaluation["measures"]
    yield evaluation["sectors"]
    yield evaluation["sections"]
    yield evaluation["recipients"]
    yield evaluation["published"]
    for question in evaluation["questions"]:
        if "options" in question:
            yield question["options"]
    for measure in evaluation["measures"]:
        yield measure.get("tally", [])
    for rows in evaluation["answers"].values():
        yield rows


def simpler(evaluation):
    """Changes that simplify single values; each changes the evaluation that it is given."""
    for key, plain in (("disclosure", {"policy": "standard", "minimum-others": 0}), ("limits", None), ("wording", {}), ("windows", False)):
        yield lambda e, key=key, plain=plain: e.__setitem__(key, plain)
    for key in evaluation["disclosure"] or {}:
        if key != "policy":
            yield lambda e, key=key: e["disclosure"].pop(key, None)
    for key, plain in (("title", "Title"), ("period", "Spring"), ("nation", "Nation"), ("organisation", "Board"), ("contact", "Office"), ("published", "2024-06-03"), ("synthetic", False)):
        yield lambda e, key=key, plain=plain: e["settings"].__setitem__(key, plain)
    for kind, keys in (("areas", ("name", "region")), ("sectors", ("name",)), ("sections", ("title",)), ("questions", ("text", "title", "base")), ("measures", ("label", "base"))):
        for position in range(len(evaluation[kind])):
            for key in keys:
                if key in evaluation[kind][position]:
                    plain = "South" if key == "region" else f"{kind} {key} {'abcdefghijklmnopqrstuvwxyz'[position % 26] * (1 + position // 26)}"
                    yield lambda e, kind=kind, position=position, key=key, plain=plain: e[kind][position].__setitem__(key, plain)
    for kind, keys in (("questions", ("route", "sectors", "base", "profile", "planning", "verdict", "mirrors", "chart", "ordered", "dont-know", "not-applicable")), ("measures", ("polarity", "key-figure", "at-least"))):
        for position, entry in enumerate(evaluation[kind]):
            for key in keys:
                if entry.get(key):
                    # Settings that the generator always writes for a closed question are set to false, not removed.
                    plain = False if entry[key] is True else None
                    yield lambda e, kind=kind, position=position, key=key, plain=plain: (
                        e[kind][position].pop(key) if plain is None else e[kind][position].__setitem__(key, plain)
                    )
    for position, question in enumerate(evaluation["questions"]):
        for number in range(len(question.get("options", []))):
            yield lambda e, position=position, number=number: e["questions"][position]["options"][number].__setitem__("label", "option " + "abcdefghijklmnopqrstuvwxyz"[number % 26] * (1 + number // 26))
    for code, rows in evaluation["answers"].items():
        for number, row in enumerate(rows):
            if any(q["id"] == row[1] and q["kind"] == "text" for q in evaluation["questions"]):
                yield lambda e, code=code, number=number: e["answers"][code][number].__setitem__(3, "remark")


def shrink(program, evaluation, like="", seconds=150):
    """The smallest evaluation found within this time that fails in the same way; `like` selects one of several
    failures."""
    end = time.monotonic() + seconds

    def kinds(candidate):
        trial = Trial(program, candidate).run()
        return {mask for failure in trial.failures for mask in failure.masks(candidate)}

    wanted = kinds(evaluation)
    wanted = {mask for mask in wanted if like in mask}
    if not wanted:
        return evaluation
    wanted = {min(wanted)}

    def fits(candidate):
        if candidate is None or candidate == evaluation or time.monotonic() > end:
            return False
        return bool(kinds(candidate) & wanted)

    before = None
    while before != evaluation and time.monotonic() < end:
        before = copy.deepcopy(evaluation)
        number = 0
        while number < len(list(places(evaluation))):
            size = len(list(places(evaluation))[number])
            step = max(1, size // 2)
            while step and size:
                start = 0
                while start < len(list(places(evaluation))[number] if number < len(list(places(evaluation))) else []):
                    candidate = copy.deepcopy(evaluation)
                    del list(places(candidate))[number][start : start + step]
                    candidate = repaired(candidate)
                    if fits(candidate):
                        evaluation = candidate
                    else:
                        start += step
                step = step // 2
            number += 1
        for change in list(simpler(evaluation)):
            candidate = copy.deepcopy(evaluation)
            try:
                change(candidate)
            except (LookupError, AttributeError):
                continue
            candidate = repaired(candidate)
            if fits(candidate):
                evaluation = candidate
    return evaluation


# -------------------------------------------------------------------------------------------------------- main


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seeds")
    parser.add_argument("--scripts", action="store_true")
    parser.add_argument("--shrink", type=int)
    parser.add_argument("--like", default="", help="with --shrink: part of the text of the failure to keep")
    parser.add_argument("--to", type=pathlib.Path, help="with --shrink: a folder for the result")
    parser.add_argument("--templates", type=pathlib.Path, help="other report templates")
    options = parser.parse_args()
    program = shutil.which(options.program) or sys.exit(f"there is no program {options.program}")
    program = os.path.abspath(program)
    if options.templates:
        Trial.templates = ["--templates", str(options.templates.resolve())]
    if options.shrink is not None:
        small = shrink(program, generate.evaluation(options.shrink, options.full, options.scripts), options.like)
        if options.to:
            generate.write(small, options.to)
        for name, text in generate.files(small).items():
            print(f"== {name}\n{text}")
        for failure in Trial(program, small).run().failures:
            print(f"{failure.kind}: {failure.command} exited with {failure.code}")
            print("".join(f"  {line}\n" for line in failure.lines[:12]))
        return 0
    first, last = (options.seeds or ("1-3000" if options.full else "1-300")).split("-")
    built = refused = failed = defects = 0
    seconds, causes, rules = [], {}, {}
    for seed in range(int(first), int(last) + 1):
        evaluation = generate.evaluation(seed, options.full, options.scripts)
        trial = Trial(program, evaluation).run()
        seconds.append(trial.seconds)
        built += trial.outcome == "built"
        refused += trial.outcome == "refused"
        failed += trial.outcome == "failed"
        defects += trial.defects > 0
        for rule in trial.rules:
            rules[rule] = rules.get(rule, 0) + 1
        for failure in trial.failures:
            ended = f"not finished after {SECONDS} s" if failure.code is None else f"exit {failure.code}"
            print(f"seed {seed}: {failure.kind}: area-reports {failure.command}: {ended}", flush=True)
            for line in failure.lines[:8]:
                print(f"    {line[:400]}")
            for cause in failure.masks(evaluation):
                if seed not in causes.setdefault(cause, []):
                    causes[cause].append(seed)
    if causes:
        print("\nGrouped by cause:")
    for cause, seeds in sorted(causes.items(), key=lambda pair: -len(pair[1])):
        print(f"{len(seeds):5}  seeds {', '.join(map(str, seeds[:6]))}{', ...' if len(seeds) > 6 else ''}: {cause}")
    if rules:
        print("Errors found by check: " + ", ".join(f"{rule} {number}" for rule, number in sorted(rules.items())))
    middle = statistics.median(seconds) if seconds else 0
    print(f"made {len(seconds)}: built {built}, refused by check {refused}, failed {failed}, exit 4 {defects}, median {middle:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
