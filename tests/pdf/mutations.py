"""Breaks a valid report in every way that structure.py should detect, and checks that it does.

usage: mutations.py FILE.pdf          exit 0: every fault was found, 1: at least one was not
"""

import sys

import pikepdf
from structure import HEADINGS, attribute, children, elements, faults


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
}


def main(path: str) -> int:
    missed = 0
    for name, mutate in MUTATIONS.items():
        with pikepdf.open(path) as document:
            assert not list(faults(document)), f"{path} already has faults"
            mutate(document)
            if not list(faults(document)):
                missed += 1
                print(f"not found: {name}")
    print(f"{len(MUTATIONS)} mutations: {missed} not found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
