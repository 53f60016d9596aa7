"""Breaks a valid report in every way that structure.py and pages.py should detect, and checks that they do.

usage: mutations.py FILE.pdf          exit 0: every fault was found, 1: at least one was not
"""

import io
import sys
from pathlib import Path

import pikepdf
from pages import measured
from structure import HEADINGS, annotations, attribute, children, content, elements, faults, kids, numbers


def first(document: pikepdf.Pdf, *kinds: str) -> pikepdf.Dictionary:
    """The first element of any of these kinds."""
    return next(element for element in elements(document.Root.StructTreeRoot) if element.S in kinds)


def cells(document: pikepdf.Pdf, row: int) -> list[pikepdf.Dictionary]:
    """The cells of a row of the first table."""
    rows = [element for element in elements(first(document, "/Table")) if element.S == "/TR"]
    return list(children(rows[row]))


def without(holder: pikepdf.Dictionary, key: str) -> None:
    del holder[key]


def rename(element: pikepdf.Dictionary, kind: str) -> None:
    element.S = pikepdf.Name(kind)


def other_scope(cell: pikepdf.Dictionary) -> None:
    assert attribute(cell, "/Scope")
    cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Both)


def same_alternatives(document: pikepdf.Pdf) -> None:
    for element in elements(document.Root.StructTreeRoot):
        if element.S == "/Figure":
            element.Alt = "Bar chart. " + "The same words stand under every chart of this report. " * 2


def bare_figure(document: pikepdf.Pdf) -> None:
    found = list(elements(document.Root.StructTreeRoot))
    figure = next(number for number, element in enumerate(found) if element.S == "/Figure")
    rename(found[figure + 1], "/Span")


def attached(document: pikepdf.Pdf, end: str) -> pikepdf.AttachedFileSpec:
    return next(file for name, file in document.attachments.items() if name.endswith(end))


def entry_link(document: pikepdf.Pdf) -> pikepdf.Dictionary:
    """The annotation of the first entry of the contents."""
    return next(link for element in elements(first(document, "/TOCI")) for link in annotations(element))


def bare_entry(document: pikepdf.Pdf) -> None:
    """Leaves the first entry of the contents the words of its link only."""
    link = next(element for element in elements(first(document, "/TOCI")) if element.S == "/Link")
    link.K = pikepdf.Array([kid for kid in kids(link) if isinstance(kid, int)])
    rename(link, "/Span")


def elsewhere(document: pikepdf.Pdf) -> None:
    """Makes the first entry of the contents lead to the foot of its own page."""
    page = document.pages[next(content(first(document, "/TOC"), numbers(document)))[0] - 1]
    entry_link(document).Dest = pikepdf.Array([page.obj, pikepdf.Name.XYZ, 0, 0, 0])


def before(document: pikepdf.Pdf, number: int, operators: bytes) -> None:
    """Has something happen before a page is drawn; pages are counted from one."""
    document.pages[number - 1].contents_add(operators, prepend=True)


def last_on_page(document: pikepdf.Pdf, number: int, kind: str) -> None:
    """Makes the element that a page ends with one of another kind."""
    root, page_of = document.Root.StructTreeRoot, numbers(document)
    last = [piece for piece in content(root, page_of) if piece[0] == number][-1]
    rename([element for element in elements(root) if last in content(element, page_of)][-1], kind)


def lonely_rows(document: pikepdf.Pdf) -> None:
    """Moves the last row of a table to the start of one on a later page."""
    page_of = numbers(document)
    tables = [element for element in elements(document.Root.StructTreeRoot) if element.S == "/Table"]
    pages = [{page for page, _ in content(element, page_of)} for element in tables]
    number = next(n for n in range(len(pages) - 1) if max(pages[n]) < min(pages[n + 1]))
    above, below = tables[number], tables[number + 1]
    below.K.insert(0, above.K[-1])
    del above.K[-1]


# What structure.py detects.
MUTATIONS = {
    "no language": lambda d: without(d.Root, "/Lang"),
    "the title is not shown": lambda d: without(d.Root, "/ViewerPreferences"),
    "no bookmarks": lambda d: without(d.Root, "/Outlines"),
    "a header is a plain cell": lambda d: rename(cells(d, 0)[1], "/TD"),
    "a header with the wrong scope": lambda d: other_scope(cells(d, 0)[0]),
    "a row without a header": lambda d: rename(cells(d, 1)[0], "/TD"),
    "a row with a missing cell": lambda d: rename(cells(d, 1)[1], "/Artifact") or without(cells(d, 1)[1], "/S"),
    "no alternative text": lambda d: without(first(d, "/Figure"), "/Alt"),
    "a file name as the alternative text": lambda d: setattr(first(d, "/Figure"), "Alt", "figure-1.svg"),
    "the same alternative text": same_alternatives,
    "no description below a chart": bare_figure,
    "a skipped heading level": lambda d: rename(first(d, "/H2"), "/H3"),
    "no heading of the first level": lambda d: rename(first(d, *HEADINGS), "/H2"),
    "a missing attachment": lambda d: d.attachments.pop(attached(d, "-facts.json").filename),
    "an attachment that is not data": lambda d: setattr(
        attached(d, "-submission.csv").obj, "AFRelationship", pikepdf.Name.Unspecified
    ),
    "attachments that the catalog does not list": lambda d: without(d.Root, "/AF"),
    "an entry of the contents that is no link": bare_entry,
    "an entry of the contents that leads to no heading": elsewhere,
    "an entry of the contents that leads nowhere": lambda d: setattr(entry_link(d), "Dest", pikepdf.String("nowhere")),
    "an element without content": lambda d: without(first(d, "/P"), "/K"),
    "a table cell without content": lambda d: without(cells(d, 1)[1], "/K"),
    "a note that nothing refers to": lambda d: rename(first(d, "/P"), "/Note"),
    "a link without a description": lambda d: without(entry_link(d), "/Contents"),
    "a link without an annotation": lambda d: rename(first(d, "/P"), "/Link"),
}

# What pages.py detects, on a page that must be full.
PAGES = {
    "half a page": lambda d, page: before(d, page, b"0 421 596 421 re W n"),
    "a heading at the foot of a page": lambda d, page: last_on_page(d, page, "/H2"),
    "a caption at the foot of a page": lambda d, page: last_on_page(d, page, "/Caption"),
    "a table with one row on a page": lambda d, page: lonely_rows(d),
    "a page without text": lambda d, page: setattr(d.pages[page - 1], "Contents", d.make_stream(b"")),
    "text that is too small": lambda d, page: before(d, page, b"0.8 0 0 0.8 0 0 cm"),
}


def unfound(path: str) -> list[str]:
    """The mutations that structure.py does not detect."""
    with pikepdf.open(path) as document:
        assert not list(faults(document)), f"{path} already has faults"
    missed = []
    for name, mutate in MUTATIONS.items():
        with pikepdf.open(path) as document:
            mutate(document)
            if not list(faults(document)):
                missed.append(name)
    return missed


def unfound_pages(path: str) -> list[str]:
    """The mutations that pages.py does not detect: they add no fault to those that the report may have."""
    good = measured(Path(path).read_bytes())
    missed = []
    for name, mutate in PAGES.items():
        with pikepdf.open(path) as document:
            mutate(document, min(good.fills))
            broken = io.BytesIO()
            document.save(broken)
        if not set(measured(broken.getvalue()).faults) - set(good.faults):
            missed.append(name)
    return missed


def main(path: str) -> int:
    missed = unfound(path) + unfound_pages(path)
    for name in missed:
        print(f"not found: {name}")
    print(f"{len(MUTATIONS) + len(PAGES)} mutations: {len(missed)} not found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
