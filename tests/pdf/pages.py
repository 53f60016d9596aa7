"""Measures the pages of PDF reports: how full they are, how large their text is, and what they cut apart.

usage: pages.py FILE.pdf|FOLDER...          exit 0: nothing found, 1: something found

Every page must be seven tenths full, except the cover and the last page of a part. A heading, a caption and a sentence
that ends in a colon must stand on the page of what follows them. A table that goes over a page must have three rows on
each. Every page must have text, and none of it may be too small to read.
"""

import io
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import Pool
from pathlib import Path
from statistics import median

import pikepdf
import pypdfium2
from pypdfium2 import raw
from structure import HEADINGS, destination, destinations, kids, numbers, reached

MILLIMETRE = 72 / 25.4
# The text of a page, from its upper edge; the header is above it, the footer below.
TEXT_START = 27 * MILLIMETRE
TEXT_END = 273 * MILLIMETRE
LEAST_FILL = 0.7
LEAST_ROWS = 3
# Nine and a half points, less what is lost when a drawing is scaled.
LEAST_SIZE = 9.4
# The names of the headings that parts begin with; a report need not have them.
PARTS = ["methods", "submission"]
PROCESSES = 2


@dataclass
class Tag:
    """A structure element; its content is a range of the pieces of the document."""

    kind: str
    start: int
    end: int = 0
    below: list["Tag"] = field(default_factory=list)


@dataclass
class Report:
    """What was measured. Pages are counted from one; only those that must be full have a fill."""

    pages: int
    size: int
    fills: dict[int, float]
    faults: list[tuple[int, str]]


def tagged(element: pikepdf.Dictionary, page_of: dict, pieces: list[tuple[int, int]]) -> Tag:
    """An element with all below it. Adds its content, as pages with numbers of marked content, in reading order."""
    tag = Tag(str(element.get("/S", "")), len(pieces))
    for child in kids(element):
        if isinstance(child, int):
            pieces.append((page_of[element.Pg.objgen], child))
        elif "/S" in child:
            tag.below.append(tagged(child, page_of, pieces))
        elif "/MCID" in child:
            pieces.append((page_of[child.get("/Pg", element.get("/Pg")).objgen], int(child.MCID)))
    tag.end = len(pieces)
    return tag


def tags(above: Tag) -> Iterator[Tag]:
    """All elements below an element, in reading order."""
    for tag in above.below:
        yield tag
        yield from tags(tag)


def texts(page: pypdfium2.PdfPage) -> Iterator[tuple[int, float, str]]:
    """The pieces of text of a page: the number of the marked content, or -1, the size as printed, and the words."""
    for found in page.get_objects([raw.FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage()):
        matrix = found.get_matrix()
        container = found.container
        while container:
            matrix = matrix.multiply(container.get_matrix())
            container = container.container
        size = found.get_font_size() * math.hypot(matrix.c, matrix.d)
        yield raw.FPDFPageObj_GetMarkedContentID(found), size, found.extract()


def fill(page: pypdfium2.PdfPage) -> float:
    """How far down the text area of a page there is ink, as a share of its height."""
    picture = page.render(grayscale=True)
    pixels, width = bytes(picture.buffer), picture.width
    for row in range(round(TEXT_END), round(TEXT_START), -1):
        if pixels[(row - 1) * picture.stride :][:width].strip(b"\xff"):
            return (row - TEXT_START) / (TEXT_END - TEXT_START)
    return 0.0


def part_ends(document: pikepdf.Pdf, pieces: list[tuple[int, int]]) -> set[int]:
    """The last pages of parts: that of the document, and each before a page that a part begins at the top of."""
    named, page_of, first = destinations(document), numbers(document), dict(reversed(pieces))
    ends = {len(document.pages)}
    for name in PARTS:
        found = destination(named, page_of, name)
        if found and first.get(found.page) == reached(document, found):
            ends.add(found.page - 1)
    return ends


def cut_off(root: Tag, pieces: list[tuple[int, int]], words: dict[tuple[int, int], str]) -> Iterator[tuple[int, str]]:
    """What should stand on the page of the next content, but does not."""
    for tag in tags(root):
        text = "".join(words.get(piece, "") for piece in pieces[tag.start : tag.end]).strip()
        leads_in = tag.kind == "/P" and text.endswith((":", "："))
        if tag.start == tag.end or not (leads_in or tag.kind == "/Caption" or tag.kind in HEADINGS):
            continue
        page = pieces[tag.end - 1][0]
        if tag.end == len(pieces) or pieces[tag.end][0] != page:
            kind = "a heading" if tag.kind in HEADINGS else "a caption" if tag.kind == "/Caption" else "a lead-in"
            yield page, f"{kind} is the last on its page: {text!r}"


def cut_tables(root: Tag, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Tables with too few rows before or after a page break, unless it goes through a row: that is long free text.

    Headers that are repeated are no part of a table.
    """
    for table in tags(root):
        if table.kind != "/Table":
            continue
        rows = Counter({page: 0 for page, _ in pieces[table.start : table.end]})
        for row in tags(table):
            on = {page for page, _ in pieces[row.start : row.end]}
            if row.kind == "/TR" and any(cell.kind == "/TD" for cell in row.below):
                rows.update({page: 1 if len(on) == 1 else LEAST_ROWS for page in on})
        for page, count in rows.items():
            if len(rows) > 1 and count < LEAST_ROWS:
                yield page, f"a table on pages {min(rows)} to {max(rows)} has too few rows here: {count}"


def measured(content: bytes) -> Report:
    """Measures a report."""
    with pikepdf.open(io.BytesIO(content)) as document, pypdfium2.PdfDocument(content) as drawn:
        pieces: list[tuple[int, int]] = []
        root = tagged(document.Root.StructTreeRoot, numbers(document), pieces)
        drawings = {piece for tag in tags(root) if tag.kind == "/Figure" for piece in pieces[tag.start : tag.end]}
        words, fills, faults = defaultdict(str), {}, []
        may_be_short = {1} | part_ends(document, pieces)
        for number, page in enumerate(drawn, 1):
            small = set()
            for content_number, size, text in texts(page):
                words[number, content_number] += text
                if size < LEAST_SIZE and text.strip():
                    small.add(round(size, 2))
            if number not in may_be_short:
                fills[number] = fill(page)
                if fills[number] < LEAST_FILL:
                    faults.append((number, f"only {fills[number]:.0%} full"))
            if not any(words[piece].strip() for piece in pieces if piece[0] == number and piece not in drawings):
                faults.append((number, "no text"))
            if small:
                faults.append((number, f"text of {', '.join(f'{size} pt' for size in sorted(small))}"))
        faults.extend(cut_off(root, pieces, words))
        faults.extend(cut_tables(root, pieces))
        return Report(len(document.pages), len(content), fills, sorted(faults))


def measured_file(path: Path) -> tuple[Path, Report]:
    return path, measured(path.read_bytes())


def main(arguments: list[str]) -> int:
    given = [Path(argument) for argument in arguments]
    paths = [path for one in given for path in (sorted(one.rglob("*.pdf")) if one.is_dir() else [one])]
    if not paths:
        print(__doc__, file=sys.stderr)
        return 1
    reports, lowest = [], (1.0, "")
    with Pool(PROCESSES) as pool:
        for path, report in pool.imap(measured_file, paths):
            reports.append(report)
            for page, fault in report.faults:
                print(f"{path} page {page}: {fault}")
            lowest = min([lowest, *((share, f"{path} page {page}") for page, share in report.fills.items())])
    pages, count = [report.pages for report in reports], sum(len(report.faults) for report in reports)
    print(
        f"{len(reports)} files, pages: {count} faults; {median(pages):g} pages, at most {max(pages)}; "
        f"{median(report.size for report in reports):.0f} bytes; lowest fill {lowest[0]:.0%} ({lowest[1]})"
    )
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
