"""Checks the structure of PDF files for what validators do not require.

usage: structure.py FILE.pdf...          exit 0: nothing found, 1: something found

Every table must have header cells with a scope and rows of equal length, and every figure its own alternative text and
a description below it. Headings must not skip levels. Attachments must state their relationship, description and type.
Entries of the contents must lead to headings, links must be described, notes referred to, and no element empty.
"""

import math
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pikepdf

# An alternative text names the type, subject and finding: it is neither a file name nor just a few words.
LEAST_WORDS = 12
HEADINGS = [f"/H{level}" for level in range(1, 7)]
NOTES = ["/Note", "/FENote"]
# A page with this many links to other pages shows the contents.
MANY_LINKS = 4
# A link leads to this far above its place, in points, so that there is some room over what it shows.
ROOM = 10


class Place(NamedTuple):
    """A place on a page; pages are counted from one."""

    page: int
    x: float
    y: float


def numbers(document: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    """The numbers of the pages, counted from one."""
    return {page.objgen: number for number, page in enumerate(document.pages, 1)}


def destinations(document: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """The named places of a file."""
    names = document.Root.get("/Names", {})
    return dict(pikepdf.NameTree(names.Dests)) if "/Dests" in names else {}


def destination(named: dict[str, pikepdf.Object], page_of: dict[tuple[int, int], int], target: object) -> Place | None:
    """Where a name, or what a link states instead of one, leads to; nothing if there is no such place."""
    if isinstance(target, (str, pikepdf.String, pikepdf.Name)):
        target = named.get(str(target).removeprefix("/"))
    if isinstance(target, pikepdf.Dictionary):
        target = target.get("/D")
    if not isinstance(target, pikepdf.Array) or len(target) < 4 or target[1] != "/XYZ":
        return None
    page = page_of.get(target[0].objgen)
    return Place(page, float(target[2]), float(target[3])) if page else None


def beginnings(page: pikepdf.Page) -> dict[int, tuple[float, float]]:
    """Where the first text of every piece of marked content of a page begins."""
    found: dict[int, tuple[float, float]] = {}
    current, kept, matrix, text = [], [], pikepdf.Matrix(), pikepdf.Matrix()
    for operands, operator in pikepdf.parse_content_stream(page, "q Q cm Tm Tj TJ BMC BDC EMC"):
        match str(operator):
            case "q":
                kept.append(matrix)
            case "Q":
                matrix = kept.pop()
            case "cm":
                matrix = pikepdf.Matrix(*operands) @ matrix
            case "Tm":
                text = pikepdf.Matrix(*operands) @ matrix
            case "EMC":
                current.pop()
            case "Tj" | "TJ":
                for number in current:
                    found.setdefault(number, (text.e, text.f))
            case _:
                properties = operands[-1]
                current.append(int(properties.get("/MCID", -1)) if isinstance(properties, pikepdf.Dictionary) else -1)
    found.pop(-1, None)
    return found


def reached(document: pikepdf.Pdf, place: Place) -> int | None:
    """The number of the marked content that begins nearest to a place and not above it."""
    below = {
        number: math.hypot(x - place.x, y - place.y)
        for number, (x, y) in beginnings(document.pages[place.page - 1]).items()
        if y <= place.y - ROOM
    }
    return min(below, key=below.get, default=None)


def kids(element: pikepdf.Dictionary) -> list[pikepdf.Object | int]:
    """What is directly below an element: other elements, numbers of marked content, and references to either."""
    below = element.get("/K", pikepdf.Array())
    return list(below) if isinstance(below, pikepdf.Array) else [below]


def children(element: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """The structure elements directly below an element."""
    for child in kids(element):
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
        # A tall chart goes on in the figure after it.
        goes_on = following.get("/S") == "/Figure" and str(following.get("/Alt", "")).startswith("The chart continues. ")
        if element.S == "/Figure" and following.get("/S") != "/P" and not goes_on:
            yield f"a figure is not followed by a paragraph but by {following.get('/S')}"
    texts = [str(element.get("/Alt", "")) for element in found if element.S == "/Figure"]
    for text in texts:
        if len(text.split()) < LEAST_WORDS:
            yield f"a figure with too short an alternative text: {text!r}"
    first = [text for text in texts if not text.startswith("The chart continues. ")]
    if len(set(first)) < len(first):
        yield "two figures with the same alternative text"


def headings(found: list[pikepdf.Dictionary]) -> Iterator[str]:
    """What is wrong with the order of headings."""
    levels = [HEADINGS.index(str(element.S)) + 1 for element in found]
    if not levels or levels[0] != 1:
        yield "the first heading is not of the first level"
    for above, below in zip(levels, levels[1:]):
        if below > above + 1:
            yield f"a heading of level {below} directly below one of level {above}"


def content(element: pikepdf.Dictionary, page_of: dict[tuple[int, int], int]) -> Iterator[tuple[int, int]]:
    """The page and number of every piece of content of an element and those below it."""
    for child in kids(element):
        if isinstance(child, int):
            yield page_of[element.Pg.objgen], child
        elif "/S" in child:
            yield from content(child, page_of)
        elif "/MCID" in child:
            yield page_of[child.get("/Pg", element.get("/Pg")).objgen], int(child.MCID)


def annotations(element: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """The link annotations of a link."""
    for child in kids(element):
        if isinstance(child, pikepdf.Dictionary) and child.get("/Type") == "/OBJR":
            yield child.Obj


def empty(found: list[pikepdf.Dictionary]) -> Iterator[str]:
    """Elements without content, children or a text instead of them."""
    kinds = Counter(
        str(element.S)
        for element in found
        if not kids(element) and not any(str(element.get(text, "")).strip() for text in ("/Alt", "/ActualText", "/E"))
    )
    for kind, count in kinds.items():
        yield f"{kind} is empty in {count} places"


def links(found: list[pikepdf.Dictionary]) -> Iterator[str]:
    """What is wrong with links: each needs an annotation, and words for those who cannot see it."""
    for element in found:
        if element.S == "/Link":
            held = list(annotations(element))
            if not held:
                yield "a link without an annotation"
            if not all(str(link.get("/Contents", element.get("/Alt", ""))).strip() for link in held):
                yield "a link without a description"


def entries(
    found: list[pikepdf.Dictionary], page_of: dict[tuple[int, int], int], reaches: dict
) -> list[pikepdf.Dictionary]:
    """The entries of the contents. If none are marked as such, they are the links of a page with many to other pages."""
    if listed := [element for element in found if element.S == "/TOCI"]:
        return listed
    away = []
    for element in found:
        on = {page for page, _ in content(element, page_of)} if element.S == "/Link" else set()
        if any(link.objgen in reaches and reaches[link.objgen][0] not in on for link in annotations(element)):
            away.append((element, on))
    counts = Counter(page for _, on in away for page in on)
    return [element for element, on in away if any(counts[page] >= MANY_LINKS for page in on)]


def references(document: pikepdf.Pdf, found: list[pikepdf.Dictionary]) -> Iterator[str]:
    """What is wrong with where links lead: those of the contents must lead to headings, and one or more to every note."""
    named, page_of = destinations(document), numbers(document)
    reaches: dict[tuple[int, int], tuple[int, int | None]] = {}
    for element in found:
        for link in annotations(element):
            target = link.get("/Dest", link.get("/A", {}).get("/D"))
            if place := destination(named, page_of, target):
                reaches[link.objgen] = place.page, reached(document, place)
            elif target is not None:
                yield f"a link leads nowhere: {link.get('/Contents')}"
    headed = {piece for element in found if element.S in HEADINGS for piece in content(element, page_of)}
    for entry in entries(found, page_of, reaches):
        held = [link for element in [entry, *elements(entry)] for link in annotations(element)]
        if not held:
            yield "an entry of the contents that is not a link"
        for link in held:
            if reaches.get(link.objgen) not in headed:
                yield f"an entry of the contents does not lead to a heading: {link.get('/Contents')}"
    referred = {other.objgen for element in found for other in element.get("/Ref", [])}
    linked = set(reaches.values())
    for element in found:
        if element.S in NOTES and element.objgen not in referred and linked.isdisjoint(content(element, page_of)):
            yield "a note that nothing refers to"


def attachments(document: pikepdf.Pdf) -> Iterator[str]:
    """What is wrong with the attached files."""
    names = list(document.attachments)
    # Only a report about an area is made from a submission.
    of_area = any(keyword.strip().startswith("area:") for keyword in str(document.docinfo.get("/Keywords", "")).split(","))
    ends = ["-facts.json", "-submission.csv"] if of_area else ["-facts.json"]
    if len(names) != len(ends) or any(sum(name.endswith(end) for name in names) != 1 for end in ends):
        yield f"the attachments are {names}: exactly one must end in each of {', '.join(ends)}, and no other be there"
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
    # Large print sets a table as a list, so a copy of a submission can do without tables there, but not without both.
    if not tables and not any(element.S == "/L" for element in found):
        yield "neither a table nor a list"
    for element in tables:
        yield from table(element)
    yield from figures(found)
    yield from headings([element for element in found if element.S in HEADINGS])
    yield from empty(found)
    yield from links(found)
    yield from references(document, found)
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
