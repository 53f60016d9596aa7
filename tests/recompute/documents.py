"""Reads the finished reports of a run with other PDF libraries."""

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2


def reports(run: str) -> list[Path]:
    """All reports of a run, sorted by name."""
    return sorted(Path(run).glob("local/*.pdf"))


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
