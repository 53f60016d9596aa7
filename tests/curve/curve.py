#!/usr/bin/env python3
"""Measures how the time and memory of `check` and `build --plan` grow with the number of areas and questions.

usage: curve.py PROGRAM [--only areas|questions]

PROGRAM is the compiled area-reports program. It makes the evaluations with many areas itself; those with many questions
have twelve areas, and everybody answers everything. Each row of the table is one command on one evaluation. A command
that takes less than a second is run three times, and the run with the least processor time counts. A command that takes
longer than ten minutes is stopped. Memory values below about 15 MB are that of this script, not of the program.

Below the table is the growth exponent between the smallest and the largest size, based on processor time: 1 is linear,
2 is quadratic. Start-up time makes it smaller; small evaluations that fit into the processor's cache make it larger.

exit 0: everything was measured, 1: a command failed or was stopped, and the lines below the table say why
"""

import argparse
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import namedtuple

SIZES = {"areas": [143, 1430, 5000], "questions": [100, 1000, 8000]}
COMMANDS = ["check", "build --plan"]
LONGEST = 600  # seconds that a command may take
QUICK = 1  # seconds below which a command is run three times

AREAS = 12
REGIONS = ["North", "South"]
SECTORS = ["schools", "libraries", "health"]
OPTIONS = ["yes", "partly", "no"]
QUESTIONS_OF_SECTION = 20
QUESTIONS_OF_MEASURE = 10

Run = namedtuple("Run", "code wall processor megabytes output")

# ---------------------------------------------------------------------------------------------------- evaluations


def many_areas(program, folder, size):
    demo = [program, "demo", folder, "--areas", str(size), "--seed", "1"]
    subprocess.run(demo, check=True, stdout=subprocess.DEVNULL, timeout=LONGEST)


def many_questions(program, folder, size):
    (folder / "submissions").mkdir(parents=True)
    codes = [f"A{number:02}" for number in range(1, AREAS + 1)]
    write(folder / "evaluation.toml", settings(size))
    write(folder / "questionnaire.toml", questionnaire(size))
    write(folder / "register.csv", register(codes))
    write(folder / "recipients.csv", recipients(codes))
    chance = random.Random(1)
    for code in codes:
        write(folder / "submissions" / f"{code}.csv", submission(size, chance))


def settings(size):
    yield f'title = "A survey of {size} questions"'
    yield 'period = "March 2024"'
    yield "published = 2024-09-02"
    yield 'nation = "England"'
    yield 'organisation = "Survey Board"'
    yield 'contact = "board@example.org"'
    yield "synthetic = true"
    yield "[disclosure]"
    yield 'policy = "standard"'
    yield "minimum-others = 1"


def questionnaire(size):
    for name in SECTORS:
        yield f'[[sector]]\nid = "{name}"\nname = "{name}"'
    for number in range(1, section_of(size) + 1):
        yield f'[[section]]\nid = "part-{number}"\ntitle = "Part {number}"'
    for number in range(1, size + 1):
        yield from question(number)
    for number in range(QUESTIONS_OF_MEASURE, size + 1, QUESTIONS_OF_MEASURE):
        yield f'[[measure]]\nid = "m{number}"\nlabel = "Said yes to question {number}"'
        yield f'question = "q{number}"\ncounts = ["yes"]'


def question(number):
    options = ", ".join(f'{{ id = "{id}", label = "{id.capitalize()}" }}' for id in OPTIONS)
    yield f'[[question]]\nid = "q{number}"\nsection = "part-{section_of(number)}"'
    yield f'text = "Is number {number} in place?"\ntitle = "Question {number}"'
    yield f'asked = "{"strategic-lead" if asks_lead(number) else "managers"}"'
    yield f'kind = "single"\noptions = [{options}]\nprovenance = "original"'


def section_of(number):
    return (number - 1) // QUESTIONS_OF_SECTION + 1


def asks_lead(number):
    return number % 3 == 0


def register(codes):
    yield "code,name,region,status"
    for position, code in enumerate(codes):
        yield f"{code},Town {code},{REGIONS[position % len(REGIONS)]},completed"


def recipients(codes):
    yield "area,name,email,format"
    for code in codes:
        yield f"{code},Officer {code},officer-{code.lower()}@example.org,standard"


def submission(size, chance):
    yield "respondent,question,item,answer"
    for number in range(1, size + 1):
        for respondent in ["strategic-lead"] if asks_lead(number) else SECTORS:
            yield f"{respondent},q{number},,{chance.choice(OPTIONS)}"


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


# ---------------------------------------------------------------------------------------------------- measuring


def measured(program, command, evaluation):
    """Runs a command, repeatedly if it is quick, and returns the run with the least processor time."""
    runs = [run_once(program, command, evaluation)]
    while runs[0].wall < QUICK and len(runs) < 3:
        runs.append(run_once(program, command, evaluation))
    return min(runs, key=lambda run: run.processor)


def run_once(program, command, evaluation):
    name, *flags = command.split()
    with tempfile.TemporaryDirectory(prefix="curve-") as empty:
        out = ["--out", empty] if name == "build" else []
        return timed([program, name, evaluation, *flags, *out])


def timed(arguments):
    """Runs a command and reads what it used from the system. A code below zero is the signal that ended it."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        stop = threading.Timer(LONGEST, process.kill)
        stop.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            stop.cancel()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read(10_000).decode(errors="replace")
    megabytes = usage.ru_maxrss * 1024 / 1_000_000  # Linux counts in units of 1,024 bytes
    return Run(process.returncode, wall, usage.ru_utime + usage.ru_stime, megabytes, text)


def measure(program, series):
    """Measures every size of a series with every command."""
    make = {"areas": many_areas, "questions": many_questions}[series]
    for size in SIZES[series]:
        with tempfile.TemporaryDirectory(prefix="curve-") as folder:
            evaluation = pathlib.Path(folder) / "evaluation"
            progress(f"making {size:,} {series}")
            make(program, evaluation, size)
            for command in COMMANDS:
                progress(f"{command}: {size:,} {series}")
                yield size, command, measured(program, command, evaluation)
    progress("")


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


# ---------------------------------------------------------------------------------------------------- printing


def table(results):
    rows = [["case", "command", "seconds", "processor seconds", "MB"]]
    for series, size, command, run in results:
        rows.append([f"{size:,} {series}", command, f"{run.wall:.2f}", f"{run.processor:.2f}", f"{run.megabytes:,.0f}"])
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        words = [cell.ljust(width) for cell, width in zip(row[:2], widths)]
        numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:])]
        print("  ".join(words + numbers))


def exponents(results):
    for series in SIZES:
        for command in COMMANDS:
            runs = [(size, run) for of, size, name, run in results if (of, name) == (series, command)]
            points = [(size, run.processor) for size, run in runs if run.code == 0]
            if len(points) > 1:
                (small, before), (large, after) = points[0], points[-1]
                exponent = math.log(after / before) / math.log(large / small)
                print(f"{command}, {small:,} to {large:,} {series}: exponent {exponent:.2f}")


def failures(results):
    failed = [result for result in results if result[-1].code != 0]
    for series, size, command, run in failed:
        why = f"stopped by signal {-run.code} after {run.wall:.0f} s" if run.code < 0 else f"exit code {run.code}"
        print(f"\n{command} of {size:,} {series}: {why}")
        print("\n".join(f"  {line}" for line in run.output.splitlines()[:8]))
    return bool(failed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of the compiled program")
    parser.add_argument("--only", choices=sorted(SIZES), help="run one series")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    chosen = [options.only] if options.only else list(SIZES)
    results = [(series, *result) for series in chosen for result in measure(program, series)]
    table(results)
    print()
    exponents(results)
    sys.exit(failures(results))


if __name__ == "__main__":
    main()
