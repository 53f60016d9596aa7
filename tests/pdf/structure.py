"""Checks the structure of PDF files for what validators do not require.

usage: structure.py FILE.pdf...          exit 0: nothing found, 1: something found

Every table must have header cells with a scope and rows of equal length, and every figure its own alternative text and
a description below it. Headings must not skip levels. Attachments must state their relationship, description and type.
"""

import sys
from collections.abc import Iterator

import pikepdf

# An alternative text names the type, subject and finding: it is neither a file name nor just a few words.
LEAST_WORDS = 12
HEADINGS = [f"/H{level}" for level in range(1, 7)]


def children(element: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """The structure elements directly below an element."""
    below = element.get("/K", [])
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child


def elements(root: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """All structure elements below an element, in reading order."""
    for child in children(root):
        yield child
        yield from elements(child)


def attribute(element: pikepdf.Dictionary, key: str) -> str | int | None:
    """An attribute of an element, whichever of its dictionaries holds it."""
    held = element.get("/A", [])
    for attributes in held if isinstance(held, pikepdf.Array) else [held]:
        if isinstance(attributes, pikepdf.Dictionary) and key in attributes:
            value = attributes[key]
            return int(value) if isinstance(value, int) else str(value)
    return None


def table(element: pikepdf.Dictionary) -> Iterator[str]:
    """What is wrong with a table."""
    rows = [row for row in elements(element) if row.S == "/TR"]
    if not rows:
        yield "a table without rows"
        return
    widths = {sum(int(attribute(cell, "/ColSpan") or 1) for cell in children(row)) for row in rows}
    if len(widths) > 1:
        yield f"a table with rows of {sorted(widths)} cells"
    for number, row in enumerate(rows):
        cells = list(children(row))
        wanted = {0: [(cell, "/Column") for cell in cells]}.get(number, [(cells[0], "/Row")])
        for cell, scope in wanted:
            if cell.S != "/TH" or attribute(cell, "/Scope") != scope:
                yield f"row {number + 1} of a table has a {cell.S} with scope {attribute(cell, '/Scope')}, not {scope}"


def figures(found: list[pikepdf.Dictionary]) -> Iterator[str]:
    """What is wrong with charts: their alternative text, and the visible description that must follow."""
    for element, following in zip(found, [*found[1:], {}]):
        if element.S == "/Figure" and following.get("/S") != "/P":
            yield f"a figure is not followed by a paragraph but by {following.get('/S')}"
    texts = [str(element.get("/Alt", "")) for element in found if element.S == "/Figure"]
    for text in texts:
        if len(text.split()) < LEAST_WORDS:
            yield f"a figure with too short an alternative text: {text!r}"
    if len(set(texts)) < len(texts):
        yield "two figures with the same alternative text"


def headings(found: list[pikepdf.Dictionary]) -> Iterator[str]:
    """What is wrong with the order of headings."""
    levels = [HEADINGS.index(str(element.S)) + 1 for element in found]
    if not levels or levels[0] != 1:
        yield "the first heading is not of the first level"
    for above, below in zip(levels, levels[1:]):
        if below > above + 1:
            yield f"a heading of level {below} directly below one of level {above}"


def attachments(document: pikepdf.Pdf) -> Iterator[str]:
    """What is wrong with the attached files."""
    names = list(document.attachments)
    for end in ("-facts.json", "-submission.csv"):
        if sum(name.endswith(end) for name in names) != 1:
            yield f"the attachments are {names}: exactly one must end in {end}"
    if len(document.Root.get("/AF", [])) != len(names):
        yield "an attachment that the catalog does not list"
    for name in names:
        held = document.attachments[name]
        if held.obj.get("/AFRelationship") != "/Data" or not held.description or not held.get_file().mime_type:
            yield f"{name} lacks its relationship, its description or its type"


def faults(document: pikepdf.Pdf) -> Iterator[str]:
    """Everything that is wrong with a file."""
    root = document.Root
    if root.get("/Lang") != "en-GB":
        yield f"the language is {root.get('/Lang')}"
    if "/Title" not in document.docinfo or not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "no title, or it is not shown"
    if "/First" not in root.get("/Outlines", {}):
        yield "no bookmarks"
    found = list(elements(root.StructTreeRoot))
    tables = [element for element in found if element.S == "/Table"]
    if not tables:
        yield "no table"
    for element in tables:
        yield from table(element)
    yield from figures(found)
    yield from headings([element for element in found if element.S in HEADINGS])
    yield from attachments(document)


def main(paths: list[str]) -> int:
    count = 0
    for path in paths:
        with pikepdf.open(path) as document:
            for fault in faults(document):
                count += 1
                print(f"{path}: {fault}")
    print(f"{len(paths)} files, structure: {count} faults")
    return 1 if count or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
