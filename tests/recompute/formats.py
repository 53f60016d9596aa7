"""Compares what the editions of each report say, word for word and number for number.

usage: formats.py EVALUATION RUN      exit 0: the same in all, 1: something differs

Reads the PDFs with pypdfium2, web pages with Python's own parser and plain text as it is: no code of the program.
"""

import json
import re
import sys
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2

# What only the form of an edition brings with it: the scale of charts.
SCALE = {"0", "50", "100"}
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


class Words(HTMLParser):
    """The text of a web page, without its style and the second drawing of each chart."""

    def __init__(self):
        super().__init__()
        self.words, self.hidden = [], 0

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in ("style", "head")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "head")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def text_of(path):
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            return "\n".join(page.get_textpage().get_text_range() for page in document), len(document)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        words = Words()
        words.feed(text)
        text = " ".join(words.words)
    return text, 0


def main(evaluation, run):
    manifest = json.loads((run / "manifest.json").read_text())
    reports = defaultdict(dict)
    for entry in manifest["reports"]:
        reports[entry["kind"], entry["subject"], entry["language"]][entry["format"]] = entry
    compared = faults = 0
    for report, editions in reports.items():
        facts = {entry["facts"]["file"] for entry in editions.values()}
        if len(facts) > 1:
            print(f"{report}: several files with facts: {sorted(facts)}")
            faults += 1
        said = {}
        for form, entry in editions.items():
            text, pages = text_of(run / entry["report"]["file"])
            said[form] = set(NUMBER.findall(text)), pages
        of_form = SCALE | {str(page) for page in range(1, max(pages for _, pages in said.values()) + 1)}
        of_form |= set(NUMBER.findall(f"{report[1]} {manifest['evaluation']}"))
        whole = set.union(*(numbers for numbers, _ in said.values()))
        for form, (numbers, _) in said.items():
            compared += 1
            missing = whole - numbers - of_form
            if missing:
                faults += 1
                print(f"{entry['report']['file']}, {form}: lacks {', '.join(sorted(missing)[:12])}")
    print(f"{len(reports)} reports, {compared} editions: {faults} faults")
    return 1 if faults or not compared else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
