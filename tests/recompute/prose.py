"""Reads the prose of the finished reports of a run as an editor would, and lists what is wrong with its sentences.

usage: prose.py EVALUATION RUN           exit 0: no faults, 1: some faults

The text is taken from the tags of the file: paragraphs, lists, headings, captions and alternative texts, without tables,
contents and figures, and without the submission as received, which is in the words of the respondents. Faults that
differ only in area, region and digits are listed once, with the first report and the number of the others.
"""

import csv
import re
import struct
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import pikepdf

from documents import reports
from wording import strings

LONGEST = 25
# What the reports do not say, and why or what to say instead.
BANNED = [
    (r"in order to", "say 'to'"),
    (r"utili[sz]\w+", "say 'use'"),
    (r"with (?:regard|respect) to|in respect of|as regards", "say 'about' or 'for'"),
    (r"due to", "claims a cause, or say 'because of'"),
    (r"in terms of", "says nothing"),
    (r"a number of|a range of|a variety of", "say how many"),
    (r"going forward|at this point in time", "say when"),
    (r"and/or", "say 'or'"),
    (r"prior to|subsequent to|subsequently", "say 'before' or 'after'"),
    (r"commenc\w+", "say 'begin'"),
    (r"facilitat\w+|leverag\w+", "say what was done"),
    (r"whilst|amongst|thereof|therein|herein|aforementioned|pursuant", "an official's word"),
    (r"the fact that|it should be noted|please note|it is important to", "says nothing"),
    (r"in the event that|in the case of", "say 'if' or 'for'"),
    (r"is otherwise|are otherwise|otherwise than", "hard to follow"),
    (r"told", "say who knows, or what the figures show"),
    (r"best|worst|rank(?:s|ed|ings?)?|league", "areas are not put in an order"),
    (r"significan(?:t|tly|ce)", "is a term of statistics"),
    (
        r"(?:higher|lower|similar|further along|not as far along)\b[^.;:]{0,40}? on (?:NUMBER|none)\b[^.;:]{0,30}?"
        r"\b(?:higher|lower|similar|further along|not as far along)\b[^.;:]{0,40}? on (?:NUMBER|none)",
        "a tally: name the measures",
    ),
    (r"on (?:each of )?the (?:NUMBER )?measures?\b[^.;:]{0,40}? that can be compared", "a tally: name the measures"),
]
# A paragraph that starts so, or has a sentence that does, stands at each figure or table and may be repeated.
NOTE = re.compile(r"(?:Sources?|Bases?|Notes?)\b|\[\w+\]")
# Capitals that need no explanation.
KNOWN = set("AM BBC CSV EU GB HTML ID IT JSON OK PDF PM TV UK URL US USA UTC XML".split())
TAKES_ARTICLE = re.compile(r"(?:North|South)\b|(?:East|West) Midlands$|East of England$")
SHORT = "e.g i.e etc vs cf St No Dr Mr Mrs Ms Prof approx p pp".split()

WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
NUMBER = rf"(?:{'|'.join(WORDS)}|\d[\d,]*)"
PLURALS = {
    "area": "areas",
    "manager": "managers",
    "measure": "measures",
    "sector": "sectors",
    "answer": "answers",
    "question": "questions",
    "person": "people",
    "option": "options",
    "lead": "leads",
    "report": "reports",
    "region": "regions",
    "section": "sections",
    "figure": "figures",
    "table": "tables",
    "place": "places",
}
SINGULARS = {plural: singular for singular, plural in PLURALS.items()}
ADJECTIVE = "other|more|further|different|local|strategic|completed|blank|remaining|similar|same|single|open|own"
NOUN = "|".join([*PLURALS, *SINGULARS])
COUNTED = re.compile(
    rf"(?<![-\w.,/%])({NUMBER})((?: (?:{ADJECTIVE}|{NOUN})(?![-\w’']))*? (?:{NOUN})(?: (?:{NOUN}))*)"
    r"(?![-\w’'])(?: (\w+))?",
    re.I,
)
LABELLED = re.compile(r"(?:figure|table|section|part|page|chapter|no|every|any|each|July|June) $", re.I)
ONE_OF_ONE = re.compile(r"(?<![-\w.,])(?:none|one|\d+) of the (?:1\b(?![,.]?\d)|one\b)", re.I)
HAS = "has was is does says sees gives thinks rates differs".split()
HAVE = "have were are do say see give think rate differ".split()
VERB = re.compile(
    rf"(?:(?P<part>{NUMBER}) of (?:the |its |all |these |those )?)?(?<![-\w.,])(?P<number>{NUMBER})"
    rf" (?:(?:{ADJECTIVE}|{'|'.join(PLURALS)}) )*?(?P<noun>{NOUN}) (?P<verb>{'|'.join(HAS + HAVE)})\b(?![-’'])",
    re.I,
)
# Before a number, words after which its noun need not be the subject of the verb.
NOT_SUBJECT = re.compile(
    r"\b(?:of|from|by|in|on|with|for|to|between|than|about|over|under|at|among|and|or|the|its|all|those|these) $", re.I
)

ARTICLE = re.compile(r"(?<![\w’'-])(an?) [“‘\"'(]*([\w’'-]+(?:,\d{3})*)", re.I)
SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)", re.I)
AS_CONSONANT = re.compile(r"(?:eu|ewe|uni(?!n|m|d(?!ir))|us(?:e|a|u)|util|ubiq|urani|one\b|once\b|one-|o(?:ui))", re.I)
AS_LETTERS = set("AEFHILMNORSX")

MARKS = [
    (r"[ \u00a0]{2,}", "double space"),
    (r"[ \u00a0][,.;:!?)”](?=[\s”)]|$)", "space before punctuation"),
    (r"(?<!\.)\.\s?\.(?!\.)", "two full stops"),
    (r"[?!]\.|[,;:]\s?[.,;:]|\(\s?\)|\.,", "two marks"),
    (r"\b(?!that|had)(\w+) \1\b(?![-’'])", "the same word twice"),
    (r"[«»]|\{\{|<<|>>|\bNone\b(?= of \d)|\bnan\b|\bundefined\b", "not a word"),
]


@dataclass
class Block:
    """A paragraph, or another block of text."""

    kind: str
    text: str
    last: tuple | None = None


@dataclass
class House:
    """What the rules need to know about the evaluation."""

    regions: list
    without_article: list
    areas: list
    theirs: list
    whole: set
    names: dict


# ---------------------------------------------------------------- reading the file


def unicode_map(font) -> tuple[int, dict]:
    """The bytes per glyph of a font, and the text of each glyph."""
    found = {}
    if "/ToUnicode" not in font:
        return 1, {code: chr(code) for code in range(256)}
    for kind, body in re.findall(r"beginbf(char|range)(.*?)endbf", font.ToUnicode.read_bytes().decode("latin-1"), re.S):
        if kind == "char":
            for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", body):
                found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
            continue
        for low, high, several, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*(?:\[(.*?)\]|<(\w*)>)", body, re.S):
            texts = re.findall(r"<(\w*)>", several)
            for place, code in enumerate(range(int(low, 16), int(high, 16) + 1)):
                one = bytes.fromhex(texts[place] if texts else text).decode("utf-16-be")
                found[code] = one if texts else one[:-1] + chr(ord(one[-1]) + place)
    return (2 if font.Subtype == "/Type0" else 1), found


def height(place: tuple) -> float:
    """The height on the page of a place: a page, and two chains of transformations, each with the one outside it."""
    x, y = 0.0, 0.0
    for chain in place[1:]:
        while chain:
            (a, b, c, d, e, f), chain = chain
            x, y = float(a) * x + float(c) * y + float(e), float(b) * x + float(d) * y + float(f)
    return y


def same_line(one: tuple, other: tuple) -> bool:
    return one[0] == other[0] and abs(height(one) - height(other)) < 1


def joined(left: str, right: str, end: tuple, start: tuple) -> str:
    """Two pieces of text; lines that end without a space are separate words."""
    if left.endswith("\u00ad"):
        return left[:-1] + right
    touch = left and right and not left[-1].isspace() and not right[0].isspace() and left[-1] not in "-/\u2060\u200b"
    return f"{left} {right}" if touch and not same_line(end, start) else left + right


STRINGS = re.compile(rb"<([0-9A-Fa-f]*)>|(\((?:[^\\()]|\\.)*\))", re.S)
OPERATORS = "BDC BMC EMC q Q cm BT Tm Td TD Tf Tj TJ ' \""


def marked_text(page, number: int, fonts: dict) -> dict:
    """The text of every marked content of a page, with the places of its first and last line."""
    found, open_tags, matrices = {}, [], []
    matrix = line = None
    glyphs, size, here = {}, 1, {}
    resources = page.get("/Resources", {})
    for instruction in pikepdf.parse_content_stream(page, OPERATORS):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            operands = instruction.operands
            properties = operands[1] if len(operands) > 1 else {}
            if isinstance(properties, pikepdf.Name):
                properties = resources.get("/Properties", {}).get(str(properties), {})
            mcid = int(properties["/MCID"]) if "/MCID" in properties else None
            open_tags.append((mcid, str(operands[0]) == "/Artifact", "/ActualText" in properties))
            if "/ActualText" in properties:
                show(found, open_tags, str(properties["/ActualText"]), (number, line, matrix), own=True)
        elif operator == "EMC":
            open_tags.pop()
        elif operator == "q":
            matrices.append(matrix)
        elif operator == "Q":
            matrix = matrices.pop()
        elif operator == "cm":
            matrix = (instruction.operands, matrix)
        elif operator == "BT":
            line = None
        elif operator == "Tm":
            line = (instruction.operands, None)
        elif operator in ("Td", "TD"):
            line = ((1, 0, 0, 1, *instruction.operands), line)
        elif operator == "Tf":
            font = str(instruction.operands[0])
            if font not in here:
                key = resources.Font[font].objgen
                here[font] = fonts[key] = fonts.get(key) or unicode_map(resources.Font[font])
            size, glyphs = here[font]
        elif operator in ("Tj", "TJ", "'", '"'):
            operands = instruction.operands
            data = bytes(operands[-1]) if operator != "TJ" else strings_of(operands[0])
            codes = struct.unpack(f">{len(data) // size}{'H' if size == 2 else 'B'}", data)
            show(found, open_tags, "".join([glyphs.get(code, "\ufffd") for code in codes]), (number, line, matrix))
    return found


def strings_of(array) -> bytes:
    """All strings of an array; it is not read item by item, because most of its items are numbers."""
    found = []
    for hexadecimal, literal in STRINGS.findall(array.unparse()):
        found.append(bytes.fromhex(hexadecimal.decode()) if not literal else bytes(pikepdf.Object.parse(literal)))
    return b"".join(found)


def show(found: dict, open_tags: list, text: str, place: tuple, own: bool = False) -> None:
    """Adds text to the marked content that it is in, unless it is replaced by other text."""
    mcid = next((mcid for mcid, _, _ in reversed(open_tags) if mcid is not None), None)
    replaced = any(replaced for _, _, replaced in (open_tags[:-1] if own else open_tags))
    if mcid is None or replaced or any(artifact for _, artifact, _ in open_tags):
        return
    before, first, last = found.get(mcid, ("", place, place))
    found[mcid] = joined(before, text, last, place), first, place


# The kinds of text of the tags that start a block; of all others that do, it is a label.
BLOCKS = dict.fromkeys(
    "Document Part Art Sect Div Aside BlockQuote L LI Lbl LBody Table TR TD TH Caption Figure Formula TOC TOCI".split(),
    "label",
)
BLOCKS |= dict.fromkeys(("P", "Note", "FENote"), "text") | dict.fromkeys("Title H H1 H2 H3 H4 H5 H6".split(), "heading")
HIDDEN = {"Table": "cell", "Figure": "picture", "TOC": "contents", "Formula": "picture"}


class Reader:
    """The blocks of text of one report before the submission, in the order of its tags, and the terms of all lists."""

    def __init__(self, document):
        self.document = document
        self.pages = {page.objgen: number for number, page in enumerate(document.pages)}
        self.texts, self.fonts = {}, {}
        self.end, self.ended = destination(document, "submission"), False
        tree = document.Root.StructTreeRoot
        self.roles = {str(key): str(value) for key, value in tree.get("/RoleMap", {}).items()}
        self.blocks, self.terms = [], []
        self.add(tree.K, None, "", None)

    def add(self, item, page, within: str, block: Block | None) -> None:
        """Adds the blocks of an element and of what is in it."""
        if isinstance(item, pikepdf.Array):
            for kid in item:
                self.add(kid, page, within, block)
        elif isinstance(item, int):
            self.add_text(item, page, block)
        elif isinstance(item, pikepdf.Dictionary):
            page = self.pages[item.Pg.objgen] if "/Pg" in item else page
            if "/MCID" in item:
                self.add_text(int(item.MCID), page, block)
            elif "/S" in item:
                self.add_element(item, page, within, block)

    def add_element(self, item, page, within: str, block: Block | None) -> None:
        role = str(item.S)
        role = self.roles.get(role, role).lstrip("/")
        if "/Alt" in item and not self.ended:
            self.blocks.append(Block("alt", str(item.Alt)))
        if role in ("BlockQuote", "Quote"):
            return  # a respondent's own words
        if role == "Caption":
            within = "caption"
        elif role in HIDDEN and (role != "Figure" or "/Alt" in item):
            within = HIDDEN[role]
        elif role == "LBody" and not within:
            within = "item"
        placed = any(str(key.get("/Placement", "")) == "/Block" for key in attributes(item))
        if placed or role in BLOCKS:
            kind = "term" if role == "Lbl" else within or BLOCKS.get(role, "label")
            block = Block(kind, "")
            (self.terms if kind == "term" else self.blocks).append(block)
        if "/ActualText" in item and block is not None:
            block.text += "" if self.ended and block.kind != "term" else str(item.ActualText)
        elif "/K" in item:
            self.add(item.K, page, within, block)

    def add_text(self, mcid: int, page: int, block: Block | None) -> None:
        if block is None or self.ended and block.kind != "term":
            return
        if page not in self.texts:
            self.texts[page] = marked_text(self.document.pages[page], page, self.fonts)
        text, first, last = self.texts[page].get(mcid, ("", None, None))
        if text and self.end and block.kind == "heading" and (page, -height(first)) >= (self.end[0], -self.end[1] - 1):
            self.ended = True
        elif text:
            block.text, block.last = joined(block.text, text, block.last, first), last


def attributes(item) -> list:
    """The attributes of an element."""
    found = item.get("/A", [])
    return (
        [found]
        if isinstance(found, pikepdf.Dictionary)
        else [key for key in found if isinstance(key, pikepdf.Dictionary)]
    )


def destination(document, name: str) -> tuple | None:
    """The page and height of a named destination."""
    waiting = [document.Root.get("/Names", {}).get("/Dests", {})]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.get("/Kids", []))
        names = list(node.get("/Names", []))
        for key, value in zip(names[::2], names[1::2]):
            if str(key) == name:
                value = value.D if isinstance(value, pikepdf.Dictionary) else value
                number = next(number for number, page in enumerate(document.pages) if page.objgen == value[0].objgen)
                return number, float(value[3]) if len(value) > 3 and value[3] is not None else 1e6
    return None


def read(path: Path) -> tuple[list[Block], set, bool]:
    """The blocks before the submission, the terms of all lists, and whether the submission was found."""
    with pikepdf.open(path) as document:
        reader = Reader(document)
    for block in [*reader.blocks, *reader.terms]:
        block.text = (
            re.sub("[\u2060\u200b\u00ad\ufeff]", "", block.text).replace("\u00a0", " ").replace("\n", " ").strip()
        )
    terms = {word for block in reader.terms for word in re.findall(r"\w+", block.text)}
    return [block for block in reader.blocks if block.text], terms, reader.ended


# ---------------------------------------------------------------- sentences


def sentences(text: str) -> list[str]:
    """The sentences of a block, with the spaces inside them."""
    found, start = [], 0
    for match in re.finditer(r"[.!?]+[”’\"')\]]*\s+", text):
        before = text[start : match.start()].split()
        last = re.sub(r"^\W+", "", before[-1]) if before else ""
        goes_on = text[match.end() : match.end() + 1].islower()
        quoted = re.search(r"[”’\"')\]]", match[0])
        if (
            last in SHORT
            and match[0][0] == "."
            or re.fullmatch(r"[A-Z]", last)
            or goes_on
            and (quoted or last == "etc")
        ):
            continue
        found.append(text[start : match.end()].rstrip())
        start = match.end()
    return [*found, text[start:]] if text[start:] else found


def ends(sentence: str) -> bool:
    return bool(re.search(r"[.!?][”’\"')\]]*$", sentence))


def amount(number: str) -> int:
    return WORDS.index(number.lower()) + 1 if number.lower() in WORDS else int(number.replace(",", "") or 0)


def is_year(number: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", number))


def banned(sentence: str, theirs: list) -> Iterator[str]:
    if not ANY_BANNED.search(sentence):
        return
    own = sentence.casefold()
    for their in theirs:
        own = own.replace(their, " … ")
    found = {reason: match[0] for pattern, reason in COMPILED_BANNED if (match := pattern.search(own))}
    yield from (f"“{words}”: {reason}" for reason, words in found.items())


COMPILED_BANNED = [
    (re.compile(rf"\b(?:{pattern.replace('NUMBER', NUMBER)})\b", re.I), reason) for pattern, reason in BANNED
]
ANY_BANNED = re.compile("|".join(pattern.pattern for pattern, _ in COMPILED_BANNED), re.I)


def regions(sentence: str, running: bool, house: House) -> Iterator[str]:
    """Names of regions in a sentence without the article that they take, or with one that they do not take."""
    for area in house.areas:
        sentence = sentence.replace(area, "Area")
    for region in house.regions:
        for match in re.finditer(
            rf"\b{re.escape(region)}\b(?! (?:areas?|regions?|figures?|managers|leads?|shares?)\b)", sentence
        ):
            before, after = sentence[: match.start()], sentence[match.end() :]
            in_list = re.search(r"\b[Tt]he (?:(?:North|South|East|West)[\w ]*|[\w ]*Midlands),? (?:and|or) $", before)
            if re.search(r"\b[Tt]he $", before) or in_list or before.endswith(("“", "‘", "(", ": ", "· ", "– ")):
                continue
            governed = re.search(r"\b(?:in|of|for|from|with|and|than|to|by|across|beside|within|or) $", before)
            if governed or running and not after.startswith(":"):
                yield f"“{region}” without “the”"
    for region in house.without_article:
        if match := re.search(
            rf"\bthe {re.escape(region)}(?=[.,;:)]|$| (?:and|or|is|has|was|are|have)\b)", sentence, re.I
        ):
            yield f"“{match[0]}” with “the”"


def sounds_like_vowel(word: str) -> bool | None:
    """Whether a word starts with a vowel sound; None if either is said."""
    if word[0].isdigit():
        digits = re.match(r"[\d,]+", word)[0].strip(",")
        plain = digits.replace(",", "")
        lead = plain[: len(plain) % 3 or 3] if len(plain) != 4 or "," in digits else plain[:2]
        return plain[0] == "8" or lead in ("11", "18")
    capitals = re.match(r"[A-Z]{2,}s?(?![a-z])", word)
    if capitals:
        letters, sound = word[0] in AS_LETTERS, word[0] in "AEIO"
        spelled = not re.search("[AEIOUY]", capitals[0])
        return letters if spelled or letters == sound else None
    if word[0].lower() == "h":
        return bool(SILENT_H.match(word))
    return word[0].lower() in "aeiou" and not AS_CONSONANT.match(word)


def articles(sentence: str) -> Iterator[str]:
    for match in ARTICLE.finditer(sentence):
        article, word = match[1], match[2]
        if article == "A" and word in ("and", "or", "is", "are", "in", "to"):
            continue
        vowel = sounds_like_vowel(word.strip("’'-") or "b")
        if vowel is not None and vowel != (article.lower() == "an"):
            yield f"“{article} {word}”"


def numbers(sentence: str) -> Iterator[str]:
    """Nouns and verbs in the wrong number."""
    for match in COUNTED.finditer(sentence):
        number, chain, following = match[1], match[2].lower().split(), match[3] or ""
        if is_year(number) or LABELLED.search(sentence[: match.start()]):
            continue
        nouns = [word for word in chain if word in PLURALS or word in SINGULARS]
        if amount(number) == 1:
            wrong = nouns[0] in SINGULARS
        else:
            compound = following.endswith("s") and following.lower() not in (
                *HAS,
                "as",
                "this",
                "its",
                "across",
                "less",
                "plus",
                "unless",
            )
            wrong = nouns[-1] in PLURALS and not any(noun in SINGULARS for noun in nouns) and not compound
        if wrong:
            yield f"“{number} {' '.join(chain)}”"
    for match in ONE_OF_ONE.finditer(sentence):
        yield f"“{match[0]}”"
    for match in VERB.finditer(sentence):
        number, noun, verb = match["part"] or match["number"], match["noun"].lower(), match["verb"].lower()
        if NOT_SUBJECT.search(sentence[: match.start()]) or is_year(number):
            continue
        # A noun in the wrong number is a fault already.
        if not match["part"] and (amount(number) == 1) != (noun in PLURALS):
            continue
        if verb in (HAVE if amount(number) == 1 else HAS):
            yield f"“{match[0]}”"


def marks(sentence: str, kind: str, first: bool) -> Iterator[str]:
    """Faults of spaces, punctuation and capitals."""
    for pattern, name in COMPILED_MARKS:
        # A key to a chart has spaces for its colours.
        if (match := pattern.search(sentence)) and not (name == "double space" and not ends(sentence)):
            yield f"{name}: “{sentence[max(0, match.start() - 12) : match.end() + 12]}”"
    start = re.sub(r"^[“‘\"'(]+", "", sentence).split(" ")[0]
    sentence_like = ends(sentence) or not first or len(sentence.split()) >= 6
    if (
        kind not in ("item", "label")
        and sentence_like
        and re.match(r"[a-z]", start)
        and not re.search(r"[A-Z@]|://|\w\.\w", start)
    ):
        yield "no capital at the start"


COMPILED_MARKS = [(re.compile(pattern, 0 if "None" in pattern else re.I), name) for pattern, name in MARKS]


def balance(text: str) -> Iterator[str]:
    """Quotation marks and brackets that are not closed."""
    if text.count("“") != text.count("”") or text.count('"') % 2:
        yield "unbalanced quotation marks"
    if len(re.findall(r"‘", text)) > text.count("’"):
        yield "unbalanced quotation marks"
    if text.count("(") != len(re.findall(r"(?<!\b\w)\)", text)) and text.count("(") != text.count(")"):
        yield "unbalanced brackets"


def faults_of(sentence: str, kind: str, first: bool, house: House) -> Iterator[tuple[str, str]]:
    """The faults of one sentence, each with its rule."""
    running = ends(sentence)
    words = sum(bool(re.search(r"\w", word)) for word in sentence.split())
    if words > LONGEST:
        yield "long", f"{words} words"
    yield from (("banned", fault) for fault in banned(sentence, house.theirs))
    yield from (("region", fault) for fault in regions(sentence, running, house))
    yield from (("article", fault) for fault in articles(sentence))
    yield from (("number", fault) for fault in numbers(sentence))
    yield from (("marks", fault) for fault in marks(sentence, kind, first))


# ---------------------------------------------------------------- reports


def abbreviations(blocks: list[Block], terms: set) -> Iterator[tuple[str, str]]:
    """Abbreviations that the report does not explain, each with the text in which it stands first."""
    explained = KNOWN | terms
    seen = {}
    for block in blocks:
        for word in re.findall(r"(?<![-\w.@/])(?:[a-z]{0,2}[A-Z]{2,6})(?=s?\b)(?![-\w]*[\d@])", block.text):
            seen.setdefault(word, block.text)
            if block.text.startswith(f"{word}:"):
                explained.add(word)
    for word, text in seen.items():
        if word not in explained and not re.fullmatch("[IVX]+", word):
            yield word, text


def faults(path: Path, house: House) -> tuple[int, int, list]:
    """The numbers of sentences and words of a report, and its faults as (rule, what, sentence)."""
    blocks, terms, ended = read(path)
    has_submission = path.parent.name in ("local", "submission")
    missing = has_submission and not ended
    found = [("submission", "no heading at the destination", "submission")] if missing else []
    seen, total, words = {"alt": Counter(), "text": Counter()}, 0, 0
    as_written = {}
    for block in blocks:
        if block.kind in HIDDEN.values():
            continue
        parts = sentences(block.text)
        note = any(NOTE.match(part) for part in parts)
        for number, sentence in enumerate(parts):
            total += 1
            words += len(sentence.split())
            key = sentence.casefold()
            if key.strip("“”?. ") in house.whole:
                continue
            kind = "text" if block.kind == "label" and ends(sentence) else block.kind
            found.extend((rule, what, sentence) for rule, what in faults_of(sentence, kind, number == 0, house))
            if len(sentence.split()) >= 4 and not note and kind not in ("label", "heading"):
                seen["alt" if kind == "alt" else "text"][key] += 1
                as_written.setdefault(key, sentence)
        found.extend(("marks", what, block.text) for what in balance(block.text))
    for place, counts in seen.items():
        where = " in alternative texts" if place == "alt" else ""
        found.extend(("twice", f"{count} times{where}", as_written[key]) for key, count in counts.items() if count > 1)
    found.extend(("abbreviation", word, text) for word, text in abbreviations(blocks, terms))
    return total, words, found


def house_of(evaluation: Path) -> House:
    """The names of the evaluation, and the words that are its own."""
    with (evaluation / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {row["region"] for row in rows if row.get("region")}
    taking = sorted((name for name in names if TAKES_ARTICLE.match(name)), key=len, reverse=True)
    areas = {row["name"] for row in rows}
    theirs = {
        text.casefold() for text in strings(tomllib.loads((evaluation / "questionnaire.toml").read_text("utf-8")))
    }
    return House(
        regions=taking,
        without_article=sorted(names - set(taking)),
        areas=sorted((area for area in areas if any(region in area for region in taking)), key=len, reverse=True),
        theirs=sorted(
            (text for text in theirs | {area.casefold() for area in areas} if ANY_BANNED.search(text)),
            key=len,
            reverse=True,
        ),
        whole={text.strip("?. ") for text in theirs},
        names={row["code"]: row["name"] for row in rows},
    )


def check_rules() -> None:
    """Each rule finds the fault of a sentence made for it, and none in good sentences."""
    house = House(
        ["North West", "East of England", "East Midlands"],
        ["London", "Yorkshire and The Humber"],
        ["North West Leicestershire"],
        ["best practice"],
        set(),
        {},
    )
    bad = {
        "long": [
            "The area answered " + "and then said " * 8 + "nothing.",
            "He said that " + "it was, and " * 9 + "it was.",
        ],
        "banned": [
            "It is shown in order to help.",
            "This cannot be told.",
            "The gap is significant.",
            "It is the best area.",
            "Leeds is higher on five and lower on one.",
            "Leeds is higher than England on none and lower on none.",
            "On the one measure in this section that can be compared, Leeds is higher.",
            "The gap is due to chance.",
            "On each of the measures that can be compared, Leeds is similar.",
            "Ask the managers and/or the leads.",
        ],
        "region": [
            "There are 20 areas in North West.",
            "North West has 20 areas.",
            "Base: 1 in Hackney, 31 in East of England.",
            "Leeds and the London.",
            "This is lower than East Midlands, and higher than England.",
        ],
        "article": [
            "It is a area.",
            "It is an unit.",
            "It takes a hour.",
            "It is an one.",
            "It is an CAF form.",
            "It is a eCAF form.",
            "It has a 8 per cent gap.",
            "It has a 11 point gap.",
            "It has an 1 point gap.",
            "It has a 18 point gap.",
            "It has an 110 point gap.",
            "It is a NHS service.",
            "It is an UK figure.",
            "It is a “agreed” answer.",
            "It is a unimportant gap.",
        ],
        "number": [
            "There are 1 areas.",
            "There is one managers.",
            "It is one of the 1 that answered.",
            "There is 2 area.",
            "It has two manager.",
            "One manager have answered.",
            "Two managers has answered.",
            "Eight of nine managers has answered.",
            "One of nine managers have answered.",
            "There are two people and 3 person.",
            "Two other areas was similar.",
            "1,143 area gave it.",
        ],
        "marks": [
            "There are two  spaces.",
            "There is a space .",
            "There are two stops..",
            "there is no capital.",
            "Was it asked?.",
            "It is the the same.",
            "This one, , is wrong.",
        ],
    }
    for rule, texts in bad.items():
        for text in texts:
            found = {name for sentence in sentences(text) for name, _ in faults_of(sentence, "text", True, house)}
            assert found == {rule}, f"{rule} is not the only fault found: {found}: {text}"
    good = [
        "The area " + "and then said " * 7 + "no more.",
        "There are 20 areas in the North West and 31 in London.",
        "The North West and East Midlands differ.",
        "North West Leicestershire answered.",
        "Yorkshire and The Humber has 14 areas.",
        "A unit, an hour, a one, a CAF, an eCAF.",
        "An 8, an 11, an 18, a 1, an 80, a 110.",
        "It is an 11,000 gap, an NHS one, a user and an unidentified one.",
        "One of nine managers has answered.",
        "None was left blank.",
        "One area and two managers have answered.",
        "Two area reports are here.",
        "Nine sector managers were asked.",
        "In 2008 area reports were made.",
        "One manager has answered, and 8 of 9 managers have not.",
        "The share of two managers is shown.",
        "Figure 1 areas are shown.",
        "One area reports that it began.",
        "He asked e.g. two people.",
        "“How far has it come?” was asked.",
        "The best practice of others helped.",
        "eCAF is planned.",
        "Each of the 142 other areas gave it.",
        "The median of 142 areas is shown.",
        "It is higher on trust.",
        "It was given by 1 in 5 managers.",
        "The 12 months to June 2008 were asked about.",
    ]
    for text in good:
        found = [fault for sentence in sentences(text) for fault in faults_of(sentence, "text", True, house)] + [
            *balance(text)
        ]
        assert not found, f"not a fault: {found}: {text}"
    for text in ("It is “open.", "It is open”.", "It is (open."):
        assert [*balance(text)], text
    assert not [*regions("Local area report · North West", False, house)]
    assert sentences("It is one. “Is it?” Base: 2. He said e.g. this.") == [
        "It is one.",
        "“Is it?”",
        "Base: 2.",
        "He said e.g. this.",
    ]
    blocks = [Block("text", "The CAFs: MPs, eCAF, IT and TAC."), Block("item", "TAC: team"), Block("cell", "Part II")]
    assert {word for word, _ in abbreviations(blocks, {"CAF"})} == {"MP", "eCAF"}


def main(evaluation: str, run: str) -> int:
    check_rules()
    house = house_of(Path(evaluation))
    paths = reports(run, "*")
    with Pool(2) as pool:
        results = pool.map(partial(faults, house=house), paths, chunksize=4)
    groups, rules = {}, Counter()
    regions_longest_first = sorted([*house.regions, *house.without_article], key=len, reverse=True)
    for path, (_, _, found) in zip(paths, results):
        code = next(
            (code for code in sorted(house.names, key=len, reverse=True) if path.name.startswith(f"{code}-")), ""
        )
        for rule, what, sentence in found:
            rules[rule] += 1
            alike = f"{what} {sentence}".replace(house.names.get(code, "\0"), "…")
            for region in regions_longest_first:
                alike = alike.replace(region, "…")
            groups.setdefault((rule, re.sub(r"\d[\d,]*", "#", alike)), []).append((path.name, what, sentence))
    for (rule, _), alike in sorted(groups.items(), key=lambda group: group[0][0]):
        name, what, sentence = alike[0]
        others = len({name for name, _, _ in alike}) - 1
        print(f"{name}{f' and {others} more' if others else ''}: {rule} ({what}): {sentence}")
    total, words = sum(result[0] for result in results), sum(result[1] for result in results)
    by_rule = ", ".join(f"{count} {rule}" for rule, count in sorted(rules.items()))
    of_them = f" ({by_rule})" if by_rule else ""
    print(f"{len(paths)} reports, {total} sentences, {words} words: {sum(rules.values())} faults{of_them}")
    return 1 if rules or not total else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
