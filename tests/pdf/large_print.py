"""Reads the text of large-print PDFs with an independent program: how large it is, and how it is set.

usage: large_print.py POINTS FILE.pdf...      exit 0: nothing found, 1: something found

Nothing may be smaller than POINTS, nothing in italics, and no two words in a row in capitals.
"""

import re
import sys
from collections import defaultdict

import pdfminer.converter
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar

set_as = pdfminer.converter.PDFLayoutAnalyzer.render_char


def render_char(self, matrix, font, size, *rest, **named):
    """Notes the size of a letter as it is drawn: the size of its font, scaled by the matrix."""
    before = len(self.cur_item._objs)
    width = set_as(self, matrix, font, size, *rest, **named)
    for letter in self.cur_item._objs[before:]:
        letter.drawn_size = size * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
    return width


pdfminer.converter.PDFLayoutAnalyzer.render_char = render_char


def letters(item):
    if isinstance(item, LTChar):
        yield item
    elif hasattr(item, "__iter__"):
        for inner in item:
            yield from letters(inner)


def faults(file, points):
    for number, page in enumerate(extract_pages(file), 1):
        small, line = defaultdict(str), ""
        for letter in letters(page):
            line += letter.get_text()
            size = round(letter.drawn_size, 1)
            if size < points:
                small[size] += letter.get_text()
            if re.search("italic|oblique", letter.fontname, re.IGNORECASE):
                small["italic"] += letter.get_text()
        for size, text in small.items():
            yield f"page {number}: {text[:60]!r} is {size if size == 'italic' else f'{size} points'}"
        for words in re.findall(r"\b[A-Z]{2,} [A-Z]{2,}\b", line):
            yield f"page {number}: {words!r} is in capitals"


def reported(files, faults_of):
    """Prints the faults of files; 1 if there are any, or no files."""
    found = 0
    for file in files:
        for fault in faults_of(file):
            found += 1
            print(f"{file}: {fault}")
    print(f"{len(files)} files, {found} faults")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(reported(sys.argv[2:], lambda file: faults(file, float(sys.argv[1]))))
