"""Holds an easy-read PDF, which people write, to the rules that a program can check.

usage: easy_read.py FILE.pdf...      exit 0: nothing found, 1: something found

At most 24 pages, sentences of at most 15 words, no percentages, and no text smaller than 14 points.
"""

import re
import sys

import pypdfium2

from large_print import faults as small_letters, reported

PAGES, WORDS, POINTS = 24, 15, 14.0


def faults(file):
    with pypdfium2.PdfDocument(file) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    if len(pages) > PAGES:
        yield f"{len(pages)} pages"
    for number, page in enumerate(pages, 1):
        text = re.sub(r"\s+", " ", page)
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            if len(sentence.split()) > WORDS:
                yield f"page {number}: {len(sentence.split())} words in {sentence[:60]!r}"
        for share in re.findall(r"\d+ ?(?:%|per cent)", text):
            yield f"page {number}: {share!r} is a percentage"
    yield from small_letters(file, POINTS)


if __name__ == "__main__":
    sys.exit(reported(sys.argv[1:], faults))
