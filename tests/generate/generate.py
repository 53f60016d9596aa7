#!/usr/bin/env python3
"""Writes a random evaluation. Each seed gives different areas, sectors, questions, names and answers, but always the
same ones.

usage: generate.py SEED DIR [--large] [--scripts]

--large    up to 400 areas; without it there are 1 to 12
--scripts  adds names and remarks in Arabic, Hebrew, Chinese, Japanese, Devanagari and Thai, and with emoji

The folder DIR must not exist yet. Its README.md lists what is unusual about the evaluation.
"""

import argparse
import csv
import io
import json
import pathlib
import random
import sys

# ---------------------------------------------------------------------------------------------------- words

PLAIN_PLACES = (
    "Ash Beck Clay Dale Elm Fern Glen Holt Isle Kirk Lea Moor Nook Oak Pool Quay Ridge Stow Thorpe Upton Vale Wick "
    "Yew Leeds Derby Bath Kent Wells Stone Reading Sale Bury Hull Poole Ripon Truro Wigan Ely Diss Rye Deal Hove"
).split()
# Names that are also words of a report, contain each other, or have digits.
TRICKY_PLACES = [
    "March", "Food", "North", "Derby", "Derbyshire", "May", "Area", "Region", "England", "Total", "Local", "Your area",
    "Areas", "None", "Page", "Section", "Base", "All", "Other", "Yes", "No", "Nation", "Ham", "East Ham", "West Ham",
    "Ham, East", "Kingston upon Hull, City of", "Bristol, City of", "St. Helens", "King’s Lynn", "King's Lynn",
    "Area 51", "2008", "100 Mile House", "1", "20%", "50", "Westward Ho!", "Bath & North East Somerset", "Lead", "Report",
    "How to read this report", "Methods", "At a glance", "Don't know", "Not applicable", "The", "A", "O", "Y", "Å",
    "Stoke-on-Trent", "Weston-super-Mare", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "Taumatawhakatangihangakoauauotamateaturipukakapikimaungahoronukupokaiwhenuakitanatahu", "Pages", "In place", "Begun",
]
DIACRITICS = [
    "Ynys Môn", "Sør-Trøndelag", "Île-de-France", "Łódź", "Kraków", "České Budějovice", "Győr", "Iași", "Şanlıurfa", "Ísafjörður",
    "Þingeyjarsveit", "Århus", "Malmö", "Zürich", "Côtes-d’Armor", "Córdoba", "Ñuñoa", "São Tomé", "Żywiec", "Ķekava", "Šiauliai",
    "Ġgantija", "Rēzekne", "Võru", "Brčko", "Đakovo", "Ống Sơn", "Hải Phòng", "Straße", "Œuvres", "Ærø", "Iğdır", "Ţara", "Ústí nad Labem",
]
GREEK = ["Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Ηράκλειο", "Λάρισα", "Βόλος", "Ιωάννινα", "Χανιά", "Καβάλα", "Ρόδος", "Ξάνθη", "Ψαρά"]
CYRILLIC = ["Київ", "Львів", "София", "Пловдив", "Београд", "Ниш", "Скопје", "Тверь", "Ґанок", "Їжак", "Ёлкино", "Улаанбаатар", "Щёлково"]
OTHER_SCRIPTS = {
    "arabic": ["القاهرة", "الإسكندرية", "دمشق", "بيروت", "تونس", "الرباط"],
    "hebrew": ["ירושלים", "חיפה", "תל אביב", "באר שבע", "עכו"],
    "chinese": ["北京市", "上海", "广州", "臺北", "重慶", "香港特別行政區"],
    "japanese": ["東京都", "おおさか", "サッポロ", "京都", "さいたま市"],
    "devanagari": ["दिल्ली", "मुंबई", "काठमांडू", "पुणे", "वाराणसी"],
    "thai": ["กรุงเทพ", "เชียงใหม่", "ภูเก็ต", "ขอนแก่น"],
    "emoji": ["Smile 😀", "🏫 School Hill", "Family 👨‍👩‍👧", "Flag 🇬🇧", "✅ Done", "Heart ❤️"],
}
SYNTAX = [
    "#let x = 1", "Ham #1", "$5 Hill", "<<Vale>>", "<% Dale %>", "{{ name }}", "[North]", "]South[", "*Star*", "_Under_", "@Home",
    "back\\slash", "\\", "C:\\area", "`tick`", "~Tilde~", "<label>", "<b>Bold</b>", "&amp; Co", "A & B", "\"Quoted\"", "O'Neil's",
    "“Curly”", "‘Single’", "// Slash", "/* Star */", "= Head", "- Dash", "+ Plus", "/ Term: x", "1. First", "...", "--", "---", "#", "$", "@",
    "%}", "{% raw %}", "<# note #>", "#}", "%>", ">>", "<<", "https://example.org/a_b#c", "a@b.example.org", "^", "x^2", "a_1", "|", ";",
    "#pagebreak()", "#include \"x\"", "#panic()", "$ x = 1 $", "100%", "a/b", "…", "→ there", "5 > 4 < 6", "(see note 3)",
]
SECTORS = [
    "schools", "libraries", "youth support", "early years", "social care", "health", "police", "sport and play", "third sector",
    "housing", "probation", "post-16 colleges", "under-5s", "children’s centres", "0-19 nurses", "CO2 reduction", "16+ teams", "NHS",
    "Connexions", "14–19 partnerships", "special schools", "Key Stage 2", "A&E", "IT", "play schemes", "museums", "GPs", "parks", "e-learning",
]
THEMES = [
    "Progress", "Food", "Movement", "Teams", "Money", "Training", "Sharing information", "CO2", "March", "Food and movement together",
    "Under-5s", "Outcomes", "Overview", "Methods", "What next?", "Children’s centres", "Staff", "1. Start", "2008 to 2009",
]
TITLES = [
    "Pace", "Priority", "Library cards", "Uses of the cards", "Engagement", "Own meals", "A mile a day", "Screen time", "Training", "Budget",
    "CO2", "Use of the CAF", "Barriers", "Key to success", "Evidence", "Steering group", "Sharing", "Visits in 2024", "Under-5s", "Staff turnover",
    "Waiting times over 18 weeks", "Top 10 risks", "Post-16 offer", "Meals cooked at school", "Change since 2007",
]
LABELS = [
    "Yes", "No", "Partly", "All of them", "Some of them", "A few", "Fast", "Slow", "Fully", "Begun", "Not begun", "In place", "Planned",
    "Every day", "Some days", "Never", "5 (high)", "4", "3", "2", "1 (low)", "0", "1-4", "5-9", "10+", "More than 50%", "Under 5", "Time", "Money",
    "Staff", "Trained cooks", "A school garden", "Leadership and commitment at the top of every organisation that takes part", "Other", "CO2",
    "Lack of time, money or staff", "£1,000 or more", "Children’s centres", "Post-16", "2007", "Twice a year", "Books", "Music", "Joint planning",
]
SENTENCES = [
    "Costs rose by 20% – £3.10 a meal.", "We need more time.", "Nothing to add", "See page 4 of our plan (2008-2011).", "12", "3 of 7 teams",
    "Our partners in Derby and in March were a great help.", "n/a", "None", "-", "x", "Call 01234 567890.", "Write to lead@area.example.org",
    "“Good,” she said — and left.", "#let it = $be$, *bold* or _not_; 1. <b> @you \"said\" C:\\dir", "100% of under-5s; CO2 down 1.5%",
    "https://example.org/a/very/long/path?with=query&and=more#part", "Café, naïve, Übermut, façade", "Half of them (½), 5 × 3 m², 20 °C",
    "don't know", "dont-know", "= Heading\n- item\n+ item\n/ term: text", "One line\nand another\n\nand a third", "\tTab", "//comment",
    "{{ secret }} {% if %} << area.name >> <% endif %> <# note #>", "$", "#", "]", "\\", "*", "_", "`", "~", "Région d’Île-de-France", "€5, £5, $5",
]
SYMBOLS = ["✓", "→", "≥ 5", "≤", "•", "☐", "½", "CO₂", "m²", "№ 5", "±", "™", "…", "″", "‰", "∞", "√", "α", "Ω", "ﬁ", "①", "★", "\u00a0", "\u00ad", "\u2011", "\u200b"]
ODD_CHARACTERS = ["\n", "\t", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u2028", "\u0301", "\u202e", "\ufeff", "\u0001", "\u007f", "\r\n", "  ", "\ufffd", "\ue000", "\U0010ffff"]
ODD_IDS = ["1", "-", "a--b", "none", "con", "all", "total", "0-19", "nation", "region", "other", "lead", "managers", "x" * 60, "national", "area"]


# ---------------------------------------------------------------------------------------------------- random choices


class Chance(random.Random):
    """Random choices, with the helpers that are used below."""

    def __init__(self, seed):
        super().__init__(f"evaluation {seed}")

    def maybe(self, probability):
        return self.random() < probability

    def weighted(self, pairs):
        """One of several weighted values; a pair (a, b) stands for a range."""
        value = self.choices([value for value, _ in pairs], [weight for _, weight in pairs])[0]
        return self.randint(*value) if isinstance(value, tuple) else value


# The unusual features that an evaluation may have, and their probabilities.
FEATURES = {
    "no-lead-questions": 0.08,
    "no-manager-questions": 0.08,
    "no-grid": 0.25,
    "no-measures": 0.10,
    "no-profile": 0.30,
    "no-key-figures": 0.15,
    "no-charts": 0.12,
    "no-text": 0.25,
    "only-text": 0.02,
    "one-option": 0.06,
    "many-options": 0.04,
    "many-sectors": 0.02,
    "many-questions": 0.01,
    "many-sections": 0.03,
    "many-measures": 0.03,
    "chains": 0.30,
    "sector-lists": 0.30,
    "odd-tallies": 0.03,
    "odd-routes": 0.02,
    "odd-ids": 0.04,
    "odd-option-ids": 0.03,
    "odd-characters": 0.02,
    "blank-words": 0.02,
    "same-words": 0.05,
    "same-names": 0.06,
    "long-words": 0.05,
    "long-texts": 0.05,
    "syntax": 0.15,
    "tricky-names": 0.15,
    "diacritics": 0.12,
    "greek": 0.04,
    "cyrillic": 0.04,
    "symbols": 0.04,
    "empty-sections": 0.05,
    "empty-submissions": 0.04,
    "routed-out": 0.03,
    "nobody-completed": 0.01,
    "not-all-completed": 0.25,
    "nearly-nothing": 0.08,
    "alike": 0.08,
    "published": 0.15,
    "wrong-published": 0.02,
    "wording": 0.06,
    "windows-files": 0.08,
    "no-recipients": 0.10,
    "odd-dates": 0.02,
    "no-disclosure": 0.10,
    "limits": 0.08,
}


class Generator:
    """Makes one evaluation."""

    def __init__(self, seed, large=False, scripts=False):
        self.chance = Chance(seed)
        self.large = large
        self.on = {name for name, often in FEATURES.items() if self.chance.maybe(often)}
        # Scripts use their own random numbers, so that they do not change the rest of a seed's evaluation.
        own = Chance(f"{seed} scripts")
        self.scripts = own.sample(sorted(OTHER_SCRIPTS), own.randint(1, 2)) if scripts and own.maybe(0.6) else []

    def has(self, feature):
        return feature in self.on

    # ------------------------------------------------------------------------------------------------ words

    def foreign(self, plain):
        """A name in one of the scripts of this evaluation, or one of the plain names."""
        pools = []
        for feature, pool in (("diacritics", DIACRITICS), ("greek", GREEK), ("cyrillic", CYRILLIC), ("syntax", SYNTAX)):
            if self.has(feature):
                pools.append(pool)
        pools.extend(OTHER_SCRIPTS[script] for script in self.scripts)
        if not pools or self.chance.maybe(0.5):
            return self.chance.choice(plain)
        return self.chance.choice(self.chance.choice(pools))

    def word(self, pool, often=0.15):
        """A name, title or label, with the unusual features of this evaluation."""
        chance = self.chance
        word = self.foreign(pool) if chance.maybe(0.6) else chance.choice(pool)
        if self.has("long-words") and chance.maybe(often):
            word += " " + chance.choice(["Donaudampfschifffahrtsgesellschaft" * chance.randint(1, 4), "x" * chance.randint(30, 200)])
        if self.has("long-texts") and chance.maybe(often):
            word += " " + " ".join(chance.choices(LABELS, k=chance.randint(10, 60)))
        if self.has("symbols") and chance.maybe(often):
            word += " " + chance.choice(SYMBOLS)
        if self.has("odd-characters") and chance.maybe(often):
            at = chance.randint(0, len(word))
            word = word[:at] + chance.choice(ODD_CHARACTERS) + word[at:]
        if self.has("blank-words") and chance.maybe(0.1):
            word = chance.choice(["", " ", "\u00a0", "\u200b"])
        return word

    def several(self, pool, number, compose=None):
        """Words from a pool, all different unless this evaluation allows duplicates."""
        words, tries = [], 0
        while len(words) < number:
            word = self.word(pool)
            tries += 1
            if word in words and not (self.has("same-words") and self.chance.maybe(0.2)):
                if tries > 3:
                    word = compose(word, len(words)) if compose else f"{word} {len(words) + 1}"
                if word in words:
                    continue
            words.append(word)
        return words

    def ids(self, stem, number, words=None):
        """Unique ids of lower-case letters, digits and hyphens."""
        ids = []
        for position in range(number):
            new = f"{stem}{position + 1}"
            if self.has("odd-ids") and self.chance.maybe(0.3):
                odd = self.chance.choice(ODD_IDS)
                new = odd if odd not in ids else new
            elif words and self.chance.maybe(0.5):
                slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in words[position].lower()).strip("-")[:30]
                new = slug if slug and slug not in ids else new
            ids.append(new)
        return ids

    # ------------------------------------------------------------------------------------------------ parts

    def settings(self):
        chance = self.chance
        year = chance.randint(1999, 2035)
        published = f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        if self.has("odd-dates"):
            published = chance.choice(["0001-01-01", "9999-12-31", "2024-02-29", "1900-03-01"])
        return {
            "title": self.word(["Progress towards integrated working", "Healthy schools 2024", "Libraries and schools", "CO2 and us", "Survey", "Food"]),
            "period": self.word([f"June to July {year}", "Spring", f"{year}-{year + 1}", "1 May to 3 June", "March"]),
            "published": published,
            "nation": self.word(["England", "Wales and the Marches", "Ruritania", "The nation", "the UK", "Country 1", "Great Britain & Northern Ireland"]),
            "organisation": self.word(["Library Board", "Children’s Workforce Council", "Board 2000", "A & B", "Org"]),
            "contact": self.word(["board@example.org", "01234 567890", "https://example.org/contact", "The Office, 1 High Street", "first_last+tag@example.org"]),
            "synthetic": chance.maybe(0.5),
        }

    def disclosure(self):
        if self.has("no-disclosure"):
            return None
        chance = self.chance
        table = {"policy": "strict" if chance.maybe(0.3) else "standard"}
        if chance.maybe(0.85):
            table["minimum-others"] = chance.weighted([(0, 4), (1, 4), (2, 3), (3, 2), ((4, 12), 1), (100_000, 0.2)])
        if chance.maybe(0.4):
            table["colluding-areas"] = chance.randint(0, 2)
        if chance.maybe(0.4):
            table["possible-values"] = chance.weighted([((2, 4), 8), ((5, 10), 2)])
        if chance.maybe(0.6):
            table["sectors-of-regions"] = chance.maybe(0.6)
        return table

    def area_count(self):
        chance = self.chance
        sample = [(1, 2), ((2, 4), 9), ((5, 8), 4), ((9, 12), 1.5)]
        return chance.weighted(sample + ([((13, 60), 2.5), ((61, 400), 1)] if self.large else []))

    def areas(self, nation):
        chance = self.chance
        number = self.area_count()
        pool = PLAIN_PLACES + (TRICKY_PLACES * 2 if self.has("tricky-names") else [])
        prefixes = ["North", "South", "East", "West", "Upper", "Lower", "Great", "Little", "Old", "New"]
        compose = lambda word, position: f"{chance.choice(prefixes)} {word}" if chance.maybe(0.7) else f"{word} {position + 1}"
        names = self.several(pool, number, compose)
        # Two areas with the same name are refused, and so is a blank name.
        seen = set()
        for position, name in enumerate(names):
            if name in seen or not name.strip():
                names[position] = f"{name}{position + 1}"
            seen.add(names[position])
        most = min(number, 40)
        regions = chance.weighted([(1, 3), ((1, min(3, most)), 5), ((1, most), 2), (most, 0.5)])
        region_names = list(dict.fromkeys(self.several(["North", "South", "East", "West", "Mid", "The Marches", "Region 1", "London", "Yorkshire & Humber", "East of England"], regions)))
        region_names = [name if name.strip() else f"Region {position}" for position, name in enumerate(region_names)]
        if self.has("same-names"):
            region_names[0] = chance.choice([nation, names[0], "National", region_names[0]])
        form = chance.choice(["{n}", "{n:03}", "N{n}", "E090{n:05}", "A-{n}", "{n}0", "w{n}", "20{n:02}"])
        areas = []
        for position, name in enumerate(names):
            # The first areas go into one region each, so that none is empty; the others are assigned at random.
            region = region_names[position] if position < len(region_names) else chance.choice(region_names)
            status = "completed"
            if self.has("not-all-completed") and position and chance.maybe(0.3):
                status = chance.choice(["signed-up", "not-taking-part"])
            if self.has("nobody-completed"):
                status = "signed-up"
            areas.append({"code": form.format(n=position + 1), "name": name, "region": region, "status": status})
        if chance.maybe(0.3):
            chance.shuffle(areas)
        return areas

    def options(self, kind):
        chance = self.chance
        number = chance.weighted([(1, 0.3), ((2, 3), 5), ((4, 7), 5), ((8, 14), 1)])
        if self.has("one-option") and chance.maybe(0.5):
            number = 1
        if self.has("many-options") and chance.maybe(0.4):
            number = chance.choice([30, 60, 64])
        labels = self.several(LABELS, number)
        ids = self.ids("o", number, labels)
        if self.has("odd-option-ids"):
            ids = [chance.choice([f"{i}+", f"Option {i}", f"a/b{i}", f"{i}%", "É" + str(i), f"o,{i}", id]) for i, id in enumerate(ids)]
        if "none" not in ids and (kind == "multiple" and chance.maybe(0.4) or chance.maybe(0.05)):
            ids[-1], labels[-1] = "none", "None of these"
        return [{"id": id, "label": label} for id, label in zip(ids, labels)]

    def question(self, id, title, sections, sectors, earlier):
        chance = self.chance
        lead = chance.maybe(0.45)
        if self.has("no-lead-questions"):
            lead = False
        elif self.has("no-manager-questions"):
            lead = True
        kinds = {"single": 6, "multiple": 4, "grid": 2.5 if lead and not self.has("no-grid") else 0, "text": 0 if self.has("no-text") else 1.5}
        if self.has("only-text"):
            kinds = {"text": 1}
        kind = chance.weighted(list(kinds.items()))
        question = {"id": id, "section": chance.choice(sections)["id"], "text": self.word([f"{title}: how is it?", f"How far is it with {title} (1 to 5)?", "Do you?", f"{title}? Tick all that apply."]), "title": title}
        question["asked"] = "strategic-lead" if lead else "managers"
        ids = [sector["id"] for sector in sectors]
        asked = ids
        if not lead and self.has("sector-lists") and chance.maybe(0.5):
            asked = chance.sample(ids, chance.randint(1, len(ids)))
            question["sectors"] = asked
        question["kind"] = kind
        if kind != "text":
            question["options"] = self.options(kind)
            question["ordered"] = chance.maybe(0.5)
            question["dont-know"] = chance.maybe(0.4)
            question["not-applicable"] = chance.maybe(0.3)
            question["chart"] = not self.has("no-charts") and chance.maybe(0.7)
        before = [q for q in earlier if q["asked"] == question["asked"] and q["kind"] in ("single", "multiple") and set(asked) <= set(q.get("sectors", ids))]
        if self.has("odd-routes"):
            before = [q for q in earlier if q["asked"] == question["asked"] and q["kind"] != "text"]
        if before and chance.maybe(0.7 if self.has("chains") else 0.15):
            # Often the previous one, so that there are follow-ups to follow-ups.
            parent = before[-1] if chance.maybe(0.6) else chance.choice(before)
            options = [option["id"] for option in parent["options"]]
            question["route"] = {"question": parent["id"], "options": chance.sample(options, chance.randint(1, len(options)))}
        if kind != "text" and chance.maybe(0.3):
            question["base"] = self.word(["managers who cook", "areas with a plan", "those in 3 or more teams", "managers of under-5s"])
        question["source"] = chance.choice(["lead", "managers", "both"]) if chance.maybe(0.2) else ("lead" if lead else "managers")
        question["provenance"] = "illustrative" if chance.maybe(0.2) else "original"
        if kind == "single" and not lead and not self.has("no-profile") and chance.maybe(0.5):
            options = [option["id"] for option in question["options"]]
            place = chance.sample(options, chance.randint(0 if chance.maybe(0.02) else 1, max(1, len(options) // 2)))
            rest = [option for option in options if option not in place]
            begun = chance.sample(rest, chance.randint(0 if chance.maybe(0.02) else min(1, len(rest)), len(rest)))
            if begun or chance.maybe(0.1):
                question["profile"] = {"title": self.word(["Cards", "Own meals", "Teams", title]), "in-place": place, "begun": begun}
        if kind == "multiple" and chance.maybe(0.3):
            question["planning"] = chance.choice(["helps", "hinders"])
        if lead and question.get("ordered") and kind in ("single", "multiple") and len(question["options"]) > 1 and chance.maybe(0.5):
            question["verdict"] = chance.choice(["first-is-furthest-on", "last-is-furthest-on"])
        grids = [q for q in earlier if q["kind"] == "grid" and q["ordered"]]
        if kind == "single" and not lead and grids and not any("mirrors" in q for q in earlier) and chance.maybe(0.4):
            # Its own options are some of those of the grid that it mirrors, unless others refer to them.
            grid = chance.choice(grids)
            question["mirrors"] = grid["id"]
            question.pop("profile", None)
            question["options"] = chance.sample(grid["options"], chance.randint(1, len(grid["options"])))
        return question

    def measures(self, questions, sections):
        chance = self.chance
        closed = [q for q in questions if q["kind"] != "text"]
        if self.has("no-measures") or not closed:
            return []
        number = chance.weighted([(0, 1), ((1, 4), 6), ((5, 10), 2)])
        if self.has("many-measures"):
            number = chance.randint(20, 60)
        taken = {q["id"] for q in questions}
        labels = self.several([f"{title}, high" for title in TITLES] + ["Some or all", "High priority (4 or 5)", "More than 50%", "CO2 down"], number)
        counted = []
        for position, label in enumerate(labels):
            question = chance.choice(closed)
            options = [option["id"] for option in question["options"]]
            measure = {"id": f"m{position + 1}", "label": label, "question": question["id"], "counts": chance.sample(options, chance.randint(1, len(options)))}
            self.judged(measure)
            if measure["id"] not in taken:
                counted.append(measure)
        tallies = []
        by_respondents = {}
        for measure in counted:
            question = next(q for q in questions if q["id"] == measure["question"])
            grid = "" if self.has("odd-tallies") else question["kind"] == "grid"
            key = (question["asked"], tuple(sorted(question.get("sectors", ["*"]))), grid)
            by_respondents.setdefault(key, []).append(measure["id"])
        for position, group in enumerate(by_respondents.values()):
            if not chance.maybe(0.5):
                continue
            of = chance.sample(group, chance.randint(1, min(5, len(group))))
            cells = self.several(["None of them", "One of them", "Two of them", "Three", "All of them", "Not known", "4", "Five of 5"], len(of) + 2)
            measure = {"id": f"t{position + 1}", "label": self.word(["How many are in hand", "Number of 3 processes"]), "tally": of, "section": chance.choice(sections)["id"]}
            measure["base"] = self.word(["managers who answered all", "those who answered 2 or more"])
            measure["cells"] = [{"id": f"c{n}", "label": label} for n, label in enumerate(cells)]
            if chance.maybe(0.4):
                measure["at-least"] = chance.randint(1, len(of))
            if self.has("odd-tallies"):
                measure["at-least"] = chance.choice([0, 1, len(of), len(of) + 1])
            self.judged(measure)
            if measure["id"] not in taken:
                tallies.append(measure)
        return counted + tallies

    def judged(self, measure):
        if self.chance.maybe(0.5):
            measure["polarity"] = self.chance.choice(["more-is-further-on", "more-is-less-far-on"])
        if not self.has("no-key-figures") and self.chance.maybe(0.4):
            measure["key-figure"] = True

    # ------------------------------------------------------------------------------------------------ answers

    def remark(self):
        chance = self.chance
        if self.has("long-texts") and chance.maybe(0.3):
            return " ".join(chance.choices(SENTENCES, k=chance.randint(20, 300)))
        remark = self.foreign(SENTENCES) if chance.maybe(0.3) else chance.choice(SENTENCES)
        if self.has("long-words") and chance.maybe(0.3):
            remark += " " + "long" * chance.randint(20, 500)
        if self.has("symbols") and chance.maybe(0.5):
            remark += " " + chance.choice(SYMBOLS)
        if self.has("odd-characters") and chance.maybe(0.3):
            remark += chance.choice(ODD_CHARACTERS) + "end"
        return remark

    def answer(self, question, favourites):
        """The answers of one respondent to one question: at least one row."""
        chance = self.chance
        if question["kind"] == "text":
            return [self.remark()]
        if question["dont-know"] and chance.maybe(0.15):
            return ["dont-know"]
        if question["not-applicable"] and chance.maybe(0.12):
            return ["not-applicable"]
        options = [option["id"] for option in question["options"]]
        first = favourites[question["id"]] if chance.maybe(0.97 if self.has("alike") else 0.3) else chance.choice(options)
        if question["kind"] != "multiple" or first == "none":
            return [first]
        others = [option for option in options if option not in (first, "none")]
        more = [] if self.has("alike") else chance.sample(others, chance.randint(0, min(4, len(others))))
        return [first] + more

    def submission(self, questions, sectors, favourites, missing):
        """The rows of one area. Questions that routing skips are usually left unanswered."""
        chance = self.chance
        rows = []
        for respondent in ["strategic-lead"] + [sector["id"] for sector in sectors]:
            if chance.maybe(missing * 0.7):
                continue
            given = {}
            for question in questions:
                asked = [None] if question["asked"] == "strategic-lead" else question.get("sectors", [sector["id"] for sector in sectors])
                if (respondent if question["asked"] == "managers" else None) not in asked or (question["asked"] == "managers") == (respondent == "strategic-lead"):
                    continue
                route = question.get("route")
                if route and not set(given.get(route["question"], [])) & set(route["options"]):
                    if not (self.has("routed-out") and chance.maybe(0.1)):
                        continue
                for item in [sector["id"] for sector in sectors] if question["kind"] == "grid" else [""]:
                    if chance.maybe(missing * (2 if question["kind"] == "text" else 1)):
                        continue
                    answers = self.answer(question, favourites)
                    if not item:
                        given[question["id"]] = answers
                    rows.extend([respondent, question["id"], item, answer] for answer in answers)
        return rows

    # ------------------------------------------------------------------------------------------------ evaluation

    def evaluation(self):
        chance = self.chance
        settings = self.settings()
        areas = self.areas(settings["nation"])
        if len(areas) > 60:
            # Many long reports would take minutes and test nothing new.
            self.on -= {"many-questions", "many-sectors", "many-options"}
        number = chance.weighted([((1, 3), 6), ((4, 8), 3), ((9, 15), 0.6)])
        if self.has("many-sectors"):
            number = chance.randint(30, 60)
        names = self.several(SECTORS, number)
        if self.has("same-names") and chance.maybe(0.5):
            names[0] = chance.choice([areas[0]["name"], areas[0]["region"], settings["nation"]])
        sectors = [{"id": id, "name": name} for id, name in zip(self.ids("s", number, names), names)]
        number = chance.weighted([((1, 2), 5), ((3, 6), 4)])
        if self.has("many-sections"):
            number = chance.randint(15, 40)
        titles = self.several(THEMES, number)
        sections = [{"id": id, "title": title} for id, title in zip(self.ids("part", number, titles), titles)]
        for position in range(1, number):
            pages = [section["id"] for section in sections[:position] if "with" not in section]
            if chance.maybe(0.15):
                sections[position]["with"] = chance.choice(pages)
        used = sections[: max(1, len(sections) // 2)] if self.has("empty-sections") else sections
        number = chance.weighted([((1, 3), 3), ((4, 8), 6), ((9, 16), 3), ((17, 25), 1)])
        if self.has("many-questions"):
            number = chance.randint(26, 300)
        titles = self.several(TITLES, number)
        questions = []
        for id, title in zip(self.ids("q", number, titles), titles):
            questions.append(self.question(id, title, used, sectors, questions))
        measures = self.measures(questions, used)
        favourites = {q["id"]: chance.choice(q["options"])["id"] for q in questions if q["kind"] != "text"}
        missing = chance.choice([0, 0, 0.05, 0.15, 0.3, 0.6])
        if self.has("nearly-nothing"):
            missing = chance.choice([0.9, 0.97])
        answers = {}
        for area in areas:
            if area["status"] != "completed":
                continue
            own = min(0.98, missing * chance.choice([0.5, 1, 1, 1.5]))
            rows = self.submission(questions, sectors, favourites, own)
            # A submission without any answer is refused, so it is usually drawn again.
            if not rows and not (self.has("empty-submissions") and chance.maybe(0.5)):
                rows = self.submission(questions, sectors, favourites, 0)
            answers[area["code"]] = rows
        recipients = []
        for area in areas:
            if area["status"] == "completed" and not self.has("no-recipients"):
                name = self.word(["Ann", "Bea Ng", "Cy O’Hara", "Officer 5"])
                name = "".join(c for c in name if c.isprintable()).strip() or "Di"
                recipients.append([area["code"], name, f"officer-{area['code'].lower()}@example.org", chance.choice(["standard", "large-print", "html", "text"])])
        evaluation = {
            "features": sorted(self.on) + sorted(self.scripts),
            "settings": settings,
            "disclosure": self.disclosure(),
            "limits": {"seconds": 100, "megabytes": 1900} if self.has("limits") else None,
            "sectors": sectors,
            "sections": sections,
            "questions": questions,
            "measures": measures,
            "areas": areas,
            "answers": answers,
            "recipients": recipients,
            "published": [],
            "wording": {},
            "windows": self.has("windows-files"),
        }
        if self.has("published") or self.has("wrong-published"):
            evaluation["published"] = self.published(evaluation)
        if self.has("wording"):
            evaluation["wording"] = self.wording(sections)
        return evaluation

    def published(self, evaluation):
        """Some figures that agree with the answers and, if the evaluation should have one, one that does not."""
        chance = self.chance
        nation = evaluation["settings"]["nation"]
        done = sum(area["status"] == "completed" for area in evaluation["areas"])
        rows = [["areas", "register:completed", "", nation, "areas that completed", "exact", str(done), "Summary"]]
        wrong = self.has("wrong-published")
        for measure in evaluation["measures"]:
            if "question" not in measure or not chance.maybe(0.5):
                continue
            count, base = counted(evaluation, measure)
            if not base:
                continue
            percent = (200 * count + base) // (2 * base)
            relation, value = chance.choice([("exact", count), ("percent", percent), ("at-least-percent", percent // 2), ("about-percent", percent)])
            if wrong:
                relation, value, wrong = "exact", count + 1, False
            rows.append([f"p-{measure['id']}", measure["id"], "", nation, f"{measure['label']} in {nation}", relation, str(value), "Summary"])
        return rows

    def wording(self, sections):
        chance = self.chance
        files = {}
        for section in chance.sample(sections, chance.randint(0, min(3, len(sections)))):
            files[f"sections/{section['id']}.md.j2"] = chance.choice([
                "What this is about, in << area.name >>.\n",
                "Since 2005 there are 3 of these in << area.region >> and << evaluation.nation >>.\n\nA second paragraph, with *bold* words.\n",
                "- one\n- two\n",
            ])
        if chance.maybe(0.5):
            files["abbreviations.md.j2"] = "CO2 stands for carbon dioxide.\n"
        if chance.maybe(0.5):
            files["glossary.md.j2"] = "## Words and abbreviations\n\nCO2\n: carbon dioxide.\n\nTAC\n: team around the child.\n"
        if chance.maybe(0.3):
            files["cover.md.j2"] = "How far it has come in << area.name >>, beside << area.region >> and << evaluation.nation >>.\n"
        return files


def counted(evaluation, measure):
    """Count and base of a measure in the nation, for answers that respect routing."""
    given = {}
    for code, rows in evaluation["answers"].items():
        for respondent, question, item, answer in rows:
            if question == measure["question"] and answer != "not-applicable":
                given.setdefault((code, respondent, item), set()).add(answer)
    return sum(bool(answers & set(measure["counts"])) for answers in given.values()), len(given)


def evaluation(seed, large=False, scripts=False):
    """The evaluation of a seed, as a dictionary."""
    return Generator(seed, large, scripts).evaluation()


# ---------------------------------------------------------------------------------------------------- files


def value(what):
    """A value as TOML."""
    if isinstance(what, bool):
        return "true" if what else "false"
    if isinstance(what, dict):
        return "{ " + ", ".join(f"{key} = {value(one)}" for key, one in what.items()) + " }"
    if isinstance(what, list):
        return "[" + ", ".join(value(one) for one in what) + "]"
    if isinstance(what, str):
        return json.dumps(what, ensure_ascii=False).replace("\u007f", "\\u007f")
    return str(what)


def table(header, entries):
    return header + "\n" + "".join(f"{key} = {value(one)}\n" for key, one in entries.items() if one is not None)


def rows(header, lines):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()


def files(evaluation):
    """Every file of an evaluation, with its text."""
    settings = "".join(f"{key} = {one if key == 'published' else value(one)}\n" for key, one in evaluation["settings"].items())
    for name in ("disclosure", "limits"):
        if evaluation[name] is not None:
            settings += "\n" + table(f"[{name}]", evaluation[name])
    kinds = [("sector", "sectors"), ("section", "sections"), ("question", "questions"), ("measure", "measures")]
    questionnaire = "\n".join(table(f"[[{kind}]]", entry) for kind, many in kinds for entry in evaluation[many])
    register = [[area["code"], area["name"], area["region"], area["status"]] for area in evaluation["areas"]]
    texts = {
        "README.md": "What is unusual here: " + (", ".join(evaluation["features"]) or "nothing") + ".\n",
        "evaluation.toml": settings,
        "questionnaire.toml": questionnaire,
        "register.csv": rows(["code", "name", "region", "status"], register),
        "recipients.csv": rows(["area", "name", "email", "format"], evaluation["recipients"]),
    }
    if evaluation["published"]:
        texts["published.csv"] = rows(["id", "measure", "than", "group", "statement", "relation", "value", "source"], evaluation["published"])
    for name, text in evaluation["wording"].items():
        texts[f"wording/{name}"] = text
    for code, lines in evaluation["answers"].items():
        texts[f"submissions/{code}.csv"] = rows(["respondent", "question", "item", "answer"], lines)
    if evaluation["windows"]:
        # As a spreadsheet program saves them, with a byte order mark and Windows line endings.
        texts = {name: "\ufeff" + text.replace("\n", "\r\n") if name.endswith(".csv") else text for name, text in texts.items()}
    return texts


def write(evaluation, folder):
    """Writes an evaluation into a folder that does not exist yet."""
    folder = pathlib.Path(folder)
    (folder / "submissions").mkdir(parents=True)
    for name, text in files(evaluation).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--large", action="store_true", help="up to 400 areas")
    parser.add_argument("--scripts", action="store_true", help="other scripts as well")
    options = parser.parse_args()
    if options.folder.exists():
        sys.exit(f"{options.folder} already exists")
    write(evaluation(options.seed, options.large, options.scripts), options.folder)


if __name__ == "__main__":
    main()
