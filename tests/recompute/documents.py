"""Reads the finished reports of a run with other PDF libraries."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import pikepdf
import pypdfium2

# Headers and footers are outside these heights of a page, in points.
TOP, BOTTOM = 780, 56
# A destination is this much higher than the place that it names.
ABOVE = 6


def reports(run: str, kind: str = "local") -> list[Path]:
    """The reports of a kind in a run, or with "*" of all kinds, sorted by name."""
    return sorted(Path(run).glob(f"{kind}/*.pdf"))


def pages(path: Path) -> list[str]:
    """The text of each page, with single spaces."""
    with pypdfium2.PdfDocument(path) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def alternatives(path: Path) -> list[str]:
    """All alternative text of the file."""
    with pikepdf.open(path) as document:
        elements = [item for item in document.objects if isinstance(item, pikepdf.Dictionary)]
        found = [str(element[key]) for element in elements for key in ("/Alt", "/ActualText") if key in element]
    return [" ".join(text.split()) for text in found]


def streams(path: Path) -> Iterator[str]:
    """All streams of the file, including attachments."""
    with pikepdf.open(path) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                data = item.read_bytes()
                yield data.decode("utf-16-be" if data[:2] == b"\xfe\xff" else "latin-1")


def destinations(path: Path) -> dict:
    """The page and the height on it of every named destination."""
    found = {}
    with pikepdf.open(path) as document:
        numbers = {page.objgen: number for number, page in enumerate(document.pages)}
        waiting = [document.Root.get("/Names", {}).get("/Dests", {})]
        while waiting:
            node = waiting.pop()
            waiting.extend(node.get("/Kids", []))
            names = list(node.get("/Names", []))
            for name, place in zip(names[::2], names[1::2]):
                place = place.D if isinstance(place, pikepdf.Dictionary) else place
                found[str(name)] = (numbers[place[0].objgen], float(place[3]) - ABOVE)
    return found


@cache
def straight() -> dict:
    """What stands for each sign that may differ between a file and a page; nothing for spaces."""
    quotes = {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2060": "", "\u00ad": "", "\ufffe": "-", "\x02": "-"}
    return str.maketrans(quotes)


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """Text without spaces and with straight quotation marks, which may differ between a file and a page."""
    return "".join(text.translate(straight()).split())


@dataclass
class Report:
    """The text of a report in parts, each with its lines on each page, without headers and footers.

    `columns` has the text of the page at a glance in its left and its right half."""

    name: str
    parts: dict
    figures: dict
    columns: tuple
    alternatives: list
    facts: dict

    def part(self, name: str) -> str:
        """The text of a part as one string of words."""
        return " ".join(" ".join(self.parts.get(name, [])).split())

    def figure(self, name: str) -> str:
        """The text of a figure as one string of words."""
        return " ".join(" ".join(self.figures.get(name, [])).split())

    def descriptions(self) -> str:
        """All alternative text, without spaces."""
        return plain(" ".join(self.alternatives))

    def before_submission(self) -> str:
        """Everything but the submission as received."""
        return " ".join(self.part(name) for name in self.parts if name != "submission")


def read(path: Path) -> Report:
    """Reads a report part by part."""
    places = destinations(path)
    order = sorted(places, key=lambda name: (places[name][0], -places[name][1]))
    parts = [name for name in order if not name.startswith(("figure/", "after/"))]
    with pypdfium2.PdfDocument(path) as document:
        texts = [page.get_textpage() for page in document]
        end = (len(texts) - 1, BOTTOM)

        def between(start: tuple, stop: tuple, left=0, right=2000) -> list:
            """The text of each page between two places."""
            found = []
            for number in range(start[0], stop[0] + 1):
                top = start[1] if number == start[0] else TOP
                bottom = stop[1] if number == stop[0] else BOTTOM
                if top > bottom:
                    found.append(texts[number].get_text_bounded(left=left, right=right, bottom=bottom, top=top))
            return found

        following = dict(zip(parts, [*(places[name] for name in parts[1:]), end]))
        middle = document[0].get_width() / 2
        glance = (places["glance"], following["glance"]) if "glance" in places else (end, end)
        return Report(
            path.name,
            {"cover": [texts[0].get_text_range()]} | {name: between(places[name], following[name]) for name in parts},
            {
                name: between(places[name], places.get(f"after/{name}", end))
                for name in order
                if name.startswith("figure/")
            },
            ("\n".join(between(*glance, right=middle)), "\n".join(between(*glance, left=middle))),
            alternatives(path),
            {fact["id"]: fact for fact in json.loads(path.with_suffix(".facts.json").read_text("utf-8"))["facts"]},
        )
