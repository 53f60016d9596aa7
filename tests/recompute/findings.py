"""Checks that nothing in the finished reports of a run misleads: it works out again what the reports state.

usage: findings.py EVALUATION RUN        exit 0: no faults, 1: some faults

Every fault is a line: the report, the letter of the check, and what is wrong. The checks are:

a  an area "gave no answers on this theme" where nobody answered, and nowhere else
b  verdicts are the options that were chosen, and as many others chose the same as is printed
c  the text of each figure names those who were asked, and the right bases
d  no word for a quarter of the areas
e  the page at a glance begins with the strategic lead's verdict
f  the points to build on and to discuss follow the rule in Methods
g  the numbers of areas with a lower, the same and a higher share
h  no percentage with a small base, and none of an area's own
i  regions have their article
j  where "don't know" moves a figure by three points or more, a note says so, and nowhere else
k  the sentences that head pages and follow figures are true

At the end each check is tried on an altered report, which it must not pass. It was written from the documentation,
independently of the program.
"""

import copy
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

from answers import LEAST_PERCENTAGE, NONE, Answers, code_of, half_up, in_chart, listed, own, own_share, percentage
from comparisons import expected as compared
from documents import Report, plain, read, reports
from recompute import LEAD, minimum_areas

NUMBERS = "none one two three four five six seven eight nine".split()
NUMBER = r"([\d,]+)"
QUARTERS = re.compile(r"\b(?:highest|lowest|second|third|top|bottom|upper|lower) quarters?\b|\bquartiles?\b", re.I)
# As a word of its own, with a capital, it was the name of a quarter.
THIRD = re.compile(r"\bThird\b")
POINTS, OF_ONE_KIND, FEW = 3, 2, 4
NOTHING = "stands out by the rule in Methods"
HEADINGS = ("To build on", "To discuss")
# What ends the lists in the part for discussion.
AFTER_LISTS = ("In their own words", "What we will do")


# ---------------------------------------------------------------- what the answers say


def number(text: str) -> int:
    """A number with separators."""
    return int(text.replace(",", ""))


def in_word(count: int) -> str:
    """A number as it is written in a sentence."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def in_prose(share: tuple | None) -> str:
    """A group's share in a sentence."""
    if share is None or share[1] < LEAST_PERCENTAGE:
        return in_chart(share)
    printed = percentage(*share)
    words = {"[low]": "less than 1 per cent", "over 99%": "more than 99 per cent"}
    return words.get(printed, printed.replace("%", " per cent"))


def with_base(share: tuple | None) -> str:
    """A group's share in a sentence, with its base."""
    text = in_prose(share)
    return f"{text} of {share[1]:,}" if share and share[1] >= LEAST_PERCENTAGE else text


def at_rate(share: tuple, base: int) -> str:
    """How many of so many people a group's share would amount to."""
    return own_share(((2 * share[0] * base + share[1]) // (2 * share[1]), base))


def step(question: dict, chosen: list) -> int | None:
    """The furthest step of a verdict, counted from the furthest of all."""
    options = [option["id"] for option in question["options"]]
    if question["verdict"] == "last-is-furthest-on":
        options.reverse()
    return next((place for place, option in enumerate(options) if option in chosen), None)


def option_at(question: dict, place: int) -> str:
    """The option at a step of a verdict."""
    options = [option["id"] for option in question["options"]]
    return options[-1 - place] if question["verdict"] == "last-is-furthest-on" else options[place]


def chosen(answers: Answers, area: str, question: dict) -> list:
    """The options that the only respondent of a question chose; none for any other answer."""
    said = answers.said(area, answers.only(question)[0], question)
    return [] if said[0] in NONE else said


def same(answers: Answers, area: str, question: dict, option: str) -> tuple | None:
    """How many other areas' only respondents chose an option, and out of how many; `None` if that is withheld."""
    if answers.nation((question["id"], option)) is None:
        return None
    place = answers.only(question)
    others = [given[place] for other, given in answers.given[question["id"]].items() if other != area and place in given]
    return sum(option in given for given in others), len(others)


def verdict_alike(answers: Answers, area: str, question: dict) -> tuple | None:
    """How many other areas' leads chose the same step of a verdict as this one's, and out of how many."""
    place = step(question, chosen(answers, area, question))
    return None if place is None else same(answers, area, question, option_at(question, place))


def alone_alike(answers: Answers, area: str, question: dict) -> tuple | None:
    """The same, where a verdict is one step: others who also named the furthest of several did not choose the same."""
    return None if question["kind"] == "multiple" else verdict_alike(answers, area, question)


def alike(answers: Answers, area: str) -> dict:
    """For every question with a single respondent that needs it: how many others gave the same answer."""
    found = {}
    for question in answers.verdicts():
        found[question["id"]] = verdict_alike(answers, area, question)
    for measure in answers.measures.values():
        question = answers.question_of(measure)
        if "tally" not in measure and answers.only(question) and question["kind"] == "single":
            if options := chosen(answers, area, question):
                found[question["id"]] = same(answers, area, question, options[0])
    return {question: numbers for question, numbers in found.items() if numbers}


def can_differ(answers: Answers) -> list:
    """The measures that can be a point: they count options, have a polarity, and several people were all asked."""
    found = []
    for measure in answers.measures.values():
        if "polarity" in measure and "tally" not in measure:
            question = answers.question_of(measure)
            if "route" not in question and question["asked"] != LEAD and answers.nation((measure["id"], "")):
                found.append(measure)
    return found


def word(answers: Answers, area: str, measure: dict) -> str | None:
    """Whether an area is higher, lower or similar on a measure; `None` if it is not compared."""
    own, nation = answers.area_share(area, (measure["id"], "")), answers.nation((measure["id"], ""))
    sides = [dict(zip(("count", "base"), share)) for share in (own, nation)]
    return compared(*sides)


def gap(answers: Answers, area: str, measure: dict) -> Fraction:
    """How far an area is from the nation on a measure."""
    key = (measure["id"], "")
    return abs(Fraction(*answers.area_share(area, key)) - Fraction(*answers.nation(key)))


def differing(answers: Answers, area: str) -> list:
    """The measures that can be a point on which an area differs from the nation, widest gap first."""
    found = [measure for measure in can_differ(answers) if word(answers, area, measure) in ("higher", "lower")]
    return sorted(found, key=lambda measure: -gap(answers, area, measure))


def views(answers: Answers, area: str) -> dict:
    """The steps between the two views of each sector that both lead and manager rated."""
    mirror = next((question for question in answers.questions.values() if "mirrors" in question), None)
    if not mirror:
        return {}
    grid = answers.questions[mirror["mirrors"]]
    scale, found = [option["id"] for option in grid["options"]], {}
    for sector in answers.sectors:
        both = answers.said(area, LEAD, grid, sector)[0], answers.said(area, sector, mirror)[0]
        if all(answer in scale for answer in both):
            found[sector] = abs(scale.index(both[0]) - scale.index(both[1]))
    return found


def apart(answers: Answers, area: str) -> list:
    """The sectors that lead and manager see two steps or more apart, furthest apart first."""
    steps = views(answers, area)
    return sorted((sector for sector in steps if steps[sector] >= 2), key=lambda sector: -steps[sector])


def progress(answers: Answers, area: str) -> dict:
    """How many processes each sector has in place, begun and not begun."""
    marks = {sector: Counter(answers.mark(area, question, sector) for question in answers.profiled()) for sector in answers.sectors}
    return {sector: (found["in-place"], found["begun"], found["not-yet"]) for sector, found in marks.items()}


# ---------------------------------------------------------------- the points


def verdict_points(answers: Answers, area: str, ahead: bool) -> list:
    """The verdicts at one end of their steps."""
    found = []
    for question in answers.verdicts():
        place, last = step(question, chosen(answers, area, question)), len(question["options"]) - 1
        if place == (0 if ahead else last):
            text = answers.in_words(area, LEAD, question)
            numbers = alone_alike(answers, area, question)
            others = f", as {among(numbers)} others did" if numbers else ""
            end = "highest" if ahead else "lowest"
            found.append((question["title"], [f"{end} step"], [f"the strategic lead chose “{text}”{others}."]))
    return found


def measure_points(answers: Answers, area: str, ahead: bool) -> list:
    """The measures on which the area differs from the nation."""
    found = []
    for measure in differing(answers, area):
        more = measure["polarity"] == "more-is-further-on"
        if word(answers, area, measure) == ("higher" if more == ahead else "lower"):
            found.append(measure_point(answers, area, measure))
    return found


def measure_point(answers: Answers, area: str, measure: dict) -> tuple:
    """A point about a measure."""
    share = answers.area_share(area, (measure["id"], ""))
    rate = at_rate(answers.nation((measure["id"], "")), share[1])
    question, left_out = answers.question_of(measure), []
    for (_, sector), given in answers.given[question["id"]].get(area, {}).items():
        left_out += [] if set(given) & set(measure["counts"]) else [sector]
    names = listed([answers.names[sector] for sector in answers.sectors if sector in left_out])
    return measure["label"], [own_share(share)], [own_share(share), rate, f"{names}." if 0 < len(left_out) <= 5 else ""]


def sides_points(answers: Answers, area: str, ahead: bool) -> list:
    """The sectors that lead and manager see very differently, among the points to discuss."""
    mirror = next((question for question in answers.questions.values() if "mirrors" in question), None)
    found = []
    for sector in [] if ahead else apart(answers, area):
        lead = answers.in_words(area, LEAD, answers.questions[mirror["mirrors"]], sector)
        said = [f"“{lead}”", f"“{answers.in_words(area, sector, mirror)}”"]
        found.append((answers.name(sector), said, said))
    return found


def sector_points(answers: Answers, area: str, ahead: bool) -> list:
    """The sectors with everything in place, or with two processes or more not begun."""
    found = []
    for sector, (in_place, begun, not_yet) in progress(answers, area).items():
        of, count = in_place + begun + not_yet, in_place if ahead else not_yet
        if of >= 2 and (count == of if ahead else count >= 2):
            brief, full = "every process reported on is in place", "every process that its manager reported on is in place."
            if not ahead:
                brief = f"{in_word(count)} of {in_word(of)} processes not begun"
                full = f"{in_word(count)} of the {in_word(of)} processes that its manager reported on are not begun."
            found.append((count, (answers.name(sector), [brief], [full])))
    return [point for _, point in sorted(found, key=lambda point: -point[0])]


def answers_points(answers: Answers, area: str, ahead: bool) -> list:
    """The measures that count everybody who answered, rarest first, or hardly anybody, most usual first."""
    found = []
    for measure in can_differ(answers):
        count, base = answers.area_share(area, (measure["id"], ""))
        more = measure["polarity"] == "more-is-further-on"
        fits = count == base if more == ahead else count * FEW <= base
        if fits and word(answers, area, measure) == "similar":
            usual = Fraction(*answers.nation((measure["id"], "")))
            found.append((usual if ahead else -usual, measure))
    return [measure_point(answers, area, measure) for _, measure in sorted(found, key=lambda one: one[0])]


KINDS = (verdict_points, measure_points, sides_points, sector_points, answers_points)


def points(answers: Answers, area: str, ahead: bool) -> list:
    """The points to build on, or to discuss: the name of each, and what is said of it briefly and in full."""
    return [point for kind in KINDS for point in kind(answers, area, ahead)[:OF_ONE_KIND]][:POINTS]


def bullets(text: str) -> list:
    """The items of a list, without spaces and the numbers of pages."""
    items = [plain(item) for item in text.split("•")[1:]]
    return [re.sub(r"\(page\d*\)$", "", item) for item in items]


def at_a_glance(report: Report, place: int) -> list:
    """The points to build on, or to discuss, at a glance."""
    return bullets(report.columns[place].rpartition(HEADINGS[place])[2])


def in_discussion(report: Report, place: int) -> list:
    """The points to build on, or to discuss, in the part for discussion."""
    lines = "\n".join(report.parts.get("discussion", [])).splitlines()
    under, found = None, []
    for line in map(str.strip, lines):
        if line in (*HEADINGS, *AFTER_LISTS):
            under = line
        elif under == HEADINGS[place]:
            found.append(line)
    return bullets(" ".join(found))


def fits(item: str, point: tuple, full: bool) -> bool:
    """Whether an item of a list is this point."""
    name, brief, long = point
    if not item.startswith(plain(f"{name}:")):
        return False
    rest = item[len(plain(f"{name}:")) :]
    for piece in map(plain, long if full else brief):
        if piece not in rest:
            return False
        rest = rest[rest.index(piece) + len(piece) :]
    return True


# ---------------------------------------------------------------- the checks


def is_small(answers: Answers) -> bool:
    """Whether so few areas answered that every figure is withheld."""
    return len(answers.areas) < minimum_areas(answers.settings)


def check_a(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """No answers on a theme are stated where nobody answered, and nowhere else."""
    answered = {answers.questions[question]["section"] for _, question, _ in answers.sent[area]}
    for section in answers.sections:
        text = plain(report.part(f"section/{section}"))
        if not text or "with" in answers.sections[section]:
            continue
        says, anybody = plain("gave no answers on this theme") in text, answered & set(answers.page_of(section))
        if says and anybody:
            yield f"{section}: the report says that nobody answered, but somebody did"
        if not says and not anybody:
            yield f"{section}: nobody answered, but the report does not say so"


def among(numbers: tuple) -> str:
    """How many of how many others, in a sentence."""
    return f"{numbers[0]:,} of {numbers[1]:,}" if numbers[0] else f"none of the {numbers[1]:,}"


def alike_words(question: dict, numbers: tuple | None) -> str:
    """How many others gave the same answer, or named the furthest of several, as charts print it."""
    words = "also by" if question["kind"] == "multiple" else "same as"
    return f"{words} {numbers[0]:,} of {numbers[1]:,}" if numbers else ""


def alike_sentence(question: dict, numbers: tuple | None) -> str:
    """The same, as descriptions of charts say it after the answer."""
    if not numbers:
        return ""
    count = f"{among(numbers)} other areas"
    return f"; {count} also named the furthest" if question["kind"] == "multiple" else f", as in {count}"


def glance_verdicts(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the chart of verdicts at a glance prints wrong after the title of each: the answer, and how many gave the same."""
    # The sentence below the chart follows the last answer.
    below = plain("Full squares are the steps that the lead chose.")
    text, questions = plain(report.figure("figure/1")).removesuffix(below), answers.verdicts()
    for place, question in enumerate(questions):
        title = plain(question["title"])
        found = text.find(title)
        if found < 0:
            yield f"figure/1: '{question['title']}' is missing"
            continue
        text = text[found + len(title) :]
        stop = text.find(plain(questions[place + 1]["title"])) if place + 1 < len(questions) else len(text)
        said, right = text[:stop], plain(answers.in_words(area, LEAD, question))
        others = plain(alike_words(question, verdict_alike(answers, area, question)))
        cut = said.removesuffix(others).removesuffix("…")
        # A long answer ends with an ellipsis.
        if said != right + others and not (said == f"{cut}…{others}" and right.startswith(cut) and cut):
            yield f"figure/1: '{question['title']}' is '{said}', and should be '{right}{others}'"


def detailed_verdicts(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the chart of all steps prints wrong: how many others gave the same answer."""
    figures = figures_in(report, "verdicts")
    for question in answers.verdicts() if figures else []:
        # A long option may be cut.
        first = plain(question["options"][0]["label"])[:8]
        others = alike_words(question, verdict_alike(answers, area, question))
        if plain(f"{question['title']} {others}") + first not in figures[0]:
            yield f"verdicts: '{question['title']}' is not '{others}'"


def check_b(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Verdicts are the options that were chosen, and the numbers of others who chose the same are right."""
    if answers.verdicts():
        yield from glance_verdicts(answers, area, report)
        yield from detailed_verdicts(answers, area, report)
    for question in answers.verdicts():
        right, numbers = answers.in_words(area, LEAD, question), verdict_alike(answers, area, question)
        if report.facts[f"own/verdict/{question['id']}"]["printed"] != right:
            yield f"{question['id']}: the fact is not '{right}'"
        others = alike_sentence(question, numbers)
        if plain(f"On {question['title']} the answer is “{right}”{others}.") not in report.descriptions():
            yield f"{question['id']}: the description of the figure does not say '{right}'{others}"
    if match := re.search(rf"as did {NUMBER} of {NUMBER} other leads", report.part("glance")):
        expected = alone_alike(answers, area, answers.verdicts()[0])
        if tuple(map(number, match.groups())) != expected:
            yield f"at a glance: '{match[0]}', and should be {expected}"
    facts = {name.split("/", 1)[1]: (fact["count"], fact["base"]) for name, fact in report.facts.items() if name.startswith("alike/")}
    for question in facts.keys() | (expected := alike(answers, area)).keys():
        if facts.get(question) != expected.get(question):
            yield f"{question}: the fact says {facts.get(question)} others, and should say {expected.get(question)}"


def base_words(question: dict) -> str:
    """Who is in the base of a question."""
    if "base" in question:
        return question["base"]
    if question["kind"] == "grid":
        return "ratings by strategic leads"
    return "areas that answered" if question["asked"] == LEAD else "managers who answered"


def base_of(answers: Answers, area: str, question: dict) -> list:
    """The base of a question in the area, its region and the nation; `None` where it is withheld."""
    key = (question["id"], question["options"][0]["id"])
    return [share and share[1] for share in (answers.area_share(area, key), answers.region(area, key), answers.nation(key))]


def about_question(answers: Answers, area: str, question: dict) -> str:
    """What the text of a figure of one question must say."""
    mine, region, nation = base_of(answers, area, question)
    row = answers.areas[area]
    here = answers.settings.get("regions", {}).get(row.region, row.region)
    text = f"“{question['text']}” Base: {base_words(question)}; {mine} in {row.name}"
    text += "" if region is None else f", {region:,} in {here}"
    return text + ("" if nation is None else f", {nation:,} in {answers.settings['nation']}") + "."


def about_measures(answers: Answers, measures: list) -> tuple:
    """What the caption and the text of a figure of measures must say."""
    asked = {answers.question_of(measure)["asked"] == LEAD for measure in measures}
    period = answers.settings["period"]
    if asked == {True, False}:
        return "what lead and managers report", f"Strategic leads and managers, {period}."
    return ("what the lead reports", f"Strategic leads, {period}.") if True in asked else ("what managers report", f"Managers, {period}.")


def figures_in(report: Report, part: str) -> list:
    """The figures in a part of a report, without spaces."""
    text = plain(report.part(part))
    return [figure for name in report.figures if (figure := plain(report.figure(name))) and figure in text]


def factor_words(answers: Answers, area: str, report: Report, asked: set) -> Iterator[str]:
    """What the figure of what helps and hinders does not say about those who were asked."""
    if not asked or not report.part("factors"):
        return
    groups = {"strategic leads": True, "managers": False}
    said = [f"What {listed([name for name, lead in groups.items() if lead in asked])} named, most often first"]
    sentences = {True: "A full square was named by the strategic lead.", False: "A bar shows how many managers named a factor."}
    said += [sentence for lead, sentence in sentences.items() if lead in asked]
    for sentence in said:
        if plain(sentence) not in plain(report.part("factors")):
            yield f"factors: the figure does not say '{sentence}'"


def check_c(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """The text of each figure names those who were asked."""
    period = answers.settings["period"]
    for section in answers.sections:
        figures = figures_in(report, f"section/{section}")
        if figures and answers.has_figure_of_measures(section):
            for said in about_measures(answers, answers.measures_on(section)):
                if plain(said) not in figures[0]:
                    yield f"section/{section}: the figure of measures does not say '{said}'"
        for question in answers.closed():
            if question["section"] == section and question.get("chart") and not answers.is_gathered(question):
                said = about_question(answers, area, question)
                if not any(plain(said) in figure for figure in figures):
                    yield f"section/{section}: no figure says '{said}'"
    fixed = {"verdicts": f"Strategic leads, {period}.", "places": f"Managers, {period}.", "processes": f"Managers, {period}."}
    for part, said in fixed.items():
        if (figures := figures_in(report, part)) and plain(said) not in figures[0]:
            yield f"{part}: the figure does not say '{said}'"
    for question in answers.profiled():
        if question["asked"] == LEAD:
            yield f"processes: '{question['id']}' was not asked of managers"
    planned = [question for question in answers.closed() if "planning" in question]
    asked = {question["asked"] == LEAD for question in planned}
    text = report.part("factors")
    for question in planned:
        nation = base_of(answers, area, question)[2]
        if plain(f"{question['title']} {'[c]' if nation is None else f'{nation:,}'}") not in plain(text):
            yield f"factors: the base of '{question['title']}' is not {nation}"
    yield from factor_words(answers, area, report, asked)
    if True not in asked and (match := re.search(r"[^.]*strategic leads?\b[^.]*", text)):
        yield f"factors: no strategic lead was asked, but it says '{match[0].strip()}'"
    if False not in asked and (match := re.search(r"[^.]*\bmanagers?\b[^.]*", text)):
        yield f"factors: no manager was asked, but it says '{match[0].strip()}'"


def own_words(answers: Answers, area: str, report: Report) -> str:
    """The words of a report without those of the questionnaire, of names and of what respondents wrote."""
    text = " ".join([*report.alternatives, report.before_submission()])
    theirs = [*answers.names.values(), *map(answers.name, answers.sectors), *(row.name for row in answers.areas.values())]
    theirs += [section["title"] for section in answers.sections.values()]
    theirs += [measure["label"] for measure in answers.measures.values()]
    for question in answers.questions.values():
        theirs += [question["title"], question["text"], *(option["label"] for option in question.get("options", []))]
        if question["kind"] == "text":
            theirs += [text for (_, asked, _), said in answers.sent[area].items() if asked == question["id"] for text in said]
    for their in sorted(theirs, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(' '.join(their.split()))}(?!\w)", " … ", text)
    return text


def check_d(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """No word for a quarter of the areas."""
    text = own_words(answers, area, report)
    for match in [*QUARTERS.finditer(text), *THIRD.finditer(text)]:
        yield f"'{text[max(match.start() - 30, 0) : match.end() + 30]}'"


def opening(answers: Answers, area: str) -> str:
    """The sentence that begins the page at a glance; empty if the lead neither gave a verdict nor left it blank."""
    first, name = answers.verdicts()[0], answers.areas[area].name
    said = answers.said(area, LEAD, first)
    if said[0] not in NONE or said == ["dont-know"]:
        numbers = alone_alike(answers, area, first)
        others = f", as did {among(numbers)} other leads" if numbers else ""
        return f"The strategic lead of {name} reports “{answers.in_words(area, LEAD, first)}”{others}."
    if not answers.respondents(area, LEAD):
        return f"The strategic lead of {name} did not answer."
    return f"The strategic lead of {name} left “{first['title']}” blank." if said == ["not-answered"] else ""


def check_e(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """The page at a glance begins with the lead's verdict; it says that the lead did not answer, or left only this blank,
    if that is so."""
    if not answers.verdicts() or is_small(answers):
        return
    begins, text = opening(answers, area), plain(report.part("glance"))
    if begins and not text.startswith(plain(f"1. At a glance {begins}")):
        yield f"the page does not begin with '{begins}', but with '{text[:90]}'"
    if not begins and text.startswith(plain(f"1. At a glance The strategic lead of {answers.areas[area].name}")):
        yield f"the page begins with '{text[:90]}', but the lead gave no verdict and left none blank"


def check_f(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """The points to build on and to discuss follow the rule."""
    if is_small(answers):
        return
    shown = (("at a glance", at_a_glance, False), ("discussion", in_discussion, True))
    barred = [measure for measure in answers.measures.values() if measure not in can_differ(answers)]
    labels = {plain(f"{label}:"): measure["id"] for measure in barred for _, label in answers.cells_of(measure)}
    for place, heading in enumerate(HEADINGS):
        expected = points(answers, area, ahead=place == 0)
        for where, items_of, full in shown:
            items = items_of(report, place)
            right = len(items) == len(expected) and all(fits(item, point, full) for item, point in zip(items, expected))
            if not right:
                said = [(name, *(long if full else brief)) for name, brief, long in expected]
                yield f"{where}, {heading}: the report has {items}, and should have {said}"
            for item in items:
                for label in labels:
                    if item.startswith(label):
                        yield f"{where}, {heading}: '{labels[label]}' can be no point"
    for place, heading in enumerate(HEADINGS):
        empty = plain(NOTHING) in plain(report.columns[place].rpartition(heading)[2])
        if empty == bool(points(answers, area, ahead=place == 0)):
            yield f"at a glance, {heading}: '{NOTHING}' is {'wrong' if empty else 'missing'}"


def check_g(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """The numbers of areas with a lower, the same and a higher share, in the facts and in the chart."""
    text, expected = plain(report.part("places")), {}
    for measure in can_differ(answers):
        key = (measure["id"], "")
        shares = {code: Fraction(*share) for code, share in answers.own[key].items() if share[1] >= 2}
        groups = {name for _, name in answers.rows[["area", "region"]].drop_duplicates().itertuples(index=False)}
        hidden = any((group, *key) in answers.withheld for group in (*groups, answers.settings["nation"]))
        if area not in shares or hidden or len(shares) < minimum_areas(answers.settings):
            continue
        mine, others = shares[area], [share for code, share in shares.items() if code != area]
        counts = [sum(share < mine for share in others), sum(share == mine for share in others), sum(share > mine for share in others)]
        for name, count in zip(("lower", "same", "higher"), counts):
            expected[f"place/{measure['id']}:{name}"] = (count, len(others))
        row = f"{own_share(answers.area_share(area, key))} {' '.join(map(str, counts))}"
        if plain(f"{in_chart(answers.nation(key))} {in_chart(answers.region(area, key))} {row}") not in text:
            yield f"{measure['id']}: the chart does not say '{row}'"
        words = f"{measure['label']}: {own_share(answers.area_share(area, key))}; "
        words += f"other areas lower {counts[0]}, the same {counts[1]}, higher {counts[2]}."
        if plain(words) not in report.descriptions():
            yield f"{measure['id']}: the description does not say '{words}'"
    facts = {name: (fact["count"], fact["base"]) for name, fact in report.facts.items() if name.startswith("place/")}
    for name in sorted(facts.keys() | expected.keys()):
        if facts.get(name) != expected.get(name):
            yield f"{name} is {facts.get(name)}, and should be {expected.get(name)}"


def check_h(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """No percentage with a small base, and none of an area's own."""
    for name, fact in report.facts.items():
        forms = (fact["printed"], fact["prose"])
        has_percentage = any("%" in form or "per cent" in form or "[low]" in form for form in forms)
        if fact["source"] == "submission" and fact["state"] == "value" and has_percentage:
            yield f"{name}: a percentage of the area's own, '{fact['printed']}'"
        if fact["source"] == "aggregates" and fact["state"] == "value":
            share = (fact["count"], fact["base"])
            if forms != (in_chart(share), in_prose(share)):
                yield f"{name}: {forms}, and should be '{in_chart(share)}' and '{in_prose(share)}'"
    for match in re.finditer(rf"(?:%|\[low\]|per cent) of {NUMBER}|{NUMBER} of {NUMBER} \((?:over )?(?:\d+%|\[low\])", report.before_submission()):
        if number(match[1] or match[3]) < LEAST_PERCENTAGE:
            yield f"'{match[0]}'"


def check_i(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Regions have their article in sentences."""
    text = own_words(answers, area, report)
    for region, in_sentence in answers.settings.get("regions", {}).items():
        if in_sentence.endswith(f"the {region}"):
            for match in re.finditer(rf"\b(?:in|of|from|beside|with|than|and|for) {re.escape(region)}\b", text):
                yield f"'{text[match.start() : match.end() + 30]}'"


def check_j(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Where "don't know" moves a figure by three points or more, a note says so, and nowhere else."""
    noted = re.findall(r"Without “don’t know” \(([^)]*)\), “(.*?)” would be three points higher or more", report.before_submission())
    noted = Counter((plain(share), plain(label)) for share, label in noted)
    expected = Counter()
    for section in answers.sections:
        if "with" in answers.sections[section] or not report.part(f"section/{section}"):
            continue
        texts = plain(report.part(f"section/{section}"))
        for measure in answers.measures_on(section):
            question = answers.question_of(measure)
            if not question.get("dont-know"):
                continue
            nation, unsure = answers.nation((measure["id"], "")), answers.nation((question["id"], "dont-know"))
            if not nation or not unsure or not 0 < unsure[0] < nation[1]:
                continue
            if Fraction(nation[0], nation[1] - unsure[0]) - Fraction(*nation) >= Fraction(3, 100):
                said = (plain(with_base(unsure)), plain(measure["label"]))
                expected[said] += 1
                if plain(f"Without “don’t know” ({with_base(unsure)}), “{measure['label']}”") not in texts:
                    yield f"section/{section}: the note on '{measure['label']}' is missing"
    for said in (noted - expected) | (expected - noted):
        yield f"the note on '{said[1]}' ({said[0]}) stands {noted[said]} times, and should {expected[said]} times"


# ---------------------------------------------------------------- sentences


def differing_facts(report: Report) -> list:
    """The facts of a report that say that the area differs from the nation."""
    return sorted(name for name, fact in report.facts.items() if fact.get("reading") in ("higher", "lower"))


def glance_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the second sentence at a glance states."""
    text = report.part("glance").partition("Figure")[0]
    found = differing(answers, area)
    if match := re.search(r"Managers stand out here: (.*\d)\.", text):
        said = [f"{measure['label']}, {own_share(answers.area_share(area, (measure['id'], '')))}" for measure in found]
        if plain(match[1]) not in map(plain, said):
            yield f"'{match[0]}', but they do on {said}"
    if match := re.search("Lead and manager see (.*?) very differently", text):
        if plain(match[1]).lower() not in [plain(answers.name(sector)).lower() for sector in apart(answers, area)]:
            yield f"'{match[0]}', but they do not"
    if match := re.search("Among the sectors, (.*?) stands out", text):
        found = [name for ahead in (True, False) for name, *_ in sector_points(answers, area, ahead)]
        if plain(match[1]).lower() not in [plain(name).lower() for name in found]:
            yield f"'{match[0]}', but these do: {found}"
    everybody, hardly_anybody = lambda count, base: count == base, lambda count, base: count * FEW <= base
    for words, fits in (("All managers agree on this", everybody), ("Few managers report this", hardly_anybody)):
        if match := re.search(f"{words}: (.*?)\\. *$", text):
            said = [measure for measure in answers.measures.values() if plain(measure["label"]) == plain(match[1])]
            if not said or not fits(*answers.area_share(area, (said[0]["id"], ""))):
                yield f"'{match[0]}' is not so"
    if match := re.search(rf"answered much as those of {re.escape(answers.settings['nation'])} did", text):
        if different := differing_facts(report):
            yield f"'{match[0]}', but they differ on {different}"
    if match := re.search(r"Only (\w+) managers? answered, too few for a comparison", text):
        if match[1] != in_word(len(answers.respondents(area, "managers"))):
            yield f"'{match[0]}', but {len(answers.respondents(area, 'managers'))} answered"
        if any("reading" in fact and fact["reading"] for fact in report.facts.values()):
            yield f"'{match[0]}', but some measures are compared"


def verdict_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the sentence above the verdicts states."""
    text = report.part("verdicts").partition("Figure")[0]
    steps = {question["id"]: step(question, chosen(answers, area, question)) for question in answers.verdicts()}
    last = {question["id"]: len(question["options"]) - 1 for question in answers.verdicts()}
    if "no step at either end of a scale" in text:
        ends = {question["id"]: {question["options"][0]["id"], question["options"][-1]["id"]} for question in answers.verdicts()}
        if wrong := [question["id"] for question in answers.verdicts() if ends[question["id"]] & set(chosen(answers, area, question))]:
            yield f"'no step at either end of a scale', but there is one on {wrong}"
    if "The strategic lead did not answer" in text and answers.respondents(area, LEAD):
        yield "'The strategic lead did not answer', but there are answers"
    for words, end in (("sees most to do here", last), ("sees most progress here", dict.fromkeys(last, 0))):
        if words in text:
            there = [question for question in answers.verdicts() if steps[question["id"]] == end[question["id"]]]
            said = [f"{question['title']}, “{answers.in_words(area, LEAD, question)}”" for question in there]
            if not any(plain(one) in plain(text) for one in said):
                yield f"'{words}' should name one of {said}"


def sides_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the sentences about the two views of each sector state."""
    text, steps = report.part("sides"), views(answers, area)
    far = [answers.names[sector] for sector in apart(answers, area)]
    if not text:
        return
    if "at most one step apart" in text and (far or not steps):
        yield f"'at most one step apart', but {len(steps)} sectors have both views, and {far} are further apart"
    if "No sector of" in text and steps:
        yield f"no sector is said to have both views, but {len(steps)} have"
    if "see one sector very differently" in text and (len(far) != 1 or plain(f"very differently: {far[0]}.") not in plain(text)):
        yield f"'see one sector very differently', but it should be {far}"
    if match := re.search(r"the managers see (.*?) differently, by two steps or more", text):
        if plain(match[1]) != plain(listed(far)):
            yield f"'{match[0]}', but it should be {far}"
    if ("No two views are two steps apart" in text) == bool(far):
        yield f"whether two views are two steps apart is wrong: {far}"


def process_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What is stated about the processes of a sector, above their chart and at a glance."""
    text, found = report.part("processes").partition("Figure")[0], progress(answers, area)
    briefly = [*at_a_glance(report, 0), *at_a_glance(report, 1)]
    for sector, (done, begun, not_yet) in found.items():
        of = done + begun + not_yet
        name = re.escape(answers.names[sector])
        for said in re.findall(rf"\bin {name}, every process reported on is in place", text, re.I):
            if done < of:
                yield f"'{said}', but {done} of {of} are"
        if plain(f"{answers.name(sector)}: every process reported on is in place") in briefly and done < of:
            yield f"at a glance '{answers.name(sector)}: every process reported on is in place', but {done} of {of} are"
        for match in re.finditer(rf"\bin {name}, (\w+) of (\w+) (?:processes )?are not begun", text, re.I):
            if match.groups() != (in_word(not_yet), in_word(of)):
                yield f"'{match[0]}', but {not_yet} of {of} are"


def place_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the sentence above the chart of all areas states."""
    text, found = report.part("places").partition("Figure")[0], differing(answers, area)
    if "Furthest from" in text:
        widest = [measure for measure in found if gap(answers, area, measure) == gap(answers, area, found[0])]
        said = [f"{measure['label']}, {own_share(answers.area_share(area, (measure['id'], '')))}" for measure in widest]
        if not any(plain(one) in plain(text) for one in said):
            yield f"'{' '.join(text.split())}', but the widest gap is that of {said}"
    if "No gap in this chart" in text and found:
        yield f"'No gap' is wider than chance, but these are: {[measure['id'] for measure in found]}"


def rows_of(answers: Answers, report: Report) -> Iterator[tuple]:
    """The figures of shares on the pages of themes, each with its rows: labels and the nation's shares."""
    for section in answers.sections:
        figures = figures_in(report, f"section/{section}")
        if figures and answers.has_figure_of_measures(section):
            yield section, figures[0], {measure["label"]: answers.nation((measure["id"], "")) for measure in answers.measures_on(section)}
        for question in answers.closed():
            if question["section"] == section and question.get("chart") and not answers.is_gathered(question) and question["kind"] != "grid":
                figure = next((figure for figure in figures if plain(f"“{question['text']}”") in figure), "")
                labels = {option["id"]: option["label"] for option in question["options"]}
                labels |= {"dont-know": "Don't know"} if question.get("dont-know") else {}
                yield section, figure, {label: answers.nation((question["id"], option)) for option, label in labels.items()}


def most_often_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Which row has the nation's highest share, in the sentences after figures."""
    start = plain(f"Most often in {answers.settings['nation']}: “")
    for section, figure, rows in rows_of(answers, report):
        shares = {label: share for label, share in rows.items() if share and share[1]}
        if start not in figure or not shares:
            continue
        after = figure[figure.rindex(start) + len(start) :]
        highest = max(Fraction(*share) for share in shares.values())
        said = [f"{label}”, {with_base(share)}." for label, share in shares.items() if Fraction(*share) == highest]
        if not any(after.startswith(plain(one)) for one in said):
            yield f"section/{section}: 'most often: {after[:80]}', and should be '{said[0]}'"


def rated_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Which sector is rated well most often, in the sentences after figures."""
    start = plain(f"Rated well most often in {answers.settings['nation']}:")
    for question in answers.rated:
        if not answers.questions[question].get("chart") or answers.is_gathered(answers.questions[question]):
            continue
        text = plain(report.part(f"section/{answers.questions[question]['section']}"))
        if start not in text:
            continue
        after, rated = text.split(start, 1)[1], answers.rated[question]
        highest = max(Fraction(*share) for share in rated.values())
        said = [f"{answers.names[sector]}, {with_base(share)}." for sector, share in rated.items() if Fraction(*share) == highest]
        if not any(after.startswith(plain(one.lower())) for one in said):
            yield f"{question}: 'rated well most often: {after[:60]}', and should be '{said[0]}'"


def higher_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Where the area is said to be higher or lower, in the sentences after figures."""
    nation = re.escape(plain(answers.settings["nation"]))
    labels = {plain(measure["label"]): measure for measure in answers.measures.values() if "tally" not in measure}
    for section in answers.sections:
        text = plain(report.part(f"section/{section}"))
        for way, label, said in re.findall(rf'(Higher|Lower)thanin{nation}:"(.*?)",(\d+of\d+against.*?)\.', text):
            measure = labels.get(label)
            if not measure:
                yield f"section/{section}: '{label}' is no measure"
                continue
            key = (measure["id"], "")
            right = f"{own_share(answers.area_share(area, key))} against {with_base(answers.nation(key))}"
            if word(answers, area, measure) != way.lower() or said != plain(right):
                yield f"section/{section}: '{label}' is {way.lower()}, {said}, and should be {word(answers, area, measure)}, {right}"


def response_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What is said about who answered, how many questions were left blank, and how many areas are counted."""
    text, row = report.part("reading"), answers.areas[area]
    there, sectors = answers.respondents(area, "managers"), len(answers.sectors)
    lead = bool(answers.respondents(area, LEAD))
    count, of = in_word(len(there)), in_word(sectors)
    if not lead:
        said = f"In {row.name}, {count} of {of} managers answered; the strategic lead did not."
    elif there:
        said = f"In {row.name}, the strategic lead and {count} of {of} managers answered."
    else:
        said = f"In {row.name}, the strategic lead answered; {count} of {of} managers did."
    silent = [answers.names[sector] for sector in answers.sectors if sector not in there]
    region = sum(other.region == row.region for other in answers.areas.values())
    asked = blank = 0
    for who in [*answers.respondents(area, LEAD), *there]:
        for question in answers.closed():
            for item in answers.sectors if question["kind"] == "grid" else [""]:
                if answers.is_put(area, who, question):
                    asked += 1
                    blank += not answers.sent[area].get((who, question["id"], item))
    here = answers.settings.get("regions", {}).get(row.region, row.region)
    expected = [
        said,
        f"No answer was received from {listed(silent)}." if silent else "",
        f"Of {asked} questions put to them, {in_word(blank)} {'was' if blank == 1 else 'were'} left blank." if asked else "",
        f"come from {len(answers.areas)} areas, those for {here} from {region}.",
    ]
    for sentence in expected:
        if plain(sentence) not in plain(text):
            yield f"'{sentence}' is missing"
    cover = f"Answers from {'the strategic lead and ' if lead else ''}{len(there)} of {sectors} managers"
    if plain(cover) not in plain(report.part("cover")):
        yield f"the cover does not say '{cover}'"


def too_few_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Where too few are said to have answered."""
    for section in answers.sections:
        said = "too few managers for a finding"
        if said in report.part(f"section/{section}").partition("Figure")[0]:
            several = [one for one in answers.measures_on(section) if one in can_differ(answers)]
            if enough := [one["id"] for one in several if answers.area_share(area, (one["id"], ""))[1] >= 3]:
                yield f"section/{section}: '{said}', but three or more did: {enough}"
    if "Too few managers answered to say where" in report.part("places"):
        if any(fact.get("reading") for fact in report.facts.values()):
            yield "too few are said to have answered to say where the area lies, but it is compared"
    if "No manager answered" in report.part("processes").partition("Figure")[0] and answers.respondents(area, "managers"):
        yield "no manager is said to have answered, but somebody did"


def blank_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the headlines of themes state about the answer given most often, and the lead's own."""
    leads = [question for question in answers.closed() if question["asked"] == LEAD and question["kind"] != "grid"]
    nation = re.escape(answers.settings["nation"])
    forms = {
        "not named": rf"The strategic lead does not name “(.*?)”, the answer given most often in {nation}",
        "named": rf"The strategic lead names “(.*?)”, the answer given most often in {nation}",
        "blank": rf"The strategic lead left this blank; most often in {nation} it is “(.*?)”",
    }
    for section in answers.sections:
        text = report.part(f"section/{section}").partition("Figure")[0]
        here = [one for one in leads if one["section"] in answers.page_of(section) and one.get("chart")]
        options = [(question, option) for question in here for option in question["options"]]
        for form, pattern in forms.items():
            if not (match := re.search(pattern, text)):
                continue
            found = [one for one in options if plain(one[1]["label"]) == plain(match[1])]
            for question, option in found[:1]:
                said = answers.said(area, LEAD, question)
                right = "blank" if said == ["not-answered"] else "named" if option["id"] in said else "not named"
                if form != right or said[0] in NONE and form != "blank":
                    yield f"section/{section}: '{match[0]}', but the lead answered {said}"
                shares = {one["id"]: answers.nation((question["id"], one["id"])) for one in question["options"]}
                if any(share and share[0] > shares[option["id"]][0] for share in shares.values()):
                    yield f"section/{section}: '{match[0]}', but another was given more often"
            if not found:
                yield f"section/{section}: '{match[0]}' is no answer to a charted question"


def headline_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """What the headlines of themes state about a measure."""
    rate_of = re.escape(answers.settings["nation"])
    pattern = rf"(\d+ of \d+) managers(?:\.|, (?:against (.*?)|(the same as)) at the rate of {rate_of}\.)"
    for section in answers.sections:
        text = report.part(f"section/{section}").partition("Figure")[0]
        if not (match := re.search(pattern, text)):
            continue
        start = plain(text[: match.end()])
        said = [measure for measure in answers.measures.values() if start.endswith(plain(f"{measure['label']}: {match[0]}"))]
        if not said:
            yield f"section/{section}: '{match[0]}' is about no measure"
        for measure in said[:1]:
            share, nation = answers.area_share(area, (measure["id"], "")), answers.nation((measure["id"], ""))
            own, rate = own_share(share), at_rate(nation, share[1]) if nation else None
            rate_said = match[1] if match[3] else match[2]
            if match[1] != own or rate_said != rate or (match[2] and own == rate):
                yield f"section/{section}: '{match[0]}', and should be {own} against {rate}"


def compared_claims(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """Every share of several people has the right word, and one person's ratings and the parts of a whole have none."""
    for name, fact in report.facts.items():
        measure, right = answers.measures.get(name.removeprefix("own/")), None
        if not name.startswith("own/"):
            continue
        if measure and "tally" not in measure and answers.question_of(measure)["asked"] != LEAD and answers.nation((measure["id"], "")):
            right = word(answers, area, measure)
        if fact.get("reading") != right:
            yield f"'{name}' is {fact.get('reading')}, and should be {right}"


CLAIMS = (
    glance_claims,
    verdict_claims,
    sides_claims,
    process_claims,
    place_claims,
    most_often_claims,
    rated_claims,
    higher_claims,
    response_claims,
    too_few_claims,
    blank_claims,
    headline_claims,
    compared_claims,
)


def check_k(answers: Answers, area: str, report: Report) -> Iterator[str]:
    """The sentences that head pages and follow figures are true."""
    for claims in CLAIMS:
        yield from claims(answers, area, report)


CHECKS = {
    "a": check_a,
    "b": check_b,
    "c": check_c,
    "d": check_d,
    "e": check_e,
    "f": check_f,
    "g": check_g,
    "h": check_h,
    "i": check_i,
    "j": check_j,
    "k": check_k,
}

# ---------------------------------------------------------------- trials


def with_text(report: Report, pattern: str, new: str | Callable, names: tuple = ("parts", "figures", "columns", "alternatives")) -> Report | None:
    """A copy of a report in which some text is different; `None` if it is nowhere. Spaces also stand for ends of lines."""
    pattern, other = re.compile(pattern.replace(" ", r"\s+")), copy.deepcopy(report)
    change = lambda text: pattern.sub(new, text)
    if "parts" in names:
        other.parts = {name: [change(text) for text in texts] for name, texts in report.parts.items()}
    if "figures" in names:
        other.figures = {name: [change(text) for text in texts] for name, texts in report.figures.items()}
    if "columns" in names:
        other.columns = tuple(map(change, report.columns))
    if "alternatives" in names:
        other.alternatives = list(map(change, report.alternatives))
    return None if other == report else other


def with_sentence(report: Report, part: str, sentence: str) -> Report | None:
    """A copy of a report with one more sentence at the start of a part."""
    other = copy.deepcopy(report)
    name = next((name for name in other.parts if name.startswith(part)), None)
    if name is None:
        return None
    other.parts[name][0] = f"{sentence} {other.parts[name][0]}"
    return other


def with_fact(report: Report, start: str, **values) -> Report | None:
    """A copy of a report with a different value of the first fact that starts so and has another value."""
    other = copy.deepcopy(report)
    for name, fact in other.facts.items():
        if name.startswith(start) and any(fact.get(key) != value for key, value in values.items()):
            fact.update(values)
            return other
    return None


def one_more(match: re.Match) -> str:
    """The text of a match with its first number one higher."""
    return re.sub(r"\d+", lambda digits: str(int(digits[0]) + 1), match[0], count=1)


def with_bullet(report: Report) -> Report:
    """A copy of a report with one more point to discuss at a glance."""
    other = copy.deepcopy(report)
    other.columns = (other.columns[0], f"{other.columns[1]}\n• Something else: 3 of 7 (page 9)")
    return other


def without_region(answers: Answers, report: Report) -> Report | None:
    """A copy of a report in which a region has lost its article."""
    regions = answers.settings.get("regions", {})
    return with_sentence(report, "reading", f"The areas in {next(iter(regions))}.") if regions else None


def trials(answers: Answers, report: Report) -> Iterator[tuple]:
    """Copies of a report that are wrong, each with the letter of the check that must notice."""
    yield "a", with_sentence(report, "section/", "The area gave no answers on this theme.")
    yield "a", with_text(report, "gave no answers on this theme", "answered")
    yield "b", with_text(report, r"same as \d+", one_more, ("figures",))
    yield "b", with_text(report, r"as did \d+", one_more, ("parts",))
    yield "b", with_text(report, r"also by \d+", one_more, ("figures",))
    yield "b", with_text(report, r"also by", "same as", ("figures",))
    title = re.escape(answers.verdicts()[0]["title"]).replace("\\ ", " ") if answers.verdicts() else "None"
    yield "b", with_text(report, rf"({title} (?:same as|also by)) \d+", r"\1 0", ("parts", "figures"))
    yield "b", with_text(report, r"as in \d+ of", one_more, ("alternatives",))
    yield "b", with_text(report, r"; \d+ of \d+ other areas also named", one_more, ("alternatives",))
    yield "b", with_fact(report, "alike/", count=10_000)
    yield "b", with_fact(report, "own/verdict/", printed="No")
    yield "b", with_text(report, r"(Figure\s1\. [^•]*?) same as", r"\1 No same as", ("figures",))
    yield "c", with_text(report, "Managers, ", "Strategic leads, ")
    yield "c", with_text(report, "Base: managers who answered;", "Base: areas that answered;")
    yield "c", with_text(report, r"; \d+ in ", one_more)
    yield "c", with_text(report, "What (strategic leads and managers|strategic leads|managers) named,", "What some named,")
    yield "c", with_text(report, "A full square was named by the strategic lead", "A square")
    yield "c", with_text(report, "A bar shows how many managers named", "A bar shows how many strategic leads named")
    yield "d", with_sentence(report, "reading", "It is in the highest quarter.")
    yield "d", with_sentence(report, "reading", "Third")
    yield "e", with_text(report, " reports “", " does not report “", ("parts",))
    denied = r"At a glance The strategic lead of \1 did not answer"
    yield "e", with_text(report, "At a glance The strategic lead of (.*?) reports", denied, ("parts",))
    blank = r"At a glance The strategic lead of \1 left “Something” blank."
    yield "e", with_text(report, r"At a glance The strategic lead of (.*?) reports “[^”]*”[^.]*\.", blank, ("parts",))
    yield "f", with_bullet(report)
    yield "f", with_text(report, "• ", "• Not so: ", ("parts",))
    yield "f", with_text(report, ": highest step", ": lowest step", ("columns",))
    yield "f", with_text(report, ": every process reported on is in place", ": all three processes in place", ("columns",))
    yield "f", with_text(report, " of the (.*?) processes that its manager", r" of all \1 processes that its manager", ("parts",))
    others = r"the strategic lead chose “\1”, as 1 of 2 others did."
    yield "f", with_text(report, r"the strategic lead chose “([^”]*)”[^.]*\.", others, ("parts",))
    yield "f", with_text(report, "(To discuss •) [^:]*:", r"\1 Something else:", ("columns",))
    yield "f", with_text(report, r"(Nothing|No point)\s+" + r"\s+".join(NOTHING.split()), "• Something else: 3 of 7", ("columns",))
    yield "g", with_fact(report, "place/", count=10_000)
    yield "g", with_text(report, r"other areas lower \d+", one_more, ("alternatives",))
    yield "h", with_fact(report, "own/", printed="71%", source="submission", state="value")
    yield "h", with_fact(report, "nation/", source="aggregates", state="value", count=5, base=10, printed="50%", prose="50 per cent")
    yield "h", with_sentence(report, "reading", "That is 50 per cent of 12.")
    yield "i", without_region(answers, report)
    yield "j", with_text(report, r"Without “don’t know” \(", "With “don’t know” (", ("parts",))
    noted = "Without “don’t know” (4 per cent of 100), “Something” would be three points higher or more."
    yield "j", with_sentence(report, "reading", noted)
    yield from false_claims(answers, report)


def false_claims(answers: Answers, report: Report) -> Iterator[tuple]:
    """The trials of the last check, which are sentences that are not true."""
    area, nation = code_of(answers, report.name), answers.settings["nation"]
    routed = [measure["id"] for measure in answers.measures.values() if "route" in answers.question_of(measure)]
    of_lead = [measure["id"] for measure in answers.measures.values() if answers.question_of(measure)["asked"] == LEAD]
    done = progress(answers, area)
    wanting = [answers.names[sector] for sector in answers.sectors if done[sector][0] < sum(done[sector])]
    yield "k", with_sentence(report, "glance", "Only ten managers answered, too few for a comparison.")
    yield "k", with_sentence(report, "verdicts", "The strategic lead did not answer.")
    yield "k", with_sentence(report, "sides", "They see one sector very differently: Something else.")
    at_end = any(step(question, chosen(answers, area, question)) == 0 for question in answers.verdicts())
    yield "k", with_sentence(report, "verdicts", "The strategic lead chose no step at either end of a scale.") if at_end else None
    yield "k", with_sentence(report, "processes", f"In {wanting[0]}, every process reported on is in place.") if wanting else None
    everything = f"\n• {wanting[0][:1].upper()}{wanting[0][1:]}: every process reported on is in place" if wanting else ""
    yield "k", with_text(report, r"\Z", everything, ("columns",)) if wanting else None
    first = next(iter(answers.names.values()))
    yield "k", with_sentence(report, "processes", f"In {first}, nine of nine processes are not begun.")
    nobody = f"No manager answered; the bars show the sectors of {nation}."
    yield "k", with_sentence(report, "processes", nobody) if answers.respondents(area, "managers") else None
    yield "k", with_text(report, r"Furthest from ([^:]*): [^,]*,", r"Furthest from \1: Something else,", ("parts",))
    no_gap = with_sentence(report, "places", "No gap in this chart between them is wider than chance.")
    yield "k", no_gap if differing(answers, area) else None
    yield "k", with_text(report, "Rated well most often in ([^:]*):", r"Rated well most often in \1: some ", ("parts",))
    yield "k", with_text(report, "Higher than in", "Lower than in", ("parts",))
    yield "k", with_text(report, r"Of \d+ questions", one_more, ("parts",))
    yield "k", with_text(report, r"(In .*?), the strategic lead and", r"\1, nobody and", ("parts",))
    yield "k", with_text(report, "Among the sectors, ", "Among the sectors, not ", ("parts",))
    yield "k", with_text(report, "Lead and manager see ", "Lead and manager see not ", ("parts",))
    yield "k", with_sentence(report, "glance", "Few managers report this: Something. Figure")
    alike_all = "Where both views are known, the strategic lead and the managers are at most one step apart."
    yield "k", with_sentence(report, "sides", alike_all) if apart(answers, area) else None
    yield "k", with_sentence(report, "sides", "No sector has both views. No sector of it.") if views(answers, area) else None
    yield "k", with_text(report, "the managers see (.*?) differently, by", r"the managers see not \1 differently, by", ("parts",))
    yield "k", with_text(report, "see one sector very differently: ", "see one sector very differently: not ", ("parts",))
    yield "k", with_text(report, r"Most often in ([^:]*): “", r"Most often in \1: “Something else ")
    yield "k", with_text(report, r"\d+ of \d+ managers, against", one_more, ("parts",))
    yield "k", with_text(report, "The strategic lead names", "The strategic lead does not name", ("parts",))
    yield "k", with_text(report, "The strategic lead does not name", "The strategic lead names", ("parts",))
    blank = rf"The strategic lead left this blank; most often in {nation} it is “\1”."
    named = r"The strategic lead (?:names|does not name) “([^”]*)”, the answer given most often in [^.]*\."
    yield "k", with_text(report, named, blank, ("parts",))
    yield "k", with_text(report, "managers, the same as at", "managers, against 99 of 99 at", ("parts",))
    yield "k", with_text(report, "managers, against .*? at the rate", "managers, the same as at the rate", ("parts",))
    yield "k", with_text(report, "Managers stand out here: ", "Managers stand out here: not ", ("parts",))
    for measures in routed, of_lead:
        yield "k", with_fact(report, f"own/{measures[0]}", reading="lower") if measures else None


def passed(answers: Answers, paths: list) -> tuple[int, int, list]:
    """How many kinds of altered reports there are, how many were tried, and those that a check did not notice."""
    unnoticed, tried, kinds = set(), set(), 0
    for report in map(read, paths):
        area = code_of(answers, report.name)
        known = {letter: set(check(answers, area, report)) for letter, check in CHECKS.items()}
        for kinds, (letter, altered) in enumerate(trials(answers, report), 1):
            if altered is not None and kinds not in tried:
                tried.add(kinds)
                if set(CHECKS[letter](answers, area, altered)) <= known[letter]:
                    unnoticed.add(f"{report.name}: the altered report {kinds} passed check {letter}")
    return kinds, len(tried), sorted(unnoticed)


# The altered reports are made of this many.
TRIED = 12

LOADED = []


def faults(path: Path) -> list:
    """The faults of a report, each with the letter of its check."""
    report, answers = read(path), LOADED[0]
    area = code_of(answers, path.name)
    return [(letter, fault) for letter, check in CHECKS.items() for fault in check(answers, area, report)]


def main(evaluation: str, run: str) -> int:
    answers = Answers(Path(evaluation), Path(run))
    LOADED.append(answers)
    paths, found = reports(run), Counter()
    with get_context("fork").Pool() as pool:
        for path, of_one in zip(paths, pool.imap(faults, paths)):
            for letter, fault in of_one:
                found[letter] += 1
                print(f"{path.name}: {letter}: {fault}")
    kinds, tried, unnoticed = passed(answers, paths[:TRIED])
    for line in unnoticed:
        print(line)
    print(f"{tried} of {kinds} kinds of altered reports tried, {len(unnoticed)} passed")
    print(f"{len(paths)} reports, {sum(found.values())} faults: {', '.join(f'{letter} {found[letter]}' for letter in CHECKS)}")
    return 1 if found or unnoticed or not paths else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
